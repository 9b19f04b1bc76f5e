//! Directives of nginx, HAProxy, Apache, Redis and BIND: a name and words.

use super::hocon::settings;
use crate::analysis::address::{Host, Place, addresses, decide, is_remote};
use crate::analysis::occurrence::{Kind, Shape};
use crate::analysis::packs::KeyDoes;
use crate::analysis::reading::found::Found;
use crate::port::Port;

/// The statements of a line, ended by `;`, `{` or `}`: words, or the settings of a `block`.
pub(super) fn directives<'a>(line: &'a str, offset: usize, mut block: &'a str, found: &mut Found<'_>) {
    let bytes = line.as_bytes();
    let has_variables = memchr::memchr(b'$', bytes).is_some();
    let mut start = 0;
    for end in memchr::memchr3_iter(b';', b'{', b'}', bytes).chain([line.len()]) {
        // The braces of `${name}` end nothing.
        if has_variables && (line[..end].ends_with('$') || is_in_braces(&line[start..end])) {
            continue;
        }
        let (statement, mark) = (&line[start..end], bytes.get(end));
        if mark != Some(&b'}') || !settings(statement, offset + start, block, found) {
            directive(statement, offset + start, found);
        }
        if mark == Some(&b'{') {
            let name = statement.trim_end_matches([' ', '\t', '=', ':']);
            block = name.rsplit([' ', '\t', ',', '.']).next().unwrap_or(name);
        }
        start = (end + 1).min(line.len());
    }
}

/// Whether a text ends in a `${name` that is still open.
fn is_in_braces(text: &str) -> bool {
    text.rfind("${").is_some_and(|open| !text[open..].contains('}'))
}

/// Whether a word of a statement begins with a digit, or the statement has the `:` of an address or the `=` of an option.
fn may_have_port(statement: &str) -> bool {
    let bytes = statement.as_bytes();
    let may_begin = |pair: &[u8]| {
        pair[1].is_ascii_digit() && (pair[0].is_ascii_whitespace() || matches!(pair[0], b'"' | b'\'' | b'>'))
    };
    memchr::memchr2(b':', b'=', bytes).is_some() || bytes.windows(2).any(may_begin)
}

fn directive(statement: &str, offset: usize, found: &mut Found<'_>) {
    // Most statements have none.
    if !may_have_port(statement) {
        return;
    }
    let mut words = statement.split_whitespace();
    let Some(name) = words.next() else { return };
    let mut previous = name;
    let name = name.trim_start_matches('<').to_ascii_lowercase();
    let does = found.says(&name).map(|says| says.does);
    let listens = does == Some(KeyDoes::Listen) || found.names().is_port(&name);
    let is_peer = does == Some(KeyDoes::Connect)
        || (name == "sentinel" && statement.split_whitespace().nth(1) == Some("monitor"));
    for word in words {
        // `server s1 10.0.0.1:8080 check port 8081` of HAProxy, `set $port 8080` of nginx, `listen-on port 53` of BIND.
        let before = std::mem::replace(&mut previous, word);
        let start = offset + (word.as_ptr() as usize - statement.as_ptr() as usize);
        // `health_check port=9200` of nginx
        if let Some((key, value)) = word.split_once('=')
            && found.names().is_port(key)
            && value.parse::<Port>().is_ok()
        {
            found.literal(start + key.len() + 1..start + word.len(), Kind::Connect, Shape::Fixed, None);
            continue;
        }
        let digits = word.trim_matches(['"', '\'', '>']);
        if let Ok(port) = digits.parse::<Port>() {
            // `replicaof 10.0.0.5 6379` of Redis
            if is_peer {
                if !is_remote(before, found.packs()) {
                    found.literal(start..start + word.len(), Kind::Connect, Shape::Fixed, Some(before));
                }
                return;
            }
            let takes_named = matches!(name.as_str(), "server" | "set" | "listen-on" | "listen-on-v6");
            let is_named = || found.names().is_port(before);
            if listens || found.names().names_port(&name, port) || (takes_named && is_named()) {
                let at = start + word.find(digits).unwrap_or(0);
                found.literal(at..at + digits.len(), Kind::Listen, Shape::Fixed, None);
            }
            if listens {
                return;
            }
            continue;
        }
        // All addresses of IPv6, as HAProxy writes them: `:::443`.
        if let Some(digits) = word.strip_prefix(":::").filter(|_| listens) {
            found.literal(start + 3..start + 3 + digits.len(), Kind::Listen, Shape::Fixed, None);
            continue;
        }
        for address in addresses(word, found.packs()) {
            let place = match name.as_str() {
                _ if listens => Place::Listener,
                "virtualhost" => Place::Site,
                "server" => Place::Upstream,
                _ => Place::Directive,
            };
            // The scheme says the port already.
            if is_default_of_scheme(word, address.port.get()) {
                continue;
            }
            if let Some(kind) = decide(&address, place, found.packs()) {
                let hint = (address.host == Host::Service).then_some(address.name.as_str());
                found.literal(start + address.span.start..start + address.span.end, kind, Shape::Fixed, hint);
            }
        }
    }
    // `:8080 {` and `localhost:8080 {` begin a site of Caddy, in what a Caddyfile imports.
    for address in addresses(&name, found.packs())
        .into_iter()
        .filter(|address| matches!(address.host, Host::Any | Host::Local))
    {
        let start = offset + statement.len() - statement.trim_start().len();
        let span = start + address.span.start..start + address.span.end;
        found.literal(span, Kind::Listen, Shape::Fixed, None);
    }
}

fn is_default_of_scheme(word: &str, port: u16) -> bool {
    (port == 80 && word.contains("http://")) || (port == 443 && word.contains("https://"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn a_statement_ends_with_its_sign_not_with_the_line() {
        finds_what_is_marked(
            "nginx.conf",
            "server { listen «8080 listen»; server_name 8081; location / { proxy_pass http://${host}:«8082 connect»; } }\n",
        );
    }

    #[test]
    fn a_directive_says_what_its_words_are() {
        finds_what_is_marked(
            "haproxy.cfg",
            "frontend a\n  bind *:«8080 listen»\n  bind :::«8081 listen» v4v6\n  maxconn 8082\nbackend b\n  server s1 127.0.0.1:«8083 connect» check port «8084 listen»\n",
        );
        finds_what_is_marked(
            "redis.conf",
            "port «6379 listen»\nreplicaof 127.0.0.1 «6380 connect»\nreplicaof cache.example.com 6381\nsave 3600 1\n",
        );
        finds_what_is_marked(
            "httpd.conf",
            "Listen «8080 listen»\n<VirtualHost *:«8080 listen»>\nTimeout 8081\n",
        );
    }
}
