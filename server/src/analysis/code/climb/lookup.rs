//! Lookups of the environment around a number: which call or block it is the default of.

use tree_sitter::Node;

use super::{Climb, Step, Verdict};
use crate::analysis::code::Arguments;
use crate::analysis::code::calls::{self, Callee};
use crate::analysis::code::environment::Read;
use crate::analysis::code::framework::{self, Framework};
use crate::analysis::code::subject::Subject;
use crate::analysis::code::surroundings::arguments_of;
use crate::service::words;

impl<'tree> Climb<'_, 'tree> {
    /// `ENV.fetch("PORT") { 3000 }`: a block behind the arguments.
    pub(super) fn block_of_call(&self, call: Node<'tree>, arguments: Arguments<'tree>) -> Step {
        let called = self.source.text.get(call.start_byte()..arguments.end_byte()).unwrap_or_default();
        // `def start(port \\ System.fetch_env!("PORT")) do` declares.
        if self.source.syntax.declaring_calls.contains(&self.source.callee(call, arguments)) {
            return Step::Stop;
        }
        if self.is_bare_number() {
            let given = framework::Called::of(self.source, call, arguments);
            let said = self.source.syntax.frameworks.iter().find_map(|framework| match framework {
                Framework::Block(says) => says(&given),
                _ => None,
            });
            if let Some(verdict) = said {
                return Step::Done(verdict);
            }
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
        read.map_or(Step::Stop, |read| Step::Done(Verdict::fallback(read.variable, read.by)))
    }

    /// The environment lookup of which the subject is the default: the call is the lookup, as in
    /// `getenv("PORT", 8080)`, or what is called belongs to it, as in `env::var("PORT").unwrap_or(8080)`.
    pub(super) fn looked_up(
        &self,
        call: Node<'tree>,
        arguments: Arguments<'tree>,
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
        let takes_default = called.may_take_default()
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
        let is_host = is_number
            && read
                .variable
                .as_ref()
                .is_some_and(|variable| calls::is_host(variable.as_str(), self.source.packs));
        (!is_host).then_some(read)
    }

    /// Whether the number may be a base or a width in bits.
    fn is_base(&self) -> bool {
        matches!(self.subject, Subject::Number { .. })
            && calls::is_base(self.source.text_of(self.subject.node()))
    }

    /// Whether the text before an argument can be the lookup that it is the default of: `getenv("A", 80)`,
    /// `cmp.Or(os.Getenv("A"), "80")`; not `{ "http://localhost:" + getenv("A"), "http://localhost:80" }`.
    fn follows_lookup(&self, call: Node<'tree>, arguments: Arguments<'tree>, index: usize) -> bool {
        // In a macro there are only words: `env_or!("PORT", 8080)`, `format!("{}", env::var("A").unwrap_or("80"))`, not
        // `join!(a(env!("PORT")), b(8080))`.
        if self.source.syntax.macro_arguments.contains(&arguments.kind()) {
            let subject = self.subject.node().start_byte();
            let near =
                self.source.text.floor_char_boundary(subject.saturating_sub(24).max(arguments.start_byte()));
            let gives = |text: &str| {
                self.source.packs.names.gives_default(text) || words(text).iter().any(|word| word == "env")
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

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn a_lookup_of_another_call_has_no_default_here() {
        only_first(
            "environment.python",
            "a.py",
            "a = os.environ.get('PORT', 8080)\n",
            &["connect(os.environ.get('HOST'), 8080)\n", "f(os.environ.get('PORT')).timeout(8080)\n"],
        );
    }

    #[test]
    fn lookup_default_needs_a_name_that_was_looked_up() {
        only_first(
            "lookup.default",
            "a.rs",
            "fn f() {\n    let port = env::var(\"PORT\").ok();\n    listen(port.unwrap_or(8080));\n}",
            &["fn f() {\n    let port = read(\"x\").ok();\n    listen(port.unwrap_or(8080));\n}"],
        );
    }

    #[test]
    fn a_block_is_the_default_of_its_lookup() {
        only_first("environment.ruby", "a.rb", "ENV.fetch('PORT') { 8080 }", &["fetch('PORT') { 8080 }"]);
    }
}
