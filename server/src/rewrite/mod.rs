//! How a hardcoded number is replaced by a variable that is read from the environment: what is written
//! there instead, in each language and at each place, and what is to be done by hand where nothing can.

mod by_hand;
mod dotenv;
mod edit;
mod fallback;
mod go_module;
mod imports;
mod interpolated;
mod java;
mod java_constants;
mod javascript;
mod joined;
mod keys;
mod lookup;
mod place;
mod python;
mod rust;
mod secret;
mod site;
mod spelling;
mod text;
mod typed;
mod with_default;

use std::ops::Range;

pub use edit::{Edit, apply};
pub use fallback::Fallback;
pub(crate) use secret::may_hold_secret;
pub use site::Site;
pub(crate) use spelling::{is_certain, title};
pub use with_default::{WithDefault, expanded_with_default, expansion_around, with_default};

use crate::analysis::{Language, Literal, Shape};
use crate::project::map::by_number;
use crate::service::ServiceTypes;
use crate::variable::Variable;
use lookup::Lookup;
use place::Place;
use spelling::{Reading, expansion, reading};

/// The edits that replace a literal by the variable. The literal's number stays as the default where the project
/// does not want it otherwise. `None` where nothing can be put there that means the same.
#[must_use]
pub fn rewrite(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
) -> Option<Vec<Edit>> {
    let edits = at_place(site, literal, span, variable)?;
    let imports = reading(site).map_or(&[][..], |reading| site.imports(reading.import).at(span));
    Some(imports.iter().cloned().chain(edits).collect())
}

/// How to solve by hand what no fix can be made for, in that very format and with that variable; `None` where a fix
/// can be.
#[must_use]
pub fn by_hand(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: Option<&Variable>,
) -> Option<String> {
    let usual =
        || by_number(literal.port, &ServiceTypes::default()).or_else(|| by_hand::VARIABLE.parse().ok());
    let variable = &variable.cloned().or_else(usual)?;
    match at_place(site, literal, span, variable) {
        Some(_) => None,
        None => Some(by_hand::advice(site, literal, span, variable)),
    }
}

/// The edits at the place itself.
fn at_place(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
) -> Option<Vec<Edit>> {
    let variable = &site.name_of(variable)?;
    let lookup = |part| Lookup::new(variable, literal.port, site.fallback, part);
    match reading(site) {
        // In which branch of a template an import would have to be is not known.
        Some(_) if Language::is_template(site.file_name) => None,
        Some(reading) => {
            let lookup = lookup(reading.part);
            Some(vec![in_program(site, &reading, &literal.shape, span, &lookup)?])
        }
        None => text::rewrite(site, literal, span, &lookup(expansion(site.language))),
    }
}

fn in_program(
    site: &Site<'_>,
    reading: &Reading,
    shape: &Shape,
    span: &Range<usize>,
    lookup: &Lookup<'_>,
) -> Option<Edit> {
    let (expression, spelling) = match shape {
        Shape::Number { expression } => (expression, reading.number),
        Shape::Text { expression } => (expression, reading.text),
        Shape::Within { expression } => (expression, reading.within),
        Shape::Attribute { expression } => (expression, reading.attribute),
        Shape::Expanded | Shape::Fixed | Shape::Template => return None,
    };
    let place = Place::of(site, expression, span)?;
    Some(Edit::replace(expression.clone(), spelling.at(&place, lookup)?))
}
