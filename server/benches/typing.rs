//! What a keystroke costs in a file of 10,000 lines with 200 ports: `make bench`.
//!
//! The aim is 3 ms (median) and 15 ms (99th percentile) from `textDocument/didChange` until
//! `textDocument/publishDiagnostics` has come, over the stdio of the built binary. Below each language stands
//! what its parts take in this process, so that one sees where the time goes. Parsing again what has changed is tree-sitter's
//! own, and is left out where the edit is far from every port (`analysis/carried.rs`).

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and fails by panicking")]

// An editor from the tests. What needs a test's process is left out.
#[allow(dead_code, unreachable_pub, clippy::expect_used, reason = "as in the tests")]
#[path = "../../tests/support"]
mod support {
    pub mod editor;
    pub mod machine;
    pub mod wire;
}

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use port_manager::analysis::{Language, SyntaxCache, analyze};
use port_manager::project::ProjectRoot;
use port_manager::registry::Store;
use port_manager::rules::{self, Document, Facts};
use serde_json::json;
use support::editor::Editor;
use support::machine::{Machine, Project};
use tower_lsp::gen_lsp_types as lsp;
use tree_sitter::{InputEdit, Parser, Point, Tree};

const LINES: usize = 10_000;
const PORTS: usize = 200;

/// A language, as people write it.
struct Sample {
    file: &'static str,
    grammar: Option<tree_sitter::Language>,
    /// Lines without a port; `{n}` is a number.
    filler: &'static str,
    /// Lines with one.
    port: &'static str,
    /// Where somebody types a letter, and takes it away again, in the midst of the file: behind this, where nothing is about ports.
    cursor: &'static str,
    /// The same in what is about one.
    near_port: &'static str,
}

fn samples() -> Vec<Sample> {
    vec![
        Sample {
            file: "server.js",
            grammar: Some(tree_sitter_javascript::LANGUAGE.into()),
            filler: "export function step{n}(items, limit = {n}) {\n  // since 19{n}\n  const wanted = items.filter((item) => item.size > limit);\n  return wanted.map((item) => ({ name: item.name, size: item.size }));\n}\n\n",
            port: "export const server{n} = http.createServer(app);\nserver{n}.listen({port}, () => console.log(`step {n}`));\n\n",
            cursor: "wanted.map",
            near_port: "const server",
        },
        Sample {
            file: "server.ts",
            grammar: Some(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
            filler: "export function step{n}(items: Item[], limit = {n}): Named[] {\n  // since 19{n}\n  const wanted = items.filter((item) => item.size > limit);\n  return wanted.map((item) => ({ name: item.name, size: item.size }));\n}\n\n",
            port: "export const server{n}: Server = createServer(app);\nserver{n}.listen({port}, () => console.log(`step {n}`));\n\n",
            cursor: "wanted.map",
            near_port: "const server",
        },
        Sample {
            file: "server.py",
            grammar: Some(tree_sitter_python::LANGUAGE.into()),
            filler: "def step_{n}(items, limit={n}):\n    # since 19{n}\n    wanted = [item for item in items if item.size > limit]\n    return {item.name: item.size for item in wanted}\n\n\n",
            port: "def serve_{n}(app):\n    app.run(host=\"127.0.0.1\", port={port})\n\n\n",
            cursor: "in wanted",
            near_port: "def serve",
        },
        Sample {
            file: "server.go",
            grammar: Some(tree_sitter_go::LANGUAGE.into()),
            filler: "func step{n}(items []Item) map[string]int {\n\tlimit := {n} // since 19{n}\n\twanted := filter(items, limit)\n\treturn names(wanted)\n}\n\n",
            port: "func serve{n}() error {\n\treturn http.ListenAndServe(\":{port}\", nil)\n}\n\n",
            cursor: "names(wanted",
            near_port: "func serve",
        },
        Sample {
            file: "settings.json",
            grammar: Some(tree_sitter_json::LANGUAGE.into()),
            filler: "  \"step{n}\": {\n    \"limit\": {n},\n    \"wanted\": [\"name\", \"size\"]\n  },\n",
            port: "  \"server{n}\": { \"host\": \"localhost\", \"port\": {port} },\n",
            cursor: "[\"name",
            near_port: "\"server",
        },
        Sample {
            file: "settings.yaml",
            grammar: Some(tree_sitter_yaml::LANGUAGE.into()),
            filler: "step{n}:\n  limit: {n}\n  wanted:\n    - name\n    - size\n",
            port: "server{n}:\n  host: localhost\n  port: {port}\n",
            cursor: "- name",
            near_port: "server",
        },
        Sample {
            file: "server.conf",
            grammar: None,
            filler: "# since 19{n}\nlocation /step{n} {\n    limit_rate {n};\n    root /srv/wanted;\n}\n",
            port: "server {\n    listen {port};\n}\n",
            cursor: "/srv/wanted",
            near_port: "server",
        },
    ]
}

fn main() {
    // `cargo test --all-targets` runs this too: once is enough to see that it works.
    let times = if std::env::args().any(|argument| argument == "--bench") { 200 } else { 1 };
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "WEB_PORT=8000\nAPI_PORT=8100\n")]);
    // `cargo bench --bench typing -- settings.json` measures that one alone.
    let named: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let is_wanted = |sample: &Sample| named.is_empty() || named.iter().any(|name| name == sample.file);
    for sample in samples().into_iter().filter(is_wanted) {
        let typing = Typing::of(&sample, sample.cursor);
        println!(
            "{}: {} lines, {} KiB",
            sample.file,
            typing.texts[0].lines().count(),
            typing.texts[0].len() / 1024
        );
        end_to_end(&machine, &project, sample.file, &typing, times);
        let near_port = Typing::of(&sample, sample.near_port);
        end_to_end(&machine, &project, sample.file, &near_port, times);
        in_parts(&machine, &project, &sample, &typing, times);
    }
}

/// A text without a letter and with it.
struct Typing {
    cursor: &'static str,
    texts: [String; 2],
    at: usize,
    position: lsp::Position,
}

impl Typing {
    fn of(sample: &Sample, cursor: &'static str) -> Self {
        let mut text = if sample.file.ends_with(".json") { "{\n" } else { "" }.to_owned();
        let filler = sample.filler.matches('\n').count();
        let every = (LINES - PORTS * sample.port.matches('\n').count()) / filler / PORTS;
        for number in 0..PORTS {
            for step in 0..every {
                text.push_str(&sample.filler.replace("{n}", &(number * every + step).to_string()));
            }
            let port = (3000 + number).to_string();
            text.push_str(&sample.port.replace("{n}", &number.to_string()).replace("{port}", &port));
        }
        if sample.file.ends_with(".json") {
            text.push_str("  \"end\": true\n}\n");
        }
        let middle = text.len() / 2;
        let at = middle + text[middle..].find(cursor).unwrap() + cursor.len();
        let line_start = text[..at].rfind('\n').unwrap() + 1;
        let number = |value| u32::try_from(value).unwrap();
        let line = text[..at].matches('\n').count();
        let position = lsp::Position { line: number(line), character: number(at - line_start) };
        let mut typed = text.clone();
        typed.insert(at, 'x');
        Self { cursor, texts: [text, typed], at, position }
    }

    /// The edit from one text to the other, as tree-sitter wants to hear it.
    fn edit(&self, is_typed: bool) -> InputEdit {
        let here = Point { row: self.position.line as usize, column: self.position.character as usize };
        let behind = Point { column: here.column + 1, ..here };
        let (old, new) = if is_typed { (0, 1) } else { (1, 0) };
        InputEdit {
            start_byte: self.at,
            old_end_byte: self.at + old,
            new_end_byte: self.at + new,
            start_position: here,
            old_end_position: if is_typed { here } else { behind },
            new_end_position: if is_typed { behind } else { here },
        }
    }

    /// The edit from one text to the other, as the server does.
    fn change(&self, is_typed: bool) -> lsp::TextDocumentContentChangePartial {
        let end = lsp::Position { character: self.position.character + 1, ..self.position };
        lsp::TextDocumentContentChangePartial {
            range: lsp::Range { start: self.position, end: if is_typed { self.position } else { end } },
            text: if is_typed { "x" } else { "" }.to_owned(),
            ..Default::default()
        }
    }
}

/// Types over the stdio of the built binary.
fn end_to_end(machine: &Machine, project: &Project, file: &str, typing: &Typing, times: usize) {
    let mut editor = Editor::new(machine, project);
    let uri = editor.open(&project.path(file), &typing.texts[0]);
    let found = editor.diagnostics(&uri).len();
    let mut version = 1;
    let durations = (0..times).map(|time| {
        version += 1;
        let params = lsp::DidChangeTextDocumentParams {
            text_document: lsp::VersionedTextDocumentIdentifier {
                version,
                text_document_identifier: lsp::TextDocumentIdentifier { uri: uri.clone() },
            },
            content_changes: vec![typing.change(time % 2 == 0).into()],
        };
        let started = Instant::now();
        editor.wire.notify::<lsp::DidChangeTextDocumentNotification>(params);
        editor.wire.wait_for_notification("textDocument/publishDiagnostics", |params| {
            params["uri"] == json!(uri) && params["version"] == version
        });
        editor.wire.arrived - started
    });
    println!("  behind `{}`, {found} diagnostics", typing.cursor);
    report("didChange -> publishDiagnostics", durations.collect());
}

/// Does the same work here, part by part.
fn in_parts(machine: &Machine, project: &Project, sample: &Sample, typing: &Typing, times: usize) {
    let path = project.path(sample.file);
    let language = Language::of_path(&path).unwrap();
    let registry = std::sync::Arc::new(Store::at(&machine.config_directory()).load().unwrap());
    let mut parts: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut cache = SyntaxCache::default();
    let mut parsing = sample.grammar.as_ref().map(Parsing::of);
    analyze(&typing.texts[0], language, &mut cache);
    if let Some(parsing) = &mut parsing {
        parsing.parse(&typing.texts[0], None);
    }
    for time in 0..times {
        let is_typed = time % 2 == 0;
        let text = &typing.texts[usize::from(is_typed)];
        let edit = typing.edit(is_typed);
        if let Some(parsing) = &mut parsing {
            measure(&mut parts, "parsing again", || parsing.parse(text, Some(&edit)));
        }
        let analysis = measure(&mut parts, "analyze (with that)", || {
            cache.edit(&edit);
            analyze(text, language, &mut cache)
        });
        let facts = measure(&mut parts, "gathering facts", || {
            let root = ProjectRoot::of_file(Path::new(&path), Some(&project.root));
            Facts::load(root, Some(registry.clone()), Default::default()).unwrap()
        });
        let document = Document { path: &path, text, language, analysis: &analysis };
        measure(&mut parts, "rules", || black_box(rules::check(&document, &facts)));
    }
    for (part, durations) in parts {
        report(part, durations);
    }
}

struct Parsing {
    parser: Parser,
    tree: Option<Tree>,
}

impl Parsing {
    fn of(grammar: &tree_sitter::Language) -> Self {
        let mut parser = Parser::new();
        parser.set_language(grammar).unwrap();
        Self { parser, tree: None }
    }

    fn parse(&mut self, text: &str, edit: Option<&InputEdit>) {
        if let (Some(tree), Some(edit)) = (&mut self.tree, edit) {
            tree.edit(edit);
        }
        self.tree = self.parser.parse(text, self.tree.as_ref());
    }
}

fn measure<'a, T>(
    parts: &mut BTreeMap<&'a str, Vec<Duration>>,
    part: &'a str,
    work: impl FnOnce() -> T,
) -> T {
    let started = Instant::now();
    let result = work();
    parts.entry(part).or_default().push(started.elapsed());
    result
}

/// Prints the median and the 99th percentile.
fn report(what: &str, mut durations: Vec<Duration>) {
    durations.sort();
    let milliseconds = |percent: usize| durations[durations.len() * percent / 100].as_secs_f64() * 1_000.0;
    println!("  {what:<32}  p50 {:6.2} ms  p99 {:6.2} ms", milliseconds(50), milliseconds(99));
}
