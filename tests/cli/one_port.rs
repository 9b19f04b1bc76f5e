//! The commands about one port: `get`, `url`, `open` and `which`.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::home::{Home, unused_port};
use crate::process::ChildProcess;

fn shop() -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write(
        "shop/port-manager.toml",
        "[run.\"api\"]\nPORT = \"API_PORT\"\n\n[env]\nAPI_URL = \"http://localhost:${API_PORT}\"\n",
    );
    home.directory("shop/api");
    home
}

#[test]
fn get_prints_the_number_that_a_command_would_get() {
    let home = shop();
    for (directory, variable, expected) in [
        ("shop", "WEB_PORT", "8000\n"),
        ("shop/api", "PORT", "8100\n"),
        ("shop", "API_URL", "http://localhost:8100\n"),
    ] {
        let ran = home.run(directory, &["get", variable]);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), expected, ""));
    }
    assert_eq!(home.run("shop", &["get", "WEB_PORT", "--json"]).json()["port"], 8000);
    insta::assert_snapshot!(home.run("shop", &["get", "WEB_PROT"]).seen(&home), @r"
    --- stderr
    error: shop has no variable WEB_PROT
    help: Did you mean WEB_PORT?
    --- exit code 2
    ");
}

#[test]
fn a_project_is_named_by_its_name_or_a_directory() {
    let home = shop();
    home.directory("elsewhere");
    let printed = |arguments: &[&str]| {
        let ran = home.run("elsewhere", arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        ran.stdout
    };
    assert_eq!(printed(&["get", "WEB_PORT", "--project", "shop"]), "8000\n");
    assert_eq!(printed(&["get", "WEB_PORT", "--project", "../shop"]), "8000\n");
    // A directory in the project has tables of its own.
    assert_eq!(printed(&["get", "PORT", "--project", "../shop/api"]), "8100\n");
    assert_eq!(printed(&["url", "API_PORT", "--project", "shop"]), "http://localhost:8100/\n");
    assert_eq!(
        printed(&["env", "--project", "shop", "--format", "docker", "--only", "API_PORT"]),
        "API_PORT=8100\n"
    );
    let fine =
        |arguments: &[&str]| assert_eq!(home.run("elsewhere", arguments).code, Some(0), "{arguments:?}");
    fine(&["integrate", "--list", "--project", "shop"]);
    fine(&["set", "ADMIN_PORT=8002", "--project", "shop"]);
    assert!(home.read("shop/.ports.env").contains("ADMIN_PORT=8002"));
    fine(&["unset", "ADMIN_PORT", "--project", "shop"]);
    assert!(!home.read("shop/.ports.env").contains("ADMIN_PORT"));
}

#[test]
fn an_unknown_project_has_a_near_name_and_two_of_a_name_are_told_apart() {
    let home = shop();
    insta::assert_snapshot!(home.run("", &["get", "WEB_PORT", "--project", "shpo"]).seen(&home), @r"
    --- stderr
    error: no project 'shpo' is registered
    help: Did you mean shop?
    --- exit code 2
    ");
    // A directory here that is not the project of that name may be meant, too.
    home.directory("other/shop");
    insta::assert_snapshot!(home.run("other", &["get", "WEB_PORT", "--project", "shop"]).seen(&home), @r"
    --- stderr
    error: 2 projects are named 'shop'
    help: Name one by its path: ~/other/shop, ~/shop.
    --- exit code 2
    ");
    assert_eq!(
        home.run("other", &["get", "WEB_PORT", "--project", "./shop"]).code,
        Some(2),
        "it has no ports"
    );
    assert_eq!(home.run("", &["get", "WEB_PORT", "--project", "shop/"]).stdout, "8000\n");
    // A path needs no registry.
    home.write("config/registry.json", "{");
    assert_eq!(home.run("other", &["get", "WEB_PORT", "--project", "../shop"]).stdout, "8000\n");
}

#[test]
fn url_prints_an_address() {
    let home = shop();
    for (directory, arguments, expected) in [
        ("shop", &["url", "API_PORT", "--path", "/health"][..], "http://localhost:8100/health\n"),
        (
            "shop",
            &["url", "API_PORT", "--path", "a b?q=1#é%20"],
            "http://localhost:8100/a%20b?q=1#%C3%A9%20\n",
        ),
        ("shop", &["url", "--scheme", "https"], "https://localhost:8000/\n"),
        ("shop/api", &["url"], "http://localhost:8100/\n"),
    ] {
        let ran = home.run(directory, arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), expected), "{}", ran.stderr);
    }
    home.project("data", &[("DB_PORT", "db", 5400)]);
    insta::assert_snapshot!(home.run("data", &["url", "DB_PORT"]).seen(&home), @r"
    --- stderr
    error: DB_PORT is the port of a db service, which has no web address
    help: `port-manager get DB_PORT` prints its number. If it does speak HTTP, add `--scheme http`.
    --- exit code 2
    ");
    let ran = home.run("data", &["url", "DB_PORT", "--scheme", "http"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "http://localhost:5400/\n"), "{}", ran.stderr);
    home.write("shop/port-manager.toml", "[env]\nAPI_URL = \"http://localhost:${API_PORT}\"\n");
    insta::assert_snapshot!(home.run("shop", &["url", "API_URL"]).seen(&home), @r"
    --- stderr
    error: API_URL is not a port
    help: `port-manager get API_URL` prints its value.
    --- exit code 2
    ");
    home.project("two", &[("WEB_PORT", "web", 8000), ("ADMIN_PORT", "web", 8001)]);
    insta::assert_snapshot!(home.run("two", &["url"]).seen(&home), @r"
    --- stderr
    error: it is not clear which variable is meant
    help: Name one of ADMIN_PORT, WEB_PORT.
    --- exit code 2
    ");
}

#[test]
fn open_starts_the_browser_with_the_address() {
    let home = shop();
    home.write("browser", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$HOME/opened.part\"\nmv \"$HOME/opened.part\" \"$HOME/opened\"\n");
    std::fs::set_permissions(home.path("browser"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = "/a;touch pwned&b=$(id)";
    let mut command = home.command("shop", &["open", "WEB_PORT", "--path", path]);
    let output = command.env("BROWSER", home.path("browser")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    insta::assert_snapshot!(stderr, @r"
    warning: nothing listens on 8000 (WEB_PORT) yet
    Opening http://localhost:8000/a;touch%20pwned&b=$(id)
    ");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !home.path("opened").exists() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert_eq!(home.read("opened"), "http://localhost:8000/a;touch%20pwned&b=$(id)\n");
    assert!(!home.path("shop/pwned").exists());
}

#[test]
fn which_says_who_owns_a_port_and_who_listens() {
    let home = Home::new();
    let own = ChildProcess::server(&home.directory("shop"));
    let strange = ChildProcess::server(&home.directory("elsewhere"));
    home.project("shop", &[("WEB_PORT", "web", own.port), ("API_PORT", "api", strange.port)]);
    let program = std::env::current_exe().unwrap();
    let program = program.file_name().unwrap().to_str().unwrap();
    let seen = |port: &str, server: &ChildProcess| {
        let seen = home.run("shop", &["which", port]).seen(&home).replace(program, "server");
        seen.replace(&server.pid().to_string(), "<pid>").replace(&server.port.to_string(), "<port>")
    };
    insta::assert_snapshot!(seen("WEB_PORT", &own), @r"
    Port <port> belongs to WEB_PORT of shop (~/shop).
    Listening: server (<pid>).
    --- exit code 0
    ");
    insta::assert_snapshot!(seen(&format!(":{}", strange.port), &strange), @r"
    Port <port> belongs to API_PORT of shop (~/shop).
    Listening: server (<pid>) from ~/elsewhere.
    --- exit code 0
    ");
    let unused = unused_port().to_string();
    let ran = home.run("", &["which", &unused]);
    let expected = format!("Port {unused} belongs to no project.\nNothing listens on it.\n");
    assert_eq!((ran.code, ran.stdout), (Some(1), expected));
    let json = home.run("shop", &["which", "WEB_PORT", "--json"]).json();
    assert_eq!(
        (&json["owner"]["variable"], &json["listeners"][0]["pid"]),
        (&"WEB_PORT".into(), &own.pid().into())
    );
}

#[test]
fn a_number_that_no_variable_is_listed_with_gets_a_second_variable() {
    let home = Home::new();
    home.write("shop/.ports.env.example", "WEB_PORT=8080\n");
    home.write("shop/server.js", "require('http').createServer().listen(7001)\n");
    assert_eq!(home.run("", &["init", "shop"]).code, Some(0));
    let ran = home.run("shop", &["check", "--fix"]);
    assert_eq!(
        home.read("shop/server.js"),
        "require('http').createServer().listen(process.env.WEB_PORT_2 || 7001)\n"
    );
    assert!(
        home.read("shop/.ports.env.example").contains("WEB_PORT=8080\nWEB_PORT_2=7001\n"),
        "{}",
        ran.stderr
    );
    let again = home.run("shop", &["check"]);
    assert_eq!(again.code, Some(0), "{}", again.stdout);
}
