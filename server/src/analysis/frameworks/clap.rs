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

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    /// A field of that name, with the attribute.
    fn field(attribute: &str, name: &str) -> String {
        format!("struct A {{\n    #[arg({attribute})]\n    {name}: u16,\n}}")
    }

    #[test]
    fn the_attribute_of_a_port_gives_its_default() {
        only_first(
            "attribute.default-value",
            "a.rs",
            &field("long, default_value_t = 8080", "port"),
            &[&field("long, default_value_t = 8080", "limit"), &field("long, num_args = 8080", "port")],
        );
    }

    #[test]
    fn an_attribute_with_a_variable_gives_the_default_of_that() {
        only_first(
            "attribute.default-of-variable",
            "a.rs",
            &field("env = \"PORT\", default_value = \"8080\"", "port"),
            &[&field("help = \"the environment\", default_value = \"8080\"", "port")],
        );
    }
}
