//! Settings that are written a line each: INI, `.properties`, HOCON, and the directives of
//! nginx, HAProxy, Apache and Redis.

mod directives;
mod hocon;
mod properties;
mod setting;

use regex::Match;

use super::xml;
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::comments::before_comment;
use crate::analysis::reading::found::Found;
use crate::analysis::reading::placeholder;
use crate::pattern::{Pattern, regex};
use directives::directives;
use hocon::{MARKS, defaults_of_overrides, multiline_string};
use properties::is_spring;
use setting::key_and_value;
pub(super) use setting::setting;

/// `-p 11211` as a line of its own: memcached's settings are the flags of its command line.
static FLAG: Pattern = regex!(r"^\s*-[pU]\s+(?P<port>[0-9]{2,5})\s*$");

/// `"port" => 9000` of lighttpd, among other entries of a line.
static ENTRY: Pattern = regex!(r#""port"\s*=>\s*"?(?P<port>[0-9]{2,5})(?-u:\b)"#);

/// Reads settings, and directives where a line is no setting.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let start = text.trim_start();
    if start.starts_with("<?xml") || start.starts_with("<configuration") {
        return xml::read(text, packs);
    }
    let mut found = Found::of(text, "conf", packs);
    // What few texts have is not looked for in each of their lines.
    let has_strings = MARKS.iter().any(|mark| text.contains(mark));
    let has_variables = text.contains("${");
    let has_entries = text.contains("\"port\"");
    let mut offset = 0;
    let mut section = "";
    let mut list = None;
    // Where the string of several lines ends that is open.
    let mut string_end = 0;
    for line in text.split_inclusive('\n') {
        if offset < string_end || (list.is_none() && !may_say_something(line)) {
            offset += line.len();
            continue;
        }
        let code = before_comment(line).trim_end();
        if let Some(name) = section_of(code) {
            section = name;
        }
        if let Some(key) = list {
            found.ports(key, code, offset, &Shape::Fixed);
            list = list.filter(|_| !code.contains(']'));
            offset += line.len();
            continue;
        }
        list = opens_list(code, packs);
        if let Some((key, string)) = has_strings.then(|| multiline_string(text, code, offset)).flatten() {
            string_end = string.end;
            if found.names().is_command_name(key) || found.is_command(key) {
                found.command(key, &text[string.clone()], string.start);
            }
            offset += line.len();
            continue;
        }
        if code.bytes().any(|byte| byte.is_ascii_digit()) || (has_variables && code.contains("${")) {
            match key_and_value(code) {
                Some((key, value)) => line_of_settings(section, key, value, offset, &mut found),
                None => directives(code, offset, "", &mut found),
            }
            if code.trim_start().starts_with('-') {
                port_of(&FLAG, code, offset, &mut found);
            }
            if has_entries {
                port_of(&ENTRY, code, offset, &mut found);
            }
        }
        offset += line.len();
    }
    let mut occurrences = found.finish();
    defaults_of_overrides(text, &mut occurrences);
    occurrences
}

/// Whether some lines of a text say nothing of ports and nothing of other lines: they have words, and no number, value, section, block,
/// variable or text between quotes.
pub(in crate::analysis) fn are_silent(text: &str, lines: &str) -> bool {
    let is_of_word = |byte: u8| {
        byte.is_ascii_alphabetic() || !byte.is_ascii() || matches!(byte, b'_' | b'-' | b'.' | b'/')
    };
    let is_between = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b';' | b',');
    lines.bytes().all(|byte| is_of_word(byte) || is_between(byte))
        // XML, and strings of several lines.
        && !text.trim_start().starts_with('<')
        && !MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether a line has a number or a variable, or begins a section, a list or a string.
fn may_say_something(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'$' | b'[' | b'='))
}

/// Adds the port that a pattern finds in a line.
fn port_of(pattern: &Pattern, code: &str, offset: usize, found: &mut Found<'_>) {
    if let Some(port) = pattern.captures(code).and_then(|captures| captures.name("port")) {
        found.literal(offset + port.start()..offset + port.end(), Kind::Setting, Shape::Fixed, None);
    }
}

/// What a line says that is one setting, or one that holds others: `web = { port = 9003 }`.
fn line_of_settings(section: &str, key: &str, value: Match<'_>, offset: usize, found: &mut Found<'_>) {
    let (value, start) = (value.as_str(), offset + value.start());
    if value.starts_with('{') && value.contains(['=', ':']) {
        directives(value, start, key, found);
    } else if !placeholder::read(value, start, found) {
        let shape = if is_spring(key) { Shape::Expanded } else { Shape::Fixed };
        setting(section, key, value, start, &shape, found);
    }
}

/// The last name of a section that a line begins: `ports` of `[server.ports]`.
fn section_of(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix('[')?.strip_suffix(']')?.trim_matches(['[', ']', ' ']);
    let last = name.rsplit('.').next().unwrap_or(name).trim_matches(['"', '\'']);
    (!last.contains([',', '='])).then_some(last)
}

/// The key of a list of ports whose items stand on the next lines.
fn opens_list<'l>(line: &'l str, packs: &Packs) -> Option<&'l str> {
    let (key, value) = line.split_once('=')?;
    let value = value.trim();
    (value.starts_with('[')
        && !value.contains(']')
        && packs.names.port_name(key.trim()) == Some(PortName::Many))
    .then_some(key.trim())
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn a_comment_is_nothing() {
        finds_what_is_marked(
            "a.ini",
            "; port = 1234\n# port = 1234\n! port = 1234\n// port = 1234\nport = «8080 setting» # or 1235\nname = \"a # http://localhost:«8081 connect»\"\n",
        );
    }

    #[test]
    fn a_list_of_ports_goes_on_to_its_bracket() {
        finds_what_is_marked(
            "a.conf",
            "ports = [\n  «8080 setting»,\n  «8081 setting»\n]\nsizes = [\n  8082\n]\n",
        );
    }

    #[test]
    fn lines_of_words_are_silent() {
        let text = "server {\n    root /srv/é;\n}\n";
        assert!(super::are_silent(text, "    root /srv/é;\n"));
        for line in ["listen 80;", "a = b", "a: b", "[a]", "}", "# a", "$a", "\"a\""] {
            assert!(!super::are_silent(text, line), "{line}");
        }
        assert!(!super::are_silent("<?xml?>", "a"));
        assert!(!super::are_silent("a = \"\"\"\nb\n\"\"\"", "b"));
    }

    #[test]
    fn settings_of_xml_are_read_as_xml() {
        finds_what_is_marked(
            "web.config",
            "<configuration><appSettings><add key=\"Port\" value=\"«8080 setting»\"/></appSettings></configuration>\n",
        );
    }
}
