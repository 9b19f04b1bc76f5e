//! The word of a command line in which an address stands, and what it says of that.

use super::program::program;
use crate::analysis::address::Address;

/// The variable that an address is given to: `BROKER` of `BROKER=kafka:9092` and, in a makefile or PowerShell, of
/// `BROKER = kafka:9092`; not a flag.
pub(super) fn key<'a>(text: &'a str, address: &Address) -> Option<&'a str> {
    let (outer, word) = before(text, address);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let key = match word.split_once('=') {
        Some((key, _)) => key,
        None => {
            let name = outer.trim_end().strip_suffix('=')?.trim_end_matches([':', '?', '+', ' ']);
            let start = name.bytes().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
            name.get(start..)?
        }
    };
    (!key.is_empty() && key.bytes().all(is_name)).then_some(key)
}

/// Whether it is no address but a user and a group: `chown app:1000 /srv`, `docker run --user app:1000`.
pub(super) fn is_owner(text: &str, address: &Address) -> bool {
    if address.has_scheme {
        return false;
    }
    let (command, word) = before(text, address);
    let program = program(command);
    if matches!(program, "chown" | "chgrp" | "install" | "setpriv" | "gosu" | "su-exec") {
        return true;
    }
    let flag = match word.split_once('=') {
        Some((flag, _)) => flag,
        None => command.trim_end().rsplit([' ', '\t', '\n', '"', '\'']).next().unwrap_or_default(),
    };
    matches!(flag, "--chown" | "--user" | "--owner")
        || (flag == "-u" && matches!(program, "docker" | "podman" | "nerdctl" | "docker-compose" | "curl"))
}

/// Whether `openssl s_client -connect` is given the address.
pub(super) fn is_connected_to(text: &str, address: &Address) -> bool {
    before(text, address).0.trim_end().ends_with(" -connect")
}

/// What stands before the word with the address, without that word's quote, and the word up to the address.
fn before<'a>(text: &'a str, address: &Address) -> (&'a str, &'a str) {
    let host = (address.span.start.saturating_sub(1 + address.name.len())..)
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    let begins = |text: &str| {
        text.rfind(|character: char| {
            character.is_whitespace() || matches!(character, '"' | '\'' | ';' | '(' | '`')
        })
        .map_or(0, |at| at + 1)
    };
    let mut start = begins(&text[..host]);
    // `KEY="value`
    let unquoted = text[..start].trim_end_matches(['"', '\'']);
    if unquoted.len() < start && unquoted.ends_with('=') {
        start = begins(unquoted);
    }
    (text[..start].trim_end_matches(['"', '\'']), &text[start..host])
}
