//! `devcontainer`: the container gets the ports that the editor was started with, and the default numbers else.

use super::json::Json;
use super::work::Work;
use super::{State, Target};
use crate::error::Result;

pub(super) const TARGET: Target = Target {
    name: "devcontainer",
    summary: "the dev container gets the ports of the environment that the editor was started in",
    plan,
    is_needed: |_| false,
};

const FILES: &[&str] = &[".devcontainer/devcontainer.json", ".devcontainer.json"];

fn plan(work: &mut Work<'_>) -> Result<State> {
    let Some((path, text)) = work.first(FILES)? else {
        return Ok(State::NotUsed("the project has no devcontainer.json".to_owned()));
    };
    let container = Json::parse(&path, &text)?;
    let ports: Vec<_> =
        work.ports().iter().filter_map(|port| Some((&port.variable, port.default?))).collect();
    if ports.is_empty() {
        return Ok(State::Done);
    }
    let Some(environment) = container.top.object_value_or_create("containerEnv") else {
        return Ok(State::Impossible(format!("`containerEnv` of {} is not an object", path.display())));
    };
    for (variable, default) in ports {
        if environment.get(variable.as_str()).is_none() {
            environment.append(variable.as_str(), format!("${{localEnv:{variable}:{default}}}").into());
        }
    }
    work.set(&path, container.text())?;
    Ok(State::Done)
}
