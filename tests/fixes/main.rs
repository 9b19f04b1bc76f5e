//! Every fix that is offered, one at a time and all together, on the fixtures, on whole programs, and on
//! a tree of other people's code: what parsed before parses after, for the language's own parser where
//! there is one to be had, else for the grammar; the diagnostic is gone, and none is new; a second run offers
//! nothing new; undoing the edits restores the text.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what was looked at, and what could not be")]
#![allow(unreachable_pub, reason = "the modules of a test are seen by nobody else")]

mod parsers;
mod runs;
mod sources;
mod trial;

use std::collections::BTreeMap;
use std::path::Path;

use parsers::{Depth, Opinion, Text, opinions};
use port_manager::analysis::Language;
use port_manager::rules::Rule;
use sources::Source;
use trial::Project;

/// What came of trying every fix.
#[derive(Default)]
struct Outcome {
    /// Fixes that were tried one at a time.
    tried: usize,
    /// Texts that a language's own parser has looked at, by language.
    parsed: BTreeMap<&'static str, usize>,
    /// Texts that only the grammar has looked at, by language.
    only_grammar: BTreeMap<&'static str, usize>,
    /// Places that have neither a fix nor advice.
    silent: Vec<String>,
    /// What went wrong.
    problems: Vec<String>,
}

/// A text that a fix made.
struct Variant {
    source: usize,
    place: String,
    text: String,
    /// Whether it is made by all fixes of the text, not by one.
    is_together: bool,
}

/// Which of the texts that fixes make are given to the languages' own parsers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parsed {
    All,
    /// Those with all fixes of a text together.
    Together,
}

fn outcome(sources: &[Source], parsed: Parsed) -> Outcome {
    let mut outcome = Outcome::default();
    let mut variants = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        variants.extend(variants_of(index, source, &mut outcome));
    }
    variants.retain(|variant| parsed == Parsed::All || variant.is_together);
    let mut used: Vec<usize> = variants.iter().map(|variant| variant.source).collect();
    used.dedup();
    // What there was is looked at, too: what cannot be parsed before need not be after.
    let originals = used.iter().map(|index| (&sources[*index], sources[*index].text.as_str()));
    let fixed = variants.iter().map(|variant| (&sources[variant.source], variant.text.as_str()));
    let texts: Vec<Text<'_>> = originals
        .chain(fixed)
        .map(|(source, text)| Text {
            path: &source.path,
            language: language_of(source),
            text,
            depth: source.depth,
        })
        .collect();
    let mut opinions = opinions(&texts).into_iter();
    let before: BTreeMap<usize, Opinion> = used.into_iter().zip(opinions.by_ref()).collect();
    for (variant, after) in variants.iter().zip(opinions) {
        let is_readable = before[&variant.source] == Opinion::Fine;
        if let (true, Opinion::Objection(objection)) = (is_readable, after) {
            let place = &variant.place;
            outcome.problems.push(format!("{place}\n  {objection}\n{}", changed(sources, variant)));
        }
        let counts = if is_readable { &mut outcome.parsed } else { &mut outcome.only_grammar };
        *counts.entry(language_of(&sources[variant.source]).name()).or_default() += 1;
    }
    for (index, opinion) in before {
        let Source { path, depth, .. } = &sources[index];
        if let (Opinion::Objection(objection), Depth::Whole) = (opinion, depth) {
            outcome.problems.push(format!("{}: {objection}", path.display()));
        }
    }
    outcome
}

fn language_of(source: &Source) -> Language {
    Language::of(&source.path, &source.text).unwrap()
}

/// The lines that a fix changed.
fn changed(sources: &[Source], variant: &Variant) -> String {
    let before: Vec<&str> = sources[variant.source].text.lines().collect();
    variant.text.lines().filter(|line| !before.contains(line)).map(|line| format!("  > {line}\n")).collect()
}

fn variants_of(index: usize, source: &Source, outcome: &mut Outcome) -> Vec<Variant> {
    let Source { path, text, .. } = source;
    let project = Project::new();
    let offers = project.offers(path, text);
    let mut variants = Vec::new();
    let mut keep =
        |place: String, fixed: Result<String, String>, is_together, outcome: &mut Outcome| match fixed {
            Ok(text) => variants.push(Variant { source: index, place, text, is_together }),
            Err(problem) => outcome.problems.push(format!("{place}\n  {problem}")),
        };
    for (diagnostic, fixes) in &offers {
        let line = text[..diagnostic.span.start].matches('\n').count() + 1;
        let place = format!("{}:{line}", path.display());
        for fix in fixes.iter().filter(|fix| !fix.edits.is_empty()) {
            outcome.tried += 1;
            let fixed = trial::one(path, text, &offers, diagnostic, fix);
            keep(format!("{place}: {}", fix.title), fixed, false, outcome);
        }
        let has_repair = fixes.iter().any(|fix| fix.is_repair());
        if diagnostic.rule == Rule::HardcodedPort && !has_repair && !diagnostic.message.contains("; ") {
            outcome.silent.push(format!(
                "{place}: {}\n  {}",
                diagnostic.message,
                text.lines().nth(line - 1).unwrap_or_default().trim()
            ));
        }
    }
    if offers.iter().any(|(_, fixes)| fixes.iter().any(|fix| fix.is_repair() && !fix.edits.is_empty())) {
        keep(format!("{}: all together", path.display()), trial::all(path, text, &offers), true, outcome);
    }
    if let Some(fixed) = project.fixed_all(path, text) {
        if project.fixed_all(path, &fixed).is_some_and(|again| again != fixed)
            && !is_one_string(path, &fixed, &project)
        {
            outcome.problems.push(format!("{}: fix-all finds more the second time", path.display()));
        }
        keep(format!("{}: fix-all", path.display()), Ok(fixed), true, outcome);
    }
    variants
}

/// Whether what fix-all finds the second time stands in a string that it changed the first time: two
/// numbers in one are exchanged one after the other.
fn is_one_string(path: &Path, fixed: &str, project: &Project) -> bool {
    project.offers(path, fixed).iter().filter(|(_, fixes)| fixes.iter().any(|fix| fix.is_certain())).all(
        |(diagnostic, _)| {
            let start = fixed[..diagnostic.span.start].rfind('\n').map_or(0, |newline| newline + 1);
            fixed[start..].lines().next().is_some_and(|line| line.contains("_PORT"))
        },
    )
}

/// Says which parsers are missing; where all have been installed, as .ci/run does, that is a failure.
fn announce_missing() {
    let missing = parsers::missing();
    if !missing.is_empty() {
        let message =
            format!("MISSING, so that only the grammar checks their languages: {}", missing.join(", "));
        assert!(std::env::var_os("REQUIRE_PARSERS").is_none(), "{message}");
        eprintln!("{message}");
    }
}

#[track_caller]
fn assert_kept(outcome: &Outcome) {
    assert_eq!(outcome.problems, [""; 0], "\n{}", outcome.problems.join("\n"));
    assert_eq!(outcome.silent, [""; 0], "\n{}", outcome.silent.join("\n"));
}

#[test]
fn every_fix_of_the_fixtures_keeps_its_promise() {
    announce_missing();
    let outcome = outcome(&sources::fixtures(), Parsed::All);
    assert_kept(&outcome);
    assert!(outcome.tried > 300, "only {} fixes were offered", outcome.tried);
}

#[test]
fn every_fix_of_a_whole_program_leaves_one_that_compiles() {
    announce_missing();
    let outcome = outcome(&sources::programs(), Parsed::All);
    assert_kept(&outcome);
    assert!(outcome.tried > 100, "only {} fixes were offered", outcome.tried);
}

#[test]
fn lines_that_end_as_on_windows_go_on_doing_so() {
    let outcome = outcome(&sources::with_windows_line_ends(sources::programs()), Parsed::Together);
    assert_kept(&outcome);
}

/// `make prove-fixes CORPUS=DIR`: some minutes.
#[test]
#[ignore = "needs a tree of code, CORPUS"]
fn every_fix_of_a_corpus_keeps_its_promise() {
    announce_missing();
    let corpus = std::env::var("CORPUS").expect("CORPUS is the directory of the code");
    let sources = sources::corpus(Path::new(&corpus));
    let outcome = outcome(&sources, Parsed::All);
    println!("{} files, {} fixes tried one at a time", sources.len(), outcome.tried);
    println!("texts that the language's own parser looked at: {:?}", outcome.parsed);
    println!("texts that only the grammar looked at: {:?}", outcome.only_grammar);
    assert_kept(&outcome);
}
