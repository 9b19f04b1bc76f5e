//! What a user sets in the editor: the section `port-manager` of its settings.
//!
//! The extension for VS Code declares the same settings; a test holds its `package.json` to the types
//! here, or writes it with `UPDATE_DOCS=1`.

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use super::analyse;
use super::server::Server;
use crate::rules::Severities;

/// The name of the section.
const SECTION: &str = "port-manager";

/// What the server reads of the section. What it does not know is the editor's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Settings {
    diagnostics: Diagnostics,
    /// The most serious that each rule's findings are, in every project: `off`, `hint`, `information`
    /// or `warning`. A project's `port-manager.toml` can set the same for everybody who works on it.
    severities: Severities,
    pub(super) inlay_hints: InlayHints,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
struct Diagnostics {
    /// Whether hardcoded ports and what else the rules find are shown at all.
    enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub(super) struct InlayHints {
    /// Whether `.ports.env` shows behind each line who listens on the port.
    pub(super) enabled: bool,
}

impl Default for Diagnostics {
    fn default() -> Self {
        Self { enabled: true }
    }
}

impl Default for InlayHints {
    fn default() -> Self {
        Self { enabled: true }
    }
}

impl Settings {
    /// How serious the user wants each rule's findings to be.
    pub(super) fn severities(&self) -> Severities {
        if self.diagnostics.enabled { self.severities.clone() } else { Severities::silent() }
    }

    /// The settings of the section; the defaults where the editor has nothing set.
    pub(super) fn parse(section: Value) -> serde_json::Result<Self> {
        if section.is_null() { Ok(Self::default()) } else { serde_json::from_value(section) }
    }
}

/// Asks the editor for its settings, and to tell when they change, where it can do either.
pub(super) fn begin(server: &Server) {
    let features = server.state().features;
    let server = server.clone();
    tokio::spawn(async move {
        if features.tells_settings {
            let registration = lsp::Registration {
                id: "port-manager.settings".to_owned(),
                method: "workspace/didChangeConfiguration".to_owned(),
                register_options: Some(serde_json::json!({ "section": SECTION })),
            };
            // A client that refuses has told us what it has all the same.
            let _ = server.client.register_capability(vec![registration]).await;
        }
        if features.gives_settings {
            ask(&server).await;
        }
    });
}

/// `workspace/didChangeConfiguration`: some send the settings, some only that there are others.
pub(super) async fn did_change_configuration(server: &Server, params: lsp::DidChangeConfigurationParams) {
    let sent = match params.settings {
        Value::Object(mut settings) => settings.remove(SECTION),
        _ => None,
    };
    match sent {
        Some(section) => apply(server, section),
        None if server.state().features.gives_settings => {
            let server = server.clone();
            tokio::spawn(async move { ask(&server).await });
        }
        None => {}
    }
}

async fn ask(server: &Server) {
    let item = lsp::ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
    if let Ok(sections) = server.client.configuration(vec![item]).await
        && let Some(section) = sections.into_iter().next()
    {
        apply(server, section);
    }
}

/// Takes the settings over. One that cannot be is told, and those before stay.
pub(super) fn apply(server: &Server, section: Value) {
    match Settings::parse(section) {
        Ok(settings) => {
            let mut state = server.state();
            if state.settings == settings {
                return;
            }
            state.settings = settings;
        }
        Err(error) => {
            server.show_message(
                lsp::MessageType::Warning,
                format!("port-manager: a setting of the editor cannot be understood: {error}."),
            );
            return;
        }
    }
    analyse::schedule_all(server);
}

#[cfg(test)]
mod tests;
