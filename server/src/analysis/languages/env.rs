//! `.env` files, and `.ports.env`.

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::is_list;
use crate::analysis::reading::host_beside::PublicHosts;
use crate::analysis::reading::interpolation;
use crate::analysis::{command_line, connection};
use crate::pattern::{Pattern, regex};
use crate::ports_env::PortsEnv;
use crate::variable::Variable;

/// `KEY=value`, `export KEY="value"  # comment`
static LINE: Pattern = regex!(
    r#"(?m)^[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s#][^\n]*?)?[ \t]*(?:[ \t]\#[^\n]*)?\r?$"#
);

/// Reads a `.env` file.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut occurrences = Vec::new();
    let hosts = PublicHosts::of(text, packs);
    for captures in LINE.captures_iter(text) {
        let Some(key) = captures.name("key") else { continue };
        let (value, start) = match captures.name("value") {
            Some(value) => {
                let quotes = value.len() - value.as_str().trim_start_matches(['"', '\'']).len();
                (value.as_str().trim_matches(['"', '\'']), value.start() + quotes)
            }
            None => ("", key.end()),
        };
        interpolation::read(value, start, packs, &mut occurrences);
        let first = occurrences.len();
        entry(key.as_str(), key.start(), value, start, packs, &mut occurrences);
        if occurrences.len() > first && hosts.has_port("", key.as_str(), value, start) {
            let added = occurrences.split_off(first);
            let is_literal = |occurrence: &Occurrence| matches!(occurrence.meaning, Meaning::Literal(_));
            occurrences.extend(added.into_iter().filter(|occurrence| !is_literal(occurrence)));
        }
    }
    occurrences
}

/// Adds what a variable is given: its name and its value, and where in the whole text each begins.
pub(super) fn entry(
    key: &str,
    key_start: usize,
    value: &str,
    start: usize,
    packs: &Packs,
    occurrences: &mut Vec<Occurrence>,
) {
    let port = value.parse().ok();
    let mut found = Vec::new();
    match port {
        Some(port) if packs.names.names_port(key, port) => found.push((start..start + value.len(), port)),
        Some(_) => {}
        None if packs.names.port_name(key) == Some(PortName::Many) && is_list(value) => {
            for part in value.split(|character: char| !character.is_ascii_digit()) {
                if let Ok(port) = part.parse() {
                    let at = start + (part.as_ptr() as usize - value.as_ptr() as usize);
                    found.push((at..at + part.len(), port));
                }
            }
        }
        None => {
            if packs.names.is_command_name(key) || value.starts_with("-D") || value.contains("jdwp") {
                for port in command_line::ports(value, packs) {
                    found.push((start + port.span.start..start + port.span.end, port.port));
                }
            }
            for port in connection::keywords(value, packs) {
                if let Some(number) = value.get(port.clone()).and_then(|digits| digits.parse().ok()) {
                    found.push((start + port.start..start + port.end, number));
                }
            }
            for address in addresses(value, packs) {
                if decide(&address, Place::Variable(key), packs).is_some() {
                    found.push((start + address.span.start..start + address.span.end, address.port));
                }
            }
        }
    }
    let variable = key.parse::<Variable>().ok().filter(|variable| packs.names.is_port_variable(variable));
    for (span, port) in found {
        // Such a line could as well be one of `.ports.env`.
        let is_port_variable = variable.is_some() && span.len() == value.len();
        let shape = if is_port_variable { Shape::Text { expression: span.clone() } } else { Shape::Fixed };
        let literal = Literal::new(port, Kind::EnvironmentFile, shape, Some(key.to_owned()));
        occurrences.push(Occurrence::new(span, Meaning::Literal(literal), "env-file.value"));
    }
    if let Some(variable) = variable {
        occurrences.push(Occurrence::new(
            key_start..key_start + key.len(),
            Meaning::Definition { variable, port },
            "env-file.name",
        ));
    }
}

/// Reads a `.ports.env`: every line that it understands defines a variable.
pub(in crate::analysis) fn read_ports_env(text: &str, _: &Packs) -> Vec<Occurrence> {
    PortsEnv::parse(text)
        .definitions()
        .iter()
        .map(|definition| {
            Occurrence::new(
                definition.name_span.start..definition.port_span.end,
                Meaning::Definition { variable: definition.variable.clone(), port: Some(definition.port) },
                "ports-env",
            )
        })
        .collect()
}
