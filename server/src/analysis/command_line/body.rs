//! JSON that a command is given: `curl --data '{"port": 8080}'`.

use std::ops::Range;

use super::program::program;
use crate::analysis::names::{PortName, port_name};
use crate::pattern::{Pattern, regex};

/// What a flag is given that begins as JSON does.
static BODY: Pattern = regex!(
    r#"(?x) \s -{1,2} [A-Za-z][0-9A-Za-z-]* [\s=]+ (?: ' (?P<single> \s* [\[\{] [^']* ) ' | " (?P<double> \s* [\[\{] (?: [^"\\] | \\. )* ) " )"#
);

/// `"port": 8080`, `\"port\": \"8080\"`
static ENTRY: Pattern = regex!(
    r#"\\?"(?P<name>[A-Za-z_][0-9A-Za-z_.-]*)\\?"\s*:\s*(?:\\?")?(?P<port>[0-9]{2,5})(?:\\?")?\s*[,}\]]"#
);

/// The ports in such bodies, each with its key.
pub(super) fn ports(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    for captures in BODY.captures_iter(text) {
        let Some(body) = captures.name("single").or_else(|| captures.name("double")) else { continue };
        // What runs in a cluster or a cloud has a machine of its own.
        if matches!(program(&text[..body.start()]), "kubectl" | "oc" | "helm" | "aws" | "az" | "gcloud") {
            continue;
        }
        for entry in ENTRY.captures_iter(body.as_str()) {
            if let (Some(name), Some(port)) = (entry.name("name"), entry.name("port"))
                && port_name(name.as_str()) == Some(PortName::One)
            {
                found.push((body.start() + port.start()..body.start() + port.end(), name.as_str()));
            }
        }
    }
    found
}
