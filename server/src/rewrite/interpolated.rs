//! Strings of languages that put expressions into them.

use super::joined;
use super::lookup::{Form, Lookup};
use super::place::Place;
use crate::pattern::{Pattern, regex};

/// What begins a here-document, with its quote.
static HEREDOC: Pattern = regex!(r#"<<[~-]?(["'`]?)[A-Za-z_]\w*"#);

/// Whether the here-document that a place lies in expands what is in it: the name that it ends with
/// is not in single quotes.
fn is_expanding_heredoc(place: &Place<'_>) -> bool {
    HEREDOC
        .captures_iter(place.before())
        .last()
        .and_then(|captures| captures.get(1))
        .is_some_and(|quote| quote.as_str() != "'")
}

/// A string between single quotes as one between double quotes, with an expression for the number;
/// `None` where something in it would mean something else there.
fn as_double_quoted(place: &Place<'_>, expression: &str) -> Option<String> {
    let parts = place.parts(&['\'']).filter(|parts| parts.prefix.is_empty())?;
    let is_plain = |part: &str| !part.contains(['"', '\\', '#', '$', '@']);
    (is_plain(parts.before) && is_plain(parts.after))
        .then(|| format!("\"{}{expression}{}\"", parts.before, parts.after))
}

/// A string of Ruby.
pub(super) fn ruby(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let expression = format!("#{{{}}}", lookup.enclosed());
    let literal = place.literal();
    let expands = ["\"", ":\"", "%Q", "%("].iter().any(|open| literal.starts_with(open))
        || (!literal.starts_with(['\'', '%', '`']) && is_expanding_heredoc(place) && literal.contains('\n'));
    if expands { Some(place.with(&expression)) } else { as_double_quoted(place, &expression) }
}

/// A string of Elixir.
pub(super) fn elixir(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let expands = ["\"", "'", "~s", "~c"].iter().any(|open| place.literal().starts_with(open));
    (expands && !is_compiled(place)).then(|| place.with(&format!("#{{{}}}", lookup.enclosed())))
}

/// A string of Elixir that is the number.
pub(super) fn elixir_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!is_compiled(place)).then(|| lookup.at(place))
}

/// A number of Elixir.
pub(super) fn elixir_number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!is_compiled(place)).then(|| format!("String.to_integer({})", lookup.enclosed()))
}

/// Whether a place of Elixir is looked at by the compiler: a module attribute, which keeps the value
/// that it had then, or a pattern, which calls nothing.
fn is_compiled(place: &Place<'_>) -> bool {
    let line = place.line_before().trim_start();
    let is_head = ["def ", "defp ", "defmacro ", "defmacrop "].iter().any(|word| line.starts_with(word))
        && !line.contains(" do")
        && !line.contains(", do:")
        && !place.before().ends_with(r"\\");
    let behind = place.after().lines().next().unwrap_or_default();
    let closing = behind.trim_start_matches([')', ']', '}', ' ']);
    let is_matched = behind.starts_with([')', ']', '}'])
        && (closing.starts_with("->") || closing.starts_with("= ") || closing.starts_with("<-"));
    line.starts_with('@') || is_head || is_matched || behind.starts_with("->")
}

/// A string of Perl. Between double quotes only the variable alone is expanded, and what follows it must not be read as
/// an index; with a default the string is joined, or the expression is put into a list that is expanded.
pub(super) fn perl(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let literal = place.literal();
    let is_index = place.rest().starts_with(['[', '{', '-']);
    let expands = ["\"", "qq{", "qq(", "qq[", "qq|", "qq/"].iter().any(|open| literal.starts_with(open))
        || (!literal.starts_with(['\'', 'q']) && is_expanding_heredoc(place));
    if lookup.keeps_default() {
        return joined::perl(place, lookup)
            .or_else(|| expands.then(|| place.with(&format!("@{{[ {} ]}}", lookup.enclosed()))));
    }
    let expression = lookup.enclosed();
    match () {
        () if expands && !is_index => Some(place.with(&expression)),
        () if is_index => joined::perl(place, lookup),
        () => as_double_quoted(place, &expression).or_else(|| joined::perl(place, lookup)),
    }
}

/// A string of Kotlin, between single quotes or three double ones.
pub(super) fn kotlin(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    Some(place.with(&format!("${{{}}}", lookup.enclosed())))
}

/// A number of Dart.
pub(super) fn dart_number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    has_environment(place).then(|| format!("int.parse({})", lookup.enclosed()))
}

/// A string of Dart that is the number.
pub(super) fn dart_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    has_environment(place).then(|| lookup.at(place))
}

/// A string of Dart.
pub(super) fn dart(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let expression =
        lookup.spelled(Form::operation("Platform.environment['{}'] ?? {port}", "Platform.environment['{}']"));
    let expands = !place.literal().starts_with('r');
    (has_environment(place) && expands).then(|| place.with(&format!("${{{expression}}}")))
}

/// A string of Swift that is the number.
pub(super) fn swift_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    has_environment(place).then(|| lookup.at(place))
}

/// A string of Swift.
pub(super) fn swift(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let expands = place.literal().starts_with('"');
    (has_environment(place) && expands).then(|| place.with(&format!("\\({})", lookup.enclosed())))
}

/// What only an app of a phone or a page imports: nothing that starts it there has the variables of this machine.
const APPS: [&str; 4] = ["package:flutter/", "import UIKit", "import SwiftUI", "import 'dart:html'"];

/// Whether the program has the environment of the shell that starts it.
pub(super) fn has_environment(place: &Place<'_>) -> bool {
    !is_app(place.site.text)
}

/// Whether a text is part of an app, by what it imports.
pub(super) fn is_app(text: &str) -> bool {
    APPS.iter().any(|import| text.contains(import))
}
