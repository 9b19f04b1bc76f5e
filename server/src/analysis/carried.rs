//! An analysis that outlives an edit. In a long program most keystrokes are far from every port: where the edited part says
//! nothing that another part depends on, all that was found is still true, only further down.
//!
//! What depends on what is for `code/ties.rs` to say. Here an edit is held against the syntax: it has to lie inside of one of the
//! parts at the top of the text, and that part and its neighbours have to begin and end where they did.

use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::code::Syntax;
use super::code::ties::{FARTHEST, Passage, Ties};
use super::markup::Markup;
use super::packs::{Packs, Rows};
use super::{Analysis, Language, Suppressions};

/// How long the parts may be that are read again, in bytes. Reading more is no quicker than reading all.
const LONGEST: usize = 32 * 1024;

/// An analysis, and what is needed to tell whether the next may begin with it.
#[derive(Debug)]
pub(super) struct Carried {
    text: String,
    language: Language,
    own: Rows,
    ties: Ties,
    analysis: Analysis,
}

/// The bytes in which a text differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    /// In the text.
    new: Range<usize>,
    /// Where they ended in the one before.
    old_end: usize,
}

/// The part at the top of a text that was edited, and its neighbours.
struct Parts {
    before: Part,
    edited: Part,
    behind: Option<Part>,
}

/// A part at the top of a text.
struct Part {
    kind: u16,
    span: Range<usize>,
}

impl Carried {
    /// Keeps an analysis; `None` where the next one of an edited text could not begin with it.
    pub(super) fn of(
        text: &str,
        language: Language,
        packs: &Packs,
        ties: Ties,
        analysis: &Analysis,
    ) -> Option<Self> {
        let is_plain = analysis.syntax_errors == Some(0) && Markup::of(text).is_none();
        (is_plain && language.code().is_some()).then(|| Self {
            text: text.to_owned(),
            language,
            own: packs.own().clone(),
            ties,
            analysis: analysis.clone(),
        })
    }

    /// The analysis of the text after an edit, where that changes nothing of it but its places. `tree` is that of a former text,
    /// with the edits that have been made since.
    pub(super) fn over_edit(
        mut self,
        text: &str,
        language: Language,
        packs: &Packs,
        tree: &Tree,
    ) -> Option<Self> {
        let syntax = language.code().filter(|_| self.language == language && self.own == *packs.own())?;
        let change = Change::between(&self.text, text);
        let parts = Parts::around(tree, &change.new, syntax)?;
        let read_again = parts.span();
        if read_again.len() > LONGEST {
            return None;
        }
        let piece = text.get(read_again.clone())?;
        let read = parse(piece, syntax).filter(|tree| parts.are_those_of(tree))?;
        let piece_before = self.text.get(read_again.start..change.before(read_again.end))?;
        let read_before = parse(piece_before, syntax)?;

        // Here and before, the bytes of the part, of the lines around it, and of the piece that was parsed again.
        let here = Place { part: parts.edited.span.clone(), around: lines_around(text, &parts.edited.span) };
        let before = Place {
            part: here.part.start..change.before(here.part.end),
            around: here.around.start..change.before(here.around.end),
        };
        self.ties.move_from(change.old_end, change.new.end);
        let passage = here.of(text, &read, read_again.start)?;
        let passage_before = before.of(&self.text, &read_before, read_again.start)?;
        if !self.ties.leave_alone(&passage_before, text, syntax, packs)
            || !self.ties.leave_alone(&passage, text, syntax, packs)
            || Ties::are_made_by_classes(text, syntax)
            || Markup::of(text).is_some()
            || !syntax.grammar.has_room(text)
        {
            return None;
        }
        self.ties.hear(&passage, here.around.start, packs);
        self.analysis.move_from(change.old_end, change.new.end);
        self.analysis.suppressions = Suppressions::of(text);
        self.text.clear();
        self.text.push_str(text);
        Some(self)
    }

    pub(super) fn analysis(&self) -> &Analysis {
        &self.analysis
    }
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let (before, after) = (old.as_bytes(), new.as_bytes());
        let shorter = before.len().min(after.len());
        let start = before.iter().zip(after).position(|(one, other)| one != other).unwrap_or(shorter);
        let start = old.floor_char_boundary(start);
        let behind = before[start..].iter().rev().zip(after[start..].iter().rev());
        let same = behind.take_while(|(one, other)| one == other).count();
        let new_end = new.ceil_char_boundary(new.len() - same);
        Self { new: start..new_end, old_end: old.len() - (new.len() - new_end) }
    }

    /// Where a place behind the change was before.
    fn before(&self, place: usize) -> usize {
        place - self.new.end + self.old_end
    }
}

impl Parts {
    /// The part at the top of a tree that a place lies in, not at its ends; `None` where the tree begins with it, which says
    /// what the text is.
    fn around(tree: &Tree, place: &Range<usize>, syntax: &Syntax) -> Option<Self> {
        let mut cursor = tree.walk();
        cursor.goto_first_child_for_byte(place.start)?;
        let edited = cursor.node();
        let before = edited.prev_named_sibling()?;
        let is_inside = edited.start_byte() < place.start && place.end < edited.end_byte();
        // An attribute is about the part behind it.
        let is_alone = is_inside && !syntax.attributes.contains(&before.kind());
        is_alone.then(|| Self {
            before: Part::of(before),
            edited: Part::of(edited),
            behind: edited.next_named_sibling().map(Part::of),
        })
    }

    fn all(&self) -> impl Iterator<Item = &Part> {
        [&self.before, &self.edited].into_iter().chain(&self.behind)
    }

    /// The bytes of all.
    fn span(&self) -> Range<usize> {
        self.before.span.start..self.behind.as_ref().map_or(self.edited.span.end, |part| part.span.end)
    }

    /// Whether a text that begins with them consists of them, and of nothing else.
    fn are_those_of(&self, tree: &Tree) -> bool {
        let start = self.before.span.start;
        let moved = |part: &Part| (part.kind, part.span.start - start..part.span.end - start);
        let root = tree.root_node();
        let mut cursor = root.walk();
        let read = root.named_children(&mut cursor).map(|node| (node.kind_id(), node.byte_range()));
        read.eq(self.all().map(moved))
    }
}

/// The tree of a piece of a program, where it is one by itself.
fn parse(piece: &str, syntax: &Syntax) -> Option<Tree> {
    // Some grammars want the end of the line.
    let parsed = syntax.grammar.parse(&format!("{piece}\n"), None).ok()?;
    (parsed.is_exact && !parsed.tree.root_node().has_error()).then_some(parsed.tree)
}

/// Where a part is in a text, and the lines around it.
struct Place {
    part: Range<usize>,
    around: Range<usize>,
}

impl Place {
    /// What is there, in a text of which a piece that begins at the byte has this tree.
    fn of<'a>(&self, text: &'a str, tree: &'a Tree, piece: usize) -> Option<Passage<'a>> {
        let start = self.around.start;
        Some(Passage {
            around: text.get(self.around.clone())?,
            span: self.part.start - start..self.part.end - start,
            tree,
            start: self.part.start - piece,
        })
    }
}

/// The lines of a part, and of what looks into it by bytes.
fn lines_around(text: &str, part: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(part.start.saturating_sub(FARTHEST));
    let start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text.ceil_char_boundary((part.end + FARTHEST).min(text.len()));
    let end = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    start..end
}

impl Part {
    fn of(node: Node<'_>) -> Self {
        Self { kind: node.kind_id(), span: node.byte_range() }
    }
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
