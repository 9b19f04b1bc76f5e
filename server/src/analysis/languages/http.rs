//! `.http` and `.rest` files: requests that an editor sends.

use crate::analysis::address::{Place, addresses, decide};
use crate::analysis::occurrence::{Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;

/// Reads a file of requests.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "http", packs);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let variable = trimmed.strip_prefix('@').and_then(|rest| rest.split_once('='));
        if let Some((name, value)) = variable {
            found.setting(name.trim(), value.trim_end(), offset + line.len() - value.len(), &Shape::Fixed);
        } else if !trimmed.starts_with(['#', '/', '<', '>', '{']) {
            for address in addresses(line, packs) {
                let Some(kind) = decide(&address, Place::Request, packs) else { continue };
                let span = offset + address.span.start..offset + address.span.end;
                found.literal(span, kind, Shape::Fixed, None);
            }
        }
        offset += line.len();
    }
    found.finish()
}
