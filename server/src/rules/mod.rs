//! Occurrences and project facts in, diagnostics out. One file per rule, its documentation in it.

mod committed_ports_env;
mod computed;
mod duplicate_port_variable;
mod exception;
mod facts;
mod fallback_mismatch;
mod hardcoded_port;
mod invalid_ports_env;
mod missing_ports_env;
mod named_port;
mod others;
mod port_conflict;
mod run_tables;
mod selection;
mod settings;
mod settings_fault;
mod settings_file;
mod settings_names;
mod severities;
mod unregistered_port;
mod unset_port_variable;
mod unwired_ports_env;

use std::ops::Range;
use std::path::Path;

pub use computed::ComputedValues;
pub(crate) use duplicate_port_variable::kept_variable;
pub use exception::Exception;
pub use facts::{Facts, Scene};
pub use named_port::{Mention, NamedPort};
pub use run_tables::{RunTables, add_run_entries};
pub use selection::Selection;
pub use settings::{SCHEMA as SETTINGS_SCHEMA, Settings};
pub use settings_fault::{SettingsFault, settings_faults};
pub use settings_file::FILE_NAME as SETTINGS_FILE_NAME;
pub use severities::Severities;
pub(crate) use unset_port_variable::near_miss;

use crate::analysis::{Analysis, Language};
use crate::port::Port;
use crate::project::runtime::runtime;
use crate::rewrite::Site;
use crate::variable::Variable;
use crate::version;

/// A rule. Its name is what people write in `port-manager: ignore[hardcoded-port]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Never hardcode a port.
    HardcodedPort,
    /// A port variable is read, but `.ports.env` does not define it.
    UnsetPortVariable,
    /// The project has port variables or literals, and no `.ports.env`.
    MissingPortsEnv,
    /// `.ports.env` gives a port that the registry gives to another project.
    PortConflict,
    /// `.ports.env` and the registry disagree.
    UnregisteredPort,
    /// A line of `.ports.env` is not `KEY=PORT`.
    InvalidPortsEnv,
    /// `.ports.env` is not ignored by git.
    CommittedPortsEnv,
    /// The default of a lookup is not what `.ports.env` says.
    FallbackMismatch,
    /// Two variables are read for one port.
    DuplicatePortVariable,
    /// A way of starting the project never sees `.ports.env`.
    UnwiredPortsEnv,
}

/// What the findings of a rule depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// The files of the project: everybody who clones it finds the same.
    Files,
    /// Also this machine: its registry, and the `.ports.env` that `init` writes here.
    Machine,
}

/// What a rule's file tells of it.
struct Description {
    /// Its name.
    name: &'static str,
    /// What it says, in one line.
    summary: &'static str,
    /// Its page: what, why, example, what to do.
    page: &'static str,
    /// How serious its diagnostics are unless the place says otherwise.
    severity: Severity,
    /// What its findings depend on.
    about: About,
    /// What it finds in a document.
    check: fn(&Document<'_>, &Facts) -> Vec<Diagnostic>,
}

impl About {
    /// The end of the page of a rule that is about this machine.
    const NOTE: &str = "
## In a build

The rule is about this machine, so `port-manager check` does not ask it where there is no registry, or where the
environment variable `CI` is set (to something other than `false`). `--only` with its name asks it there too.
";
}

impl Rule {
    /// Every rule, in the order in which documentation lists them.
    pub const ALL: [Self; 10] = [
        Self::HardcodedPort,
        Self::UnsetPortVariable,
        Self::MissingPortsEnv,
        Self::PortConflict,
        Self::UnregisteredPort,
        Self::InvalidPortsEnv,
        Self::CommittedPortsEnv,
        Self::FallbackMismatch,
        Self::DuplicatePortVariable,
        Self::UnwiredPortsEnv,
    ];

    const fn description(self) -> &'static Description {
        match self {
            Self::HardcodedPort => &hardcoded_port::DESCRIPTION,
            Self::UnsetPortVariable => &unset_port_variable::DESCRIPTION,
            Self::MissingPortsEnv => &missing_ports_env::DESCRIPTION,
            Self::PortConflict => &port_conflict::DESCRIPTION,
            Self::UnregisteredPort => &unregistered_port::DESCRIPTION,
            Self::InvalidPortsEnv => &invalid_ports_env::DESCRIPTION,
            Self::CommittedPortsEnv => &committed_ports_env::DESCRIPTION,
            Self::FallbackMismatch => &fallback_mismatch::DESCRIPTION,
            Self::DuplicatePortVariable => &duplicate_port_variable::DESCRIPTION,
            Self::UnwiredPortsEnv => &unwired_ports_env::DESCRIPTION,
        }
    }

    /// Its name: `hardcoded-port`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.description().name
    }

    /// What it says, in one line.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.description().summary
    }

    /// Its page in Markdown: the same text as `docs/rules/NAME.md` and `port-manager explain NAME`.
    #[must_use]
    pub fn page(self) -> String {
        let Description { name, summary, page, severity, about, .. } = self.description();
        let scene = match about {
            About::Files => "",
            About::Machine => About::NOTE,
        };
        format!("# {name}\n\n{summary}\n\nDefault severity: {severity}.\n\n{page}{scene}")
    }

    /// Where its page is on the web, in a repository; `None` where the address of the repository is empty.
    #[must_use]
    pub fn address_in(self, repository: &str) -> Option<String> {
        let version = version::NUMBER;
        let page = || format!("{repository}/blob/v{version}/docs/rules/{}.md", self.name());
        (!repository.is_empty()).then(page)
    }

    /// How serious its diagnostics are unless the place says otherwise.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.description().severity
    }

    /// Whether what it finds depends on this machine, and not only on the project's files.
    #[must_use]
    pub fn is_about_this_machine(self) -> bool {
        self.description().about == About::Machine
    }

    /// Whether its findings are numbers of ports that are written where a variable belongs. Those of one port are repaired
    /// together.
    #[must_use]
    pub fn is_about_a_number(self) -> bool {
        self == Self::HardcodedPort
    }

    /// The rule of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// How serious a diagnostic is. People read `warning`, `note` and `hint`; LSP 3.17 (`DiagnosticSeverity`) calls a
/// note information. None of ours is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing where one looks for it.
    Hint,
    /// Worth knowing.
    Information,
    /// Worth fixing.
    Warning,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Hint => "hint",
            Self::Information => "note",
            Self::Warning => "warning",
        })
    }
}

/// A rule's opinion on a place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule.
    pub rule: Rule,
    /// How serious it is.
    pub severity: Severity,
    /// The bytes it is about.
    pub span: Range<usize>,
    /// What is wrong, one sentence or two.
    pub message: String,
    /// The port it is about.
    pub port: Option<Port>,
    /// The variable it is about.
    pub variable: Option<Variable>,
}

/// A text with what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What it says.
    pub text: &'a str,
    /// What it is written in.
    pub language: Language,
    /// What it says about ports.
    pub analysis: &'a Analysis,
}

impl<'a> Document<'a> {
    /// The text as a place where literals may be replaced, as the project wants it.
    #[must_use]
    pub fn site(&self, facts: &'a Facts) -> Site<'a> {
        let file_name = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let path = facts.within(self.path);
        let around = facts.map.around(path);
        let runtime = runtime(path, self.text, self.language, facts.settings.packs(), &around);
        Site::new(file_name, self.text, self.language)
            .of_file(self.path, facts.settings.fallback())
            .running(runtime, around.bundled)
    }
}

impl Document<'_> {
    /// Whether the document lists what a project's environment may hold: a `.ports.env.example`
    /// and its like are made of the very numbers that rules speak about.
    fn is_example_of_ours(&self) -> bool {
        self.path.file_name().is_some_and(|name| name == ".ports.env.example")
    }
}

/// Every diagnostic of a document, in the order of the text. What the text or the
/// project's settings silence is left out.
#[must_use]
pub fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    check_selected(&Selection::default(), document, facts)
}

/// The diagnostics of the rules that are asked for, in the order of the text.
#[must_use]
pub fn check_selected(rules: &Selection, document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    if document.is_example_of_ours() || facts.is_left_out || facts.settings.ignores(document.path) {
        return Vec::new();
    }
    let mut diagnostics: Vec<Diagnostic> = Rule::ALL
        .into_iter()
        .filter(|rule| rules.includes(*rule, facts.scene))
        .flat_map(|rule| (rule.description().check)(document, facts))
        .filter(|found| !document.analysis.suppressions.covers(found.span.start, found.rule.name()))
        .filter_map(|found| facts.settings.apply(found))
        .collect();
    diagnostics.sort_by_key(|found| (found.span.start, found.span.end, found.rule));
    diagnostics
}

#[cfg(test)]
mod tests;
