//! What a compose file says about its services (Compose Specification, `services`): which parts of them concern this
//! machine, what they are built from, and what they mount.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tree_sitter::Tree;

use crate::analysis::{Language, Yaml, is_compose, services_of_compose};
use crate::grammar::Grammar;
use crate::pattern::{Pattern, regex};
use crate::port::Port;

/// A part of a service of a compose file, by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceSection {
    /// The service's name.
    pub(super) service: String,
    /// Which part it is.
    pub(super) kind: Section,
    /// Its bytes.
    pub(super) span: std::ops::Range<usize>,
    /// The directory that the service's image is built from, as the file writes it.
    pub(super) context: Option<String>,
}

/// Where a part of a service has its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The host's side of `ports`: what is published on this machine.
    Ports,
    /// Everything else: the container's side of `ports`, its environment, command and health check.
    Inside,
}

/// A compose file, parsed once for all that is asked of it.
pub(super) struct ComposeFile<'t> {
    text: &'t str,
    /// `None` where the grammar refuses the text: it has no services then.
    tree: Option<Tree>,
}

impl<'t> ComposeFile<'t> {
    /// The compose file that a text in the language is, by its name or by what it says; `None` where it is something else.
    pub(super) fn of(text: &'t str, language: Language) -> Option<Self> {
        match language {
            Language::Compose => Some(Self::read(text)),
            Language::Yaml if text.contains("services") => {
                let file = Self::read(text);
                file.document().is_some_and(is_compose).then_some(file)
            }
            _ => None,
        }
    }

    /// A text that is known to be a compose file.
    pub(super) fn read(text: &'t str) -> Self {
        Self { text, tree: parse(text) }
    }

    fn document(&self) -> Option<Yaml<'_>> {
        Some(Yaml::of(self.tree.as_ref()?, self.text))
    }

    fn services(&self) -> Vec<(String, Yaml<'_>)> {
        self.document().map(services_of_compose).unwrap_or_default()
    }

    /// Whether it names its project.
    pub(super) fn is_named(&self) -> bool {
        self.document().and_then(|document| document.get("name")).is_some()
    }

    /// The names that its services' containers have in every project.
    pub(super) fn container_names(&self) -> Vec<String> {
        let services = self.services();
        services.iter().filter_map(|(_, service)| service.get("container_name")?.scalar()).collect()
    }

    /// The names of its volumes that are not the project's own: those with a name, and external ones.
    pub(super) fn shared_volumes(&self) -> Vec<String> {
        let volumes = self.document().and_then(|document| document.get("volumes")).map(Yaml::pairs);
        let name = |(key, volume): (String, Yaml<'_>)| {
            let is_external =
                volume.get("external").is_some_and(|external| external.scalar().as_deref() != Some("false"));
            volume.get("name").and_then(Yaml::scalar).or_else(|| is_external.then_some(key))
        };
        volumes.unwrap_or_default().into_iter().filter_map(name).collect()
    }

    /// The names of its services, which are hosts in their network.
    pub(super) fn service_names(&self) -> Vec<String> {
        self.services().into_iter().map(|(name, _)| name).collect()
    }

    /// The directories that its images are built from, as it writes them.
    pub(super) fn contexts(&self) -> Vec<String> {
        self.services().iter().filter_map(|(_, service)| service.get("build")?.context()).collect()
    }

    /// The directories and files of this machine that it mounts into containers, as it writes them. A script that nothing
    /// there starts is left out: a person starts it, on either side.
    pub(super) fn mounts(&self) -> Vec<String> {
        let is_in_use = |target: &str| !target.ends_with(".sh") || self.starts(target);
        let volumes = |(_, service): (String, Yaml<'_>)| {
            let volumes = service.get("volumes").map(Yaml::items).unwrap_or_default();
            volumes
                .into_iter()
                .filter_map(|volume| match volume.scalar() {
                    Some(short) => {
                        let mut parts = short.split(':');
                        let source = parts.next()?;
                        parts.next().is_none_or(is_in_use).then(|| source.to_owned())
                    }
                    None => {
                        let source = volume.get("source").and_then(Yaml::scalar)?;
                        let target = volume.get("target").and_then(Yaml::scalar);
                        target.as_deref().is_none_or(is_in_use).then_some(source)
                    }
                })
                .collect::<Vec<_>>()
        };
        let configs = ["configs", "secrets"].into_iter().filter_map(|key| self.document()?.get(key));
        let files = configs.flat_map(Yaml::pairs).filter_map(|(_, config)| config.get("file")?.scalar());
        let sources = self.services().into_iter().flat_map(volumes).chain(files);
        // A source that is no path is the name of a volume.
        sources.filter(|source| source.starts_with('.')).collect()
    }

    /// Whether a service starts the script at that path of its container: a command names it, or its name or directory says
    /// that the image does (`entrypoint.sh`, `/docker-entrypoint-initdb.d`).
    fn starts(&self, target: &str) -> bool {
        const STARTED: &[&str] = &["entrypoint", "init", "start", "run", "setup", "health"];
        const COMMANDS: &[&str] = &["command", "entrypoint", "healthcheck"];
        let (directory, name) = target.rsplit_once('/').unwrap_or(("", target));
        directory.ends_with(".d")
            || STARTED.iter().any(|word| name.contains(word))
            || self.services().into_iter().any(|(_, service)| {
                let commands = COMMANDS.iter().filter_map(|key| service.get(key));
                commands
                    .filter_map(|part| part.text.get(part.node.byte_range()))
                    .any(|text| text.contains(name))
            })
    }

    /// The parts of its services, in its order.
    pub(super) fn sections(&self) -> Vec<ServiceSection> {
        let mut sections = Vec::new();
        for (service, value) in self.services() {
            let context = value.get("build").and_then(Yaml::context);
            let section = |kind, span| ServiceSection {
                service: service.clone(),
                kind,
                span,
                context: context.clone(),
            };
            for (key, part) in value.pairs() {
                match key.as_str() {
                    "ports" => {
                        let sides = part.items().into_iter().flat_map(sides);
                        sections.extend(sides.map(|(kind, span)| section(kind, span)));
                    }
                    _ => sections.push(section(Section::Inside, part.node.byte_range())),
                }
            }
        }
        sections
    }

    /// The numbers of this machine that it publishes containers on, and that are no container's own: an address with one
    /// is meant for the outside, `PUBLIC_URL: http://localhost:8080`.
    pub(super) fn outside(&self) -> BTreeSet<Port> {
        let number = |text: &str| text.parse::<Port>().ok();
        let mapping = |mapping: Yaml<'_>| match mapping.scalar() {
            Some(short) => {
                let captures = MAPPING.captures(&short)?;
                Some((number(&captures[1])?, number(&captures[2])?))
            }
            None => {
                let side = |key| mapping.get(key).and_then(Yaml::scalar).and_then(|side| number(&side));
                Some((side("published")?, side("target")?))
            }
        };
        let ports = self.services().into_iter().filter_map(|(_, service)| service.get("ports"));
        let (host, container): (BTreeSet<Port>, BTreeSet<Port>) =
            ports.flat_map(Yaml::items).filter_map(mapping).unzip();
        &host - &container
    }

    /// The variables that containers get as they are, and those that go with a host which is one of the services:
    /// `DB_PORT` with `DB_HOST: db`.
    pub(super) fn variables_of_containers(&self) -> Vec<String> {
        let services = self.services();
        let is_service = |host: &str| services.iter().any(|(service, _)| service == host);
        let variable = |key: &str, value: Option<&str>| match value {
            None => Some(key.to_owned()),
            Some(value) if is_service(value) => Some(format!("{}_PORT", key.strip_suffix("_HOST")?)),
            Some(_) => None,
        };
        let of_environment = |environment: Yaml<'_>| -> Vec<String> {
            let pairs = environment.pairs().into_iter();
            let pairs =
                pairs.filter_map(|(key, value)| variable(&key, Some(&value.scalar().unwrap_or_default())));
            let items = environment.items().into_iter().filter_map(Yaml::scalar);
            let items = items.filter_map(|item| match item.split_once('=') {
                Some((key, value)) => variable(key, Some(value)),
                None => variable(&item, None),
            });
            pairs.chain(items).collect()
        };
        services
            .iter()
            .filter_map(|(_, service)| service.get("environment"))
            .flat_map(of_environment)
            .collect()
    }

    /// The files whose variables it hands to containers, as it writes them.
    pub(super) fn env_files(&self) -> Vec<String> {
        // Services share parts at the top of the file (`x-app: &app`).
        let top = self.document().map(Yaml::pairs).unwrap_or_default();
        let shared = top.into_iter().filter(|(key, _)| key.starts_with("x-"));
        let files = self.services().into_iter().chain(shared).filter_map(|(_, part)| part.get("env_file"));
        files
            .flat_map(|files| match files.scalar() {
                Some(file) => vec![file],
                None => {
                    let items = files.items().into_iter();
                    items.filter_map(|item| item.scalar().or_else(|| item.get("path")?.scalar())).collect()
                }
            })
            .collect()
    }
}

/// `8080:80`, `127.0.0.1:${WEB_PORT:-8080}:80/tcp`: the side of this machine, or its default, and that of the container.
static MAPPING: Pattern = regex!(r"(?-u:\b)([0-9]{2,5})\}?:([0-9]{2,5})(?:/(?:tcp|udp))?$");

/// The two sides of a mapping: `"8080:80"`, or a mapping with `published` and `target`. One number alone is the
/// container's.
fn sides(mapping: Yaml<'_>) -> Vec<(Section, std::ops::Range<usize>)> {
    let pairs = mapping.pairs();
    if !pairs.is_empty() {
        let side = |key: &str| if key == "published" { Section::Ports } else { Section::Inside };
        return pairs.iter().map(|(key, value)| (side(key), value.node.byte_range())).collect();
    }
    let span = mapping.node.byte_range();
    match mapping.text.get(span.clone()).and_then(between_sides) {
        Some(colon) => {
            let colon = span.start + colon;
            vec![(Section::Ports, span.start..colon), (Section::Inside, colon + 1..span.end)]
        }
        None => vec![(Section::Inside, span)],
    }
}

/// Where the colon between a mapping's sides is: the last one outside of `${NAME:-8080}`.
fn between_sides(mapping: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut colon = None;
    for (at, byte) in mapping.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => colon = Some(at),
            _ => {}
        }
    }
    colon
}

/// The tree of a YAML text; `None` where the grammar refuses the text.
fn parse(text: &str) -> Option<Tree> {
    Some(Grammar::Yaml.parse(text, None).ok()?.tree)
}

/// The processes of a `process-compose.yaml`, each with its bytes, in its order.
pub(super) fn processes(text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let Some(tree) = parse(text) else { return Vec::new() };
    let processes = Yaml::of(&tree, text).get("processes").map(Yaml::pairs).unwrap_or_default();
    processes.into_iter().map(|(name, process)| (name, process.node.byte_range())).collect()
}

/// A path that a file in `directory` names, relative to the root.
pub(super) fn below(directory: &Path, source: &str) -> PathBuf {
    let mut path = directory.to_owned();
    for part in source.trim_matches(['"', '\'', '[', ']', ',']).split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compose(text: &str) -> ComposeFile<'_> {
        ComposeFile::of(text, Language::Compose).unwrap()
    }

    /// Each part of each service that is found, with the text of it.
    fn parts(text: &str) -> Vec<(String, Section, &str)> {
        compose(text).sections().into_iter().map(|it| (it.service, it.kind, text[it.span].trim())).collect()
    }

    #[test]
    fn sections_and_mounts_are_read_in_every_notation() {
        let text = r#"
# comment
version: "3"
x-common: &common
  restart: always
services:
  web:
    ports:
      - "8080:8080"
    volumes: [./nginx.conf:/etc/nginx/nginx.conf, data:/data]
  db: &database
    image: 'postgres:16'
    ports: ["127.0.0.1:${DB_PORT:-5432}:5432"]
    volumes:
      - { type: bind, source: ./sql, target: /sql }
  worker: { image: worker }
configs:
  rules: { file: ./rules.yml }
"#;
        let expected = [
            ("web", Section::Ports, r#""8080"#),
            ("web", Section::Inside, r#"8080""#),
            ("web", Section::Inside, "[./nginx.conf:/etc/nginx/nginx.conf, data:/data]"),
            ("db", Section::Inside, "'postgres:16'"),
            ("db", Section::Ports, r#""127.0.0.1:${DB_PORT:-5432}"#),
            ("db", Section::Inside, r#"5432""#),
            ("db", Section::Inside, "- { type: bind, source: ./sql, target: /sql }"),
            ("worker", Section::Inside, "worker"),
        ];
        assert_eq!(parts(text), expected.map(|(service, kind, part)| (service.to_owned(), kind, part)));
        assert_eq!(compose(text).mounts(), ["./nginx.conf", "./sql", "./rules.yml"]);
        assert!(ComposeFile::of(text, Language::Yaml).is_some());
    }

    #[test]
    fn a_script_that_nothing_starts_is_not_taken_for_one_of_the_container() {
        let text = "services:\n  web:\n    image: web\n    command: [sh, -c, /bin/serve.sh]\n    volumes:\n      - ./serve.sh:/bin/serve.sh\n      - ./load.sh:/tmp/load.sh\n      - ./seed.sh:/docker-entrypoint-initdb.d/seed.sh\n      - { type: bind, source: ./probe.sh, target: /tmp/probe.sh }\n      - ./entrypoint.sh:/entrypoint.sh\n      - ./scripts:/scripts\n";
        let expected = ["./serve.sh", "./seed.sh", "./entrypoint.sh", "./scripts"];
        assert_eq!(compose(text).mounts(), expected);
    }

    #[test]
    fn a_mapping_has_a_side_of_the_host_and_one_of_the_container() {
        let text = "services:\n  web:\n    build: { context: ./web }\n    ports:\n      - ${WEB_PORT:-80}:${PORT:-8000}\n      - \"9229\"\n      - { published: 8081, target: 81, protocol: tcp }\n";
        let expected = [
            ("web", Section::Inside, "{ context: ./web }"),
            ("web", Section::Ports, "${WEB_PORT:-80}"),
            ("web", Section::Inside, "${PORT:-8000}"),
            ("web", Section::Inside, "\"9229\""),
            ("web", Section::Ports, "8081"),
            ("web", Section::Inside, "81"),
            ("web", Section::Inside, "tcp"),
        ];
        assert_eq!(parts(text), expected.map(|(service, kind, part)| (service.to_owned(), kind, part)));
        let context = Some("./web".to_owned());
        let file = compose(text);
        assert!(file.sections().iter().all(|section| section.context == context));
        assert_eq!(file.service_names(), ["web"]);
        assert_eq!(file.contexts(), ["./web"]);
    }

    #[test]
    fn containers_get_variables_as_they_are_and_ports_of_services() {
        let text = "services:\n  web:\n    environment: [DB_HOST=db, MAIL_HOST=mail.example.com, UI_PORT]\n  jobs:\n    environment: { CACHE_HOST: db }\n  db:\n    image: db\n";
        assert_eq!(compose(text).variables_of_containers(), ["DB_PORT", "UI_PORT", "CACHE_PORT"]);
    }

    #[test]
    fn env_files_are_read_in_every_notation() {
        let text = "x-app: &app\n  env_file: [.env]\nservices:\n  web: { <<: *app }\n  api:\n    env_file: api/.env\n  jobs:\n    env_file:\n      - path: jobs.env\n        required: false\n";
        let mut files = compose(text).env_files();
        files.sort();
        assert_eq!(files, [".env", "api/.env", "jobs.env"]);
    }

    #[test]
    fn what_is_no_compose_file_has_no_services() {
        for text in ["", "a: [", "- services", "services:", "services: 5", "\u{feff}\u{0}"] {
            assert_eq!(parts(text), [], "{text:?}");
            assert_eq!(compose(text).mounts(), [""; 0], "{text:?}");
        }
    }
}
