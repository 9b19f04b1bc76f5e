//! What a word gives a name: `PORT=8080`, `PORTS="8003 8004"`, `for port in 8003 8004`.

use super::slice::Slice;
use super::words::Word;
use crate::analysis::names::{Names, PortName};

/// A number with the name that it is given to.
pub(super) struct Assigned<'a> {
    pub(super) name: &'a str,
    pub(super) port: Slice<'a>,
}

/// The ports that a word gives names, also in the middle of it: `-ePORT=8080`, `{"a=1,port=8080"}`.
pub(super) fn ports<'a>(word: &Word<'a>, names: &Names) -> Vec<Assigned<'a>> {
    let mut found = Vec::new();
    let mut rest = word.whole;
    while let Some((before, value)) = rest.split_once('=') {
        let name = name_at_end(before.text());
        match names.port_name(name) {
            Some(PortName::One) if !name.starts_with('-') => {
                found.extend(number(value).map(|port| Assigned { name, port }));
            }
            Some(PortName::Many) if name.len() == before.bare().text().len() => {
                found.extend(list(name, value, names));
            }
            _ => {}
        }
        rest = value;
    }
    found
}

/// The ports of a loop: `for port in 8003 8004`.
pub(super) fn of_loop<'a>(words: &[Word<'a>], names: &Names) -> Vec<Assigned<'a>> {
    let [before, name, within, items @ ..] = words else { return Vec::new() };
    let name = name.content.text();
    let is_loop =
        before.content.text() == "for" && within.content.text() == "in" && names.port_name(name).is_some();
    let numbers: Option<Vec<_>> = items.iter().map(|item| whole_number(item.content)).collect();
    let numbers = numbers.filter(|_| is_loop).unwrap_or_default();
    let is_one = numbers.len() == 1;
    let counts =
        |port: &Slice<'_>| !is_one || port.text().parse().is_ok_and(|port| names.names_port(name, port));
    numbers.into_iter().filter(counts).map(|port| Assigned { name, port }).collect()
}

/// The ports of what a name that holds several is given.
pub(super) fn list<'a>(name: &'a str, value: Slice<'a>, names: &Names) -> Vec<Assigned<'a>> {
    let mut rest = value.bare();
    // One number may count the ports, `NUM_PORTS=100`.
    if rest.text().parse().is_ok_and(|port| !names.names_port(name, port)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    while !rest.text().is_empty() {
        let digits = rest.digits();
        let behind = rest.from(digits.text().len());
        let next = behind.trim(|character| character.is_whitespace() || matches!(character, ',' | ';'));
        let is_parted = next.text().is_empty() || next.span().start > behind.span().start;
        if !(2..=5).contains(&digits.text().len()) || !is_parted {
            return Vec::new();
        }
        found.push(Assigned { name, port: digits });
        rest = next;
    }
    found
}

/// The name that a text ends with, with the dashes of a flag.
fn name_at_end(text: &str) -> &str {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let start = text.bytes().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
    let name = text[start..].trim_start_matches(|first: char| first.is_ascii_digit() || first == '.');
    // `-ePORT`, as a container is given a variable.
    match name.strip_prefix("-e").filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase())) {
        Some(name) => name,
        None => name,
    }
}

/// The number that a value is, or begins with before its end.
fn number(value: Slice<'_>) -> Option<Slice<'_>> {
    let value = value.trim(|character| matches!(character, '"' | '\''));
    let digits = value.digits();
    let next = value.text()[digits.text().len()..].chars().next();
    let is_end = next.is_none_or(|next| {
        next.is_whitespace() || matches!(next, '"' | '\'' | ';' | ',' | '&' | '|' | ')' | ']' | '\\')
    });
    ((2..=5).contains(&digits.text().len()) && is_end).then_some(digits)
}

/// The word, if it is a number.
fn whole_number(word: Slice<'_>) -> Option<Slice<'_>> {
    let digits = word.digits();
    ((2..=5).contains(&digits.text().len()) && digits.text().len() == word.text().len()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::analysis::command_line::words::Script;

    /// The numbers that are found.
    fn found(text: &str) -> Vec<&str> {
        let (script, names) = (Script::of(text), Names::built_in());
        let words = script.commands.iter().flat_map(|command| &command.words);
        let loops = script.commands.iter().flat_map(|command| of_loop(&command.words, names));
        // A word in quotes is read as a script as well.
        let found: BTreeMap<_, _> = words
            .flat_map(|word| ports(word, names))
            .chain(loops)
            .map(|it| (it.port.span().start, it.port.text()))
            .collect();
        found.into_values().collect()
    }

    #[test]
    fn a_name_is_given_a_port() {
        assert_eq!(found("PORT=8081 node server.js"), ["8081"]);
        assert_eq!(found("cross-env NODE_ENV=test API_PORT=\"8081\" mocha --timeout=10000"), ["8081"]);
        assert_eq!(found("helm install --set service.port=8080,replicas=10"), ["8080"]);
        assert_eq!(found("x -ePORT=80"), ["80"]);
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
