//! `.ports.env` and `.ports.env.example`: the project's variables that the file does not have yet, and the numbers that a
//! variable may get.

use std::path::Path;

use super::variables::{Known, Listening, known};
use super::{At, Kind, Offer, around, line_around};
use crate::port::Port;
use crate::ports_env::PortsEnv;
use crate::rewrite::Edit;
use crate::rules::Facts;
use crate::variable::Variable;

/// How many numbers are offered.
const MOST_NUMBERS: usize = 5;

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// `.ports.env`, which says the numbers of this machine.
    Machine,
    /// `.ports.env.example`, which says the default numbers.
    Team,
}

/// What may be written in a line.
pub(super) fn offers(at: At<'_>, facts: &Facts, file: File) -> Vec<Offer> {
    let line = line_around(at.text, at.offset);
    let before = &at.text[line.start..at.offset];
    let start = before.trim_start();
    if start.starts_with('#') {
        return Vec::new();
    }
    let known = known(facts, Path::new(""), &(0..0));
    match start.split_once('=') {
        None => names(at, facts, file, &known),
        Some((name, value)) => {
            let name = name.strip_prefix("export ").unwrap_or(name).trim();
            let is_number = value.trim_start().trim_start_matches(['"', '\'']);
            if !is_number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Vec::new();
            }
            name.parse().map_or_else(|_| Vec::new(), |name| numbers(at, facts, file, &name, &known))
        }
    }
}

/// The variables that the file does not have, each with its number.
fn names(at: At<'_>, facts: &Facts, file: File, known: &[Known]) -> Vec<Offer> {
    let word = around(at.text, at.offset, |it| it.is_ascii_alphanumeric() || it == '_');
    let line = line_around(at.text, at.offset);
    let before = at.text[line.start..word.start].trim();
    if !before.is_empty() && before != "export" {
        return Vec::new();
    }
    let written = PortsEnv::parse(at.text);
    let typed = &at.text[word.clone()];
    let has_value = at.text[word.end..line.end].trim_start().starts_with('=');
    let listening = Listening::on(known);
    let missing = known.iter().filter(|it| !written.lists(&it.variable) || it.variable.as_str() == typed);
    let offers = missing.map(|it| {
        let number = match file {
            File::Machine => facts.available_numbers(&it.variable, &written).next(),
            File::Team => it.default,
        };
        let text = match number.filter(|_| !has_value) {
            Some(number) => format!("{}={number}", it.variable),
            None if has_value => it.variable.to_string(),
            None => format!("{}=", it.variable),
        };
        it.offer(&it.variable, Edit::replace(word.clone(), text), facts, &listening)
    });
    offers.collect()
}

/// The numbers that a variable may get.
fn numbers(at: At<'_>, facts: &Facts, file: File, name: &Variable, known: &[Known]) -> Vec<Offer> {
    let digits = around(at.text, at.offset, |it| it.is_ascii_digit());
    let it =
        known.iter().find(|it| it.variable == *name).cloned().unwrap_or_else(|| Known::new(name, facts, 0));
    let written = PortsEnv::parse(at.text);
    let numbers: Vec<Port> = match file {
        File::Machine => facts.available_numbers(name, &written).take(MOST_NUMBERS).collect(),
        File::Team => it.default.or(it.assigned).into_iter().collect(),
    };
    let about = |number: Port| {
        if it.assigned == Some(number) {
            "the number that the variable has here"
        } else if it.default == Some(number) {
            "the default number"
        } else {
            "nobody has it, and nothing listens there"
        }
    };
    let offer = |number: Port| Offer {
        label: number.to_string(),
        kind: Kind::Number,
        edit: Edit::replace(digits.clone(), number.to_string()),
        filter: number.to_string(),
        besides: Vec::new(),
        hint: Some(it.service.to_string()),
        detail: Some(format!("{number}, service {}: {}", it.service, about(number))),
        lines: Vec::new(),
    };
    numbers.into_iter().map(offer).collect()
}
