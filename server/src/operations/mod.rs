//! What a user can do: one file an operation, each returning plain data that the command line
//! prints (as a table or as JSON) and the language server returns. The results' field names and
//! meanings are the JSON documentation; they only ever grow.

mod address;
mod adopt;
mod allocate;
mod baseline;
mod changed_lines;
pub mod check;
mod clean;
mod code;
mod config;
mod configure;
mod deinit;
pub mod doctor;
mod environment;
mod explain;
pub mod fix;
mod free;
mod get_port;
mod git_hook;
mod hook;
mod init;
mod integrate;
mod judge;
mod known;
mod looked_at;
mod owner;
mod plan;
mod port_map;
mod project_files;
mod project_status;
mod release;
mod remove;
mod rename;
mod run;
mod run_tables;
mod session;
mod set;
mod show;
mod source;
mod status;
#[cfg(test)]
mod tests;
mod unset;
mod walk;
mod which;
mod who_has;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

pub use address::{Address, AddressParts, address};
pub use adopt::{Adopted, Adoption, FixedPort, plan_adopt};
pub use allocate::{Allocated, allocate, allocate_for_page};
pub use baseline::{Baseline, BaselineEntry, Baselined, Scope};
pub use changed_lines::ChangedLines;
pub use clean::{Cleaned, CleanedProject, CleanedReservation, clean};
pub use code::Reader;
pub use config::{AvoidedNumbers, ConfigReport, ServiceTypeReport, TypeWord, config_report};
pub use configure::{Configured, configure, rename};
pub use deinit::{Deinitialized, deinit};
pub use environment::{
    Environment, Format, IgnoredLine, IgnoredReason, InheritedVariable, Precedence, RenamedVariable,
    Unspellable, environment,
};
pub use explain::{Explained, ExplainedPlace, explain};
pub use free::{
    Attendant, DependantReport, FoundHolders, FreeOptions, FreeReport, HolderReport, LONGEST_TIMEOUT,
    PrincipalReport, RestarterReport, ShownHolder, SupervisorReport, Unattended, find_holders,
    port_of_variable, timeout_of_seconds,
};
pub use get_port::{ReservedPort, get_port};
pub use git_hook::{GIT_HOOK, HookOutcome, InstalledHook, install_git_hook};
pub use hook::{HookUpdate, STATE as HOOK_STATE, hook_update};
pub use init::{
    FormerProject, Initialized, MisspelledVariable, ReleasedPort, former_projects, init, init_moved,
    plan_init,
};
pub use integrate::{
    Integration, IntegrationState, Integrations, TARGETS, Target, WayToWire, can_integrate,
    list_integrations, plan_integrate, way_to_wire,
};
pub use judge::{JudgeOptions, Judged, judge};
pub use known::{Known, KnownPort, KnownProject};
pub use looked_at::LookedAt;
pub use owner::PortOwner;
pub use plan::{Plan, PlannedChange, PlannedText};
pub use port_map::{PlaceReport, PortReport, PortsReport, Reading, port_map, ports};
pub use project_files::{OpenSurveys, ProjectFiles, Refreshed, Touched, UnreadFile};
pub use project_status::{ComputedVariable, ProjectPortStatus, ProjectStatus, project_status};
pub use release::{Released, release};
pub use remove::{Removed, RemovedPort, remove};
pub use rename::{
    FollowedRename, NamedPlace, PlannedRename, RenamedFile, RenamedVariables, Renaming, ensure_renamable,
    find_renaming, follow_renames, plan_rename, renamed_lines,
};
pub use run::{PassPort, PortFlag, PortsCommand, RunOptions, TakenBy, TakenPort, with_ports};
pub use session::InvalidLine;
pub use set::{ChosenPort, SetPorts, set};
pub use show::{ShownPort, ShownProject, show};
pub use source::SkipReason;
pub use status::{
    ListenerStatus, OtherPort, PortStatus, ReservationStatus, Status, StatusFilter, status, status_of,
};
pub use unset::{UnsetPorts, UnsetVariable, unset};
pub use which::{Which, directory_named};
pub use who_has::{PortHolding, who_has};

use crate::error::Result;
use crate::port::Port;
use crate::ports::{self, Availability};
use crate::registry::{Refusal, Registry, Store};
use crate::service::Service;
use crate::variable::Variable;

/// What every operation works with.
#[derive(Clone)]
pub struct Context {
    /// The registry.
    pub store: Store,
    is_free: Arc<dyn Fn(Port) -> bool + Send + Sync>,
    is_own: Arc<IsOwn>,
    may_bind: Arc<dyn Fn(Port) -> bool + Send + Sync>,
}

/// Whether those who listen on a port were all started in the project with that root.
type IsOwn = dyn Fn(Port, &Path) -> bool + Send + Sync;

impl Context {
    /// The user's registry and this machine's ports.
    ///
    /// # Errors
    /// When the registry has no place: see [`Store::from_environment`].
    pub fn from_environment() -> Result<Self> {
        Ok(Self::on_this_machine(Store::from_environment()?))
    }

    /// A registry and this machine's ports. Who listens is read once, so a context is for one
    /// operation.
    #[must_use]
    pub fn on_this_machine(store: Store) -> Self {
        let availability = Availability::default();
        let (is_own, may_bind) = (Arc::new(owner::is_served_by), Arc::new(ports::may_bind));
        Self { is_own, may_bind, ..Self::new(store, move |port| availability.is_free(port)) }
    }

    /// A registry, and what says whether nothing listens on a port. Nobody who listens is any
    /// project's own.
    #[must_use]
    pub fn new(store: Store, is_free: impl Fn(Port) -> bool + Send + Sync + 'static) -> Self {
        Self {
            store,
            is_free: Arc::new(is_free),
            is_own: Arc::new(|_, _| false),
            may_bind: Arc::new(|_| true),
        }
    }

    /// Whether nothing listens on the port.
    #[must_use]
    pub fn is_free(&self, port: Port) -> bool {
        (self.is_free)(port)
    }

    /// The refusal of a port on which this user may not listen: one below 1024, as a rule.
    fn privileged(&self, port: Port) -> Option<Refusal> {
        let first = ports::first_unprivileged();
        (port < first && !(self.may_bind)(port)).then_some(Refusal::Privileged { first })
    }

    /// Whether the project with that root has the port in use itself: its own running server is in
    /// nobody's way.
    #[must_use]
    pub fn is_own(&self, port: Port, root: &Path) -> bool {
        (self.is_own)(port, root)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("store", &self.store).finish_non_exhaustive()
    }
}

/// A variable of a project with its port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectPort {
    /// The variable.
    pub variable: Variable,
    /// Its port.
    pub port: Port,
    /// The number that the team knows it by, which `.ports.env.example` lists; null where it listed none
    /// before and the code uses none.
    pub default: Option<Port>,
    /// What listens there.
    pub service: Service,
    /// Whether the project has had this port only since now.
    pub is_new: bool,
    /// The number that was asked for or written down, where it could not be had; else null.
    pub refused: Option<RefusedPort>,
}

/// A number that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedPort {
    /// The number.
    pub port: Port,
    /// Why, as a sentence's end: `it belongs to WEB_PORT of shop (/home/dev/shop)`.
    pub reason: String,
    /// The root of the other project that the number belongs to; else null.
    pub root: Option<String>,
    /// Whether that project is another checkout of the same repository: a worktree or a clone.
    pub is_checkout: bool,
}

impl RefusedPort {
    fn new(port: Port, refusal: &Refusal) -> Self {
        Self { port, reason: refusal.to_string(), root: None, is_checkout: false }
    }
}

/// What has become of a project's directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    /// It is there.
    Present,
    /// It is gone, and the directory that held it is there: it was removed or moved.
    Gone,
    /// It cannot be told: the directory that held it is missing too, as on an unplugged disk, or may
    /// not be looked into, or the project has no path.
    Unknown,
}

impl Root {
    fn of(key: &str) -> Self {
        if Registry::is_bare_name(key) {
            return Self::Unknown;
        }
        let path = Path::new(key);
        // Where a relative one leads depends on where we were started.
        if path.is_relative() {
            return Self::Unknown;
        }
        match (path.try_exists(), path.parent().map(Path::try_exists)) {
            (Ok(true), _) => Self::Present,
            (Ok(false), Some(Ok(true))) => Self::Gone,
            _ => Self::Unknown,
        }
    }
}
