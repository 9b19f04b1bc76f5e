//! viper of Go: a default counts where neither the configuration nor, if the program asks for it, the environment has a value.

use crate::analysis::code::{Called, Framework, Verdict};

pub(in crate::analysis) const VIPER: Framework = Framework::Call(default);

/// The calls that let viper look into the environment.
const ASKS_ENVIRONMENT: &[&str] = &["AutomaticEnv(", "BindEnv("];

fn default(call: &Called<'_>) -> Option<Verdict> {
    let asks = || ASKS_ENVIRONMENT.iter().any(|word| call.file.contains(word));
    (["SetDefault", "setDefault"].iter().any(|name| call.callee.ends_with(name)) && asks())
        .then(|| Verdict::fallback(None, "lookup.viper"))
}
