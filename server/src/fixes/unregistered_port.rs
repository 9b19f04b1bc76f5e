//! The fixes of `unregistered-port`: take the file's number, or the registry's.

use super::{Applicability, Fix, initialize};
use crate::ports_env::PortsEnv;
use crate::rewrite::Edit;
use crate::rules::{Diagnostic, Document, Facts};

pub(super) fn fixes(diagnostic: &Diagnostic, document: &Document<'_>, facts: &Facts) -> Vec<Fix> {
    let (Some(variable), Some(port)) = (&diagnostic.variable, diagnostic.port) else { return Vec::new() };
    let mut fixes = vec![initialize(format!("Register {port} as {variable}"))];
    let project = facts.root.key().ok().and_then(|key| facts.registry.project(key));
    let registered = project.and_then(|project| project.get(variable));
    let file = PortsEnv::parse(document.text);
    let line = file.definitions().iter().find(|line| line.name_span.start == diagnostic.span.start);
    if let (Some(registered), Some(line)) = (registered, line) {
        fixes.push(Fix {
            title: format!("Use {}, which the registry has", registered.port),
            edits: vec![Edit::replace(line.port_span.clone(), registered.port.to_string())],
            action: None,
            applicability: Applicability::Choice,
        });
    }
    fixes
}
