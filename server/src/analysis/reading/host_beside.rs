//! The host of a port that stands beside it in a setting of its own: `mail.host` and `mail.port`. What a public host
//! listens on is not this project's to choose.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::analysis::address::is_remote;
use crate::analysis::packs::{Names, Packs};
use crate::port::Port;
use crate::service::Service;

/// The names of the settings that may hold the host of the port that is called `key`, in its spelling.
pub(in crate::analysis) fn hosts_of(key: &str, names: &Names) -> Vec<String> {
    let Some(stem) = stem(key) else { return Vec::new() };
    let word = &key[stem.len()..];
    let spelled = |host: &String| match word {
        "PORT" => host.to_ascii_uppercase(),
        "Port" => host[..1].to_ascii_uppercase() + &host[1..],
        _ => host.clone(),
    };
    names.port_hosts().iter().map(|host| format!("{stem}{}", spelled(host))).collect()
}

/// Whether a setting may be one of [`hosts_of`] a port.
pub(in crate::analysis) fn is_host(key: &str, names: &Names) -> bool {
    names.port_hosts().iter().any(|host| {
        let start = key.len().checked_sub(host.len());
        start.and_then(|start| key.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(host))
    })
}

/// Whether a setting is the port of a host of its own, in a group of settings that is called `group`: not of the project
/// itself, which may be told its public name. In the environment that is more often so: `VIRTUAL_HOST`, `N8N_HOST`.
pub(in crate::analysis) fn is_of_another(group: &str, key: &str, names: &Names) -> bool {
    stem(key).is_some_and(|stem| {
        let name = if stem.is_empty() { group } else { stem };
        if key.ends_with("PORT") {
            names.is_others_server(name)
                || matches!(Service::of_name(name), Some(Service::Db | Service::Cache | Service::Queue))
        } else {
            !names.is_own_server(name)
        }
    })
}

/// Whether a line of a text gives a public host to a name.
pub(in crate::analysis) fn names_public_host(text: &str, packs: &Packs) -> bool {
    text.lines().filter_map(entry).any(|(_, host)| is_remote(host, packs))
}

/// The lines of a text that give a public host to a name, looked for when they are first asked for.
pub(in crate::analysis) struct PublicHosts<'a> {
    text: &'a str,
    packs: &'a Packs,
    names: OnceCell<HashSet<&'a str>>,
}

impl<'a> PublicHosts<'a> {
    pub(in crate::analysis) fn of(text: &'a str, packs: &'a Packs) -> Self {
        Self { text, packs, names: OnceCell::new() }
    }

    /// Whether the number that a line of the text gives to `key` is the port of a public host that another line names.
    /// Where the key has no name before its `port`, that line stands in the same group.
    pub(in crate::analysis) fn has_port(&self, group: &str, key: &str, value: &str, at: usize) -> bool {
        let is_number = value.trim_matches(['"', '\'', ' ']).parse::<Port>().is_ok();
        if !is_number || !is_of_another(group, key, &self.packs.names) {
            return false;
        }
        let named = self.names.get_or_init(|| {
            let is_public = |(_, host): &(&str, &str)| is_remote(host, self.packs);
            self.text.lines().filter_map(entry).filter(is_public).map(|(name, _)| name).collect()
        });
        let hosts = hosts_of(key, &self.packs.names);
        if !hosts.iter().any(|name| named.contains(name.as_str())) {
            return false;
        }
        if !key.eq_ignore_ascii_case("port") {
            return true;
        }
        let is_host = |line: &str| {
            entry(line).is_some_and(|(name, host)| {
                hosts.iter().any(|other| other == name) && is_remote(host, self.packs)
            })
        };
        let ends = |line: &&str| line.trim_start().starts_with('[') || line.contains(['{', '}']);
        let (before, after) = self.text.split_at(at);
        before.lines().rev().skip(1).take_while(|line| !ends(line)).any(is_host)
            || after.lines().skip(1).take_while(|line| !ends(line)).any(is_host)
    }
}

/// The name that a line gives something to, and the first word of that.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().trim_start_matches("- ").trim_start_matches("export ");
    let line = line.trim_start_matches(['"', '\'']);
    let (name, value) = line.split_at(line.find(['=', ':'])?);
    let value = value.trim_start_matches(['=', ':']).trim_start();
    let word = value
        .split(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | ','))
        .find(|part| !part.is_empty())?;
    Some((name.trim_end().trim_end_matches(['"', '\'']), word))
}

/// What stands before the `port` that a key ends with.
fn stem(key: &str) -> Option<&str> {
    let start = key.len().checked_sub("port".len())?;
    key.get(start..)?.eq_ignore_ascii_case("port").then(|| &key[..start])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the port of the key `port` of a text is a public host's.
    fn is_elsewhere(text: &str, key: &str) -> bool {
        let at = text.find(&format!("{key}=")).unwrap() + key.len() + 1;
        PublicHosts::of(text, Packs::built_in()).has_port("", key, text[at..].lines().next().unwrap(), at)
    }

    #[test]
    fn a_public_host_has_its_own_ports() {
        assert!(is_elsewhere("mail.host=smtp.example.com\nmail.port=587", "mail.port"));
        assert!(is_elsewhere("SMTP_PORT=587\nexport SMTP_HOST=\"smtp.example.com\"", "SMTP_PORT"));
        assert!(is_elsewhere("host=smtp.example.com\nport=587", "port"));
    }

    #[test]
    fn other_hosts_have_not() {
        assert!(!is_elsewhere("mail.host=localhost\nmail.port=587", "mail.port"));
        assert!(!is_elsewhere("mail.host=smtp.example.com\nshop.port=8080", "shop.port"));
        assert!(!is_elsewhere("SHOP_HOST=shop.example.com\nSHOP_PORT=8080", "SHOP_PORT"));
        assert!(!is_elsewhere("server.host=shop.example.com\nserver.port=8080", "server.port"));
        assert!(!is_elsewhere("[a]\nhost=smtp.example.com\n[b]\nport=587", "port"));
    }
}
