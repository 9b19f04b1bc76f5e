//! The port variables that a text of `port-manager.toml` names, and where: in `[run]` and in the values of `[env]`. A text that
//! somebody types in keeps what its other lines say.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::computed;
use crate::variable::Variable;

/// A name in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SettingsName {
    /// The bytes of the name, without quotes.
    pub(super) span: Range<usize>,
    /// The name itself.
    pub(super) name: Variable,
    /// The variable that is meant: another one for the name under which a component reads it.
    pub(super) variable: Variable,
}

/// Every name, in the order of the text.
pub(super) fn of(text: &str) -> Vec<SettingsName> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut names = Vec::new();
    let table = |name: &str| document.get_ref().get(name).and_then(|value| value.get_ref().as_table());
    for entries in table("run").into_iter().flat_map(DeTable::values) {
        for (name, variable) in entries.get_ref().as_table().into_iter().flatten() {
            let read = name.get_ref().parse().ok().zip(bare(text, name.span(), name.get_ref()));
            let given = string(text, variable).and_then(|(text, span)| text.parse().ok().zip(span));
            let Some((variable, span)): Option<(Variable, _)> = given else { continue };
            names.extend(read.map(|(name, span)| SettingsName { span, name, variable: variable.clone() }));
            names.push(SettingsName { span, name: variable.clone(), variable });
        }
    }
    for value in table("env").into_iter().flat_map(DeTable::values) {
        let Some((content, _)) = string(text, value) else { continue };
        let written = Spanned::new(value.span(), content.to_owned());
        let references = computed::references_in(&written, text);
        names.extend(references.map(|(name, span)| SettingsName { span, variable: name.clone(), name }));
    }
    names.sort_by_key(|name| name.span.start);
    names
}

/// A string with the bytes of its content.
fn string<'t>(text: &str, value: &'t Spanned<DeValue<'_>>) -> Option<(&'t str, Option<Range<usize>>)> {
    let content = value.get_ref().as_str()?;
    Some((content, bare(text, value.span(), content)))
}

/// The bytes of a content without its quotes; `None` where escapes spell it.
fn bare(text: &str, span: Range<usize>, content: &str) -> Option<Range<usize>> {
    let start = span.start + text.get(span)?.find(content)?;
    Some(start..start + content.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        of(text).iter().map(|it| format!("{} {} {}", &text[it.span.clone()], it.name, it.variable)).collect()
    }

    #[test]
    fn tables_and_values_name_variables() {
        let text = "run = { \".\" = { \"VITE_API_PORT\" = 'API_PORT' } }\n[env]\nÄ = 1\nA_URL = 'é${API_PORT}-${DB_PORT}'\n";
        assert_eq!(
            names(text),
            [
                "VITE_API_PORT VITE_API_PORT API_PORT",
                "API_PORT API_PORT API_PORT",
                "API_PORT API_PORT API_PORT",
                "DB_PORT DB_PORT DB_PORT"
            ]
        );
    }

    #[test]
    fn a_broken_text_keeps_its_other_lines() {
        assert_eq!(names("[run.\"a\"]\nPORT = \"WEB_PORT\"\n[[x\n").len(), 2);
        assert_eq!(names("[run.\"a\"]\nPORT = 1\nB = \"not a name\"\n[env]\nA = 'x'\n"), [""; 0]);
        assert_eq!(names("run = 1\nenv = []\n"), [""; 0]);
    }
}
