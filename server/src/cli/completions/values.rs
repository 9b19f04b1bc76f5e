//! The names that an argument can have.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _,
};

use super::offers::Typed;
use crate::cli::Arguments;
use crate::cli::project::{Named, directory_of};
use crate::operations::Known;
use crate::port::Port;
use crate::registry::Store;
use crate::service::ServiceType;
use crate::text::printable;
use crate::variable::Variable;

/// Completes the name of a project, or a directory.
pub(in super::super) fn projects() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let known = known().projects().into_iter();
        let mut offered: Vec<_> = known.map(|project| candidate(&project.word, project.root)).collect();
        offered.retain(|candidate| begins_with(candidate, current));
        let is_path = current.as_encoded_bytes().iter().any(|byte| b"/\\.~".contains(byte));
        if is_path || offered.is_empty() {
            offered.extend(PathCompleter::dir().complete(current));
        }
        offered
    })
}

/// Completes a variable of the project.
pub(in super::super) fn variables() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let named = known_variables().into_iter();
        named.map(|(variable, port)| described(variable.as_str(), port)).collect()
    })
}

/// Completes the name in `VARIABLE=PORT`.
pub(in super::super) fn assignments() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let named = known_variables().into_iter();
        named.map(|(variable, port)| described(&format!("{variable}="), port)).collect()
    })
}

/// Completes a port: a variable of the project, or a number that is registered or on which something listens.
pub(in super::super) fn ports() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let colon = if current.as_encoded_bytes().starts_with(b":") { ":" } else { "" };
        let variables = known_variables().into_iter();
        let variables = variables.map(|(variable, port)| described(variable.as_str(), port));
        let numbers = known().ports().into_iter().map(|known| {
            let help = match known.owner {
                Some((variable, project)) => format!("{variable} of {project}"),
                None => "something listens there".to_owned(),
            };
            candidate(&format!("{colon}{}", known.port), help)
        });
        variables.chain(numbers).filter(|candidate| begins_with(candidate, current)).collect()
    })
}

/// Completes a service type, those of `config.toml` too.
pub(in super::super) fn service_types() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let types = Store::from_environment().map(|store| store.shown_types()).unwrap_or_default();
        let described = |it: &ServiceType| {
            candidate(&it.service.to_string(), format!("{} to {}", it.range.start(), it.range.end()))
        };
        types.iter().map(described).collect()
    })
}

/// Completes a port that `get-port` has reserved.
pub(in super::super) fn reservations() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let known = known();
        known.reservations().map(|(port, service)| candidate(&port.to_string(), service)).collect()
    })
}

/// Completes the name of a command, behind `man config` of one below `config`.
pub(in super::super) fn commands() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let mut command = Arguments::command();
        let typed = Typed::asked().map(|typed| typed.words).unwrap_or_default();
        let before = typed.split_last().map(|(_, before)| before).unwrap_or_default();
        for word in before.iter().skip_while(|word| *word != "man").skip(1) {
            command = command.find_subcommand(word).cloned().unwrap_or(command);
        }
        let named = command.get_subcommands().filter(|command| !command.is_hide_set());
        named.map(|it| CompletionCandidate::new(it.get_name()).help(it.get_about().cloned())).collect()
    })
}

fn known() -> Known {
    Known::of(Store::from_environment())
}

/// The variables of the project that the command line names with --project, else of the current directory's.
fn known_variables() -> BTreeMap<Variable, Option<Port>> {
    let directory = directory_of(named_project().as_ref()).ok();
    directory.map(|directory: PathBuf| known().variables(&directory)).unwrap_or_default()
}

/// The project that the command line names.
fn named_project() -> Option<Named> {
    const OPTION: &str = "--project";
    let mut words = Typed::asked()?.words.into_iter().filter_map(|word| word.into_string().ok());
    let name = words.find_map(|word| {
        let value = word.strip_prefix(OPTION)?;
        Some(value.strip_prefix('=').map(ToOwned::to_owned))
    })?;
    name.or_else(|| words.next())?.parse().ok()
}

fn described(word: &str, port: Option<Port>) -> CompletionCandidate {
    match port {
        Some(port) => candidate(word, port),
        None => CompletionCandidate::new(word),
    }
}

fn candidate(word: &str, help: impl ToString) -> CompletionCandidate {
    CompletionCandidate::new(word).help(Some(printable(&help.to_string()).into()))
}

fn begins_with(candidate: &CompletionCandidate, current: &OsStr) -> bool {
    candidate.get_value().as_encoded_bytes().starts_with(current.as_encoded_bytes())
}
