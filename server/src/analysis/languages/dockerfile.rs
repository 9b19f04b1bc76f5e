//! Dockerfiles: a reader of instructions, because what counts is inside their arguments.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::comments::without_lines;
use super::found::Found;
use crate::analysis::command_line;
use crate::analysis::names::{PortName, names_port, port_name};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};

/// `KEY=8080` or `KEY 8080` of ENV and ARG.
static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r#"(?P<key>[A-Za-z_][A-Za-z0-9_]*)(?:\s*=\s*["']?|\s+)(?P<value>[0-9]{1,5})(?:["'\s\\]|$)"#)
        .expect("the pattern is constant")
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(r"(?:^|[\s-])([0-9]{1,5})").expect("the pattern is constant")
});

/// Reads a Dockerfile.
pub(in crate::analysis) fn read(text: &str) -> Vec<Occurrence> {
    let mut found = Found::of(text);
    for (keyword, arguments) in instructions(text) {
        let (keyword, arguments) = triggered(text, keyword, arguments);
        let start = arguments.start;
        let body = without_lines(&text[arguments]);
        let body = body.as_str();
        match keyword.to_ascii_uppercase().as_str() {
            "FROM" | "COPY" | "ADD" | "MAINTAINER" | "USER" | "WORKDIR" | "SHELL" | "STOPSIGNAL"
            | "VOLUME" => {}
            "EXPOSE" => {
                found.interpolations(body, start);
                for number in NUMBER.captures_iter(body).filter_map(|captures| captures.get(1)) {
                    found.literal(at(start, &number.range()), Kind::Exposed, SHAPE, None);
                }
            }
            "ENV" | "ARG" => {
                found.interpolations(body, start);
                environment(start, &as_assignment(body), &mut found);
            }
            "HEALTHCHECK" => {
                found.interpolations(body, start);
                for port in command_line::ports(body) {
                    found.literal(at(start, &port.span), Kind::Healthcheck, SHAPE, port.hint.as_deref());
                }
            }
            _ => {
                found.interpolations(body, start);
                for port in command_line::ports(body) {
                    found.literal(at(start, &port.span), port.kind, SHAPE, port.hint.as_deref());
                }
            }
        }
    }
    found.finish()
}

/// The instruction that `ONBUILD` keeps for the images that are built from this one.
fn triggered<'a>(text: &'a str, keyword: &'a str, arguments: Range<usize>) -> (&'a str, Range<usize>) {
    if !keyword.eq_ignore_ascii_case("onbuild") {
        return (keyword, arguments);
    }
    let body = &text[arguments.clone()];
    let inner = body.split_whitespace().next().unwrap_or_default();
    let start = arguments.start + (body.len() - body.trim_start().len()) + inner.len();
    (inner, start..arguments.end)
}

/// `ENV KEY value` as `KEY=value`, byte for byte of the same length.
fn as_assignment(body: &str) -> Cow<'_, str> {
    let name = body.len() - body.trim_start().len();
    let end = body[name..].find([' ', '\t', '=']).map_or(body.len(), |end| name + end);
    match body.as_bytes().get(end) {
        Some(b' ' | b'\t') if !body[end..].trim().is_empty() => {
            Cow::Owned(format!("{}={}", &body[..end], &body[end + 1..]))
        }
        _ => Cow::Borrowed(body),
    }
}

fn environment(start: usize, body: &str, found: &mut Found<'_>) {
    for captures in ASSIGNMENT.captures_iter(body) {
        let (Some(key), Some(value)) = (captures.name("key"), captures.name("value")) else { continue };
        if value.as_str().parse().is_ok_and(|port| names_port(key.as_str(), port)) {
            let span = at(start, &value.range());
            found.literal(span, Kind::ContainerEnvironment, SHAPE, Some(key.as_str()));
        }
        if port_name(key.as_str()) == Some(PortName::One) {
            found.definition(at(start, &key.range()), value.as_str().parse().ok());
        }
    }
    for port in command_line::ports(body) {
        found.literal(at(start, &port.span), Kind::ContainerEnvironment, SHAPE, port.hint.as_deref());
    }
}

/// ENV, EXPOSE and ARG expand variables, but only those of the build, which `.ports.env` is not part
/// of.
const SHAPE: Shape = Shape::Fixed;

/// A span of an instruction's arguments in the whole text.
fn at(start: usize, span: &Range<usize>) -> Range<usize> {
    start + span.start..start + span.end
}

/// The instructions of a Dockerfile: keyword and the bytes of the arguments, continued lines
/// included. Comments between continued lines are blanked by [`without_lines`].
fn instructions(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut offset = 0;
    let mut open: Option<(&str, usize)> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let end = offset + line.len();
        let is_comment = trimmed.starts_with('#');
        if !(is_comment || (trimmed.is_empty() && open.is_some())) {
            let (keyword, start) = open.take().unwrap_or_else(|| {
                let indent = line.len() - line.trim_start().len();
                let word = trimmed.split_whitespace().next().unwrap_or_default();
                (word, offset + indent + word.len())
            });
            // The escape character may be changed to a backtick by a directive, as on Windows.
            if trimmed.ends_with(['\\', '`']) {
                open = Some((keyword, start));
            } else if !keyword.is_empty() {
                found.push((keyword, start..end));
            }
        }
        offset = end;
    }
    if let Some((keyword, start)) = open {
        found.push((keyword, start..text.len()));
    }
    found
}
