//! A lookup that somebody types, with the default number behind it: `process.env.WEB_PORT || 8080`.
//!
//! It yields what the lookup yields, so that a conversion around it, or none, stays as it is.

use std::ops::Range;

use super::edit::Edit;
use super::lookup::Lookup;
use super::place::Place;
use super::site::Site;
use super::spelling::{Reading, Spelling, expansion, reading};
use super::{Fallback, text};
use crate::analysis::Literal;
use crate::port::Port;
use crate::variable::Variable;

/// What a lookup becomes with a default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithDefault {
    /// The expression in place of the lookup.
    pub text: String,
    /// Whether that is another call than the one that was typed, so that it has to be proven to read the variable in the same way.
    pub is_other_call: bool,
    /// What has to be imported for it.
    pub imports: Vec<Edit>,
}

/// The lookup at `expression` of a program's text with a default number. `None` where the language has no expression for
/// that, or the project wants no defaults.
#[must_use]
pub fn with_default(
    site: &Site<'_>,
    expression: &Range<usize>,
    name: &Range<usize>,
    variable: &Variable,
    port: Port,
) -> Option<WithDefault> {
    let reading = reading(site).filter(|_| site.fallback == Fallback::Number)?;
    let lookup = Lookup::new(variable, port, Fallback::Number, reading.part);
    let typed = site.text.get(expression.clone())?;
    let quote = site.preferred_quote('"');
    let as_literal = |literal: &str| {
        let text = format!("{}{literal}{}", &site.text[..expression.start], &site.text[expression.end..]);
        (text, expression.start..expression.start + literal.len())
    };
    let (bare, bare_span) = as_literal(&port.to_string());
    let bare_site = site.of_text(&bare);
    let bare_place = Place::of(&bare_site, &bare_span, &bare_span)?;
    // Where a number is read with a bare number behind it, so is a text.
    let is_bare = keeps_bare_number(&reading, &bare_place, &lookup);
    let literal = if is_bare { port.to_string() } else { format!("{quote}{port}{quote}") };
    if let Some(appended) = reading.part.appended(&lookup, &literal) {
        let place = Place::of(site, expression, name)?;
        return Some(WithDefault {
            text: place.operand(format!("{typed}{appended}")),
            is_other_call: false,
            imports: Vec::new(),
        });
    }
    let (quoted, span) = as_literal(&format!("{quote}{port}{quote}"));
    let quoted_site = site.of_text(&quoted);
    let number = span.start + quote.len_utf8()..span.end - quote.len_utf8();
    let text = match is_bare {
        true => lookup.at(&bare_place),
        false => reading.text.at(&Place::of(&quoted_site, &span, &number)?, &lookup)?,
    };
    let imports = quoted_site.imports(reading.import).at(&span).to_vec();
    Some(WithDefault { text, is_other_call: true, imports })
}

/// Whether the language reads a number by the lookup with a bare number as its default: `Number(process.env.A || 8080)`, but
/// `System.getenv("A")?.toInt() ?: 8080`.
fn keeps_bare_number(reading: &Reading, place: &Place<'_>, lookup: &Lookup<'_>) -> bool {
    let part = lookup.enclosed();
    !part.is_empty()
        && !matches!(reading.number, Spelling::Never)
        && reading.number.at(place, lookup).is_some_and(|number| number.contains(&part))
}

/// The bytes around a name that read it in a format that expands variables in its text: `${NAME}` around `NAME`. What
/// closes it may be missing.
#[must_use]
pub fn expansion_around(site: &Site<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let (before, after) = (site.text.get(..name.start)?, site.text.get(name.end..)?);
    let sides = expansion(site.language).sides();
    let around = sides.into_iter().filter(|(open, _)| !open.is_empty() && before.ends_with(open.as_str()));
    let (open, close) = around.max_by_key(|(open, _)| open.len())?;
    let end = name.end + if after.starts_with(&close) { close.len() } else { 0 };
    Some(name.start - open.len()..end)
}

/// What a literal becomes in a format that expands variables in its text, where that is one edit of its line.
#[must_use]
pub fn expanded_with_default(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
) -> Option<Edit> {
    if site.fallback != Fallback::Number || reading(site).is_some() || site.language.is_program() {
        return None;
    }
    let lookup = Lookup::new(variable, literal.port, Fallback::Number, expansion(site.language));
    let edits = text::rewrite(site, literal, span, &lookup)?;
    let [edit] = <[Edit; 1]>::try_from(edits).ok()?;
    let covers = edit.span.start <= span.start && span.end <= edit.span.end;
    let line = site.text.get(edit.span.clone())?;
    (covers && !line.contains('\n') && !edit.text.contains('\n')).then_some(edit)
}
