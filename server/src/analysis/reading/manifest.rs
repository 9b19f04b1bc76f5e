//! Whether a YAML file tells a cluster what to run, or is a template from which Helm makes one.

use crate::pattern::{Pattern, regex};

static API_VERSION: Pattern = regex!(r"(?m)^apiVersion:\s*(?:[a-z0-9./]*v[0-9]|[a-z0-9./'\x22]*(?:\{\{|<%))");

static ACTION: Pattern = regex!(r"\{\{-?\s*(?:\.Values|\.Release|include|template)(?-u:\b)");

/// Whether the file is a manifest: its ports are those of the cluster's own network.
pub(in crate::analysis) fn is_manifest(text: &str) -> bool {
    API_VERSION.is_match(text) && !is_skaffold(text)
        // Most files have no action, and need no look at each line.
        || ACTION.is_match(text) && text.lines().any(has_live_action)
}

/// Whether Skaffold reads the file: it forwards ports of a cluster to this machine.
fn is_skaffold(text: &str) -> bool {
    text.contains("apiVersion: skaffold/")
}

/// Whether Helm acts on the line as it stands. In a comment an action is mentioned; between quotes it
/// may be a text of another program's, as in the messages of Alertmanager.
fn has_live_action(line: &str) -> bool {
    let mut actions = ACTION.find_iter(line).map(|action| action.start()).peekable();
    if actions.peek().is_none() {
        return false;
    }
    let mut quote = None;
    let mut previous = ' ';
    for (index, character) in line.char_indices() {
        while actions.next_if(|action| *action < index).is_some() {}
        match character {
            '#' if quote.is_none() && previous.is_whitespace() => return false,
            '"' | '\'' if quote == Some(character) => quote = None,
            // Behind a letter it is an apostrophe.
            '"' | '\'' if quote.is_none() && !previous.is_alphanumeric() => quote = Some(character),
            '{' if quote.is_none() && actions.peek() == Some(&index) => return true,
            _ => {}
        }
        previous = character;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_manifest;

    #[test]
    fn a_cluster_reads_what_has_a_version_of_its_interface() {
        assert!(is_manifest("apiVersion: apps/v1\nkind: Deployment\n"));
        assert!(is_manifest("apiVersion: {{ include \"a\" . }}\n"));
        assert!(!is_manifest("  apiVersion: v1\n"));
        assert!(!is_manifest("apiVersion: 2024-01-01\n"));
    }

    #[test]
    fn what_skaffold_reads_is_of_this_machine() {
        assert!(!is_manifest("apiVersion: skaffold/v4beta6\nkind: Config\n"));
    }

    #[test]
    fn a_template_of_helm_acts_outside_of_quotes_and_comments() {
        assert!(is_manifest("port: {{ .Values.port }}\n"));
        assert!(is_manifest("a: it's {{- .Release.Name }}\n"));
        assert!(!is_manifest("# port: {{ .Values.port }}\n"));
        assert!(!is_manifest("text: \"{{ template \\\"a\\\" }}\"\n"));
        assert!(!is_manifest("port: {{ port }}\n"));
    }
}
