//! An analysis that outlives an edit. Where the edited part of a long text says nothing that another part depends on, all that
//! was found outside of it is still true, only further down.

mod lines;
mod program;
mod settings;

use std::cell::OnceCell;
use std::ops::Range;

use tree_sitter::Tree;

use super::code::ties::Ties;
use super::markup::Markup;
use super::occurrence::Occurrence;
use super::packs::{Packs, Rows};
use super::{Analysis, Language, Suppressions};
use crate::grammar::Grammar;

/// How long the parts may be that are read again, in bytes. Reading more is no quicker than reading all.
const LONGEST: usize = 32 * 1024;

/// An analysis, and what is needed to tell whether the next may begin with it.
#[derive(Debug)]
pub(super) struct Carried {
    text: String,
    language: Language,
    own: Rows,
    /// What joins far places of it, if it is a program.
    ties: Option<Ties>,
    /// The piece of a program that was parsed for the last edit.
    piece: Option<Piece>,
    /// Whether an entry at the top of settings has a value with a digit that is no mapping; computed when it is first needed.
    values_at_top: OnceCell<bool>,
    analysis: Analysis,
}

/// A part of a text as a text of its own.
#[derive(Debug)]
struct Piece {
    text: String,
    tree: Tree,
}

/// An edit of a text that was parsed.
struct Edit<'a> {
    former: &'a str,
    text: &'a str,
    change: &'a Change,
    /// The tree of a former text, with the edits that have been made since.
    tree: &'a Tree,
    packs: &'a Packs,
    /// What was found in the text before.
    analysis: &'a Analysis,
}

/// A part of a text that was edited, and nothing outside of which depends on it.
struct Part {
    /// Its bytes after the edit.
    span: Range<usize>,
    /// What was found in it.
    found: Vec<Occurrence>,
}

/// The bytes in which a text differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    /// In the text.
    new: Range<usize>,
    /// Where they ended in the one before.
    old_end: usize,
}

impl Carried {
    /// Keeps an analysis; `None` where the next one of an edited text could not begin with it.
    pub(super) fn of(
        text: &str,
        language: Language,
        packs: &Packs,
        ties: Option<Ties>,
        analysis: &Analysis,
    ) -> Option<Self> {
        let is_settings = || language.settings().is_some_and(|settings| (settings.is_plain)(text, text));
        let is_known = || analysis.syntax_errors == Some(0) && (ties.is_some() || is_settings());
        let may_be_edited = language.silent_lines().is_some() || is_known();
        (may_be_edited && Markup::of(text).is_none()).then(|| Self {
            text: text.to_owned(),
            language,
            own: packs.own().clone(),
            ties,
            piece: None,
            values_at_top: OnceCell::new(),
            analysis: analysis.clone(),
        })
    }

    /// The analysis of the text after an edit, where that changes nothing of it but its places. `tree` is that of a former text,
    /// with the edits that have been made since, if it was parsed.
    pub(super) fn over_edit(
        mut self,
        text: &str,
        language: Language,
        packs: &Packs,
        tree: Option<&Tree>,
    ) -> Option<Self> {
        if self.language != language || self.own != *packs.own() {
            return None;
        }
        let Self { text: former, analysis, ties, piece, values_at_top, .. } = &mut self;
        let former = former.as_str();
        let change = Change::between(former, text);
        let before = |span: &Range<usize>| span.start..change.before(span.end);
        let silent = |span: Range<usize>| {
            let before = before(&span);
            let is_silent = !analysis.all().any(|found| before.contains(&found.span.start));
            is_silent.then(|| Part { span, found: Vec::new() })
        };
        let edit = |tree| Edit { former, text, change: &change, tree, packs, analysis };
        let part = match (language.silent_lines(), language.code(), ties) {
            (Some(lines), ..) => silent(lines::silent(former, text, &change, lines)?),
            (None, Some(syntax), Some(ties)) => program::independent_part(&edit(tree?), syntax, ties, piece),
            _ => settings::independent_part(&edit(tree?), &language.settings()?, values_at_top),
        }?;
        let has_room = language.grammar().is_none_or(|grammar| grammar.has_room_still(text));
        if Markup::may_be_in(text, &part.span) || !has_room {
            return None;
        }
        let before = before(&part.span);
        self.analysis.edit(&before, [change.old_end, change.new.end], part.found, packs);
        self.analysis.suppressions = Suppressions::of(text);
        self.text.clear();
        self.text.push_str(text);
        Some(self)
    }

    pub(super) fn analysis(&self) -> &Analysis {
        &self.analysis
    }
}

impl Part {
    /// The part with what was found in it by a piece of the text, of which the byte `in_piece` is the byte `in_text` of the text.
    fn of(span: Range<usize>, mut found: Vec<Occurrence>, in_piece: usize, in_text: usize) -> Self {
        let own = span.start - in_text + in_piece..span.end - in_text + in_piece;
        found.retain(|found| own.contains(&found.span.start));
        for occurrence in &mut found {
            occurrence.move_from(in_piece, in_text);
        }
        Self { span, found }
    }
}

impl Piece {
    /// Parses a text; `None` where its grammar makes nothing of a place.
    fn parse(text: String, grammar: Grammar) -> Option<Self> {
        let parsed = grammar.parse(&text, None).ok()?;
        (parsed.is_exact && !parsed.tree.root_node().has_error()).then_some(Self { text, tree: parsed.tree })
    }
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let (before, after) = (old.as_bytes(), new.as_bytes());
        let start = old.floor_char_boundary(same_at_start(before, after));
        let same = same_at_end(&before[start..], &after[start..]);
        let new_end = new.ceil_char_boundary(new.len() - same);
        Self { new: start..new_end, old_end: old.len() - (new.len() - new_end) }
    }

    /// Where a place behind the change was before.
    fn before(&self, place: usize) -> usize {
        place - self.new.end + self.old_end
    }
}

/// How many bytes are compared at once where most are the same.
const BLOCK: usize = 1024;

fn same_at_start(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.chunks(BLOCK).zip(other.chunks(BLOCK)).take_while(|(one, other)| one == other);
    let start: usize = blocks.map(|(block, _)| block.len()).sum();
    start + one[start..].iter().zip(&other[start..]).take_while(|(one, other)| one == other).count()
}

fn same_at_end(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.rchunks(BLOCK).zip(other.rchunks(BLOCK)).take_while(|(one, other)| one == other);
    let same: usize = blocks.map(|(block, _)| block.len()).sum();
    let (one, other) = (&one[..one.len() - same], &other[..other.len() - same]);
    same + one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_by_what_is_the_same_before_and_behind() {
        for (old, new, start, old_end, new_end) in [
            ("abc", "abxc", 2, 2, 3),
            ("abxc", "abc", 2, 3, 2),
            ("aa", "aaa", 2, 2, 3),
            ("abc", "abc", 3, 3, 3),
            ("", "a", 0, 0, 1),
            // Two characters that begin with the same byte, and two that end with the same.
            ("é", "è", 0, 2, 2),
            ("é", "©", 0, 2, 2),
        ] {
            assert_eq!(Change::between(old, new), Change { new: start..new_end, old_end }, "{old} {new}");
        }
    }
}
