//! What a list makes of a number in it: the item before may be its host, or the flag that it belongs to.

use tree_sitter::Node;

use super::{Climb, Step, Verdict};
use crate::analysis::code::calls;
use crate::analysis::code::subject::Subject;
use crate::analysis::command_line;
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::occurrence::Kind;

impl<'tree> Climb<'_, 'tree> {
    /// What a text is that is a word of its own behind a short flag, by the words of the command before it.
    pub(super) fn flagged(&self, before: &[&str]) -> Option<(Kind, DecidedBy)> {
        let is_flag = |flag: &&str| flag.len() == 2 && flag.starts_with('-');
        calls::quoted(before.first()?).filter(|first| !first.starts_with('-'))?;
        calls::quoted(before.last()?).filter(is_flag)?;
        match self.subject {
            Subject::Number { is_text: true, .. } | Subject::Mapping { .. } => {
                command_line::in_list(&self.words(before), self.source.packs)
            }
            _ => None,
        }
    }

    /// Whether a text is given to a container: `["docker", "run", "-e", "PORT=80"]`.
    pub(super) fn is_given_to_container(&self, before: &[&str]) -> bool {
        matches!(self.subject, Subject::Command { .. })
            && command_line::is_contained(&self.words(before), self.source.packs)
    }

    /// The words of a command up to the subject.
    fn words<'a>(&'a self, before: &[&'a str]) -> Vec<&'a str> {
        let subject = self.source.text_of(self.subject.node());
        before.iter().copied().chain([subject]).map(|word| calls::quoted(word).unwrap_or(word)).collect()
    }

    /// The items of a list before one of them, as written; nothing where there are more than a command has.
    fn words_before(&self, parent: Node<'tree>, child: Node<'tree>) -> Vec<&'_ str> {
        let mut cursor = parent.walk();
        let items = parent.named_children(&mut cursor).take(command_line::MOST_WORDS);
        let before = items.take_while(|item| item.end_byte() <= child.start_byte());
        let words: Vec<_> = before.map(|item| self.source.text_of(item)).collect();
        if words.len() < command_line::MOST_WORDS { words } else { Vec::new() }
    }

    /// One of several values, of which the one before may say what this one is.
    pub(super) fn collected(&mut self, parent: Node<'tree>, child: Node<'tree>) -> Step {
        self.is_collected = true;
        if child.id() != self.subject.node().id() {
            return Step::Up;
        }
        let Some(previous) = previous_of(parent, child) else { return Step::Up };
        let before = self.source.text_of(previous);
        let is_number = matches!(self.subject, Subject::Number { .. });
        let mut words = match calls::quoted(before) {
            Some(_) => self.words_before(parent, child),
            None => Vec::new(),
        };
        // `spawn("redis-server", ["-p", "6380"])`
        if words.first().is_some_and(|first| first.trim_matches(['"', '\'', '`']).starts_with('-'))
            && let Some(call) = self.source.enclosing_call(self.path, parent)
            && let Some(program) = call.first()
        {
            words.insert(0, program);
        }
        // `["--port", "8080"]`, `["-m", "http.server", "8080"]`
        if is_number && calls::is_port_flag(before, self.source.packs) {
            return match command_line::in_list(&self.words(&words), self.source.packs) {
                Some((Kind::ClientFlag, by)) => Step::Done(self.decides(Kind::ClientFlag, by)),
                _ => Step::Done(self.decides(Kind::CommandFlag, "list.flag")),
            };
        }
        if self.is_given_to_container(&words) {
            return Step::Not;
        }
        // `["memcached", "-p", "11211"]`
        if let Some((kind, by)) = self.flagged(&words) {
            return Step::Done(self.decides(kind, by));
        }
        if is_number && calls::is_remote_host(before, self.source.packs) {
            return Step::Not;
        }
        // `[process.env.PORT, 8080].find(Boolean)`
        let behind = self.source.text.get(parent.end_byte()..).unwrap_or_default();
        if [".find(", ".filter("].iter().any(|first| behind.starts_with(first))
            && let Some(Some(variable)) = self.source.environment.reads(before)
            && self.source.packs.names.is_port_variable(&variable)
        {
            return Step::Done(Verdict::fallback(Some(variable), "list.first-found"));
        }
        self.follows_host = calls::is_host(before, self.source.packs);
        self.is_pair = self.source.syntax.tuples.contains(&parent.kind()) && parent.named_child_count() == 2;
        Step::Up
    }
}

/// The named node before another one among what a node holds.
fn previous_of<'tree>(parent: Node<'tree>, child: Node<'tree>) -> Option<Node<'tree>> {
    let mut cursor = parent.walk();
    // Not along all that stands before it, of which there may be thousands.
    cursor.goto_first_child_for_byte(child.start_byte())?;
    while cursor.goto_previous_sibling() {
        if cursor.node().is_named() {
            return Some(cursor.node());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn list_flag_needs_the_name_of_a_port() {
        only_first(
            "list.flag",
            "a.js",
            "const words = ['serve', '--port', '8080']",
            &["const words = ['serve', '--limit', '8080']"],
        );
    }

    #[test]
    fn program_short_needs_the_program() {
        only_first(
            "program.short",
            "a.js",
            "const words = ['redis-server', '-p', '6380']",
            &["const words = ['mkdir', '-p', '6380']"],
        );
    }

    #[test]
    fn list_first_found_needs_a_search() {
        only_first(
            "list.first-found",
            "a.js",
            "const a = [process.env.PORT, 8080].find(Boolean)",
            &["const a = [process.env.PORT, 8080].map(String)"],
        );
    }
}
