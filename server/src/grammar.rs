//! The grammars. Every text is parsed here, and only if the grammar's scanner can take it.
//!
//! A scanner is C code of the grammar's authors. What it keeps between two tokens has to fit into 1024 bytes,
//! and some scanners do not look whether it does: tree-sitter then ends the process, which no panic handler
//! can prevent. So a text is measured first; [`limits`] has a row for each scanner that needs it.

mod limits;

use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use limits::Room;
use serde::Deserialize;
use tree_sitter::{Language, ParseOptions, ParseState, Parser, Tree};

/// How long one text may take to be parsed, and how much longer for each megabyte of it. One megabyte takes a
/// second where the machine is busy.
const LONGEST: Duration = Duration::from_secs(5);
const LONGEST_PER_MEGABYTE: Duration = Duration::from_secs(2);

/// Each grammar once: its name, and the function of its crate.
macro_rules! grammars {
    ($($grammar:ident: $function:path,)*) => {
        /// A grammar that texts can be parsed by. Rows of knowledge name their languages by it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "lowercase")]
        pub(crate) enum Grammar {
            $($grammar,)*
        }

        impl Grammar {
            fn language(self) -> Language {
                match self {
                    $(Self::$grammar => $function.into(),)*
                }
            }
        }
    };
}

grammars! {
    Bash: tree_sitter_bash::LANGUAGE,
    CSharp: tree_sitter_c_sharp::LANGUAGE,
    Clojure: tree_sitter_clojure_orchard::LANGUAGE,
    Cpp: tree_sitter_cpp::LANGUAGE,
    Dart: tree_sitter_dart::LANGUAGE,
    Elixir: tree_sitter_elixir::LANGUAGE,
    Erlang: tree_sitter_erlang::LANGUAGE,
    Go: tree_sitter_go::LANGUAGE,
    Groovy: tree_sitter_groovy::LANGUAGE,
    Java: tree_sitter_java::LANGUAGE,
    JavaScript: tree_sitter_javascript::LANGUAGE,
    Json: tree_sitter_json::LANGUAGE,
    Kotlin: tree_sitter_kotlin_ng::LANGUAGE,
    Lua: tree_sitter_lua::LANGUAGE,
    Nix: tree_sitter_nix::LANGUAGE,
    Perl: ts_parser_perl::LANGUAGE,
    Php: tree_sitter_php::LANGUAGE_PHP,
    Python: tree_sitter_python::LANGUAGE,
    R: tree_sitter_r::LANGUAGE,
    Ruby: tree_sitter_ruby::LANGUAGE,
    Rust: tree_sitter_rust::LANGUAGE,
    Scala: tree_sitter_scala::LANGUAGE,
    Swift: tree_sitter_swift::LANGUAGE,
    Tsx: tree_sitter_typescript::LANGUAGE_TSX,
    TypeScript: tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
    Yaml: tree_sitter_yaml::LANGUAGE,
    Zig: tree_sitter_zig::LANGUAGE,
}

/// Why a text was not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// It has more of something than the grammar's scanner has room for.
    TooMuch(&'static str),
    /// It would take too long.
    TooSlow,
    /// The grammar was made for another version of the library.
    OtherVersion,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMuch(what) => f.write_str(what),
            Self::TooSlow => f.write_str("its syntax takes too long to read"),
            Self::OtherVersion => f.write_str("its grammar was made for another version of tree-sitter"),
        }
    }
}

/// The tree of a text.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    /// Whether it is the tree of all of the text, so that the next parse may begin with it.
    pub(crate) is_exact: bool,
}

/// What an error in the text does to the parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errors {
    /// The parser finds its way out.
    Pass,
    /// The parse ends.
    End,
}

#[cfg(test)]
thread_local! {
    /// How many texts this thread has parsed: what tests of effort count.
    pub(crate) static PARSES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Grammar {
    /// The tree of a text. `former` is the tree of a former text, with the edits that have been made since.
    ///
    /// # Errors
    /// When the grammar's scanner could not take the text, or it takes too long.
    pub(crate) fn parse(self, text: &str, former: Option<&Tree>) -> Result<Parsed, Refused> {
        #[cfg(test)]
        PARSES.set(PARSES.get() + 1);
        let limit = limits::of(self);
        let megabytes = u32::try_from(text.len() >> 20).unwrap_or(u32::MAX);
        let longest = LONGEST + LONGEST_PER_MEGABYTE.saturating_mul(megabytes);
        let tree = match limit.map_or(Room::Enough, |limit| (limit.room)(text)) {
            Room::Enough => Some(self.run(text, former, Errors::Pass, longest)?),
            Room::UnlessErrors => self.run(text, None, Errors::End, longest).ok(),
            Room::Lacking => None,
        };
        match (tree, limit.map(|limit| (limit.without, limit.refusal))) {
            (Some(tree), _) => Ok(Parsed { tree, is_exact: true }),
            (None, Some((Some(without), _))) => {
                let tree = self.run(&without(text), None, Errors::Pass, longest)?;
                Ok(Parsed { tree, is_exact: false })
            }
            (None, Some((None, refusal))) => Err(Refused::TooMuch(refusal)),
            (None, None) => Err(Refused::TooSlow),
        }
    }

    /// Whether the grammar's scanner can take a text after an edit, whatever the parser makes of it: it could before, and it can take
    /// the part at the top of the text that was edited.
    pub(crate) fn has_room_still(self, text: &str) -> bool {
        limits::of(self).is_none_or(|limit| limit.is_of_parts || (limit.room)(text) == Room::Enough)
    }

    /// Parses a text that the scanner can take.
    fn run(
        self,
        text: &str,
        former: Option<&Tree>,
        errors: Errors,
        longest: Duration,
    ) -> Result<Tree, Refused> {
        let mut parser = Parser::new();
        parser.set_language(&self.language()).map_err(|_| Refused::OtherVersion)?;
        let begin = Instant::now();
        let mut go_on = |state: &ParseState| {
            let is_at_end = begin.elapsed() > longest || (errors == Errors::End && state.has_error());
            if is_at_end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut go_on);
        let bytes = text.as_bytes();
        let mut rest = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
        parser.parse_with_options(&mut rest, former, Some(options)).ok_or(Refused::TooSlow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parse_that_takes_too_long_ends() {
        let text = "f(x);\n".repeat(10_000);
        let parse = |longest| Grammar::JavaScript.run(&text, None, Errors::Pass, longest);
        assert!(parse(Duration::MAX).is_ok());
        assert!(matches!(parse(Duration::ZERO), Err(Refused::TooSlow)));
    }

    #[test]
    fn a_parse_ends_at_an_error_where_that_is_asked_for() {
        let parse = |text: &str, errors| Grammar::JavaScript.run(text, None, errors, LONGEST);
        let broken = "f(x);\n".repeat(100) + &") ] }\n".repeat(1_000);
        assert!(parse(&broken, Errors::Pass).is_ok());
        assert!(parse(&broken, Errors::End).is_err());
        assert!(parse(&"f(x);\n".repeat(1_000), Errors::End).is_ok());
    }
}
