//! Texts with places that values are put into: `Sprintf(":%d", 8080)`.

use super::{Climb, Step};
use crate::analysis::address;
use crate::analysis::code::calls;
use crate::analysis::occurrence::Kind;
use crate::pattern::{Pattern, regex};

/// The places of a format: `%d`, `%[2]s`, `{}`, `{0}`.
static PLACES: Pattern = regex!(r"%(?:\[\d\])?[dsvu]|\{\d?\}");

impl Climb<'_, '_> {
    /// `Sprintf(":%d", 8080)`: what the format, as written, makes of the value that takes that place in it.
    pub(super) fn formatted(&mut self, format: &str, place: usize) -> Step {
        let Some(found) = PLACES.find_iter(format).nth(place) else { return Step::Not };
        let Some(host) = format[..found.start()].strip_suffix(':') else { return Step::Not };
        // `%s:%d`: the host comes from somewhere else.
        let is_host = host.ends_with(['s', 'v', '}'])
            && PLACES.find_iter(host).last().is_some_and(|last| last.end() == host.len());
        match address::before_port(host, self.source.packs) {
            Some(kind) => self.in_address(kind),
            None if host.is_empty() || host.ends_with(['"', '\'', '`']) => self.in_address(Kind::Listen),
            None if is_host => self.in_address(Kind::Connect),
            None => Step::Not,
        }
    }

    /// The number is the port of an address: what is given the address may say what it is for.
    pub(super) fn in_address(&mut self, kind: Kind) -> Step {
        if !calls::is_likely_port(self.port.get()) || self.source.is_prose(self.path) {
            return Step::Not;
        }
        self.address = Some(kind);
        Step::Up
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn code_put_into_address_needs_a_colon_before_the_place() {
        only_first(
            "code.put-into-address",
            "a.py",
            "url = 'http://localhost:%d' % 8080\n",
            &["url = 'http://localhost/%d' % 8080\n"],
        );
    }
}
