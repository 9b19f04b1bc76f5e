//! HCL: the files of Terraform, OpenTofu, Nomad, Packer and Consul.
//!
//! What a port is there for is said by the block: the default of an input variable is meant to be overridden; a
//! published port is the host's; what a container or a load balancer's target listens on conflicts with nobody on this
//! machine; and a firewall's rule follows the service, it does not decide where that listens.

mod tokens;

use std::ops::Range;

use crate::analysis::embedded::{self, Form};
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;
use tokens::{Token, tokens};

/// Reads a file.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut reading = Reading { text, found: Found::of(text, "hcl", packs), open: vec![Open::block("")] };
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        let tokens = tokens(text);
        for (index, (token, span)) in tokens.iter().enumerate() {
            let next = tokens.get(index + 1).map(|(token, _)| *token);
            reading.token(*token, span.clone(), next);
        }
    }
    reading.found.finish()
}

/// Brackets that are open, and what was read last between them.
struct Open<'a> {
    /// What closes them.
    close: u8,
    /// The words of the block, `variable "web_port"`; the key of an object or a list.
    block: &'a str,
    /// The words that begin a block or an attribute.
    words: Option<Range<usize>>,
    /// The key of the attribute whose value comes.
    key: Option<&'a str>,
    /// Whether a value begins here.
    is_start: bool,
}

impl<'a> Open<'a> {
    fn block(block: &'a str) -> Self {
        Self { close: b'}', block, words: None, key: None, is_start: false }
    }
}

struct Reading<'a> {
    text: &'a str,
    found: Found<'a>,
    /// The brackets that are open, the innermost last; the first stand for the file.
    open: Vec<Open<'a>>,
}

impl<'a> Reading<'a> {
    fn token(&mut self, token: Token, span: Range<usize>, next: Option<Token>) {
        let Some(open) = self.open.last_mut() else { return };
        let is_block = open.close == b'}';
        let is_start = std::mem::replace(&mut open.is_start, false);
        match token {
            Token::End if is_block => (open.words, open.key) = (None, None),
            Token::Sign(b',') if is_block => (open.words, open.key) = (None, None),
            Token::End => open.is_start = is_start,
            Token::Sign(b',') => open.is_start = true,
            Token::Name | Token::String if is_block && open.key.is_none() => {
                let start = open.words.as_ref().map_or(span.start, |words| words.start);
                open.words = Some(start..span.end);
            }
            Token::Sign(b'=' | b':') if is_block && open.key.is_none() && !is_operator(next) => {
                let words = open.words.take().map_or("", |words| &self.text[words]);
                open.key = Some(last_word(words));
                open.is_start = true;
            }
            Token::Sign(sign @ (b'{' | b'[' | b'(')) => self.begin(sign),
            Token::Sign(sign @ (b'}' | b']' | b')')) => self.end(sign),
            Token::String => self.value(span),
            // A number is a value if nothing is calculated with it.
            Token::Number if is_start && next.is_none_or(ends_value) => self.value(span),
            // Any other text has a format of its own, which nothing here tells.
            Token::HereDocument if self.text[span.clone()].trim_start().starts_with("#!") => {
                let packs = self.found.packs();
                self.found.extend(embedded::read(self.text, span, Form::FirstLine, packs));
            }
            _ => {}
        }
    }

    fn begin(&mut self, sign: u8) {
        let Some(open) = self.open.last_mut() else { return };
        let words = open.words.take().map(|words| &self.text[words]);
        let block = open.key.or(words).unwrap_or(open.block);
        self.open.push(match sign {
            b'{' => Open::block(block),
            _ => {
                let close = if sign == b'[' { b']' } else { b')' };
                Open { close, block, words: None, key: Some(block), is_start: true }
            }
        });
    }

    fn end(&mut self, sign: u8) {
        // A brace ends what was left open in it.
        while sign == b'}' && self.open.len() > 1 && self.open.last().is_some_and(|open| open.close != sign) {
            self.open.pop();
        }
        if self.open.len() > 1 && self.open.last().is_some_and(|open| open.close == sign) {
            self.open.pop();
        }
    }

    /// Reads a value of the attribute, or an item of it.
    fn value(&mut self, span: Range<usize>) {
        let value = &self.text[span.clone()];
        let Some(open) = self.open.last() else { return };
        let (Some(key), true) = (open.key, value.bytes().any(|byte| byte.is_ascii_digit())) else { return };
        // The arguments of a call and the items of a list stand in the block around it.
        let block = self.open.iter().rev().find(|open| open.close == b'}').map_or("", |open| open.block);
        if self.found.is_no_port(key) {
            return;
        }
        if open.close == b']' && self.found.names().port_name(key) == Some(PortName::Many) {
            return self.found.ports(key, value, span.start, &Shape::Fixed);
        }
        let digits = value.trim_matches('"');
        let start = span.start + value.find(digits).unwrap_or(0);
        let number = start..start + digits.len();
        match key {
            // The default of an input variable, which `-var` and `TF_VAR_…` override.
            "default" if block.starts_with("variable") && self.found.names().port_name(block).is_some() => {
                self.found.literal(number, Kind::OptionDefault, Shape::Fixed, Some(last_word(block)));
            }
            "external" | "host_port" if block.starts_with("ports") => {
                self.found.literal(number, Kind::Published, Shape::Fixed, None);
            }
            "static" if block.starts_with("port") => {
                self.found.literal(number, Kind::Published, Shape::Fixed, Some(last_word(block)));
            }
            _ if digits.parse().is_ok_and(|port| self.found.names().is_entry_of_ports(block, key, port)) => {
                self.found.literal(number, Kind::Setting, Shape::Fixed, Some(key));
            }
            _ => self.found.setting(key, value, span.start, &Shape::Fixed),
        }
    }
}

/// Whether what follows makes an operator of `=`: `==`, `=>`.
fn is_operator(next: Option<Token>) -> bool {
    matches!(next, Some(Token::Sign(b'=' | b'>')))
}

/// Whether a value ends before the token.
fn ends_value(next: Token) -> bool {
    matches!(next, Token::End | Token::Sign(b',' | b'}' | b']' | b')'))
}

/// The last label: `web_port` of `variable "web_port"`; the key of an attribute.
fn last_word(words: &str) -> &str {
    words.split_whitespace().last().unwrap_or(words).trim_matches('"')
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    #[test]
    fn a_here_document_holds_no_attributes() {
        for (open, close) in [("<<EOF", ""), ("<<-EOF", ""), ("<<-\"EOF\"", ""), ("f(<<EOF", ")\n")] {
            finds_what_is_marked(
                "a.tf",
                &format!(
                    "a = {open}\nport = 1234\nb \"x\" {{\n  url = \"http://localhost:1235\"\n  EOF\n{close}port = «8080 setting»\n"
                ),
            );
        }
    }

    #[test]
    fn comments_are_nothing_and_strings_no_comments() {
        finds_what_is_marked(
            "a.tf",
            "# port = 1234\n// port = 1234\n/* port = 1234\nport = 1235 */ port = «8080 setting» # 1236\nurl = \"http://localhost:«8081 connect»/#a//b/*c\"\nport = «8082 setting»\n",
        );
    }

    #[test]
    fn an_expression_in_a_string_ends_nothing() {
        finds_what_is_marked(
            "a.tf",
            "resource \"a\" \"b\" {\n  url = \"http://${var.hosts[\"web\"]}:«8080 connect»/${f({ port = 1234 })}\"\n  ports {\n    external = «8000 published»\n    internal = 80\n  }\n}\n",
        );
    }

    #[test]
    fn what_a_number_is_there_for_is_said_by_the_block_around_it() {
        finds_what_is_marked(
            "a.tf",
            "variable \"web_port\" {\n  validation {\n    condition = var.web_port > 1024\n  }\n  default = «8080 option-default»\n}\nvariable \"size\" { default = 8081 }\nx {\n  ports {\n    y { a = 1234 }\n    external = «8082 published»\n  }\n}\n",
        );
    }

    #[test]
    fn lists_and_objects_may_stand_on_several_lines() {
        finds_what_is_marked(
            "a.tf",
            "published_ports = [\n  «8080 setting», # 1234\n  «8081 setting»,\n]\nservices = {\n  \"web\" = {\n    port = «8082 setting», size = 8083\n  }\n}\nurls = [\n  \"http://localhost:«8084 connect»\",\n  \"https://shop.example.com:8443\",\n]\n",
        );
    }

    #[test]
    fn only_what_is_before_the_first_sign_is_a_key() {
        finds_what_is_marked(
            "a.tf",
            "a = var.port == 8080 ? var.port : 8081\nb = { for port in 8082 : port => 8083 }\nport = 8000 + 84\nport = coalesce(var.port, «8085 setting»)\n",
        );
    }

    #[test]
    fn consul_separates_attributes_by_commas() {
        finds_what_is_marked(
            "consul.hcl",
            "check {\n  id = \"a\",\n  port = «8080 setting»,\n  tcp = \"localhost:«5432 connect»\",\n}\nports { grpc = «8502 setting» }\n",
        );
    }

    #[test]
    fn what_is_left_open_hides_nothing_else() {
        finds_what_is_marked(
            "a.tf",
            "a \"b\" {\n  x = [1, f(\n}\nport = «8080 setting»\n}}}\nport = «8081 setting»\n",
        );
    }
}
