//! `port-manager status` and `port-manager show`

use crate::home::{Home, unused_port};
use crate::process::ChildProcess;

#[test]
fn every_port_is_shown_with_who_listens_there() {
    let home = Home::new();
    let own = ChildProcess::server(&home.directory("shop"));
    let other = ChildProcess::server(&home.directory("blog"));
    let strange = ChildProcess::server(&home.directory("elsewhere"));
    home.project(
        "shop",
        &[("WEB_PORT", "web", own.port), ("API_PORT", "api", other.port), ("DB_PORT", "db", strange.port)],
    );
    let unused = unused_port();
    home.project("blog", &[("WEB_PORT", "web", unused)]);
    let ran = home.run("", &["status"]);
    let program = std::env::current_exe().unwrap();
    let mut seen = ran.seen(&home).replace(program.file_name().unwrap().to_str().unwrap(), "server");
    let servers = [(&own, "11111", "OWN"), (&other, "22222", "OTHER"), (&strange, "33333", "STRANGE")];
    for (server, port, pid) in servers {
        seen = seen
            .replace(&server.port.to_string(), port)
            .replace(&format!("({})", server.pid()), &format!("({pid})"));
    }
    seen = seen.replace(&unused.to_string(), "44444");
    // The ports were whatever the system gave: their order is not ours to say.
    let mut lines: Vec<&str> = seen.lines().collect();
    lines[2..5].sort_unstable();
    insta::assert_snapshot!(lines.join("\n"), @r"
     PORT  PROJECT  VARIABLE  SERVICE  LISTENING
    44444  blog     WEB_PORT  web      -
    11111  shop     WEB_PORT  web      server (OWN)
    22222  shop     API_PORT  api      server (OTHER) from project blog
    33333  shop     DB_PORT   db       server (STRANGE) from ~/elsewhere
    --- stderr

    4 ports of 2 projects; 3 in use, 2 of them by somebody else
    --- exit code 0
    ");
}

#[test]
fn checkouts_of_one_name_are_told_apart() {
    let home = Home::new();
    home.project("first/shop", &[("WEB_PORT", "web", 8000)]);
    home.project("second/shop", &[("WEB_PORT", "web", 8001)]);
    home.project("blog", &[("WEB_PORT", "web", 8002)]);
    let ran = home.run("", &["status"]);
    let projects = ran.stdout.lines().skip(1).map(|line| line.split_whitespace().nth(1).unwrap());
    assert_eq!(projects.collect::<Vec<_>>(), ["blog", "first/shop", "second/shop"]);
}

#[test]
fn json_tells_whose_a_listener_is() {
    let home = Home::new();
    let own = ChildProcess::server(&home.directory("shop/web"));
    let other = ChildProcess::server(&home.directory("blog"));
    let shop = home.project("shop", &[("WEB_PORT", "web", own.port), ("API_PORT", "api", other.port)]);
    let blog = home.project("blog", &[]);
    let ran = home.run("", &["status", "--json"]);
    let status = ran.json();
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(0), "\n2 ports of 1 project; 2 in use, 1 of them by somebody else\n")
    );
    let listener_of = |variable: &str| {
        let ports = status["ports"].as_array().unwrap();
        let port = ports.iter().find(|port| port["variable"] == variable).unwrap();
        assert_eq!(port["root"], shop.to_str().unwrap());
        assert_eq!(port["listeners"].as_array().unwrap().len(), 1);
        port["listeners"][0].clone()
    };
    let listener = listener_of("WEB_PORT");
    assert_eq!((&listener["pid"], &listener["is_foreign"]), (&own.pid().into(), &false.into()));
    assert_eq!(listener["addresses"][0], "127.0.0.1");
    let listener = listener_of("API_PORT");
    assert_eq!((&listener["pid"], &listener["is_foreign"]), (&other.pid().into(), &true.into()));
    assert_eq!(listener["root"], blog.to_str().unwrap());
}

#[test]
fn an_empty_registry_has_nothing_to_show() {
    let home = Home::new();
    insta::assert_snapshot!(home.run("", &["status"]).seen(&home), @r"
    --- stderr
    No ports are registered.
    help: Run `port-manager init` in a project's directory.
    --- exit code 1
    ");
    let ran = home.run("", &["status", "--json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.json()["ports"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_project_is_shown_by_name_by_path_and_from_within() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write("shop/src/x", "").write("shop/.ports.env", "WEB_PORT=8001\n");
    let by_name = home.run("", &["show", "shop"]);
    insta::assert_snapshot!(by_name.seen(&home), @r"
    VARIABLE  PORT  SERVICE  .PORTS.ENV
    API_PORT  8100  api      not there
    WEB_PORT  8000  web      says 8001
    --- stderr

    shop in ~/shop
    --- exit code 0
    ");
    for (directory, arguments) in [("shop/src", &["show"][..]), ("", &["show", "shop/src"])] {
        assert_eq!(home.run(directory, arguments).stdout, by_name.stdout);
    }
}

#[test]
fn a_project_that_is_not_registered_is_no_failure() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    insta::assert_snapshot!(home.run("", &["show", "shpo"]).seen(&home), @r"
    --- stderr
    error: no project 'shpo' is registered
    help: Did you mean shop?
    --- exit code 1
    ");
}

#[test]
fn a_container_has_a_registry_of_its_own_and_says_so() {
    let home = Home::new();
    let said = |arguments: &[&str]| {
        let mut command = home.command("", arguments);
        command.env_remove("PORT_MANAGER_CONFIG_DIR").env("container", "podman");
        let output = command.output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    for command in ["status", "doctor"] {
        let said = said(&[command]);
        assert!(said.contains("belongs to the container and not to its host"), "{said}");
    }
    assert!(!home.run("", &["status"]).stderr.contains("container"), "a registry that is named is known");
}

#[test]
fn only_the_ports_that_are_asked_for_are_shown() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("DB_PORT", "db", 5400)]);
    home.project("blog", &[("WEB_PORT", "web", 8001)]);
    let shown = |directory: &str, arguments: &[&str]| {
        let ran = home.run(directory, &[&["status", "--json"], arguments].concat());
        let ports = ran.json()["ports"].as_array().unwrap().clone();
        let numbers: Vec<u64> = ports.iter().map(|port| port["port"].as_u64().unwrap()).collect();
        (ran.code.unwrap(), numbers)
    };
    assert_eq!(shown("", &["--project", "shop"]), (0, vec![5400, 8000]));
    assert_eq!(shown("", &["--project", "blog", "--type", "web"]), (0, vec![8001]));
    assert_eq!(shown("", &["--type", "web"]), (0, vec![8001, 8000]));
    assert_eq!(shown("shop", &["--port", ":8001", "--port", "DB_PORT"]), (0, vec![8001, 5400]));
    assert_eq!(shown("", &["--type", "queue"]), (1, vec![]));
    let ran = home.run("", &["status", "--type", "queue"]);
    assert_eq!(ran.stderr, "None of these ports is registered.\n");
    insta::assert_snapshot!(home.run("", &["status", "--project", "shpo"]).seen(&home), @r"
    --- stderr
    error: no project 'shpo' is registered
    help: Did you mean shop?
    --- exit code 1
    ");
}

#[test]
fn show_says_where_there_is_no_project() {
    let home = Home::new();
    home.directory("empty/.git");
    insta::assert_snapshot!(home.run("empty", &["show"]).seen(&home), @r"
    --- stderr
    ~/empty is not a registered project.
    help: Run `port-manager init` there; `port-manager status` lists the projects.
    --- exit code 1
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn watch_shows_a_server_that_starts() {
    let home = Home::new();
    let port = unused_port();
    home.project("shop", &[("WEB_PORT", "web", port)]);
    let mut pty = crate::pty::Pty::start(home.command("", &["status", "--watch"]), 120);
    pty.wait_for(&["1 port of 1 project; 0 in use"]);
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    pty.wait_for(&["\u{1b}[2J", "1 port of 1 project; 1 in use"]);
    drop(listener);
    pty.wait_for(&["0 in use"]);
}

#[cfg(target_os = "linux")]
#[test]
fn watch_keeps_the_ports_in_use_on_a_low_terminal() {
    let home = Home::new();
    let port = unused_port();
    let names = ["A_PORT", "B_PORT", "C_PORT", "D_PORT"].iter().zip(8010..);
    let ports: Vec<(&str, &str, u16)> = names.map(|(name, port)| (*name, "web", port)).collect();
    home.project("shop", &[ports.as_slice(), &[("Z_PORT", "web", port)]].concat());
    let _listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut pty = crate::pty::Pty::start_of_size(home.command("", &["status", "--watch"]), 120, 7);
    let screen = pty.wait_for(&["and 3 rows that", "5 ports of 1 project; 1 in use"]);
    assert!(screen.contains("Z_PORT"), "{screen}");
    assert_eq!(
        ["A_PORT", "B_PORT", "C_PORT", "D_PORT"].iter().filter(|name| screen.contains(*name)).count(),
        1
    );
}
