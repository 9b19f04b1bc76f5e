//! TOML: settings by their keys, and by the tables and lists that these stand in.
//!
//! Read by the events of `toml_parser`, the parser of `toml` and `toml_edit`: it goes on behind an error, and
//! keeps the order and the keys that are there twice, as in a template.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};

use super::conf::setting;
use crate::analysis::embedded::{self, Form};
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::comments::without_any;
use crate::analysis::reading::found::Found;
use crate::analysis::reading::placeholder;

/// How many lists and tables deep a value is looked into.
const DEEPEST: u32 = 80;

/// Reads TOML.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut reading = Reading {
        text,
        found: Found::of(text, "conf", packs),
        place: Place::default(),
        around: Vec::new(),
        key_is_open: false,
    };
    if text.bytes().any(|byte| byte.is_ascii_digit()) || text.contains("${") {
        let tokens = Source::new(text).lex().into_vec();
        let mut receiver = |event| reading.event(&event);
        // What does not parse is passed over.
        parse_document(&tokens, &mut RecursionGuard::new(&mut receiver, DEEPEST), &mut ());
    }
    reading.found.finish()
}

/// Where the parser is.
#[derive(Debug, Default, Clone)]
struct Place {
    /// The names of the tables, from the top down.
    tables: Vec<String>,
    /// The names of the key whose value comes.
    key: Vec<String>,
    /// Where the list begins that is the key's value.
    list: Option<usize>,
}

impl Place {
    /// The name of the table in which the value is the last of a key's names: `ports` of `ports.http`.
    fn table(&self) -> &str {
        let path: Vec<_> = self.tables.iter().chain(&self.key).collect();
        path.len().checked_sub(2).map_or("", |index| path[index].as_str())
    }
}

struct Reading<'a> {
    text: &'a str,
    found: Found<'a>,
    place: Place,
    /// The places around the tables and lists that are open within a value.
    around: Vec<Place>,
    /// Whether another name may follow in the key or header.
    key_is_open: bool,
}

impl Reading<'_> {
    fn event(&mut self, event: &Event) {
        let span = event.span().start()..event.span().end();
        match event.kind() {
            // Behind an error, a table or list may still be open.
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.around.clear();
                self.place = Place::default();
                self.key_is_open = false;
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => self.enter_table(),
            EventKind::SimpleKey => self.name(span),
            EventKind::KeyValSep => self.key_is_open = false,
            EventKind::InlineTableOpen => {
                self.around.push(self.place.clone());
                self.enter_table();
            }
            EventKind::ArrayOpen => {
                self.around.push(self.place.clone());
                self.place.list.get_or_insert(span.start);
            }
            EventKind::InlineTableClose => self.leave(),
            EventKind::ArrayClose => {
                let start = self.place.list;
                self.leave();
                if let Some(start) = start.filter(|_| self.place.list.is_none() && self.is_command()) {
                    self.script(start..span.end);
                }
            }
            EventKind::Scalar if self.place.list.is_some() => self.item(span),
            EventKind::Scalar => self.value(span, event.encoding()),
            _ => {}
        }
    }

    /// Enters the table that the key names.
    fn enter_table(&mut self) {
        let place = std::mem::take(&mut self.place);
        self.place.tables = place.tables;
        self.place.tables.extend(place.key);
        self.key_is_open = false;
    }

    fn leave(&mut self) {
        if let Some(place) = self.around.pop() {
            self.place = place;
        }
    }

    /// Reads one name of a key: `server`, `"server"`.
    fn name(&mut self, span: Range<usize>) {
        if !self.key_is_open {
            self.place.key.clear();
        }
        self.place.key.push(self.text[span].trim_matches(['"', '\'']).to_owned());
        self.key_is_open = true;
    }

    /// Reads the value of a key.
    fn value(&mut self, span: Range<usize>, encoding: Option<Encoding>) {
        let is_long = matches!(encoding, Some(Encoding::MlBasicString | Encoding::MlLiteralString));
        if !is_long || !self.text[span.clone()].contains('\n') {
            self.setting(span);
        } else if self.is_command() {
            self.script(span.start + QUOTES.len()..span.end.saturating_sub(QUOTES.len()));
        }
    }

    /// Reads an item of a list. The items of a command are read together.
    fn item(&mut self, span: Range<usize>) {
        let value = &self.text[span.clone()];
        let key = self.place.key.join(".");
        match self.found.packs().names.port_name(&key) {
            _ if self.is_command() || value.contains('\n') => {}
            Some(PortName::Many) => self.found.ports(&key, value, span.start, &Shape::Fixed),
            _ => self.setting(span),
        }
    }

    /// Reads a value on one line.
    fn setting(&mut self, span: Range<usize>) {
        let value = &self.text[span.clone()];
        if !value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'$') {
            return;
        }
        let path = [&self.place.tables[..], &self.place.key].concat().join(".");
        if !self.found.packs().names.gives_production(&path)
            && !placeholder::read(value, span.start, &mut self.found)
        {
            let key = self.place.key.join(".");
            setting(self.place.table(), &key, value, span.start, &Shape::Fixed, &mut self.found);
        }
    }

    /// Reads a command: a string of several lines, or a list of words or of commands.
    fn script(&mut self, span: Range<usize>) {
        let Some(script) = self.text.get(span.clone()) else { return };
        if script.trim_start().starts_with("#!") {
            self.found.extend(embedded::read(self.text, span, Form::FirstLine, self.found.packs()));
        } else {
            let key = self.place.key.join(".");
            self.found.command(&key, &without_any(script), span.start);
        }
    }

    fn is_command(&self) -> bool {
        self.place
            .key
            .last()
            .is_some_and(|name| self.found.packs().names.is_command_name(name) || self.found.is_command(name))
    }
}

/// The quotes around a string of several lines.
const QUOTES: &str = "\"\"\"";

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn a_string_of_several_lines_holds_no_settings() {
        finds_what_is_marked(
            "a.toml",
            "a = \"\"\"\nport = 1234\n\"\"\"\nb = '''\nport = 1234\n'''\n\"c d\" = [\n\"\"\"\nport = 1234\n\"\"\"]\nport = «8080 setting»\n",
        );
    }

    #[test]
    fn a_string_of_several_lines_may_be_a_script() {
        finds_what_is_marked(
            "mise.toml",
            "[tasks.a]\nrun = \"\"\"\n# vite --port 1234\nvite --port «8080 command-flag»\n\"\"\"\n[tasks.b]\nrun = '''\n#!/usr/bin/env python3\nport = «8081 setting»\n'''\n",
        );
    }

    #[test]
    fn a_key_is_the_same_however_it_is_written() {
        for text in [
            "[server.ports]\nhttp = «8080 setting»\n",
            "[server]\nports.http = «8080 setting»\n",
            "server.ports.http = «8080 setting»\n",
            "\"server\".'ports'.\"http\" = «8080 setting»\n",
            "server = { ports = { http = «8080 setting» } }\n",
            "server = {\n  ports = { http = «8080 setting» }, # of TOML 1.1: 1234\n}\n",
            "[[server]]\nports = { http = «8080 setting» }\n",
        ] {
            finds_what_is_marked("a.toml", text);
        }
    }

    #[test]
    fn an_item_of_a_list_is_read_as_a_value() {
        finds_what_is_marked(
            "a.toml",
            "hosts = [\n  \"localhost:«9200 connect»\", # not localhost:1234\n  \"search.example.com:9200\",\n]\nservers = [{ port = «8080 setting», limit = 1234 }, { port = «8081 setting» }]\nsizes = [8080]\n",
        );
    }

    #[test]
    fn a_list_of_words_is_a_command() {
        finds_what_is_marked(
            "a.toml",
            "cmd = [\n  \"vite\", # --port 1234\n  \"--port\", \"«8080 command-flag»\",\n]\n",
        );
    }

    #[test]
    fn variables_of_production_are_not_read() {
        finds_what_is_marked("a.toml", "[env.production]\nPORT = 80\n[env]\nPORT = «8080 setting»\n");
    }

    #[test]
    fn what_does_not_parse_hides_nothing_else() {
        finds_what_is_marked(
            "a.toml.j2",
            "port = {{ port }}\nother = [1, {\nx = = 3\n[server]\nport = «8080 setting»\nport = «8081 setting»\n",
        );
    }

    #[test]
    fn deep_nesting_is_no_fault() {
        finds_what_is_marked("a.toml", &format!("port = «8080 setting»\na = {}", "[{b=".repeat(20_000)));
    }
}
