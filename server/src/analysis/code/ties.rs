//! What joins places of a program that are far from each other: where it is absent, an edit of one place leaves the
//! meaning of all others as it was.

use std::collections::HashSet;
use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::candidates::{Scan, WINDOW, reach};
use super::constants::{Named, identifiers, is_constant_name, names_given};
use super::framework::Framework;
use super::surroundings::port_parameters;
use super::{Source, Syntax};
use crate::analysis::packs::Packs;

/// How far from a place anything looks that looks by bytes, and not by the syntax.
pub(in crate::analysis) const FARTHEST: usize = WINDOW + 40;

/// How long a word is that speaks of ports, at most: it may begin in one part of a text and end in another.
const LONGEST_WORD: usize = 40;

/// What an analysis of a program has found that may join far places of it.
#[derive(Debug)]
pub(in crate::analysis) struct Ties {
    /// Where the words end that speak of ports.
    words: Vec<usize>,
    /// Names that were given a number.
    numbers: HashSet<String>,
    /// Names that were given a value from the environment.
    bound: HashSet<String>,
    /// What was looked for in the whole text.
    sought: HashSet<String>,
    /// Whether the parts at the top of the text were compared with each other.
    compares_top_level: bool,
    /// Whether a class has fields that are read from the environment.
    has_classes: bool,
    /// Whether the text reads the environment: a number may be the default of what is read elsewhere.
    reads_environment: bool,
    /// Whether it was asked which functions of the text take a port.
    asks_for_functions: bool,
}

/// A passage of a program, before an edit of it or after.
pub(in crate::analysis) struct Passage<'a> {
    /// Some text around it, of the same lines and of [`FARTHEST`] bytes at least.
    pub(in crate::analysis) around: &'a str,
    /// Its bytes there.
    pub(in crate::analysis) span: Range<usize>,
    /// The tree of a piece of the program, and where the passage begins in that.
    pub(in crate::analysis) tree: &'a Tree,
    pub(in crate::analysis) start: usize,
}

impl Ties {
    pub(super) fn of(source: Source<'_>, scan: &Scan<'_>, named: &Named<'_>) -> Self {
        Self {
            words: scan.words().to_vec(),
            numbers: named.names().map(str::to_owned).collect(),
            bound: source.environment.bound().map(str::to_owned).collect(),
            sought: source.whole.into_sought(),
            compares_top_level: source.entries.compares_top_level(),
            has_classes: source.environment.has_classes(),
            reads_environment: source.packs.environment.lookups(source.syntax.grammar).may_be_in(source.text),
            asks_for_functions: source.port_parameters.get().is_some(),
        }
    }

    /// Whether nothing outside of a passage of a program depends on the passage. `may_hold_ports` allows ports in it, because the
    /// caller reads the passage again.
    pub(in crate::analysis) fn is_independent(
        &self,
        passage: &Passage<'_>,
        may_hold_ports: bool,
        text: &str,
        syntax: &Syntax,
        packs: &Packs,
    ) -> bool {
        let Passage { around, span, .. } = passage;
        let scan = Scan::of_part(around, packs);
        let may_hold_ports = may_hold_ports && !self.reads_environment;
        // Names and lookups are told by their lines.
        let said = &around[lines_around(around, span, LONGEST_WORD)];
        !self.compares_top_level
            && !self.has_classes
            && (may_hold_ports || !holds_candidate(&scan, span))
            && !self.speaks_of_number(&scan, passage, packs)
            && !self.names_number_used_outside(&scan, passage, text, syntax)
            && !packs.environment.lookups(syntax.grammar).may_be_in(said)
            && port_parameters(said, &packs.names).is_empty()
            && !self.sought.iter().any(|sought| said.contains(sought.as_str()))
            && (self.bound.is_empty()
                || !identifiers(&around[span.clone()]).any(|word| self.bound.contains(word)))
    }

    /// Whether a word of the passage speaks of a number elsewhere, or of the name of one.
    fn speaks_of_number(&self, scan: &Scan<'_>, passage: &Passage<'_>, packs: &Packs) -> bool {
        let Passage { around, span, .. } = passage;
        let is_on_last_line = |end| around.get(span.end..end).is_some_and(|behind| !behind.contains('\n'));
        let is_ours = |end: usize| span.start < end && (end <= span.end || is_on_last_line(end));
        let is_meant =
            |number: &Range<usize>| !span.contains(&number.start) && scan.is_spoken_of(number, is_ours);
        let is_used = |end: &usize| {
            let reach = reach(around, *end);
            let reach =
                if is_ours(*end) { reach } else { reach.start.max(span.start)..reach.end.min(span.end) };
            let mut used = around.get(reach).into_iter().flat_map(identifiers);
            let is_number =
                |word| self.numbers.contains(word) || names_of(scan, passage).any(|name| name == word);
            used.any(|word| is_number(word) && is_constant_name(word, &packs.names))
        };
        scan.numbers.iter().any(is_meant) || scan.words().iter().any(is_used)
    }

    /// Whether the passage gives a number a name that is known outside of it, and that is used where the text speaks of ports.
    fn names_number_used_outside(
        &self,
        scan: &Scan<'_>,
        passage: &Passage<'_>,
        text: &str,
        syntax: &Syntax,
    ) -> bool {
        let Passage { around, span, tree, start } = passage;
        let is_known_outside = |number: &&Range<usize>| {
            let (from, to) = (number.start - span.start + start, number.end - span.start + start);
            let node = tree.root_node().descendant_for_byte_range(from, to);
            !std::iter::successors(node, Node::parent).any(|node| syntax.functions.contains(&node.kind()))
        };
        let numbers =
            scan.numbers.iter().filter(|number| span.contains(&number.start)).filter(is_known_outside);
        let names: HashSet<_> = numbers.flat_map(|number| names_given(around, number)).collect();
        !names.is_empty()
            && self
                .words
                .iter()
                .any(|end| identifiers(&text[reach(text, *end)]).any(|word| names.contains(word)))
    }

    /// Whether this text has classes whose fields are read from the environment.
    pub(in crate::analysis) fn has_settings_classes(text: &str, syntax: &Syntax) -> bool {
        syntax.frameworks.iter().any(|framework| match framework {
            Framework::Classes(classes) => !classes(text).is_empty(),
            _ => false,
        })
    }

    /// The same, after what began at a byte and ended at another ends elsewhere. What was said between them is forgotten.
    pub(in crate::analysis) fn move_from(&mut self, start: usize, old_end: usize, new_end: usize) {
        self.words.retain(|word| *word <= start || old_end <= *word);
        for word in self.words.iter_mut().filter(|word| **word >= old_end) {
            *word = *word - old_end + new_end;
        }
    }

    /// Adds what was asked of the text while a part of it was read by itself. Returns `false` if an answer may differ for the whole
    /// text.
    pub(in crate::analysis) fn take_over(&mut self, asked: Self, text: &str, part: &str) -> bool {
        let is_answered = |sought: &String| text.contains(sought.as_str()) == part.contains(sought.as_str());
        let is_same = !asked.compares_top_level
            && !asked.has_classes
            && !asked.asks_for_functions
            && asked.sought.iter().all(is_answered);
        self.sought.extend(asked.sought);
        is_same
    }

    /// Takes over what a passage says after an edit. What is around it begins at the byte of the text.
    pub(in crate::analysis) fn update(&mut self, passage: &Passage<'_>, starts_at: usize, packs: &Packs) {
        let scan = Scan::of_part(passage.around, packs);
        self.words.retain(|end| *end < starts_at || starts_at + passage.around.len() < *end);
        self.words.extend(scan.words().iter().map(|end| starts_at + end));
        self.words.sort_unstable();
        self.numbers.extend(names_of(&scan, passage).map(str::to_owned));
    }
}

/// Whether a number of a span may be a port.
fn holds_candidate(scan: &Scan<'_>, span: &Range<usize>) -> bool {
    let mut own = scan.numbers.iter().filter(|number| span.contains(&number.start));
    own.any(|number| scan.is_candidate(number, |_| true))
}

/// The names of the numbers of a passage.
fn names_of<'a>(scan: &Scan<'_>, passage: &Passage<'a>) -> impl Iterator<Item = &'a str> {
    let Passage { around, span, .. } = passage;
    let numbers = scan.numbers.iter().filter(|number| span.contains(&number.start));
    numbers.flat_map(|number| names_given(around, number))
}

/// The lines of some bytes of a text, and of so many bytes around them.
pub(in crate::analysis) fn lines_around(text: &str, span: &Range<usize>, bytes: usize) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.saturating_sub(bytes));
    let start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text.ceil_char_boundary((span.end + bytes).min(text.len()));
    let end = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;
    use crate::analysis::tree::Trees;

    /// Whether the function in the middle of a program can be edited without a look at the rest.
    fn is_alone(function: &str, rest: &str) -> bool {
        let text = format!("{rest}\n{}{function}\n{}", "\n".repeat(FARTHEST), "\n".repeat(FARTHEST));
        let syntax = Language::JavaScript.code().unwrap();
        let mut trees = Trees::default();
        trees.parse(&text, syntax.grammar);
        let (_, ties) = super::super::read(&text, &mut trees, syntax, Packs::built_in());
        let start = text.find(function).unwrap();
        let tree = Trees::default().parse(function, syntax.grammar).unwrap();
        let passage = Passage { around: &text, span: start..start + function.len(), tree: &tree, start: 0 };
        ties.unwrap().is_independent(&passage, true, &text, syntax, Packs::built_in())
    }

    #[test]
    fn a_function_is_alone_that_says_nothing_of_ports() {
        assert!(is_alone("function f(items) { return items }", "app.listen(8080)"));
        assert!(is_alone("function f() { const limit = 12; g(limit) }", "app.listen(8080)"));
        assert!(is_alone("function f() { host.begin() }", "app.listen(8080)"));
    }

    #[test]
    fn a_port_is_a_tie_where_the_environment_is_read() {
        assert!(is_alone("function f() { app.listen(3000) }", "app.listen(8080)"));
        assert!(!is_alone("port = 3000;", "app.listen(8080)\nport = process.env.PORT"));
    }

    #[test]
    fn a_number_with_a_name_is_a_tie() {
        assert!(!is_alone("function f() { app.listen(n) }", "const n = 8080"));
        assert!(!is_alone("const n = 8080;", "app.listen(8080); app.listen(n)"));
        assert!(is_alone("const m = 8080;", "app.listen(8080); app.listen(n)"));
    }

    #[test]
    fn a_name_from_the_environment_is_a_tie() {
        assert!(!is_alone("function f() { q = p }", "const p = process.env.PORT"));
        assert!(!is_alone("function f() { q = process.env.A }", "const p = process.env.PORT"));
        assert!(is_alone("function f() { q = r }", "const p = process.env.PORT"));
    }

    #[test]
    fn a_function_that_takes_a_port_is_a_tie() {
        assert!(!is_alone("function start(a, port) { }", "app.listen(8080)"));
    }
}
