//! Projects that nobody would write: each command ends, says what is wrong, and leaves no file half written.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::time::Duration;

use crate::home::Home;
use crate::special_files::{Kind, ran};
use crate::{names, times};

const SERVER: &str = "app.listen(3000);\n";

/// What looks at a project, and what changes it.
const COMMANDS: [&[&str]; 6] =
    [&["ports"], &["init", "--dry-run"], &["init"], &["check"], &["check", "--fix"], &["doctor"]];

/// A repository with a server, and with these files.
fn shop(files: &[(&str, String)]) -> Home {
    let home = Home::new();
    home.directory("shop/.git");
    home.write("shop/server.js", SERVER);
    files.iter().for_each(|(path, text)| {
        home.write(&format!("shop/{path}"), text);
    });
    home
}

/// Runs every command; what they said on standard error.
fn run_all(home: &Home) -> String {
    let mut said = String::new();
    for arguments in COMMANDS {
        let ran = ran(home, arguments);
        assert!(matches!(ran.code, Some(0..=2)), "{arguments:?}: {ran:?}");
        assert!(!ran.stderr.contains("panicked") && !ran.stderr.contains("bug"), "{arguments:?}: {ran:?}");
        said += &ran.stderr;
    }
    let left = names(&home.path("shop"));
    assert!(left.iter().all(|name| !name.ends_with(".tmp")), "{left:?}");
    said
}

/// Every command works, and the server has a variable in the end.
fn is_set_up(home: &Home) {
    run_all(home);
    assert_eq!(home.read("shop/server.js"), "app.listen(process.env.WEB_PORT || 3000);\n");
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn manifests_that_are_nested_without_end_keep_nobody_waiting() {
    is_set_up(&shop(&[
        ("package.json", nested("{\"a\":", "}", 100_000)),
        ("web/package.json", nested("[", "]", 100_000)),
        ("pyproject.toml", format!("a = {}", nested("[", "]", 100_000))),
        (
            "compose.yaml",
            (1..2_000).fold("services:\n".to_owned(), |text, depth| text + &" ".repeat(depth) + "a:\n"),
        ),
        ("docker-compose.yml", format!("services: {}", nested("{a: ", "}", 50_000))),
    ]));
}

#[test]
fn anchors_that_multiply_are_not_expanded() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let last = format!("*a{}", level - 1);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", [last.as_str(); 9].join(", "));
    }
    bomb += "services:\n  proxy:\n    image: nginx\n    volumes: *a11\n    ports: [\"8080:80\"]\n";
    is_set_up(&shop(&[("compose.yaml", bomb)]));
}

#[test]
fn a_manifest_that_is_too_large_is_named() {
    let dependencies: String = (0..300_000).fold(String::new(), |mut text, number| {
        let _ = write!(text, "\"package-{number}\": \"1.0.0\", ");
        text
    });
    let services: String = (0..70_000).fold("services:\n".to_owned(), |mut text, number| {
        let _ = write!(
            text,
            "  s{number}:\n    image: nginx\n    ports: [\"{}:80\"]\n",
            10_000 + number % 50_000
        );
        text
    });
    let home = shop(&[
        ("package.json", format!("{{\"dependencies\": {{{dependencies}\"vite\": \"7\"}}}}")),
        ("deploy/compose.yaml", services),
    ]);
    let said = run_all(&home);
    for name in ["package.json", "deploy/compose.yaml"] {
        assert!(said.contains(&format!("{name} was not read: larger than 1 MB")), "{name}: {said}");
    }
    assert_eq!(home.read("shop/server.js"), "app.listen(process.env.WEB_PORT || 3000);\n");
}

#[test]
fn names_with_control_characters_name_no_variable() {
    let home = shop(&[
        (
            "package.json",
            r#"{"name": "@a/\u001b[31mev\u202eil\n\u0000", "scripts": {"dev\u001b[2J": "next dev"}}"#
                .to_owned(),
        ),
        (
            "web/package.json",
            r#"{"name": "../../../etc/\u0007passwd", "scripts": {"dev": "next dev"}}"#.to_owned(),
        ),
    ]);
    let said = run_all(&home);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{7}'), "{said:?}");
    let example = home.read("shop/.ports.env.example");
    assert!(example.lines().all(|line| line.starts_with('#') || line.contains("PORT=")), "{example}");
}

#[test]
fn nothing_outside_of_the_project_is_looked_at() {
    let home = shop(&[
        ("package.json", r#"{"workspaces": ["../../..", "/etc/*", "../outside"]}"#.to_owned()),
        ("pnpm-workspace.yaml", "packages:\n  - \"../..\"\n".to_owned()),
        (
            "compose.yaml",
            "services:\n  web:\n    build: ../../..\n    volumes: [\"../../../..:/x\"]\n".to_owned(),
        ),
    ]);
    home.write("outside/package.json", "{\"name\": \"outside\"}")
        .write("outside/server.js", "app.listen(4000);\n");
    symlink("../outside", home.path("shop/linked")).unwrap();
    symlink("../../outside/package.json", home.directory("shop/web").join("package.json")).unwrap();
    symlink(".", home.path("shop/loop")).unwrap();
    is_set_up(&home);
    assert_eq!(names(&home.path("outside")), ["package.json", "server.js"]);
    assert_eq!(home.read("outside/server.js"), "app.listen(4000);\n");
    assert!(!home.read("shop/.ports.env").contains("4000"));
}

#[test]
fn manifests_without_an_end_keep_nobody_waiting() {
    let home = shop(&[]);
    for name in ["package.json", "compose.yaml", "Procfile", "Dockerfile", "web/package.json"] {
        Kind::Fifo.make(&home.path(&format!("shop/{name}")));
    }
    Kind::LinkToZero.make(&home.path("shop/api/package.json"));
    is_set_up(&home);
}

#[test]
fn components_that_contradict_each_other_get_a_variable_each() {
    let package = |name: &str, script: &str| {
        format!("{{\"name\": \"{name}\", \"scripts\": {{\"dev\": \"{script}\"}}}}")
    };
    let reads = |number: u16| format!("app.listen(process.env.PORT || {number});\n");
    let home = shop(&[
        ("package.json", package("web", "next dev -p 3001")),
        ("Procfile", "web: next dev -p 3002\nweb: node packages/a/index.js\n".to_owned()),
        ("packages/a/package.json", package("web", "node index.js")),
        ("packages/a/index.js", reads(4000)),
        ("packages/b/package.json", package("web", "node index.js")),
        ("packages/b/index.js", reads(4001)),
        ("packages/b/inner/go.mod", "module inner\n".to_owned()),
        ("packages/b/inner/index.js", "app.listen(4000);\n".to_owned()),
        (
            "compose.yaml",
            "services:\n  a:\n    build: ../..\n    depends_on: [b]\n    ports: [\"4000:4000\"]\n  b:\n    build: ./packages/a\n    depends_on: [a]\n    ports: [\"4000:4001\"]\n".to_owned(),
        ),
    ]);
    run_all(&home);
    let given = home.read("shop/.ports.env");
    let lines: Vec<&str> = given.lines().filter(|line| line.contains("_PORT=")).collect();
    let mut numbers: Vec<&str> = lines.iter().filter_map(|line| line.split('=').nth(1)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), lines.len(), "no two variables share a number: {given}");
    // Both packages are called `web`, and each has a `PORT` of its own.
    let settings = home.read("shop/port-manager.toml");
    for directory in ["packages/a", "packages/b"] {
        assert!(settings.contains(&format!("[run.\"{directory}\"]")), "{settings}");
    }
}

#[test]
fn a_run_table_for_a_directory_that_is_not_there_harms_nobody() {
    let home = shop(&[("port-manager.toml", "[run.\"packages/none\"]\nPORT = \"WEB_PORT\"\n".to_owned())]);
    is_set_up(&home);
}

#[test]
fn a_table_that_is_there_twice_stops_what_writes_and_is_named() {
    let tables = "[run.\"web\"]\nPORT = \"A_PORT\"\n[run.\"web\"]\nPORT = \"B_PORT\"\n";
    let home = shop(&[("port-manager.toml", tables.to_owned())]);
    let said = run_all(&home);
    assert!(said.contains("port-manager.toml:3:"), "{said}");
    assert_eq!(home.read("shop/server.js"), SERVER);
    assert_eq!(home.read("shop/port-manager.toml"), tables);
    assert_eq!(names(&home.path("shop")), [".git", "port-manager.toml", "server.js"]);
}

#[test]
fn a_project_in_which_no_file_parses_is_looked_at() {
    let broken: Vec<(String, String)> = (0..20)
        .map(|number| (format!("file{number}.js"), "app.listen(3000 {{{ ((( \"\n".repeat(20)))
        .chain([
            ("x.json".to_owned(), "{{{{ \"port\": 3000".to_owned()),
            ("x.yaml".to_owned(), "a: [\n b: }\n".to_owned()),
        ])
        .collect();
    let home = Home::new();
    home.directory("shop/.git");
    broken.iter().for_each(|(path, text)| {
        home.write(&format!("shop/{path}"), text);
    });
    run_all(&home);
    for (path, text) in &broken {
        assert_eq!(home.read(&format!("shop/{path}")), *text, "{path}");
    }
}

#[test]
fn a_project_of_twenty_thousand_files_is_answered_for() {
    let home = shop(&[]);
    let count = times(2_000, 20_000);
    for number in 0..count {
        home.write(&format!("shop/src/{}/file{number}.js", number % 200), format!("fetch('/{number}');\n"));
    }
    home.write("shop/src/0/client.js", "fetch('http://localhost:3000/');\n");
    is_set_up(&home);
    assert!(home.read("shop/src/0/client.js").contains("WEB_PORT"));
}

/// Work that grows with the square of what a project has would take minutes here.
#[test]
fn thousands_of_ports_and_components_take_no_longer_than_they_should() {
    let count = times(200, 5_000);
    let procfile = "web: next dev\n".repeat(10 * count);
    let services: String = (0..count).fold("services:\n".to_owned(), |mut text, number| {
        let _ = write!(text, "  s{number}:\n    image: nginx\n    ports: [\"{}:80\"]\n", 10_000 + number);
        text
    });
    let home = shop(&[("Procfile", procfile), ("deploy/compose.yaml", services)]);
    for number in 0..count {
        let package = format!("shop/packages/p{number}");
        home.write(&format!("{package}/package.json"), "{\"name\": \"web\"}");
        home.write(&format!("{package}/a/b/index.js"), "app.listen(process.env.PORT || 3000);\n");
    }
    run_all(&home);
}

#[test]
fn a_fix_that_is_killed_leaves_whole_files_and_the_next_completes() {
    let fixed = "app.listen(process.env.WEB_PORT || 3000);\n";
    let others: Vec<(String, String)> =
        (0..40).map(|number| (format!("client{number}.js"), number.to_string())).collect();
    let before = |number: &str| format!("// {number}\nfetch('http://localhost:3000/');\n");
    let after = |number: &str| {
        format!("// {number}\nfetch(`http://localhost:${{process.env.WEB_PORT || 3000}}/`);\n")
    };
    for round in 0..times(6, 200) {
        let home = shop(&[]);
        others.iter().for_each(|(path, number)| {
            home.write(&format!("shop/{path}"), before(number));
        });
        assert_eq!(ran(&home, &["init"]).code, Some(0));
        let mut fixing = home.command("shop", &["check", "--fix"]).spawn().unwrap();
        // Another moment each time; nothing is waited for.
        std::thread::sleep(Duration::from_micros(round as u64 * 7_919 % 60_000));
        fixing.kill().unwrap();
        fixing.wait().unwrap();
        for (path, number) in &others {
            let text = home.read(&format!("shop/{path}"));
            assert!(text == before(number) || text == after(number), "round {round}: {path}: {text}");
        }
        let again = ran(&home, &["check", "--fix"]);
        assert_eq!(again.code, Some(0), "round {round}: {again:?}");
        assert_eq!(home.read("shop/server.js"), fixed);
        for (path, number) in &others {
            assert_eq!(home.read(&format!("shop/{path}")), after(number), "round {round}");
        }
    }
}
