//! The table of languages. One more language is one more variant and one more row.

mod formats;
mod programs;

use tree_sitter::Tree;

use super::files::Files;
use crate::analysis::code::Syntax;
use crate::analysis::embedded::EmbeddedFile;
use crate::analysis::occurrence::Occurrence;
use crate::analysis::packs::Packs;
use crate::grammar::Grammar;

/// A language or format that is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// JavaScript, with or without JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Python.
    Python,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// PHP.
    Php,
    /// Kotlin.
    Kotlin,
    /// C#.
    CSharp,
    /// Java.
    Java,
    /// Ruby.
    Ruby,
    /// Perl.
    Perl,
    /// Elixir.
    Elixir,
    /// C/C++.
    Cpp,
    /// Lua.
    Lua,
    /// Scala.
    Scala,
    /// Dart.
    Dart,
    /// Swift.
    Swift,
    /// Zig.
    Zig,
    /// R.
    R,
    /// Erlang.
    Erlang,
    /// Groovy, and Gradle's build scripts in it.
    Groovy,
    /// Nix.
    Nix,
    /// Clojure, ClojureScript and EDN.
    Clojure,
    /// Starlark as Tilt reads it.
    Tiltfile,
    /// Starlark as Bazel and its like read it.
    Starlark,
    /// The scripts of Vue components.
    Vue,
    /// The scripts of Svelte components.
    Svelte,
    /// Compose files.
    Compose,
    /// Dockerfiles.
    Dockerfile,
    /// JSON, with or without comments.
    Json,
    /// Shell scripts.
    Shell,
    /// Makefiles.
    Makefile,
    /// `.env` and its like.
    Env,
    /// `.ports.env`.
    PortsEnv,
    /// YAML that is no compose file and no manifest of a cluster.
    Yaml,
    /// TOML.
    Toml,
    /// INI, HOCON, and the files of nginx, HAProxy, Apache and Redis.
    Conf,
    /// `.properties`.
    Properties,
    /// XML.
    Xml,
    /// HTML.
    Html,
    /// `.http` and `.rest`: requests that an editor sends.
    Http,
    /// Procfiles.
    Procfile,
    /// PowerShell.
    PowerShell,
    /// Batch files of Windows.
    Batch,
    /// HCL: Terraform, OpenTofu, Nomad and Packer.
    Hcl,
    /// Units of systemd and of Podman's Quadlet.
    Systemd,
    /// Caddyfiles.
    Caddyfile,
}

/// What is known of one language.
pub(super) struct Row {
    pub(super) language: Language,
    pub(super) name: &'static str,
    pub(super) files: Files,
    /// Programs that a `#!` line names.
    pub(super) interpreters: &'static [&'static str],
    /// How a comment begins that ends with the line; `None` if the format has no such comment.
    pub(super) comment: Option<&'static str>,
    pub(super) reader: Reader,
}

/// How a language is read.
pub(super) enum Reader {
    /// By the engine for programming languages.
    Code(&'static Syntax),
    /// By the same engine, but only the scripts in it.
    Scripts(&'static Syntax),
    /// By its syntax tree.
    Tree {
        grammar: Grammar,
        /// The text as the grammar knows it, with the same places, where it is not written so.
        plain: fn(&str) -> Option<String>,
        /// Whether a text can hold an occurrence at all; most cannot, and are not parsed.
        is_candidate: fn(&str) -> bool,
        read: fn(&str, &Tree, &Packs) -> Vec<Occurrence>,
        /// The files that a text holds, where it can.
        embedded: Option<FindFiles>,
        /// Which texts are settings and nothing more, if any are.
        settings: Option<PlainSettings>,
    },
    /// Line by line.
    Lines(fn(&str, &Packs) -> Vec<Occurrence>),
    /// The same, with variables in place of the markup of a template. What has a meaning of its own for double braces
    /// is not read so.
    Templates(fn(&str, &Packs) -> Vec<Occurrence>),
    /// The same, where most lines say nothing.
    Directives(fn(&str, &Packs) -> Vec<Occurrence>, SilentLines),
}

/// Whether some lines of a text, its second argument, say nothing of ports and nothing of other lines.
pub(in crate::analysis) type SilentLines = fn(&str, &str) -> bool;

/// Texts that are settings and nothing more: what an entry at their top holds says nothing of the other entries.
#[derive(Clone, Copy)]
pub(super) struct PlainSettings {
    /// Whether a text, the first argument, is one of them. All of it but a part, the second, is known to be.
    pub(super) is_plain: fn(&str, &str) -> bool,
    /// What makes a text of some entries.
    pub(super) around: (&'static str, &'static str),
}

/// Finds the files that a text holds.
type FindFiles = for<'a> fn(&'a str, &Tree, &'a Packs) -> Vec<EmbeddedFile<'a>>;

impl Language {
    /// What is known of it.
    pub(super) fn row(self) -> &'static Row {
        let index = self as usize;
        index
            .checked_sub(programs::ROWS.len())
            .map_or_else(|| &programs::ROWS[index], |index| &formats::ROWS[index])
    }
}

/// The programming languages.
pub(crate) static PROGRAMS: [Language; programs::ROWS.len()] = {
    let mut languages = [Language::JavaScript; programs::ROWS.len()];
    let mut index = 0;
    while index < languages.len() {
        languages[index] = programs::ROWS[index].language;
        index += 1;
    }
    languages
};

/// Every row, in the order of the enum, which a test holds. Names decide before endings do.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    programs::ROWS.iter().chain(formats::ROWS)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, row) in rows().enumerate() {
            assert_eq!(row.language as usize, index, "{}", row.name);
        }
    }

    #[test]
    fn each_file_of_languages_is_read_by_a_row() {
        let rows = concat!(include_str!("table/programs.rs"), include_str!("table/formats.rs"));
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/languages");
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let module = path.file_stem().unwrap().to_str().unwrap();
            let is_in_table = rows.contains(&format!("{module}::"));
            // A directory has the parts of the file beside it.
            assert!(module == "mod" || is_in_table, "{module} is no language of the table");
        }
    }
}
