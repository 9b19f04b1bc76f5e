//! What is offered where.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, CommandFactory as _, ValueHint};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::offers::Offer;
use super::*;

/// The values that nobody can list.
const FREE: [(&str, &str); 5] =
    [("check", "diff"), ("free", "timeout"), ("get-port", "preferred"), ("rename", "to"), ("url", "path")];

fn takes_value(argument: &Arg) -> bool {
    !argument.is_hide_set() && matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
}

fn offers_values(argument: &Arg) -> bool {
    argument.get::<ArgValueCompleter>().is_some()
        || argument.get::<ArgValueCandidates>().is_some()
        || argument.get_value_parser().possible_values().is_some()
        || argument.get_value_hint() != ValueHint::Unknown
}

#[test]
fn every_argument_offers_its_values() {
    let mut command = crate::cli::Arguments::command();
    command.build();
    let commands = command.get_subcommands().filter(|command| command.get_name() != "help");
    let all =
        commands.flat_map(|command| command.get_arguments().map(|argument| (command.get_name(), argument)));
    let free: BTreeSet<(&str, &str)> = all
        .filter(|(_, argument)| takes_value(argument) && !offers_values(argument))
        .map(|(command, argument)| (command, argument.get_id().as_str()))
        .collect();
    // `open` takes what `url` takes.
    let expected = FREE.into_iter().chain([("open", "path")]).collect();
    assert_eq!(free, expected);
}

fn offered(shell: Shell, words: &[&str]) -> Offer {
    Offer::of(shell, words.iter().map(OsString::from).collect())
}

fn words(shell: Shell, words: &[&str]) -> Vec<String> {
    match offered(shell, words) {
        Offer::Words(text) => text.lines().map(ToOwned::to_owned).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bash_is_offered_what_follows_its_word_breaks() {
    assert_eq!(words(Shell::Bash, &["port-manager check --fail-on=w", "w"]), ["warning"]);
    assert_eq!(words(Shell::Bash, &["port-manager check --fail-on w", "w"]), ["warning"]);
    assert_eq!(words(Shell::Bash, &["port-manager env --format=", ""])[0], "sh");
    assert_eq!(words(Shell::Bash, &["port-manager check --diff=a", "a"]), [""; 0]);
}

#[test]
fn options_are_offered_where_one_is_begun_or_nothing_else_is() {
    assert_eq!(words(Shell::Elvish, &["port-manager", "explain", ""]).len(), crate::rules::Rule::ALL.len());
    assert!(words(Shell::Elvish, &["port-manager", "explain", "-"]).contains(&"--at".to_owned()));
    assert!(words(Shell::Elvish, &["port-manager", "clean", ""]).contains(&"--dry-run".to_owned()));
}

#[test]
fn a_description_follows_the_word_where_the_shell_shows_it() {
    let expected = "fallback-mismatch\t";
    assert!(words(Shell::Fish, &["port-manager", "explain", "fa"])[0].starts_with(expected));
    assert!(words(Shell::Zsh, &["port-manager", "explain", "fa"])[0].starts_with(expected));
    assert_eq!(words(Shell::Bash, &["port-manager explain fa", "fa"]), ["fallback-mismatch"]);
    assert!(words(Shell::Powershell, &["port-manager", "explain", "fa"])[0].starts_with(expected));
    // An empty tooltip would be an error in PowerShell.
    assert_eq!(words(Shell::Powershell, &["port-manager", "env", "--format", "dot"]), ["dotenv"]);
}

#[test]
fn what_follows_run_is_a_command_of_its_own() {
    let at = |offset| Offer::AnotherCommand { offset };
    assert_eq!(offered(Shell::Zsh, &["port-manager", "run", "np"]), at(2));
    assert_eq!(offered(Shell::Zsh, &["port-manager", "run", "--init", "npm", "st"]), at(3));
    assert_eq!(offered(Shell::Zsh, &["port-manager", "--quiet", "run", "--", "npm", "--pre"]), at(4));
    assert_eq!(offered(Shell::Bash, &["port-manager run --only A_PORT npm ", ""]), at(4));
    assert_eq!(words(Shell::Elvish, &["port-manager", "run", "--ini"]), ["--init"]);
    assert_eq!(words(Shell::Powershell, &["port-manager", "run", "np"]), [""; 0]);
}

#[test]
fn unfinished_and_wrong_command_lines_are_answered() {
    for typed in [
        &["port-manager"][..],
        &[],
        &["port-manager", "no-such-command", ""],
        &["port-manager", "get", "a\u{1b}"],
    ] {
        let Offer::Words(_) = offered(Shell::Fish, typed) else { panic!("{typed:?}") };
    }
    assert_eq!(offered(Shell::Bash, &["port-manager # ", ""]), Offer::Words(String::new()));
}
