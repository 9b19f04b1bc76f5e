//! Whether the code of a project and its `.ports.env` agree, by the map of its ports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::check::{CheckOptions, Finding as Found};
use super::super::fix::{FixOptions, check, find_fixes};
use super::super::integrate::{WayToWire, way_to_wire};
use super::super::port_map::port_map;
use super::super::run_tables;
use super::starts::{starts_of, unwired};
use super::{Finding, Kind, StartReport};
use crate::paste::command_line;
use crate::ports_env::{FILE_NAME, PortsEnv};
use crate::project::map::{MappedPort, Place, PortMap, Role};
use crate::project::survey::Survey;
use crate::project::wiring::Unwired;
use crate::project::{MOST_ENTRIES, ProjectRoot};
use crate::registry::Registry;
use crate::rules::{Rule, SETTINGS_FILE_NAME, Selection, Settings, Severity};
use crate::text::nearest;
use crate::variable::Variable;

/// How many places a sentence names.
const NAMED: usize = 3;

/// Looks at one project, and lists the ways in which it is started. Where something cannot be read, other findings say so.
pub(super) fn examine(
    registry: &Registry,
    root: &ProjectRoot,
    findings: &mut Vec<Finding>,
) -> Vec<StartReport> {
    let (found, starts) = match Settings::load(root.nearest_with(SETTINGS_FILE_NAME)) {
        Ok(settings) => {
            let (of_files, starts) = examine_files(registry, root);
            (failed_examples(&settings).chain(of_files).collect(), starts)
        }
        Err(error) => {
            let message = format!("{error}; until that is corrected, no file of the project is checked");
            (vec![Finding::problem(Kind::SettingsInvalid, message)], Vec::new())
        }
    };
    let (key, name) = (root.as_path().display().to_string(), root.name());
    findings.extend(found.into_iter().map(|finding| finding.of(&key, &name)));
    starts
}

/// Rows of the project whose examples fail.
fn failed_examples(settings: &Settings) -> impl Iterator<Item = Finding> {
    settings.failed_examples().into_iter().map(|error| {
        Finding::problem(Kind::RowExampleFails, format!("{error}: correct the row or the example"))
    })
}

/// What the project's files say, and the ways in which it is started.
fn examine_files(registry: &Registry, root: &ProjectRoot) -> (Vec<Finding>, Vec<StartReport>) {
    let (mut found, mut starts) = (Vec::new(), Vec::new());
    if let Ok(reading) = port_map(root, registry.types()) {
        if reading.files.is_cut() {
            let message = format!(
                "{} has more than {MOST_ENTRIES} files and directories, and the others were not looked at: let git ignore \
                 what is not the project's own",
                root.name()
            );
            found.push(Finding::note(Kind::SearchCut, message));
        }
        found.extend(contradictions(root, reading.files.survey()));
        if let Ok(Some(env)) = PortsEnv::load(root) {
            let code = Code { registry, root, env, map: &reading.map };
            found.extend(code.without_number());
            found.extend(code.unread());
            found.extend(code.run_tables());
            found.extend(code.of_rules());
            found.extend(code.shared_defaults());
            found.extend(code.unwired());
            starts = starts_of(root, &reading.map);
        }
    }
    (found, starts)
}

/// Manifests and compose files that contradict each other or the directories of the project.
fn contradictions(root: &ProjectRoot, survey: &Survey) -> Vec<Finding> {
    let name = |directory: &Path| match directory.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => directory.display().to_string(),
    };
    let shared = survey.shared_names().into_iter().map(|(shared, directories)| {
        let directories: Vec<String> = directories.into_iter().map(name).collect();
        let message = format!(
            "{} manifests are called {shared}: {}; give each a name of its own, or their ports get similar names",
            directories.len(),
            listed(directories.into_iter())
        );
        Finding::note(Kind::SharedName, message)
    });
    let missing = survey.contexts().filter(|context| !root.as_path().join(context).is_dir());
    let missing = missing.map(|context| {
        let message = format!(
            "a compose file builds an image from {}, which is not a directory of the project: correct its `build`",
            name(context)
        );
        Finding::problem(Kind::BuildContextMissing, message)
    });
    shared.chain(missing).collect()
}

/// The first of these, and how many more there are.
fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first = names.take(NAMED).collect::<Vec<_>>().join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

/// The ports that a project without `.ports.env` decides, as a sentence says them; `None` where it decides none.
pub(super) fn decided_ports(root: &ProjectRoot, registry: &Registry) -> Option<String> {
    let map = port_map(root, registry.types()).ok()?.map;
    let decided = map.ports().iter().filter(|port| port.is_decided_here());
    let names: Vec<String> = decided
        .map(|port| match port.default {
            Some(default) => format!("{} ({default})", port.variable),
            None => port.variable.to_string(),
        })
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// A project's code, and what this machine gives it.
struct Code<'a> {
    registry: &'a Registry,
    root: &'a ProjectRoot,
    env: PortsEnv,
    map: &'a PortMap,
}

/// How a port that is hardcoded in several places can be fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// `check --fix` repairs all of its places.
    Fix,
    /// It does so once some places were edited by hand.
    ByHandFirst,
    /// It repairs none of them.
    ByHand,
}

impl Code<'_> {
    /// Ports that the code decides and that have no number here.
    fn without_number(&self) -> Vec<Finding> {
        let decided = self.map.ports().iter().filter(|port| port.is_decided_here());
        // `init` gives a second variable of a port no number: it is to be replaced, which is another finding.
        let is_second = |port: &MappedPort| self.map.meant_by(port).variable != port.variable;
        let missing = decided.filter(|port| !self.env.lists(&port.variable) && !is_second(port));
        let finding = |port: &MappedPort| {
            let place = first_place(port).map(|place| format!(", {place}")).unwrap_or_default();
            let default = port.default.map(|default| default.to_string()).unwrap_or_default();
            let message = format!(
                "{} ({default}{place}) has no number in {FILE_NAME}, so its default decides: every copy of the project uses it",
                port.variable
            );
            Finding::problem(Kind::PortWithoutNumber, message)
                .about(&port.variable, port.default)
                .command(self.init())
        };
        missing.map(finding).collect()
    }

    /// Variables that have a number and that nothing reads.
    fn unread(&self) -> Vec<Finding> {
        let is_used = |variable: &Variable| {
            self.map.of_variable(variable).is_some_and(|port| {
                port.places.iter().any(|place| place.role != Role::Defines) || port.reads_bare_port.is_some()
            })
        };
        let unread = self.env.variables().filter(|variable| !is_used(variable));
        let finding = |variable: &Variable| {
            let message =
                format!("no file of {} reads {variable} or contains its default number", self.root.name());
            let root = self.root.as_path().to_string_lossy();
            let command = ["port-manager", "unset", variable.as_str(), "--project", &root];
            Finding::note(Kind::UnreadVariable, message)
                .about(variable, self.env.get(variable))
                .command(command_line(&command))
        };
        unread.map(finding).collect()
    }

    /// Tables of `port-manager.toml` that are missing, and those that lead nowhere.
    fn run_tables(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Ok(Some(_)) = run_tables::pending(self.root, self.map) {
            let readers: Vec<String> = self
                .map
                .ports()
                .iter()
                .filter_map(|port| {
                    Some(format!("{} ({})", port.reads_bare_port.as_ref()?.display(), port.variable))
                })
                .collect();
            let message = format!(
                "several components read PORT, and {SETTINGS_FILE_NAME} does not say which variable is whose: {}",
                readers.join(", ")
            );
            findings.push(Finding::problem(Kind::RunTableMissing, message).command(self.init()));
        }
        for table in run_tables::renamed(self.root) {
            let directory = table.directory.display();
            let reason = if !self.root.as_path().join(&table.directory).is_dir() {
                format!("{directory} is not a directory of the project")
            } else if !self.env.lists(&table.variable) {
                format!("{} has no number in {FILE_NAME}", table.variable)
            } else {
                continue;
            };
            let message = format!(
                "the table [run.\"{directory}\"] of {SETTINGS_FILE_NAME} gives {} the number of {}, but {reason}: \
                 correct the table or remove it",
                table.name, table.variable
            );
            findings.push(Finding::problem(Kind::RunTableStale, message).about(&table.variable, None));
        }
        findings
    }

    /// Ways of starting the project that `.ports.env` does not reach: one finding a file, which names its starts.
    fn unwired(&self) -> Vec<Finding> {
        let mut by_file: BTreeMap<&Path, Vec<Unwired<'_>>> = BTreeMap::new();
        for unwired in unwired(self.root, self.map) {
            by_file.entry(unwired.path).or_default().push(unwired);
        }
        by_file.into_iter().map(|(path, starts)| self.unwired_in(path, &starts)).collect()
    }

    fn unwired_in(&self, path: &Path, starts: &[Unwired<'_>]) -> Finding {
        let names: Vec<String> =
            starts.iter().filter_map(|unwired| Some(unwired.start?.name.clone())).collect();
        let (variable, kind) = (starts[0].variable, starts[0].kind);
        let what = match names.len() {
            0 => path.display().to_string(),
            1 => format!("the {} {} of {}", kind.noun(), names[0], path.display()),
            _ => format!("the {} {} of {}", kind.nouns(), listed(names.into_iter()), path.display()),
        };
        let is_certain = starts.iter().any(|unwired| unwired.is_certain);
        let way = way_to_wire(self.root, self.map, kind, path);
        let by_hand = match &way {
            WayToWire::ByHand(Some(reason)) => format!(" by hand: {reason}"),
            WayToWire::ByHand(None) => " by hand".to_owned(),
            WayToWire::Integrate(_) => String::new(),
        };
        let message = match is_certain {
            true => {
                format!("{what} does not hand on {variable}, so that what it starts never sees {FILE_NAME}")
            }
            false => format!(
                "nothing loads {FILE_NAME} for {what}, and what is started reads {variable}: use `port-manager run`, or have the \
                 file load it{by_hand}"
            ),
        };
        let finding = match is_certain {
            true => Finding::problem(Kind::UnwiredPortsEnv, message),
            false => Finding::note(Kind::UnwiredPortsEnv, message),
        };
        let finding = finding.about(variable, self.env.get(variable));
        let WayToWire::Integrate(arguments) = way else { return finding };
        let root = self.root.as_path().to_string_lossy();
        let words = [&["port-manager", "integrate"], arguments.as_slice(), &["--project", &root]].concat();
        finding.command(command_line(&words))
    }

    /// What rules find in the code, by port.
    fn of_rules(&self) -> Vec<Finding> {
        let paths = vec![self.root.as_path().to_owned()];
        let rules =
            Selection::only(&[Rule::HardcodedPort, Rule::UnsetPortVariable, Rule::DuplicatePortVariable]);
        let options = CheckOptions { paths: paths.clone(), rules, ..CheckOptions::default() };
        let Ok(report) = check(&options, self.registry.clone()) else { return Vec::new() };
        let mut by_port: BTreeMap<(Kind, &Variable), Vec<&Found>> = BTreeMap::new();
        for found in &report.findings {
            let kind = match found.rule {
                Rule::HardcodedPort if found.severity == Severity::Warning => Kind::HardcodedPort,
                Rule::UnsetPortVariable => Kind::UnsetVariable,
                Rule::DuplicatePortVariable => Kind::DuplicateVariable,
                _ => continue,
            };
            if let Some(variable) = &found.variable {
                by_port.entry((kind, variable)).or_default().push(found);
            }
        }
        let options = FixOptions { paths, ..FixOptions::default() };
        let (mut incomplete, mut fixable) = (BTreeSet::new(), BTreeSet::new());
        if !by_port.is_empty()
            && let Ok(repairs) = find_fixes(&options, self.registry.clone(), None)
        {
            incomplete.extend(repairs.incomplete.into_iter().map(|port| port.variable));
            fixable.extend(repairs.files.iter().flat_map(|file| file.fixed.iter().cloned()));
        }
        let finding = |((kind, variable), found): ((Kind, &Variable), Vec<&Found>)| {
            // What would be without its number is said of the port.
            let is_said = kind == Kind::UnsetVariable
                && self.map.of_variable(variable).is_some_and(MappedPort::is_decided_here);
            let way = match (incomplete.contains(variable), fixable.contains(variable)) {
                (true, _) => Way::ByHandFirst,
                (false, true) => Way::Fix,
                (false, false) => Way::ByHand,
            };
            (!is_said).then(|| self.of_rule(kind, variable, &found, way))
        };
        by_port.into_iter().filter_map(finding).collect()
    }

    fn of_rule(&self, kind: Kind, variable: &Variable, found: &[&Found], way: Way) -> Finding {
        let places = self.places(found);
        let port = found.iter().find_map(|found| found.port);
        let number = port.map(|port| port.to_string()).unwrap_or_default();
        let is_problem = found.iter().any(|found| found.severity == Severity::Warning);
        let root = self.root.as_path().to_string_lossy();
        let fix = command_line(&["port-manager", "check", "--fix", &root]);
        let by_hand = match way {
            Way::Fix => "",
            Way::ByHandFirst => "; edit one of its places by hand first, as `port-manager check` says",
            Way::ByHand => "; edit it by hand, as `port-manager check` says",
        };
        let (message, command) = match kind {
            Kind::HardcodedPort => {
                let message = format!("{number} is hardcoded; use {variable}: {places}{by_hand}");
                (message, fix.filter(|_| way != Way::ByHand))
            }
            Kind::UnsetVariable => {
                let message = format!("{variable} is read and has no number in {FILE_NAME}: {places}");
                match nearest(variable.as_str(), self.env.variables().map(Variable::as_str)) {
                    Some(near) => (format!("{message}; did you mean {near}?"), None),
                    // `init` knows no number for what only `port-manager.toml` names.
                    None if self.map.of_variable(variable).is_none() => {
                        let command = format!("`port-manager set {variable}=NUMBER`");
                        (format!("{message}; run {command}"), None)
                    }
                    None => (message, self.init()),
                }
            }
            _ => {
                (found.first().map(|found| found.message.clone()).unwrap_or_default() + ": " + &places, None)
            }
        };
        let finding = match is_problem {
            true => Finding::problem(kind, message),
            false => Finding::note(kind, message),
        };
        let finding = finding.about(variable, port);
        match command.filter(|_| way != Way::ByHandFirst) {
            Some(command) => finding.command(command),
            None => finding,
        }
    }

    /// Two ports of one number, on each of which something listens.
    fn shared_defaults(&self) -> Vec<Finding> {
        let mut by_number: BTreeMap<_, Vec<&MappedPort>> = BTreeMap::new();
        for port in
            self.map.ports().iter().filter(|port| port.is_decided_here() && !port.listeners.is_empty())
        {
            if let Some(default) = port.default {
                by_number.entry(default).or_default().push(port);
            }
        }
        let shared = by_number.into_iter().filter(|(_, ports)| ports.len() > 1);
        let finding = |(number, ports): (_, Vec<&MappedPort>)| {
            let name = |port: &&MappedPort| match first_place(port) {
                Some(place) => format!("{} ({place})", port.variable),
                None => port.variable.to_string(),
            };
            let message = format!(
                "{} have one default number, {number}: without {FILE_NAME} only one of them can run; give each a default \
                 of its own",
                ports.iter().map(name).collect::<Vec<_>>().join(" and ")
            );
            Finding { port: Some(number), ..Finding::note(Kind::SharedDefault, message) }
        };
        shared.map(finding).collect()
    }

    /// The first places of findings, and how many more there are.
    fn places(&self, found: &[&Found]) -> String {
        listed(found.iter().map(|found| {
            let path = found.path.strip_prefix(self.root.as_path()).unwrap_or(&found.path);
            format!("{}:{}", place_name(path, found.line), found.column)
        }))
    }

    fn init(&self) -> Option<String> {
        command_line(&["port-manager", "init", &self.root.as_path().to_string_lossy()])
    }
}

/// A place of the port: where something listens, else any that runs here.
fn first_place(port: &MappedPort) -> Option<String> {
    let here = || port.places.iter().filter(|place| place.runtime.is_here());
    let listens = port.listens();
    let place: &Place = here().find(|place| listens(place)).or_else(|| here().next())?;
    Some(place_name(&place.path, place.line))
}

fn place_name(path: &Path, line: usize) -> String {
    format!("{}:{line}", path.display())
}
