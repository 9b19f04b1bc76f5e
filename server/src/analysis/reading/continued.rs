//! Lines that a mark at their end continues.

use std::borrow::Cow;

/// The lines of a text as they are meant, each with where it begins. What continues a line, and the end of
/// it, is blanked: a line keeps its length in bytes. Comments between continued lines are blanked where the
/// format has such.
pub(in crate::analysis) fn lines<'a>(
    text: &'a str,
    mark: char,
    is_comment: fn(&str) -> bool,
) -> Vec<(usize, Cow<'a, str>)> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_end_matches(['\n', '\r']);
        let is_within = open.is_some();
        // A doubled mark stands for itself.
        let marks = code.len() - code.trim_end_matches(mark).len();
        let is_continued = marks % 2 == 1 && (is_within || !is_comment(code));
        match open.as_mut() {
            Some((_, whole)) if is_comment(code) => whole.push_str(&" ".repeat(line.len())),
            Some((_, whole)) if is_continued => blank_end(whole, line, mark),
            Some((_, whole)) => whole.push_str(line),
            None if is_continued => {
                let mut whole = String::new();
                blank_end(&mut whole, line, mark);
                open = Some((offset, whole));
            }
            None => lines.push((offset, Cow::Borrowed(line))),
        }
        let ends = is_within && !is_continued && !is_comment(code);
        if ends && let Some((start, whole)) = open.take() {
            lines.push((start, Cow::Owned(whole)));
        }
        offset += line.len();
    }
    lines.extend(open.map(|(start, whole)| (start, Cow::Owned(whole))));
    lines
}

/// Adds a line without the mark that continues it.
fn blank_end(whole: &mut String, line: &str, mark: char) {
    let kept = line.trim_end_matches(['\n', '\r']).strip_suffix(mark).unwrap_or(line);
    whole.push_str(kept);
    whole.push_str(&" ".repeat(line.len() - kept.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continued_line_keeps_its_length() {
        let text = "a \\\n# no\n  b \\\r\n c\nd\\\\\ne\\\n";
        let lines = lines(text, '\\', |line| line.starts_with('#'));
        let read: Vec<(usize, &str)> = lines.iter().map(|(start, line)| (*start, &**line)).collect();
        assert_eq!(read, [(0, "a          b     c\n"), (19, "d\\\\\n"), (23, "e  ")]);
        assert_eq!(lines.iter().map(|(_, line)| line.len()).sum::<usize>(), text.len());
    }
}
