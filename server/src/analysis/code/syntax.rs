//! What the engine has to know of a programming language: a row of node names.

use tree_sitter::Node;

use super::framework::Framework;
use crate::analysis::tree::Path;
use crate::grammar::Grammar;

/// The node names of one grammar, by the part that they play here. A language is added by writing
/// one such table; the engine has no branch for any language.
pub(in crate::analysis) struct Syntax {
    /// The grammar.
    pub(in crate::analysis) grammar: Grammar,
    /// Numbers.
    pub(in crate::analysis) numbers: &'static [&'static str],
    /// Strings, with their quotes.
    pub(in crate::analysis) strings: &'static [&'static str],
    /// Comments, and other text that is for people.
    pub(in crate::analysis) comments: &'static [&'static str],
    /// Calls: node, and where its arguments stand. What is called stands before them.
    pub(in crate::analysis) calls: &'static [(&'static str, Part)],
    /// Nodes before a call that have the module of what is called.
    pub(in crate::analysis) modules: &'static [&'static str],
    /// Things with a name and a value.
    pub(in crate::analysis) bindings: &'static [Binding],
    /// Nodes in which names and values stand side by side, `name => value, name => value`.
    pub(in crate::analysis) pairs: &'static [(&'static str, Role)],
    /// Infix operations.
    pub(in crate::analysis) infix: &'static [&'static str],
    /// Conditional expressions.
    pub(in crate::analysis) ternaries: &'static [&'static str],
    /// Statements that run their body on a condition, with the condition's field.
    pub(in crate::analysis) conditionals: &'static [(&'static str, &'static str)],
    /// `return`.
    pub(in crate::analysis) returns: &'static [&'static str],
    /// Functions, with the field of the name where they have one.
    pub(in crate::analysis) functions: &'static [&'static str],
    /// Functions that are written where they are used: an expression as their body is the value
    /// that they yield there.
    pub(in crate::analysis) lambdas: &'static [&'static str],
    /// Whether a function returns the last expression of its body.
    pub(in crate::analysis) has_implicit_return: bool,
    /// Lookups in a collection: what stands behind the first part is an index.
    pub(in crate::analysis) subscripts: &'static [&'static str],
    /// Nodes in which nothing is a port: types, imports.
    pub(in crate::analysis) inert: &'static [&'static str],
    /// Fields in which nothing is a port: patterns, cases.
    pub(in crate::analysis) inert_fields: &'static [(&'static str, &'static str)],
    /// Nodes in which only a constant may stand, so that no fix can be made.
    pub(in crate::analysis) constant: &'static [&'static str],
    /// Words before a name that say that its value has to be a constant.
    pub(in crate::analysis) constant_words: &'static [&'static str],
    /// Whether what stands outside of every function has to be a constant.
    pub(in crate::analysis) has_constant_globals: bool,
    /// Attributes that stand before what they are about.
    pub(in crate::analysis) attributes: &'static [&'static str],
    /// Nodes that declare a field, with the field of the tag behind it.
    pub(in crate::analysis) tags: &'static [(&'static str, &'static str)],
    /// Statements that document something where they are a string and nothing else.
    pub(in crate::analysis) docstrings: &'static [&'static str],
    /// Strings that are written in several parts.
    pub(in crate::analysis) joined_strings: &'static [&'static str],
    /// Expressions in a string.
    pub(in crate::analysis) interpolations: &'static [&'static str],
    /// Lists, tuples and maps.
    pub(in crate::analysis) collections: &'static [&'static str],
    /// Which of these have a fixed number of values.
    pub(in crate::analysis) tuples: &'static [&'static str],
    /// Arguments that are not parsed: in a macro there are only words.
    pub(in crate::analysis) macro_arguments: &'static [&'static str],
    /// What runs where something before it has failed.
    pub(in crate::analysis) handlers: &'static [&'static str],
    /// Which part of a conditional expression is the condition, by its place.
    pub(in crate::analysis) condition: u32,
    /// What is called to declare a function.
    pub(in crate::analysis) declaring_calls: &'static [&'static str],
    /// What is called to choose one of several values.
    pub(in crate::analysis) choosing_calls: &'static [&'static str],
    /// What infix operators do besides what the usual ones do everywhere.
    pub(in crate::analysis) operators: &'static [(&'static str, Operator)],
    /// What programs in the language use that has a say besides it.
    pub(in crate::analysis) frameworks: &'static [Framework],
}

/// What an infix operator does with a number or text behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum Operator {
    /// It counts where there is no value before.
    Default,
    /// It is the value of the name before.
    Assign,
    /// It is an entry by the name before.
    Entry,
    /// It is the default of the parameter before.
    Parameter,
    /// It is put into the text before.
    Format,
    /// It is sent to the stream before.
    Send,
    /// It is joined with the text before, or added.
    Join,
    /// It is compared.
    Compare,
}

/// Operators that do the same in every language that has them.
const USUAL: &[(&str, Operator)] = &[
    ("||", Operator::Default),
    ("??", Operator::Default),
    ("?:", Operator::Default),
    ("or", Operator::Default),
    ("=", Operator::Assign),
    ("=>", Operator::Entry),
    ("->", Operator::Entry),
    ("%", Operator::Format),
    ("<<", Operator::Send),
    ("+", Operator::Join),
    (".", Operator::Join),
    ("..", Operator::Join),
    ("<>", Operator::Join),
    ("==", Operator::Compare),
    ("!=", Operator::Compare),
    ("===", Operator::Compare),
    ("!==", Operator::Compare),
    ("eq", Operator::Compare),
    ("ne", Operator::Compare),
];

/// A node that gives a value to a name.
pub(in crate::analysis) struct Binding {
    /// The node.
    pub(in crate::analysis) node: &'static str,
    /// Where its name stands.
    pub(in crate::analysis) name: Part,
    /// Where its value stands.
    pub(in crate::analysis) value: Part,
    /// What it is.
    pub(in crate::analysis) role: Role,
}

/// The arguments of a call.
#[derive(Debug, Clone, Copy)]
pub(in crate::analysis) struct Arguments<'tree> {
    /// The list of them, or the call.
    node: Node<'tree>,
    /// How many of the node's children stand before them.
    skipped: usize,
}

impl<'tree> Arguments<'tree> {
    fn of(call: Node<'tree>, part: Part) -> Option<Self> {
        match part {
            Part::Rest => (call.named_child_count() > 1).then_some(Self { node: call, skipped: 1 }),
            part => Some(Self { node: part.of(call)?, skipped: 0 }),
        }
    }

    /// Where they begin.
    pub(in crate::analysis) fn start_byte(self) -> usize {
        let first = u32::try_from(self.skipped).ok().filter(|skipped| *skipped > 0);
        first.and_then(|first| self.node.named_child(first)).unwrap_or(self.node).start_byte()
    }

    /// Where they end.
    pub(in crate::analysis) fn end_byte(self) -> usize {
        self.node.end_byte()
    }

    /// What the grammar calls the list of them.
    pub(in crate::analysis) fn kind(self) -> &'tree str {
        self.node.kind()
    }

    /// Whether a child of the call is the list of them, or one of them if the grammar has no list.
    pub(in crate::analysis) fn are_in(self, child: Node<'_>) -> bool {
        self.skipped > 0
            || (child.start_byte() <= self.node.start_byte() && self.node.end_byte() <= child.end_byte())
    }

    /// One by one, `most` at most. Where a grammar has no list of one, the node is the argument.
    pub(in crate::analysis) fn nodes(self, most: usize) -> Vec<Node<'tree>> {
        let is_list =
            ["argument", "list", "token_tree", "args"].iter().any(|word| self.kind().contains(word));
        if self.skipped == 0 && !is_list {
            return vec![self.node];
        }
        let mut cursor = self.node.walk();
        // `connect("localhost", /* the shop's */ 8080)`
        self.node
            .named_children(&mut cursor)
            .skip(self.skipped)
            .filter(|node| !node.is_extra() && node.kind() != "comma")
            .take(most)
            .collect()
    }
}

/// A child of a node.
#[derive(Debug, Clone, Copy)]
pub(in crate::analysis) enum Part {
    /// By its field.
    Field(&'static str),
    /// The first child of that kind.
    Kind(&'static str),
    /// The first named child.
    First,
    /// The last named child.
    Last,
    /// The first child of the second kind in the first child of the first kind.
    Below(&'static str, &'static str),
    /// All named children behind the first, where a grammar has no list of them.
    Rest,
    /// The last named child that is none of these.
    LastBut(&'static [&'static str]),
}

impl Binding {
    /// A node with a field for the name and one for the value.
    pub(in crate::analysis) const fn fields(
        node: &'static str,
        name: &'static str,
        value: &'static str,
        role: Role,
    ) -> Self {
        Self { node, name: Part::Field(name), value: Part::Field(value), role }
    }

    /// A node that ends with the value.
    pub(in crate::analysis) const fn last(node: &'static str, name: Part, role: Role) -> Self {
        Self { node, name, value: Part::Last, role }
    }
}

/// What gives a value to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum Role {
    /// A variable or constant.
    Assignment,
    /// An entry of an object, a field of a structure.
    Entry,
    /// An argument that is given by name.
    Argument,
    /// A parameter with a default.
    Parameter,
    /// An attribute of an element: no expression stands there but in braces.
    Attribute,
}

impl Part {
    pub(in crate::analysis) fn of<'tree>(self, node: Node<'tree>) -> Option<Node<'tree>> {
        match self {
            Self::Field(name) => node.child_by_field_name(name),
            Self::Kind(kind) => child_of_kind(node, kind),
            Self::First => node.named_child(0),
            Self::Last => {
                let mut cursor = node.walk();
                node.named_children(&mut cursor).last()
            }
            Self::LastBut(others) => {
                let mut cursor = node.walk();
                node.named_children(&mut cursor).filter(|child| !others.contains(&child.kind())).last()
            }
            Self::Below(outer, inner) => child_of_kind(child_of_kind(node, outer)?, inner),
            Self::Rest => node.named_child(1),
        }
    }
}

fn child_of_kind<'tree>(node: Node<'tree>, kind: &str) -> Option<Node<'tree>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| child.kind() == kind)
}

impl Syntax {
    /// A language of which nothing is known but its grammar.
    pub(in crate::analysis) const fn of(grammar: Grammar) -> Self {
        Self {
            grammar,
            numbers: &[],
            strings: &[],
            comments: &[],
            calls: &[],
            modules: &[],
            bindings: &[],
            pairs: &[],
            infix: &[],
            ternaries: &[],
            conditionals: &[],
            returns: &[],
            functions: &[],
            lambdas: &[],
            has_implicit_return: false,
            subscripts: &[],
            inert: &[],
            inert_fields: &[],
            constant: &[],
            constant_words: &[],
            has_constant_globals: false,
            attributes: &[],
            tags: &[],
            docstrings: &[],
            joined_strings: &[],
            interpolations: &[],
            collections: &[],
            tuples: &[],
            macro_arguments: &[],
            handlers: &[],
            condition: 0,
            declaring_calls: &[],
            choosing_calls: &[],
            operators: &[],
            frameworks: &[],
        }
    }

    /// Whether a place lies in a comment.
    pub(in crate::analysis) fn is_comment(&self, path: &Path<'_>) -> bool {
        path.up().any(|node| self.comments.contains(&node.kind()))
    }

    /// What an infix operator does.
    pub(in crate::analysis) fn operator(&self, written: &str) -> Option<Operator> {
        let operators = self.operators.iter().chain(USUAL);
        operators.into_iter().find(|(operator, _)| *operator == written).map(|(_, does)| *does)
    }

    /// Whether an assignment gives a value only if the name has none: `||=`.
    pub(in crate::analysis) fn assigns_default(&self, written: &str) -> bool {
        written.strip_suffix('=').is_some_and(|operator| self.operator(operator) == Some(Operator::Default))
    }

    /// The arguments of the call that a node is.
    pub(in crate::analysis) fn arguments<'tree>(&self, node: Node<'tree>) -> Option<Arguments<'tree>> {
        let parts = self.calls.iter().filter(|(kind, _)| *kind == node.kind());
        parts.map(|(_, part)| *part).find_map(|part| Arguments::of(node, part))
    }

    /// The left side of the infix operation that a node is, and the operator, as written.
    pub(in crate::analysis) fn operation<'a, 'tree>(
        &self,
        node: Node<'tree>,
        text: &'a str,
    ) -> Option<(Node<'tree>, &'a str)> {
        let left = ["left", "lhs"].iter().find_map(|field| node.child_by_field_name(field));
        let left = left.or_else(|| node.named_child(0))?;
        let operator = match node.child_by_field_name("operator") {
            Some(operator) => operator.byte_range(),
            // Some grammars have no field for it: it stands between the two sides.
            None => {
                let right = left.next_named_sibling()?;
                left.end_byte()..right.start_byte()
            }
        };
        Some((left, text.get(operator)?.trim()))
    }

    /// Whether nothing below the child of a node is a port.
    pub(in crate::analysis) fn is_inert(&self, node: Node<'_>, child: Node<'_>) -> bool {
        self.inert.contains(&node.kind())
            || self.inert_fields.iter().any(|(kind, field)| {
                *kind == node.kind()
                    && node.child_by_field_name(field).is_some_and(|inert| inert.id() == child.id())
            })
    }

    /// Whether a node is an attribute of an element.
    pub(in crate::analysis) fn is_attribute(&self, node: Node<'_>) -> bool {
        self.bindings.iter().any(|binding| binding.role == Role::Attribute && binding.node == node.kind())
    }

    /// The binding that a node is, where `child` is (in) its value.
    pub(in crate::analysis) fn binding<'tree>(
        &self,
        node: Node<'tree>,
        child: Node<'tree>,
    ) -> Option<(&'static Binding, Node<'tree>)> {
        self.bindings.iter().filter(|binding| binding.node == node.kind()).find_map(|binding| {
            let name = binding.name.of(node)?;
            let value = binding.value.of(node)?;
            (value.id() == child.id() && name.id() != child.id()).then_some((binding, name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tree::Descent;
    use crate::analysis::tree::Trees;

    static SYNTAX: Syntax = Syntax {
        comments: &["comment"],
        calls: &[("call_expression", Part::Field("arguments"))],
        bindings: &[
            Binding::fields("pair", "key", "value", Role::Entry),
            Binding::last("jsx_attribute", Part::First, Role::Attribute),
        ],
        inert: &["import_statement"],
        inert_fields: &[("switch_case", "value")],
        operators: &[("%", Operator::Join), ("&&&", Operator::Default)],
        ..Syntax::of(Grammar::JavaScript)
    };

    /// What is asked of the nodes around the place of a text where `@` stands, from the innermost.
    fn of<T>(text: &str, ask: impl Fn(Node<'_>, Node<'_>) -> Option<T>) -> Option<T> {
        let (at, text) = (text.find('@').unwrap(), text.replace('@', ""));
        let tree = Trees::default().parse(&text, Grammar::JavaScript).unwrap();
        let mut descent = Descent::of(&tree);
        let path = descent.to(&(at..at + 1));
        let mut child = path.leaf();
        let mut above = path.above(child);
        above.find_map(|node| {
            let answer = ask(node, child);
            child = node;
            answer
        })
    }

    #[test]
    fn a_language_may_say_what_an_operator_does() {
        assert_eq!(SYNTAX.operator("||"), Some(Operator::Default));
        assert_eq!(SYNTAX.operator("%"), Some(Operator::Join));
        assert_eq!(Syntax::of(Grammar::JavaScript).operator("%"), Some(Operator::Format));
        assert_eq!(SYNTAX.operator("^"), None);
    }

    #[test]
    fn an_assignment_with_a_default_is_one_of_its_operator() {
        assert!(SYNTAX.assigns_default("||=") && SYNTAX.assigns_default("&&&="));
        assert!(!SYNTAX.assigns_default("+=") && !SYNTAX.assigns_default("||"));
    }

    #[test]
    fn comments_are_no_arguments() {
        let count = |text| of(text, |node, _| Some(SYNTAX.arguments(node)?.nodes(9).len()));
        assert_eq!(count("f(@1, /* a */ 2)"), Some(2));
        assert_eq!(count("a = [@1, 2]"), None);
    }

    #[test]
    fn a_binding_is_one_for_its_value_only() {
        let role = |text| of(text, |node, child| Some(SYNTAX.binding(node, child)?.0.role));
        assert_eq!(role("a = { b: @1 }"), Some(Role::Entry));
        assert_eq!(role("a = { @b: 1 }"), None);
        assert_eq!(role("a = [@1]"), None);
    }

    #[test]
    fn nothing_is_a_port_in_an_inert_node_or_field() {
        let inert = |text| of(text, |node, child| SYNTAX.is_inert(node, child).then_some(())).is_some();
        assert!(inert("import a from '@b'") && inert("switch (a) { case @1: f() }"));
        assert!(!inert("switch (a) { case 1: f(@2) }"));
    }

    #[test]
    fn an_operation_has_a_left_side_and_an_operator() {
        let operation = |text: &str| {
            let plain = text.replace('@', "");
            of(text, |node, _| {
                let (left, operator) = SYNTAX.operation(node, &plain)?;
                Some((plain[left.byte_range()].to_owned(), operator.to_owned()))
            })
        };
        assert_eq!(operation("a || @b"), Some(("a".to_owned(), "||".to_owned())));
    }
}
