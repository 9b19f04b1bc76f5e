use super::*;

fn read(path: &str, text: &str) -> Option<StartFile> {
    StartFile::read(Path::new(path), text)
}

fn names(path: &str, text: &str) -> Vec<(String, bool)> {
    let starts = read(path, text).map(|file| file.starts).unwrap_or_default();
    starts.into_iter().map(|start| (start.name, start.loads)).collect()
}

#[test]
fn starts_are_found_by_what_people_type() {
    let package = r#"{"name": "dev", "scripts": {
        "dev": "vite", "build": "vite build", "start": "node --env-file-if-exists=.ports.env server.js",
        "dev:all": "npm run dev && turbo run dev", "serve": "port-manager run node x.js"}}"#;
    let expected =
        [("dev", false), ("start", true), ("serve", true)].map(|(name, loads)| (name.to_owned(), loads));
    assert_eq!(names("web/package.json", package), expected);
    let dev = &read("package.json", package).unwrap().starts[0];
    assert_eq!(&package[dev.span.start - 1..dev.span.end + 3], "\"dev\": ");

    let makefile =
        "PORT := 1\n\ndev: build ## all\n\t./run.sh\n\nlint:\n\teslint\n\nup:\n\tdocker compose up\n";
    assert_eq!(names("Makefile", makefile), [("dev".to_owned(), false)]);
    let justfile = "set dotenv-load\n\ndev port='1':\n    cargo run\n";
    assert_eq!(names("justfile", justfile), [("dev".to_owned(), false)]);
    assert_eq!(names("Procfile", "web: node a.js\n# no: x\nrelease:\n"), [("web".to_owned(), false)]);
    let launch = r#"{ // one
        "configurations": [
            {"type": "node", "request": "launch", "name": "API", "envFile": "${workspaceFolder}/.ports.env"},
            {"type": "chrome", "request": "launch", "name": "Page"},
            {"type": "node", "request": "attach", "name": "Attach"},
        ]}"#;
    assert_eq!(names(".vscode/launch.json", launch), [("API".to_owned(), true)]);
    assert_eq!(read("other/launch.json", launch), None);
    let tasks = r#"{ // two
        "tasks": [
            {"label": "Run the API", "type": "shell", "command": "node", "args": ["server.js", {"value": "x"}]},
            {"label": "api", "command": "node --env-file-if-exists=.ports.env x.js"},
            {"label": "watcher", "isBackground": true, "type": "process", "command": "node"},
            {"label": "dev", "type": "npm", "script": "dev"},
            {"label": "build", "type": "shell", "command": "tsc"},
            {"label": "start", "type": "shell", "command": "npm run start"},
        ]}"#;
    let expected = [("Run the API", false), ("api", true), ("watcher", false)];
    assert_eq!(names(".vscode/tasks.json", tasks), expected.map(|(name, loads)| (name.to_owned(), loads)));
    let file = read("api/.vscode/tasks.json", tasks).unwrap();
    assert_eq!(file.starts[0].command, "node server.js x");
    assert!(file.starts[0].in_terminal && !file.loads);
    assert_eq!(file.kind.directory(Path::new("api/.vscode/tasks.json")), Path::new("api"));
}

#[test]
fn a_file_that_names_ports_env_loads_it_and_a_comment_does_not() {
    let loads = |text: &str| read("Makefile", &format!("{text}\ndev:\n\t./x\n")).unwrap().loads;
    assert!(loads("-include .ports.env"));
    assert!(!loads("# -include .ports.env"));
    assert!(!loads("FILES := .ports.env.example"));
    assert!(read(".envrc", "dotenv_if_exists .ports.env\n").unwrap().loads);
    assert_eq!(read(".envrc", "dotenv\n"), None);
}

#[test]
fn turbo_passes_on_what_its_lists_name() {
    let passes = |text: &str| read("turbo.json", text).unwrap().passes;
    assert_eq!(passes(r#"{"pipeline": {"dev": {}}}"#), None);
    assert_eq!(passes(r#"{"envMode": "loose", "tasks": {}}"#), None);
    let text = r#"{"globalEnv": ["NODE_ENV"], "tasks": {"dev": {"passThroughEnv": ["*_PORT"]}, "build": {"env": ["X"]}}}"#;
    assert_eq!(passes(text).unwrap(), ["NODE_ENV", "*_PORT"]);
}
