//! From a number up through its ancestors, until one of them says what it is.

use std::ops::Range;

use tree_sitter::Node;

use super::calls::{self, Callee};
use super::subject::{Subject, parse_number, subject};
use super::{Role, Source};
use crate::analysis::address::{Address, Host};
use crate::analysis::names::{PortName, port_name};
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::tree::Path;
use crate::port::Port;
use crate::service::words;
use crate::variable::Variable;

/// What the ancestors say.
enum Verdict {
    /// It decides a port.
    Decides { kind: Kind, hint: Option<String> },
    /// It is the default of a lookup.
    Fallback(Option<Variable>),
}

/// What the candidate at `span` is; `None` where it is no port.
pub(super) fn literal<'tree>(
    source: &Source<'_>,
    path: &Path<'tree>,
    span: Range<usize>,
) -> Option<Occurrence> {
    let port = parse_number(source.text.get(span.clone())?)?;
    if source.is_comment(path) {
        return None;
    }
    let subject = subject(source, path, &span, port)?;
    let mut climb = Climb {
        source,
        path,
        port,
        subject: &subject,
        is_constant: false,
        is_collected: false,
        follows_host: false,
        hint: None,
    };
    let meaning = match climb.verdict()? {
        Verdict::Fallback(variable) => Meaning::Fallback { port, variable },
        Verdict::Decides { kind, hint } => {
            let hint = hint.or(climb.hint).filter(|hint| !words(hint).is_empty());
            let shape = if climb.is_constant { Shape::Fixed } else { subject.shape() };
            Meaning::Literal(Literal::new(port, kind, shape, hint))
        }
    };
    Some(Occurrence { span, meaning })
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
    /// The name of the last binding that was passed.
    hint: Option<String>,
}

impl<'tree> Climb<'_, 'tree> {
    fn verdict(&mut self) -> Option<Verdict> {
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

    /// What is left when no ancestor says anything: an address speaks for itself, a number does not.
    fn decide_by_text(&self) -> Option<Verdict> {
        match self.subject {
            Subject::Number { .. } => None,
            Subject::Address { address, .. } => Some(self.decides(address_kind(address))),
            Subject::Command { kind, .. } => Some(self.decides(*kind)),
        }
    }

    fn decides(&self, kind: Kind) -> Verdict {
        let hint = match self.subject {
            Subject::Address { address, .. } if address.host == Host::Service => Some(address.name.clone()),
            _ => None,
        };
        Verdict::Decides { kind, hint }
    }

    fn step(&mut self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        let syntax = self.source.syntax;
        let kind = parent.kind();
        if syntax.inert.contains(&kind) {
            return Step::Not;
        }
        if syntax.subscripts.contains(&kind)
            && parent.named_child(0).is_none_or(|first| first.id() != child.id())
        {
            return Step::Not;
        }
        self.is_constant |= syntax.constant.contains(&kind);
        if syntax.infix.contains(&kind) {
            return self.infix(parent, child);
        }
        if syntax.ternaries.contains(&kind) {
            return self.ternary(parent, child);
        }
        if let Some((callee, arguments)) = syntax.call(parent) {
            return if callee.id() == child.id() { Step::Up } else { self.call(callee, arguments, child) };
        }
        if let Some((binding, name)) = syntax.binding(parent, child) {
            return self.binding(parent, binding.role, name);
        }
        if syntax.returns.contains(&kind) {
            return self.returned(parent);
        }
        // An arrow function without braces returns its body.
        if syntax.functions.contains(&kind) {
            return Step::Stop;
        }
        if is_collection(kind) {
            self.is_collected = true;
            self.follows_host |= child.id() == self.subject.node().id()
                && previous_of(parent, child)
                    .is_some_and(|previous| calls::is_host(self.source.text_of(previous)));
        }
        Step::Up
    }

    /// `process.env.PORT || 3000` is a default; `base + 1` is still a port; a comparison is not.
    fn infix(&self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        let (Some(left), Some(operator)) =
            (parent.child_by_field_name("left"), parent.child_by_field_name("operator"))
        else {
            return self.unless_number();
        };
        match self.source.text_of(operator) {
            "||" | "??" | "or" => match self.source.environment.reads(self.source.text_of(left)) {
                Some(variable) if left.id() != child.id() => Step::Done(Verdict::Fallback(variable)),
                _ => Step::Up,
            },
            "+" => Step::Up,
            _ => self.unless_number(),
        }
    }

    fn unless_number(&self) -> Step {
        if matches!(self.subject, Subject::Number { .. }) { Step::Not } else { Step::Up }
    }

    /// `process.env.PORT ? Number(process.env.PORT) : 3000` is a default.
    fn ternary(&self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        let mut cursor = parent.walk();
        let reads = parent
            .named_children(&mut cursor)
            .filter(|other| other.id() != child.id())
            .filter_map(|other| self.source.environment.reads(self.source.text_of(other)))
            .flatten()
            .find(Variable::is_port_name);
        match reads {
            Some(variable) => Step::Done(Verdict::Fallback(Some(variable))),
            None => Step::Up,
        }
    }

    fn call(&mut self, callee: Node<'tree>, arguments: Node<'tree>, child: Node<'tree>) -> Step {
        // `child` is the list of arguments; the argument that was climbed through is the one that
        // covers the subject.
        let start = self.subject.node().start_byte();
        let mut cursor = arguments.walk();
        let nodes: Vec<_> = arguments.named_children(&mut cursor).collect();
        let index = nodes.iter().position(|node| node.byte_range().contains(&start)).unwrap_or(0);
        let before: Vec<&str> = nodes[..index].iter().map(|node| self.source.text_of(*node)).collect();
        let callee_text = self.source.text_of(callee);
        let upto = self.source.text.get(callee.start_byte()..start).unwrap_or_default();
        if let Some(variable) = self.source.environment.reads(upto)
            && (index > 0 || self.source.environment.reads(callee_text).is_some())
        {
            return Step::Done(Verdict::Fallback(variable));
        }
        let called = calls::callee(callee_text);
        match (called, self.subject) {
            (Callee::Prose, _) => Step::Not,
            // The second argument is a base or a width: `parseInt(text, 10)`.
            (Callee::Conversion, Subject::Number { .. }) if index > 0 => Step::Not,
            (Callee::Conversion, _) => Step::Up,
            (Callee::Listen | Callee::Server, Subject::Address { address, .. })
                if address.host == Host::Any =>
            {
                Step::Done(self.decides(Kind::Listen))
            }
            (_, Subject::Address { address, .. }) => {
                if calls::names_port_option(&before) || callee_text.starts_with("flag.") {
                    return Step::Done(self.decides(Kind::OptionDefault));
                }
                Step::Done(self.decides(address_kind(address)))
            }
            (_, Subject::Command { kind, .. }) => Step::Done(self.decides(*kind)),
            (called, Subject::Number { .. }) => {
                if child.id() != arguments.id() {
                    return Step::Not;
                }
                let is_direct = !self.is_collected
                    || nodes.get(index).is_some_and(|node| node.id() == self.subject.node().id());
                let kind = match is_direct {
                    true => calls::number(called, self.port.get(), &before),
                    false => self.follows_host.then(|| tuple_kind(called)),
                };
                match kind {
                    Some(kind) => Step::Done(self.decides(kind)),
                    None if is_direct && self.source.parameter_is_port(callee_text, index) => {
                        Step::Done(self.decides(Kind::Listen))
                    }
                    None => Step::Not,
                }
            }
        }
    }

    fn binding(&mut self, parent: Node<'tree>, role: Role, name: Node<'tree>) -> Step {
        let name_text = self.source.text_of(name).trim_matches(['"', '\'', '`', '[', ']']);
        match self.subject {
            Subject::Number { .. } => self.number_bound(parent, role, name_text),
            Subject::Address { address, .. } => {
                if role == Role::Attribute {
                    self.is_constant = true;
                }
                if address.host != Host::Service {
                    self.hint.get_or_insert_with(|| name_text.to_owned());
                }
                if role == Role::Assignment && self.source.is_default_of(self.path, parent, name_text) {
                    return Step::Done(Verdict::Fallback(None));
                }
                Step::Up
            }
            Subject::Command { .. } => Step::Up,
        }
    }

    fn number_bound(&mut self, parent: Node<'tree>, role: Role, name: &str) -> Step {
        let last = name.rsplit(['.', '>']).next().unwrap_or(name);
        let spoken = port_name(last);
        let is_port = match spoken {
            Some(PortName::One) => true,
            Some(PortName::Many) => self.is_collected,
            None => false,
        };
        match role {
            Role::Assignment if self.source.is_default_of(self.path, parent, name) => {
                return Step::Done(Verdict::Fallback(name.parse().ok()));
            }
            Role::Parameter if is_port => {
                return match self.source.destructured_from_environment(self.path, parent) {
                    true => Step::Done(Verdict::Fallback(name.parse().ok())),
                    false => Step::Done(Verdict::Decides {
                        kind: Kind::OptionDefault,
                        hint: Some(name.to_owned()),
                    }),
                };
            }
            _ => {}
        }
        if self.follows_host {
            return Step::Done(Verdict::Decides { kind: Kind::Connect, hint: Some(name.to_owned()) });
        }
        if is_port
            && matches!(role, Role::Entry | Role::Argument)
            && self.source.is_beside_remote_host(self.path, parent)
        {
            return Step::Not;
        }
        if is_port {
            return Step::Done(Verdict::Decides {
                kind: self.setting_kind(parent),
                hint: Some(name.to_owned()),
            });
        }
        match role {
            Role::Argument | Role::Entry
                if matches!(last, "default" | "value" | "defaultValue" | "Value") =>
            {
                if let Some(call) = self.source.enclosing_call(self.path, parent)
                    && calls::names_port_option(&call)
                {
                    return Step::Done(self.decides(Kind::OptionDefault));
                }
                if role == Role::Entry { Step::Up } else { Step::Not }
            }
            // An entry of a map of ports: `const ports = { web: 8000 }`.
            Role::Entry if spoken.is_none() && self.port.get() >= 1000 => {
                self.is_collected = true;
                self.hint.get_or_insert_with(|| name.to_owned());
                Step::Up
            }
            _ => Step::Not,
        }
    }

    /// `port=8000` in a call that starts a server listens; one that reaches a client connects.
    fn setting_kind(&self, binding: Node<'tree>) -> Kind {
        for parent in self.path.above(binding).take(3) {
            if let Some((callee, _)) = self.source.syntax.call(parent) {
                return match calls::callee(self.source.text_of(callee)) {
                    Callee::Listen | Callee::Server => Kind::Listen,
                    Callee::Connect => Kind::Connect,
                    _ => Kind::Setting,
                };
            }
        }
        Kind::Setting
    }

    /// What a function that is named like a port returns is one; behind a lookup it is a default.
    fn returned(&self, statement: Node<'tree>) -> Step {
        if !matches!(self.subject, Subject::Number { .. }) {
            return Step::Stop;
        }
        for parent in self.path.above(statement) {
            if self.source.syntax.functions.contains(&parent.kind()) {
                let name = parent.child_by_field_name("name").map_or("", |name| self.source.text_of(name));
                if port_name(name).is_none() {
                    return Step::Not;
                }
                let before =
                    self.source.text.get(parent.start_byte()..statement.start_byte()).unwrap_or_default();
                return Step::Done(match self.source.environment.reads(before) {
                    Some(variable) => Verdict::Fallback(variable),
                    None => Verdict::Decides { kind: Kind::Setting, hint: Some(name.to_owned()) },
                });
            }
        }
        Step::Not
    }
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

/// The named node before another one among what a node holds.
fn previous_of<'tree>(parent: Node<'tree>, child: Node<'tree>) -> Option<Node<'tree>> {
    let mut cursor = parent.walk();
    parent.named_children(&mut cursor).take_while(|node| node.id() != child.id()).last()
}

fn address_kind(address: &Address) -> Kind {
    match address.host {
        Host::Any => Kind::Listen,
        Host::Service => Kind::InNetwork,
        _ => Kind::Connect,
    }
}

fn tuple_kind(callee: Callee) -> Kind {
    if matches!(callee, Callee::Listen | Callee::Server) { Kind::Listen } else { Kind::Connect }
}

fn is_collection(kind: &str) -> bool {
    matches!(
        kind,
        "array" | "object" | "list" | "tuple" | "set" | "dictionary" | "literal_value" | "composite_literal"
    )
}
