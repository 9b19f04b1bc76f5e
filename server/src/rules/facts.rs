//! What the rules know about a project.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::registry::Registry;
use crate::variable::Variable;

/// What the rules and fixes know about the project that a document belongs to.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The project's root.
    pub root: ProjectRoot,
    /// Its `.ports.env`, where there is one.
    pub ports_env: Option<PortsEnv>,
    /// The variables that other `.env*` files at the root define.
    pub defined_elsewhere: BTreeSet<Variable>,
    /// The registry as it was when these facts were gathered.
    pub registry: Arc<Registry>,
}
