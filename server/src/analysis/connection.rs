//! Connection strings of databases that are no URLs.

use std::ops::Range;

use super::address::is_remote;
use super::packs::Packs;
use crate::pattern::{Pattern, regex};

/// `Server=localhost,1433` of SQL Server, `Host=db;Port=5432`, `redis:6379,abortConnect=false`.
static CONNECTION: Pattern = regex!(
    r"(?i)(?:^|;)\s*(?:(?:server|data source|address)\s*=\s*(?:tcp:)?(?P<host>[^,;]+),\s*|port\s*=\s*)(?P<port>[0-9]{2,5})\s*(?:;|$)|^(?P<first>[A-Za-z0-9_.-]+):(?P<redis>[0-9]{2,5})(?:,|$)"
);

/// `host=localhost port=5432` of libpq, `Server=localhost,1433;`, `Host=db;Port=5432;`, and Oracle's
/// `jdbc:oracle:thin:@localhost:1521:xe`: what is a connection wherever it stands.
static KEYWORDS: Pattern = regex!(
    r#"(?xi)
        (?: ^ | [\s;"'] ) (?: server | data\ source ) \s* = \s* (?:tcp:)? (?P<sql>[^,;\s=]+) , \s* (?P<sqlport>[0-9]{2,5}) \s* ;
        | (?: ^ | [\s;"'] ) port \s* = \s* ["']? (?P<port>[0-9]{2,5}) (?: [\s;"'] | $ )
        | jdbc:oracle:[a-z]+:[^@\s]*@ (?P<oracle>[0-9A-Za-z_.-]+) : (?P<oracleport>[0-9]{2,5}) :
        "#
);

static HOST: Pattern = regex!(r#"(?i)(?:^|[\s;"'])(?:host|server)\s*=\s*(?P<host>[^\s;"',]+)"#);

/// Whether a text is made of assignments: code and prose have some, but other words, too.
fn is_pairs(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    text.contains('=')
        && (text.split(';').all(|part| part.trim().is_empty() || part.matches('=').count() == 1)
            || text.split_whitespace().all(|part| part.contains('=')))
}

/// The ports in what is known to be a connection string.
pub(super) fn ports(text: &str, packs: &Packs) -> Vec<Range<usize>> {
    CONNECTION
        .captures_iter(text)
        .filter(|captures| {
            let host = captures.name("host").or_else(|| captures.name("first"));
            !host.is_some_and(|host| is_remote(host.as_str(), packs))
        })
        .filter_map(|captures| captures.name("port").or_else(|| captures.name("redis")))
        .map(|port| port.range())
        .collect()
}

/// The ports in the connection strings that a text has by its own words.
pub(super) fn keywords(text: &str, packs: &Packs) -> Vec<Range<usize>> {
    // Most values have neither an assignment in them nor a driver's prefix.
    if !is_pairs(text) && !text.contains("jdbc:oracle:") {
        return Vec::new();
    }
    KEYWORDS
        .captures_iter(text)
        .filter_map(|captures| {
            let host = match captures.name("sql").or_else(|| captures.name("oracle")) {
                Some(host) => host,
                // A port by itself is no connection.
                None => HOST.captures(text)?.name("host")?,
            };
            let port = ["sqlport", "port", "oracleport"].iter().find_map(|name| captures.name(name))?;
            (!is_remote(host.as_str(), packs)).then(|| port.range())
        })
        .collect()
}

/// Whether a text is a connection string whose host is a public one.
pub(super) fn is_to_remote(text: &str, packs: &Packs) -> bool {
    is_pairs(text)
        && HOST
            .captures(text)
            .and_then(|captures| captures.name("host"))
            .is_some_and(|host| is_remote(host.as_str(), packs))
}
