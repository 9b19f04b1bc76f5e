//! What a file says about ports.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::locals::Locals;
use super::place::{Position, Width};
use super::{Place, Role, command, implied, network};
use crate::analysis::{
    Analysis, Kind, Language, Literal, Meaning, Occurrence, Packs, is_service, own_host_before_port,
};
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::project::bundler;
use crate::project::compose::{self, ComposeFile, Section, ServiceSection};
use crate::project::marks::is_process_compose;
use crate::project::runtime::{Reader, Runtime, Surroundings, runtime, serves};
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

impl FilePlaces {
    /// What the file at `path`, relative to the project's root, says about ports.
    #[must_use]
    pub fn of(
        path: &Path,
        text: &str,
        language: Language,
        analysis: &Analysis,
        packs: &Packs,
        surroundings: &Surroundings,
    ) -> Self {
        let file = File::of(path, text, language, packs, surroundings);
        let locals = Locals::of(text, language);
        let servers = implied::servers(path, text);
        let serves = !servers.is_empty() || file.starts_server;
        let mut lines = Lines::of(text);
        let is_wanted =
            |occurrence: &&Occurrence| is_of_port(occurrence, text, packs) && !locals.is_read_at(occurrence);
        let occurrences = analysis.occurrences.iter().filter(is_wanted);
        let mut places: Vec<Place> =
            occurrences.map(|occurrence| file.place(occurrence, &mut lines)).collect();
        places.extend(servers.into_iter().map(|server| {
            let position = lines.place(server.span.start);
            Place {
                role: Role::Falls,
                number: Some(server.number),
                variable: Some(server.variable),
                is_implied: true,
                ..Place::at(path, server.span, position, file.runs, file.reader)
            }
        }));
        places.sort_by_key(|place| (place.span.start, place.span.end));
        match language {
            Language::Conf => name_overridden(&mut places, text),
            language if language.is_program() => name_defaults(&mut places),
            _ => {}
        }
        let of_addresses: BTreeSet<Variable> = places
            .iter()
            .filter(|place| place.number.is_some() && is_in_address_default(text, place.span.start))
            .filter_map(|place| place.variable.clone())
            .collect();
        for place in &mut places {
            if let Some(name) = place.named() {
                place.is_port_variable = packs.names.is_port_variable(&name) && !of_addresses.contains(&name);
                place.is_foreign = packs.names.is_foreign(&name);
            }
        }
        let compose = file.compose.as_ref();
        let of_containers = compose.map(ComposeFile::variables_of_containers).unwrap_or_default();
        let env_files = compose.map(ComposeFile::env_files).unwrap_or_default();
        Self {
            path: path.to_owned(),
            places,
            is_compose: compose.is_some(),
            of_containers: of_containers.iter().filter_map(|name| name.parse().ok()).collect(),
            env_files: env_files.iter().map(|name| compose::below(file.directory(), name)).collect(),
            serves,
        }
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

/// Whether a number is the end of the default of a variable that holds an address, and no port: `${BIND:-127.0.0.1:8000}`.
fn is_in_address_default(text: &str, start: usize) -> bool {
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let before = &text[line..start];
    let Some(open) = before.rfind("${") else { return false };
    let inside = &before[open..];
    !inside.contains('}') && inside.split_once('-').is_some_and(|(_, default)| !default.is_empty())
}

/// A file with what decides about several of its places.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
    language: Language,
    packs: &'a Packs,
    surroundings: &'a Surroundings,
    /// Where its code runs, unless a place says otherwise.
    runs: Runtime,
    reader: Reader,
    /// The compose file that it is, whatever its name.
    compose: Option<ComposeFile<'a>>,
    /// The parts of the services of a compose file.
    sections: Vec<ServiceSection>,
    /// The numbers by which a compose file's containers are reached from outside.
    outside: OnceCell<BTreeSet<Port>>,
    /// Whether it names the machine that a container runs on.
    mentions_machine: OnceCell<bool>,
    /// The processes of a `process-compose.yaml`, with their bytes.
    processes: Vec<(String, Range<usize>)>,
    /// Whether it configures a tool: `vite.config.ts`.
    is_settings: bool,
    starts_server: bool,
    /// Where the tests of a module begin, which Rust has at its end.
    tests: Option<usize>,
}

impl<'a> File<'a> {
    fn of(
        path: &'a Path,
        text: &'a str,
        language: Language,
        packs: &'a Packs,
        surroundings: &'a Surroundings,
    ) -> Self {
        let compose = ComposeFile::of(text, language);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let reader = match compose {
            Some(_) => Reader::Known,
            None => Reader::of(path, text, language, packs, surroundings),
        };
        Self {
            path,
            text,
            language,
            packs,
            surroundings,
            runs: runtime(path, text, language, packs, surroundings),
            reader,
            sections: compose.as_ref().map(ComposeFile::sections).unwrap_or_default(),
            compose,
            outside: OnceCell::new(),
            mentions_machine: OnceCell::new(),
            processes: if is_process_compose(name) { compose::processes(text) } else { Vec::new() },
            is_settings: language.is_program() && name.contains(".config."),
            starts_server: language.is_program() && serves(text),
            tests: (language == Language::Rust)
                .then(|| TESTS.find(text))
                .flatten()
                .map(|found| found.start()),
        }
    }

    fn mentions_machine(&self) -> bool {
        *self.mentions_machine.get_or_init(|| network::mentions_machine(self.text, self.packs))
    }

    fn directory(&self) -> &'a Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn place(&self, occurrence: &Occurrence, lines: &mut Lines<'_>) -> Place {
        let span = &occurrence.span;
        let section = section_at(&self.sections, span.start);
        let kind = section.map(|section| section.kind).or_else(|| self.shared_section(occurrence));
        let runs = kind.map_or(self.runs, |kind| in_section(kind, self.runs));
        let position = lines.place(span.start);
        let before = lines.before(span.start);
        let mut place =
            Place::new(Place::at(self.path, span.clone(), position, runs, self.reader), occurrence);
        place.is_loaded = self.language == Language::Env;
        place.inside = inside(self.text, span.end);
        place.context = section
            .and_then(|section| section.context.as_ref())
            .map(|context| compose::below(self.directory(), context));
        self.name(&mut place, section);
        if place.runtime == Runtime::Host
            && (self.compose.is_none() && self.is_within_container(&place)
                || command::is_in_container(before))
        {
            place.runtime = Runtime::Container;
        } else if place.runtime == Runtime::Container
            && place.number.is_some()
            && self.mentions_machine()
            && network::is_of_machine(self.text, span, self.language, self.packs)
        {
            (place.runtime, place.reader) = (Runtime::Host, Reader::Known);
        }
        if place.runtime.is_here()
            && place.number.is_some()
            && self.language.is_program()
            && network::is_of_public_host(self.text, span, self.packs)
        {
            place.runtime = Runtime::Elsewhere;
        }
        if place.runtime.is_here() && is_of_a_provider(occurrence, place.runtime) {
            place.runtime = Runtime::Elsewhere;
        }
        if place.runtime.is_here() && self.tests.is_some_and(|start| span.start > start) {
            place.runtime = Runtime::Aside;
        }
        place.is_in_address = place.role.reads() && is_port_of_address(before, self.packs);
        self.settle(&mut place, &occurrence.meaning, section, before);
        place
    }

    /// Where something in a compose file has its effect that is in no service: services share it, `x-app: &app`. What is
    /// published is published on this machine.
    fn shared_section(&self, occurrence: &Occurrence) -> Option<Section> {
        self.compose.as_ref()?;
        let is_published =
            matches!(&occurrence.meaning, Meaning::Literal(literal) if literal.kind == Kind::Published);
        Some(if is_published { Section::Ports } else { Section::Inside })
    }

    /// Gives a place the name nearby that tells which service it is.
    fn name(&self, place: &mut Place, section: Option<&ServiceSection>) {
        if let Some(section) = section {
            place.hint.get_or_insert_with(|| section.service.clone());
        }
        if self.is_settings && place.hint.as_deref() == Some("port") {
            let key = network::key_around(self.text, &place.span);
            place.hint = key.map(|key| format!("{key}_port")).or(place.hint.take());
        }
        if let Some((process, _)) = self.processes.iter().find(|(_, span)| span.contains(&place.span.start)) {
            place.hint = Some(process.clone());
        }
    }

    /// Gives a place the role that the text before it and around it says.
    fn settle(&self, place: &mut Place, meaning: &Meaning, section: Option<&ServiceSection>, before: &str) {
        match meaning {
            Meaning::Literal(Literal { kind: Kind::Connect, .. }) if command::is_listening_flag(before) => {
                place.role = Role::Listens;
            }
            _ if section.is_some_and(|section| section.kind == Section::Ports) => {
                place.role = Role::Publishes;
            }
            Meaning::Fallback { address: Some(literal), .. }
                if self.starts_server && is_own_address(before, literal, self.packs) =>
            {
                place.role = Role::Listens;
            }
            // A container that is given an address of the outside.
            Meaning::Literal(Literal { kind: Kind::Connect, port, .. })
                if section.is_some() && (self.is_outside(*port) || is_for_browsers(before)) =>
            {
                place.runtime = self.runs;
            }
            _ => {}
        }
    }

    /// Whether a compose file publishes the number, and no container has it for itself.
    fn is_outside(&self, port: Port) -> bool {
        let outside = || self.compose.as_ref().map(ComposeFile::outside).unwrap_or_default();
        self.outside.get_or_init(outside).contains(&port)
    }

    /// Whether a number that runs here is one of a container: its host is a service of a compose file, or in settings any
    /// name that only a network of containers knows; or an image is made of the file and only root may listen there
    /// outside of it.
    fn is_within_container(&self, place: &Place) -> bool {
        let is_privileged = |number: Port| number.get() < 1024 && place.role != Role::Connects;
        let services = &self.surroundings.services;
        let is_service = |host: &str| {
            services.contains(host) || !self.language.is_program() && is_service(host, self.packs)
        };
        place.number.is_some_and(is_privileged) && self.surroundings.is_in_image
            // Most projects have no compose file, and looking for a host is slow.
            || (!services.is_empty() || !self.language.is_program())
                && network::host(self.text, &place.span, self.language).is_some_and(is_service)
    }
}

/// Whether an occurrence speaks of a port. What a variable of another name falls back to may be anything,
/// `${UID:-1000}`, unless it is part of an address: `${API_URL:-http://localhost:5000}`.
fn is_of_port(occurrence: &Occurrence, text: &str, packs: &Packs) -> bool {
    let Meaning::Fallback { variable: Some(variable), address: None, .. } = &occurrence.meaning else {
        return true;
    };
    let before = text.get(..occurrence.span.start).unwrap_or_default();
    packs.names.is_port_variable(variable)
        || before.strip_suffix(':').is_some_and(|before| !before.ends_with(variable.as_str()))
}

/// Whether a setting in a program has the number of a server that somebody else runs: of mail, of names, of time. In a page
/// also of sites, as a page listens nowhere.
fn is_of_a_provider(occurrence: &Occurrence, runs: Runtime) -> bool {
    const MAIL_NAMES_AND_TIME: &[u16] =
        &[25, 53, 110, 123, 143, 161, 389, 465, 587, 636, 993, 995, 1812, 2525];
    let Meaning::Literal(Literal { kind: Kind::Setting, port, .. }) = &occurrence.meaning else {
        return false;
    };
    MAIL_NAMES_AND_TIME.contains(&port.get()) || runs == Runtime::Browser && port.get() < 1024
}

/// `#[cfg(test)] mod tests {`
static TESTS: Pattern = regex!(
    r"(?m)^#\[cfg\((?:all\()?test\b[^\n]*\]\s*(?:#\[[^\n]*\]\s*)*(?:pub(?:\([a-z]+\))?\s+)?mod\s+\w+\s*\{"
);

/// Whether the text up to a number gives a page an address of this machine: `NEXT_PUBLIC_API=http://localhost:`. The
/// browser that opens it runs outside of the container.
fn is_for_browsers(before: &str) -> bool {
    const HOSTS: &[&str] = &["localhost:", "127.0.0.1:", "[::1]:"];
    const WORDS: &[&str] = &["browser", "callback", "cors", "origin", "origins", "public", "redirect"];
    static NAME: Pattern = regex!(r#"^[ \t-]*["']?(?P<name>[A-Za-z]\w*)["']?[ \t]*[:=]"#);
    let Some(name) = NAME.captures(before).and_then(|captures| captures.name("name")) else { return false };
    HOSTS.iter().any(|host| before.ends_with(host))
        && (bundler::is_public(name.as_str())
            || words(name.as_str()).iter().any(|word| WORDS.contains(&word.as_str())))
}

/// Whether what is read behind this text is the port of an address on this machine.
fn is_port_of_address(before: &str, packs: &Packs) -> bool {
    let follows_host =
        |at: &usize| matches!(own_host_before_port(&before[..*at], packs), Some((_, Kind::Connect)));
    let mut colons = before.rmatch_indices(':').map(|(at, _)| at);
    let Some(read) = colons.find(follows_host).and_then(|at| before.get(at + 1..)) else { return false };
    read.starts_with(['$', '{', '#', '"', '\'', '`']) && !read.contains(['/', ';'])
}

/// Whether the address that a variable falls back to is the one on which the program itself listens:
/// `env::var("ADDRESS").unwrap_or("127.0.0.1:8000")`. A variable that names somebody is for a client.
fn is_own_address(before: &str, literal: &Literal, packs: &Packs) -> bool {
    const OWN: &[&str] = &["addr", "address", "app", "bind", "host", "http", "listen", "port"];
    let is_own = |hint: &str| words(hint).iter().all(|word| OWN.contains(&word.as_str()));
    // All of the string before the port is a host of this machine, or nothing: `":8000"`.
    let is_string_of_host = || {
        let before = before.strip_suffix(':')?;
        let host = own_host_before_port(before, packs).map_or("", |(host, _)| host);
        before.strip_suffix(host).map(|before| before.ends_with('"'))
    };
    literal.hint.as_deref().is_some_and(is_own) && is_string_of_host().unwrap_or_default()
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

/// How much of a line before a place is of interest, in bytes: a line may have thousands of places.
const LINE_BEFORE: usize = 2000;

/// Lines and columns of ascending byte offsets.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    start: usize,
    position: Position,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, start: 0, position: Position { line: 1, column: 1, before: Width::default() } }
    }

    fn place(&mut self, offset: usize) -> Position {
        if offset < self.at {
            *self = Self::of(self.text);
        }
        let between = self.text.get(self.at..offset).unwrap_or_default();
        let position = &mut self.position;
        position.line += memchr::memchr_iter(b'\n', between.as_bytes()).count();
        let mut on_line = between;
        if let Some(newline) = memchr::memrchr(b'\n', between.as_bytes()) {
            self.start = self.at + newline + 1;
            (position.column, position.before) = (1, Width::default());
            on_line = &between[newline + 1..];
        }
        position.column += on_line.chars().count();
        position.before.utf8 += on_line.len();
        position.before.utf16 += on_line.encode_utf16().count();
        self.at = offset;
        self.position
    }

    /// The text of the line on which the last place was, up to the offset.
    fn before(&self, offset: usize) -> &str {
        let start = self.text.ceil_char_boundary(self.start.max(offset.saturating_sub(LINE_BEFORE)));
        self.text.get(start..offset).unwrap_or_default()
    }
}
