//! A literal in a program and what is around it, so that a variable can take its place.

use std::ops::Range;

use super::site::Site;
use crate::pattern::{Pattern, regex};

/// How far back a text is looked at, in bytes: a text may have thousands of literals.
const REACH: usize = 4000;

/// How far back a line is looked at.
const LINE: usize = 400;

/// A literal and the text around it.
pub(super) struct Place<'a> {
    /// The text that it stands in.
    pub(super) site: &'a Site<'a>,
    /// The bytes of the whole literal.
    expression: Range<usize>,
    /// The bytes of the number, counted from the literal's begin.
    inner: Range<usize>,
}

/// `int port =`, `public ushort Port { get; set; } =`.
static TYPE_BEFORE_NAME: Pattern = regex!(r"([A-Za-z_][\w.<>?]*)\s+[A-Za-z_]\w*\s*(?:\{[^{}]*\}\s*)?=$");

/// `port: Int =`, `port: u16 =`.
static TYPE_BEHIND_NAME: Pattern = regex!(r"\w\??\s*:\s*([^=:;,(){}]+?)\s*=$");

impl<'a> Place<'a> {
    /// The literal of the text with the number in it; `None` where the one is not part of the other.
    pub(super) fn of(site: &'a Site<'a>, expression: &Range<usize>, number: &Range<usize>) -> Option<Self> {
        site.text.get(expression.clone())?;
        let inner = number.start.checked_sub(expression.start)?..number.end.checked_sub(expression.start)?;
        Some(Self { site, expression: expression.clone(), inner })
    }

    /// The literal as written.
    pub(super) fn literal(&self) -> &'a str {
        &self.site.text[self.expression.clone()]
    }

    /// The text before the literal, without the white space between, as far back as is of interest.
    pub(super) fn before(&self) -> &'a str {
        self.back_to(REACH).trim_end()
    }

    /// The text before the literal, of so many bytes or a little less.
    fn back_to(&self, reach: usize) -> &'a str {
        let mut start = self.expression.start.saturating_sub(reach);
        while !self.site.text.is_char_boundary(start) {
            start += 1;
        }
        &self.site.text[start..self.expression.start]
    }

    /// The text before the literal on its line.
    pub(super) fn line_before(&self) -> &'a str {
        let before = self.back_to(LINE);
        before.rsplit('\n').next().unwrap_or(before)
    }

    /// The text after the literal, without the white space between.
    pub(super) fn after(&self) -> &'a str {
        self.site.text[self.expression.end..].trim_start()
    }

    /// The text of the literal after the number.
    pub(super) fn rest(&self) -> &'a str {
        &self.literal()[self.inner.end..]
    }

    /// The literal with other text for the number.
    pub(super) fn with(&self, text: &str) -> String {
        let literal = self.literal();
        format!("{}{text}{}", &literal[..self.inner.start], &literal[self.inner.end..])
    }

    /// An operation in place of the literal: between parentheses, unless the literal is all of a value.
    pub(super) fn operand(&self, operation: String) -> String {
        if self.begins_value() && self.ends_value() { operation } else { format!("({operation})") }
    }

    /// Whether a value begins with the literal: an argument, an element, what is assigned or returned.
    fn begins_value(&self) -> bool {
        let before = self.before();
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        match before.strip_suffix('=') {
            Some(compared) => !compared.ends_with(['=', '!', '<', '>']),
            None => {
                before.is_empty()
                    || before.ends_with(['(', '[', '{', ',', ';'])
                    || before.ends_with("=>")
                    || before.strip_suffix("return").is_some_and(|rest| !rest.ends_with(is_word))
                    // The key of an object, not the end of a conditional.
                    || before.ends_with(':') && !self.line_before().contains('?')
            }
        }
    }

    /// Whether the literal is the end of a value. A word on the next line begins another statement.
    fn ends_value(&self) -> bool {
        const OPERATORS: [&str; 10] =
            ["and", "or", "in", "instanceof", "as", "satisfies", "if", "unless", "is", "xor"];
        let text = &self.site.text[self.expression.end..];
        let after = text.trim_start();
        let first = after.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
        let is_on_next_line = text[..text.len() - after.len()].contains('\n');
        let begins_statement = after
            .starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '$' | '@' | '"' | '\''));
        after.is_empty()
            || after.starts_with([')', ']', '}', ',', ';'])
            || is_on_next_line && begins_statement && !OPERATORS.contains(&first)
    }

    /// The literal taken apart; `None` where it is not between two of these quotes.
    pub(super) fn parts(&self, quotes: &[char]) -> Option<Parts<'a>> {
        let literal = self.literal();
        let open = literal.find(quotes)?;
        let quote = literal[open..].chars().next()?;
        let is_long = literal.len() >= open + 6
            && literal[open + 1..].starts_with(quote)
            && literal[open + 2..].starts_with(quote);
        let before = literal.get(open + 1..self.inner.start)?;
        let after = literal.get(self.inner.end..)?.strip_suffix(quote)?;
        (!is_long).then_some(Parts { prefix: &literal[..open], quote, before, after })
    }

    /// The type that a declaration gives to what the literal is the value of, where it stands before
    /// the name: `int port = 8080`.
    pub(super) fn type_before_name(&self) -> Option<&'a str> {
        Some(TYPE_BEFORE_NAME.captures(self.line_before().trim_end())?.get(1)?.as_str())
    }

    /// The same where it follows the name: `port: Int = 8080`.
    pub(super) fn type_behind_name(&self) -> Option<&'a str> {
        Some(TYPE_BEHIND_NAME.captures(self.line_before().trim_end())?.get(1)?.as_str())
    }

    /// The bracket that encloses the literal, and the text before that.
    pub(super) fn enclosing(&self) -> Option<(char, &'a str)> {
        let before = self.before();
        let mut open = 0_usize;
        for (at, character) in before.char_indices().rev() {
            match character {
                ')' | ']' | '}' => open += 1,
                '(' | '[' | '{' if open == 0 => return Some((character, before[..at].trim_end())),
                '(' | '[' | '{' => open -= 1,
                _ => {}
            }
        }
        None
    }
}

/// A string taken apart.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// The text before the first quote: `f`, `@`.
    pub(super) prefix: &'a str,
    /// The quote.
    pub(super) quote: char,
    /// The text between the quotes before the number.
    pub(super) before: &'a str,
    /// The text between the quotes after it.
    pub(super) after: &'a str,
}

impl Parts<'_> {
    /// The string as a concatenation with what is read: its pieces.
    pub(super) fn pieces(&self, reading: &str) -> Vec<String> {
        let Self { prefix, quote, before, after } = self;
        let piece = |text: &str| (!text.is_empty()).then(|| format!("{prefix}{quote}{text}{quote}"));
        [piece(before), Some(reading.to_owned()), piece(after)].into_iter().flatten().collect()
    }
}
