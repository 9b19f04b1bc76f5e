//! Fixes of `hardcoded-port`: use a variable that exists, or register the number and use that.

use super::{Action, Fix, naming};
use crate::analysis::{Literal, Meaning, Occurrence};
use crate::exchange::{exchange, title};
use crate::port::Port;
use crate::registry::Owner;
use crate::rules::{Diagnostic, Document, Facts};
use crate::service::Service;
use crate::variable::Variable;

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let Some((occurrence, literal)) = literal_at(diagnostic, document) else { return Vec::new() };
    let suggested = naming::suggest(literal, document, facts);
    let mut fixes: Vec<Fix> = existing(literal, &suggested, facts)
        .into_iter()
        // What the document reads already for another number is another service.
        .filter(|(variable, port, _)| *port == literal.port || !reads(document, variable))
        .filter_map(|(variable, port, is_certain)| {
            Some(Fix {
                title: format!("Use {} ({port})", title(document.language, variable)),
                edits: exchange(&document.site(facts), literal, &occurrence.span, variable)?,
                action: None,
                is_preferred: is_certain,
                is_safe_for_all: is_certain,
                is_suppression: false,
            })
        })
        .collect();
    if facts.variable(literal.port).is_none() {
        fixes.extend(register(occurrence, literal, &suggested, document, facts));
    }
    fixes
}

fn literal_at<'a>(diagnostic: &Diagnostic, document: &Document<'a>) -> Option<(&'a Occurrence, &'a Literal)> {
    document.analysis.occurrences.iter().find_map(|occurrence| match &occurrence.meaning {
        Meaning::Literal(literal) if occurrence.span == diagnostic.span => Some((occurrence, literal)),
        _ => None,
    })
}

fn reads(document: &Document<'_>, variable: &Variable) -> bool {
    document.analysis.occurrences.iter().any(|occurrence| {
        matches!(&occurrence.meaning, Meaning::Reference { variable: other, .. } if other == variable)
    })
}

/// The variables of the project that may be meant, the likeliest first: the one with this very
/// port, which is certain; the one of the suggested name; those of the same service.
fn existing<'a>(
    literal: &Literal,
    suggested: &Variable,
    facts: &'a Facts,
) -> Vec<(&'a Variable, Port, bool)> {
    let Some(ports_env) = &facts.ports_env else { return Vec::new() };
    let service = Service::of_name(suggested.as_str());
    let likeness = |variable: &Variable, port: Port| match () {
        () if port == literal.port => Some(0),
        () if variable == suggested => Some(1),
        () if service.is_some() && Service::of_name(variable.as_str()) == service => Some(2),
        () => None,
    };
    let mut found: Vec<_> = ports_env
        .definitions()
        .iter()
        .filter_map(|definition| {
            Some((likeness(&definition.variable, definition.port)?, &definition.variable, definition.port))
        })
        .collect();
    found.sort_by_key(|(likeness, ..)| *likeness);
    // With the very number at hand no other is meant.
    if found.first().is_some_and(|(likeness, ..)| *likeness == 0) {
        found.truncate(1);
    }
    found.into_iter().map(|(likeness, variable, port)| (variable, port, likeness == 0)).collect()
}

fn register(
    occurrence: &Occurrence,
    literal: &Literal,
    suggested: &Variable,
    document: &Document<'_>,
    facts: &Facts,
) -> Option<Fix> {
    let variable = naming::unused(suggested, facts);
    let preferred = kept_number(literal.port, facts);
    let edits = exchange(&document.site(facts), literal, &occurrence.span, &variable)?;
    Some(Fix {
        title: match preferred {
            Some(port) => format!("Register {port} as {variable} and use it"),
            None => format!("Register a port as {variable} and use it"),
        },
        edits,
        action: Some(Action::Allocate {
            service: Service::of_variable(&variable, Some(literal.port)),
            variable,
            preferred,
        }),
        is_preferred: false,
        is_safe_for_all: false,
        is_suppression: false,
    })
}

/// The literal's own number, where it lies in a range and nobody else owns it: then nothing else in
/// the project breaks.
fn kept_number(port: Port, facts: &Facts) -> Option<Port> {
    let is_ours = match facts.registry.owner(port) {
        None => true,
        Some(Owner::Project { key, .. }) => Some(key) == facts.root.key().ok(),
        Some(Owner::Reservation { .. }) => false,
    };
    (is_ours && Service::of_port(port).is_some() && !port.is_blocked_by_browsers()).then_some(port)
}
