//! Units of systemd, and what Podman makes units of: sockets, command lines and the variables that are
//! given to them.

use std::ops::Range;

use super::env;
use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::command_line;
use crate::analysis::occurrence::{Kind, Meaning, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, Packs};
use crate::analysis::reading::continued;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

/// `PORT=8080`, `"API_URL=http://localhost:9000"`, `NAME="8080"` of `Environment=`.
static VARIABLE: Pattern = regex!(
    r#"(?x) (?: ^ | \s )
        (?: " (?P<a> [A-Za-z_]\w* ) = (?P<av> [^"\n]* ) "
          | ' (?P<b> [A-Za-z_]\w* ) = (?P<bv> [^'\n]* ) '
          | (?P<c> [A-Za-z_]\w* ) = (?: " (?P<cv> [^"\n]* ) " | ' (?P<dv> [^'\n]* ) ' | (?P<ev> [^\s"']* ) ) )"#
);

/// `tcp:8080`, `ipv4:udp:5353`, `8080` of `SocketBindAllow=`; a range is not decided by one.
static BIND: Pattern = regex!(r"^\s*(?:ipv[46]:)?(?:(?:tcp|udp):)?(?P<port>[0-9]{2,5})\s*$");

/// `8080:80`, `127.0.0.1:8080:80/tcp` of `PublishPort=`; a number by itself is the container's side.
static PUBLISHED: Pattern = regex!(
    r"^\s*(?:(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:]+\]|\$\{\w+\}):)?(?P<port>[0-9]{2,5})(?:-[0-9]+)?:[0-9$]"
);

/// Reads a unit.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "systemd", packs);
    // Avahi has files of that name, too, which are XML.
    if text.trim_start().starts_with('<') {
        return found.finish();
    }
    let reads_ports_env = reads_ports_env(text);
    let command = if reads_ports_env { Shape::Expanded } else { Shape::Fixed };
    let mut is_service = false;
    for (offset, line) in continued::lines(text, '\\', is_comment) {
        if line.starts_with('[') {
            is_service = line.trim_end() == "[Service]";
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !is_comment(&line)) else { continue };
        let start = offset + key.len() + 1;
        let says = found.says(key.trim());
        match key.trim() {
            _ if says.as_ref().is_some_and(|says| says.does == KeyDoes::NoPort) => {}
            _ if let Some(says) = says.as_ref().filter(|says| says.does == KeyDoes::Listen) => {
                if let Some(span) = listened(value, packs) {
                    found.literal_by(at(start, &span), Kind::Listen, Shape::Fixed, None, says.by.clone());
                }
            }
            "SocketBindAllow" => {
                if let Some(port) = BIND.captures(value).and_then(|captures| captures.name("port")) {
                    found.literal(at(start, &port.range()), Kind::Setting, Shape::Fixed, None);
                }
            }
            "PublishPort" => {
                found.interpolations(value, start);
                if let Some(port) = PUBLISHED.captures(value).and_then(|captures| captures.name("port")) {
                    found.literal(at(start, &port.range()), Kind::Published, command.clone(), None);
                }
            }
            "Environment" | "DefaultEnvironment" => {
                environment(value, start, is_service && reads_ports_env, &mut found);
            }
            "PassEnvironment" => {
                for name in value.split_whitespace() {
                    let from = start + (name.as_ptr() as usize - value.as_ptr() as usize);
                    found.reference(from..from + name.len(), false);
                }
            }
            "HealthCmd" => commands(value, start, Some(Kind::Healthcheck), &command, &mut found),
            _ if says.as_ref().is_some_and(|says| says.does == KeyDoes::Command) => {
                // A `:` before the command says that nothing is filled in.
                let prefix = value.trim_start().split('/').next().unwrap_or_default();
                let shape = if prefix.contains(':') { &Shape::Fixed } else { &command };
                commands(value, start, None, shape, &mut found);
            }
            key => {
                if let Some(says) = says {
                    found.setting_by_row(&says, key, value, start, &Shape::Fixed);
                }
            }
        }
    }
    found.finish()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', ';'])
}

/// Whether systemd is told to read the project's variables: then it fills them in in commands.
fn reads_ports_env(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start().strip_prefix("EnvironmentFile=").is_some_and(|file| {
            file.trim().trim_start_matches('-').rsplit('/').next().is_some_and(|name| name == ".ports.env")
        })
    })
}

/// The number in what a socket listens on: `8080`, `127.0.0.1:8080`, `[::]:8080`. Paths and the sockets of
/// other families have none.
fn listened(value: &str, packs: &Packs) -> Option<Range<usize>> {
    let bare = value.trim();
    let start = value.find(bare)?;
    if bare.parse::<crate::port::Port>().is_ok() {
        return Some(start..start + bare.len());
    }
    // `@web:8084` is a socket of Unix with that name.
    addresses(bare, packs)
        .into_iter()
        .filter(|_| !bare.starts_with('@'))
        .find(|address| address.span.end == bare.len() && decide(address, Place::Listener, packs).is_some())
        .map(|address| at(start, &address.span))
}

/// Adds the ports of a command line, all of one kind if that is said.
fn commands(value: &str, start: usize, kind: Option<Kind>, shape: &Shape, found: &mut Found<'_>) {
    found.interpolations(value, start);
    for port in command_line::ports(value, found.packs()) {
        let kind = kind.unwrap_or(port.kind);
        let hint = port.hint.as_deref();
        found.literal_by(at(start, &port.span), kind, shape.clone(), hint, port.decided_by);
    }
}

/// Adds what variables are given. A file that systemd reads goes before it: then the number of a port variable is its
/// default.
fn environment(value: &str, start: usize, is_default: bool, found: &mut Found<'_>) {
    for captures in VARIABLE.captures_iter(value) {
        let first = |names: &[&str]| names.iter().find_map(|name| captures.name(name));
        let (Some(key), Some(given)) = (first(&["a", "b", "c"]), first(&["av", "bv", "cv", "dv", "ev"]))
        else {
            continue;
        };
        let mut occurrences = Vec::new();
        env::entry(
            key.as_str(),
            start + key.start(),
            given.as_str(),
            start + given.start(),
            found.packs(),
            &mut occurrences,
        );
        let variable = key
            .as_str()
            .parse::<Variable>()
            .ok()
            .filter(|key| is_default && found.names().is_port_variable(key));
        for mut occurrence in occurrences {
            if let (Meaning::Literal(literal), Some(variable)) = (&occurrence.meaning, &variable) {
                let variable = Some(variable.clone());
                occurrence.meaning = Meaning::fallback(literal.port, variable);
            }
            found.add(occurrence);
        }
    }
}

/// A span of a value in the whole text.
fn at(start: usize, span: &Range<usize>) -> Range<usize> {
    start + span.start..start + span.end
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    fn finds(text: &str) {
        finds_what_is_marked("web.service", text);
    }

    #[test]
    fn a_socket_listens_on_a_number_or_at_the_end_of_an_address() {
        finds_what_is_marked(
            "web.socket",
            "[Socket]\nListenStream=«8080 listen»\nListenStream=127.0.0.1:«8081 listen»\nListenStream=/run/web.8082\nListenStream=@web:8083\nBacklog=4096\n",
        );
    }

    #[test]
    fn a_container_publishes_the_number_before_its_own() {
        finds_what_is_marked(
            "web.container",
            "[Container]\nPublishPort=«8080 published»:80\nPublishPort=127.0.0.1:«8081 published»:80/tcp\nPublishPort=8082\n",
        );
    }

    #[test]
    fn a_range_that_is_allowed_is_no_port() {
        finds("[Service]\nSocketBindAllow=tcp:«8080 setting»\nSocketBindAllow=tcp:8081-8090\n");
    }

    #[test]
    fn comments_are_not_read_nor_xml_under_the_same_name() {
        finds(
            "[Service]\n# ExecStart=/bin/serve --port 8080\n; PORT=8081\nExecStart=/bin/serve --port «8082 command-flag»\n",
        );
        finds("<service-group><port>8080</port></service-group>\n");
    }

    #[test]
    fn a_command_is_expanded_where_the_unit_reads_ports_env() {
        let unit =
            |file: &str, command: &str| format!("[Service]\n{file}\nExecStart={command} --port 8080\n");
        assert_eq!(
            shapes("web.service", &unit("EnvironmentFile=-/srv/web/.ports.env", "/bin/serve")),
            ["expanded"]
        );
        assert_eq!(
            shapes("web.service", &unit("EnvironmentFile=/srv/web/.ports.env", ":/bin/serve")),
            ["fixed"]
        );
        assert_eq!(
            shapes("web.service", &unit("EnvironmentFile=/srv/web/other.env", "/bin/serve")),
            ["fixed"]
        );
    }

    #[test]
    fn a_file_of_variables_goes_before_what_the_unit_gives() {
        let unit = |file: &str| format!("[Service]\n{file}\nEnvironment=\"WEB_PORT=8080\" LIMIT=8081\n");
        assert_eq!(
            variables("web.service", &unit("EnvironmentFile=/srv/web/.ports.env")),
            ["WEB_PORT=8080", "8080 of WEB_PORT"]
        );
        assert_eq!(variables("web.service", &unit("")), ["WEB_PORT=8080"]);
    }

    #[test]
    fn variables_that_are_passed_on_are_read() {
        assert_eq!(variables("web.service", "[Service]\nPassEnvironment=HOME WEB_PORT\n"), ["$WEB_PORT"]);
    }
}
