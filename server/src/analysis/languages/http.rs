//! `.http` and `.rest` files: requests that an editor sends.

use super::found::Found;
use crate::analysis::address::{Host, addresses};
use crate::analysis::occurrence::{Kind, Occurrence, Shape};

/// Reads a file of requests.
pub(in crate::analysis) fn read(text: &str) -> Vec<Occurrence> {
    let mut found = Found::of(text, "http");
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let variable = trimmed.strip_prefix('@').and_then(|rest| rest.split_once('='));
        if let Some((name, value)) = variable {
            found.setting(name.trim(), value.trim_end(), offset + line.len() - value.len(), &Shape::Fixed);
        } else if !trimmed.starts_with(['#', '/', '<', '>', '{']) {
            for address in addresses(line) {
                let kind = match address.host {
                    Host::Local | Host::Private | Host::Any if !address.name.is_empty() => Kind::Connect,
                    Host::Service if address.has_scheme => Kind::InNetwork,
                    Host::Variable if address.has_scheme => Kind::Connect,
                    _ => continue,
                };
                let span = offset + address.span.start..offset + address.span.end;
                found.literal(span, kind, Shape::Fixed, None);
            }
        }
        offset += line.len();
    }
    found.finish()
}
