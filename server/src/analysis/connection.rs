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

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Vec<&str> {
        ports(text, Packs::built_in()).into_iter().map(|span| &text[span]).collect()
    }

    fn told_by_words(text: &str) -> Vec<&str> {
        keywords(text, Packs::built_in()).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn a_connection_string_has_its_port_behind_the_host_or_a_key() {
        assert_eq!(known("Server=localhost,1433;Database=shop"), ["1433"]);
        assert_eq!(known("Host=db;Port=5432;Username=shop"), ["5432"]);
        assert_eq!(known("redis:6379,abortConnect=false"), ["6379"]);
        assert_eq!(known("Server=localhost;Timeout=3000"), [""; 0]);
    }

    #[test]
    fn the_port_of_a_public_server_is_not_ours() {
        assert_eq!(known("Server=sql.example.com,1433;Database=shop"), [""; 0]);
        assert_eq!(told_by_words("host=db.example.com port=5432"), [""; 0]);
        assert!(is_to_remote("host=db.example.com user=shop", Packs::built_in()));
        assert!(!is_to_remote("host=localhost user=shop", Packs::built_in()));
        assert!(!is_to_remote("use host=db.example.com and user=shop", Packs::built_in()));
    }

    #[test]
    fn only_assignments_with_a_host_are_a_connection_by_themselves() {
        assert_eq!(told_by_words("host=localhost port=5432 user=shop"), ["5432"]);
        assert_eq!(told_by_words("Server=localhost,1433;Database=shop"), ["1433"]);
        assert_eq!(told_by_words("jdbc:oracle:thin:@localhost:1521:xe"), ["1521"]);
        assert_eq!(told_by_words("port=5432 user=shop"), [""; 0]);
        assert_eq!(told_by_words("connect with host=localhost port=5432"), [""; 0]);
    }
}
