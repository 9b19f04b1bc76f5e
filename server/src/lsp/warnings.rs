//! What people are warned of after a command that gives ports. Each warning is one line: editors show it as a notification.

use crate::operations::{
    Initialized, InvalidLine, MisspelledVariable, ProjectPort, RefusedPort, ReleasedPort,
};

/// The warnings of `port-manager.init`.
pub(super) fn of_init(done: &Initialized) -> Vec<String> {
    let mut warnings = of_ports(&done.project, &done.ports);
    warnings.extend(of_invalid_lines(done));
    warnings.extend(of_released(&done.project, &done.released));
    warnings.extend(done.misspelled.iter().map(|misspelled| of_misspelled(&done.project, misspelled)));
    warnings
}

/// The numbers that the project could not have. Code may still contain them.
pub(super) fn of_ports(project: &str, ports: &[ProjectPort]) -> Vec<String> {
    let of_port = |ProjectPort { variable, port, refused, .. }: &ProjectPort| {
        let RefusedPort { port: refused, reason, .. } = refused.as_ref()?;
        Some(format!("{project}: {variable} is {port}, not {refused}: {reason}."))
    };
    ports.iter().filter_map(of_port).collect()
}

/// The first line that is not understood, and how many others there are: the files' diagnostics show them all.
fn of_invalid_lines(done: &Initialized) -> Option<String> {
    let (InvalidLine { path, line, message }, others) = done.invalid_lines.split_first()?;
    let path = path.strip_prefix(&done.root).unwrap_or(path).display();
    let others = match others.len() {
        0 => String::new(),
        1 => " (and 1 more line)".to_owned(),
        several => format!(" (and {several} more lines)"),
    };
    Some(format!(
        "{}: {path}:{line}: {message}{others}. port-manager leaves such lines as they are.",
        done.project
    ))
}

/// A variable that got no port.
fn of_misspelled(project: &str, misspelled: &MisspelledVariable) -> String {
    let MisspelledVariable { variable, meant, path, line } = misspelled;
    let path = path.display();
    format!(
        "{project}: {variable} looks like {meant}, so it gets no port ({path}:{line}): write {meant} there."
    )
}

/// The ports that the project no longer has.
fn of_released(project: &str, released: &[ReleasedPort]) -> Option<String> {
    let ports: Vec<String> =
        released.iter().map(|ReleasedPort { variable, port }| format!("{variable} ({port})")).collect();
    match ports.as_slice() {
        [] => None,
        [port] => Some(format!("{project}: {port} was released: no file lists it, and no code reads it.")),
        _ => {
            let ports = ports.join(", ");
            Some(format!("{project}: {ports} were released: no file lists them, and no code reads them."))
        }
    }
}
