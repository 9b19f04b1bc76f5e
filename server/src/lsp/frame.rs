//! The base protocol's frames: a header with `Content-Length`, an empty line, that many bytes
//! (LSP 3.17, "Base Protocol").

use std::io::{self, BufRead, Read, Write};

/// Why no frame could be read where one was expected.
#[derive(Debug, thiserror::Error)]
pub(super) enum FrameError {
    /// Nothing more can come.
    #[error("cannot read: {0}")]
    Read(#[from] io::Error),
    /// The header does not say how long the message is, so it has been skipped.
    #[error("a header without a valid Content-Length")]
    NoLength,
}

/// The content of the next frame; `None` at the end of the input, also in the midst of a frame.
pub(super) fn read(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, FrameError> {
    let mut length: Option<u64> = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let header = line.trim_ascii();
        if header.is_empty() {
            break;
        }
        let Some(colon) = header.iter().rposition(|&byte| byte == b':') else { continue };
        if is_content_length(header[..colon].trim_ascii()) {
            length = std::str::from_utf8(&header[colon + 1..]).ok().and_then(|text| text.trim().parse().ok());
        }
    }
    let Some(length) = length else { return Err(FrameError::NoLength) };
    // Grows with what really comes, so that a wrong length cannot ask for all the memory at once.
    let mut content = Vec::new();
    input.by_ref().take(length).read_to_end(&mut content)?;
    let is_whole = content.len() as u64 == length;
    Ok(is_whole.then_some(content))
}

/// Whether this is the name of the header that gives the length. Where the length before was wrong, the rest of that
/// content stands in front of the name: so one wrong length costs a message or two, and not the session.
fn is_content_length(name: &[u8]) -> bool {
    const NAME: &[u8] = b"content-length";
    let Some(start) = name.len().checked_sub(NAME.len()) else { return false };
    let (before, name) = name.split_at(start);
    let is_part_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.eq_ignore_ascii_case(NAME) && !before.last().is_some_and(is_part_of_name)
}

/// Writes a frame, and lets it stand in the output's buffer.
pub(super) fn write(output: &mut impl Write, content: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", content.len())?;
    output.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_one_after_the_other_with_whatever_headers() {
        let mut input = b"Content-Length: 2\r\n\r\n{}content-length:3\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n[1]" as &[u8];
        assert_eq!(read(&mut input).unwrap().as_deref(), Some(b"{}" as &[u8]));
        assert_eq!(read(&mut input).unwrap().as_deref(), Some(b"[1]" as &[u8]));
        assert_eq!(read(&mut input).unwrap(), None);
    }

    #[test]
    fn a_header_without_a_length_is_skipped() {
        let mut input = b"Content-Length: many\r\n\r\nContent-Length: 2\r\n\r\n{}" as &[u8];
        assert!(matches!(read(&mut input), Err(FrameError::NoLength)));
        assert_eq!(read(&mut input).unwrap().as_deref(), Some(b"{}" as &[u8]));
    }

    #[test]
    fn a_wrong_length_costs_a_message_or_two() {
        for wrong in [1, 4, 9, 30] {
            let text =
                format!("Content-Length: {wrong}\r\n\r\n[1, 2]{}", "Content-Length: 3\r\n\r\n[3]".repeat(4));
            let mut input = text.as_bytes();
            let mut frames = Vec::new();
            while let Some(frame) = read(&mut input).transpose() {
                frames.extend(frame.ok());
            }
            assert_eq!(frames.last().map(Vec::as_slice), Some(b"[3]" as &[u8]), "{wrong}");
            assert!(frames.iter().filter(|frame| *frame == b"[3]").count() >= 2, "{wrong}: {frames:?}");
        }
    }

    #[test]
    fn an_input_that_ends_too_soon_has_no_frame() {
        for input in ["", "Content-Length: 2\r\n", "Content-Length: 99999999999999\r\n\r\n{"] {
            assert_eq!(read(&mut input.as_bytes()).unwrap(), None, "{input:?}");
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, "{\"ä\":1}".as_bytes()).unwrap();
        assert_eq!(read(&mut bytes.as_slice()).unwrap().as_deref(), Some("{\"ä\":1}".as_bytes()));
    }
}
