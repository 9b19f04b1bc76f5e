//! An occurrence: a place in a text and what it means there.

use std::ops::Range;

use super::decided_by::DecidedBy;
use crate::port::Port;
use crate::variable::Variable;

/// A place in a text where a port number or a reference to a port variable stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The bytes of the number or of the variable's name, nothing around it.
    pub span: Range<usize>,
    /// What it means there.
    pub meaning: Meaning,
    /// What decided that.
    pub decided_by: DecidedBy,
}

impl Occurrence {
    /// An occurrence with the id of what decided it.
    pub(super) fn new(span: Range<usize>, meaning: Meaning, decided_by: impl Into<DecidedBy>) -> Self {
        Self { span, meaning, decided_by: decided_by.into() }
    }

    /// The same, after what ended at one byte of the text ends at another.
    pub(super) fn move_from(&mut self, old_end: usize, new_end: usize) {
        let move_span = |span: &mut Range<usize>| {
            if span.start >= old_end {
                *span = span.start - old_end + new_end..span.end - old_end + new_end;
            }
        };
        move_span(&mut self.span);
        if let Meaning::Literal(literal) | Meaning::Fallback { address: Some(literal), .. } =
            &mut self.meaning
            && let Shape::Number { expression }
            | Shape::Text { expression }
            | Shape::Within { expression }
            | Shape::Attribute { expression } = &mut literal.shape
        {
            move_span(expression);
        }
    }
}

/// What an occurrence means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A number typed where a port is decided.
    Literal(Literal),
    /// The default of an environment lookup, `process.env.WEB_PORT || 3000`: no violation.
    Fallback {
        /// The number.
        port: Port,
        /// The variable that is looked up, where it is named in one piece.
        variable: Option<Variable>,
        /// What the number is by itself, where the variable holds an address: `process.env.API_URL || "http://localhost:5000"`.
        /// No number can be given to that variable, so that the number still decides.
        address: Option<Literal>,
    },
    /// The variable is read.
    Reference {
        /// The variable.
        variable: Variable,
        /// Whether the place has a default of its own: `${WEB_PORT:-8000}`.
        has_default: bool,
        /// Whether the name can be changed there and nowhere else: a field of a class that reads the
        /// variable of its name has users of its own.
        is_renamable: bool,
    },
    /// The variable is given a value: a line of `.ports.env` or `.env`, a shell assignment, an
    /// entry of a compose `environment`.
    Definition {
        /// The variable.
        variable: Variable,
        /// Its value, where that is a port.
        port: Option<Port>,
    },
}

impl Meaning {
    /// The default of a lookup, where the variable can have another port.
    pub(super) fn fallback(port: Port, variable: Option<Variable>) -> Self {
        Self::Fallback { port, variable, address: None }
    }

    /// The number that is typed here and that no variable of a port takes the place of.
    #[must_use]
    pub fn literal(&self) -> Option<&Literal> {
        match self {
            Self::Literal(literal) | Self::Fallback { address: Some(literal), .. } => Some(literal),
            _ => None,
        }
    }

    /// Whether the place is a number.
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Literal(_) | Self::Fallback { .. })
    }
}

/// A number typed where a port is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The number.
    pub port: Port,
    /// What it decides.
    pub kind: Kind,
    /// How serious that is.
    pub grade: Grade,
    /// What a fix has to replace.
    pub shape: Shape,
    /// A name nearby that tells which service it is: the variable or key that it is assigned to,
    /// the compose service, the address's host.
    pub hint: Option<String>,
}

/// What a literal decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Where a service listens: `app.listen(8080)`.
    Listen,
    /// Where a client connects: `createConnection(5432, "db")`, `http://localhost:8080`.
    Connect,
    /// A constant, key or option that is named like a port: `const PORT = 8080`, `port: 8080`.
    Setting,
    /// The host side of a port mapping: `"8000:80"` in compose, `docker run -p 8000:80`.
    Published,
    /// An address inside a container network: `zookeeper:2181`.
    InNetwork,
    /// A flag, or a word, of a command line that says where the command listens: `vite --port 8000`.
    CommandFlag,
    /// A flag in a command line that says where the command connects: `psql -p 5432`.
    ClientFlag,
    /// The default of a command-line option: `default=8000` of `--port`.
    OptionDefault,
    /// `EXPOSE 8080`.
    Exposed,
    /// `ENV PORT=8080`, `ARG PORT=8080` in a Dockerfile; `environment:` in compose.
    ContainerEnvironment,
    /// A probe of a container's health.
    Healthcheck,
    /// A line of `.env`.
    EnvironmentFile,
}

/// How serious a hardcoded port is, by what the place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The number lives inside a container, or is meant to be overridden.
    Information,
    /// Code or a host-side mapping decides a port.
    Warning,
}

/// What a fix has to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A bare number in code, `8080`: an expression that yields a number takes the place of
    /// `expression`.
    Number {
        /// The bytes of the whole literal.
        expression: Range<usize>,
    },
    /// A string that is the number and nothing else, `"8080"`: an expression that yields a string
    /// takes the place of `expression`.
    Text {
        /// The bytes of the whole literal with its quotes.
        expression: Range<usize>,
    },
    /// Part of a longer string, `"http://localhost:8080/"`: the string has to be taken apart or
    /// interpolated.
    Within {
        /// The bytes of the whole literal with its prefix and quotes.
        expression: Range<usize>,
    },
    /// The string of an element's attribute, `url="http://localhost:8080/"`.
    Attribute {
        /// The bytes of the whole literal with its quotes.
        expression: Range<usize>,
    },
    /// Text in which the format itself expands variables: shell, compose, make, Dockerfile.
    Expanded,
    /// Nothing can be put here that would still mean the same: JSON, a constant expression.
    Fixed,
    /// Part of a template, or of a file that the text makes: what it ends up as is decided there.
    Template,
}

impl Literal {
    /// A literal, graded as its kind is.
    pub(super) fn new(port: Port, kind: Kind, shape: Shape, hint: Option<String>) -> Self {
        Self { port, kind, grade: kind.grade(), shape, hint }
    }
}

impl Kind {
    /// How serious a literal of this kind is by itself.
    #[must_use]
    pub fn grade(self) -> Grade {
        match self {
            Self::Listen | Self::Connect | Self::Setting | Self::Published => Grade::Warning,
            Self::InNetwork
            | Self::CommandFlag
            | Self::ClientFlag
            | Self::OptionDefault
            | Self::Exposed
            | Self::ContainerEnvironment
            | Self::Healthcheck
            | Self::EnvironmentFile => Grade::Information,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(kind: Kind) -> Literal {
        Literal::new("8080".parse().unwrap(), kind, Shape::Fixed, None)
    }

    #[test]
    fn what_this_machine_decides_is_a_warning() {
        for kind in [Kind::Listen, Kind::Connect, Kind::Setting, Kind::Published] {
            assert_eq!(literal(kind).grade, Grade::Warning, "{kind:?}");
        }
        for kind in
            [Kind::Exposed, Kind::InNetwork, Kind::CommandFlag, Kind::OptionDefault, Kind::EnvironmentFile]
        {
            assert_eq!(literal(kind).grade, Grade::Information, "{kind:?}");
        }
    }

    #[test]
    fn only_the_default_of_an_address_is_a_literal_too() {
        let port = "8080".parse().unwrap();
        let of_port = Meaning::fallback(port, "WEB_PORT".parse().ok());
        let address = Some(literal(Kind::Connect));
        let of_address = Meaning::Fallback { port, variable: "API_URL".parse().ok(), address };
        assert_eq!(of_port.literal(), None);
        assert_eq!(of_address.literal(), Some(&literal(Kind::Connect)));
        assert!(of_port.is_number() && of_address.is_number());
    }

    #[test]
    fn a_variable_that_is_given_a_port_is_no_number() {
        let variable = "WEB_PORT".parse().unwrap();
        assert!(!Meaning::Definition { variable, port: "8080".parse().ok() }.is_number());
    }
}
