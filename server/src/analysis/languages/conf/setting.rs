//! A key with its value.

use regex::Match;

use super::properties::escaped;
use crate::analysis::occurrence::{Kind, Shape};
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};
use crate::port::Port;

/// `key = value`, `key: value`, `"key" => value`, `set key = value`.
static SETTING: Pattern = regex!(
    r#"^\s*(?:export\s+|set\s+)?["']?(?P<key>[A-Za-z_%][0-9A-Za-z_.@/-]*)["']?\s*(?:=>|[:+?]?=|:\s)\s*(?P<value>\S.*)$"#
);

/// The key and the value of a line that gives one.
pub(super) fn key_and_value(line: &str) -> Option<(&str, Match<'_>)> {
    // Directives have neither, and are as many.
    memchr::memchr2(b'=', b':', line.as_bytes())?;
    let captures = SETTING.captures(line)?;
    Some((captures.name("key")?.as_str(), captures.name("value")?))
}

/// What a setting says that stands in a section.
pub(in crate::analysis::languages) fn setting(
    section: &str,
    key: &str,
    value: &str,
    start: usize,
    shape: &Shape,
    found: &mut Found<'_>,
) {
    if found.hosts.has_port(section, key, value, start) {
        return;
    }
    let digits = value.trim_matches(['"', '\'', ' ']);
    if let Ok(port) = digits.parse::<Port>()
        // `listeners.tcp.default` of RabbitMQ.
        && (found.names().is_entry_of_ports(section, key, port) || (key.starts_with("listeners.") && port.get() >= 80))
    {
        let at = start + value.find(digits).unwrap_or(0);
        found.literal(at..at + digits.len(), Kind::Setting, shape.clone(), Some(key));
        return;
    }
    // A supervisor gives its programs variables as a shell would.
    if found.names().is_command_name(key)
        || found.is_command(key)
        || key == "environment"
        || value.trim_start_matches(['"', '\'']).starts_with("-D")
    {
        found.command(key, value, start);
    }
    if value.contains("\\:") {
        escaped(key, value.trim_end(), start, found);
    } else {
        found.setting(key, value.trim_end(), start, shape);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn a_section_says_what_its_keys_are() {
        finds_what_is_marked("a.ini", "[ports]\nhttp = «8080 setting»\n[sizes]\nhttp = 8081\n");
    }

    #[test]
    fn a_public_host_in_the_section_has_its_own_port() {
        finds_what_is_marked(
            "a.ini",
            "[mail]\nhost = smtp.example.com\nport = 587\n[cache]\nhost = localhost\nport = «6379 setting»\n",
        );
    }
}
