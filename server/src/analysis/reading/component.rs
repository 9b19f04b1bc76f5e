//! Components of Vue and Svelte: the scripts in them are programs, the rest is not read.

use crate::pattern::{Pattern, regex};

static SCRIPT: Pattern = regex!(r"(?is)<script(?:\s[^>]*)?>(.*?)(?:</script|\z)");

/// The scripts of a component, each where it stands: all else is white space, so that positions are
/// those of the component.
pub(in crate::analysis) fn scripts(text: &str) -> String {
    let blank = |part: &str| -> String {
        part.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect()
    };
    let mut result = String::with_capacity(text.len());
    for captures in SCRIPT.captures_iter(text) {
        let Some(script) = captures.get(1) else { continue };
        result.push_str(&blank(&text[result.len()..script.start()]));
        result.push_str(script.as_str());
    }
    result.push_str(&blank(&text[result.len()..]));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_scripts_is_blank_and_nothing_moves() {
        assert_eq!(
            scripts("<p>é</p>\n<script setup>\nf()\n</script>\n"),
            format!("{}\n{}\nf()\n{}\n", " ".repeat(9), " ".repeat(14), " ".repeat(9))
        );
        assert_eq!(scripts("<script>a"), "        a");
        assert_eq!(scripts("<p>"), "   ");
    }
}
