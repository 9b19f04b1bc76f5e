//! What is advised for a file of a program that is recognised. The rows are in `formats/*.toml`; each names the page of the program's
//! own documentation that it follows.

use std::sync::LazyLock;

use serde::Deserialize;

use super::super::Site;
use super::super::keys::is_at;
use super::fill::Spot;

/// What a program's documentation says about the ports in one of its files.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Format {
    /// The program, as its documentation calls it.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the documentation"))]
    pub(super) program: String,
    /// The file's path ends like one of these: `.vscode/launch.json`, `redis*.conf`.
    #[serde(default)]
    files: Vec<String>,
    /// The file is in one of these languages, by their names.
    #[serde(default)]
    languages: Vec<String>,
    /// The text has all of these in it.
    #[serde(default)]
    marks: Vec<String>,
    /// The row is true for these keys, as `emulators/*/port`; `**` stands for any number of them. For all without any.
    #[serde(default)]
    keys: Vec<String>,
    /// Whether the value is a number, or text that has one in it.
    #[serde(default)]
    value: Option<Value>,
    /// What is advised, with the placeholders of `fill`.
    pub(super) advice: String,
    /// The page that says so.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the documentation"))]
    pub(super) documentation: String,
    /// What that page says, in our words.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the documentation"))]
    pub(super) says: String,
    /// The test of `tests/advice` that runs the program as advised.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the documentation"))]
    #[serde(default)]
    pub(super) run: Option<String>,
    /// Files, each a name and a text, that get this advice and no other.
    #[cfg_attr(not(test), expect(dead_code, reason = "run as tests"))]
    pub(super) found: Vec<[String; 2]>,
    /// Files that do not get it.
    #[cfg_attr(not(test), expect(dead_code, reason = "run as tests"))]
    #[serde(default)]
    pub(super) not: Vec<[String; 2]>,
}

/// What a row is true for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Value {
    /// A number without quotes.
    Number,
    /// Text, of which the number may be all or a part.
    Text,
}

/// A file of rows.
#[derive(Deserialize)]
struct Rows {
    format: Vec<Format>,
}

/// The rows. The first that applies is given.
pub(super) static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
    let parse = |source: &str| -> Vec<Format> {
        #[expect(clippy::expect_used)] // a constant, which the tests parse
        toml::from_str::<Rows>(source).expect("the rows are constant").format
    };
    SOURCES.iter().copied().flat_map(parse).collect()
});

const SOURCES: &[&str] = &[
    include_str!("formats/editors.toml"),
    include_str!("formats/continuous_integration.toml"),
    include_str!("formats/clusters.toml"),
    include_str!("formats/observability.toml"),
    include_str!("formats/proxies.toml"),
    include_str!("formats/servers.toml"),
    include_str!("formats/frameworks.toml"),
    include_str!("formats/java.toml"),
    include_str!("formats/runners.toml"),
];

/// The row for a place.
pub(super) fn of(spot: &Spot<'_>) -> Option<&'static Format> {
    let site = spot.site;
    let rows = site.formats(|| {
        let rows = FORMATS.iter().enumerate();
        rows.filter(|(_, format)| format.is_of(site)).map(|(index, _)| index).collect()
    });
    rows.iter().map(|index| &FORMATS[*index]).find(|format| format.applies(spot))
}

impl Format {
    /// Whether a file is in the format.
    fn is_of(&self, site: &Site<'_>) -> bool {
        (self.languages.is_empty() || self.languages.iter().any(|name| name == site.language.name()))
            && (self.files.is_empty() || self.files.iter().any(|file| site.is_at(file)))
            && self.marks.iter().all(|mark| site.text.contains(mark))
    }

    /// Whether the row is true for a place of such a file.
    fn applies(&self, spot: &Spot<'_>) -> bool {
        let keys = spot.site.keys();
        self.value.is_none_or(|value| (value == Value::Number) == keys.is_number(spot.span))
            && (self.keys.is_empty() || {
                let path = keys.path(spot.site.text, spot.span.start);
                self.keys.iter().any(|key| is_at(&path, key))
            })
    }
}

#[cfg(test)]
mod tests;
