//! A place of a project's text that speaks of a port.

use std::cell::LazyCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::locals::Locals;
use super::{command, implied, network};
use crate::analysis::{Analysis, Kind, Language, Literal, Meaning, Occurrence};
use crate::port::Port;
use crate::project::compose::{self, Section, ServiceSection};
use crate::project::marks::is_process_compose;
use crate::project::runtime::{Runtime, Surroundings, runtime};
use crate::service::words;
use crate::variable::Variable;

/// What a file says about ports. It depends on the file alone, so that it can be kept until that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlaces {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// Its places, in the order of the text.
    pub places: Vec<Place>,
    /// Whether it is a compose file, whatever its name.
    pub is_compose: bool,
    /// The variables that it hands to containers, and those of servers in their network.
    pub of_containers: Vec<Variable>,
    /// The files whose variables it hands to containers, relative to the root.
    pub env_files: Vec<PathBuf>,
    /// Whether it starts a server, so that a variable which it reads is likely what that listens on.
    pub serves: bool,
}

/// A place of a file that speaks of a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the project's root.
    pub path: PathBuf,
    /// The bytes of the number or of the variable's name.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What the place does with the port.
    pub role: Role,
    /// Where the code runs.
    pub runtime: Runtime,
    /// The number, where one is written there.
    pub number: Option<Port>,
    /// The variable, where one is read or given a value there.
    pub variable: Option<Variable>,
    /// A name nearby that tells which service it is: the constant, the key, the compose service, the host.
    pub hint: Option<String>,
    /// The directory that the compose service of the place is built from, relative to the root.
    pub context: Option<PathBuf>,
    /// The number on the container's side, where it is another: 5432 in `-p 6432:5432`.
    pub inside: Option<Port>,
    /// Whether it is in a file that programs load into their environment, such as `.env`.
    pub is_loaded: bool,
    /// Whether a variable is read there as the port of an address: `http://localhost:${process.env.API_PORT || 5000}`.
    pub is_in_address: bool,
}

/// What a place does with its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A service listens there.
    Listens,
    /// A compose file or command publishes it on this machine.
    Publishes,
    /// A client connects there.
    Connects,
    /// A constant, key, option or flag holds the number.
    Sets,
    /// A number is the default of a variable that is read.
    Falls,
    /// The variable is read.
    Reads,
    /// The variable is given a value.
    Defines,
}

impl Role {
    /// Whether the place makes something listen on this machine.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Listens | Self::Publishes)
    }

    /// Whether a variable at the place is read there.
    #[must_use]
    pub fn reads(self) -> bool {
        matches!(self, Self::Reads | Self::Falls | Self::Publishes)
    }
}

impl FilePlaces {
    /// What the file at `path`, relative to the project's root, says about ports.
    #[must_use]
    pub fn of(
        path: &Path,
        text: &str,
        language: Language,
        analysis: &Analysis,
        surroundings: &Surroundings,
    ) -> Self {
        let runs = runtime(path, text, language, surroundings);
        let is_compose = language == Language::Compose || language == Language::Yaml && compose::is_one(text);
        // A swarm deploys such a stack to servers; Compose itself ignores the keys.
        let runs = if is_compose && runs == Runtime::Host && compose::is_stack(text) {
            Runtime::Elsewhere
        } else {
            runs
        };
        let sections = if is_compose { compose::sections(text) } else { Vec::new() };
        let outside = LazyCell::new(|| compose::outside(text));
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // `vite.config.ts`
        let is_settings = language.is_program() && name.contains(".config.");
        let processes = if is_process_compose(name) { compose::processes(text) } else { Vec::new() };
        let directory = path.parent().unwrap_or(Path::new(""));
        let locals = Locals::of(text, language);
        let starts_server = language.is_program() && serves(text);
        let mut lines = Lines { text, at: 0, line: 1, start: 0 };
        let mut places = analysis
            .occurrences
            .iter()
            .filter(|occurrence| is_of_port(occurrence, text) && !locals.is_read_at(occurrence))
            .map(|occurrence| {
                let section = section_at(&sections, occurrence.span.start);
                let (line, column) = lines.place(occurrence.span.start);
                let mut place =
                    Place::new(occurrence, section.map_or(runs, |section| in_section(section.kind, runs)));
                if let Some(section) = section {
                    place.hint.get_or_insert_with(|| section.service.clone());
                    place.context =
                        section.context.as_ref().map(|context| compose::below(directory, context));
                }
                if is_settings && place.hint.as_deref() == Some("port") {
                    let key = network::key_around(text, &occurrence.span);
                    place.hint = key.map(|key| format!("{key}_port")).or(place.hint);
                }
                if let Some((process, _)) =
                    processes.iter().find(|(_, span)| span.contains(&occurrence.span.start))
                {
                    place.hint = Some(process.clone());
                }
                if place.runtime == Runtime::Host
                    && !is_compose
                    && is_within_container(&place, text, language, surroundings)
                {
                    place.runtime = Runtime::Container;
                }
                place.is_loaded = language == Language::Env;
                place.inside = inside(text, occurrence.span.end);
                let before = lines.before(occurrence.span.start);
                if place.runtime == Runtime::Host && command::is_in_container(before) {
                    place.runtime = Runtime::Container;
                }
                place.is_in_address = place.role.reads() && is_port_of_address(before);
                match &occurrence.meaning {
                    Meaning::Literal(Literal { kind: Kind::CommandFlag, .. }) => {
                        place.role = command::role(before)
                    }
                    Meaning::Literal(Literal { kind: Kind::Connect, .. })
                        if command::is_listening_flag(before) =>
                    {
                        place.role = Role::Listens;
                    }
                    _ if section.is_some_and(|section| section.kind == Section::Ports) => {
                        place.role = Role::Publishes
                    }
                    Meaning::Fallback { address: Some(literal), .. }
                        if starts_server && is_own_address(before, literal) =>
                    {
                        place.role = Role::Listens;
                    }
                    // A container that is given an address of the outside.
                    Meaning::Literal(Literal { kind: Kind::Connect, port, .. })
                        if section.is_some() && outside.contains(port) =>
                    {
                        place.runtime = runs;
                    }
                    _ => {}
                }
                Place { path: path.to_owned(), line, column, ..place }
            })
            .collect::<Vec<_>>();
        let servers = implied::servers(path, text);
        let serves = !servers.is_empty() || starts_server;
        places.extend(servers.into_iter().map(|server| {
            let (line, column) = lines.place(server.span.start);
            Place {
                path: path.to_owned(),
                span: server.span,
                line,
                column,
                role: Role::Falls,
                runtime: runs,
                number: Some(server.number),
                variable: Some(server.variable),
                hint: None,
                context: None,
                inside: None,
                is_loaded: false,
                is_in_address: false,
            }
        }));
        places.sort_by_key(|place| (place.span.start, place.span.end));
        match language {
            Language::Conf => name_overridden(&mut places, text),
            language if language.is_program() => name_defaults(&mut places),
            _ => {}
        }
        let of_containers = if is_compose { compose::variables_of_containers(text) } else { Vec::new() };
        let of_containers = of_containers.iter().filter_map(|name| name.parse().ok()).collect();
        let env_files = if is_compose { compose::env_files(text) } else { Vec::new() };
        let env_files = env_files.iter().map(|file| compose::below(directory, file)).collect();
        Self { path: path.to_owned(), places, is_compose, of_containers, env_files, serves }
    }

    /// Which of the places has these bytes.
    pub(super) fn ordinal(&self, span: &Range<usize>) -> Option<usize> {
        let key = |place: &Place| (place.span.start, place.span.end);
        self.places.binary_search_by_key(&(span.start, span.end), key).ok()
    }

    /// Whether the other text of the file says the same about ports, at other positions perhaps.
    pub(super) fn has_moved_to(&self, other: &Self) -> bool {
        self.path == other.path
            && self.serves == other.serves
            && self.is_compose == other.is_compose
            && self.of_containers == other.of_containers
            && self.env_files == other.env_files
            && self.places.len() == other.places.len()
            && self.places.iter().zip(&other.places).all(|(one, other)| one.says_what(other))
    }
}

/// Whether an occurrence speaks of a port. What a variable of another name falls back to may be anything,
/// `${UID:-1000}`, unless it is part of an address: `${API_URL:-http://localhost:5000}`.
fn is_of_port(occurrence: &Occurrence, text: &str) -> bool {
    let Meaning::Fallback { variable: Some(variable), address: None, .. } = &occurrence.meaning else {
        return true;
    };
    let before = text.get(..occurrence.span.start).unwrap_or_default();
    variable.is_port_name()
        || before.strip_suffix(':').is_some_and(|before| !before.ends_with(variable.as_str()))
}

/// Whether what is read behind this text is the port of an address on this machine.
fn is_port_of_address(before: &str) -> bool {
    const HOSTS: &[&str] = &["localhost:", "127.0.0.1:", "[::1]:"];
    let behind = HOSTS.iter().filter_map(|host| Some(before.rfind(host)? + host.len())).max();
    let Some(read) = behind.and_then(|at| before.get(at..)) else { return false };
    read.starts_with(['$', '{', '#', '"', '\'', '`']) && !read.contains(['/', ';'])
}

/// Whether the address that a variable falls back to is the one on which the program itself listens:
/// `env::var("ADDRESS").unwrap_or("127.0.0.1:8000")`. A variable that names somebody is for a client.
fn is_own_address(before: &str, literal: &Literal) -> bool {
    const OWN: &[&str] = &["addr", "address", "app", "bind", "host", "http", "listen", "port"];
    const HOSTS: &[&str] = &["\"127.0.0.1:", "\"0.0.0.0:", "\"localhost:", "\"[::]:", "\":"];
    let is_own = |hint: &str| words(hint).iter().all(|word| OWN.contains(&word.as_str()));
    literal.hint.as_deref().is_some_and(is_own) && HOSTS.iter().any(|host| before.ends_with(host))
}

/// Whether a program starts a server.
fn serves(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "listen(",
        "Listen(",
        "ListenAndServe",
        "serve(",
        "Serve(",
        ".run(",
        "createServer",
        "HTTPServer",
        "bind(",
    ];
    STARTS.iter().any(|start| text.contains(start))
}

/// Whether a name is one of the program, as `port` and `httpPort` are.
fn is_of_program(name: &Variable) -> bool {
    name.as_str().bytes().any(|byte| byte.is_ascii_lowercase())
}

/// How many lines below a lookup its default may be.
const DEFAULT_WITHIN: usize = 5;

/// Gives a default that is set apart from its lookup the variable of that: `port = "8080"` below `if port == ""`.
fn name_defaults(places: &mut [Place]) {
    for at in 1..places.len() {
        let (before, rest) = places.split_at_mut(at);
        let place = &mut rest[0];
        if let Some(read) = before.last().filter(|it| it.role == Role::Reads)
            && place.role == Role::Falls
            && place.variable.as_ref().is_none_or(is_of_program)
            && place.line > read.line
            && place.line - read.line <= DEFAULT_WITHIN
        {
            place.variable.clone_from(&read.variable);
        }
    }
}

/// Gives a number the variable that takes its place where it is set: `port = 8080` above `port = ${?PORT}` (HOCON).
fn name_overridden(places: &mut [Place], text: &str) {
    for at in 1..places.len() {
        let (before, rest) = places.split_at_mut(at);
        let is_optional = text.get(..rest[0].span.start).is_some_and(|text| text.ends_with("${?"));
        if let Some(number) = before.last_mut().filter(|it| it.number.is_some() && it.variable.is_none())
            && is_optional
            && rest[0].line == number.line + 1
        {
            number.role = Role::Falls;
            number.variable.clone_from(&rest[0].variable);
        }
    }
}

/// The number behind that of the host's side of a mapping: `6432:5432`.
fn inside(text: &str, end: usize) -> Option<Port> {
    let rest = text.get(end..)?.strip_prefix(':')?;
    let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    rest[..digits].parse().ok()
}

/// Whether a number of a file that runs here is one of a container: its host is a service of a compose file, or an
/// image is made of the file and only root may listen there outside of it.
fn is_within_container(place: &Place, text: &str, language: Language, surroundings: &Surroundings) -> bool {
    let is_privileged = |number: Port| number.get() < 1024 && place.role != Role::Connects;
    place.number.is_some_and(is_privileged) && surroundings.is_in_image
        // Most projects have no compose file, and looking for a host is slow.
        || !surroundings.services.is_empty()
            && network::host(text, &place.span, language)
                .is_some_and(|host| surroundings.services.contains(host))
}

/// The part of a compose file's services in which these bytes begin; the parts are in the order of the text.
fn section_at(sections: &[ServiceSection], start: usize) -> Option<&ServiceSection> {
    let behind = sections.partition_point(|section| section.span.start <= start);
    sections[..behind].last().filter(|section| section.span.contains(&start))
}

/// Where a part of a compose service has its effect: only its published ports are this machine's.
fn in_section(section: Section, file: Runtime) -> Runtime {
    match section {
        Section::Ports => file,
        Section::Inside if file == Runtime::Host => Runtime::Container,
        Section::Inside => file,
    }
}

impl Place {
    /// Whether the other place says the same about the same port, wherever it is.
    fn says_what(&self, other: &Self) -> bool {
        let mut there = self.clone();
        there.move_to(other);
        there == *other
    }

    /// Whether a client connects to the port there.
    #[must_use]
    pub fn connects(&self) -> bool {
        self.role == Role::Connects || self.is_in_address
    }

    /// Takes over the position of the other place.
    pub(super) fn move_to(&mut self, other: &Self) {
        self.span = other.span.clone();
        (self.line, self.column) = (other.line, other.column);
    }

    fn new(occurrence: &Occurrence, runtime: Runtime) -> Self {
        let place = Self {
            path: PathBuf::new(),
            span: occurrence.span.clone(),
            line: 0,
            column: 0,
            role: Role::Sets,
            runtime,
            number: None,
            variable: None,
            hint: None,
            context: None,
            inside: None,
            is_loaded: false,
            is_in_address: false,
        };
        match &occurrence.meaning {
            Meaning::Literal(literal) | Meaning::Fallback { address: Some(literal), .. } => Self {
                role: role(literal.kind),
                number: Some(literal.port),
                hint: literal.hint.clone(),
                runtime: match literal.kind {
                    Kind::Exposed | Kind::ContainerEnvironment | Kind::InNetwork | Kind::Healthcheck
                        if runtime == Runtime::Host =>
                    {
                        Runtime::Container
                    }
                    _ => runtime,
                },
                ..place
            },
            Meaning::Fallback { port, variable, .. } => {
                Self { role: Role::Falls, number: Some(*port), variable: variable.clone(), ..place }
            }
            Meaning::Reference { variable, .. } => {
                Self { role: Role::Reads, variable: Some(variable.clone()), ..place }
            }
            Meaning::Definition { variable, port } => {
                Self { role: Role::Defines, number: *port, variable: Some(variable.clone()), ..place }
            }
        }
    }
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Listen => Role::Listens,
        Kind::Published => Role::Publishes,
        Kind::Connect | Kind::InNetwork | Kind::Healthcheck => Role::Connects,
        Kind::Setting
        | Kind::CommandFlag
        | Kind::OptionDefault
        | Kind::Exposed
        | Kind::ContainerEnvironment
        | Kind::EnvironmentFile => Role::Sets,
    }
}

/// Lines and columns of ascending byte offsets.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    start: usize,
}

impl Lines<'_> {
    fn place(&mut self, offset: usize) -> (usize, usize) {
        if offset < self.at {
            (self.at, self.line, self.start) = (0, 1, 0);
        }
        let between = self.text.get(self.at..offset).unwrap_or_default();
        self.line += between.matches('\n').count();
        if let Some(newline) = between.rfind('\n') {
            self.start = self.at + newline + 1;
        }
        self.at = offset;
        (self.line, self.before(offset).chars().count() + 1)
    }

    /// The text of the line on which the last place was, up to the offset.
    fn before(&self, offset: usize) -> &str {
        self.text.get(self.start..offset).unwrap_or_default()
    }
}
