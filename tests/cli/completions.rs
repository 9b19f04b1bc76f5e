//! The completions, in the shells that they are for.

use std::process::Command;

use crate::home::Home;
use crate::not_possible;
use crate::pty::Pty;

/// What is typed before the tabulator, and what is offered then.
const CASES: [(&str, &[&str]); 4] = [
    ("port-manager che", &["check"]),
    ("port-manager check --fo", &["--format"]),
    ("port-manager free --", &["--dry-run", "--force", "--timeout"]),
    ("port-manager get-port --type ", &["web", "api", "temporal"]),
];

/// A home with the script of a shell in `scripts/` and the program on the `PATH`.
fn home_with_script(shell: &str, script: &str) -> Home {
    let home = Home::new();
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

/// A shell that reads nothing of the caller's settings. `None` where it is not installed.
fn shell(home: &Home, program: &str, arguments: &[&str]) -> Option<Command> {
    if Command::new(program).arg("--version").output().is_err() {
        not_possible("completions", format_args!("{program} is not installed"));
        return None;
    }
    let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(home.path(""))
        .env_clear()
        .env("HOME", home.path(""))
        .env("PATH", path)
        .env("TERM", "dumb")
        .env("PS1", "ready> ");
    Some(command)
}

/// Types each case into a shell of its own, which the first line prepares.
fn complete_on_a_terminal(home: &Home, program: &str, arguments: &[&str], prepare: &str) {
    for (typed, offered) in CASES {
        // The shell's job control needs a terminal that controls it.
        let Some(command) = shell(home, program, arguments) else { return };
        let mut terminal = Pty::start(under_control(&command), 200);
        terminal.wait_for(&["ready> "]);
        terminal.write(&format!("{prepare}; echo prepare''d\n"));
        terminal.wait_for(&["prepared", "ready> "]);
        terminal.write(&format!("{typed}\t\t"));
        terminal.wait_for(offered);
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

#[test]
fn bash_completes_options_and_values_of_commands() {
    let home = home_with_script("bash", "port-manager");
    complete_on_a_terminal(&home, "bash", &["--norc", "--noprofile", "-i"], ". scripts/port-manager");
}

#[test]
fn zsh_completes_options_and_values_of_commands() {
    let home = home_with_script("zsh", "_port-manager");
    let prepare = "PS1='ready> '; fpath=(~/scripts $fpath); autoload -U compinit; compinit -u -D";
    complete_on_a_terminal(&home, "zsh", &["-f", "-i"], prepare);
}

#[test]
fn fish_completes_options_and_values_of_commands() {
    let home = home_with_script("fish", "port-manager.fish");
    for (typed, offered) in CASES {
        let line = format!("source scripts/port-manager.fish; complete --do-complete '{typed}'");
        let Some(mut fish) = shell(&home, "fish", &["--no-config", "--command", &line]) else { return };
        let output = fish.output().unwrap();
        let listed = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = listed.lines().filter_map(|line| line.split('\t').next()).collect();
        for word in offered {
            assert!(words.contains(word), "{word} in {words:?} for {typed}");
        }
    }
}
