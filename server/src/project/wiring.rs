//! Whether `.ports.env` reaches what is started in a project.

use std::path::Path;

use super::map::{Place, PortMap};
use super::starts::{Start, StartFile, StartKind};
use crate::variable::Variable;

/// A start that `.ports.env` does not reach.
#[derive(Debug, Clone, Copy)]
pub struct Unwired<'a> {
    /// The file, relative to the root.
    pub path: &'a Path,
    /// What kind it is.
    pub kind: StartKind,
    /// The start; `None` where it is the whole file.
    pub start: Option<&'a Start>,
    /// A variable that what is started reads.
    pub variable: &'a Variable,
    /// Whether the variable is lost even where the environment has it.
    pub is_certain: bool,
}

/// The starts that `.ports.env` does not reach, by path: those that run code which reads a port variable.
#[must_use]
pub fn unwired(map: &PortMap) -> Vec<Unwired<'_>> {
    map.starts().files().flat_map(|(path, file)| unwired_of(path, file, map)).collect()
}

/// The starts of one file that it does not reach.
#[must_use]
pub fn unwired_in<'a>(map: &'a PortMap, path: &Path) -> Vec<Unwired<'a>> {
    let file = map.starts().get(path);
    file.map(|(path, file)| unwired_of(path, file, map)).unwrap_or_default()
}

/// What loads `.ports.env` for what a file of that kind starts in a directory: a shell's hook, the program itself, or what
/// starts it.
#[must_use]
pub fn loader<'a>(map: &'a PortMap, kind: StartKind, directory: &Path) -> Option<&'a Path> {
    let component = |path: &Path| map.components().of(path);
    map.starts().files().filter(|(_, file)| file.loads).find_map(|(path, file)| {
        let is_loader = match file.kind {
            StartKind::Shell => directory.starts_with(path.parent()?),
            // A program does not fill in what docker compose reads.
            StartKind::Program if kind == StartKind::Compose => false,
            StartKind::Manager => kind == StartKind::Procfile && directory == file.kind.directory(path),
            StartKind::Program => component(&directory.join("any")) == component(path),
            _ => false,
        };
        is_loader.then_some(path)
    })
}

fn unwired_of<'a>(path: &'a Path, file: &'a StartFile, map: &'a PortMap) -> Vec<Unwired<'a>> {
    let directory = file.kind.directory(path);
    let whole =
        |variable, is_certain| vec![Unwired { path, kind: file.kind, start: None, variable, is_certain }];
    if let Some(patterns) = &file.passes {
        let is_lost = |variable: &&Variable| !patterns.iter().any(|pattern| covers(pattern, variable));
        let lost = read_below(map, directory).find(is_lost);
        return lost.map(|variable| whole(variable, true)).unwrap_or_default();
    }
    if file.loads || loader(map, file.kind, directory).is_some() {
        return Vec::new();
    }
    if file.kind == StartKind::Compose {
        return read_in(map, path).first().map(|variable| whole(variable, false)).unwrap_or_default();
    }
    let Some(variable) = read_by(map, file.kind, directory) else { return Vec::new() };
    let unwired =
        |start: &'a Start| Unwired { path, kind: file.kind, start: Some(start), variable, is_certain: false };
    file.starts.iter().filter(|start| !start.loads && !start.in_terminal).map(unwired).collect()
}

/// What a script of a package can be: other languages are started by other means.
const OF_PACKAGES: &[&str] =
    &["js", "ts", "mjs", "cjs", "mts", "cts", "jsx", "tsx", "vue", "svelte", "astro"];

/// A variable that what is started in a directory reads. A script runs code of its own package; other starts may run
/// anything below them.
fn read_by<'a>(map: &'a PortMap, kind: StartKind, directory: &'a Path) -> Option<&'a Variable> {
    if kind != StartKind::Package {
        return read_below(map, directory).next();
    }
    let is_own = move |place: &Place| {
        let extension = place.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let is_code = OF_PACKAGES.contains(&extension) || place.path.ends_with("package.json");
        is_code && map.components().of(&place.path).0 == directory
    };
    read_where(map, is_own).next()
}

/// The port variables that code of this machine reads at or below a directory, and that `.ports.env` can set: `PORT` of one
/// component among several, and a name with a bundler's prefix, are set by `port-manager run` alone.
pub fn read_below<'a>(map: &'a PortMap, directory: &'a Path) -> impl Iterator<Item = &'a Variable> {
    read_where(map, move |place| place.path.starts_with(directory))
}

fn read_where<'a>(
    map: &'a PortMap,
    is_wanted: impl Fn(&Place) -> bool + 'a,
) -> impl Iterator<Item = &'a Variable> {
    let is_read = move |place: &Place, variable: &Variable| {
        place.variable.as_ref() == Some(variable)
            && place.role.reads()
            && place.runtime.is_here()
            && !place.is_loaded
            && is_wanted(place)
    };
    let decided = map.ports().iter().filter(|port| port.is_decided_here());
    let read = decided.filter(move |port| port.places.iter().any(|place| is_read(place, &port.variable)));
    read.map(|port| &port.variable)
}

/// The port variables that one file reads, and that count on this machine: those that a compose file fills in.
#[must_use]
pub fn read_in<'a>(map: &'a PortMap, path: &Path) -> Vec<&'a Variable> {
    let is_in = |place: &Place| {
        place.path == path && place.variable.is_some() && place.role.reads() && place.runtime.is_here()
    };
    let decided = map.ports().iter().filter(|port| port.is_decided_here());
    decided.filter(|port| port.places.iter().any(is_in)).map(|port| &port.variable).collect()
}

/// Whether a pattern of turbo is about the variable: `*` stands for any characters.
fn covers(pattern: &str, variable: &Variable) -> bool {
    let name = variable.as_str();
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_turbo_covers_what_its_star_stands_for() {
        let covers = |pattern: &str, name: &str| covers(pattern, &name.parse().unwrap());
        assert!(covers("*_PORT", "WEB_PORT"));
        assert!(!covers("*_PORT", "PORT"));
        assert!(covers("PORT", "PORT"));
        assert!(covers("*", "PORT"));
    }
}
