//! clap of Rust: `#[arg(long, env = "PORT", default_value_t = 8080)] port: u16`.

use crate::analysis::code::{Attribute, Framework, Verdict};
use crate::analysis::occurrence::Kind;

pub(in crate::analysis) const CLAP: Framework = Framework::Attribute(default_value);

fn default_value(attribute: &Attribute<'_>) -> Option<Verdict> {
    if !attribute.text.contains("default_value") || attribute.packs.names.port_name(attribute.field).is_none()
    {
        return None;
    }
    let mut words = attribute.text.split(|character: char| !character.is_alphanumeric());
    Some(match words.any(|word| word == "env") {
        true => Verdict::fallback(None, "attribute.default-of-variable"),
        false => Verdict::of(Kind::OptionDefault, "attribute.default-value"),
    })
}
