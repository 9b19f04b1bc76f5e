//! `direnv`: a shell has the ports in the directory of the project.

use super::work::{Work, with_lines_behind};
use super::{State, Target};
use crate::error::Result;
use crate::ports_env::FILE_NAME;

pub(super) const TARGET: Target = Target {
    name: "direnv",
    summary: "direnv loads .ports.env into the shells of the directory",
    plan,
    is_needed: |work| work.reads_ports() && work.text(FILE).is_ok_and(|text| text.is_some()),
};

const FILE: &str = ".envrc";

fn plan(work: &mut Work<'_>) -> Result<State> {
    let text = work.text(FILE)?;
    if text.is_none() && !work.is_asked {
        return Ok(State::NotUsed("the project has no .envrc".to_owned()));
    }
    let text = text.unwrap_or_default();
    let is_there = text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(FILE_NAME));
    if !is_there {
        work.set(FILE, with_lines_behind(&text, &format!("dotenv_if_exists {FILE_NAME}\n")))?;
        work.note("direnv loads a changed .envrc only after `direnv allow`");
    }
    Ok(State::Done)
}
