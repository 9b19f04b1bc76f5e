//! `makefile`: GNU make reads `.ports.env`, where there is one, and hands its variables to recipes.
//!
//! Only variables that are called like ports are exported: a bare `export` would hand every variable of the Makefile to
//! every command. Variables that nothing sets are not exported, so that programs use their own defaults.

use std::path::Path;

use super::work::{Work, newline, ports_env_from, with_lines_behind};
use super::{State, Target};
use crate::error::Result;
use crate::ports_env::FILE_NAME;
use crate::project::starts::StartKind;
use crate::variable::Variable;

pub(super) const TARGET: Target = Target {
    name: "makefile",
    summary: "make reads .ports.env and hands its ports to recipes",
    plan,
    is_needed: |work| !work.starts(StartKind::Makefile).is_empty() && is_needed(work),
};

/// The targets that are added to the Makefile at the root, each with its lines.
const TARGETS: [(&str, &str); 2] = [
    ("check-ports", "check-ports: ## hardcoded ports\n\tport-manager check\n"),
    ("init-ports", "init-ports: ## ports of its own for this checkout\n\tport-manager init\n"),
];

/// Recipes may start programs that read variables, docker compose among them.
fn is_needed(work: &Work<'_>) -> bool {
    !work.unwired(StartKind::Makefile).is_empty() || !work.unwired(StartKind::Compose).is_empty()
}

fn plan(work: &mut Work<'_>) -> Result<State> {
    let mut paths = work.starts(StartKind::Makefile);
    for name in ["GNUmakefile", "makefile", "Makefile"] {
        if work.text(name)?.is_some() && !paths.iter().any(|path| path.parent() == Some(Path::new(""))) {
            paths.push(name.into());
        }
    }
    if paths.is_empty() {
        return Ok(State::NotUsed("the project has no Makefile".to_owned()));
    }
    let patterns = patterns(work.ports().iter().map(|port| &port.variable));
    for path in paths {
        let Some(text) = work.text(&path)? else { continue };
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut edited = including(&text, &ports_env_from(&directory), &patterns);
        if directory.as_os_str().is_empty() {
            edited = with_targets(&edited);
        }
        work.set(&path, edited)?;
    }
    Ok(State::Done)
}

/// What matches the names of the variables, for make's `filter`.
fn patterns<'v>(variables: impl Iterator<Item = &'v Variable>) -> String {
    let usual = |name: &str| name == "PORT" || name.ends_with("_PORT");
    let mut patterns = vec!["%_PORT", "PORT"];
    patterns.extend(variables.map(Variable::as_str).filter(|name| !usual(name)));
    patterns.join(" ")
}

/// The Makefile with the include, before its first line that says something.
fn including(text: &str, ports_env: &str, patterns: &str) -> String {
    let is_there = text.lines().any(|line| {
        !line.trim_start().starts_with('#') && line.contains(FILE_NAME) && line.contains("include")
    });
    if is_there {
        return text.to_owned();
    }
    let newline = newline(text);
    let lines = [
        "# The ports of this machine, where `port-manager init` has given this checkout some.".to_owned(),
        format!("-include {ports_env}"),
        format!("export $(filter {patterns},$(.VARIABLES))"),
        String::new(),
    ];
    let block: String = lines.iter().map(|line| format!("{line}{newline}")).collect();
    // The comments at the top say what the file is.
    let head: usize = text.split_inclusive('\n').take_while(|line| line.starts_with('#')).map(str::len).sum();
    let head =
        if text[head..].trim_start_matches(['\r', '\n']).len() == text[head..].len() { 0 } else { head };
    let (head, rest) = text.split_at(head);
    let gap = if head.is_empty() { "" } else { newline };
    format!("{head}{gap}{block}{}", rest.trim_start_matches(['\r', '\n']))
}

/// The Makefile with the targets that it lacks, at its end: the first target stays the one that `make` builds.
fn with_targets(text: &str) -> String {
    let has = |name: &str| {
        text.lines().any(|line| line.starts_with(name) && line[name.len()..].trim_start().starts_with(':'))
    };
    let missing: Vec<_> = TARGETS.iter().filter(|(name, _)| !has(name)).collect();
    if missing.is_empty() {
        return text.to_owned();
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    let recipes: Vec<&str> = missing.iter().map(|(_, recipe)| *recipe).collect();
    with_lines_behind(text, &format!(".PHONY: {}\n{}", names.join(" "), recipes.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_include_comes_first_and_the_targets_last() {
        let text = "# What developers type.\n\nAPI_PORT ?= 5000\n\ndev:\n\t./dev.sh\n";
        let edited = with_targets(&including(text, ".ports.env", "%_PORT PORT"));
        insta::assert_snapshot!(edited, @r"
        # What developers type.

        # The ports of this machine, where `port-manager init` has given this checkout some.
        -include .ports.env
        export $(filter %_PORT PORT,$(.VARIABLES))

        API_PORT ?= 5000

        dev:
        	./dev.sh

        .PHONY: check-ports init-ports
        check-ports: ## hardcoded ports
        	port-manager check

        init-ports: ## ports of its own for this checkout
        	port-manager init
        ");
        assert_eq!(with_targets(&including(&edited, ".ports.env", "%_PORT PORT")), edited, "a second time");
    }

    #[test]
    fn a_comment_that_belongs_to_the_first_rule_stays_with_it() {
        let edited = including("# builds\r\nall:\r\n\tcc x.c\r\n", "../.ports.env", "PORT");
        assert!(edited.ends_with("\r\n\r\n# builds\r\nall:\r\n\tcc x.c\r\n"), "{edited:?}");
        assert!(!edited.replace("\r\n", "").contains('\n'));
    }
}
