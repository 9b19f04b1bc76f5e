//! The fixes that every rule has besides the comment on the line: an entry of the project's `port-manager.toml`.

use super::{Action, Applicability, Fix};
use crate::rules::{Diagnostic, Document, Exception, Facts, SETTINGS_FILE_NAME};

/// What a project can say so that the diagnostic is gone: a port that may be hardcoded or a file that is not looked at
/// for a number; for what is about the project itself, that the rule is quiet.
pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let fix = |title: String, exception: Exception| Fix {
        title: format!("{title} in {SETTINGS_FILE_NAME}"),
        edits: Vec::new(),
        action: Some(Action::Configure(exception)),
        applicability: Applicability::Suppression,
    };
    if !diagnostic.rule.is_about_a_number() {
        let title = format!("Turn off {}", diagnostic.rule.name());
        return vec![fix(title, Exception::Off(diagnostic.rule))];
    }
    let port = diagnostic.port.map(|port| fix(format!("Allow port {port}"), Exception::AllowedPort(port)));
    let root = facts.root.nearest_with(SETTINGS_FILE_NAME);
    let file = document.path.strip_prefix(root).ok().and_then(|path| {
        let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
        let path = parts?.join("/");
        Some(fix(format!("Ignore {path}"), Exception::Ignore(path)))
    });
    port.into_iter().chain(file).collect()
}
