//! Ports in command lines: flags, assignments, addresses and the programs that take a port by
//! position. One reader for shell, make, Dockerfile, compose and package scripts.

mod body;
mod container;
mod lists;
mod program;
mod word;

use std::collections::HashSet;
use std::ops::Range;

pub(super) use container::{gives_variable, runs_containers};
pub(super) use program::program;
use program::{is_image, reaches_ports, takes_short_flag};

use super::address::{Address, Host, Place, WordRole, addresses, decide, is_remote};
use super::names::{PortName, is_address_name, port_name};
use super::occurrence::Kind;
use super::packs::Packs;
use crate::pattern::{Pattern, regex};
use crate::port::Port;

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
}

/// `NAME=8080`, `-Dserver.port=8080`, `--port=8080`, `--port 8080`, `"--port", "8080"`.
static NAMED: Pattern = regex!(
    r#"(?P<name>-{0,2}[A-Za-z_][0-9A-Za-z_.-]*)(?P<between>\s*=\s*|\s+|["']\s*,\s*["'])["']?(?P<port>[0-9]{2,5})(?:["'\s;,&|)\]\\]|$)"#
);

/// `-p 8000:80`, `--publish 127.0.0.1:8000:80/tcp`, `-p8000:80`; the host side is the port.
static PUBLISH: Pattern = regex!(
    r#"(?:^|[\s"'])(?:-p|--publish)(?:[\s="',]*)(?:(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9a-fA-F:]+\]):)?(?P<port>[0-9]{1,5})(?:-[0-9]{1,5})?:[0-9$]"#
);

/// `-p $WEB_PORT:`, `-p "127.0.0.1:${WEB_PORT:-8000}":`, before the container's side.
static PUBLISHED_VARIABLE: Pattern = regex!(
    r#"(?:^|[\s"'])(?:-p|--publish)[\s="',]*(?:[0-9.]+:)?(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%)["']?:$"#
);

/// `-p 8080` and its like; what `-p` means depends on the program.
static SHORT: Pattern =
    regex!(r#"(?:^|[\s"'])(?P<flag>-[pPl])(?:[\s=]*|["']\s*,\s*["'])(?P<port>[0-9]{2,5})(?:["'\s;,&|)]|$)"#);

/// Programs that take a port by position.
static POSITIONAL: Pattern = regex!(
    r#"(?x)
        (?: (?-u:\b) (?: nc|ncat|netcat|telnet ) (?: \s+ -[A-Za-z]+ (?: \s+ [0-9]+ )? )* \s+ ["']? (?P<host> [0-9A-Za-z_.$\{] [0-9A-Za-z_.$\{\}-]* ) ["']? \s+
          | (?-u:\b) wait (?: [_-] for )? [_-] (?: port|tcp|http|service|server ) \s+ (?: (?P<waited> [0-9A-Za-z_.$\{\}\x22-]* [A-Za-z\}\x22] | 127\.0\.0\.1 ) \s+ )?
          | (?P<listens> (?-u:\b) (?: http\.server | SimpleHTTPServer | runserver ) ) ["',\s]+
          | (?-u:\b) (?: kill-port | wait-port ) ["',\s]+
          | (?-u:\b) (?: start-server-and-test | start-test | port-forward ) \s+ (?: -n \s+ \S+ \s+ )? [0-9A-Za-z_.:/$\{\}\x22-]+ \s+
          | (?-u:\b) cub \s+ [a-z]+-ready \s+ (?P<ready> [0-9A-Za-z_.$\{\}-]+ ) \s+
          | (?-u:\b) fuser \s+ (?: -[0-9A-Za-z_]+ \s+ )*
          | /dev/tcp/ (?P<tcp> [0-9A-Za-z_.$\{\}-]+ ) /
          | (?P<accepts> (?-u:\b) TCP[46]?-LISTEN: )
        ) (?P<port> [0-9]{2,5} ) (?: [^0-9A-Za-z.] | $ )"#
);

/// `ssh -L 8090:db:5432`: the first number is this machine's.
static FORWARD: Pattern = regex!(
    r"\s(?P<flag>-[A-Za-z]*[LD])\s*(?:[0-9A-Za-z_.*-]+:)?(?P<port>[0-9]{2,5})(?::[^\s:]+:[0-9$]|\s|$)"
);

/// `lsof -i :8080`, `-ti:8080`, `-iTCP:8080`
static LSOF: Pattern = regex!(r"-[0-9A-Za-z_]*i\s*(?:TCP|UDP|tcp|udp)?\s*:(?P<port>[0-9]{2,5})(?-u:\b)");

/// `netstat -ano | findstr :8080`, `ss -ltn | grep -q ":8080 "`: who listens there is looked for.
static LISTENERS: Pattern = regex!(
    r#"(?-u:\b)(?:netstat|ss)(?:\.exe)?\s[^|\n]*\|\s*(?:grep|findstr|find)(?:\s+[-/][^\s:"']+|\s+/[cC])*[\s:]*["']?[:.](?P<port>[0-9]{2,5})(?-u:\b)"#
);

/// `'http://'"$host"':8080/'`: a variable between quotes of its own.
static JOINED: Pattern = regex!(
    r#"[A-Za-z][A-Za-z0-9+.-]*://["']{1,2}\$(?:[A-Za-z_]\w*|\{[^{}\s]*\})["']{1,2}:(?P<port>[0-9]{2,5})(?-u:\b)"#
);

/// Every port in a command line or script, in its order. Spans are relative to `text`.
pub(super) fn ports(text: &str, packs: &Packs) -> Vec<CommandPort> {
    let mut found: Vec<CommandPort> = Vec::new();
    let mut known: HashSet<usize> = HashSet::new();
    let inside = container::parts(text);
    let is_inside = |span: &Range<usize>| inside.iter().any(|part| part.contains(&span.start));
    let mut add = |span: Range<usize>, kind: Kind, hint: Option<String>| {
        if let Ok(port) = text[span.clone()].parse()
            && known.insert(span.start)
        {
            found.push(CommandPort { span, port, kind, hint });
        }
    };
    let mut add_on_host = |span: Range<usize>, kind: Kind, hint: Option<String>| {
        if !is_inside(&span) {
            add(span, kind, hint);
        }
    };
    for captures in PUBLISH.captures_iter(text) {
        if let Some(port) = captures.name("port") {
            add_on_host(port.range(), Kind::Published, None);
        }
    }
    let mut from = 0;
    while let Some(captures) = NAMED.captures_at(text, from) {
        let (Some(name), Some(between), Some(port)) =
            (captures.name("name"), captures.name("between"), captures.name("port"))
        else {
            break;
        };
        from = port.end();
        let is_flag = name.as_str().starts_with('-');
        let is_assigned = between.as_str().trim() == "=" && between.as_str().len() == 1;
        // The agent of a Java debugger (JPDA) is told its port as `address=5005`.
        let is_debugger = name.as_str() == "address" && text[..name.start()].contains("jdwp");
        let bare = name.as_str().trim_start_matches('-').trim_start_matches("Dport");
        let bare = if bare.is_empty() { "port" } else { bare };
        if (is_flag || is_assigned)
            && (is_debugger
                || port_name(bare) == Some(PortName::One)
                || matches!(bare, "inspect" | "inspect-brk" | "listen" | "http"))
        {
            let hint = (!is_flag).then(|| name.as_str().to_owned());
            add_on_host(port.range(), if is_flag { Kind::CommandFlag } else { Kind::Setting }, hint);
        }
    }
    for (span, name) in lists::ports(text) {
        add_on_host(span, Kind::Setting, Some(name.to_owned()));
    }
    for (span, name) in body::ports(text) {
        add_on_host(span, Kind::Setting, Some(name.to_owned()));
    }
    for captures in SHORT.captures_iter(text) {
        let (Some(flag), Some(port)) = (captures.name("flag"), captures.name("port")) else { continue };
        // `-p 10` is a number of pipelines or processes.
        let is_likely = port.as_str().len() > 2 || port.as_str() == "80";
        if is_likely && takes_short_flag(program(&text[..flag.start()]), flag.as_str()) {
            add_on_host(port.range(), Kind::CommandFlag, None);
        }
    }
    for captures in POSITIONAL.captures_iter(text) {
        let host = ["host", "tcp", "waited", "ready"].iter().find_map(|name| captures.name(name));
        if let Some(port) = captures.name("port")
            && !host.is_some_and(|host| is_remote(host.as_str(), packs))
        {
            let listens = ["listens", "accepts"].iter().any(|name| captures.name(name).is_some());
            let kind = if listens { Kind::CommandFlag } else { Kind::Connect };
            add_on_host(port.range(), kind, host.map(|host| host.as_str().to_owned()));
        }
    }
    for captures in FORWARD.captures_iter(text) {
        let (Some(flag), Some(port)) = (captures.name("flag"), captures.name("port")) else { continue };
        if program(&text[..flag.start()]).ends_with("ssh") {
            add_on_host(port.range(), Kind::CommandFlag, None);
        }
    }
    for captures in LSOF.captures_iter(text).chain(LISTENERS.captures_iter(text)) {
        if let Some(port) = captures.name("port") {
            add_on_host(port.range(), Kind::Connect, None);
        }
    }
    for port in JOINED.captures_iter(text).filter_map(|captures| captures.name("port")) {
        add_on_host(port.range(), Kind::Connect, None);
    }
    for address in addresses(text, packs) {
        let is_owner =
            matches!(address.host, Host::Service | Host::Variable) && word::is_owner(text, &address);
        // `-newkey rsa:2048` is the size of a key.
        if is_owner || matches!(address.name.as_str(), "rsa" | "dsa" | "dh") {
            continue;
        }
        let key = word::key(text, &address);
        let place = Place::Word { key, role: word_role(text, &address, key) };
        let decided = match address.host {
            Host::Variable if word::is_connected_to(text, &address) => Some(Kind::Connect),
            _ => decide(&address, place),
        };
        let Some(kind) = decided else { continue };
        // What a container is given may lead out of it, but not by its own loopback.
        if is_inside(&address.span) && (address.host == Host::Any || address.is_loopback()) {
            continue;
        }
        if !is_publish_tail(text, &address.span) && !is_image(text, &address.span) {
            let hint = (address.host == Host::Service).then(|| address.name.clone());
            add(address.span.clone(), kind, hint);
        }
    }
    found.sort_by_key(|port| port.span.start);
    found
}

/// Every port in what is given to a variable, `key=value` of a command line. Spans are relative to the value.
pub(super) fn ports_given(key: &str, value: &str, packs: &Packs) -> Vec<CommandPort> {
    let name = key.len() + 1;
    let mut found = ports(&format!("{key}={value}"), packs);
    found.retain(|port| port.span.start >= name);
    for port in &mut found {
        port.span = port.span.start - name..port.span.end - name;
    }
    found
}

/// What a port in a string of a program is, where the string is a command line or a list of
/// settings: `"--port=8080"`, `"host=localhost port=5432"`.
pub(super) fn in_string(text: &str, span: &Range<usize>, packs: &Packs) -> Option<Kind> {
    let found = ports(text, packs).into_iter().find(|port| port.span == *span)?;
    // What reaches a port by its place in a command is prose more often, unless a command begins there.
    let is_command = || text.split('|').any(|command| reaches_ports(command.trim_start()));
    (matches!(found.kind, Kind::CommandFlag | Kind::Setting | Kind::Published)
        || found.kind == Kind::Connect && is_command())
    .then_some(found.kind)
}

/// What a number is that is an item of its own in the list of a command's words, behind the item
/// `previous`; `first` is the list's first: `["next", "dev", "-p", "3001"]`.
pub(super) fn in_list(first: &str, previous: &str, digits: &str, packs: &Packs) -> Option<Kind> {
    let command = format!("{first} {previous} {digits}");
    let span = command.len() - digits.len()..command.len();
    ports(&command, packs).into_iter().find(|port| port.span == span).map(|port| port.kind)
}

/// Whether the address is an argument of the built-in server of PHP or Django: `php -S localhost:8000`,
/// `manage.py runserver 127.0.0.1:8000`.
fn is_built_in_server(text: &str, address: &Address) -> bool {
    let before = &text[..address.span.start.saturating_sub(address.name.len() + 1)];
    let before = before.trim_end_matches(['"', '\'', ' ', ',', '\t']);
    before.ends_with("runserver") || (before.ends_with("-S") && before.contains("php"))
}

/// What stands before an address.
fn word_role(text: &str, address: &Address, key: Option<&str>) -> WordRole {
    if is_built_in_server(text, address) {
        return WordRole::Served;
    }
    if !address.name.is_empty() {
        return WordRole::Plain;
    }
    let is_assigned = key.is_some_and(is_address_name);
    if follows_flag(&text[..address.span.start]) {
        WordRole::Flag
    } else if is_assigned || address.has_scheme {
        WordRole::Assigned
    } else {
        WordRole::Plain
    }
}

/// Whether what stands before a bare `:8080` is a flag that takes an address.
fn follows_flag(before: &str) -> bool {
    let before = before.trim_end_matches(':').trim_end_matches(['"', '\'', ' ', '=', ',']);
    let word = before.rsplit([' ', '"', '\'', '[', '\t']).next().unwrap_or_default();
    word.starts_with('-')
}

/// Whether the number is the container side of a mapping: `-p 8000:80`.
fn is_publish_tail(text: &str, span: &Range<usize>) -> bool {
    let line = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    if PUBLISHED_VARIABLE.is_match(&text[line..span.start]) {
        return true;
    }
    PUBLISH.captures_iter(&text[line..span.end]).filter_map(|captures| captures.name("port")).any(|port| {
        let end = line + port.end();
        end < span.start && !text[end..span.start].contains(' ')
    })
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
        assert_eq!(found("kubectl port-forward pod/$name 8081"), [(8081, Kind::Connect)]);
        assert_eq!(found("cub sr-ready registry 8081 90"), [(8081, Kind::Connect)]);
        assert_eq!(found("kubectl port-forward -n shop svc/web 8080:80"), [(8080, Kind::Connect)]);
    }

    #[test]
    fn words_of_a_command_in_a_list() {
        assert_eq!(in_list("redis-server", "--port", "6380", Packs::built_in()), Some(Kind::CommandFlag));
        assert_eq!(in_list("next", "-p", "3001", Packs::built_in()), Some(Kind::CommandFlag));
        assert_eq!(in_list("--port", "--port", "8000", Packs::built_in()), Some(Kind::CommandFlag));
        assert_eq!(in_list("mkdir", "-p", "2024", Packs::built_in()), None);
        assert_eq!(in_list("sleep", "sleep", "3000", Packs::built_in()), None);
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
