//! `port-manager check [PATH]...`

mod report;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::explain::rule;
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::check::{CheckOptions, CheckReport, check};
use crate::registry::Store;
use crate::rules::Rule;

/// Look for hardcoded ports, and for port variables that nothing defines.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager check
  port-manager check src docker-compose.yml
  port-manager check --only hardcoded-port --format jsonl | jq .path

Files that git ignores are passed over, and so are directories such as node_modules;
a file that is named is always checked. Exit code 1 says that there are findings.")]
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
    let Arguments { paths, only, .. } = arguments;
    let options = CheckOptions { paths, only, suggests_fixes: is_for_people };
    let report = check(&options, Store::from_environment()?.load()?)?;
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
    Ok(if report.failures.is_empty() { Exit::fine_if(report.findings.is_empty()) } else { Exit::Failure })
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
