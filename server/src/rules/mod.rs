//! Occurrences and project facts in, diagnostics out. One file per rule, its documentation in it.

mod facts;

use std::ops::Range;
use std::path::Path;

pub use facts::Facts;

use crate::analysis::{Analysis, Language};
use crate::port::Port;
use crate::variable::Variable;

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
    /// A line of `.ports.env` is not `KEY=PORT`.
    InvalidPortsEnv,
}

impl Rule {
    /// Every rule, in the order in which documentation lists them.
    pub const ALL: [Self; 5] = [
        Self::HardcodedPort,
        Self::UnsetPortVariable,
        Self::MissingPortsEnv,
        Self::PortConflict,
        Self::InvalidPortsEnv,
    ];

    /// Its name: `hardcoded-port`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HardcodedPort => "hardcoded-port",
            Self::UnsetPortVariable => "unset-port-variable",
            Self::MissingPortsEnv => "missing-ports-env",
            Self::PortConflict => "port-conflict",
            Self::InvalidPortsEnv => "invalid-ports-env",
        }
    }
}

/// How serious a diagnostic is (LSP 3.17, `DiagnosticSeverity`; none of ours is an error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing where one looks for it.
    Hint,
    /// Worth knowing.
    Information,
    /// Worth mending.
    Warning,
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

/// Every diagnostic of a document, in the order of the text.
#[must_use]
pub fn check(document: &Document<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let _ = (document, facts);
    Vec::new()
}
