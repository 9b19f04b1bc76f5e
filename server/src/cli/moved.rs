//! Projects that were moved: their directories are gone, and they have their ports still.

use super::terminal::{Terminal, printable};
use crate::error::Result;
use crate::operations::{Context, FormerProject, former_projects};
use crate::paste::{NO_COMMAND, command_line};
use crate::project::ProjectRoot;

/// Where the project was before it was moved: the directory that somebody named, else one that is gone and had a project of that
/// name, if the answer is yes. `command` is what takes `--take-over` where nobody can be asked.
pub(super) fn former_root(
    named: Option<String>,
    command: &str,
    context: &Context,
    root: &ProjectRoot,
    terminal: &mut Terminal,
) -> Result<Option<String>> {
    if named.is_some() {
        return Ok(named);
    }
    let here = printable(&root.as_path().display().to_string());
    for FormerProject { root: former, ports } in former_projects(context, root)? {
        let there = printable(&former);
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let ports = ports.join(", ");
        let question = format!("{there} is gone and has {ports} still. Was it moved to {here}?");
        match terminal.confirm(question)? {
            Some(true) => return Ok(Some(former)),
            Some(false) => {}
            None => {
                terminal.warn(format_args!("{there} is gone and has {ports} still"))?;
                let here = root.as_path().to_string_lossy();
                match command_line(&["port-manager", command, "--take-over", &former, &here]) {
                    Some(command) => terminal.help(format_args!("If it was moved to {here}: {command}"))?,
                    None => terminal.help(NO_COMMAND)?,
                }
            }
        }
    }
    Ok(None)
}
