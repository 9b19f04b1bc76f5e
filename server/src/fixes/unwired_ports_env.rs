//! Fixes for `unwired-ports-env`: the standard pattern of the tool.

use super::{Action, Applicability, Fix};
use crate::project::starts::StartKind;
use crate::rules::{Document, Facts};

pub(super) fn fixes(document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let target = StartKind::of(facts.within(document.path)).and_then(StartKind::target);
    let fix = target.map(|target| Fix {
        title: format!("Load .ports.env here (port-manager integrate {target})"),
        edits: Vec::new(),
        action: Some(Action::Integrate(target)),
        applicability: Applicability::Preferred,
    });
    fix.into_iter().collect()
}
