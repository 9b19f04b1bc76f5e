//! What can be written at a place of a text: a position in, offers out.
//!
//! Where a variable is read, that is the project's port variables; in the files of port-manager, what these hold. The text
//! need not be finished, nor saved.

mod lookup;
mod ports_env;
mod settings;
mod variables;

use std::ops::Range;
use std::path::Path;

use crate::analysis::Language;
use crate::ports_env::{EXAMPLE_FILE_NAME, FILE_NAME};
use crate::rewrite::Edit;
use crate::rules::{Facts, SETTINGS_FILE_NAME};

/// The signs behind which something may be offered, so that an editor asks: those that stand before the name of a variable in
/// any form of a lookup, and those that open a value.
pub const TRIGGERS: [char; 11] = ['.', '"', '\'', '`', '{', '(', '[', '$', '%', ':', '='];

/// What may be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// How it is called.
    pub label: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it becomes in the text: one line, around the place.
    pub edit: Edit,
    /// What is typed for it, from where the edit begins.
    pub filter: String,
    /// Edits elsewhere that it needs.
    pub besides: Vec<Edit>,
    /// A few words beside the label: the number.
    pub hint: Option<String>,
    /// A line about it: number, service type, project.
    pub detail: Option<String>,
    /// More about it, a line each.
    pub lines: Vec<String>,
}

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A variable.
    Variable,
    /// A number.
    Number,
    /// A key of settings.
    Key,
    /// A table of settings.
    Table,
    /// One of the values that a key may have.
    Choice,
    /// A path of the project.
    Path,
}

/// A place in the text of a file, as an editor has both.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// Where the file lies.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// The byte offset.
    pub offset: usize,
}

/// What may be written there, the likeliest first; nothing in a file that is not read.
#[must_use]
pub fn offers(at: At<'_>, facts: &Facts) -> Vec<Offer> {
    if at.text.get(..at.offset).is_none() || facts.settings.ignores(at.path) {
        return Vec::new();
    }
    match at.path.file_name().and_then(|name| name.to_str()) {
        Some(SETTINGS_FILE_NAME) => settings::offers(at, facts),
        Some(FILE_NAME) => ports_env::offers(at, facts, ports_env::File::Machine),
        Some(EXAMPLE_FILE_NAME) => ports_env::offers(at, facts, ports_env::File::Team),
        // `check` does not look at it, so nothing else does.
        _ if facts.is_left_out => Vec::new(),
        _ => Language::of(at.path, at.text)
            .map_or_else(Vec::new, |language| lookup::offers(at, language, facts)),
    }
}

/// Whether anything may ever be offered in a file.
#[must_use]
pub fn may_be_offered(path: &Path, text: &str) -> bool {
    path.file_name().is_some_and(|name| name == SETTINGS_FILE_NAME) || Language::of(path, text).is_some()
}

/// The line that a byte offset is in, without its end.
fn line_around(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[offset..].find(['\n', '\r']).map_or(text.len(), |end| offset + end);
    start..end
}

/// The characters of one kind around a byte offset.
fn around(text: &str, offset: usize, is_part: impl Fn(char) -> bool) -> Range<usize> {
    let before: usize = text[..offset].chars().rev().take_while(|it| is_part(*it)).map(char::len_utf8).sum();
    let after: usize = text[offset..].chars().take_while(|it| is_part(*it)).map(char::len_utf8).sum();
    offset - before..offset + after
}
