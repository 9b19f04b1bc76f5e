//! `port-manager.toml`: tables, keys and values by the JSON Schema of the file, and what the project has for them: variables,
//! directories, paths.

mod place;
mod schema;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::variables::{Listening, known};
use super::{At, Kind, Offer, around};
use crate::rewrite::Edit;
use crate::rules::Facts;
use place::{Place, Position};
use schema::{Choice, Node};

/// What may be written at a place of the file.
pub(super) fn offers(at: At<'_>, facts: &Facts) -> Vec<Offer> {
    let Some(place) = Place::at(at.text, at.offset) else { return Vec::new() };
    let table = Node::root().below(&place.table);
    match &place.position {
        Position::Header { start } => tables(at, facts, *start),
        Position::Key => {
            let mut offers = table.map_or_else(Vec::new, |table| keys(at, facts, &place, &table));
            let line_start = super::line_around(at.text, at.offset).start;
            let word = word(at);
            // A line may also begin another table.
            if at.text[line_start..word.start].trim().is_empty() {
                offers.extend(tables(at, facts, word.start));
            }
            offers
        }
        Position::Value { key, quote } => {
            let path: Vec<String> = place.table.iter().cloned().chain(key.iter().cloned()).collect();
            let Some(node) = Node::root().below(&path) else { return Vec::new() };
            values(at, facts, &path, &node, *quote)
        }
    }
}

/// A bare key, or a value without quotes.
fn word(at: At<'_>) -> Range<usize> {
    around(at.text, at.offset, |it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'))
}

fn offer(label: impl Into<String>, kind: Kind, edit: Edit, about: Option<String>) -> Offer {
    let label = label.into();
    Offer {
        filter: label.clone(),
        label,
        kind,
        edit,
        besides: Vec::new(),
        hint: None,
        detail: None,
        lines: about.into_iter().collect(),
    }
}

/// The headers of tables, in place of what a line begins with.
fn tables(at: At<'_>, facts: &Facts, start: usize) -> Vec<Offer> {
    let line = super::line_around(at.text, at.offset);
    // What is left of the header behind the cursor.
    let rest = &at.text[at.offset..line.end];
    let length = rest.find([' ', '#', '=']).unwrap_or(rest.len());
    let span = start..at.offset + length;
    let typed = &at.text[start..at.offset];
    let brackets = &typed[..typed.len() - typed.trim_start_matches('[').len()];
    let named = Node::root().tables().flat_map(|(name, node)| match node.is_open_of_tables() {
        true => directories(facts)
            .into_iter()
            .map(|directory| (format!("{name}.\"{directory}\""), node.clone()))
            .collect(),
        false => vec![(name.to_owned(), node)],
    });
    let offers = named.map(|(name, node)| {
        let header = if node.is_list() { format!("[[{name}]]") } else { format!("[{name}]") };
        let edit = Edit::replace(span.clone(), header.as_str());
        Offer { filter: format!("{brackets}{name}"), ..offer(header, Kind::Table, edit, node.description()) }
    });
    offers.collect()
}

/// The directories that a table of `[run]` may be about.
fn directories(facts: &Facts) -> Vec<String> {
    let components = facts.map.components().directories().filter_map(Path::to_str);
    [".".to_owned()].into_iter().chain(components.map(|path| path.replace('\\', "/"))).collect()
}

/// The keys of a table that it does not have yet.
fn keys(at: At<'_>, facts: &Facts, place: &Place, table: &Node) -> Vec<Offer> {
    let word = word(at);
    let line = super::line_around(at.text, at.offset);
    let has_value = at.text[word.end..line.end].trim_start().starts_with('=');
    let text = |name: &str| if has_value { name.to_owned() } else { format!("{name} = ") };
    let is_new = |name: &str| !place.keys.iter().any(|key| key == name) || at.text[word.clone()] == *name;
    let known = table.keys().filter(|(name, _)| is_new(name));
    let mut offers: Vec<Offer> = known
        .map(|(name, node)| {
            offer(name, Kind::Key, Edit::replace(word.clone(), text(name)), node.description())
        })
        .collect();
    if place.table.first().is_some_and(|name| name == "run") {
        let named = facts.map.ports().iter().flat_map(|port| {
            let bare = port.reads_bare_port.is_some().then(|| "PORT".to_owned());
            bare.into_iter().chain(port.public_names.iter().map(ToString::to_string))
        });
        let named: BTreeSet<String> = named.filter(|name| is_new(name)).collect();
        let about = || Some("A name under which code here reads a port variable.".to_owned());
        offers.extend(named.iter().map(|name| {
            offer(name.as_str(), Kind::Variable, Edit::replace(word.clone(), text(name)), about())
        }));
    }
    offers
}

/// What a key may have as its value, or as one of its values. `quote` is where the text begins that the place is in.
fn values(at: At<'_>, facts: &Facts, path: &[String], node: &Node, quote: Option<usize>) -> Vec<Offer> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match (names.as_slice(), quote) {
        (["env", _], Some(_)) => return in_computed_value(at, facts),
        (["run", _, _], _) => {
            let variables = known(facts, Path::new(""), &(0..0));
            let listening = Listening::on(&variables);
            let offers = variables.iter().map(|it| {
                let edit = in_quotes(at, quote, it.variable.as_str());
                it.offer(&it.variable, edit, facts, &listening)
            });
            return offers.collect();
        }
        (["ignore"], _) => {
            let offers = paths(facts).into_iter().map(|path| {
                let edit = in_quotes(at, quote, &path);
                offer(path, Kind::Path, edit, None)
            });
            return offers.collect();
        }
        (["allowed-ports"], None) => {
            let mut numbers: BTreeSet<_> = facts.map.ports().iter().filter_map(|port| port.default).collect();
            numbers.extend(
                facts.map.ports().iter().flat_map(|port| port.places.iter().filter_map(|it| it.number)),
            );
            let offers = numbers.into_iter().map(|number| {
                offer(number.to_string(), Kind::Number, Edit::replace(word(at), number.to_string()), None)
            });
            return offers.collect();
        }
        _ => {}
    }
    let offers = node.choices().into_iter().filter_map(|Choice { text, is_text, about }| {
        let edit = match (is_text, quote) {
            (true, _) => in_quotes(at, quote, &text),
            (false, None) => Edit::replace(word(at), text.as_str()),
            (false, Some(_)) => return None,
        };
        Some(offer(text, Kind::Choice, edit, about))
    });
    offers.collect()
}

/// A value with its quotes, of which some may be there.
fn in_quotes(at: At<'_>, quote: Option<usize>, value: &str) -> Edit {
    let line = super::line_around(at.text, at.offset);
    match quote {
        Some(start) => {
            let sign = &at.text[start..=start];
            let rest = &at.text[at.offset..line.end];
            match rest.find(sign) {
                Some(close) => Edit::replace(start + 1..at.offset + close, value),
                None => Edit::replace(start + 1..at.offset, format!("{value}{sign}")),
            }
        }
        None => Edit::replace(word(at), format!("\"{value}\"")),
    }
}

/// The variables in a computed value, behind `$` or `${`.
fn in_computed_value(at: At<'_>, facts: &Facts) -> Vec<Offer> {
    let name = around(at.text, at.offset, |it| it.is_ascii_alphanumeric() || it == '_');
    let before = &at.text[..name.start];
    let open = if before.ends_with("${") { 2 } else { 1 };
    let dollars =
        before.trim_end_matches('{').len() - before.trim_end_matches('{').trim_end_matches('$').len();
    // A doubled sign is a dollar.
    if !before.ends_with(['$', '{']) || dollars.is_multiple_of(2) {
        return Vec::new();
    }
    let start = name.start - open;
    let end = name.end + usize::from(at.text[name.end..].starts_with('}'));
    let variables = known(facts, Path::new(""), &(0..0));
    let listening = Listening::on(&variables);
    let offers = variables.iter().map(|it| {
        let edit = Edit::replace(start..end, format!("${{{}}}", it.variable));
        let filter = format!("{}{}", &at.text[start..name.start], it.variable);
        Offer { filter, ..it.offer(&it.variable, edit, facts, &listening) }
    });
    offers.collect()
}

/// The files of the project that speak of ports, and their directories.
fn paths(facts: &Facts) -> Vec<String> {
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for place in facts.map.ports().iter().flat_map(|port| port.places.iter()) {
        let Some(path) = place.path.to_str().map(|path| path.replace('\\', "/")) else { continue };
        let directories = path.match_indices('/').map(|(at, _)| path[..=at].to_owned());
        paths.extend(directories);
        paths.insert(path);
    }
    paths.into_iter().collect()
}
