//! What a project's manifests, compose files and Dockerfiles say about its other files: its components, which of them
//! are bundled for browsers, and what is put into containers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::bundler::{self, Bundled, Package};
use super::component::Components;
use super::compose::{ComposeFile, below};
use super::marks::{is_compose_file, is_manifest};
use super::runtime::Surroundings;
use super::starts::{StartKind, Starts};
use crate::analysis::{Language, Packs};
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

/// The manifest of a package.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Manifest {
    name: Option<String>,
    dependencies: BTreeMap<String, IgnoredAny>,
    dev_dependencies: BTreeMap<String, IgnoredAny>,
    scripts: BTreeMap<String, serde_json::Value>,
}

/// `COPY nginx.conf /etc/nginx/`, `ADD --chown=1 a b /c/`
static COPIED: Pattern = regex!(r"(?mi)^[ \t]*(?:COPY|ADD)[ \t]+(?P<words>[^\n]+)$");

/// What is known of a project's files by those that speak about others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// The directories of the manifests, with the names that these give them.
    components: BTreeMap<PathBuf, Option<String>>,
    /// What manifests and configurations of bundlers say, by directory.
    packages: BTreeMap<PathBuf, Arc<Package>>,
    mounted: BTreeSet<PathBuf>,
    /// What compose files build images from: a part that is started by itself, with a manifest or without.
    contexts: BTreeSet<PathBuf>,
    /// The services of compose files.
    services: Arc<BTreeSet<String>>,
    /// The files that say what those beside them are for, by directory.
    neighbours: BTreeMap<PathBuf, BTreeSet<String>>,
    /// The ways in which the project is started.
    starts: Starts,
}

/// Whether a file of that name says something about others.
#[must_use]
pub fn is_telling(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    is_manifest(name)
        || is_compose_file(name)
        || Language::Dockerfile.has_name(name)
        || bundler::is_telling(name)
        || is_neighbour(name)
        || is_settings_of_root(path)
        || StartKind::of(path).is_some()
}

/// Whether a row about files goes by a file of that name beside them.
fn is_neighbour(name: &str) -> bool {
    Packs::built_in().files.neighbours().any(|neighbour| neighbour == name)
}

/// Whether it may be a compose file of another name, `docker compose -f monitoring.yml`; such lie at the root.
fn is_settings_of_root(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
        && path.parent().is_some_and(|parent| parent.as_os_str().is_empty())
}

/// The compose file that a file is, by its name or, at the root, by what it says.
fn compose_file<'t>(path: &Path, name: &str, text: &'t str) -> Option<ComposeFile<'t>> {
    let is_here = is_compose_file(name) || is_settings_of_root(path);
    ComposeFile::of(text, Language::of_path(path).filter(|_| is_here)?)
}

impl Survey {
    /// Adds what the file at `path`, relative to the project's root, says.
    pub fn add(&mut self, path: &Path, text: &str) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return };
        let directory = path.parent().unwrap_or(Path::new(""));
        self.starts.add(path, text);
        if is_neighbour(name) {
            self.neighbours.entry(directory.to_owned()).or_default().insert(name.to_owned());
        }
        if name == "package.json" {
            let manifest: Manifest = serde_json::from_str(text).unwrap_or_default();
            let dependencies = manifest.dependencies.into_keys().chain(manifest.dev_dependencies.into_keys());
            let scripts = manifest.scripts.values().filter_map(|script| script.as_str()).map(str::to_owned);
            self.package(directory).add_manifest(dependencies, scripts);
            self.add_component(directory, manifest.name);
        } else if bundler::is_telling(name) {
            self.package(directory).add_file(name, text);
            // A page may lie below its package: `src/index.html`.
            if let Some(above) = directory.parent().filter(|_| name == bundler::PAGE) {
                self.package(above).add_file(name, text);
            }
        } else if is_manifest(name) {
            self.add_component(directory, None);
        } else if let Some(compose) = compose_file(path, name, text) {
            self.mounted.extend(compose.mounts().iter().map(|source| below(directory, source)));
            self.contexts.extend(compose.contexts().iter().map(|context| below(directory, context)));
            Arc::make_mut(&mut self.services).extend(compose.service_names());
        } else if Language::Dockerfile.has_name(name) {
            for source in copied(text) {
                self.mounted.insert(below(directory, source));
                // An image may be built from the project's root: `COPY web/site.conf /etc/`.
                let rooted = below(Path::new(""), source);
                self.mounted.extend(Some(rooted).filter(|path| path.starts_with(directory)));
            }
        }
    }

    /// Adds what another survey says.
    pub fn extend(&mut self, other: &Self) {
        for (directory, name) in &other.components {
            self.add_component(directory, name.clone());
        }
        for (directory, package) in &other.packages {
            self.package(directory).extend(package);
        }
        for (directory, names) in &other.neighbours {
            self.neighbours.entry(directory.clone()).or_default().extend(names.iter().cloned());
        }
        self.starts.extend(&other.starts);
        self.mounted.extend(other.mounted.iter().cloned());
        self.contexts.extend(other.contexts.iter().cloned());
        if !other.services.is_empty() {
            Arc::make_mut(&mut self.services).extend(other.services.iter().cloned());
        }
    }

    fn package(&mut self, directory: &Path) -> &mut Package {
        Arc::make_mut(self.packages.entry(directory.to_owned()).or_default())
    }

    /// A directory may have several manifests: a name that one of them gives counts, the first in the alphabet.
    fn add_component(&mut self, directory: &Path, name: Option<String>) {
        let known = self.components.entry(directory.to_owned()).or_default();
        *known = known.take().into_iter().chain(name).min();
    }

    /// The project's components.
    #[must_use]
    pub fn components(&self) -> Components {
        let manifests = self.components.iter().map(|(directory, name)| (directory.clone(), name.clone()));
        let contexts = self.contexts.iter().filter(|context| !self.components.contains_key(*context));
        Components::new(manifests.chain(contexts.map(|context| (context.clone(), None))))
    }

    /// The ways in which the project is started.
    #[must_use]
    pub fn starts(&self) -> &Starts {
        &self.starts
    }

    /// The names that several manifests give, each with their directories.
    #[must_use]
    pub fn shared_names(&self) -> Vec<(&str, Vec<&Path>)> {
        let mut by_name: BTreeMap<&str, Vec<&Path>> = BTreeMap::new();
        for (directory, name) in &self.components {
            if let Some(name) = name {
                by_name.entry(name).or_default().push(directory);
            }
        }
        by_name.into_iter().filter(|(_, directories)| directories.len() > 1).collect()
    }

    /// The directories that compose files build images from, relative to the root.
    pub fn contexts(&self) -> impl Iterator<Item = &Path> {
        self.contexts.iter().map(PathBuf::as_path)
    }

    /// What surrounds a file, by its path relative to the root.
    #[must_use]
    pub fn around(&self, path: &Path) -> Surroundings {
        Surroundings {
            bundled: self.bundled(path),
            is_mounted: path
                .ancestors()
                .any(|above| !above.as_os_str().is_empty() && self.mounted.contains(above)),
            is_in_image: path.ancestors().any(|above| self.mounted.contains(above)),
            services: Arc::clone(&self.services),
            beside: path
                .parent()
                .and_then(|directory| self.neighbours.get(directory))
                .map(|names| names.iter().cloned().collect())
                .unwrap_or_default(),
        }
    }

    /// The bundler of the nearest package; `None` where that has none.
    fn bundled(&self, path: &Path) -> Option<Bundled> {
        for above in path.ancestors().skip(1) {
            if let Some(bundled) = self.packages.get(above).and_then(|package| package.bundled()) {
                return Some(bundled);
            }
            if self.components.contains_key(above) {
                return None;
            }
        }
        None
    }

    /// The variable that is meant by a name that begins as a bundler of the project wants it: `API_PORT` by
    /// `VITE_API_PORT`.
    #[must_use]
    pub fn meant(&self, name: &Variable) -> Option<Variable> {
        self.packages.values().filter_map(|package| package.bundled()).find_map(|bundled| bundled.meant(name))
    }
}

/// What a Dockerfile copies from its build's directory.
fn copied(text: &str) -> impl Iterator<Item = &str> {
    COPIED.captures_iter(text).filter_map(|captures| captures.name("words")).flat_map(|words| {
        let words: Vec<&str> = words.as_str().split_whitespace().collect();
        let is_other_stage = words.iter().any(|word| word.starts_with("--from="));
        let sources: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
        let count = if is_other_stage { 0 } else { sources.len().saturating_sub(1) };
        sources.into_iter().take(count)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(files: &[(&str, &str)]) -> Survey {
        let mut survey = Survey::default();
        for (path, text) in files {
            assert!(is_telling(Path::new(path)), "{path}");
            survey.add(Path::new(path), text);
        }
        survey
    }

    #[test]
    fn a_package_with_a_bundler_is_bundled_and_its_neighbour_is_not() {
        let survey = survey(&[
            (
                "web/package.json",
                r#"{"name": "@shop/store", "devDependencies": {"react-dom": "19", "vite": "7"}}"#,
            ),
            ("api/package.json", r#"{"dependencies": {"express": "5"}}"#),
        ]);
        assert!(survey.around(Path::new("web/src/app.ts")).bundled.is_some());
        assert!(survey.around(Path::new("api/src/app.ts")).bundled.is_none());
        let components = survey.components();
        assert_eq!(components.name(&components.of(Path::new("web/src/app.ts"))), Some("store"));
    }

    #[test]
    fn what_compose_mounts_and_a_dockerfile_copies_is_put_into_containers() {
        let survey = survey(&[
            (
                "deploy/compose.yaml",
                "services:\n  web:\n    image: nginx\n    volumes:\n      - ../conf/nginx.conf:/etc/nginx/nginx.conf:ro\n      - data:/var\n",
            ),
            (
                "web/Dockerfile",
                "FROM nginx\nCOPY web/rooted.conf /etc/\nCOPY --chown=1 site.conf /etc/nginx/conf.d/\nCOPY --from=build /app /app\n",
            ),
            ("prod.Dockerfile", "FROM caddy\nCOPY proxy.Caddyfile /etc/caddy/Caddyfile\n"),
        ]);
        for (path, expected) in [
            ("conf/nginx.conf", true),
            ("web/site.conf", true),
            ("web/rooted.conf", true),
            ("proxy.Caddyfile", true),
            ("app", false),
            ("conf/other.conf", false),
        ] {
            assert_eq!(survey.around(Path::new(path)).is_mounted, expected, "{path}");
        }
    }
}
