//! `port-manager release`

use crate::home::Home;

#[test]
fn a_reservation_ends_and_others_can_have_the_port() {
    let home = Home::new();
    let port = home.run("", &["get-port", "--type", "web"]).stdout.trim().to_owned();
    let seen = home.run("", &["release", &port]).seen(&home).replace(&port, "<port>");
    insta::assert_snapshot!(seen, @r"
    --- stderr
    Port <port> is no longer reserved.
    --- exit code 0
    ");
    assert_eq!(home.run("", &["get-port", "--type", "web"]).stdout.trim(), port);
    let ran = home.run("", &["release", &port, "--json"]);
    assert_eq!((ran.code, ran.json()["is_released"].as_bool()), (Some(0), Some(true)));
    assert_eq!(
        home.run("", &["release", &port]).seen(&home),
        format!("--- stderr\nPort {port} is not reserved.\n--- exit code 1")
    );
}

#[test]
fn the_owner_of_a_port_is_named_and_keeps_it() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    insta::assert_snapshot!(home.run("", &["release", "8000"]).seen(&home), @r"
    --- stderr
    Port 8000 is not a reservation: it belongs to WEB_PORT of shop (~/shop).
    help: `port-manager unset WEB_PORT` in that directory releases it.
    --- exit code 1
    ");
    assert!(home.read("config/registry.json").contains("8000"));
}
