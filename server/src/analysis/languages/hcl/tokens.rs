//! The words and signs of HCL.

use std::ops::Range;

use crate::pattern::{Pattern, regex};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// `port`, `var.web-port`
    Name,
    /// With its quotes, and all that it has of other expressions: `"http://${var.host}:8080"`
    String,
    /// `8080`, `0x1F`, `1.5`
    Number,
    /// The text of a here-document, without the lines that open and end it.
    HereDocument,
    /// The end of a line.
    End,
    /// Any other character.
    Sign(u8),
}

/// `<<EOF`, `<<-EOF`, `<<~"EOF"`, at the end of a line.
static HERE_DOCUMENT: Pattern = regex!(r#"^<<[-~]?"?(?P<mark>[A-Za-z_][\w-]*)"?[ \t\r]*(?:\n|$)"#);

/// The tokens of a text, comments left out.
pub(super) fn tokens(text: &str) -> Vec<(Token, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let length = |is_part: fn(&u8) -> bool| rest.iter().take_while(|byte| is_part(byte)).count();
        let (token, end) = match byte {
            b'\n' => (Token::End, at + 1),
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += length(|byte| *byte != b'\n');
                continue;
            }
            b'/' if rest.starts_with(b"//") => {
                at += length(|byte| *byte != b'\n');
                continue;
            }
            b'/' if rest.starts_with(b"/*") => {
                at = text.get(at..).and_then(|rest| rest.find("*/")).map_or(bytes.len(), |end| at + end + 2);
                continue;
            }
            b'<' if let Some((body, end)) = here_document(text, at) => {
                tokens.push((Token::HereDocument, body));
                at = end;
                continue;
            }
            b'"' => (Token::String, string_end(bytes, at)),
            b'0'..=b'9' => (Token::Number, at + length(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')),
            _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
                (Token::Name, at + length(is_part))
            }
            _ => (Token::Sign(byte), at + 1),
        };
        tokens.push((token, at..end));
        at = end;
    }
    tokens
}

/// Where the string ends that begins here: at its quote, or else with the line. The quotes of an expression in it end nothing:
/// `"${var.ports["web"]}"`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    // What is open: a string, or an expression in it with its braces.
    let mut open = vec![b'"'];
    let mut at = start + 1;
    while let (Some(&byte), Some(&inside)) = (bytes.get(at), open.last()) {
        match (byte, inside) {
            (b'\n', _) => return at,
            (b'\\', b'"') => at += 1,
            (b'"', b'"') | (b'}', b'{') => drop(open.pop()),
            (b'"', b'{') => open.push(b'"'),
            (b'{', b'{') => open.push(b'{'),
            (b'$' | b'%', b'"') if bytes.get(at + 1) == Some(&b'{') => {
                // `$${` stands for `${`.
                let is_escaped = bytes[at - 1] == byte;
                if !is_escaped {
                    open.push(b'{');
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

/// The text of the here-document that is opened at the place, and where the line that ends it ends.
fn here_document(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let opening = text.get(at..)?;
    let line = opening.find('\n').map_or(opening, |newline| &opening[..=newline]);
    let captures = HERE_DOCUMENT.captures(line)?;
    let start = at + line.len();
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim() == &captures["mark"] {
            return Some((start..end, end + line.trim_end_matches('\n').len()));
        }
        end += line.len();
    }
    Some((start..end, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quotes_of_an_expression_end_no_string() {
        let strings = |text: &str| -> Vec<String> {
            let tokens = tokens(text).into_iter().filter(|(token, _)| *token == Token::String);
            tokens.map(|(_, span)| text[span].to_owned()).collect()
        };
        for string in [
            r#""a""#,
            r#""a \" # b""#,
            r#""${var.ports["web"]}:80""#,
            r#""%{ if a == "b" }c%{ endif }""#,
            r#""${f({ a = "}" })} /* x */""#,
            r#""$${ a""#,
        ] {
            assert_eq!(strings(&format!("a = {string} # \"x\"\n")), [string]);
        }
        assert_eq!(strings("a = \"b\nc = \"d\"\n"), ["\"b", "\"d\""]);
    }
}
