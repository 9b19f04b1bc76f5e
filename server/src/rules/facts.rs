//! What the rules know about a project.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::{Aside, Language, Meaning, Packs, SyntaxCache, analyze_by};
use crate::error::Result;
use crate::files;
use crate::port::Port;
use crate::ports;
use crate::ports_env::{self, Example, Listed, PortsEnv};
use crate::project::ProjectRoot;
use crate::project::map::{FilePlaces, MappedPort, Memory, PortMap};
use crate::registry::{Registry, refusal};
use crate::service::Service;
use crate::variable::Variable;

use super::{Document, SETTINGS_FILE_NAME, Settings};

/// Where a project is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scene {
    /// Where somebody develops: every rule is asked.
    #[default]
    Workstation,
    /// A build machine, or one that has no registry: nobody has set the project up there.
    Build,
}

impl Scene {
    /// The scene of this process. `CI` is what hosted builds set.
    #[must_use]
    pub fn of(has_registry: bool, ci: Option<&OsStr>) -> Self {
        let is_build = ci.is_some_and(|ci| !ci.is_empty() && !ci.eq_ignore_ascii_case("false"));
        if has_registry && !is_build { Self::Workstation } else { Self::Build }
    }
}

/// What the rules and fixes know about the project that a document belongs to.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The project's root.
    pub root: ProjectRoot,
    /// Its `.ports.env`, where there is one.
    pub ports_env: Option<PortsEnv>,
    /// The variables that other `.env*` files at the root define.
    pub defined_elsewhere: BTreeSet<Variable>,
    /// The variables that its `.ports.env.example` lists for the whole team; `None` where there is no such file.
    pub listed: Option<Listed>,
    /// That file as it is on disk.
    pub example: Option<Example>,
    /// What its `port-manager.toml` sets.
    pub settings: Settings,
    /// The registry as it was when these facts were gathered; an empty one where it is not known.
    pub registry: Arc<Registry>,
    /// The ports of the project.
    pub map: Arc<PortMap>,
    /// Whether the registry could be read: what it does not have cannot be held against anybody else.
    pub is_registry_known: bool,
    /// Where it is looked at.
    pub scene: Scene,
    /// Whether the project lies among the tests of its repository.
    pub is_among_tests: bool,
    /// Whether the project is what tests its repository: `e2e/` with a manifest, beside the programs.
    pub is_tests: bool,
    /// The path by which a file of the project was opened, where a symbolic link leads to it, and its path relative to
    /// the root.
    pub opened_as: Option<(PathBuf, PathBuf)>,
    /// Whether the document is a file that `check` passes over, such as one that git ignores, and was opened all the same.
    pub is_left_out: bool,
}

impl Facts {
    /// Gathers the facts of a project, with the registry where it could be read and the map of its ports.
    ///
    /// # Errors
    /// When its `.ports.env` or its `port-manager.toml` cannot be read, or leads out of the project.
    pub fn load(root: ProjectRoot, registry: Option<Arc<Registry>>, map: Arc<PortMap>) -> Result<Self> {
        let settings = Settings::load(root.nearest_with(SETTINGS_FILE_NAME))?;
        Self::with_settings(root, registry, map, settings)
    }

    /// The same where `port-manager.toml` cannot be obeyed: nothing may be judged by them, but what somebody types can be completed.
    ///
    /// # Errors
    /// When its `.ports.env` cannot be read, or leads out of the project.
    pub fn without_settings(
        root: ProjectRoot,
        registry: Option<Arc<Registry>>,
        map: Arc<PortMap>,
    ) -> Result<Self> {
        Self::with_settings(root, registry, map, Settings::default())
    }

    fn with_settings(
        root: ProjectRoot,
        registry: Option<Arc<Registry>>,
        map: Arc<PortMap>,
        settings: Settings,
    ) -> Result<Self> {
        let ports_env = PortsEnv::load(&root)?;
        // One that cannot be read lists nothing: `init` reports it.
        let example = Example::in_project(&root).ok().flatten();
        let listed = example.as_ref().map(Example::listed);
        let defined_elsewhere = defined_in_env_files(root.as_path(), settings.packs());
        let is_among_tests = is_within(&root, |name| {
            matches!(Aside::of_name(OsStr::new(name)), Some(Aside::Tests | Aside::TestData))
        });
        let is_tests = is_within(&root, |name| settings.packs().files.sets_aside(name));
        let is_registry_known = registry.is_some();
        let registry = registry.unwrap_or_default();
        Ok(Self {
            root,
            ports_env,
            defined_elsewhere,
            listed,
            example,
            settings,
            registry,
            map,
            is_registry_known,
            scene: Scene::default(),
            is_among_tests,
            is_tests,
            opened_as: None,
            is_left_out: false,
        })
    }

    /// The files and directories of which [`Self::load`] makes the facts of the project, besides the registry.
    #[must_use]
    pub fn sources(root: &ProjectRoot) -> Vec<PathBuf> {
        let repository = root.repository();
        let above = root.as_path().ancestors().take_while(|above| above.starts_with(repository));
        let in_root = [root.as_path().to_owned()].into_iter();
        in_root
            .chain([ports_env::FILE_NAME, ports_env::EXAMPLE_FILE_NAME].map(|name| root.as_path().join(name)))
            .chain(env_files(root.as_path()))
            .chain(above.map(|above| above.join(SETTINGS_FILE_NAME)))
            .collect()
    }

    /// What the project remembers of its ports besides its code.
    #[must_use]
    pub fn memory(&self) -> Memory {
        Memory {
            listed: self.listed.clone().unwrap_or_default(),
            renamed: self.settings.renamed_in(&self.root),
            types: self.registry.types().clone(),
        }
    }

    /// What a document says about ports, as the map has it.
    #[must_use]
    pub fn places_of(&self, document: &Document<'_>) -> FilePlaces {
        let path = self.within(document.path);
        let around = self.map.around(path);
        FilePlaces::of(
            path,
            document.text,
            document.language,
            document.analysis,
            self.settings.packs(),
            &around,
        )
    }

    /// The same facts, with what a document says on the map: an editor's text counts before the disk's.
    #[must_use]
    pub fn seeing(&self, document: &Document<'_>) -> Self {
        Self { map: self.map.with(self.places_of(document), self.memory()), ..self.clone() }
    }

    /// The same facts as they are once the port's variable has a number, which is what a fix that registers one makes true.
    #[must_use]
    pub fn assuming(&self, port: &MappedPort) -> Self {
        let mut facts = self.clone();
        // Which number it is does not matter: a fix writes the default number.
        if let Some(number) = port.default.filter(|_| self.port(&port.variable).is_none()) {
            facts.ports_env.get_or_insert_with(PortsEnv::managed).set(&port.variable, number);
        }
        facts
    }

    /// Whether `port-manager.toml` says that the port's variable is the `PORT` of the component that reads it so.
    #[must_use]
    pub fn is_renamed(&self, port: &MappedPort) -> bool {
        let tables = self.settings.renamed_in(&self.root);
        tables.iter().any(|table| {
            table.variable == port.variable
                && port.reads_bare_port.as_ref().is_some_and(|reader| reader.starts_with(&table.directory))
        })
    }

    /// A file's path as the map has it: relative to the root, as it is where it lies elsewhere.
    #[must_use]
    pub fn within<'p>(&'p self, path: &'p Path) -> &'p Path {
        match &self.opened_as {
            Some((opened, relative)) if opened == path => relative,
            _ => path.strip_prefix(self.root.as_path()).unwrap_or(path),
        }
    }

    /// The variable of `.ports.env` that a name means in a file of the project, whose path is relative to the root: what
    /// `port-manager.toml` says, else the name itself.
    #[must_use]
    pub fn variable_read_as(&self, name: &Variable, path: &Path) -> Variable {
        self.settings.variable_read_as(name, &self.root, path).unwrap_or_else(|| name.clone())
    }

    /// The variable that a name with a bundler's prefix means, where neither `port-manager.toml` nor `.ports.env` has that
    /// name, so that nothing sets it: `API_PORT` for `VITE_API_PORT`.
    #[must_use]
    pub fn unnamed(&self, name: &Variable, path: &Path) -> Option<Variable> {
        let is_named = self.port(name).is_some() || self.variable_read_as(name, path) != *name;
        if is_named { None } else { self.map.meant(name) }
    }

    /// The file that should define a variable: `.ports.env`, or the team's list where that is all there is.
    #[must_use]
    pub fn list_of_variables(&self) -> &'static str {
        if self.ports_env.is_some() { ports_env::FILE_NAME } else { ports_env::EXAMPLE_FILE_NAME }
    }

    /// The port that `.ports.env` gives a variable.
    #[must_use]
    pub fn port(&self, variable: &Variable) -> Option<Port> {
        self.ports_env.as_ref()?.get(variable)
    }

    /// The number that a variable has on this machine: that of `.ports.env`, else that of the registry.
    #[must_use]
    pub fn assigned_number(&self, variable: &Variable) -> Option<Port> {
        let registered = || {
            let project = self.registry.project(self.root.key().ok()?)?;
            Some(project.get(variable)?.port)
        };
        self.port(variable).or_else(registered)
    }

    /// The default number of a variable: that of the team's list, else that of the code.
    #[must_use]
    pub fn default_number(&self, variable: &Variable) -> Option<Port> {
        let listed = self.listed.iter().flatten().find(|(name, _)| name == variable);
        let mapped = || self.map.of_variable(variable)?.default;
        listed.and_then(|(_, number)| *number).or_else(mapped)
    }

    /// What a variable is for.
    #[must_use]
    pub fn service_of(&self, variable: &Variable) -> Service {
        let number = self.default_number(variable).or_else(|| self.assigned_number(variable));
        self.registry.types().of_variable(variable, number)
    }

    /// The numbers that a variable may get in a `.ports.env` with that text, as the registry is now: the one that it has, its
    /// default number, then those of its service type.
    pub fn available_numbers<'a>(
        &'a self,
        variable: &Variable,
        written: &PortsEnv,
    ) -> impl Iterator<Item = Port> + use<'a> {
        let definitions = written.definitions().iter().filter(|it| it.variable != *variable);
        let listed = self.listed.iter().flatten().filter(|(name, _)| name != variable);
        // The default number of another port of the project is not to be had either.
        let taken: BTreeSet<Port> =
            definitions.map(|it| it.port).chain(listed.filter_map(|(_, port)| *port)).collect();
        let own = self.assigned_number(variable).filter(|port| !taken.contains(port));
        let (types, service) = (self.registry.types(), self.service_of(variable));
        let candidates = self
            .default_number(variable)
            .into_iter()
            .chain(types.ports(service))
            .chain(types.overflow(service));
        let mut seen: BTreeSet<Port> = own.into_iter().collect();
        let others = candidates.filter(move |port| {
            !taken.contains(port)
                && seen.insert(*port)
                && refusal(&self.registry, *port, &ports::is_free).is_none()
        });
        own.into_iter().chain(others)
    }

    /// The variable that `.ports.env` gives a port to.
    #[must_use]
    pub fn variable(&self, port: Port) -> Option<&Variable> {
        let definitions = self.ports_env.as_ref()?.definitions();
        definitions.iter().find(|definition| definition.port == port).map(|definition| &definition.variable)
    }
}

/// Whether a directory of the repository, down to the root of the project, has such a name.
fn is_within(root: &ProjectRoot, is_such: impl Fn(&str) -> bool) -> bool {
    let below = root.as_path().strip_prefix(root.repository());
    below.is_ok_and(|below| below.iter().filter_map(OsStr::to_str).any(is_such))
}

/// The port variables that `.env`, `.env.local` and their like beside `.ports.env` define. One that cannot be
/// read, is not a regular file or leads out of the project defines nothing: the rule that asks only grows
/// quieter by what is found here.
fn defined_in_env_files(root: &Path, packs: &Packs) -> BTreeSet<Variable> {
    let mut variables = BTreeSet::new();
    for path in env_files(root) {
        let Some(name) = path.file_name() else { continue };
        let Ok(Some(text)) = files::read_within(root, name) else { continue };
        let analysis = analyze_by(&text, Language::Env, packs, &mut SyntaxCache::default());
        variables.extend(analysis.occurrences.into_iter().filter_map(
            |occurrence| match occurrence.meaning {
                Meaning::Definition { variable, .. } => Some(variable),
                _ => None,
            },
        ));
        // A name that looks like a slip is not one where it is given a value.
        let keys = text.lines().filter_map(|line| line.trim_start().split_once('=')).map(|(key, _)| key);
        let keys = keys.map(|key| key.strip_prefix("export ").unwrap_or(key).trim());
        variables.extend(keys.filter_map(|key| key.parse().ok()).filter(Variable::may_be_slip));
    }
    variables
}

/// `.env`, `.env.local` and their like in a directory.
fn env_files(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| {
        Language::of_path(path) == Some(Language::Env)
            && path.file_name().is_some_and(|name| name != ports_env::EXAMPLE_FILE_NAME)
    })
}
