//! Rows about hosts.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::row::{Example, Expected, Row, Text, example_of_each, examples};
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::host::Host;

/// Where a host leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Leads {
    /// To this machine.
    Local,
    /// To a machine of a private network.
    Private,
    /// To a service in the same network, as in a compose file.
    Service,
    /// To a public host, whose ports nobody here decides.
    Remote,
}

impl From<Leads> for Host {
    fn from(leads: Leads) -> Self {
        match leads {
            Leads::Local => Self::Local,
            Leads::Private => Self::Private,
            Leads::Service => Self::Service,
            Leads::Remote => Self::Remote,
        }
    }
}

/// A row about hosts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct HostRow {
    /// The id, by which the row is named where it is wrong.
    pub(super) id: String,
    /// What the row says, in one sentence.
    pub(super) means: String,
    /// Where the hosts lead.
    leads: Leads,
    /// Whether each is the machine that a container runs on, as the container sees it: `host.docker.internal`. A container
    /// connects there to a port of this machine.
    #[serde(default)]
    around_container: bool,
    /// The names of the hosts, in lower case; `*` at the beginning stands for any text.
    #[serde(default)]
    names: Vec<String>,
    /// The numbers that a service is known by: a name without a dot in front of one is the name of a service.
    #[serde(default)]
    ports: Vec<u16>,
    /// An example with `{}` for each of the names and numbers, by the ending of a file in its language.
    #[serde(default)]
    each: Text,
    /// Examples in which a port is found.
    #[serde(default)]
    found: Vec<Text>,
    /// Examples in which no port is found.
    #[serde(default)]
    not: Vec<Text>,
}

impl Row for HostRow {
    fn id(&self) -> &str {
        &self.id
    }

    fn means(&self) -> &str {
        &self.means
    }

    fn fault(&self) -> Option<&'static str> {
        let is_name = |name: &String| {
            let name = name.strip_prefix('*').unwrap_or(name);
            let is_of_name = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_')
            };
            !name.is_empty() && name.bytes().all(is_of_name)
        };
        if self.names.is_empty() && self.ports.is_empty() {
            Some("is about no host: add `names` with the names of the hosts")
        } else if !self.names.iter().all(is_name) {
            Some(
                "has a name that no host has: `names` are whole names in lower case, or the ends of names behind one `*`, as in `*.corp.example`",
            )
        } else if self.around_container && self.names.iter().any(|name| name.starts_with('*')) {
            Some("has `around-container` and the end of a name: give the whole names of the machine")
        } else if !self.ports.is_empty() && self.leads != Leads::Service {
            Some("has `ports`, by which services are known, and does not lead to a `service`")
        } else {
            None
        }
    }

    fn examples(&self) -> Vec<Example> {
        let names = self.names.iter().map(|name| name.replace('*', "it"));
        let each = example_of_each(&self.each, names.chain(self.ports.iter().map(u16::to_string)));
        examples(&self.found, Expected::Found)
            .chain(examples(&self.not, Expected::None))
            .chain(each)
            .collect()
    }
}

/// Where a host leads, and the row that says so.
#[derive(Debug, Clone)]
struct Leading {
    host: Host,
    by: DecidedBy,
}

/// Rows about hosts, in the order in which they count.
#[derive(Debug, Default)]
pub(crate) struct HostTable {
    whole: HashMap<String, Leading>,
    /// The ends of names.
    ends: Vec<(String, Leading)>,
    ports: Vec<u16>,
    around_containers: Vec<String>,
}

impl HostTable {
    pub(super) fn of(rows: impl IntoIterator<Item = HostRow>) -> Self {
        let mut table = Self::default();
        for row in rows {
            let leading = Leading { host: row.leads.into(), by: DecidedBy::of_row(Arc::from(row.id)) };
            if row.around_container {
                table.around_containers.extend(row.names.iter().cloned());
            }
            for name in row.names {
                match name.strip_prefix('*') {
                    Some(end) => table.ends.push((end.to_owned(), leading.clone())),
                    None => drop(table.whole.entry(name).or_insert_with(|| leading.clone())),
                }
            }
            table.ports.extend(row.ports);
        }
        table
    }

    /// Where the host of that name leads, by the first row about it. A name that is given whole counts before an end.
    pub(in crate::analysis) fn leads(&self, name: &str) -> Option<Host> {
        self.leading(name).map(|leading| leading.host)
    }

    /// The row about the host of that name.
    pub(in crate::analysis) fn row(&self, name: &str) -> Option<&DecidedBy> {
        self.leading(name).map(|leading| &leading.by)
    }

    fn leading(&self, name: &str) -> Option<&Leading> {
        let lower;
        let name = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => {
                lower = name.to_ascii_lowercase();
                lower.as_str()
            }
            false => name,
        };
        let by_end = || self.ends.iter().find(|(end, _)| name.ends_with(end)).map(|(_, leading)| leading);
        self.whole.get(name).or_else(by_end)
    }

    /// The names under which a container reaches the machine that it runs on.
    pub(crate) fn around_containers(&self) -> impl Iterator<Item = &str> {
        self.around_containers.iter().map(String::as_str)
    }

    /// Whether a service is known by the number.
    pub(in crate::analysis) fn knows_port(&self, number: u16) -> bool {
        self.ports.contains(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::packs::{Packs, Rows};
    use crate::analysis::{Language, SyntaxCache, analyze_by};

    #[test]
    fn a_host_of_ones_own_is_read_as_its_row_says_in_every_format() {
        let row =
            "[[host]]\nid = 'our.corp'\nmeans = 'Ours.'\nleads = 'private'\nnames = ['*.corp.example']\n";
        let own = Packs::with(toml::from_str::<Rows>(row).unwrap());
        for (language, text) in [
            (Language::Env, "API=http://api.corp.example:8443\n"),
            (Language::Yaml, "api: http://api.corp.example:8443\n"),
            (Language::Json, r#"{"api": "http://api.corp.example:8443"}"#),
            (Language::Conf, "api = \"http://api.corp.example:8443\"\n"),
            (Language::Shell, "curl http://api.corp.example:8443/\n"),
            (Language::JavaScript, "fetch('http://api.corp.example:8443/')\n"),
        ] {
            let found = |packs| {
                !analyze_by(text, language, packs, &mut SyntaxCache::default()).occurrences.is_empty()
            };
            assert!(found(&own), "{text}");
            assert!(!found(Packs::built_in()), "{text}");
        }
    }

    #[test]
    fn a_machine_around_containers_is_named_by_a_row() {
        let row = "[[host]]\nid = 'our.vm'\nmeans = 'Ours.'\nleads = 'local'\naround-container = true\nnames = ['vm.corp.example']\n";
        let own = Packs::with(toml::from_str::<Rows>(row).unwrap());
        let is_around =
            |packs: &Packs, name: &str| packs.hosts.around_containers().any(|known| known == name);
        assert!(is_around(&own, "vm.corp.example") && is_around(&own, "host.docker.internal"));
        assert!(!is_around(Packs::built_in(), "vm.corp.example") && !is_around(&own, "localhost"));
    }

    #[test]
    fn a_row_about_no_host_is_refused() {
        let fault = |fields: &str| {
            let row = format!("id = 'a'\nmeans = 'b'\nleads = 'local'\n{fields}");
            toml::from_str::<HostRow>(&row).unwrap().fault()
        };
        assert_eq!(fault("names = ['build.corp.example', '*.lan']"), None);
        for fields in [
            "",
            "names = ['*']",
            "names = ['a*b']",
            "names = ['http://a']",
            "ports = [5432]",
            "around-container = true\nnames = ['*.a']",
        ] {
            assert!(fault(fields).is_some(), "{fields}");
        }
    }
}
