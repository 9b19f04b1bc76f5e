//! What a list makes of a number in it: the item before may be its host, or the flag that it belongs to.

use tree_sitter::Node;

use super::{Climb, Step, Verdict};
use crate::analysis::code::calls;
use crate::analysis::code::subject::Subject;
use crate::analysis::command_line;
use crate::analysis::occurrence::Kind;

impl<'tree> Climb<'_, 'tree> {
    /// What a text is that is a word of its own behind a short flag of the program `first`.
    pub(super) fn flagged(&self, first: &str, before: &str) -> Option<Kind> {
        let is_flag = |flag: &&str| flag.len() == 2 && flag.starts_with('-');
        let first = calls::quoted(first).filter(|first| !first.starts_with('-'))?;
        let flag = calls::quoted(before).filter(is_flag)?;
        match self.subject {
            Subject::Number { is_text: true, .. } => {
                command_line::in_list(first, flag, &self.port.to_string(), self.source.packs)
            }
            // `["docker", "run", "-p", "8000:80"]`
            Subject::Mapping { .. } if matches!(first, "docker" | "podman" | "nerdctl") => {
                Some(Kind::Published)
            }
            _ => None,
        }
    }

    /// Whether a text is a variable that a container is given: `["docker", "run", "-e", "PORT=80"]`.
    pub(super) fn is_given_to_container(&self, first: &str, before: &str) -> bool {
        let word = self.source.text_of(self.subject.node());
        matches!(self.subject, Subject::Command { .. })
            && calls::quoted(first).is_some_and(command_line::runs_containers)
            && [before, word].into_iter().filter_map(calls::quoted).any(command_line::gives_variable)
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
        // `["--port", "8080"]`, `["-m", "http.server", "8080"]`
        if is_number && calls::is_port_flag(before) {
            return Step::Done(self.decides(Kind::CommandFlag, "list.flag"));
        }
        // `["memcached", "-p", "11211"]`
        let mut first = parent.named_child(0).map_or("", |first| self.source.text_of(first));
        // `spawn("redis-server", ["-p", "6380"])`
        if first == before
            && let Some(call) = self.source.enclosing_call(self.path, parent)
        {
            first = call.first().copied().unwrap_or(first);
        }
        if self.is_given_to_container(first, before) {
            return Step::Not;
        }
        if let Some(kind) = self.flagged(first, before) {
            return Step::Done(self.decides(kind, "list.short-flag"));
        }
        if is_number && calls::is_remote_host(before) {
            return Step::Not;
        }
        // `[process.env.PORT, 8080].find(Boolean)`
        let behind = self.source.text.get(parent.end_byte()..).unwrap_or_default();
        if [".find(", ".filter("].iter().any(|first| behind.starts_with(first))
            && let Some(Some(variable)) = self.source.environment.reads(before)
            && variable.is_port_name()
        {
            return Step::Done(Verdict::fallback(Some(variable), "list.first-found"));
        }
        self.follows_host = calls::is_host(before);
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
