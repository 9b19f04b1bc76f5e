//! A diagnostic in, fixes out: text edits, and at most one thing to do when they are applied.
//!
//! A fix is offered only if the text still parses with it and the diagnostic is gone: every one is
//! tried on a copy first.

mod all;
mod computed_value;
mod duplicate_port_variable;
mod exceptions;
mod extract;
mod fallback_mismatch;
mod hardcoded_port;
mod ignore_line;
mod invalid_line;
mod port_conflict;
mod unregistered_port;
mod unset_port_variable;
mod unwired_ports_env;

pub use crate::rewrite::{Edit, apply};
pub use all::FixAll;
pub(crate) use computed_value::{computed_value, name_of};
pub use extract::extract;

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::analysis::{Analysis, Meaning, SyntaxCache, analyze_by};
use crate::port::Port;
use crate::project::map::Renamed;
use crate::rewrite::{Fallback, Site};
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
    /// Have a way of starting the project load `.ports.env`, by that target of `port-manager integrate`.
    Integrate(&'static str),
    /// Add an entry to the project's settings: what rules are to be quiet about, or a computed value.
    Configure(Exception),
}

/// Finds the fixes for the diagnostics of one document. What is asked of the whole text is answered once for all of them.
#[derive(Debug)]
pub struct Fixer<'a> {
    document: Document<'a>,
    facts: &'a Facts,
    site: OnceCell<Site<'a>>,
    syntax_errors: OnceCell<usize>,
}

impl<'a> Fixer<'a> {
    /// For a document of the project that these facts are about.
    #[must_use]
    pub fn new(document: &Document<'a>, facts: &'a Facts) -> Self {
        Self { document: *document, facts, site: OnceCell::new(), syntax_errors: OnceCell::new() }
    }

    /// The fixes for one diagnostic, the preferred one first.
    #[must_use]
    pub fn fixes(&self, diagnostic: &Diagnostic) -> Vec<Fix> {
        let mut fixes = self.repairs(diagnostic);
        fixes.extend(ignore_line::fix(diagnostic, &self.document));
        fixes.extend(exceptions::fixes(diagnostic, &self.document, self.facts));
        fixes.retain(|fix| self.keeps_its_promise(fix, diagnostic));
        if !fixes.iter().any(Fix::is_preferred)
            && let Some(first) = fixes.first_mut().filter(|fix| fix.is_repair())
        {
            first.applicability = Applicability::Preferred;
        }
        fixes
    }

    /// The first fix that repairs something: what is shown where there is no menu.
    #[must_use]
    pub fn first_repair(&self, diagnostic: &Diagnostic) -> Option<Fix> {
        self.repairs(diagnostic).into_iter().find(|fix| self.keeps_its_promise(fix, diagnostic))
    }

    /// What a rule has to offer, not yet tried.
    fn repairs(&self, diagnostic: &Diagnostic) -> Vec<Fix> {
        let (document, facts) = (&self.document, self.facts);
        match diagnostic.rule {
            Rule::HardcodedPort => hardcoded_port::fixes(diagnostic, document, facts, self.site()),
            Rule::UnsetPortVariable => unset_port_variable::fixes(diagnostic, document, facts),
            Rule::MissingPortsEnv => vec![set_up(facts)],
            Rule::PortConflict => port_conflict::fixes(diagnostic, self.facts),
            Rule::UnregisteredPort => unregistered_port::fixes(diagnostic, document, facts),
            Rule::InvalidPortsEnv => invalid_line::fixes(diagnostic, document, facts),
            Rule::CommittedPortsEnv => vec![initialize("Add .ports.env to .gitignore".to_owned())],
            Rule::UnwiredPortsEnv => unwired_ports_env::fixes(document, facts),
            Rule::DuplicatePortVariable => duplicate_port_variable::fixes(diagnostic, document, facts),
            Rule::FallbackMismatch => fallback_mismatch::fixes(diagnostic, document, facts),
        }
    }

    fn site(&self) -> &Site<'a> {
        self.site.get_or_init(|| self.document.site(self.facts))
    }

    /// Whether the text with the fix still parses as well as before and no longer has what the diagnostic is about.
    fn keeps_its_promise(&self, fix: &Fix, diagnostic: &Diagnostic) -> bool {
        if fix.edits.is_empty() {
            return true;
        }
        let Some((fixed, analysis)) = self.tried(&fix.edits) else { return false };
        if !fix.is_repair() {
            return ignore_line::is_comment(fix, &fixed, self.document.language);
        }
        !diagnostic.rule.is_about_a_number() || self.are_rewritten(&analysis, diagnostic.port)
    }

    /// The text with the edits and what it says, where it has no more syntax errors than before.
    fn tried(&self, edits: &[Edit]) -> Option<(String, Analysis)> {
        let Document { text, language, .. } = self.document;
        let fixed = apply(text, edits)?;
        let analysis = analyze_by(&fixed, language, self.facts.settings.packs(), &mut SyntaxCache::default());
        let errors = analysis.syntax_errors.unwrap_or_else(|| language.syntax_errors(&fixed));
        (errors <= self.syntax_errors()).then_some((fixed, analysis))
    }

    /// How many places of the document the grammar cannot parse.
    fn syntax_errors(&self) -> usize {
        let Document { text, language, analysis, .. } = self.document;
        *self
            .syntax_errors
            .get_or_init(|| analysis.syntax_errors.unwrap_or_else(|| language.syntax_errors(text)))
    }

    /// Whether the typed numbers of these ports are gone, each left as the default of a variable where the project wants
    /// that, and no literal is there that was not before. Others may be gone with them: what a name is compared with, or
    /// given in a second place, is a default once the name is read from the environment.
    fn are_rewritten(&self, after: &Analysis, gone: impl IntoIterator<Item = Port>) -> bool {
        let before = self.document.analysis;
        let gone = Ports::of(gone);
        let literal = |meaning: &Meaning| meaning.literal().map(|literal| literal.port);
        let default = |meaning: &Meaning| match meaning {
            Meaning::Fallback { port, variable: Some(_), address: None } => Some(*port),
            _ => None,
        };
        let expected = Ports::in_text(before, literal).without(&gone);
        let is_without =
            expected.is_some_and(|expected| expected.without(&Ports::in_text(after, literal)).is_some());
        let is_kept = || {
            let defaults = Ports::in_text(after, default).without(&Ports::in_text(before, default));
            defaults.is_some_and(|new| new.without(&gone).is_some())
        };
        is_without && (self.facts.settings.fallback() == Fallback::None || is_kept())
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

/// Numbers of ports, each with how often it occurs.
#[derive(Debug, Default)]
struct Ports(HashMap<Port, usize>);

impl Ports {
    fn of(ports: impl IntoIterator<Item = Port>) -> Self {
        let mut counted = Self::default();
        ports.into_iter().for_each(|port| *counted.0.entry(port).or_default() += 1);
        counted
    }

    /// The numbers of a text's occurrences.
    fn in_text(analysis: &Analysis, port: impl Fn(&Meaning) -> Option<Port>) -> Self {
        Self::of(analysis.occurrences.iter().filter_map(|occurrence| port(&occurrence.meaning)))
    }

    /// The numbers less the others; `None` where one of these does not occur so often.
    fn without(mut self, others: &Self) -> Option<Self> {
        for (port, count) in &others.0 {
            let left = self.0.get_mut(port)?;
            *left = left.checked_sub(*count)?;
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests;
