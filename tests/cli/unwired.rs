//! `unwired-ports-env`, and the starts that `doctor` lists.

use crate::home::Home;

fn shop() -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/server.js", "require('http').createServer().listen(process.env.WEB_PORT || 8080)\n")
        .write(
            "shop/package.json",
            "{\n  \"scripts\": {\n    \"build\": \"esbuild\",\n    \"start\": \"node server.js\",\n    \"dev\": \"nodemon server.js\"\n  }\n}\n",
        );
    home.project("shop", &[("WEB_PORT", "web", 8003)]);
    home
}

fn findings(home: &Home) -> Vec<(String, String, String)> {
    let ran = home.run("shop", &["check", "--only", "unwired-ports-env", "--json"]);
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let lines = ran.json_lines();
    lines
        .iter()
        .map(|it| (format!("{}:{}", text(it, "path"), it["line"]), text(it, "grade"), text(it, "message")))
        .collect()
}

#[test]
fn a_start_that_loads_nothing_is_noted_once_a_file() {
    let home = shop();
    let found = findings(&home);
    assert_eq!(
        found,
        [(
            "package.json:4".to_owned(),
            "note".to_owned(),
            "the script start does not load `.ports.env`, and what it starts reads WEB_PORT: start it with `port-manager \
             run`, or run `port-manager integrate package-json`, with `--with-run` where not every Node is 22.9 or newer"
                .to_owned()
        )]
    );
    assert_eq!(home.run("shop", &["check"]).code, Some(0), "a note fails no build");
}

#[test]
fn what_is_wired_or_reads_nothing_is_silent() {
    let home = shop();
    home.write("shop/.envrc", "dotenv_if_exists .ports.env\n");
    assert_eq!(findings(&home), []);
    let home = shop();
    home.write("shop/server.js", "require('http').createServer().listen(0)\n");
    assert_eq!(findings(&home), []);
    let home = shop();
    std::fs::remove_file(home.path("shop/.ports.env")).unwrap();
    assert_eq!(findings(&home), [], "before init there is nothing to load");
}

#[test]
fn a_debugger_is_started_in_the_folder_that_has_its_configuration() {
    let home = shop();
    let launch = |console: &str| {
        format!(
            "{{\"configurations\": [\n  {{\"type\": \"node\", \"request\": \"launch\", \"name\": \"API\", \"console\": \"{console}\"}}\n]}}\n"
        )
    };
    home.write("shop/package.json", "{}").write("shop/.vscode/launch.json", launch("internalConsole"));
    let found = findings(&home);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, ".vscode/launch.json:2");
    assert!(found[0].2.starts_with("the configuration API does not load"), "{}", found[0].2);
    // The extension gives the ports to terminals.
    home.write("shop/.vscode/launch.json", launch("integratedTerminal")).write(
        "shop/.vscode/tasks.json",
        "{\"tasks\": [{\"label\": \"start\", \"type\": \"shell\", \"command\": \"node server.js\"}]}\n",
    );
    assert_eq!(findings(&home), []);
    let ran = home.run("shop", &["doctor"]);
    let start =
        "start: start (.vscode/tasks.json): in VS Code's terminal, which has the ports by the extension";
    assert!(ran.stdout.contains(start), "{}", ran.stdout);
}

#[test]
fn turbo_that_drops_the_variable_is_a_warning() {
    let home = shop();
    home.write("shop/turbo.json", "{\n  \"globalEnv\": [\"NODE_ENV\"],\n  \"tasks\": { \"dev\": {} }\n}\n");
    let found = findings(&home);
    let turbo: Vec<_> = found.iter().filter(|(at, ..)| at.starts_with("turbo.json")).collect();
    assert_eq!(turbo.len(), 1, "{found:?}");
    assert_eq!(turbo[0].1, "warning");
    let ran = home.run("shop", &["integrate", "turbo", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(findings(&home).iter().all(|(at, ..)| !at.starts_with("turbo.json")));
}

#[test]
fn doctor_lists_every_start_and_what_loads_the_file() {
    let home = shop();
    home.write("shop/Makefile", "-include .ports.env\n\ndev:\n\tnode server.js\n");
    let ran = home.run("shop", &["doctor"]);
    let starts: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("start: ")).collect();
    assert_eq!(
        starts,
        [
            "start: dev (Makefile): loads .ports.env",
            "start: start (package.json): only with `port-manager run`",
            "start: dev (package.json): only with `port-manager run`",
        ]
    );
    let note = "nothing loads .ports.env for the scripts start, dev of package.json, and what is started reads WEB_PORT";
    assert!(ran.stdout.contains(note), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("port-manager integrate package-json --with-run --project "),
        "{}",
        ran.stdout
    );
}

#[test]
fn doctor_recommends_no_compose_that_cannot_have_the_numbers() {
    let home = shop();
    home.write("shop/package.json", "{}").write(
        "shop/compose.yaml",
        "services:\n  web:\n    image: nginx\n    ports: [\"${WEB_PORT:-8080}:80\"]\n",
    );
    let doctor = home.run("shop", &["doctor"]).stdout;
    assert!(doctor.contains("load it by hand: git does not ignore .env"), "{doctor}");
    assert!(!doctor.contains("port-manager integrate compose"), "{doctor}");
}

#[test]
fn a_script_that_loads_the_file_wires_its_procfile() {
    let home = shop();
    home.write("shop/package.json", "{}")
        .write("shop/Procfile", "web: node server.js\napi: node server.js\n")
        .write("shop/bin/dev", "#!/bin/sh\nexec foreman start\n");
    let found = findings(&home);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].2.ends_with("integrate procfile` where a script such as `bin/dev` starts the processes"),
        "{found:?}"
    );
    let doctor = home.run("shop", &["doctor"]).stdout;
    assert!(doctor.contains("for the processes web, api of Procfile"), "{doctor}");
    assert_eq!(home.run("shop", &["integrate", "procfile", "--yes"]).code, Some(0));
    assert_eq!(findings(&home), []);
    let doctor = home.run("shop", &["doctor"]).stdout;
    assert!(doctor.contains("start: web (Procfile): bin/dev loads .ports.env\n"), "{doctor}");
}

#[test]
fn numbers_for_compose_wire_it_until_they_are_outdated() {
    let home = shop();
    home.write("shop/package.json", "{}").write("shop/.gitignore", ".ports.env\n.env\n").write(
        "shop/compose.yaml",
        "services:\n  web:\n    image: nginx\n    ports: [\"${WEB_PORT:-8080}:80\"]\n",
    );
    assert_eq!(findings(&home).len(), 1);
    assert_eq!(home.run("shop", &["integrate", "compose", "--yes"]).code, Some(0));
    assert!(home.read("shop/.env").contains("\nWEB_PORT=8003\n"));
    assert_eq!(
        home.run("shop", &["check", "--fail-on", "note"]).code,
        Some(0),
        "its own lines are no findings"
    );
    let doctor = home.run("shop", &["doctor"]).stdout;
    assert!(doctor.contains("start: compose.yaml: .env loads .ports.env\n"), "{doctor}");
    assert!(!doctor.contains("nothing loads"), "{doctor}");

    assert_eq!(home.run("shop", &["set", "WEB_PORT=8044"]).code, Some(0));
    let message = "WEB_PORT is 8044 in `.ports.env`, and docker compose reads 8003 here: run `port-manager integrate compose`";
    assert_eq!(findings(&home), [(".env:2".to_owned(), "warning".to_owned(), message.to_owned())]);
    assert_eq!(home.run("shop", &["integrate", "compose", "--yes"]).code, Some(0));
    assert!(home.read("shop/.env").contains("\nWEB_PORT=8044\n"));
    assert_eq!(findings(&home), []);
}

#[test]
fn doctor_says_that_only_run_sets_a_bare_port() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n").write("shop/package.json", "{}");
    for (name, port) in [("web", 3000), ("api", 4000)] {
        home.write(
            &format!("shop/{name}/package.json"),
            format!("{{\"name\": \"{name}\", \"scripts\": {{\"start\": \"node server.js\"}}}}\n"),
        )
        .write(&format!("shop/{name}/server.js"), format!("app.listen(process.env.PORT || {port})\n"));
    }
    assert_eq!(home.run("shop", &["init"]).code, Some(0));
    let doctor = home.run("shop", &["doctor"]).stdout;
    for name in ["api", "web"] {
        let start = format!("start: start ({name}/package.json): only with `port-manager run`\n");
        assert!(doctor.contains(&start), "{doctor}");
    }
    let listed = home.run("shop", &["integrate", "package-json", "--check"]);
    assert!(
        listed.stderr.contains("no script starts something that reads a port variable"),
        "{}",
        listed.stderr
    );
}
