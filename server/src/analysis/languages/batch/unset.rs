//! What a batch file does only where a variable, or an argument, has no value.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::Block;
use crate::pattern::{Pattern, regex};

/// `if not defined NAME`, `if "%NAME%"==""`, `if [%1]==[]`, `if not x%NAME% == x`, `if defined NAME`. What it is
/// compared with is looked at behind it.
static TEST: Pattern = regex!(
    r#"(?xi) (?-u:\b) if \s+ (?: /i \s+ )? (?P<not> not \s+ )? (?: /i \s+ )?
        (?: defined \s+ (?P<defined> [A-Za-z_][0-9A-Za-z_]* )
          | (?P<open> ["'\[{.x]{0,2} ) [%!] ~? (?P<name> [A-Za-z_][0-9A-Za-z_]* | [1-9] ) (?: :[^%!"]* )? [%!]? (?P<close> ["'\]}.x]{0,2} )
            \s* (?P<operator> == | \s equ \s | \s neq \s ) \s* )"#
);

static GOTO: Pattern = regex!(r"(?i)^\(?\s*goto\s*:?\s*(?P<label>[0-9A-Za-z_.-]+)");

static ELSE: Pattern = regex!(r"(?i)\)\s*else(?-u:\b)");

/// Where defaults are given.
pub(super) struct Default<'a> {
    /// The bytes that are run only where the variable has no value.
    region: Range<usize>,
    /// The variable, or the number of an argument.
    pub(super) variable: &'a str,
}

impl Default<'_> {
    /// Whether giving a value to `name` at the byte offset gives it a default. What is set where an argument
    /// is missing is the argument's.
    pub(super) fn covers(&self, offset: usize, name: &str) -> bool {
        let is_argument = self.variable.starts_with(|first: char| first.is_ascii_digit());
        self.region.contains(&offset) && (is_argument || self.variable.eq_ignore_ascii_case(name))
    }
}

/// Everything that is run only where a variable has no value.
pub(super) fn defaults<'a>(lines: &'a [(usize, Cow<'_, str>)], blocks: &[Block]) -> Vec<Default<'a>> {
    let mut found = Vec::new();
    for (index, (offset, line)) in lines.iter().enumerate() {
        if super::is_comment(line) {
            continue;
        }
        for (variable, is_unset, end) in tests(line) {
            let body = &line[end..];
            let region = if is_unset {
                run_if(*offset, line, end, blocks)
            } else if let Some(label) = GOTO.captures(body.trim_start()).and_then(|found| found.name("label"))
            {
                let start = offset + line.len();
                up_to(label.as_str(), &lines[index + 1..]).map(|end| start..end)
            } else {
                run_else(*offset, line, end, blocks)
            };
            found.extend(region.map(|region| Default { region, variable }));
        }
    }
    found
}

/// The tests of a line for a value: what is tested, whether it must have none, and where the test ends.
fn tests(line: &str) -> Vec<(&str, bool, usize)> {
    TEST.captures_iter(line)
        .filter_map(|captures| {
            let is_negated = captures.name("not").is_some();
            let end = captures.get(0)?.end();
            if let Some(name) = captures.name("defined") {
                return Some((name.as_str(), is_negated, end));
            }
            let empty = format!("{}{}", captures.name("open")?.as_str(), captures.name("close")?.as_str());
            let rest = line[end..].strip_prefix(empty.as_str()).filter(|_| !empty.is_empty())?;
            let is_whole = rest.starts_with([' ', '\t', '(', '\r', '\n']);
            let is_equal = !captures.name("operator")?.as_str().trim().eq_ignore_ascii_case("neq");
            is_whole.then_some((captures.name("name")?.as_str(), is_equal != is_negated, end + empty.len()))
        })
        .collect()
}

/// What is run where the test before `end` of the line holds.
fn run_if(offset: usize, line: &str, end: usize, blocks: &[Block]) -> Option<Range<usize>> {
    if line.trim_end().ends_with('(') && !ELSE.is_match(&line[end..]) {
        return blocks.iter().find(|block| block.opener == offset).map(|block| block.body.clone());
    }
    let length = ELSE.find(&line[end..]).map_or(line.len() - end, |found| found.start());
    Some(offset + end..offset + end + length)
}

/// What is run where it does not.
fn run_else(offset: usize, line: &str, end: usize, blocks: &[Block]) -> Option<Range<usize>> {
    if let Some(found) = ELSE.find(&line[end..]) {
        let start = offset + end + found.end();
        let block = blocks.iter().find(|block| block.opener == offset && line.trim_end().ends_with('('));
        return Some(start..block.map_or(offset + line.len(), |block| block.body.end));
    }
    let closer = blocks.iter().find(|block| block.opener == offset)?.closer;
    blocks.iter().find(|block| block.opener == closer).map(|block| block.body.clone())
}

/// Where the label stands, in one of the lines.
fn up_to(label: &str, lines: &[(usize, Cow<'_, str>)]) -> Option<usize> {
    lines
        .iter()
        .find(|(_, line)| {
            line.trim().strip_prefix(':').is_some_and(|name| name.trim().eq_ignore_ascii_case(label))
        })
        .map(|(offset, _)| *offset)
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::variables;

    /// What the text gives as the default of the variable, if it does.
    fn default(text: &str) -> Option<String> {
        variables("a.bat", &text.replace('\n', "\r\n")).into_iter().find(|said| said.contains(" of "))
    }

    #[test]
    fn what_is_set_where_a_variable_is_empty_is_its_default() {
        for text in [
            "if not defined WEB_PORT set WEB_PORT=8080\n",
            "if \"%WEB_PORT%\"==\"\" set WEB_PORT=8080\n",
            "if not \"%WEB_PORT%\" neq \"\" set WEB_PORT=8080\n",
            "if not defined WEB_PORT (\n  set WEB_PORT=8080\n)\n",
            "if defined WEB_PORT (\n  echo a\n) else (\n  set WEB_PORT=8080\n)\n",
            "if defined WEB_PORT goto start\nset WEB_PORT=8080\n:start\n",
        ] {
            assert_eq!(default(text).as_deref(), Some("8080 of WEB_PORT"), "{text}");
        }
    }

    #[test]
    fn an_argument_that_is_missing_has_a_default_under_any_name() {
        assert_eq!(default("if \"%1\"==\"\" set WEB_PORT=8080\n").as_deref(), Some("8080 of "));
        assert_eq!(default("if not defined API_PORT set WEB_PORT=8080\n"), None);
    }

    #[test]
    fn what_is_set_where_a_variable_has_a_value_is_no_default() {
        for text in [
            "if defined WEB_PORT set WEB_PORT=8080\n",
            "if \"%WEB_PORT%\"==\"80\" set WEB_PORT=8080\n",
            "if defined WEB_PORT goto start\n:start\nset WEB_PORT=8080\n",
            "rem if not defined WEB_PORT\nset WEB_PORT=8080\n",
        ] {
            assert_eq!(default(text), None, "{text}");
        }
    }
}
