//! The lookup that takes a literal's place: which variable is read, and what stays as its default.

use super::fallback::Fallback;
use super::place::Place;
use crate::port::Port;
use crate::variable::Variable;

/// An expression that reads a variable, with a default and without. `{}` stands for the variable's name, `{port}` for
/// the number's digits, and `{default}` for the literal as it was written.
#[derive(Clone, Copy)]
pub(super) struct Form {
    kept: &'static str,
    bare: &'static str,
    /// Whether the expression with the default is an operation, which needs parentheses between other operators.
    is_operation: bool,
}

impl Form {
    /// A call, an index or the like: nothing around it can take it apart.
    pub(super) const fn call(kept: &'static str, bare: &'static str) -> Self {
        Self { kept, bare, is_operation: false }
    }

    /// An operation, as `a || b`.
    pub(super) const fn operation(kept: &'static str, bare: &'static str) -> Self {
        Self { kept, bare, is_operation: true }
    }

    /// The expression in place of a whole literal.
    pub(super) fn at(self, place: &Place<'_>, lookup: &Lookup<'_>) -> String {
        let text = self.fill(lookup, place.literal());
        if self.is_operation && lookup.keeps_default() { place.operand(text) } else { text }
    }

    /// The expression without a default.
    pub(super) fn bare(self, variable: &Variable) -> String {
        self.bare.replace("{}", variable.as_str())
    }

    /// What follows the expression without a default in the one that has it, ` || 8080`, where that is all that
    /// they differ in.
    pub(super) fn appended(self, lookup: &Lookup<'_>, default: &str) -> Option<String> {
        let appended =
            self.kept.strip_prefix(self.bare).filter(|it| self.is_operation && !it.contains("{}"))?;
        Some(appended.replace("{port}", &lookup.port.to_string()).replace("{default}", default))
    }

    /// What is before and behind the variable's name: `${` and `}`, without a default and as far as one would follow.
    pub(super) fn sides(self) -> [(String, String); 2] {
        let sides = |form: &'static str| form.split_once("{}").unwrap_or_default();
        let (open, close) = sides(self.bare);
        let kept = sides(self.kept).0;
        let last = self.kept.chars().next_back().filter(|last| matches!(last, '}' | ')'));
        [(open.to_owned(), close.to_owned()), (kept.to_owned(), last.map(String::from).unwrap_or_default())]
    }

    fn fill(self, lookup: &Lookup<'_>, default: &str) -> String {
        let pattern = if lookup.keeps_default() { self.kept } else { self.bare };
        pattern
            .replace("{}", lookup.variable.as_str())
            .replace("{port}", &lookup.port.to_string())
            .replace("{default}", default)
    }
}

/// The lookup that takes a literal's place.
pub(super) struct Lookup<'a> {
    /// The variable.
    pub(super) variable: &'a Variable,
    /// The literal's number.
    port: Port,
    fallback: Fallback,
    /// How the variable is read as a part of something larger, such as a string: the one thing here that depends on
    /// where the program runs.
    part: Form,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(variable: &'a Variable, port: Port, fallback: Fallback, part: Form) -> Self {
        Self { variable, port, fallback, part }
    }

    /// Whether the number stays as the default.
    pub(super) fn keeps_default(&self) -> bool {
        self.fallback == Fallback::Number
    }

    /// The number that stays as the default.
    pub(super) fn default(&self) -> Option<Port> {
        self.keeps_default().then_some(self.port)
    }

    /// The expression between braces or parentheses of its own.
    pub(super) fn enclosed(&self) -> String {
        self.spelled(self.part)
    }

    /// Another expression that reads the variable.
    pub(super) fn spelled(&self, form: Form) -> String {
        form.fill(self, &self.port.to_string())
    }

    /// The same with the literal as it was written for its default.
    pub(super) fn enclosed_at(&self, place: &Place<'_>) -> String {
        self.part.fill(self, place.literal())
    }

    /// The expression in place of a whole literal.
    pub(super) fn at(&self, place: &Place<'_>) -> String {
        self.part.at(place, self)
    }

    /// The expression as one of several that an operator joins.
    pub(super) fn joined(&self) -> String {
        let text = self.enclosed();
        if self.part.is_operation && self.keeps_default() { format!("({text})") } else { text }
    }
}
