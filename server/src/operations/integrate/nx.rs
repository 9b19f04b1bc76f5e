//! `nx`: Nx hands its environment to every task, so that nothing has to be written.

use super::work::Work;
use super::{State, Target};
use crate::error::Result;

pub(super) const TARGET: Target = Target {
    name: "nx",
    summary: "Nx hands its environment on to tasks: start it with `port-manager run`",
    plan,
    is_needed: |_| false,
};

fn plan(work: &mut Work<'_>) -> Result<State> {
    if work.text("nx.json")?.is_none() {
        return Ok(State::NotUsed("the project has no nx.json".to_owned()));
    }
    Ok(State::NotUsed(
        "Nx hands its environment on to tasks; start them with `port-manager run nx serve`".to_owned(),
    ))
}
