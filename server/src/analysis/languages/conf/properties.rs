//! What is particular to `.properties`: colons with a backslash before them, and the frameworks that fill in variables.

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::occurrence::Shape;
use crate::analysis::reading::found::Found;

/// Adds the addresses in a value of `.properties` whose colons are escaped: `http\://localhost\:8088`.
pub(super) fn escaped(key: &str, value: &str, start: usize, found: &mut Found<'_>) {
    let mut plain = String::new();
    // Where in the value each byte of the plain text stands.
    let mut places = Vec::new();
    let mut characters = value.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\'
            && characters.peek().is_some_and(|(_, next)| matches!(next, ':' | '=' | '#' | '!'))
        {
            continue;
        }
        plain.push(character);
        places.resize(plain.len(), at);
    }
    for address in addresses(&plain, found.packs()) {
        if let Some(kind) = decide(&address, Place::Setting(key), found.packs())
            && let (Some(from), Some(last)) =
                (places.get(address.span.start), places.get(address.span.end - 1))
        {
            found.literal(start + from..start + last + 1, kind, Shape::Fixed, None);
        }
    }
}

/// Settings of frameworks that expand `${NAME:default}` in their files.
pub(super) fn is_spring(key: &str) -> bool {
    // Quarkus puts a profile before the key: `%dev.`.
    let key = key.strip_prefix('%').and_then(|key| key.split_once('.')).map_or(key, |(_, key)| key);
    ["server.", "spring.", "management.", "quarkus.", "micronaut."]
        .iter()
        .any(|prefix| key.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn an_escaped_colon_is_one() {
        finds_what_is_marked(
            "a.properties",
            "a.url=http\\://localhost\\:«8088 connect»/x\nb.url=http\\://shop.example.com\\:8089/\n",
        );
    }

    #[test]
    fn a_profile_stands_before_the_key_of_a_framework() {
        assert!(super::is_spring("%dev.quarkus.http.port"));
        assert!(!super::is_spring("shop.server.port"));
    }
}
