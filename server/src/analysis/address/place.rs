//! What an address decides in the place where it is written: one table of places and hosts.

use super::{Address, Host};
use crate::analysis::occurrence::Kind;
use crate::analysis::packs::Packs;

/// A place in which an address is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum Place<'a> {
    /// A string of a program.
    Literal {
        /// Whether a name, or what the string is given to, says that an address is meant.
        is_named: bool,
    },
    /// The value of a setting with that name.
    Setting(&'a str),
    /// The value of an environment variable with that name.
    Variable(&'a str),
    /// The value of an environment variable with that name in a container.
    ContainerVariable(&'a str),
    /// A word of a directive whose name does not say what the word is for: `proxy_pass http://app:8080`.
    Directive,
    /// The address of a site, which the server listens on for any host.
    Site,
    /// What a server listens on: `listen`, `bind`, `ListenStream=`.
    Listener,
    /// What requests are passed to: `reverse_proxy`, `server` of nginx.
    Upstream,
    /// A port of a container that an editor forwards.
    Forwarded,
    /// A line of a file of requests.
    Request,
    /// An attribute or script of a page, which a browser reads.
    Page,
    /// A word of a command line.
    Word {
        /// The variable that the word gives a value to.
        key: Option<&'a str>,
        role: WordRole,
    },
}

/// The text before an address in a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum WordRole {
    /// Nothing that says what the address is for.
    Plain,
    /// A flag: `-addr :8080`.
    Flag,
    /// A variable for an address: `LISTEN_ADDR=:8080`.
    Assigned,
    /// A program that serves on the address: `php -S localhost:8000`.
    Served,
}

/// What an address needs so that it decides a port, besides the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// A scheme.
    Scheme,
    /// A scheme, or no other text beside it.
    Whole,
    /// [`Needs::Whole`], and a number that servers have or a name that says that an address is meant.
    Port,
    /// [`Needs::Whole`], and a scheme or a name that says that an address is meant.
    Named,
    /// A scheme, or a number that servers have. A variable for a port has the container's side behind it.
    Likely,
    /// A scheme, or [`Needs::Whole`] and what [`Needs::Likely`] says; 80 and 443 are such numbers, too.
    Host,
    /// A scheme, or a name that says that an address is meant, and a number that servers have.
    Name,
}

use Needs::{Host as HostName, Likely, Name, Named, Nothing, Port, Scheme, Whole};

/// What an address decides, and what it needs for that; `None` where it decides nothing.
type Cell = Option<(Needs, Kind)>;

/// What an address decides in the place; `None` where no port is decided by it, or none of ours.
pub(in crate::analysis) fn decide(address: &Address, place: Place<'_>, packs: &Packs) -> Option<Kind> {
    let (needs, kind) = cell(address, place)?;
    address.has(needs, place, packs).then_some(kind)
}

/// The table.
#[rustfmt::skip]
fn cell(address: &Address, place: Place<'_>) -> Cell {
    use Kind::{CommandFlag, Connect, ContainerEnvironment, EnvironmentFile, InNetwork, Listen};
    let some = |needs, kind| Some((needs, kind));
    let [omitted, any, here, service, variable, remote]: [Cell; 6] = match place {
        //                             :8080                              0.0.0.0                                 localhost, 10.0.0.5                     orders                                  ${HOST}                                 example.com
        Place::Literal { .. }      => [some(Port, Listen),                some(Nothing, Listen),                  some(Nothing, Connect),                 some(Name, InNetwork),                  some(HostName, Connect),                None],
        Place::Setting(_)          => [some(Named, Listen),               some(Nothing, Listen),                  some(Whole, Connect),                   some(Name, InNetwork),                  some(HostName, Connect),                None],
        Place::Variable(_)         => [some(Named, EnvironmentFile),      some(Nothing, EnvironmentFile),         some(Whole, EnvironmentFile),           some(Name, EnvironmentFile),            some(HostName, EnvironmentFile),        None],
        Place::ContainerVariable(_) => [some(Named, ContainerEnvironment),some(Nothing, ContainerEnvironment),    some(Whole, Connect),                   some(Name, InNetwork),                  some(HostName, InNetwork),              None],
        Place::Directive           => [some(Scheme, Listen),              some(Nothing, Listen),                  some(Whole, Connect),                   some(Likely, InNetwork),                some(Whole, Connect),                   None],
        Place::Site                => [some(Nothing, Listen),             some(Nothing, Listen),                  some(Nothing, Listen),                  some(Nothing, Listen),                  some(Nothing, Listen),                  some(Nothing, Listen)],
        Place::Listener            => [some(Nothing, Listen),             some(Nothing, Listen),                  some(Nothing, Listen),                  some(Nothing, Listen),                  some(Nothing, Listen),                  None],
        Place::Upstream            => [some(Nothing, Connect),            some(Nothing, Connect),                 some(Nothing, Connect),                 some(Nothing, InNetwork),               some(Nothing, Connect),                 None],
        Place::Forwarded           => [some(Nothing, ContainerEnvironment), some(Nothing, ContainerEnvironment),  some(Nothing, ContainerEnvironment),    some(Nothing, InNetwork),               some(Nothing, ContainerEnvironment),    None],
        Place::Request             => [None,                              some(Nothing, Connect),                 some(Nothing, Connect),                 some(Scheme, InNetwork),                some(Scheme, Connect),                  None],
        Place::Page                => [some(Scheme, Connect),             some(Scheme, Connect),                  some(Scheme, Connect),                  None,                                   some(Scheme, Connect),                  None],
        Place::Word { role, key }  => {
            let service = if key.is_some() { Name } else { Likely };
            let (omitted, here) = match role {
                WordRole::Plain    => (None,                              Connect),
                WordRole::Flag     => (some(Nothing, CommandFlag),        Connect),
                WordRole::Assigned => (some(Nothing, Kind::Setting),      Connect),
                WordRole::Served   => (None,                              CommandFlag),
            };
                                      [omitted,                           some(Nothing, CommandFlag),             some(Nothing, here),                    some(service, InNetwork),               some(Likely, Connect),                  None]
        }
    };
    match address.host {
        Host::Any if address.name.is_empty() => omitted,
        Host::Any => any,
        Host::Local | Host::Private => here,
        Host::Service => service,
        Host::Variable => variable,
        Host::Remote => remote,
    }
}

impl Address {
    fn has(&self, needs: Needs, place: Place<'_>, packs: &Packs) -> bool {
        match needs {
            Nothing => true,
            Scheme => self.has_scheme,
            Whole => self.has_scheme || self.is_whole,
            Port => self.is_whole && (self.has_server_number() || self.is_named_in(place, packs)),
            Named => self.is_whole && (self.has_scheme || self.is_named_in(place, packs)),
            Likely => {
                self.has_scheme || self.port.get() >= 1000 && packs.names.port_name(&self.name).is_none()
            }
            HostName => {
                self.has_scheme
                    || self.is_whole
                        && self.has_server_number()
                        && packs.names.port_name(&self.name).is_none()
            }
            Name => {
                // A command line has other words beside this one.
                let is_whole = self.is_whole || matches!(place, Place::Word { .. });
                self.has_scheme || is_whole && self.is_service_in(place, packs)
            }
        }
    }

    /// Whether it is a service in the network rather than another name with a number: an amount, a user, a place in a
    /// list. 80 and 443 are what a name has to speak for.
    fn is_service_in(&self, place: Place<'_>, packs: &Packs) -> bool {
        // `paymentId:1259`
        if self.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return false;
        }
        let is_named = || self.is_named_in(place, packs);
        match self.port.get() {
            80 | 443 => is_named(),
            1000.. => !place.is_of_image(packs) && (self.names_service || is_named()),
            _ => false,
        }
    }

    /// Whether the number is one that servers have.
    fn has_server_number(&self) -> bool {
        matches!(self.port.get(), 80 | 443 | 1000..)
    }

    /// Whether a name in the place says that an address is meant.
    fn is_named_in(&self, place: Place<'_>, packs: &Packs) -> bool {
        match place {
            Place::Literal { is_named } => is_named,
            Place::Setting(name)
            | Place::Variable(name)
            | Place::ContainerVariable(name)
            | Place::Word { key: Some(name), .. } => self.is_named_by(name, packs),
            _ => false,
        }
    }

    /// Whether a name says that its value is an address, such as this one: `"orders": "orders:8018"`.
    pub(in crate::analysis) fn is_named_by(&self, name: &str, packs: &Packs) -> bool {
        !packs.names.is_image_name(name)
            && (packs.names.is_address_name(name)
                || packs.names.is_peer_name(name)
                || packs.names.port_name(name).is_some()
                || packs.names.ends_like_host(name)
                || name.eq_ignore_ascii_case(&self.name))
    }
}

impl Place<'_> {
    /// Whether the name says that the value is an image with its tag: `REDIS_IMAGE=redis:6379`.
    fn is_of_image(self, packs: &Packs) -> bool {
        match self {
            Place::Setting(name)
            | Place::Variable(name)
            | Place::ContainerVariable(name)
            | Place::Word { key: Some(name), .. } => packs.names.is_image_name(name),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::addresses;
    use super::*;
    use crate::analysis::packs::Packs;

    /// An address to each kind of host, without and with what makes it sure. `~` stands for other text beside it.
    const ADDRESSES: &[&str] = &[
        ":8080",
        "x://:8080",
        "0.0.0.0:80",
        "localhost:150",
        "10.0.0.5:8080",
        "~ localhost:8080",
        "orders:150",
        "orders:8150",
        "redis:6379",
        "x://orders:150",
        "${H}:8080",
        "${PORT}:8080",
        "x://${H}:150",
        "x.example.com:8080",
        "https://x.example.com:8443",
    ];

    /// Every place, without a name that says that an address is meant and with one. `.` is nothing, and a letter a kind.
    #[rustfmt::skip]
    const MATRIX: &[(Place<'_>, &str)] = &[
        (Place::Literal { is_named: false },        "L L L C C C . . N N C . C . ."),
        (Place::Literal { is_named: true },         "L L L C C C . N N N C . C . ."),
        (Place::Setting("label"),                   ". L L C C . . . N N C . C . ."),
        (Place::Setting("target"),                  "L L L C C . . N N N C . C . ."),
        (Place::Setting("image"),                   ". L L C C . . . . N C . C . ."),
        (Place::Variable("LABEL"),                  ". E E E E . . . E E E . E . ."),
        (Place::Variable("TARGET"),                 "E E E E E . . E E E E . E . ."),
        (Place::ContainerVariable("LABEL"),         ". I I C C . . . N N N . N . ."),
        (Place::ContainerVariable("TARGET"),        "I I I C C . . N N N N . N . ."),
        (Place::Directive,                          ". L L C C . . N N N C C C . ."),
        (Place::Site,                               "L L L L L L L L L L L L L L L"),
        (Place::Listener,                           "L L L L L L L L L L L L L . ."),
        (Place::Upstream,                           "C C C C C C N N N N C C C . ."),
        (Place::Forwarded,                          "I I I I I I N N N N I I I . ."),
        (Place::Request,                            ". . C C C C . . . N . . C . ."),
        (Place::Page,                               ". C . . . . . . . . . . C . ."),
        (Place::Word { key: None, role: WordRole::Plain },              ". . F C C C . N N N C . C . ."),
        (Place::Word { key: None, role: WordRole::Flag },               "F F F C C C . N N N C . C . ."),
        (Place::Word { key: Some("ADDR"), role: WordRole::Assigned },   "S S F C C C . N N N C . C . ."),
        (Place::Word { key: Some("LABEL"), role: WordRole::Plain },     ". . F C C C . . N N C . C . ."),
        (Place::Word { key: None, role: WordRole::Served },             ". . F F F F . N N N C . C . ."),
    ];

    fn letter(kind: Option<Kind>) -> char {
        match kind {
            None => '.',
            Some(Kind::Listen) => 'L',
            Some(Kind::Connect) => 'C',
            Some(Kind::InNetwork) => 'N',
            Some(Kind::EnvironmentFile) => 'E',
            Some(Kind::ContainerEnvironment) => 'I',
            Some(Kind::CommandFlag) => 'F',
            Some(Kind::Setting) => 'S',
            Some(_) => '?',
        }
    }

    #[test]
    fn each_place_decides_for_each_host() {
        let addresses: Vec<Address> =
            ADDRESSES.iter().flat_map(|text| addresses(text, Packs::built_in())).collect();
        assert_eq!(addresses.len(), ADDRESSES.len());
        let decided = |place| {
            let letters: Vec<String> = addresses
                .iter()
                .map(|address| letter(decide(address, place, Packs::built_in())).to_string())
                .collect();
            letters.join(" ")
        };
        let wrong: Vec<String> = MATRIX
            .iter()
            .filter(|(place, expected)| decided(*place) != *expected)
            .map(|(place, _)| format!("{place:?}: \"{}\"", decided(*place)))
            .collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }
}
