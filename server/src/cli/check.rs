//! `port-manager check [PATH]...`

mod format;

use std::env;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::Args;

use self::format::{Format, human};
use super::exit::Exit;
use super::explain::rule;
use super::terminal::{Terminal, counted};
use crate::error::Result;
use crate::operations::check::{CheckOptions, CheckReport, Repair};
use crate::operations::fix::{self, FixOptions, IncompletePort, Repairs};
use crate::registry::{Registry, Store};
use crate::rules::{Rule, Scene, Severity};

/// Look for hardcoded ports, and for port variables that nothing defines.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager check
  port-manager check src docker-compose.yml
  port-manager check --only hardcoded-port --format jsonl | jq .path
  port-manager check --format sarif > port-manager.sarif
  port-manager check --fix src

Files that git ignores are passed over, and so are directories such as node_modules;
a file that is named is always checked. Where there is no registry, or CI is set in the
environment, rules about this machine's state are not asked unless --only names them.
Exit code 1 says that there are findings at least as serious as --fail-on says.")]
pub(super) struct Arguments {
    /// Files and directories to look at [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print the findings [default: human].
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true)]
    format: Format,
    /// Print one JSON object a line; the same as --format jsonl.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Only this rule; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule())]
    only: Vec<Rule>,
    /// The least serious finding that makes the exit code 1 [default: warning].
    #[arg(long, value_name = "GRADE", default_value = "warning", hide_default_value = true, value_parser = grade())]
    fail_on: Severity,
    /// Use the variables that the project has already wherever their numbers are typed, and check
    /// what is left. Nothing is registered for it.
    #[arg(long)]
    fix: bool,
}

/// A grade by its name.
fn grade() -> impl TypedValueParser<Value = Severity> {
    let names = [
        PossibleValue::new("warning").help("Only warnings"),
        PossibleValue::new("note").help("Warnings and notes"),
        PossibleValue::new("hint").help("Every finding"),
    ];
    PossibleValuesParser::new(names).map(|name| match name.as_str() {
        "hint" => Severity::Hint,
        "note" => Severity::Information,
        _ => Severity::Warning,
    })
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let format = if arguments.json { Format::Jsonl } else { arguments.format };
    let is_for_people = format.is_for_people();
    let Arguments { paths, only, fix, fail_on, .. } = arguments;
    let store = Store::from_environment()?;
    let has_registry = store.path().exists();
    let scene = Scene::of(has_registry, env::var_os("CI").as_deref());
    let is_new_here = !has_registry && Scene::of(true, env::var_os("CI").as_deref()) == Scene::Workstation;
    let registry = store.load()?;
    let repaired = match fix {
        true => {
            let options = FixOptions { paths: paths.clone(), only: only.clone(), scene };
            Some(repair(&options, registry.clone(), terminal)?)
        }
        false => None,
    };
    let is_everything_asked = scene == Scene::Workstation || !only.is_empty();
    let options = CheckOptions { paths, only, scene, suggests_fixes: format.shows_suggestions() };
    let report = fix::check(&options, registry)?;
    format.print(&report, fail_on, terminal)?;
    tell_what_was_passed_over(&report, terminal)?;
    if !is_everything_asked {
        tell_which_rules_were_not_asked(has_registry, terminal)?;
    }
    if is_for_people {
        human::summarize(&report, terminal)?;
        if repaired.as_ref().is_some_and(|repaired| repaired.places == 0) {
            tell_why_nothing_was_fixed(&report, terminal)?;
        } else if is_new_here && !report.findings.is_empty() {
            terminal
                .help("No project has ports on this machine yet: `port-manager init` gives them to one.")?;
        }
    }
    let is_fixed = repaired.is_none_or(|repaired| repaired.is_complete);
    Ok(match report.failures.is_empty() && is_fixed {
        true => Exit::fine_if(report.findings.iter().all(|finding| finding.severity < fail_on)),
        false => Exit::Failure,
    })
}

/// What `--fix` did.
struct Repaired {
    /// How many findings it fixed.
    places: usize,
    /// Whether every file could be written.
    is_complete: bool,
}

/// Fixes what can be fixed, and says so.
fn repair(options: &FixOptions, registry: Registry, terminal: &mut Terminal) -> Result<Repaired> {
    let Repairs { files: found, incomplete } = fix::find_fixes(options, registry, None)?;
    for path in fix::write_names(&found)? {
        terminal.say_more(format_args!("{}: named what pages read", path.display()))?;
    }
    let mut written = Vec::new();
    let mut is_complete = true;
    for file in found {
        match file.write() {
            Ok(()) => written.push(file),
            Err(error) => {
                is_complete = false;
                terminal.error(&error);
            }
        }
    }
    for file in &written {
        terminal.say_more(format_args!("{}: fixed {}", file.path.display(), counted(file.count, "place")))?;
    }
    let (places, files) = fix::extent(&written);
    if places > 0 {
        terminal.say(format_args!("Fixed {} in {}.", counted(places, "place"), counted(files, "file")))?;
    }
    let here = env::current_dir().unwrap_or_default();
    for IncompletePort { variable, by_hand } in &incomplete {
        // A file of the project that was not named is given by where it lies.
        let files: Vec<String> = by_hand
            .iter()
            .map(|path| path.strip_prefix(&here).unwrap_or(path).display().to_string())
            .collect();
        terminal.say(format_args!(
            "{variable} was left alone: {} cannot be fixed, and the others would no longer agree with it.",
            files.join(", ")
        ))?;
    }
    Ok(Repaired { places, is_complete })
}

fn tell_why_nothing_was_fixed(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    if report.findings.iter().any(|finding| finding.repair != Repair::NoVariable) {
        return terminal.say("Nothing was fixed: these places have to be edited by hand.");
    }
    terminal.say("Nothing was fixed: no variable in .ports.env has one of these numbers.")?;
    terminal.help(
        "`port-manager init` gives a project its variables; an editor's quick fix registers one number.",
    )
}

fn tell_which_rules_were_not_asked(has_registry: bool, terminal: &mut Terminal) -> Result<()> {
    let rules = Rule::ALL.into_iter().filter(|rule| rule.is_about_this_machine()).map(Rule::name);
    let rules = rules.collect::<Vec<_>>().join(", ");
    let reason = if has_registry { "CI is set" } else { "there is no registry" };
    terminal.say_more(format_args!("not asked, as {reason}: {rules} (--only RULE asks one)"))
}

fn tell_what_was_passed_over(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    for skipped in &report.skipped {
        if skipped.is_named {
            terminal.warn(skipped)?;
        } else {
            terminal.say_more(skipped)?;
        }
    }
    for failure in &report.failures {
        terminal.error(failure);
    }
    Ok(())
}
