//! JSON5 written as JSON for the parser, byte for byte at the same places: keys that lack quotes give their first and last
//! letter for them, strings between single quotes get double ones.

/// The text in which JSON's parser finds the places of the text; `None` where it is that already, or nearly.
pub(super) fn plain(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut changes: Vec<(usize, u8)> = Vec::new();
    // What stands before, white space and comments left out: a key stands behind `{` or `,`.
    let mut previous = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b'"' => string_end(bytes, at),
            b'\'' => {
                let end = string_end(bytes, at);
                changes.extend((at..end).filter_map(|place| match bytes[place] {
                    b'\'' => Some((place, b'"')),
                    b'"' => Some((place, b'\'')),
                    _ => None,
                }));
                end
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => find(bytes, at, b"\n"),
            b'/' if bytes.get(at + 1) == Some(&b'*') => find(bytes, at + 2, b"*/"),
            _ if is_name(byte) => {
                let end =
                    bytes[at..].iter().position(|byte| !is_name(*byte)).map_or(bytes.len(), |end| at + end);
                if matches!(previous, b'{' | b',') && lacks_quotes(bytes, at, end) {
                    changes.extend([(at, b'"'), (end - 1, b'"')]);
                }
                end
            }
            _ => at + 1,
        };
        let is_comment = byte == b'/' && end > at + 1;
        if !byte.is_ascii_whitespace() && !is_comment {
            previous = byte;
        }
        at = end;
    }
    if changes.is_empty() {
        return None;
    }
    let mut result = bytes.to_vec();
    for (place, byte) in changes {
        result[place] = byte;
    }
    // Only ASCII was exchanged for ASCII.
    String::from_utf8(result).ok()
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// Whether a word is a key without quotes that has room for them: one letter has none.
fn lacks_quotes(text: &[u8], start: usize, end: usize) -> bool {
    let is_key = text[end..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
    is_key && end > start + 1
}

/// Where a string ends, its quote included; at the end of its line where it has none.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr3(bytes[start], b'\\', b'\n', rest))
    {
        at += found;
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' => return at,
            _ => return at + 1,
        }
    }
    bytes.len()
}

/// Where the next mark ends; the end of the text if there is no other.
fn find(bytes: &[u8], from: usize, mark: &[u8]) -> usize {
    bytes
        .get(from..)
        .and_then(|rest| rest.windows(mark.len()).position(|window| window == mark))
        .map_or(bytes.len(), |at| from + at + mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_strings_get_their_quotes_and_nothing_moves() {
        let text = "{\n  // it's port: 1\n  port: 8080, 'url': 'http://\"a\":80',\n  \"x\": true, max : 3 }";
        let json =
            "{\n  // it's port: 1\n  \"or\": 8080, \"url\": \"http://'a':80\",\n  \"x\": true, \"a\" : 3 }";
        assert_eq!(plain(text).as_deref(), Some(json));
        assert_eq!(plain("{port:8080,a:1}").as_deref(), Some("{\"or\":8080,a:1}"));
    }

    #[test]
    fn json_stays_as_it_is() {
        assert_eq!(plain(r#"{ "port": 8080, "a": [1, true, null], /* don't */ "b": "it's" }"#), None);
        assert_eq!(plain(r#"{ "port": {{ port }}, "a": {a:1} }"#), None);
    }
}
