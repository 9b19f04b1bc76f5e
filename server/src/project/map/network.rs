//! The host beside a number: `redis` in `redis://redis:6379` and in `Redis(host="redis", port=6379)`.

use std::ops::Range;

use crate::analysis::{Language, Packs, is_remote};
use crate::pattern::{Pattern, regex};

/// How far from its number a host may be.
const NEAR: usize = 400;

/// `host: 'redis'`, `host="redis"`, `"host": "redis"`, also as the default of a lookup: `host: process.env.HOST || 'redis'`.
static HOST: Pattern = regex!(
    r#"(?i)(?:^|[^\w])(?:host|hostname|server)["']?\s*(?:=>|[:=])\s*["']?(?:<%=\s*)?(?:[\w.]+(?:\s*(?:\|\||\?\?)\s*|[(\[]["']\w+["']\s*[,)\]]*\s*(?:\{|\|\||\?\?|or)?\s*))?["'](?P<host>[\w.-]+)["']"#
);

/// `host: redis` in a mapping of YAML, whose texts need no quotes.
static YAML_HOST: Pattern = regex!(
    r#"(?im)^[ \t-]*["']?(?:host|hostname|server)["']?:[ \t]+["']?(?P<host>[\w.-]+)["']?[ \t]*(?:#.*)?$"#
);

/// `client_host=redis`, as settings are written that have a line each.
static LINE_HOST: Pattern = regex!(
    r#"(?i)^[ \t]*(?P<stem>[\w.-]*?)host(?:name)?[ \t]*[=:][ \t]*["']?(?P<host>[\w.-]+)["']?[ \t]*(?:[#;].*)?$"#
);

/// `client_port=`
static LINE_PORT: Pattern = regex!(r"(?i)^[ \t]*(?P<stem>[\w.-]*?)port[ \t]*[=:]");

/// `"imap_server": "imap.example.com"`, `IMAP_HOST = "..."`, `'smtp_host' => '...'` in a program.
static NAMED_HOST: Pattern = regex!(
    r#"(?i)(?P<stem>[A-Za-z][\w-]*?)[_-]?(?:host|hostname|server)["']?\s*(?:=>|[:=])\s*["'](?P<host>[\w.-]+)["']"#
);

/// The name of a number in a program: `"imap_port": `, `imapPort: `, `IMAP_PORT = `.
static NAMED_PORT: Pattern = regex!(r#"(?i)(?P<stem>[A-Za-z][\w-]*?)[_-]?port["']?\s*(?:=>|[:=])\s*["']?$"#);

/// Whether a program gives the number the name of a port whose host is public: `imap_port` beside `imap_server`.
pub(super) fn is_of_public_host(text: &str, number: &Range<usize>, packs: &Packs) -> bool {
    let window = |range: Range<usize>| {
        let start =
            (range.start..=number.start).find(|at| text.is_char_boundary(*at)).unwrap_or(number.start);
        let end = (number.end..=range.end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(number.end);
        text.get(start..end).unwrap_or_default()
    };
    let line = text.get(..number.start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let Some(port) = NAMED_PORT.captures(line) else { return false };
    let stem = &port["stem"];
    if packs.names.is_own_server(stem) {
        return false;
    }
    let around = window(number.start.saturating_sub(NEAR)..(number.end + NEAR).min(text.len()));
    NAMED_HOST
        .captures_iter(around)
        .any(|host| host["stem"].eq_ignore_ascii_case(stem) && is_remote(&host["host"], packs))
}

/// How many lines from its number a host may be that has a line of its own.
const LINES: usize = 10;

/// Whether a text names the machine that a container runs on. Hardly any does, and looking for each number's host is slow.
pub(super) fn mentions_machine(text: &str, packs: &Packs) -> bool {
    packs.hosts.around_containers().any(|name| text.contains(name))
}

/// Whether the host of the number at these bytes is the machine that a container runs on.
pub(super) fn is_of_machine(text: &str, number: &Range<usize>, language: Language, packs: &Packs) -> bool {
    host(text, number, language)
        .is_some_and(|host| packs.hosts.around_containers().any(|machine| machine == host))
}

/// The host of the number at these bytes: before it in an address, or in the same call, object or list.
pub(super) fn host<'t>(text: &'t str, number: &Range<usize>, language: Language) -> Option<&'t str> {
    let before = text.get(..number.start)?;
    let of_address = before.strip_suffix(':').map(|before| {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
        &before[before.trim_end_matches(is_part).len()..]
    });
    of_address.filter(|host| !host.is_empty()).or_else(|| {
        let of = |span: Range<usize>| {
            let quoted = text.get(span).filter(|around| around.contains(['"', '\'']))?;
            Some(HOST.captures(quoted)?.name("host")?.as_str())
        };
        match language {
            Language::Yaml => {
                let mapping = mapping(text, number)?;
                return of(mapping.clone())
                    .or_else(|| Some(YAML_HOST.captures(text.get(mapping)?)?.name("host")?.as_str()));
            }
            Language::Toml | Language::Conf | Language::Properties | Language::Env => {
                return on_line(text, number);
            }
            _ => {}
        }
        // The number may be the default of a lookup, whose call has brackets of its own.
        let inner = enclosing(text, number)?;
        of(inner.clone()).or_else(|| of(enclosing(text, &(inner.start - 1..inner.end + 1))?))
    })
}

/// The host that a line near gives to the name whose port the number is.
fn on_line<'t>(text: &'t str, number: &Range<usize>) -> Option<&'t str> {
    let start = text.get(..number.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let stem = LINE_PORT.captures(text.get(start..number.start)?)?.name("stem")?.as_str();
    let is_within = |line: &&str| !line.trim_start().starts_with('[');
    let before = text[..start].lines().rev().take_while(is_within).take(LINES);
    let after = text[start..].lines().skip(1).take_while(is_within).take(LINES);
    before.chain(after).find_map(|line| {
        let captures = LINE_HOST.captures(line)?;
        captures["stem"].eq_ignore_ascii_case(stem).then(|| captures.name("host"))?.map(|host| host.as_str())
    })
}

/// The key of the object in which a number is: `preview` in `preview: { port: 4173 }`.
pub(super) fn key_around<'t>(text: &'t str, number: &Range<usize>) -> Option<&'t str> {
    let before = text.get(..enclosing(text, number)?.start)?.strip_suffix('{')?;
    let key = before.trim_end().strip_suffix(':')?.trim_end_matches(['"', '\'']);
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    Some(&key[key.trim_end_matches(is_part).len()..]).filter(|key| !key.is_empty())
}

/// How many lines of a mapping are looked at on each side of a number: one may have thousands of entries.
const MAPPING_LINES: usize = 200;

/// The lines around a number in YAML that are as deep as its own.
fn mapping(text: &str, number: &Range<usize>) -> Option<Range<usize>> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let start = text.get(..number.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let own = depth(&text[start..]);
    let is_beside = |line: &&str| depth(line) == own;
    let lines = |lines: &mut dyn Iterator<Item = &'_ str>| -> usize {
        lines.take(MAPPING_LINES).take_while(is_beside).map(str::len).sum()
    };
    let before = lines(&mut text[..start].split_inclusive('\n').rev());
    let after = lines(&mut text[start..].split_inclusive('\n'));
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
    fn a_port_belongs_to_the_public_host_of_its_name() {
        for (text, expected) in [
            ("C = {\"imap_server\": \"imap.example.com\", \"imap_port\": 6379}", true),
            ("IMAP_HOST = 'imap.example.com'\nIMAP_PORT = 6379", true),
            ("const c = { imapPort: 6379, imapServer: 'imap.example.com' }", true),
            ("['smtp_host' => 'smtp.example.com', 'smtp_port' => 6379]", true),
            ("C = {'imap_server': 'localhost', 'imap_port': 6379}", false),
            ("C = {'imap_server': 'imap.example.com', 'smtp_port': 6379}", false),
            ("web_host = 'shop.example.com'\nweb_port = 6379", false),
            ("é = 1; listen(6379)", false),
        ] {
            let start = text.find("6379").unwrap();
            assert_eq!(is_of_public_host(text, &(start..start + 4), Packs::built_in()), expected, "{text}");
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

    #[test]
    fn a_host_may_have_a_line_of_its_own() {
        for (language, text, expected) in [
            (Language::Yaml, "db:\n  host: cache # ours\n  user: me\n  port: 6379\n", Some("cache")),
            (Language::Yaml, "db:\n  host: cache\nweb:\n  port: 6379\n", None),
            (Language::Conf, "[redis]\nhost = cache\nport = 6379\n", Some("cache")),
            (Language::Conf, "x.client_port=6379\nx.client_host=cache\n", Some("cache")),
            (Language::Conf, "[redis]\nhost = cache\n[web]\nport = 6379\n", None),
            (Language::Properties, "mail.host=cache\nredis.port=6379\n", None),
        ] {
            let start = text.find("6379").unwrap();
            assert_eq!(host(text, &(start..start + 4), language), expected, "{text}");
        }
    }
}
