//! What a call makes of a number among its arguments.

mod number;

use tree_sitter::Node;

use super::{Climb, Step, Verdict};
use crate::analysis::address::{Address, Host, Place, decide};
use crate::analysis::code::Arguments;
use crate::analysis::code::calls::{self, Callee};
use crate::analysis::code::framework::{self, Framework};
use crate::analysis::code::subject::Subject;
use crate::analysis::code::surroundings::{MOST_ARGUMENTS, arguments_of};
use crate::analysis::occurrence::Kind;
use crate::analysis::packs::Called;
use crate::variable::Variable;

/// A call, and the argument that the subject is (in).
struct Given<'a, 'tree> {
    call: Node<'tree>,
    arguments: Arguments<'tree>,
    nodes: Vec<Node<'tree>>,
    /// The place of the argument.
    index: usize,
    /// The arguments before it, as written.
    before: Vec<&'a str>,
    /// The argument behind it, as written.
    after: Option<&'a str>,
    /// What is called, as written.
    callee: &'a str,
    /// What is known of it.
    called: Called<'a>,
}

impl<'a, 'tree> Climb<'a, 'tree> {
    pub(super) fn call(
        &mut self,
        call: Node<'tree>,
        arguments: Arguments<'tree>,
        child: Node<'tree>,
    ) -> Step {
        let nodes = arguments_of(arguments);
        if nodes.len() > MOST_ARGUMENTS {
            self.is_collected = true;
            return Step::Up;
        }
        let given = self.given(call, arguments, nodes);
        if let Some(step) = self.whatever_is_called(&given) {
            return step;
        }
        match given.called.does {
            Callee::Capacity if self.follows_host => {
                Step::Done(self.decides(Kind::Connect, "call.behind-host"))
            }
            Callee::Prose | Callee::Container | Callee::Capacity => Step::Not,
            Callee::Search if self.is_searched() => Step::Not,
            Callee::Conversion => self.converted(&given),
            Callee::Collection => self.collected_by_call(&given),
            _ => match self.subject {
                Subject::Address { address, .. } => self.address_given(&given, address),
                Subject::Placeholder { .. } => Step::Not,
                Subject::Mapping { .. } => self.mapping_given(&given),
                Subject::Command { kind, .. } => Step::Done(self.decides(*kind, "call.command-line")),
                Subject::Number { .. } => self.number_given(&given, child),
            },
        }
    }

    fn given(
        &self,
        call: Node<'tree>,
        arguments: Arguments<'tree>,
        nodes: Vec<Node<'tree>>,
    ) -> Given<'a, 'tree> {
        let start = self.subject.node().start_byte();
        let index = nodes.iter().position(|node| node.byte_range().contains(&start)).unwrap_or(0);
        let before = nodes[..index].iter().map(|node| self.source.text_of(*node)).collect();
        let after = nodes.get(index + 1).map(|node| self.source.text_of(*node));
        let callee = self.source.callee(call, arguments);
        let called = self.source.called(callee);
        Given { call, arguments, nodes, index, before, after, callee, called }
    }

    /// What decides before it is asked what is called: a lookup of the environment, a framework, a program with its flags.
    fn whatever_is_called(&self, given: &Given<'a, 'tree>) -> Option<Step> {
        if let Some(read) = self.looked_up(given.call, given.arguments, given.called.does, given.index) {
            return Some(Step::Done(Verdict::fallback(read.variable, read.by)));
        }
        let called = framework::Called::of(self.source, given.call, given.arguments);
        let said = self.source.syntax.frameworks.iter().find_map(|framework| match framework {
            Framework::Call(says) => says(&called),
            _ => None,
        });
        if let Some(verdict) = said {
            return Some(Step::Done(verdict));
        }
        // `exec.Command("redis-server", "-p", "6380")`
        if self.is_given_to_container(&given.before) {
            return Some(Step::Not);
        }
        self.flagged(&given.before).map(|(kind, by)| Step::Done(self.decides(kind, by)))
    }

    /// Whether the subject is no port where a text is looked for: a number, or a port without a host.
    fn is_searched(&self) -> bool {
        match self.subject {
            Subject::Number { .. } => true,
            Subject::Address { address, .. } => address.name.is_empty(),
            _ => false,
        }
    }

    /// A value in another type is what it was; put into a text it may be the port of an address.
    fn converted(&mut self, given: &Given<'a, 'tree>) -> Step {
        if self.address.is_some() || !matches!(self.subject, Subject::Number { .. }) {
            return Step::Up;
        }
        match given.before.first() {
            // `"http://localhost:{}".format(8080)`
            _ if given.callee.starts_with(['"', '\'']) => self.formatted(given.callee, given.index),
            None => Step::Up,
            Some(_) if self.follows_host => {
                Step::Done(self.decides(Kind::Connect, "call.converted-behind-host"))
            }
            // The second argument is a base or a width: `parseInt(text, 10)`.
            Some(format) => self.formatted(format, given.index - 1),
        }
    }

    /// `mapOf("port", 8080)`, `listOf(8080, 8081)`
    fn collected_by_call(&mut self, given: &Given<'a, 'tree>) -> Step {
        let names = &self.source.packs.names;
        let names_port =
            |name: &&str| calls::names_port_option(&[name], names) || calls::is_port_constant(name, names);
        if matches!(self.subject, Subject::Number { .. }) && given.before.last().is_some_and(names_port) {
            return Step::Done(self.decides(Kind::Setting, "call.collection-behind-name"));
        }
        self.is_collected = true;
        Step::Up
    }

    fn address_given(&self, given: &Given<'a, 'tree>, address: &Address) -> Step {
        let listens = match given.called.does {
            Callee::Listen => !matches!(address.host, Host::Service | Host::Remote),
            Callee::Server => address.host == Host::Any,
            _ => false,
        };
        if listens {
            return Step::Done(self.decides(Kind::Listen, given.called.by()));
        }
        if let Some(variable) = self.variable_looked_up(given) {
            return Step::Done(Verdict::fallback(Some(variable), "call.named-lookup"));
        }
        let is_default = match given.called.does {
            Callee::Option | Callee::DefaultValue => true,
            Callee::Lookup => given.before.last().is_some_and(|name| is_name_of_value(name)),
            _ => false,
        };
        if is_default {
            return Step::Done(self.decides(Kind::OptionDefault, given.called.by()));
        }
        if calls::names_port_option(&given.before, &self.source.packs.names) {
            return Step::Done(self.decides(Kind::OptionDefault, "call.option-address"));
        }
        // What it is given to does not say that it is an address; who gets the result may.
        let is_named = self.is_named_address
            || calls::takes_address(given.callee, &self.source.packs.names)
            || given.before.iter().any(|argument| self.source.packs.names.is_address_name(argument));
        match decide(address, Place::Literal { is_named }, self.source.packs) {
            Some(kind) => Step::Done(self.decides(kind, "call.address")),
            None => Step::Up,
        }
    }

    /// The variable whose name is before an address, where what is called is named like a lookup:
    /// `get_or_default("API_URL", "http://localhost:8080")`.
    fn variable_looked_up(&self, given: &Given<'a, 'tree>) -> Option<Variable> {
        let name = calls::quoted(given.before.last()?)?;
        let is_variable = name.contains('_') && !name.bytes().any(|byte| byte.is_ascii_lowercase());
        let variable = name.parse().ok().filter(|_| is_variable)?;
        self.source.packs.names.looks_up(calls::last_name(given.callee)).then_some(variable)
    }

    /// `container.withPort("8000:80")`
    fn mapping_given(&self, given: &Given<'a, 'tree>) -> Step {
        match self.source.packs.names.port_name(calls::last_name(given.callee)) {
            Some(_) => Step::Done(self.decides(Kind::Published, "call.mapping")),
            None => Step::Not,
        }
    }
}

/// Whether an argument, as written, may be the name by which a value is looked for: `"url"`, `:url`, no address.
fn is_name_of_value(argument: &str) -> bool {
    argument.starts_with(':') || calls::quoted(argument).is_some_and(|name| !name.contains(['/', ' ']))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn call_option_address_needs_the_name_of_a_port() {
        only_first(
            "call.option-address",
            "a.js",
            "option('--port', ':8080')",
            &["option('--limit', ':8080')"],
        );
    }

    #[test]
    fn call_mapping_needs_a_call_named_like_a_port() {
        only_first(
            "call.mapping",
            "a.js",
            "container.withPort('8000:80')",
            &["container.withRatio('8000:80')"],
        );
    }

    #[test]
    fn call_collection_behind_name_needs_the_name() {
        only_first(
            "call.collection-behind-name",
            "a.java",
            "class A { Map<String, Integer> m = Map.of(\"port\", 8080); }",
            &["class A { Map<String, Integer> m = Map.of(\"limit\", 8080); }"],
        );
    }

    #[test]
    fn program_short_needs_the_program() {
        only_first(
            "program.short",
            "a.py",
            "run('redis-server', '-p', '6380')\n",
            &["run('mkdir', '-p', '6380')\n"],
        );
    }
}
