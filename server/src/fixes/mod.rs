//! A diagnostic in, fixes out: text edits, and at most one thing to do when they are applied.
//!
//! A fix is offered only if the text still parses with it and the diagnostic is gone: every one is
//! tried on a copy first.

mod all;
mod duplicate_port_variable;
mod exceptions;
mod fallback_mismatch;
mod hardcoded_port;
mod ignore_line;
mod invalid_line;
mod port_conflict;
mod unregistered_port;
mod unset_port_variable;

pub use crate::rewrite::{Edit, apply};
pub use all::{FixAll, fix_all};

use crate::analysis::{Analysis, Meaning, SyntaxCache, analyze_by};
use crate::port::Port;
use crate::project::map::Renamed;
use crate::rewrite::Fallback;
use crate::rules::{Diagnostic, Document, Exception, Facts, Rule};
use crate::service::Service;
use crate::variable::Variable;

/// A repair that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a menu entry: `Use process.env.WEB_PORT (8000)`.
    pub title: String,
    /// The edits of the document, in the order of the text, none overlapping another.
    pub edits: Vec<Edit>,
    /// What is to be done besides the edits when the fix is applied, never when it is offered.
    pub action: Option<Action>,
    /// Who may apply it.
    pub applicability: Applicability,
}

/// Who may apply a fix, the least applicable first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// A person who wants the rule to be quiet: it repairs nothing.
    Suppression,
    /// A person who chooses it among others.
    Choice,
    /// A person, and it is what most want (LSP 3.17, `CodeAction.isPreferred`).
    Preferred,
    /// Fix-all too: it needs no decision.
    Certain,
}

impl Fix {
    /// Whether it repairs what the rule found.
    #[must_use]
    pub fn is_repair(&self) -> bool {
        self.applicability > Applicability::Suppression
    }

    /// Whether it is the one that most people want.
    #[must_use]
    pub fn is_preferred(&self) -> bool {
        self.applicability >= Applicability::Preferred
    }

    /// Whether fix-all may apply it.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.applicability == Applicability::Certain
    }
}

/// What a fix does besides its edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Give the project a port for the variable.
    Allocate {
        /// The variable.
        variable: Variable,
        /// The range that the port comes from when the preferred one cannot be had.
        service: Service,
        /// The number to keep if nobody owns it.
        preferred: Option<Port>,
        /// The name under which a page reads the variable, where `port-manager.toml` does not say so yet.
        public_name: Option<Variable>,
    },
    /// Have `port-manager.toml` say that code reads a variable under another name.
    Rename(Renamed),
    /// Set the project up.
    Initialize,
    /// Have the project's settings say that rules are to be quiet.
    Configure(Exception),
}

/// The fixes for one diagnostic of the document, the preferred one first.
#[must_use]
pub fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let mut fixes = repairs(diagnostic, document, facts);
    fixes.extend(ignore_line::fix(diagnostic, document));
    fixes.extend(exceptions::fixes(diagnostic, document, facts));
    fixes.retain(|fix| keeps_its_promise(fix, diagnostic, document, facts));
    if !fixes.iter().any(Fix::is_preferred)
        && let Some(first) = fixes.first_mut().filter(|fix| fix.is_repair())
    {
        first.applicability = Applicability::Preferred;
    }
    fixes
}

/// The first fix that repairs something: what is shown where there is no menu.
#[must_use]
pub fn first_repair(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Option<Fix> {
    repairs(diagnostic, document, facts)
        .into_iter()
        .find(|fix| keeps_its_promise(fix, diagnostic, document, facts))
}

/// What a rule has to offer, not yet tried.
fn repairs(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    match diagnostic.rule {
        Rule::HardcodedPort => hardcoded_port::fixes(diagnostic, document, facts),
        Rule::UnsetPortVariable => unset_port_variable::fixes(diagnostic, document, facts),
        Rule::MissingPortsEnv => vec![set_up(facts)],
        Rule::PortConflict => port_conflict::fixes(diagnostic),
        Rule::UnregisteredPort => unregistered_port::fixes(diagnostic, document, facts),
        Rule::InvalidPortsEnv => invalid_line::fixes(diagnostic, document, facts),
        Rule::CommittedPortsEnv => vec![initialize("Add .ports.env to .gitignore".to_owned())],
        Rule::DuplicatePortVariable => duplicate_port_variable::fixes(diagnostic, document, facts),
        Rule::FallbackMismatch => fallback_mismatch::fixes(diagnostic, document, facts),
    }
}

/// Sets the project up.
fn set_up(facts: &Facts) -> Fix {
    initialize(format!("Run port-manager init in {}", facts.root.name()))
}

/// What `init` does: registers what the file says, and has git ignore it.
fn initialize(title: String) -> Fix {
    Fix {
        title,
        edits: Vec::new(),
        action: Some(Action::Initialize),
        applicability: Applicability::Preferred,
    }
}

/// Whether the text with the fix still parses as well as before and no longer has what the diagnostic is about.
fn keeps_its_promise(fix: &Fix, diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> bool {
    if fix.edits.is_empty() {
        return true;
    }
    let Some(fixed) = apply(document.text, &fix.edits) else { return false };
    let packs = facts.settings.packs();
    let analysis = analyze_by(&fixed, document.language, packs, &mut SyntaxCache::default());
    if !parses_as_well(&analysis, &fixed, document) {
        return false;
    }
    if !fix.is_repair() {
        return ignore_line::is_comment(fix, &fixed, document.language);
    }
    match diagnostic.rule {
        rule if rule.is_about_a_number() => {
            are_rewritten(&analysis, document.analysis, diagnostic.port, facts)
        }
        _ => true,
    }
}

/// Whether the text that was made of the document's has no more syntax errors than that.
fn parses_as_well(analysis: &Analysis, fixed: &str, document: &Document<'_>) -> bool {
    let errors = |analysis: &Analysis, text| {
        analysis.syntax_errors.unwrap_or_else(|| document.language.syntax_errors(text))
    };
    errors(analysis, fixed) <= errors(document.analysis, document.text)
}

/// Whether the typed numbers of these ports are gone, each left as the default of a variable where the project wants that, and
/// no literal is there that was not before. Others may be gone with them: what a name is compared with, or given in a second
/// place, is a default once the name is read from the environment.
fn are_rewritten(
    after: &Analysis,
    before: &Analysis,
    gone: impl IntoIterator<Item = Port>,
    facts: &Facts,
) -> bool {
    let gone: Vec<Port> = gone.into_iter().collect();
    let literal = |meaning: &Meaning| meaning.literal().map(|literal| literal.port);
    let default = |meaning: &Meaning| match meaning {
        Meaning::Fallback { port, variable: Some(_), address: None } => Some(*port),
        _ => None,
    };
    let expected = without(ports(before, literal), gone.iter().copied());
    let is_without = expected.is_some_and(|expected| without(expected, ports(after, literal)).is_some());
    let is_kept = || {
        without(ports(after, default), ports(before, default))
            .is_some_and(|new| without(new, gone.iter().copied()).is_some())
    };
    is_without && (facts.settings.fallback() == Fallback::None || is_kept())
}

/// The numbers that stand for something in a text, as often as they do.
fn ports(analysis: &Analysis, port: impl Fn(&Meaning) -> Option<Port>) -> Vec<Port> {
    analysis.occurrences.iter().filter_map(|occurrence| port(&occurrence.meaning)).collect()
}

/// The numbers without those that are taken away; `None` where one of these is not among them.
fn without(mut ports: Vec<Port>, taken: impl IntoIterator<Item = Port>) -> Option<Vec<Port>> {
    for port in taken {
        let at = ports.iter().position(|other| *other == port)?;
        ports.swap_remove(at);
    }
    Some(ports)
}

#[cfg(test)]
mod tests;
