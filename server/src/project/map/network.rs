//! The host beside a number: `redis` in `redis://redis:6379` and in `Redis(host="redis", port=6379)`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// How far from its number a host may be.
const NEAR: usize = 200;

/// `host: 'redis'`, `host="redis"`, `"host": "redis"`
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r#"(?i)(?:^|[^\w])(?:host|hostname|server)["']?\s*(?:=>|[:=])\s*["'](?P<host>[\w.-]+)["']"#)
        .expect("the pattern is constant")
});

/// The host of the number at these bytes: before it in an address, or in the same call, object or list.
pub(super) fn host<'t>(text: &'t str, number: &Range<usize>) -> Option<&'t str> {
    let before = text.get(..number.start)?;
    let of_address = before.strip_suffix(':').map(|before| {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
        &before[before.trim_end_matches(is_part).len()..]
    });
    of_address.filter(|host| !host.is_empty()).or_else(|| {
        let around = enclosing(text, number)?;
        Some(HOST.captures(around)?.name("host")?.as_str())
    })
}

/// The text between the brackets around a number, as far as it is near.
fn enclosing<'t>(text: &'t str, number: &Range<usize>) -> Option<&'t str> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut start = number.start;
    while start > 0 && number.start - start < NEAR {
        match bytes[start - 1] {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth == 0 => break,
            b'(' | b'[' | b'{' => depth -= 1,
            _ => {}
        }
        start -= 1;
    }
    let mut end = number.end;
    while end < bytes.len() && end - number.end < NEAR {
        match bytes[end] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        end += 1;
    }
    let is_enclosed = start > 0 && matches!(bytes[start - 1], b'(' | b'[' | b'{');
    text.get(start..end).filter(|_| is_enclosed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_beside_its_number() {
        for (text, expected) in [
            ("x = 'redis://cache:6379/0'", Some("cache")),
            ("Redis(host='cache', port=6379)", Some("cache")),
            ("connect({ port: 6379, retry: { max: 3 }, 'host': \"cache\" })", Some("cache")),
            ("connect({ host: 'cache' }); listen({ port: 6379 })", None),
            ("host = 'cache'\nlisten(6379)", None),
            ("listen(6379)", None),
        ] {
            let start = text.find("6379").unwrap();
            assert_eq!(host(text, &(start..start + 4)), expected, "{text}");
        }
    }
}
