//! The instructions of a Dockerfile, as BuildKit's parser separates them.

use std::ops::Range;

use crate::pattern::{Pattern, regex};

/// An instruction of a Dockerfile; that which `ONBUILD` keeps for the images that are built from this one, too.
pub(super) struct Instruction<'a> {
    pub(super) keyword: &'a str,
    /// The bytes of the arguments, continued lines and the comments between them included.
    pub(super) arguments: Range<usize>,
    /// The here-documents that follow, in order.
    pub(super) bodies: Vec<Body<'a>>,
}

/// A here-document.
pub(super) struct Body<'a> {
    /// What ends it.
    pub(super) mark: &'a str,
    /// Where the word stands in the arguments that opens it.
    pub(super) opened_at: usize,
    /// Its bytes, with the line that ends it.
    pub(super) text: Range<usize>,
}

/// The instructions of a Dockerfile.
pub(super) fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let escape = escape(text);
    let mut found = Vec::new();
    let mut offset = 0;
    let mut open: Option<(&str, usize)> = None;
    while let Some(line) = text.get(offset..).and_then(|rest| rest.split_inclusive('\n').next()) {
        let trimmed = line.trim();
        offset += line.len();
        let is_comment = trimmed.starts_with('#');
        if is_comment || (trimmed.is_empty() && open.is_some()) {
            continue;
        }
        let (keyword, start) = open.take().unwrap_or_else(|| {
            let indent = line.len() - line.trim_start().len();
            let word = trimmed.split_whitespace().next().unwrap_or_default();
            (word, offset - line.len() + indent + word.len())
        });
        // A doubled mark stands for itself.
        let is_continued = trimmed.strip_suffix(escape).is_some_and(|rest| !rest.ends_with(escape));
        if is_continued {
            open = Some((keyword, start));
        } else if !keyword.is_empty() {
            let (keyword, arguments) = triggered(text, keyword, start..offset);
            let bodies = bodies(text, keyword, arguments.clone());
            offset = bodies.last().map_or(offset, |body| body.text.end);
            found.push(Instruction { keyword, arguments, bodies });
        }
    }
    if let Some((keyword, start)) = open {
        let (keyword, arguments) = triggered(text, keyword, start..text.len());
        found.push(Instruction { keyword, arguments, bodies: Vec::new() });
    }
    found
}

/// `# escape=` and a backtick, as on Windows, where the backslash separates directories.
static DIRECTIVE: Pattern = regex!(r"^#\s*(?P<name>[A-Za-z]+)\s*=\s*(?P<value>\S*)\s*$");

/// The mark that continues a line, by the directives with which the text begins.
fn escape(text: &str) -> char {
    let directives = text.lines().map_while(|line| DIRECTIVE.captures(line.trim()));
    let is_backtick =
        directives.into_iter().any(|it| it["name"].eq_ignore_ascii_case("escape") && &it["value"] == "`");
    if is_backtick { '`' } else { '\\' }
}

/// The instruction that is meant: what `ONBUILD` keeps.
fn triggered<'a>(text: &'a str, keyword: &'a str, arguments: Range<usize>) -> (&'a str, Range<usize>) {
    if !keyword.eq_ignore_ascii_case("onbuild") {
        return (keyword, arguments);
    }
    let body = &text[arguments.clone()];
    let inner = body.split_whitespace().next().unwrap_or_default();
    let start = arguments.start + (body.len() - body.trim_start().len()) + inner.len();
    (inner, start..arguments.end)
}

/// `<<EOF`, `<<-"EOF"`, `3<<EOF`, a word of its own.
static HERE_DOCUMENT: Pattern =
    regex!(r#"(?:^|\s)[0-9]*<<-?(?:["'](?P<quoted>[^"'\s<]+)["']|(?P<mark>[^"'\s<]+))"#);

/// The here-documents that an instruction opens, one after the other.
fn bodies<'a>(text: &'a str, keyword: &str, arguments: Range<usize>) -> Vec<Body<'a>> {
    if !["run", "copy", "add"].iter().any(|word| keyword.eq_ignore_ascii_case(word)) {
        return Vec::new();
    }
    let mut start = arguments.end;
    let mut bodies = Vec::new();
    let arguments = &text[arguments];
    for captures in HERE_DOCUMENT.captures_iter(arguments) {
        let (Some(word), Some(mark)) =
            (captures.get(0), captures.name("quoted").or_else(|| captures.name("mark")))
        else {
            continue;
        };
        let mut end = start;
        let ends = |line: &str| {
            end += line.len();
            line.trim() == mark.as_str()
        };
        // Without a line that ends it, it is something else.
        if !is_quoted(&arguments[..word.start()]) && text[start..].split_inclusive('\n').any(ends) {
            bodies.push(Body { mark: mark.as_str(), opened_at: word.start(), text: start..end });
            start = end;
        }
    }
    bodies
}

/// Whether a quote is open behind the words of a shell.
fn is_quoted(words: &str) -> bool {
    let mut quote = None;
    let mut characters = words.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if quote != Some('\'') => drop(characters.next()),
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            _ => {}
        }
    }
    quote.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keywords and arguments of a text's instructions.
    fn found(text: &str) -> Vec<(&str, &str)> {
        instructions(text).into_iter().map(|it| (it.keyword, text[it.arguments].trim())).collect()
    }

    #[test]
    fn an_instruction_ends_where_no_mark_continues_its_line() {
        assert_eq!(
            found("FROM a\nRUN b \\\n  # c\n\n  d\nUSER e\n"),
            [("FROM", "a"), ("RUN", "b \\\n  # c\n\n  d"), ("USER", "e")]
        );
        assert_eq!(found("RUN a\\\\\nUSER b\n"), [("RUN", "a\\\\"), ("USER", "b")]);
        assert_eq!(found("RUN a \\"), [("RUN", "a \\")]);
    }

    #[test]
    fn onbuild_keeps_an_instruction() {
        assert_eq!(found("ONBUILD EXPOSE 8080\n"), [("EXPOSE", "8080")]);
    }

    #[test]
    fn a_directive_at_the_top_may_choose_the_mark() {
        assert_eq!(found("# escape=`\nRUN a `\n  b\n"), [("RUN", "a `\n  b")]);
        assert_eq!(found("FROM a\n# escape=`\nRUN b `\n"), [("FROM", "a"), ("RUN", "b `")]);
    }

    #[test]
    fn here_documents_follow_in_the_order_of_their_words() {
        let text = "COPY <<A <<-\"B\" /etc/\n1\nA\n2\nB\nUSER a\n";
        let instructions = instructions(text);
        let bodies = instructions[0].bodies.iter().map(|body| (body.mark, &text[body.text.clone()]));
        assert_eq!(bodies.collect::<Vec<_>>(), [("A", "1\nA\n"), ("B", "2\nB\n")]);
        assert_eq!(instructions[1].keyword, "USER");
    }

    #[test]
    fn a_quoted_or_unfinished_mark_opens_no_here_document() {
        for text in ["RUN echo '<<A'\n1\nA\n", "RUN cat <<A\n1\n", "LABEL a=b <<A\n1\nA\n"] {
            assert!(instructions(text)[0].bodies.is_empty(), "{text}");
        }
    }
}
