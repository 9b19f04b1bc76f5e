//! Strings of languages that join them with an operator.

use super::place::Place;
use super::typed;
use crate::variable::Variable;

/// How a language joins strings.
struct Joining {
    operator: &'static str,
    quotes: &'static [char],
    /// What may stand before the first quote.
    prefixes: &'static [&'static str],
    /// Whether what follows a string takes the string, and would take only the last piece of it.
    takes_all: fn(&str) -> bool,
}

fn join(place: &Place<'_>, joining: &Joining, reading: &str) -> Option<String> {
    join_with(place, joining, reading, &format!(" {} ", joining.operator))
}

fn join_with(place: &Place<'_>, joining: &Joining, reading: &str, separator: &str) -> Option<String> {
    let parts = place.parts(joining.quotes)?;
    if !joining.prefixes.contains(&parts.prefix) {
        return None;
    }
    let pieces = parts.pieces(reading);
    let text = pieces.join(separator);
    Some(if pieces.len() > 1 && (joining.takes_all)(place.after()) { format!("({text})") } else { text })
}

/// `.length()`, `?.Length`, `!.Length`, `[0]`; not `..`.
fn is_member_access(after: &str) -> bool {
    let after = after.trim_start_matches(['?', '!']);
    after.starts_with('[') || (after.starts_with('.') && !after.starts_with(".."))
}

/// A string of Go. As one of several arguments gofmt writes a sum without spaces.
pub(super) fn go(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let joining = Joining {
        operator: "+",
        quotes: &['"', '`'],
        prefixes: &[""],
        takes_all: |after| after.starts_with('['),
    };
    let is_one_of_several = (place.before().ends_with(',') || place.after().starts_with(','))
        && place.enclosing().is_some_and(|(open, _)| open == '(');
    let separator = if is_one_of_several { "+" } else { " + " };
    join_with(place, &joining, &format!("os.Getenv(\"{variable}\")"), separator)
}

/// A string of a Tiltfile.
pub(super) fn tiltfile(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let joining =
        Joining { operator: "+", quotes: &['"', '\''], prefixes: &[""], takes_all: is_member_access };
    join(place, &joining, &format!("os.getenv(\"{variable}\")"))
}

/// A string of Java.
pub(super) fn java(place: &Place<'_>, variable: &Variable) -> Option<String> {
    if typed::is_used_as_constant(place) {
        return None;
    }
    let joining = Joining { operator: "+", quotes: &['"'], prefixes: &[""], takes_all: is_member_access };
    join(place, &joining, &format!("System.getenv(\"{variable}\")"))
}

/// A string of C#: one that has expressions in it gets one more.
pub(super) fn csharp(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let reading = format!("System.Environment.GetEnvironmentVariable(\"{variable}\")");
    let literal = place.literal();
    if literal.starts_with("$\"") && !literal.starts_with("$\"\"\"") {
        return Some(place.with(&format!("{{{reading}}}")));
    }
    let joining =
        Joining { operator: "+", quotes: &['"'], prefixes: &["", "@"], takes_all: is_member_access };
    join(place, &joining, &reading)
}

/// A string of Scala, interpolated or not. Before 2.13.6 no quotes may stand in an interpolation, so
/// it is taken apart, too.
pub(super) fn scala(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let line = place.line_before();
    let reading = format!("sys.env(\"{variable}\")");
    if !line.ends_with(is_name) {
        let joining = Joining { operator: "+", quotes: &['"'], prefixes: &[""], takes_all: is_member_access };
        return join(place, &joining, &reading);
    }
    // The grammar gives an interpolated string without what stands before it.
    let is_plain = line.strip_suffix('s').is_some_and(|line| !line.ends_with(is_name));
    let parts = place.parts(&['"']).filter(|parts| is_plain && !parts.before.is_empty())?;
    if is_member_access(place.after()) {
        return None;
    }
    let rest = if parts.after.is_empty() { String::new() } else { format!(" + s\"{}\"", parts.after) };
    Some(format!("\"{}\" + {reading}{rest}", parts.before))
}

/// A string of PHP.
pub(super) fn php(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let joining = Joining {
        operator: ".",
        quotes: &['"', '\''],
        prefixes: &[""],
        takes_all: |after| ["[", "->", "?->", "::"].iter().any(|mark| after.starts_with(mark)),
    };
    join(place, &joining, &format!("getenv('{variable}')"))
}

/// A string of JavaScript that cannot become a template.
pub(super) fn javascript(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let joining =
        Joining { operator: "+", quotes: &['"', '\''], prefixes: &[""], takes_all: is_member_access };
    join(place, &joining, &format!("process.env.{variable}"))
}

/// A string of Perl that cannot be interpolated.
pub(super) fn perl(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let joining = Joining { operator: ".", quotes: &['"', '\''], prefixes: &[""], takes_all: |_| false };
    join(place, &joining, &format!("$ENV{{{variable}}}"))
}

/// A string of C++ that becomes a `std::string` anyway. Two literals cannot be joined in C.
pub(super) fn cpp(place: &Place<'_>, variable: &Variable) -> Option<String> {
    let parts = place.parts(&['"']).filter(|parts| parts.prefix.is_empty() && !parts.before.is_empty())?;
    if place.type_before_name() != Some("std::string") && !place.line_before().contains("std::string ") {
        return None;
    }
    if !place.before().ends_with('=') || !place.after().starts_with(';') {
        return None;
    }
    let mut pieces = parts.pieces(&format!("getenv(\"{variable}\")"));
    pieces[0] = format!("std::string({})", pieces[0]);
    Some(pieces.join(" + "))
}

/// Whether a string of Lua is the argument of a call without parentheses: `require "x"`.
fn is_bare_argument(place: &Place<'_>) -> bool {
    let before = place.before();
    before.ends_with(|character: char| character.is_alphanumeric() || matches!(character, '_' | ')' | ']'))
        && !["return", "and", "or", "not", "then", "in"].iter().any(|word| before.ends_with(word))
}

/// A string of Lua that is the number.
pub(super) fn lua_text(place: &Place<'_>, variable: &Variable) -> Option<String> {
    (!is_bare_argument(place)).then(|| format!("os.getenv(\"{variable}\")"))
}

/// A string of Lua.
pub(super) fn lua(place: &Place<'_>, variable: &Variable) -> Option<String> {
    if is_bare_argument(place) {
        return None;
    }
    let joining = Joining {
        operator: "..",
        quotes: &['"', '\''],
        prefixes: &[""],
        takes_all: |after| {
            after.starts_with(['[', ':']) || (after.starts_with('.') && !after.starts_with(".."))
        },
    };
    let joined = join(place, &joining, &format!("os.getenv(\"{variable}\")"))?;
    // The length is that of all of it.
    let is_operand = place.before().ends_with(['#', '-']) || place.before().ends_with("not");
    Some(if is_operand { format!("({joined})") } else { joined })
}
