//! Every fix that is offered for the fixtures, one at a time and all together: what parsed before
//! parses after, for the language's own parser where the machine has it, else for the grammar; the
//! diagnostic is gone; nothing new is offered; and undoing the edits restores the bytes.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use port_manager::analysis::{Language, SyntaxCache, analyze};
use port_manager::fixes::{Edit, Fix, apply, fixes};
use port_manager::ports_env::PortsEnv;
use port_manager::project::ProjectRoot;
use port_manager::registry::Registry;
use port_manager::rules::{Diagnostic, Document, Facts, Rule, check};

/// A program that says whether texts can be parsed.
struct Parser {
    language: Language,
    /// The ending of the files that it is given.
    extension: &'static str,
    command: &'static [&'static str],
    /// Whether it looks at all files that it is given, not only at the first.
    takes_many: bool,
}

const NODE: &str = "const fs = require('fs'), vm = require('vm');
for (const file of process.argv.slice(1)) {
  try { new vm.SourceTextModule(fs.readFileSync(file, 'utf8')); }
  catch (error) { console.error(file, error.message); process.exitCode = 1; }
}";

const PYTHON: &str = "import ast, sys
for file in sys.argv[1:]: ast.parse(open(file, encoding='utf-8').read(), file)";

const PARSERS: &[Parser] = &[
    Parser {
        language: Language::JavaScript,
        extension: "mjs",
        command: &["node", "--experimental-vm-modules", "--no-warnings", "-e", NODE],
        takes_many: true,
    },
    Parser {
        language: Language::Python,
        extension: "py",
        command: &["python3", "-c", PYTHON],
        takes_many: true,
    },
    Parser { language: Language::Go, extension: "go", command: &["gofmt", "-e"], takes_many: true },
    Parser { language: Language::Shell, extension: "sh", command: &["bash", "-n"], takes_many: false },
    Parser {
        language: Language::Makefile,
        extension: "mk",
        command: &["make", "-n", "run", "-f"],
        takes_many: false,
    },
];

/// What the language's own parser has against the texts; `None` where the machine has no such
/// parser.
fn objections(language: Language, texts: &[String]) -> Option<String> {
    let parser = PARSERS.iter().find(|parser| parser.language == language)?;
    let directory = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..texts.len())
        .map(|index| directory.path().join(format!("{index}.{}", parser.extension)))
        .collect();
    for (path, text) in paths.iter().zip(texts) {
        fs::write(path, text).unwrap();
    }
    let (program, arguments) = parser.command.split_first()?;
    let mut objections = String::new();
    for paths in paths.chunks(if parser.takes_many { paths.len() } else { 1 }) {
        let output = Command::new(program)
            .args(arguments)
            .args(paths)
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .output()
            .ok()?;
        if !output.status.success() {
            objections.push_str(&String::from_utf8_lossy(&output.stderr));
        }
    }
    Some(objections)
}

/// Holds that the language's own parser takes the text as it was, and as it is with each fix.
#[track_caller]
fn assert_parses(language: Language, before: &str, after: &[String]) {
    let texts: Vec<String> = std::iter::once(before.to_owned()).chain(after.iter().cloned()).collect();
    if let Some(objections) = objections(language, &texts) {
        assert_eq!(objections, "", "{}", language.name());
    }
}

/// The fixtures without their marks.
fn fixtures() -> Vec<(PathBuf, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/languages");
    let mut fixtures: Vec<(PathBuf, String)> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), unmarked(&fs::read_to_string(path).unwrap())))
        .collect();
    fixtures.sort();
    fixtures
}

/// `«8080 listen»` as `8080`.
fn unmarked(text: &str) -> String {
    let mut parts = text.split('«');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mark, rest) = part.split_once('»').unwrap();
        result.push_str(mark.split(' ').next().unwrap());
        result.push_str(rest);
    }
    result
}

/// A project whose `.ports.env` has a variable for some of the numbers, so that fixes of both kinds
/// are offered.
struct Project {
    /// Kept for as long as the root has to exist.
    _directory: tempfile::TempDir,
    facts: Facts,
}

impl Project {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let facts = Facts {
            root: ProjectRoot::exact(directory.path()).unwrap(),
            ports_env: Some(PortsEnv::parse("WEB_PORT=8080\nDB_PORT=5432\nQUEUE_PORT=5672\n")),
            defined_elsewhere: Default::default(),
            settings: Default::default(),
            is_registry_known: true,
            registry: Arc::new(Registry::default()),
        };
        Self { _directory: directory, facts }
    }

    /// How many hardcoded ports a text has.
    fn hardcoded(&self, path: &Path, text: &str) -> usize {
        let language = Language::of_path(path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path, text, language, analysis: &analysis };
        let diagnostics = check(&document, &self.facts);
        diagnostics.iter().filter(|diagnostic| diagnostic.rule == Rule::HardcodedPort).count()
    }

    /// The diagnostics of a text, each with its fixes.
    fn diagnostics(&self, path: &Path, text: &str) -> Vec<(Diagnostic, Vec<Fix>)> {
        let language = Language::of_path(path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path, text, language, analysis: &analysis };
        check(&document, &self.facts)
            .into_iter()
            .map(|diagnostic| {
                let fixes = fixes(&diagnostic, &document, &self.facts);
                (diagnostic, fixes)
            })
            .collect()
    }
}

/// The edits that take back what `edits` did to `text`.
fn inverse(text: &str, edits: &[Edit]) -> Vec<Edit> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut shift = 0;
    ordered
        .into_iter()
        .map(|edit| {
            let start = (edit.span.start as isize + shift) as usize;
            shift += edit.text.len() as isize - edit.span.len() as isize;
            Edit { span: start..start + edit.text.len(), text: text[edit.span.clone()].to_owned() }
        })
        .collect()
}

#[test]
fn every_fix_alone_repairs_its_place_and_nothing_else() {
    let project = Project::new();
    let mut tried = 0;
    for (path, text) in fixtures() {
        let language = Language::of_path(&path).unwrap();
        let before = project.diagnostics(&path, &text);
        let hardcoded = project.hardcoded(&path, &text);
        let mut results = Vec::new();
        for (diagnostic, fixes) in &before {
            for fix in fixes.iter().filter(|fix| !fix.edits.is_empty()) {
                let place = format!("{}: {} ({})", path.display(), fix.title, &text[diagnostic.span.clone()]);
                let fixed = apply(&text, &fix.edits).unwrap();
                tried += 1;
                assert!(language.syntax_errors(&fixed) <= language.syntax_errors(&text), "{place}\n{fixed}");
                if diagnostic.rule == Rule::HardcodedPort {
                    let repaired = hardcoded - project.hardcoded(&path, &fixed);
                    assert!(repaired >= 1, "{place}\n{fixed}");
                }
                assert_eq!(
                    apply(&fixed, &inverse(&text, &fix.edits)).as_deref(),
                    Some(text.as_str()),
                    "{place}"
                );
                results.push(fixed);
            }
        }
        assert_parses(language, &text, &results);
    }
    assert!(tried > 100, "only {tried} fixes were offered");
}

#[test]
fn all_first_fixes_together_leave_nothing_to_repair() {
    let project = Project::new();
    for (path, text) in fixtures() {
        let language = Language::of_path(&path).unwrap();
        let before = project.diagnostics(&path, &text);
        let mut edits: Vec<Edit> = Vec::new();
        let mut repaired = 0;
        for (_, fixes) in before.iter().filter(|(diagnostic, _)| diagnostic.rule == Rule::HardcodedPort) {
            let Some(fix) = fixes.iter().find(|fix| !fix.is_suppression) else { continue };
            // Two fixes may bring the same import; two in one string are taken one after the other.
            let new: Vec<Edit> = fix.edits.iter().filter(|edit| !edits.contains(edit)).cloned().collect();
            let overlaps = |edit: &Edit| {
                edits.iter().any(|other| edit.span.start < other.span.end && other.span.start < edit.span.end)
            };
            if !new.iter().any(overlaps) {
                edits.extend(new);
                repaired += 1;
            }
        }
        let fixed = apply(&text, &edits).unwrap();
        let name = path.display();
        assert!(language.syntax_errors(&fixed) <= language.syntax_errors(&text), "{name}\n{fixed}");
        assert_parses(language, &text, std::slice::from_ref(&fixed));
        assert!(
            project.hardcoded(&path, &fixed) + repaired <= project.hardcoded(&path, &text),
            "{name}\n{fixed}"
        );
    }
}
