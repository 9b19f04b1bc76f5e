//! Lone surrogates: halves of a character that only UTF-16 has. An editor that counts in UTF-16 may send one in JSON
//! (`"\ud83d"`), as when an edit ends in the middle of an emoji. No text in UTF-8 can hold it.

/// JSON with U+FFFD for each lone surrogate, which is one unit of UTF-16 as well, so that all positions stay right; `None`
/// where there are none.
pub(super) fn without_lone_surrogates(mut json: Vec<u8>) -> Option<Vec<u8>> {
    let mut has_lone = false;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += found;
        match (unit_at(&json, at), unit_at(&json, at + ESCAPE)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 2 * ESCAPE,
            (Some(0xD800..=0xDFFF), _) => {
                json[at + 2..at + ESCAPE].copy_from_slice(b"fffd");
                has_lone = true;
                at += ESCAPE;
            }
            (Some(_), _) => at += ESCAPE,
            // Another escape: `\\`, `\n`.
            (None, _) => at += 2,
        }
    }
    has_lone.then_some(json)
}

/// The length of `\uXXXX`.
const ESCAPE: usize = 6;

/// The unit of UTF-16 whose escape stands at an offset.
fn unit_at(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_replaced() {
        let replaced =
            |json: &str| without_lone_surrogates(json.into()).map(|json| String::from_utf8(json).unwrap());
        for whole in [r#""a""#, r#""\ud83d\udea2""#, r#""\\ud83d""#, r#""\n\u00e4""#, r"\", r"\ud8"] {
            assert_eq!(replaced(whole), None, "{whole}");
        }
        assert_eq!(replaced(r#""\ud83d\ud83d\udea2""#).unwrap(), r#""\ufffd\ud83d\udea2""#);
        assert_eq!(replaced(r#""\udea2\\\uD83D""#).unwrap(), r#""\ufffd\\\ufffd""#);
    }
}
