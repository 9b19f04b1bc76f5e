//! Markup of templates in a text: Jinja and Liquid, Go's templates, Handlebars, ERB and EJS.
//!
//! A template is not written in its language, and the parser of that makes little of it. With blanks for what
//! steers the template and something harmless for what it puts in, all of the same length, it nearly always
//! is; both branches of a condition stand there then, one after the other.

use std::ops::Range;

use super::occurrence::{Meaning, Occurrence, Shape};
use crate::pattern::{Pattern, regex};

/// How far apart the marks of one piece are at most.
const LONGEST: usize = 2_000;

/// What begins and ends a piece.
const MARKS: &[(&str, &str)] = &[("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// Between `{{` and `}}`: a number, an item of a list or an entry of a map, as programs nest them.
static NESTED: Pattern = regex!(r#"^\s*(?:$|[0-9]|\.\w+\s*=|(?:[\w.-]+|"[^"]*"|'[^']*')\s*[:,])"#);

/// What steers the template, inside the marks of what is put in.
static STEERS: Pattern = regex!(
    r"(?x)
        ^ \s* (?:
            [\#/!^>}] | \$ \w+ \s* :?=
          | (?: if | unless | else | elsif | end | range | with | define | block | template | break | continue | include )
            (?: [\s(] | $ )
        )
        | (?: \{ | \b do (?: \s* \| [^|]* \| )? ) \s* $
        "
);

/// The pieces of markup in a text.
pub(super) struct Markup<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    span: Range<usize>,
    /// Whether something is put there, or the template only steered.
    is_output: bool,
}

/// What stands where a piece of markup stood.
enum Filling {
    Markup,
    Blank,
    /// `xxxx`
    Word,
    /// `${xx}`
    Variable,
    /// `"xx"`
    Quoted,
}

impl<'a> Markup<'a> {
    /// Whether an edit of some bytes of a text that had no markup may have made some.
    pub(super) fn may_be_in(text: &str, edited: &Range<usize>) -> bool {
        let start = text.floor_char_boundary(edited.start.saturating_sub(2 * LONGEST));
        let end = text.ceil_char_boundary((edited.end + 2 * LONGEST).min(text.len()));
        Markup::of(&text[start..end]).is_some()
    }

    /// The markup of a text; `None` where it has none.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for start in memchr::memchr2_iter(b'{', b'<', text.as_bytes()) {
            // What is in a piece begins none.
            if start >= from
                && let Some(piece) = piece(text, start)
            {
                from = piece.span.end;
                pieces.push(piece);
            }
        }
        // Other languages have `{#` of their own.
        let is_template = pieces.iter().any(|piece| !text[piece.span.start..].starts_with("{#"));
        is_template.then(|| {
            let mut markup = Self { text, pieces };
            markup.blank_lines_of_their_own();
            markup
        })
    }

    /// What is put on a line of its own is no word of anything, but lines of its own.
    fn blank_lines_of_their_own(&mut self) {
        for index in 0..self.pieces.len() {
            let is_alone = self.is_blank_before(index) && self.is_blank_behind(index);
            self.pieces[index].is_output &= !is_alone;
        }
    }

    fn is_blank_before(&self, index: usize) -> bool {
        let mut end = self.pieces[index].span.start;
        for piece in self.pieces[..index].iter().rev() {
            let between = &self.text[piece.span.end..end];
            if between.contains('\n') || !between.trim().is_empty() {
                break;
            }
            end = piece.span.start;
        }
        let line = self.text[..end].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[line..end].trim().is_empty()
    }

    fn is_blank_behind(&self, index: usize) -> bool {
        let mut start = self.pieces[index].span.end;
        for piece in &self.pieces[index + 1..] {
            let between = &self.text[start..piece.span.start];
            if between.contains('\n') || !between.trim().is_empty() {
                break;
            }
            start = piece.span.end;
        }
        let line = self.text[start..].find('\n').map_or(self.text.len(), |newline| start + newline);
        self.text[start..line].trim().is_empty()
    }

    /// The text as parsers of programs and of YAML take it: words for what is put in.
    pub(super) fn with_words(&self) -> String {
        self.filled(|_, piece| if piece.is_output { Filling::Word } else { Filling::Blank })
    }

    /// The text as it is read line by line: variables for what is put in. What asks the environment stays,
    /// for that is read.
    pub(super) fn with_variables(&self) -> String {
        self.filled(|_, piece| match piece.is_output {
            true if self.text[piece.span.clone()].contains("ENV") => Filling::Markup,
            true => Filling::Variable,
            false => Filling::Blank,
        })
    }

    /// The text as JSON: strings for what is put in. In a string markup does no harm, unless it has quotes.
    pub(super) fn with_strings(&self) -> String {
        let is_in_string = self.in_strings();
        self.filled(|index, piece| match (is_in_string[index], piece.is_output) {
            (true, _) if !self.text[piece.span.clone()].contains('"') => Filling::Markup,
            (_, false) => Filling::Blank,
            (true, true) => Filling::Variable,
            (false, true) => Filling::Quoted,
        })
    }

    /// Whether each piece stands in a string of JSON.
    fn in_strings(&self) -> Vec<bool> {
        let mut is_in_string = false;
        let mut from = 0;
        self.pieces
            .iter()
            .map(|piece| {
                let mut bytes = self.text.as_bytes()[from..piece.span.start].iter();
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => is_in_string = !is_in_string,
                        b'\\' => drop(bytes.next()),
                        b'\n' => is_in_string = false,
                        _ => {}
                    }
                }
                from = piece.span.end;
                is_in_string
            })
            .collect()
    }

    /// The text with something else, of the same length and with the same lines, where markup stands.
    fn filled(&self, filling: impl Fn(usize, &Piece) -> Filling) -> String {
        let mut result = String::with_capacity(self.text.len());
        for (index, piece) in self.pieces.iter().enumerate() {
            result.push_str(&self.text[result.len()..piece.span.start]);
            let markup = &self.text[piece.span.clone()];
            let line = markup.find(['\n', '\r']).unwrap_or(markup.len());
            let (open, fill, close) = match filling(index, piece) {
                Filling::Markup => {
                    result.push_str(markup);
                    continue;
                }
                Filling::Variable if line > 3 => ("${", 'x', "}"),
                Filling::Quoted if line > 2 => ("\"", 'x', "\""),
                Filling::Word | Filling::Variable => ("", 'x', ""),
                Filling::Blank | Filling::Quoted => ("", ' ', ""),
            };
            result.push_str(open);
            result.extend(std::iter::repeat_n(fill, line - open.len() - close.len()));
            result.push_str(close);
            result.extend(markup[line..].bytes().map(|byte| match byte {
                b'\n' | b'\r' => char::from(byte),
                _ => ' ',
            }));
        }
        result.push_str(&self.text[result.len()..]);
        result
    }

    /// Leaves out the numbers that stand in the markup, which is where a template takes its defaults from; a valid
    /// program means something of its own by it. What is written into a string with markup in it would have to be
    /// right before and after the template is filled, and what is written into a program in a branch of a
    /// template is left out with the branch, or its import is.
    pub(super) fn settle(&self, occurrences: &mut Vec<Occurrence>, is_program: bool, is_template: bool) {
        occurrences.retain_mut(|occurrence| {
            let Meaning::Literal(literal) = &mut occurrence.meaning else { return true };
            let is_in_text = match &literal.shape {
                Shape::Within { expression } => self.overlaps(expression),
                _ => false,
            };
            if is_in_text || (is_program && is_template) {
                literal.shape = Shape::Template;
            }
            (is_program && !is_template) || !self.overlaps(&occurrence.span)
        });
    }

    fn overlaps(&self, span: &Range<usize>) -> bool {
        let next = self.pieces.partition_point(|piece| piece.span.end <= span.start);
        self.pieces.get(next).is_some_and(|piece| piece.span.start < span.end)
    }
}

/// The piece of markup that begins at the place.
fn piece(text: &str, start: usize) -> Option<Piece> {
    let (open, close) =
        MARKS.iter().find(|(open, _)| text.as_bytes()[start..].starts_with(open.as_bytes()))?;
    let inner = start + open.len();
    let end = text.floor_char_boundary(inner + LONGEST);
    let length = text[inner..end].find(close)?;
    let content = &text[inner..inner + length];
    let mut end = inner + length + close.len();
    let is_output = match *open {
        "{{" => {
            // `{{{ x }}}`
            let is_triple = content.starts_with('{') && text[end..].starts_with('}');
            end += usize::from(is_triple);
            let content = &content[usize::from(is_triple)..];
            let content = content.trim_start_matches(['-', '~']).trim_end_matches(['-', '~']);
            if content.contains(['{', '}', ';']) || NESTED.is_match(content) {
                return None;
            }
            !STEERS.is_match(content)
        }
        "{%" => {
            let word = content.trim_start_matches(['-', '+']).trim_start();
            if !word.starts_with(|first: char| first.is_ascii_alphabetic()) {
                return None;
            }
            false
        }
        // `${#items[@]}` of shells
        "{#" => {
            if text[..start].ends_with('$') {
                return None;
            }
            false
        }
        _ => {
            // `<%%` stands for itself.
            if content.starts_with('%') {
                return None;
            }
            // EJS puts in with `<%-` too; ERB steers with it.
            content.starts_with('=') || content.strip_prefix('-').is_some_and(|inner| !STEERS.is_match(inner))
        }
    };
    Some(Piece { span: start..end, is_output })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        Markup::of(text).map_or_else(|| "no markup".to_owned(), |markup| markup.with_words())
    }

    #[test]
    fn what_steers_is_blank_and_what_is_put_in_a_word() {
        assert_eq!(words("{%- if é %}a{%- else %}b{% endif -%}"), "            a           b            ");
        assert_eq!(
            words("a: {{ b }}c\n  {{ d }}\n{{- if .E }}f{{ end }}"),
            "a: xxxxxxxc\n         \n            f         "
        );
        assert_eq!(
            words("a = <%= b %>, {{{ c }}}\n<% d.each do -%>\n"),
            "a = xxxxxxxx, xxxxxxxxx\n                \n"
        );
        assert_eq!(words("a: <%- b %>:1<%- if c -%>2<%- end -%>"), "a: xxxxxxxx:1            2           ");
        assert_eq!(words("a {{ b |\nc }} d"), "a xxxxxx\n     d");
        assert_eq!(words("{# a #}{{b}}: 1"), "       xxxxx: 1");
    }

    #[test]
    fn what_other_languages_mean_by_it_is_no_markup() {
        for text in [
            "style={{ color: 'red' }}",
            "[]T{{\"a\", 8080}, {\"b\", 8081}}",
            "int a[2][2] = {{1, 2}, {-3, 4}};",
            "{{ .port = 8080 }}",
            "${#items[@]}; #}",
            "format!(\"{{}}\")",
            "{%{a: 1} | b%}",
            "if a <b %> c",
            "f() {{ return 1; }}",
        ] {
            assert_eq!(words(text), "no markup", "{text}");
        }
    }

    #[test]
    fn json_gets_strings_and_lines_get_variables() {
        let markup = |text| Markup::of(text).unwrap();
        assert_eq!(
            markup(r#"{"a": {{ b }}, "c": "{{ d }}:1", "e": "{{ f "g" }}" {% if h %}}"#).with_strings(),
            r#"{"a": "xxxxx", "c": "{{ d }}:1", "e": "${xxxxxxxx}"           }"#
        );
        assert_eq!(
            markup("server {{ a }}:80; <%= ENV[\"B\"] %> {{b}}").with_variables(),
            "server ${xxxx}:80; <%= ENV[\"B\"] %> ${xx}"
        );
    }
}
