//! The ways in which a project is started, and which of them `.ports.env` does not reach.

use std::path::Path;

use super::super::integrate::filled_by;
use super::StartReport;
use crate::project::ProjectRoot;
use crate::project::map::PortMap;
use crate::project::starts::{Start, StartKind};
use crate::project::wiring::{self, Unwired};

/// The starts that `.ports.env` does not reach. `integrate compose` reaches a compose file by an `.env` that git ignores, so the
/// port map does not know of it.
pub(super) fn unwired<'m>(root: &ProjectRoot, map: &'m PortMap) -> Vec<Unwired<'m>> {
    let is_filled = |it: &Unwired<'_>| it.kind == StartKind::Compose && filled_by(root, it.path).is_some();
    wiring::unwired(map).into_iter().filter(|it| !is_filled(it)).collect()
}

/// The ways in which the project is started.
pub(super) fn starts_of(root: &ProjectRoot, map: &PortMap) -> Vec<StartReport> {
    let unwired = unwired(root, map);
    let mut reports = Vec::new();
    for (path, file) in map.starts().files() {
        let directory = file.kind.directory(path);
        let unwired: Vec<&Unwired<'_>> = unwired.iter().filter(|it| it.path == path).collect();
        let mut loader =
            wiring::loader(map, file.kind, directory).filter(|loader| *loader != path).map(Path::to_owned);
        if file.kind == StartKind::Compose {
            loader = loader.or_else(|| filled_by(root, path));
        }
        // A `PORT` that is another variable here is set by `port-manager run` alone.
        let reads_bare_port = file.kind == StartKind::Package
            && map.ports().iter().any(|port| port.reads_bare_port.as_deref() == Some(directory));
        let report = |start: Option<&Start>| {
            let name = start.map(|start| start.name.as_str());
            let is_unwired = unwired.iter().any(|other| other.start.map(|start| start.name.as_str()) == name);
            let is_own = file.loads || start.is_some_and(|start| start.loads);
            let is_wired = loader.is_some() || is_own || !(is_unwired || reads_bare_port);
            let loaded_by = loader.clone().or_else(|| is_own.then(|| path.to_owned()));
            let in_terminal = start.is_some_and(|start| start.in_terminal);
            StartReport {
                path: path.to_owned(),
                name: name.map(str::to_owned),
                is_wired,
                loaded_by,
                in_terminal,
            }
        };
        match file.kind {
            StartKind::Compose => reports.push(report(None)),
            _ => reports.extend(file.starts.iter().map(|start| report(Some(start)))),
        }
    }
    reports
}
