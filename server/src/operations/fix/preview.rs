//! What `--fix` would repair of the findings of a check.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::check::{CheckOptions, CheckReport, Finding, Projects, Repair, check_in};
use super::judgement::PortKey;
use super::{Finder, LookedAt};
use crate::error::Result;
use crate::registry::Registry;

/// Checks the files. A finding whose port is left alone by [`find_fixes`](super::find_fixes) is not counted among those that
/// are repaired.
///
/// # Errors
/// When there is no current directory.
pub fn check(options: &CheckOptions, registry: Registry) -> Result<CheckReport> {
    let projects = Projects::new(registry, &options.paths, options.scene)?;
    let mut report = check_in(options, &projects);
    let port = |finding: &Finding| -> Option<PortKey> {
        let variable = finding.variable.clone().filter(|_| finding.rule.is_about_a_number())?;
        Some((projects.root_of(&finding.path)?.as_path().to_owned(), variable))
    };
    let repaired = report.findings.iter().filter(|finding| finding.repair == Repair::Automatic);
    let repaired: BTreeSet<PortKey> = repaired.filter_map(port).collect();
    if repaired.is_empty() {
        return Ok(report);
    }
    // A file that git ignores is checked, but is not on the map.
    let checked =
        report.findings.iter().filter(|finding| port(finding).is_some_and(|port| repaired.contains(&port)));
    let checked: BTreeSet<PathBuf> = checked.map(|finding| finding.path.clone()).collect();
    let newer = options.newer();
    let finder = Finder { rules: &options.rules, projects: &projects, newer: newer.as_deref() };
    let mut buffer = Vec::new();
    let looked: Vec<LookedAt> =
        checked.into_iter().filter_map(|path| finder.look(path, true, &mut buffer, &|_| true)).collect();
    let incomplete = finder.incomplete(looked.iter().map(|it| (&*it.canonical, &*it.path, &it.judgement)));
    let automatic = report.findings.iter_mut().filter(|finding| finding.repair == Repair::Automatic);
    for finding in automatic {
        if port(finding).is_some_and(|port| incomplete.contains_key(&port)) {
            finding.repair = Repair::ByHand;
        }
    }
    Ok(report)
}
