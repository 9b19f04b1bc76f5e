//! What a call makes of a number that is one of its arguments.

use tree_sitter::Node;

use super::Given;
use crate::analysis::code::calls::{self, Callee};
use crate::analysis::code::climb::{Climb, Step};
use crate::analysis::code::surroundings::arguments_of;
use crate::analysis::occurrence::Kind;
use crate::pattern::{Pattern, regex};

/// `host("example.com")`, `setHost("example.com")`
static HOST_SETTER: Pattern = regex!(r#"(?i)host(?:name)?\(\s*("[^"\n]*"|'[^'\n]*')\s*\)"#);

impl<'a, 'tree> Climb<'a, 'tree> {
    /// The number is (in) the argument of the call; `child` is what was climbed through, the list of arguments where
    /// the grammar has one.
    pub(super) fn number_given(&self, given: &Given<'a, 'tree>, child: Node<'tree>) -> Step {
        let does = given.called.does;
        if let Some(kind) = self.address {
            let kind = match does {
                Callee::Listen | Callee::Server | Callee::Engine => Kind::Listen,
                Callee::Connect => Kind::Connect,
                _ => kind,
            };
            return Step::Done(self.decides(kind, "call.put-into-address"));
        }
        if !given.arguments.are_in(child) {
            return Step::Not;
        }
        if does == Callee::Wrapper && (given.index == 0 || self.is_default) {
            return Step::Up;
        }
        if let Some(step) = self.option_given(given) {
            return step;
        }
        if self.is_beside_remote(given) {
            return Step::Not;
        }
        match self.kind_given(given) {
            Some(_) if does == Callee::Setter && self.follows_remote_host(given.callee, given.call) => {
                Step::Not
            }
            Some(_) if calls::is_backlog(given.callee, self.port.get(), &self.source.packs.names) => {
                Step::Not
            }
            Some(_) if self.is_bound_already(given.callee) => Step::Not,
            Some(kind) => Step::Done(self.decides(kind, given.called.by())),
            None => self.told_otherwise(given),
        }
    }

    /// The value of a flag, or the default of an option.
    fn option_given(&self, given: &Given<'a, 'tree>) -> Option<Step> {
        let names = &self.source.packs.names;
        if given.called.does == Callee::Word && calls::follows_port_flag(given.callee, self.source.packs) {
            return Some(Step::Done(self.decides(Kind::CommandFlag, "call.value-of-flag")));
        }
        if given.called.does == Callee::Flag && given.before.last().is_some_and(|name| names.is_port(name)) {
            return Some(Step::Done(self.decides(Kind::OptionDefault, given.called.by())));
        }
        let is_default =
            calls::defaults_port_option(given.callee, names) || calls::defaults_port(given.callee, names);
        is_default.then(|| Step::Done(self.decides(Kind::OptionDefault, "call.default-of-option")))
    }

    /// Whether a public host is the argument before, or the one behind.
    fn is_beside_remote(&self, given: &Given<'a, 'tree>) -> bool {
        let packs = self.source.packs;
        let host = match given.before.last() {
            Some(before) if calls::is_host(before, packs) || calls::is_remote_host(before, packs) => {
                Some(*before)
            }
            _ => given.after.filter(|_| given.called.does != Callee::Listen),
        };
        host.is_some_and(|host| calls::is_remote_host(host, packs))
            && !calls::names_port_option(&given.before, &packs.names)
    }

    /// Whether the number is the argument itself, and not one of several values in it.
    fn is_direct(&self, given: &Given<'a, 'tree>) -> bool {
        !self.is_collected
            || given.nodes.get(given.index).is_some_and(|node| node.id() == self.subject.node().id())
    }

    /// What the number decides by what is called and by the host before it.
    fn kind_given(&self, given: &Given<'a, 'tree>) -> Option<Kind> {
        let does = given.called.does;
        match self.is_direct(given) {
            true => calls::number(does, self.port.get(), &given.before, self.source.packs),
            false if self.follows_host => Some(tuple_kind(does)),
            false => {
                (self.is_pair && matches!(does, Callee::Listen | Callee::Connect)).then(|| tuple_kind(does))
            }
        }
    }

    /// What says that a number is a port where what is called does not.
    fn told_otherwise(&self, given: &Given<'a, 'tree>) -> Step {
        let (kind, by) = match self.is_direct(given) {
            true if self.source.parameter_is_port(given.callee, given.index) => {
                (Kind::Listen, "call.parameter-is-port")
            }
            // `app.asServer(Jetty(8080))`
            _ if given.index == 0 && self.makes_what_serves(given.call, given.callee) => {
                (Kind::Listen, "call.makes-what-serves")
            }
            true if calls::follows_host_and_path(self.port.get(), &given.before, self.source.packs) => {
                (Kind::Connect, "call.behind-host-and-path")
            }
            true if calls::precedes_host(self.port.get(), given.after, self.source.packs) => {
                (Kind::Connect, "call.before-host")
            }
            _ => return Step::Not,
        };
        Step::Done(self.decides(kind, by))
    }

    /// Whether a call makes something, by its capital letter, and is all that a call which serves is given.
    fn makes_what_serves(&self, call: Node<'tree>, callee: &str) -> bool {
        let around = self.path.above(call).take(3).find_map(|node| {
            let arguments = self.source.syntax.arguments(node)?;
            (call.start_byte() >= arguments.start_byte()).then_some((node, arguments))
        });
        callee.starts_with(|first: char| first.is_ascii_uppercase())
            && callee.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && calls::is_likely_port(self.port.get())
            && around.is_some_and(|(node, arguments)| {
                let does = self.source.does(node, arguments);
                let serves = matches!(does, Callee::Server | Callee::Listen);
                serves && arguments_of(arguments).len() == 1
            })
    }

    /// `mail.host("smtp.example.com").port(465)`, `mail.setHost("smtp.example.com"); mail.setPort(465);`
    fn follows_remote_host(&self, callee: &str, call: Node<'tree>) -> bool {
        let text = self.source.text;
        let start = text.floor_char_boundary(call.start_byte().saturating_sub(120));
        let before = text.get(start..call.start_byte() + callee.len()).unwrap_or_default();
        // What is made in between is something else.
        HOST_SETTER.captures_iter(before).last().and_then(|captures| captures.get(1)).is_some_and(|host| {
            calls::is_remote_host(host.as_str(), self.source.packs) && !before[host.end()..].contains("new ")
        })
    }

    /// `server:listen(32)` behind `server:bind("*", port)`: how many connections may wait.
    fn is_bound_already(&self, callee: &str) -> bool {
        let Some(receiver) = callee.strip_suffix(":listen") else { return false };
        self.port.get() <= 1024 && self.source.whole.says(&format!("{receiver}:bind("))
    }
}

fn tuple_kind(callee: Callee) -> Kind {
    match callee {
        Callee::Listen | Callee::Server | Callee::Engine => Kind::Listen,
        _ => Kind::Connect,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn call_behind_host_needs_a_host() {
        only_first(
            "call.behind-host",
            "a.js",
            "reach('localhost', 8080)",
            &["reach('some words', 8080)", "reach('example.com', 8080)"],
        );
    }

    #[test]
    fn call_before_host_needs_a_likely_port() {
        only_first(
            "call.before-host",
            "a.js",
            "request(8080, 'localhost', '/')",
            &["request(200, 'localhost', '/')"],
        );
    }

    #[test]
    fn call_parameter_is_port_needs_the_declaration() {
        only_first(
            "call.parameter-is-port",
            "a.js",
            "function start(port) {}\nstart(8080)",
            &["function start(limit) {}\nstart(8080) // port"],
        );
    }

    #[test]
    fn call_default_of_option_needs_the_name_of_a_port() {
        only_first(
            "call.default-of-option",
            "a.js",
            "option('--port').int().default(8080)",
            &["option('--limit').int().default(8080)"],
        );
    }

    #[test]
    fn call_value_of_flag_needs_the_flag_before() {
        only_first(
            "call.value-of-flag",
            "a.rs",
            "fn f() { Command::new(\"x\").arg(\"--port\").arg(8080); }",
            &[
                "fn f() { Command::new(\"x\").arg(\"--limit\").arg(8080); }",
                "fn f() { Command::new(\"x\").arg(\"--port\").current(8080); }",
            ],
        );
    }

    #[test]
    fn call_listen_takes_no_length_of_a_queue() {
        only_first("call.listen", "a.js", "app.listen(80)", &["socket.listen(128)"]);
    }
}
