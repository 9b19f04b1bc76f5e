//! viper of Go: a default counts where neither the configuration nor, if the program asks for it, the environment has a value.

use crate::analysis::code::{Called, Framework, Verdict};

pub(in crate::analysis) const VIPER: Framework = Framework::Call(default);

/// The calls that let viper look into the environment.
const ASKS_ENVIRONMENT: &[&str] = &["AutomaticEnv(", "BindEnv("];

fn default(call: &Called<'_>) -> Option<Verdict> {
    let asks = || ASKS_ENVIRONMENT.iter().any(|word| call.file.says(word));
    (["SetDefault", "setDefault"].iter().any(|name| call.callee.ends_with(name)) && asks())
        .then(|| Verdict::fallback(None, "lookup.viper"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{decided_by, only_first};

    #[test]
    fn a_default_counts_where_viper_asks_the_environment() {
        for asks in ["viper.AutomaticEnv()", "viper.BindEnv(\"port\")"] {
            only_first(
                "lookup.viper",
                "a.go",
                &format!("package a\nfunc f() {{ {asks}; viper.SetDefault(\"port\", 8080) }}"),
                &["package a\nfunc f() { viper.AutomaticEnv(); viper.Set(\"port\", 8080) }"],
            );
        }
    }

    #[test]
    fn without_the_environment_a_default_is_a_setting() {
        let text = "package a\nfunc f() { viper.SetDefault(\"port\", 8080) }";
        assert_eq!(decided_by("a.go", text), ["call.default"]);
    }
}
