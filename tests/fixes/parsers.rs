//! The languages' own parsers, each called once for many texts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use port_manager::analysis::Language;

/// Which commands the tests want, and where Debian keeps them.
const PACKAGES: &str = include_str!("packages.txt");

/// A program that says which of many files it cannot parse.
struct Tool {
    languages: &'static [Language],
    /// Only for files whose names end like this; all of them where there is none.
    endings: &'static [&'static str],
    /// The command and its arguments; `{parsers}` is the directory of our scripts. The files follow.
    command: &'static [&'static str],
    /// The ending that it wants the files' names to have.
    extension: &'static str,
    /// How much of a text it looks at.
    depth: Depth,
}

/// How much of a text is looked at, and what that may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Its syntax; none of it is run.
    Syntax,
    /// Types and names too, or parts of it are run: for programs of our own.
    Whole,
}

use Depth::{Syntax, Whole};

/// The first that fits is taken; for a program of our own, one that looks at all of it.
const TOOLS: &[Tool] = &[
    Tool {
        languages: &[Language::JavaScript],
        endings: &["js", "mjs", "cjs"],
        command: &["node", "--experimental-vm-modules", "--no-warnings", "{parsers}/parse.js"],
        extension: "js",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::JavaScript],
        endings: &["jsx"],
        command: TSC_SYNTAX,
        extension: "jsx",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::TypeScript],
        endings: &[],
        command: TSC_WHOLE,
        extension: "ts",
        depth: Whole,
    },
    Tool {
        languages: &[Language::TypeScript],
        endings: &[],
        command: TSC_SYNTAX,
        extension: "ts",
        depth: Syntax,
    },
    Tool { languages: &[Language::Tsx], endings: &[], command: TSC_WHOLE, extension: "tsx", depth: Whole },
    Tool { languages: &[Language::Tsx], endings: &[], command: TSC_SYNTAX, extension: "tsx", depth: Syntax },
    Tool {
        languages: &[Language::Python],
        endings: &[],
        command: &["python3", "{parsers}/parse.py"],
        extension: "py",
        depth: Syntax,
    },
    // With -l it names those that it would write otherwise, too.
    Tool {
        languages: &[Language::Go],
        endings: &[],
        command: &["gofmt", "-e", "-l"],
        extension: "go",
        depth: Whole,
    },
    Tool {
        languages: &[Language::Go],
        endings: &[],
        command: &["gofmt", "-e"],
        extension: "go",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Rust],
        endings: &[],
        command: &["bash", "{parsers}/rustc.sh"],
        extension: "rs",
        depth: Whole,
    },
    Tool {
        languages: &[Language::Java],
        endings: &[],
        command: &["java", "{parsers}/Parse.java", "--compile"],
        extension: "java",
        depth: Whole,
    },
    Tool {
        languages: &[Language::Java],
        endings: &[],
        command: &["java", "{parsers}/Parse.java"],
        extension: "java",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Cpp],
        endings: &["c", "h"],
        command: &["gcc", "-fsyntax-only", "-Werror=implicit-function-declaration"],
        extension: "c",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Cpp],
        endings: &[],
        command: &["g++", "-fsyntax-only", "-std=c++17", "-Werror=narrowing"],
        extension: "cpp",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Ruby],
        endings: &[],
        command: &["ruby", "{parsers}/parse.rb"],
        extension: "rb",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Php],
        endings: &[],
        command: &["bash", "{parsers}/each.sh", "php", "-n", "-d", "display_errors=stderr", "-l", "--"],
        extension: "php",
        depth: Syntax,
    },
    // `use` runs what it names.
    Tool {
        languages: &[Language::Perl],
        endings: &[],
        command: &["bash", "{parsers}/each.sh", "perl", "-c", "--"],
        extension: "pl",
        depth: Whole,
    },
    Tool {
        languages: &[Language::Lua],
        endings: &[],
        command: &["lua", "{parsers}/parse.lua"],
        extension: "lua",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Elixir],
        endings: &[],
        command: &["elixir", "{parsers}/parse.exs"],
        extension: "exs",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Erlang],
        endings: &["erl"],
        command: &["escript", "{parsers}/parse.escript"],
        extension: "erl",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Shell],
        endings: &[],
        command: &["bash", "{parsers}/each.sh", "bash", "-n", "--"],
        extension: "sh",
        depth: Syntax,
    },
    // `$(shell ...)` is run even where nothing is made.
    Tool {
        languages: &[Language::Makefile],
        endings: &["Makefile", "mk"],
        command: &["bash", "{parsers}/each.sh", "make", "-n", "-f", "--"],
        extension: "mk",
        depth: Whole,
    },
    Tool {
        languages: &[Language::Compose],
        endings: &[],
        command: &["ruby", "{parsers}/compose.rb"],
        extension: "yaml",
        depth: Syntax,
    },
    Tool {
        languages: &[Language::Yaml],
        endings: &[],
        command: &["ruby", "{parsers}/yaml.rb"],
        extension: "yaml",
        depth: Syntax,
    },
];

const TSC_SYNTAX: &[&str] = &[
    "tsc",
    "--noEmit",
    "--noCheck",
    "--noResolve",
    "--allowJs",
    "--types",
    "",
    "--jsx",
    "preserve",
    "--target",
    "esnext",
];

const TSC_WHOLE: &[&str] = &[
    "tsc",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--types",
    "node",
    "--typeRoots",
    "{types}",
    "--jsx",
    "preserve",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--moduleResolution",
    "nodenext",
    "--moduleDetection",
    "force",
];

/// A text that is to be parsed.
pub struct Text<'a> {
    /// The file that it is, or was made of.
    pub path: &'a Path,
    pub language: Language,
    pub text: &'a str,
    pub depth: Depth,
}

/// What a text's own parser says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opinion {
    /// It has nothing against it.
    Fine,
    /// It cannot parse it.
    Objection(String),
    /// There is none, or this machine has none.
    None,
}

/// What the languages' own parsers say of the texts.
pub fn opinions(texts: &[Text<'_>]) -> Vec<Opinion> {
    let mut by_tool: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut opinions = vec![Opinion::None; texts.len()];
    for (index, text) in texts.iter().enumerate() {
        match tool(text) {
            Some(tool) => by_tool.entry(tool).or_default().push(index),
            None => opinions[index] = in_process(text),
        }
    }
    let results: Vec<_> = std::thread::scope(|scope| {
        let jobs: Vec<_> = by_tool
            .iter()
            .map(|(tool, indices)| scope.spawn(|| run(&TOOLS[*tool], texts, indices)))
            .collect();
        jobs.into_iter().filter_map(|job| job.join().unwrap()).flatten().collect()
    });
    for (index, opinion) in results {
        opinions[index] = opinion;
    }
    opinions
}

/// What needs no other program.
fn in_process(text: &Text<'_>) -> Opinion {
    let error = match text.language {
        Language::Rust => syn::parse_file(text.text).err().map(|error| error.to_string()),
        Language::Json => {
            serde_json::from_str::<serde_json::Value>(text.text).err().map(|error| error.to_string())
        }
        _ => return Opinion::None,
    };
    error.map_or(Opinion::Fine, Opinion::Objection)
}

fn tool(text: &Text<'_>) -> Option<usize> {
    let name = text.path.file_name()?.to_str()?;
    let ending = name.rsplit('.').next()?;
    let fits = |tool: &Tool| {
        tool.languages.contains(&text.language)
            && (tool.endings.is_empty() || tool.endings.contains(&ending))
            && (tool.depth == Syntax || text.depth == Whole)
    };
    TOOLS.iter().position(fits)
}

/// The opinions of a tool; `None` where the machine has no such tool.
fn run(tool: &Tool, texts: &[Text<'_>], indices: &[usize]) -> Option<Vec<(usize, Opinion)>> {
    let directory = tempfile::tempdir().unwrap();
    let names: Vec<String> = indices.iter().map(|index| format!("{index}.{}", tool.extension)).collect();
    for (name, index) in names.iter().zip(indices) {
        fs::write(directory.path().join(name), texts[*index].text).unwrap();
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let parsers = repository.join("tests/fixes/parsers");
    let modules = repository.join("editors/vscode/node_modules");
    let program = match tool.command[0] {
        "tsc" => modules.join(".bin/tsc"),
        other => PathBuf::from(other),
    };
    let mut objections: BTreeMap<String, String> = BTreeMap::new();
    for names in names.chunks(500) {
        let output = Command::new(&program)
            .args(tool.command[1..].iter().map(|argument| {
                argument
                    .replace("{parsers}", parsers.to_str().unwrap())
                    .replace("{types}", modules.join("@types").to_str().unwrap())
            }))
            .args(names)
            .current_dir(directory.path())
            .env("HOME", directory.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let said = [output.stdout, output.stderr].concat();
        for line in String::from_utf8_lossy(&said).lines() {
            let name = line.split([':', '(']).next().unwrap_or_default();
            if names.iter().any(|other| other == name)
                && !line.contains("warning:")
                && !line.contains("note:")
            {
                objections.entry(name.to_owned()).or_insert_with(|| line.to_owned());
            }
        }
        let is_missing = objections.values().any(|said| said.ends_with("command not found"));
        if is_missing || output.status.code() == Some(127) {
            return None;
        }
        // Whatever it objects to has to be understood here.
        assert!(
            output.status.success() || !objections.is_empty(),
            "{:?} failed: {}",
            tool.command,
            String::from_utf8_lossy(&said)
        );
    }
    let opinion = |name: &String| objections.remove(name).map_or(Opinion::Fine, Opinion::Objection);
    Some(indices.iter().copied().zip(names.iter().map(opinion)).collect())
}

/// Whether the machine has a command.
pub fn on_path(command: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|directory| directory.join(command).is_file())
}

/// The tools that this machine lacks, each with the package that it is in.
pub fn missing() -> Vec<String> {
    let typescript =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/vscode/node_modules/.bin/tsc").is_file();
    PACKAGES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .filter(|(command, _)| !on_path(command))
        .map(|(command, package)| format!("{command} (package {package})"))
        .chain((!typescript).then(|| "tsc (npm ci in editors/vscode)".to_owned()))
        .collect()
}
