//! The fixes of `invalid-ports-env`.

use super::{Applicability, Fix, set_up};
use crate::ports_env::{PortsEnv, ProblemKind};
use crate::rewrite::Edit;
use crate::rules::{Diagnostic, Document, Facts};

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let file = PortsEnv::parse(document.text);
    let problem = file.problems().iter().find(|problem| problem.span == diagnostic.span);
    match problem.map(|problem| &problem.kind) {
        None => Vec::new(),
        Some(ProblemKind::NotAPort { variable, is_left_out: true }) => {
            let number = facts.available_numbers(variable, &file).next();
            let give = number.zip(file.gap_at(&diagnostic.span)).map(|(number, gap)| {
                fix(&format!("Give {variable} the number {number}"), Edit::insert(gap, number.to_string()))
            });
            give.into_iter().chain([set_up(facts)]).collect()
        }
        // What is not a port may be written down nowhere else.
        Some(
            ProblemKind::NotAnAssignment
            | ProblemKind::NotAPort { .. }
            | ProblemKind::NotAPortVariable { .. },
        ) => {
            let start = line_start(document.text, diagnostic);
            vec![fix("Make this line a comment", Edit::insert(start, "# "))]
        }
        Some(ProblemKind::DuplicateVariable { .. } | ProblemKind::DuplicatePort { .. }) => {
            let start = line_start(document.text, diagnostic);
            let end = document.text[diagnostic.span.end..]
                .find('\n')
                .map_or(document.text.len(), |newline| diagnostic.span.end + newline + 1);
            vec![fix("Remove this line", Edit::replace(start..end, ""))]
        }
    }
}

fn line_start(text: &str, diagnostic: &Diagnostic) -> usize {
    text[..diagnostic.span.start].rfind('\n').map_or(0, |newline| newline + 1)
}

fn fix(title: &str, edit: Edit) -> Fix {
    Fix { title: title.to_owned(), edits: vec![edit], action: None, applicability: Applicability::Preferred }
}
