//! Which variables can be renamed, and what they can be called.

use std::collections::BTreeSet;

use crate::error::{AssignmentError, Error, NameError, Result};
use crate::operations::run::obeyed_by;
use crate::port::Port;
use crate::rules::Facts;
use crate::variable::Variable;

/// Checks that a variable of the project can have another name.
///
/// # Errors
/// [`NameError::UnknownVariable`], and [`AssignmentError::CannotRename`] where programs know no other name.
pub fn ensure_renamable(facts: &Facts, variable: &Variable) -> Result<()> {
    let cannot = |reason: String, help: String| {
        Err(Error::Assignment(AssignmentError::CannotRename { variable: variable.clone(), reason, help }))
    };
    if let Some(program) = program_obeying(facts, variable) {
        let help = format!(
            "Give the program the number of another variable: `{variable} = \"WEB_PORT\"` in a table [run.\".\"] of \
             port-manager.toml."
        );
        return cannot(program, help);
    }
    if !is_listed(facts, variable) {
        let tables = facts.settings.renamed_in(&facts.root);
        if let Some(entry) = tables.into_iter().find(|entry| entry.name == *variable) {
            let meant = entry.variable;
            let help = format!("Rename {meant}, or change the name in [run] of port-manager.toml by hand.");
            return cannot(format!("it is the name under which a component reads {meant}"), help);
        }
        if let Some(meant) = facts.map.meant(variable) {
            let help = format!("Rename {meant} instead.");
            return cannot(format!("it is the name under which pages read {meant}"), help);
        }
    }
    let registered = registered(facts, variable);
    let is_read = || facts.map.places_naming(variable).next().is_some();
    if !is_listed(facts, variable) && registered.is_none() && !is_read() {
        return Err(unknown(facts, variable));
    }
    if registered.is_some() && registered != facts.port(variable) {
        let reason = "`.ports.env` and the registry give it different numbers".to_owned();
        return cannot(reason, "Run `port-manager init` first.".to_owned());
    }
    Ok(())
}

fn unknown(facts: &Facts, variable: &Variable) -> Error {
    let listed = facts.listed.iter().flatten().map(|(listed, _)| listed.clone());
    let written = facts.ports_env.iter().flat_map(|file| file.variables().cloned());
    let known: BTreeSet<Variable> = listed.chain(written).collect();
    Error::Name(NameError::UnknownVariable {
        variable: variable.clone(),
        project: facts.root.name(),
        known: known.into_iter().collect(),
    })
}

/// Checks that a variable of the project can be called so.
///
/// # Errors
/// [`AssignmentError::NotAPortVariable`], and [`AssignmentError::NameTaken`] where the name is in use or programs obey it.
pub(super) fn ensure_new_name(facts: &Facts, name: &Variable) -> Result<()> {
    name.ensure_holds_port().map_err(|reason| {
        Error::Assignment(AssignmentError::NotAPortVariable { variable: name.clone(), reason })
    })?;
    let refused =
        |reason: String| Error::Assignment(AssignmentError::NameTaken { variable: name.clone(), reason });
    if let Some(program) = program_obeying(facts, name) {
        return Err(refused(program));
    }
    let is_alias = facts.settings.renamed_in(&facts.root).iter().any(|entry| entry.name == *name);
    if is_listed(facts, name) || registered(facts, name).is_some() {
        return Err(refused("the project has a variable of that name".to_owned()));
    }
    if is_alias {
        return Err(refused("a table [run] of port-manager.toml has that name".to_owned()));
    }
    if facts.defined_elsewhere.contains(name) {
        return Err(refused("a file such as .env defines it".to_owned()));
    }
    if let Some(place) = facts.map.places_naming(name).next() {
        return Err(refused(format!("{}:{} uses that name", place.path.display(), place.line)));
    }
    Ok(())
}

fn is_listed(facts: &Facts, variable: &Variable) -> bool {
    facts.ports_env.as_ref().is_some_and(|file| file.lists(variable))
        || facts.listed.iter().flatten().any(|(listed, _)| listed == variable)
}

fn registered(facts: &Facts, variable: &Variable) -> Option<Port> {
    let project = facts.root.key().ok().and_then(|key| facts.registry.project(key))?;
    project.get(variable).map(|assignment| assignment.port)
}

/// The program that takes its port from the variable, whatever the project's own code says.
fn program_obeying(facts: &Facts, variable: &Variable) -> Option<String> {
    if *variable == Variable::bare() {
        return Some("frameworks and hosting services take their port from PORT".to_owned());
    }
    if let Some(program) = variable.known_to() {
        return Some(format!("{program} reads its port from {variable}"));
    }
    let commands = facts.map.starts().files().flat_map(|(_, file)| &file.starts);
    let program = commands.filter_map(|start| obeyed_by(variable, &start.command)).next()?;
    Some(format!("`{program}`, which the project starts, reads its port from {variable}"))
}
