//! XML, read by its elements and attributes: `<port>8080</port>`, `<Connector port="8080"/>`,
//! `<property name="server.port" value="8080"/>`.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::analysis::address::{addresses, is_remote};
use crate::analysis::connection;
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use crate::analysis::reading::host_beside;
use crate::pattern::{Pattern, regex};

/// What can hold a port at all: a name with `port` in it, a scheme, a number behind a colon, or a connection string of .NET.
static CANDIDATE: Pattern = regex!("(?i)port|://|:[0-9]{2,5}[\"'<\\s]|connectionString");

/// `8092:80` and `8093/udp`, ports that a container is given: what is on this machine's side.
static PORT: Pattern = regex!(r"^(?:(?P<host>[0-9]{1,5})|\$\{[^{}]*\})(?::[0-9]{1,5})?(?:/(?:tcp|udp))?$");

/// Reads XML, up to the first bytes that are not XML.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut reading = Reading { text, found: Found::of(text, "xml", packs), open: vec![Element::default()] };
    // Most XML is about something else, and much of it is large.
    if !CANDIDATE.is_match(text) && !packs.keys.may_decide_in("xml", text) {
        return reading.found.finish();
    }
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    // What is not well-formed is read nevertheless: `<br>`, `a & b`.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => reading.begin(&tag),
            Ok(Event::Empty(tag)) => {
                reading.begin(&tag);
                reading.end();
            }
            Ok(Event::End(_)) if reading.open.len() > 1 => reading.end(),
            Ok(Event::Text(part)) => reading.text(&part),
            Ok(Event::GeneralRef(part)) => reading.text(&part),
            Ok(Event::CData(part)) => reading.text(&part),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    // What has no end is read to the end of the text.
    while !reading.open.is_empty() {
        reading.end();
    }
    reading.found.finish()
}

/// A name with its value: an attribute, or an element that holds only text.
struct Setting {
    name: String,
    /// Where the value stands, white space around it left out.
    value: Range<usize>,
}

/// An element that is open.
#[derive(Default)]
struct Element {
    /// Its name, without its namespace.
    name: String,
    /// What an attribute calls it: `<prop key="server.port">`.
    label: Option<String>,
    /// The parts of its text.
    texts: Vec<Range<usize>>,
    has_elements: bool,
    /// The elements in it that hold only text.
    settings: Vec<Setting>,
}

struct Reading<'a> {
    text: &'a str,
    found: Found<'a>,
    /// The elements that are open, the innermost last; the first stands for the text itself.
    open: Vec<Element>,
}

impl<'a> Reading<'a> {
    fn begin(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name().as_ref().to_owned();
        let attributes: Vec<Setting> = tag
            .attributes()
            .with_checks(false)
            .filter_map(Result::ok)
            // A namespace is a name, even where it is written as an address.
            .filter(|attribute| !attribute.key.as_ref().starts_with("xmlns"))
            .filter_map(|attribute| {
                let Cow::Borrowed(value) = attribute.value else { return None };
                let name = attribute.key.local_name().as_ref().to_owned();
                Some(Setting { name, value: self.span(value)? })
            })
            .collect();
        let label = attributes.iter().find(|attribute| is_label(&attribute.name));
        let label = label.map(|label| self.text[label.value.clone()].to_owned());
        self.settings(&name, &attributes);
        if let Some(parent) = self.open.last_mut() {
            parent.has_elements = true;
        }
        self.open.push(Element { name, label, ..Element::default() });
    }

    /// Adds a part of the text of the element that is open.
    fn text(&mut self, part: &str) {
        let (Some(span), Some(element)) = (self.span(part), self.open.last_mut()) else { return };
        match element.texts.last_mut() {
            // `&amp;` has its marks around it.
            Some(last) if span.start <= last.end + 2 && !self.text[last.end..span.start].contains('>') => {
                last.end = span.end;
            }
            _ => element.texts.push(span),
        }
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        self.settings(&element.name, &element.settings);
        if element.has_elements {
            return;
        }
        // `<property name="port"><value>8080</value></property>`
        let around = self.open.last().filter(|_| is_value(&element.name)).and_then(|it| it.label.as_ref());
        let label = element.label.as_ref().or(around).filter(|_| !self.is_key(&element.name));
        let name = label.unwrap_or(&element.name).clone();
        let trimmed = |span: &Range<usize>| {
            let text = &self.text[span.clone()];
            let start = span.start + (text.len() - text.trim_start().len());
            start..start + text.trim().len()
        };
        let settings: Vec<_> =
            element.texts.iter().map(|span| Setting { name: name.clone(), value: trimmed(span) }).collect();
        if let Some(parent) = self.open.last_mut() {
            parent.settings.extend(settings);
        }
    }

    /// Whether a name says by itself what its value is.
    fn is_key(&self, name: &str) -> bool {
        self.found.packs().names.is_port(name) || self.found.says(name).is_some()
    }

    /// Reads the settings that stand beside each other.
    fn settings(&mut self, group: &str, settings: &[Setting]) {
        let label = settings.iter().find(|setting| is_label(&setting.name));
        let label = label.map(|label| &self.text[label.value.clone()]);
        for setting in settings {
            let name = label.filter(|_| is_value(&setting.name)).unwrap_or(&setting.name);
            if !self.is_of_public_host(group, name, settings) {
                self.setting(name, setting.value.clone());
            }
        }
    }

    /// Whether a name is the port of a public host that is named beside it.
    fn is_of_public_host(&self, group: &str, name: &str, settings: &[Setting]) -> bool {
        let names = self.found.names();
        if !names.is_port(name) || !host_beside::is_of_another(group, name, names) {
            return false;
        }
        let hosts = host_beside::hosts_of(name, names);
        let is_host = |setting: &&Setting| {
            hosts.contains(&setting.name) || (name == JMETER[1] && setting.name == JMETER[0])
        };
        let is_remote = |setting: &Setting| is_remote(&self.text[setting.value.clone()], self.found.packs());
        settings.iter().filter(is_host).any(is_remote)
    }

    fn setting(&mut self, name: &str, span: Range<usize>) {
        let value = &self.text[span.clone()];
        // A text of several lines is for people, or in another language.
        if !value.bytes().any(|byte| byte.is_ascii_digit()) || value.contains('\n') {
            return;
        }
        let named = self.found.packs().names.port_name(name);
        let is_port = named == Some(PortName::One);
        let has_row = self.found.says(name).is_some();
        if name.eq_ignore_ascii_case("connectionString") {
            for port in connection::ports(value, self.found.packs()) {
                let span = span.start + port.start..span.start + port.end;
                self.found.literal(span, Kind::Connect, Shape::Fixed, Some(name));
            }
        }
        if let Some(port) = PORT.captures(value).filter(|_| is_port && !has_row) {
            if let Some(host) = port.name("host") {
                let span = span.start + host.start()..span.start + host.end();
                self.found.literal(span, Kind::Setting, Shape::Fixed, Some(name));
            }
        } else if named.is_some()
            || has_row
            || value.contains("://")
            || value.starts_with("jdbc:")
            || is_address(name, value, self.found.packs())
        {
            self.found.setting(name, value, span.start, &Shape::Fixed);
        }
    }

    /// Where a part of the text stands in it.
    fn span(&self, part: &str) -> Option<Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let span = start..start + part.len();
        (self.text.get(span.clone()) == Some(part)).then_some(span)
    }
}

/// The host and the port of a request of JMeter.
const JMETER: [&str; 2] = ["HTTPSampler.domain", "HTTPSampler.port"];

/// Whether a name says that its value is the name of another: `name`, `key`, `Argument.name` of JMeter.
fn is_label(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("name") || last.eq_ignore_ascii_case("key")
}

/// Whether a name says that its value is that of a name beside it.
fn is_value(name: &str) -> bool {
    name.rsplit('.').next().unwrap_or(name).eq_ignore_ascii_case("value")
}

/// Whether the whole value is one `host:port`.
fn is_address(name: &str, value: &str, packs: &Packs) -> bool {
    let addresses = addresses(value, packs);
    let [address] = addresses.as_slice() else { return false };
    let is_whole = address.span.start == address.name.len() + 1 && address.span.end == value.len();
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

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn cdata_is_text_and_comments_are_nothing() {
        finds_what_is_marked(
            "a.xml",
            "<a><doc><![CDATA[\n<port>1234</port> <x port=\"1235\"/>\n]]></doc>\n<!-- <port>1236</port>\n -->\n<port><!-- 1237 -->«8080 setting»</port><port><![CDATA[«8081 setting»]]></port></a>",
        );
    }

    #[test]
    fn attributes_may_stand_on_several_lines_in_any_order() {
        finds_what_is_marked(
            "server.xml",
            "<Server\n  shutdown='X>Y'\n  port = '«8005 setting»'>\n<property value=\"«8081 setting»\"\n  scope=\"a\" name=\"server.port\"/>\n</Server>",
        );
    }

    #[test]
    fn a_namespace_is_no_address_and_hides_no_name() {
        finds_what_is_marked(
            "a.xml",
            "<s:a xmlns:s=\"http://localhost:1234/x\" xmlns='http://localhost:1235/y'><s:port>«8080 setting»</s:port><b s:port=\"«8081 setting»\"/></s:a>",
        );
    }

    #[test]
    fn what_entities_stand_for_is_no_number() {
        finds_what_is_marked(
            "a.xml",
            "<!DOCTYPE a [ <!ENTITY p \"1234\"> ]>\n<a><port>&#8080;</port><port>&p;</port><url>http://localhost:«8080 connect»/?a=1&amp;b=2:1236</url></a>",
        );
    }

    #[test]
    fn a_value_has_the_name_that_stands_beside_it() {
        for text in [
            // Spring
            "<bean><property name=\"port\"><value>«8080 setting»</value></property><property name=\"size\"><value>8081</value></property></bean>",
            "<props><prop key=\"server.port\">«8080 setting»</prop><prop key=\"server.size\">8081</prop></props>",
            // Hadoop
            "<configuration><property><name>dfs.http.port</name><value>«8080 setting»</value></property></configuration>",
            // .NET
            "<appSettings><add key=\"Port\" value=\"«8080 setting»\"/><add key=\"Size\" value=\"8081\"/></appSettings>",
        ] {
            finds_what_is_marked("a.xml", text);
        }
        finds_what_is_marked(
            "load.jmx",
            "<a><b><stringProp name=\"HTTPSampler.domain\">localhost</stringProp><stringProp name=\"HTTPSampler.port\">«8080 setting»</stringProp></b>\n<c><stringProp name=\"Argument.name\">WEB_PORT</stringProp><stringProp name=\"Argument.value\">«8081 setting»</stringProp></c></a>",
        );
    }

    #[test]
    fn ports_may_be_several_and_stand_in_connection_strings() {
        finds_what_is_marked(
            "web.config",
            "<configuration><environmentVariable name=\"ASPNETCORE_HTTP_PORTS\" value=\"«8080 setting»;«8081 setting»\"/>\n<add name=\"Shop\" connectionString=\"Server=localhost,«1433 connect»;Database=shop\"/>\n<add name=\"Mail\" connectionString=\"Server=db.example.com,1434\"/><add name=\"NumPorts\" value=\"100\"/></configuration>",
        );
    }

    #[test]
    fn a_public_host_has_its_own_port() {
        finds_what_is_marked(
            "a.xml",
            "<a><smtp host=\"smtp.example.com\" port=\"587\"/><mail><host>smtp.example.com</host><port>587</port></mail><mail><host>localhost</host><port>«1025 setting»</port></mail></a>",
        );
        finds_what_is_marked(
            "load.jmx",
            "<a><stringProp name=\"HTTPSampler.domain\">shop.example.com</stringProp><stringProp name=\"HTTPSampler.port\">8443</stringProp></a>",
        );
    }

    #[test]
    fn what_is_not_well_formed_is_read_nevertheless() {
        finds_what_is_marked(
            "a.xml",
            "<a><b>\n<x y=z>a & b</c></d><port>«8080 setting»</port>\n<br><Server port=\"«8081 setting»\">",
        );
        finds_what_is_marked("a.xml", "<a><port>«8080 setting»</port><!-- <port>1234</port>");
    }
}
