//! The host beside a number: `redis` in `redis://redis:6379` and in `Redis(host="redis", port=6379)`.

use std::ops::Range;

use crate::analysis::Language;
use crate::pattern::{Pattern, regex};

/// How far from its number a host may be.
const NEAR: usize = 400;

/// `host: 'redis'`, `host="redis"`, `"host": "redis"`, also as the default of a lookup: `host: process.env.HOST || 'redis'`.
static HOST: Pattern = regex!(
    r#"(?i)(?:^|[^\w])(?:host|hostname|server)["']?\s*(?:=>|[:=])\s*["']?(?:<%=\s*)?(?:[\w.]+(?:\s*(?:\|\||\?\?)\s*|[(\[]["']\w+["']\s*[,)\]]*\s*(?:\{|\|\||\?\?|or)?\s*))?["'](?P<host>[\w.-]+)["']"#
);

/// The host of the number at these bytes: before it in an address, or in the same call, object or list.
pub(super) fn host<'t>(text: &'t str, number: &Range<usize>, language: Language) -> Option<&'t str> {
    let before = text.get(..number.start)?;
    let of_address = before.strip_suffix(':').map(|before| {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
        &before[before.trim_end_matches(is_part).len()..]
    });
    of_address.filter(|host| !host.is_empty()).or_else(|| {
        let of = |span: Range<usize>| Some(HOST.captures(text.get(span)?)?.name("host")?.as_str());
        if language == Language::Yaml {
            return of(mapping(text, number)?);
        }
        // The number may be the default of a lookup, whose call has brackets of its own.
        let inner = enclosing(text, number)?;
        of(inner.clone()).or_else(|| of(enclosing(text, &(inner.start - 1..inner.end + 1))?))
    })
}

/// The key of the object in which a number is: `preview` in `preview: { port: 4173 }`.
pub(super) fn key_around<'t>(text: &'t str, number: &Range<usize>) -> Option<&'t str> {
    let before = text.get(..enclosing(text, number)?.start)?.strip_suffix('{')?;
    let key = before.trim_end().strip_suffix(':')?.trim_end_matches(['"', '\'']);
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    Some(&key[key.trim_end_matches(is_part).len()..]).filter(|key| !key.is_empty())
}

/// The lines around a number in YAML that are as deep as its own.
fn mapping(text: &str, number: &Range<usize>) -> Option<Range<usize>> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let start = text.get(..number.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let own = depth(&text[start..]);
    let is_beside = |line: &&str| depth(line) == own;
    let before: usize = text[..start].split_inclusive('\n').rev().take_while(is_beside).map(str::len).sum();
    let after: usize = text[start..].split_inclusive('\n').take_while(is_beside).map(str::len).sum();
    Some(start - before..start + after)
}

/// What is between the brackets around a number, as far as it is near.
fn enclosing(text: &str, number: &Range<usize>) -> Option<Range<usize>> {
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
    let is_closed = bytes.get(end).is_some_and(|byte| matches!(byte, b')' | b']' | b'}'));
    (is_enclosed && is_closed).then_some(start..end)
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
            assert_eq!(host(text, &(start..start + 4), Language::Python), expected, "{text}");
        }
    }

    #[test]
    fn the_key_of_an_object_is_found_around_a_number() {
        for (text, expected) in [
            ("({ server: { port: 5173 }, preview: { open: f({}), port: 4173 } })", Some("preview")),
            ("{ 'preview': {\n  port: 4173,\n} }", Some("preview")),
            ("listen({ port: 4173 })", None),
            ("port = 4173", None),
        ] {
            let start = text.find("4173").unwrap();
            assert_eq!(key_around(text, &(start..start + 4)), expected, "{text}");
        }
    }

    #[test]
    fn a_host_may_be_the_default_of_a_lookup() {
        for text in [
            "{ 'HOST': os.getenv('CACHE_HOST', 'cache'), 'PORT': os.getenv('CACHE_PORT', '6379') }",
            "connect({ host: process.env.CACHE_HOST || 'cache', port: process.env.CACHE_PORT || 6379 })",
            "Redis.new(host: ENV.fetch('CACHE_HOST') { 'cache' }, port: 6379)",
        ] {
            let start = text.find("6379").unwrap();
            assert_eq!(host(text, &(start..start + 4), Language::JavaScript), Some("cache"), "{text}");
        }
        let yaml =
            "other:\n  host: db\nshared:\n  host: \"<%= ENV.fetch('H') { 'cache' } %>\"\n  port: 6379\n";
        let start = yaml.find("6379").unwrap();
        assert_eq!(host(yaml, &(start..start + 4), Language::Yaml), Some("cache"));
    }
}
