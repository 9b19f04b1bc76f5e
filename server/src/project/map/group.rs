//! Which places speak of the same port.
//!
//! First the variables: each that code of this machine reads is a port, and so is each that `.ports.env.example` lists.
//! Then the numbers: a literal belongs to the port that has its number as default. Where two components each listen on a
//! number they have a port each, and other places of that number belong to the nearest.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::component::{Component, Components};
use super::draft::Draft;
use super::name::{self, Naming};
use super::{FilePlaces, MappedPort, Memory, Place, Renamed, Role, evidence};
use crate::port::Port;
use crate::ports_env::Listed;
use crate::project::marks::exemplified;
use crate::project::runtime::Runtime;
use crate::project::survey::Survey;
use crate::service::ServiceTypes;
use crate::variable::Variable;

/// The ports of a project's files.
pub(super) fn ports<'a>(
    files: impl Iterator<Item = &'a FilePlaces> + Clone,
    memory: &'a Memory,
    components: &Components,
    survey: &Survey,
) -> Vec<MappedPort> {
    let passed = passed_into_containers(files.clone());
    let recalled = recalled(files.clone(), memory, components, survey, &passed);
    grouped(files, memory, components, survey, &passed, &recalled)
}

/// The ports of a project's files. Listed variables with one default number are told apart by what was recalled.
fn grouped<'a>(
    files: impl Iterator<Item = &'a FilePlaces> + Clone,
    memory: &'a Memory,
    components: &Components,
    survey: &Survey,
    passed: &BTreeSet<Variable>,
    recalled: &Recalled,
) -> Vec<MappedPort> {
    let mut drafts = Drafts {
        drafts: Vec::new(),
        by_variable: HashMap::new(),
        renamed: HashMap::new(),
        by_number: HashMap::new(),
        passed,
        recalled,
        components,
        survey,
    };
    drafts.list(memory);
    for file in files.clone() {
        drafts.read_variables(file);
    }
    for file in files.clone() {
        drafts.place_variables(file);
    }
    drafts.choose_defaults();
    drafts.place_numbers(files);
    let mut ports = finish(drafts.drafts, components, passed, survey, &memory.types);
    ports.sort_by(|left, right| (left.service, &left.variable).cmp(&(right.service, &right.variable)));
    ports
}

/// The variables that the code alone gives its places, by file and first byte.
type Recalled = HashMap<PathBuf, HashMap<usize, Variable>>;

/// The variables that the code alone would give its places. Listed variables with one default number are told apart by
/// them; without such there is nothing to ask.
fn recalled<'a>(
    files: impl Iterator<Item = &'a FilePlaces> + Clone,
    memory: &Memory,
    components: &Components,
    survey: &Survey,
    passed: &BTreeSet<Variable>,
) -> Recalled {
    let mut seen = BTreeSet::new();
    let is_ambiguous =
        memory.listed.iter().filter_map(|(_, default)| *default).any(|number| !seen.insert(number));
    if !is_ambiguous {
        return Recalled::new();
    }
    let unlisted = Memory { listed: Listed::default(), ..memory.clone() };
    let files: Vec<&FilePlaces> = files.collect();
    let ports = grouped(files.iter().copied(), &unlisted, components, survey, passed, &Recalled::new());
    // Where nothing listens, the name is a guess by the number, and the user is asked.
    let is_listened = |port: &&MappedPort| port.places.iter().any(|place| place.role.decides());
    let mut recalled = Recalled::new();
    for port in ports.iter().filter(is_listened) {
        for place in port.places.iter() {
            let of_file = recalled.entry(place.path.clone()).or_default();
            of_file.insert(place.span.start, port.variable.clone());
        }
    }
    recalled
}

/// The variables that a compose file hands to a container, by their value here or in a file, and does not publish: their
/// numbers are the container's.
fn passed_into_containers<'a>(files: impl Iterator<Item = &'a FilePlaces> + Clone) -> BTreeSet<Variable> {
    let (mut inside, mut published) = (BTreeSet::new(), BTreeSet::new());
    let mut numbers = BTreeSet::new();
    let mut env_files = BTreeSet::new();
    for file in files.clone().filter(|file| file.is_compose) {
        env_files.extend(&file.env_files);
        for place in &file.places {
            numbers.extend(place.number.filter(|_| place.role == Role::Publishes && place.runtime.is_here()));
            let Some(variable) = place.variable.clone().filter(|_| place.role.reads()) else { continue };
            match place.runtime {
                Runtime::Container => drop(inside.insert(variable)),
                runtime if runtime.is_here() => drop(published.insert(variable)),
                _ => {}
            }
        }
    }
    // What has the number of a published port is that port.
    let is_inside = |place: &&Place| place.number.is_none_or(|number| !numbers.contains(&number));
    let places = files.clone().flat_map(|file| &file.places);
    let outside: BTreeSet<Variable> =
        places.filter(|place| !is_inside(place)).filter_map(variable_of).collect();
    let given = files.clone().flat_map(|file| &file.of_containers);
    inside.extend(given.filter(|variable| !outside.contains(*variable)).cloned());
    for file in files.filter(|file| env_files.contains(&without_example(&file.path))) {
        inside.extend(file.places.iter().filter(is_inside).filter_map(variable_of));
    }
    &inside - &published
}

/// `.env` for `.env.example`.
fn without_example(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    path.with_file_name(exemplified(name).unwrap_or(name))
}

/// Whether a variable names no service: each component that reads `PORT` means its own.
fn is_bare(variable: &Variable) -> bool {
    variable.service_name().is_none()
}

/// The variable that is read or given a value at a place: `export WEB_PORT=8080` is about `WEB_PORT`, whatever the number.
fn variable_of(place: &Place) -> Option<Variable> {
    let is_given = place.role == Role::Sets && place.is_port_variable;
    place.named().filter(|name| place.variable.is_some() || is_given && !is_bare(name))
}

/// Whether a variable is read at a place, or there for a loader that reads it: what would `PORT=3000` in a `.env` be for?
fn is_read(place: &Place) -> bool {
    place.role.reads() || place.is_loaded && place.variable.as_ref().is_some_and(is_bare)
}

struct Drafts<'a, 'c> {
    drafts: Vec<Draft<'a>>,
    /// Where the draft of a variable is; of `PORT`, that of a component.
    by_variable: HashMap<(Variable, Option<Component>), usize>,
    /// Where the draft is that a variable means in a directory.
    renamed: HashMap<(Variable, &'a Path), usize>,
    /// Where the drafts with a default number are.
    by_number: HashMap<Port, Vec<usize>>,
    passed: &'c BTreeSet<Variable>,
    recalled: &'c Recalled,
    components: &'c Components,
    survey: &'c Survey,
}

impl<'a> Drafts<'a, '_> {
    /// What the project's `.ports.env.example` and `port-manager.toml` remember.
    fn list(&mut self, memory: &'a Memory) {
        for (variable, default) in &memory.listed {
            self.by_variable.insert((variable.clone(), None), self.drafts.len());
            self.drafts.push(Draft {
                variable: Some(variable.clone()),
                default: *default,
                is_listed: true,
                ..Draft::default()
            });
        }
        for Renamed { directory, name, variable } in &memory.renamed {
            let index = *self.by_variable.entry((variable.clone(), None)).or_insert_with(|| {
                self.drafts.push(Draft { variable: Some(variable.clone()), ..Draft::default() });
                self.drafts.len() - 1
            });
            self.drafts[index].is_listed = true;
            self.drafts[index].is_renamed = true;
            self.renamed.insert((name.clone(), directory), index);
        }
    }

    /// The draft of a variable that a file of the component reads, where there is one.
    fn find(&self, variable: &Variable, component: &Component) -> Option<usize> {
        let renamed = || {
            let mut above = component.0.ancestors();
            above.find_map(|above| self.renamed.get(&(variable.clone(), above)).copied())
        };
        if !self.renamed.is_empty()
            && let Some(index) = renamed()
        {
            return Some(index);
        }
        // A `PORT` that the project lists is everybody's.
        let listed = self.by_variable.get(&(variable.clone(), None));
        let own = || self.by_variable.get(&(variable.clone(), Some(component.clone())));
        // A page reads `API_PORT` as `VITE_API_PORT`.
        let meant = || self.by_variable.get(&(self.survey.meant(variable)?, None));
        listed.or_else(own).or_else(meant).copied()
    }

    /// A draft for every variable that code of this machine reads.
    fn read_variables(&mut self, file: &'a FilePlaces) {
        for place in file.places.iter().filter(|place| place.runtime.is_here() && is_read(place)) {
            let Some(variable) = place.variable.as_ref().filter(|variable| self.is_ours(variable, place))
            else {
                continue;
            };
            let component = self.components.of(&file.path);
            let index = self.find(variable, &component).unwrap_or_else(|| {
                let owner = is_bare(variable).then(|| component.clone());
                let variable = &self.survey.meant(variable).unwrap_or_else(|| variable.clone());
                self.by_variable.insert((variable.clone(), owner), self.drafts.len());
                self.drafts.push(Draft { variable: Some(variable.clone()), ..Draft::default() });
                self.drafts.len() - 1
            });
            let draft = &mut self.drafts[index];
            if is_bare(variable) {
                draft.bare = Some(component.clone());
            }
            if file.serves {
                draft.listeners.insert(component);
            }
        }
    }

    /// Gives the places of a variable to its draft, wherever they run: a test may read it, and `.env` defines it.
    fn place_variables(&mut self, file: &'a FilePlaces) {
        for place in &file.places {
            let Some(variable) = variable_of(place) else { continue };
            let is_passed = place.runtime == Runtime::Container && file.is_compose;
            if let Some(index) = self.find(&variable, &self.components.of(&file.path)).filter(|_| !is_passed)
            {
                self.drafts[index].places.push(place);
            }
        }
    }

    /// Whether a variable that is read at the place is for a port of this project. What is published here is, whatever its
    /// name: `${SMTP_PORT:-1025}:1025`.
    fn is_ours(&self, variable: &Variable, place: &Place) -> bool {
        let is_foreign = place.role != Role::Publishes && place.is_foreign;
        place.is_port_variable && !is_foreign && !self.passed.contains(variable)
    }

    /// The default number of a variable: what `.ports.env.example` says, else what most of the code falls back to, else
    /// what it is given in a file.
    fn choose_defaults(&mut self) {
        for (index, draft) in self.drafts.iter_mut().enumerate() {
            if draft.default.is_none() {
                let most = |role: Role| {
                    let numbers = |is_wanted: fn(&Place) -> bool| {
                        let wanted = draft.places.iter().filter(|it| it.role == role && is_wanted(it));
                        most_frequent(wanted.filter_map(|it| it.number))
                    };
                    // A program's own number counts only where no configuration of it has another.
                    numbers(|it| it.runtime.is_here() && !it.is_implied)
                        .or_else(|| numbers(|it| it.runtime.is_here()))
                        .or_else(|| numbers(|_| true))
                };
                // A provider's number is for where it is deployed; one beside it is this machine's.
                let found =
                    || [Role::Falls, Role::Publishes, Role::Sets, Role::Defines].into_iter().filter_map(most);
                draft.default =
                    found().find(|number| !name::is_of_a_provider(*number)).or_else(|| found().next());
            }
            if let Some(number) = draft.default {
                self.by_number.entry(number).or_default().push(index);
            }
        }
    }

    /// Gives every number that stands without a variable its port.
    fn place_numbers(&mut self, files: impl Iterator<Item = &'a FilePlaces>) {
        let mut by_number: BTreeMap<Port, Vec<&'a Place>> = BTreeMap::new();
        for place in files.flat_map(|file| &file.places) {
            // The number of a variable is that variable's, also where that is not one of ours.
            let is_anothers = |variable: &Variable| {
                self.passed.contains(variable)
                    || self.find(variable, &self.components.of(&place.path)).is_some()
            };
            let has_variable = place.variable.is_some() && place.is_port_variable
                || variable_of(place).as_ref().is_some_and(is_anothers);
            if let Some(number) = place.number.filter(|_| !has_variable) {
                by_number.entry(number).or_default().push(place);
            }
        }
        for (number, places) in by_number {
            let (listening, others): (Vec<&Place>, Vec<&Place>) =
                places.into_iter().partition(|place| place.role == Role::Listens && place.runtime.is_here());
            for place in listening {
                let component = self.components.of(&place.path);
                let recalled = self.recall(number, place);
                let index = recalled.unwrap_or_else(|| self.that_listens(number, &component));
                self.drafts[index].listeners.insert(component);
                self.drafts[index].places.push(place);
            }
            // Who publishes comes before who merely names the number.
            let (publishing, others): (Vec<&Place>, Vec<&Place>) =
                others.into_iter().partition(|place| place.role == Role::Publishes);
            for place in publishing {
                match &place.context {
                    Some(context) => self.publish(number, place, Component(context.clone())),
                    None => self.attach(number, place),
                }
            }
            for place in others {
                self.attach(number, place);
            }
        }
    }

    fn new_with(&mut self, number: Port) -> usize {
        self.by_number.entry(number).or_default().push(self.drafts.len());
        self.drafts.push(Draft { default: Some(number), ..Draft::default() });
        self.drafts.len() - 1
    }

    /// The listed port with that number that has the name which the code alone gives the place.
    fn recall(&self, number: Port, place: &Place) -> Option<usize> {
        let variable = self.recalled.get(&place.path)?.get(&place.span.start)?;
        let candidates = self.by_number.get(&number)?;
        candidates.iter().copied().find(|index| self.drafts[*index].variable.as_ref() == Some(variable))
    }

    /// The port on which a component listens that types the number: its own, else one on which nobody listens yet.
    fn that_listens(&mut self, number: Port, component: &Component) -> usize {
        let candidates = self.by_number.get(&number).map_or(&[][..], Vec::as_slice);
        let own = candidates.iter().find(|index| self.drafts[**index].listeners.contains(component));
        let unclaimed = || candidates.iter().find(|index| self.drafts[**index].listeners.is_empty());
        match own.or_else(unclaimed) {
            Some(index) => *index,
            None => self.new_with(number),
        }
    }

    /// Adds what the compose service that is built from a component publishes. Where other services listen on that
    /// number, in containers of their own, it is a port by itself.
    fn publish(&mut self, number: Port, place: &'a Place, component: Component) {
        let candidates = self.by_number.get(&number).map_or(&[][..], Vec::as_slice);
        let own = candidates.iter().copied().find(|index| self.drafts[*index].listeners.contains(&component));
        let is_other = |index: &usize| {
            let listeners = &self.drafts[*index].listeners;
            !listeners.is_empty() && listeners.iter().all(|it| !it.is_root())
        };
        let is_apart = !component.is_root() && candidates.iter().all(is_other);
        match own.or_else(|| self.recall(number, place)) {
            Some(index) => self.drafts[index].places.push(place),
            None if is_apart => {
                let index = self.new_with(number);
                self.drafts[index].listeners.insert(component);
                self.drafts[index].places.push(place);
            }
            None => self.attach(number, place),
        }
    }

    /// Adds a place to the port with its number: the only one, or that of the nearest component. A place that could mean
    /// one of several is left out, and asked about.
    fn attach(&mut self, number: Port, place: &'a Place) {
        let candidates = self.by_number.get(&number).cloned().unwrap_or_default();
        let chosen = match candidates.as_slice() {
            [] => Some(self.new_with(number)),
            [only] => Some(*only),
            several => {
                let component = self.components.of(&place.path);
                let is_named = |listener: &Component| {
                    self.components.name(listener).is_some_and(|name| Some(name) == place.hint.as_deref())
                };
                self.recall(number, place)
                    .or_else(|| single(several, |index| self.drafts[index].listeners.contains(&component)))
                    .or_else(|| single(several, |index| self.drafts[index].listeners.iter().any(is_named)))
            }
        };
        if let Some(index) = chosen {
            self.drafts[index].places.push(place);
        }
    }
}

/// The only one of several that is so.
fn single(several: &[usize], is_so: impl Fn(usize) -> bool) -> Option<usize> {
    let mut found = several.iter().copied().filter(|index| is_so(*index));
    found.next().filter(|_| found.next().is_none())
}

/// The number that is there most often; of several the one that comes first.
fn most_frequent(numbers: impl Iterator<Item = Port>) -> Option<Port> {
    let mut counts: Vec<(Port, usize)> = Vec::new();
    for number in numbers {
        match counts.iter_mut().find(|(known, _)| *known == number) {
            Some((_, count)) => *count += 1,
            None => counts.push((number, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(number, _)| number)
}

/// Names every port. Those that the code names come first, so that no guess takes their names; a port of this machine comes
/// before one of a container or a test.
fn finish(
    mut drafts: Vec<Draft<'_>>,
    components: &Components,
    passed: &BTreeSet<Variable>,
    survey: &Survey,
    types: &ServiceTypes,
) -> Vec<MappedPort> {
    let reads_bare = |draft: &&Draft<'_>| draft.bare.is_some() && (draft.is_renamed || !draft.is_listed);
    let readers_of_bare = drafts.iter().filter(reads_bare).count();
    // Several components read `PORT`, each for a port of its own.
    let is_shared = |draft: &Draft<'_>| draft.bare.is_some() && !draft.is_listed && readers_of_bare > 1;
    let named = |draft: &Draft<'_>| draft.variable.clone().filter(|_| !is_shared(draft));
    // What is only connected to is most often somebody else's.
    let is_here = |draft: &Draft<'_>| {
        let is_own = |place: &&Place| !matches!(place.role, Role::Connects | Role::Defines);
        draft.places.iter().any(|place| place.runtime.is_here() && is_own(place))
    };
    for draft in &mut drafts {
        draft.places.sort_by_key(|place| (&place.path, place.span.start));
    }
    drafts.sort_by_cached_key(|draft| {
        let first = draft.places.first().map(|place| (place.path.clone(), place.span.start));
        (named(draft).is_none(), !is_here(draft), first)
    });
    let built_in = ServiceTypes::default();
    let mut taken = name::Names::default();
    // What `.ports.env.example` lists without a number, and no code speaks of yet: the port that would get this name is
    // meant. With another number it would be another port.
    let mut unclaimed: BTreeMap<Variable, usize> = BTreeMap::new();
    let mut ports: Vec<MappedPort> = Vec::new();
    for draft in drafts {
        let (variable, naming) = match named(&draft) {
            Some(variable) => (variable, if draft.is_listed { Naming::Listed } else { Naming::Read }),
            None => name::choose(&draft, components, &mut taken, passed, types),
        };
        let bare = draft.bare.as_ref().filter(|_| draft.is_renamed || is_shared(&draft));
        let reads_bare_port = bare.map(|Component(directory)| directory.clone());
        let read = draft.places.iter().filter(|place| place.role.reads() && place.runtime.is_here());
        let names = read.filter_map(|place| place.variable.as_ref());
        let public_names: BTreeSet<Variable> =
            names.filter(|name| survey.meant(name).as_ref() == Some(&variable)).cloned().collect();
        if let Some(listed) = unclaimed.remove(&variable) {
            taken.insert(variable);
            ports[listed].reads_bare_port = reads_bare_port;
            ports[listed].public_names = public_names;
            ports[listed].default = draft.default;
            ports[listed].listeners = draft.listeners;
            ports[listed].has_evidence = true;
            ports[listed].places = Arc::new(draft.places.into_iter().cloned().collect());
            continue;
        }
        match draft.is_listed && draft.places.is_empty() && draft.default.is_none() {
            true => drop(unclaimed.insert(variable.clone(), ports.len())),
            false => taken.insert(variable.clone()),
        }
        let service = name::service(&variable, &draft, components, types);
        let is_infrastructure = name::service(&variable, &draft, components, &built_in).is_infrastructure();
        ports.push(MappedPort {
            has_evidence: draft.is_listed || evidence::is_among(&draft.places, is_infrastructure),
            service,
            is_infrastructure,
            variable,
            naming,
            default: draft.default,
            reads_bare_port,
            public_names,
            listeners: draft.listeners,
            places: Arc::new(draft.places.into_iter().cloned().collect()),
            is_listed: draft.is_listed,
        });
    }
    evidence::share(&mut ports);
    ports
}
