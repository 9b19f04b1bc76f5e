//! Each row is run on its examples, and the rows are listed for people.

use std::fmt::Write;
use std::path::Path;

use super::*;
use crate::analysis::{Language, Literal, Meaning, SyntaxCache, analyze};
use crate::rewrite::{Fallback, by_hand};

/// What is found in an example, with the row and the advice that it gets.
fn advised<T>([path, text]: &[String; 2], take: impl Fn(Option<&'static Format>, &str) -> T) -> Vec<T> {
    let path = Path::new(path);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap();
    let language = Language::of_path(path).unwrap_or_else(|| panic!("{path:?}: no language"));
    let site = Site::new(name, text, language).of_file(path, Fallback::default());
    let variable = "DB_PORT".parse().unwrap();
    let analysis = analyze(text, language, &mut SyntaxCache::default());
    let literals = analysis.occurrences.iter().filter_map(|occurrence| match &occurrence.meaning {
        Meaning::Literal(literal) => Some((&occurrence.span, literal)),
        _ => None,
    });
    let one = |(span, literal): (&std::ops::Range<usize>, &Literal)| {
        let format = of(&Spot { site: &site, span, port: literal.port, variable: &variable });
        by_hand(&site, literal, span, Some(&variable)).map(|advice| take(format, &advice))
    };
    literals.filter_map(one).collect()
}

#[test]
fn every_row_is_given_for_its_examples_and_no_others() {
    let mut wrong = String::new();
    for format in FORMATS.iter() {
        let is_this =
            |other: Option<&'static Format>, _: &str| other.is_some_and(|it| std::ptr::eq(it, format));
        for example in &format.found {
            let found = advised(example, is_this);
            if found.is_empty() || found.contains(&false) {
                writeln!(wrong, "{}, found: {}: {found:?}", format.program, example[1]).unwrap();
            }
        }
        for example in &format.not {
            if advised(example, is_this).contains(&true) {
                writeln!(wrong, "{}, not: {}", format.program, example[1]).unwrap();
            }
        }
        if format.found.is_empty() || !format.documentation.starts_with("https://") || format.says.is_empty()
        {
            writeln!(wrong, "{}: no example, page or what it says", format.program).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn advice_names_the_variable_of_the_port() {
    for format in FORMATS.iter() {
        for example in &format.found {
            for advice in advised(example, |_, advice| advice.to_owned()) {
                let reads = format.advice.contains("WEB_PORT") || format.advice.contains("{value}");
                assert_eq!(advice.contains("DB_PORT"), reads, "{}: {advice}", format.program);
                let left =
                    ["WEB_PORT", "web_port", "{port}", "{lower}", "{key}", "{above}", "{helm}", "{value}"];
                assert!(!left.iter().any(|left| advice.contains(left)), "{}: {advice}", format.program);
            }
        }
    }
}

#[test]
fn every_language_of_a_row_exists() {
    let names: Vec<&str> = Language::all().map(Language::name).collect();
    for format in FORMATS.iter() {
        for language in &format.languages {
            assert!(names.contains(&language.as_str()), "{}: {language}", format.program);
        }
    }
}

#[test]
fn every_run_that_a_row_names_exists() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/advice/cases.py");
    let cases = std::fs::read_to_string(cases).unwrap();
    let runs = FORMATS.iter().filter_map(|format| format.run.as_ref());
    for run in runs {
        assert!(cases.contains(&format!("\ndef {run}(bench):")), "{run}");
    }
}

/// `docs/advice.md` is written from here: run the tests with `UPDATE_DOCS=1` to write it again.
#[test]
fn documentation_lists_every_row() {
    let mut page = HEAD.to_owned();
    let mut program = None;
    for format in FORMATS.iter() {
        let [path, _] = &format.found[0];
        let keys = match format.keys.is_empty() {
            true => String::new(),
            false => format!(", key `{}`", format.keys.join("`, `")),
        };
        let advice = advised(&format.found[0], |_, advice| advice.to_owned()).remove(0);
        if program != Some(&format.program) {
            writeln!(page, "## {}\n", format.program).unwrap();
        }
        program = Some(&format.program);
        writeln!(page, "`{path}`{keys}: {advice}.\n").unwrap();
        let run = format.run.as_ref().map_or(String::new(), |run| format!(" *Run:* `{run}`."));
        writeln!(page, "> {} ([page]({})){run}\n", format.says, format.documentation).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/advice.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(present == page, "UPDATE_DOCS=1 cargo test --lib by_hand writes docs/advice.md");
}

const HEAD: &str = "\
<!-- Written from the rows of server/src/rewrite/by_hand/formats: `UPDATE_DOCS=1 cargo test --lib by_hand` -->
# What is advised where no fix can be made

Some formats have no place for a variable, or one that only their program knows. There `check`, hover and the editors say what to do
by hand. Below is what they say of one example each, for a port 8080 whose variable is `DB_PORT`: the file, the keys for which it is
true, and what the program's own documentation says. Other keys get the advice of their language.

`make prove-advice` starts the programs that apt, PyPI and npm have, and does what is advised; *Run* names its case.

";
