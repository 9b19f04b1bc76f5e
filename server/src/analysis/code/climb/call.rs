//! What a call makes of a number among its arguments.

use tree_sitter::Node;

use super::{Climb, Step, Verdict};
use crate::analysis::address::{self, Host, Place, decide};
use crate::analysis::code::calls::{self, Callee};
use crate::analysis::code::environment::Read;
use crate::analysis::code::framework::{self, Framework};
use crate::analysis::code::subject::Subject;
use crate::analysis::code::surroundings::{MOST_ARGUMENTS, arguments_of};
use crate::analysis::names::{is_address_name, port_name};
use crate::analysis::occurrence::Kind;
use crate::pattern::{Pattern, regex};
use crate::service::words;

/// The places of a format: `%d`, `%[2]s`, `{}`, `{0}`.
static PLACES: Pattern = regex!(r"%(?:\[\d\])?[dsvu]|\{\d?\}");

/// `host("example.com")`, `setHost("example.com")`
static HOST_SETTER: Pattern = regex!(r#"(?i)host(?:name)?\(\s*("[^"\n]*"|'[^'\n]*')\s*\)"#);

impl<'tree> Climb<'_, 'tree> {
    /// `ENV.fetch("PORT") { 3000 }`: a block behind the arguments.
    pub(super) fn block_of_call(&self, call: Node<'tree>, arguments: Node<'tree>) -> Step {
        let called = self.source.text.get(call.start_byte()..arguments.end_byte()).unwrap_or_default();
        // `def start(port \\ System.fetch_env!("PORT")) do` declares.
        if self.source.syntax.declaring_calls.contains(&self.source.callee(call, arguments)) {
            return Step::Stop;
        }
        let given = || framework::Called {
            callee: self.source.callee(call, arguments),
            arguments: self.source.text_of(arguments),
            file: self.source.text,
        };
        if self.is_bare_number()
            && let Some(verdict) =
                self.source.syntax.frameworks.iter().find_map(|framework| match framework {
                    Framework::Block(says) => says(&given()),
                    _ => None,
                })
        {
            return Step::Done(verdict);
        }
        let start = arguments.start_byte() - call.start_byte();
        let environment = &self.source.environment;
        // `case System.get_env("PORT") do`
        let is_choice =
            self.source.syntax.choosing_calls.contains(&called.get(..start).unwrap_or_default().trim_end());
        let read = match is_choice {
            true => environment.reads_behind(called, start),
            false => environment.is_read_by(called, start),
        };
        read.map_or(Step::Stop, |read| Step::Done(Verdict::default_of(read)))
    }

    pub(super) fn call(&mut self, call: Node<'tree>, arguments: Node<'tree>, child: Node<'tree>) -> Step {
        // `child` is the list of arguments; the argument that was climbed through is the one that
        // covers the subject.
        let start = self.subject.node().start_byte();
        let nodes = arguments_of(arguments);
        if nodes.len() > MOST_ARGUMENTS {
            self.is_collected = true;
            return Step::Up;
        }
        let index = nodes.iter().position(|node| node.byte_range().contains(&start)).unwrap_or(0);
        let before: Vec<&str> = nodes[..index].iter().map(|node| self.source.text_of(*node)).collect();
        let after = nodes.get(index + 1).map(|node| self.source.text_of(*node));
        let callee_text = self.source.callee(call, arguments);
        let called_as = self.source.called(callee_text);
        let called = called_as.does;
        if let Some(read) = self.looked_up(call, arguments, called, index) {
            return Step::Done(Verdict::default_of(read));
        }
        let given = || framework::Called {
            callee: callee_text,
            arguments: self.source.text_of(arguments),
            file: self.source.text,
        };
        if let Some(verdict) = self.source.syntax.frameworks.iter().find_map(|framework| match framework {
            Framework::Call(says) => says(&given()),
            _ => None,
        }) {
            return Step::Done(verdict);
        }
        // `exec.Command("redis-server", "-p", "6380")`
        if let Some((first, last)) = before.first().zip(before.last()) {
            if self.is_given_to_container(first, last) {
                return Step::Not;
            }
            if let Some(kind) = self.flagged(first, last) {
                return Step::Done(self.decides(kind, "call.short-flag"));
            }
        }
        match (called, self.subject) {
            (Callee::Capacity, _) if self.follows_host => {
                Step::Done(self.decides(Kind::Connect, "call.behind-host"))
            }
            (Callee::Prose | Callee::Container | Callee::Capacity, _) => Step::Not,
            (Callee::Search, Subject::Address { address, .. }) if address.name.is_empty() => Step::Not,
            (Callee::Search, Subject::Number { .. }) => Step::Not,
            (Callee::Conversion, _) if self.address.is_some() => Step::Up,
            // `"http://localhost:{}".format(8080)`
            (Callee::Conversion, Subject::Number { .. }) if callee_text.starts_with(['"', '\'']) => {
                self.formatted(callee_text, index)
            }
            // The second argument is a base or a width: `parseInt(text, 10)`.
            (Callee::Conversion, Subject::Number { .. }) if index > 0 && !self.follows_host => {
                self.formatted(before.first().copied().unwrap_or_default(), index - 1)
            }
            (Callee::Conversion, Subject::Number { .. }) if index > 0 => {
                Step::Done(self.decides(Kind::Connect, "call.converted-behind-host"))
            }
            (Callee::Conversion, _) => Step::Up,
            (Callee::Collection, Subject::Number { .. })
                if before.last().is_some_and(|name| {
                    calls::names_port_option(&[name]) || calls::is_port_constant(name)
                }) =>
            {
                Step::Done(self.decides(Kind::Setting, "call.collection-behind-name"))
            }
            (Callee::Collection, _) => {
                self.is_collected = true;
                Step::Up
            }
            (Callee::Listen | Callee::Server, Subject::Address { address, .. })
                if address.host == Host::Any
                    || called == Callee::Listen && matches!(address.host, Host::Local | Host::Private) =>
            {
                Step::Done(self.decides(Kind::Listen, called_as.by()))
            }
            (_, Subject::Address { address, .. }) => {
                if calls::names_port_option(&before) || callee_text.starts_with("flag.") {
                    return Step::Done(self.decides(Kind::OptionDefault, "call.option-address"));
                }
                // What it is given to does not say that it is an address; who gets the result may.
                let is_named = self.is_named_address
                    || calls::takes_address(callee_text)
                    || before.iter().any(|argument| is_address_name(argument));
                match decide(address, Place::Literal { is_named }) {
                    Some(kind) => Step::Done(self.decides(kind, "call.address")),
                    None => Step::Up,
                }
            }
            (_, Subject::Placeholder { .. }) => Step::Not,
            (_, Subject::Mapping { .. }) => {
                match port_name(callee_text.rsplit('.').next().unwrap_or_default()) {
                    Some(_) => Step::Done(self.decides(Kind::Published, "call.mapping")),
                    None => Step::Not,
                }
            }
            (_, Subject::Command { kind, .. }) => Step::Done(self.decides(*kind, "call.command-line")),
            (called, Subject::Number { .. }) => {
                if let Some(kind) = self.address {
                    let kind = match called {
                        Callee::Listen | Callee::Server | Callee::Engine => Kind::Listen,
                        Callee::Connect => Kind::Connect,
                        _ => kind,
                    };
                    return Step::Done(self.decides(kind, "call.put-into-address"));
                }
                if child.id() != arguments.id() {
                    return Step::Not;
                }
                if calls::wraps(callee_text) && (index == 0 || self.is_default) {
                    return Step::Up;
                }
                if calls::follows_port_flag(callee_text) {
                    return Step::Done(self.decides(Kind::CommandFlag, "call.value-of-flag"));
                }
                if calls::defaults_port_option(callee_text)
                    || calls::defaults_port(callee_text)
                    || calls::declares_flag(callee_text, &before)
                {
                    return Step::Done(self.decides(Kind::OptionDefault, "call.default-of-option"));
                }
                let host = match before.last() {
                    Some(before) if calls::is_host(before) || calls::is_remote_host(before) => Some(*before),
                    _ => after.filter(|_| called != Callee::Listen),
                };
                if host.is_some_and(calls::is_remote_host) && !calls::names_port_option(&before) {
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
                    Some(_) if called == Callee::Setter && self.follows_remote_host(callee_text, call) => {
                        Step::Not
                    }
                    Some(_) if calls::is_backlog(callee_text, self.port.get()) => Step::Not,
                    Some(_) if self.is_bound_already(callee_text) => Step::Not,
                    Some(kind) => Step::Done(self.decides(kind, called_as.by())),
                    None if is_direct && self.source.parameter_is_port(callee_text, index) => {
                        Step::Done(self.decides(Kind::Listen, "call.parameter-is-port"))
                    }
                    // `app.asServer(Jetty(8080))`
                    None if index == 0 && self.makes_what_serves(call, callee_text) => {
                        Step::Done(self.decides(Kind::Listen, "call.makes-what-serves"))
                    }
                    None if is_direct && calls::follows_host_and_path(self.port.get(), &before) => {
                        Step::Done(self.decides(Kind::Connect, "call.behind-host-and-path"))
                    }
                    None if is_direct && calls::precedes_host(self.port.get(), after) => {
                        Step::Done(self.decides(Kind::Connect, "call.before-host"))
                    }
                    None => Step::Not,
                }
            }
        }
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
                let does = self.source.called(self.source.callee(node, arguments)).does;
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
            calls::is_remote_host(host.as_str()) && !before[host.end()..].contains("new ")
        })
    }

    /// `server:listen(32)` behind `server:bind("*", port)`: how many connections may wait.
    fn is_bound_already(&self, callee: &str) -> bool {
        let Some(receiver) = callee.strip_suffix(":listen") else { return false };
        self.port.get() <= 1024 && self.source.text.contains(&format!("{receiver}:bind("))
    }

    /// `Sprintf(":%d", 8080)`: what the format, as written, makes of the value that takes that place in it.
    pub(super) fn formatted(&mut self, format: &str, place: usize) -> Step {
        let Some(found) = PLACES.find_iter(format).nth(place) else { return Step::Not };
        let Some(host) = format[..found.start()].strip_suffix(':') else { return Step::Not };
        // `%s:%d`: the host comes from somewhere else.
        let is_host = host.ends_with(['s', 'v', '}'])
            && PLACES.find_iter(host).last().is_some_and(|last| last.end() == host.len());
        match address::before_port(host) {
            Some(kind) => self.in_address(kind),
            None if host.is_empty() || host.ends_with(['"', '\'', '`']) => self.in_address(Kind::Listen),
            None if is_host => self.in_address(Kind::Connect),
            None => Step::Not,
        }
    }

    /// The number is the port of an address: whoever is given that may say what it is for.
    pub(super) fn in_address(&mut self, kind: Kind) -> Step {
        if !calls::is_likely_port(self.port.get()) || self.source.is_prose(self.path) {
            return Step::Not;
        }
        self.address = Some(kind);
        Step::Up
    }

    /// The environment lookup of which the subject is the default: the call is the lookup, as in
    /// `getenv("PORT", 8080)`, or what is called belongs to it, as in `env::var("PORT").unwrap_or(8080)`.
    fn looked_up(
        &self,
        call: Node<'tree>,
        arguments: Node<'tree>,
        called: Callee,
        index: usize,
    ) -> Option<Read> {
        let environment = &self.source.environment;
        // In a macro there are only words: `vec![env::var("PORT").ok().unwrap_or(8080)]`.
        if self.source.syntax.macro_arguments.contains(&arguments.kind())
            && let Some(upto) = self.source.text.get(call.start_byte()..self.subject.node().start_byte())
            && ["unwrap_or(", "unwrap_or_else(|_| "].iter().any(|default| upto.ends_with(default))
            && let Some(read) = environment.reads_behind(upto, arguments.start_byte() - call.start_byte())
        {
            return Some(read);
        }
        // `env_port("PORT", 8080)` is named like a port for what it looks up.
        let takes_default = matches!(called, Callee::Other | Callee::Conversion)
            || called == Callee::Setter
                && calls::last_name(self.source.callee(call, arguments)).to_ascii_lowercase().contains("env");
        if takes_default && let Some(read) = environment.reads_in_call(self.source.callee(call, arguments)) {
            return Some(read);
        }
        // `parseInt(process.env.PORT, 10)`, `strconv.ParseInt(os.Getenv("PORT"), 10, 64)`
        if called == Callee::Conversion && index > 0 && self.is_base() {
            return None;
        }
        if index == 0 || !takes_default || self.is_collected || !self.follows_lookup(call, arguments, index) {
            return None;
        }
        let upto = self.source.text.get(call.start_byte()..self.subject.node().start_byte())?;
        let read = environment.reads_behind(upto, arguments.start_byte() - call.start_byte())?;
        // `connect(process.env.HOST, 5432)`
        let is_number = matches!(self.subject, Subject::Number { .. });
        let is_host =
            is_number && read.variable.as_ref().is_some_and(|variable| calls::is_host(variable.as_str()));
        (!is_host).then_some(read)
    }

    /// Whether the number may be a base or a width in bits.
    fn is_base(&self) -> bool {
        const WIDEST: u16 = 64;
        let text = self.source.text_of(self.subject.node());
        matches!(self.subject, Subject::Number { .. })
            && text.parse::<u16>().is_ok_and(|number| number <= WIDEST)
    }

    /// Whether what stands before an argument can be the lookup that it is the default of: `getenv("A", 80)`,
    /// `cmp.Or(os.Getenv("A"), "80")`; not `{ "http://localhost:" + getenv("A"), "http://localhost:80" }`.
    fn follows_lookup(&self, call: Node<'tree>, arguments: Node<'tree>, index: usize) -> bool {
        // In a macro there are only words: `env_or!("PORT", 8080)`, `format!("{}", env::var("A").unwrap_or("80"))`, not
        // `join!(a(env!("PORT")), b(8080))`.
        if self.source.syntax.macro_arguments.contains(&arguments.kind()) {
            let subject = self.subject.node().start_byte();
            let near =
                self.source.text.floor_char_boundary(subject.saturating_sub(24).max(arguments.start_byte()));
            let gives = |text: &str| {
                words(text).iter().any(|word| matches!(word.as_str(), "env" | "or" | "default" | "else"))
            };
            return gives(calls::last_name(self.source.callee(call, arguments)))
                || self.source.text.get(near..subject).is_some_and(gives);
        }
        let nodes = arguments_of(arguments);
        let text = |at: usize| nodes.get(at).map_or("", |node| self.source.text_of(*node));
        // `getProperty("server.port", Integer.class, 8080)`
        let index = index - usize::from(index > 1 && text(index - 1).contains("class"));
        let Some(before) = nodes.get(index - 1).copied() else { return false };
        let reads = self.source.environment.reads(self.source.text_of(before)).is_some();
        (index == 1 || reads) && !(reads && self.source.syntax.infix.contains(&before.kind()))
    }

    /// The environment lookup that the call around a named argument is: `env.int("PORT", default=8080)`.
    pub(super) fn looked_up_around(&self, argument: Node<'tree>) -> Option<Read> {
        let call =
            self.path.above(argument).take(3).find(|node| self.source.syntax.arguments(*node).is_some())?;
        let upto = self.source.text.get(call.start_byte()..argument.start_byte())?;
        // Only what is called itself, not a lookup among the arguments.
        self.source.environment.reads_behind(upto, 0).filter(|_| upto.matches('(').count() == 1)
    }
}

fn tuple_kind(callee: Callee) -> Kind {
    if matches!(callee, Callee::Listen | Callee::Server | Callee::Engine) {
        Kind::Listen
    } else {
        Kind::Connect
    }
}
