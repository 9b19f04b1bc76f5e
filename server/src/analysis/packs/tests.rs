//! Every row has examples, and every example decides something for its row: without the row, it is read otherwise.

mod knowledge;

use std::collections::BTreeSet;

use super::row::Row;
use super::*;
use crate::analysis::examples::failures;

#[test]
fn every_name_of_a_row_has_an_example_that_needs_the_row() {
    let mut wrong = Vec::new();
    for (_, row) in BUILT_IN_ROWS.each() {
        let without = Packs::of(Rows::default(), &BUILT_IN_ROWS.without(row.id()));
        let examples = row.examples();
        let faults = failures(row, Packs::built_in(), &without).into_iter();
        wrong.extend(faults.map(|fault| format!("{}: {fault}", row.id())));
        // Those of a row about files are paths, which it decides about or not.
        if !examples.is_empty()
            && !examples.iter().any(|example| example.is_changed(Packs::built_in(), &without))
        {
            wrong.push(format!("{}: no example needs the row", row.id()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_row_has_an_id_of_its_own() {
    let ids: Vec<_> = BUILT_IN_ROWS.each().map(|(_, row)| row.id()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn every_name_in_a_lookup_has_an_example_that_needs_it() {
    let mut wrong = Vec::new();
    for (index, row) in BUILT_IN_ROWS.environment.iter().enumerate() {
        for name in row.get_ref().names() {
            let mut others = BUILT_IN_ROWS.clone();
            others.environment[index].get_mut().forget(name);
            let without = Packs::of(Rows::default(), &others);
            let is_needed = |example: &row::Example| example.is_changed(Packs::built_in(), &without);
            if !row.get_ref().examples().iter().any(is_needed) {
                wrong.push(format!("{}: {name:?}", row.get_ref().id()));
            }
        }
    }
    assert!(wrong.is_empty(), "no example needs\n{}", wrong.join("\n"));
}
