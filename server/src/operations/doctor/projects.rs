//! Whether each project is where it was, and its `.ports.env` says what the registry says.

use std::path::Path;

use super::super::Root;
use super::{Finding, Kind, code};
use crate::paste::command_line;
use crate::ports_env::{self, FILE_NAME, PortsEnv, Problem, ProblemKind};
use crate::project::ProjectRoot;
use crate::registry::{Owner, Project, Registry};

/// Every registered project, and the one that somebody stands in.
pub(super) fn examine(registry: &Registry, here: &ProjectRoot, findings: &mut Vec<Finding>) {
    for (key, project) in registry.projects() {
        let name = project.name();
        let found = match Root::of(key) {
            Root::Present => {
                examine_project(registry, key, name, Some(project), findings);
                continue;
            }
            Root::Gone => {
                // A worktree that was removed, or a project that was moved, is the normal case.
                let message = format!(
                    "{name} is registered in {key}, which is gone: if it was moved, run `port-manager init` \
                     where it is now; else its ports are released when they are needed, or by this command"
                );
                Finding::note(Kind::ProjectGone, message).command("port-manager clean")
            }
            Root::Unknown if Registry::is_bare_name(key) => {
                let message = format!(
                    "{name} comes from the script port-manager.py and waits for `port-manager init` in its directory"
                );
                Finding::note(Kind::ProjectUnclaimed, message).command(command_line(&[
                    "port-manager",
                    "remove",
                    key,
                ]))
            }
            Root::Unknown => {
                let message = format!("{name} in {key} cannot be seen: its disk may not be plugged in");
                Finding::note(Kind::ProjectOutOfSight, message)
            }
        };
        findings.push(found.of(key, name));
    }
    shared_directories(registry, findings);
    match here.key() {
        Ok(key) if registry.project(key).is_none() => examine_unregistered(registry, here, key, findings),
        Ok(_) => {}
        Err(error) => findings.push(Finding::problem(Kind::PortsEnvUnreadable, error)),
    }
}

/// Registered roots that are one directory: each project would take the other's `.ports.env` for its own.
#[cfg(unix)]
fn shared_directories(registry: &Registry, findings: &mut Vec<Finding>) {
    use std::collections::BTreeMap;
    use std::os::unix::fs::MetadataExt as _;
    let mut first: BTreeMap<(u64, u64), &str> = BTreeMap::new();
    for (key, project) in registry.projects().filter(|(key, _)| Root::of(key) == Root::Present) {
        let Ok(metadata) = Path::new(key).metadata() else { continue };
        let identity = (metadata.dev(), metadata.ino());
        match first.get(&identity) {
            Some(other) => {
                let message = format!(
                    "{other} and {key} are one directory and two projects; give one up with `port-manager remove`"
                );
                findings.push(Finding::problem(Kind::SharedDirectory, message).of(key, project.name()));
            }
            None => {
                first.insert(identity, key);
            }
        }
    }
}

/// A directory has no identity that `std` knows there.
#[cfg(not(unix))]
fn shared_directories(_registry: &Registry, _findings: &mut Vec<Finding>) {}

fn examine_unregistered(registry: &Registry, here: &ProjectRoot, key: &str, findings: &mut Vec<Finding>) {
    if here.as_path().join(FILE_NAME).exists() {
        examine_project(registry, key, &here.name(), None, findings);
    } else if here.as_path().join(".git").exists() {
        let name = here.name();
        let finding = match code::decided_ports(here, registry) {
            Some(ports) => {
                let message = format!(
                    "{name} has no {FILE_NAME}, so the defaults in its code decide, in every copy of the project: {ports}"
                );
                Finding::problem(Kind::ProjectNotSetUp, message)
            }
            None => Finding::note(Kind::ProjectNotSetUp, format!("{name} has no ports yet")),
        };
        findings.push(finding.command(init(key)).of(key, &name));
    }
}

fn examine_project(
    registry: &Registry,
    key: &str,
    name: &str,
    project: Option<&Project>,
    findings: &mut Vec<Finding>,
) {
    let root = Path::new(key);
    let mut found = Vec::new();
    match ProjectRoot::exact(root).and_then(PortsEnv::load) {
        Ok(Some(file)) => compare(registry, key, project, &file, &mut found),
        Ok(None) if project.is_some_and(|project| project.ports().next().is_some()) => {
            let message = format!("{name} in {key} has ports and no {FILE_NAME}");
            found.push(Finding::problem(Kind::PortsEnvMissing, message).command(init(key)));
        }
        Ok(None) => {}
        Err(error) => found.push(Finding::problem(Kind::PortsEnvUnreadable, error)),
    }
    if root.join(FILE_NAME).exists() && ports_env::is_exposed(root) {
        let message = format!("git does not ignore {}", root.join(FILE_NAME).display());
        found.push(Finding::problem(Kind::CommittedPortsEnv, message).command(init(key)));
    }
    findings.extend(found.into_iter().map(|finding| finding.of(key, name)));
}

/// What the file says, beside what the registry says.
fn compare(
    registry: &Registry,
    key: &str,
    project: Option<&Project>,
    file: &PortsEnv,
    found: &mut Vec<Finding>,
) {
    let path = Path::new(key).join(FILE_NAME);
    let path = path.display();
    found.extend(file.problems().iter().map(|problem| invalid(problem, key, &path.to_string(), file)));
    for variable in file.variables() {
        let Some(port) = file.get(variable) else { continue };
        let registered = project.and_then(|project| project.get(variable)).map(|own| own.port);
        if registered == Some(port) {
            continue;
        }
        let finding = match registry.owner(port) {
            // Two lines with one port: said above.
            Some(Owner::Project { key: owner, .. }) if owner == key => continue,
            Some(owner @ Owner::Project { .. }) => {
                let message = format!("{path} gives {variable} port {port}, which belongs to {owner}");
                Finding::problem(Kind::PortConflict, message)
            }
            Some(Owner::Reservation { .. }) | None => {
                let registry = registered
                    .map_or_else(|| "does not know it".to_owned(), |registered| format!("says {registered}"));
                let message = format!("{path} gives {variable} port {port}, the registry {registry}");
                Finding::problem(Kind::UnregisteredPort, message)
            }
        };
        found.push(finding.about(variable, Some(port)).command(init(key)));
    }
    for (variable, own) in project.into_iter().flat_map(Project::ports) {
        if !file.lists(variable) {
            let message = format!("{path} does not define {variable}, which has port {}", own.port);
            let finding = Finding::problem(Kind::MissingVariable, message);
            found.push(finding.about(variable, Some(own.port)).command(init(key)));
        }
    }
}

fn invalid(problem: &Problem, key: &str, path: &str, file: &PortsEnv) -> Finding {
    let line = file.line_of(problem);
    let finding = Finding::problem(Kind::PortsEnvInvalid, format!("{path}:{line}: {}", problem.kind));
    match &problem.kind {
        ProblemKind::NotAnAssignment => finding,
        ProblemKind::NotAPort { variable, is_left_out: true } => {
            finding.about(variable, None).command(init(key))
        }
        ProblemKind::NotAPort { variable, .. }
        | ProblemKind::NotAPortVariable { variable, .. }
        | ProblemKind::DuplicateVariable { variable } => finding.about(variable, None),
        ProblemKind::DuplicatePort { variable, port, .. } => {
            finding.about(variable, Some(*port)).command(init(key))
        }
    }
}

fn init(key: &str) -> Option<String> {
    command_line(&["port-manager", "init", key])
}
