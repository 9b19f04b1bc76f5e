//! The fix of `port-conflict`: a port that nobody else has.

use super::{Action, Applicability, Fix};
use crate::rules::{Diagnostic, Facts};

pub(super) fn fixes(diagnostic: &Diagnostic, facts: &Facts) -> Vec<Fix> {
    let Some(variable) = &diagnostic.variable else { return Vec::new() };
    vec![Fix {
        title: format!("Give {variable} a port of its own"),
        edits: Vec::new(),
        action: Some(Action::Allocate {
            public_name: None,
            variable: variable.clone(),
            service: facts.registry.types().of_variable(variable, diagnostic.port),
            preferred: None,
        }),
        applicability: Applicability::Preferred,
    }]
}
