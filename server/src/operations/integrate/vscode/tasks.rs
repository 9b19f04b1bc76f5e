//! Tasks of `tasks.json`. They run in terminals, to which the extension gives the ports.
//!
//! For a VS Code without it, a task has no `envFile`, and `${env:NAME}` in its `options.env` is an empty text where the variable is
//! not set (VS Code, "Integrate with External Tools via Tasks" and "Variables reference"). So the command itself loads the
//! file, where it can.

use std::path::{Path, PathBuf};

use jsonc_parser::cst::CstObject;

use super::super::command::{Means, behind_env_files};
use super::super::json::{self, Json};
use super::super::node;
use super::super::work::{Work, ports_env_from};
use crate::error::Result;
use crate::project::starts::StartKind;

pub(super) const FILE: &str = ".vscode/tasks.json";

/// The parts of a task that hold for one system only.
const SYSTEMS: [&str; 3] = ["windows", "linux", "osx"];

/// Has the commands of tasks that start something load the file.
pub(super) fn plan(work: &mut Work<'_>) -> Result<()> {
    let path = Path::new(FILE);
    let Some(text) = work.text(path)? else { return Ok(()) };
    let file = Json::parse(path, &text)?;
    let starting: Vec<String> = work
        .map()
        .starts()
        .of_kind(StartKind::Tasks)
        .filter(|(other, _)| *other == path)
        .flat_map(|(_, file)| file.starts.iter().filter(|start| !start.loads))
        .map(|start| start.name.clone())
        .collect();
    let mut left = Vec::new();
    let tasks = file.top.array_value("tasks").map(|list| list.elements()).unwrap_or_default();
    for task in tasks.into_iter().filter_map(|element| element.as_object()) {
        let label = json::string(&task, "label").or_else(|| json::string(&task, "taskName"));
        let Some(label) = label.filter(|label| starting.contains(label)) else { continue };
        if let Some((system, part)) = own_part(&file.top, &task) {
            left.push(format!("{label} (has its own `{part}` for `{system}`)"));
        } else if !wire(work, &file.top, &task)? {
            left.push(label);
        }
    }
    work.set(path, file.text())?;
    if !left.is_empty() {
        work.note(format!(
            "these tasks of {FILE} have the ports where VS Code has the extension; in another one, start them with \
             `port-manager run`: {}",
            left.join(", ")
        ));
    }
    Ok(())
}

/// The system for which a task has a command line or directory of its own, and the name of that part. VS Code puts the part in the
/// place of the common one, so an edit of the common `command` and `args` would meet only half of its own.
fn own_part(top: &CstObject, task: &CstObject) -> Option<(&'static str, &'static str)> {
    let has_own = |system: &str, part: &str| {
        [task, top].into_iter().filter_map(|object| object.object_value(system)).any(|own| match part {
            "cwd" => own.object_value("options").is_some_and(|options| options.get(part).is_some()),
            part => own.get(part).is_some(),
        })
    };
    SYSTEMS.into_iter().find_map(|system| {
        let part = ["command", "args", "cwd"].into_iter().find(|part| has_own(system, part))?;
        Some((system, part))
    })
}

/// Has the task load the file; whether that could be done.
fn wire(work: &Work<'_>, top: &CstObject, task: &CstObject) -> Result<bool> {
    let Some(directory) = directory(top, task) else { return Ok(false) };
    let means = [
        node::knows_env_file_if_exists(work, &directory)?.then_some(Means::Node),
        work.with_run.then_some(Means::Run),
    ];
    let is_process = json::string(task, "type").is_some_and(|kind| kind == "process");
    let ports_env = ports_env_from(&directory);
    Ok(means.iter().flatten().any(|means| means.wire_task(task, is_process, &ports_env)))
}

/// The directory that the task runs in, relative to the root; `None` where that cannot be known.
fn directory(top: &CstObject, task: &CstObject) -> Option<PathBuf> {
    let cwd = [task, top].into_iter().find_map(|object| object.object_value("options")?.get("cwd"));
    let Some(cwd) = cwd else { return Some(PathBuf::new()) };
    let cwd = cwd.value()?.as_string_lit()?.decoded_value().ok()?;
    let below = cwd.strip_prefix("${workspaceFolder}")?.trim_matches('/');
    (!below.contains(['$', '\\']) && !below.contains("..")).then(|| below.into())
}

impl Means {
    /// Has a task's command load the file by this; whether that could be done.
    fn wire_task(self, task: &CstObject, is_process: bool, ports_env: &str) -> bool {
        let Some(literal) = json::literal(task, "command") else { return false };
        let Ok(command) = literal.decoded_value() else { return false };
        // Without a shell, the command is one word, whatever is in it.
        let is_word = is_process || !command.contains(char::is_whitespace) && task.get("args").is_some();
        if !is_word {
            let edited = self.applied(&command, ports_env);
            return edited.as_deref().map(|edited| json::set(&literal, edited)).is_some();
        }
        match self {
            Self::Node if command == "node" => {
                let Some(arguments) = task.array_value("args") else { return false };
                let at = behind_env_files(&json::strings(&arguments));
                json::insert(&arguments, at, &[&format!("--env-file-if-exists={ports_env}")]);
                true
            }
            Self::Run => {
                let Some(arguments) = task.array_value_or_create("args") else { return false };
                json::set(&literal, "port-manager");
                json::insert(&arguments, 0, &["run", &command]);
                true
            }
            Self::Node | Self::DotenvCli => false,
        }
    }
}
