//! Prints every decision about the files below a directory, one a line, sorted: where, what, and which row or rule
//! decided it. `make decisions` runs it, so that a change of rows shows exactly what it changes.

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use ignore::WalkBuilder;
use port_manager::analysis::{Language, Meaning, SyntaxCache, analyze};
use port_manager::text::printable;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        // Where nobody reads it, nothing else can be said.
        let _ = writeln!(std::io::stderr(), "usage: decisions DIRECTORY");
        return ExitCode::from(2);
    };
    let mut output = BufWriter::new(std::io::stdout().lock());
    let walk = WalkBuilder::new(&directory).hidden(false).sort_by_file_path(Ord::cmp).build();
    let files =
        walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    for entry in files {
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        let Some(language) = Language::of(entry.path(), &text) else { continue };
        let analysis = analyze(&text, language, &mut SyntaxCache::default());
        let path = entry.path().strip_prefix(&directory).unwrap_or(entry.path());
        for occurrence in &analysis.occurrences {
            let line = text[..occurrence.span.start].matches('\n').count() + 1;
            let written = printable(&text[occurrence.span.clone()]);
            let path = printable(&path.to_string_lossy());
            let meaning = described(&occurrence.meaning);
            let by = occurrence.decided_by.as_str();
            if writeln!(output, "{path}:{line} {written} {meaning} by {by}").is_err() {
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// What an occurrence means, in a few words.
fn described(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Literal(literal) => format!("{:?} {:?}", literal.kind, literal.grade),
        Meaning::Fallback { variable, .. } => format!("Fallback {}", name(variable.as_ref())),
        Meaning::Reference { variable, has_default, .. } => {
            format!(
                "Reference {variable} {}",
                if *has_default { "with a default" } else { "without a default" }
            )
        }
        Meaning::Definition { variable, port } => {
            format!(
                "Definition {variable} {}",
                port.map_or_else(|| "of no port".to_owned(), |port| port.to_string())
            )
        }
    }
}

fn name(variable: Option<&port_manager::variable::Variable>) -> String {
    variable.map_or_else(|| "of no variable".to_owned(), ToString::to_string)
}
