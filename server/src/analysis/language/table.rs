//! The table of languages. One more language is one more variant and one more row.

use tree_sitter::{Language as Grammar, Tree};

use super::files::{Files, by_extension, by_name};
use super::files::{is_compose, is_conf, is_dockerfile, is_env, is_makefile, is_ruby};
use crate::analysis::code::Syntax;
use crate::analysis::languages::{
    compose, conf, dockerfile, env, hcl, http, json, makefile, powershell, procfile, shell, xml, yaml,
};
use crate::analysis::languages::{
    cpp, csharp, elixir, go, java, javascript, kotlin, lua, perl, php, python, ruby, rust, scala,
};
use crate::analysis::occurrence::Occurrence;

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
    /// TOML, INI, HOCON, and the files of nginx, HAProxy, Apache, Caddy and Redis.
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
    /// HCL: Terraform, OpenTofu, Nomad and Packer.
    Hcl,
}

/// What is known of one language.
pub(super) struct Row {
    pub(super) language: Language,
    pub(super) name: &'static str,
    pub(super) files: Files,
    /// Programs that a `#!` line names.
    pub(super) interpreters: &'static [&'static str],
    /// How a comment begins that ends with the line; `None` where there is none.
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
        grammar: fn() -> Grammar,
        /// The text as the grammar knows it, of the same length, where it is not written so.
        plain: fn(&str) -> Option<String>,
        /// Whether a text can hold an occurrence at all; most cannot, and are not parsed.
        is_candidate: fn(&str) -> bool,
        read: fn(&str, &Tree) -> Vec<Occurrence>,
    },
    /// Line by line.
    Lines(fn(&str) -> Vec<Occurrence>),
    /// The same, with variables in place of the markup of a template. What has a meaning of its own for double braces
    /// is not read so.
    Templates(fn(&str) -> Vec<Occurrence>),
}

/// In the order of the enum, which a test holds. Names decide before endings do.
pub(super) static TABLE: &[Row] = &[
    Row {
        language: Language::JavaScript,
        name: "JavaScript",
        files: by_extension(&["js", "mjs", "cjs", "jsx"]),
        interpreters: &["node", "bun"],
        comment: Some("//"),
        reader: Reader::Code(&javascript::JAVASCRIPT),
    },
    Row {
        language: Language::TypeScript,
        name: "TypeScript",
        files: by_extension(&["ts", "mts", "cts"]),
        interpreters: &["deno", "ts-node", "tsx"],
        comment: Some("//"),
        reader: Reader::Code(&javascript::TYPESCRIPT),
    },
    Row {
        language: Language::Tsx,
        name: "TSX",
        files: by_extension(&["tsx"]),
        interpreters: &[],
        comment: Some("//"),
        reader: Reader::Code(&javascript::TSX),
    },
    Row {
        language: Language::Python,
        name: "Python",
        files: by_extension(&["py", "pyi", "pyw"]),
        interpreters: &["python", "python2", "python3"],
        comment: Some("#"),
        reader: Reader::Code(&python::PYTHON),
    },
    Row {
        language: Language::Go,
        name: "Go",
        files: by_extension(&["go"]),
        interpreters: &[],
        comment: Some("//"),
        reader: Reader::Code(&go::GO),
    },
    Row {
        language: Language::Rust,
        name: "Rust",
        files: by_extension(&["rs"]),
        interpreters: &["rust-script"],
        comment: Some("//"),
        reader: Reader::Code(&rust::RUST),
    },
    Row {
        language: Language::Php,
        name: "PHP",
        files: by_extension(&["php", "phtml"]),
        interpreters: &["php"],
        comment: Some("//"),
        reader: Reader::Code(&php::PHP),
    },
    Row {
        language: Language::Kotlin,
        name: "Kotlin",
        files: by_extension(&["kt", "kts"]),
        interpreters: &["kotlin"],
        comment: Some("//"),
        reader: Reader::Code(&kotlin::KOTLIN),
    },
    Row {
        language: Language::CSharp,
        name: "C#",
        files: by_extension(&["cs", "csx"]),
        interpreters: &["dotnet-script"],
        comment: Some("//"),
        reader: Reader::Code(&csharp::CSHARP),
    },
    Row {
        language: Language::Java,
        name: "Java",
        files: by_extension(&["java"]),
        interpreters: &[],
        comment: Some("//"),
        reader: Reader::Code(&java::JAVA),
    },
    Row {
        language: Language::Ruby,
        name: "Ruby",
        files: Files { extensions: &["rb", "ru", "rake", "gemspec"], is_named: is_ruby },
        interpreters: &["ruby"],
        comment: Some("#"),
        reader: Reader::Code(&ruby::RUBY),
    },
    Row {
        language: Language::Perl,
        name: "Perl",
        files: by_extension(&["pl", "pm", "psgi", "t"]),
        interpreters: &["perl"],
        comment: Some("#"),
        reader: Reader::Code(&perl::PERL),
    },
    Row {
        language: Language::Elixir,
        name: "Elixir",
        files: by_extension(&["ex", "exs"]),
        interpreters: &["elixir"],
        comment: Some("#"),
        reader: Reader::Code(&elixir::ELIXIR),
    },
    Row {
        language: Language::Cpp,
        name: "C/C++",
        files: by_extension(&["c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx"]),
        interpreters: &[],
        comment: Some("//"),
        reader: Reader::Code(&cpp::CPP),
    },
    Row {
        language: Language::Lua,
        name: "Lua",
        files: by_extension(&["lua"]),
        interpreters: &["lua", "luajit"],
        comment: Some("--"),
        reader: Reader::Code(&lua::LUA),
    },
    Row {
        language: Language::Scala,
        name: "Scala",
        files: by_extension(&["scala", "sc", "sbt"]),
        interpreters: &["scala", "scala-cli"],
        comment: Some("//"),
        reader: Reader::Code(&scala::SCALA),
    },
    Row {
        language: Language::Vue,
        name: "Vue",
        files: by_extension(&["vue"]),
        interpreters: &[],
        comment: Some("//"),
        reader: Reader::Scripts(&javascript::TYPESCRIPT),
    },
    Row {
        language: Language::Svelte,
        name: "Svelte",
        files: by_extension(&["svelte"]),
        interpreters: &[],
        comment: Some("//"),
        reader: Reader::Scripts(&javascript::TYPESCRIPT),
    },
    Row {
        language: Language::Compose,
        name: "Compose",
        files: by_name(is_compose),
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Tree {
            grammar: || tree_sitter_yaml::LANGUAGE.into(),
            plain: |_| None,
            is_candidate: yaml::is_candidate,
            read: compose::read,
        },
    },
    Row {
        language: Language::Dockerfile,
        name: "Dockerfile",
        files: Files { extensions: &["dockerfile", "containerfile"], is_named: is_dockerfile },
        interpreters: &[],
        // A `#` begins a comment only where the line begins.
        comment: None,
        reader: Reader::Templates(dockerfile::read),
    },
    Row {
        language: Language::Json,
        name: "JSON",
        files: by_extension(&["json", "jsonc", "json5"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Tree {
            grammar: || tree_sitter_json::LANGUAGE.into(),
            plain: json::plain,
            is_candidate: json::is_candidate,
            read: json::read,
        },
    },
    Row {
        language: Language::Shell,
        name: "Shell",
        files: by_extension(&["sh", "bash", "zsh", "ksh", "bats"]),
        interpreters: &["sh", "bash", "zsh", "ksh", "dash"],
        comment: Some("#"),
        reader: Reader::Tree {
            grammar: || tree_sitter_bash::LANGUAGE.into(),
            plain: |_| None,
            is_candidate: shell::is_candidate,
            read: shell::read,
        },
    },
    Row {
        language: Language::Makefile,
        name: "Makefile",
        files: Files { extensions: &["mk", "mak"], is_named: is_makefile },
        interpreters: &["make"],
        comment: Some("#"),
        reader: Reader::Lines(makefile::read),
    },
    Row {
        language: Language::Env,
        name: ".env",
        files: Files { extensions: &["env"], is_named: is_env },
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(env::read),
    },
    Row {
        language: Language::PortsEnv,
        name: ".ports.env",
        files: by_name(|name| name == ".ports.env"),
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(env::read_ports_env),
    },
    Row {
        language: Language::Yaml,
        name: "YAML",
        files: by_extension(&["yml", "yaml"]),
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Tree {
            grammar: || tree_sitter_yaml::LANGUAGE.into(),
            plain: |_| None,
            is_candidate: yaml::is_candidate,
            read: yaml::read,
        },
    },
    Row {
        language: Language::Conf,
        name: "configuration",
        files: Files {
            extensions: &["toml", "ini", "conf", "cfg", "cnf", "config", "vhost"],
            is_named: is_conf,
        },
        interpreters: &[],
        // A `#` begins a comment in all of them only where the line begins.
        comment: None,
        reader: Reader::Templates(conf::read),
    },
    Row {
        language: Language::Properties,
        name: "properties",
        files: by_extension(&["properties"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(conf::read),
    },
    Row {
        language: Language::Xml,
        name: "XML",
        files: by_extension(&["xml", "csproj", "fsproj", "vbproj", "props", "targets", "pubxml"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(xml::read),
    },
    Row {
        language: Language::Html,
        name: "HTML",
        files: by_extension(&["html", "htm"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(xml::read_html),
    },
    Row {
        language: Language::Http,
        name: "HTTP requests",
        files: by_extension(&["http", "rest"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(http::read),
    },
    Row {
        language: Language::Procfile,
        name: "Procfile",
        files: by_name(|name| name == "Procfile" || name.starts_with("Procfile.")),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(procfile::read),
    },
    Row {
        language: Language::PowerShell,
        name: "PowerShell",
        files: by_extension(&["ps1", "psm1"]),
        interpreters: &["pwsh"],
        comment: Some("#"),
        reader: Reader::Templates(powershell::read),
    },
    Row {
        language: Language::Hcl,
        name: "HCL",
        files: by_extension(&["tf", "hcl", "nomad", "tfvars", "tofu"]),
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Templates(hcl::read),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.language as usize, index, "{}", row.name);
        }
    }
}
