//! Compose files (the Compose Specification): host sides of mappings, addresses between services,
//! commands and health checks.

use std::ops::Range;

use tree_sitter::Tree;

use crate::analysis::Yaml;
use crate::analysis::address::{Host, Place, addresses, decide};
use crate::analysis::command_line;
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, KeySays, Packs};
use crate::analysis::reading::entry::{is_scalar, keys, word_of_command};
use crate::analysis::reading::host_beside::PublicHosts;
use crate::analysis::reading::interpolation;
use crate::analysis::tree::{Path, walk_numbers};
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::variable::Variable;

/// `[ip:]host[-end]:container[-end][/protocol]`, the short form of a mapping.
pub(super) static MAPPING: Pattern = regex!(
    r#"^["']?(?:(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9a-fA-F:]+\]|\$\{[^}]*\}|\{\{[^{}]*\}\}):)?(?P<host>[0-9]{1,5})(?:-(?P<end>[0-9]{1,5}))?:(?:[0-9]|\$)"#
);

/// Reads a compose file.
pub(in crate::analysis) fn read(text: &str, tree: &Tree, packs: &Packs) -> Vec<Occurrence> {
    let mut occurrences = Vec::new();
    let declared: Vec<String> = services(Yaml::of(tree, text)).into_iter().map(|(name, _)| name).collect();
    let hosts = PublicHosts::of(text, packs);
    walk_numbers(text, tree, |path| {
        let is_scalar = is_scalar(path.leaf());
        if is_scalar {
            scalar(text, path, &declared, &hosts, packs, &mut occurrences);
        }
        !is_scalar
    });
    occurrences
}

/// The services of a compose file, by their names.
pub(crate) fn services(root: Yaml<'_>) -> Vec<(String, Yaml<'_>)> {
    root.get("services").map(Yaml::pairs).unwrap_or_default()
}

/// Whether a YAML file of any name is a compose file: `services` at its top, with what they run.
pub(crate) fn is_compose(root: Yaml<'_>) -> bool {
    let is_mapping = |port: Yaml<'_>| port.scalar().is_some_and(|port| port.contains(':'));
    // One may have all that it has from an anchor; a file that is laid over another has only what is other in it.
    let is_service = |service: Yaml<'_>| {
        service.get("image").or_else(|| service.get("build")).is_some()
            || service.get("ports").is_some_and(|ports| ports.items().into_iter().any(is_mapping))
    };
    root.text.contains("services") && services(root).into_iter().any(|(_, service)| is_service(service))
}

/// What the scalar at the end of a path of keys says.
fn scalar(
    text: &str,
    path: &Path<'_>,
    declared: &[String],
    hosts: &PublicHosts<'_>,
    packs: &Packs,
    occurrences: &mut Vec<Occurrence>,
) {
    let span = path.leaf().byte_range();
    let Some(content) = text.get(span.clone()) else { return };
    if !content.bytes().any(|byte| byte.is_ascii_digit()) && !content.contains('$') {
        return;
    }
    let way = path;
    let path = keys(text, way);
    let Some(last) = path.last().copied() else { return };
    let place = Scalar { text, start: span.start, content, service: service(&path), declared, hosts, packs };
    interpolation::read(content, span.start, packs, occurrences);
    let is_given = |key: &&str| matches!(*key, "environment" | "args");
    if path.iter().any(is_given) && path.contains(&"services") {
        return place.environment(last, occurrences);
    }
    let says = packs.keys.says("compose", last);
    let does = says.map(|says| says.does);
    match last {
        "ports" => place.mapping(occurrences),
        "published" => place.whole(Kind::Published, None, occurrences),
        _ if does == Some(KeyDoes::NoPort) => {}
        _ if path.contains(&"healthcheck") => {
            place.command(|_| Kind::Healthcheck, occurrences);
        }
        _ if does == Some(KeyDoes::Command) => match word_of_command(text, way, packs) {
            Some((span, kind, by)) => {
                let span = span.start - place.start..span.end - place.start;
                place.add_by(span, kind, None, by, occurrences);
            }
            None => place.command(|kind| kind, occurrences),
        },
        _ if path.contains(&"ports") => {}
        _ if let Some(says) = says => place.by_row(says, last, occurrences),
        _ if path.contains(&"labels") && packs.names.is_port(last) => {
            place.whole(Kind::ContainerEnvironment, Some(last.to_owned()), occurrences);
        }
        _ if path.contains(&"labels") => place.command(|_| Kind::ContainerEnvironment, occurrences),
        _ if path.iter().any(is_given) => place.environment(last, occurrences),
        _ if packs.names.is_port(last) => {
            place.whole(Kind::Setting, Some(last.to_owned()), occurrences);
        }
        _ => place.addresses(last, 0, occurrences),
    }
}

fn service<'a>(path: &[&'a str]) -> Option<&'a str> {
    let position = path.iter().position(|key| *key == "services")?;
    path.get(position + 1).copied()
}

struct Scalar<'a, 't> {
    text: &'a str,
    start: usize,
    content: &'a str,
    service: Option<&'a str>,
    /// The names of all services of the file.
    declared: &'a [String],
    /// The public hosts that the file names.
    hosts: &'a PublicHosts<'t>,
    packs: &'a Packs,
}

impl Scalar<'_, '_> {
    fn add(&self, span: Range<usize>, kind: Kind, hint: Option<String>, occurrences: &mut Vec<Occurrence>) {
        self.add_by(span, kind, hint, "compose.service", occurrences);
    }

    fn add_by(
        &self,
        span: Range<usize>,
        kind: Kind,
        hint: Option<String>,
        decided_by: impl Into<DecidedBy>,
        occurrences: &mut Vec<Occurrence>,
    ) {
        let span = self.start + span.start..self.start + span.end;
        let Some(port) = self.text.get(span.clone()).and_then(|digits| digits.parse::<Port>().ok()) else {
            return;
        };
        // Only what this machine sees can be moved: a number inside the container has its partner
        // inside, too.
        let shape = match kind {
            Kind::Published | Kind::Connect => {
                Shape::Within { expression: self.start..self.start + self.content.len() }
            }
            _ => Shape::Fixed,
        };
        let literal = Literal::new(port, kind, shape, hint.or_else(|| self.service.map(str::to_owned)));
        occurrences.push(Occurrence::new(span, Meaning::Literal(literal), decided_by));
    }

    fn mapping(&self, occurrences: &mut Vec<Occurrence>) {
        let Some(captures) = MAPPING.captures(self.content) else { return };
        let is_range = captures.name("end").is_some();
        for number in ["host", "end"].iter().filter_map(|name| captures.name(name)) {
            self.add(number.range(), Kind::Published, None, occurrences);
            // One end of a range cannot move without the other.
            if is_range
                && let Some(Occurrence { meaning: Meaning::Literal(literal), .. }) = occurrences.last_mut()
            {
                literal.shape = Shape::Fixed;
            }
        }
    }

    /// What a row says of the key: its number is a port, or its addresses are.
    fn by_row(&self, says: &KeySays, key: &str, occurrences: &mut Vec<Occurrence>) {
        let kind = match says.does {
            KeyDoes::Listen => Kind::Listen,
            KeyDoes::Connect => Kind::Connect,
            _ => Kind::Setting,
        };
        let first = occurrences.len();
        self.whole(kind, Some(key.to_owned()), occurrences);
        if occurrences.len() == first {
            self.addresses(key, 0, occurrences);
        }
        for occurrence in &mut occurrences[first..] {
            occurrence.decided_by = says.by.clone();
        }
    }

    /// The scalar is a port and nothing else.
    fn whole(&self, kind: Kind, hint: Option<String>, occurrences: &mut Vec<Occurrence>) {
        let digits = self.content.trim_matches(['"', '\'']);
        let quote = self.content.len() - self.content.trim_start_matches(['"', '\'']).len();
        self.add(quote..quote + digits.len(), kind, hint, occurrences);
    }

    fn command(&self, kind_of: impl Fn(Kind) -> Kind, occurrences: &mut Vec<Occurrence>) {
        for found in command_line::ports(self.content, self.packs) {
            self.add_by(found.span, kind_of(found.kind), found.hint, found.decided_by, occurrences);
        }
    }

    /// `KEY: value`, or an item `KEY=value` of a list.
    fn environment(&self, key: &str, occurrences: &mut Vec<Occurrence>) {
        let (key, value_at) = match self.content.find('=') {
            Some(equals) if matches!(key, "environment" | "args") => {
                (self.content[..equals].trim_matches(['"', '\'']), equals + 1)
            }
            _ => (key, 0),
        };
        let value = &self.content[value_at..];
        let digits = value.trim_matches(['"', '\'']);
        if let Ok(port) = digits.parse::<Port>()
            && self.packs.names.names_port(key, port)
        {
            if !key.eq_ignore_ascii_case("port") && self.hosts.has_port("", key, value, self.start) {
                return;
            }
            let start = value_at + value.find(digits).unwrap_or(0);
            self.add(
                start..start + digits.len(),
                Kind::ContainerEnvironment,
                Some(key.to_owned()),
                occurrences,
            );
            if let Ok(variable) = key.parse::<Variable>() {
                let at = self.start + start;
                occurrences.push(Occurrence::new(
                    at..at,
                    Meaning::Definition { variable, port: Some(port) },
                    "compose.environment",
                ));
            }
            return;
        }
        self.addresses(key, value_at, occurrences);
        // With its name before it, what is given to a variable reads as in a command.
        let ports = match value_at {
            0 => command_line::ports_given(key, self.content, self.packs),
            _ => command_line::ports(self.content, self.packs),
        };
        for found in ports {
            let kind = if found.kind == Kind::Setting { Kind::ContainerEnvironment } else { found.kind };
            self.add_by(found.span, kind, found.hint, found.decided_by, occurrences);
        }
    }

    /// The addresses in what the scalar gives to a key, which begins at `value_at`. Of a service of this file any number
    /// counts.
    fn addresses(&self, key: &str, value_at: usize, occurrences: &mut Vec<Occurrence>) {
        for mut address in addresses(&self.content[value_at..], self.packs) {
            // A service may be called as public hosts are.
            let place = if self.declared.contains(&address.name) {
                address.host = Host::Service;
                Place::Upstream
            } else {
                Place::ContainerVariable(key)
            };
            let Some(kind) = decide(&address, place, self.packs) else { continue };
            let hint = (address.host == Host::Service).then(|| address.name.clone());
            let span = value_at + address.span.start..value_at + address.span.end;
            self.add(span, kind, hint, occurrences);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};
    use crate::grammar::Grammar;

    fn finds(service: &str) {
        finds_what_is_marked("compose.yaml", &with_service(service));
    }

    /// A compose file whose service `web` has these lines.
    fn with_service(service: &str) -> String {
        format!(
            "services:\n  web:\n    image: shop:8000\n    {}\n  cache:\n    image: redis\n",
            service.replace('\n', "\n    ")
        )
    }

    #[test]
    fn the_host_side_of_a_mapping_is_published() {
        finds("ports: [\"«8080 published»:80\", \"127.0.0.1:«8081 published»:80\", \"8082\"]");
        finds("ports:\n  - target: 80\n    published: \"«8080 published»\"");
        finds("expose: [\"8080\"]");
    }

    #[test]
    fn both_ends_of_a_range_are_published_and_stay() {
        finds("ports: [\"«8080 published»-«8082 published»:80-82\"]");
        assert_eq!(shapes("compose.yaml", &with_service("ports: [\"8080-8082:80-82\"]")), ["fixed web"; 2]);
        assert_eq!(shapes("compose.yaml", &with_service("ports: [\"8080:80\"]")), ["within web"]);
    }

    #[test]
    fn the_environment_is_the_containers() {
        finds("environment:\n  PORT: «8080 container-environment»\n  LIMIT: 8081");
        finds("environment: [\"PORT=«8080 container-environment»\", \"LIMIT=8081\"]");
        let text = with_service("environment:\n  WEB_PORT: 8080");
        assert_eq!(variables("compose.yaml", &text), ["WEB_PORT=8080"]);
    }

    #[test]
    fn any_number_of_a_service_of_the_file_is_in_its_network() {
        finds("environment:\n  LABEL: cache:«150 in-network»\n  OTHER: others:150");
        finds("environment:\n  API: http://api.example.com:8080");
    }

    #[test]
    fn the_port_of_a_public_host_beside_it_is_not_ours() {
        finds("environment:\n  SMTP_HOST: smtp.example.com\n  SMTP_PORT: 587");
    }

    #[test]
    fn commands_and_probes_are_command_lines() {
        finds("command: serve --port «8080 command-flag»");
        finds("command: [serve, --port, \"«8080 command-flag»\"]");
        finds("healthcheck:\n  test: curl http://localhost:«8080 healthcheck»/\n  timeout: 3000s");
    }

    #[test]
    fn a_file_is_one_of_compose_by_what_its_services_run() {
        let is = |text: &str| {
            let tree = crate::analysis::tree::Trees::default().parse(text, Grammar::Yaml).unwrap();
            is_compose(Yaml::of(&tree, text))
        };
        assert!(is("services:\n  web:\n    image: shop\n") && is("services:\n  web:\n    build: .\n"));
        assert!(!is("services:\n  web:\n    port: 8080\n") && !is("web:\n  image: shop\n"));
    }
}
