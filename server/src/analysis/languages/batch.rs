//! Batch files of Windows: what is set, and the command lines of all other commands.

mod blocks;
mod unset;

use std::ops::Range;

use crate::analysis::command_line;
use crate::analysis::occurrence::{Meaning, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::continued;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};

/// `set PORT=8080`, `set "PORT=8080"`, `set /a PORT = 8080`; what `/p` is followed by is a question.
static SET: Pattern = regex!(
    r#"(?i)(?:^|[\s(@])set\s+(?P<ask>/p\s+)?(?:/a\s+)?"?(?P<name>[A-Za-z_][0-9A-Za-z_.-]*)\s*=\s*(?P<value>[^"\r\n]*)"#
);

/// What is printed, up to the statement's end.
static PRINTED: Pattern =
    regex!(r"(?i)(?:^|[\s(@])(?:echo(?:[\s.:(\[,;/+]|$)|title\s|msg\s)|write-(?:host|output)[\s(]");

/// A redirection into a file; `>nul` and `>&2` lead into none.
static INTO_FILE: Pattern = regex!(r#"(?i)>{1,2}\s*(?:[^\s&>n]|n[^\su]|nu[^\sl]|nul[0-9a-z._-])"#);

/// `%NAME%`, `!NAME!`, `%NAME:~0,4%`. A doubled `%` reads the variable of a loop.
static REFERENCE: Pattern =
    regex!(r"%(?P<name>[A-Za-z_][0-9A-Za-z_]*)(?::[^%\r\n]*)?%|!(?P<late>[A-Za-z_][0-9A-Za-z_]*)!");

/// Reads a batch file.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let lines = continued::lines(text, '^', is_comment);
    let blocks = blocks::of(&lines);
    let defaults = unset::defaults(&lines, &blocks);
    let mut found = Found::of(text, "batch", packs);
    for (offset, line) in lines.iter().filter(|(_, line)| !is_comment(line)) {
        let is_written = blocks.iter().any(|block| block.is_written && block.body.contains(offset));
        for part in statements(line) {
            let statement = &line[part.clone()];
            if is_comment(statement) {
                break;
            }
            references(statement, offset + part.start, &mut found);
            let printed = PRINTED.find(statement).filter(|_| {
                let is_piped = line[part.end..].starts_with('|') && !line[part.end..].starts_with("||");
                !is_written && !is_piped && !INTO_FILE.is_match(statement)
            });
            let code = printed.map_or(statement, |printed| &statement[..printed.start()]);
            // A redirection ends what stands before it.
            commands(&code.replace('>', " "), offset + part.start, &defaults, &mut found);
        }
    }
    found.finish()
}

/// Whether a line, or a statement of one, says nothing to the shell.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '@', '(']);
    line.starts_with("::")
        || line.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("rem"))
            && !line[3..].starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '-' | '='))
}

/// The statements of a line: what `&` and `|` part outside quotes, `^` before them takes their meaning.
fn statements(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_quoted = false;
    let mut previous = ' ';
    for (index, character) in line.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            // `>&2` parts nothing.
            '&' | '|' if !is_quoted && !matches!(previous, '^' | '>') => {
                found.push(start..index);
                start = index + 1;
            }
            _ => {}
        }
        previous = character;
    }
    found.push(start..line.len());
    found
}

/// Adds the ports of what a statement sets or runs.
fn commands(code: &str, offset: usize, defaults: &[unset::Default<'_>], found: &mut Found<'_>) {
    let Some(captures) = SET.captures(code) else {
        for port in
            command_line::ports(code, found.packs()).into_iter().filter(|port| !is_said(code, &port.span))
        {
            let span = offset + port.span.start..offset + port.span.end;
            found.literal_by(span, port.kind, Shape::Expanded, port.hint.as_deref(), port.decided_by);
        }
        return;
    };
    let (Some(name), Some(value)) = (captures.name("name"), captures.name("value")) else { return };
    if captures.name("ask").is_some() {
        found.definition_ignoring_case(offset + name.start()..offset + name.end(), None);
        return;
    }
    let written = up_to_parenthesis(value.as_str()).trim_end();
    let start = offset + value.start();
    let mut set = Found::of(found.text(), "batch", found.packs());
    set.setting(name.as_str(), written, start, &Shape::Expanded);
    for port in command_line::ports_given(name.as_str(), written, found.packs()) {
        let span = start + port.span.start..start + port.span.end;
        let hint = port.hint.as_deref().or(Some(name.as_str()));
        set.literal_by(span, port.kind, Shape::Expanded, hint, port.decided_by);
    }
    let tested = defaults
        .iter()
        .find(|default| default.covers(offset + name.start(), name.as_str()))
        .map(|default| default.variable);
    for occurrence in set.finish() {
        match (tested, &occurrence.meaning) {
            (Some(variable), Meaning::Literal(_)) => found.fallback(occurrence.span, variable),
            _ => found.add(occurrence),
        }
    }
    found.definition_ignoring_case(offset + name.start()..offset + name.end(), written.trim().parse().ok());
}

/// A value without what stands behind the `)` of a block around it.
fn up_to_parenthesis(value: &str) -> &str {
    let mut depth = 0_usize;
    for (index, character) in value.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return &value[..index],
            ')' => depth -= 1,
            _ => {}
        }
    }
    value
}

/// Whether what stands at the span is said to people by a routine of the file's own:
/// `call :log "Open http://localhost:8080"`.
fn is_said(code: &str, span: &Range<usize>) -> bool {
    let is_routine =
        code.trim_start_matches([' ', '\t', '@', '(']).to_ascii_lowercase().starts_with("call :");
    let before = code[..span.start].rsplit('"').next().unwrap_or_default();
    is_routine && code[..span.start].matches('"').count() % 2 == 1 && before.contains(' ')
}

fn references(statement: &str, offset: usize, found: &mut Found<'_>) {
    for captures in REFERENCE.captures_iter(statement) {
        let (Some(whole), Some(name)) =
            (captures.get(0), captures.name("name").or_else(|| captures.name("late")))
        else {
            continue;
        };
        if !statement[..whole.start()].ends_with('%') && !statement[whole.end()..].starts_with('%') {
            found.reference_ignoring_case(offset + name.start()..offset + name.end());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, variables};

    fn finds(text: &str) {
        finds_what_is_marked("a.bat", text);
    }

    #[test]
    fn what_is_set_is_read_by_its_name() {
        finds("set PORT=«8080 setting»\r\nset \"API_PORT=«8081 setting»\"\r\nset LIMIT=8082\r\n");
        finds("if exist a (set PORT=«8080 setting») else (set SIZE=8081)\r\n");
    }

    #[test]
    fn a_statement_ends_at_a_sign_outside_of_quotes() {
        finds("cd web & serve --port «8080 command-flag» && echo http://localhost:8081\r\n");
        finds("echo \"a & serve --port 8080\"\r\n");
        finds("echo a ^& serve --port 8080\r\n");
    }

    #[test]
    fn what_is_printed_counts_where_it_is_written_to_a_file() {
        finds("echo PORT=8080\r\n");
        finds("echo PORT=8080 >nul\r\n");
        finds("echo PORT=«8080 setting»>> .env\r\n");
        finds("(\r\necho PORT=«8080 setting»\r\n) > .env\r\n");
    }

    #[test]
    fn comments_and_what_a_routine_says_are_for_people() {
        finds("rem serve --port 8080\r\n:: serve --port 8080\r\nremote serve --port «8081 command-flag»\r\n");
        finds("call :log \"Open http://localhost:8080 now\"\r\ncall web http://localhost:«8081 connect»\r\n");
    }

    #[test]
    fn a_question_gives_a_variable_no_number() {
        assert_eq!(variables("a.bat", "set /p WEB_PORT=8080?\r\n"), ["WEB_PORT="]);
        assert_eq!(variables("a.bat", "set web_port=8080\r\n"), ["WEB_PORT=8080"]);
    }

    #[test]
    fn a_doubled_percent_sign_reads_no_variable() {
        assert_eq!(variables("a.bat", "serve %web_port% !API_PORT!\r\n"), ["$WEB_PORT", "$API_PORT"]);
        assert_eq!(variables("a.bat", "for %%WEB_PORT%% in (1) do serve\r\n"), [""; 0]);
    }
}
