//! XML documents of what was found.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use super::super::super::styled::Styled;
use super::super::super::terminal::{Terminal, printable};
use crate::error::{Error, Result};

/// A document that is being written.
pub(super) type Document = Writer<Vec<u8>>;

/// Prints the document that `write` writes.
pub(super) fn print(
    terminal: &mut Terminal,
    write: impl FnOnce(&mut Document) -> io::Result<()>,
) -> Result<()> {
    let mut document = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = document
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| write(&mut document));
    written.map_err(|source| Error::Output { source })?;
    terminal.print_line(Styled::lines(String::from_utf8_lossy(&document.into_inner())))
}

/// A text that XML can hold. It has no control characters, not even as references.
pub(super) fn text(text: &str) -> String {
    printable(text).replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}")
}
