//! Makes the ways of starting a project load `.ports.env`, by the standard pattern of each tool: one file a target.
//!
//! Every pattern works for a teammate who has no `.ports.env` and no port-manager: what is started then does what it did
//! before. A target is idempotent, keeps comments and layout, and leaves a file that it cannot read as it is.

mod ci;
mod code;
mod command;
mod compose;
mod devcontainer;
mod direnv;
mod git;
mod json;
mod just;
mod makefile;
mod mise;
mod node;
mod nx;
mod package_json;
mod pre_commit;
mod procfile;
mod spring;
mod turbo;
mod vscode;
mod work;
mod yaml;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use compose::filled_by;
use serde::Serialize;

use self::work::{Asked, Work};
use super::ProjectPort;
use super::plan::Plan;
use super::port_map::port_map;
use crate::error::{Error, Result};
use crate::project::ProjectRoot;
use crate::project::map::PortMap;
use crate::project::starts::StartKind;
use crate::rules::{Facts, SETTINGS_FILE_NAME, Settings};
use crate::service::ServiceTypes;

/// A tool that projects are started with.
#[derive(Debug)]
pub struct Target {
    /// What people type.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Adds to the plan what is missing.
    plan: fn(&mut Work<'_>) -> Result<State>,
    /// Whether `adopt` adds it where the project has a start that it is for.
    is_needed: fn(&Work<'_>) -> bool,
}

/// Every target, in the order in which they are listed.
pub static TARGETS: &[Target] = &[
    makefile::TARGET,
    package_json::TARGET,
    compose::TARGET,
    direnv::TARGET,
    mise::TARGET,
    just::TARGET,
    procfile::TARGET,
    turbo::TARGET,
    nx::TARGET,
    code::DOTENV,
    code::PYTHON,
    code::DJANGO,
    code::RAILS,
    code::GO,
    code::DOTNET,
    spring::TARGET,
    vscode::TARGET,
    devcontainer::TARGET,
    git::TARGET,
    pre_commit::TARGET,
    ci::GITHUB,
    ci::GITLAB,
];

/// What a target comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// The plan may have changes of it; if it has none, everything was there.
    Done,
    /// The project has nothing that it is for.
    NotUsed(String),
    /// It cannot be done; why, and what to do.
    Impossible(String),
}

/// What a target comes to in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Integration {
    /// The target's name.
    pub target: &'static str,
    /// Whether it is there.
    pub state: IntegrationState,
    /// The files that the plan changes for it, relative to the root.
    pub files: Vec<PathBuf>,
    /// Why it is not there, or what to do; else null.
    pub message: Option<String>,
}

/// Whether a pattern is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntegrationState {
    /// It is there already.
    Present,
    /// It is missing, and the plan adds it.
    Missing,
    /// The project has nothing that it is for.
    NotUsed,
    /// It cannot be added; the message says why.
    Impossible,
}

/// Patterns that are to be added to a project.
#[derive(Debug)]
pub struct Integrations {
    plan: Plan,
    /// What each target comes to.
    pub integrations: Vec<Integration>,
}

impl Target {
    /// The target of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }

    fn add_to(&self, work: &mut Work<'_>) -> Result<Integration> {
        work.changed.clear();
        let (state, message) = match (self.plan)(work)? {
            State::Done if work.changed.is_empty() => (IntegrationState::Present, None),
            State::Done => (IntegrationState::Missing, None),
            State::NotUsed(why) => (IntegrationState::NotUsed, Some(why)),
            State::Impossible(why) => (IntegrationState::Impossible, Some(why)),
        };
        let files = std::mem::take(&mut work.changed).into_iter().collect();
        Ok(Integration { target: self.name, state, files, message })
    }
}

impl Integrations {
    /// What would be changed.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Makes the changes, all of them or none.
    ///
    /// # Errors
    /// When a file has changed since the plan was made, or cannot be written.
    pub fn apply(&self) -> Result<()> {
        self.plan.apply(|| Ok(()))
    }
}

/// Finds out what the targets come to in the project. Nothing is changed. `with_run` puts `port-manager run` before scripts that
/// cannot load the file otherwise.
///
/// # Errors
/// When a file that a target edits cannot be read or understood, or leads out of the project.
pub fn plan_integrate(
    root: &ProjectRoot,
    types: &ServiceTypes,
    targets: &[&Target],
    with_run: bool,
) -> Result<Integrations> {
    let map = judged_map(root, types)?;
    let ports = work::known_ports(root, &map)?;
    let mut plan = Plan::new(root);
    let mut work = Work::new(&mut plan, &map, &ports, Asked { is_asked: true, with_run });
    let integrations = targets.iter().map(|target| target.add_to(&mut work)).collect::<Result<Vec<_>>>()?;
    Ok(Integrations { plan, integrations })
}

/// What every target comes to, for a list: one whose file cannot be understood is impossible.
///
/// # Errors
/// When the project's ports cannot be read.
pub fn list_integrations(root: &ProjectRoot, types: &ServiceTypes) -> Result<Vec<Integration>> {
    let map = judged_map(root, types)?;
    let ports = work::known_ports(root, &map)?;
    let mut plan = Plan::new(root);
    let mut work = Work::new(&mut plan, &map, &ports, Asked::default());
    Ok(TARGETS.iter().map(|target| tolerant(target, &mut work)).collect())
}

/// The port map of a project whose settings can be obeyed.
fn judged_map(root: &ProjectRoot, types: &ServiceTypes) -> Result<Arc<PortMap>> {
    Settings::load(root.nearest_with(SETTINGS_FILE_NAME))?;
    Ok(port_map(root, types)?.map)
}

/// How a file of starts that `.ports.env` does not reach can be made to load it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayToWire {
    /// `port-manager integrate` does it, with these arguments.
    Integrate(Vec<&'static str>),
    /// Nothing adds it; why, where something is known.
    ByHand(Option<String>),
}

/// Finds out how the starts in a file, relative to the root, can be made to load `.ports.env`. Nothing is changed.
#[must_use]
pub fn way_to_wire(root: &ProjectRoot, map: &PortMap, kind: StartKind, path: &Path) -> WayToWire {
    let Some(target) = kind.target().and_then(Target::of_name) else { return WayToWire::ByHand(None) };
    let ports = match work::known_ports(root, map) {
        Ok(ports) => ports,
        Err(error) => return WayToWire::ByHand(Some(error.to_string())),
    };
    let planned = |with_run| {
        let mut plan = Plan::new(root);
        tolerant(target, &mut Work::new(&mut plan, map, &ports, Asked { is_asked: true, with_run }))
    };
    // One package may be able to what another is not.
    let adds = |it: &Integration| {
        it.state == IntegrationState::Missing
            && (kind != StartKind::Package || it.files.iter().any(|file| file == path))
    };
    let plain = planned(false);
    if adds(&plain) {
        return WayToWire::Integrate(vec![target.name]);
    }
    if kind == StartKind::Package && adds(&planned(true)) {
        return WayToWire::Integrate(vec![target.name, "--with-run"]);
    }
    // The message goes on with what to do instead, which the caller adds.
    let says_why = plain.state == IntegrationState::Impossible && kind != StartKind::Package;
    let reason = plain.message.filter(|_| says_why);
    WayToWire::ByHand(reason.map(|it| it.split("; ").next().unwrap_or_default().to_owned()))
}

/// Whether `port-manager integrate` with just that target makes the file load `.ports.env`. The path is relative to the root.
#[must_use]
pub fn can_integrate(target: &str, facts: &Facts, path: &Path) -> bool {
    let way = StartKind::of(path).map(|kind| way_to_wire(&facts.root, &facts.map, kind, path));
    way == Target::of_name(target).map(|target| WayToWire::Integrate(vec![target.name]))
}

/// Adds to a plan the patterns that the project's own starts need.
pub(super) fn plan_needed(plan: &mut Plan, map: &PortMap, ports: &[ProjectPort]) -> Vec<Integration> {
    let ports: Vec<work::KnownPort> = ports.iter().map(work::KnownPort::of).collect();
    let mut work = Work::new(plan, map, &ports, Asked::default());
    let mut integrations = Vec::new();
    for target in TARGETS {
        if (target.is_needed)(&work) {
            integrations.push(tolerant(target, &mut work));
        }
    }
    integrations
}

/// What a target comes to. A file that cannot be understood is left as it is.
fn tolerant(target: &Target, work: &mut Work<'_>) -> Integration {
    target.add_to(work).unwrap_or_else(|error: Error| Integration {
        target: target.name,
        state: IntegrationState::Impossible,
        files: Vec::new(),
        message: Some(error.to_string()),
    })
}
