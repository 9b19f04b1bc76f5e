//! HCL: the files of Terraform, OpenTofu, Nomad and Packer.
//!
//! Read line by line, with the blocks that are open. What a port is there for is said by the block: the
//! default of an input variable is meant to be overridden; a published port is the host's; what a container or a
//! load balancer's target listens on conflicts with nobody on this machine; and a firewall's rule follows the
//! service, it does not decide where that listens.

use std::ops::Range;

use crate::analysis::embedded::{self, Form};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};

/// `resource "docker_container" "web" {`
static BLOCK: Pattern = regex!(r#"^\s*(?P<kind>[A-Za-z_][\w-]*)(?P<labels>(?:\s+(?:"[^"]*"|[\w-]+))*)\s*\{"#);

/// `external = 8080`, also in an object on one line.
static ATTRIBUTE: Pattern = regex!(
    r#"(?P<key>"[^"]+"|[A-Za-z_][\w.-]*)\s*[=:]\s*(?P<value>"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s,{}\[\]]+)"#
);

/// Reads a file.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "hcl", packs);
    // The blocks that are open: their words, `variable "web_port"`.
    let mut blocks: Vec<String> = Vec::new();
    let mut is_comment = false;
    let mut offset = 0;
    // Where the here-document ends that is open.
    let mut body_end = 0;
    for line in text.split_inclusive('\n') {
        if offset < body_end {
            offset += line.len();
            continue;
        }
        let code = code_of(line, &mut is_comment);
        if let Some(body) = here_document(text, code, offset + line.len()) {
            body_end = body.end;
            // Any other text has a format of its own, which nothing here tells.
            if text[body.clone()].trim_start().starts_with("#!") {
                found.extend(embedded::read(text, body, Form::FirstLine, packs));
            }
        }
        if let Some(block) = BLOCK.captures(code) {
            blocks.push(format!("{}{}", &block["kind"], &block["labels"]));
        } else if code.trim_end().ends_with('{') {
            // `ports = {`
            blocks.push(code.trim().trim_end_matches(['{', '=', ' ']).to_owned());
        }
        if code.bytes().any(|byte| byte.is_ascii_digit()) {
            attributes(code, offset, blocks.last().map_or("", String::as_str), &mut found);
        }
        for _ in 0..closed(code) {
            blocks.pop();
        }
        offset += line.len();
    }
    found.finish()
}

/// `user_data = <<EOF`, `data = <<-"EOF"`, at the end of a line.
static HERE_DOCUMENT: Pattern = regex!(r#"<<[-~]?"?(?P<mark>[A-Za-z_][\w-]*)"?\s*$"#);

/// The text of the here-document that the line opens. The text begins at `start`.
fn here_document(text: &str, line: &str, start: usize) -> Option<Range<usize>> {
    let captures = HERE_DOCUMENT.captures(line)?;
    let body = text.get(start..)?;
    let is_open = |line: &&str| line.trim() != &captures["mark"];
    let length: usize = body.split_inclusive('\n').take_while(is_open).map(str::len).sum();
    Some(start..start + length)
}

fn attributes(code: &str, offset: usize, block: &str, found: &mut Found<'_>) {
    for captures in ATTRIBUTE.captures_iter(code) {
        let (Some(key), Some(value)) = (captures.name("key"), captures.name("value")) else { continue };
        let name = key.as_str().trim_matches('"');
        if found.is_no_port(name) {
            continue;
        }
        let digits = value.as_str().trim_matches('"');
        let span = || {
            let at = offset + value.start() + value.as_str().find(digits).unwrap_or(0);
            at..at + digits.len()
        };
        match name {
            // The default of an input variable, which `-var` and `TF_VAR_…` override.
            "default" if block.starts_with("variable") && found.names().port_name(block).is_some() => {
                found.literal(span(), Kind::OptionDefault, Shape::Fixed, Some(block_name(block)));
            }
            "external" | "host_port" if block.starts_with("ports") => {
                found.literal(span(), Kind::Published, Shape::Fixed, None);
            }
            "static" if block.starts_with("port") => {
                found.literal(span(), Kind::Published, Shape::Fixed, Some(block_name(block)));
            }
            _ if digits.parse().is_ok_and(|port| {
                found.names().is_entry_of_ports(around(code, key.start(), block), name, port)
            }) =>
            {
                found.literal(span(), Kind::Setting, Shape::Fixed, Some(name));
            }
            _ => found.setting(name, value.as_str(), offset + value.start(), &Shape::Fixed),
        }
    }
}

/// What the attribute that begins at `start` stands in: `ports` of `ports = { http = 8500 }`, else the block.
fn around<'a>(code: &'a str, start: usize, block: &'a str) -> &'a str {
    match code[..start].split_once('{') {
        Some((name, _)) => name.trim().trim_end_matches(['=', ' ']),
        None => block,
    }
}

/// The last label: `web_port` of `variable "web_port"`.
fn block_name(block: &str) -> &str {
    block.split_whitespace().last().unwrap_or(block).trim_matches('"')
}

/// How many blocks end in the line, but for those that begin in it.
fn closed(code: &str) -> usize {
    let count = |brace| code.matches(brace).count();
    // `${…}` in a string opens and closes nothing.
    let interpolated = code.matches("${").count();
    let is_opened = BLOCK.is_match(code) || code.trim_end().ends_with('{');
    let opened = count('{') - interpolated;
    (count('}').saturating_sub(interpolated) + usize::from(is_opened)).saturating_sub(opened)
}

/// The line without its comment: `#` and `//` to its end, `/* … */` over several.
fn code_of<'a>(line: &'a str, is_comment: &mut bool) -> &'a str {
    if *is_comment {
        *is_comment = !line.contains("*/");
        return "";
    }
    let mut is_quoted = false;
    for (at, character) in line.char_indices() {
        let rest = &line[at..];
        match character {
            '"' if !line[..at].ends_with('\\') => is_quoted = !is_quoted,
            '#' if !is_quoted => return &line[..at],
            '/' if !is_quoted && rest.starts_with("//") => return &line[..at],
            '/' if !is_quoted && rest.starts_with("/*") => {
                *is_comment = !rest.contains("*/");
                return &line[..at];
            }
            _ => {}
        }
    }
    line
}
