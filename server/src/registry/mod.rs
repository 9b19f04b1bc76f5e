//! The registry that all projects of a machine share.

use crate::port::Port;
use crate::service::Service;
use crate::variable::Variable;

/// Who has which port.
#[derive(Debug, Clone, Default)]
pub struct Registry {}

/// Who a port belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A project's assignment.
    Project {
        /// The key in the registry: the canonical root, or a bare name that the script left.
        key: &'a str,
        /// The name that people see.
        name: &'a str,
        /// The variable.
        variable: &'a Variable,
        /// The service.
        service: Service,
    },
    /// A reservation that has not expired.
    Reservation {
        /// The service.
        service: Service,
    },
}

impl Registry {
    /// Who owns the port.
    #[must_use]
    pub fn owner(&self, _port: Port) -> Option<Owner<'_>> {
        None
    }
}
