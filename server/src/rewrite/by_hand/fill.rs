//! What a row of advice says, filled in for one place.

use std::borrow::Cow;
use std::ops::Range;

use super::super::Site;
use super::super::keys::Step;
use super::super::secret::may_hold_secret;
use crate::port::Port;
use crate::variable::Variable;

/// A place that advice is given for.
pub(super) struct Spot<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) span: &'a Range<usize>,
    pub(super) port: Port,
    pub(super) variable: &'a Variable,
}

/// A word in braces in a row of advice, and its replacement.
struct Placeholder {
    name: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "for people who write rows"))]
    means: &'static str,
    text: fn(&Spot<'_>) -> String,
}

/// The words. What is in braces otherwise is meant as it stands: `${{ env.WEB_PORT }}`.
static PLACEHOLDERS: &[Placeholder] = &[
    Placeholder { name: "{port}", means: "the number", text: |spot| spot.port.to_string() },
    Placeholder {
        name: "{lower}",
        means: "the variable in lower case: `web_port`",
        text: |spot| spot.variable.as_str().to_ascii_lowercase(),
    },
    Placeholder {
        name: "{dotted}",
        means: "the variable as a property: `web.port`",
        text: |spot| spot.variable.as_str().to_ascii_lowercase().replace('_', "."),
    },
    Placeholder {
        name: "{file}",
        means: "the name of the file",
        text: |spot| spot.site.file_name.to_owned(),
    },
    Placeholder { name: "{key}", means: "the key of the value", text: |spot| spot.key(0).to_owned() },
    Placeholder { name: "{above}", means: "the key above that", text: |spot| spot.key(1).to_owned() },
    Placeholder {
        name: "{flag}",
        means: "the key of the value with dashes: `serf-lan`",
        text: |spot| spot.key(0).replace('_', "-"),
    },
    Placeholder {
        name: "{helm}",
        means: "all keys as Helm writes them: `web.ports[0]`",
        text: |spot| spot.helm(),
    },
    Placeholder {
        name: "{dotnet}",
        means: "all keys as the environment of .NET has them: `Hosts__0`",
        text: |spot| spot.joined("__", |key| key.into()),
    },
    Placeholder {
        name: "{upper}",
        means: "all keys as the name of a variable: `SERVER_HTTP_PORT`",
        text: |spot| spot.joined("_", upper),
    },
    Placeholder {
        name: "{value}",
        means: "the value with the variable in it, as a shell expands it: `http://localhost:$WEB_PORT`",
        text: |spot| spot.value(),
    },
    Placeholder {
        name: "{override}",
        means: "how a line of an environment file gets the number of this machine",
        text: |spot| spot.override_of_line(),
    },
];

/// The longest text of a file that is repeated in a message.
const LONGEST: usize = 80;

/// The row's text for a place. `variable` is the name that the row was written with.
pub(super) fn fill(text: &str, variable: &str, spot: &Spot<'_>) -> String {
    let mut filled = String::with_capacity(2 * text.len());
    let mut rest = text;
    let first = variable.bytes().next().unwrap_or(b'{');
    // In one pass, so that nothing of the file is filled in again.
    while let Some(at) = memchr::memchr2(b'{', first, rest.as_bytes()) {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let placeholder = PLACEHOLDERS.iter().find(|placeholder| rest.starts_with(placeholder.name));
        let (what, length) = match placeholder {
            Some(placeholder) => (Cow::Owned((placeholder.text)(spot)), placeholder.name.len()),
            None if rest.starts_with(variable) => (Cow::Borrowed(spot.variable.as_str()), variable.len()),
            None => (Cow::Borrowed(&rest[..1]), 1),
        };
        filled.push_str(&what);
        rest = &rest[length..];
    }
    filled + rest
}

impl Spot<'_> {
    /// What to do about a line of an environment file that stays: `port-manager.toml` is committed, so a password is not for it.
    fn override_of_line(&self) -> String {
        let Self { port, variable, .. } = self;
        let (before, after) = (&self.site.text[..self.span.start], &self.site.text[self.span.end..]);
        let start = before.rsplit('\n').next().unwrap_or_default();
        let start = start.split_once('=').map_or(start, |(_, value)| value);
        let end = after.lines().next().unwrap_or_default();
        if may_hold_secret(&format!("{start}{end}")) {
            return format!(
                "keep this line out of `port-manager.toml`, as it may hold a password: where git ignores this file, write the number that \
                 {variable} has in `.ports.env` in place of {port}; where it does not, leave this line as the default, and set its variable with \
                 that number where you start the program"
            );
        }
        format!(
            "leave this line as the default, and write it to `[env]` in `port-manager.toml` with `${{{variable}}}` in place of {port}: \
             `port-manager run` sets it"
        )
    }

    fn path(&self) -> Vec<Step<'_>> {
        self.site.keys().path(self.site.text, self.span.start)
    }

    /// The key of the value, or one of those above it. Items of lists are left out.
    fn key(&self, above: usize) -> &str {
        let mut keys = self.path().into_iter().rev().filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Item(_) => None,
        });
        keys.nth(above).filter(|key| key.len() <= LONGEST).unwrap_or("KEY")
    }

    fn joined(&self, separator: &str, spell: fn(&str) -> String) -> String {
        let steps: Vec<String> = self
            .path()
            .into_iter()
            .map(|step| match step {
                Step::Key(key) => spell(key),
                Step::Item(index) => index.to_string(),
            })
            .collect();
        short(steps.join(separator))
    }

    fn helm(&self) -> String {
        let mut text = String::new();
        for step in self.path() {
            match step {
                Step::Key(key) => {
                    text.push_str(if text.is_empty() { "" } else { "." });
                    text.push_str(&key.replace('.', "\\."));
                }
                Step::Item(index) => text.push_str(&format!("[{index}]")),
            }
        }
        short(text)
    }

    /// The value around the place, where it is a number or a plain address. Of anything else, which may hold a password, only the
    /// variable is shown.
    fn value(&self) -> String {
        let plain = |character: char| character.is_ascii_alphanumeric() || "._:/*[]-".contains(character);
        let (before, after) = (&self.site.text[..self.span.start], &self.site.text[self.span.end..]);
        let start = before.trim_end_matches(plain);
        let end = after.trim_start_matches(plain);
        let quotes = ['"', '\''];
        let (left, right) = (start.chars().next_back(), end.chars().next());
        let is_whole = match left {
            Some(quote) if quotes.contains(&quote) => right == Some(quote),
            Some(left) if left == '=' || left.is_whitespace() => {
                right.is_none_or(|right| right.is_whitespace() || ",;}".contains(right))
            }
            _ => false,
        };
        let (before, after) = (&before[start.len()..], &after[..after.len() - end.len()]);
        match is_whole && before.len() + after.len() <= LONGEST {
            true => format!("{before}${}{after}", self.braced(after)),
            false => format!("...${}...", self.variable),
        }
    }

    /// The variable, in braces where what follows would be taken for a part of its name.
    fn braced(&self, after: &str) -> String {
        match after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_') {
            true => format!("{{{}}}", self.variable),
            false => self.variable.to_string(),
        }
    }
}

/// A key as a part of a variable's name: `serverPort` and `server-port` are `SERVER_PORT`.
fn upper(key: &str) -> String {
    let mut name = String::new();
    let mut was_lower = false;
    for character in key.chars() {
        if character.is_ascii_uppercase() && was_lower {
            name.push('_');
        }
        was_lower = character.is_ascii_lowercase();
        name.push(if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' });
    }
    name
}

/// The same, or a short form where it is too long or not on one line.
fn short(text: String) -> String {
    let is_plain = !text.is_empty() && text.len() <= LONGEST && !text.contains(['`', '\n', '"', '\'', '$']);
    if is_plain { text } else { "KEY".to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::Language;

    fn filled(row: &str, file_name: &str, text: &str) -> String {
        let site = Site::new(file_name, text, Language::of_path(Path::new(file_name)).unwrap());
        let start = text.find("8080").unwrap();
        let variable = "DB_PORT".parse().unwrap();
        let port = Port::new(8080).unwrap();
        fill(row, "WEB_PORT", &Spot { site: &site, span: &(start..start + 4), port, variable: &variable })
    }

    #[test]
    fn every_placeholder_is_filled_in() {
        let json = "{\"Kestrel\": {\"Hosts\": [1, \"http://localhost:8080/a\"]}}";
        for (row, expected) in [
            ("`$WEB_PORT`, {port}", "`$DB_PORT`, 8080"),
            ("{lower} {dotted} {file}", "db_port db.port a.json"),
            ("{key} {above} {flag}", "Hosts Kestrel Hosts"),
            ("{helm}={value}", "Kestrel.Hosts[1]=http://localhost:$DB_PORT/a"),
            ("{dotnet} {upper}", "Kestrel__Hosts__1 KESTREL_HOSTS_1"),
            ("${{ env.WEB_PORT }}", "${{ env.DB_PORT }}"),
        ] {
            assert_eq!(filled(row, "a.json", json), expected);
        }
        assert!(PLACEHOLDERS.iter().all(|placeholder| !placeholder.means.is_empty()));
    }

    #[test]
    fn a_value_is_shown_only_where_it_is_a_plain_address() {
        for (text, expected) in [
            ("{\"a\": 8080}", "$DB_PORT"),
            ("{\"a\": \"localhost:8080\"}", "localhost:$DB_PORT"),
            ("{\"a\": \"Server=localhost,8080;Password=secret\"}", "...$DB_PORT..."),
            ("{\"a\": \"redis://user:secret@localhost:8080\"}", "...$DB_PORT..."),
        ] {
            assert_eq!(filled("{value}", "a.json", text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_file_says_is_not_filled_in_again() {
        let text = "{\"WEB_PORT {port}\": {\"a`b\": 8080}}";
        assert_eq!(filled("{above}", "a.json", text), "WEB_PORT {port}");
        assert_eq!(filled("{helm}", "a.json", text), "KEY");
    }

    #[test]
    fn camels_become_words_of_a_variable() {
        assert_eq!(
            ["serverPort", "http-port", "HTTPPort"].map(upper),
            ["SERVER_PORT", "HTTP_PORT", "HTTPPORT"]
        );
    }
}
