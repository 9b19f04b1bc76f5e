//! How variables are written for shells and in files, each as its reader unquotes them.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

use crate::paste::powershell_string;
use crate::variable::Variable;

/// A shell that evaluates the variables, or a kind of file that holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// sh, bash, zsh, dash, ksh.
    Sh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// A batch file of Windows.
    Cmd,
    /// A `.env` file, as dotenv, Node.js and Docker Compose read it.
    Dotenv,
    /// One JSON object.
    Json,
    /// A file for `include` of a makefile.
    Make,
    /// A file for `docker run --env-file`, which unquotes nothing.
    Docker,
    /// The file `$GITHUB_ENV` of a GitHub workflow.
    Github,
}

/// A value that a format has no spelling for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value of {variable} cannot be written as {format}: it has {reason}")]
pub struct Unspellable {
    /// The variable.
    pub variable: Variable,
    /// The format.
    pub format: Format,
    /// What the value has.
    pub reason: &'static str,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Sh,
        Self::Fish,
        Self::Powershell,
        Self::Cmd,
        Self::Dotenv,
        Self::Json,
        Self::Make,
        Self::Docker,
        Self::Github,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sh => "sh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Cmd => "cmd",
            Self::Dotenv => "dotenv",
            Self::Json => "json",
            Self::Make => "make",
            Self::Docker => "docker",
            Self::Github => "github",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that a shell evaluates, by the path of its program as `SHELL` has it; without one, that of the
    /// platform's shell. `None` for a shell that no format is for.
    #[must_use]
    pub fn of_shell(shell: Option<&OsStr>) -> Option<Self> {
        let platform = if cfg!(windows) { Self::Powershell } else { Self::Sh };
        let Some(shell) = shell.filter(|shell| !shell.is_empty()) else { return Some(platform) };
        match Path::new(shell).file_stem()?.to_str()? {
            "sh" | "bash" | "zsh" | "dash" | "ash" | "ksh" | "ksh93" | "mksh" | "busybox" => Some(Self::Sh),
            "fish" => Some(Self::Fish),
            "pwsh" | "powershell" => Some(Self::Powershell),
            _ => None,
        }
    }

    /// The text that sets those variables, and the values that it has to leave out.
    #[must_use]
    pub fn text<'v>(
        self,
        variables: impl IntoIterator<Item = (&'v Variable, &'v str)>,
    ) -> (String, Vec<Unspellable>) {
        if self == Self::Json {
            let object: serde_json::Map<String, serde_json::Value> =
                variables.into_iter().map(|(variable, value)| (variable.to_string(), value.into())).collect();
            return (format!("{:#}\n", serde_json::Value::Object(object)), Vec::new());
        }
        let (mut text, mut left_out) = (String::new(), Vec::new());
        for (variable, value) in variables {
            match self.line(variable, value) {
                Ok(line) => {
                    text.push_str(&line);
                    text.push('\n');
                }
                Err(reason) => {
                    left_out.push(Unspellable { variable: variable.clone(), format: self, reason });
                }
            }
        }
        (text, left_out)
    }

    /// The line that sets a variable, or what its value has that no line can hold.
    fn line(self, name: &Variable, value: &str) -> Result<String, &'static str> {
        // No value needs one: `port-manager.toml` may not have them either.
        if value.chars().any(char::is_control) {
            return Err("a control character");
        }
        Ok(match self {
            Self::Sh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            Self::Fish => format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'")),
            Self::Powershell => format!("$Env:{name} = {}", powershell_string(value)),
            // Within quotes, only `%` and another quote have a meaning.
            Self::Cmd if value.contains('"') => return Err("a double quote"),
            Self::Cmd => format!("set \"{name}={}\"", doubled(value, |character| character == '%')),
            Self::Dotenv => format!("{name}={}", for_dotenv(value)?),
            Self::Make => format!("export {name} := {}", for_make(value)),
            Self::Docker | Self::Github => format!("{name}={value}"),
            Self::Json => format!("{name}={value}"),
        })
    }

    /// The line that removes a variable from a shell; `None` for a file.
    #[must_use]
    pub fn unset(self, name: &Variable) -> Option<String> {
        match self {
            Self::Sh => Some(format!("unset {name}")),
            // A universal variable of that name is the user's own.
            Self::Fish => Some(format!("set -eg {name}")),
            Self::Powershell => {
                Some(format!("Remove-Item -LiteralPath Env:{name} -ErrorAction SilentlyContinue"))
            }
            Self::Cmd => Some(format!("set \"{name}=\"")),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text with some characters written twice.
fn doubled(text: &str, is_doubled: impl Fn(char) -> bool) -> String {
    let mut doubled = String::with_capacity(text.len());
    for character in text.chars() {
        doubled.push(character);
        if is_doubled(character) {
            doubled.push(character);
        }
    }
    doubled
}

/// A value that all readers of `.env` files read as the same text. What they make of escapes differs, so none is written:
/// the value is bare, or stands in quotes in which nothing has a meaning.
fn for_dotenv(value: &str) -> Result<String, &'static str> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_./:@%+,=-".contains(character);
    if !value.is_empty() && value.chars().all(is_plain) {
        return Ok(value.to_owned());
    }
    if value.contains(r"\\") || value.ends_with('\\') {
        return Err("a backslash that readers of .env files disagree about");
    }
    if !value.contains('\'') {
        return Ok(format!("'{value}'"));
    }
    if value.contains(['"', '\\', '$', '`']) {
        return Err("a single quote beside another character that is special in .env files");
    }
    Ok(format!("\"{value}\""))
}

/// A value for `:=`: `$` is doubled, `#` would begin a comment, and a backslash at the end would continue the line.
fn for_make(value: &str) -> String {
    let mut escaped = String::new();
    // An empty expansion keeps blanks at the start, and separates a backslash from what it would escape.
    if value.starts_with(' ') {
        escaped.push_str("$()");
    }
    for character in value.chars() {
        match character {
            '$' => escaped.push_str("$$"),
            '#' if escaped.ends_with('\\') => escaped.push_str(r"$()\#"),
            '#' => escaped.push_str(r"\#"),
            _ => escaped.push(character),
        }
    }
    if escaped.ends_with('\\') {
        escaped.push_str("$()");
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(format: Format, value: &str) -> String {
        format.line(&"API_URL".parse().unwrap(), value).unwrap()
    }

    #[test]
    fn powershell_doubles_every_quote_that_it_knows() {
        assert_eq!(line(Format::Powershell, "8000"), "$Env:API_URL = '8000'");
        assert_eq!(line(Format::Powershell, "it's $(x) `n"), "$Env:API_URL = 'it''s $(x) `n'");
        assert_eq!(line(Format::Powershell, "a\u{2019};calc"), "$Env:API_URL = 'a\u{2019}\u{2019};calc'");
    }

    #[test]
    fn a_batch_file_doubles_percent_signs_and_takes_no_quotes() {
        assert_eq!(line(Format::Cmd, "a&b|c%PATH%"), "set \"API_URL=a&b|c%%PATH%%\"");
        let (text, left_out) = Format::Cmd.text([(&"API_URL".parse().unwrap(), "a\"&calc&\"")]);
        assert_eq!(text, "");
        assert_eq!(
            left_out[0].to_string(),
            "the value of API_URL cannot be written as cmd: it has a double quote"
        );
    }

    #[test]
    fn a_workflow_file_has_the_value_as_it_is() {
        assert_eq!(line(Format::Github, "a b<<'c'"), "API_URL=a b<<'c'");
    }

    #[test]
    fn an_env_file_has_no_escapes() {
        for (value, expected) in [
            ("http://localhost:8000/a", "http://localhost:8000/a"),
            ("a b#c $d \"e\"", "'a b#c $d \"e\"'"),
            ("it's", "\"it's\""),
            ("", "''"),
        ] {
            assert_eq!(line(Format::Dotenv, value), format!("API_URL={expected}"));
        }
        for value in ["it's $5", r"a\\b", r"a\", "it's \"b\""] {
            assert!(for_dotenv(value).is_err(), "{value}");
        }
    }

    #[test]
    fn no_line_holds_a_control_character() {
        for format in Format::ALL {
            assert!(format.line(&"API_URL".parse().unwrap(), "a\nPATH=x").is_err(), "{format}");
        }
    }

    #[test]
    fn the_shell_decides_the_format() {
        let of = |shell: &str| Format::of_shell(Some(OsStr::new(shell)));
        assert_eq!(of("/bin/zsh"), Some(Format::Sh));
        assert_eq!(of("/usr/local/bin/fish"), Some(Format::Fish));
        assert_eq!(of("/opt/microsoft/powershell/7/pwsh"), Some(Format::Powershell));
        assert_eq!(of("/usr/bin/nu"), None);
        assert_eq!(of(""), Format::of_shell(None));
    }

    #[test]
    fn a_misspelled_format_is_corrected() {
        assert_eq!(Format::of_name("dotenv"), Some(Format::Dotenv));
        assert_eq!(Format::of_name("dotnev"), None);
    }
}
