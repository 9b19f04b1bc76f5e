//! Help, usage errors, completions, colours and pipes

use std::collections::BTreeSet;
use std::io::Read;
use std::process::Stdio;

use crate::home::Home;

#[test]
fn help_shows_the_commands_and_where_to_start() {
    let home = Home::new();
    insta::assert_snapshot!(home.run("", &["--help"]).stdout);
    insta::assert_snapshot!(home.run("", &["check", "--help"]).stdout);
    insta::assert_snapshot!(home.run("", &["free", "--help"]).stdout);
}

/// The commands that the help lists.
fn commands(home: &Home) -> Vec<String> {
    let help = home.run("", &["--help"]).stdout;
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands = lines.filter_map(|line| line.split_whitespace().next());
    commands.filter(|command| *command != "help").map(ToOwned::to_owned).collect()
}

#[test]
fn every_command_has_an_example_in_its_help() {
    let home = Home::new();
    let commands = commands(&home);
    assert!(commands.contains(&"check".to_owned()) && commands.contains(&"lsp".to_owned()), "{commands:?}");
    for command in commands {
        let ran = home.run("", &[&command, "--help"]);
        assert_eq!(ran.code, Some(0), "{command}");
        assert!(ran.stdout.contains(&format!("Usage: port-manager {command}")), "{command}");
        let examples =
            ran.stdout.split_once("\nExamples:").unwrap_or_else(|| panic!("{command} has no example")).1;
        let first = examples.lines().nth(1).unwrap();
        assert!(first.starts_with("  "), "{command}: {first}");
        // Longer lines are wrapped where no example may be.
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 100), "{command}");
    }
}

#[test]
fn the_readme_lists_every_command() {
    let home = Home::new();
    let readme = include_str!("../../README.md");
    let table = readme.split("\n## Commands").nth(1).unwrap().split("\n\n").nth(1).unwrap();
    let named: BTreeSet<&str> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|code| code.strip_prefix("port-manager ").unwrap_or(code).split(' ').next())
        .collect();
    let missing: Vec<String> =
        commands(&home).into_iter().filter(|it| !named.contains(it.as_str())).collect();
    assert!(missing.is_empty(), "the table of the README lacks {missing:?}");
}

#[test]
fn a_word_that_is_nearly_right_has_a_suggestion() {
    let home = Home::new();
    for (wrong, near) in [
        (&["chekc"][..], "'check'"),
        (&["rnu", "true"], "'run'"),
        (&["get-port", "--type", "wbe"], "mean web?"),
        (&["check", "--format", "sarfi"], "'sarif'"),
        (&["env", "--format", "dokcer"], "'docker'"),
        (&["explain", "hardcoded-prot"], "'hardcoded-port'"),
        (&["integrate", "maekfile"], "'makefile'"),
        (&["completions", "zhs"], "'zsh'"),
        (&["hook", "bsh"], "'bash'"),
        (&["check", "--fromat", "json"], "'--format'"),
    ] {
        let ran = home.run("", wrong);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        let says = |text: &str| ran.stderr.contains(text);
        assert!((says("similar") || says("Did you")) && says(near), "{wrong:?}: {}", ran.stderr);
    }
}

#[test]
fn wrong_usage_is_told_from_a_no() {
    let home = Home::new();
    for wrong in [&[][..], &["chekc"], &["free"], &["get-port"], &["check", "--only", "no-such-rule"]] {
        let ran = home.run("", wrong);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(!ran.stderr.is_empty(), "{wrong:?}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = home.run("", &["completions", shell]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.stdout.contains("PORT_MANAGER_COMPLETE"), "{shell}");
    }
}

#[test]
fn a_number_is_explained_by_what_decided_it() {
    let home = Home::new();
    home.write("server.js", "const a = 1\napp.listen(8080, process.env.WEB_PORT)\n");
    let ran = home.run("", &["explain", "--at", "server.js:2"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout);
    let ran = home.run("", &["explain", "--at", "server.js:2:12", "--json"]);
    insta::assert_snapshot!(ran.stdout);
    let ran = home.run("", &["explain", "--at", "server.js:1"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "server.js:1: no port in this line.\n"));
}

#[test]
fn a_rule_is_explained_by_its_page() {
    let home = Home::new();
    let ran = home.run("", &["explain", "hardcoded-port"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.starts_with("# hardcoded-port\n"), "{}", ran.stdout);
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let home = Home::new();
    home.write("a.js", "app.listen(8080)\n");
    let is_colored = |arguments: &[&str]| {
        let ran = home.run("", arguments);
        assert_eq!(ran.code, Some(1));
        (ran.stdout.contains('\u{1b}'), ran.stderr.contains('\u{1b}'))
    };
    assert_eq!(is_colored(&["check"]), (false, false), "a pipe is no terminal");
    assert!(is_colored(&["check", "--color", "always"]).0);
    assert_eq!(is_colored(&["check", "--color", "never"]), (false, false));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = Home::new();
    home.write("a.js", "app.listen(8080)\n".repeat(2_000));
    let mut command = home.command("", &["check"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 1];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn explain_needs_a_rule_or_a_place_and_names_both() {
    let home = Home::new();
    let ran = home.run("", &["explain"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("<RULE|--at <FILE:LINE[:COLUMN]>>"), "{}", ran.stderr);
    let both = home.run("", &["explain", "hardcoded-port", "--at", "a.js:1"]);
    assert_eq!(both.code, Some(2));
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
}
