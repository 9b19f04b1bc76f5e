//! What an editor shows of the project that a file or directory belongs to: what its environment
//! says, and what runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Context;
use super::owner::{PortOwner, ProjectName};
use super::run_tables;
use super::status::{ListenerStatus, Live};
use crate::error::Result;
use crate::port::Port;
use crate::ports_env::{FILE_NAME, PortsEnv};
use crate::project::ProjectRoot;
use crate::registry::{Owner, Registry};
use crate::service::Service;
use crate::variable::Variable;

/// A project as its directory has it, whether it is registered or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectStatus {
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// Its `.ports.env`; `None` where it has none and is not set up.
    pub ports_env: Option<PathBuf>,
    /// Its variables: those of `.ports.env` in the order of its lines, then those that only the
    /// registry has.
    pub ports: Vec<ProjectPortStatus>,
    /// What `[env]` of `port-manager.toml` computes for commands and terminals; empty where that cannot be obeyed.
    pub computed: Vec<ComputedVariable>,
}

/// A variable whose value is computed from ports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComputedVariable {
    /// The variable.
    pub variable: Variable,
    /// Its value.
    pub value: String,
}

/// A variable of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectPortStatus {
    /// The variable.
    pub variable: Variable,
    /// Its port: what `.ports.env` says, since that is what the code reads; else the registry's.
    pub port: Port,
    /// What listens there.
    pub service: Service,
    /// The line of `.ports.env` that defines it, from 1; `None` where only the registry has it.
    pub line: Option<usize>,
    /// Whether the registry has this very port for the variable.
    pub is_registered: bool,
    /// Whether commands and terminals get it: `.ports.env` has it, and its name is that of a port variable.
    pub is_passed_on: bool,
    /// The other project whose port this is.
    pub conflict: Option<PortOwner>,
    /// Who listens there now.
    pub listeners: Vec<ListenerStatus>,
}

/// Looks at the project that a file or directory belongs to. `folder` is the project where nothing marks
/// one.
///
/// # Errors
/// When the registry or `.ports.env` cannot be read, or the system does not tell who listens.
pub fn project_status(context: &Context, path: &Path, folder: Option<&Path>) -> Result<ProjectStatus> {
    let root = if path.is_dir() {
        ProjectRoot::of_directory(path, folder)
    } else {
        ProjectRoot::of_file(path, folder)
    };
    let registry = context.store.load()?;
    let file = PortsEnv::load(&root)?;
    let has_file = file.is_some();
    let file = file.unwrap_or_default();
    let known = root.key().ok().and_then(|key| Some((key, registry.project(key)?)));
    let registered =
        |variable: &Variable| known.and_then(|(_, project)| project.get(variable)).map(|own| own.port);
    let text = file.to_text();
    // Of a variable that is there twice, the last line counts.
    let lines =
        file.definitions().iter().filter(|line| file.get(&line.variable) == Some(line.port)).map(|line| {
            let number = text[..line.name_span.start].matches('\n').count() + 1;
            (line.variable.clone(), line.port, Some(number))
        });
    let missing = known
        .into_iter()
        .flat_map(|(_, project)| project.ports())
        .filter(|(variable, _)| file.get(variable).is_none())
        .map(|(variable, own)| (variable.clone(), own.port, None));
    let wanted: Vec<(Variable, Port, Option<usize>)> = lines.chain(missing).collect();
    let live = Live::look(&registry, &|port| wanted.iter().any(|(_, wanted, _)| *wanted == port))?;
    let name = known.map_or_else(|| root.name(), |(_, project)| project.name().to_owned());
    let own = ProjectName::new(&root.as_path().to_string_lossy(), &name);
    let ports = wanted.iter().map(|(variable, port, line)| ProjectPortStatus {
        service: service(&registry, &root, variable, *port),
        is_registered: registered(variable) == Some(*port),
        is_passed_on: line.is_some() && variable.ensure_holds_port().is_ok(),
        conflict: conflict(&registry, &root, *port),
        listeners: live.on(*port, Some(&own)),
        variable: variable.clone(),
        port: *port,
        line: *line,
    });
    let ports: Vec<ProjectPortStatus> = ports.collect();
    Ok(ProjectStatus {
        computed: computed(&root, &ports),
        ports,
        project: name,
        ports_env: has_file.then(|| root.as_path().join(FILE_NAME)),
        root: root.as_path().to_owned(),
    })
}

fn computed(root: &ProjectRoot, ports: &[ProjectPortStatus]) -> Vec<ComputedVariable> {
    let Ok(tables) = run_tables::of_directory(root, root.as_path()) else { return Vec::new() };
    let passed_on = ports.iter().filter(|port| port.is_passed_on);
    let mut numbers: BTreeMap<Variable, String> =
        passed_on.map(|port| (port.variable.clone(), port.port.to_string())).collect();
    for entry in tables.entries {
        if let Some(number) = numbers.get(&entry.variable).cloned() {
            numbers.insert(entry.name, number);
        }
    }
    let values = tables.settings.computed_values().expanded(&numbers).unwrap_or_default();
    values.into_iter().map(|(variable, value)| ComputedVariable { variable, value }).collect()
}

fn service(registry: &Registry, root: &ProjectRoot, variable: &Variable, port: Port) -> Service {
    let own = root.key().ok().and_then(|key| registry.project(key)?.get(variable));
    own.map_or_else(|| registry.types().of_variable(variable, Some(port)), |own| own.service)
}

/// Who else has the port.
fn conflict(registry: &Registry, root: &ProjectRoot, port: Port) -> Option<PortOwner> {
    match registry.owner(port)? {
        Owner::Project { key, .. } if root.key().is_ok_and(|own| own == key) => None,
        Owner::Project { .. } => PortOwner::of(port, registry),
        Owner::Reservation { .. } => None,
    }
}
