//! The last changes of a document, so that one that comes late can be applied where it belongs.
//!
//! A client has to send changes in the order in which they were made. Helix before 25.07 sends each message from a task of its
//! own, so that keys that follow each other quickly come mixed up. Applied as they come, they would make another text than the
//! editor's; and the diagnostics would be for a version that the editor has left behind, so that it drops them.

use std::collections::VecDeque;

use tower_lsp::gen_lsp_types as lsp;

use super::text::Text;

/// How many changes are kept.
const MOST: usize = 32;

/// How many bytes the text of a change may have that is kept: nobody types that much at once.
const LONGEST: usize = 4096;

/// The last changes of a document, by version.
#[derive(Debug)]
pub(super) struct RecentChanges {
    /// The version before the first of them.
    since: i32,
    changes: VecDeque<RecentChange>,
}

/// A change of a document, and the text before it.
#[derive(Debug)]
pub(super) struct RecentChange {
    pub(super) version: i32,
    pub(super) before: Text,
    pub(super) changes: Vec<lsp::TextDocumentContentChangeEvent>,
}

impl RecentChanges {
    /// None, of a document that has this version.
    pub(super) fn since(version: i32) -> Self {
        Self { since: version, changes: VecDeque::new() }
    }

    /// Adds the newest change.
    pub(super) fn add(
        &mut self,
        version: i32,
        before: &Text,
        changes: &[lsp::TextDocumentContentChangeEvent],
    ) {
        if !are_small(changes) {
            *self = Self::since(version);
            return;
        }
        self.changes.push_back(RecentChange { version, before: before.clone(), changes: changes.to_vec() });
        if self.changes.len() > MOST
            && let Some(first) = self.changes.pop_front()
        {
            self.since = first.version;
        }
    }

    /// Takes out the changes that are newer than a version that comes now. There are none where it is the newest, and where
    /// it is known already: not every client counts.
    pub(super) fn take_newer(&mut self, version: i32) -> Vec<RecentChange> {
        let is_missing = version > self.since && self.changes.iter().all(|change| change.version != version);
        let older = self.changes.iter().take_while(|change| change.version < version).count();
        if is_missing { self.changes.split_off(older).into() } else { Vec::new() }
    }
}

fn are_small(changes: &[lsp::TextDocumentContentChangeEvent]) -> bool {
    use lsp::TextDocumentContentChangeEvent as Change;
    let lengths = changes.iter().map(|change| match change {
        Change::TextDocumentContentChangePartial(edit) => Some(edit.text.len()),
        // Whatever was before it does not matter any more.
        Change::TextDocumentContentChangeWholeDocument(_) => None,
    });
    lengths.sum::<Option<usize>>().is_some_and(|length| length <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: String) -> lsp::TextDocumentContentChangeEvent {
        lsp::TextDocumentContentChangeWholeDocument { text }.into()
    }

    fn typed(text: String) -> lsp::TextDocumentContentChangeEvent {
        lsp::TextDocumentContentChangePartial { text, ..Default::default() }.into()
    }

    fn newer(recent: &mut RecentChanges, version: i32) -> Vec<i32> {
        recent.take_newer(version).iter().map(|change| change.version).collect()
    }

    #[test]
    fn only_what_is_newer_than_a_missing_version_is_taken() {
        let mut recent = RecentChanges::since(1);
        for version in [2, 5, 6] {
            recent.add(version, &Text::new(""), &[typed("a".to_owned())]);
        }
        for known_or_newest in [1, 2, 5, 6, 7, -1] {
            assert_eq!(newer(&mut recent, known_or_newest), [0; 0], "{known_or_newest}");
        }
        assert_eq!(newer(&mut recent, 4), [5, 6]);
    }

    #[test]
    fn little_is_kept() {
        let mut recent = RecentChanges::since(0);
        for version in 1..1000 {
            recent.add(2 * version, &Text::new(""), &[typed("a".to_owned())]);
        }
        assert_eq!(recent.changes.len(), MOST);
        assert_eq!(newer(&mut recent, 3), [0; 0]);
        for change in [typed("a".repeat(LONGEST + 1)), whole(String::new())] {
            recent.add(3000, &Text::new(""), &[change]);
            assert_eq!((recent.since, recent.changes.len()), (3000, 0));
        }
    }
}
