//! Fixes of `hardcoded-port`: the variable of the port that the number stands for, which is registered where it has no
//! number on this machine yet.

use super::{Action, Fix};
use crate::analysis::{Language, Literal, Occurrence};
use crate::exchange::{exchange, title};
use crate::project::map::MappedPort;
use crate::project::runtime::Runtime;
use crate::rules::{Diagnostic, Document, Facts};
use crate::variable::Variable;

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let Some((occurrence, literal)) = literal_at(diagnostic, document) else { return Vec::new() };
    let path = facts.within(document.path);
    let place = Place { occurrence, literal, document, facts };
    if let Some((port, known)) = facts.map.at(path, &occurrence.span) {
        if !can_read_the_environment(known.runtime, document.language) {
            return Vec::new();
        }
        let is_certain = known.runtime == Runtime::Host;
        let by_map = place.read(port, is_certain);
        // A number that was typed after the port got it: nothing proves that it is the same port.
        let by_assignment = facts
            .variable(literal.port)
            .filter(|_| facts.map.with_default(literal.port).all(|it| it == port && !it.is_listed));
        return match by_assignment {
            Some(variable) if *variable != port.variable => {
                place.use_variable(variable, false).into_iter().chain(by_map).collect()
            }
            _ => by_map.into_iter().collect(),
        };
    }
    // It may be any of several ports with that number: somebody has to choose.
    facts.map.with_default(literal.port).filter_map(|port| place.read(port, false)).collect()
}

/// Whether code that runs there can read a variable of this machine's environment.
fn can_read_the_environment(runtime: Runtime, language: Language) -> bool {
    match runtime {
        Runtime::Host | Runtime::Aside => true,
        // What a format expands, a tool of this machine has expanded before a browser gets it.
        Runtime::Browser => !language.is_program() && language != Language::Html,
        Runtime::Container | Runtime::Elsewhere => false,
    }
}

/// A literal that a variable is to take the place of.
struct Place<'a> {
    occurrence: &'a Occurrence,
    literal: &'a Literal,
    document: &'a Document<'a>,
    facts: &'a Facts,
}

impl Place<'_> {
    /// Reads the port's variable. Where that has no number yet, one is registered: the default number, if it can be had.
    fn read(&self, port: &MappedPort, is_certain: bool) -> Option<Fix> {
        if self.facts.port(&port.variable).is_some() {
            return self.use_variable(&port.variable, is_certain);
        }
        Some(Fix {
            title: format!("Register {} as {} and use it", self.literal.port, port.variable),
            edits: self.edits(&port.variable)?,
            action: Some(Action::Allocate {
                variable: port.variable.clone(),
                service: port.service,
                preferred: port.preferred_number(),
            }),
            is_preferred: false,
            is_safe_for_all: false,
            is_suppression: false,
        })
    }

    fn use_variable(&self, variable: &Variable, is_certain: bool) -> Option<Fix> {
        let assigned = self.facts.port(variable)?;
        Some(Fix {
            title: format!("Use {} ({assigned})", title(self.document.language, variable)),
            edits: self.edits(variable)?,
            action: None,
            is_preferred: is_certain,
            is_safe_for_all: is_certain,
            is_suppression: false,
        })
    }

    fn edits(&self, variable: &Variable) -> Option<Vec<super::Edit>> {
        exchange(&self.document.site(self.facts), self.literal, &self.occurrence.span, variable)
    }
}

fn literal_at<'a>(diagnostic: &Diagnostic, document: &Document<'a>) -> Option<(&'a Occurrence, &'a Literal)> {
    let mut here =
        document.analysis.occurrences.iter().filter(|occurrence| occurrence.span == diagnostic.span);
    here.find_map(|occurrence| Some((occurrence, occurrence.meaning.literal()?)))
}
