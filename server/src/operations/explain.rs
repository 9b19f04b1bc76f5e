//! Why a number is taken for a port, or a name for a port variable: what decided it.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use super::check::Lines;
use super::source::{SkipReason, Source};
use crate::analysis::{self, DecidedBy, FileAt, Kind, Language, Meaning, Packs, Runtime, SyntaxCache};
use crate::error::Result;
use crate::project::{self, ProjectRoot};
use crate::rules::{SETTINGS_FILE_NAME, Settings};

/// What a line says about ports, and what decided that.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// The file, as it was named.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// Why the file is not read, where it is not.
    pub skipped: Option<String>,
    /// The numbers and names in it, in order.
    pub places: Vec<ExplainedPlace>,
    /// The hosts in it about which a row says where they lead, in order.
    pub hosts: Vec<ExplainedHost>,
    /// Where the code of the file runs, if a row about files says it.
    pub file: Option<ExplainedFile>,
}

/// A host, and the row that says where it leads.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedHost {
    /// The column in characters, from 1.
    pub column: usize,
    /// The host, as written.
    pub text: String,
    /// The id of the row.
    pub decided_by: String,
    /// What the row says.
    pub because: Option<String>,
}

/// Where the code of a file runs, and the row that says it.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedFile {
    /// Where it runs.
    pub runtime: Runtime,
    /// The id of the row.
    pub decided_by: String,
    /// What the row says.
    pub because: Option<String>,
}

/// A number or the name of a variable.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedPlace {
    /// The column in characters, from 1.
    pub column: usize,
    /// The number or name, as written.
    pub text: String,
    /// What it means there.
    pub meaning: String,
    /// The id of the row or rule that decided it.
    pub decided_by: String,
    /// What that row or rule says.
    pub because: Option<String>,
}

/// What the line of a file says about ports, and what decided that. With a column, only what covers it.
///
/// # Errors
/// When the file or the settings of its project cannot be read.
pub fn explain(path: &Path, line: usize, column: Option<usize>) -> Result<Explained> {
    let mut explained = Explained {
        path: path.display().to_string(),
        line,
        skipped: None,
        places: Vec::new(),
        hosts: Vec::new(),
        file: None,
    };
    let mut buffer = Vec::new();
    let (text, language) = match Source::read(path, true, &mut buffer)? {
        Source::Text { text, language } => (text, language),
        Source::Skipped(reason) => {
            explained.skipped = Some(reason.to_string());
            return Ok(explained);
        }
        Source::NotUnderstood => {
            explained.skipped = Some(SkipReason::NotUnderstood.to_string());
            return Ok(explained);
        }
    };
    let full_path = project::canonical(path);
    let root = ProjectRoot::of_file(&full_path, None);
    let settings = Settings::load(root.nearest_with(SETTINGS_FILE_NAME))?;
    let packs = settings.packs();
    let analysis = analysis::analyze_by(&text, language, packs, &mut SyntaxCache::default());
    explained.file = runtime(&full_path, root.as_path(), &text, language, packs);
    let lines = Lines::of(&text);
    for occurrence in &analysis.occurrences {
        let place = lines.place(&occurrence.span);
        let is_asked = column.is_none_or(|column| (place.column..=place.end_column).contains(&column));
        if place.line == line && is_asked {
            explained.places.push(ExplainedPlace {
                column: place.column,
                text: text[occurrence.span.clone()].to_owned(),
                meaning: described(&occurrence.meaning),
                decided_by: occurrence.decided_by.as_str().to_owned(),
                because: packs.meaning_of(&occurrence.decided_by).map(str::to_owned),
            });
        }
    }
    if let Some(text) = text.lines().nth(line - 1) {
        let row = |(host, by): (Range<usize>, DecidedBy)| ExplainedHost {
            column: text[..host.start].chars().count() + 1,
            text: text[host].to_owned(),
            because: packs.meaning_of(&by).map(str::to_owned),
            decided_by: by.as_str().to_owned(),
        };
        let is_asked = |host: &ExplainedHost| {
            let end = host.column + host.text.chars().count();
            // The column may be that of the number behind the host.
            column.is_none_or(|column| (host.column..=end + 5).contains(&column))
        };
        explained.hosts =
            analysis::hosts_by_rows(text, packs).into_iter().map(row).filter(is_asked).collect();
    }
    Ok(explained)
}

/// Where the code of a file runs, if a row says it.
fn runtime(path: &Path, root: &Path, text: &str, language: Language, packs: &Packs) -> Option<ExplainedFile> {
    let directory = path.parent()?;
    let beside: Vec<&str> = packs.files.neighbours().filter(|name| directory.join(name).exists()).collect();
    let path = path.strip_prefix(root).unwrap_or(path);
    let file = FileAt { path, text, language: language.name(), beside: &beside };
    let (runtime, by) = packs.files.decided(file)?;
    Some(ExplainedFile {
        runtime,
        decided_by: by.as_str().to_owned(),
        because: packs.meaning_of(by).map(str::to_owned),
    })
}

/// What an occurrence means, in a few words.
fn described(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Literal(literal) => match literal.kind {
            Kind::Listen => "a service listens".to_owned(),
            Kind::Connect => "a client connects".to_owned(),
            Kind::Setting => "a setting is a port".to_owned(),
            Kind::Published => "a container's port is published".to_owned(),
            Kind::InNetwork => "an address inside a container network".to_owned(),
            Kind::CommandFlag => "a command listens".to_owned(),
            Kind::ClientFlag => "a command connects".to_owned(),
            Kind::OptionDefault => "the default of an option".to_owned(),
            Kind::Exposed => "an image exposes a port".to_owned(),
            Kind::ContainerEnvironment => "a variable inside a container".to_owned(),
            Kind::Healthcheck => "a health check of a container".to_owned(),
            Kind::EnvironmentFile => "a variable in a file of variables".to_owned(),
        },
        Meaning::Fallback { variable: Some(variable), .. } => format!("the default of {variable}"),
        Meaning::Fallback { variable: None, .. } => "the default of a variable".to_owned(),
        Meaning::Reference { has_default: true, .. } => "the variable is read, with a default".to_owned(),
        Meaning::Reference { .. } => "the variable is read".to_owned(),
        Meaning::Definition { .. } => "the variable is given a value".to_owned(),
    }
}
