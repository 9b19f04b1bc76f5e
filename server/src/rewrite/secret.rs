//! What is not for a file that is committed.

/// Whether a value may have a password or a token in it, which is not for a file that is committed: in a user, `me:secret@`, a query,
/// `?password=secret`, or a part of a path, `/hooks/5f2c...`. Only what is plainly an address has none.
pub(crate) fn may_hold_secret(value: &str) -> bool {
    let user = |before: &str| {
        before.rsplit_once("//").map_or_else(|| before.to_owned(), |(_, user)| user.to_owned())
    };
    let mut users = value.match_indices('@').map(|(at, _)| user(&value[..at]));
    value.contains(['?', ';', '&', '#', '%', '='])
        || !users.all(|user| is_word(&user))
        || value.split(['/', ',', ':', '@']).any(is_like_token)
}

/// Whether a text is a word that names somebody: `postgres`, `app_user`. A token has digits.
fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_WORD
        && text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

/// Whether a part of an address looks like a token rather than a name, which words make up: `order-notifications-stream`, `db1`.
fn is_like_token(part: &str) -> bool {
    let has = |test: fn(&u8) -> bool, word: &str| word.bytes().any(|byte| test(&byte));
    let is_mixed = |word: &str| has(u8::is_ascii_digit, word) && has(u8::is_ascii_alphabetic, word);
    part.split(['-', '_', '.'])
        .any(|word| word.len() > LONGEST_WORD || word.len() > LONGEST_NUMBERED && is_mixed(word))
}

/// The most letters of a word.
const LONGEST_WORD: usize = 20;

/// The most letters and digits of a name with a number.
const LONGEST_NUMBERED: usize = 10;
