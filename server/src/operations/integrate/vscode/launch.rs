//! Configurations of `launch.json`. Python's debugger passes over an `envFile` that is missing. Those of Node and Go refuse to start then, so that Node gets
//! its own flag where it has it, and others get an `envFile` only in a `launch.json` that is the user's own.

use std::path::Path;

use jsonc_parser::cst::CstObject;

use super::super::json::{self, Json};
use super::super::node;
use super::super::work::Work;
use crate::error::Result;
use crate::ports_env::FILE_NAME;

pub(super) const FILE: &str = ".vscode/launch.json";

/// Has the configurations load the file.
pub(super) fn plan(work: &mut Work<'_>) -> Result<()> {
    let path = Path::new(FILE);
    let Some(text) = work.text(path)? else { return Ok(()) };
    let launch = Json::parse(path, &text)?;
    let has_env = work.text(".env")?.is_some();
    let is_own = work.is_ignored(path);
    let knows_flag = node::knows_env_file_if_exists(work, Path::new(""))?;
    let mut left = Vec::new();
    let configurations =
        launch.top.array_value("configurations").map(|list| list.elements()).unwrap_or_default();
    for configuration in configurations.into_iter().filter_map(|element| element.as_object()) {
        let is_launch = json::string(&configuration, "request").is_some_and(|request| request == "launch");
        let kind = json::string(&configuration, "type").unwrap_or_default();
        let is_there = configuration.to_string().contains(FILE_NAME);
        let is_page = matches!(kind.trim_start_matches("pwa-"), "chrome" | "msedge" | "firefox");
        let is_node = kind == "node" || kind == "pwa-node";
        if !is_launch
            || is_there
            || is_page
            || is_node && knows_flag && wire_node(&configuration)
            || wire(&configuration, &kind, is_own, has_env)
        {
            continue;
        }
        left.push(json::string(&configuration, "name").unwrap_or_default());
    }
    work.set(path, launch.text())?;
    if !left.is_empty() {
        work.note(format!(
            "these configurations of {FILE} would not start where there is no {FILE_NAME}, so they do not load it: {}; \
             set \"console\": \"integratedTerminal\", and the extension gives them the ports",
            left.join(", ")
        ));
    }
    Ok(())
}

/// Has Node load the file; whether that could be done: another program may be in its place.
fn wire_node(configuration: &CstObject) -> bool {
    let is_node = json::string(configuration, "runtimeExecutable").is_none_or(|program| program == "node");
    let list = if is_node { configuration.array_value_or_create("runtimeArgs") } else { None };
    let Some(list) = list else { return false };
    list.append(format!("--env-file-if-exists=${{workspaceFolder}}/{FILE_NAME}").into());
    true
}

/// Has the configuration load the file; whether that could be done.
fn wire(configuration: &CstObject, kind: &str, is_own: bool, has_env: bool) -> bool {
    // Its terminal has the ports already, by the extension.
    if json::string(configuration, "console").is_some_and(|console| console == "integratedTerminal") {
        return true;
    }
    let has_file = configuration.get("envFile").is_some();
    // Without an `envFile`, Python loads `.env`.
    let is_python = matches!(kind, "python" | "debugpy") && !has_env;
    if has_file || !(is_own || is_python) {
        return false;
    }
    configuration.append("envFile", format!("${{workspaceFolder}}/{FILE_NAME}").into());
    true
}
