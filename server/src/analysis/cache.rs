//! What one analysis of a text leaves for the next, of the same text with some edits.

use tree_sitter::{InputEdit, Tree};

use super::carried::Carried;
use super::code::ties::Ties;
use super::packs::Packs;
use super::tree::Trees;
use super::{Analysis, Language};

#[cfg(test)]
thread_local! {
    /// How many analyses this thread has carried over an edit.
    pub(super) static CARRIED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// What is kept of a text that is being edited, so that its next analysis reads only what changed. Tell it each edit with
/// [`SyntaxCache::edit`].
#[derive(Debug, Default)]
pub struct SyntaxCache {
    trees: Trees,
    /// Whether the text was edited.
    is_edited: bool,
    /// What was found in the former text.
    carried: Option<Carried>,
}

impl SyntaxCache {
    /// Tells the cache of an edit that has been made to the text.
    pub fn edit(&mut self, edit: &InputEdit) {
        self.trees.edit(edit);
        self.is_edited = true;
    }

    /// Whether the text is one that is edited, or that was read before.
    pub(super) fn is_used_again(&self) -> bool {
        self.is_edited || self.trees.edited().is_some()
    }

    /// The tree that the text was read by; `None` where it was not parsed.
    pub(super) fn tree(&self) -> Option<&Tree> {
        self.trees.read()
    }

    pub(super) fn trees(&mut self) -> &mut Trees {
        &mut self.trees
    }

    /// What was found in the former text, if that is what would be found in this one.
    pub(super) fn carry(&mut self, text: &str, language: Language, packs: &Packs) -> Option<Analysis> {
        self.carried = self.carried.take()?.over_edit(text, language, packs, self.trees.edited());
        #[cfg(test)]
        CARRIED.set(CARRIED.get() + usize::from(self.carried.is_some()));
        self.carried.as_ref().map(|carried| carried.analysis().clone())
    }

    /// Keeps what was found in a text for its next analysis.
    pub(super) fn keep(
        &mut self,
        text: &str,
        language: Language,
        packs: &Packs,
        ties: Option<Ties>,
        analysis: &Analysis,
    ) {
        self.carried = Carried::of(text, language, packs, ties, analysis);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyze;

    #[test]
    fn the_first_analysis_keeps_nothing_and_the_second_does() {
        let mut cache = SyntaxCache::default();
        for is_kept in [false, true] {
            analyze("app.listen(8080)", Language::JavaScript, &mut cache);
            assert_eq!(cache.carried.is_some(), is_kept);
        }
        analyze("port = 8080", Language::Toml, &mut cache);
        assert!(cache.carried.is_none());
    }
}
