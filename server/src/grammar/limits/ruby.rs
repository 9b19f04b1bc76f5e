//! The limit of tree-sitter-ruby 0.23.1: 2 bytes, 5 for each string that is open, and 4 for each here-document that
//! is, with its name, whose length has to fit into one byte. Strings alone are bounded. Where the parser is looking
//! for a way out of an error, every quote opens a string and none closes one.

use super::Room;

/// How much the scanner has room for.
const MOST: usize = 1000;

/// How many tokens the parser may read between an error and the moment in which we hear of it, and so how many
/// strings may be opened meanwhile.
const UNHEARD: usize = 100;

/// What one open string takes.
const STRING: usize = 5;

/// Names of here-documents that are longer are cut off by the scanner, and not found again.
const LONGEST_NAME: usize = 255;

/// The beginning of a here-document, or of what looks like one: `<<~SQL`, `<<-'B C'`.
struct Opener<'a> {
    /// Where it begins, and how long it is.
    at: usize,
    length: usize,
    name: &'a str,
}

fn openers(text: &str) -> impl Iterator<Item = Opener<'_>> {
    text.match_indices("<<").filter_map(move |(at, _)| {
        let rest = text[at + 2..].strip_prefix(['-', '~']).unwrap_or(&text[at + 2..]);
        let begin = text.len() - rest.len();
        let (name, length) = match rest.chars().next()? {
            quote @ ('\'' | '"' | '`') => {
                let name = rest[1..].split(quote).next()?;
                (name, begin - at + name.len() + 2)
            }
            _ => {
                let name = rest.split(|next: char| !(next.is_alphanumeric() || next == '_')).next()?;
                (name, begin - at + name.len())
            }
        };
        (!name.is_empty()).then_some(Opener { at, length: length.min(text.len() - at), name })
    })
}

pub(super) fn room(text: &str) -> Room {
    let mut here_documents = 0;
    for opener in openers(text) {
        if opener.name.chars().count() > LONGEST_NAME {
            return Room::Lacking;
        }
        here_documents += 4 + opener.name.len();
    }
    let with = |strings: usize| here_documents + STRING * strings;
    let strings = || text.bytes().filter(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'/' | b'%')).count();
    if here_documents == 0 || with(strings()) <= MOST {
        Room::Enough
    } else if with(text.matches("#{").count() + UNHEARD) <= MOST {
        Room::UnlessErrors
    } else {
        Room::Lacking
    }
}

/// The text with a string in place of each here-document and nothing in place of its lines.
pub(super) fn without_here_documents(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for Opener { at, length, name } in openers(text) {
        let begin = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        let mut end = begin;
        let is_closed = text[begin..].split_inclusive('\n').any(|line| {
            end += line.len();
            line.trim() == name
        });
        if !is_closed {
            // No here-document, but an operator.
            bytes[at..at + 2].copy_from_slice(b"**");
            continue;
        }
        bytes[at..at + length].fill(b'_');
        bytes[at] = b'"';
        bytes[at + length - 1] = b'"';
        bytes[begin..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::super::Grammar;
    use super::*;

    #[test]
    fn room_is_lacking_for_long_names_and_deep_strings() {
        let name = |length: usize| format!("x = <<{0}\ntext\n{0}\n", "N".repeat(length));
        let strings = |count: usize| format!("x = {}<<HTML\ntext\nHTML\n", "\"#{".repeat(count));
        assert_eq!(room(&name(255)), Room::Enough);
        assert_eq!(room(&name(256)), Room::Lacking);
        assert_eq!(room(&strings(90)), Room::Enough);
        assert_eq!(room(&strings(203)), Room::Lacking);
        assert_eq!(room(&"puts \"a\"\n".repeat(1000)), Room::Enough);
        assert_eq!(room(&(name(3) + &"puts \"a\"\n".repeat(1000))), Room::UnlessErrors);
    }

    #[test]
    fn a_text_without_its_here_documents_has_the_same_places() {
        let text = "a(<<~SQL, <<-'B C')\n  SELECT 'é\nSQL\nx\n  B C\nb <<x\napp.listen(8080)\n";
        let plain = without_here_documents(text);
        assert_eq!(plain, "a(\"____\", \"______\")\n            \n   \n \n     \nb **x\napp.listen(8080)\n");
        assert_eq!(plain.len(), text.len());
        assert!(!Grammar::Ruby.parse(&plain, None).unwrap().tree.root_node().has_error());
    }

    #[test]
    fn strings_that_errors_leave_open_end_nothing() {
        let broken = |strings: usize| format!(":\"x<<HTML%w(%Q[:\"x{}\n", "%Q[".repeat(strings));
        assert_eq!(room(&broken(212)), Room::UnlessErrors);
        for strings in 190..215 {
            Grammar::Ruby.parse(&broken(strings), None).unwrap();
        }
    }
}
