//! `port-manager set`

use crate::home::{Home, unused_port};
use crate::process::ChildProcess;

#[test]
fn a_variable_gets_the_number_that_was_chosen() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let (web, admin) = (unused_port(), unused_port());
    let ran = home.run("shop", &["set", &format!("WEB_PORT={web}"), &format!("ADMIN_PORT={admin}")]);
    let seen = ran.seen(&home).replace(&web.to_string(), "<web>").replace(&admin.to_string(), "<adm>");
    insta::assert_snapshot!(seen, @r"
    VARIABLE     PORT  SERVICE
    WEB_PORT    <web>  web      was 8000
    ADMIN_PORT  <adm>  misc     new
    --- stderr

    Restart shop's processes to use the new numbers.
    --- exit code 0
    ");
    let file = home.read("shop/.ports.env");
    assert!(file.contains(&format!("WEB_PORT={web}\nADMIN_PORT={admin}\n")), "{file}");
    let shown = home.run("shop", &["show", "--json"]).json();
    assert_eq!((&shown["ports"][1]["port"], &shown["ports"][0]["port"]), (&web.into(), &admin.into()));
    // A second time nothing changes.
    let again = home.run("shop", &["set", &format!("WEB_PORT={web}"), "--json"]).json();
    assert_eq!(
        (again["registered"].as_bool(), again["ports"][0]["is_new"].as_bool()),
        (Some(false), Some(false))
    );
    assert_eq!(again["written"], serde_json::json!([]));
}

#[test]
fn two_variables_exchange_their_numbers() {
    let home = Home::new();
    let (web, api) = (unused_port(), unused_port());
    home.project("shop", &[("WEB_PORT", "web", web), ("API_PORT", "api", api)]);
    let ran = home.run("shop", &["set", &format!("WEB_PORT={api}"), &format!("API_PORT={web}")]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(home.read("shop/.ports.env").contains(&format!("WEB_PORT={api}\nAPI_PORT={web}\n")));
}

#[test]
fn a_port_that_was_reserved_in_the_project_can_be_set() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let port = home.run("shop", &["get-port", "--type", "web"]).stdout.trim().to_owned();
    let ran = home.run("shop", &["set", &format!("WEB_PORT={port}")]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

#[test]
fn the_example_gets_the_number_that_the_code_uses() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT || 8080)\n");
    home.write("shop/.ports.env.example", "API_PORT=3001\n");
    let (web, api) = (unused_port(), unused_port());
    let arguments = ["set", "--project", "shop", &format!("WEB_PORT={web}"), &format!("API_PORT={api}")];
    assert_eq!(home.run("", &arguments).code, Some(0));
    assert_eq!(home.read("shop/.ports.env.example"), "API_PORT=3001\nWEB_PORT=8080\n");
}

#[test]
fn a_number_that_cannot_be_had_changes_nothing_and_the_way_out_is_named() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.project("blog", &[("BLOG_PORT", "web", 8001)]);
    let reserved = unused_port().to_string();
    assert_eq!(
        home.run("", &["get-port", "--type", "web", "--preferred", &reserved]).stdout.trim(),
        reserved
    );
    let foreign = ChildProcess::server(&home.path("blog"));
    let before = (home.read("config/registry.json"), home.read("shop/.ports.env"));
    let cases = [
        ("8001", "it belongs to BLOG_PORT of blog (~/blog)", "port-manager unset BLOG_PORT"),
        (
            "8100",
            "it belongs to API_PORT of shop (~/shop)",
            "Give API_PORT another number in the same command",
        ),
        (&reserved, "it is held by a reservation for web", "port-manager release"),
        ("6000", "browsers refuse to open it", "Choose another number"),
        (&foreign.port.to_string(), "a program listens there", "port-manager free"),
    ];
    for (number, reason, way_out) in cases {
        // The first would be fine by itself.
        let fine = format!("DB_PORT={}", unused_port());
        let seen = home.run("shop", &["set", &fine, &format!("WEB_PORT={number}")]).seen(&home);
        let expected = format!("--- stderr\nerror: WEB_PORT cannot have port {number}: {reason}");
        assert!(seen.starts_with(&expected) && seen.contains(way_out) && seen.ends_with("code 2"), "{seen}");
        assert_eq!((home.read("config/registry.json"), home.read("shop/.ports.env")), before);
    }
}

#[test]
fn the_projects_own_running_server_is_no_obstacle() {
    let home = Home::new();
    let root = home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let server = ChildProcess::server(&root);
    let ran = home.run("shop", &["set", &format!("WEB_PORT={}", server.port)]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

#[test]
fn names_that_are_not_port_variables_are_refused() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    for (assignment, reason) in [
        ("LD_PRELOAD=8001", "LD_PRELOAD is a setting of the dynamic loader"),
        ("SECRET=8001", "SECRET is not the name of a port variable"),
        ("WEB_PORT=0", "not a port"),
        ("WEB_PORT=65536", "not a port"),
        ("WEB_PORT", "not VARIABLE=PORT"),
        ("=8001", "not a variable name"),
    ] {
        let ran = home.run("shop", &["set", assignment]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{assignment}");
        assert!(ran.stderr.contains(reason), "{assignment}: {}", ran.stderr);
    }
    for [one, other] in [["WEB_PORT=8001", "WEB_PORT=8002"], ["WEB_PORT=8001", "API_PORT=8001"]] {
        let ran = home.run("shop", &["set", one, other]);
        assert!(ran.code == Some(2) && ran.stderr.contains("the same command gives"), "{}", ran.stderr);
    }
    assert_eq!(home.read("shop/.ports.env"), "WEB_PORT=8000\n");
}
