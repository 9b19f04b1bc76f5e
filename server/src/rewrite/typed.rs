//! Numbers of languages that convert what they read by the type that the place has.

use super::interpolated::has_environment;
use super::joined::{is_command_argument, is_run_by_clojure, is_run_by_erlang};
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

/// A number of Swift. What is declared as another type than these is not made of a text.
pub(super) fn swift(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let known = ["Int", "UInt16", "UInt32", "UInt64", "UInt", "Int16", "Int32", "Int64", "in_port_t"];
    let declared = place.type_behind_name();
    let convert = one_of(declared, &known, "Int");
    let is_known = declared.is_none_or(|kind| known.contains(&kind.trim_end_matches('?')));
    let (variable, literal) = (lookup.variable, place.literal());
    let text = format!("ProcessInfo.processInfo.environment[\"{variable}\"]");
    (is_known && has_environment(place)).then(|| match lookup.keeps_default() {
        true => place.operand(format!("{convert}({text} ?? \"\") ?? {literal}")),
        false => format!("{convert}({text}!)!"),
    })
}

/// A number of Zig.
pub(super) fn zig(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let known = ["u16", "u32", "u64", "usize", "i32", "i64", "c_int", "c_ushort"];
    let convert = one_of(place.type_behind_name(), &known, "u16");
    let otherwise = lookup.default().map_or("unreachable".to_owned(), |_| place.literal().to_owned());
    let text = format!("std.fmt.parseInt({convert}, {}, 10) catch {otherwise}", lookup.enclosed());
    has_std(place).then(|| place.operand(text))
}

/// A string of Zig that is the number.
pub(super) fn zig_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    has_std(place).then(|| lookup.at(place))
}

/// Whether the standard library goes by its usual name.
fn has_std(place: &Place<'_>) -> bool {
    place.site.text.contains("const std = @import(\"std\")")
}

/// A number of Erlang.
pub(super) fn erlang(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    is_run_by_erlang(place).then(|| format!("list_to_integer({})", lookup.enclosed()))
}

/// A number of R: a double, as it is written, or an integer with `L`.
pub(super) fn r(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let convert = if place.literal().ends_with('L') { "as.integer" } else { "as.numeric" };
    Some(format!("{convert}({})", lookup.enclosed()))
}

/// A number of Groovy.
pub(super) fn groovy(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!is_command_argument(place)).then(|| format!("Integer.parseInt({})", lookup.enclosed()))
}

/// A number of Clojure.
pub(super) fn clojure(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    is_run_by_clojure(place).then(|| format!("(Integer/parseInt {})", lookup.enclosed()))
}
