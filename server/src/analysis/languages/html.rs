//! HTML: the addresses in its attributes and scripts.

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::occurrence::{Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};

static COMMENT: Pattern = regex!(r"(?s)<!--.*?(?:-->|\z)");

/// The text with its comments blanked, byte for byte of the same length.
fn without_comments(text: &str) -> String {
    let mut result = text.to_owned();
    for comment in COMMENT.find_iter(text) {
        result.replace_range(comment.range(), &" ".repeat(comment.len()));
    }
    result
}

/// `<a href=http://localhost:`, an attribute without quotes up to its number.
static BARE_ATTRIBUTE: Pattern = regex!(r"^<[A-Za-z][^<>]*\s[A-Za-z-]+=[A-Za-z]+://[^\s<>=]*$");

/// Whether an address is in an attribute or in a string of a script, by the text before its number.
fn is_in_code(before: &str) -> bool {
    before.rfind(['"', '\'', '`', '>', '<', '(']).is_some_and(|at| match before.as_bytes()[at] {
        b'>' => false,
        b'<' => BARE_ATTRIBUTE.is_match(&before[at..]),
        _ => true,
    })
}

/// Reads HTML: addresses in attributes and in the strings of scripts. Text between the tags is for
/// people.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "html", packs);
    if !text.contains("://") {
        return found.finish();
    }
    let code = without_comments(text);
    let mut offset = 0;
    for line in code.split_inclusive('\n') {
        if line.contains("://") && line.len() < 20_000 {
            for address in addresses(line, packs).into_iter().filter(|address| address.has_scheme) {
                let before = &line[..address.span.start];
                if is_in_code(before)
                    && let Some(kind) = decide(&address, Place::Page, packs)
                {
                    found.literal(
                        offset + address.span.start..offset + address.span.end,
                        kind,
                        Shape::Fixed,
                        None,
                    );
                }
            }
        }
        offset += line.len();
    }
    found.finish()
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    fn finds(text: &str) {
        finds_what_is_marked("a.html", text);
    }

    #[test]
    fn an_address_counts_in_an_attribute_or_a_script() {
        finds("<a href=\"http://localhost:«8080 connect»/\">a</a>\n");
        finds("<a href=http://localhost:«8080 connect»/>a</a>\n");
        finds("<script>fetch('http://localhost:«8080 connect»/')</script>\n");
    }

    #[test]
    fn text_between_tags_and_comments_is_for_people() {
        finds("<p>Open http://localhost:8080/ now</p>\n");
        finds("<!-- <a href=\"http://localhost:8080/\">\n<a href='http://localhost:8081/'> -->\n");
    }

    #[test]
    fn a_host_without_a_scheme_is_no_address_of_a_page() {
        finds("<a href=\"http://localhost:«8080 connect»/\" title=\"localhost:8081\">a</a>\n");
    }
}
