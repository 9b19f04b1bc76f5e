//! Numbers that are given a name in one place and decide a port in another: `const n = 8080; app.listen(n)`. One
//! step, within the text: the number is flagged where it is written, for what its name is used for.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::candidates::Scan;
use super::climb;
use super::subject::{Subject, parse_number, subject};
use super::verdict::Verdict;
use super::{Operator, Role, Source};
use crate::analysis::address;
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::names::Names;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::tree::{Descent, Path};
use crate::port::Port;

/// What is written like a number with a name, and where its name stands near a word that speaks of ports: found without
/// parsing the text.
pub(super) struct Named<'a> {
    /// The numbers by their name.
    numbers: HashMap<&'a str, Vec<Range<usize>>>,
    /// The names where they are used, in the order of the text.
    uses: Vec<Range<usize>>,
}

/// A number that is given a name, and nothing else.
struct Definition<'tree> {
    /// The bytes of the digits.
    span: Range<usize>,
    port: Port,
    shape: Shape,
    /// The function in which the name is known; all of the text without one.
    function: Option<Node<'tree>>,
    /// What is read from the environment goes before it.
    is_default: bool,
}

impl<'a> Named<'a> {
    pub(super) fn of(text: &'a str, scan: &Scan<'_>, names: &Names) -> Self {
        let mut numbers: HashMap<&str, Vec<Range<usize>>> = HashMap::new();
        // Without a word that speaks of ports no use of a name is looked at.
        for number in scan.numbers.iter().filter(|_| scan.has_words()) {
            for name in names_given(text, number) {
                numbers.entry(name).or_default().push(number.clone());
            }
        }
        let uses = if numbers.is_empty() { Vec::new() } else { uses(text, &numbers, scan, names) };
        Self { numbers, uses }
    }

    /// The names that numbers are given.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.numbers.keys().copied()
    }

    /// Whether no number is used by its name where a port may be decided.
    pub(super) fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }

    /// The numbers whose names decide a port.
    pub(super) fn occurrences<'tree>(
        &self,
        source: &Source<'_>,
        scan: &Scan<'_>,
        tree: &'tree Tree,
    ) -> Vec<Occurrence> {
        let mut descent = Descent::of(tree);
        let mut words = Descent::of(tree);
        let mut definitions: HashMap<&str, Vec<Definition<'tree>>> = HashMap::new();
        let mut found: Vec<Occurrence> = Vec::new();
        let mut decided: HashSet<usize> = HashSet::new();
        for span in &self.uses {
            let name = &source.text[span.clone()];
            let known = definitions.entry(name).or_insert_with(|| {
                let numbers = self.numbers.get(name).into_iter().flatten();
                numbers
                    .filter_map(|number| definition(source, descent.to(number), number.clone(), name))
                    .collect()
            });
            if known.is_empty()
                || !scan.is_spoken_of(span, |end| !source.is_comment(words.to(&(end - 1..end))))
            {
                continue;
            }
            let path = descent.to(span);
            let Some(definition) = meant(source, path, span, known) else { continue };
            if decided.contains(&definition.span.start) {
                continue;
            }
            if let Some((meaning, by)) = meaning(source, path, span, definition) {
                decided.insert(definition.span.start);
                found.push(Occurrence::new(definition.span.clone(), meaning, by));
            }
        }
        found
    }
}

/// The words that may be the name of a number, if the number may be a port: not of one digit, no part of an address or a fraction, and not
/// hexadecimal, which is a code of some protocol more often than a port.
pub(super) fn names_given<'a>(
    text: &'a str,
    number: &Range<usize>,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let is_part = matches!(text.as_bytes().get(number.end..), Some([b'.', b'0'..=b'9', ..]));
    let may_be_port = number.len() >= 2 && !text[number.clone()].starts_with('0') && !is_part;
    let names = if may_be_port { names_before(&text[..number.start]) } else { [None, None] };
    names.into_iter().flatten()
}

/// What may be the name of the value that begins where the text ends: `n = `, `n := `, `n: u16 = `, `n int = "`,
/// `int n = `, `#define N `. Which of two words is the name, the tree says.
fn names_before(text: &str) -> [Option<&str>; 2] {
    let blank = [' ', '\t'];
    let text = text.strip_suffix(['"', '\'', '`']).unwrap_or(text).trim_end_matches(blank);
    let Some(text) = text.strip_suffix('=') else {
        let (line, name) = last_word(text);
        let is_defined = name.is_some() && line.trim_end_matches(blank).ends_with("define");
        return [name.filter(|_| is_defined), None];
    };
    let text = text.strip_suffix(':').unwrap_or(text).trim_end_matches(blank);
    let (text, last) = last_word(text);
    match text.trim_end_matches(blank).strip_suffix(':') {
        Some(text) if last.is_some() => [last_word(text.trim_end_matches(blank)).1, None],
        _ => [last, last_word(text.trim_end_matches(blank)).1],
    }
}

/// The word at the end of a text, and what stands before it.
fn last_word(text: &str) -> (&str, Option<&str>) {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let before = text.trim_end_matches(is_word);
    let word = &text[before.len()..];
    (
        before,
        Some(word).filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')),
    )
}

/// The names among the words that stand behind a word that speaks of ports, in the same statement.
fn uses(
    text: &str,
    numbers: &HashMap<&str, Vec<Range<usize>>>,
    scan: &Scan<'_>,
    names: &Names,
) -> Vec<Range<usize>> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut found = Vec::new();
    let mut read_to = 0;
    for reach in scan.reaches() {
        let mut at = reach.start.max(read_to);
        let bytes = text.as_bytes();
        while at < reach.end {
            let length = bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
            let word = at..at + length;
            let is_whole = at == 0 || !is_word(bytes[at - 1]);
            // Where it gets the number it is not used.
            let is_use = |number: &Range<usize>| {
                word.end > number.start || text[word.end..number.start].contains(['\n', '(', ','])
            };
            if is_whole
                && length > 0
                && numbers.get(&text[word.clone()]).is_some_and(|spans| spans.iter().all(is_use))
                && is_constant_name(&text[word.clone()], names)
            {
                found.push(word);
            }
            at += length.max(1);
        }
        read_to = read_to.max(at);
    }
    found
}

/// Whether the use of a name decides what its number is: what is named like a port is one wherever it is used, and a quantity
/// never is. It takes the name apart, so it is asked of the few names that are used and not of the many that are given.
pub(super) fn is_constant_name(name: &str, names: &Names) -> bool {
    names.port_name(name).is_none() && !names.is_quantity(name)
}

/// The number at `span`, if the name is all that gets it.
fn definition<'tree>(
    source: &Source<'_>,
    path: &Path<'tree>,
    span: Range<usize>,
    name: &str,
) -> Option<Definition<'tree>> {
    let port = parse_number(&source.text[span.clone()]).filter(|port| port.get() >= 80)?;
    let line = source.text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    // What a loop counts up is no constant.
    if source.text[line..].trim_start().starts_with("for") {
        return None;
    }
    let subject =
        subject(source, path, &span, port).filter(|subject| matches!(subject, Subject::Number { .. }))?;
    if source.is_comment(path) {
        return None;
    }
    let mut child = subject.node();
    for parent in path.above(child) {
        let syntax = source.syntax;
        if syntax.arguments(parent).is_some() || syntax.functions.contains(&parent.kind()) {
            return None;
        }
        let named = match syntax.binding(parent, child) {
            Some((binding, named)) if binding.role == Role::Assignment => Some(named),
            Some(_) => return None,
            None if syntax.infix.contains(&parent.kind()) => {
                let (left, operator) = syntax.operation(parent, source.text)?;
                let assigns = syntax.operator(operator) == Some(Operator::Assign);
                (assigns && left.id() != child.id()).then_some(left)
            }
            None => None,
        };
        if let Some(named) = named {
            if !says(source.text_of(named), name) {
                return None;
            }
            return Some(Definition {
                span,
                port,
                shape: climb::shape(source, path, &subject, source.is_declared_constant(named)),
                function: path.above(parent).find(|node| syntax.functions.contains(&node.kind())),
                is_default: source.is_default_of(path, parent, name),
            });
        }
        child = parent;
    }
    None
}

/// Which of the numbers of a name is meant where it is used: the last one before it, else the first one behind.
fn meant<'a, 'tree>(
    source: &Source<'_>,
    path: &Path<'tree>,
    span: &Range<usize>,
    known: &'a [Definition<'tree>],
) -> Option<&'a Definition<'tree>> {
    let is_seen = |definition: &&Definition<'tree>| {
        let scope = definition.function.map(|function| function.id());
        let is_inside = scope.is_none_or(|scope| path.up().any(|node| node.id() == scope));
        is_inside && !is_shadowed(source, path, scope, &source.text[span.clone()])
    };
    let visible = || known.iter().filter(is_seen);
    visible().rfind(|definition| definition.span.end <= span.start).or_else(|| visible().next())
}

/// Whether a function between the use and the function that knows the name has a parameter of that name.
fn is_shadowed(source: &Source<'_>, path: &Path<'_>, scope: Option<usize>, name: &str) -> bool {
    let functions = source.syntax.functions;
    path.up()
        .take_while(|node| Some(node.id()) != scope)
        .filter(|node| functions.contains(&node.kind()))
        .any(|function| says(head_of(source, function), name))
}

/// A function up to its body, as written.
fn head_of<'a>(source: &Source<'a>, function: Node<'_>) -> &'a str {
    let mut cursor = function.walk();
    let body = function.child_by_field_name("body").or_else(|| {
        let is_body = |child: &Node<'_>| child.kind().contains("body") || child.kind().contains("block");
        function.named_children(&mut cursor).find(is_body)
    });
    let end = body.map_or(function.end_byte(), |body| body.start_byte());
    source.text.get(function.start_byte()..end).unwrap_or_default()
}

/// Whether the name is a word of the text.
fn says(text: &str, name: &str) -> bool {
    identifiers(text).any(|word| word == name)
}

/// The words of a text that may be names.
pub(super) fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
}

/// What the number is by the use of its name at `span`, the end of the path.
fn meaning(
    source: &Source<'_>,
    path: &Path<'_>,
    span: &Range<usize>,
    definition: &Definition<'_>,
) -> Option<(Meaning, DecidedBy)> {
    if source.is_comment(path) {
        return None;
    }
    let node = path.leaf();
    let verdict = match interpolated(source, span.start) {
        Some(_) if source.is_prose(path) => None,
        Some(kind) => Some(Verdict::Decides { kind, hint: None, by: "constant.put-into-address".into() }),
        None if source.text_of(node).trim_start_matches(['$', '@']) != &source.text[span.clone()] => None,
        None if is_member_of_another(source, node) || is_given_a_value(source, path, node) => None,
        None => climb::name(source, path, node, definition.port),
    };
    let port = definition.port;
    match verdict? {
        Verdict::Decides { by, .. } if definition.is_default => Some((Meaning::fallback(port, None), by)),
        Verdict::Decides { kind, hint, by } => {
            Some((Meaning::Literal(Literal::new(port, kind, definition.shape.clone(), hint)), by))
        }
        Verdict::Fallback { variable, by } => Some((Meaning::fallback(port, variable), by)),
    }
}

/// What is done with an address into which a name is put at the byte offset: `"http://localhost:${n}"`.
fn interpolated(source: &Source<'_>, offset: usize) -> Option<Kind> {
    let before = &source.text[..offset];
    let written = ["${", "#{", "{", "\\(", "$"].iter().find_map(|open| before.strip_suffix(open))?;
    address::before_port(written.strip_suffix(':')?, source.packs)
}

/// `other.n`, `n` of another object; not `this.n`.
fn is_member_of_another(source: &Source<'_>, node: Node<'_>) -> bool {
    let before = source.text[..node.start_byte()].trim_end_matches(['$', '@']);
    let owner = ["->", "::", "."].iter().find_map(|access| before.strip_suffix(access));
    owner.is_some_and(|owner| !["this", "self", "cls", "Self"].iter().any(|own| owner.ends_with(own)))
}

/// Whether the name is given a value there, and not used.
fn is_given_a_value(source: &Source<'_>, path: &Path<'_>, node: Node<'_>) -> bool {
    path.above(node).take(4).any(|parent| {
        source.syntax.bindings.iter().filter(|binding| binding.node == parent.kind()).any(|binding| {
            // An argument without a name is its own first part.
            let value = binding.value.of(parent).map(|value| value.id());
            binding.name.of(parent).is_some_and(|name| {
                Some(name.id()) != value && name.byte_range().contains(&node.start_byte())
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tests::only_first;

    #[test]
    fn what_may_be_the_name_of_a_value() {
        let cases = [
            ("n = ", [Some("n"), None]),
            ("n := ", [Some("n"), None]),
            ("let n: u16 = ", [Some("n"), None]),
            ("this.n = \"", [Some("n"), None]),
            ("const n = ", [Some("n"), Some("const")]),
            ("var n int = ", [Some("int"), Some("n")]),
            ("#define N ", [Some("N"), None]),
            ("n == ", [None, None]),
            ("n >= ", [None, None]),
            ("f(", [None, None]),
        ];
        for (text, expected) in cases {
            assert_eq!(names_before(text), expected, "{text}");
        }
    }

    #[test]
    fn constant_put_into_address_needs_a_host_here() {
        only_first(
            "constant.put-into-address",
            "a.js",
            "const n = 8080\nfetch(`http://localhost:${n}`)",
            &[
                "const n = 8080\nfetch(`http://example.com:${n}`)",
                "let n = 8080\nlog(`http://localhost:${n}`)",
            ],
        );
    }
}
