//! `port-manager check [PATH]...`

mod report;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::explain::rule;
use super::terminal::{Terminal, counted};
use crate::error::Result;
use crate::operations::check::{CheckOptions, CheckReport, check};
use crate::operations::fix::{self, FixOptions};
use crate::registry::{Registry, Store};
use crate::rules::{Rule, Severity};

/// Look for hardcoded ports, and for port variables that nothing defines.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager check
  port-manager check src docker-compose.yml
  port-manager check --only hardcoded-port --format jsonl | jq .path
  port-manager check --fix src

Files that git ignores are passed over, and so are directories such as node_modules;
a file that is named is always checked. Exit code 1 says that there are findings other
than hints.")]
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
    /// Use the variables that the project has already wherever their numbers are typed, and check
    /// what is left. Nothing is registered for it.
    #[arg(long)]
    fix: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: the line with what is wrong in it.
    Human,
    /// For programs: one JSON object a line.
    Jsonl,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let is_for_people = !arguments.json && arguments.format == Format::Human;
    let Arguments { paths, only, fix, .. } = arguments;
    let registry = Store::from_environment()?.load()?;
    let is_fixed = !fix || {
        let options = FixOptions { paths: paths.clone(), only: only.clone() };
        repair(&options, registry.clone(), terminal)?
    };
    let options = CheckOptions { paths, only, suggests_fixes: is_for_people };
    let report = check(&options, registry)?;
    if is_for_people {
        report::print(&report, terminal)?;
    } else {
        for finding in &report.findings {
            terminal.print_json_line(finding)?;
        }
    }
    tell_what_was_passed_over(&report, terminal)?;
    if is_for_people {
        terminal.say(report::summary(&report))?;
    }
    Ok(match report.failures.is_empty() && is_fixed {
        // What is merely a hint fails nobody's build.
        true => Exit::fine_if(report.findings.iter().all(|finding| finding.severity == Severity::Hint)),
        false => Exit::Failure,
    })
}

/// Repairs what can be repaired, and says so; whether every file could be written.
fn repair(options: &FixOptions, registry: Registry, terminal: &mut Terminal) -> Result<bool> {
    let found = fix::find_fixes(options, registry, None)?;
    let mut written = Vec::new();
    let mut is_fine = true;
    for file in found {
        match file.write() {
            Ok(()) => written.push(file),
            Err(error) => {
                is_fine = false;
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
    Ok(is_fine)
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
