//! Commands that people paste from our output into a shell.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::home::Home;

/// Names that mean something to a shell.
const NAMES: [&str; 12] = [
    "o'; touch X; '",
    r"o\'; touch X; \'",
    r"back\\slash\",
    "a b",
    "$(touch X)",
    "`touch X`",
    "\"; touch X; \"",
    "a!b{c,d}^e~",
    "&& touch X #",
    "*?[a-z]",
    "-n",
    "grüße 漢字",
];

/// A directory for the `PATH` in which `port-manager` writes its arguments to a file, each behind a NUL.
fn recorder(home: &Home) -> std::path::PathBuf {
    home.write("bin/port-manager", "#!/bin/sh\nprintf '%s\\0' \"$@\" > \"$RECORD\"\n");
    fs::set_permissions(home.path("bin/port-manager"), fs::Permissions::from_mode(0o755)).unwrap();
    home.path("bin")
}

/// The words that a shell makes of the line.
fn words_in(shell: &str, line: &str, home: &Home) -> Option<Vec<String>> {
    let record = home.path("record");
    let _ = fs::remove_file(&record);
    let path = format!("{}:{}", recorder(home).display(), std::env::var("PATH").unwrap());
    let ran = Command::new(shell)
        .args(["-c", line])
        .env("PATH", path)
        .env("RECORD", &record)
        .current_dir(home.path(""))
        .output();
    if ran.is_err() {
        println!("NOT POSSIBLE HERE: pasting into {shell}: it is not installed");
        return None;
    }
    let recorded = fs::read_to_string(&record).unwrap_or_else(|error| panic!("{shell}: {error}: {line}"));
    Some(recorded.split_terminator('\0').map(str::to_owned).collect())
}

#[test]
fn commands_that_doctor_shows_name_the_project_in_every_shell() {
    let home = Home::new();
    let roots: Vec<String> = NAMES
        .iter()
        .map(|name| {
            let root = home.project(name, &[]);
            fs::remove_file(root.join(".ports.env")).unwrap();
            root.to_str().unwrap().to_owned()
        })
        .collect();
    // Each has a port and no `.ports.env`, which `init` brings back.
    let mut registry: serde_json::Value = serde_json::from_str(&home.read("config/registry.json")).unwrap();
    for (root, port) in roots.iter().zip(8000..) {
        registry["projects"][root]["ports"] = serde_json::json!({
            "WEB_PORT": { "port": port, "service": "web", "assigned_at": "2026-11-23T09:00:00Z" }
        });
    }
    home.write("config/registry.json", registry.to_string());
    let diagnosis = home.run("", &["doctor", "--json"]).json();
    let found = diagnosis["findings"].as_array().unwrap();
    for root in &roots {
        let finding = found.iter().find(|finding| finding["root"] == root.as_str()).unwrap();
        let line = finding["command"].as_str().unwrap();
        for shell in ["sh", "bash", "zsh", "fish"] {
            if let Some(words) = words_in(shell, line, &home) {
                assert_eq!(words, ["init", root], "{shell}: {line}");
            }
        }
    }
    assert!(!home.path("X").exists());
}

#[test]
fn the_command_that_takes_over_names_both_directories() {
    let home = Home::new();
    let gone = home.project("o'; touch X; '/shop", &[("WEB_PORT", "web", 8000)]);
    // Directories of one name are offered each other's ports.
    let registry =
        home.read("config/registry.json").replace("\"name\":\"o'; touch X; '/shop\"", "\"name\":\"shop\"");
    home.write("config/registry.json", registry);
    fs::remove_dir_all(&gone).unwrap();
    let here = home.directory("new $(touch X)/shop");
    home.write("new $(touch X)/shop/.git/HEAD", "");
    let ran = home.run("new $(touch X)/shop", &["init"]);
    let line = ran.stderr.lines().find_map(|line| line.split_once(": port-manager "));
    let line = line.unwrap_or_else(|| panic!("{ran:?}")).1;
    let expected = ["init", "--take-over", gone.to_str().unwrap(), here.to_str().unwrap()];
    for shell in ["sh", "bash", "zsh", "fish"] {
        if let Some(words) = words_in(shell, &format!("port-manager {line}"), &home) {
            assert_eq!(words, expected, "{shell}: {line}");
        }
    }
    assert!(!home.path("X").exists());
}

#[test]
fn a_name_that_cannot_be_pasted_gets_no_command() {
    let home = Home::new();
    let root = home.project("line\nbreak", &[("WEB_PORT", "web", 8000)]);
    fs::remove_file(root.join(".ports.env")).unwrap();
    let diagnosis = home.run("", &["doctor", "--json"]).json();
    let found = diagnosis["findings"].as_array().unwrap();
    let finding = found.iter().find(|finding| finding["root"] == root.to_str().unwrap()).unwrap();
    assert_eq!(finding["command"], serde_json::Value::Null);
    assert!(finding["message"].as_str().unwrap().contains("No command is shown"), "{finding}");
}
