//! The completions, in the shells that they are for.

use std::fs;
use std::process::Command;

use crate::home::Home;
use crate::pty::Pty;
use crate::{is_installed, not_possible};

/// What is typed in `~/shop` before the Tab key, and what is offered then.
const CASES: [(&str, &[&str]); 18] = [
    ("port-manager che", &["check"]),
    ("port-manager check --fo", &["--format"]),
    ("port-manager check --format=sar", &["sarif"]),
    ("port-manager check --only har", &["hardcoded-port"]),
    ("port-manager env --format ", &["powershell", "dotenv"]),
    ("port-manager explain h", &["hardcoded-port"]),
    ("port-manager man config ", &["show", "path", "edit"]),
    ("port-manager integrate ma", &["makefile"]),
    ("port-manager get-port --type ", &["web", "api", "temporal", "search"]),
    ("port-manager free --", &["--dry-run", "--force", "--timeout"]),
    ("port-manager free ", &["API_PORT", "WEB_PORT", "8001", "8100"]),
    ("port-manager which :81", &[":8100"]),
    ("port-manager get ", &["API_PORT", "WEB_PORT"]),
    ("port-manager get --project 'my shop' ", &["DB_PORT"]),
    ("port-manager set A", &["API_PORT="]),
    ("port-manager status --project sh", &["shop"]),
    ("port-manager show my", &["my\\ shop"]),
    ("port-manager run port-man", &["port-manager"]),
];

/// A home with the script of a shell in `scripts/`, the program on the `PATH`, and projects.
fn home_with_script(shell: &str, script: &str) -> Home {
    let home = Home::new();
    home.write("config/config.toml", "[ranges]\nsearch = \"9200-9299\"\n");
    home.project("my shop", &[("DB_PORT", "db", 5400)]);
    home.project("shop", &[("WEB_PORT", "web", 8001), ("API_PORT", "api", 8100)]);
    let ran = home.run("", &["completions", shell]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    home.write(&format!("scripts/{script}"), ran.stdout);
    std::os::unix::fs::symlink(
        assert_cmd::cargo::cargo_bin!("port-manager"),
        home.directory("bin").join("port-manager"),
    )
    .unwrap();
    home
}

/// A shell in `~/shop` that reads nothing of the caller's settings. `None` where it is not installed.
fn shell(home: &Home, program: &str, arguments: &[&str]) -> Option<Command> {
    if !is_installed(program) {
        return None;
    }
    let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(home.path("shop"))
        .env_clear()
        .env("HOME", home.path(""))
        .env("PORT_MANAGER_CONFIG_DIR", home.path("config"))
        .env("PATH", path)
        .env("TERM", "dumb")
        .env("PS1", "ready> ");
    Some(command)
}

/// A shell on a terminal, which the first line prepares.
fn on_a_terminal(home: &Home, program: &str, arguments: &[&str], prepare: &str) -> Option<Pty> {
    // The shell's job control needs a terminal that controls it.
    let mut terminal = Pty::start(under_control(&shell(home, program, arguments)?), 200);
    terminal.wait_for(&["ready> "]);
    terminal.write(&format!("{prepare}; echo prepare''d\n"));
    terminal.wait_for(&["prepared", "ready> "]);
    Some(terminal)
}

/// Types each case, and expects what is offered.
fn complete(terminal: &mut Pty, cases: &[(&str, &[&str])]) {
    for (typed, offered) in cases {
        terminal.write(&format!("{typed}\t\t"));
        let seen = terminal.wait_for(offered);
        assert!(!seen.contains("error:") && !seen.contains("panicked"), "{typed}: {seen}");
        // Ctrl+U drops the line once the shell has finished with it.
        terminal.write("\u{15}echo don''e\n");
        terminal.wait_for(&["done\r\n", "ready> "]);
    }
}

/// The command in a session that its terminal controls.
fn under_control(command: &Command) -> Command {
    let mut controlled = Command::new("setsid");
    controlled.arg("--ctty").arg(command.get_program()).args(command.get_args()).env_clear();
    controlled.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(directory) = command.get_current_dir() {
        controlled.current_dir(directory);
    }
    controlled
}

const BASH: &[&str] = &["--norc", "--noprofile", "-i"];
const PREPARE_BASH: &str = ". ~/scripts/port-manager";
const PREPARE_ZSH: &str = "PS1='ready> '; fpath=(~/scripts $fpath); autoload -U compinit; compinit -u -D";

#[test]
fn bash_completes_commands_options_and_names() {
    let home = home_with_script("bash", "port-manager");
    let Some(mut terminal) = on_a_terminal(&home, "bash", BASH, PREPARE_BASH) else { return };
    complete(&mut terminal, &CASES);
}

#[test]
fn bash_completes_the_command_behind_run_by_its_own_completions() {
    const LIBRARY: &str = "/usr/share/bash-completion/bash_completion";
    if !std::path::Path::new(LIBRARY).exists() {
        assert!(std::env::var_os("REQUIRE_PROGRAMS").is_none(), "bash-completion is not installed");
        not_possible("completions behind run", "bash-completion is not installed");
        return;
    }
    let home = home_with_script("bash", "port-manager");
    let prepare = format!(". {LIBRARY}; {PREPARE_BASH}");
    let Some(mut terminal) = on_a_terminal(&home, "bash", BASH, &prepare) else { return };
    complete(
        &mut terminal,
        &[
            ("port-manager run --only WEB_PORT port-manager get A", &["API_PORT"]),
            // bash breaks words at = and at : too, and counts the parts.
            ("port-manager run --only=WEB_PORT port-manager get A", &["API_PORT"]),
        ],
    );
}

#[test]
fn zsh_completes_commands_options_and_names() {
    let home = home_with_script("zsh", "_port-manager");
    let Some(mut terminal) = on_a_terminal(&home, "zsh", &["-f", "-i"], PREPARE_ZSH) else { return };
    complete(&mut terminal, &CASES);
    complete(&mut terminal, &[("port-manager run --only WEB_PORT port-manager get A", &["API_PORT"])]);
}

#[test]
fn zsh_completes_after_the_code_was_evaluated_under_other_options() {
    let home = home_with_script("zsh", "other");
    let prepare = "PS1='ready> '; autoload -U compinit; compinit -u -D; setopt ksh_arrays sh_word_split no_unset; \
                   eval \"$(cat ~/scripts/other)\"";
    let Some(mut terminal) = on_a_terminal(&home, "zsh", &["-f", "-i"], prepare) else { return };
    complete(
        &mut terminal,
        &[("port-manager get ", &["API_PORT", "WEB_PORT"]), ("port-manager show my", &["my\\ shop"])],
    );
}

/// What fish offers for a line.
fn offered_by_fish(home: &Home, typed: &str) -> Option<Vec<String>> {
    let line = format!("source ~/scripts/port-manager.fish; complete --do-complete \"{typed}\"");
    let output = shell(home, "fish", &["--no-config", "--command", &line])?.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{typed}");
    let listed = String::from_utf8(output.stdout).unwrap();
    Some(listed.lines().filter_map(|line| line.split('\t').next().map(ToOwned::to_owned)).collect())
}

#[test]
fn fish_completes_commands_options_and_names() {
    let home = home_with_script("fish", "port-manager.fish");
    let nested: (&str, &[&str]) = ("port-manager run --only WEB_PORT port-manager get A", &["API_PORT"]);
    for (typed, offered) in CASES.iter().chain([&nested]) {
        let Some(words) = offered_by_fish(&home, typed) else { return };
        for word in *offered {
            // fish quotes what it inserts, not what it lists.
            let word = word.replace('\\', "");
            let is_offered = words.iter().any(|other| *other == word || other.ends_with(&format!("={word}")));
            assert!(is_offered, "{word} in {words:?} for {typed}");
        }
    }
}

#[test]
fn a_reserved_port_is_offered_to_release() {
    let home = home_with_script("fish", "port-manager.fish");
    let reserved = home.run("", &["get-port", "--type", "misc"]).stdout;
    let Some(words) = offered_by_fish(&home, "port-manager release ") else { return };
    assert_eq!(words, [reserved.trim()]);
}

#[test]
fn the_variables_are_offered_where_the_registry_is_damaged() {
    let home = home_with_script("bash", "port-manager");
    home.write("config/registry.json", "{");
    let Some(mut terminal) = on_a_terminal(&home, "bash", BASH, PREPARE_BASH) else { return };
    complete(
        &mut terminal,
        &[("port-manager get ", &["API_PORT", "WEB_PORT"]), ("port-manager free W", &["WEB_PORT"])],
    );
    // Nothing was repaired, locked or made.
    let files = fs::read_dir(home.path("config")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(
        files.collect::<std::collections::BTreeSet<_>>(),
        ["config.toml", "registry.json"].map(Into::into).into()
    );
    assert_eq!(home.read("config/registry.json"), "{");
}

#[test]
fn a_name_from_the_registry_runs_no_command() {
    let home = home_with_script("bash", "port-manager");
    home.project("$(touch pwned);x", &[]);
    // bash 3.2, which macOS has, lacks compopt.
    for prepare in [PREPARE_BASH, ". ~/scripts/port-manager; enable -n compopt"] {
        let Some(mut terminal) = on_a_terminal(&home, "bash", BASH, prepare) else { return };
        terminal.write("port-manager show \\$\t");
        terminal.wait_for(&["pwned"]);
        terminal.write("\n");
        terminal.wait_for(&["ready> "]);
        assert!(!home.path("shop/pwned").exists(), "{prepare}");
    }
    let hidden = home.read("config/registry.json").replace("$(touch pwned);x\",", "a\\u001b[31mb\",");
    home.write("config/registry.json", hidden);
    let ran =
        home.command("shop", &["--", "port-manager show ", ""]).env("PORT_MANAGER_COMPLETE", "bash").output();
    assert_eq!(String::from_utf8(ran.unwrap().stdout).unwrap(), "my shop\nshop\n");
}

#[test]
fn only_a_shell_is_answered() {
    let home = home_with_script("bash", "port-manager");
    let run = |shell: &str, arguments: &[&str]| {
        let output = home.command("shop", arguments).env("PORT_MANAGER_COMPLETE", shell).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run("bash", &["get", "WEB_PORT"]), (Some(0), "8001\n".to_owned()));
    assert_eq!(run("nushell", &["--", "port-manager", "get", ""]).0, Some(2));
    assert_eq!(run("elvish", &["--", "port-manager", "get", "W"]), (Some(0), "WEB_PORT\n".to_owned()));
    assert_eq!(
        run("pwsh", &["--", "port-manager", "show", "my"]).1,
        format!("'my shop'\t{}\n", home.path("my shop").display())
    );
}
