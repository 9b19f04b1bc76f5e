//! Definition, references and highlights of a port, in several languages.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, modern};
use crate::support::machine::{Machine, Project};
use crate::support::marks;

/// A project in which five languages name one port; `‸` marks each place.
const PLACES: [(&str, &str); 6] = [
    ("web/client.js", "/* 🚢 */ fetch('http://localhost:‸5000/');\n"),
    ("web/other.js", "const port = process.env.‸API_PORT || 5000;\n"),
    ("api/app.py", "import os\nport = int(os.environ.get(\"‸API_PORT\", \"5000\"))\n"),
    ("compose.yaml", "services:\n  api:\n    build: api\n    ports:\n      - \"${‸API_PORT:-5000}:80\"\n"),
    ("Makefile", "wait:\n\tcurl localhost:$(‸API_PORT)/health\n"),
    ("port-manager.toml", "[env]\nAPI_URL = \"http://localhost:${‸API_PORT}/\"\n"),
];
const PORTS_ENV: &str = "# 🚢\nexport ‸API_PORT=5001\nWEB_PORT=8000\n";
const EXAMPLE: &str = "WEB_PORT=3000\n‸API_PORT=5000\n";

fn shop(machine: &Machine) -> Project {
    let project = machine.project("shop", &[("api/package.json", "{}\n"), ("web/package.json", "{}\n")]);
    for (path, marked) in all_places() {
        project.write(path, &marks::all(marked).0);
    }
    project
}

fn all_places() -> impl Iterator<Item = (&'static str, &'static str)> {
    [(".ports.env", PORTS_ENV), (".ports.env.example", EXAMPLE)].into_iter().chain(PLACES)
}

/// Opens a file as it is on disk, once the server has read the whole project.
fn open(editor: &mut Editor, project: &Project, path: &str) -> lsp::Uri {
    let uri = editor.open(&project.path(path), &project.read(path));
    // The map is whole when this answers.
    editor.code_actions_of(&uri, 0..0, Some(&["source.fixAll.port-manager"]));
    uri
}

fn at(editor: &Editor, uri: &lsp::Uri, offset: usize) -> lsp::TextDocumentPositionParams {
    lsp::TextDocumentPositionParams {
        text_document: lsp::TextDocumentIdentifier { uri: uri.clone() },
        position: editor.position(uri, offset),
    }
}

fn request<R: lsp::Request>(editor: &mut Editor, params: Value) -> Value
where
    R::Params: serde::de::DeserializeOwned,
    R::Result: serde::Serialize,
{
    let params = serde_json::from_value(params).expect("parameters as LSP has them");
    serde_json::to_value(editor.wire.request::<R>(params).expect("an answer")).expect("JSON")
}

/// The files and texts of some locations, by what is on disk.
fn texts(project: &Project, locations: &Value) -> Vec<String> {
    let text = |location: &Value| {
        let uri = location.get("uri").or_else(|| location.get("targetUri")).expect("a URI");
        let range = location.get("range").or_else(|| location.get("targetSelectionRange")).expect("a range");
        let path = lsp::Uri::parse(uri.as_str().unwrap()).unwrap().to_file_path().unwrap();
        let name = path.strip_prefix(&project.root).unwrap().to_str().unwrap().to_owned();
        let content = project.read(&name);
        let line = content.lines().nth(range["start"]["line"].as_u64().unwrap() as usize).unwrap();
        let units: Vec<u16> = line.encode_utf16().collect();
        let column = |side: &str| range[side]["character"].as_u64().unwrap() as usize;
        format!("{name} {}", String::from_utf16(&units[column("start")..column("end")]).unwrap())
    };
    locations.as_array().expect("locations").iter().map(text).collect()
}

#[test]
fn definition_leads_to_the_lines_from_every_language() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut capabilities = modern();
    capabilities["textDocument"]["definition"] = json!({"linkSupport": true});
    for (path, marked) in all_places() {
        let offset = marks::one(marked).1;
        for capabilities in [modern(), capabilities.clone()] {
            let is_link = capabilities["textDocument"]["definition"].is_object();
            let mut editor = Editor::with(&machine, &project, capabilities);
            let uri = open(&mut editor, &project, path);
            let params = json!(at(&editor, &uri, offset + 2));
            let found = request::<lsp::DefinitionRequest>(&mut editor, params);
            let expected = [".ports.env API_PORT", ".ports.env.example API_PORT"];
            assert_eq!(texts(&project, &found), expected, "{path}");
            assert_eq!(found[0].get("targetRange").is_some(), is_link, "{path}");
            if is_link {
                let line = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 20}});
                assert_eq!(found[0]["targetRange"], line, "{path}");
            }
        }
    }
}

#[test]
fn an_unsaved_ports_env_counts_for_definition() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let own = open(&mut editor, &project, ".ports.env");
    editor.replace(&own, 0..0, "# two\n# more lines\n");
    let uri = open(&mut editor, &project, "web/other.js");
    let params = json!(at(&editor, &uri, "const port = process.env.".len()));
    let found = request::<lsp::DefinitionRequest>(&mut editor, params);
    assert_eq!(found[0]["range"]["start"]["line"], 3, "{found}");
}

#[test]
fn references_are_all_places_in_all_languages() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut expected: Vec<String> = PLACES
        .iter()
        .map(|(path, marked)| {
            let (text, offset) = marks::one(marked);
            let name = if text[offset..].starts_with("5000") { "5000" } else { "API_PORT" };
            format!("{path} {name}")
        })
        .collect();
    expected.sort();
    for (path, marked) in all_places() {
        let mut editor = Editor::new(&machine, &project);
        let uri = open(&mut editor, &project, path);
        for with_declaration in [false, true] {
            let mut params = json!(at(&editor, &uri, marks::one(marked).1));
            params["context"] = json!({"includeDeclaration": with_declaration});
            let mut found = texts(&project, &request::<lsp::ReferencesRequest>(&mut editor, params));
            let declared = if with_declaration { 2 } else { 0 };
            let lines = found.drain(..declared).collect::<Vec<_>>();
            assert!(lines.iter().all(|line| line.starts_with(".ports.env")), "{path}: {lines:?}");
            found.sort();
            assert_eq!(found, expected, "{path}");
        }
    }
}

/// The files are read in the background meanwhile, and are read up at another moment each time.
#[test]
fn the_first_references_are_those_of_all_files() {
    let machine = Machine::new();
    let text = "app.listen(process.env.WEB_PORT || 8080);\n";
    let files = [
        (".ports.env", "WEB_PORT=8000\n"),
        ("server.js", text),
        ("wait.sh", "curl http://localhost:$WEB_PORT/health\n"),
    ];
    let project = machine.project("shop", &files);
    for _ in 0..60 {
        let mut editor = Editor::new(&machine, &project);
        let uri = editor.open(&project.path("server.js"), text);
        let mut params = json!(at(&editor, &uri, text.find("WEB_PORT").unwrap()));
        params["context"] = json!({"includeDeclaration": false});
        let found = texts(&project, &request::<lsp::ReferencesRequest>(&mut editor, params));
        assert_eq!(found, ["server.js WEB_PORT", "wait.sh WEB_PORT"]);
    }
}

#[test]
fn references_know_what_is_not_saved() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "web/client.js");
    let text = "\n\n/* 🚢 */ const port = process.env.API_PORT;\n";
    editor.replace(&uri, 0..project.read("web/client.js").len(), text);
    let mut params = json!(at(&editor, &uri, text.find("API_PORT").unwrap()));
    params["context"] = json!({"includeDeclaration": false});
    let found = request::<lsp::ReferencesRequest>(&mut editor, params);
    let in_client = |location: &&Value| location["uri"] == uri.as_str();
    let own = found.as_array().unwrap().iter().find(in_client).unwrap();
    let start = json!({"line": 2, "character": 34});
    assert_eq!(own["range"]["start"], start);
}

#[test]
fn highlights_are_the_places_of_the_port_in_the_document() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let text = "/* 🚢 */ app.listen(process.env.API_PORT || 5000);\nfetch('http://localhost:5000/');\nfetch('http://localhost:3000/');\n";
    let uri = editor.open(&project.path("web/all.js"), text);
    let params = json!(at(&editor, &uri, text.find("API_PORT").unwrap()));
    let found = request::<lsp::DocumentHighlightRequest>(&mut editor, params);
    let shown: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let range = serde_json::from_value(it["range"].clone()).unwrap();
            format!("{} {}", &text[editor.span(&uri, range)], it["kind"])
        })
        .collect();
    assert_eq!(shown, ["API_PORT 2", "5000 2", "5000 1"]);
}

#[test]
fn a_place_that_names_no_port_has_no_answer() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut editor = Editor::new(&machine, &project);
    let uri = open(&mut editor, &project, "web/client.js");
    let outside = editor.open(&machine.root().join("elsewhere.js"), "fetch('http://localhost:5000');\n");
    let untitled = lsp::Uri::parse("untitled:Untitled-1").unwrap();
    editor.open_uri(untitled.clone(), "app.listen(process.env.API_PORT)\n");
    for (uri, line, character) in
        [(&uri, 0, 3), (&uri, 99, 0), (&uri, u32::MAX, u32::MAX), (&outside, 0, 26), (&untitled, 0, 24)]
    {
        let position =
            json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
        let found = request::<lsp::DefinitionRequest>(&mut editor, position.clone());
        assert_eq!(found, Value::Null, "{uri:?} {line}");
        let mut params = position.clone();
        params["context"] = json!({"includeDeclaration": true});
        let found = request::<lsp::ReferencesRequest>(&mut editor, params);
        let is_outside =
            found.as_array().is_none_or(|found| found.iter().all(|it| it["uri"] == outside.as_str()));
        assert!(is_outside, "{uri:?} {line}: {found}");
        request::<lsp::DocumentHighlightRequest>(&mut editor, position);
    }
}

#[test]
fn symbols_are_the_ports_of_the_document() {
    let machine = Machine::new();
    let project = shop(&machine);
    let mut capabilities = modern();
    capabilities["textDocument"]["documentSymbol"] = json!({"hierarchicalDocumentSymbolSupport": true});
    let symbols = |editor: &mut Editor, path: &str, text: &str| {
        let uri = editor.open(&project.path(path), text);
        editor.code_actions_of(&uri, 0..0, Some(&["source.fixAll.port-manager"]));
        request::<lsp::DocumentSymbolRequest>(editor, json!({"textDocument": {"uri": uri}}))
    };
    let mut editor = Editor::with(&machine, &project, capabilities);
    let own = symbols(&mut editor, ".ports.env", PORTS_ENV.replace('‸', "").as_str());
    let shown = |symbols: &Value| -> Vec<String> {
        let symbols = symbols.as_array().unwrap().iter();
        symbols.map(|it| format!("{} {} {}", it["name"], it["detail"], it["kind"])).collect()
    };
    assert_eq!(shown(&own), ["\"API_PORT\" \"5001\" 14", "\"WEB_PORT\" \"8000\" 14"]);
    let code = "fetch('http://localhost:5000'); listen(process.env.API_PORT || 5000); f(4999);\n";
    let code = symbols(&mut editor, "web/new.js", code);
    assert_eq!(shown(&code), ["\"API_PORT\" \"5000\" 16", "\"API_PORT\" \"5001\" 13"]);
    let mut plain = Editor::with(&machine, &project, json!({}));
    let flat = symbols(&mut plain, ".ports.env", PORTS_ENV.replace('‸', "").as_str());
    assert_eq!(flat[0]["location"]["range"]["start"], json!({"line": 1, "character": 7}));
}

#[test]
fn workspace_symbols_are_the_variables_of_open_projects() {
    let machine = Machine::new();
    let project = shop(&machine);
    let blog = machine.project("blog", &[(".ports.env", "BLOG_PORT=8050\n"), ("blog.js", "")]);
    let mut editor = Editor::new(&machine, &project);
    editor.open(&blog.path("blog.js"), "listen(1);\n");
    let mut found = |query: &str| -> Vec<String> {
        let symbols = request::<lsp::WorkspaceSymbolRequest>(&mut editor, json!({"query": query}));
        let symbols = symbols.as_array().unwrap().iter();
        let mut shown: Vec<String> =
            symbols.map(|it| format!("{} in {}", it["name"], it["containerName"])).collect();
        shown.sort();
        shown
    };
    let all = [
        "\"API_PORT\" in \"shop (5001)\"",
        "\"BLOG_PORT\" in \"blog (8050)\"",
        "\"WEB_PORT\" in \"shop (8000)\"",
    ];
    assert_eq!(found(""), all);
    assert_eq!(found("apiport"), all[..1]);
    assert_eq!(found("nothing"), [""; 0]);
}
