//! Dockerfiles: a reader of instructions, because what counts is inside their arguments.

use std::borrow::Cow;
use std::ops::Range;

use crate::analysis::command_line::{self, program};
use crate::analysis::embedded::{self, Form};
use crate::analysis::language::Language;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::comments::without_lines;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};

/// `KEY=8080` or `KEY 8080` of ENV and ARG.
static ASSIGNMENT: Pattern =
    regex!(r#"(?P<key>[A-Za-z_][A-Za-z0-9_]*)(?:\s*=\s*["']?|\s+)(?P<value>[0-9]{1,5})(?:["'\s\\]|$)"#);

static NUMBER: Pattern = regex!(r"(?:^|[\s-])([0-9]{1,5})");

/// Reads a Dockerfile.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "dockerfile", packs);
    for Instruction { keyword, arguments, bodies } in instructions(text) {
        let (keyword, arguments) = triggered(text, keyword, arguments);
        let start = arguments.start;
        let body = without_lines(&text[arguments]);
        let body = body.as_str();
        let keyword = keyword.to_ascii_uppercase();
        found.extend(read_bodies(text, &keyword, body, &bodies, packs));
        match keyword.as_str() {
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
                for port in command_line::ports(body, found.packs()) {
                    let hint = port.hint.as_deref();
                    found.literal_by(at(start, &port.span), Kind::Healthcheck, SHAPE, hint, port.decided_by);
                }
            }
            _ => {
                found.interpolations(body, start);
                for port in command_line::ports(body, found.packs()) {
                    let hint = port.hint.as_deref();
                    found.literal_by(at(start, &port.span), port.kind, SHAPE, hint, port.decided_by);
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
        if value.as_str().parse().is_ok_and(|port| found.names().names_port(key.as_str(), port)) {
            let span = at(start, &value.range());
            found.literal(span, Kind::ContainerEnvironment, SHAPE, Some(key.as_str()));
        }
        if found.names().is_port(key.as_str()) {
            found.definition(at(start, &key.range()), value.as_str().parse().ok());
        }
    }
    for port in command_line::ports(body, found.packs()) {
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

/// `<<EOF`, `<<-"EOF"`
static HERE_DOCUMENT: Pattern = regex!(r#"<<-?["']?(?P<mark>[A-Za-z_][0-9A-Za-z_.]*)["']?"#);

/// An instruction of a Dockerfile.
struct Instruction<'a> {
    keyword: &'a str,
    /// The bytes of the arguments, continued lines included. Comments between continued lines are blanked by [`without_lines`].
    arguments: Range<usize>,
    /// The here-documents that follow, each with the mark that ends it.
    bodies: Vec<(&'a str, Range<usize>)>,
}

/// The instructions of a Dockerfile.
fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let mut found = Vec::new();
    let mut offset = 0;
    let mut open: Option<(&str, usize)> = None;
    while let Some(line) = text.get(offset..).and_then(|rest| rest.split_inclusive('\n').next()) {
        let trimmed = line.trim();
        offset += line.len();
        let is_comment = trimmed.starts_with('#');
        if is_comment || (trimmed.is_empty() && open.is_some()) {
            continue;
        }
        let (keyword, start) = open.take().unwrap_or_else(|| {
            let indent = line.len() - line.trim_start().len();
            let word = trimmed.split_whitespace().next().unwrap_or_default();
            (word, offset - line.len() + indent + word.len())
        });
        // The escape character may be changed to a backtick by a directive, as on Windows.
        if trimmed.ends_with(['\\', '`']) {
            open = Some((keyword, start));
        } else if !keyword.is_empty() {
            let arguments = start..offset;
            let bodies = bodies(text, keyword, arguments.clone());
            offset = bodies.last().map_or(offset, |(_, body)| body.end);
            found.push(Instruction { keyword, arguments, bodies });
        }
    }
    if let Some((keyword, start)) = open {
        found.push(Instruction { keyword, arguments: start..text.len(), bodies: Vec::new() });
    }
    found
}

/// The here-documents that an instruction opens, one after the other. The line that ends one belongs to it.
fn bodies<'a>(text: &'a str, keyword: &str, arguments: Range<usize>) -> Vec<(&'a str, Range<usize>)> {
    if !["run", "copy", "add"].iter().any(|word| keyword.eq_ignore_ascii_case(word)) {
        return Vec::new();
    }
    let mut start = arguments.end;
    let mut bodies = Vec::new();
    for mark in HERE_DOCUMENT.captures_iter(&text[arguments]).filter_map(|captures| captures.name("mark")) {
        let mut end = start;
        let ends = |line: &str| {
            end += line.len();
            line.trim() == mark.as_str()
        };
        // Without a line that ends it, `1<<BITS` is arithmetic.
        if text[start..].split_inclusive('\n').any(ends) {
            bodies.push((mark.as_str(), start..end));
            start = end;
        }
    }
    bodies
}

/// What is in an instruction's here-documents: the script that `RUN <<EOF` runs, the files that `COPY <<EOF` makes. What
/// a program is given is text, unless the program is an interpreter.
fn read_bodies(
    text: &str,
    keyword: &str,
    arguments: &str,
    bodies: &[(&str, Range<usize>)],
    packs: &Packs,
) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for (mark, body) in bodies {
        let is_script = text[body.clone()].trim_start().starts_with("#!");
        let before = arguments.split("<<").next().unwrap_or_default();
        let language = match program(before, packs).as_str() {
            "" => Some(Language::Shell),
            name => Language::of_first_line(&format!("#!{name}")),
        };
        let target = arguments.split_whitespace().last().unwrap_or_default();
        let form = match (keyword, language) {
            ("RUN", _) if is_script => Form::FirstLine,
            ("RUN", Some(language)) => Form::Language(language),
            ("RUN", None) => continue,
            _ if target.ends_with('/') => Form::Name(mark),
            _ => Form::Name(target),
        };
        found.extend(embedded::read(text, body.clone(), form, packs));
    }
    found
}
