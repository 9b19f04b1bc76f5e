//! `.http` and `.rest` files: requests that an editor sends.

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::occurrence::{Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;

/// Reads a file of requests.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "http", packs);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let variable = trimmed.strip_prefix('@').and_then(|rest| rest.split_once('='));
        if let Some((name, value)) = variable {
            found.setting(name.trim(), value.trim_end(), offset + line.len() - value.len(), &Shape::Fixed);
        } else if !trimmed.starts_with(['#', '/', '<', '>', '{']) {
            for address in addresses(line, packs) {
                let Some(kind) = decide(&address, Place::Request, packs) else { continue };
                let span = offset + address.span.start..offset + address.span.end;
                found.literal(span, kind, Shape::Fixed, None);
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
        finds_what_is_marked("a.http", text);
    }

    #[test]
    fn a_request_goes_to_an_address() {
        finds("GET http://localhost:«8080 connect»/items\nReferer: http://localhost:«8081 connect»/\n");
        finds("GET https://www.example.com:8443/items\n");
    }

    #[test]
    fn a_variable_is_a_setting_by_its_name() {
        finds("@port = «8080 setting»\n@limit = 8081\n@host=localhost:«8082 connect»\n");
    }

    #[test]
    fn comments_and_bodies_are_no_requests() {
        finds(
            "# http://localhost:8080\n// http://localhost:8081\n< http://localhost:8082\n{\"a\": \"http://localhost:8083\"}\n",
        );
    }
}
