//! Each file of the analysis has tests of the rule that it alone decides, beside that rule.
//!
//! A file with a function has a module `tests`, in it or in a file of its own. A table of node names in `languages/` is
//! tested by the fixture that has its name: `go.rs` by `go.go`. Files that only declare have nothing to test.

use std::fs;
use std::path::{Path, PathBuf};

use super::fixtures;
use crate::pattern::{Pattern, regex};

static FUNCTION: Pattern = regex!(r"(?-u:\b)fn [a-z_0-9]+[(<]");

/// The module of a file's tests, with its body where that is in the file.
static TESTS: Pattern = regex!(r"(?s)\n#\[cfg\(test\)\]\nmod tests(?: \{(?P<body>.*)\n\}|;)");

#[test]
fn each_file_has_tests_of_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis");
    let stems: Vec<String> = fixtures().iter().map(|(path, ..)| stem(path)).collect();
    let mut untested = Vec::new();
    for path in files_of(&source) {
        let text = fs::read_to_string(&path).unwrap();
        let is_tested = match is_table_of_nodes(&path, &text) {
            true => stems.contains(&stem(&path)),
            false => !has_function(&text) || has_tests(&path, &text),
        };
        if !is_tested {
            untested.push(path.strip_prefix(&source).unwrap().display().to_string());
        }
    }
    assert!(untested.is_empty(), "these files have no tests of their own:\n{}", untested.join("\n"));
}

#[test]
fn tests_count_where_they_are_beside_what_they_test() {
    let file = Path::new("analysis/a.rs");
    assert!(has_tests(file, "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn b() {}\n}\n"));
    assert!(!has_tests(file, "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n"));
    assert!(!has_tests(file, "fn a() {}\n\n#[cfg(test)]\nmod tests;\n"), "there is no analysis/a/tests.rs");
    assert!(has_function("pub(super) const fn of() {}\n"));
    assert!(!has_function(
        "mod a;\nstatic B: fn(u8) -> u8 = a::b;\n\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n"
    ));
}

/// The files of a directory and those below it, without those that are tests.
fn files_of(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if stem(&path) == "tests" {
            continue;
        }
        match path.is_dir() {
            true => files.extend(files_of(&path)),
            false if path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
            false => {}
        }
    }
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Whether a file only has the `Syntax` of a language, which no other can be mistaken for.
fn is_table_of_nodes(path: &Path, text: &str) -> bool {
    path.parent().is_some_and(|parent| parent.ends_with("languages")) && text.contains(": Syntax = ")
}

fn has_function(text: &str) -> bool {
    FUNCTION.is_match(&TESTS.replace(text, ""))
}

fn has_tests(path: &Path, text: &str) -> bool {
    let Some(tests) = TESTS.captures(text) else { return false };
    let has_test = |text: &str| text.contains("#[test]");
    match tests.name("body") {
        Some(body) => has_test(body.as_str()),
        None => {
            // `a.rs` and `a/mod.rs` have both their tests in `a/tests.rs`.
            let directory =
                if stem(path) == "mod" { path.with_file_name("") } else { path.with_extension("") };
            fs::read_to_string(directory.join("tests.rs")).is_ok_and(|text| has_test(&text))
        }
    }
}
