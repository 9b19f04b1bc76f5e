//! The fix for an address in a `.env` file: a value of `[env]` in `port-manager.toml` that is computed from the port.

use std::ops::Range;

use super::{Action, Applicability, Fix};
use crate::analysis::{Kind, Literal};
use crate::project::marks::exemplified;
use crate::rewrite::may_hold_secret;
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
    let (name, value) = computed_value(document.text, &[(diagnostic.span.clone(), port)])?;
    Some(Fix {
        title: format!("Compute {name} from {port} in {SETTINGS_FILE_NAME}"),
        edits: Vec::new(),
        action: Some(Action::Configure(Exception::Computed { name, value })),
        applicability: Applicability::Choice,
    })
}

/// The name and the value of a line, with variables in place of the numbers at these bytes, which are in their order; `None` where
/// the value is not for a file that is committed, or the numbers are not all in one line.
pub(crate) fn computed_value(
    text: &str,
    numbers: &[(Range<usize>, &Variable)],
) -> Option<(Variable, String)> {
    let (first, _) = numbers.first()?;
    let begin = text.get(..first.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[begin..].lines().next()?;
    let (assigned, _) = line.split_once('=')?;
    let name: Variable = name_of(line)?.parse().ok()?;
    if name.ensure_unobeyed().is_err() || name.ensure_holds_port().is_ok() {
        return None;
    }
    // What is between the numbers, and around them.
    let mut parts = Vec::new();
    let mut from = begin + assigned.len() + 1;
    for (span, _) in numbers {
        parts.push(text.get(from..span.start)?);
        from = span.end;
    }
    parts.push(text.get(from..begin + line.len())?);
    unquote(&mut parts)?;
    // What a quote, a blank, an escape or a dollar sign means depends on what reads the file.
    let is_clear =
        |text: &&str| !text.contains(['"', '\'', ' ', '\\', '$', '`']) && !text.contains(is_hidden);
    if !parts.iter().all(is_clear) || may_hold_secret(&parts.concat()) {
        return None;
    }
    let behind = numbers.iter().zip(&parts[1..]).map(|((_, port), part)| format!("${{{port}}}{part}"));
    let value = behind.fold(parts[0].to_owned(), |value, part| value + &part);
    Some((name, value))
}

/// The name that a line of a `.env` file gives a value.
pub(crate) fn name_of(line: &str) -> Option<&str> {
    let (assigned, _) = line.split_once('=').filter(|_| !line.trim_start().starts_with('#'))?;
    Some(assigned.trim().trim_start_matches("export ").trim())
}

/// Takes blanks and quotes off the ends of a value that is in parts.
fn unquote(parts: &mut [&str]) -> Option<()> {
    *parts.first_mut()? = parts.first()?.trim_start();
    *parts.last_mut()? = parts.last()?.trim_end();
    for quote in ['"', '\''] {
        let unquoted = (parts.first()?.strip_prefix(quote), parts.last()?.strip_suffix(quote));
        if let (Some(first), Some(last)) = unquoted {
            *parts.first_mut()? = first;
            *parts.last_mut()? = last;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: &str) -> Option<String> {
        let text = format!("A=1\n{line}\nB=2\n");
        let variable: Variable = "API_PORT".parse().unwrap();
        let numbers: Vec<_> =
            text.match_indices("5000").map(|(start, _)| (start..start + 4, &variable)).collect();
        computed_value(&text, &numbers).map(|(name, value)| format!("{name}={value}"))
    }

    #[test]
    fn an_address_becomes_a_value_with_the_variable() {
        for (line, expected) in [
            ("API_URL=http://localhost:5000/v1", "API_URL=http://localhost:${API_PORT}/v1"),
            ("export API_URL=\"http://localhost:5000\"", "API_URL=http://localhost:${API_PORT}"),
            ("API_URL = 'localhost:5000'", "API_URL=localhost:${API_PORT}"),
            ("DB_URL=postgres://dev@localhost:5000/app", "DB_URL=postgres://dev@localhost:${API_PORT}/app"),
            ("ORIGINS=http://a:5000,http://b:5000/", "ORIGINS=http://a:${API_PORT},http://b:${API_PORT}/"),
        ] {
            assert_eq!(entry(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_is_not_clear_or_secret_is_left_alone() {
        for line in [
            "DATABASE_URL=postgres://dev:secret@localhost:5000/app",
            "REDIS_URL=redis://:secret@localhost:5000",
            "BOTH=http://localhost:5000,http://me:secret@other",
            "DATABASE_URL=postgres://dev:s3/cret@localhost:5000/app",
            "DATABASE_URL=postgres://dev:sec,ret@localhost:5000/app",
            "DATABASE_URL=jdbc:postgresql://localhost:5000/app?user=dev&password=secret",
            "DATABASE_URL=jdbc:sqlserver://localhost:5000;password=secret",
            "DATABASE_URL=Host=localhost:5000;Password=secret",
            "API_URL=http://localhost:5000/?token=abcdef",
            "API_URL=http://ghp_16C7e42F292c6912E7@localhost:5000",
            "HOOK_URL=http://localhost:5000/hooks/5f2c8a1e9b7d4c3f6a2e",
            "HOOK_URL=http://localhost:5000/hooks/abcdefghijklmnopqrstuvwxyz",
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
