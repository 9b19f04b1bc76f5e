//! What of a document's findings would be repaired, by port.

use std::path::PathBuf;

use crate::fixes::{FixAll, fix_all};
use crate::rules::{self, Diagnostic, Document, Facts, Rule, Severity};
use crate::variable::Variable;

/// A port of a project: the project's root, and the variable.
pub(super) type PortKey = (PathBuf, Variable);

/// What would be repaired in one document.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    /// All repairs together.
    pub(super) all: Option<FixAll>,
    /// The diagnostics that are warnings about a port, by that port.
    warnings: Vec<(PortKey, Diagnostic)>,
}

impl Judgement {
    /// Judges the findings of these rules, of the ports that are wanted.
    pub(super) fn of(
        document: &Document<'_>,
        facts: &Facts,
        only: &[Rule],
        is_wanted: &dyn Fn(Option<&PortKey>) -> bool,
    ) -> Self {
        let root = facts.root.as_path();
        let port = |found: &Diagnostic| {
            let variable = found.variable.clone().filter(|_| found.rule.is_about_a_number())?;
            Some((root.to_owned(), variable))
        };
        let mut diagnostics = rules::check_only(only, document, facts);
        diagnostics.retain(|found| is_wanted(port(found).as_ref()));
        let all = fix_all(&diagnostics, document, facts);
        let warnings = diagnostics.into_iter().filter(|found| found.severity == Severity::Warning);
        Self { all, warnings: warnings.filter_map(|found| Some((port(&found)?, found))).collect() }
    }

    /// The ports of which a warning would be repaired.
    pub(super) fn repaired(&self) -> impl Iterator<Item = &PortKey> {
        self.warnings.iter().filter(|(_, found)| self.repairs(found)).map(|(port, _)| port)
    }

    /// The ports of which a warning would not be repaired.
    pub(super) fn by_hand(&self) -> impl Iterator<Item = &PortKey> {
        self.warnings.iter().filter(|(_, found)| !self.repairs(found)).map(|(port, _)| port)
    }

    fn repairs(&self, found: &Diagnostic) -> bool {
        let is_it = |fixed: &Diagnostic| fixed.rule == found.rule && fixed.span == found.span;
        self.all.as_ref().is_some_and(|all| all.fixed.iter().any(is_it))
    }
}
