//! JavaScript and TypeScript.

use std::sync::LazyLock;

use regex::Regex;

use super::joined;
use super::place::Place;
use crate::variable::Variable;

/// `port: 8080 =`, `base: "http://localhost:8080" =`: the type is one value.
static LITERAL_TYPE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r#":\s*(?:[0-9"'`]|readonly\s*\[)[^=;]*=$"#).expect("the pattern is constant")
});

/// Whether the type of a place is one value, so that what is read at run time has another.
fn has_literal_type(place: &Place<'_>) -> bool {
    LITERAL_TYPE.is_match(place.line_before().trim_end())
        || place.after().starts_with("as const")
        || place.before().ends_with("<const>")
}

/// `from "http://localhost:8080/x.js"`, which has to be a plain string.
fn is_module(place: &Place<'_>) -> bool {
    place.before().ends_with("from") || place.line_before().trim_end().ends_with("import")
}

/// A number of JavaScript. Where a port is passed on, a string of digits is as good, and shorter.
pub(super) fn number(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let is_calculated = place.is_added() || place.name().is_some_and(|name| place.site.is_calculated(name));
    Some(if is_calculated {
        format!("Number(process.env.{variable})")
    } else {
        format!("process.env.{variable}")
    })
}

/// A number of TypeScript.
pub(super) fn typed_number(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!has_literal_type(place)).then(|| format!("Number(process.env.{variable})"))
}

/// A string of TypeScript that is the number: a template is a string, where the variable alone may be
/// undefined.
pub(super) fn typed_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!has_literal_type(place)).then(|| format!("`${{process.env.{variable}}}`"))
}

/// A string of TypeScript.
pub(super) fn typed_template(place: &Place<'_>, variable: &Variable) -> Option<String> {
    if LITERAL_TYPE.is_match(place.line_before().trim_end()) { None } else { template(place, variable) }
}

/// A string as a template literal.
pub(super) fn template(place: &Place<'_>, variable: &Variable) -> Option<String> {
    if is_module(place) {
        return None;
    }
    let reading = format!("${{process.env.{variable}}}");
    if place.literal().starts_with('`') {
        return Some(place.with(&reading));
    }
    let parts = place.parts(&['"', '\''])?;
    // An octal escape is an error in a template.
    let has_octal =
        place.literal().as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit());
    if has_octal {
        return joined::javascript(place, variable);
    }
    let escape = |part: &str| part.replace('`', "\\`").replace("${", "\\${");
    let template = format!("`{}{reading}{}`", escape(parts.before), escape(parts.after));
    // A key that is no plain string stands in brackets.
    let is_key = place.after().starts_with(':') && place.before().ends_with(['{', ',']);
    Some(if is_key { format!("[{template}]") } else { template })
}

/// The string of a JSX attribute: an expression stands in braces there.
pub(super) fn attribute(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let parts = place.parts(&['"', '\''])?;
    // Entities are read in an attribute, but not in a template; nor is a backslash an escape here.
    if place.literal().contains(['&', '\\', '`', '$']) {
        return None;
    }
    Some(format!("{{`{}${{process.env.{variable}}}{}`}}", parts.before, parts.after))
}
