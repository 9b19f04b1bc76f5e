//! Places marked in the text of a fixture itself: `app.listen(80‸80)`.

/// The mark. It is gone before anybody else sees the text.
pub const MARK: char = '‸';

/// The text without its one mark, and the byte offset where it stood.
pub fn one(marked: &str) -> (String, usize) {
    let (text, offsets) = all(marked);
    let [offset] = offsets[..] else { panic!("one mark expected in {marked:?}") };
    (text, offset)
}

/// The text without its marks, and the byte offsets where they stood.
pub fn all(marked: &str) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut offsets = Vec::new();
    for character in marked.chars() {
        if character == MARK { offsets.push(text.len()) } else { text.push(character) }
    }
    (text, offsets)
}
