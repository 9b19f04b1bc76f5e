//! `workspace/didChangeConfiguration` and `workspace/configuration`: takes over what the user sets in the editor.

use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use super::news::Changed;
use super::server::Server;
use super::settings::{SECTION, Settings};
use super::{analyse, changed};

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
            // A client that refuses has already sent its settings.
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

/// Applies the settings. Invalid settings are reported, and the previous ones stay.
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
    changed::tell(server, Changed::default());
}
