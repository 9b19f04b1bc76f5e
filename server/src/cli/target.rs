//! Which port somebody means.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::operations::{Context, port_of_variable};
use crate::port::Port;
use crate::variable::Variable;

/// A port, by its number or by the variable of the current directory's project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Port(Port),
    Variable(Variable),
}

impl FromStr for Target {
    type Err = String;

    /// `3000`, `:3000` or `WEB_PORT`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong =
            "not a port: a port is a whole number from 1 to 65535, or the name of a variable that holds one";
        if let Ok(port) = text.strip_prefix(':').unwrap_or(text).parse() {
            return Ok(Self::Port(port));
        }
        text.parse().map(Self::Variable).map_err(|_| wrong.to_owned())
    }
}

impl Target {
    pub(super) fn port(&self, context: &Context) -> Result<Port> {
        match self {
            Self::Port(port) => Ok(*port),
            Self::Variable(variable) => {
                let directory =
                    std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?;
                port_of_variable(context, &directory, variable)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_with_or_without_a_colon_or_a_variable() {
        let port = |number| Ok(Target::Port(Port::new(number).unwrap()));
        assert_eq!("3000".parse(), port(3000));
        assert_eq!(":3000".parse(), port(3000));
        assert_eq!("WEB_PORT".parse(), Ok(Target::Variable("WEB_PORT".parse().unwrap())));
        for wrong in ["", ":", "0", "65536", "-1", "3000/tcp", ":WEB_PORT", "web port"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
