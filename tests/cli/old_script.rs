//! `contrib/port-manager.py`: the six commands of the script that came before the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::home::{Home, Ran, unused_port};
use crate::process::ChildProcess;

/// Runs the stand-in in a directory of the home, or returns `None` where there is no Python.
fn script(home: &Home, directory: &str, arguments: &[&str]) -> Option<Ran> {
    let program = home.command(directory, &[]);
    let mut python = Command::new("python3");
    python
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../contrib/port-manager.py"))
        .args(arguments)
        .current_dir(home.path(directory))
        .env("PORT_MANAGER_BIN", program.get_program());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    let Ok(output) = python.output() else {
        println!("NOT POSSIBLE HERE: the script's stand-in: there is no python3");
        return None;
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some(Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) })
}

/// `text` with the numbers of `ports` written as their variables are called, since the numbers differ from machine to machine.
fn named(home: &Home, mut text: String, project: &str) -> String {
    for line in home.read(&format!("{project}/.ports.env")).lines() {
        if let Some((variable, port)) = line.split_once('=') {
            text = text.replace(port, &format!("<{variable}>"));
        }
    }
    text
}

#[test]
fn init_and_show_print_what_the_script_printed() {
    let home = Home::new();
    home.directory("shop");
    let Some(ran) = script(&home, "shop", &["init", "."]) else { return };
    insta::assert_snapshot!(named(&home, ran.stdout, "shop"), @r"
    🚀 Initializing ports for: shop
    ✅ Created .ports.env

    Assigned ports:
      web: <WEB_PORT>
      api: <API_PORT>
      db: <DB_PORT>
      redis: <REDIS_PORT>
    ");
    let shown = script(&home, "shop", &["show"]).unwrap();
    insta::assert_snapshot!(named(&home, shown.stdout, "shop"), @r"

    📦 Ports for shop:

      api: <API_PORT>
      db: <DB_PORT>
      redis: <REDIS_PORT>
      web: <WEB_PORT>
    ");
    assert_eq!(
        script(&home, "", &["show", "shop"]).unwrap().stdout,
        script(&home, "shop", &["show"]).unwrap().stdout
    );
}

#[test]
fn an_unknown_project_has_no_ports() {
    let home = Home::new();
    let Some(ran) = script(&home, "", &["show", "blog"]) else { return };
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "❌ No ports registered for blog\n"));
}

#[test]
fn status_has_the_columns_of_the_script() {
    let home = Home::new();
    let server = ChildProcess::server(&home.directory("shop"));
    let unused = unused_port();
    home.project("shop", &[("WEB_PORT", "web", server.port), ("REDIS_PORT", "cache", unused)]);
    let Some(ran) = script(&home, "", &["status"]) else { return };
    let mut lines: Vec<&str> = ran.stdout.lines().collect();
    lines[4..].sort_unstable();
    assert_eq!(
        lines,
        [
            "🔍 Port Status",
            "",
            "Project          Service    Port    Status",
            "---------------------------------------------",
            &format!("shop            redis      {unused:<7} ⚪ Registered"),
            &format!("shop            web        {:<7} 🟢 Active", server.port),
        ]
    );
}

#[test]
fn free_stops_the_listener_and_says_so() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.directory("shop"));
    let port = server.port.to_string();
    let Some(ran) = script(&home, "", &["free", &port]) else { return };
    assert_eq!((ran.code, ran.stdout), (Some(0), format!("✅ Port {port} is now free\n")));
    assert!(server.ends());
}

#[test]
fn get_port_prints_a_number_and_takes_unknown_types_for_misc() {
    let home = Home::new();
    for arguments in [&["get-port"][..], &["get-port", "-t", "search"], &["get-port", "--type", "misc"]] {
        let Some(ran) = script(&home, "", arguments) else { return };
        let port: u16 = ran.stdout.trim().parse().unwrap();
        assert!((3000..=3099).contains(&port), "{arguments:?} printed {port}");
    }
}

#[test]
fn clean_counts_the_ports_of_projects_that_are_gone() {
    let home = Home::new();
    let root = home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    fs::remove_dir_all(root).unwrap();
    let Some(ran) = script(&home, "", &["clean"]) else { return };
    assert_eq!(ran.stdout, "✅ Cleaned 2 dead port registrations\n");
    let registry: serde_json::Value = serde_json::from_str(&home.read("config/registry.json")).unwrap();
    assert_eq!(registry["projects"], json!({}));
}

#[test]
fn a_failure_of_the_program_is_the_scripts_failure() {
    let home = Home::new();
    home.write("config/registry.json", "{ broken");
    let Some(ran) = script(&home, "", &["status"]) else { return };
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("registry.json"), "{}", ran.stderr);
}
