//! The port map: all ports of one project, and every place that speaks of each.
//!
//! A number in the code is not a fact about its line; it names a port of the project. The map is made of the occurrences of
//! all the project's files. Within a project the same number is the same port; two components that each listen on a number
//! have two. Files are read by the caller, so that an editor's text can count before the disk's.

mod command;
mod draft;
mod evidence;
mod file_places;
mod group;
mod implied;
mod locals;
mod name;
mod network;
mod place;
#[cfg(test)]
mod tests;
mod twins;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use file_places::FilePlaces;
pub use implied::has_scripts;
pub use name::Naming;
pub(crate) use name::by_number;
pub use place::{Place, Role, Width};
pub use twins::Twins;

pub use super::component::{Component, Components};
use super::runtime::Surroundings;
use super::starts::Starts;
use super::survey::Survey;
use crate::port::Port;
use crate::ports_env::Listed;
use crate::service::{Service, ServiceTypes};
use crate::variable::Variable;

/// All ports of one project.
#[derive(Debug, Clone, Default)]
pub struct PortMap {
    ports: Vec<MappedPort>,
    /// Where each place of a file is found in `ports`; `None` where it is in no port.
    index: Arc<HashMap<Arc<Path>, Vec<Option<Indexed>>>>,
    /// Where the ports with a default number are found.
    by_default: Arc<HashMap<Port, Vec<usize>>>,
    /// Where the port of a variable is found.
    by_variable: Arc<HashMap<Variable, usize>>,
    files: BTreeMap<Arc<Path>, Arc<FilePlaces>>,
    memory: Arc<Memory>,
    survey: Arc<Survey>,
    components: Arc<Components>,
}

/// The port of a place, and the place among those of the port.
#[derive(Debug, Clone, Copy)]
struct Indexed {
    port: usize,
    place: usize,
}

/// One port of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedPort {
    /// The variable that is for it.
    pub variable: Variable,
    /// Where the variable's name comes from.
    pub naming: Naming,
    /// The number that the code itself uses, where it has one.
    pub default: Option<Port>,
    /// What listens there, by the service types of the user.
    pub service: Service,
    /// Whether programs of the project connect to it and are not it, as to a database: by the types that come with the
    /// program, so that what is found here does not depend on who looks.
    pub is_infrastructure: bool,
    /// The directory of the component that reads `PORT` for this port, relative to the root; it has to be given the
    /// variable's number as its `PORT`.
    pub reads_bare_port: Option<PathBuf>,
    /// The names with a bundler's prefix under which the code reads it: `VITE_API_PORT`.
    pub public_names: BTreeSet<Variable>,
    /// The components that listen on it.
    pub listeners: BTreeSet<Component>,
    /// Every place that speaks of it, by path and position.
    pub places: Arc<Vec<Place>>,
    /// Whether `.ports.env.example` lists the variable, or `port-manager.toml` names it.
    pub is_listed: bool,
    /// Whether a place says for sure that this machine decides the port, or it is listed.
    pub has_evidence: bool,
}

/// What the project remembers of its ports besides its code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// The variables of `.ports.env.example` with their default numbers.
    pub listed: Listed,
    /// The variables that `port-manager.toml` gives components under another name.
    pub renamed: Vec<Renamed>,
    /// The service types of the user.
    pub types: ServiceTypes,
}

/// In a directory of the project, one variable is read under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The directory, relative to the root.
    pub directory: PathBuf,
    /// What the code there reads: `PORT`.
    pub name: Variable,
    /// The variable that is meant: `WEB_PORT`.
    pub variable: Variable,
}

impl PortMap {
    /// The map of a project's files. The result does not depend on their order.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = FilePlaces>, memory: Memory, survey: Survey) -> Self {
        Self::of_shared(files.into_iter().map(Arc::new), memory, survey)
    }

    /// The same of files that somebody else keeps too.
    #[must_use]
    pub fn of_shared(
        files: impl IntoIterator<Item = Arc<FilePlaces>>,
        memory: Memory,
        survey: Survey,
    ) -> Self {
        let files = files.into_iter().map(|file| (Arc::from(file.path.as_path()), file)).collect();
        let components = Arc::new(survey.components());
        let (memory, survey) = (Arc::new(memory), Arc::new(survey));
        Self { files, memory, components, survey, ..Self::default() }.grouped()
    }

    /// The same project with another text of one file, and with what it remembers now.
    #[must_use]
    pub fn with(self: &Arc<Self>, file: FilePlaces, memory: Memory) -> Arc<Self> {
        let path: Arc<Path> = Arc::from(file.path.as_path());
        self.updated([(path, Some(Arc::new(file)))], memory, None)
    }

    /// The same project with other texts of some files (`None` for a file that is gone or says nothing), and with what it
    /// remembers now. `survey` is given where it is another one.
    ///
    /// The ports are grouped again only where that can make a difference: most keystrokes change no place, or only move
    /// those behind them.
    #[must_use]
    pub fn updated(
        self: &Arc<Self>,
        files: impl IntoIterator<Item = (Arc<Path>, Option<Arc<FilePlaces>>)>,
        memory: Memory,
        survey: Option<Survey>,
    ) -> Arc<Self> {
        let (mut changed, mut moved) = (Vec::new(), Vec::new());
        for (path, file) in files {
            match (self.files.get(&path), file) {
                (None, None) => {}
                (None, Some(new)) if new.places.is_empty() => {}
                (Some(known), Some(new)) if **known == *new => {}
                (Some(known), Some(new)) if known.has_moved_to(&new) => moved.push((path, new)),
                (_, file) => changed.push((path, file)),
            }
        }
        let is_grouped = changed.is_empty() && *self.memory == memory && survey.is_none();
        if is_grouped && moved.is_empty() {
            return Arc::clone(self);
        }
        let mut map = Self::clone(self);
        if is_grouped {
            moved.into_iter().for_each(|(path, file)| map.move_places(&path, file));
            return Arc::new(map);
        }
        let moved = moved.into_iter().map(|(path, file)| (path, Some(file)));
        for (path, file) in changed.into_iter().chain(moved) {
            match file {
                Some(file) => drop(map.files.insert(path, file)),
                None => drop(map.files.remove(&path)),
            }
        }
        map.memory = Arc::new(memory);
        if let Some(survey) = survey {
            map.components = Arc::new(survey.components());
            map.survey = Arc::new(survey);
        }
        Arc::new(map.grouped())
    }

    /// Takes over where a file's places are now.
    fn move_places(&mut self, path: &Arc<Path>, file: Arc<FilePlaces>) {
        let index = Arc::clone(&self.index);
        for (new, indexed) in file.places.iter().zip(index.get(path).into_iter().flatten()) {
            let Some(Indexed { port, place }) = *indexed else { continue };
            if let Some(port) = self.ports.get_mut(port)
                && let Some(place) = Arc::make_mut(&mut port.places).get_mut(place)
            {
                place.move_to(new);
            }
        }
        self.files.insert(Arc::clone(path), file);
    }

    fn grouped(mut self) -> Self {
        self.ports = group::ports(
            self.files.values().map(|file| &**file),
            &self.memory,
            &self.components,
            &self.survey,
        );
        let (mut by_default, mut by_variable) = (HashMap::<Port, Vec<usize>>::new(), HashMap::new());
        for (index, port) in self.ports.iter().enumerate() {
            port.default.into_iter().for_each(|number| by_default.entry(number).or_default().push(index));
            by_variable.entry(port.variable.clone()).or_insert(index);
        }
        (self.by_default, self.by_variable) = (Arc::new(by_default), Arc::new(by_variable));
        // One look for the file of each place: paths are slow to compare.
        let mut slots: HashMap<&Path, (&FilePlaces, Vec<Option<Indexed>>)> = self
            .files
            .iter()
            .map(|(path, file)| (&**path, (&**file, vec![None; file.places.len()])))
            .collect();
        for (port, mapped) in self.ports.iter().enumerate() {
            for (number, place) in mapped.places.iter().enumerate() {
                let Some((file, slots)) = slots.get_mut(&*place.path) else { continue };
                let ordinal = file.ordinal(&place.span);
                if let Some(slot) = ordinal.and_then(|ordinal| slots.get_mut(ordinal)) {
                    *slot = Some(Indexed { port, place: number });
                }
            }
        }
        let slots_of = |path: &Arc<Path>| slots.remove(&**path).map(|(_, slots)| (Arc::clone(path), slots));
        self.index = Arc::new(self.files.keys().filter_map(slots_of).collect());
        self
    }

    /// Every port: those of web servers first, as tables show services, then by variable.
    #[must_use]
    pub fn ports(&self) -> &[MappedPort] {
        &self.ports
    }

    /// The project's components.
    #[must_use]
    pub fn components(&self) -> &Components {
        &self.components
    }

    /// What the project remembers of its ports besides its code.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whether the other map has the same ports with the same places, if at other positions.
    #[must_use]
    pub fn has_ports_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.index, &other.index)
    }

    /// The ways in which the project is started.
    #[must_use]
    pub fn starts(&self) -> &Starts {
        self.survey.starts()
    }

    /// What surrounds a file, by its path relative to the root.
    #[must_use]
    pub fn around(&self, path: &Path) -> Surroundings {
        self.survey.around(path)
    }

    /// The variable that is meant by a name that begins as a bundler of the project wants it.
    #[must_use]
    pub fn meant(&self, name: &Variable) -> Option<Variable> {
        self.survey.meant(name)
    }

    /// The port that the place at these bytes speaks of, and the place.
    #[must_use]
    pub fn at(&self, path: &Path, span: &Range<usize>) -> Option<(&MappedPort, &Place)> {
        let ordinal = self.files.get(path)?.ordinal(span)?;
        let Indexed { port, place } = (*self.index.get(path)?.get(ordinal)?)?;
        let port = self.ports.get(port)?;
        Some((port, port.places.get(place)?))
    }

    /// The places of all files where the text has that variable, whichever port they are of.
    pub fn places_naming<'m>(&'m self, variable: &'m Variable) -> impl Iterator<Item = &'m Place> {
        let places = self.files.values().flat_map(|file| &file.places);
        places.filter(move |place| place.variable.as_ref() == Some(variable))
    }

    /// What the file says at these bytes, also where that is of no port or of one of several.
    #[must_use]
    pub fn place(&self, path: &Path, span: &Range<usize>) -> Option<&Place> {
        let file = self.files.get(path)?;
        file.places.get(file.ordinal(span)?)
    }

    /// The ports with that default number, of which a place that is in none of them may mean any.
    pub fn with_default(&self, number: Port) -> impl Iterator<Item = &MappedPort> {
        let found = self.by_default.get(&number).into_iter().flatten();
        found.filter_map(|index| self.ports.get(*index))
    }

    /// The port of that variable.
    #[must_use]
    pub fn of_variable(&self, variable: &Variable) -> Option<&MappedPort> {
        self.ports.get(*self.by_variable.get(variable)?)
    }
}

impl MappedPort {
    /// Whether this machine decides the port: code that runs here listens on it, publishes it, reads its variable or keeps
    /// its number in a constant.
    /// A number that is only connected to is somebody else's server.
    #[must_use]
    pub fn is_decided_here(&self) -> bool {
        if self.default.is_some_and(name::is_of_a_provider) && self.listening().next().is_none() {
            return self.is_listed;
        }
        self.is_listed
            || self.places.iter().any(|place| {
                place.runtime.is_here()
                    && match place.role {
                        Role::Listens | Role::Publishes => true,
                        // What one line of `.env` takes from another says nothing of who obeys it.
                        Role::Reads => !place.is_loaded || place.is_in_address,
                        Role::Falls if place.variable.as_ref().is_none_or(Variable::is_port_name) => true,
                        // The constant of a database's port is its client's, and so is the address that a URL falls back to.
                        Role::Sets | Role::Falls => !self.is_infrastructure,
                        Role::Defines => place.is_loaded && self.variable.service_name().is_none(),
                        Role::Connects => false,
                    }
            })
    }

    /// The number to ask for when the port gets one on this machine: the default number, where browsers load from it.
    #[must_use]
    pub fn preferred_number(&self) -> Option<Port> {
        self.default.filter(|number| !number.is_blocked_by_browsers())
    }

    /// The files with a number of the port that runs on this machine, relative to the root.
    #[must_use]
    pub fn files_here(&self) -> BTreeSet<&Path> {
        let here = self.places.iter().filter(|place| place.number.is_some() && place.runtime.is_here());
        here.map(|place| place.path.as_path()).collect()
    }

    /// The places where something listens on the port or publishes it.
    pub fn listening(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| place.role.decides())
    }

    /// The places where a client connects to it.
    pub fn connecting(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| place.connects())
    }

    /// Whether something listens on the port at a place. Where no place says so, it is where the variable is read, unless
    /// that is of something that programs connect to.
    pub fn listens(&self) -> impl Fn(&Place) -> bool + use<> {
        // Asked once: a port may have thousands of places.
        let is_where_read = self.listening().next().is_none() && !self.is_infrastructure;
        move |place| {
            let is_read = || place.role.reads() && place.runtime.is_here() && place.number.is_some();
            place.role.decides() || is_where_read && is_read() && !place.connects()
        }
    }
}
