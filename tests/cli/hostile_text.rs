//! Text of others that a terminal would obey: names of directories, processes and files, what a clone's files say,
//! and arguments. Whatever prints it, nothing but our own colours reaches the terminal.

use std::process::Command;

use crate::home::{Home, unused_port};
use crate::process::Server;
use crate::pty::Pty;

/// An OSC that sets the title, an SGR that is none of ours, a C1 control sequence, an override of the direction, and
/// line breaks of several kinds.
const HOSTILE: &str = "\u{1b}]0;title\u{7}\u{1b}[35;3mred\u{9b}2J\u{202e}back\nforged: line\u{2028}\u{85}\u{feff}\u{7f}\u{2066}.";

/// A home in which everything that can be named is named so.
struct HostileHome {
    home: Home,
    _server: crate::process::ChildProcess,
    port: String,
}

impl HostileHome {
    fn new() -> Self {
        let home = Home::new();
        let port = crate::home::unused_port().to_string();
        let server = Server::new(&home.directory(HOSTILE)).named(HOSTILE);
        let server = server.at(format!("127.0.0.1:{port}")).start();
        home.project(HOSTILE, &[("WEB_PORT", "web", server.port)]);
        home.project(&format!("gone/{HOSTILE}"), &[("WEB_PORT", "web", 8000)]);
        std::fs::remove_dir_all(home.path(&format!("gone/{HOSTILE}"))).unwrap();
        home.write(&format!("{HOSTILE}/.git/HEAD"), "")
            .write(
                &format!("{HOSTILE}/.ports.env"),
                format!("WEB_PORT={port}\n{HOSTILE}\nX{HOSTILE}_PORT=1\n"),
            )
            .write(&format!("{HOSTILE}/{HOSTILE}.js"), format!("app.listen(8123) // {HOSTILE}\n"))
            .write(&format!("{HOSTILE}/Dockerfile"), "FROM node\nEXPOSE 8123\n")
            .write("clone/.git/HEAD", "")
            .write("clone/port-manager.toml", format!("\"{}\" = 1\n", toml_escapes(HOSTILE)))
            .write("clone/a.js", "app.listen(8080)\n")
            .write("damaged/registry.json", format!("{{\"version\": 2, \"projects\": {{\"{HOSTILE}\": 1"));
        Self { home, _server: server, port }
    }

    /// Every command that prints some of it: the directory it runs in, and its arguments.
    fn commands(&self) -> Vec<(&'static str, Vec<String>)> {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<String>>();
        let dangerous = [
            ("", words(&["status"])),
            ("", words(&["status", "--all"])),
            ("", words(&["status", "--json"])),
            ("", words(&["show", HOSTILE])),
            ("", words(&["show", HOSTILE, "--json"])),
            ("", words(&["show", &format!("{HOSTILE}{HOSTILE}")])),
            ("", words(&["remove", HOSTILE, "--dry-run"])),
            ("", words(&["clean", "--dry-run"])),
            ("", words(&["doctor"])),
            ("", words(&["doctor", "--json"])),
            ("", words(&["free", &self.port, "--dry-run"])),
            ("", words(&["free", &self.port, "--dry-run", "--json"])),
            ("", words(&["check", HOSTILE])),
            ("", words(&["check", HOSTILE, "--verbose", "--fix"])),
            ("", words(&["check", HOSTILE, "--json"])),
            ("", words(&["check", &format!("no{HOSTILE}")])),
            ("", words(&["check", "--only", HOSTILE])),
            ("", words(&["check", "clone"])),
            ("", words(&["explain", HOSTILE])),
            ("", words(&["get-port", "--type", HOSTILE])),
            ("", words(&["free", HOSTILE])),
            ("", words(&["init", &format!("no{HOSTILE}")])),
            ("", words(&[HOSTILE])),
            ("", words(&["status", &format!("--{HOSTILE}")])),
            (HOSTILE, words(&["doctor"])),
            (HOSTILE, words(&["run", "true"])),
            (HOSTILE, words(&["run", HOSTILE])),
            (HOSTILE, words(&["init"])),
        ];
        dangerous.into_iter().collect()
    }

    fn command(&self, directory: &str, arguments: &[String]) -> Command {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.home.command(directory, &arguments)
    }
}

/// The text as a TOML string spells it: plain characters, in a file that looks harmless.
fn toml_escapes(text: &str) -> String {
    text.chars().map(|character| format!("\\u{:04x}", u32::from(character))).collect()
}

/// The text without our own colours. Of other sequences, everything is left.
fn without_colors(text: &str) -> String {
    let colors = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert!(!text.contains("\u{1b}[35;3m"), "a colour of others: {text:?}");
    colors.replace_all(text, "").into_owned()
}

fn assert_harmless(text: &str, command: &[String]) {
    let text = without_colors(text);
    let is_hidden = |character: &char| *character != '\n' && port_manager::text::is_hidden(*character);
    if let Some(hidden) = text.chars().find(is_hidden) {
        panic!("{hidden:?} of {command:?} in {text:?}");
    }
    assert!(
        !text.lines().any(|line| line.starts_with("forged: line")),
        "a forged line of {command:?}: {text}"
    );
}

#[test]
fn no_command_lets_text_of_others_through_to_a_pipe() {
    let hostile = HostileHome::new();
    let settings = hostile.command("clone", &["check".to_owned()]).output().unwrap();
    let said = String::from_utf8(settings.stderr).unwrap();
    assert!(said.contains("port-manager.toml:1:1: unknown field") && said.contains("forged: line"), "{said}");
    let mut seen = 0;
    for (directory, arguments) in hostile.commands() {
        let output = hostile.command(directory, &arguments).args(["--color", "always"]).output().unwrap();
        // What `run` is given belongs to the command that it runs.
        let output = match arguments[0] == "run" {
            true => hostile.command(directory, &arguments).env("CLICOLOR_FORCE", "1").output().unwrap(),
            false => output,
        };
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).unwrap();
            assert_harmless(&text, &arguments);
            seen += usize::from(text.contains("forged: line"));
        }
    }
    assert!(seen > 20, "only {seen} of the outputs show the name at all");
}

#[test]
fn no_command_lets_text_of_others_through_to_a_terminal() {
    let hostile = HostileHome::new();
    for (directory, arguments) in hostile.commands() {
        let (text, _) = Pty::start(hostile.command(directory, &arguments), 80).end();
        assert_harmless(&text, &arguments);
    }
}

#[test]
fn a_damaged_registry_forges_nothing() {
    let hostile = HostileHome::new();
    for arguments in [["status"], ["doctor"], ["init"], ["check"]] {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let mut command = hostile.command("", &arguments);
        command.env("PORT_MANAGER_CONFIG_DIR", hostile.home.path("damaged"));
        let (text, _) = Pty::start(command, 80).end();
        assert!(text.contains("damaged"), "{text}");
        assert_harmless(&text, &arguments);
    }
}

#[test]
fn colours_of_our_own_reach_the_terminal() {
    let home = Home::new();
    home.write("a.js", "app.listen(8080)\n");
    let (text, status) = Pty::start(home.command("", &["check"]), 80).end();
    assert_eq!(status.code(), Some(1));
    assert!(text.contains("\u{1b}["), "{text:?}");
}

#[test]
fn tables_break_no_word_however_narrow_the_terminal_is() {
    let home = Home::new();
    let [web, monitoring, shop] = [(); 3].map(|()| unused_port());
    home.project(
        "warehouse",
        &[("WAREHOUSE_WEB_PORT", "web", web), ("MONITORING_PORT", "monitoring", monitoring)],
    );
    home.project("a shop with a long name", &[("WEB_PORT", "web", shop)]);
    let web = web.to_string();
    for columns in [40, 60, 80] {
        let (text, _) = Pty::start(home.command("", &["status", "--color", "never"]), columns).end();
        for word in ["WAREHOUSE_WEB_PORT", "MONITORING_PORT", "monitoring", "warehouse", "LISTENING", &web] {
            assert!(text.contains(word), "{word} at {columns} columns:\n{text}");
        }
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= usize::from(columns), "{widest} columns of {columns}:\n{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_not_unicode_is_checked() {
    use std::os::unix::ffi::OsStrExt as _;
    let home = Home::new();
    home.write("shop/.git/HEAD", "");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.js");
    std::fs::write(home.path("shop").join(name), "app.listen(8123)\n").unwrap();
    for arguments in
        [&["check", "--only", "hardcoded-port"][..], &["check", "--only", "hardcoded-port", "--json"]]
    {
        let ran = home.run("shop", arguments);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("8123") && ran.stdout.contains("caf"), "{ran:?}");
    }
}
