//! What others change is seen in every open file.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

use crate::support::editor::{Editor, initialize_params, modern};
use crate::support::machine::{Machine, Project, unused_port_in};
use crate::support::wire::{DEADLINE, Wire};

/// An editor with a file open that reads a variable which nothing defines.
fn reads_an_unset_variable(capabilities: Value) -> (Machine, Project, Editor, lsp::Uri) {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=8100\n")]);
    let mut editor = Editor::with(&machine, &project, capabilities);
    let uri = editor.open(&project.path("server.js"), "app.listen(process.env.WEB_PORT);\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "WEB_PORT unset-port-variable Warning");
    (machine, project, editor, uri)
}

#[test]
fn the_client_is_asked_to_watch_the_files_that_matter() {
    let (machine, _, mut editor, _) = reads_an_unset_variable(modern());
    let mut params = editor.wire.wait_for_notification("client/registerCapability", |_| true);
    let registration = params["registrations"][0].take();
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let directory = lsp::Uri::from_directory_path(machine.config_directory()).unwrap();
    assert_eq!(
        registration["registerOptions"]["watchers"],
        json!([
            {"globPattern": "**/*"},
            {"globPattern": "**/.*"},
            {"globPattern": {"baseUri": directory, "pattern": "registry.json"}},
            {"globPattern": {"baseUri": directory, "pattern": "config.toml"}}
        ])
    );
}

#[test]
fn a_change_that_the_client_tells_of_is_seen() {
    let (_machine, project, mut editor, uri) = reads_an_unset_variable(modern());
    // Not among the files that the server looks at by itself.
    project.write(".env", "WEB_PORT=8000\n");
    let changed = lsp::Uri::from_file_path(project.path(".env")).unwrap();
    editor.wire.notify::<lsp::DidChangeWatchedFilesNotification>(lsp::DidChangeWatchedFilesParams {
        changes: vec![lsp::FileEvent { uri: changed, kind: lsp::FileChangeType::Created }],
    });
    editor.diagnostics_until(&uri, <[_]>::is_empty);
}

#[test]
fn a_change_of_ports_env_that_nobody_tells_of_is_seen() {
    let (_machine, project, mut editor, uri) = reads_an_unset_variable(json!({}));
    project.write(".ports.env", "WEB_PORT=8000\n");
    editor.diagnostics_until(&uri, <[_]>::is_empty);
    project.write(".ports.env", "WEB_PART=8000\n");
    editor.diagnostics_until(&uri, |found| !found.is_empty());
}

#[test]
fn a_change_of_the_registry_that_nobody_tells_of_is_seen() {
    let machine = Machine::new();
    let other = machine.project("other", &[(".ports.env", "WEB_PORT=8000\n")]);
    let files = [(".gitignore", ".ports.env\n"), (".ports.env", "WEB_PORT=8000\n")];
    let project = machine.project("shop", &files);
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = editor.open(&project.path(".ports.env"), "WEB_PORT=8000\n");
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "WEB_PORT=8000 unregistered-port Warning");

    // Another editor, in another project.
    let mut elsewhere = Editor::new(&machine, &other);
    elsewhere.execute("port-manager.init", vec![]).unwrap();
    let is_conflict = |found: &lsp::Diagnostic| found.code == Some("port-conflict".to_owned().into());
    let found = editor.diagnostics_until(&uri, |found| found.iter().any(is_conflict));
    assert_eq!(editor.describe(&uri, &found), "WEB_PORT=8000 port-conflict Warning");
}

/// The titles of the fixes for the port that the document begins with, as soon as one of them is as wanted.
fn fixes_until(editor: &mut Editor, uri: &lsp::Uri, wanted: &str) -> Vec<lsp::CodeAction> {
    let begun = Instant::now();
    loop {
        let actions = editor.code_actions(uri, "app.listen(".len());
        if actions.iter().any(|action| action.title == wanted) {
            return actions;
        }
        let titles: Vec<&String> = actions.iter().map(|action| &action.title).collect();
        assert!(begun.elapsed() < DEADLINE, "{wanted} is not among {titles:?}");
    }
}

#[test]
fn a_change_of_the_settings_that_nobody_tells_of_is_seen() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "")]);
    let port = unused_port_in(9210..=9299);
    let mut editor = Editor::new(&machine, &project);
    let text = format!("app.listen({port});\n");
    let uri = editor.open(&project.path("server.js"), &text);
    editor.diagnostics(&uri);
    fixes_until(&mut editor, &uri, &format!("Register {port} as WEB_PORT and use it"));

    fs::create_dir_all(machine.config_directory()).unwrap();
    let config = machine.config_directory().join("config.toml");
    fs::write(&config, format!("avoid = [{port}]\n[ranges]\nsearch = \"9200-9299\"\n")).unwrap();
    let wanted = format!("Register {port} as SEARCH_PORT and use it");
    let actions = fixes_until(&mut editor, &uri, &wanted);
    editor.apply(actions.into_iter().find(|action| action.title == wanted).unwrap());
    let given = machine.registry()["projects"][project.root.to_str().unwrap()]["ports"]["SEARCH_PORT"].take();
    assert_eq!(given["service"], "search");
    let number = given["port"].as_u64().unwrap();
    assert!((9200..=9299).contains(&number) && number != u64::from(port), "{given}");

    let settings = editor.execute("port-manager.config", vec![]).unwrap();
    assert_eq!(
        (&settings["types"][8]["service"], &settings["avoid"][0]["first"]),
        (&json!("search"), &json!(port))
    );

    fs::write(&config, "avoid = 1\n").unwrap();
    let is_about_it = |params: &Value| params["message"].as_str().unwrap().contains("config.toml:1:9: ");
    editor.wire.wait_for_notification("window/showMessage", is_about_it);
    let refused = editor.execute("port-manager.get-port", vec![json!({"service": "web"})]).unwrap_err();
    assert!(format!("{refused:?}").contains("config.toml:1:9: "), "{refused:?}");
}

const PROXY: &str = "server { listen 8080; }\n";

/// Puts the proxy's configuration into a container.
const MOUNTS: &str =
    "services:\n  proxy:\n    image: nginx\n    volumes: [./dev/nginx.conf:/etc/nginx/nginx.conf]\n";

/// An editor with the configuration of a proxy open, which is a warning as long as it runs on this machine.
fn opens_a_proxy(files: &[(&str, &str)], capabilities: Value) -> (Machine, Project, Editor, lsp::Uri) {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "WEB_PORT=8000\n"), ("dev/nginx.conf", PROXY)]);
    files.iter().for_each(|(path, text)| project.write(path, text));
    let mut editor = Editor::with(&machine, &project, capabilities);
    let uri = editor.open(&project.path("dev/nginx.conf"), PROXY);
    let found = editor.diagnostics(&uri);
    assert_eq!(editor.describe(&uri, &found), "8080 hardcoded-port Warning");
    (machine, project, editor, uri)
}

/// Waits until the proxy's port is that serious.
fn until(editor: &mut Editor, uri: &lsp::Uri, severity: lsp::DiagnosticSeverity) {
    let is_so = |found: &[lsp::Diagnostic]| found.iter().all(|it| it.severity == Some(severity));
    editor.diagnostics_until(uri, |found| !found.is_empty() && is_so(found));
}

/// Tells the server that these files of the project were changed.
fn tell(editor: &mut Editor, project: &Project, kind: lsp::FileChangeType, paths: &[&str]) {
    let event =
        |path: &&str| lsp::FileEvent { uri: lsp::Uri::from_file_path(project.path(path)).unwrap(), kind };
    let changes = paths.iter().map(event).collect();
    editor
        .wire
        .notify::<lsp::DidChangeWatchedFilesNotification>(lsp::DidChangeWatchedFilesParams { changes });
}

/// The hover at an offset, as soon as it has the text.
fn hover_until(editor: &mut Editor, uri: &lsp::Uri, offset: usize, text: &str) -> String {
    let started = Instant::now();
    loop {
        let hover = editor.hover(uri, offset).map(|(_, hover)| hover).unwrap_or_default();
        if hover.contains(text) {
            return hover;
        }
        assert!(started.elapsed() < DEADLINE, "no {text} in {hover}");
    }
}

#[test]
fn a_file_that_nobody_has_open_decides_over_one_that_is() {
    let (_machine, project, mut editor, uri) = opens_a_proxy(&[], modern());
    project.write("compose.yaml", MOUNTS);
    tell(&mut editor, &project, lsp::FileChangeType::Created, &["compose.yaml"]);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Hint);
    fs::remove_file(project.path("compose.yaml")).unwrap();
    tell(&mut editor, &project, lsp::FileChangeType::Deleted, &["compose.yaml"]);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Warning);
}

#[test]
fn files_that_no_client_watches_are_looked_at() {
    let (_machine, project, mut editor, uri) = opens_a_proxy(&[], json!({}));
    project.write("compose.yaml", MOUNTS);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Hint);
    fs::rename(project.path("compose.yaml"), project.path("compose.yaml.old")).unwrap();
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Warning);
}

#[test]
fn an_open_text_counts_before_the_disks_until_it_is_closed() {
    let (_machine, project, mut editor, uri) = opens_a_proxy(&[("compose.yaml", "services: {}\n")], modern());
    let compose = editor.open(&project.path("compose.yaml"), MOUNTS);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Hint);
    editor.close(&compose);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Warning);

    let unsaved = editor.open(&project.path("docker-compose.yml"), MOUNTS);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Hint);
    editor.close(&unsaved);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Warning);
}

#[test]
fn what_a_list_ignores_from_now_on_decides_nothing() {
    let (_machine, project, mut editor, uri) = opens_a_proxy(&[("deploy/compose.yaml", "")], modern());
    let mounts = MOUNTS.replace("./dev", "../dev");
    project.write("deploy/compose.yaml", &mounts);
    tell(&mut editor, &project, lsp::FileChangeType::Changed, &["deploy/compose.yaml"]);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Hint);
    project.write(".gitignore", "deploy/\n");
    tell(&mut editor, &project, lsp::FileChangeType::Created, &[".gitignore"]);
    until(&mut editor, &uri, lsp::DiagnosticSeverity::Warning);
}

#[test]
fn a_checkout_of_hundreds_of_files_is_one_change() {
    let (_machine, project, mut editor, uri) = opens_a_proxy(&[], modern());
    let names: Vec<String> = (0..300).map(|number| format!("src/file{number}.js")).collect();
    for (number, name) in names.iter().enumerate() {
        project.write(name, &format!("app.listen({});\n", 4_000 + number));
    }
    project.write("compose.yaml", MOUNTS);
    let paths: Vec<&str> = names.iter().map(String::as_str).chain(["compose.yaml"]).collect();
    // Clients report a burst in several messages.
    paths.chunks(50).for_each(|paths| tell(&mut editor, &project, lsp::FileChangeType::Created, paths));
    let is_about_proxy = |params: &Value| params["uri"] == uri.as_str();
    let first = editor.wire.wait_for_notification("textDocument/publishDiagnostics", is_about_proxy);
    assert_eq!(first["diagnostics"][0]["severity"], json!(lsp::DiagnosticSeverity::Hint));
}

#[test]
fn a_server_that_appears_on_disk_is_named_where_its_client_is_open() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "WEB_PORT=8000\n")]);
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("client.js"), "fetch('http://localhost:3000/');\n");
    project.write("api/server.js", "app.listen(3000);\n");
    tell(&mut editor, &project, lsp::FileChangeType::Created, &["api/server.js"]);
    hover_until(&mut editor, &uri, 25, "Listens: [`api/server.js:1`]");
    // A directory is all that some clients tell of.
    fs::rename(project.path("api"), project.path("backend")).unwrap();
    tell(&mut editor, &project, lsp::FileChangeType::Deleted, &["api"]);
    tell(&mut editor, &project, lsp::FileChangeType::Created, &["backend"]);
    hover_until(&mut editor, &uri, 25, "Listens: [`backend/server.js:1`]");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_opened_through_a_link_is_on_the_map_once() {
    let machine = Machine::new();
    let client = "fetch('http://localhost:3000/');\n";
    let files = [(".ports.env", ""), ("client.js", client), ("server.js", "app.listen(3000);\n")];
    let project = machine.project("shop", &files);
    let link = project.root.with_file_name("link");
    std::os::unix::fs::symlink(&project.root, &link).unwrap();
    let project = Project { root: link };
    let mut editor = Editor::new(&machine, &project);
    let uri = editor.open(&project.path("client.js"), client);
    let hover = hover_until(&mut editor, &uri, 25, "Listens: [`server.js:1`]");
    assert!(!hover.contains("Connects"), "{hover}");
}

/// Every look of the server at the file system is counted, by strace.
#[cfg(target_os = "linux")]
#[test]
fn a_keystroke_touches_no_file() {
    const KEYSTROKES: usize = 300;
    let machine = Machine::new();
    let files = [(".ports.env", "WEB_PORT=8000\n"), ("client.js", "fetch('http://localhost:3000/');\n")];
    let project = machine.project("shop", &files);
    let log = project.root.with_file_name("strace.log");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=%file,getdents64", "-o"]).arg(&log);
    let is_possible = traced.arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !is_possible {
        println!("NOT POSSIBLE HERE: strace is missing, or may trace nothing");
        return;
    }
    let binary = machine.command();
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", "trace=%file,getdents64", "-o"]).arg(&log);
    command.arg(binary.get_program()).arg("lsp");
    for (name, value) in binary.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut wire = Wire::start(command);
    wire.watches_files = true;
    let mut editor = Editor::initialized(wire, initialize_params(&project, modern()));
    let uri = editor.open(&project.path("server.js"), "app.listen(3000);\n");
    hover_until(&mut editor, &uri, 12, "Connects");
    let looks = || fs::read_to_string(&log).unwrap().lines().count();
    let before = looks();
    for _ in 0..KEYSTROKES {
        editor.replace(&uri, 0..0, " ");
        editor.diagnostics(&uri);
    }
    let looks = looks() - before;
    // Now and then it looks whether its client still runs.
    assert!(looks < KEYSTROKES, "{looks} for {KEYSTROKES} keystrokes");
}

#[test]
fn settings_that_a_request_notices_are_applied_to_open_files() {
    let machine = Machine::new();
    let project = machine.project("shop", &[(".ports.env", "API_PORT=8100\n")]);
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = editor.open(&project.path("server.js"), "app.listen(8080);\n");
    editor.diagnostics_until(&uri, |found| !found.is_empty());
    // Whatever notices it first, the server's own look or one of these requests, the file is judged again.
    for round in 0..5 {
        let severity = if round % 2 == 0 { "off" } else { "warning" };
        project.write("port-manager.toml", &format!("[severity]\nhardcoded-port = \"{severity}\"\n"));
        editor.hover(&uri, 12);
        editor.diagnostics_until(&uri, |found| found.is_empty() == (severity == "off"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_project_is_not_walked_when_nothing_of_it_is_open() {
    let machine = Machine::new();
    let files = [(".ports.env", "API_PORT=8100\n"), ("web/server.js", "app.listen(8080);\n")];
    let project = machine.project("shop", &files);
    let other = machine.project("other", &[(".ports.env", "WEB_PORT=8200\n")]);
    // A client that watches no files, so that the server looks at them itself.
    let mut editor = Editor::with(&machine, &project, json!({}));
    let uri = editor.open(&project.path("web/server.js"), "app.listen(8080);\n");
    editor.diagnostics_until(&uri, |found| !found.is_empty());
    let elsewhere = editor.open(&other.path("server.js"), "app.listen(8080);\n");
    editor.diagnostics_until(&elsewhere, |found| !found.is_empty());
    let mut walks = Walks::of(&[&project.root, &other.root]);
    walks.wait_until("both projects are walked", |walked| walked.contains(&0) && walked.contains(&1));

    // The directory becomes a project of its own, so that the first one has no document any more.
    project.write("web/.ports.env", "WEB_PORT=8300\n");
    walks.wait_until("only the other project is walked", |walked| walked.ends_with(&[1, 1, 1]));

    editor.close(&elsewhere);
    let again = editor.open(&project.path("api.js"), "app.listen(8080);\n");
    editor.diagnostics_until(&again, |found| !found.is_empty());
    walks.wait_until("only the first project is walked", |walked| walked.ends_with(&[0, 0, 0]));
}

/// Which of some directories are listed, in order.
#[cfg(target_os = "linux")]
struct Walks(std::sync::mpsc::Receiver<usize>);

#[cfg(target_os = "linux")]
impl Walks {
    fn of(directories: &[&std::path::Path]) -> Self {
        use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
        let events = init(CreateFlags::empty()).unwrap();
        let watch = |directory: &&std::path::Path| add_watch(&events, *directory, WatchFlags::OPEN).unwrap();
        let watches: Vec<i32> = directories.iter().map(watch).collect();
        let (sender, receiver) = std::sync::mpsc::channel();
        // It ends with the test's process.
        std::thread::spawn(move || {
            let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
            let mut reader = Reader::new(events, &mut buffer);
            while let Ok(event) = reader.next() {
                let directory = watches.iter().position(|watch| *watch == event.wd());
                // The directory itself, not a file in it.
                if let Some(directory) = directory.filter(|_| event.file_name().is_none()) {
                    let _ = sender.send(directory);
                }
            }
        });
        Self(receiver)
    }

    /// Waits until that is so of the directories that are listed from now on, the latest at the end.
    fn wait_until(&mut self, what: &str, is_so: impl Fn(&[usize]) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        self.0.try_iter().for_each(drop);
        let mut walked = Vec::new();
        while !is_so(&walked) {
            let left = deadline.saturating_duration_since(Instant::now());
            let directory = self.0.recv_timeout(left);
            walked.push(directory.unwrap_or_else(|_| panic!("not so that {what}: {walked:?}")));
        }
    }
}
