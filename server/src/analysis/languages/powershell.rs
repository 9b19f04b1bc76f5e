//! PowerShell: assignments, parameters and addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::found::Found;
use crate::analysis::command_line;
use crate::analysis::names::{PortName, port_name};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};

/// `$port = 8080`, `[int]$Port = 8080`, `$env:PORT = "8080"`
static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r#"\$(?:env:|script:|global:)?(?P<name>[A-Za-z_][0-9A-Za-z_]*)\s*(?:\?\?)?=\s*["']?(?P<port>[0-9]{2,5})["']?\s*(?:[,;)\r\n]|$)"#)
        .expect("the pattern is constant")
});

/// `$env:WEB_PORT`, `${env:WEB_PORT}`
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r"(?i)\$\{?env:(?P<name>[A-Za-z_][0-9A-Za-z_]*)\}?(?P<assigned>\s*(?:\?\?)?=[^=])?")
        .expect("the pattern is constant")
});

static BLOCK_COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r"(?s)<#.*?(?:#>|\z)").expect("the pattern is constant")
});

/// Reads a PowerShell script.
pub(in crate::analysis) fn read(text: &str) -> Vec<Occurrence> {
    let mut found = Found::of(text);
    let comments: Vec<_> = BLOCK_COMMENT.find_iter(text).map(|comment| comment.range()).collect();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let is_comment = comments.iter().any(|comment| comment.contains(&offset));
        let code = line.split(" #").next().unwrap_or(line);
        let trimmed = code.trim_start().to_ascii_lowercase();
        if !is_comment && !trimmed.starts_with('#') && !trimmed.starts_with("write-") {
            for captures in ASSIGNMENT.captures_iter(code) {
                if let (Some(name), Some(port)) = (captures.name("name"), captures.name("port"))
                    && port_name(name.as_str()) == Some(PortName::One)
                {
                    let span = offset + port.start()..offset + port.end();
                    found.literal(span, Kind::Setting, Shape::Fixed, Some(name.as_str()));
                }
            }
            for captures in REFERENCE.captures_iter(code) {
                let Some(name) = captures.name("name") else { continue };
                let span = offset + name.start()..offset + name.end();
                match captures.name("assigned") {
                    Some(_) => found.definition(span, None),
                    None => found.reference(span, code[name.end()..].trim_start().starts_with("??")),
                }
            }
            for port in command_line::ports(code) {
                let span = offset + port.span.start..offset + port.span.end;
                found.literal(span, port.kind, Shape::Fixed, port.hint.as_deref());
            }
        }
        offset += line.len();
    }
    found.finish()
}
