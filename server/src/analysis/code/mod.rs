//! The engine for programming languages: candidates in the text, their nodes in the syntax tree,
//! and what the ancestors of a node say that it is.

mod calls;
mod candidates;
mod climb;
mod constants;
mod environment;
mod framework;
mod given;
mod subject;
mod surroundings;
mod syntax;
pub(super) mod ties;
mod verdict;
mod whole_text;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::{Node, Tree};

pub(super) use framework::{Attribute, Called, Framework, Named, SettingsClass, SettingsField, Tag};
use syntax::Arguments;
pub(super) use syntax::{Binding, Operator, Part, Role, Syntax};
pub(super) use verdict::Verdict;

use super::occurrence::{Meaning, Occurrence};
use super::packs::{self, Packs};
use super::tree::{Descent, Path, Trees};
use calls::Callee;
use environment::Environment;
use given::Given;
use surroundings::Entries;
use ties::Ties;
use whole_text::WholeText;

/// A text with its syntax tree.
struct Source<'a> {
    text: &'a str,
    /// The same text, which remembers what is looked for anywhere in it.
    whole: WholeText<'a>,
    syntax: &'static Syntax,
    packs: &'a Packs,
    environment: Environment<'a>,
    /// The functions that take a port, and in which place; found when they are first asked for.
    port_parameters: OnceCell<HashMap<String, Vec<usize>>>,
    /// What was asked of the entries of a list or map.
    entries: Entries,
    /// What was asked of calls, by their nodes.
    calls: RefCell<HashMap<usize, Callee>>,
}

/// Finds every occurrence in a program; and what joins its far places, where it is being edited.
pub(super) fn read(
    text: &str,
    trees: &mut Trees,
    syntax: &'static Syntax,
    packs: &Packs,
) -> (Vec<Occurrence>, Option<Ties>) {
    let is_edited = trees.edited().is_some();
    let Some(unparsed) = Unparsed::of(text, syntax, packs) else {
        trees.clear();
        return (Vec::new(), None);
    };
    let Some(tree) = trees.parse(text, syntax.grammar) else { return (Vec::new(), None) };
    let (occurrences, ties) = unparsed.read(&tree);
    // Only the next analysis asks for them: a text that is read once has none.
    (occurrences, is_edited.then(ties))
}

/// The same of a program that is parsed; what joins its places is `None` where nothing in it may be about a port.
pub(super) fn read_parsed(
    text: &str,
    tree: &Tree,
    syntax: &'static Syntax,
    packs: &Packs,
) -> (Vec<Occurrence>, Option<Ties>) {
    let Some(unparsed) = Unparsed::of(text, syntax, packs) else { return (Vec::new(), None) };
    let (occurrences, ties) = unparsed.read(tree);
    (occurrences, Some(ties()))
}

/// What a text has that may be about a port, found without parsing it.
struct Unparsed<'a> {
    text: &'a str,
    syntax: &'static Syntax,
    packs: &'a Packs,
    scan: candidates::Scan<'a>,
    candidates: Vec<Range<usize>>,
    environment: Environment<'a>,
    named: constants::Named<'a>,
}

impl<'a> Unparsed<'a> {
    /// `None` where nothing may be.
    fn of(text: &'a str, syntax: &'static Syntax, packs: &'a Packs) -> Option<Self> {
        let scan = candidates::Scan::of(text, packs);
        let candidates = scan.candidates(|_| true);
        let environment = Environment::of(text, syntax, packs);
        let named = constants::Named::of(text, &scan, &packs.names);
        let is_silent = candidates.is_empty() && named.is_empty() && !environment.reads_port();
        (!is_silent).then_some(Self { text, syntax, packs, scan, candidates, environment, named })
    }

    /// Every occurrence in the text, by its tree; and how to tell what joins its far places.
    fn read(self, tree: &Tree) -> (Vec<Occurrence>, impl FnOnce() -> Ties) {
        let Self { text, syntax, packs, scan, candidates, mut environment, named } = self;
        // A comment decides nothing, neither by a word that speaks of ports nor by a lookup that was taken out.
        let mut words = Descent::of(tree);
        let is_code = |place: Range<usize>| !syntax.is_comment(words.to(&place));
        environment.retain(is_code);
        let mut words = Descent::of(tree);
        let candidates = match candidates.is_empty() {
            true => candidates,
            false => scan.candidates(|end| !syntax.is_comment(words.to(&(end - 1..end)))),
        };
        let source = Source::of(text, syntax, packs, environment, tree);
        let mut descent = Descent::of(tree);
        let mut occurrences = Vec::new();
        for span in candidates {
            let path = descent.to(&span);
            let Some(occurrence) = climb::literal(&source, path, span) else { continue };
            if let Meaning::Literal(literal) = &occurrence.meaning {
                match given::given(&source, path, literal.port) {
                    Given::Production => continue,
                    Given::Variable(definition) => occurrences.push(definition),
                    Given::Nothing => {}
                }
            }
            occurrences.push(occurrence);
        }
        if !named.is_empty() {
            occurrences.extend(named.occurrences(&source, &scan, tree));
        }
        occurrences.extend(source.environment.references(&source, tree));
        (occurrences, move || Ties::of(source, &scan, &named))
    }
}

/// A number that somebody has selected, as if it were the setting of a port.
pub(super) fn selected_number(
    text: &str,
    syntax: &'static Syntax,
    packs: &Packs,
    span: Range<usize>,
) -> Option<Occurrence> {
    let tree = Trees::default().parse(text, syntax.grammar)?;
    let environment = Environment::of(text, syntax, packs);
    let source = Source::of(text, syntax, packs, environment, &tree);
    climb::selected(&source, Descent::of(&tree).to(&span), span)
}

impl<'a> Source<'a> {
    fn of(
        text: &'a str,
        syntax: &'static Syntax,
        packs: &'a Packs,
        environment: Environment<'a>,
        tree: &Tree,
    ) -> Self {
        Self {
            text,
            whole: WholeText::of(text),
            syntax,
            packs,
            environment,
            port_parameters: OnceCell::new(),
            entries: Entries::of(tree),
            calls: RefCell::default(),
        }
    }

    fn text_of(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// What a call does with its arguments. All that is in them asks.
    fn does(&self, call: Node<'_>, arguments: Arguments<'_>) -> Callee {
        if let Some(known) = self.calls.borrow().get(&call.id()) {
            return *known;
        }
        let does = self.called(self.callee(call, arguments)).does;
        self.calls.borrow_mut().insert(call.id(), does);
        does
    }

    /// What is known of a call by what is called, as written.
    fn called(&self, callee: &str) -> packs::Called<'a> {
        self.packs.calls.called(callee)
    }

    /// Whether a place lies in a comment.
    fn is_comment(&self, path: &Path<'_>) -> bool {
        self.syntax.is_comment(path)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::analysis::{Language, Occurrence, SyntaxCache, analyze};
    use crate::pattern::{Pattern, regex};

    static COMMENT: Pattern = regex!(r"/\*.*?\*/|//[^\n]*");

    fn read(name: &str, text: &str) -> Vec<Occurrence> {
        let language = Language::of_path(Path::new(name)).unwrap();
        analyze(text, language, &mut SyntaxCache::default()).occurrences
    }

    #[test]
    fn a_comment_never_changes_a_decision() {
        for (name, text) in [
            ("a.cs", "class A { void F() { /* connect */ f(ip, 8080); } }"),
            ("a.cs", "class A { void F() { f(/* connect to the host */ ip, 8080); } }"),
            ("a.cs", "class A { void F() { new /* getServerId */ IPEndPoint(ip, 8080); } }"),
            ("a.js", "// listens on the port\nstart(host, 4711)"),
            ("a.js", "/* port */ const n = 8080\n/* listen */ f(n)"),
            ("a.js", "// const port = process.env.PORT\nfunction f() { if (!port) { port = 8080 } }"),
            ("a.js", "let port = 8080\n// port = process.env.PORT\n"),
            ("a.js", "app.listen(/* process.env.PORT || */ 8080)"),
            ("a.go", "package a\nvar b = net.Dial(\"tcp\", /* \"example.com\" */ \"localhost:8080\")"),
        ] {
            let blank = COMMENT.replace_all(text, |found: &regex::Captures<'_>| " ".repeat(found[0].len()));
            assert_eq!(read(name, text), read(name, &blank), "{text}");
        }
    }

    #[test]
    fn a_number_that_names_no_server_is_no_port() {
        for text in ["getServerId(4711)", "const a = getServerId(4711) // connect", "servers.find(4711)"] {
            assert_eq!(read("a.js", text), [], "{text}");
        }
    }
}
