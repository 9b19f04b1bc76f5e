//! Edits of a text.

use std::ops::Range;

/// A replacement of some bytes of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; empty for an insertion.
    pub span: Range<usize>,
    /// The text that comes.
    pub text: String,
}

impl Edit {
    pub(crate) fn replace(span: Range<usize>, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    pub(crate) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: at..at, text: text.into() }
    }
}

/// The text with the edits applied; `None` where they overlap or do not fit the text.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut position = 0;
    for edit in ordered {
        result.push_str(text.get(position..edit.span.start)?);
        result.push_str(&edit.text);
        text.get(edit.span.clone())?;
        position = edit.span.end;
    }
    result.push_str(text.get(position..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_applied_together_and_never_overlap() {
        let edits = [Edit::replace(7..11, "PORT"), Edit::insert(0, "// ")];
        assert_eq!(apply("listen(8080)", &edits).as_deref(), Some("// listen(PORT)"));
        assert_eq!(apply("abc", &[Edit::replace(0..2, "x"), Edit::replace(1..3, "y")]), None);
        assert_eq!(apply("é", &[Edit::replace(1..2, "x")]), None);
        assert_eq!(apply("a", &[Edit::replace(0..9, "x")]), None);
    }
}
