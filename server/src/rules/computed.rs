//! The table `[env]` of `port-manager.toml`: values that are computed from the project's ports, such as
//! `API_URL = "http://localhost:${API_PORT}"`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;

use super::settings_file::error;
use crate::analysis::{Kind, Literal};
use crate::error::{Error, Result};
use crate::ports_env;
use crate::text::{At, is_hidden, nearest};
use crate::variable::Variable;

/// The table as the file has it.
pub(super) type Written = BTreeMap<Spanned<String>, Spanned<String>>;

/// The values of a file, by their names.
#[derive(Debug, Clone, Default)]
pub struct ComputedValues {
    values: BTreeMap<Variable, Vec<Part>>,
    /// The directory of the file.
    directory: std::path::PathBuf,
}

/// A part of a value.
#[derive(Debug, Clone)]
enum Part {
    Text(String),
    /// The number of a variable, `${API_PORT}`: the place of the dollar sign in the file, and the bytes of the name.
    Number {
        variable: Variable,
        at: At,
        span: Range<usize>,
    },
}

/// What is wrong with a name or value, and which bytes of the file it is about.
struct Fault {
    message: String,
    span: Range<usize>,
}

impl ComputedValues {
    /// Reads the table of a file with that text.
    pub(super) fn parse(written: &Written, text: &str, root: &Path) -> Result<Self> {
        let mut values = BTreeMap::new();
        for (name, value) in written {
            let parsed = name_of(name).and_then(|name| Ok((name, parts_of(value, text)?)));
            let (name, parts) =
                parsed.map_err(|Fault { message, span }| error(root, At::of(text, Some(span)), message))?;
            values.insert(name, parts);
        }
        Ok(Self { values, directory: root.to_owned() })
    }

    /// Whether the file computes a value of that name.
    #[must_use]
    pub fn has(&self, name: &Variable) -> bool {
        self.values.contains_key(name)
    }

    /// Whether a literal is in a line of an environment file that is the default of a value which the file computes.
    #[must_use]
    pub fn has_default(&self, literal: &Literal) -> bool {
        let name = || literal.hint.as_deref().and_then(|name| name.parse().ok());
        literal.kind == Kind::EnvironmentFile && name().is_some_and(|name| self.has(&name))
    }

    /// The variables whose numbers the values use, with the bytes of the file that name each.
    pub(super) fn references(&self) -> impl Iterator<Item = (&Variable, &Range<usize>)> {
        self.values.values().flatten().filter_map(|part| match part {
            Part::Number { variable, span, .. } => Some((variable, span)),
            Part::Text(_) => None,
        })
    }

    /// The values, by the numbers of variables.
    ///
    /// # Errors
    /// [`Error::Settings`] when one names a variable without a number.
    pub fn expanded(&self, numbers: &BTreeMap<Variable, String>) -> Result<BTreeMap<Variable, String>> {
        let text = |part: &Part| match part {
            Part::Text(text) => Ok(text.clone()),
            Part::Number { variable, at, .. } => numbers
                .get(variable)
                .cloned()
                .ok_or_else(|| unknown(variable, numbers.keys(), &self.directory, *at)),
        };
        let value = |parts: &[Part]| parts.iter().map(text).collect::<Result<String>>();
        self.values.iter().map(|(name, parts)| Ok((name.clone(), value(parts)?))).collect()
    }
}

/// The error about a variable that has no number.
fn unknown<'v>(
    variable: &Variable,
    known: impl Iterator<Item = &'v Variable>,
    directory: &Path,
    at: At,
) -> Error {
    error(directory, at, without_number(variable, known, ports_env::FILE_NAME))
}

/// What is wrong with a variable that a file should give a number and does not, and what to do.
pub(super) fn without_number<'v>(
    variable: &Variable,
    known: impl Iterator<Item = &'v Variable>,
    file: &str,
) -> String {
    let advice = match nearest(variable.as_str(), known.map(Variable::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if variable.ensure_holds_port().is_err() => {
            "only port variables, such as `${API_PORT}`, can be used in a value".to_owned()
        }
        None => format!("`port-manager set {variable}=NUMBER` gives it one"),
    };
    format!("{variable} has no number in {file}: {advice}")
}

/// The variables whose numbers a value uses, with the bytes of the file that name each. A value with a fault has none.
pub(super) fn references_in(
    value: &Spanned<String>,
    text: &str,
) -> impl Iterator<Item = (Variable, Range<usize>)> + use<> {
    let parts = parts_of(value, text).unwrap_or_default();
    // Where escapes spell the value, no place of the text is the name.
    let is_name = |variable: &Variable, span: &Range<usize>| span.len() == variable.as_str().len();
    parts.into_iter().filter_map(move |part| match part {
        Part::Number { variable, span, .. } if is_name(&variable, &span) => Some((variable, span)),
        _ => None,
    })
}

fn name_of(name: &Spanned<String>) -> std::result::Result<Variable, Fault> {
    let fault = |message: String| Fault { message, span: name.span() };
    let variable: Variable =
        name.get_ref().parse().map_err(|reason| fault(format!("{:?} is {reason}", name.get_ref())))?;
    if let Err(by) = variable.ensure_unobeyed() {
        return Err(fault(format!("{variable} is a setting of {by}, so no project may set it")));
    }
    if variable.ensure_holds_port().is_ok() {
        let message = format!(
            "{variable} is the name of a port variable: `.ports.env` gives it its number, and a table [run.\".\"] gives \
             that of another variable"
        );
        return Err(fault(message));
    }
    Ok(variable)
}

/// The parts of a value: text, `${API_PORT}`, and `$$` for a dollar sign.
fn parts_of(value: &Spanned<String>, text: &str) -> std::result::Result<Vec<Part>, Fault> {
    let (content, span) = (value.get_ref().as_str(), value.span());
    // Where the content begins in the file; a value with escapes has no place for each of its bytes.
    let begin = text.get(span.clone()).and_then(|raw| raw.find(content)).map(|quote| span.start + quote);
    let place = |at: usize| begin.map_or(span.clone(), |begin| begin + at..begin + at + 1);
    let fault = |at: usize, message: &str| Fault { message: message.to_owned(), span: place(at) };
    if let Some(at) = content.find(is_hidden) {
        return Err(fault(at, "a value must be one line without control characters"));
    }
    // Some shells run what is between two of them when they show a variable.
    if let Some(at) = content.find('`') {
        return Err(fault(at, "a value has no backtick, as a shell may run what is between two of them"));
    }
    let (mut parts, mut rest) = (Vec::new(), content);
    while let Some(dollar) = rest.find('$') {
        let at = content.len() - rest.len() + dollar;
        parts.push(Part::Text(rest[..dollar].to_owned()));
        rest = &rest[dollar + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            parts.push(Part::Text("$".to_owned()));
            rest = behind;
            continue;
        }
        let reference = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let Some((name, behind)) = reference else {
            return Err(fault(at, "write a variable as `${API_PORT}`, and a dollar sign as `$$`"));
        };
        let Ok(variable) = name.parse::<Variable>() else {
            return Err(fault(at, "only the name of a variable may be between `${` and `}`"));
        };
        let span = begin.map_or(span.clone(), |begin| begin + at + 2..begin + at + 2 + name.len());
        parts.push(Part::Number { variable, at: At::of(text, Some(place(at))), span });
        rest = behind;
    }
    if !parts.iter().any(|part| matches!(part, Part::Number { .. })) {
        let message =
            "this value uses no port, as `${API_PORT}` would: keep it in another file, such as `.env`";
        return Err(Fault { message: message.to_owned(), span });
    }
    parts.push(Part::Text(rest.to_owned()));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    fn expanded(text: &str) -> Result<BTreeMap<Variable, String>> {
        let numbers = [("API_PORT", "8100"), ("DB_PORT", "5400")];
        let numbers = numbers.map(|(name, number)| (name.parse().unwrap(), number.to_owned()));
        Settings::parse(text, Path::new("/project"))?.computed_values().expanded(&numbers.into())
    }

    fn value(line: &str) -> String {
        let text = format!("[env]\n{line}\n");
        expanded(&text).unwrap_or_else(|error| panic!("{line}: {error}")).into_values().next().unwrap()
    }

    #[test]
    fn variables_become_their_numbers() {
        for (line, expected) in [
            ("API_URL = 'http://localhost:${API_PORT}/v1'", "http://localhost:8100/v1"),
            ("BOTH = '${API_PORT}${DB_PORT}'", "81005400"),
            (
                "DATABASE_URL = \"postgres://dev:$$x@localhost:${DB_PORT}/app\"",
                "postgres://dev:$x@localhost:5400/app",
            ),
            ("A = '$$${API_PORT}$$'", "$8100$"),
            ("A = '$${API_PORT} ${API_PORT}'", "${API_PORT} 8100"),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_computed_is_an_error_with_its_place() {
        let nothing = "uses no port";
        for (text, place, expected) in [
            ("[env]\nPATH = '${API_PORT}'\n", (2, 1), "PATH is a setting of the shell"),
            ("[env]\nA = '${API_PORT}'\nLD_PRELOAD = '${API_PORT}'\n", (3, 1), "the dynamic loader"),
            ("[env]\nNODE_OPTIONS = '${API_PORT}'\n", (2, 1), "a setting of Node.js"),
            ("[env]\nPYTHONSTARTUP = '${API_PORT}'\n", (2, 1), "a setting of Python"),
            ("[env]\nWEB_PORT = '1${API_PORT}'\n", (2, 1), "is the name of a port variable"),
            ("[env]\n\"A B\" = '${API_PORT}'\n", (2, 1), "not a variable name"),
            ("[env]\nA = 'http://localhost'\n", (2, 5), nothing),
            ("[env]\nA = '$${API_PORT}'\n", (2, 5), nothing),
            ("[env]\nA = 'é $API_PORT'\n", (2, 8), "as `${API_PORT}`"),
            ("[env]\nA = '${API_PORT'\n", (2, 6), "as `${API_PORT}`"),
            ("[env]\nA = 'x${API_PORT:-5000}'\n", (2, 7), "only the name"),
            ("[env]\nA = '${HOME}'\n", (2, 6), "only port variables"),
            ("[env]\nA = \"a\\n${API_PORT}\"\n", (2, 5), "one line"),
            ("[env]\nA = 'x`y`${API_PORT}'\n", (2, 7), "no backtick"),
            ("[env]\nPS0 = '${API_PORT}'\n", (2, 1), "PS0 is a setting of the shell"),
            ("[env]\nA = 8080\n", (2, 5), "invalid type"),
            ("[env]\nA = 'x ${API_PROT}'\n", (2, 8), "did you mean API_PORT?"),
            ("[env]\nA = '${OTHER_PORT}'\n", (2, 6), "set OTHER_PORT=NUMBER"),
        ] {
            match expanded(text) {
                Err(Error::Settings { line, column, message, .. }) => {
                    assert_eq!((line, column), place, "{text}{message}");
                    assert!(message.contains(expected), "{text}{message}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
