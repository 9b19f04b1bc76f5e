//! Every row has examples, and every example decides something for its row: without the row, it is read otherwise.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use super::*;
use crate::analysis::{Language, Meaning, SyntaxCache, analyze_by};

/// The examples of a row: whether a port is in it, the language, and the text.
fn examples(row: &CallRow) -> Vec<(Expected, Language, String)> {
    let language = |ending: &str| Language::of_path(&PathBuf::from(format!("a.{ending}"))).unwrap();
    let given = |examples: &[HashMap<String, String>], expected: Expected| {
        let pairs = examples.iter().flatten();
        pairs.map(|(ending, text)| (expected, language(ending), text.clone())).collect::<Vec<_>>()
    };
    let names = if row.names.is_empty() { &row.roots } else { &row.names };
    let each = row.each.iter().flat_map(|(ending, text)| {
        names.iter().map(move |name| {
            let name = row.spelled.iter().find(|spelled| spelled.eq_ignore_ascii_case(name)).unwrap_or(name);
            (Expected::Changed, language(ending), text.replace("{}", &name.replace('*', "It")))
        })
    });
    let mut examples = given(&row.found, Expected::Found);
    examples.extend(given(&row.not, Expected::None));
    examples.extend(each);
    examples
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// A port is found.
    Found,
    /// None is found.
    None,
    /// Without the row, something else is found.
    Changed,
}

/// The numbers of a text with their meanings, and what decided each.
fn read(text: &str, language: Language, packs: &Packs) -> Vec<(Meaning, String)> {
    let analysis = analyze_by(text, language, packs, &mut SyntaxCache::default());
    analysis
        .occurrences
        .into_iter()
        .filter(|occurrence| occurrence.meaning.is_number())
        .map(|occurrence| (occurrence.meaning, occurrence.decided_by.as_str().to_owned()))
        .collect()
}

#[test]
fn every_name_of_a_row_has_an_example_that_needs_the_row() {
    let rows = call_rows();
    let mut wrong = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let mut others = rows.clone();
        others.remove(index);
        let without = Packs::of(others);
        let examples = examples(row);
        let mut is_needed = false;
        for (expected, language, text) in &examples {
            let found = read(text, *language, Packs::built_in());
            let changes = found != read(text, *language, &without);
            is_needed |= changes;
            let is_right = match expected {
                Expected::Found => !found.is_empty(),
                Expected::None => found.is_empty(),
                Expected::Changed => changes,
            };
            if !is_right {
                wrong.push(format!("{}: {expected:?} {text}\n  {found:?}", row.id.as_str()));
            }
        }
        if !is_needed {
            wrong.push(format!("{}: no example needs the row", row.id.as_str()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_row_has_an_id_of_its_own() {
    let rows = call_rows();
    let ids: BTreeSet<_> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len());
}
