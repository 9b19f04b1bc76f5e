//! Several ports that a command line gives one name: `PORTS="8003 8004"`, `for port in 8003 8004; do`.

use std::ops::Range;

use crate::analysis::names::{PortName, names_port, port_name};
use crate::pattern::{Pattern, regex};

/// `PORTS=8003,8004`, `PORTS="8003 8004"`, `"PORTS=8003 8004"`.
static ASSIGNED: Pattern = regex!(
    r#"(?x)
        (?: ^ | [\s(;&|`] ) (?P<name> [A-Za-z_][0-9A-Za-z_]* ) =
            (?: " (?P<double> [0-9]{2,5} (?: [\s,;]+ [0-9]{2,5} )* ) "
              | ' (?P<single> [0-9]{2,5} (?: [\s,;]+ [0-9]{2,5} )* ) '
              | (?P<bare> [0-9]{2,5} (?: [,;] [0-9]{2,5} )* ) (?: [\s;&|)\\] | $ ) )
        | ["'] (?P<within> [A-Za-z_][0-9A-Za-z_]* ) = (?P<list> [0-9]{2,5} (?: [\s,;]+ [0-9]{2,5} )* ) ["']
        "#
);

/// `for port in 8003 8004; do`
static LOOP: Pattern = regex!(
    r"(?-u:\b)for\s+(?P<name>[A-Za-z_][0-9A-Za-z_]*)\s+in\s+(?P<list>[0-9]{2,5}(?:[ \t]+[0-9]{2,5})*)[ \t]*(?:[;\n\\]|$)"
);

/// The numbers of all such lists in a text, each with the name that it is given to.
pub(super) fn ports(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    for captures in ASSIGNED.captures_iter(text) {
        let name = captures.name("name").or_else(|| captures.name("within"));
        let list = ["double", "single", "bare", "list"].iter().find_map(|group| captures.name(group));
        if let (Some(name), Some(list)) = (name, list)
            && port_name(name.as_str()) == Some(PortName::Many)
        {
            found.extend(numbers(list.as_str(), list.start(), name.as_str()));
        }
    }
    for captures in LOOP.captures_iter(text) {
        if let (Some(name), Some(list)) = (captures.name("name"), captures.name("list"))
            && port_name(name.as_str()).is_some()
        {
            found.extend(numbers(list.as_str(), list.start(), name.as_str()));
        }
    }
    found
}

/// The numbers of a list that begins at `start`; a number alone may count the ports, `NUM_PORTS=100`.
fn numbers<'a>(list: &str, start: usize, name: &'a str) -> Vec<(Range<usize>, &'a str)> {
    if list.parse().is_ok_and(|port| !names_port(name, port)) {
        return Vec::new();
    }
    list.split(|character: char| !character.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .map(|number| {
            let at = start + (number.as_ptr() as usize - list.as_ptr() as usize);
            (at..at + number.len(), name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    /// The numbers that are found.
    fn found(text: &str) -> Vec<&str> {
        super::ports(text).into_iter().map(|(span, _)| &text[span]).collect()
    }

    #[test]
    fn lists_with_a_name() {
        assert_eq!(found("PORTS=8003,8004 serve"), ["8003", "8004"]);
        assert_eq!(found(r#"docker build --build-arg WEB_PORTS="8003 8004" ."#), ["8003", "8004"]);
        assert_eq!(found(r#"args+=(--build-arg "WEB_PORTS=8003 8004")"#), ["8003", "8004"]);
        assert_eq!(found("HTTP_PORTS=8081"), ["8081"]);
        assert_eq!(found("for port in 8003 8004; do"), ["8003", "8004"]);
    }

    #[test]
    fn other_lists() {
        for text in ["NUM_PORTS=100", "REPORTS=2023,2024", "for size in 1024 2048; do", "--top-ports 1000"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
