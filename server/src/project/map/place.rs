//! A place of a project's text that speaks of a port.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::analysis::{Kind, Meaning, Occurrence};
use crate::port::Port;
use crate::project::runtime::{Reader, Runtime};
use crate::variable::Variable;

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
    /// How long the line is before the place, as editors count.
    pub before: Width,
    /// What the place does with the port.
    pub role: Role,
    /// Where the code runs.
    pub runtime: Runtime,
    /// Who reads the file.
    pub reader: Reader,
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
    /// Whether its variable, or else its hint, is called like a variable that holds a port.
    pub is_port_variable: bool,
    /// Whether that name says that the port is decided elsewhere: that of another's server.
    pub is_foreign: bool,
    /// Whether the number is the one that a program listens on by itself, and no text has it.
    pub is_implied: bool,
    /// Whether a variable is read there as the port of an address: `http://localhost:${process.env.API_PORT || 5000}`.
    pub is_in_address: bool,
    /// Whether the program gives the number, or an address with it, to a call: `fetch("http://localhost:5000")`.
    pub is_argument: bool,
}

/// The length of a part of a line, in the two units of editors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Width {
    /// In bytes of UTF-8.
    pub utf8: usize,
    /// In code units of UTF-16.
    pub utf16: usize,
}

/// Where a place begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The line, from 1.
    pub(super) line: usize,
    /// The column in characters, from 1.
    pub(super) column: usize,
    /// The length of the line before it.
    pub(super) before: Width,
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

/// What decides about an address that is an argument.
const ADDRESSED: [&str; 3] = ["call.address", "call.put-into-address", "call.connect"];

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

impl Place {
    /// Whether the other place says the same about the same port, wherever it is.
    pub(super) fn says_what(&self, other: &Self) -> bool {
        let mut there = self.clone();
        there.move_to(other);
        there == *other
    }

    /// Its variable, or a variable with the name of its hint.
    pub(super) fn named(&self) -> Option<Variable> {
        self.variable.clone().or_else(|| self.hint.as_deref()?.parse().ok())
    }

    /// Whether a mapping gets its host's side from a variable that holds more than a port: `${BIND:-127.0.0.1:8000}:8000`. No
    /// fix can put another variable there.
    #[must_use]
    pub fn is_in_another_variable(&self) -> bool {
        self.role == Role::Publishes
            && self.number.is_some()
            && self.variable.is_some()
            && !self.is_port_variable
    }

    /// Whether a client connects to the port there.
    #[must_use]
    pub fn connects(&self) -> bool {
        self.role == Role::Connects || self.is_in_address
    }

    /// Takes over the position of the other place.
    pub(super) fn move_to(&mut self, other: &Self) {
        self.span = other.span.clone();
        (self.line, self.column, self.before) = (other.line, other.column, other.before);
    }

    /// What an occurrence says, for now as if nothing but its own text spoke about it.
    pub(super) fn new(place: Self, occurrence: &Occurrence) -> Self {
        match &occurrence.meaning {
            Meaning::Literal(literal) | Meaning::Fallback { address: Some(literal), .. } => Self {
                role: role(literal.kind),
                is_argument: ADDRESSED.contains(&occurrence.decided_by.as_str()),
                number: Some(literal.port),
                hint: literal.hint.clone(),
                runtime: match literal.kind {
                    Kind::Exposed | Kind::ContainerEnvironment | Kind::InNetwork | Kind::Healthcheck
                        if place.runtime == Runtime::Host =>
                    {
                        Runtime::Container
                    }
                    _ => place.runtime,
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

    /// A place of which only the position and the runtime are known.
    pub(super) fn at(
        path: &Path,
        span: Range<usize>,
        position: Position,
        runtime: Runtime,
        reader: Reader,
    ) -> Self {
        Self {
            path: path.to_owned(),
            span,
            line: position.line,
            column: position.column,
            before: position.before,
            role: Role::Sets,
            runtime,
            reader,
            number: None,
            variable: None,
            hint: None,
            context: None,
            inside: None,
            is_loaded: false,
            is_port_variable: false,
            is_implied: false,
            is_foreign: false,
            is_in_address: false,
            is_argument: false,
        }
    }
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Listen | Kind::CommandFlag => Role::Listens,
        Kind::Published => Role::Publishes,
        Kind::Connect | Kind::ClientFlag | Kind::InNetwork | Kind::Healthcheck => Role::Connects,
        Kind::Setting
        | Kind::OptionDefault
        | Kind::Exposed
        | Kind::ContainerEnvironment
        | Kind::EnvironmentFile => Role::Sets,
    }
}
