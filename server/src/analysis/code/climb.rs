//! From a number up through its ancestors, until one of them says what it is.

use std::ops::Range;

use tree_sitter::Node;

use super::calls::{self, Callee};
use super::subject::{Subject, parse_number, subject};
use super::surroundings::arguments_of;
use super::{Role, Source};
use crate::analysis::address::{Address, Host};
use crate::analysis::names::{PortName, is_address_name, port_name};
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
        is_constant: is_constant(source, path, &subject),
        is_collected: false,
        follows_host: false,
        is_pair: false,
        hint: None,
    };
    let meaning = match climb.verdict()? {
        Verdict::Fallback(variable) => Meaning::Fallback { port, variable },
        Verdict::Decides { kind, hint } => {
            let hint = hint.or(climb.hint).filter(|hint| !words(hint).is_empty());
            let is_fixed = climb.is_constant || source.is_constant_global(path);
            let is_attribute =
                path.parent(subject.node()).is_some_and(|parent| source.syntax.is_attribute(parent));
            let shape = match () {
                () if is_fixed => Shape::Fixed,
                () if is_attribute => Shape::Attribute { expression: subject.node().byte_range() },
                () => subject.shape(),
            };
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
    /// The value is the second and last in a tuple: `(domain, 80)`.
    is_pair: bool,
    /// The name of the last binding that was passed.
    hint: Option<String>,
}

impl<'tree> Climb<'_, 'tree> {
    fn verdict(&mut self) -> Option<Verdict> {
        if let Subject::Placeholder { variable, .. } = self.subject {
            return Some(Verdict::Fallback(variable.clone()));
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

    /// What is left when no ancestor says anything: an address speaks for itself, a number does not.
    fn decide_by_text(&self) -> Option<Verdict> {
        match self.subject {
            Subject::Number { .. } | Subject::Placeholder { .. } => None,
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
            if calls::callee(called.trim_end()) == Callee::Prose {
                return Step::Not;
            }
        }
        if let Some((_, role)) = syntax.pairs.iter().find(|(node, _)| *node == kind)
            && let Some(name) = self.name_before(child)
        {
            return self.binding(parent, *role, name);
        }
        if let Some((binding, name)) = syntax.binding(parent, child) {
            return self.binding(parent, binding.role, name);
        }
        if syntax.returns.contains(&kind) {
            return self.returned(parent);
        }
        if syntax.lambdas.contains(&kind) {
            return if is_block(child) { Step::Stop } else { Step::Up };
        }
        if syntax.functions.contains(&kind) {
            let is_number = matches!(self.subject, Subject::Number { .. });
            return match is_number && syntax.has_implicit_return {
                true => self.returned_by(parent, self.subject.node().start_byte()),
                false => Step::Stop,
            };
        }
        if is_collection(kind) {
            self.is_collected = true;
            if child.id() == self.subject.node().id()
                && let Some(previous) = previous_of(parent, child)
            {
                self.follows_host = calls::is_host(self.source.text_of(previous));
                self.is_pair = kind.starts_with("tuple") && parent.named_child_count() == 2;
            }
        }
        Step::Up
    }

    /// The name of a flat pair: `port => 8080`.
    fn name_before(&self, child: Node<'tree>) -> Option<Node<'tree>> {
        let arrow = child.prev_sibling().filter(|arrow| matches!(arrow.kind(), "=>" | "="))?;
        arrow.prev_named_sibling()
    }

    /// `process.env.PORT || 3000` is a default; `base + 1` is still a port; a comparison is not.
    fn infix(&mut self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        let (Some(left), Some(operator)) =
            (parent.child_by_field_name("left"), parent.child_by_field_name("operator"))
        else {
            return self.unless_number();
        };
        match self.source.text_of(operator) {
            "||" | "??" | "?:" | "or" => match self.source.environment.reads(self.source.text_of(left)) {
                Some(variable) if left.id() != child.id() => Step::Done(Verdict::Fallback(variable)),
                _ => Step::Up,
            },
            // A default in Perl, a division elsewhere.
            "//" => match self.source.environment.reads(self.source.text_of(left)) {
                Some(variable) if left.id() != child.id() => Step::Done(Verdict::Fallback(variable)),
                _ => self.unless_number(),
            },
            "=" if left.id() != child.id() => self.binding(parent, Role::Assignment, left),
            "=>" | "->" if left.id() != child.id() => self.binding(parent, Role::Entry, left),
            r"\\" if left.id() != child.id() => self.binding(parent, Role::Parameter, left),
            // What is sent to a stream is for people.
            "<<" if calls::is_stream(self.source.text_of(left)) => Step::Not,
            // Strings are joined with these.
            "+" | "." | ".." | "<>" if left.id() != child.id() => self.joined(child, left),
            "+" | "." | ".." | "<>" => Step::Up,
            _ => self.unless_number(),
        }
    }

    /// `"http://localhost:" + 8080` is an address; `count + ":600"` is none.
    fn joined(&self, child: Node<'tree>, left: Node<'tree>) -> Step {
        let before = self.source.text_of(left);
        match self.subject {
            Subject::Number { node, is_text: false }
                if node.id() == child.id()
                    && before.trim_end_matches(['"', '\'', '`']).ends_with(':')
                    && ["localhost", "127.0.0.1", "0.0.0.0"].iter().any(|host| before.contains(host)) =>
            {
                Step::Done(self.decides(Kind::Connect))
            }
            Subject::Address { address, .. }
                if address.name.is_empty()
                    && address.port.get() < 1000
                    && !before.contains(['"', '\'', '`']) =>
            {
                match calls::is_host(before) || is_address_name(before) {
                    true => Step::Up,
                    false => Step::Not,
                }
            }
            _ => Step::Up,
        }
    }

    fn unless_number(&self) -> Step {
        if matches!(self.subject, Subject::Number { .. }) { Step::Not } else { Step::Up }
    }

    /// `process.env.PORT ? Number(process.env.PORT) : 3000` is a default.
    fn ternary(&self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        // `is_tls ? 443 : 80` is the port of a scheme.
        let counterpart = match self.port.get() {
            80 => "443",
            443 => "80",
            _ => "",
        };
        let mut cursor = parent.walk();
        if parent.named_children(&mut cursor).any(|other| self.source.text_of(other) == counterpart) {
            return Step::Not;
        }
        let is_address = matches!(self.subject, Subject::Address { .. });
        let mut cursor = parent.walk();
        let reads = parent
            .named_children(&mut cursor)
            .enumerate()
            .filter(|(_, other)| other.id() != child.id())
            .filter_map(|(index, other)| {
                let variable = self.source.environment.reads(self.source.text_of(other))??;
                // The condition may ask for an address as a whole.
                let is_asked = is_address && index == 0 && is_address_name(variable.as_str());
                (variable.is_port_name() || is_asked).then_some((index, variable))
            })
            .next();
        match reads {
            // `is_production ? process.env.PORT : 3000`: a default, but not for want of the variable.
            Some((index, variable)) => Step::Done(Verdict::Fallback((index == 0).then_some(variable))),
            None if self.asks_for_lookup(parent) => Step::Done(Verdict::Fallback(None)),
            None => Step::Up,
        }
    }

    /// `value ? atoi(value) : 3000`, where `value` was looked up.
    fn asks_for_lookup(&self, conditional: Node<'tree>) -> bool {
        let mut cursor = conditional.walk();
        let parts: Vec<&str> =
            conditional.named_children(&mut cursor).map(|part| self.source.text_of(part)).collect();
        parts.split_first().is_some_and(|(condition, values)| {
            self.source.environment.binds(condition) && values.iter().any(|value| value.contains(condition))
        })
    }

    /// `ENV.fetch("PORT") { 3000 }`: a block behind the arguments.
    fn block_of_call(&self, call: Node<'tree>, arguments: Node<'tree>) -> Step {
        let called = self.source.text.get(call.start_byte()..arguments.end_byte()).unwrap_or_default();
        // `def start(port \\ System.fetch_env!("PORT")) do` declares.
        if called.starts_with("def") {
            return Step::Stop;
        }
        match self.source.environment.reads_behind(called, arguments.start_byte() - call.start_byte()) {
            Some(variable) => Step::Done(Verdict::Fallback(variable)),
            None => Step::Stop,
        }
    }

    fn call(&mut self, call: Node<'tree>, arguments: Node<'tree>, child: Node<'tree>) -> Step {
        // `child` is the list of arguments; the argument that was climbed through is the one that
        // covers the subject.
        let start = self.subject.node().start_byte();
        let nodes = arguments_of(arguments);
        let index = nodes.iter().position(|node| node.byte_range().contains(&start)).unwrap_or(0);
        let before: Vec<&str> = nodes[..index].iter().map(|node| self.source.text_of(*node)).collect();
        let after = nodes.get(index + 1).map(|node| self.source.text_of(*node));
        let callee_text = self.source.callee(call, arguments);
        let called = calls::callee(callee_text);
        if let Some(variable) = self.looked_up(call, arguments, called, index) {
            return Step::Done(Verdict::Fallback(variable));
        }
        match (called, self.subject) {
            (Callee::Prose, _) => Step::Not,
            // The second argument is a base or a width: `parseInt(text, 10)`.
            (Callee::Conversion, Subject::Number { .. }) if index > 0 => Step::Not,
            (Callee::Conversion, _) => Step::Up,
            (Callee::Collection, Subject::Number { .. })
                if before.last().is_some_and(|name| {
                    calls::names_port_option(&[name]) || calls::is_port_constant(name)
                }) =>
            {
                Step::Done(self.decides(Kind::Setting))
            }
            (Callee::Collection, _) => {
                self.is_collected = true;
                Step::Up
            }
            (Callee::Listen | Callee::Server, Subject::Address { address, .. })
                if address.host == Host::Any
                    || called == Callee::Listen && matches!(address.host, Host::Local | Host::Private) =>
            {
                Step::Done(self.decides(Kind::Listen))
            }
            (_, Subject::Address { address, .. }) => {
                if calls::names_port_option(&before) || callee_text.starts_with("flag.") {
                    return Step::Done(self.decides(Kind::OptionDefault));
                }
                Step::Done(self.decides(address_kind(address)))
            }
            (_, Subject::Placeholder { .. }) => Step::Not,
            (_, Subject::Command { kind, .. }) => Step::Done(self.decides(*kind)),
            (called, Subject::Number { .. }) => {
                if child.id() != arguments.id() {
                    return Step::Not;
                }
                let is_direct = !self.is_collected
                    || nodes.get(index).is_some_and(|node| node.id() == self.subject.node().id());
                let kind = match is_direct {
                    true => calls::number(called, self.port.get(), &before),
                    false if self.follows_host => Some(tuple_kind(called)),
                    false => (self.is_pair && matches!(called, Callee::Listen | Callee::Connect))
                        .then(|| tuple_kind(called)),
                };
                match kind {
                    Some(_) if calls::is_backlog(callee_text, self.port.get()) => Step::Not,
                    Some(kind) => Step::Done(self.decides(kind)),
                    None if is_direct && self.source.parameter_is_port(callee_text, index) => {
                        Step::Done(self.decides(Kind::Listen))
                    }
                    None if is_direct && calls::precedes_host(self.port.get(), after) => {
                        Step::Done(self.decides(Kind::Connect))
                    }
                    None => Step::Not,
                }
            }
        }
    }

    /// The environment lookup of which the subject is the default: the call is the lookup, as in
    /// `getenv("PORT", 8080)`, or what is called belongs to it, as in `env::var("PORT").unwrap_or(8080)`.
    fn looked_up(
        &self,
        call: Node<'tree>,
        arguments: Node<'tree>,
        called: Callee,
        index: usize,
    ) -> Option<Option<Variable>> {
        let environment = &self.source.environment;
        let takes_default = matches!(called, Callee::Other | Callee::Conversion);
        if takes_default
            && let Some(variable) = environment.reads_in_call(self.source.callee(call, arguments))
        {
            return Some(variable);
        }
        if index == 0 || !takes_default || self.is_collected || !self.follows_lookup(call, arguments, index) {
            return None;
        }
        let upto = self.source.text.get(call.start_byte()..self.subject.node().start_byte())?;
        let variable = environment.reads_behind(upto, arguments.start_byte() - call.start_byte())?;
        // `connect(process.env.HOST, 5432)`
        let is_number = matches!(self.subject, Subject::Number { .. });
        let is_host =
            is_number && variable.as_ref().is_some_and(|variable| calls::is_host(variable.as_str()));
        (!is_host).then_some(variable)
    }

    /// Whether what stands before an argument can be the lookup that it is the default of: `getenv("A", 80)`,
    /// `cmp.Or(os.Getenv("A"), "80")`; not `{ "http://localhost:" + getenv("A"), "http://localhost:80" }`.
    fn follows_lookup(&self, call: Node<'tree>, arguments: Node<'tree>, index: usize) -> bool {
        // In a macro there are only words.
        if arguments.kind() == "token_tree" {
            return !self.source.callee(call, arguments).ends_with("vec!");
        }
        let Some(before) = arguments_of(arguments).get(index - 1).copied() else { return false };
        let reads = self.source.environment.reads(self.source.text_of(before)).is_some();
        (index == 1 || reads) && !(reads && self.source.syntax.infix.contains(&before.kind()))
    }

    fn binding(&mut self, parent: Node<'tree>, role: Role, name: Node<'tree>) -> Step {
        let is_mark = |mark: char| !mark.is_alphanumeric() && mark != '_';
        let name_text = self.source.text_of(name);
        // `port: Int`
        let name_text = name_text.split_once(": ").map_or(name_text, |(name, _)| name).trim_matches(is_mark);
        self.is_constant |= self.source.is_declared_constant(name);
        if role == Role::Argument {
            let constant = self.source.syntax.constant;
            self.is_constant |= self.path.above(parent).take(2).any(|above| constant.contains(&above.kind()));
        }
        match self.subject {
            Subject::Number { .. } => self.number_bound(parent, role, name_text),
            Subject::Address { address, .. } => {
                if address.host != Host::Service {
                    self.hint.get_or_insert_with(|| name_text.to_owned());
                }
                if role == Role::Assignment && self.source.is_default_of(self.path, parent, name_text) {
                    return Step::Done(Verdict::Fallback(None));
                }
                Step::Up
            }
            Subject::Command { .. } | Subject::Placeholder { .. } => Step::Up,
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
                let field = self.source.environment.field_at(parent.start_byte()).cloned();
                return Step::Done(Verdict::Fallback(field.or_else(|| name.parse().ok())));
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
                if role == Role::Argument
                    && let Some(variable) = self.looked_up_around(parent)
                {
                    return Step::Done(Verdict::Fallback(variable));
                }
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

    /// The environment lookup that the call around a named argument is: `env.int("PORT", default=8080)`.
    fn looked_up_around(&self, argument: Node<'tree>) -> Option<Option<Variable>> {
        let call =
            self.path.above(argument).take(3).find(|node| self.source.syntax.arguments(*node).is_some())?;
        let upto = self.source.text.get(call.start_byte()..argument.start_byte())?;
        // Only what is called itself, not a lookup among the arguments.
        self.source.environment.reads_behind(upto, 0).filter(|_| upto.matches('(').count() == 1)
    }

    /// `port=8000` in a call that starts a server listens; one that reaches a client connects.
    fn setting_kind(&self, binding: Node<'tree>) -> Kind {
        for parent in self.path.above(binding).take(3) {
            if let Some(arguments) = self.source.syntax.arguments(parent) {
                return match calls::callee(self.source.callee(parent, arguments)) {
                    Callee::Listen | Callee::Server | Callee::Engine => Kind::Listen,
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
        let functions = self.source.syntax.functions;
        match self.path.above(statement).find(|parent| functions.contains(&parent.kind())) {
            Some(function) => self.returned_by(function, statement.start_byte()),
            None => Step::Not,
        }
    }

    /// What a function returns at the byte offset.
    fn returned_by(&self, function: Node<'tree>, offset: usize) -> Step {
        let name = function.child_by_field_name("name").map_or("", |name| self.source.text_of(name));
        if port_name(name).is_none() {
            return Step::Not;
        }
        let before = self.source.text.get(function.start_byte()..offset).unwrap_or_default();
        Step::Done(match self.source.environment.reads(before) {
            Some(variable) => Verdict::Fallback(variable),
            None => Verdict::Decides { kind: Kind::Setting, hint: Some(name.to_owned()) },
        })
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

/// Whether only a constant may stand at the subject: between it and the function around it is a
/// declaration of constants or a decorator.
fn is_constant(source: &Source<'_>, path: &Path<'_>, subject: &Subject<'_>) -> bool {
    let start = subject.node().start_byte();
    path.up()
        .skip_while(|node| node.start_byte() > start)
        .take_while(|node| !source.syntax.functions.contains(&node.kind()))
        .any(|node| source.syntax.constant.contains(&node.kind()))
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
    if matches!(callee, Callee::Listen | Callee::Server | Callee::Engine) {
        Kind::Listen
    } else {
        Kind::Connect
    }
}

fn is_collection(kind: &str) -> bool {
    matches!(
        kind,
        "array"
            | "array_creation_expression"
            | "array_expression"
            | "array_initializer"
            | "anonymous_array_expression"
            | "composite_literal"
            | "dictionary"
            | "hash"
            | "initializer_expression"
            | "initializer_list"
            | "list"
            | "literal_value"
            | "object"
            | "set"
            | "table_constructor"
            | "tuple"
            | "tuple_expression"
    )
}

/// Whether a function's body is a block of statements.
fn is_block(body: Node<'_>) -> bool {
    body.kind().contains("block") || body.kind().contains("statement")
}
