//! How to solve by hand what no fix can be made for, as tables: what the programs that read a file take, and else what its language
//! takes.

mod fill;
mod format;
mod rows;

use std::ops::Range;

use fill::{Spot, fill};
use rows::{Advice, TABLE};

use super::Site;
use super::site::Reader;
use crate::analysis::{Literal, Shape};
use crate::project::bundler::Bundled;
use crate::variable::Variable;

/// The variable that stands for any in the rows.
pub(super) const VARIABLE: &str = "WEB_PORT";

/// What is advised for a literal that no fix can be made for.
pub(super) fn advice(site: &Site<'_>, literal: &Literal, span: &Range<usize>, variable: &Variable) -> String {
    let spot = Spot { site, span, port: literal.port, variable };
    let in_page = |bundled: Option<&Bundled>| bundled.map_or_else(|| PAGE.to_owned(), |it| it.advice());
    let text = match site.reader() {
        Reader::Process => match format::of(&spot) {
            // A template of any format goes by what makes it.
            Some(format) if literal.shape != Shape::Template => format.advice.clone(),
            _ => row(site, literal)
                .map_or("read a variable where the value is used", |advice| advice.text)
                .to_owned(),
        },
        Reader::Page(bundled) => in_page(bundled),
        Reader::Unclear(bundled) => format!(
            "whether this runs in Node or in a page is not clear: in Node, read `process.env.WEB_PORT || {{port}}`; in a page, {}",
            in_page(bundled)
        ),
    };
    fill(&text, VARIABLE, &spot)
}

/// What is advised for a page without a bundler.
const PAGE: &str = "a page has no environment; request a path of the page's own host, such as `/api`, or let the server that \
    sends the page fill in the number of `WEB_PORT`";

fn row(site: &Site<'_>, literal: &Literal) -> Option<&'static Advice> {
    TABLE.iter().find(|advice| advice.languages.contains(&site.language) && (advice.applies)(site, literal))
}

#[cfg(test)]
mod tests;
