//! Which variable a port is read from: one function for `init`, fixes, hover, completion and advice.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::super::component::Components;
use super::draft::Draft;
use super::{Place, Role};
use crate::analysis::Language;
use crate::port::Port;
use crate::project::marks::is_process_compose;
use crate::service::{Service, ServiceTypes, words};
use crate::variable::Variable;

/// Where a variable's name comes from, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// `.ports.env.example` lists it, or `port-manager.toml` names it.
    Listed,
    /// The code reads it.
    Read,
    /// A constant, key or option is called so.
    Constant,
    /// A compose service, a package, a directory or a program is called so.
    Component,
    /// The number is known for it.
    Number,
    /// Nothing but the type of service is known.
    Service,
}

/// Words of a name that say nothing about the service.
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
    "exposed",
    "external",
    "forward",
    "from",
    "get",
    "host",
    "hostname",
    "http",
    "image",
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
    "origins",
    "package",
    "packages",
    "port",
    "ports",
    "prod",
    "proxy",
    "public",
    "query",
    "remote",
    "scripts",
    "self",
    "server",
    "service",
    "services",
    "set",
    "settings",
    "socket",
    "src",
    "start",
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
    "apps",
    "lib",
    "libs",
    "cmd",
    "pkg",
    "cli",
    "core",
    "common",
    "serve",
    "run",
    "cors",
    "bin",
    "script",
    "example",
    "examples",
    "sample",
    "demo",
    // Directories in which languages keep their sources.
    "kotlin",
    "java",
    "scala",
    "groovy",
    "resources",
    "webapp",
    "properties",
    "com",
    "org",
    "io",
    "github",
    "workflows",
];

/// Names of components that say nothing by themselves. `config` and `test` do: they are what the project calls that part.
const ANONYMOUS: &[&str] =
    &["app", "application", "main", "server", "service", "src", "dev", "container", "image"];

/// Numbers that a program has beside the one that it serves on, with what they are for.
const BESIDE: &[(u16, &str)] = &[
    (5005, "DEBUG"),
    (5678, "DEBUG"),
    (9229, "INSPECT"),
    (9230, "INSPECT"),
    (15672, "MANAGEMENT"),
    (24678, "HMR"),
    (35729, "LIVERELOAD"),
];

/// Words of a file's name that say nothing about what listens in it, besides those that never do.
const GENERIC_IN_FILES: &[&str] = &[
    "asgi",
    "bootstrap",
    "conf",
    "constants",
    "consts",
    "defaults",
    "development",
    "environment",
    "example",
    "globals",
    "helpers",
    "index",
    "manage",
    "mod",
    "program",
    "setup",
    "startup",
    "types",
    "util",
    "utils",
    "webpack",
    "wsgi",
    "www",
];

/// Numbers that are known, with the variable that a project without a better name gets.
const WELL_KNOWN: &[(u16, &str)] = &[
    (80, "WEB_PORT"),
    (443, "WEB_PORT"),
    (1025, "SMTP_PORT"),
    (1433, "DB_PORT"),
    (1521, "DB_PORT"),
    (3306, "DB_PORT"),
    (4200, "WEB_PORT"),
    (5000, "API_PORT"),
    (5005, "DEBUG_PORT"),
    (5173, "WEB_PORT"),
    (6006, "STORYBOOK_PORT"),
    (8025, "MAIL_PORT"),
    (8888, "WEB_PORT"),
    (9092, "KAFKA_PORT"),
    (9200, "SEARCH_PORT"),
    (9229, "INSPECT_PORT"),
    (11211, "CACHE_PORT"),
    (15672, "QUEUE_MANAGEMENT_PORT"),
    (24678, "HMR_PORT"),
    (27017, "DB_PORT"),
    (35729, "LIVERELOAD_PORT"),
    (50051, "GRPC_PORT"),
];

/// Numbers of servers that providers run: SSH, mail, name service, sites, directories. Where nothing of the project listens on
/// one, code that falls back to it means the provider's.
const OF_PROVIDERS: &[u16] = &[22, 25, 53, 80, 110, 143, 389, 443, 465, 587, 636, 993, 995, 2525];

/// Whether a number is that of a server which a provider runs.
pub(super) fn is_of_a_provider(number: Port) -> bool {
    OF_PROVIDERS.contains(&number.get())
}

/// The name of a port that no variable of the code names. The host's side of a mapping cannot have the name that compose
/// passes into a container.
pub(super) fn choose(
    draft: &Draft<'_>,
    components: &Components,
    taken: &mut Names,
    passed: &BTreeSet<Variable>,
    types: &ServiceTypes,
) -> (Variable, Naming) {
    let constant = || {
        let is_named = |place: &Place| matches!(place.role, Role::Sets | Role::Defines);
        of_places(draft, is_named, |place| by_constant(place, types))
    };
    let beside =
        |variable: Variable| draft.default.and_then(|number| of_part(&variable, number)).unwrap_or(variable);
    let published = || {
        let by_service = |place: &Place| of_component(place.hint.as_deref()?, types);
        of_places(draft, |place| place.role == Role::Publishes, by_service).map(beside)
    };
    let listens = |place: &Place| place.role == Role::Listens;
    let entry = || of_places(draft, listens, |place| by_entry(place, types)).map(beside);
    // A program in `databases/redis` uses Redis; that has a port of its own.
    let apart =
        |variable: Variable| match draft.default.filter(|number| is_of_a_user(&variable, *number, types)) {
            Some(number) => of_number(&variable, number).unwrap_or(variable),
            None => variable,
        };
    let component = || {
        let owner = draft.bare.as_ref().or_else(|| draft.listeners.iter().next());
        let name = owner.and_then(|owner| components.name(owner));
        name.and_then(|name| of_component(name, types)).map(beside).map(apart)
    };
    let directory = || {
        let says_where = |place: &Place| matches!(place.role, Role::Listens | Role::Falls);
        agreed(draft, says_where, |place| by_directory(place, types)).map(beside).map(apart)
    };
    let host = || of_places(draft, |place| place.role == Role::Connects, |place| by_host(place, types));
    let file = || of_places(draft, listens, |place| by_file(place, types));
    // What is behind a mapping says more than the number that somebody chose for it.
    let inside = || {
        let by_inside = |place: &Place| by_number(place.inside?, types);
        of_places(draft, |place| place.role == Role::Publishes, by_inside)
    };
    let number = || by_number(draft.default?, types);
    let setting = || of_places(draft, |place| place.role == Role::Sets, |place| by_file(place, types));
    let candidates: [(Naming, &dyn Fn() -> Option<Variable>); 10] = [
        (Naming::Constant, &constant),
        (Naming::Component, &published),
        (Naming::Component, &entry),
        (Naming::Component, &component),
        (Naming::Component, &directory),
        (Naming::Component, &file),
        (Naming::Number, &inside),
        (Naming::Number, &number),
        (Naming::Component, &host),
        (Naming::Component, &setting),
    ];
    let mut second = None;
    for (naming, candidate) in candidates {
        let Some(variable) = candidate() else { continue };
        let variable = if passed.contains(&variable) { of_host(&variable) } else { variable };
        if !taken.contains(&variable) {
            return (variable, naming);
        }
        // Of the ports of one service, only the numbers tell the others.
        let with_number = draft
            .default
            .filter(|_| naming == Naming::Component)
            .and_then(|number| of_number(&variable, number));
        if let Some(variable) = with_number.filter(|variable| !taken.contains(variable)) {
            return (variable, naming);
        }
        second = second.or(Some((variable, naming)));
    }
    let (variable, naming) = second.unwrap_or_else(|| {
        let service = draft
            .default
            .and_then(|number| types.of_port(number))
            .filter(|it| *it != Service::Misc)
            .unwrap_or(Service::Web);
        (types.variable(service), Naming::Service)
    });
    (taken.numbered(&variable), naming)
}

/// `DB_HOST_PORT` for `DB_PORT`.
fn of_host(variable: &Variable) -> Variable {
    let stem = variable.as_str().strip_suffix("_PORT").unwrap_or(variable.as_str());
    format!("{stem}_HOST_PORT").parse().unwrap_or_else(|_| variable.clone())
}

/// `PIHOLE_8443_PORT` for `PIHOLE_PORT`.
fn of_number(variable: &Variable, number: Port) -> Option<Variable> {
    let stem = variable.as_str().strip_suffix("_PORT")?;
    format!("{stem}_{number}_PORT").parse().ok()
}

/// The variables that ports of the project have already.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<Variable>,
    /// The last number that was given to a second port of a name.
    last: HashMap<Variable, u32>,
}

impl Names {
    pub(super) fn insert(&mut self, variable: Variable) {
        self.taken.insert(variable);
    }

    fn contains(&self, variable: &Variable) -> bool {
        self.taken.contains(variable)
    }

    /// The variable itself, or with a number behind it where another port of the project has it.
    fn numbered(&mut self, variable: &Variable) -> Variable {
        if !self.contains(variable) {
            return variable.clone();
        }
        // No name is given back, so the numbers before are taken for good.
        let last = self.last.entry(variable.clone()).or_insert(1);
        for number in *last + 1.. {
            let Ok(candidate) = format!("{variable}_{number}").parse() else { break };
            *last = number;
            if !self.taken.contains(&candidate) {
                return candidate;
            }
        }
        variable.clone()
    }
}

/// What listens on a port: by its variable, else by its component, else by its number.
pub(super) fn service(
    variable: &Variable,
    draft: &Draft<'_>,
    components: &Components,
    types: &ServiceTypes,
) -> Service {
    let owner = draft.bare.as_ref().or_else(|| draft.listeners.iter().next());
    let of_component = || types.of_name(components.name(owner?)?);
    let of_known_number = || types.of_name(by_number(draft.default?, types)?.as_str());
    let of_range = || types.of_port(draft.default?).filter(|service| *service != Service::Misc);
    types
        .of_name(variable.as_str())
        .or_else(of_component)
        .or_else(of_known_number)
        .or_else(of_range)
        .unwrap_or(if variable.service_name().is_none() { Service::Web } else { Service::Misc })
}

/// The first name that the places of a kind give. What containers, tests and CI call a port counts only where nothing runs
/// here.
fn of_places(
    draft: &Draft<'_>,
    is_wanted: impl Fn(&Place) -> bool,
    name: impl Fn(&Place) -> Option<Variable>,
) -> Option<Variable> {
    names(draft, is_wanted, name).next()
}

/// The name that the places of a kind give, where all give the same one.
fn agreed(
    draft: &Draft<'_>,
    is_wanted: impl Fn(&Place) -> bool,
    name: impl Fn(&Place) -> Option<Variable>,
) -> Option<Variable> {
    let mut names = names(draft, is_wanted, name);
    names.next().filter(|first| names.all(|other| other == *first))
}

fn names(
    draft: &Draft<'_>,
    is_wanted: impl Fn(&Place) -> bool,
    name: impl Fn(&Place) -> Option<Variable>,
) -> impl Iterator<Item = Variable> {
    let is_here = draft.places.iter().any(|place| place.runtime.is_here());
    let wanted =
        draft.places.iter().filter(move |place| is_wanted(place) && (!is_here || place.runtime.is_here()));
    wanted.filter_map(move |place| name(place))
}

/// `WEB_INSPECT_PORT` for `WEB_PORT`, where the number is one that a program has beside the one that it serves on.
fn of_part(variable: &Variable, number: Port) -> Option<Variable> {
    let (_, part) = BESIDE.iter().find(|(known, _)| *known == number.get())?;
    let stem = variable.as_str().strip_suffix("_PORT").filter(|stem| !stem.ends_with(part))?;
    format!("{stem}_{part}_PORT").parse().ok()
}

/// `API_PORT`, `apiPort`, `api-port`: a name that speaks of a port and says which.
fn by_constant(place: &Place, types: &ServiceTypes) -> Option<Variable> {
    let hint = place.variable.as_ref().map(Variable::as_str).or(place.hint.as_deref())?;
    let all = words(hint);
    if !all.iter().any(|word| word == "port" || word == "ports") {
        return None;
    }
    // A name that is a port variable already is kept as it is.
    if let Ok(variable) = hint.parse::<Variable>()
        && place.is_port_variable
        && !place.is_foreign
        && all.iter().any(|word| word != "port" && !GENERIC.contains(&word.as_str()))
        && !hint.bytes().any(|byte| byte.is_ascii_lowercase())
    {
        return Some(variable);
    }
    named(hint, types)
}

/// The entry of a `Procfile` or `process-compose.yaml` in which a command is given its port: `api: uvicorn --port 3001`.
fn by_entry(place: &Place, types: &ServiceTypes) -> Option<Variable> {
    let name = place.path.file_name()?.to_str()?;
    let is_list = Language::of_path(&place.path) == Some(Language::Procfile) || is_process_compose(name);
    place.hint.as_deref().filter(|_| is_list).and_then(|name| of_component(name, types))
}

/// Whether a variable is named for a database or the like, `MONGODB_PORT`, and the number is that of a server of another
/// kind, which uses it.
fn is_of_a_user(variable: &Variable, number: Port, types: &ServiceTypes) -> bool {
    let is_infrastructure = |word: &String| types.of_name(word).is_some_and(Service::is_infrastructure);
    variable.service_name().is_some_and(|name| words(&name).iter().all(is_infrastructure))
        && by_number(number, types)
            .and_then(|known| types.of_name(known.as_str()))
            .or_else(|| types.of_port(number))
            .is_some_and(|service| !service.is_infrastructure() && service != Service::Misc)
}

fn by_host(place: &Place, types: &ServiceTypes) -> Option<Variable> {
    place.hint.as_deref().and_then(|name| named(name, types))
}

/// The nearest directory above a file whose name says something.
fn by_directory(place: &Place, types: &ServiceTypes) -> Option<Variable> {
    let parent = place.path.parent()?;
    parent.iter().rev().filter_map(|part| part.to_str()).find_map(|name| named(name, types))
}

/// The name of a program of one file: `prices` for `prices.py` and for `bin/prices`. What sets others up is not called like
/// what listens.
fn by_file(place: &Place, types: &ServiceTypes) -> Option<Variable> {
    let is_program = match Language::of_path(&place.path) {
        Some(language) => language.is_program() || language == Language::Shell,
        None => place.path.extension().is_none(),
    };
    let stem = place.path.file_stem().and_then(|stem| stem.to_str()).filter(|_| is_program)?;
    // `a.js`, `vite.config.ts`
    let is_telling =
        |word: &String| word.len() > 1 && !GENERIC_IN_FILES.contains(&word.as_str()) && word != "config";
    words(stem).iter().all(is_telling).then(|| named(stem, types)).flatten()
}

/// The name of a port of which nothing but its number is known: `DB_PORT` for 27017.
pub(crate) fn by_number(number: Port, types: &ServiceTypes) -> Option<Variable> {
    let known = WELL_KNOWN.iter().find(|(known, _)| *known == number.get());
    match known {
        Some((_, variable)) => variable.parse().ok(),
        // 3000 to 3099 is where servers of every kind listen, so it says nothing.
        None => {
            let service = types.of_port(number).filter(|service| *service != Service::Misc);
            service.map(|service| types.variable(service))
        }
    }
}

/// What a component calls its port: `ADMIN_UI_PORT` for `admin-ui`, `WEB1_PORT` for `web1`, `CONFIG_SERVER_PORT` for
/// `config-server`, of which no word says anything in any other name.
fn of_component(name: &str, types: &ServiceTypes) -> Option<Variable> {
    let parts: Vec<String> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .flat_map(|part| match part.bytes().any(|byte| byte.is_ascii_digit()) {
            true => vec![part.to_ascii_lowercase()],
            false => words(part),
        })
        .filter(|part| !part.is_empty())
        .collect();
    let is_generic = |part: &&String| GENERIC.contains(&part.as_str());
    let telling: Vec<&String> = parts.iter().filter(|part| !is_generic(part)).collect();
    let chosen = match telling.as_slice() {
        [] if parts.iter().all(|part| ANONYMOUS.contains(&part.as_str())) => return None,
        [] => parts.iter().collect(),
        telling => telling.to_vec(),
    };
    if let [word] = chosen.as_slice()
        && let Some(service) = types.named(word)
    {
        return Some(types.variable(service));
    }
    let name = chosen.into_iter().map(|part| part.to_ascii_uppercase()).collect::<Vec<_>>();
    (name.len() <= 3).then(|| format!("{}_PORT", name.join("_")).parse().ok()).flatten()
}

/// `ADMIN_UI_PORT` for `admin-ui`; `None` where no word says anything.
fn named(name: &str, types: &ServiceTypes) -> Option<Variable> {
    let telling: Vec<String> =
        words(name).into_iter().filter(|word| !GENERIC.contains(&word.as_str())).collect();
    // A service by its own name has the variable of its kind.
    if let [word] = telling.as_slice()
        && let Some(service) = types.named(word)
    {
        return Some(types.variable(service));
    }
    if telling.is_empty() || telling.len() > 3 {
        return None;
    }
    format!("{}_PORT", telling.join("_").to_ascii_uppercase()).parse().ok()
}
