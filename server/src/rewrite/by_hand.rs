//! How to solve by hand what no fix can be made for, as a table.

mod formats;
mod rows;

use std::ops::Range;

use rows::{Advice, TABLE};

use super::Site;
use super::site::Reader;
use crate::analysis::{Literal, Shape};
use crate::project::bundler::Bundled;

/// The variable that stands for any in what is advised.
pub(super) const VARIABLE: &str = "WEB_PORT";

/// What is advised for a literal that no fix can be made for.
pub(super) fn advice(site: &Site<'_>, literal: &Literal, span: &Range<usize>) -> String {
    let in_page = |bundled: Option<&Bundled>| bundled.map_or_else(|| PAGE.to_owned(), |it| it.advice());
    let text = match site.reader() {
        Reader::Process => match formats::of(site) {
            // A template of any format goes by what makes it.
            Some(format) if literal.shape != Shape::Template => {
                format.advice.replace("{path}", &formats::path(site.text, span))
            }
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
    text.replace("{port}", &literal.port.to_string())
}

/// What is advised for a page without a bundler.
const PAGE: &str = "a page has no environment; request a path of the page's own host, such as `/api`, or let the server that \
    sends the page fill in the number of `WEB_PORT`";

fn row(site: &Site<'_>, literal: &Literal) -> Option<&'static Advice> {
    TABLE.iter().find(|advice| advice.languages.contains(&site.language) && (advice.applies)(site, literal))
}

#[cfg(test)]
mod tests;
