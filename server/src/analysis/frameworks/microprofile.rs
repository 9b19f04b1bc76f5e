//! MicroProfile Config: `@ConfigProperty(name = "http.port", defaultValue = "8080")` reads the environment first.

use crate::analysis::code::{Framework, Named, Role, Verdict};

pub(in crate::analysis) const MICROPROFILE: Framework = Framework::Named(default_value);

fn default_value(named: &Named<'_>) -> Option<Verdict> {
    let is_default = named.role == Role::Argument && named.name == "defaultValue";
    (is_default && (named.is_in)("@ConfigProperty")).then(|| Verdict::fallback(None, "binding.configured"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn default_value_of_a_config_property_is_a_default() {
        only_first(
            "binding.configured",
            "a.java",
            "class A { @ConfigProperty(name = \"http.port\", defaultValue = \"8080\") int port; }",
            &[
                "class A { @Option(name = \"http.port\", defaultValue = \"8080\") int port; }",
                "class A { @ConfigProperty(name = \"http.port\", port = \"8080\") int port; }",
            ],
        );
    }
}
