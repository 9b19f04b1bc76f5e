//! What a user sets in the editor: the section `port-manager` of its settings.
//!
//! The extension for VS Code declares the same settings; a test holds its `package.json` to the types
//! here, or writes it with `UPDATE_DOCS=1`.

use serde::Deserialize;
use serde_json::Value;

use crate::rules::Severities;

/// The name of the section.
pub(super) const SECTION: &str = "port-manager";

/// What the server reads of the section. What it does not know is the editor's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Settings {
    diagnostics: Diagnostics,
    /// The highest severity of each rule's findings, in every project: `off`, `hint`, `information` or
    /// `warning`. A project's `port-manager.toml` can set the same for everybody who works on it.
    severities: Severities,
    pub(super) inlay_hints: InlayHints,
    pub(super) code_lens: CodeLens,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
struct Diagnostics {
    /// Whether findings, such as hardcoded ports, are shown.
    enabled: bool,
    /// Whether files that are not open are checked too, where the editor asks for the whole workspace.
    workspace: bool,
    /// Whether notes are listed as problems. If not, they are hints, which editors show only in the text.
    notes: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub(super) struct InlayHints {
    /// Whether `.ports.env` shows, after each line, who listens on its port.
    pub(super) enabled: bool,
    /// Whether code shows, after each variable that it reads, the variable's number on this machine.
    pub(super) lookups: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub(super) struct CodeLens {
    /// Whether lenses above the lines of `.ports.env`, and above code that listens, show who listens on a
    /// port and what can be done.
    pub(super) enabled: bool,
}

impl Default for Diagnostics {
    fn default() -> Self {
        Self { enabled: true, workspace: true, notes: false }
    }
}

impl Default for InlayHints {
    fn default() -> Self {
        Self { enabled: true, lookups: true }
    }
}

impl Default for CodeLens {
    fn default() -> Self {
        Self { enabled: true }
    }
}

impl Settings {
    /// How serious the user wants each rule's findings to be.
    pub(super) fn severities(&self) -> Severities {
        if self.diagnostics.enabled { self.severities.clone() } else { Severities::silent() }
    }

    /// Whether files that are not open are checked.
    pub(super) fn checks_workspace(&self) -> bool {
        self.diagnostics.enabled && self.diagnostics.workspace
    }

    /// Whether notes are published as notes.
    pub(super) fn lists_notes(&self) -> bool {
        self.diagnostics.notes
    }

    /// The settings of the section; the defaults where the editor has nothing set.
    pub(super) fn parse(section: Value) -> serde_json::Result<Self> {
        if section.is_null() { Ok(Self::default()) } else { serde_json::from_value(section) }
    }
}

#[cfg(test)]
mod tests;
