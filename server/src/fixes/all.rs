//! Fix-all: everything in a document that needs no decision and nothing new, at once.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Action, Edit, Fix, Fixer};
use crate::project::map::Renamed;
use crate::rules::{Diagnostic, Rule};

/// The repairs of a document that are made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixAll {
    /// The edits, in the order of the text, none overlapping another.
    pub edits: Vec<Edit>,
    /// The diagnostics that are gone with them, in the order of the text.
    pub fixed: Vec<Diagnostic>,
    /// The names under which pages read variables with them, of which `port-manager.toml` says nothing yet.
    pub renamed: Vec<Renamed>,
}

impl FixAll {
    /// Whether the diagnostic is gone with it.
    #[must_use]
    pub fn fixes(&self, diagnostic: &Diagnostic) -> bool {
        self.fixed.binary_search_by_key(&place(diagnostic), place).is_ok()
    }
}

/// Where a diagnostic is among those of its document.
fn place(diagnostic: &Diagnostic) -> (usize, usize, Rule) {
    (diagnostic.span.start, diagnostic.span.end, diagnostic.rule)
}

/// How many bytes may be analysed to try the fixes of one document alone. A table with thousands of ports is left to
/// the fixes that people choose.
const TRIED_TEXT: usize = 64 * 1024 * 1024;

impl Fixer<'_> {
    /// What can be made of the document's diagnostics with the variables that exist already; `None` where that is nothing.
    #[must_use]
    pub fn fix_all(&self, diagnostics: &[Diagnostic]) -> Option<FixAll> {
        // Trying each alone takes an analysis of the text for each, so that is done only where all of them
        // together turn out not to be right.
        // Trying a fix only takes offers away: where there are none untried, there are none.
        let all = together(diagnostics, |diagnostic| safe(self.repairs(diagnostic)))?;
        if self.makes_all(&all) {
            return Some(all);
        }
        if diagnostics.len().saturating_mul(self.document.text.len()) > TRIED_TEXT {
            return None;
        }
        together(diagnostics, |diagnostic| safe(self.fixes(diagnostic))).filter(|all| self.makes_all(all))
    }

    /// Whether the text with all of it parses as well as before, and the literals that were to go are replaced.
    fn makes_all(&self, all: &FixAll) -> bool {
        let gone = all.fixed.iter().filter(|diagnostic| diagnostic.rule.is_about_a_number());
        let gone = gone.filter_map(|diagnostic| diagnostic.port);
        self.tried(&all.edits).is_some_and(|(_, analysis)| self.are_rewritten(&analysis, gone))
    }
}

fn safe(fixes: Vec<Fix>) -> Option<Fix> {
    let is_safe = |fix: &Fix| fix.is_certain() && matches!(fix.action, None | Some(Action::Rename(_)));
    fixes.into_iter().find(is_safe)
}

fn together(diagnostics: &[Diagnostic], fix: impl Fn(&Diagnostic) -> Option<Fix>) -> Option<FixAll> {
    let mut edits = Edits::default();
    let (mut fixed, mut renamed) = (Vec::new(), Vec::new());
    for diagnostic in diagnostics {
        let Some(fix) = fix(diagnostic) else { continue };
        if !edits.add(fix.edits) {
            continue;
        }
        fixed.push(diagnostic.clone());
        if let Some(Action::Rename(new)) = fix.action
            && !renamed.contains(&new)
        {
            renamed.push(new);
        }
    }
    fixed.sort_by_key(place);
    let edits: Vec<Edit> = edits.0.into_values().collect();
    (!edits.is_empty()).then_some(FixAll { edits, fixed, renamed })
}

/// Edits of one text by where they begin, none overlapping another.
#[derive(Debug, Default)]
struct Edits(BTreeMap<usize, Edit>);

impl Edits {
    /// Adds the edits of one fix, or none of them where one cannot be made together with those that are there. Two fixes
    /// may bring the same import.
    fn add(&mut self, edits: Vec<Edit>) -> bool {
        let new: Vec<Edit> =
            edits.into_iter().filter(|edit| self.0.get(&edit.span.start) != Some(edit)).collect();
        let is_free = new.iter().all(|edit| self.has_room_for(&edit.span));
        if is_free {
            self.0.extend(new.into_iter().map(|edit| (edit.span.start, edit)));
        }
        is_free
    }

    /// Whether no edit overlaps these bytes. Two insertions at one place cannot both be made: their order is unclear.
    fn has_room_for(&self, span: &Range<usize>) -> bool {
        let before = self.0.range(..span.start).next_back();
        let behind = self.0.range(span.start..).next();
        before.is_none_or(|(_, edit)| edit.span.end <= span.start)
            && behind.is_none_or(|(start, _)| *start != span.start && *start >= span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_that_touch_do_not_overlap() {
        let fits = |a: Range<usize>, b: Range<usize>| {
            let mut edits = Edits::default();
            assert!(edits.add(vec![Edit::replace(a, "a")]));
            edits.add(vec![Edit::replace(b, "b")])
        };
        assert!(fits(0..2, 2..3) && fits(2..3, 0..2));
        assert!(!fits(0..2, 1..3) && !fits(1..3, 0..2));
        assert!(!fits(1..1, 1..1) && !fits(1..1, 0..2) && !fits(0..2, 1..1));
    }

    #[test]
    fn the_same_edit_of_two_fixes_is_made_once() {
        let mut edits = Edits::default();
        let import = || Edit::insert(0, "import os\n");
        assert!(edits.add(vec![import(), Edit::replace(5..6, "a")]));
        assert!(edits.add(vec![import(), Edit::replace(7..8, "b")]));
        assert_eq!(edits.0.len(), 3);
    }
}
