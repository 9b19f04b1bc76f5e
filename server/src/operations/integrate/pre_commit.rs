//! `pre-commit`: staged files are checked for hardcoded ports. Without port-manager, commits pass as before.

use super::work::{Work, newline};
use super::{State, Target, yaml};
use crate::error::Result;

pub(super) const TARGET: Target = Target {
    name: "pre-commit",
    summary: "pre-commit checks staged files for hardcoded ports",
    plan,
    is_needed: |_| false,
};

const FILE: &str = ".pre-commit-config.yaml";

/// The lines of the hook, behind the indentation of the list: that of `.pre-commit-hooks.yaml`, which the team need not have.
const HOOK: &str = r#"- repo: local
  hooks:
    - id: port-manager
      name: port-manager check
      entry: sh -c 'command -v port-manager >/dev/null || exit 0; port-manager check --quiet "$@"' --
      language: system
      types: [text]
      require_serial: true
"#;

fn plan(work: &mut Work<'_>) -> Result<State> {
    let text = work.text(FILE)?;
    let Some(text) = text.or_else(|| work.is_asked.then(|| "repos:\n".to_owned())) else {
        return Ok(State::NotUsed(format!("the project has no {FILE}")));
    };
    yaml::ensure_valid(FILE.as_ref(), &text)?;
    if text.contains("id: port-manager") {
        return Ok(State::Done);
    }
    let Some(repos) = yaml::key(&text, 0, "repos") else {
        return Ok(State::Impossible(format!("{FILE} has no list `repos` of lines")));
    };
    let indent = yaml::indent_of_children(&text[repos.clone()]).unwrap_or(2);
    let newline = newline(&text);
    // Blank lines and comments at the end belong to what comes next.
    let end = repos.start + text[repos].trim_end().len();
    let (before, behind) = text.split_at(end);
    let pad = " ".repeat(indent);
    let hook: Vec<String> = HOOK.lines().map(|line| format!("{pad}{line}")).collect();
    let gap = if before.ends_with('\n') { "" } else { newline };
    let end = if behind.is_empty() { newline } else { "" };
    work.set(FILE, format!("{before}{gap}{}{end}{behind}", hook.join(newline)))?;
    Ok(State::Done)
}
