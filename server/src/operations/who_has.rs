//! Who has one port: in the registry, and on this machine now.

use serde::Serialize;

use super::Context;
use super::owner::{PortOwner, ProjectName};
use super::status::{ListenerStatus, Live};
use crate::error::Result;
use crate::port::Port;

/// Who has a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortHolding {
    /// The port.
    pub port: Port,
    /// Its owner in the registry; `None` where nobody owns it.
    pub owner: Option<PortOwner>,
    /// Who listens there now.
    pub listeners: Vec<ListenerStatus>,
}

/// Looks who has a port.
///
/// # Errors
/// When the registry cannot be read, or the system does not tell who listens.
pub fn who_has(context: &Context, port: Port) -> Result<PortHolding> {
    let registry = context.store.load()?;
    let live = Live::look(&registry, &|other| other == port)?;
    let owner = PortOwner::of(port, &registry);
    let project = owner
        .as_ref()
        .and_then(|owner| Some(ProjectName::new(owner.root.as_ref()?, owner.project.as_ref()?)));
    Ok(PortHolding { listeners: live.on(port, project.as_ref()), port, owner })
}
