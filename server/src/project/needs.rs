//! The services that a project seems to need.

use super::ProjectRoot;
use crate::service::Service;
use crate::variable::Variable;

/// A service that a project seems to need a port for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The variable that it would be read from.
    pub variable: Variable,
    /// What listens there.
    pub service: Service,
}

impl Need {
    /// Whether one of these variables serves it already.
    #[must_use]
    pub fn is_served_by<'a>(
        &self,
        mut variables: impl Iterator<Item = (&'a Variable, Option<Service>)>,
    ) -> bool {
        variables.any(|(variable, service)| {
            *variable == self.variable
                || service.unwrap_or_else(|| Service::of_variable(variable, None)) == self.service
        })
    }
}

/// What the project's files tell of.
#[must_use]
pub fn of(_root: &ProjectRoot) -> Vec<Need> {
    Vec::new()
}
