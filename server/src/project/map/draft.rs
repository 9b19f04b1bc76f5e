//! A port while the places of its files are being grouped.

use std::collections::BTreeSet;

use super::{Component, Place};
use crate::port::Port;
use crate::variable::Variable;

/// A port that is being put together.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    /// The variable that is read for it or listed; `None` where only numbers are written.
    pub(super) variable: Option<Variable>,
    pub(super) default: Option<Port>,
    /// The components that listen on it.
    pub(super) listeners: BTreeSet<Component>,
    /// The component whose `PORT` it is.
    pub(super) bare: Option<Component>,
    pub(super) places: Vec<&'a Place>,
    pub(super) is_listed: bool,
    /// Whether `port-manager.toml` says that components read it under another name.
    pub(super) is_renamed: bool,
}
