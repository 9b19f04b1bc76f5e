//! The texts that fixes are tried on.

use std::fs;
use std::path::{Path, PathBuf};

use port_manager::analysis::Language;

use super::parsers::Depth;

/// A text with hardcoded ports.
pub struct Source {
    pub path: PathBuf,
    pub text: String,
    pub depth: Depth,
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)
}

fn read(name: &str, depth: Depth, prepare: fn(&str) -> String) -> Vec<Source> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Source { text: prepare(&fs::read_to_string(&path).unwrap()), path, depth })
        .collect()
}

/// The fixtures of the analysis, without their marks: every place of every language, but no program
/// that could be compiled.
pub fn fixtures() -> Vec<Source> {
    read("languages", Depth::Syntax, unmarked)
}

/// Whole programs, as people write them.
pub fn programs() -> Vec<Source> {
    read("programs", Depth::Whole, str::to_owned)
}

/// The same texts with lines that end as on Windows.
pub fn with_windows_line_ends(sources: Vec<Source>) -> Vec<Source> {
    let is_read_by_windows = |source: &Source| {
        !matches!(
            Language::of_path(&source.path),
            // These end their lines with a line feed, whatever the system is.
            Some(Language::Shell | Language::Makefile | Language::Procfile)
        )
    };
    sources
        .into_iter()
        .filter(is_read_by_windows)
        // A compiler for the whole program is not wanted again, and gofmt would change the ends of the lines.
        .map(|source| Source { text: source.text.replace('\n', "\r\n"), depth: Depth::Syntax, ..source })
        .collect()
}

/// Every file below a directory that is understood, as `check` walks it.
pub fn corpus(root: &Path) -> Vec<Source> {
    let walk = ignore::WalkBuilder::new(root).hidden(false).standard_filters(false).build();
    let mut sources: Vec<Source> = walk
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter(|entry| {
            !entry
                .path()
                .components()
                .any(|part| part.as_os_str() == "node_modules" || part.as_os_str() == ".git")
        })
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok().filter(|text| text.len() < 1_000_000)?;
            Language::of(entry.path(), &text)?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
            Some(Source { path: entry.into_path(), text, depth: Depth::Syntax })
        })
        .collect();
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    sources
}

/// `«8080 listen»` as `8080`.
fn unmarked(text: &str) -> String {
    let mut parts = text.split('«');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mark, rest) = part.split_once('»').unwrap();
        result.push_str(mark.split(' ').next().unwrap());
        result.push_str(rest);
    }
    result
}
