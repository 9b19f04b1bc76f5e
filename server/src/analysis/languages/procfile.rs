//! Procfiles: a name and a command line.

use crate::analysis::command_line;
use crate::analysis::occurrence::{Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;

/// Reads a Procfile.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "procfile", packs);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some((name, command)) = line.split_once(':').filter(|_| !line.trim_start().starts_with('#')) {
            let start = offset + name.len() + 1;
            found.interpolations(command, start);
            for port in command_line::ports(command, packs) {
                let span = start + port.span.start..start + port.span.end;
                let hint = port.hint.as_deref().or(Some(name.trim()));
                found.literal_by(span, port.kind, Shape::Expanded, hint, port.decided_by);
            }
        }
        offset += line.len();
    }
    found.finish()
}
