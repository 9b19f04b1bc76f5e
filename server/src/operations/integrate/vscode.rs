//! `vscode`: what VS Code starts gets the ports: configurations of `launch.json` and tasks of `tasks.json`.

mod launch;
mod tasks;

use super::work::Work;
use super::{State, Target};
use crate::error::Result;
use crate::project::starts::StartKind;

pub(super) const TARGET: Target = Target {
    name: "vscode",
    summary: "launch.json and tasks.json give the ports to what they start",
    plan,
    is_needed: |work| !work.unwired(StartKind::Launch).is_empty(),
};

fn plan(work: &mut Work<'_>) -> Result<State> {
    if work.first(&[launch::FILE, tasks::FILE])?.is_none() {
        return Ok(State::NotUsed(format!(
            "the project has no {} and no {}; the extension gives the ports to terminals",
            launch::FILE,
            tasks::FILE
        )));
    }
    launch::plan(work)?;
    tasks::plan(work)?;
    Ok(State::Done)
}
