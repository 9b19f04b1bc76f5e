//! Numbers that somebody chose, and variables that somebody removed.

use super::Session;
use crate::error::{AssignmentError, Error, Result};
use crate::operations::{ChosenPort, UnsetVariable};
use crate::port::Port;
use crate::registry::{self, Assignment, Owner, Refusal};
use crate::variable::Variable;

/// A number that somebody chose for a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::operations) struct Choice {
    pub(in crate::operations) variable: Variable,
    pub(in crate::operations) port: Port,
    /// What `.ports.env.example` lists it with where it does not list it.
    pub(in crate::operations) default: Port,
}

impl Session<'_> {
    /// Whether `.ports.env.example` lists the variable.
    pub(in crate::operations) fn is_listed_in_example(&self, variable: &Variable) -> bool {
        self.example.variables().any(|(listed, _)| listed == variable)
    }

    /// Gives each variable its number, or none of them: those that are refused fail the whole.
    pub(in crate::operations) fn choose(&mut self, choices: &[Choice]) -> Result<Vec<ChosenPort>> {
        let registry = self.held.registry_mut();
        // All give their numbers back before any takes its own: two may be exchanged.
        let former: Vec<Option<Assignment>> = choices
            .iter()
            .map(|choice| {
                let own = registry.project(self.key)?.get(&choice.variable)?;
                if own.port == choice.port {
                    Some(own.clone())
                } else {
                    registry.unassign(self.key, &choice.variable)
                }
            })
            .collect();
        let (context, root) = (self.context, self.root.as_path());
        let is_free = |port| context.is_free(port) || context.is_own(port, root);
        let mut chosen = Vec::new();
        for (Choice { variable, port, default }, former) in choices.iter().zip(former) {
            let port = *port;
            let is_new = former.as_ref().is_none_or(|former| former.port != port);
            if is_new {
                // A number that get-port printed in this project is reserved for it.
                let is_reserved_for_it = matches!(registry.owner(port),
                    Some(Owner::Reservation { directory: Some(directory), .. })
                        if super::is_reserved_for(self.root, directory));
                if is_reserved_for_it {
                    registry.release(port);
                }
                let refusal = context.privileged(port);
                if let Some(refusal) = refusal.or_else(|| registry::refusal(registry, port, &is_free)) {
                    return Err(self.number_refused(variable, port, &refusal));
                }
            }
            let service = former
                .as_ref()
                .map_or_else(|| registry.types().of_variable(variable, Some(port)), |it| it.service);
            registry.assign(self.key, &self.name, variable, port, service)?;
            self.env.set(variable, port);
            self.example.add(variable, *default);
            chosen.push(ChosenPort {
                variable: variable.clone(),
                port,
                service,
                is_new,
                former: former.filter(|_| is_new).map(|former| former.port),
            });
        }
        Ok(chosen)
    }

    /// Takes the variable out of the registry, `.ports.env` and `.ports.env.example`; `None` where none of them has it.
    pub(in crate::operations) fn remove_variable(&mut self, variable: &Variable) -> Option<UnsetVariable> {
        let assignment = self.held.registry_mut().unassign(self.key, variable);
        let is_written = self.env.variables().any(|written| written == variable);
        let port = assignment.map(|assignment| assignment.port).or_else(|| self.env.get(variable));
        if port.is_none() && !is_written && !self.is_listed_in_example(variable) {
            return None;
        }
        self.env.remove(variable);
        self.example.remove(variable);
        Some(UnsetVariable { variable: variable.clone(), port, readers: Vec::new() })
    }

    /// Why the variable is not given the number, with a way out.
    fn number_refused(&self, variable: &Variable, port: Port, refusal: &Refusal) -> Error {
        let help = match self.held.registry().owner(port) {
            Some(Owner::Project { key, variable: its, .. }) if key == self.key => {
                format!("Give {its} another number in the same command, or choose another for {variable}.")
            }
            Some(Owner::Project { variable: its, .. }) => {
                format!("Choose another number, or run `port-manager unset {its}` in that project first.")
            }
            Some(Owner::Reservation { .. }) => {
                format!("Choose another number, or run `port-manager release {port}` first.")
            }
            None if *refusal == Refusal::Avoided => {
                let path = self.context.store.config_path();
                format!("Choose another number, or remove it from `avoid` in {}.", path.display())
            }
            None if !self.context.is_free(port) => {
                format!(
                    "Choose another number; `port-manager free {port}` shows who listens there and can stop it."
                )
            }
            None => "Choose another number.".to_owned(),
        };
        Error::Assignment(AssignmentError::NumberRefused {
            variable: variable.clone(),
            port,
            reason: refusal.to_string(),
            help,
        })
    }
}
