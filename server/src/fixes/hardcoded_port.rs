//! Fixes of `hardcoded-port`: the variable of the port that the number stands for, which is registered where it has no
//! number on this machine yet.

use std::path::{Path, PathBuf};

use super::{Action, Applicability, Fix, computed_value};
use crate::analysis::{Literal, Occurrence};
use crate::project::map::{MappedPort, Renamed};
use crate::project::runtime::Runtime;
use crate::rewrite::{Site, is_certain as proven, rewrite, title};
use crate::rules::{Diagnostic, Document, Facts};
use crate::variable::Variable;

pub(super) fn fixes(
    diagnostic: &Diagnostic,
    document: &Document<'_>,
    facts: &Facts,
    site: &Site<'_>,
) -> Vec<Fix> {
    let Some((occurrence, literal)) = literal_at(diagnostic, document) else { return Vec::new() };
    let mut fixes = in_place(occurrence, literal, document, facts, site);
    fixes.extend(computed_value::fix(literal, diagnostic, document, facts));
    fixes
}

/// The fixes that put a variable in place of the literal.
fn in_place(
    occurrence: &Occurrence,
    literal: &Literal,
    document: &Document<'_>,
    facts: &Facts,
    site: &Site<'_>,
) -> Vec<Fix> {
    let path = facts.within(document.path);
    let place = Place { occurrence, literal, facts, path, site };
    let Some((port, known)) = facts.map.at(path, &occurrence.span) else {
        // It may be any of several ports with that number: somebody has to choose.
        return facts.map.with_default(literal.port).filter_map(|port| place.read(port, false)).collect();
    };
    match known.runtime {
        Runtime::Container | Runtime::Elsewhere => Vec::new(),
        // Where its code runs is not clear: somebody has to choose that, too.
        Runtime::Unclear => [Runtime::Browser, Runtime::Host]
            .into_iter()
            .filter_map(|runtime| Place { site: &site.running_in(runtime), ..place }.read(port, false))
            .collect(),
        Runtime::Host | Runtime::Browser | Runtime::Aside => {
            let by_map = place.read(port, known.runtime != Runtime::Aside);
            // A number that was typed after the port got it: nothing proves that it is the same port.
            let by_assignment = facts
                .variable(literal.port)
                .filter(|_| facts.map.with_default(literal.port).all(|it| it == port && !it.is_listed));
            match by_assignment {
                Some(variable) if *variable != port.variable => {
                    place.use_variable(variable, false).into_iter().chain(by_map).collect()
                }
                _ => by_map.into_iter().collect(),
            }
        }
    }
}

/// A literal that a variable is to take the place of.
#[derive(Clone, Copy)]
struct Place<'a> {
    occurrence: &'a Occurrence,
    literal: &'a Literal,
    facts: &'a Facts,
    /// The file, relative to the project's root.
    path: &'a Path,
    site: &'a Site<'a>,
}

impl Place<'_> {
    /// Reads the port's variable. Where that has no number yet, one is registered: the default number, if it can be had.
    fn read(&self, port: &MappedPort, is_certain: bool) -> Option<Fix> {
        if self.facts.port(&port.variable).is_some() {
            return self.use_variable(&port.variable, is_certain);
        }
        Some(Fix {
            title: match self.site.name_of(&port.variable)? {
                name if name == port.variable => {
                    format!("Register {} as {} and use it", self.literal.port, port.variable)
                }
                name => format!("Register {} as {} and use it as {name}", self.literal.port, port.variable),
            },
            edits: self.edits(&port.variable)?,
            action: Some(Action::Allocate {
                variable: port.variable.clone(),
                service: port.service,
                preferred: port.preferred_number(),
                public_name: self.renamed(&port.variable).map(|renamed| renamed.name),
            }),
            applicability: Applicability::Choice,
        })
    }

    fn use_variable(&self, variable: &Variable, is_certain: bool) -> Option<Fix> {
        let assigned = self.facts.port(variable)?;
        Some(Fix {
            title: format!("Use {} ({assigned})", title(self.site, variable)),
            edits: self.edits(variable)?,
            action: self.renamed(variable).map(Action::Rename),
            applicability: match is_certain && proven(self.site) {
                true => Applicability::Certain,
                false => Applicability::Choice,
            },
        })
    }

    fn edits(&self, variable: &Variable) -> Option<Vec<super::Edit>> {
        // The team gives pages another variable under that name.
        let is_taken = self
            .renamed(variable)
            .is_some_and(|Renamed { name, .. }| self.facts.variable_read_as(&name, self.path) != name);
        if is_taken {
            return None;
        }
        rewrite(self.site, self.literal, &self.occurrence.span, variable)
    }

    /// What `port-manager.toml` has to say so that the variable gets there.
    fn renamed(&self, variable: &Variable) -> Option<Renamed> {
        let name = self.site.name_of(variable)?;
        let is_given = name == *variable || self.facts.variable_read_as(&name, self.path) == *variable;
        (!is_given).then(|| Renamed { directory: PathBuf::new(), name, variable: variable.clone() })
    }
}

fn literal_at<'a>(diagnostic: &Diagnostic, document: &Document<'a>) -> Option<(&'a Occurrence, &'a Literal)> {
    let mut here = document.analysis.exactly_at(&diagnostic.span);
    here.find_map(|occurrence| Some((occurrence, occurrence.meaning.literal()?)))
}
