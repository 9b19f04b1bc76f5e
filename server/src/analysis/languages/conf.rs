//! Settings that are written a line each: INI, `.properties`, HOCON, and the directives of
//! nginx, HAProxy, Apache and Redis.

use std::collections::HashMap;
use std::ops::Range;

use regex::Match;

use super::xml;
use crate::analysis::address::{Host, Place, addresses, decide, is_remote};
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Meaning, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, Packs};
use crate::analysis::reading::found::Found;
use crate::analysis::reading::placeholder;
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::variable::Variable;

/// `key = value`, `key: value`, `"key" => value`, `set key = value`.
static SETTING: Pattern = regex!(
    r#"^\s*(?:export\s+|set\s+)?["']?(?P<key>[A-Za-z_%][0-9A-Za-z_.@/-]*)["']?\s*(?:=>|[:+?]?=|:\s)\s*(?P<value>\S.*)$"#
);

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
    let mut offset = 0;
    let mut section = "";
    let mut list = None;
    // Where the string of several lines ends that is open.
    let mut string_end = 0;
    for line in text.split_inclusive('\n') {
        if offset < string_end {
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
        if let Some((key, string)) = multiline_string(text, code, offset) {
            string_end = string.end;
            if found.names().is_command_name(key) || found.is_command(key) {
                found.command(key, &text[string.clone()], string.start);
            }
            offset += line.len();
            continue;
        }
        if code.bytes().any(|byte| byte.is_ascii_digit()) || code.contains("${") {
            match SETTING.captures(code) {
                Some(captures) => {
                    if let (Some(key), Some(value)) = (captures.name("key"), captures.name("value")) {
                        line_of_settings(section, key.as_str(), value, offset, &mut found);
                    }
                }
                None => directives(code, offset, "", &mut found),
            }
            for port in [FLAG.captures(code), ENTRY.captures(code)].into_iter().flatten() {
                if let Some(port) = port.name("port") {
                    found.literal(
                        offset + port.start()..offset + port.end(),
                        Kind::Setting,
                        Shape::Fixed,
                        None,
                    );
                }
            }
        }
        offset += line.len();
    }
    let mut occurrences = found.finish();
    defaults_of_overrides(text, &mut occurrences);
    occurrences
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

/// What a setting says that stands in a section.
pub(super) fn setting(
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

/// `key = """`, `key = '''`, where the string does not end in the line (TOML, HOCON).
static MULTILINE: Pattern =
    regex!(r#"^\s*["']?(?P<key>[A-Za-z_][0-9A-Za-z_.-]*)["']?\s*[:+]?=\s*\[?\s*(?P<mark>\x22{3}|'{3})"#);

/// The key and the string of several lines that a line begins, by the bytes up to the end of the last of its lines.
fn multiline_string<'a>(text: &str, line: &'a str, offset: usize) -> Option<(&'a str, Range<usize>)> {
    let captures = MULTILINE.captures(line)?;
    let (key, mark) = (captures.name("key")?.as_str(), captures.name("mark")?);
    let start = offset + mark.end();
    let length = text.get(start..)?.find(mark.as_str())?;
    text.get(start..start + length)?.contains('\n').then_some((key, start..start + length))
}

/// `port = ${?API_PORT}` of HOCON, which keeps the value before where the variable is not set.
static OVERRIDE: Pattern = regex!(
    r"^\s*(?P<key>[A-Za-z_][0-9A-Za-z_.-]*)\s*[=:]\s*\$\{\?(?P<name>[A-Za-z_][0-9A-Za-z_]*)\}\s*,?\s*$"
);

/// Makes the number in the line before a line that overrides it the default of the variable that is read there.
fn defaults_of_overrides(text: &str, occurrences: &mut [Occurrence]) {
    if !text.contains("${?") {
        return;
    }
    let mut given: HashMap<&str, Range<usize>> = HashMap::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let span = offset..offset + line.len();
        offset = span.end;
        let code = before_comment(line).trim_end();
        // What is given in one block says nothing of the same name in another.
        if code.contains(['{', '}']) && !code.contains("${") {
            given.clear();
        }
        if let Some(captures) = OVERRIDE.captures(code) {
            let (key, variable) = (captures.name("key"), captures["name"].parse::<Variable>().ok());
            let Some(value) = key.and_then(|key| given.get(key.as_str())) else { continue };
            for occurrence in occurrences.iter_mut().filter(|it| value.contains(&it.span.start)) {
                if let Meaning::Literal(literal) = &occurrence.meaning {
                    occurrence.meaning =
                        Meaning::Fallback { port: literal.port, variable: variable.clone(), address: None };
                }
            }
        } else if let Some(key) = SETTING.captures(code).and_then(|captures| captures.name("key")) {
            given.insert(key.as_str(), span);
        }
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

/// Adds the addresses in a value of `.properties` whose colons are escaped: `http\://localhost\:8088`.
fn escaped(key: &str, value: &str, start: usize, found: &mut Found<'_>) {
    let mut plain = String::new();
    // Where in the value each byte of the plain text stands.
    let mut places = Vec::new();
    let mut characters = value.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\'
            && characters.peek().is_some_and(|(_, next)| matches!(next, ':' | '=' | '#' | '!'))
        {
            continue;
        }
        plain.push(character);
        places.resize(plain.len(), at);
    }
    for address in addresses(&plain, found.packs()) {
        if let Some(kind) = decide(&address, Place::Setting(key), found.packs())
            && let (Some(from), Some(last)) =
                (places.get(address.span.start), places.get(address.span.end - 1))
        {
            found.literal(start + from..start + last + 1, kind, Shape::Fixed, None);
        }
    }
}

/// Settings of frameworks that expand `${NAME:default}` in their files.
fn is_spring(key: &str) -> bool {
    // Quarkus puts a profile before the key: `%dev.`.
    let key = key.strip_prefix('%').and_then(|key| key.split_once('.')).map_or(key, |(_, key)| key);
    ["server.", "spring.", "management.", "quarkus.", "micronaut."]
        .iter()
        .any(|prefix| key.starts_with(prefix))
}

/// A line without its comment: from `#`, `;` or `!` where the line begins, or ` #` behind a value.
pub(super) fn before_comment(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';', '!']) || trimmed.starts_with("//") {
        return "";
    }
    let mut quote = None;
    let mut previous = ' ';
    for (index, character) in line.char_indices() {
        match character {
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            '#' if quote.is_none() && previous.is_whitespace() => return &line[..index],
            _ => {}
        }
        previous = character;
    }
    line
}

/// The statements of a line, ended by `;`, `{` or `}`: words, or the settings of a `block`.
fn directives<'a>(line: &'a str, offset: usize, mut block: &'a str, found: &mut Found<'_>) {
    let mut start = 0;
    for (end, mark) in line.match_indices([';', '{', '}', '\n']).chain([(line.len(), "")]) {
        // The braces of `${name}` end nothing.
        if line[..end].ends_with('$')
            || line[start..end].rfind("${").is_some_and(|open| !line[start + open..end].contains('}'))
        {
            continue;
        }
        let statement = &line[start..end];
        if mark != "}" || !settings(statement, offset + start, block, found) {
            directive(statement, offset + start, found);
        }
        if mark == "{" {
            let name = statement.trim_end_matches([' ', '\t', '=', ':']);
            block = name.rsplit([' ', '\t', ',', '.']).next().unwrap_or(name);
        }
        start = (end + 1).min(line.len());
    }
}

/// Adds what the settings say that a block on one line has, `{ host = "a", port = 9003 }`, and whether it has any.
fn settings(statement: &str, offset: usize, block: &str, found: &mut Found<'_>) -> bool {
    let mut is_any = false;
    let mut quote = None;
    let mut start = 0;
    for (end, character) in statement.char_indices().chain([(statement.len(), ',')]) {
        match character {
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            ',' if quote.is_none() || end == statement.len() => {
                if let Some(captures) = SETTING.captures(&statement[start..end])
                    && let (Some(key), Some(value)) = (captures.name("key"), captures.name("value"))
                {
                    is_any = true;
                    let at = offset + start + value.start();
                    setting(block, key.as_str(), value.as_str(), at, &Shape::Fixed, found);
                }
                start = (end + 1).min(statement.len());
            }
            _ => {}
        }
    }
    is_any
}

fn directive(statement: &str, offset: usize, found: &mut Found<'_>) {
    let mut words = statement.split_whitespace();
    let Some(name) = words.next() else { return };
    let mut previous = name;
    let name = name.trim_start_matches('<').to_ascii_lowercase();
    let does = found.says(&name).map(|says| says.does);
    let listens = does == Some(KeyDoes::Listen) || found.names().is_port(&name);
    let is_peer = does == Some(KeyDoes::Connect)
        || (name == "sentinel" && statement.split_whitespace().nth(1) == Some("monitor"));
    for word in words {
        // `server s1 10.0.0.1:8080 check port 8081` of HAProxy, `set $port 8080` of nginx, `listen-on port 53` of BIND.
        let before = std::mem::replace(&mut previous, word);
        let is_named = found.names().is_port(before);
        let start = offset + (word.as_ptr() as usize - statement.as_ptr() as usize);
        // `health_check port=9200` of nginx
        if let Some((key, value)) = word.split_once('=')
            && found.names().is_port(key)
            && value.parse::<crate::port::Port>().is_ok()
        {
            found.literal(start + key.len() + 1..start + word.len(), Kind::Connect, Shape::Fixed, None);
            continue;
        }
        let digits = word.trim_matches(['"', '\'', '>']);
        if let Ok(port) = digits.parse::<Port>() {
            // `replicaof 10.0.0.5 6379` of Redis
            if is_peer {
                if !is_remote(before, found.packs()) {
                    found.literal(start..start + word.len(), Kind::Connect, Shape::Fixed, Some(before));
                }
                return;
            }
            let takes_named = matches!(name.as_str(), "server" | "set" | "listen-on" | "listen-on-v6");
            if listens || found.names().names_port(&name, port) || (is_named && takes_named) {
                let at = start + word.find(digits).unwrap_or(0);
                found.literal(at..at + digits.len(), Kind::Listen, Shape::Fixed, None);
            }
            if listens {
                return;
            }
            continue;
        }
        // All addresses of IPv6, as HAProxy writes them: `:::443`.
        if let Some(digits) = word.strip_prefix(":::").filter(|_| listens) {
            found.literal(start + 3..start + 3 + digits.len(), Kind::Listen, Shape::Fixed, None);
            continue;
        }
        for address in addresses(word, found.packs()) {
            let place = match name.as_str() {
                _ if listens => Place::Listener,
                "virtualhost" => Place::Site,
                "server" => Place::Upstream,
                _ => Place::Directive,
            };
            // The scheme says the port already.
            if is_default_of_scheme(word, address.port.get()) {
                continue;
            }
            if let Some(kind) = decide(&address, place, found.packs()) {
                let hint = (address.host == Host::Service).then_some(address.name.as_str());
                found.literal(start + address.span.start..start + address.span.end, kind, Shape::Fixed, hint);
            }
        }
    }
    // `:8080 {` and `localhost:8080 {` begin a site of Caddy, in what a Caddyfile imports.
    for address in addresses(&name, found.packs())
        .into_iter()
        .filter(|address| matches!(address.host, Host::Any | Host::Local))
    {
        let start = offset + statement.len() - statement.trim_start().len();
        let span = start + address.span.start..start + address.span.end;
        found.literal(span, Kind::Listen, Shape::Fixed, None);
    }
}

fn is_default_of_scheme(word: &str, port: u16) -> bool {
    (port == 80 && word.contains("http://")) || (port == 443 && word.contains("https://"))
}
