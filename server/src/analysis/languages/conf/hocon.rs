//! What is particular to HOCON: strings of several lines, blocks on one line, and lines that override others.

use std::collections::HashMap;
use std::ops::Range;

use super::setting::{key_and_value, setting};
use crate::analysis::occurrence::{Meaning, Occurrence, Shape};
use crate::analysis::reading::comments::before_comment;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

/// What a string of several lines begins and ends with.
pub(super) const MARKS: [&str; 2] = ["\"\"\"", "'''"];

/// `key = """`, `key = '''`, where the string does not end in the line (HOCON, and TOML under another name).
static MULTILINE: Pattern =
    regex!(r#"^\s*["']?(?P<key>[A-Za-z_][0-9A-Za-z_.-]*)["']?\s*[:+]?=\s*\[?\s*(?P<mark>\x22{3}|'{3})"#);

/// The key and the string of several lines that a line begins, by the bytes up to the end of the last of its lines.
pub(super) fn multiline_string<'a>(
    text: &str,
    line: &'a str,
    offset: usize,
) -> Option<(&'a str, Range<usize>)> {
    if !MARKS.iter().any(|mark| line.contains(mark)) {
        return None;
    }
    let captures = MULTILINE.captures(line)?;
    let (key, mark) = (captures.name("key")?.as_str(), captures.name("mark")?);
    let start = offset + mark.end();
    let length = text.get(start..)?.find(mark.as_str())?;
    text.get(start..start + length)?.contains('\n').then_some((key, start..start + length))
}

/// `port = ${?API_PORT}` of HOCON, which keeps the value before where the variable is not set.
static OVERRIDE: Pattern = regex!(
    r"^\s*(?P<key>[A-Za-z_][0-9A-Za-z_.-]*)\s*[=:]\s*\$\{\?(?P<name>[A-Za-z_][0-9A-Za-z_]*)\}\s*,?\s*$"
);

/// Makes the number in the line before a line that overrides it the default of the variable that is read there.
pub(super) fn defaults_of_overrides(text: &str, occurrences: &mut [Occurrence]) {
    if !text.contains("${?") {
        return;
    }
    let mut given: HashMap<&str, Range<usize>> = HashMap::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let span = offset..offset + line.len();
        offset = span.end;
        let code = before_comment(line).trim_end();
        // What is given in one block says nothing of the same name in another.
        if code.contains(['{', '}']) && !code.contains("${") {
            given.clear();
        }
        if let Some(captures) = OVERRIDE.captures(code) {
            let (key, variable) = (captures.name("key"), captures["name"].parse::<Variable>().ok());
            let Some(value) = key.and_then(|key| given.get(key.as_str())) else { continue };
            for occurrence in occurrences.iter_mut().filter(|it| value.contains(&it.span.start)) {
                if let Meaning::Literal(literal) = &occurrence.meaning {
                    occurrence.meaning =
                        Meaning::Fallback { port: literal.port, variable: variable.clone(), address: None };
                }
            }
        } else if let Some((key, _)) = key_and_value(code) {
            given.insert(key, span);
        }
    }
}

/// Adds what the settings say that a block on one line has, `{ host = "a", port = 9003 }`, and whether it has any.
pub(super) fn settings(statement: &str, offset: usize, block: &str, found: &mut Found<'_>) -> bool {
    let mut is_any = false;
    let mut quote = None;
    let mut start = 0;
    for (end, character) in statement.char_indices().chain([(statement.len(), ',')]) {
        match character {
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            ',' if quote.is_none() || end == statement.len() => {
                if let Some((key, value)) = key_and_value(&statement[start..end]) {
                    is_any = true;
                    let at = offset + start + value.start();
                    setting(block, key, value.as_str(), at, &Shape::Fixed, found);
                }
                start = (end + 1).min(statement.len());
            }
            _ => {}
        }
    }
    is_any
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn a_string_of_several_lines_holds_no_settings() {
        finds_what_is_marked(
            "application.conf",
            "a = \"\"\"\nport = 1234\nlisten 1235;\n\"\"\"\nport = «8080 setting»\n",
        );
    }

    #[test]
    fn a_line_that_overrides_makes_a_default_of_the_one_before() {
        finds_what_is_marked(
            "application.conf",
            "a {\n  port = «8080 fallback»\n  port = ${?A_PORT}\n}\nb {\n  port = «8081 setting»\n}\nc {\n  port = ${?A_PORT}\n}\n",
        );
    }

    #[test]
    fn the_settings_of_a_block_on_one_line_are_its_own() {
        finds_what_is_marked(
            "application.conf",
            "ports { http: «8080 setting», admin: «8081 setting» }\nsizes { http: 8082 }\n",
        );
    }
}
