//! The refactoring that makes a port variable of a number that somebody has selected, whether a rule found it or not.

use std::ops::Range;

use super::{Fix, Fixer};
use crate::analysis::{Analysis, Meaning, selected_number};
use crate::rules::{Diagnostic, Document, Facts, Rule, Severity};

/// Makes a port variable of the selected number, with the name that the port map has for it; `None` where that is not a number
/// of its own, or nothing can take its place that means the same without the variable.
#[must_use]
pub fn extract(document: &Document<'_>, facts: &Facts, selection: &Range<usize>) -> Option<Fix> {
    let span = number_at(document.text, selection)?;
    let known = document.analysis.exactly_at(&span).find(|it| it.meaning.literal().is_some());
    // A place that the rules know otherwise, such as the default of a variable, stays.
    if known.is_none() && document.analysis.at(span.start).is_some() {
        return None;
    }
    let mut analysis: Analysis = document.analysis.clone();
    if known.is_none() {
        let packs = facts.settings.packs();
        let occurrence = selected_number(document.text, document.language, packs, span.clone())?;
        let at = analysis.occurrences.partition_point(|it| it.span.start < span.start);
        analysis.occurrences.insert(at, occurrence);
    }
    let document = Document { analysis: &analysis, ..*document };
    let facts = facts.seeing(&document);
    let occurrence = analysis.exactly_at(&span).find(|it| it.meaning.literal().is_some())?;
    let Meaning::Literal(literal) = &occurrence.meaning else { return None };
    let variable = facts.map.at(facts.within(document.path), &span)?.0.variable.clone();
    let diagnostic = Diagnostic {
        rule: Rule::HardcodedPort,
        severity: Severity::Hint,
        span: span.clone(),
        message: String::new(),
        port: Some(literal.port),
        variable: Some(variable.clone()),
    };
    let fix = Fixer::new(&document, &facts).first_repair(&diagnostic).filter(|fix| !fix.edits.is_empty())?;
    Some(Fix { title: format!("Extract {} to the port variable {variable}", literal.port), ..fix })
}

/// The bytes of the number in which a selection lies, or which it is, but for spaces around it.
fn number_at(text: &str, selection: &Range<usize>) -> Option<Range<usize>> {
    let selected = text.get(selection.clone())?;
    let start = selection.start + (selected.len() - selected.trim_start().len());
    let end = (start + selected.trim().len()).max(start);
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let first = (0..start).rev().take_while(|at| is_digit(*at)).last().unwrap_or(start);
    let last = (end..bytes.len()).take_while(|at| is_digit(*at)).last().map_or(end, |at| at + 1);
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | 128..))
    };
    let is_number = first < last
        && (first..last).all(is_digit)
        && !is_part(first.checked_sub(1).and_then(|before| bytes.get(before)))
        && !is_part(bytes.get(last));
    is_number.then_some(first..last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_means_the_number_in_which_it_lies() {
        let text = "listen( 4711 ); a4711; 4.711";
        let number = |selection: Range<usize>| number_at(text, &selection);
        for selection in [8..12, 7..13, 8..8, 10..10, 9..11, 12..12] {
            assert_eq!(number(selection.clone()), Some(8..12), "{selection:?}");
        }
        for selection in [0..6, 0..12, 7..15, 18..20, 24..24, 26..27] {
            assert_eq!(number(selection.clone()), None, "{selection:?}");
        }
    }
}
