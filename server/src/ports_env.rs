//! `.ports.env`: lossless parse and edit.

use std::ops::Range;

use crate::port::Port;
use crate::variable::Variable;

/// A parsed `.ports.env`. What is not understood stays as it was, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortsEnv {
    definitions: Vec<Definition>,
}

/// One `KEY=PORT` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The variable.
    pub variable: Variable,
    /// Its port.
    pub port: Port,
    /// The bytes of the variable's name.
    pub name_span: Range<usize>,
    /// The bytes of the number.
    pub port_span: Range<usize>,
}

impl PortsEnv {
    /// The port of a variable.
    #[must_use]
    pub fn get(&self, variable: &Variable) -> Option<Port> {
        self.definitions
            .iter()
            .find(|definition| definition.variable == *variable)
            .map(|definition| definition.port)
    }
}
