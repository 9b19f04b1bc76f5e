//! The languages that are understood. One more language is one more row.

use std::path::Path;

/// A language or format that is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// `.js`, `.mjs`, `.cjs`, `.jsx`
    JavaScript,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    Tsx,
    /// `.py`, `.pyi`
    Python,
    /// `.go`
    Go,
    /// `compose.yaml`, `docker-compose*.yml`
    Compose,
    /// `Dockerfile`, `Containerfile`
    Dockerfile,
    /// `package.json`, other `.json`
    Json,
    /// `.sh`, `.bash`, scripts with a shell's `#!` line
    Shell,
    /// `Makefile`, `.mk`
    Makefile,
    /// `.env`, `.env.*`
    Env,
    /// `.ports.env`
    PortsEnv,
}

impl Language {
    /// The language of a file, by its name; `None` where it is not understood.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        match name {
            ".ports.env" => Some(Self::PortsEnv),
            _ => match path.extension()?.to_str()? {
                "js" | "mjs" | "cjs" | "jsx" => Some(Self::JavaScript),
                _ => None,
            },
        }
    }
}
