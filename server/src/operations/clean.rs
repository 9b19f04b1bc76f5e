//! Releases what nobody needs any more.

use jiff::Timestamp;
use serde::Serialize;

use super::{Context, Root};
use crate::error::Result;
use crate::port::Port;
use crate::registry::{Project, Registry};
use crate::service::Service;

/// What [`clean`] did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// Whether this only tells what would be done.
    pub dry_run: bool,
    /// The projects that were removed: their directories are gone.
    pub projects: Vec<CleanedProject>,
    /// The reservations that were removed: they had expired.
    pub reservations: Vec<CleanedReservation>,
    /// The projects that were kept although their directories cannot be seen: what held these is
    /// missing too, as on an unplugged disk.
    pub kept: Vec<CleanedProject>,
}

/// A project that `clean` speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CleanedProject {
    /// The project's name.
    pub project: String,
    /// Where its root directory was.
    pub root: String,
    /// The ports that it has or had, in the order of the variables' names.
    pub ports: Vec<Port>,
}

impl CleanedProject {
    fn new(key: &str, project: &Project) -> Self {
        Self {
            project: project.name().to_owned(),
            root: key.to_owned(),
            ports: project.ports().map(|(_, assignment)| assignment.port).collect(),
        }
    }
}

/// A reservation that `clean` speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CleanedReservation {
    /// The port.
    pub port: Port,
    /// What it was for.
    pub service: Service,
    /// When it expired (RFC 3339, UTC).
    pub expires_at: Timestamp,
}

/// Removes expired reservations, and the projects whose root directory is gone. With `dry_run`
/// nothing is changed.
///
/// # Errors
/// When the registry cannot be read or written.
pub fn clean(context: &Context, dry_run: bool) -> Result<Cleaned> {
    if dry_run {
        return context.store.load().map(|registry| plan(&registry, true));
    }
    context.store.change(|registry| {
        let cleaned = plan(registry, false);
        for project in &cleaned.projects {
            registry.remove_project(&project.root);
        }
        registry.remove_expired();
        Ok(cleaned)
    })
}

/// Removes the projects whose root directory is gone and that have a port in the service's range, which
/// is full. What was removed.
pub(super) fn make_room(registry: &mut Registry, service: Service) -> Vec<CleanedProject> {
    let range = registry.types().get(service).map(|it| it.range.clone());
    let is_in_range = |project: &Project| {
        project.ports().any(|(_, it)| range.as_ref().is_some_and(|range| range.contains(&it.port.get())))
    };
    let gone: Vec<CleanedProject> = registry
        .projects()
        .filter(|(key, project)| is_in_range(project) && Root::of(key) == Root::Gone)
        .map(|(key, project)| CleanedProject::new(key, project))
        .collect();
    for project in &gone {
        registry.remove_project(&project.root);
    }
    gone
}

fn plan(registry: &Registry, dry_run: bool) -> Cleaned {
    let (mut projects, mut kept) = (Vec::new(), Vec::new());
    for (key, project) in registry.projects() {
        match Root::of(key) {
            Root::Gone => projects.push(CleanedProject::new(key, project)),
            Root::Unknown if !Registry::is_bare_name(key) => kept.push(CleanedProject::new(key, project)),
            Root::Unknown | Root::Present => {}
        }
    }
    let reservations = registry.expired().map(|(port, reservation)| CleanedReservation {
        port,
        service: reservation.service,
        expires_at: reservation.expires_at,
    });
    Cleaned { dry_run, projects, reservations: reservations.collect(), kept }
}
