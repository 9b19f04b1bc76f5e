//! `turbo`: Turborepo hands the ports on to tasks. Since version 2 it drops every variable that `turbo.json` does not name.

use std::path::Path;

use super::json::{self, Json};
use super::work::Work;
use super::{State, Target};
use crate::error::Result;
use crate::project::starts::StartKind;

pub(super) const TARGET: Target = Target {
    name: "turbo",
    summary: "Turborepo hands the ports on to tasks",
    plan,
    is_needed: |work| !work.unwired(StartKind::Turbo).is_empty(),
};

fn plan(work: &mut Work<'_>) -> Result<State> {
    let path = Path::new("turbo.json");
    let Some(text) = work.text(path)? else {
        return Ok(State::NotUsed("the project has no turbo.json".to_owned()));
    };
    let turbo = Json::parse(path, &text)?;
    // Version 1 hands on all variables as long as the file names none.
    let is_loose = json::string(&turbo.top, "envMode").is_some_and(|mode| mode == "loose");
    let is_strict = turbo.top.get("tasks").is_some() && !is_loose;
    if !is_strict && turbo.top.get("globalPassThroughEnv").is_none() {
        return Ok(State::Done);
    }
    let usual = |name: &str| name == "PORT" || name.ends_with("_PORT");
    let names = work.ports().iter().map(|port| port.variable.as_str()).filter(|name| !usual(name));
    let wanted: Vec<&str> = ["PORT", "*_PORT"].into_iter().chain(names).collect();
    let Some(passed) = turbo.top.array_value_or_create("globalPassThroughEnv") else {
        return Ok(State::Impossible("globalPassThroughEnv of turbo.json is not a list".to_owned()));
    };
    let known: Vec<String> = ["globalEnv", "globalPassThroughEnv"]
        .into_iter()
        .filter_map(|key| turbo.top.array_value(key))
        .flat_map(|list| json::strings(&list))
        .collect();
    if known.iter().any(|pattern| pattern == "*") {
        return Ok(State::Done);
    }
    for pattern in wanted.into_iter().filter(|pattern| !known.iter().any(|known| known == pattern)) {
        passed.append(pattern.into());
    }
    work.set(path, turbo.text())?;
    Ok(State::Done)
}
