//! The languages that are understood. One more language is one more variant and one more row.

use std::ops::Range;
use std::path::Path;

use tree_sitter::{Language as Grammar, Tree};

use super::SyntaxCache;
use super::code::{self, Syntax};
use super::languages::{component, cpp, csharp, elixir, java, kotlin, lua, perl, php, ruby, rust, scala};
use super::languages::{
    conf, dockerfile, env, go, http, javascript, json, makefile, powershell, procfile, python, shell, xml,
    yaml,
};
use super::occurrence::Occurrence;
use super::tree::errors;

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
}

/// One of the parts that a text consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopLevel {
    /// What the grammar calls it.
    pub kind: String,
    /// Its bytes.
    pub span: Range<usize>,
}

/// What is known of one language.
struct Row {
    language: Language,
    name: &'static str,
    files: Files,
    /// Programs that a `#!` line names.
    interpreters: &'static [&'static str],
    /// How a comment begins that ends with the line; `None` where there is none.
    comment: Option<&'static str>,
    reader: Reader,
}

/// How a language is read.
enum Reader {
    /// By the engine for programming languages.
    Code(&'static Syntax),
    /// By the same engine, but only the scripts in it.
    Scripts(&'static Syntax),
    /// By its syntax tree.
    Tree {
        grammar: fn() -> Grammar,
        /// Whether a text can hold an occurrence at all; most cannot, and are not parsed.
        is_candidate: fn(&str) -> bool,
        read: fn(&str, &Tree) -> Vec<Occurrence>,
    },
    /// Line by line.
    Lines(fn(&str) -> Vec<Occurrence>),
}

/// Which files are written in a language.
struct Files {
    /// Endings behind the last dot.
    extensions: &'static [&'static str],
    /// Names that say it whatever their ending is.
    is_named: fn(&str) -> bool,
}

const fn by_extension(extensions: &'static [&'static str]) -> Files {
    Files { extensions, is_named: |_| false }
}

const fn by_name(is_named: fn(&str) -> bool) -> Files {
    Files { extensions: &[], is_named }
}

/// In the order of the enum, which a test holds. Names decide before endings do.
static TABLE: &[Row] = &[
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
            is_candidate: yaml::is_candidate,
            read: yaml::read_compose,
        },
    },
    Row {
        language: Language::Dockerfile,
        name: "Dockerfile",
        files: Files { extensions: &["dockerfile", "containerfile"], is_named: is_dockerfile },
        interpreters: &[],
        // A `#` begins a comment only where the line begins.
        comment: None,
        reader: Reader::Lines(dockerfile::read),
    },
    Row {
        language: Language::Json,
        name: "JSON",
        files: by_extension(&["json", "jsonc", "json5"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Tree {
            grammar: || tree_sitter_json::LANGUAGE.into(),
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
        reader: Reader::Lines(env::read),
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
            is_candidate: yaml::is_candidate,
            read: yaml::read_settings,
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
        reader: Reader::Lines(conf::read),
    },
    Row {
        language: Language::Properties,
        name: "properties",
        files: by_extension(&["properties"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(conf::read),
    },
    Row {
        language: Language::Xml,
        name: "XML",
        files: by_extension(&["xml", "csproj", "fsproj", "vbproj", "props", "targets", "pubxml"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(xml::read),
    },
    Row {
        language: Language::Html,
        name: "HTML",
        files: by_extension(&["html", "htm"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(xml::read_html),
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
        reader: Reader::Lines(procfile::read),
    },
    Row {
        language: Language::PowerShell,
        name: "PowerShell",
        files: by_extension(&["ps1", "psm1"]),
        interpreters: &["pwsh"],
        comment: Some("#"),
        reader: Reader::Lines(powershell::read),
    },
];

fn is_compose(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    let stem = stem.to_ascii_lowercase();
    stem == "compose"
        || stem.starts_with("docker-compose")
        || stem.starts_with("docker-stack")
        || stem.starts_with("compose.")
        || stem.starts_with("compose-")
        || stem.ends_with("-compose")
        || stem.ends_with(".compose")
}

fn is_ruby(name: &str) -> bool {
    matches!(name, "Rakefile" | "Gemfile" | "Capfile" | "Guardfile" | "Vagrantfile")
}

fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|word| {
        lower == *word
            || lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || lower.strip_suffix(word).is_some_and(|rest| rest.ends_with(['.', '-', '_']))
    })
}

fn is_makefile(name: &str) -> bool {
    matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | ".justfile")
        || name.starts_with("Makefile.")
}

fn is_conf(name: &str) -> bool {
    matches!(name, "Caddyfile" | "conf" | "config")
        || [".template", ".tmpl", ".j2", ".erb", ".example", ".sample", ".in"].iter().any(|ending| {
            name.strip_suffix(ending).is_some_and(|rest| {
                [".conf", ".cfg", ".ini", ".toml"].iter().any(|kind| rest.ends_with(kind))
            })
        })
}

fn is_env(name: &str) -> bool {
    let is_script =
        [".ts", ".js", ".json", ".yml", ".yaml", ".sh", ".py"].iter().any(|ending| name.ends_with(ending));
    name == ".env" || name == ".envrc" || (name.contains(".env.") && !is_script)
}

/// Files that a program writes and nobody edits, whatever their ending is.
fn is_generated(name: &str) -> bool {
    matches!(
        name,
        "package-lock.json"
            | "npm-shrinkwrap.json"
            | "composer.lock"
            | "tsconfig.json"
            | "pnpm-lock.yaml"
            | "Cargo.toml"
            | "pyproject.toml"
            | "go.mod"
    ) || (name.starts_with("tsconfig.") && name.ends_with(".json"))
        || name.ends_with(".lock.json")
        || name.ends_with(".min.js")
        || name.ends_with(".pb.go")
        || name.ends_with("_pb2.py")
        || name.ends_with(".d.ts")
}

impl Language {
    /// Every language, in the order in which documentation lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.language)
    }

    /// The language of a file, by its name; `None` where it is not understood or nobody wrote it.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if is_generated(name) {
            return None;
        }
        let by_name = TABLE.iter().find(|row| (row.files.is_named)(name));
        let by_extension = || {
            let extension = path.extension()?.to_str()?.to_ascii_lowercase();
            TABLE.iter().find(|row| row.files.extensions.contains(&extension.as_str()))
        };
        by_name.or_else(by_extension).map(|row| row.language)
    }

    /// The language of a file without an ending, by its first line: `#!/usr/bin/env python3`.
    #[must_use]
    pub fn of_first_line(text: &str) -> Option<Self> {
        let line = text.strip_prefix("#!")?.lines().next()?;
        let program = line
            .split_whitespace()
            .map(|word| word.rsplit('/').next().unwrap_or(word))
            .find(|word| *word != "env" && !word.starts_with('-'))?;
        let program =
            program.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
        TABLE.iter().find(|row| row.interpreters.contains(&program)).map(|row| row.language)
    }

    /// The language of a file, by its name or, where that says nothing and has no ending, its
    /// first line.
    #[must_use]
    pub fn of(path: &Path, text: &str) -> Option<Self> {
        Self::of_path(path)
            .or_else(|| path.extension().is_none().then(|| Self::of_first_line(text)).flatten())
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Its name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The endings of its files' names, where they have one of their own.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        self.row().files.extensions
    }

    /// How a comment begins that ends with the line; `None` where the format has none that could
    /// stand behind something else.
    #[must_use]
    pub fn line_comment(self) -> Option<&'static str> {
        self.row().comment
    }

    /// What the language's reader finds in a text.
    pub(super) fn read(self, text: &str, cache: &mut SyntaxCache) -> Vec<Occurrence> {
        match &self.row().reader {
            Reader::Code(syntax) => code::read(text, cache, syntax),
            Reader::Scripts(syntax) => {
                // A small edit may make a script of much that was none.
                cache.clear();
                code::read(&component::scripts(text), cache, syntax)
            }
            Reader::Tree { grammar, is_candidate, read } => {
                if !is_candidate(text) {
                    cache.clear();
                    return Vec::new();
                }
                cache.parse(text, &grammar()).map_or_else(Vec::new, |tree| read(text, &tree))
            }
            Reader::Lines(read) => read(text),
        }
    }

    fn parse(self, text: &str) -> Option<Tree> {
        let grammar = match &self.row().reader {
            Reader::Code(syntax) => syntax.grammar,
            Reader::Scripts(syntax) => {
                return SyntaxCache::default().parse(&component::scripts(text), &(syntax.grammar)());
            }
            Reader::Tree { grammar, .. } => *grammar,
            Reader::Lines(_) => return None,
        };
        SyntaxCache::default().parse(text, &grammar())
    }

    /// What a text consists of at its top, in order; nothing for a format without a grammar.
    #[must_use]
    pub fn top_level(self, text: &str) -> Vec<TopLevel> {
        let Some(tree) = self.parse(text) else { return Vec::new() };
        let root = tree.root_node();
        let mut cursor = root.walk();
        root.named_children(&mut cursor)
            .map(|node| TopLevel { kind: node.kind().to_owned(), span: node.byte_range() })
            .collect()
    }

    /// How many places of a text the grammar makes nothing of; 0 for a format without one.
    #[must_use]
    pub fn syntax_errors(self, text: &str) -> usize {
        self.parse(text).as_ref().map_or(0, errors)
    }

    /// Whether the byte offset lies in a comment. Where there is no grammar to tell, what follows
    /// the mark of a comment is taken for one.
    #[must_use]
    pub fn is_comment(self, text: &str, offset: usize) -> bool {
        let Some(tree) = self.parse(text) else { return self.line_comment().is_some() };
        tree.root_node()
            .descendant_for_byte_range(offset, offset)
            .is_some_and(|node| node.kind().contains("comment"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.language as usize, index, "{}", row.name);
        }
    }

    #[test]
    fn a_name_tells_the_language() {
        let cases = [
            ("web/server.js", Language::JavaScript),
            ("app/[id]/page.tsx", Language::Tsx),
            ("docker-compose.yml", Language::Compose),
            ("docker-compose.override.yaml", Language::Compose),
            ("compose.prod.yaml", Language::Compose),
            ("Dockerfile", Language::Dockerfile),
            ("Dockerfile-dev", Language::Dockerfile),
            ("api.Dockerfile", Language::Dockerfile),
            ("package.json", Language::Json),
            ("Makefile", Language::Makefile),
            (".env", Language::Env),
            (".env.example", Language::Env),
            ("app.env.sample", Language::Env),
            (".ports.env", Language::PortsEnv),
            (".ports.env.example", Language::Env),
        ];
        for (path, language) in cases {
            assert_eq!(Language::of_path(Path::new(path)), Some(language), "{path}");
        }
        for path in
            ["package-lock.json", "tsconfig.json", "app.min.js", "README.md", "pnpm-lock.yaml", "file"]
        {
            assert_eq!(Language::of_path(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn a_first_line_tells_the_language_of_a_file_without_an_ending() {
        let of = |text| Language::of(Path::new("bin/start"), text);
        assert_eq!(of("#!/usr/bin/env bash\n"), Some(Language::Shell));
        assert_eq!(of("#!/usr/bin/python3.11 -u\n"), Some(Language::Python));
        assert_eq!(of("#!/usr/bin/env -S node --x\n"), Some(Language::JavaScript));
        assert_eq!(of("port 8080\n"), None);
    }
}
