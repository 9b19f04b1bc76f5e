//! A diagnostic in, fixes out: text edits, and at most one thing to do when they are applied.

use std::ops::Range;

use crate::port::Port;
use crate::rules::{Diagnostic, Document, Facts};
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
    /// Whether it is the one that most people want (LSP 3.17, `CodeAction.isPreferred`).
    pub is_preferred: bool,
    /// Whether fix-all may apply it: it uses only what exists already.
    pub is_safe_for_all: bool,
}

/// A replacement of some bytes of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; empty for an insertion.
    pub span: Range<usize>,
    /// The text that comes.
    pub text: String,
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
    },
    /// Set the project up.
    Initialize,
}

/// The fixes for one diagnostic of the document, the preferred one first.
#[must_use]
pub fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let _ = (diagnostic, document, facts);
    Vec::new()
}
