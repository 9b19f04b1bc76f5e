//! PowerShell: assignments, parameters and addresses.

use std::ops::Range;

use crate::analysis::address::is_remote;
use crate::analysis::command_line;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};

/// `$port = 8080`, `[int]$Port = 8080`, `$env:PORT = "8080"`
static ASSIGNMENT: Pattern = regex!(
    r#"\$(?:env:|script:|global:)?(?P<name>[A-Za-z_][0-9A-Za-z_]*)\s*(?:\?\?)?=\s*["']?(?P<port>[0-9]{2,5})["']?\s*(?:[,;)}\r\n]|$)"#
);

/// `Port = 8080` of a hashtable, alone on its line or behind `@{` or `;`.
static ENTRY: Pattern = regex!(
    r#"(?:^\s*|[{;]\s*)["']?(?P<name>[A-Za-z_][0-9A-Za-z_]*)["']?\s*=\s*["']?(?P<port>[0-9]{2,5})["']?\s*(?:[;}\r\n]|$)"#
);

/// `[System.Net.Sockets.TcpClient]::new("localhost", 8080)`, `$client.Connect("localhost", 8080)`
static HOST_AND_PORT: Pattern = regex!(
    r#"(?i)(?:TcpClient(?:\]::new)?|UdpClient(?:\]::new)?|\.(?:Begin)?Connect(?:Async)?)\(\s*(?:"(?P<host>[^"\n]*)"|'(?P<raw>[^'\n]*)'|\$[0-9A-Za-z_:.]+)\s*,\s*(?P<port>[0-9]{2,5})\s*[,)]"#
);

/// `$env:WEB_PORT`, `${env:WEB_PORT}`
static REFERENCE: Pattern =
    regex!(r"(?i)\$\{?env:(?P<name>[A-Za-z_][0-9A-Za-z_]*)\}?(?P<assigned>\s*(?:\?\?)?=[^=])?");

static BLOCK_COMMENT: Pattern = regex!(r"(?s)<#.*?(?:#>|\z)");

/// `if (-not $env:PORT) {`, `if ([string]::IsNullOrEmpty($env:PORT)) {`, `if ($null -eq $env:PORT) {`: what
/// follows happens only where the environment has none.
static IF_UNSET: Pattern = regex!(
    r"(?xi) (?-u:\b) if \s* \( \s*
        (?: (?: -not \s* | ! \s* | \[string\]::IsNullOr(?:Empty|WhiteSpace) \s* ) \(? \s* | \$null \s* -eq \s* )
        \$\{?env:(?P<name>[A-Za-z_][0-9A-Za-z_]*)\}? \s* (?: -eq \s* \$null \s* )? \)? \s* \) \s* \{"
);

/// `if ($env:WEB_PORT) { $env:WEB_PORT } else { 8080 }`, `$env:WEB_PORT ?? 8080`
static DEFAULT: Pattern = regex!(
    r#"(?xi)
        (?-u:\b) if \s* \( \s* \$\{?env:(?P<asked>[A-Za-z_]\w*)\}? \s* \) \s* \{ \s* (?:\[int\]\s*)? \$\{?env:\w+\}? \s* \}
            \s* else \s* \{ \s* ["']? (?P<other>[0-9]{2,5}) ["']? \s* \}
        | \$\{?env:(?P<name>[A-Za-z_]\w*)\}? \s* \?\? \s* ["']? (?P<port>[0-9]{2,5}) ["']?"#
);

/// The blocks that are run only where a variable of the environment is empty, and its name.
fn defaults(text: &str) -> Vec<(Range<usize>, &str)> {
    IF_UNSET
        .captures_iter(text)
        .filter_map(|captures| {
            let start = captures.get(0)?.end();
            let name = captures.name("name")?.as_str();
            let mut depth = 1;
            // Such a block is short; one that is never closed is not looked through to its end.
            let end = text[start..].bytes().take(4_000).position(|byte| {
                depth += match byte {
                    b'{' => 1,
                    b'}' => -1,
                    _ => 0,
                };
                depth == 0
            })?;
            Some((start..start + end, name))
        })
        .collect()
}

/// Reads a PowerShell script.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "powershell", packs);
    let comments: Vec<_> = BLOCK_COMMENT.find_iter(text).map(|comment| comment.range()).collect();
    let defaults = defaults(text);
    let mut offset = 0;
    // Nothing is expanded in a here-string between single quotes.
    let mut shape = Shape::Expanded;
    for line in text.split_inclusive('\n') {
        if line.starts_with("'@") {
            shape = Shape::Expanded;
        }
        let is_comment = comments.iter().any(|comment| comment.contains(&offset));
        let code = line.split(" #").next().unwrap_or(line);
        let trimmed = code.trim_start().to_ascii_lowercase();
        if !is_comment && !trimmed.starts_with('#') && !trimmed.starts_with("write-") {
            for captures in ASSIGNMENT.captures_iter(code).chain(ENTRY.captures_iter(code)) {
                if let (Some(name), Some(port)) = (captures.name("name"), captures.name("port"))
                    && packs.names.is_port(name.as_str())
                {
                    let span = offset + port.start()..offset + port.end();
                    if let Some((_, variable)) =
                        defaults.iter().find(|(block, _)| block.contains(&span.start))
                    {
                        found.fallback(span, variable);
                        continue;
                    }
                    found.literal(span, Kind::Setting, shape.clone(), Some(name.as_str()));
                }
            }
            for captures in HOST_AND_PORT.captures_iter(code) {
                let host = captures.name("host").or_else(|| captures.name("raw"));
                if let Some(port) = captures.name("port")
                    && !host.is_some_and(|host| is_remote(host.as_str(), packs))
                {
                    let span = offset + port.start()..offset + port.end();
                    found.literal(span, Kind::Connect, shape.clone(), host.map(|host| host.as_str()));
                }
            }
            let mut with_default = Vec::new();
            for captures in DEFAULT.captures_iter(code) {
                let first = |names: [&str; 2]| names.iter().find_map(|name| captures.name(name));
                if let (Some(name), Some(port)) = (first(["asked", "name"]), first(["other", "port"])) {
                    found.fallback(offset + port.start()..offset + port.end(), name.as_str());
                }
                with_default.extend(captures.get(0).map(|whole| whole.range()));
            }
            for captures in REFERENCE.captures_iter(code) {
                let Some(name) = captures.name("name") else { continue };
                let span = offset + name.start()..offset + name.end();
                let has_default = with_default.iter().any(|default| default.contains(&name.start()))
                    || code[name.end()..].trim_start().starts_with("??");
                match captures.name("assigned") {
                    Some(_) => found.definition(span, None),
                    None => found.reference(span, has_default),
                }
            }
            for port in command_line::ports(code, packs) {
                let span = offset + port.span.start..offset + port.span.end;
                // `$env:URL = "http://localhost:8080"` gives a default as well.
                if let Some((_, variable)) = defaults.iter().find(|(block, _)| block.contains(&span.start))
                    && code[..port.span.start].contains('=')
                {
                    found.fallback(span, variable);
                    continue;
                }
                found.literal_by(span, port.kind, shape.clone(), port.hint.as_deref(), port.decided_by);
            }
        }
        if line.trim_end().ends_with("@'") {
            shape = Shape::Fixed;
        }
        offset += line.len();
    }
    found.finish()
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    #[test]
    fn a_port_is_assigned_or_an_entry_of_a_table() {
        finds_what_is_marked(
            "a.ps1",
            "[int]$Port = «8080 setting»\n$limit = 8081\n$settings = @{\n    Port = «8082 setting»; Size = 8083\n}\n",
        );
    }

    #[test]
    fn comments_and_what_is_written_out_are_for_people() {
        finds_what_is_marked(
            "a.ps1",
            "# $port = 8080\n<#\n$port = 8081\n#>\nWrite-Host \"serve --port 8082\"\n$port = «8083 setting» # 8084\n",
        );
    }

    #[test]
    fn a_socket_connects_to_a_host_that_is_not_public() {
        finds_what_is_marked(
            "a.ps1",
            "$a = [Net.Sockets.TcpClient]::new(\"localhost\", «8080 connect»)\n$b.Connect(\"www.example.com\", 443)\n",
        );
    }

    #[test]
    fn what_is_given_where_a_variable_is_empty_is_its_default() {
        let default = ["$WEB_PORT:-", "8080 of WEB_PORT"];
        for text in
            ["$p = $env:WEB_PORT ?? 8080\n", "$p = if ($env:WEB_PORT) { $env:WEB_PORT } else { 8080 }\n"]
        {
            let said = variables("a.ps1", text);
            assert!(
                said.contains(&default[1].to_owned()) && said.iter().any(|it| it == default[0]),
                "{said:?}"
            );
        }
        let text = "if (-not $env:WEB_PORT) {\n    $env:WEB_PORT = 8080\n}\n";
        assert_eq!(variables("a.ps1", text), ["$WEB_PORT", "WEB_PORT=", "8080 of WEB_PORT"]);
        assert_eq!(variables("a.ps1", "if ($env:DEBUG) {\n    $env:WEB_PORT = 8080\n}\n"), ["WEB_PORT="]);
    }

    #[test]
    fn nothing_is_expanded_in_a_raw_here_string() {
        assert_eq!(shapes("a.ps1", "$a = @'\n  serve --port 8080\n'@\n"), ["fixed"]);
        assert_eq!(shapes("a.ps1", "$a = @\"\n  serve --port 8080\n\"@\n"), ["expanded"]);
    }
}
