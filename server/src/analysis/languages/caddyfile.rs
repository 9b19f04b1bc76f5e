//! Caddyfiles: the addresses of sites, and what directives listen on or hand requests to.

use std::ops::Range;

use crate::analysis::address::{Address, Host, Place, addresses, decide};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::{KeyDoes, Packs};
use crate::analysis::reading::comments::{Quotes, before_sign};
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};
use crate::port::Port;

/// `{$WEB_PORT}` and `{$WEB_PORT:8080}`, which are filled in before anything is read, and `{env.WEB_PORT}`.
static VARIABLE: Pattern =
    regex!(r"\{(?:\$|env\.)(?P<name>[A-Za-z_][0-9A-Za-z_]*)(?P<default>:(?P<value>[^{}\n]*))?\}");

/// The number in a variable's default: all of it, or the port of an address.
static NUMBER: Pattern = regex!(r"(?:^|:)(?P<port>[0-9]{2,5})/?$");

/// Reads a Caddyfile.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "caddyfile", packs);
    let mut depth = 0_usize;
    // What stands alone at the top names a site if nothing stands before it.
    let mut names_site = true;
    let mut heredoc = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = before_sign(line, Quotes::CADDY);
        let start = offset;
        offset += line.len();
        if let Some(mark) = heredoc {
            heredoc = heredoc.filter(|_| line.split_whitespace().next() != Some(mark));
            continue;
        }
        heredoc = code.trim_end().rsplit_once("<<").map(|(_, mark)| mark).filter(|mark| {
            !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        let words = words(code);
        let Some(first) = words.first() else { continue };
        variables(code, start, &mut found);
        let opens = code.trim_end().ends_with('{');
        let continues = code.trim_end().ends_with(',');
        let is_site = is_address(&code[first.clone()])
            && if depth == 0 { opens || continues || names_site } else { opens };
        for (index, word) in words.iter().enumerate() {
            let span = start + word.start..start + word.end;
            if is_site {
                site(&code[word.clone()], span, &mut found);
            } else if index > 0 {
                argument(&code[first.clone()], &code[word.clone()], span, &mut found);
            }
        }
        // Neither options nor parts that are imported elsewhere are of a site.
        let is_of_none = matches!(&code[first.clone()], "{" | "}" | "import") || code.starts_with(['(', '&']);
        if depth == 0 && !is_of_none {
            names_site = is_site && continues;
        }
        for word in &words {
            match &code[word.clone()] {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    found.finish()
}

/// The words of a line, without their quotes. The commas between the addresses of a site are no part of
/// them.
fn words(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = line[rest..].find(|next: char| !next.is_whitespace()) {
        let start = rest + at;
        let quote = line[start..].chars().next().filter(|first| matches!(first, '"' | '`'));
        let (word, end) = match quote.and_then(|quote| line[start + 1..].find(quote)) {
            Some(length) => (start + 1..start + 1 + length, start + length + 2),
            None => {
                let end = line[start..].find(char::is_whitespace).map_or(line.len(), |length| start + length);
                (start..start + line[start..end].trim_end_matches(',').len(), end)
            }
        };
        found.push(word);
        rest = end;
    }
    found
}

/// Whether a word is an address rather than the name of a directive.
fn is_address(word: &str) -> bool {
    !word.starts_with(['@', '(', '&']) && (word.contains([':', '.', '*']) || word == "localhost")
}

/// Adds the port of a site's address. Caddy listens on it for whatever host.
fn site(word: &str, span: Range<usize>, found: &mut Found<'_>) {
    for address in addresses(word, found.packs()) {
        let hint = (address.host != Host::Any).then(|| address.name.clone());
        if let Some(kind) = decide(&address, Place::Site, found.packs()) {
            found.literal(within(&span, &address), kind, Shape::Expanded, hint.as_deref());
        }
    }
}

/// Adds what an argument of a directive says.
fn argument(directive: &str, word: &str, span: Range<usize>, found: &mut Found<'_>) {
    let says = found.says(directive);
    let does = says.as_ref().map(|says| says.does);
    let by = says.map_or_else(|| "caddyfile".into(), |says| says.by);
    if does == Some(KeyDoes::NoPort) || word.contains(char::is_whitespace) {
        return;
    }
    if word.parse::<Port>().is_ok() {
        let kind = match does {
            Some(KeyDoes::Port) => Kind::Setting,
            _ if !found.names().is_port(directive) => return,
            Some(KeyDoes::Listen) => Kind::Listen,
            _ => Kind::Connect,
        };
        found.literal_by(span, kind, Shape::Expanded, None, by);
        return;
    }
    for address in addresses(word, found.packs()) {
        let place = match does {
            // `app:80{port}` says the first digits only.
            Some(KeyDoes::Connect) if word[address.span.end..].starts_with('{') => continue,
            Some(KeyDoes::Connect) => Place::Upstream,
            Some(KeyDoes::Listen) => Place::Listener,
            _ => Place::Directive,
        };
        if let Some(kind) = decide(&address, place, found.packs()) {
            let hint = (address.host == Host::Service).then(|| address.name.clone());
            let span = within(&span, &address);
            found.literal_by(span, kind, Shape::Expanded, hint.as_deref(), by.clone());
        }
    }
}

/// Where an address of a word has its number, in the whole text.
fn within(word: &Range<usize>, address: &Address) -> Range<usize> {
    word.start + address.span.start..word.start + address.span.end
}

/// Adds the variables that a line reads, and their defaults.
fn variables(line: &str, start: usize, found: &mut Found<'_>) {
    for captures in VARIABLE.captures_iter(line) {
        let Some(name) = captures.name("name") else { continue };
        let default = captures.name("value");
        found.reference(start + name.start()..start + name.end(), default.is_some());
        if let Some(default) = default
            && let Some(number) = NUMBER.captures(default.as_str()).and_then(|captures| captures.name("port"))
        {
            let at = start + default.start();
            found.fallback(at + number.start()..at + number.end(), name.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, variables};

    fn finds(text: &str) {
        finds_what_is_marked("Caddyfile", text);
    }

    #[test]
    fn a_site_listens_on_the_port_of_its_address() {
        finds(":«8080 listen» {\n}\nlocalhost:«8081 listen», shop.example.com:«8082 listen» {\n}\n");
        finds("localhost:«8080 listen»\nrespond localhost:8081\n");
        finds("(common:8080) {\n}\n");
    }

    #[test]
    fn a_directive_hands_requests_to_its_arguments() {
        finds(
            "a.localhost {\n  reverse_proxy localhost:«8080 connect» api.example.com:8081\n  header X 8082\n}\n",
        );
        finds("a.localhost {\n  reverse_proxy app:80{port}\n}\n");
    }

    #[test]
    fn comments_and_here_documents_are_text() {
        finds("# :8080 {\n:«8081 listen» { # :8082\n  respond \"# localhost:8083\" # a\n}\n");
        finds(":«8080 listen» {\n  respond <<HTML\n    localhost:8081 {\n  HTML\n}\n:«8082 listen» {\n}\n");
    }

    #[test]
    fn a_variable_may_have_a_default() {
        assert_eq!(variables("Caddyfile", ":{$WEB_PORT:8080} {\n}\n"), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(
            variables("Caddyfile", "a {\n  reverse_proxy localhost:{env.WEB_PORT}\n}\n"),
            ["$WEB_PORT"]
        );
        assert_eq!(variables("Caddyfile", "a {\n  reverse_proxy localhost:{args.WEB_PORT}\n}\n"), [""; 0]);
    }
}
