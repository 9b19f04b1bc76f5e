//! Fix-all: everything in a document that needs no decision and nothing new, at once.

use std::ops::Range;

use super::{Action, Edit, Fix, apply, fixes, repairs};
use crate::analysis::{SyntaxCache, analyze_by};
use crate::project::map::Renamed;
use crate::rules::{Diagnostic, Document, Facts};

/// The repairs of a document that are made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixAll {
    /// The edits, in the order of the text, none overlapping another.
    pub edits: Vec<Edit>,
    /// The diagnostics that are gone with them.
    pub fixed: Vec<Diagnostic>,
    /// The names under which pages read variables with them, of which `port-manager.toml` says nothing yet.
    pub renamed: Vec<Renamed>,
}

/// How many bytes may be analysed to try the fixes of one document alone. A table with thousands of ports is left to
/// the fixes that people choose.
const TRIED_TEXT: usize = 64 * 1024 * 1024;

/// What can be made of the document's diagnostics with the variables that exist already; `None`
/// where that is nothing.
#[must_use]
pub fn fix_all(diagnostics: &[Diagnostic], document: &Document<'_>, facts: &Facts) -> Option<FixAll> {
    // Trying each alone takes an analysis of the text for each, so that is done only where all of them
    // together turn out not to be right.
    let untried = |diagnostic: &Diagnostic| safe(repairs(diagnostic, document, facts));
    let tried = |diagnostic: &Diagnostic| safe(fixes(diagnostic, document, facts));
    // Trying a fix only takes offers away: where there are none untried, there are none.
    let all = together(diagnostics, untried)?;
    if all.keeps_its_promise(document, facts) {
        return Some(all);
    }
    if diagnostics.len().saturating_mul(document.text.len()) > TRIED_TEXT {
        return None;
    }
    together(diagnostics, tried).filter(|all| all.keeps_its_promise(document, facts))
}

fn safe(fixes: Vec<Fix>) -> Option<Fix> {
    let is_safe = |fix: &Fix| fix.is_certain() && matches!(fix.action, None | Some(Action::Rename(_)));
    fixes.into_iter().find(is_safe)
}

fn together(diagnostics: &[Diagnostic], fix: impl Fn(&Diagnostic) -> Option<Fix>) -> Option<FixAll> {
    let mut all = FixAll { edits: Vec::new(), fixed: Vec::new(), renamed: Vec::new() };
    for diagnostic in diagnostics {
        let Some(fix) = fix(diagnostic) else { continue };
        // Two fixes may bring the same import.
        let new: Vec<Edit> = fix.edits.into_iter().filter(|edit| !all.edits.contains(edit)).collect();
        let collides = |edit: &Edit| all.edits.iter().any(|other| overlap(&edit.span, &other.span));
        if !new.iter().any(collides) {
            all.edits.extend(new);
            all.fixed.push(diagnostic.clone());
            if let Some(Action::Rename(renamed)) = fix.action
                && !all.renamed.contains(&renamed)
            {
                all.renamed.push(renamed);
            }
        }
    }
    all.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    (!all.edits.is_empty()).then_some(all)
}

impl FixAll {
    /// Whether the text with all of it parses as well as before, and the literals that were to go are replaced.
    fn keeps_its_promise(&self, document: &Document<'_>, facts: &Facts) -> bool {
        let Some(fixed) = apply(document.text, &self.edits) else { return false };
        let packs = facts.settings.packs();
        let analysis = analyze_by(&fixed, document.language, packs, &mut SyntaxCache::default());
        let gone = self.fixed.iter().filter(|diagnostic| diagnostic.rule.is_about_a_number());
        let gone = gone.filter_map(|diagnostic| diagnostic.port);
        super::parses_as_well(&analysis, &fixed, document)
            && super::are_rewritten(&analysis, document.analysis, gone, facts)
    }
}

/// Whether two edits cannot both be made. Two insertions at one place cannot: their order is unclear.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    (a.start < b.end && b.start < a.end) || a.start == b.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_that_touch_do_not_overlap() {
        assert!(!overlap(&(0..2), &(2..3)));
        assert!(overlap(&(0..2), &(1..3)));
        assert!(overlap(&(1..1), &(1..1)));
    }
}
