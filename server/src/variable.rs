//! The name of an environment variable, and which names hold ports.

mod obeyed;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of an environment variable: ASCII letters, digits and `_`, not starting with a
/// digit (POSIX.1-2024, XBD 3.216 "Name").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Variable(String);

/// The word that says that a name is that of a port.
const PORT: &str = "PORT";

/// Whether a word is `PORT` with two letters swapped, one left out, or one typed twice.
fn is_nearly_port(word: &str) -> bool {
    let word = word.trim_end_matches(|character: char| character.is_ascii_digit());
    // This is asked of every variable that a text reads.
    if word.len().abs_diff(PORT.len()) > 1 {
        return false;
    }
    let word = word.to_ascii_uppercase();
    let word = word.as_str();
    let is_same_length = word.len() == PORT.len();
    let has_same_letters = || {
        let sorted = |text: &str| {
            let mut letters = text.as_bytes().to_vec();
            letters.sort_unstable();
            letters
        };
        sorted(word) == sorted(PORT)
    };
    word != PORT
        && word != "PORTS"
        && strsim::osa_distance(word, PORT) == 1
        && (!is_same_length || has_same_letters())
}

/// How the names of the variables begin that port-manager itself reads.
const OWN_SETTINGS: &str = "PORT_MANAGER_";

impl Variable {
    /// `PORT`, which names no service: each component that reads it means its own.
    #[must_use]
    pub fn bare() -> Self {
        Self("PORT".to_owned())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `PORT` is a word of the name at its beginning or end, with or without a number behind it (`WEB_PORT`,
    /// `PORT_WEB`, `WEB_PORT2`, `web_port`), or the word before the last (`OTEL_COLLECTOR_PORT_GRPC`). `REPORT`,
    /// `EXPORT_DIR` and `SUPPORT` have no such word, and the settings of port-manager itself do not count, such as
    /// `PORT_MANAGER_CONFIG_DIR`. `SERIAL_PORT` has it and holds no port: [`Variable::is_port_name`] knows that.
    #[must_use]
    pub fn has_port_word(&self) -> bool {
        let is_own =
            self.0.get(..OWN_SETTINGS.len()).is_some_and(|start| start.eq_ignore_ascii_case(OWN_SETTINGS));
        let is_port = |word: &str| {
            let word = word.trim_end_matches(|character: char| character.is_ascii_digit());
            word.eq_ignore_ascii_case("PORT")
        };
        // This is asked of every place of a project, so nothing is collected.
        !is_own && (self.0.split('_').next().is_some_and(is_port) || self.0.rsplit('_').take(2).any(is_port))
    }

    /// Checks that `.ports.env` may give the variable a value: its name says that it holds a port, and
    /// no loader, shell, runtime or tool obeys it. What a clone's `.ports.env` says reaches every command
    /// that its users run, so any other name is refused.
    ///
    /// # Errors
    /// Why the variable may not be given a value.
    pub fn ensure_holds_port(&self) -> Result<(), NotAPortVariable> {
        if let Some(by) = obeyed::by(&self.0) {
            return Err(NotAPortVariable::Setting { of: by });
        }
        if self.known_to().is_some() || self.has_port_word() {
            Ok(())
        } else {
            Err(NotAPortVariable::OtherName)
        }
    }

    /// The program that reads its port from the variable, where `PORT` is no word of the name: libpq from `PGPORT`.
    #[must_use]
    pub fn known_to(&self) -> Option<&'static str> {
        let mut known = PORTS_OF_PROGRAMS.iter();
        known.find(|(name, _)| self.0.eq_ignore_ascii_case(name)).map(|(_, program)| *program)
    }

    /// Checks that a project may give the variable a value that is not a port: no loader, shell, runtime or tool
    /// obeys it.
    ///
    /// # Errors
    /// The program that obeys it.
    pub fn ensure_unobeyed(&self) -> Result<(), &'static str> {
        obeyed::by(&self.0).map_or(Ok(()), Err)
    }

    /// The name with `_PORT` behind it, or with `PORT` for a slip of it, where that is the name of a port variable:
    /// `LD_PRELOAD_PORT` is not, since the loader's are all that begin with `LD_`.
    #[must_use]
    pub fn renamed_for_port(&self) -> Option<Self> {
        let renamed = Self(match self.slipped_word() {
            Some(span) => format!("{}{PORT}{}", &self.0[..span.start], &self.0[span.end..]),
            None => format!("{}_{PORT}", self.0),
        });
        renamed.ensure_holds_port().is_ok().then_some(renamed)
    }

    /// Whether the name has a slip of the keyboard where `PORT` should be: `WEB_PROT`, `WEB_PORTT`, `WEB_PRT`, `WEBPORT`.
    /// Another letter in it makes another word as often as a slip (`POST`, `SORT`), and so does an `S` behind it.
    /// `EXPORT` and `SUPPORT` may be slips too: only a variable near them tells.
    #[must_use]
    pub fn may_be_slip(&self) -> bool {
        !self.has_port_word() && (self.slipped_word().is_some() || self.glued_port().is_some())
    }

    /// The bytes of a first or last word that is nearly `PORT`.
    fn slipped_word(&self) -> Option<std::ops::Range<usize>> {
        let ends = [self.0.find('_').map(|end| 0..end), self.0.rfind('_').map(|at| at + 1..self.0.len())];
        let whole = self.0.split('_').nth(1).is_none().then_some(0..self.0.len());
        ends.into_iter().flatten().chain(whole).find(|span| is_nearly_port(&self.0[span.clone()]))
    }

    /// Where `PORT` begins that is glued to what is before it.
    fn glued_port(&self) -> Option<usize> {
        let name = self.0.trim_end_matches(|character: char| character.is_ascii_digit());
        let at = name.len().checked_sub(PORT.len()).filter(|at| *at > 0)?;
        let is_glued = name.as_bytes()[at - 1].is_ascii_alphanumeric();
        (is_glued && name[at..].eq_ignore_ascii_case(PORT)).then_some(at)
    }

    /// What the name calls its service, in lower case: `web` for `WEB_PORT`, `flagd_ui` for
    /// `FLAGD_UI_PORT`; `None` for `PORT`.
    #[must_use]
    pub fn service_name(&self) -> Option<String> {
        let words: Vec<String> = self
            .0
            .split('_')
            .map(str::to_ascii_lowercase)
            .filter(|word| {
                !word.is_empty()
                    && word.trim_end_matches(|character: char| character.is_ascii_digit()) != "port"
            })
            .collect();
        (!words.is_empty()).then(|| words.join("_"))
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Ports that programs read from variables without `PORT` as a word: libpq's.
const PORTS_OF_PROGRAMS: [(&str, &str); 1] = [("PGPORT", "libpq")];

/// Why `.ports.env` may not give a variable a value. The text follows the variable's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPortVariable {
    /// The name is not that of a port.
    #[error("is not the name of a port variable, as WEB_PORT is")]
    OtherName,
    /// A program obeys it.
    #[error("is a setting of {of}, not a port variable")]
    Setting {
        /// The program.
        of: &'static str,
    },
}

/// Why a text is not the name of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a variable name: letters, digits and _, not starting with a digit")]
pub struct NotAVariable;

impl FromStr for Variable {
    type Err = NotAVariable;

    fn from_str(text: &str) -> Result<Self, NotAVariable> {
        let starts_well = text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
        let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if starts_well && is_name { Ok(Self(text.to_owned())) } else { Err(NotAVariable) }
    }
}

impl TryFrom<String> for Variable {
    type Error = NotAVariable;

    fn try_from(text: String) -> Result<Self, NotAVariable> {
        text.parse()
    }
}

impl From<Variable> for String {
    fn from(variable: Variable) -> Self {
        variable.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str) -> Variable {
        name.parse().unwrap()
    }

    #[test]
    fn names_with_port_as_a_word() {
        for name in ["PORT", "WEB_PORT", "PORT_WEB", "web_port", "WEB_PORT2", "OTEL_COLLECTOR_PORT_GRPC"] {
            assert!(variable(name).has_port_word(), "{name}");
        }
        for name in [
            "REPORT",
            "EXPORT_DIR",
            "SUPPORT",
            "PORTFOLIO",
            "HOST",
            "PASSPORT_KEY",
            "PORT_MANAGER_CONFIG_DIR",
        ] {
            assert!(!variable(name).has_port_word(), "{name}");
        }
    }

    #[test]
    fn only_port_variables_may_be_given_a_value() {
        for name in ["PORT", "WEB_PORT", "PORT_WEB", "port", "WEB_PORT2", "NODE_PORT", "PGPORT"] {
            assert_eq!(variable(name).ensure_holds_port(), Ok(()), "{name}");
        }
        for name in ["SECRET", "DATABASE_URL", "REPORT", "HOST", "_"] {
            assert_eq!(variable(name).ensure_holds_port(), Err(NotAPortVariable::OtherName), "{name}");
        }
        for name in [
            "LD_LIBRARY_PATH",
            "LD_PRELOAD_PORT",
            "BASH_ENV",
            "PORT_MANAGER_CONFIG_DIR",
            "GIT_SSH_COMMAND",
            "npm_config_port",
            "Path",
        ] {
            let refused = variable(name).ensure_holds_port();
            assert!(matches!(refused, Err(NotAPortVariable::Setting { .. })), "{name}");
        }
    }

    #[test]
    fn a_slip_of_the_keyboard_in_port_is_seen() {
        for name in [
            "WEB_PROT",
            "WEB_PORTT",
            "WEB_PPORT",
            "WEB_PRT",
            "WEBPORT",
            "PROT_WEB",
            "web_prot",
            "WEB_PROT2",
            "PROT",
        ] {
            assert!(variable(name).may_be_slip(), "{name}");
        }
        for name in
            ["WEB_PORT", "PORT", "WEB_POST", "WEB_PORTS", "WEB_HOST", "WEB_URL", "SORT", "WEB", "PORTAL_URL"]
        {
            assert!(!variable(name).may_be_slip(), "{name}");
        }
    }

    #[test]
    fn a_suggested_name_is_that_of_a_port_variable() {
        let renamed = |name| variable(name).renamed_for_port().map(|renamed| renamed.to_string());
        assert_eq!(renamed("STORYBOOK").as_deref(), Some("STORYBOOK_PORT"));
        assert_eq!(renamed("PATH").as_deref(), Some("PATH_PORT"));
        assert_eq!(renamed("WEB_PROT").as_deref(), Some("WEB_PORT"));
        for name in ["LD_LIBRARY_PATH", "LD_PRELOAD_PORT", "LD", "npm_config"] {
            assert_eq!(renamed(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_tells_its_service() {
        assert_eq!(variable("WEB_PORT").service_name().as_deref(), Some("web"));
        assert_eq!(variable("FLAGD_UI_PORT").service_name().as_deref(), Some("flagd_ui"));
        assert_eq!(variable("PORT").service_name(), None);
    }

    #[test]
    fn a_name_is_letters_digits_and_underscores() {
        for text in ["", "1PORT", "WEB-PORT", "WEB PORT", "WÉB", "A=B"] {
            assert_eq!(text.parse::<Variable>(), Err(NotAVariable), "{text:?}");
        }
    }
}
