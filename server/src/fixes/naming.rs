//! Which variable a hardcoded port should be read from.

use crate::analysis::{Kind, Language, Literal};
use crate::rules::{Document, Facts};
use crate::service::{Service, words};
use crate::variable::Variable;

/// Words of a name that tell nothing about the service.
const GENERIC: &[&str] = &[
    "addr",
    "address",
    "allowed",
    "app",
    "arg",
    "args",
    "base",
    "bind",
    "broker",
    "config",
    "const",
    "container",
    "default",
    "dev",
    "docker",
    "endpoint",
    "env",
    "expected",
    "export",
    "expose",
    "external",
    "forward",
    "from",
    "get",
    "host",
    "hostname",
    "http",
    "https",
    "internal",
    "key",
    "listen",
    "listener",
    "local",
    "localhost",
    "main",
    "my",
    "name",
    "next",
    "number",
    "num",
    "option",
    "options",
    "origin",
    "port",
    "ports",
    "prod",
    "proxy",
    "public",
    "query",
    "remote",
    "self",
    "server",
    "service",
    "set",
    "settings",
    "socket",
    "target",
    "tcp",
    "test",
    "this",
    "to",
    "udp",
    "uri",
    "url",
    "use",
    "value",
    "vite",
    "with",
];

/// Numbers that are known for a service though they lie in no range of ours.
const WELL_KNOWN: &[(u16, Service)] = &[
    (1433, Service::Db),
    (1521, Service::Db),
    (3306, Service::Db),
    (5000, Service::Api),
    (5173, Service::Web),
    (4200, Service::Web),
    (80, Service::Web),
    (443, Service::Web),
    (8888, Service::Web),
    (9092, Service::Queue),
    (9200, Service::Db),
    (11211, Service::Cache),
    (15672, Service::Queue),
    (27017, Service::Db),
    (50051, Service::Api),
];

/// The variable that a literal should be read from, by the name it has in the code, else its
/// number, else the directory that it stands in.
pub(super) fn suggest(literal: &Literal, document: &Document<'_>, facts: &Facts) -> Variable {
    by_hint(literal)
        .or_else(|| by_number(literal).map(Service::variable))
        .or_else(|| by_directory(document, facts).map(Service::variable))
        .unwrap_or_else(|| {
            match (literal.kind, document.language) {
                (Kind::Listen, Language::Python | Language::Go) => Service::Api,
                _ => Service::Web,
            }
            .variable()
        })
}

/// The variable itself, or with a number behind it where the project has it for another port.
pub(super) fn unused(variable: &Variable, facts: &Facts) -> Variable {
    let is_used = |candidate: &Variable| {
        facts.port(candidate).is_some()
            || facts.root.key().ok().and_then(|key| facts.registry.project(key)?.get(candidate)).is_some()
    };
    if !is_used(variable) {
        return variable.clone();
    }
    (2..100)
        .filter_map(|number: u32| format!("{variable}_{number}").parse().ok())
        .find(|candidate| !is_used(candidate))
        .unwrap_or_else(|| variable.clone())
}

fn by_hint(literal: &Literal) -> Option<Variable> {
    let hint = literal.hint.as_deref()?;
    // A name that is a port variable already is kept as it is.
    if let Ok(variable) = hint.parse::<Variable>()
        && variable.is_port_name()
        && variable.service_name().is_some_and(|name| !GENERIC.contains(&name.as_str()))
        && hint.bytes().all(|byte| !byte.is_ascii_lowercase())
    {
        return Some(variable);
    }
    let all = words(hint);
    let speaks_of_port = all.iter().any(|word| word == "port" || word == "ports");
    let telling: Vec<String> = all.iter().filter(|word| !GENERIC.contains(&word.as_str())).cloned().collect();
    // A service by its own name has the variable that `init` gives it.
    if let [word] = telling.as_slice()
        && let Ok(service) = word.parse::<Service>()
    {
        return Some(service.variable());
    }
    let is_known = Service::of_name(&telling.join("_")).is_some();
    let is_host = literal.kind == Kind::InNetwork || literal.kind == Kind::Published;
    if telling.is_empty() || telling.len() > 3 || !(speaks_of_port || is_known || is_host) {
        return None;
    }
    format!("{}_PORT", telling.join("_").to_ascii_uppercase()).parse().ok()
}

fn by_number(literal: &Literal) -> Option<Service> {
    let number = literal.port.get();
    match Service::of_port(literal.port) {
        // 3000 to 3099 is where web servers of every kind listen, so it tells nothing.
        Some(Service::Misc) => None,
        Some(service) => Some(service),
        None => WELL_KNOWN.iter().find(|(port, _)| *port == number).map(|(_, service)| *service),
    }
}

/// The service that a directory between the project's root and the file is called after, the
/// nearest to the file first.
fn by_directory(document: &Document<'_>, facts: &Facts) -> Option<Service> {
    let path = document.path.strip_prefix(facts.root.as_path()).ok()?;
    path.parent()?
        .components()
        .rev()
        .filter_map(|component| component.as_os_str().to_str())
        .find_map(Service::of_name)
}
