//! Numbers of languages that convert what they read by the type that the place has.

use super::place::Place;
use crate::variable::Variable;

/// A declared type, nullable or not, if it is one of these.
fn one_of(declared: Option<&str>, known: &[&'static str], usual: &'static str) -> &'static str {
    let declared = declared.map(|kind| kind.trim_end_matches('?'));
    known.iter().find(|kind| declared == Some(**kind)).copied().unwrap_or(usual)
}

/// A number of Java.
pub(super) fn java(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let convert = match place.type_before_name() {
        Some("short" | "Short") => "Short.parseShort",
        Some("byte" | "Byte" | "char" | "Character") => return None,
        _ => "Integer.parseInt",
    };
    (!is_used_as_constant(place)).then(|| format!("{convert}(System.getenv(\"{variable}\"))"))
}

/// A string of Java that is the number.
pub(super) fn java_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!is_used_as_constant(place)).then(|| format!("System.getenv(\"{variable}\")"))
}

/// Whether the compiler has to know the value of the name that a literal of Java is given.
pub(super) fn is_used_as_constant(place: &Place<'_>) -> bool {
    place.line_before().contains("final ") && place.name().is_some_and(|name| place.site.is_compiled(name))
}

/// A number of Kotlin.
pub(super) fn kotlin(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let known = ["Short", "Long", "Byte", "UShort", "UInt", "ULong", "Double", "Float"];
    let convert = one_of(place.type_behind_name(), &known, "Int");
    Some(format!("System.getenv(\"{variable}\").to{convert}()"))
}

/// A number of Scala.
pub(super) fn scala(place: &Place<'_>, variable: &Variable) -> Option<String> {
    // `inline val` wants a constant.
    if place.line_before().contains("inline ") {
        return None;
    }
    let convert = one_of(place.type_behind_name(), &["Short", "Long", "Byte"], "Int");
    Some(format!("sys.env(\"{variable}\").to{convert}"))
}

/// A number of C#.
pub(super) fn csharp(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let known = ["ushort", "short", "uint", "ulong", "long", "byte", "sbyte"];
    let convert = one_of(place.type_before_name(), &known, "int");
    Some(format!("{convert}.Parse(System.Environment.GetEnvironmentVariable(\"{variable}\"))"))
}

/// A number of Ruby.
pub(super) fn ruby(place: &Place<'_>, variable: &Variable) -> Option<String> {
    Some(format!("Integer({})", ruby_text(place, variable)?))
}

/// A string of Ruby that is the number.
pub(super) fn ruby_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let quote = place.site.preferred_quote('"');
    Some(format!("ENV.fetch({quote}{variable}{quote})"))
}

/// A number of C or C++. A static variable of C is made by the compiler, and the braces of C++ take
/// no number that might not fit.
pub(super) fn cpp(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let is_static = place.line_before().split_whitespace().any(|word| word == "static");
    let narrows = place.site.is_cpp()
        && !is_statement(place)
        && place.enclosing().is_some_and(|(open, before)| open == '{' && !declares_int(before));
    (!is_static && !narrows).then(|| format!("atoi(getenv(\"{variable}\"))"))
}

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
pub(super) fn cpp_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let line = place.line_before();
    let is_static = line.split_whitespace().any(|word| word == "static");
    (!line.contains('[') && !is_static).then(|| format!("getenv(\"{variable}\")"))
}
