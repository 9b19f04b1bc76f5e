//! What a compose file says of its services (Compose Specification, `services`): as much of it as
//! tells which ports a project needs.

use tree_sitter::{Node, Tree};

use crate::grammar::Grammar;
use crate::variable::Variable;

/// A service of a compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ComposeService {
    /// Its name.
    pub(super) name: String,
    /// The image that it runs, where that is named.
    pub(super) image: Option<String>,
    /// The host side of its first published port, where it has one.
    pub(super) published: Option<Published>,
}

/// The host side of a published port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Published {
    /// It is read from a variable: `${DB_PORT:-5432}:5432`.
    Variable(Variable),
    /// It is written down, or left to Docker.
    Number,
}

/// A part of a service of a compose file, by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceSection {
    /// The service's name.
    pub(super) service: String,
    /// Which part it is.
    pub(super) kind: Section,
    /// Its bytes.
    pub(super) span: std::ops::Range<usize>,
}

/// Where a part of a service has its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// `ports`: what is published on this machine.
    Ports,
    /// Everything else: the environment, the command and the health check of the container.
    Inside,
}

/// The directories and files of this machine that a compose file mounts into its containers, as it writes them.
pub(super) fn mounts(text: &str) -> Vec<String> {
    let Some(tree) = parse(text) else { return Vec::new() };
    let document = Yaml { node: tree.root_node(), text };
    let volumes = |(_, service): (String, Yaml<'_>)| {
        let volumes = service.get("volumes").map(Yaml::items).unwrap_or_default();
        volumes
            .into_iter()
            .filter_map(|volume| match volume.scalar() {
                Some(short) => short.split(':').next().map(str::to_owned),
                None => volume.get("source").and_then(Yaml::scalar),
            })
            .collect::<Vec<_>>()
    };
    let services = document.get("services").map(Yaml::pairs).unwrap_or_default();
    // A source that is no path is the name of a volume.
    services.into_iter().flat_map(volumes).filter(|source| source.starts_with('.')).collect()
}

/// The parts of a compose file's services, in its order; none where the text is not one.
pub(super) fn sections(text: &str) -> Vec<ServiceSection> {
    let Some(tree) = parse(text) else { return Vec::new() };
    let services = Yaml { node: tree.root_node(), text }.get("services").map(Yaml::pairs).unwrap_or_default();
    let mut sections = Vec::new();
    for (service, value) in services {
        sections.extend(value.pairs().into_iter().map(|(key, part)| ServiceSection {
            service: service.clone(),
            kind: if key == "ports" { Section::Ports } else { Section::Inside },
            span: part.node.byte_range(),
        }));
    }
    sections
}

/// The services of a compose file, in its order; none where the text is not one.
pub(super) fn services(text: &str) -> Vec<ComposeService> {
    let Some(tree) = parse(text) else { return Vec::new() };
    let document = Yaml { node: tree.root_node(), text };
    let Some(services) = document.get("services") else { return Vec::new() };
    let read = |(name, service): (String, Yaml<'_>)| ComposeService {
        name,
        image: service.get("image").and_then(|image| image.scalar()),
        published: service.get("ports").and_then(|ports| ports.items().first().map(published)),
    };
    services.pairs().into_iter().map(read).collect()
}

fn parse(text: &str) -> Option<Tree> {
    Some(Grammar::Yaml.parse(text, None).ok()?.tree)
}

/// The host side of one entry of `ports`: `"8000:80"`, or a mapping with `published`.
fn published(entry: &Yaml<'_>) -> Published {
    let text = entry.scalar().or_else(|| entry.get("published").and_then(|host| host.scalar()));
    // The first variable of `${HOST}:${DB_PORT}:5432` may be the address's; a port's name tells.
    let variables = text.as_deref().map(interpolated).unwrap_or_default();
    match variables.into_iter().find(|variable| variable.is_port_name() && variable.service_name().is_some())
    {
        Some(variable) => Published::Variable(variable),
        None => Published::Number,
    }
}

/// The variables that a text interpolates: `$NAME`, `${NAME}`, `${NAME:-default}`.
fn interpolated(text: &str) -> Vec<Variable> {
    let is_part_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            let rest = rest.strip_prefix('{').unwrap_or(rest);
            rest.split(|character| !is_part_of_name(character)).next()?.parse().ok()
        })
        .collect()
}

/// A value in a YAML text.
#[derive(Clone, Copy)]
struct Yaml<'t> {
    node: Node<'t>,
    text: &'t str,
}

impl<'t> Yaml<'t> {
    fn at(self, node: Node<'t>) -> Self {
        Self { node, ..self }
    }

    fn children(self) -> Vec<Node<'t>> {
        self.node.named_children(&mut self.node.walk()).collect()
    }

    /// The collection or scalar itself, below the nodes that only hold it and its tag and anchor.
    fn value(self) -> Self {
        let mut value = self;
        while matches!(value.node.kind(), "stream" | "document" | "block_node" | "flow_node") {
            let held = value.children().into_iter().find(|child| {
                !matches!(child.kind(), "anchor" | "tag" | "comment" | "yaml_directive" | "tag_directive")
            });
            match held {
                Some(child) => value = value.at(child),
                None => break,
            }
        }
        value
    }

    /// The pairs of a mapping whose keys are scalars.
    fn pairs(self) -> Vec<(String, Self)> {
        let mapping = self.value();
        mapping
            .children()
            .into_iter()
            .filter(|child| matches!(child.kind(), "block_mapping_pair" | "flow_pair"))
            .filter_map(|pair| {
                let key = mapping.at(pair.child_by_field_name("key")?).scalar()?;
                Some((key, mapping.at(pair.child_by_field_name("value")?)))
            })
            .collect()
    }

    fn get(self, key: &str) -> Option<Self> {
        self.pairs().into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The items of a sequence.
    fn items(self) -> Vec<Self> {
        let sequence = self.value();
        let items = sequence.children().into_iter();
        match sequence.node.kind() {
            "block_sequence" => {
                items.filter_map(|item| item.named_child(0)).map(|it| sequence.at(it)).collect()
            }
            "flow_sequence" => items.map(|item| sequence.at(item)).collect(),
            _ => Vec::new(),
        }
    }

    /// The text of a scalar without its quotes.
    fn scalar(self) -> Option<String> {
        let value = self.value();
        let text = value.text.get(value.node.byte_range())?;
        match value.node.kind() {
            "plain_scalar" => Some(text.to_owned()),
            "double_quote_scalar" | "single_quote_scalar" => {
                Some(text.get(1..text.len().checked_sub(1)?)?.to_owned())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_images_and_published_ports_are_read_in_every_notation() {
        let services = services(
            r#"
# comment
version: "3"
x-common: &common
  restart: always
services:
  web:
    build: { context: ., target: web }
    ports:
      - "8080:8080"
  db: &database
    image: 'postgres:16'
    ports: ["127.0.0.1:${DB_PORT:-5432}:5432"]
  cache:
    image: redis:7
    ports:
      # the long notation
      - target: 6379
        published: "${REDIS_PORT}"
  worker: { image: worker }
"#,
        );
        let variable = |name: &str| Some(Published::Variable(name.parse().unwrap()));
        let expected = [
            ("web", None, Some(Published::Number)),
            ("db", Some("postgres:16"), variable("DB_PORT")),
            ("cache", Some("redis:7"), variable("REDIS_PORT")),
            ("worker", Some("worker"), None),
        ]
        .map(|(name, image, published)| ComposeService {
            name: name.to_owned(),
            image: image.map(str::to_owned),
            published,
        });
        assert_eq!(services, expected);
    }

    #[test]
    fn what_is_no_compose_file_has_no_services() {
        for text in ["", "a: [", "- services", "services:", "services: 5", "\u{feff}\u{0}"] {
            assert_eq!(services(text), [], "{text:?}");
        }
    }
}
