//! An edit of a program: of a function, a class, a statement at the top of its text.
//!
//! What depends on what is for `code/ties.rs` to say. Here the edit is held against the syntax: it has to lie inside of one of the
//! parts at the top of the text, and that part and its neighbours have to begin and end where they did.

use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::{Edit, LONGEST, Part, Piece};
use crate::analysis::code::ties::{FARTHEST, Passage, Ties, lines_around};
use crate::analysis::code::{self, Syntax};

/// How many parts before the edited one may be read again.
const MOST: usize = 40;

/// The part at the top of a text that was edited, and its neighbours.
struct Parts {
    /// Those before it, in the order of the text: as many as anything looks back at by bytes, and one at least.
    before: Vec<TopLevel>,
    edited: TopLevel,
    behind: Option<TopLevel>,
}

/// A part at the top of a text.
struct TopLevel {
    kind: u16,
    span: Range<usize>,
}

/// The edited part and what is found in it, if nothing outside of it depends on the part, before the edit or after. `ties` become
/// those of the edited text. `last` is the piece that was parsed for the last edit; if this edit is in the same part, that piece is not
/// parsed again.
pub(super) fn independent_part(
    edit: &Edit<'_>,
    syntax: &'static Syntax,
    ties: &mut Ties,
    last: &mut Option<Piece>,
) -> Option<Part> {
    let Edit { former, text, change, tree, packs, analysis } = *edit;
    let parts = Parts::around(tree, &change.new, syntax)?;
    let read_again = parts.span();
    if read_again.len() > LONGEST {
        return None;
    }
    // Some grammars want the end of the line.
    let piece = format!("{}\n", text.get(read_again.clone())?);
    let piece = Piece::parse(piece, syntax.grammar).filter(|piece| parts.are_those_of(&piece.tree))?;
    let piece_before = format!("{}\n", former.get(read_again.start..change.before(read_again.end))?);
    let piece_before = match last.take().filter(|last| last.text == piece_before) {
        Some(last) => last,
        None => Piece::parse(piece_before, syntax.grammar)?,
    };

    // Here and before, the bytes of the part and of the lines around it, for there is what looks into it by bytes.
    let here =
        Place { part: parts.edited.span.clone(), around: lines_around(text, &parts.edited.span, FARTHEST) };
    let before = Place {
        part: here.part.start..change.before(here.part.end),
        around: here.around.start..change.before(here.around.end),
    };
    ties.move_from(change.new.start, change.old_end, change.new.end);
    let passage = here.of(text, &piece.tree, read_again.start)?;
    let passage_before = before.of(former, &piece_before.tree, read_again.start)?;
    // A text without any other may be one that is not parsed after the edit.
    let may_hold_ports = analysis.all().any(|found| !before.part.contains(&found.span.start));
    if !ties.is_independent(&passage_before, may_hold_ports, text, syntax, packs)
        || !ties.is_independent(&passage, may_hold_ports, text, syntax, packs)
        || Ties::has_settings_classes(text, syntax)
    {
        return None;
    }
    ties.update(&passage, here.around.start, packs);
    let (found, asked) = code::read_parsed(&piece.text, &piece.tree, syntax, packs);
    if asked.is_some_and(|asked| !ties.take_over(asked, text, &piece.text)) {
        return None;
    }
    *last = Some(piece);
    Some(Part::of(here.part, found, 0, read_again.start))
}

impl Parts {
    /// The part at the top of a tree that a place lies in, not at its ends; `None` where the tree begins with it, which says
    /// what the text is.
    fn around(tree: &Tree, place: &Range<usize>, syntax: &Syntax) -> Option<Self> {
        let mut cursor = tree.walk();
        cursor.goto_first_child_for_byte(place.start)?;
        let edited = cursor.node();
        if edited.start_byte() >= place.start || place.end >= edited.end_byte() {
            return None;
        }
        cursor.goto_parent();
        cursor.goto_first_child_for_byte(edited.start_byte().saturating_sub(FARTHEST))?;
        let mut before = Vec::new();
        // Forwards, for a tree that was edited may have any number of empty nodes in one place.
        while cursor.node().start_byte() < edited.start_byte() {
            before.extend(Some(cursor.node()).filter(Node::is_named));
            if before.len() > MOST || !cursor.goto_next_sibling() {
                return None;
            }
        }
        let nearest = before.last().copied().or_else(|| edited.prev_named_sibling())?;
        let before = if before.is_empty() { vec![nearest] } else { before };
        // An attribute is about the part behind it.
        let is_alone = !syntax.attributes.contains(&nearest.kind());
        is_alone.then(|| Self {
            before: before.into_iter().map(TopLevel::of).collect(),
            edited: TopLevel::of(edited),
            behind: edited.next_named_sibling().map(TopLevel::of),
        })
    }

    fn all(&self) -> impl Iterator<Item = &TopLevel> {
        self.before.iter().chain([&self.edited]).chain(&self.behind)
    }

    fn start(&self) -> usize {
        self.all().next().map_or(self.edited.span.start, |first| first.span.start)
    }

    /// The bytes of all.
    fn span(&self) -> Range<usize> {
        self.start()..self.behind.as_ref().map_or(self.edited.span.end, |part| part.span.end)
    }

    /// Whether a text that begins with them consists of them, and of nothing else.
    fn are_those_of(&self, tree: &Tree) -> bool {
        let start = self.start();
        let moved = |part: &TopLevel| (part.kind, part.span.start - start..part.span.end - start);
        let root = tree.root_node();
        let mut cursor = root.walk();
        let read = root.named_children(&mut cursor).map(|node| (node.kind_id(), node.byte_range()));
        read.eq(self.all().map(moved))
    }
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

impl TopLevel {
    fn of(node: Node<'_>) -> Self {
        Self { kind: node.kind_id(), span: node.byte_range() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;
    use crate::analysis::tree::Trees;

    /// The kinds of the part that is edited at `|` and of its neighbours.
    fn around(marked: &str) -> Option<[String; 3]> {
        let at = marked.find('|').unwrap();
        let syntax = Language::Rust.code().unwrap();
        let text = marked.replace('|', "");
        let tree = Trees::default().parse(&text, syntax.grammar).unwrap();
        let parts = Parts::around(&tree, &(at..at), syntax)?;
        let text_of = |part: &TopLevel| text[part.span.clone()].to_owned();
        Some([
            text_of(parts.before.last().unwrap()),
            text_of(&parts.edited),
            parts.behind.as_ref().map(text_of).unwrap_or_default(),
        ])
    }

    #[test]
    fn an_edit_lies_inside_of_a_part_with_one_before() {
        let parts = ["fn a() {}", "fn b() {}", "fn c() {}"].map(str::to_owned);
        assert_eq!(around("fn a() {}\nfn b|() {}\nfn c() {}"), Some(parts));
        assert_eq!(around("fn a|() {}\nfn b() {}"), None, "the first part may say what the text is");
        assert_eq!(around("fn a() {}\n|fn b() {}"), None, "it may become part of the one before");
        assert_eq!(around("#[a(8080)]\nfn b|() {}"), None, "an attribute is about what is behind it");
    }
}
