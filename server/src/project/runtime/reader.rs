//! Who reads a file: how sure it is that a number in it decides something on this machine.

use std::path::Path;

use super::Surroundings;
use crate::analysis::{FileAt, Language, Packs};
use crate::pattern::{Pattern, regex};

/// Who reads a file, or runs its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// A tool, a framework or a shell of this machine, as a row says: `vite.config.ts`, `application.yml`, a script.
    Known,
    /// The program itself, which starts a server in that file or keeps its own settings there.
    Own,
    /// The program itself.
    Program,
    /// The program itself, as the name of the settings says: `config.toml`.
    Settings,
    /// Any program on any machine: settings in a format of data.
    Unknown,
}

impl Reader {
    /// Who reads a file. `path` is relative to the project's root.
    #[must_use]
    pub fn of(
        path: &Path,
        text: &str,
        language: Language,
        packs: &Packs,
        surroundings: &Surroundings,
    ) -> Self {
        let beside: Vec<&str> = surroundings.beside.iter().map(String::as_str).collect();
        let file = FileAt { path, text, language: language.name(), beside: &beside };
        match () {
            () if packs.files.is_read_here(file) => Self::Known,
            () if !language.is_program() && is_own_settings(path, language) => Self::Settings,
            () if !language.is_program() => Self::Unknown,
            () if is_own_settings(path, language) || serves(text) || MAKES.is_match(text) => Self::Own,
            () => Self::Program,
        }
    }
}

/// What starts a server.
static STARTS: Pattern =
    regex!(r"[lL]isten\(|ListenAndServe|[sS]erve\(|\.run\(|createServer|HTTPServer|bind\(");

/// What makes a server that another part of the program may start.
static MAKES: Pattern = regex!(
    r"\.Run\(|HttpServer|ServerBuilder|ServerSocket|SocketServer|TcpListener|WebSocketServer|embeddedServer\(|new Server\(|run_app\(|serve_forever|start_server\(|\{Bandit,|Plug\.Cowboy"
);

/// Whether a program starts a server.
pub(in crate::project) fn serves(text: &str) -> bool {
    STARTS.is_match(text)
}

/// Whether a program keeps its own settings in the file, by its name: `config.js`. Those of PHP are of what it connects to,
/// as another server runs it.
fn is_own_settings(path: &Path, language: Language) -> bool {
    const STEMS: &[&str] = &["config", "configuration", "constants", "settings"];
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    language != Language::Php && STEMS.iter().any(|known| stem.eq_ignore_ascii_case(known))
}
