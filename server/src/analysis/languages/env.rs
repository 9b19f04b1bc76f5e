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
use crate::ports_env::{PortsEnv, block};
use crate::variable::Variable;

/// `KEY=value`, `export KEY="value"  # comment`
static LINE: Pattern = regex!(
    r#"(?m)^[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s#][^\n]*?)?[ \t]*(?:[ \t]\#[^\n]*)?\r?$"#
);

/// Reads a `.env` file.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut occurrences = Vec::new();
    let hosts = PublicHosts::of(text, packs);
    // Copies of what `.ports.env` says.
    let ours = block::span(text).unwrap_or_default();
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
        if occurrences.len() > first
            && (ours.contains(&key.start()) || hosts.has_port("", key.as_str(), value, start))
        {
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

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    #[test]
    fn a_port_is_a_value_under_a_port_name_or_in_an_address() {
        finds_what_is_marked(
            ".env",
            "WEB_PORT=«8080 environment-file»\nexport API_PORT=\"«8081 environment-file»\" # 8082\nTIMEOUT=3000\nDATABASE_URL=postgres://localhost:«5432 environment-file»/shop\nSUPPORT=http://www.example.com:8083\n# OLD_PORT=8084\n",
        );
    }

    #[test]
    fn a_variable_of_several_ports_has_a_list() {
        finds_what_is_marked(
            ".env",
            "PORTS=«8080 environment-file»,«8081 environment-file»\nSIZES=8082,8083\n",
        );
    }

    #[test]
    fn options_of_a_command_are_read_as_a_command_line() {
        finds_what_is_marked(
            ".env",
            "JAVA_OPTS=\"-Dserver.port=«8080 environment-file» -Dlimit=8081\"\nTITLE=\"serve --port 8082\"\n",
        );
    }

    #[test]
    fn the_port_of_a_public_host_on_another_line_is_not_ours() {
        finds_what_is_marked(
            ".env",
            "SMTP_HOST=smtp.example.com\nSMTP_PORT=587\nCACHE_HOST=localhost\nCACHE_PORT=«6379 environment-file»\n",
        );
    }

    #[test]
    fn only_a_line_that_could_be_moved_is_replaced_whole() {
        assert_eq!(shapes(".env", "WEB_PORT=8080\n"), ["text WEB_PORT"]);
        assert_eq!(shapes(".env", "web.port=8080\n"), ["fixed web.port"]);
        assert_eq!(shapes(".env", "API_URL=http://localhost:8080\n"), ["fixed API_URL"]);
    }

    #[test]
    fn a_line_defines_its_variable_whatever_its_value_is() {
        assert_eq!(
            variables(".env", "WEB_PORT=8080\nAPI_PORT=\nURL=http://localhost:${WEB_PORT}\n"),
            ["WEB_PORT=8080", "API_PORT=", "$WEB_PORT"]
        );
    }

    #[test]
    fn each_line_of_ports_env_defines_a_variable() {
        assert_eq!(variables(".ports.env", "# ports\nWEB_PORT=8080\nno line\n"), ["WEB_PORT=8080"]);
    }
}
