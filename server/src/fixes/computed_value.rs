//! The fix for an address in a `.env` file: a value of `[env]` in `port-manager.toml` that is computed from the port.

use super::{Action, Applicability, Fix};
use crate::analysis::{Kind, Literal};
use crate::project::marks::exemplified;
use crate::rules::{Diagnostic, Document, Exception, Facts, SETTINGS_FILE_NAME};
use crate::text::is_hidden;
use crate::variable::Variable;

/// The fix for the literal of a diagnostic; `None` where the port has no number on this machine, or the line's value is not for a
/// file that is committed.
pub(super) fn fix(
    literal: &Literal,
    diagnostic: &Diagnostic,
    document: &Document<'_>,
    facts: &Facts,
) -> Option<Fix> {
    let file_name = document.path.file_name()?.to_str()?;
    if literal.kind != Kind::EnvironmentFile || exemplified(file_name).is_some() {
        return None;
    }
    let port = diagnostic.variable.as_ref().filter(|variable| facts.port(variable).is_some())?;
    let (name, value) = computed(document.text, diagnostic, port)?;
    Some(Fix {
        title: format!("Compute {name} from {port} in {SETTINGS_FILE_NAME}"),
        edits: Vec::new(),
        action: Some(Action::Configure(Exception::Computed { name, value })),
        applicability: Applicability::Choice,
    })
}

/// The name and the value of the line, with the variable in place of the number.
fn computed(text: &str, diagnostic: &Diagnostic, port: &Variable) -> Option<(Variable, String)> {
    let begin = text[..diagnostic.span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[begin..].lines().next()?;
    let (assigned, value) = line.split_once('=')?;
    let name: Variable = assigned.trim().trim_start_matches("export ").trim().parse().ok()?;
    if name.ensure_unobeyed().is_err() || name.ensure_holds_port().is_ok() {
        return None;
    }
    let start = begin + assigned.len() + 1;
    let (before, behind) =
        (text.get(start..diagnostic.span.start)?, text.get(diagnostic.span.end..start + value.len())?);
    let (before, behind) = (before.trim_start(), behind.trim_end());
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| Some((before.strip_prefix(quote)?, behind.strip_suffix(quote)?)));
    let (before, behind) = unquoted.unwrap_or((before, behind));
    // What a quote, a blank, an escape or a dollar sign means depends on what reads the file; and a password stays in it.
    let is_clear =
        |text: &str| !text.contains(['"', '\'', ' ', '\\', '$', '`', '@']) && !text.contains(is_hidden);
    (is_clear(before) && is_clear(behind)).then(|| (name, format!("{before}${{{port}}}{behind}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Rule, Severity};

    fn entry(line: &str) -> Option<String> {
        let text = format!("A=1\n{line}\nB=2\n");
        let start = text.find("5000")?;
        let diagnostic = Diagnostic {
            rule: Rule::HardcodedPort,
            severity: Severity::Warning,
            span: start..start + 4,
            message: String::new(),
            port: None,
            variable: None,
        };
        computed(&text, &diagnostic, &"API_PORT".parse().unwrap())
            .map(|(name, value)| format!("{name}={value}"))
    }

    #[test]
    fn an_address_becomes_a_value_with_the_variable() {
        for (line, expected) in [
            ("API_URL=http://localhost:5000/v1", "API_URL=http://localhost:${API_PORT}/v1"),
            ("export API_URL=\"http://localhost:5000\"", "API_URL=http://localhost:${API_PORT}"),
            ("API_URL = 'localhost:5000'", "API_URL=localhost:${API_PORT}"),
        ] {
            assert_eq!(entry(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_is_not_clear_or_secret_is_left_alone() {
        for line in [
            "DATABASE_URL=postgres://dev:secret@localhost:5000/app",
            "API_URL=http://$HOST:5000",
            "API_URL=http://localhost:5000 # ours",
            "NODE_OPTIONS=--inspect=localhost:5000",
            "API_PORT=5000",
            "API_URL=\"http://localhost:5000",
        ] {
            assert_eq!(entry(line), None, "{line}");
        }
    }
}
