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
    /// The number that is the whole value at `span`, if its name does not say whether it is a port.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Pattern, regex};

    static REFERENCE: Pattern = regex!(r"\$([a-z]+)");

    /// The number that a line `name=value` gives its name.
    fn of(line: &str) -> Option<NamedNumber> {
        let at = line.find('=').unwrap() + 1;
        NamedNumber::of(line, &line[..at - 1], at..line.len(), &['\''], Packs::built_in())
    }

    /// The references of a text that decide ports, where a number has the name `n`.
    fn used(text: &str) -> Vec<&str> {
        let numbers: Vec<_> = text.lines().filter(|line| line.contains('=')).filter_map(of).collect();
        uses(text, &numbers, &REFERENCE, Packs::built_in()).into_iter().map(|it| &text[it.span]).collect()
    }

    #[test]
    fn a_number_has_a_name_that_says_nothing_of_ports() {
        assert_eq!(of("n=8080").map(|number| number.span), Some(2..6));
        assert_eq!(of("n=\"8080\"").map(|number| number.span), Some(3..7));
        for other in ["web_port=8080", "limit=8080", "n=8", "n=8080a"] {
            assert!(of(other).is_none(), "{other}");
        }
    }

    #[test]
    fn between_raw_quotes_no_variable_is_read() {
        assert_eq!(of("n='8080'").map(|number| number.shape), Some(Shape::Fixed));
        assert_eq!(of("n=\"8080\"").map(|number| number.shape), Some(Shape::Expanded));
    }

    #[test]
    fn a_port_is_decided_where_a_command_is_given_the_name() {
        assert_eq!(used("n=8080\npython3 -m http.server $n\n"), ["$n"]);
        assert_eq!(used("n=8080\ndocker run -p \"$n\":80 shop\n"), ["$n"]);
        assert_eq!(used("n=8080\nsleep $n\n"), [""; 0]);
    }

    #[test]
    fn a_name_with_two_values_stands_for_neither() {
        assert_eq!(used("n=8080\nn=8081\npython3 -m http.server $n\n"), [""; 0]);
    }
}
