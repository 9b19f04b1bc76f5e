//! `port-manager check [PATH]...`

mod accepted;
mod fixing;
mod format;
mod progress;
mod request;
mod statistics;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use self::accepted::Accepted;
use self::format::{Format, human};
use self::progress::Progress;
use self::request::{BYTE_ORDER_MARK, Fixing, Request};
use super::exit::Exit;
use super::explain::rule;
use super::terminal::{Terminal, counted};
use crate::error::Result;
use crate::operations::ChangedLines;
use crate::operations::check::{CheckOptions, CheckReport, Watch};
use crate::operations::fix;
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
  port-manager check --severity warning --except fallback-mismatch --statistics
  port-manager check --diff origin/main
  port-manager check --baseline ports-baseline.json --write-baseline
  port-manager check --fix src
  port-manager check --fix --diff | git apply
  port-manager check --stdin-filename web/server.js < web/server.js
  port-manager check --watch

Files that git ignores are passed over, and so are directories such as node_modules;
a file that is named is always checked. Where there is no registry, or CI is set in the
environment, rules about this machine's state are skipped unless --only names them.
Exit code 1 says that there are findings at least as serious as --fail-on says; with --fix
--diff, that there is a patch. docs/ci.md shows how to check in a build.")]
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
    /// Not this rule; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule(), hide_possible_values = true)]
    except: Vec<Rule>,
    /// The least serious finding that is shown: warning, note or hint [default: hint].
    #[arg(long, value_name = "GRADE", default_value = "hint", hide_default_value = true, hide_possible_values = true, value_parser = grade())]
    severity: Severity,
    /// The least serious finding that makes the exit code 1 [default: warning].
    #[arg(long, value_name = "GRADE", default_value = "warning", hide_default_value = true, value_parser = grade())]
    fail_on: Severity,
    /// Show how many findings each rule has, and no findings.
    #[arg(long)]
    statistics: bool,
    /// Use the variables that the project has already wherever their numbers are typed, and check
    /// what is left. Nothing is registered for it.
    #[arg(long)]
    fix: bool,
    /// Show only findings in lines that have changed since this revision, or since the branch left it.
    /// With --fix: write nothing, and print the fixes as a patch.
    #[arg(long, value_name = "REV", num_args = 0..=1)]
    diff: Option<Option<OsString>>,
    /// Show only findings that this file does not list.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings of this check into the baseline.
    #[arg(long, requires = "baseline", conflicts_with_all = ["diff", "stdin_filename", "watch"])]
    write_baseline: bool,
    /// Remove findings from the baseline that are gone.
    #[arg(long, requires = "baseline", conflicts_with_all = ["write_baseline", "diff", "stdin_filename", "watch"])]
    prune_baseline: bool,
    /// Read the standard input as the text of this file. With --fix, print the text with its fixes.
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    stdin_filename: Option<PathBuf>,
    /// Check again whenever a file changes, until Ctrl+C.
    #[arg(long, conflicts_with_all = ["fix", "format", "json"])]
    watch: bool,
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
    let watches = arguments.watch;
    let request = Request::of(arguments)?;
    if watches { watch(&request, terminal) } else { check(&request, terminal) }
}

/// Checks once, and again after each change. It ends with the process.
fn watch(request: &Request, terminal: &mut Terminal) -> Result<Exit> {
    let registry = Store::from_environment()?.path().to_owned();
    loop {
        // Before the check, so that it misses no change.
        let watch = Watch::start(&request.paths, &registry)?;
        if let Err(error) = check(request, terminal) {
            terminal.error(&error);
        }
        terminal.say("Watching for changes; Ctrl+C ends this.")?;
        terminal.flush()?;
        let changed = watch.wait()?;
        let first = changed.first().map(|path| path.display().to_string()).unwrap_or_default();
        let others = match changed.len() {
            0 | 1 => String::new(),
            count => format!(" and {}", counted(count - 1, "other file")),
        };
        terminal.say("")?;
        terminal.say(format_args!("{first}{others} changed."))?;
    }
}

/// What this machine has to do with a check.
struct Machine {
    registry: Registry,
    has_registry: bool,
    /// Whether somebody develops here, so that the rules about the machine mean something, registry or not.
    is_developers: bool,
    scene: Scene,
}

impl Machine {
    fn look() -> Result<Self> {
        let store = Store::from_environment()?;
        let ci = env::var_os("CI");
        let has_registry = store.path().exists();
        Ok(Self {
            registry: store.load()?,
            has_registry,
            is_developers: Scene::of(true, ci.as_deref()) == Scene::Workstation,
            scene: Scene::of(has_registry, ci.as_deref()),
        })
    }
}

fn check(request: &Request, terminal: &mut Terminal) -> Result<Exit> {
    let machine = Machine::look()?;
    // What can fail at once comes before what takes long.
    let mut accepted = Accepted::load(&request.baseline)?;
    let since = request.changed_since.as_ref();
    let changed = since.map(|since| ChangedLines::since(since, &request.paths)).transpose()?;
    let text = request.read_text()?;
    if request.fixing == Fixing::Patch {
        return fixing::print_patch(request, text.as_deref(), &machine, terminal);
    }
    let fixed = fixing::fix(request, text, &machine, terminal)?;
    let mut report = find(request, fixed.text.as_deref(), &machine, terminal)?;
    accepted.apply(&mut report, request, machine.scene)?;
    if let Some(changed) = &changed {
        report.keep_changed(changed);
    }
    report.keep_severe(request.severity);
    if request.statistics {
        statistics::print(&report, request.format, terminal)?;
    } else if !fixed.is_text_printed {
        request.format.print(&report, request.fail_on, terminal)?;
    }
    tell(&report, request, &machine, &accepted, terminal)?;
    if request.format.is_for_people() {
        human::summarize(&report, terminal)?;
        if fixed.places == Some(0) {
            fixing::tell_why_nothing_was_fixed(&report, terminal)?;
        } else if machine.is_developers && !machine.has_registry && !report.findings.is_empty() {
            terminal
                .help("No project on this machine has ports yet. Run `port-manager init` in a project.")?;
        }
    }
    Ok(match report.failures.is_empty() && fixed.is_complete {
        true => Exit::fine_if(report.findings.iter().all(|finding| finding.severity < request.fail_on)),
        false => Exit::Failure,
    })
}

/// Looks for findings, and says on a terminal how far that is.
fn find(
    request: &Request,
    text: Option<&str>,
    machine: &Machine,
    terminal: &Terminal,
) -> Result<CheckReport> {
    let options = CheckOptions {
        paths: request.paths.clone(),
        text: text.map(|text| text.trim_start_matches(BYTE_ORDER_MARK).to_owned()),
        rules: request.rules.clone(),
        scene: machine.scene,
        suggests_fixes: request.format.shows_suggestions() || request.statistics,
        looked_at: Arc::default(),
    };
    let _progress = Progress::start(Arc::clone(&options.looked_at), terminal);
    fix::check(&options, machine.registry.clone())
}

/// Says what was not looked at, and what is not shown.
fn tell(
    report: &CheckReport,
    request: &Request,
    machine: &Machine,
    accepted: &Accepted,
    terminal: &mut Terminal,
) -> Result<()> {
    tell_what_was_passed_over(report, terminal)?;
    if machine.scene != Scene::Workstation && request.rules.only.is_empty() {
        tell_which_rules_were_not_asked(machine.has_registry, terminal)?;
    }
    accepted.tell(terminal)
}

fn tell_which_rules_were_not_asked(has_registry: bool, terminal: &mut Terminal) -> Result<()> {
    let rules = Rule::ALL.into_iter().filter(|rule| rule.is_about_this_machine()).map(Rule::name);
    let rules = rules.collect::<Vec<_>>().join(", ");
    let reason = if has_registry { "CI is set" } else { "there is no registry" };
    terminal.say_more(format_args!("skipped because {reason}: {rules}; --only RULE checks one anyway"))
}

fn tell_what_was_passed_over(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    for skipped in &report.skipped {
        if skipped.is_named && !terminal.is_quiet() {
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
