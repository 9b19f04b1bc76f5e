//! The commands that applications need.

use std::path::Path;
use std::process::Command;

/// A command, and the Debian package that it is in.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// What shows that it is here: words that succeed.
    pub check: &'static [&'static str],
    pub package: &'static str,
}

pub const NODE: Tool = Tool { check: &["npm", "--version"], package: "npm" };

impl Tool {
    fn is_here(self) -> bool {
        let (program, arguments) = self.check.split_first().expect("a check has words");
        Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
    }

    fn install(self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/packages");
        let output = Command::new(script).arg(self.package).output().expect("the script runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && self.is_here(), "{} cannot be installed: {stderr}", self.package);
    }
}

/// Whether all tools of an application are here. They are installed where `INSTALL_TOOLS` asks for that, as `.ci/run` and
/// `make prove-running` do; else what is missing is named, and the application is left out.
pub fn are_here(application: &str, tools: &[Tool]) -> bool {
    let missing = tools.iter().filter(|tool| !tool.is_here());
    if std::env::var_os("INSTALL_TOOLS").is_some() {
        missing.for_each(|tool| tool.install());
        return true;
    }
    let packages: Vec<_> = missing.map(|tool| tool.package).collect();
    if !packages.is_empty() {
        eprintln!("MISSING: {application} was not run; install {}", packages.join(" "));
    }
    packages.is_empty()
}
