//! Numbers that a script or makefile gives a name that speaks of no port, `n=8080`, and that decide one where the name
//! is used: `python3 -m http.server $n`. One step, within the text, as in programs.

use std::ops::Range;

use regex::Regex;

use crate::analysis::command_line;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::port::Port;

/// A number with its name.
pub(in crate::analysis) struct NamedNumber {
    pub(in crate::analysis) name: String,
    /// The bytes of the digits.
    pub(in crate::analysis) span: Range<usize>,
    port: Port,
    shape: Shape,
    /// It is given where the variable is empty.
    pub(in crate::analysis) is_default: bool,
}

impl NamedNumber {
    /// The number that is the whole value at `span`, if its name says neither that it is a port nor that it is none.
    /// Between the quotes `raw` no variable is read.
    pub(in crate::analysis) fn of(
        text: &str,
        name: &str,
        span: Range<usize>,
        raw: &[char],
        packs: &Packs,
    ) -> Option<Self> {
        let value = text.get(span.clone())?;
        let digits = value.trim_matches(['"', '\'']);
        let port: Port = digits.parse().ok()?;
        if digits.len() < 2 || packs.names.port_name(name).is_some() || packs.names.is_quantity(name) {
            return None;
        }
        let start = span.start + value.find(digits)?;
        let shape = if value.starts_with(raw) { Shape::Fixed } else { Shape::Expanded };
        let span = start..start + digits.len();
        Some(Self { name: name.to_owned(), span, port, shape, is_default: false })
    }

    /// The number as what it is where its name stands.
    pub(in crate::analysis) fn occurrence(&self, kind: Kind, hint: Option<String>) -> Occurrence {
        let hint = hint.unwrap_or_else(|| self.name.clone());
        let meaning = match self.is_default {
            true => Meaning::fallback(self.port, None),
            false => Meaning::Literal(Literal::new(self.port, kind, self.shape.clone(), Some(hint))),
        };
        Occurrence::new(self.span.clone(), meaning, "command-line.named-number")
    }
}

/// A port that is decided where a number's name stands.
pub(in crate::analysis) struct Use {
    /// Which of the numbers.
    pub(in crate::analysis) number: usize,
    /// The bytes of the whole reference: `$n`, `$(n)`.
    pub(in crate::analysis) span: Range<usize>,
    pub(in crate::analysis) kind: Kind,
    pub(in crate::analysis) hint: Option<String>,
}

/// Where the names decide ports: the text is read as a command line with the numbers in their names' places. A name that
/// is given a value twice stands for none. `reference` finds references; the groups that take part are the name.
pub(in crate::analysis) fn uses(
    text: &str,
    numbers: &[NamedNumber],
    reference: &Regex,
    packs: &Packs,
) -> Vec<Use> {
    let mut replaced = String::with_capacity(text.len());
    let mut places: Vec<(Range<usize>, usize, Range<usize>)> = Vec::new();
    let mut from = 0;
    for captures in reference.captures_iter(text) {
        let (Some(whole), Some(name)) =
            (captures.get(0), captures.iter().skip(1).flatten().next().map(|name| name.as_str()))
        else {
            continue;
        };
        let mut named = numbers.iter().enumerate().filter(|(_, number)| number.name == name);
        let (Some((index, number)), None) = (named.next(), named.next()) else { continue };
        // `"$n":80` is `8080:80` to who reads it.
        let before = text[from..whole.start()].strip_suffix('"');
        let is_quoted = before.is_some() && text[whole.end()..].starts_with('"');
        replaced.push_str(before.filter(|_| is_quoted).unwrap_or(&text[from..whole.start()]));
        let start = replaced.len();
        replaced.push_str(&text[number.span.clone()]);
        places.push((start..replaced.len(), index, whole.range()));
        from = whole.end() + usize::from(is_quoted);
    }
    if places.is_empty() {
        return Vec::new();
    }
    replaced.push_str(&text[from..]);
    let of_port = |found: command_line::CommandPort| {
        let place = places.binary_search_by_key(&found.span.start, |(span, ..)| span.start).ok()?;
        let (span, number, original) = &places[place];
        let hint = found.hint;
        (*span == found.span).then(|| Use { number: *number, span: original.clone(), kind: found.kind, hint })
    };
    command_line::ports(&replaced, packs).into_iter().filter_map(of_port).collect()
}
