//! XML, read by its elements and attributes: `<port>8080</port>`, `<Connector port="8080"/>`,
//! `<property name="server.port" value="8080"/>`; and the addresses in HTML.

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::names::{PortName, port_name};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};

static ELEMENT: Pattern =
    regex!(r"<(?P<name>[A-Za-z_][0-9A-Za-z_.:-]*)[^<>]*>\s*(?P<value>[^<>\s][^<>\n]*?)\s*</");

static ATTRIBUTE: Pattern =
    regex!(r#"\s(?P<name>[A-Za-z_][0-9A-Za-z_.:-]*)\s*=\s*["'](?P<value>[^"'<>\n]*)["']"#);

/// `name="server.port" value="8080"`
static NAMED_VALUE: Pattern = regex!(
    r#"(?i)\b(?:name|key)\s*=\s*["'](?P<name>[^"'<>]*)["']\s+value\s*=\s*["'](?P<value>[^"'<>\n]*)["']"#
);

/// What can hold a port at all: a name with `port` in it, a scheme, or a number behind a colon.
static CANDIDATE: Pattern = regex!("(?i)port|://|:[0-9]{2,5}[\"'<\\s]");

/// `8092:80` and `8093/udp`, ports that a container is given: what is on this machine's side.
static PORT: Pattern = regex!(r"^(?:(?P<host>[0-9]{1,5})|\$\{[^{}]*\})(?::[0-9]{1,5})?(?:/(?:tcp|udp))?$");

/// Whether the whole value is one `host:port`.
fn is_address(name: &str, value: &str, packs: &Packs) -> bool {
    let addresses = addresses(value, packs);
    let [address] = addresses.as_slice() else { return false };
    let is_whole = address.span.start == address.name.len() + 1 && address.span.end == value.trim().len();
    is_whole && !is_prose(name)
}

/// Elements of documentation, whose text is for people.
fn is_prose(name: &str) -> bool {
    matches!(
        name,
        "code"
            | "tt"
            | "kbd"
            | "samp"
            | "pre"
            | "p"
            | "td"
            | "th"
            | "li"
            | "dd"
            | "em"
            | "strong"
            | "b"
            | "i"
            | "para"
            | "literal"
            | "screen"
            | "title"
            | "description"
            | "summary"
            | "c"
            | "see"
    )
}

static COMMENT: Pattern = regex!(r"(?s)<!--.*?(?:-->|\z)");

/// `<![CDATA[ ... ]]>`
static CDATA: Pattern = regex!(r"(?s)<!\[CDATA\[(?P<text>.*?)(?:\]\]>|\z)");

/// The text with its comments blanked, and with what is no markup in sections of CDATA: their text is an
/// element's, `<port><![CDATA[8080]]></port>`, and no elements or attributes are in it. Byte for byte of the same length.
fn markup(text: &str) -> String {
    let mut result = without_comments(text);
    if !text.contains("<![CDATA[") {
        return result;
    }
    for captures in CDATA.captures_iter(&without_comments(text)) {
        let (Some(whole), Some(content)) = (captures.get(0), captures.name("text")) else { continue };
        let blank = |text: &str| " ".repeat(text.len());
        let plain = content.as_str().replace(['<', '>', '"', '\'', '='], " ");
        let before = blank(&whole.as_str()[..content.start() - whole.start()]);
        let after = blank(&whole.as_str()[content.end() - whole.start()..]);
        result.replace_range(whole.range(), &format!("{before}{plain}{after}"));
    }
    result
}

/// The text with its comments blanked, byte for byte of the same length.
fn without_comments(text: &str) -> String {
    let mut result = text.to_owned();
    for comment in COMMENT.find_iter(text) {
        result.replace_range(comment.range(), &" ".repeat(comment.len()));
    }
    result
}

/// Reads XML.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "xml", packs);
    // Most XML is about something else, and much of it is large.
    if !CANDIDATE.is_match(text) && !packs.keys.may_decide_in("xml", text) {
        return found.finish();
    }
    let code = markup(text);
    for pattern in [&ELEMENT, &ATTRIBUTE, &NAMED_VALUE] {
        for captures in pattern.captures_iter(&code) {
            let (Some(name), Some(value)) = (captures.name("name"), captures.name("value")) else { continue };
            let name = name.as_str().rsplit(':').next().unwrap_or_default();
            let is_port = port_name(name) == Some(PortName::One);
            let has_row = packs.keys.says("xml", name).is_some();
            if is_port
                && !has_row
                && let Some(port) = PORT.captures(value.as_str())
            {
                if let Some(host) = port.name("host") {
                    let span = value.start() + host.start()..value.start() + host.end();
                    found.literal(span, Kind::Setting, Shape::Fixed, Some(name));
                }
            } else if is_port
                || has_row
                || value.as_str().contains("://")
                || value.as_str().starts_with("jdbc:")
                || is_address(name, value.as_str(), packs)
            {
                found.setting(name, value.as_str(), value.start(), &Shape::Fixed);
            }
        }
    }
    found.finish()
}

/// `<a href=http://localhost:`, an attribute without quotes up to its number.
static BARE_ATTRIBUTE: Pattern = regex!(r"^<[A-Za-z][^<>]*\s[A-Za-z-]+=[A-Za-z]+://[^\s<>=]*$");

/// Whether an address stands in an attribute or in a string of a script, by what stands before its number.
fn is_in_code(before: &str) -> bool {
    before.rfind(['"', '\'', '`', '>', '<', '(']).is_some_and(|at| match before.as_bytes()[at] {
        b'>' => false,
        b'<' => BARE_ATTRIBUTE.is_match(&before[at..]),
        _ => true,
    })
}

/// Reads HTML: addresses in attributes and in the strings of scripts. What stands between the tags
/// is for people.
pub(in crate::analysis) fn read_html(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "html", packs);
    if !text.contains("://") {
        return found.finish();
    }
    let code = without_comments(text);
    let mut offset = 0;
    for line in code.split_inclusive('\n') {
        if line.contains("://") && line.len() < 20_000 {
            for address in addresses(line, packs).into_iter().filter(|address| address.has_scheme) {
                let before = &line[..address.span.start];
                if is_in_code(before)
                    && let Some(kind) = decide(&address, Place::Page)
                {
                    found.literal(
                        offset + address.span.start..offset + address.span.end,
                        kind,
                        Shape::Fixed,
                        None,
                    );
                }
            }
        }
        offset += line.len();
    }
    found.finish()
}
