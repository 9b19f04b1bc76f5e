//! Which names speak of a port: one rule for identifiers, keys, flags and variables.

use std::sync::Arc;

use super::{BUILT_IN_NAMES, Role, WordRow, Words};
use crate::port::Port;
use crate::service::words;
use crate::variable::Variable;

/// The variable with the address of Tomcat's debugger; a bare number is a port.
const DEBUGGER: &str = "JPDA_ADDRESS";

/// How a name speaks of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum PortName {
    /// `port`, `apiPort`, `HTTP_PORT`: the value is a port.
    One,
    /// `ports`, `PORTS`: what it holds are ports.
    Many,
}

/// What names say, by the words in them.
#[derive(Debug, Default)]
pub(crate) struct Names(Words);

impl Names {
    pub(super) fn of<'r>(rows: impl IntoIterator<Item = &'r WordRow>) -> Self {
        Self(Words::of(rows))
    }

    /// Those that come with the program.
    pub(crate) fn built_in() -> &'static Arc<Self> {
        &BUILT_IN_NAMES
    }

    /// Whether a name, however it is spelled, speaks of a network port.
    pub(in crate::analysis) fn port_name(&self, name: &str) -> Option<PortName> {
        // Most names do not, and this is asked of every key and identifier on the way.
        if !contains_port(name) {
            return None;
        }
        let words = words(name);
        let position = words.iter().rposition(|word| self.is_port_word(word))?;
        let before = position.checked_sub(1).and_then(|index| words.get(index));
        if before.is_some_and(|word| self.0.say(Role::NoNetwork, word)) {
            return None;
        }
        if position > 0 && self.0.say(Role::Switch, &words[0]) {
            return None;
        }
        let is_pair = words.len() == 2 && position == 1 && name.bytes().any(|byte| byte.is_ascii_lowercase());
        if is_pair && self.0.say(Role::Follows, &words[0]) {
            return None;
        }
        if words[position + 1..].iter().any(|word| self.0.say(Role::NoNumber, word)) {
            return None;
        }
        Some(if words[position].ends_with('s') { PortName::Many } else { PortName::One })
    }

    /// Whether a name is that of one port: `port`, `httpPort`.
    pub(in crate::analysis) fn is_port(&self, name: &str) -> bool {
        self.port_name(name) == Some(PortName::One)
    }

    /// Whether a variable holds a port by its name, as `port_name` says of any name: `WEB_PORT`, but not
    /// `SERIAL_PORT`, `PORT_TIMEOUT`, `PORT_RANGE_START`, `USE_X_FORWARD_PORT` or `MAX_PORT`.
    pub(crate) fn is_port_variable(&self, variable: &Variable) -> bool {
        let name = variable.as_str();
        variable.has_port_word() && self.is_port(name) && !self.is_bound(name)
    }

    /// Whether a variable that is read holds a port by its name, or has a slip of the keyboard where the name should say so.
    /// What is read by such a slip is put apart ([`Analysis::slips`](crate::analysis::Analysis::slips)).
    pub(in crate::analysis) fn is_read_as_port(&self, variable: &Variable) -> bool {
        self.is_port_variable(variable) || variable.may_be_slip()
    }

    /// Whether the port of a variable is decided elsewhere by the name: that of another's server, or one that a proxy saw.
    pub(crate) fn is_foreign(&self, variable: &Variable) -> bool {
        self.any(Role::Foreign, variable.as_str())
    }

    /// Whether the number is a port by the name of what it is given to. Below 80, `listen` is followed by other
    /// things than ports: a switch, the length of a queue.
    pub(in crate::analysis) fn names_port(&self, name: &str, port: Port) -> bool {
        match self.port_name(name) {
            Some(PortName::One) => true,
            // One number is a list of one, unless the name says that ports are counted.
            Some(PortName::Many) => port.get() >= 80 && !self.counts(name),
            None => port.get() >= 80 && (self.is_listen_name(name) || name.eq_ignore_ascii_case(DEBUGGER)),
        }
    }

    /// Whether an entry of a map of ports is a port: `ports: { http: 8080 }`. Numbers below 20 count things.
    pub(in crate::analysis) fn is_entry_of_ports(&self, map: &str, key: &str, port: Port) -> bool {
        self.port_name(map) == Some(PortName::Many)
            && words(map).last().is_some_and(|word| self.is_port_word(word))
            && key.starts_with(|first: char| first.is_ascii_alphabetic())
            && !self.counts(key)
            && port.get() >= 20
    }

    /// Whether a name says that its value is counted or measured: `backlog`, `TIMEOUT_MS`.
    pub(in crate::analysis) fn is_quantity(&self, name: &str) -> bool {
        self.any(Role::Quantity, name) || self.any(Role::NoNumber, name)
    }

    /// Whether a name says that its value is a bound: `MAX_PORT`.
    pub(in crate::analysis) fn is_bound(&self, name: &str) -> bool {
        self.any(Role::Bound, name)
    }

    /// Whether a name says that its value has an address in it: `addr`, `baseUrl`, `ENDPOINTS`.
    pub(in crate::analysis) fn is_address_name(&self, name: &str) -> bool {
        let says = |word: &str| self.0.say(Role::Address, word);
        words(name).iter().any(|word| says(word) || word.strip_suffix('s').is_some_and(says))
    }

    /// Whether a name says that its value is somebody who is spoken to: `backend`, `seedNodes`, `DOCKER_API`. A host and
    /// a port is meant where that could be, where a number alone would be something else.
    pub(in crate::analysis) fn is_peer_name(&self, name: &str) -> bool {
        words(name).last().is_some_and(|word| self.0.say(Role::Peer, word.strip_suffix('s').unwrap_or(word)))
    }

    /// Whether a name says that its value is an image, which has a tag behind its colon: `image`, `REDIS_IMAGE`.
    pub(in crate::analysis) fn is_image_name(&self, name: &str) -> bool {
        self.last(Role::Image, name)
    }

    /// Whether a name says that its value is text for people: `usage`, `HELP_TEXT`, `Long` and `Example` of a command.
    pub(in crate::analysis) fn is_help_name(&self, name: &str) -> bool {
        self.any(Role::Help, name)
    }

    /// Whether a name says that its value is a map of environment variables: `env`, `env_development` of pm2.
    pub(in crate::analysis) fn gives_environment(&self, name: &str) -> bool {
        self.first(Role::Environment, name) && !self.gives_production(name)
    }

    /// Whether a name says that its value is a map of environment variables for production: `env_production` of pm2.
    pub(in crate::analysis) fn gives_production(&self, name: &str) -> bool {
        self.first(Role::Environment, name)
            && words(name)[1..].iter().any(|word| self.0.say(Role::Production, word))
    }

    /// Whether a name says where to listen: `listen`, `node_listen`, `APP_BIND`. Its value is an address or a port.
    pub(in crate::analysis) fn is_listen_name(&self, name: &str) -> bool {
        // Most names do not, as with ports.
        self.0.is_in(Role::Listen, name) && self.last(Role::Listen, name)
    }

    /// Whether a name says that its value is a command line or part of one: `command`, `JAVA_OPTS`.
    pub(in crate::analysis) fn is_command_name(&self, name: &str) -> bool {
        self.last(Role::Command, name)
    }

    /// Whether what is called so reaches something by its address: `grpc.Dial`, `newClient`.
    pub(in crate::analysis) fn reaches(&self, name: &str) -> bool {
        self.any(Role::Reaches, name)
    }

    /// Whether what is called so returns another value if there is none: `unwrap_or`, `getOrElse`.
    pub(in crate::analysis) fn gives_default(&self, name: &str) -> bool {
        self.any(Role::OrElse, name)
    }

    /// Whether a name is that of an option's default: `default`, `defaultValue`, `defaultsTo`.
    pub(in crate::analysis) fn is_default_name(&self, name: &str) -> bool {
        self.all(Role::Default, name.strip_suffix("To").unwrap_or(name))
    }

    /// Whether a function of that name looks a value up: `get_env_var`, `envOr`.
    pub(in crate::analysis) fn looks_up(&self, name: &str) -> bool {
        words(name).first().is_some_and(|word| self.0.say(Role::LooksUp, word))
    }

    /// Whether a function of that name makes what counts where nobody sets anything: `default`, `NewDefaultConfig`.
    pub(in crate::analysis) fn makes_defaults(&self, name: &str) -> bool {
        let words = words(name);
        let is_made = |word: &String| self.0.say(Role::Makes, word);
        words.iter().find(|word| !is_made(word)).is_some_and(|word| self.0.say(Role::Defaults, word))
    }

    /// Whether a name is that of settings which count where nobody sets anything: `DefaultConfig`, `OPTION_DEFAULTS`. A
    /// connection of Django or Laravel may be called `default`.
    pub(in crate::analysis) fn holds_defaults(&self, name: &str) -> bool {
        match words(name).as_slice() {
            [first, last] if self.0.say(Role::Defaults, first) => self.0.say(Role::Settings, last),
            [.., last] => last.ends_with('s') && self.0.say(Role::Defaults, last),
            [] => false,
        }
    }

    /// Whether a name says that its value is the name of an option: `name`, `Long`.
    pub(in crate::analysis) fn is_label(&self, name: &str) -> bool {
        self.last(Role::Label, name)
    }

    /// Whether a name says that its value is a host and nothing else: `host`, `dbHostname`.
    pub(in crate::analysis) fn is_host_key(&self, name: &str) -> bool {
        self.last(Role::Host, name)
    }

    /// Whether a name says that its value is a socket.
    pub(in crate::analysis) fn is_socket_name(&self, name: &str) -> bool {
        self.last(Role::Socket, name)
    }

    /// Whether an expression of that name yields a host: `dbHost`, `ipv4`, `InternetAddress.anyIPv4`.
    pub(in crate::analysis) fn yields_host(&self, name: &str) -> bool {
        let is_host = |word: &String| self.0.say(Role::HostValue, word.trim_end_matches(['4', '6']));
        words(name).last().is_some_and(is_host)
    }

    /// Whether what is called so gives its receiver or its argument in another type: `parse`, `to_string`.
    pub(in crate::analysis) fn keeps_value(&self, name: &str) -> bool {
        self.last(Role::Keeps, name)
    }

    /// Whether a name is called like what listens: `orders-service`, `smarthost`.
    pub(in crate::analysis) fn ends_like_host(&self, name: &str) -> bool {
        words(name).last().is_some_and(|word| self.0.end(Role::Listener, word))
    }

    /// What a host is called where its port is called `port`: `host`, `server`.
    pub(in crate::analysis) fn port_hosts(&self) -> &[String] {
        self.0.of_role(Role::PortHost)
    }

    /// Whether a name is that of a server of the project itself, which may be given its public name: `server`, `PUBLIC`.
    pub(crate) fn is_own_server(&self, name: &str) -> bool {
        self.last(Role::Own, name)
    }

    /// Whether a name is that of a server that a project seldom runs itself: `smtp`, `MAIL`.
    pub(in crate::analysis) fn is_others_server(&self, name: &str) -> bool {
        self.last(Role::Others, name)
    }

    /// Whether a name is as a row says that its words make it.
    pub(super) fn is_as_said(&self, role: Role, name: &str) -> bool {
        match role {
            Role::NoNumber | Role::NoNetwork | Role::Follows | Role::Switch => self.port_name(name).is_none(),
            Role::Glued => self.is_port(name),
            Role::Address => self.is_address_name(name),
            Role::Peer => self.is_peer_name(name),
            Role::Quantity => self.is_quantity(name),
            Role::Amount => self.counts(name),
            Role::Production => self.gives_production(name),
            Role::Environment => self.first(role, name),
            Role::Image
            | Role::Listen
            | Role::Command
            | Role::Label
            | Role::Host
            | Role::Socket
            | Role::Keeps
            | Role::PortHost
            | Role::Own
            | Role::Others => self.last(role, name),
            Role::Default => self.all(role, name),
            Role::Listener => self.ends_like_host(name),
            Role::HostValue => self.yields_host(name),
            Role::LooksUp => self.looks_up(name),
            Role::Defaults => self.makes_defaults(name),
            Role::Makes => self.makes_defaults(name),
            Role::Settings => self.holds_defaults(name),
            Role::Help | Role::Bound | Role::Foreign | Role::Reaches | Role::OrElse => self.any(role, name),
        }
    }

    fn is_port_word(&self, word: &str) -> bool {
        let singular = word.strip_suffix('s').unwrap_or(word);
        singular
            .strip_suffix("port")
            .is_some_and(|prefix| prefix.is_empty() || self.0.say(Role::Glued, prefix))
    }

    /// Whether a name says that ports are counted.
    fn counts(&self, name: &str) -> bool {
        self.any(Role::Amount, name) || self.any(Role::NoNumber, name)
    }

    fn any(&self, role: Role, name: &str) -> bool {
        words(name).iter().any(|word| self.0.say(role, word))
    }

    fn all(&self, role: Role, name: &str) -> bool {
        let words = words(name);
        !words.is_empty() && words.iter().all(|word| self.0.say(role, word))
    }

    fn first(&self, role: Role, name: &str) -> bool {
        words(name).first().is_some_and(|word| self.0.say(role, word))
    }

    fn last(&self, role: Role, name: &str) -> bool {
        words(name).last().is_some_and(|word| self.0.say(role, word))
    }
}

impl Variable {
    /// Whether the port of the variable is decided elsewhere by its name, by the words that port-manager knows.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        Names::built_in().is_foreign(self)
    }

    /// Whether the variable holds a port by its name, by the words that port-manager knows.
    #[must_use]
    pub fn is_port_name(&self) -> bool {
        Names::built_in().is_port_variable(self)
    }
}

fn contains_port(name: &str) -> bool {
    name.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"port"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::packs::word_rows;

    #[test]
    fn every_word_makes_its_name_what_the_row_says() {
        let rows = word_rows();
        for (index, row) in rows.iter().enumerate() {
            for word in &row.words {
                let name = row.each.as_ref().unwrap().replace("{}", word);
                let mut without: Vec<WordRow> = rows.clone();
                without[index].words.retain(|other| other != word);
                let says = |rows: &[WordRow]| Names::of(rows.iter()).is_as_said(row.role, &name);
                assert!(says(&rows), "{}: {name}, for {}", row.id, row.means);
                assert!(!says(&without), "{}: {name} needs no {word}", row.id);
            }
        }
    }

    #[test]
    fn names_that_hold_a_port() {
        for name in [
            "port",
            "PORT",
            "apiPort",
            "http_port",
            "server.port",
            "--port",
            "portNumber",
            "DEFAULT_PORT",
            "httpPort2",
            "OTEL_COLLECTOR_PORT_GRPC",
            "DOCKER_WEB_PORT_FORWARD",
            "httpport",
            "this.port",
            "CONTAINER_PORT",
            "redirect-from-port",
        ] {
            assert_eq!(Names::built_in().port_name(name), Some(PortName::One), "{name}");
        }
        for name in ["ports", "PORTS", "allowedPorts"] {
            assert_eq!(Names::built_in().port_name(name), Some(PortName::Many), "{name}");
        }
    }

    #[test]
    fn names_that_only_look_like_it() {
        for name in [
            "report",
            "support",
            "portfolio",
            "viewport",
            "transport",
            "import",
            "passport",
            "portTimeout",
            "serialPort",
            "exportDir",
            "portal",
            "portRange",
            "portRetry",
            "USE_X_FORWARD_PORT",
            "enablePort",
            "containerPort",
            "FromPort",
            "to_port",
            "host",
            "",
        ] {
            assert_eq!(Names::built_in().port_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_variable_holds_a_port_where_its_name_says_so() {
        let is_port_name = |name: &str| name.parse::<Variable>().unwrap().is_port_name();
        for name in
            ["PORT", "WEB_PORT", "PORT_WEB", "web_port", "WEB_PORT2", "OTEL_COLLECTOR_PORT_GRPC", "SMTP_PORT"]
        {
            assert!(is_port_name(name), "{name}");
        }
        for name in [
            "SERIAL_PORT",
            "COM_PORT",
            "PORT_TIMEOUT",
            "PORT_RANGE",
            "PORT_RANGE_START",
            "PORT_OFFSET",
            "START_PORT",
            "MAX_PORT",
            "USE_X_FORWARD_PORT",
            "ENABLE_PORT",
            "REPORT",
            "PORTS",
            "HTTPPORT",
        ] {
            assert!(!is_port_name(name), "{name}");
        }
    }
}
