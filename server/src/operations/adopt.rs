//! Carries a project over in one step: it is set up, every certain place reads its variable, and the ways of starting it
//! load `.ports.env`. All of it is one plan, which is shown first and made as a whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::fix::{
    AdoptedProject, Computable, ComputedAddress, FileFixes, IncompletePort, PlaceByHand, ProjectRepairs,
};
use super::init::Setup;
use super::integrate::{self, Integration};
use super::plan::{Plan, PlannedChange, PlannedText};
use super::session::{Effect, Outcome};
use super::{Context, MisspelledVariable, ProjectPort, run_tables};
use crate::error::{Error, PlanError, Result};
use crate::files::Pending;
use crate::fixes::apply;
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::project::map::{Memory, PortMap};
use crate::registry::Store;
use crate::rules::{Exception, Facts, SETTINGS_FILE_NAME, Settings};
use crate::variable::Variable;

/// What [`plan_adopt`] proposes, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Whether this only says what would be done.
    pub dry_run: bool,
    /// The project's name.
    pub project: String,
    /// Its root directory.
    pub root: PathBuf,
    /// Where the project was before: it was moved, and its ports come along.
    pub moved_from: Vec<String>,
    /// Every variable with its port: those of `.ports.env` first, in its order.
    pub ports: Vec<ProjectPort>,
    /// The places that are fixed, by variable.
    pub fixed: Vec<FixedPort>,
    /// The ports that are left alone, because a place of them cannot be fixed.
    pub incomplete: Vec<IncompletePort>,
    /// The values of `[env]` that are added to `port-manager.toml`: addresses of `.env` files, with variables in them.
    pub computed: Vec<ComputedAddress>,
    /// Values that could be added to it: addresses of examples, of which a developer may have others.
    pub computable: Vec<ComputedAddress>,
    /// The places that a person has to edit.
    pub by_hand: Vec<PlaceByHand>,
    /// The variables that the code reads and that get no port: they look like misspellings of others.
    pub misspelled: Vec<MisspelledVariable>,
    /// What makes the ways of starting the project load `.ports.env`.
    pub integrations: Vec<Integration>,
    /// The files that are changed, by path.
    pub changes: Vec<PlannedChange>,
    /// What else people should know.
    pub notes: Vec<String>,
}

/// How many places of a port are fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixedPort {
    /// The variable.
    pub variable: Variable,
    /// How many places read it then.
    pub places: usize,
    /// The files that these are in, relative to the root.
    pub files: Vec<PathBuf>,
}

/// A project that is to be adopted.
#[derive(Debug)]
pub struct Adoption {
    plan: Plan,
    /// Where the project was, where somebody said so.
    former: Option<String>,
    /// What setting it up writes: found out again when the plan is applied, since a number may be somebody else's by then.
    initial: Vec<Pending>,
    /// What it proposes.
    pub adopted: Adopted,
}

/// Finds out what adopting the project comes to; `former` is where it was before it was moved. Nothing is changed, and nobody has
/// to wait meanwhile.
///
/// # Errors
/// When the directory is [too large](ProjectRoot::is_too_large) to be a project, a service's range is full, or the
/// registry or a file of the project cannot be read.
pub fn plan_adopt(context: &Context, root: &ProjectRoot, former: Option<String>) -> Result<Adoption> {
    let mut setup = Setup::prepare(context, root, former.as_deref(), Effect::Plan)?;
    let mut plan = Plan::new(root);
    let initial = setup.session.pending()?;
    for file in &initial {
        plan.set(relative(root, &file.path), file.text().to_owned())?;
    }
    let moved_from = setup.session.moved_from().to_owned();
    let outcome = setup.session.outcome();
    let (decided, reading) = setup.into_parts();
    let facts = facts_after(root, outcome, &reading.map)?;
    let map = Arc::clone(&facts.map);
    let project = AdoptedProject::new(facts, reading);
    let ProjectRepairs { files, incomplete } = project.repairs();
    // One that leads out of the project cannot be planned, and a plan is made as a whole.
    for file in &files {
        let fixed = apply(&file.text, &file.edits)
            .ok_or_else(|| Error::Plan(PlanError::Outdated { path: file.path.clone() }))?;
        plan.set(relative(root, &file.canonical), fixed)?;
    }
    name_what_pages_read(root, &map, &files, &mut plan)?;
    let Computable { used, of_examples } = project.computable();
    let computed = if compute(root, &used, &mut plan)? { used } else { Vec::new() };
    let ports = decided.ports;
    let after = project.map_after(files.iter().map(|file| &*file.canonical), &|path| planned(&plan, path));
    let integrations = integrate::plan_needed(&mut plan, &after, &ports);
    note_readers_of_port(&after, &mut plan);
    let mut by_hand = project.left(&|path| planned(&plan, path));
    by_hand.retain(|place| computed.iter().all(|it| (&it.path, it.line) != (&place.path, place.line)));
    let adopted = Adopted {
        dry_run: true,
        project: root.name(),
        root: root.as_path().to_owned(),
        moved_from,
        ports,
        fixed: fixed_ports(root, &files),
        incomplete,
        computed,
        computable: of_examples,
        by_hand,
        misspelled: decided.misspelled,
        integrations,
        changes: plan.changes(),
        notes: plan.notes().to_vec(),
    };
    Ok(Adoption { plan, former, initial, adopted })
}

impl Adoption {
    /// Whether the project is adopted already: no file would change, and the registry would not.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Adopted { moved_from, ports, .. } = &self.adopted;
        self.plan.is_empty() && moved_from.is_empty() && !ports.iter().any(|port| port.is_new)
    }

    /// The texts of the files that it changes, by path.
    pub fn texts(&self) -> impl Iterator<Item = PlannedText<'_>> {
        self.plan.texts()
    }

    /// Leaves the other changes of files to somebody else, such as an editor.
    #[must_use]
    pub fn part(self, is_part: impl Fn(&PlannedText<'_>) -> bool) -> Self {
        Self { plan: self.plan.part(is_part), ..self }
    }

    /// Makes all of it: the files, and the numbers in the registry. Where a step fails, each file and the registry are what
    /// they were before.
    ///
    /// # Errors
    /// When a file has changed since the plan was made, a number of it cannot be had any more, or something cannot be
    /// written.
    pub fn apply(&self, context: &Context) -> Result<Adopted> {
        let root = self.plan.root();
        Store::retrying(|| {
            let mut setup = Setup::prepare(context, root, self.former.as_deref(), Effect::Change)?;
            if setup.session.pending()? != self.initial || setup.decided().ports != self.adopted.ports {
                return Err(Error::Plan(PlanError::Outdated {
                    path: root.as_path().join(ports_env::FILE_NAME),
                }));
            }
            self.plan.apply(|| setup.session.commit())
        })?;
        Ok(Adopted { dry_run: false, ..self.adopted.clone() })
    }
}

/// The text that the plan gives a file, by where that lies.
fn planned(plan: &Plan, path: &Path) -> Option<String> {
    plan.text(path.strip_prefix(plan.root().as_path()).ok()?).ok().flatten()
}

/// What is known of the project once it is set up.
fn facts_after(root: &ProjectRoot, outcome: Outcome, map: &Arc<PortMap>) -> Result<Facts> {
    let Outcome { env, listed, registry } = outcome;
    let settings = match run_tables::pending(root, map)? {
        Some(tables) => Settings::parse(tables.text(), root.nearest_with(SETTINGS_FILE_NAME))?,
        None => Settings::load(root.nearest_with(SETTINGS_FILE_NAME))?,
    };
    let memory = Memory {
        listed: listed.clone(),
        renamed: settings.renamed_in(root),
        types: registry.types().clone(),
    };
    let map = map.updated([], memory, None);
    let facts = Facts::load(root.clone(), Some(Arc::new(registry)), map)?;
    Ok(Facts { ports_env: Some(env), listed: Some(listed), settings, ..facts })
}

/// Has `port-manager.toml` say which component reads which variable as its `PORT`, and under which names pages read
/// variables.
fn name_what_pages_read(
    root: &ProjectRoot,
    map: &PortMap,
    files: &[FileFixes],
    plan: &mut Plan,
) -> Result<()> {
    let names = files.iter().flat_map(|file| file.names.iter().cloned());
    let Some(tables) = run_tables::pending_with(root, map, names)? else { return Ok(()) };
    match tables.path.strip_prefix(root.as_path()) {
        Ok(path) => plan.set(path, tables.text().to_owned()),
        // The file of the repository around it is somebody else's to change.
        Err(_) => {
            plan.note(format!(
                "{} has to name what components read: run `port-manager init` and `port-manager check --fix` there",
                tables.path.display()
            ));
            Ok(())
        }
    }
}

/// Says which components read `PORT`, and that one command can give it one number only.
fn note_readers_of_port(map: &PortMap, plan: &mut Plan) {
    let decided =
        map.ports().iter().filter(|port| port.is_decided_here() && port.variable.as_str() != "PORT");
    let readers: Vec<_> =
        decided.filter_map(|port| Some((port.reads_bare_port.as_deref()?, &port.variable))).collect();
    let shown = |path: &Path| match path.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => path.display().to_string(),
    };
    for (directory, variable) in &readers {
        let reader = shown(directory);
        plan.note(format!(
            "{reader} reads PORT, which `port-manager run` gives the number of {variable} there; .ports.env alone does not"
        ));
        let below = readers.iter().find(|(other, _)| other != directory && other.starts_with(directory));
        if let Some((other, _)) = below {
            let other = shown(other);
            plan.note(format!(
                "a command in {reader} that starts {other} as well gives both one PORT: start each with `port-manager run` in its own \
                 directory"
            ));
        }
    }
}

/// Has `port-manager.toml` compute the values; whether it can: that of the repository around the project is somebody else's to
/// change.
fn compute(root: &ProjectRoot, values: &[ComputedAddress], plan: &mut Plan) -> Result<bool> {
    let path = Path::new(SETTINGS_FILE_NAME);
    if root.nearest_with(SETTINGS_FILE_NAME) != root.as_path() {
        return Ok(false);
    }
    if values.is_empty() {
        return Ok(true);
    }
    let mut text = plan.text(path)?.unwrap_or_default();
    for ComputedAddress { name, value, .. } in values {
        let entry = Exception::Computed { name: name.clone(), value: value.clone() };
        text = entry.add_to(&text, root.as_path())?;
    }
    plan.set(path, text)?;
    plan.note(format!(
        "`port-manager run` sets the values of [env] in {SETTINGS_FILE_NAME}; they go before those of .env"
    ));
    Ok(true)
}

fn relative<'p>(root: &ProjectRoot, path: &'p Path) -> &'p Path {
    path.strip_prefix(root.as_path()).unwrap_or(path)
}

fn fixed_ports(root: &ProjectRoot, files: &[FileFixes]) -> Vec<FixedPort> {
    let mut by_variable: BTreeMap<&Variable, (usize, BTreeSet<&Path>)> = BTreeMap::new();
    for file in files {
        for variable in &file.fixed {
            let (places, paths) = by_variable.entry(variable).or_default();
            *places += 1;
            paths.insert(relative(root, &file.canonical));
        }
    }
    let fixed = by_variable.into_iter().map(|(variable, (places, files))| FixedPort {
        variable: variable.clone(),
        places,
        files: files.into_iter().map(Path::to_owned).collect(),
    });
    fixed.collect()
}
