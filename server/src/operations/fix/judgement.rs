//! What of a document's findings would be repaired, by port.

use std::path::PathBuf;

use crate::analysis::Language;
use crate::fixes::{FixAll, Fixer};
use crate::project::map::Place;
use crate::rules::{self, Diagnostic, Document, Facts, Selection, Severity};
use crate::variable::Variable;

/// A port of a project: the project's root, and the variable.
pub(super) type PortKey = (PathBuf, Variable);

/// What would be repaired in one document.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    /// All repairs together.
    pub(super) all: Option<FixAll>,
    /// The diagnostics of a port's certain places, by that port.
    certain: Vec<(PortKey, Diagnostic)>,
    /// The ports that the file has in a variable which no fix replaces.
    in_other_variables: Vec<PortKey>,
    /// Whether a place that cannot be repaired keeps those of other files from being repaired.
    binds_others: bool,
}

impl Judgement {
    /// Judges the findings of these rules, of the ports that are wanted.
    pub(super) fn of(
        document: &Document<'_>,
        facts: &Facts,
        rules: &Selection,
        is_wanted: &dyn Fn(Option<&PortKey>) -> bool,
    ) -> Self {
        let root = facts.root.as_path();
        let port = |found: &Diagnostic| {
            let variable = found.variable.clone().filter(|_| found.rule.is_about_a_number())?;
            Some((root.to_owned(), variable))
        };
        let mut diagnostics = rules::check_selected(rules, document, facts);
        diagnostics.retain(|found| is_wanted(port(found).as_ref()));
        let all = Fixer::new(document, facts).fix_all(&diagnostics);
        let path = facts.within(document.path);
        let is_in_other =
            |place: &Place| place.is_in_another_variable() && place.runtime.is_here() && place.path == path;
        let others = facts.map.ports().iter().filter(|port| port.places.iter().any(is_in_other));
        let others = others.map(|port| (root.to_owned(), port.variable.clone()));
        let in_other_variables = others.filter(|port| is_wanted(Some(port))).collect();
        let certain = diagnostics.into_iter().filter(|found| is_certain(found, document, facts));
        Self {
            all,
            in_other_variables,
            certain: certain.filter_map(|found| Some((port(&found)?, found))).collect(),
            // There a number is a warning only where this machine has another one. What a fix does would depend on the
            // machine: one worktree would be repaired, and another one of the same text not.
            binds_others: document.language != Language::Env,
        }
    }

    /// The ports of which a certain place would be repaired.
    pub(super) fn repaired(&self) -> impl Iterator<Item = &PortKey> {
        self.certain.iter().filter(|(_, found)| self.repairs(found)).map(|(port, _)| port)
    }

    /// The ports of which a certain place would not be repaired, so that none of their places may be.
    pub(super) fn by_hand(&self) -> impl Iterator<Item = &PortKey> {
        let certain = self.certain.iter().filter(|_| self.binds_others);
        let left = certain.filter(|(_, found)| !self.repairs(found)).map(|(port, _)| port);
        left.chain(&self.in_other_variables)
    }

    fn repairs(&self, found: &Diagnostic) -> bool {
        self.all.as_ref().is_some_and(|all| all.fixes(found))
    }
}

/// Whether a finding is about a place that has to follow its port: every number that runs here, whatever its grade. In a
/// file that programs load, such as `.env`, the number counts where it is no longer the port's: that is a warning.
fn is_certain(found: &Diagnostic, document: &Document<'_>, facts: &Facts) -> bool {
    let known = facts.map.at(facts.within(document.path), &found.span);
    found.severity == Severity::Warning
        || known.is_some_and(|(_, place)| place.runtime.is_here() && !place.is_loaded)
}
