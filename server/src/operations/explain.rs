//! Why a number is taken for a port, or a name for a port variable: what decided it.

use std::path::Path;

use serde::Serialize;

use super::check::Lines;
use super::source::{SkipReason, Source};
use crate::analysis::{self, Kind, Meaning, SyntaxCache};
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
    let mut explained =
        Explained { path: path.display().to_string(), line, skipped: None, places: Vec::new() };
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
    let root = ProjectRoot::of_file(&project::canonical(path), None);
    let settings = Settings::load(root.nearest_with(SETTINGS_FILE_NAME))?;
    let packs = settings.packs();
    let analysis = analysis::analyze_by(&text, language, packs, &mut SyntaxCache::default());
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
    Ok(explained)
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
