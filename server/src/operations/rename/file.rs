//! What a rename changes in one file.

use std::path::{Path, PathBuf};

use crate::analysis::{Language, Meaning, Occurrence, SyntaxCache, analyze_by};
use crate::fixes::Edit;
use crate::operations::source::SkipReason;
use crate::ports_env::{self, PortsEnv};
use crate::project::map::Role;
use crate::project::runtime::Runtime;
use crate::rules::{Document, Facts, NamedPort, SETTINGS_FILE_NAME};
use crate::variable::Variable;

/// A file in which a variable gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its text before.
    pub text: String,
    /// The edits, in the order of the text.
    pub edits: Vec<Edit>,
}

/// What was found in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) edits: Vec<Edit>,
    /// The lines that keep the old name.
    pub(super) left: Vec<usize>,
    /// A line on which the name cannot be changed without changing what else uses it.
    pub(super) blocked: Option<usize>,
}

/// Looks for a variable's name in files.
pub(super) struct Reader<'a> {
    facts: &'a Facts,
    from: &'a Variable,
    to: &'a Variable,
    /// Whether the project's own programs read the variable. Where none does, a container's variable of that name is that
    /// of an image, whose programs know no other.
    is_read_by_programs: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn of(facts: &'a Facts, from: &'a Variable, to: &'a Variable) -> Self {
        let is_of_program = |path: &Path| Language::of_path(path).is_some_and(Language::is_program);
        let is_read_by_programs =
            facts.map.places_naming(from).any(|place| place.role.reads() && is_of_program(&place.path));
        Self { facts, from, to, is_read_by_programs }
    }

    /// What becomes of a text that lies at `path`, `relative` to the root.
    pub(super) fn read(&self, path: &Path, relative: &Path, text: &str) -> Found {
        let words: Vec<usize> = words(text, self.from.as_str()).collect();
        let mut found = Found::default();
        match path.file_name().and_then(|name| name.to_str()) {
            Some(ports_env::FILE_NAME | ports_env::EXAMPLE_FILE_NAME) => {
                let lines = PortsEnv::parse(text);
                let named = lines.named_lines().filter(|(variable, ..)| *variable == self.from);
                found.edits.extend(named.map(|(_, span, _)| Edit::replace(span, self.to.as_str())));
                // What a comment says of it is about the same line.
                return found;
            }
            Some(SETTINGS_FILE_NAME) => {
                let named = NamedPort::all_in_settings(text, self.facts);
                let named = named.iter().filter(|named| named.variable.as_ref() == Some(self.from));
                let named = named.filter(|named| named.mention.name() == Some(self.from));
                found.edits.extend(named.map(|it| Edit::replace(it.span.clone(), self.to.as_str())));
            }
            _ => self.read_analysed(path, relative, text, &words, &mut found),
        }
        found.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        found.edits.dedup();
        let line_of = |at: usize| text[..at].matches('\n').count() + 1;
        let is_edited = |at: &usize| found.edits.iter().any(|edit| edit.span.start == *at);
        found.left = words.into_iter().filter(|at| !is_edited(at)).map(line_of).collect();
        found.left.dedup();
        found
    }

    fn read_analysed(&self, path: &Path, relative: &Path, text: &str, words: &[usize], found: &mut Found) {
        let Some(language) = Language::of(path, text).filter(|_| SkipReason::of(text.as_bytes()).is_none())
        else {
            return;
        };
        if self.facts.variable_read_as(self.from, relative) != *self.from {
            return;
        }
        let packs = self.facts.settings.packs();
        let analysis = analyze_by(text, language, packs, &mut SyntaxCache::default());
        let document = Document { path, text, language, analysis: &analysis };
        let facts = self.facts.seeing(&document);
        for occurrence in &analysis.occurrences {
            let (name, is_renamable) = match &occurrence.meaning {
                Meaning::Reference { variable, is_renamable, .. } => (variable, *is_renamable),
                Meaning::Definition { variable, .. } => (variable, true),
                _ => continue,
            };
            if name != self.from || self.is_of_an_image(occurrence, relative, &facts) {
                continue;
            }
            match self.word_of(occurrence, text, words).filter(|_| is_renamable) {
                Some(at) => found.edits.push(Edit::replace(at..at + name.as_str().len(), self.to.as_str())),
                None => {
                    let before = text.get(..occurrence.span.start).unwrap_or_default();
                    found.blocked = Some(before.matches('\n').count() + 1);
                    return;
                }
            }
        }
        // There every word of that name is the variable: `export WEB_PORT`.
        if is_of_variables(language) && !found.edits.is_empty() {
            let length = self.from.as_str().len();
            let words = words.iter().map(|at| Edit::replace(*at..at + length, self.to.as_str()));
            found.edits = words.collect();
        }
    }

    /// The word that is the name of an occurrence: at its place, in it, or the last one before it on its line, as the key of a
    /// value is.
    fn word_of(&self, occurrence: &Occurrence, text: &str, words: &[usize]) -> Option<usize> {
        let span = &occurrence.span;
        let line = text.get(..span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
        let within =
            words.iter().find(|at| span.start <= **at && **at + self.from.as_str().len() <= span.end);
        let is_key = matches!(occurrence.meaning, Meaning::Definition { .. });
        let before = words.iter().rfind(|at| line <= **at && **at < span.start).filter(|_| is_key);
        within.or(before).copied()
    }

    fn is_of_an_image(&self, occurrence: &Occurrence, relative: &Path, facts: &Facts) -> bool {
        !self.is_read_by_programs
            && matches!(occurrence.meaning, Meaning::Definition { .. })
            && facts
                .map
                .place(relative, &occurrence.span)
                .is_some_and(|place| place.role == Role::Defines && place.runtime == Runtime::Container)
    }
}

/// Whether a language has no names but those of variables.
fn is_of_variables(language: Language) -> bool {
    matches!(language, Language::Shell | Language::Makefile | Language::Procfile | Language::Env)
}

/// Where a name is a word of its own.
fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_of_name = |byte: Option<&u8>| byte.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_');
    let found = memchr::memmem::find_iter(text.as_bytes(), name.as_bytes()).collect::<Vec<_>>();
    found.into_iter().filter(move |at| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        !is_of_name(before) && !is_of_name(text.as_bytes().get(at + name.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_within_another_is_not_a_word() {
        let text = "WEB_PORT VITE_WEB_PORT WEB_PORT2 $WEB_PORT\"WEB_PORT\"";
        assert_eq!(words(text, "WEB_PORT").collect::<Vec<_>>(), [0, 34, 43]);
    }
}
