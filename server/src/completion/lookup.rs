//! Where a program or format reads a variable: the project's port variables, with the default number as fixes write it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::variables::{Known, Listening, known};
use super::{At, Offer};
use crate::analysis::{Language, Meaning, SyntaxCache, TypedLookup, analyze_by};
use crate::port::Port;
use crate::rewrite::{Edit, Fallback, Site, expanded_with_default, expansion_around, with_default};
use crate::rules::{Document, Facts};
use crate::variable::Variable;

/// The number that is written first, until each variable's own takes its place: one that every reader takes for a port.
const NUMBER: &str = "8080";

/// The variables that may be read at a place.
pub(super) fn offers(at: At<'_>, language: Language, facts: &Facts) -> Vec<Offer> {
    let packs = facts.settings.packs();
    let Some(typed) = TypedLookup::at(at.text, at.offset, language, packs) else { return Vec::new() };
    let lookup = Lookup { at, language, facts, typed };
    let path = facts.within(at.path);
    let known = known(facts, path, &lookup.typed.name);
    let listening = Listening::on(&known);
    let site = lookup.document().site(facts);
    let defined_here = lookup.defined_here();
    let pattern = lookup.pattern(&site);
    let named = known.iter().flat_map(|it| lookup.names(it, &site).into_iter().map(move |name| (it, name)));
    let offers = named.map(|(known, name)| {
        let default = known.default.filter(|_| !defined_here.contains(&name));
        let written = match (&pattern, default) {
            (Some(pattern), Some(default)) => pattern.of(&name, default),
            _ => {
                Written { edit: Edit::replace(lookup.typed.name.clone(), name.as_str()), besides: Vec::new() }
            }
        };
        let before = at.text.get(written.edit.span.start..lookup.typed.name.start).unwrap_or_default();
        let filter = format!("{before}{name}");
        Offer { filter, besides: written.besides, ..known.offer(&name, written.edit, facts, &listening) }
    });
    offers.collect()
}

/// A lookup that is being typed in a document.
struct Lookup<'a> {
    at: At<'a>,
    language: Language,
    facts: &'a Facts,
    typed: TypedLookup,
}

/// What is written for a variable.
struct Written {
    edit: Edit,
    besides: Vec<Edit>,
}

/// What is written for any variable, with the name that was put in and [`NUMBER`].
struct Pattern<'a> {
    name: &'a str,
    written: Written,
}

impl Pattern<'_> {
    fn of(&self, name: &Variable, default: Port) -> Written {
        let text =
            self.written.edit.text.replace(self.name, name.as_str()).replace(NUMBER, &default.to_string());
        let besides = self.written.besides.clone();
        Written { edit: Edit::replace(self.written.edit.span.clone(), text), besides }
    }
}

impl Lookup<'_> {
    fn document(&self) -> Document<'_> {
        let TypedLookup { finished, analysis, .. } = &self.typed;
        Document { path: self.at.path, text: finished, language: self.language, analysis }
    }

    /// The name that was put in.
    fn name(&self) -> &str {
        &self.typed.finished[self.typed.finished_name.clone()]
    }

    /// The names under which the file reads a variable: what `port-manager.toml` gives the component, then its own, or the one
    /// that a bundler wants.
    fn names(&self, known: &Known, site: &Site<'_>) -> Vec<Variable> {
        let directory = self.facts.within(self.at.path).parent();
        let renamed = self.facts.settings.renamed_in(&self.facts.root).into_iter().filter(|entry| {
            entry.variable == known.variable
                && directory.is_some_and(|directory| directory.starts_with(&entry.directory))
                && self.facts.map.meant(&entry.name).is_none()
        });
        let mut names: Vec<Variable> = renamed.map(|entry| entry.name).collect();
        for name in site.names_of(&known.variable) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The variables that the file itself gives a value or a default: only their names are missing.
    fn defined_here(&self) -> BTreeSet<Variable> {
        if self.language.is_program() {
            return BTreeSet::new();
        }
        let occurrences = self.typed.analysis.occurrences.iter();
        let defined = occurrences.filter_map(|occurrence| match &occurrence.meaning {
            Meaning::Definition { variable, .. } => Some(variable.clone()),
            Meaning::Fallback { variable: Some(variable), .. } => Some(variable.clone()),
            _ => None,
        });
        defined.collect()
    }

    /// What is written for a variable with a default number; `None` where only its name is.
    fn pattern<'s>(&'s self, site: &Site<'_>) -> Option<Pattern<'s>> {
        if self.typed.has_default || self.facts.settings.fallback() == Fallback::None {
            return None;
        }
        let written = if self.language.is_program() { self.in_program(site) } else { self.in_format(site) }?;
        // An editor completes within a line.
        let span = &written.edit.span;
        let is_in_line = self.at.text.get(span.clone()).is_some_and(|text| !text.contains(['\n', '\r']));
        (is_in_line && span.start <= self.at.offset && self.at.offset <= span.end)
            .then_some(Pattern { name: self.name(), written })
    }

    fn in_program(&self, site: &Site<'_>) -> Option<Written> {
        let typed = &self.typed;
        let expression = typed.expression.as_ref()?;
        let name: Variable = self.name().parse().ok()?;
        let with = with_default(site, expression, &typed.finished_name, &name, NUMBER.parse().ok()?)?;
        if with.is_other_call && !self.reads_the_same(expression, &with.text) {
            return None;
        }
        // What is to be imported has its place before the lookup, where the text is as it was typed.
        if with.imports.iter().any(|edit| edit.span.end > expression.start) {
            return None;
        }
        let head = typed.finished.get(expression.start..typed.finished_name.start)?;
        let end = typed.typed(expression.end);
        let edit = match with.text.strip_prefix(head) {
            Some(rest) => Edit::replace(typed.name.start..end, rest),
            None => Edit::replace(typed.typed(expression.start)..end, with.text.as_str()),
        };
        Some(Written { edit, besides: with.imports })
    }

    /// Whether another call in place of the lookup reads the variable by the same row, now with a default.
    fn reads_the_same(&self, expression: &Range<usize>, other: &str) -> bool {
        let typed = &self.typed;
        let edit = Edit::replace(expression.clone(), other);
        let Some(text) = crate::rewrite::apply(&typed.finished, &[edit]) else { return false };
        let packs = self.facts.settings.packs();
        let analysis = analyze_by(&text, self.language, packs, &mut SyntaxCache::default());
        let end = expression.start + other.len();
        analysis.occurrences.iter().any(|it| {
            let is_there = expression.start <= it.span.start && it.span.end <= end;
            let reads = matches!(it.meaning, Meaning::Reference { has_default: true, .. });
            is_there && reads && it.decided_by == typed.decided_by
        })
    }

    fn in_format(&self, site: &Site<'_>) -> Option<Written> {
        let typed = &self.typed;
        let around = expansion_around(site, &typed.finished_name)?;
        let edit = Edit::replace(around.clone(), NUMBER);
        let text = crate::rewrite::apply(&typed.finished, &[edit])?;
        let packs = self.facts.settings.packs();
        let analysis = analyze_by(&text, self.language, packs, &mut SyntaxCache::default());
        let span = around.start..around.start + NUMBER.len();
        let literal = analysis.exactly_at(&span).find_map(|occurrence| occurrence.meaning.literal())?;
        let document =
            Document { path: self.at.path, text: &text, language: self.language, analysis: &analysis };
        let name: Variable = self.name().parse().ok()?;
        let edit = expanded_with_default(&document.site(self.facts), literal, &span, &name)?;
        let end = typed.typed(edit.span.end - span.end + around.end);
        let start = edit.span.start;
        // As little as possible is replaced, so that what is typed finds it.
        let head = typed.finished.get(start..typed.finished_name.start)?;
        let edit = match edit.text.strip_prefix(head) {
            Some(rest) => Edit::replace(typed.name.start..end, rest),
            None => Edit::replace(start..end, edit.text),
        };
        Some(Written { edit, besides: Vec::new() })
    }
}
