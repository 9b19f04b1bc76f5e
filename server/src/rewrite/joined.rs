//! Strings of languages that join them with an operator.

use super::java::is_constant;
use super::lookup::Lookup;
use super::place::Place;
use crate::pattern::{Pattern, regex};

/// How a language joins strings.
struct Joining {
    operator: &'static str,
    quotes: &'static [char],
    /// What may stand before the first quote.
    prefixes: &'static [&'static str],
    /// Whether what follows a string takes the string, and would take only the last piece of it.
    takes_all: fn(&str) -> bool,
}

fn join(place: &Place<'_>, joining: &Joining, lookup: &Lookup<'_>) -> Option<String> {
    join_with(place, joining, lookup, &format!(" {} ", joining.operator))
}

fn join_with(place: &Place<'_>, joining: &Joining, lookup: &Lookup<'_>, separator: &str) -> Option<String> {
    let parts = place.parts(joining.quotes)?;
    if !joining.prefixes.contains(&parts.prefix) {
        return None;
    }
    let pieces = parts.pieces(&lookup.joined());
    let text = pieces.join(separator);
    Some(if pieces.len() > 1 && (joining.takes_all)(place.after()) { format!("({text})") } else { text })
}

/// `.length()`, `?.Length`, `!.Length`, `[0]`; not `..`.
fn is_member_access(after: &str) -> bool {
    let after = after.trim_start_matches(['?', '!']);
    after.starts_with('[') || (after.starts_with('.') && !after.starts_with(".."))
}

/// Whether a text of Go can read the variable: only `cmp.Or` gives it a default in an expression.
fn can_read_go(place: &Place<'_>, lookup: &Lookup<'_>) -> bool {
    !lookup.keeps_default() || place.site.has_cmp_or()
}

/// A string of Go that is the number.
pub(super) fn go_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    can_read_go(place, lookup).then(|| lookup.at(place))
}

/// A string of Go. As one of several arguments gofmt writes a sum without spaces.
pub(super) fn go(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining = Joining {
        operator: "+",
        quotes: &['"', '`'],
        prefixes: &[""],
        takes_all: |after| after.starts_with('['),
    };
    let is_one_of_several = (place.before().ends_with(',') || place.after().starts_with(','))
        && place.enclosing().is_some_and(|(open, _)| open == '(');
    let separator = if is_one_of_several { "+" } else { " + " };
    can_read_go(place, lookup).then(|| join_with(place, &joining, lookup, separator))?
}

/// A string of a Tiltfile.
pub(super) fn tiltfile(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining =
        Joining { operator: "+", quotes: &['"', '\''], prefixes: &[""], takes_all: is_member_access };
    join(place, &joining, lookup)
}

/// A string of Java.
pub(super) fn java(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    if is_constant(place) {
        return None;
    }
    let joining = Joining { operator: "+", quotes: &['"'], prefixes: &[""], takes_all: is_member_access };
    join(place, &joining, lookup)
}

/// A string of C#: one that has expressions in it gets one more.
pub(super) fn csharp(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let literal = place.literal();
    if literal.starts_with("$\"") && !literal.starts_with("$\"\"\"") {
        return Some(place.with(&format!("{{{}}}", lookup.enclosed())));
    }
    let joining =
        Joining { operator: "+", quotes: &['"'], prefixes: &["", "@"], takes_all: is_member_access };
    join(place, &joining, lookup)
}

/// A string of Scala, interpolated or not. Before 2.13.6 no quotes may stand in an interpolation, so
/// it is taken apart, too.
pub(super) fn scala(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let line = place.line_before();
    if !line.ends_with(is_name) {
        let joining = Joining { operator: "+", quotes: &['"'], prefixes: &[""], takes_all: is_member_access };
        return join(place, &joining, lookup);
    }
    // The grammar gives an interpolated string without its prefix.
    let is_plain = line.strip_suffix('s').is_some_and(|line| !line.ends_with(is_name));
    let parts = place.parts(&['"']).filter(|parts| is_plain && !parts.before.is_empty())?;
    if is_member_access(place.after()) {
        return None;
    }
    let rest = if parts.after.is_empty() { String::new() } else { format!(" + s\"{}\"", parts.after) };
    Some(format!("\"{}\" + {}{rest}", parts.before, lookup.joined()))
}

/// A string of PHP.
pub(super) fn php(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining = Joining {
        operator: ".",
        quotes: &['"', '\''],
        prefixes: &[""],
        takes_all: |after| ["[", "->", "?->", "::"].iter().any(|mark| after.starts_with(mark)),
    };
    join(place, &joining, lookup)
}

/// A string of JavaScript that cannot become a template.
pub(super) fn javascript(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining =
        Joining { operator: "+", quotes: &['"', '\''], prefixes: &[""], takes_all: is_member_access };
    join(place, &joining, lookup)
}

/// A string of Perl that cannot be interpolated.
pub(super) fn perl(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining = Joining {
        operator: ".",
        quotes: &['"', '\''],
        prefixes: &[""],
        takes_all: |after| ["=~", "!~", "x "].iter().any(|operator| after.starts_with(operator)),
    };
    join(place, &joining, lookup)
}

/// A string of C++ that becomes a `std::string` anyway. Two literals cannot be joined in C.
pub(super) fn cpp(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let parts = place.parts(&['"']).filter(|parts| parts.prefix.is_empty() && !parts.before.is_empty())?;
    if place.type_before_name() != Some("std::string") && !place.line_before().contains("std::string ") {
        return None;
    }
    if !place.before().ends_with('=') || !place.after().starts_with(';') {
        return None;
    }
    let mut pieces = parts.pieces(&lookup.joined());
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
pub(super) fn lua_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!is_bare_argument(place)).then(|| lookup.at(place))
}

/// A string of Lua.
pub(super) fn lua(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
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
    let joined = join(place, &joining, lookup)?;
    // The length is that of all of it.
    let is_operand = place.before().ends_with(['#', '-']) || place.before().ends_with("not");
    Some(if is_operand { format!("({joined})") } else { joined })
}

/// A string of Groovy. The grammar does not look into `${...}`, so that the string is taken apart.
pub(super) fn groovy(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining =
        Joining { operator: "+", quotes: &['"', '\''], prefixes: &[""], takes_all: is_member_access };
    (!is_command_argument(place)).then(|| join(place, &joining, lookup))?
}

/// A string of Groovy that is the number.
pub(super) fn groovy_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    (!is_command_argument(place)).then(|| lookup.at(place))
}

/// `port 8080`, `environment "PORT", 8080`
static COMMAND: Pattern = regex!(r"^\s*([A-Za-z_][\w.]*)[ \t]+(?:[^=(\[{]*,\s*)?$");

/// Whether a literal of Groovy is the argument of a call without parentheses, of which the grammar takes literals only.
pub(super) fn is_command_argument(place: &Place<'_>) -> bool {
    let line = place.line_before();
    let line = line.rsplit(['{', ';']).next().unwrap_or(line);
    COMMAND
        .captures(line)
        .is_some_and(|captures| !matches!(&captures[1], "return" | "throw" | "case" | "else"))
}

/// A string of R.
pub(super) fn r(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let parts = place.parts(&['"', '\'']).filter(|parts| parts.prefix.is_empty())?;
    Some(format!("paste0({})", parts.pieces(&lookup.joined()).join(", ")))
}

/// A string of Erlang that is the number.
pub(super) fn erlang_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    is_run_by_erlang(place).then(|| lookup.at(place))
}

/// A string of Erlang.
pub(super) fn erlang(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let joining = Joining { operator: "++", quotes: &['"'], prefixes: &[""], takes_all: |_| false };
    is_run_by_erlang(place).then(|| join(place, &joining, lookup))?
}

/// Whether Erlang evaluates the code in a place: a file of terms is only read, and a binary holds no list of characters.
pub(super) fn is_run_by_erlang(place: &Place<'_>) -> bool {
    let name = place.site.file_name;
    let is_program = [".erl", ".hrl", ".escript"].iter().any(|ending| name.ends_with(ending));
    is_program && !place.before().ends_with("<<") && !is_pattern_of_erlang(place)
}

/// The text behind a place in a pattern: `{port, 8080}] = `, or the head of a clause.
static MATCHED: Pattern = regex!(r"^[^\n]*->|^[\s\])}]*=[^=:<]");

/// Whether the place is a pattern or a type, in which nothing can be called.
fn is_pattern_of_erlang(place: &Place<'_>) -> bool {
    let types = ["-spec", "-type", "-callback", "-opaque"];
    let line = place.line_before().trim_start();
    types.iter().any(|word| line.starts_with(word))
        || place.before().ends_with(":=")
        || MATCHED.is_match(place.after())
}

/// A string of Clojure that is the number.
pub(super) fn clojure_text(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    is_run_by_clojure(place).then(|| lookup.at(place))
}

/// A string of Clojure.
pub(super) fn clojure(place: &Place<'_>, lookup: &Lookup<'_>) -> Option<String> {
    let parts = place.parts(&['"']).filter(|parts| parts.prefix.is_empty())?;
    is_run_by_clojure(place).then(|| format!("(str {})", parts.pieces(&lookup.joined()).join(" ")))
}

/// `(defn start `: a string behind it says what is defined.
static DOCUMENTED: Pattern = regex!(r"\((?:defn\S*|defmacro|defmulti|defprotocol|ns)\s+\S+\s*$");

/// Whether Clojure on the Java platform evaluates the code in a place: EDN is only read, and so is a quoted list.
pub(super) fn is_run_by_clojure(place: &Place<'_>) -> bool {
    let name = place.site.file_name;
    let is_program = [".clj", ".bb"].iter().any(|ending| name.ends_with(ending)) && name != "project.clj";
    let before = place.before();
    let is_read = ["'(", "'[", "'{", "`(", "`[", "`{", "^{"].iter().any(|mark| before.contains(mark));
    is_program && !is_read && !DOCUMENTED.is_match(place.line_before())
}
