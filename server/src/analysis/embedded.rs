//! Files that a text makes: here-documents that a script writes into a file, files that settings hold.

pub(super) mod heredoc;

use std::ops::Range;
use std::path::Path;

use super::SyntaxCache;
use super::language::Language;
use super::occurrence::{Meaning, Occurrence, Shape};
use super::packs::Packs;

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
    let mut found = language.occurrences(content, packs, &mut SyntaxCache::default());
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
