//! Ports in command lines: what programs do with the ports that they are given, assignments and addresses. One reader for
//! shell, make, Dockerfile, compose and package scripts.

mod assigned;
mod body;
mod claims;
mod endpoint;
mod slice;
mod words;

use std::collections::HashSet;
use std::ops::Range;

use super::address::{Address, Host, Place, WordRole, addresses, decide, is_remote};
use super::decided_by::DecidedBy;
use super::names::PortName;
use super::occurrence::Kind;
use super::packs::{Does, Packs};
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use assigned::Assigned;
use claims::{Claim, Claims};
use slice::Slice;
use words::{Script, Word};

/// How many items a list may have that is looked at as the words of a command.
pub(super) const MOST_WORDS: usize = 64;

/// A port in a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandPort {
    /// The bytes of the number.
    pub(super) span: Range<usize>,
    /// The number.
    pub(super) port: Port,
    /// What it decides.
    pub(super) kind: Kind,
    /// A name nearby: the variable that is assigned to, the host.
    pub(super) hint: Option<String>,
    /// The row or rule that says so.
    pub(super) decided_by: DecidedBy,
}

/// `'http://'"$host"':8080/'`: a variable between quotes of its own.
static JOINED: Pattern = regex!(
    r#"[A-Za-z][A-Za-z0-9+.-]*://["']{1,2}\$(?:[A-Za-z_]\w*|\{[^{}\s]*\})["']{1,2}:(?P<port>[0-9]{2,5})(?-u:\b)"#
);

/// Where a shell finds a socket in place of a file: `/dev/tcp/db/5432`.
const SOCKET: &str = "/dev/tcp/";

/// Every port in a command line or script, in its order. Spans are relative to `text`.
pub(super) fn ports(text: &str, packs: &Packs) -> Vec<CommandPort> {
    read(text, None, packs)
}

/// Every port in what is given to a variable, as `key=value` of a command line. Spans are relative to the value.
pub(super) fn ports_given(key: &str, value: &str, packs: &Packs) -> Vec<CommandPort> {
    read(value, Some(key), packs)
}

/// What a port in a string of a program is, where the string is a command line or a list of settings: `"--port=8080"`,
/// `"host=localhost port=5432"`.
pub(super) fn in_string(text: &str, span: &Range<usize>, packs: &Packs) -> Option<CommandPort> {
    let found = ports(text, packs).into_iter().find(|port| port.span == *span)?;
    // An address is read as one, unless a program says what it is for.
    let is_command = || packs.programs.row(&found.decided_by).is_some();
    (matches!(found.kind, Kind::CommandFlag | Kind::ClientFlag | Kind::Setting | Kind::Published)
        || found.kind == Kind::Connect && is_command())
    .then_some(found)
}

/// What the port is that the last of the first words of a command has: `["next", "dev", "-p", "3001"]`.
pub(super) fn in_list(words: &[&str], packs: &Packs) -> Option<(Kind, DecidedBy)> {
    let script = Script::of_list(words);
    let claims = Claims::of(&script, 0, packs);
    let claim = claims.of_words.last().copied().flatten()?;
    claim.endpoint.map(|_| (kind(&claim), claim.row.id.clone()))
}

/// The program that the last command of a text calls.
pub(super) fn program(text: &str, packs: &Packs) -> String {
    let script = Script::of(text);
    let last = script.commands.iter().rfind(|command| command.parent.is_none());
    last.map_or_else(String::new, |command| claims::program(command, &packs.programs))
}

/// Whether the last one of the first words of a command is given to a container: `["docker", "run", "-e", "PORT=80"]`.
pub(super) fn is_contained(words: &[&str], packs: &Packs) -> bool {
    let script = Script::of_list(words);
    Claims::of(&script, 0, packs).is_contained(words.len().saturating_sub(1))
}

fn read(text: &str, key: Option<&str>, packs: &Packs) -> Vec<CommandPort> {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    if !text.as_bytes().windows(2).any(|pair| pair.iter().all(is_digit)) {
        return Vec::new();
    }
    let script = Script::of(text);
    let mut reading =
        Reading { text, key, packs, script: &script, claims: Vec::new(), found: Found::default() };
    reading.claims = (0..script.commands.len()).map(|index| reading.claims_of(index)).collect();
    for index in 0..script.commands.len() {
        if !reading.is_in_container(index, 0) {
            reading.command(index);
        }
    }
    reading.addresses();
    reading.found.finish()
}

/// What is found in a text; of two at one number, the first counts.
#[derive(Default)]
struct Found {
    ports: Vec<CommandPort>,
    known: HashSet<usize>,
}

impl Found {
    fn add(&mut self, slice: Slice<'_>, kind: Kind, hint: Option<&str>, decided_by: impl Into<DecidedBy>) {
        let span = slice.span();
        if let Ok(port) = slice.text().parse()
            && self.known.insert(span.start)
        {
            let (hint, decided_by) = (hint.map(str::to_owned), decided_by.into());
            self.ports.push(CommandPort { span, port, kind, hint, decided_by });
        }
    }

    fn finish(mut self) -> Vec<CommandPort> {
        self.ports.sort_by_key(|port| port.span.start);
        self.ports
    }
}

/// A script that is read.
struct Reading<'a, 's, 'r> {
    text: &'a str,
    /// The variable that the text is given to.
    key: Option<&'s str>,
    packs: &'r Packs,
    script: &'s Script<'a>,
    /// What the rows say of each command.
    claims: Vec<Claims<'a, 'r>>,
    found: Found,
}

impl<'a, 'r> Reading<'a, '_, 'r> {
    fn claims_of(&self, index: usize) -> Claims<'a, 'r> {
        let command = &self.script.commands[index];
        let part = &self.text.as_bytes()[command.span.clone()];
        match part.iter().any(u8::is_ascii_digit) {
            true => Claims::of(self.script, index, self.packs),
            false => Claims::default(),
        }
    }

    /// Whether a word of a command is given to a container, or is in a word that is.
    fn is_in_container(&self, command: usize, word: usize) -> bool {
        if self.claims[command].is_contained(word) {
            return true;
        }
        let Some(parent) = self.script.commands[command].parent else { return false };
        let start = self.script.commands[command].span.start;
        let behind =
            self.script.commands[parent].words.partition_point(|word| word.whole.span().start <= start);
        self.is_in_container(parent, behind.saturating_sub(1))
    }

    /// Adds what a command says by its words.
    fn command(&mut self, index: usize) {
        let (script, names) = (self.script, &self.packs.names);
        let words = &script.commands[index].words;
        let own: Vec<usize> =
            (0..words.len()).filter(|word| !self.claims[index].is_contained(*word)).collect();
        for word in &own {
            if let Some(claim) = self.claims[index].of_words.get(*word).copied().flatten() {
                self.claimed(&claim);
            }
        }
        for word in own {
            self.assigned(assigned::ports(&words[word], names), "command-line.assignment");
            self.socket(&words[word]);
        }
        self.assigned(assigned::of_loop(words, names), "command-line.list");
        if let (0, Some(key), Some(first)) = (index, self.key, words.first())
            && first.whole.span().start == 0
        {
            self.given(key, words);
        }
    }

    /// Adds what a row says of a word.
    fn claimed(&mut self, claim: &Claim<'a, 'r>) {
        if claim.row.is_body && claim.row.does == Does::Sets {
            for Assigned { name, port } in body::ports(claim.value, &self.packs.names) {
                self.found.add(port, Kind::Setting, Some(name), claim.row.id.clone());
            }
        }
        let Some(endpoint) = claim.endpoint else { return };
        let host = endpoint.host.map(Slice::text).filter(|host| !host.is_empty());
        if claim.row.does == Does::Connects && host.is_some_and(|host| is_remote(host, self.packs)) {
            return;
        }
        let hint = host
            .filter(|_| endpoint.host.is_some_and(|host| host.span().end + 1 != endpoint.port.span().start));
        self.found.add(endpoint.port, kind(claim), hint, claim.row.id.clone());
    }

    fn assigned(&mut self, assigned: Vec<Assigned<'_>>, rule: &'static str) {
        for Assigned { name, port } in assigned {
            self.found.add(port, Kind::Setting, Some(name), rule);
        }
    }

    /// Adds what the variable that the whole text is given to says of it.
    fn given(&mut self, key: &str, words: &[Word<'_>]) {
        match (self.packs.names.port_name(key), words) {
            (Some(PortName::One), [word]) => {
                let value = word.content.bare();
                if value.digits().text().len() == value.text().len() {
                    self.found.add(value, Kind::Setting, Some(key), "command-line.assignment");
                }
            }
            (Some(PortName::Many), _) => {
                let ports = assigned::list(key, Slice::of(self.text), &self.packs.names);
                for Assigned { port, .. } in ports {
                    self.found.add(port, Kind::Setting, Some(key), "command-line.list");
                }
            }
            _ => {}
        }
    }

    /// Adds the port of a socket that is opened like a file.
    fn socket(&mut self, word: &Word<'a>) {
        let Some(at) = word.whole.text().find(SOCKET) else { return };
        let Some((host, port)) = word.whole.from(at + SOCKET.len()).split_once('/') else { return };
        if !is_remote(host.text(), self.packs) && port.digits().text().len() >= 2 {
            self.found.add(port.digits(), Kind::Connect, Some(host.text()), "command-line.socket");
        }
    }

    /// Adds the addresses.
    fn addresses(&mut self) {
        let text = Slice::of(self.text);
        for port in JOINED.captures_iter(self.text).filter_map(|captures| captures.name("port")) {
            self.found.add(text.part(port.range()), Kind::Connect, None, "command-line.address");
        }
        for address in addresses(self.text, self.packs) {
            let place = self.script.word_at(address.span.start);
            if let Some((command, word)) = place {
                let is_local = address.host == Host::Any || address.is_loopback();
                if is_local && self.is_in_container(command, word)
                    || self.is_spoken_for(command, word, &address)
                {
                    continue;
                }
            }
            if let Some((kind, decided_by)) = self.address(&address, place) {
                let hint = (address.host == Host::Service).then_some(address.name.as_str());
                self.found.add(text.part(address.span.clone()), kind, hint, decided_by);
            }
        }
    }

    /// Whether a row says of the word with an address what it is, and that is no port here.
    fn is_spoken_for(&self, command: usize, word: usize, address: &Address) -> bool {
        let claim = self.claims[command].of_words.get(word).copied().flatten();
        claim.is_some_and(|claim| match claim.row.does {
            Does::Nothing => !address.has_scheme && !claim.row.is_body,
            Does::Publishes => true,
            _ => false,
        })
    }

    /// What an address decides.
    fn address(&self, address: &Address, place: Option<(usize, usize)>) -> Option<(Kind, DecidedBy)> {
        let words =
            place.map(|(command, _)| self.script.commands[command].words.as_slice()).unwrap_or_default();
        let at = place.map(|(_, word)| word);
        let key = self.key_of(place);
        let does =
            place.and_then(|(command, word)| self.claims[command].of_words.get(word).copied().flatten());
        let role = if does.is_some_and(|claim| claim.row.does == Does::Listens) {
            WordRole::Served
        } else if !address.name.is_empty() {
            WordRole::Plain
        } else if at.is_some_and(|at| follows_flag(words, at)) {
            WordRole::Flag
        } else if key.is_some_and(|key| self.packs.names.is_address_name(key)) || address.has_scheme {
            WordRole::Assigned
        } else {
            WordRole::Plain
        };
        let kind = decide(address, Place::Word { key, role }, self.packs)?;
        Some((kind, "command-line.address".into()))
    }

    /// The variable that the word at a place is given to: `BROKER` of `BROKER=kafka:9092` and, in a makefile or
    /// PowerShell, of `BROKER = kafka:9092`.
    fn key_of(&self, place: Option<(usize, usize)>) -> Option<&str> {
        let Some((command, word)) = place else { return self.key };
        let (words, parent) = (&self.script.commands[command].words, self.script.commands[command].parent);
        let whole = words[word].whole.text();
        let name = match whole.split_once('=') {
            // What is behind a `?` is a query: `orders:8150/items?page=1`.
            Some((name, _)) if !name.contains('?') => name,
            Some(_) => return None,
            None if word == 0 => {
                let Some(parent) = parent else { return self.key.filter(|_| command == 0) };
                let start = self.script.commands[command].span.start.saturating_sub(1);
                let outer = self.script.word_at(start).filter(|(outer, _)| *outer == parent)?;
                let (name, _) = self.script.commands[outer.0].words[outer.1].whole.text().split_once('=')?;
                name
            }
            None => {
                let sign = words[word - 1].content.text();
                let own = sign.strip_suffix('=')?.trim_end_matches([':', '?', '+']);
                if own.is_empty() { words.get(word.checked_sub(2)?)?.content.text() } else { own }
            }
        };
        // `$env:NAME`
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        let start = name.bytes().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
        Some(&name[start..]).filter(|name| !name.is_empty() && !name.starts_with('-'))
    }
}

/// What the number is that a row decides about.
fn kind(claim: &Claim<'_, '_>) -> Kind {
    match claim.row.does {
        Does::Publishes => Kind::Published,
        Does::Connects if !claim.is_flagged || claim.endpoint.is_some_and(|it| it.is_address()) => {
            Kind::Connect
        }
        Does::Connects => Kind::ClientFlag,
        _ => Kind::CommandFlag,
    }
}

/// Whether a word with a bare `:8080` is a flag, or behind one.
fn follows_flag(words: &[Word<'_>], at: usize) -> bool {
    let is_flag = |word: &Word<'_>| word.content.text().starts_with('-');
    is_flag(&words[at]) || at.checked_sub(1).is_some_and(|before| is_flag(&words[before]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ports that are found, each marked in the text with what it decides.
    fn found(text: &str) -> Vec<(u16, Kind)> {
        ports(text, Packs::built_in()).iter().map(|port| (port.port.get(), port.kind)).collect()
    }

    #[test]
    fn flags() {
        assert_eq!(found("vite --port 8081"), [(8081, Kind::CommandFlag)]);
        assert_eq!(found("vite --port=8081"), [(8081, Kind::CommandFlag)]);
        assert_eq!(found(r#"["vite", "--port", "8081"]"#), [(8081, Kind::CommandFlag)]);
        assert_eq!(found("next dev -p 3001"), [(3001, Kind::CommandFlag)]);
        assert_eq!(found("java -jar x.jar --server.port=9090"), [(9090, Kind::CommandFlag)]);
        assert_eq!(found("node --inspect=0.0.0.0:9229 src/index.js"), [(9229, Kind::CommandFlag)]);
        assert_eq!(found("gunicorn app:app -b 0.0.0.0:80"), [(80, Kind::CommandFlag)]);
        assert_eq!(found("server -addr :8080"), [(8080, Kind::CommandFlag)]);
    }

    #[test]
    fn only_the_host_side_of_a_mapping_is_a_port_here() {
        assert_eq!(found("docker run -p 8000:80 nginx"), [(8000, Kind::Published)]);
        assert_eq!(found("docker run -p 127.0.0.1:8000:80 nginx:1234"), [(8000, Kind::Published)]);
        for host in ["$WEB_PORT", "${WEB_PORT:-8000}", "127.0.0.1:$(WEB_PORT)", "\"$WEB_PORT\""] {
            assert_eq!(found(&format!("docker run \\\n  -p {host}:8080 nginx")), [], "{host}");
        }
        assert_eq!(
            found("docker exec kafka topics --bootstrap-server kafka:9092"),
            [(9092, Kind::InNetwork)]
        );
        assert_eq!(found("docker run shop --url db:5432"), [(5432, Kind::InNetwork)]);
        assert_eq!(found("docker run -p 8000:80 -e PORT=80 img serve --port 80"), [(8000, Kind::Published)]);
    }

    #[test]
    fn assignments_before_a_command() {
        assert_eq!(found("PORT=8081 node server.js"), [(8081, Kind::Setting)]);
        assert_eq!(
            found("cross-env NODE_ENV=test API_PORT=8081 mocha --timeout 10000"),
            [(8081, Kind::Setting)]
        );
    }

    #[test]
    fn programs_that_take_a_port_by_position() {
        assert_eq!(found("nc -z localhost 5672"), [(5672, Kind::Connect)]);
        assert_eq!(found("nc -w 20 zookeeper 2181"), [(2181, Kind::Connect)]);
        assert_eq!(found("nc -w 20 zookeeper $DB_PORT"), []);
        assert_eq!(found("echo > /dev/tcp/vote/80"), [(80, Kind::Connect)]);
        for server in
            ["python3 -m http.server 8000", "php -S localhost:8000 -t public", "manage.py runserver 8000"]
        {
            assert_eq!(found(server), [(8000, Kind::CommandFlag)], "{server}");
        }
        assert_eq!(found("lsof -ti:3000"), [(3000, Kind::Connect)]);
        assert_eq!(found("wait_for_port 8009 30"), [(8009, Kind::Connect)]);
        assert_eq!(found("wait_for_tcp localhost 8011"), [(8011, Kind::Connect)]);
        assert_eq!(found("wait_for_tcp example.com 8011"), []);
        assert_eq!(found("ssh -N -L 8090:localhost:80 me@host"), [(8090, Kind::CommandFlag)]);
        assert_eq!(found("ssh -fNL 127.0.0.1:8091:db:5432 me@host"), [(8091, Kind::CommandFlag)]);
        assert_eq!(found("wait-port 3000"), [(3000, Kind::Connect)]);
        assert_eq!(found("netstat -ano ^| findstr :8000"), [(8000, Kind::Connect)]);
        assert_eq!(found("netstat -an | findstr /C:\":8000 \""), [(8000, Kind::Connect)]);
        assert_eq!(found("ss -ltn | grep -q ':8000 '"), [(8000, Kind::Connect)]);
        assert_eq!(found("cat log | grep ':8000'"), []);
        assert_eq!(found("start-server-and-test dev 3000 test"), [(3000, Kind::Connect)]);
        assert_eq!(found("cub sr-ready registry 8081 90"), [(8081, Kind::Connect)]);
        assert_eq!(found("kubectl port-forward pod/$name 8081"), [(8081, Kind::CommandFlag)]);
        assert_eq!(found("kubectl port-forward -n shop svc/web 8080:80"), [(8080, Kind::CommandFlag)]);
    }

    #[test]
    fn a_flag_of_a_client_says_where_it_connects() {
        for client in ["sudo psql -h localhost -p 8080", "npx localtunnel --port 8080", "mysql -P 8080"] {
            assert_eq!(found(client), [(8080, Kind::ClientFlag)], "{client}");
        }
        for server in ["web: bundle exec rails s -p 8080", "psql -c 'select 1'; uvicorn app:app --port 8080"]
        {
            assert_eq!(found(server), [(8080, Kind::CommandFlag)], "{server}");
        }
    }

    #[test]
    fn words_of_a_command_in_a_list() {
        let kind = |words: &[&str]| in_list(words, Packs::built_in()).map(|(kind, _)| kind);
        assert_eq!(kind(&["redis-server", "--port", "6380"]), Some(Kind::CommandFlag));
        assert_eq!(kind(&["next", "-p", "3001"]), Some(Kind::CommandFlag));
        assert_eq!(kind(&["--port", "8000"]), Some(Kind::CommandFlag));
        assert_eq!(kind(&["mkdir", "-p", "2024"]), None);
        assert_eq!(kind(&["sleep", "3000"]), None);
        assert!(is_contained(&["docker", "run", "-e", "PORT=80"], Packs::built_in()));
        assert!(!is_contained(&["docker", "run", "-p", "80:80"], Packs::built_in()));
    }

    #[test]
    fn numbers_that_are_no_ports() {
        for text in [
            "mkdir -p 2024",
            "ssh -p 2222 host",
            "sleep 3000",
            "mocha --timeout 10000",
            "head -c 4096",
            "kill -9 1234",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
