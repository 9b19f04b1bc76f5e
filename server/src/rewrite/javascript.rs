//! JavaScript and TypeScript.

use super::joined;
use super::lookup::Lookup;
use super::place::Place;
use crate::pattern::{Pattern, regex};

/// `port: 8080 =`, `base: "http://localhost:8080" =`: the type is one value.
static LITERAL_TYPE: Pattern = regex!(r#":\s*(?:[0-9"'`]|readonly\s*\[)[^=;]*=$"#);

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

/// `server.listen(`, `net.connect(`: Node takes a port there as a number or as a text.
static TAKES_TEXT: Pattern = regex!(r"(?:\.listen|(?-u:\b)net\.(?:connect|createConnection))\($");

/// A number of JavaScript. Only where a text is as good it may be one: other code that sees the value may calculate with it,
/// compare it, or write it into JSON.
pub(super) fn number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let is_argument = place.after().starts_with([',', ')']);
    if is_argument && TAKES_TEXT.is_match(place.before()) {
        return Some(lookup.at(place));
    }
    Some(format!("Number({})", lookup.enclosed_at(place)))
}

/// A number of TypeScript.
pub(super) fn typed_number(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!has_literal_type(place)).then(|| format!("Number({})", lookup.enclosed_at(place)))
}

/// A string of TypeScript that is the number. Without a default the variable alone may be undefined, where a template is
/// a string.
pub(super) fn typed_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!has_literal_type(place)).then(|| match lookup.keeps_default() {
        true => lookup.at(place),
        false => format!("`${{{}}}`", lookup.enclosed()),
    })
}

/// A string of TypeScript.
pub(super) fn typed_template(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    if LITERAL_TYPE.is_match(place.line_before().trim_end()) { None } else { template(place, lookup) }
}

/// A string as a template literal.
pub(super) fn template(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    if is_module(place) {
        return None;
    }
    let reading = format!("${{{}}}", lookup.enclosed());
    if place.literal().starts_with('`') {
        return Some(place.with(&reading));
    }
    let parts = place.parts(&['"', '\''])?;
    // An octal escape is an error in a template.
    let has_octal =
        place.literal().as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit());
    if has_octal {
        return joined::javascript(place, lookup);
    }
    let escape = |part: &str| part.replace('`', "\\`").replace("${", "\\${");
    let template = format!("`{}{reading}{}`", escape(parts.before), escape(parts.after));
    // A key that is no plain string stands in brackets.
    let is_key = place.after().starts_with(':') && place.before().ends_with(['{', ',']);
    Some(if is_key { format!("[{template}]") } else { template })
}

/// The string of a JSX attribute: an expression stands in braces there.
pub(super) fn attribute(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let parts = place.parts(&['"', '\''])?;
    // Entities are read in an attribute, but not in a template; nor is a backslash an escape here.
    if place.literal().contains(['&', '\\', '`', '$']) {
        return None;
    }
    if parts.before.is_empty() && parts.after.is_empty() && lookup.keeps_default() {
        return Some(format!("{{{}}}", lookup.enclosed_at(place)));
    }
    Some(format!("{{`{}${{{}}}{}`}}", parts.before, lookup.enclosed(), parts.after))
}
