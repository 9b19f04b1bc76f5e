//! Every row has examples, and whatever a row says is needed by one of them: without it, the example is read otherwise.

use toml::Spanned;

use super::super::{BUILT_IN_ROWS, Packs, Rows};
use super::*;
use crate::analysis::command_line::{CommandPort, ports};

/// The rows with others about programs.
fn packs(rows: &[ProgramRow]) -> Packs {
    let program = rows.iter().map(|row| Spanned::new(0..0, row.clone())).collect();
    Packs::of(Rows::default(), &Rows { program, ..BUILT_IN_ROWS.clone() })
}

fn program_rows() -> Vec<ProgramRow> {
    BUILT_IN_ROWS.program.iter().map(|row| row.get_ref().clone()).collect()
}

/// The example without the marks, and what it marks.
fn unmarked(example: &str) -> (String, Vec<String>) {
    let marked = example.split('«').skip(1).filter_map(|part| Some(part.split_once('»')?.0.to_owned()));
    (example.replace(['«', '»'], ""), marked.collect())
}

/// All examples of a row.
fn examples(row: &ProgramRow) -> Vec<String> {
    let mut examples: Vec<String> = row.found.iter().chain(&row.not).map(|text| unmarked(text).0).collect();
    examples.extend(row.each_examples());
    examples
        .extend(filled(row.each_option.as_ref(), &[row.valued.as_slice(), row.switches.as_slice()].concat()));
    examples
}

/// The row without one of the words that it says, in each way, with that word.
fn without_one(row: &ProgramRow) -> Vec<(String, ProgramRow)> {
    type List = fn(&mut ProgramRow) -> &mut Vec<String>;
    let lists: [List; 7] = [
        |row| &mut row.names,
        |row| &mut row.words,
        |row| &mut row.reads,
        |row| &mut row.flags,
        |row| &mut row.value,
        |row| &mut row.valued,
        |row| &mut row.switches,
    ];
    let mut all = Vec::new();
    for list in lists {
        for index in 0..list(&mut row.clone()).len() {
            let mut less = row.clone();
            let word = list(&mut less).remove(index);
            // Without any word, a list asks for none.
            if list(&mut less).is_empty() {
                list(&mut less).push("\u{0}".to_owned());
            }
            all.push((word, less));
        }
    }
    let named = ProgramRow { is_named: false, ..row.clone() };
    let body = ProgramRow { is_body: false, ..row.clone() };
    all.extend(row.is_named.then_some(("is-named".to_owned(), named)));
    all.extend(row.is_body.then_some(("is-body".to_owned(), body)));
    all
}

#[test]
fn every_row_decides_about_the_numbers_that_it_marks() {
    let rows = program_rows();
    let packs = packs(&rows);
    let mut wrong = Vec::new();
    for row in &rows {
        for example in &row.found {
            let (text, marked) = unmarked(example);
            // What is run, and the network of a container, is decided about by other rows.
            let is_own = |port: &&CommandPort| {
                matches!(row.does, Does::Runs | Does::Joins) || port.decided_by == row.id
            };
            let read = ports(&text, &packs);
            let found: Vec<_> =
                read.iter().filter(is_own).map(|port| text[port.span.clone()].to_owned()).collect();
            if found.is_empty() || !marked.is_empty() && found != marked {
                wrong.push(format!("{}: {example}\n  {read:?}", row.id.as_str()));
            }
        }
        for text in &row.not {
            let read = ports(text, &packs);
            if !read.is_empty() {
                wrong.push(format!("{}: {text}\n  {read:?}", row.id.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_word_of_a_row_has_an_example_that_needs_it() {
    let rows = program_rows();
    let all = packs(&rows);
    let mut wrong = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let examples: Vec<_> = examples(row).into_iter().map(|text| (ports(&text, &all), text)).collect();
        for (word, less) in without_one(row) {
            let mut others = rows.clone();
            others[index] = less;
            let without = packs(&others);
            if !examples.iter().any(|(read, text)| *read != ports(text, &without)) {
                wrong.push(format!("{}: {word}", row.id.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
