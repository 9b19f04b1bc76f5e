//! From a number up through its ancestors, until one of them says what it is.

mod binding;
mod call;
mod format;
mod list;
mod lookup;
mod operator;

use std::ops::Range;

use tree_sitter::Node;

use super::Source;
use super::calls::Callee;
use super::framework::{Framework, Tag};
use super::subject::{Subject, parse_number, subject};
use super::verdict::Verdict;
use crate::analysis::address::{self, Address, Host, Place, decide};
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::tree::Path;
use crate::port::Port;
use crate::service::words;
use crate::variable::Variable;

/// What the candidate at `span` is; `None` where it is no port.
pub(super) fn literal(source: &Source<'_>, path: &Path<'_>, span: Range<usize>) -> Option<Occurrence> {
    let port = parse_number(source.text.get(span.clone())?)?;
    if source.is_comment(path) {
        return None;
    }
    if let Some(tag) = tag_around(source, path) {
        return source.syntax.frameworks.iter().find_map(|framework| match framework {
            Framework::Tag(literal) => literal(&tag, span.clone(), port),
            _ => None,
        });
    }
    let subject = subject(source, path, &span, port)?;
    let mut climb = Climb::of(source, path, &subject, port);
    let (meaning, by) = match climb.verdict()? {
        Verdict::Fallback { variable, by } => {
            let kind = climb.address_behind(variable.as_ref());
            let literal = |kind| {
                let hint = variable.as_ref().map(|variable| variable.as_str().to_owned());
                Literal::new(port, kind, shape(source, path, &subject, climb.is_constant), hint)
            };
            (Meaning::Fallback { port, address: kind.map(literal), variable }, by)
        }
        Verdict::Decides { kind, hint, by } => {
            let shape = shape(source, path, &subject, climb.is_constant);
            (Meaning::Literal(Literal::new(port, kind, shape, hint)), by)
        }
    };
    Some(Occurrence::new(span, meaning, by))
}

/// The number at `span` as if it were the setting of a port; `None` where it cannot be one, or is the default of a variable.
pub(super) fn selected(source: &Source<'_>, path: &Path<'_>, span: Range<usize>) -> Option<Occurrence> {
    let port = parse_number(source.text.get(span.clone())?)?;
    if source.is_comment(path) || tag_around(source, path).is_some() {
        return None;
    }
    let subject = subject(source, path, &span, port)?;
    if !matches!(subject, Subject::Number { .. }) {
        return None;
    }
    let mut climb = Climb::of(source, path, &subject, port);
    // What the number is does not matter; whether only a constant may take its place, and what it is called, does.
    let mut child = subject.node();
    for parent in path.above(child) {
        match climb.step(parent, child) {
            Step::Done(Verdict::Fallback { .. }) => return None,
            Step::Up | Step::Not => child = parent,
            Step::Stop | Step::Done(_) => break,
        }
    }
    let shape = shape(source, path, &subject, climb.is_constant);
    let literal = Literal::new(port, Kind::Setting, shape, climb.hint.take());
    Some(Occurrence::new(span, Meaning::Literal(literal), "code.selected"))
}

/// The tag that the candidate stands in.
fn tag_around<'a>(source: &'a Source<'a>, path: &Path<'_>) -> Option<Tag<'a>> {
    let is_tag = |node: &Node<'_>, parent: Node<'_>| {
        source.syntax.tags.iter().any(|(kind, field)| {
            *kind == parent.kind()
                && parent.child_by_field_name(field).is_some_and(|tag| tag.id() == node.id())
        })
    };
    let mut pairs = path.up().filter_map(|node| Some((node, path.parent(node)?)));
    let (tag, declaration) = pairs.find(|(node, parent)| is_tag(node, *parent))?;
    let field = declaration.child_by_field_name("name").map_or("", |name| source.text_of(name));
    Some(Tag {
        text: source.text_of(tag),
        start: tag.start_byte(),
        field,
        file: &source.whole,
        packs: source.packs,
    })
}

/// What a name that stands for the number is where it is used; `None` where no port is decided.
pub(super) fn name<'tree>(
    source: &Source<'_>,
    path: &Path<'tree>,
    node: Node<'tree>,
    port: Port,
) -> Option<Verdict> {
    Climb::of(source, path, &Subject::Number { node, is_text: false }, port).verdict()
}

/// What a fix has to replace.
pub(super) fn shape(source: &Source<'_>, path: &Path<'_>, subject: &Subject<'_>, is_constant: bool) -> Shape {
    let node = subject.node();
    if is_constant || is_constant_place(source, path, subject) || source.is_constant_global(path) {
        return Shape::Fixed;
    }
    if path.parent(node).is_some_and(|parent| source.syntax.is_attribute(parent)) {
        return Shape::Attribute { expression: node.byte_range() };
    }
    subject.shape()
}

/// One way up.
struct Climb<'a, 'tree> {
    source: &'a Source<'a>,
    path: &'a Path<'tree>,
    port: Port,
    subject: &'a Subject<'tree>,
    /// Only a constant may stand here.
    is_constant: bool,
    /// A list or map was passed: the value is one of several.
    is_collected: bool,
    /// The value follows a host in a tuple: `("127.0.0.1", 8080)`.
    follows_host: bool,
    /// The value is the second and last in a tuple: `(domain, 80)`.
    is_pair: bool,
    /// The value is the default of something, by the name of an argument.
    is_default: bool,
    /// The value is for the case that another has none: `options.port ?? 8080`.
    is_behind_other: bool,
    /// A name that was passed says that an address is meant.
    is_named_address: bool,
    /// The number is put into an address: what that is for where nobody else says.
    address: Option<Kind>,
    /// The name of the last binding that was passed.
    hint: Option<String>,
}

impl<'a, 'tree> Climb<'a, 'tree> {
    fn of(source: &'a Source<'a>, path: &'a Path<'tree>, subject: &'a Subject<'tree>, port: Port) -> Self {
        Self {
            source,
            path,
            port,
            subject,
            is_constant: false,
            is_collected: false,
            follows_host: false,
            is_pair: false,
            is_default: false,
            is_behind_other: false,
            is_named_address: false,
            address: None,
            hint: None,
        }
    }

    fn verdict(&mut self) -> Option<Verdict> {
        let verdict = self.verdict_above()?;
        Some(match verdict {
            Verdict::Decides { kind, hint, by } => {
                let hint = hint.or_else(|| self.hint.take()).filter(|hint| !words(hint).is_empty());
                let is_setting = SETTINGS.contains(&by.as_str());
                let (kind, by) = match () {
                    () if is_setting && self.is_behind_other => {
                        (Kind::OptionDefault, "operator.behind-other".into())
                    }
                    () if is_setting && self.is_in_defaults() => {
                        (Kind::OptionDefault, "code.in-defaults".into())
                    }
                    () => (kind, by),
                };
                Verdict::Decides { kind, hint, by }
            }
            Verdict::Fallback { .. } => verdict,
        })
    }

    fn verdict_above(&mut self) -> Option<Verdict> {
        if let Subject::Placeholder { variable, .. } = self.subject {
            return Some(Verdict::fallback(variable.clone(), "code.placeholder"));
        }
        let mut child = self.subject.node();
        for parent in self.path.above(child) {
            match self.step(parent, child) {
                Step::Up => child = parent,
                Step::Stop => break,
                Step::Not => return None,
                Step::Done(verdict) => return Some(verdict),
            }
        }
        self.decide_by_text()
    }

    /// Whether what is around the number makes or holds the defaults of settings: `fn default()`, `DefaultConfig = Config{`.
    fn is_in_defaults(&self) -> bool {
        let (syntax, names) = (self.source.syntax, &self.source.packs.names);
        let text = |name: Option<Node<'_>>| name.map_or("", |name| self.source.text_of(name));
        let mut child = self.subject.node();
        self.path.above(child).any(|parent| {
            let is_number = child.id() == self.subject.node().id();
            let binding = syntax.binding(parent, child).filter(|_| !is_number).map(|(_, name)| name);
            child = parent;
            match syntax.functions.contains(&parent.kind()) {
                true => names.makes_defaults(text(function_name(parent))),
                false => names.holds_defaults(text(binding)),
            }
        })
    }

    /// What is left when no ancestor says anything: an address speaks for itself, a number does not.
    fn decide_by_text(&self) -> Option<Verdict> {
        match self.subject {
            Subject::Number { .. } => self.address.map(|kind| self.decides(kind, "code.put-into-address")),
            Subject::Placeholder { .. } | Subject::Mapping { .. } => None,
            Subject::Address { address, .. } => {
                self.of_address(address).map(|kind| self.decides(kind, "code.address"))
            }
            Subject::Command { kind, .. } => Some(self.decides(*kind, "code.command-line")),
        }
    }

    /// What is done with the port of an address on this machine that is the default of something which holds no port.
    fn address_behind(&self, variable: Option<&Variable>) -> Option<Kind> {
        match self.subject {
            Subject::Address { address, .. }
                if matches!(address.host, Host::Any | Host::Local)
                    && variable
                        .is_none_or(|variable| !self.source.packs.names.is_port_variable(variable)) =>
            {
                self.of_address(address)
            }
            _ => None,
        }
    }

    /// Whether only what stands around the number can say that it is a port.
    fn is_bare_number(&self) -> bool {
        matches!(self.subject, Subject::Number { .. }) && self.address.is_none()
    }

    /// What an address decides by what it is or by a name that was passed: of `user:1000`, a name and a number, only
    /// what it is given to could say that it is one.
    fn of_address(&self, address: &Address) -> Option<Kind> {
        decide(address, Place::Literal { is_named: self.is_named_address }, self.source.packs)
    }

    fn decides(&self, kind: Kind, by: impl Into<DecidedBy>) -> Verdict {
        let hint = match self.subject {
            Subject::Address { address, .. } if address.host == Host::Service => Some(address.name.clone()),
            _ => None,
        };
        Verdict::Decides { kind, hint, by: by.into() }
    }

    fn step(&mut self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        let syntax = self.source.syntax;
        let kind = parent.kind();
        if syntax.is_inert(parent, child) {
            return Step::Not;
        }
        if syntax.subscripts.contains(&kind)
            && parent.named_child(0).is_none_or(|first| first.id() != child.id())
        {
            return Step::Not;
        }
        if syntax.infix.contains(&kind) {
            return self.infix(parent, child);
        }
        if syntax.ternaries.contains(&kind) {
            return self.ternary(parent, child);
        }
        if let Some(arguments) = syntax.arguments(parent) {
            return match child.start_byte() {
                start if start < arguments.start_byte() => Step::Up,
                start if start >= arguments.end_byte() => self.block_of_call(parent, arguments),
                _ => self.call(parent, arguments, child),
            };
        }
        // `logger.info { "http://localhost:8080" }`
        if syntax.calls.iter().any(|(call, _)| *call == kind) {
            let called = self.source.text.get(parent.start_byte()..child.start_byte()).unwrap_or_default();
            if self.source.called(called.trim_end()).does == Callee::Prose {
                return Step::Not;
            }
        }
        if let Some((_, role)) = syntax.pairs.iter().find(|(node, _)| *node == kind)
            && let Some(name) = self.name_before(parent, child)
        {
            return self.binding(parent, *role, name, child);
        }
        if let Some((binding, name)) = syntax.binding(parent, child) {
            return self.binding(parent, binding.role, name, child);
        }
        // `http://localhost:${is_dev ? 3000 : 8080}`
        if self.is_bare_number() && syntax.interpolations.contains(&kind) {
            let before = self.source.text.get(..parent.start_byte()).unwrap_or_default();
            return match before
                .strip_suffix(':')
                .and_then(|host| address::before_port(host, self.source.packs))
            {
                Some(kind) => self.in_address(kind),
                None => Step::Up,
            };
        }
        // `#[arg(default_value_t = 8080)] port: u16`
        if syntax.attributes.contains(&kind) {
            return self.attribute(parent);
        }
        if syntax.returns.contains(&kind) {
            return self.returned(parent);
        }
        if syntax.lambdas.contains(&kind) {
            return if is_block(child) { Step::Stop } else { Step::Up };
        }
        if syntax.functions.contains(&kind) {
            return match self.is_bare_number() && syntax.has_implicit_return {
                true => self.returned_by(parent, self.subject.node().start_byte()),
                false => Step::Stop,
            };
        }
        if syntax.collections.contains(&kind) {
            return self.collected(parent, child);
        }
        Step::Up
    }
}

/// What a number is in settings, where nothing is called with it.
const SETTINGS: [&str; 2] = ["binding.port-name", "code.address"];

/// The name of a function; in some grammars it is the function's signature that has it.
fn function_name(function: Node<'_>) -> Option<Node<'_>> {
    let of_signature = || function.named_child(0)?.child_by_field_name("name");
    function.child_by_field_name("name").or_else(of_signature)
}

/// What comes of one ancestor.
enum Step {
    /// It says nothing: go on.
    Up,
    /// Nothing above it can say anything.
    Stop,
    /// It is no port.
    Not,
    /// It is decided.
    Done(Verdict),
}

/// Whether only a constant may stand at the subject: between it and the function around it is a
/// declaration of constants or a decorator.
fn is_constant_place(source: &Source<'_>, path: &Path<'_>, subject: &Subject<'_>) -> bool {
    let start = subject.node().start_byte();
    path.up()
        .skip_while(|node| node.start_byte() > start)
        .take_while(|node| !source.syntax.functions.contains(&node.kind()))
        .any(|node| source.syntax.constant.contains(&node.kind()))
}

/// Whether a function's body is a block of statements.
fn is_block(body: Node<'_>) -> bool {
    body.kind().contains("block") || body.kind().contains("statement")
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn code_in_defaults_needs_a_name_for_defaults() {
        for (name, text) in [
            ("a.go", "package a\nfunc DefaultConfig() Config { return Config{Port: 8080} }"),
            ("a.go", "package a\nvar DefaultConfig = Config{Address: \":8080\"}"),
            ("a.rs", "impl Default for A { fn default() -> Self { Self { port: 8080 } } }"),
            ("a.js", "const SERVER_DEFAULTS = { port: 8080 }"),
        ] {
            only_first("code.in-defaults", name, text, &[]);
        }
        let others = [
            "const PORTS = { default: { port: 8080 } }",
            "const DEFAULT_PORT = 8080",
            "config.default_url_options = { port: 8080 }",
            "function addDefaultRoutes() { const port = 8080 }",
            "function getDefaults() { server.listen(8080) }",
        ];
        only_first("code.in-defaults", "a.js", "const defaultOptions = { port: 8080 }", &others);
    }

    #[test]
    fn code_address_is_no_sentence() {
        only_first(
            "code.address",
            "a.js",
            "const url = 'http://localhost:8080/'",
            &[
                "const usage = 'Then open http://localhost:8080 in your browser'",
                "log('http://localhost:8080')",
            ],
        );
    }
}
