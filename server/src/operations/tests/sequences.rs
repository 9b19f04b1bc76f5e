//! Whatever is done in whatever order: a port has one owner, what is given stays given, and the files
//! say what the registry says

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;
use crate::service::ServiceTypes;

/// Something that happens on a machine.
#[derive(Debug, Clone)]
enum Step {
    Init { project: usize },
    Allocate { project: usize, variable: usize, preferred: Option<u16> },
    GetPort { service: Service, preferred: Option<u16>, project: usize },
    Remove { project: usize },
    Clean,
    WriteLine { project: usize, variable: usize, number: u16 },
    DeleteLine { project: usize, variable: usize },
    DeleteFromBoth { project: usize, variable: usize },
    DeleteFile { project: usize, name: &'static str },
    DeleteDirectory { project: usize },
    Move { from: usize, to: usize },
    Listen { number: u16 },
    Wait { minutes: i64 },
}

const PROJECTS: [&str; 4] = ["shop", "my blog", "nested/shop", "🦀"];
const VARIABLES: [&str; 6] = ["WEB_PORT", "API_PORT", "QUEUE_PORT", "QUEUE_PORT2", "QUEUE_PORT3", "PORT"];

/// Few enough that they meet, one that browsers refuse among them.
fn number() -> impl Strategy<Value = u16> {
    prop_oneof![Just(8000), Just(8001), Just(5671), Just(5672), Just(6000), 5670u16..5681, 40_000u16..40_004]
}

fn step() -> impl Strategy<Value = Step> {
    let project = || 0..PROJECTS.len();
    let variable = || 0..VARIABLES.len();
    let service = prop_oneof![Just(Service::Web), Just(Service::Queue)];
    prop_oneof![
        4 => project().prop_map(|project| Step::Init { project }),
        6 => (project(), variable(), prop::option::of(number()))
            .prop_map(|(project, variable, preferred)| Step::Allocate { project, variable, preferred }),
        3 => (service, prop::option::of(number()), project())
            .prop_map(|(service, preferred, project)| Step::GetPort { service, preferred, project }),
        1 => project().prop_map(|project| Step::Remove { project }),
        1 => Just(Step::Clean),
        3 => (project(), variable(), number())
            .prop_map(|(project, variable, number)| Step::WriteLine { project, variable, number }),
        1 => (project(), variable()).prop_map(|(project, variable)| Step::DeleteLine { project, variable }),
        2 => (project(), variable())
            .prop_map(|(project, variable)| Step::DeleteFromBoth { project, variable }),
        1 => (project(), prop::sample::select(&[".ports.env", ".ports.env.example"][..]))
            .prop_map(|(project, name)| Step::DeleteFile { project, name }),
        1 => project().prop_map(|project| Step::DeleteDirectory { project }),
        1 => (project(), project()).prop_map(|(from, to)| Step::Move { from, to }),
        2 => number().prop_map(|number| Step::Listen { number }),
        1 => (0i64..9).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

thread_local! {
    /// Minutes since noon, for the clock of the sequence that this thread is at.
    static MINUTES: Cell<i64> = const { Cell::new(0) };
}

fn clock() -> Timestamp {
    noon() + jiff::SignedDuration::from_mins(MINUTES.get())
}

/// Every assignment: whose, which variable, which port.
type Assignments = BTreeMap<(String, Variable), Port>;

/// What the registry holds.
#[derive(Debug, Clone, PartialEq)]
struct Held {
    assignments: Assignments,
    /// Each reserved port with the project that it is for.
    reserved: BTreeMap<Port, Option<String>>,
}

struct World {
    machine: Machine,
}

impl World {
    fn new() -> Self {
        MINUTES.set(0);
        let mut machine = Machine::new();
        machine.context.store = machine.context.store.clone().with_clock(clock);
        Self { machine }
    }

    fn root(&self, project: usize) -> PathBuf {
        self.machine.directory.join("code").join(PROJECTS[project])
    }

    fn key(&self, project: usize) -> String {
        self.root(project).to_str().unwrap().to_owned()
    }

    fn project(&self, project: usize) -> ProjectRoot {
        fs::create_dir_all(self.root(project)).unwrap();
        ProjectRoot::exact(&self.root(project)).unwrap()
    }

    /// Loading it proves that no port is there twice.
    fn held(&self) -> Held {
        let registry = self.machine.context.store.load().unwrap();
        let assignments = registry.projects().flat_map(|(key, project)| {
            project.ports().map(move |(variable, it)| ((key.to_owned(), variable.clone()), it.port))
        });
        Held {
            assignments: assignments.collect(),
            reserved: registry.reservations().map(|(port, it)| (port, it.directory.clone())).collect(),
        }
    }

    fn written(&self, project: usize) -> BTreeMap<Variable, Port> {
        let env = crate::ports_env::PortsEnv::load(self.root(project)).unwrap().unwrap_or_default();
        env.variables().filter_map(|variable| Some((variable.clone(), env.get(variable)?))).collect()
    }

    /// Whether nobody can mind that the port is given away, to the project with that key if to any.
    fn can_be_given(&self, held: &Held, port: Port, key: Option<&str>) -> bool {
        let is_for = |reserved: &Option<String>| key.is_some() && reserved.as_deref() == key;
        !held.assignments.values().any(|other| *other == port)
            && held.reserved.get(&port).is_none_or(is_for)
            && !port.is_blocked_by_browsers()
            && self.machine.context.is_free(port)
    }

    /// The variables that a file of the project is about.
    fn listed(&self, project: usize) -> BTreeSet<Variable> {
        let text = |name: &str| fs::read_to_string(self.root(project).join(name)).unwrap_or_default();
        let files =
            [".ports.env", ".ports.env.example"].map(|name| crate::ports_env::PortsEnv::parse(&text(name)));
        files.iter().flat_map(|file| file.variables().cloned()).collect()
    }

    /// What `init` or `allocate` of a project may have changed.
    fn check_settled(
        &self,
        project: usize,
        before: &Held,
        written: &BTreeMap<Variable, Port>,
        released: &[ReleasedPort],
        cleaned: &[CleanedProject],
    ) {
        let after = self.held();
        let key = self.key(project);
        // Of a moved project, the former root is gone: its ports are this one's now.
        let is_former = |other: &str| !std::path::Path::new(other).exists();
        for ((owner, variable), port) in &before.assignments {
            let now = after.assignments.get(&(owner.clone(), variable.clone()));
            let is_own = *owner == key;
            let is_kept = now == Some(port);
            // Who edits a line and moves the project then has edited it all the same.
            let is_edited =
                (is_own || is_former(owner)) && written.get(variable).is_some_and(|written| written != port);
            let is_taken_over = is_former(owner)
                && after.assignments.iter().any(|((by, _), taken)| *by == key && taken == port);
            // A line with a number of a project that is gone takes that project over; variables without a line are released.
            let is_released = (is_own || is_former(owner))
                && released.iter().any(|it| it.variable == *variable && it.port == *port);
            // A line that gives the number another name renames the variable.
            let is_renamed = is_own
                && !written.contains_key(variable)
                && written.iter().any(|(name, number)| {
                    number == port && after.assignments.get(&(owner.clone(), name.clone())) == Some(port)
                });
            let is_cleaned = is_former(owner) && cleaned.iter().any(|it| it.root == *owner);
            assert!(
                is_kept || is_edited || is_renamed || is_taken_over || is_released || is_cleaned,
                "{owner} {variable} had {port} and has {now:?}"
            );
        }
        for ((owner, variable), port) in &after.assignments {
            if before.assignments.get(&(owner.clone(), variable.clone())) == Some(port) {
                continue;
            }
            assert_eq!(*owner, key, "{variable} of somebody else was given {port}");
            let is_by_hand = written.get(variable) == Some(port);
            let is_taken_over =
                before.assignments.iter().any(|((former, _), held)| is_former(former) && held == port);
            // A line that was edited frees the port that the variable had.
            let is_freed = before.assignments.iter().any(|((by, _), held)| *by == key && held == port);
            assert!(
                is_by_hand || is_taken_over || is_freed || self.can_be_given(before, *port, Some(&key)),
                "{variable} was given {port}, which was not to be had"
            );
        }
        for (port, directory) in &before.reserved {
            let is_kept = after.reserved.get(port) == Some(directory);
            assert!(is_kept || directory.as_ref() == Some(&key), "{port} is reserved for {directory:?}");
        }
        let mut reserved = after.reserved;
        reserved.retain(|port, _| !before.reserved.contains_key(port));
        assert!(reserved.is_empty(), "nobody reserved {reserved:?}");
    }

    fn take(&self, step: &Step) {
        let before = self.held();
        let context = &self.machine.context;
        match step {
            Step::Init { project } => {
                let root = self.project(*project);
                let written = self.written(*project);
                let listed = self.listed(*project);
                let Ok(initialized) = init(context, &root) else {
                    assert_eq!(self.held(), before, "a failure changes nothing");
                    return;
                };
                let Initialized { released, cleaned, .. } = &initialized;
                self.check_settled(*project, &before, &written, released, cleaned);
                for released in released {
                    assert!(!listed.contains(&released.variable), "{} was listed", released.variable);
                    assert!(!self.listed(*project).contains(&released.variable));
                }
                let file = self.written(*project);
                let held = self.held();
                let own: BTreeMap<Variable, Port> = held
                    .assignments
                    .into_iter()
                    .filter_map(|((key, variable), port)| {
                        (key == self.key(*project)).then_some((variable, port))
                    })
                    .collect();
                assert_eq!(own, file, "the registry and .ports.env agree");
                assert_eq!(initialized.ports.len(), own.len());
                let again = init(context, &root).unwrap();
                assert_eq!(again.written, Vec::<PathBuf>::new(), "a second init changes nothing");
                assert!(again.ports.iter().all(|port| !port.is_new));
            }
            Step::Allocate { project, variable, preferred } => {
                let root = self.project(*project);
                let written = self.written(*project);
                let name = self::variable(VARIABLES[*variable]);
                let Ok(allocated) = allocate(context, &root, &name, None, preferred.map(port)) else {
                    assert_eq!(self.held(), before, "a failure changes nothing");
                    return;
                };
                self.check_settled(*project, &before, &written, &[], &allocated.cleaned);
                let given = allocated.port.port;
                assert_eq!(self.held().assignments.get(&(self.key(*project), name.clone())), Some(&given));
                assert_eq!(self.written(*project).get(&name), Some(&given));
                let again = allocate(context, &root, &name, None, None).unwrap();
                assert_eq!((again.port.port, again.written.len()), (given, 0));
            }
            Step::GetPort { service, preferred, project } => {
                let root = self.project(*project);
                let Ok(reserved) = get_port(context, *service, preferred.map(port), Some(root.as_path()))
                else {
                    let can_be_given = |port| self.can_be_given(&before, port, None);
                    let types = ServiceTypes::default();
                    assert!(
                        !types.ports(*service).chain(types.overflow(*service)).any(can_be_given),
                        "{before:?}"
                    );
                    return;
                };
                let mut expected = before;
                for cleaned in &reserved.cleaned {
                    assert!(!std::path::Path::new(&cleaned.root).exists(), "{cleaned:?}");
                    expected.assignments.retain(|(owner, _), _| *owner != cleaned.root);
                }
                assert!(self.can_be_given(&expected, reserved.port, None));
                let after = self.held();
                assert_eq!(after.assignments, expected.assignments);
                assert_eq!(after.reserved.get(&reserved.port), Some(&Some(self.key(*project))));
            }
            Step::Remove { project } => {
                let key = self.key(*project);
                let is_known = before.assignments.keys().any(|(owner, _)| *owner == key);
                let removed = remove(context, Which::Named(&key), false);
                assert!(removed.is_ok() || !is_known);
                let mut expected = before;
                expected.assignments.retain(|(owner, _), _| *owner != key);
                assert_eq!(self.held(), expected);
            }
            Step::Clean => {
                let planned = clean(context, true).unwrap();
                assert_eq!(self.held(), before);
                let done = clean(context, false).unwrap();
                assert_eq!(Cleaned { dry_run: true, ..done }, planned);
                let mut expected = before;
                expected.assignments.retain(|(owner, _), _| {
                    let root = std::path::Path::new(owner);
                    root.exists() || !root.parent().unwrap().exists()
                });
                assert_eq!(self.held(), expected);
            }
            Step::WriteLine { project, variable, number } => {
                let root = self.project(*project);
                let path = root.as_path().join(".ports.env");
                let mut env = crate::ports_env::PortsEnv::load(&root).unwrap().unwrap_or_default();
                env.set(&self::variable(VARIABLES[*variable]), port(*number));
                fs::write(path, env.to_text()).unwrap();
            }
            Step::DeleteLine { project, variable } => {
                if let Some(mut env) = crate::ports_env::PortsEnv::load(self.root(*project)).unwrap() {
                    env.remove(&self::variable(VARIABLES[*variable]));
                    fs::write(self.root(*project).join(".ports.env"), env.to_text()).unwrap();
                }
            }
            Step::DeleteFromBoth { project, variable } => {
                for name in [".ports.env", ".ports.env.example"] {
                    let path = self.root(*project).join(name);
                    let Ok(text) = fs::read_to_string(&path) else { continue };
                    let mut file = crate::ports_env::PortsEnv::parse(&text);
                    file.remove(&self::variable(VARIABLES[*variable]));
                    fs::write(path, file.to_text()).unwrap();
                }
            }
            Step::DeleteFile { project, name } => {
                // There may be none.
                let _ = fs::remove_file(self.root(*project).join(name));
            }
            Step::DeleteDirectory { project } => {
                let _ = fs::remove_dir_all(self.root(*project));
            }
            Step::Move { from, to } => {
                if self.root(*from).exists() && !self.root(*to).exists() {
                    fs::create_dir_all(self.root(*to).parent().unwrap()).unwrap();
                    fs::rename(self.root(*from), self.root(*to)).unwrap();
                }
            }
            Step::Listen { number } => {
                let mut listening = self.machine.listening.lock().unwrap();
                if !listening.remove(&port(*number)) {
                    listening.insert(port(*number));
                }
            }
            Step::Wait { minutes } => MINUTES.set(MINUTES.get() + minutes),
        }
    }
}

/// A few sequences in `make test`; as many as PROPTEST_CASES says in `make soak`.
fn config() -> Config {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { 24 };
    Config { cases, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_sequence_keeps_the_promises(steps in prop::collection::vec(step(), 1..24)) {
        let world = World::new();
        for step in &steps {
            world.take(step);
        }
    }
}

/// A sequence that failed once, on a machine where other tests ran.
#[test]
fn a_number_of_a_deleted_project_may_be_written_by_hand() {
    let world = World::new();
    let steps = [
        Step::Init { project: 0 },
        Step::WriteLine { project: 3, variable: 0, number: 8000 },
        Step::DeleteDirectory { project: 0 },
        Step::Init { project: 3 },
    ];
    steps.iter().for_each(|step| world.take(step));
}
