//! How a hardcoded number is exchanged for a variable that is read from the environment: what stands
//! there instead, in each language and at each place, and what is to be done by hand where nothing can.

mod by_hand;
mod edit;
mod imports;
mod interpolated;
mod javascript;
mod joined;
mod place;
mod python;
mod rust;
mod site;
mod spelling;
mod text;
mod typed;

use std::ops::Range;

pub use edit::{Edit, apply};
pub use site::Site;
pub(crate) use spelling::title;

use crate::analysis::{Language, Literal, Shape};
use crate::port::Port;
use crate::variable::Variable;
use place::Place;
use spelling::{Reading, reading};

/// The edits that exchange a literal for the variable, which holds, or will hold, the port; `None` where
/// nothing can be put there that means the same.
#[must_use]
pub fn exchange(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
    port: Port,
) -> Option<Vec<Edit>> {
    let edits = at_place(site, literal, span, variable, port)?;
    let import = reading(site.language).and_then(|reading| (reading.import)(site, span));
    Some(import.into_iter().chain(edits).collect())
}

/// How to solve by hand what no fix can be made for, in that very format; `None` where a fix can be.
#[must_use]
pub fn by_hand(site: &Site<'_>, literal: &Literal, span: &Range<usize>) -> Option<String> {
    // What a place takes does not depend on which variable it is.
    let variable: Variable = by_hand::VARIABLE.parse().ok()?;
    match at_place(site, literal, span, &variable, literal.port) {
        Some(_) => None,
        None => Some(by_hand::advice(site, literal)),
    }
}

/// The edits at the place itself.
fn at_place(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
    port: Port,
) -> Option<Vec<Edit>> {
    match reading(site.language) {
        // In which branch of a template an import would have to stand, nobody knows.
        Some(_) if Language::is_template(site.file_name) => None,
        Some(reading) => Some(vec![in_program(site, &reading, &literal.shape, span, variable)?]),
        None => text::exchange(site, literal, span, variable, port),
    }
}

fn in_program(
    site: &Site<'_>,
    reading: &Reading,
    shape: &Shape,
    span: &Range<usize>,
    variable: &Variable,
) -> Option<Edit> {
    let (expression, spelling) = match shape {
        Shape::Number { expression } => (expression, reading.number),
        Shape::Text { expression } => (expression, reading.text),
        Shape::Within { expression } => (expression, reading.within),
        Shape::Attribute { expression } => (expression, reading.attribute),
        Shape::Expanded | Shape::Fixed | Shape::Template => return None,
    };
    let place = Place::of(site, expression, span)?;
    Some(Edit::replace(expression.clone(), spelling.at(&place, variable)?))
}
