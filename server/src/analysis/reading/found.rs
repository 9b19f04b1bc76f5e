//! What a reader of a format has found so far.

use std::ops::Range;

use super::host_beside::PublicHosts;
use super::interpolation;
use crate::analysis::address::{Host, Place, addresses, decide};
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Grade, Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, KeySays, Names, Packs};
use crate::analysis::{command_line, connection};
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::variable::Variable;

/// An item of a list of ports: a number, or a mapping of which this machine's side counts.
static ITEM: Pattern = regex!(
    r"(?x)
        \$\{ [^{}]* \} (?: : [0-9]+ )*
        | (?: [0-9]{1,3} (?: \. [0-9]{1,3} ){3} : )? (?P<port> [0-9]{2,5} ) (?: - [0-9]+ )? (?: : (?: [0-9]+ (?: - [0-9]+ )? | \$\{ [^{}]* \} ) )?
        | [0-9]+
        "
);

/// `8086,8087`: numbers and what parts them.
static LIST: Pattern = regex!(r"^[0-9]{2,5}(?:[\s,;]+[0-9]{2,5})+$");

/// Whether a value is a list of numbers and nothing else.
pub(in crate::analysis) fn is_list(value: &str) -> bool {
    LIST.is_match(value)
}

/// Occurrences in a text; of two at the same number, the first counts.
pub(in crate::analysis) struct Found<'a> {
    text: &'a str,
    /// The id of the reader, which decides.
    reader: &'static str,
    /// The rows that the text is read by.
    packs: &'a Packs,
    occurrences: Vec<Occurrence>,
    /// The public hosts that the text names.
    pub(in crate::analysis) hosts: PublicHosts<'a>,
}

impl<'a> Found<'a> {
    pub(in crate::analysis) fn of(text: &'a str, reader: &'static str, packs: &'a Packs) -> Self {
        Self { text, reader, packs, occurrences: Vec::new(), hosts: PublicHosts::of(text, packs) }
    }

    pub(in crate::analysis) fn finish(self) -> Vec<Occurrence> {
        self.occurrences
    }

    /// The rows that the text is read by.
    pub(in crate::analysis) fn packs(&self) -> &'a Packs {
        self.packs
    }

    /// What names say.
    pub(in crate::analysis) fn names(&self) -> &'a Names {
        &self.packs.names
    }

    /// The whole text.
    pub(in crate::analysis) fn text(&self) -> &'a str {
        self.text
    }

    /// Adds what was found elsewhere.
    pub(in crate::analysis) fn add(&mut self, occurrence: Occurrence) {
        self.occurrences.push(occurrence);
    }

    /// Adds the number at the span, in bytes of the whole text, unless it is no port.
    pub(in crate::analysis) fn literal(
        &mut self,
        span: Range<usize>,
        kind: Kind,
        shape: Shape,
        hint: Option<&str>,
    ) {
        self.literal_by(span, kind, shape, hint, self.reader);
    }

    /// The same where a row or rule decided it.
    pub(in crate::analysis) fn literal_by(
        &mut self,
        span: Range<usize>,
        kind: Kind,
        shape: Shape,
        hint: Option<&str>,
        decided_by: impl Into<DecidedBy>,
    ) {
        let Some(port) = self.text.get(span.clone()).and_then(|digits| digits.parse().ok()) else { return };
        let literal = Literal::new(port, kind, shape, hint.map(str::to_owned));
        self.occurrences.push(Occurrence::new(span, Meaning::Literal(literal), decided_by));
    }

    /// Makes the literal that was added last a warning: a package manager starts on this machine what listens there.
    pub(in crate::analysis) fn starts_here(&mut self) {
        if let Some(Occurrence { meaning: Meaning::Literal(literal), .. }) = self.occurrences.last_mut()
            && literal.kind == Kind::CommandFlag
        {
            literal.grade = Grade::Warning;
        }
    }

    /// Adds what another reader found in a part of the text.
    pub(in crate::analysis) fn extend(&mut self, occurrences: Vec<Occurrence>) {
        self.occurrences.extend(occurrences);
    }

    /// Adds what a part of the text, which begins at `start`, reads as shells do.
    pub(in crate::analysis) fn interpolations(&mut self, part: &str, start: usize) {
        interpolation::read(part, start, self.packs, &mut self.occurrences);
    }

    /// Adds the defaults of what a part of the text, which begins at `start`, reads as shells do.
    pub(in crate::analysis) fn defaults(&mut self, part: &str, start: usize) {
        let mut read = Vec::new();
        interpolation::read(part, start, self.packs, &mut read);
        let is_default = |occurrence: &Occurrence| matches!(occurrence.meaning, Meaning::Fallback { .. });
        self.occurrences.extend(read.into_iter().filter(is_default));
    }

    /// Adds the giving of a value to a variable, by the span of its name, if that is the name of a port.
    pub(in crate::analysis) fn definition(&mut self, name: Range<usize>, port: Option<Port>) {
        let variable = self.text.get(name.clone()).and_then(|name| name.parse().ok());
        self.definition_of(variable, name, port);
    }

    fn definition_of(&mut self, variable: Option<Variable>, name: Range<usize>, port: Option<Port>) {
        if let Some(variable) = variable.filter(|variable| self.names().is_port_variable(variable)) {
            let meaning = Meaning::Definition { variable, port };
            self.occurrences.push(Occurrence::new(name, meaning, self.reader));
        }
    }

    /// Adds the default of a lookup.
    pub(in crate::analysis) fn fallback(&mut self, span: Range<usize>, variable: &str) {
        if let Some(port) = self.text.get(span.clone()).and_then(|digits| digits.parse().ok()) {
            let variable = variable.parse().ok();
            self.occurrences.push(Occurrence::new(span, Meaning::fallback(port, variable), self.reader));
        }
    }

    /// Adds the reading of a variable, if its name is that of a port.
    pub(in crate::analysis) fn reference(&mut self, span: Range<usize>, has_default: bool) {
        if let Some(variable) = self.text.get(span.clone()).and_then(|name| name.parse::<Variable>().ok())
            && self.names().is_read_as_port(&variable)
        {
            self.occurrences.push(Occurrence::new(
                span,
                Meaning::Reference { variable, has_default, is_renamable: true },
                self.reader,
            ));
        }
    }

    /// Adds the reading of a variable by a system that does not tell `web_port` from `WEB_PORT`.
    pub(in crate::analysis) fn reference_ignoring_case(&mut self, span: Range<usize>) {
        if let Some(variable) = self.upper_case(&span)
            && self.names().is_read_as_port(&variable)
        {
            let meaning = Meaning::Reference { variable, has_default: false, is_renamable: true };
            self.occurrences.push(Occurrence::new(span, meaning, self.reader));
        }
    }

    /// Adds the giving of a value to a variable, on such a system.
    pub(in crate::analysis) fn definition_ignoring_case(&mut self, name: Range<usize>, port: Option<Port>) {
        self.definition_of(self.upper_case(&name), name, port);
    }

    fn upper_case(&self, name: &Range<usize>) -> Option<Variable> {
        self.text.get(name.clone())?.to_ascii_uppercase().parse().ok()
    }

    /// Adds the ports of a list, or of a part of one that begins at `start` of the text.
    pub(in crate::analysis) fn ports(&mut self, key: &str, list: &str, start: usize, shape: &Shape) {
        for port in ITEM.captures_iter(list).filter_map(|captures| captures.name("port")) {
            let span = start + port.start()..start + port.end();
            self.literal(span, Kind::Setting, shape.clone(), Some(key));
        }
    }

    /// Adds the ports in the command line that a setting has for its value.
    pub(in crate::analysis) fn command(&mut self, key: &str, value: &str, start: usize) {
        for port in command_line::ports(value, self.packs) {
            let span = start + port.span.start..start + port.span.end;
            let hint = port.hint.as_deref().or(Some(key));
            self.literal_by(span, port.kind, Shape::Fixed, hint, port.decided_by);
        }
    }

    /// What the rows say of a key.
    pub(in crate::analysis) fn says(&self, key: &str) -> Option<KeySays> {
        self.packs.keys.says(self.reader, key).cloned()
    }

    /// Whether a key's value is a command line by the rows.
    pub(in crate::analysis) fn is_command(&self, key: &str) -> bool {
        self.packs.keys.says(self.reader, key).is_some_and(|says| says.does == KeyDoes::Command)
    }

    /// Whether nothing in a key's value is a port by the rows.
    pub(in crate::analysis) fn is_no_port(&self, key: &str) -> bool {
        self.packs.keys.says(self.reader, key).is_some_and(|says| says.does == KeyDoes::NoPort)
    }

    /// Adds the ports in the value of a key that a row is about.
    pub(in crate::analysis) fn setting_by_row(
        &mut self,
        says: &KeySays,
        key: &str,
        value: &str,
        start: usize,
        shape: &Shape,
    ) {
        let (kind, place) = match says.does {
            KeyDoes::NoPort | KeyDoes::NamesVariable => return,
            KeyDoes::Command => return self.command(key, value, start),
            KeyDoes::Port => (Kind::Setting, Place::Setting(key)),
            KeyDoes::Listen => (Kind::Listen, Place::Listener),
            KeyDoes::Connect => (Kind::Connect, Place::Upstream),
        };
        let first = self.occurrences.len();
        let digits = value.trim_matches(['"', '\'', ' ']);
        if let Ok(port) = digits.parse::<Port>() {
            // `listen = 64` is the length of a queue, or a switch.
            if says.does != KeyDoes::Listen || port.get() >= 80 {
                let at = start + value.find(digits).unwrap_or(0);
                self.literal(at..at + digits.len(), kind, shape.clone(), Some(key));
            }
        } else {
            for address in addresses(value, self.packs) {
                if let Some(kind) = decide(&address, place, self.packs) {
                    let span = start + address.span.start..start + address.span.end;
                    self.literal(span, kind, shape.clone(), Some(key));
                }
            }
        }
        for occurrence in &mut self.occurrences[first..] {
            occurrence.decided_by = says.by.clone();
        }
    }

    /// Adds what the value of a setting says, where the value begins at `start` of the text: a port
    /// where the key is named like one, else the addresses in it.
    pub(in crate::analysis) fn setting(&mut self, key: &str, value: &str, start: usize, shape: &Shape) {
        if let Some(says) = self.says(key) {
            self.setting_by_row(&says, key, value, start, shape);
            return;
        }
        let named = self.names().port_name(key);
        let digits = value.trim_matches(['"', '\'', ' ']);
        if let Ok(port) = digits.parse::<Port>() {
            if self.names().names_port(key, port) {
                let at = start + value.find(digits).unwrap_or(0);
                self.literal(at..at + digits.len(), Kind::Setting, shape.clone(), Some(key));
            }
            return;
        }
        if named == Some(PortName::Many) && (value.trim_start().starts_with(['[', '{']) || is_list(digits)) {
            self.ports(key, value, start, shape);
            return;
        }
        if value.contains("jdwp") {
            self.command(key, value, start);
        }
        for port in connection::keywords(value, self.packs) {
            let span = start + port.start..start + port.end;
            self.literal(span, Kind::Connect, Shape::Fixed, Some(key));
        }
        for address in addresses(value, self.packs) {
            if let Some(kind) = decide(&address, Place::Setting(key), self.packs) {
                let hint = if address.host == Host::Service { &address.name } else { key };
                let span = start + address.span.start..start + address.span.end;
                self.literal(span, kind, shape.clone(), Some(hint));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tests::finds_what_is_marked;

    /// What a setting of a format without rules of its own says.
    fn finds(setting: &str) {
        finds_what_is_marked("a.ini", &format!("{setting}\n"));
    }

    #[test]
    fn a_number_is_a_port_by_its_key() {
        finds("port = «8080 setting»");
        finds("port = \"«8080 setting»\"");
        finds("limit = 8080");
    }

    #[test]
    fn a_list_is_one_of_ports_by_its_key() {
        finds("ports = «8080 setting»,«8081 setting»");
        finds("ports = [«8080 setting», 127.0.0.1:«8081 setting»:80]");
        finds("sizes = 8080,8081");
        finds("ports = 8080 or so");
    }

    #[test]
    fn an_address_counts_under_any_key_that_speaks_of_one() {
        finds("target = orders:«8080 in-network»");
        finds("label = orders:8080");
        finds("url = http://api.example.com:8080");
    }

    #[test]
    fn a_connection_string_or_a_debugger_is_read_by_its_words() {
        finds("shop = host=localhost port=«5432 connect»");
        finds("options = -agentlib:jdwp=transport=dt_socket,address=«5005 command-flag»");
    }

    #[test]
    fn a_list_has_numbers_and_what_parts_them() {
        assert!(is_list("8080, 8081") && is_list("8080 8081;8082"));
        assert!(!is_list("8080") && !is_list("8080-8081") && !is_list("8080 a"));
    }

    #[test]
    fn what_is_no_number_or_port_variable_is_not_added() {
        let text = "web PORT LIMIT";
        let mut found = Found::of(text, "conf", Packs::built_in());
        found.literal(0..3, Kind::Setting, Shape::Fixed, None);
        found.reference(9..14, false);
        found.definition(9..14, "8080".parse().ok());
        assert_eq!(found.finish(), []);
        let mut found = Found::of(text, "conf", Packs::built_in());
        found.reference(4..8, true);
        found.definition(4..8, "8080".parse().ok());
        assert_eq!(found.finish().len(), 2);
    }
}
