//! The examples of rows, run: a failing example means that the row or the example is wrong.

use std::ops::Range;
use std::path::Path;

use super::packs::{Example, Expected, Row};
use super::{Language, Meaning, Packs, SyntaxCache, analyze_by};

/// An example that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The id of its row.
    pub id: String,
    /// The bytes of the row in the file that it is from.
    pub span: Range<usize>,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

impl Packs {
    /// The examples of the project's own rows that do not hold.
    #[must_use]
    pub fn failed_examples(&self) -> Vec<Failed> {
        let mut failed = Vec::new();
        for (span, row) in self.own_rows() {
            let messages = failures(row, self, &self.without_own(row.id()));
            failed.extend(messages.into_iter().map(|message| Failed {
                id: row.id().to_owned(),
                span: span.clone(),
                message,
            }));
        }
        failed
    }
}

/// Why examples of a row do not hold. `without` are the same rows without this one.
pub(super) fn failures(row: &dyn Row, packs: &Packs, without: &Packs) -> Vec<String> {
    let language = |path: &Path| Language::of_path(path).unwrap_or(Language::Yaml).name();
    let examples = row.examples();
    let faults = examples.iter().filter_map(|example| example.fault(row.id(), packs, without));
    faults.chain(row.misjudged(packs, without, &language)).collect()
}

impl Example {
    /// Why the example does not hold; `None` where it does. `without` are the same rows without its own.
    pub(super) fn fault(&self, id: &str, packs: &Packs, without: &Packs) -> Option<String> {
        let Self { expected, ending, text } = self;
        let Some(language) = self.language() else {
            return Some(format!("no language that port-manager reads has files that end in `.{ending}`"));
        };
        let found = read(text, language, packs, Meaning::is_number);
        let is_changed = || self.is_changed(packs, without);
        match expected {
            Expected::Found if found.is_empty() => Some(format!("no port is found in `{text}`")),
            Expected::Found if !decides(id, &found) && !is_changed() => {
                let by = found.first().map(|(_, by)| by.as_str()).unwrap_or_default();
                Some(format!("the port in `{text}` is found by `{by}`, not by this row"))
            }
            Expected::None if !found.is_empty() => Some(format!("a port is found in `{text}`")),
            Expected::Changed if !is_changed() => Some(format!("the row changes nothing in `{text}`")),
            Expected::Read if !decides(id, &read(text, language, packs, is_reference)) => {
                Some(format!("no variable is read by this row in `{text}`"))
            }
            Expected::NotRead if !read(text, language, packs, is_reference).is_empty() => {
                Some(format!("a variable is read in `{text}`"))
            }
            _ => None,
        }
    }

    /// Whether the text is read otherwise without the row.
    pub(super) fn is_changed(&self, packs: &Packs, without: &Packs) -> bool {
        let read = |packs| self.language().map(|language| read(&self.text, language, packs, |_| true));
        read(packs) != read(without)
    }

    fn language(&self) -> Option<Language> {
        Language::of_path(Path::new(&format!("a.{}", self.ending)))
    }
}

/// What those places of a text mean that count, and what decided each.
fn read(
    text: &str,
    language: Language,
    packs: &Packs,
    counts: impl Fn(&Meaning) -> bool,
) -> Vec<(Meaning, String)> {
    let analysis = analyze_by(text, language, packs, &mut SyntaxCache::default());
    analysis
        .occurrences
        .into_iter()
        .filter(|occurrence| counts(&occurrence.meaning))
        .map(|occurrence| (occurrence.meaning, occurrence.decided_by.as_str().to_owned()))
        .collect()
}

fn is_reference(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Reference { .. })
}

fn decides(id: &str, found: &[(Meaning, String)]) -> bool {
    found.iter().any(|(_, by)| by == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Rows;

    /// What is wrong with the examples of a project's row about the calls of `startServer`.
    fn failed(examples: &str) -> Vec<String> {
        let row = format!(
            "[[call]]\nid = 'our.start'\nmeans = 'Ours.'\ndoes = 'listen'\nnames = ['startServer']\n{examples}\n"
        );
        let packs = Packs::with(toml::from_str::<Rows>(&row).unwrap());
        packs
            .failed_examples()
            .into_iter()
            .map(|failed| format!("{}: {}", failed.id, failed.message))
            .collect()
    }

    #[test]
    fn an_example_holds_where_its_row_decides() {
        assert_eq!(
            failed("found = [{ js = 'startServer(8080)' }]\nnot = [{ js = 'startServer(name)' }]"),
            [""; 0]
        );
    }

    #[test]
    fn an_example_that_does_not_hold_is_explained() {
        for (examples, expected) in [
            ("found = [{ js = 'stop(8080)' }]", "our.start: no port is found in `stop(8080)`"),
            (
                "found = [{ js = 'app.listen(8080)' }]",
                "our.start: the port in `app.listen(8080)` is found by `call.listen`, not by this row",
            ),
            ("not = [{ js = 'startServer(8080)' }]", "our.start: a port is found in `startServer(8080)`"),
            (
                "found = [{ md = 'startServer(8080)' }]",
                "our.start: no language that port-manager reads has files that end in `.md`",
            ),
        ] {
            assert_eq!(failed(examples), [expected]);
        }
    }
}
