//! Files that a text makes: here-documents that a script writes into a file, files that settings hold.

pub(super) mod heredoc;

use std::ops::Range;
use std::path::Path;

use super::language::Language;
use super::occurrence::{Meaning, Occurrence, Shape};
use super::packs::Packs;
use super::tree::Trees;

/// A part of a text that is a file of its own.
pub(super) struct EmbeddedFile<'a> {
    pub(super) part: Range<usize>,
    pub(super) form: Form<'a>,
}

/// What tells how such a part is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form<'a> {
    /// The file's name.
    Name(&'a str),
    /// Its first line, as in a script.
    FirstLine,
    /// Who gets it.
    Language(Language),
}

/// The ports in the part of a text that is another file, by the name of that or by its own first line. What can be
/// written there who fills it in decides. A file in that file is not read: there is no end to what a text can hold.
pub(super) fn read(text: &str, part: Range<usize>, form: Form<'_>, packs: &Packs) -> Vec<Occurrence> {
    let Some(content) = text.get(part.clone()) else { return Vec::new() };
    let language = match form {
        Form::Name(name) => Language::of_path(Path::new(name.trim_matches(['"', '\'']))),
        Form::FirstLine => Language::of_first_line(content.trim_start()),
        Form::Language(language) => Some(language),
    };
    let Some(language) = language else { return Vec::new() };
    let mut found = language.occurrences(content, packs, &mut Trees::default());
    found.retain_mut(|occurrence| {
        occurrence.span = part.start + occurrence.span.start..part.start + occurrence.span.end;
        match &mut occurrence.meaning {
            Meaning::Literal(literal) => {
                literal.shape = Shape::Template;
                true
            }
            _ => false,
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tests::finds_what_is_marked;

    /// The numbers that are found in what stands behind the first line of a text.
    fn found<'a>(text: &'a str, form: Form<'_>) -> Vec<(&'a str, Shape)> {
        let part = text.find('\n').unwrap() + 1..text.len();
        let found = read(text, part, form, Packs::built_in());
        let number = |occurrence: Occurrence| {
            Some((&text[occurrence.span], occurrence.meaning.literal()?.shape.clone()))
        };
        found.into_iter().filter_map(number).collect()
    }

    #[test]
    fn a_part_is_read_as_the_file_that_it_becomes() {
        let number = [("8080", Shape::Template)];
        assert_eq!(found("a\nport = 8080\n", Form::Name("a.ini")), number);
        assert_eq!(found("a\nport = 8080\n", Form::Name("'a.ini'")), number);
        assert_eq!(found("a\nport = 8080\n", Form::Language(Language::Python)), number);
        assert_eq!(found("a\n#!/usr/bin/env python3\nport = 8080\n", Form::FirstLine), number);
        assert_eq!(found("a\nport = 8080\n", Form::Name("a.md")), []);
        assert_eq!(found("a\nport = 8080\n", Form::FirstLine), []);
    }

    #[test]
    fn a_default_of_the_other_file_is_not_ours_to_fix() {
        assert_eq!(found("a\nserve ${WEB_PORT:-8080}\n", Form::Name("a.sh")), []);
    }

    #[test]
    fn a_file_in_a_file_in_a_text_is_not_read() {
        finds_what_is_marked(
            "a.sh",
            "cat > b.sh <<B\nserve --port «8080 command-flag»\ncat > c.ini <<C\nport = 8081\nC\nB\n",
        );
    }
}
