//! What the name says that a number is given: by an assignment, an entry, a parameter, a function that returns it.

use tree_sitter::Node;

use super::{Climb, Step, Verdict, function_name};
use crate::analysis::address::Host;
use crate::analysis::code::Role;
use crate::analysis::code::calls::{self, Callee};
use crate::analysis::code::framework::{Attribute, Framework, Named};
use crate::analysis::code::subject::Subject;
use crate::analysis::names::PortName;
use crate::analysis::occurrence::Kind;
use crate::service::words;
use crate::variable::Variable;

impl<'tree> Climb<'_, 'tree> {
    /// The name of a flat pair: `port => 8080`, `"port": 8080`, `int port = 8080`, `{port, 8080}`, `:port 8080`.
    pub(super) fn name_before(&self, parent: Node<'tree>, child: Node<'tree>) -> Option<Node<'tree>> {
        let before = child.prev_sibling()?;
        let name = match before.kind() {
            "=>" | "=" | ":" => before.prev_named_sibling()?,
            "," if parent.named_child_count() == 2 => {
                before.prev_named_sibling().filter(|name| name.kind() == "atom")?
            }
            "kwd_lit" | "sym_lit" => before,
            _ => return None,
        };
        Some(name.child_by_field_name("name").unwrap_or(name))
    }

    pub(super) fn binding(
        &mut self,
        parent: Node<'tree>,
        role: Role,
        name: Node<'tree>,
        child: Node<'tree>,
    ) -> Step {
        let is_mark = |mark: char| !mark.is_alphanumeric() && mark != '_';
        let written = self.source.text_of(name);
        // `port: Int`
        let name_text = written.split_once(": ").map_or(written, |(name, _)| name).trim_matches(is_mark);
        self.is_constant |= self.source.is_declared_constant(name);
        if role == Role::Argument {
            let constant = self.source.syntax.constant;
            self.is_constant |= self.path.above(parent).take(2).any(|above| constant.contains(&above.kind()));
        }
        if let Some(variable) = self.default_of_variable(parent, role, name, child) {
            return Step::Done(Verdict::fallback(variable, "binding.default-of-variable"));
        }
        if self.source.packs.names.is_help_name(name_text) && self.is_in_lines() {
            return Step::Not;
        }
        match self.subject {
            Subject::Number { .. } if self.address.is_none() => self.number_bound(parent, role, name_text),
            Subject::Number { .. } => {
                self.hint.get_or_insert_with(|| name_text.to_owned());
                Step::Up
            }
            Subject::Address { address, .. }
                if address.host == Host::Service
                    && !address.has_scheme
                    && self.source.packs.names.is_image_name(name_text) =>
            {
                Step::Not
            }
            Subject::Address { address, .. } => {
                self.is_named_address |= address.is_named_by(name_text, self.source.packs)
                    || address.is_named_by(written.trim_matches(['"', '\'', '`']), self.source.packs);
                if address.host != Host::Service {
                    self.hint.get_or_insert_with(|| name_text.to_owned());
                }
                if role == Role::Assignment && self.source.is_default_of(self.path, parent, name_text) {
                    return Step::Done(Verdict::fallback(None, "binding.address-overridden"));
                }
                self.default_beside_variable(parent, role, name_text).unwrap_or(Step::Up)
            }
            Subject::Mapping { .. } if self.source.packs.names.port_name(name_text).is_some() => {
                Step::Done(self.decides(Kind::Published, "binding.mapping"))
            }
            Subject::Command { .. } | Subject::Mapping { .. } | Subject::Placeholder { .. } => Step::Up,
        }
    }

    /// `connect("example.com", port = 443)`
    fn is_given_remote_host(&self, argument: Node<'tree>) -> bool {
        let call = self.source.enclosing_call(self.path, argument);
        call.is_some_and(|arguments| {
            arguments.first().is_some_and(|first| calls::is_remote_host(first, self.source.packs))
        })
    }

    /// Whether the number stands in a string of several lines.
    fn is_in_lines(&self) -> bool {
        matches!(self.subject, Subject::Address { .. } | Subject::Command { .. })
            && self.source.text_of(self.subject.node()).contains('\n')
    }

    /// What the value is a default of by the form of the binding: `$ENV{PORT} ||= 3000`,
    /// `const { API_URL = "http://localhost:3000" } = process.env`.
    fn default_of_variable(
        &self,
        parent: Node<'tree>,
        role: Role,
        name: Node<'tree>,
        child: Node<'tree>,
    ) -> Option<Option<Variable>> {
        let written = self.source.text_of(name);
        let between = self.source.text.get(name.end_byte()..child.start_byte()).unwrap_or_default();
        if role == Role::Assignment && self.source.syntax.assigns_default(between.trim()) {
            let environment = &self.source.environment;
            return environment.reads(written).or_else(|| environment.binds(written).then_some(None));
        }
        (role == Role::Parameter && self.source.destructured_from_environment(self.path, parent))
            .then(|| written.parse().ok())
    }

    fn number_bound(&mut self, parent: Node<'tree>, role: Role, name: &str) -> Step {
        let last = name.rsplit(['.', '>']).next().unwrap_or(name);
        let spoken = self.source.packs.names.port_name(last);
        let is_port = match spoken {
            Some(PortName::One) => true,
            Some(PortName::Many) => self.is_collected,
            None => false,
        };
        match role {
            Role::Assignment if self.source.is_default_of(self.path, parent, name) => {
                let field = self.source.environment.field_at(parent.start_byte()).cloned();
                let variable = field.or_else(|| name.parse().ok());
                return Step::Done(Verdict::fallback(variable, "binding.overridden"));
            }
            Role::Parameter if is_port => {
                return Step::Done(Verdict::named(Kind::OptionDefault, name, "binding.parameter"));
            }
            _ => {}
        }
        // `def url(%{scheme: :http, port: 80})`: what a function is called with is compared.
        if role == Role::Entry && self.source.is_pattern_of_function(self.path, parent) {
            return Step::Not;
        }
        if self.follows_host {
            return Step::Done(Verdict::named(Kind::Connect, name, "binding.behind-host"));
        }
        if is_port
            && matches!(role, Role::Entry | Role::Argument)
            && (self.source.is_beside_remote_host(self.path, parent)
                || role == Role::Argument && self.is_given_remote_host(parent))
        {
            return Step::Not;
        }
        // `WithHttpEndpoint(port: 8000, targetPort: 80)`: the side of the container.
        if words(last) == ["target", "port"] && self.source.is_beside(self.path, parent, "port") {
            return Step::Not;
        }
        if let Some(verdict) = self.named_for_framework(parent, role, last) {
            return Step::Done(verdict);
        }
        // `MAX_PORT = 65535`: what any port lies in, not one that was chosen.
        if is_port && self.source.packs.names.is_bound(name) && !(1025..49151).contains(&self.port.get()) {
            return Step::Not;
        }
        if is_port {
            return Step::Done(Verdict::named(self.setting_kind(parent), name, "binding.port-name"));
        }
        match role {
            Role::Argument | Role::Entry if self.source.packs.names.is_default_name(last) => {
                if let Some(step) = self.default_beside_variable(parent, role, last) {
                    return step;
                }
                if self.source.is_beside_port_name(self.path, parent) {
                    return Step::Done(self.decides(Kind::OptionDefault, "binding.default-beside-port-name"));
                }
                self.is_default = true;
                if let Some(call) = self.source.enclosing_call(self.path, parent)
                    && calls::names_port_option(&call, &self.source.packs.names)
                {
                    return Step::Done(self.decides(Kind::OptionDefault, "binding.default-of-option"));
                }
                Step::Up
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

    /// The default of a variable that is named beside it: `default="redis://localhost:6379", envvar="REDIS_URL"`.
    fn default_beside_variable(&self, parent: Node<'tree>, role: Role, name: &str) -> Option<Step> {
        if !matches!(role, Role::Argument | Role::Entry) || !self.source.packs.names.is_default_name(name) {
            return None;
        }
        let around = (role == Role::Argument).then(|| self.looked_up_around(parent)).flatten();
        let around = around.map(|read| Verdict::fallback(read.variable, read.by));
        let beside = || {
            let is_beside = self.source.is_beside_variable(self.path, parent);
            is_beside.then(|| Verdict::fallback(None, "binding.default-beside-variable"))
        };
        around.or_else(beside).map(Step::Done)
    }

    /// `port=8000` in a call that starts a server listens; one that reaches a client connects.
    fn setting_kind(&self, binding: Node<'tree>) -> Kind {
        for parent in self.path.above(binding).take(3) {
            if let Some(arguments) = self.source.syntax.arguments(parent) {
                return match self.source.does(parent, arguments) {
                    Callee::Listen | Callee::Server | Callee::Engine => Kind::Listen,
                    Callee::Connect => Kind::Connect,
                    _ => Kind::Setting,
                };
            }
        }
        Kind::Setting
    }

    /// What a function that is named like a port returns is one; behind a lookup it is a default.
    pub(super) fn returned(&self, statement: Node<'tree>) -> Step {
        // `return ("127.0.0.1", 8080)`
        if self.follows_host && calls::is_likely_port(self.port.get()) {
            return Step::Done(self.decides(Kind::Connect, "return.behind-host"));
        }
        if !self.is_bare_number() {
            return Step::Stop;
        }
        let functions = self.source.syntax.functions;
        match self.path.above(statement).find(|parent| functions.contains(&parent.kind())) {
            Some(function) => self.returned_by(function, statement.start_byte()),
            None => Step::Not,
        }
    }

    /// What a function returns at the byte offset.
    pub(super) fn returned_by(&self, function: Node<'tree>, offset: usize) -> Step {
        let name = function_name(function).map_or("", |name| self.source.text_of(name));
        if self.source.packs.names.port_name(name).is_none() {
            return Step::Not;
        }
        let before = self.source.text.get(function.start_byte()..offset).unwrap_or_default();
        Step::Done(match self.source.environment.reads(before) {
            Some(variable) => Verdict::fallback(variable, "return.behind-lookup"),
            None => Verdict::named(Kind::Setting, name, "return.port-name"),
        })
    }

    /// What a framework says of a number that is given to the name.
    fn named_for_framework(&self, parent: Node<'tree>, role: Role, name: &str) -> Option<Verdict> {
        let is_beside = |key: &'static str| self.source.is_beside(self.path, parent, key);
        let is_in = |start: &'static str| {
            self.path.above(parent).take(2).any(|node| self.source.text_of(node).starts_with(start))
        };
        let named = Named { name, role, is_beside: &is_beside, is_in: &is_in };
        self.source.syntax.frameworks.iter().find_map(|framework| match framework {
            Framework::Named(says) => says(&named),
            _ => None,
        })
    }

    /// What an attribute says of the field that it stands before.
    pub(super) fn attribute(&self, attribute: Node<'tree>) -> Step {
        let mut field = attribute.next_named_sibling();
        while let Some(other) = field.filter(|node| node.kind() == attribute.kind()) {
            field = other.next_named_sibling();
        }
        let name = field.and_then(|field| field.child_by_field_name("name"));
        let Some(name) = name.filter(|_| self.is_bare_number()) else { return Step::Up };
        let attribute = Attribute {
            text: self.source.text_of(attribute),
            field: self.source.text_of(name),
            packs: self.source.packs,
        };
        let said = self.source.syntax.frameworks.iter().find_map(|framework| match framework {
            Framework::Attribute(says) => says(&attribute),
            _ => None,
        });
        said.map_or(Step::Up, Step::Done)
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, only_first};

    #[test]
    fn a_target_beside_a_port_is_the_containers() {
        let aspire =
            |target: &str| format!("class A {{ void F() {{ a.With(port: «8081 setting», {target}); }} }}");
        finds_what_is_marked("a.cs", &aspire("targetPort: 8080"));
        finds_what_is_marked("a.js", "const proxy = { targetPort: «8080 setting» }");
    }

    #[test]
    fn binding_port_name_needs_the_name_of_a_port() {
        only_first(
            "binding.port-name",
            "a.js",
            "const port = 8080",
            &["const report = 8080", "const portTimeout = 8080"],
        );
    }

    #[test]
    fn binding_parameter_needs_the_name_of_a_port() {
        only_first(
            "binding.parameter",
            "a.py",
            "def start(port=8080):\n    pass\n",
            &["def start(limit=8080):\n    pass\n"],
        );
    }

    #[test]
    fn binding_overridden_needs_a_lookup_behind() {
        only_first(
            "binding.overridden",
            "a.go",
            "package a\nfunc f() {\n\tport := \"8080\"\n\tif p := os.Getenv(\"PORT\"); p != \"\" {\n\t\tport = p\n\t}\n}",
            &[
                "package a\nfunc f() {\n\tport := \"8080\"\n\tif p := other(\"x\"); p != \"\" {\n\t\tport = p\n\t}\n}",
            ],
        );
    }

    #[test]
    fn binding_default_of_variable_needs_the_operator() {
        only_first(
            "binding.default-of-variable",
            "a.rb",
            "ENV['PORT'] ||= '8080'",
            &["ENV['PORT'] = '8080'"],
        );
    }

    #[test]
    fn binding_default_beside_port_name_needs_the_name() {
        only_first(
            "binding.default-beside-port-name",
            "a.js",
            "const option = { name: 'port', default: 8080 }",
            &["const option = { name: 'limit', default: 8080 }"],
        );
    }

    #[test]
    fn return_port_name_needs_the_name_of_a_port() {
        only_first(
            "return.port-name",
            "a.js",
            "function port() {\n  return 8080\n}",
            &["function limit() {\n  return 8080\n}"],
        );
    }
}
