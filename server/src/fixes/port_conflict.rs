//! The fix of `port-conflict`: a port that nobody else has.

use super::{Action, Fix};
use crate::rules::Diagnostic;
use crate::service::Service;

pub(super) fn fixes(diagnostic: &Diagnostic) -> Vec<Fix> {
    let Some(variable) = &diagnostic.variable else { return Vec::new() };
    vec![Fix {
        title: format!("Give {variable} a port of its own"),
        edits: Vec::new(),
        action: Some(Action::Allocate {
            public_name: None,
            variable: variable.clone(),
            service: Service::of_variable(variable, diagnostic.port),
            preferred: None,
        }),
        is_preferred: true,
        is_safe_for_all: false,
        is_suppression: false,
    }]
}
