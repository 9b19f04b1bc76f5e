//! What an operator makes of a number: a default, a sum, a text that is joined.

use tree_sitter::Node;

use super::{Climb, Step, Verdict};
use crate::analysis::address;
use crate::analysis::code::calls::{self, Callee};
use crate::analysis::code::subject::Subject;
use crate::analysis::code::{Operator, Role};
use crate::analysis::occurrence::Kind;

/// A literal without its quotes.
fn unquoted(literal: &str) -> &str {
    literal.trim_matches(['"', '\'', '`'])
}

impl<'tree> Climb<'_, 'tree> {
    /// `process.env.PORT || 3000` is a default; `base + 1` is still a port; a comparison is not.
    pub(super) fn infix(&mut self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        let Some((left, operator)) = self.source.syntax.operation(parent, self.source.text) else {
            return self.unless_number();
        };
        let Some(operator) = self.source.syntax.operator(operator) else {
            return self.unless_number();
        };
        let before = self.source.text_of(left);
        let is_left = left.id() == child.id();
        match operator {
            Operator::Default => match self.source.environment.reads(before) {
                Some(variable) if !is_left => Step::Done(Verdict::fallback(variable, "operator.or")),
                _ => {
                    self.is_behind_other |= !is_left;
                    Step::Up
                }
            },
            // What is sent to a stream is for people.
            Operator::Send if self.is_stream(before) => Step::Not,
            Operator::Join if is_left => Step::Up,
            // `substr($host, -3) == ":80"`
            // `url !== "http://localhost:8080"`
            Operator::Compare if matches!(self.subject, Subject::Address { .. }) => Step::Not,
            Operator::Send | Operator::Compare => self.unless_number(),
            _ if is_left => self.unless_number(),
            Operator::Assign => self.binding(parent, Role::Assignment, left, child),
            Operator::Entry => self.binding(parent, Role::Entry, left, child),
            Operator::Parameter => self.binding(parent, Role::Parameter, left, child),
            // `"%s:%s" % ("127.0.0.1", 8080)`
            Operator::Format if self.follows_host => {
                Step::Done(self.decides(Kind::Connect, "operator.format-behind-host"))
            }
            // `"http://localhost:%d" % 8080`
            Operator::Format => self.formatted(before, 0),
            Operator::Join => self.joined(left),
        }
    }

    /// Whether what something is sent to is for people: `std::cout << "port " << 8080`, `LOG(INFO) << url`.
    fn is_stream(&self, text: &str) -> bool {
        let name = text.trim_start().split([' ', '(', '<']).next().unwrap_or_default();
        self.source.called(name.trim_start_matches('$')).does == Callee::Prose
    }

    /// `"http://localhost:" + 8080` is an address; `count + ":600"` is not one.
    fn joined(&mut self, left: Node<'tree>) -> Step {
        let before = self.source.text_of(left);
        match self.subject {
            Subject::Number { .. } => {
                let Some(host) = before.trim_end_matches(['"', '\'', '`']).strip_suffix(':') else {
                    return Step::Up;
                };
                if let Some(kind) = address::before_port(host, self.source.packs) {
                    return self.in_address(kind);
                }
                // `host + ":" + 8080`
                let host = host.trim_end_matches(['"', '\'', '`', ' ', '+', '.']);
                let host = host.rsplit([' ', '+']).next().unwrap_or(host);
                match calls::is_host(host, self.source.packs) || self.source.packs.names.is_address_name(host)
                {
                    true => self.in_address(Kind::Connect),
                    false => Step::Up,
                }
            }
            // `port + ":80"`: behind this machine's side of a mapping stands the container's.
            Subject::Address { address, .. }
                if address.name.is_empty() && self.source.packs.names.is_port(before) =>
            {
                Step::Not
            }
            Subject::Address { address, .. }
                if address.name.is_empty()
                    && address.port.get() < 1000
                    && !before.contains(['"', '\'', '`']) =>
            {
                match calls::is_host(before, self.source.packs)
                    || self.source.packs.names.is_address_name(before)
                {
                    true => Step::Up,
                    false => Step::Not,
                }
            }
            _ => Step::Up,
        }
    }

    pub(super) fn unless_number(&self) -> Step {
        if self.is_bare_number() { Step::Not } else { Step::Up }
    }

    /// `process.env.PORT ? Number(process.env.PORT) : 3000` is a default.
    pub(super) fn ternary(&mut self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        // `is_tls ? 443 : 80` is the port of a scheme.
        let counterpart = match self.port.get() {
            80 => "443",
            443 => "80",
            _ => "",
        };
        let is_counterpart =
            |other: Node<'_>| !counterpart.is_empty() && unquoted(self.source.text_of(other)) == counterpart;
        let mut cursor = parent.walk();
        if parent.named_children(&mut cursor).any(is_counterpart) {
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
                let is_asked =
                    is_address && index == 0 && self.source.packs.names.is_address_name(variable.as_str());
                (self.source.packs.names.is_port_variable(&variable) || is_asked).then_some(variable)
            })
            .next();
        let condition = parent
            .named_child(self.source.syntax.condition)
            .map_or("", |condition| self.source.text_of(condition));
        match reads {
            // `is_production ? process.env.PORT : 3000`: a default, but not for want of the variable.
            Some(variable) => {
                let is_asked = condition.contains(variable.as_str());
                Step::Done(Verdict::fallback(is_asked.then_some(variable), "operator.conditional"))
            }
            None if self.asks_for_lookup(parent) => {
                Step::Done(Verdict::fallback(None, "operator.conditional"))
            }
            None => {
                self.is_behind_other |= self.stands_for(parent, child, condition);
                Step::Up
            }
        }
    }

    /// Whether the other value of a conditional is what the condition asks about: `url === "" ? "http://localhost:8080" : url`.
    fn stands_for(&self, conditional: Node<'tree>, child: Node<'tree>, condition: &str) -> bool {
        let mut cursor = conditional.walk();
        conditional.named_children(&mut cursor).enumerate().any(|(index, other)| {
            let text = self.source.text_of(other);
            // In `8080 if port is None else port` the condition is the second.
            index != self.source.syntax.condition as usize
                && other.id() != child.id()
                && text.starts_with(|first: char| first.is_alphabetic() || first == '_')
                && condition.contains(text)
        })
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
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn operator_behind_other_needs_something_before_it() {
        for text in [
            "const port = options.port ?? 8080",
            "const url = configured === '' ? 'http://localhost:8080' : configured",
        ] {
            only_first("operator.behind-other", "a.js", text, &[]);
        }
        let others = ["const port = 8080", "const url = isLocal ? 'http://localhost:8080' : other"];
        only_first("operator.behind-other", "a.js", "const port = options.port || 8080", &others);
    }

    #[test]
    fn operator_or_needs_a_lookup_before_it() {
        only_first(
            "operator.or",
            "a.js",
            "const a = process.env.PORT || 8080",
            &["const port = other || 8080", "listen(8080 || process.env.PORT)"],
        );
    }

    #[test]
    fn operator_or_is_what_each_language_has() {
        only_first("operator.or", "a.pl", "my $a = $ENV{PORT} // 8080;", &["my $port = $other // 8080;"]);
    }

    #[test]
    fn operator_conditional_needs_a_lookup_in_a_branch() {
        only_first(
            "operator.conditional",
            "a.py",
            "a = os.environ[\"PORT\"] if \"PORT\" in os.environ else 8080\n",
            &["port = 8081 if is_test else 8080\n"],
        );
    }

    #[test]
    fn operator_format_behind_host_needs_the_host() {
        only_first(
            "operator.format-behind-host",
            "a.py",
            "a = '%s:%s' % ('127.0.0.1', 8080)\n",
            &["a = '%s:%s' % (name, 8080)\n"],
        );
    }
}
