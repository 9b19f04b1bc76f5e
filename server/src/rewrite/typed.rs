//! Numbers of languages that convert what they read by the type that the place has.

use super::lookup::{Form, Lookup};
use super::place::Place;

/// A declared type, nullable or not, if it is one of these.
fn one_of(declared: Option<&str>, known: &[&'static str], usual: &'static str) -> &'static str {
    let declared = declared.map(|kind| kind.trim_end_matches('?'));
    known.iter().find(|kind| declared == Some(**kind)).copied().unwrap_or(usual)
}

/// A number of Kotlin.
pub(super) fn kotlin(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let known = ["Short", "Long", "Byte", "UShort", "UInt", "ULong", "Double", "Float"];
    let literal = place.literal();
    let usual = if literal.ends_with('L') { "Long" } else { "Int" };
    let convert = one_of(place.type_behind_name(), &known, usual);
    let variable = lookup.variable;
    Some(match lookup.keeps_default() {
        true => place.operand(format!("System.getenv(\"{variable}\")?.to{convert}OrNull() ?: {literal}")),
        false => format!("System.getenv(\"{variable}\").to{convert}()"),
    })
}

/// A number of Scala.
pub(super) fn scala(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    // `inline val` takes a constant.
    if place.line_before().contains("inline ") {
        return None;
    }
    let usual = if place.literal().ends_with('L') { "Long" } else { "Int" };
    let convert = one_of(place.type_behind_name(), &["Short", "Long", "Byte"], usual);
    Some(format!("{}.to{convert}", lookup.enclosed()))
}

/// A number of C#.
pub(super) fn csharp(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let known = ["ushort", "short", "uint", "ulong", "long", "byte", "sbyte"];
    let convert = one_of(place.type_before_name(), &known, "int");
    Some(format!("{convert}.Parse({})", lookup.enclosed()))
}

/// A number of Ruby.
pub(super) fn ruby(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    Some(format!("Integer({})", ruby_text(place, lookup)?))
}

/// A string of Ruby that is the number.
pub(super) fn ruby_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let reading = lookup.enclosed_at(place);
    Some(match place.site.preferred_quote('"') {
        '\'' => reading.replace('"', "'"),
        _ => reading,
    })
}

/// A number of C or C++. A static variable of C is made by the compiler, and the braces of C++ take
/// no number that might not fit.
pub(super) fn cpp(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let is_static = place.line_before().split_whitespace().any(|word| word == "static");
    let narrows = place.site.is_cpp()
        && !is_statement(place)
        && place.enclosing().is_some_and(|(open, before)| open == '{' && !declares_int(before));
    (!is_static && !narrows).then(|| CPP_NUMBER.at(place, lookup))
}

const CPP_NUMBER: Form =
    Form::operation("getenv(\"{}\") ? atoi(getenv(\"{}\")) : {default}", "atoi(getenv(\"{}\"))");

/// Whether what ends with an open brace gives values to an `int`.
fn declares_int(before: &str) -> bool {
    let statement = before.rsplit([';', '{', '}', '(']).next().unwrap_or_default();
    statement.split_whitespace().any(|word| word == "int")
}

/// Whether the braces around a place are those of a block.
fn is_statement(place: &Place<'_>) -> bool {
    let before = place.before();
    let statement = before.rsplit([';', '{', '}']).next().unwrap_or_default().trim_start();
    statement == "return" || (before.ends_with('=') && !statement.starts_with('.'))
}

/// A string of C or C++ that is the number. An array of characters takes a literal only.
pub(super) fn cpp_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let line = place.line_before();
    let is_static = line.split_whitespace().any(|word| word == "static");
    (!line.contains('[') && !is_static).then(|| lookup.at(place))
}
