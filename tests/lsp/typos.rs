//! Slips of the keyboard that the editor names: in a variable, in `.ports.env`, in `port-manager.toml`.

use serde_json::json;

use crate::support::editor::Editor;
use crate::support::machine::{Machine, unused_port};

/// The text after the first quick fix for the only finding, and the finding's message.
fn repaired(editor: &mut Editor, path: &std::path::Path, text: &str, title: &str) -> (String, String) {
    let uri = editor.open(path, text);
    let found = editor.diagnostics(&uri);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    let at = editor.span(&uri, found[0].range).start;
    let actions = editor.code_actions(&uri, at);
    let first = actions.into_iter().next().unwrap();
    assert_eq!(first.title, title, "{text}");
    assert_eq!(first.is_preferred, Some(true));
    editor.apply(first);
    let result = editor.text(&uri).to_owned();
    editor.close(&uri);
    let message = serde_json::to_value(&found[0]).unwrap()["message"].as_str().unwrap().to_owned();
    (result, message)
}

#[test]
fn a_slip_in_the_name_of_a_variable_is_named_and_repaired() {
    let machine = Machine::new();
    let port = unused_port();
    let project = machine.project("shop", &[(".ports.env", &format!("WEB_PORT={port}\n"))]);
    let mut editor = Editor::new(&machine, &project);
    let title = format!("Use WEB_PORT ({port})");
    for (path, text) in [
        ("a.js", "app.listen(process.env.@);\n"),
        ("a.py", "import os\nport = int(os.environ['@'])\n"),
        ("a.rb", "port = ENV.fetch('@')\n"),
        ("a.go", "package a\n\nimport \"os\"\n\nvar port = os.Getenv(\"@\")\n"),
        ("a.sh", "curl \"http://localhost:$@/\"\n"),
        ("compose.yaml", "services:\n  web:\n    image: web\n    ports:\n      - \"${@}:80\"\n"),
        ("Makefile", "run:\r\n\tcurl 🚢 http://localhost:$(@)/\r\n"),
    ] {
        for slip in ["WEB_PROT", "WEBPORT", "WEB_PORTT", "WEB_PRT"] {
            let (result, message) =
                repaired(&mut editor, &project.path(path), &text.replace('@', slip), &title);
            assert_eq!(result, text.replace('@', "WEB_PORT"));
            assert_eq!(message, format!("{slip} is not defined in `.ports.env`; did you mean WEB_PORT?"));
        }
    }
}

#[test]
fn a_name_that_is_near_no_variable_is_not_reported() {
    let machine = Machine::new();
    let files = [(".ports.env", "WEB_PORT=8000\n"), (".env", "WEBPORT=1\nexport WEB_PRT=2\n")];
    let project = machine.project("shop", &files);
    let mut editor = Editor::new(&machine, &project);
    for text in [
        "f(process.env.API_PROT);\n",
        "f(process.env.WEB_POST, process.env.WEB_PORTS, process.env.SUPPORT);\n",
        "f(process.env.WEBPORT, process.env.WEB_PRT);\n",
        "process.env.WEB_PROT = 1;\n// process.env.WEB_PORTT\n",
    ] {
        let uri = editor.open(&project.path("a.js"), text);
        assert_eq!(editor.diagnostics(&uri), [], "{text}");
        editor.close(&uri);
    }
    let uri = editor.open(&project.path("a.sh"), "WEB_PROT=1\ncurl localhost:$WEB_PROT\n");
    assert_eq!(editor.diagnostics(&uri), []);
}

#[test]
fn a_variable_without_a_value_is_offered_a_number() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", ""), (".ports.env.example", "API_PORT=5000\n")]);
    let mut editor = Editor::new(&machine, &project);
    for text in [
        "NEW_QUEUE_PORT=\n",
        "NEW_QUEUE_PORT=\"\"\r\n",
        "export NEW_QUEUE_PORT=",
        "# 🚢\nNEW_QUEUE_PORT= # later\n",
    ] {
        let uri = editor.open(&project.path(".ports.env"), text);
        let found = editor.diagnostics(&uri);
        let finding = found.iter().find(|it| it.code == Some("invalid-ports-env".to_owned().into()));
        let finding = finding.unwrap_or_else(|| panic!("{text}: {found:?}"));
        let at = editor.span(&uri, finding.range).start;
        let actions = editor.code_actions(&uri, at);
        let action = actions.into_iter().next().unwrap();
        let number: u16 =
            action.title.strip_prefix("Give NEW_QUEUE_PORT the number ").unwrap().parse().unwrap();
        assert!((5670..=5799).contains(&number), "{number}");
        editor.apply(action);
        let expected = if text.contains('"') { format!("=\"{number}\"") } else { format!("={number}") };
        assert!(editor.text(&uri).contains(&expected), "{text}: {}", editor.text(&uri));
        editor.close(&uri);
    }
}

#[test]
fn a_name_that_is_not_one_of_a_port_gets_no_number() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let mut editor = Editor::new(&machine, &project);
    for (name, help) in [
        ("WEB_PROT", "Give it a name that has the word PORT, such as WEB_PORT."),
        ("STORYBOOK", "Give it a name that has the word PORT, such as STORYBOOK_PORT."),
        ("PATH", "Give it another name, such as WEB_PORT."),
    ] {
        let refused = editor.execute("port-manager.allocate", vec![json!({"variable": name})]).unwrap_err();
        assert!(refused.message.contains(name), "{}", refused.message);
        assert!(refused.message.contains(help), "{}", refused.message);
    }
    assert_eq!(project.read(".ports.env"), "", "nothing was written");
}

#[test]
fn a_fault_in_the_settings_is_reported_where_it_is() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=8100\n")]);
    let mut editor = Editor::new(&machine, &project);
    let text = "# 🚢\r\n[severity]\r\nhardcoded-prot = \"off\"\r\n";
    let uri = editor.open(&project.path("port-manager.toml"), text);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "hardcoded-prot invalid-settings Error");
    let message = serde_json::to_value(&found[0]).unwrap()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("did you mean 'hardcoded-port'?"), "{message}");
    // `check` says the same of the file once it is saved.
    project.write("port-manager.toml", text);
    let checked = machine.command().arg("check").current_dir(&project.root).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert_eq!(checked.status.code(), Some(2), "{said}");
    assert!(said.contains("port-manager.toml:3:1: ") && said.contains(&message), "{said}");
    // Repaired, and unsaved.
    let at = text.find("prot").unwrap();
    editor.replace(&uri, at..at + 4, "port");
    assert_eq!(editor.diagnostics(&uri), []);
}

#[test]
fn a_variable_of_a_computed_value_is_checked_as_it_is_typed() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=8100\n")]);
    let mut editor = Editor::new(&machine, &project);
    let text = "[env]\nAPI_URL = \"http://localhost:${API_PROT}\"\n";
    let (result, message) =
        repaired(&mut editor, &project.path("port-manager.toml"), text, "Use API_PORT (8100)");
    assert_eq!(result, text.replace("PROT", "PORT"));
    assert!(message.contains("did you mean API_PORT?"), "{message}");
}
