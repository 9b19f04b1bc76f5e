//! Numbers for the ports of an application that are free now.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpListener;

use regex::Regex;

use crate::packages;

/// The numbers that an application uses here in place of those in its sources. Other applications wait for theirs
/// until this is dropped, in other test processes too: their worktrees would be given the same numbers, as the
/// registries of two tests know nothing of each other.
pub struct Numbers {
    here: BTreeMap<u16, u16>,
    _lock: File,
}

impl Numbers {
    /// Takes each number itself where it is free, else a free one of the same hundred, so that it says the same of its service.
    pub fn take(numbers: impl Iterator<Item = u16>) -> Self {
        let lock = packages::lock();
        let numbers: Vec<u16> = numbers.collect();
        let mut here = BTreeMap::new();
        for number in &numbers {
            let hundred = number / 100 * 100;
            let chosen = std::iter::once(*number)
                .chain((hundred..hundred + 100).filter(|other| !numbers.contains(other)))
                .find(|candidate| is_free(*candidate) && !here.values().any(|taken| taken == candidate));
            here.insert(*number, chosen.expect("a free number in the hundred"));
        }
        Self { here, _lock: lock }
    }

    /// The number that a number of the sources is here.
    pub fn of(&self, number: u16) -> u16 {
        self.here[&number]
    }

    /// A text of the sources with the numbers of here.
    pub fn written(&self, text: &str) -> String {
        let whole_number = Regex::new(r"\b\d{4,5}\b").expect("a regular expression");
        let number_here = |found: &regex::Captures<'_>| {
            let number = found[0].parse().ok().and_then(|number: u16| self.here.get(&number));
            number.map_or_else(|| found[0].to_owned(), u16::to_string)
        };
        whole_number.replace_all(text, number_here).into_owned()
    }
}

/// Whether nothing listens on the port, on any address.
pub fn is_free(port: u16) -> bool {
    let addresses = ["127.0.0.1", "0.0.0.0", "::1", "::"];
    // An address that this machine does not have has nobody who listens.
    addresses.iter().all(|address| match TcpListener::bind((*address, port)) {
        Ok(_) => true,
        Err(error) => error.kind() != std::io::ErrorKind::AddrInUse,
    })
}
