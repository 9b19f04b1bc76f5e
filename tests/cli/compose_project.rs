//! `COMPOSE_PROJECT_NAME`: two copies of a project that Docker Compose would take for one.
#![cfg(unix)]

use crate::home::{Home, Ran};

const COMPOSE: &str = "services:\n  db:\n    image: postgres\n";

/// Two checkouts in directories of one name, the first of which got its ports first.
fn copies(path: &str, text: &str) -> Home {
    let home = Home::new();
    home.project("a/shop", &[("WEB_PORT", "web", 8000)]);
    home.project("b/shop", &[("WEB_PORT", "web", 8001)]);
    for copy in ["a", "b"] {
        home.write(&format!("{copy}/shop/{path}"), text);
    }
    home
}

/// The name that a command gets in a directory; empty where it gets none.
fn name(home: &Home, directory: &str, inherited: Option<&str>) -> String {
    let mut command = home.command(directory, &["run", "sh", "-c", "echo $COMPOSE_PROJECT_NAME"]);
    command.env_remove("COMPOSE_PROJECT_NAME").envs(inherited.map(|value| ("COMPOSE_PROJECT_NAME", value)));
    let output = command.output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn two_copies_have_names_of_their_own_and_keep_them() {
    let home = copies("compose.yaml", COMPOSE);
    let (first, second) = (name(&home, "a/shop", None), name(&home, "b/shop", None));
    assert_eq!(first, "shop", "existing containers of the first stay in use");
    assert!(second.starts_with("shop-") && second.len() == "shop-12345678".len(), "{second}");
    assert_eq!(name(&home, "b/shop", None), second);
    let printed = home.run("b/shop", &["env", "--format", "docker"]).stdout;
    assert_eq!(printed, format!("COMPOSE_PROJECT_NAME={second}\nWEB_PORT=8001\n"));
    // The shell of one copy that runs the other.
    assert_eq!(name(&home, "b/shop", Some("shop")), second);
    assert_eq!(name(&home, "a/shop", Some(&second)), "shop");
}

#[test]
fn a_directory_that_every_copy_has_is_no_common_name() {
    let home = copies("deploy/docker-compose.yml", COMPOSE);
    let (first, second) = (name(&home, "a/shop", None), name(&home, "b/shop", None));
    assert_eq!(first, "deploy");
    assert!(second.starts_with("deploy-"), "{second}");
}

#[test]
fn a_name_that_the_project_or_the_environment_sets_stays() {
    let home = copies("compose.yaml", &format!("name: ours\n{COMPOSE}"));
    assert_eq!(name(&home, "b/shop", None), "");
    let home = copies("compose.yaml", COMPOSE);
    assert_eq!(name(&home, "b/shop", Some("mine")), "mine");
    home.write("b/shop/.env", "COMPOSE_PROJECT_NAME=ours\n");
    assert_eq!(name(&home, "b/shop", None), "");
    home.write("b/shop/.env", "");
    home.write("b/shop/port-manager.toml", "[compose]\nproject-name = false\n");
    assert_eq!(name(&home, "b/shop", None), "");
}

#[test]
fn doctor_names_what_copies_would_share() {
    let text = format!("{COMPOSE}    container_name: shop-db\nvolumes:\n  data:\n    name: shop-data\n");
    let home = copies("compose.yaml", &text);
    let Ran { stdout, stderr, .. } = home.run("a/shop", &["doctor"]);
    let seen = stdout + &stderr;
    for expected in ["gives a container the name shop-db", "uses the volume shop-data"] {
        assert!(seen.contains(expected), "{seen}");
    }
    let json = home.run("a/shop", &["doctor", "--json"]).json();
    let kinds: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"shared-container-name") && kinds.contains(&"shared-volume"), "{kinds:?}");
}
