//! `check --fix`: fixes in the files, in a patch, or in the text of the standard input.

use std::env;

use super::super::exit::Exit;
use super::super::terminal::{Terminal, counted};
use super::Machine;
use super::request::{BYTE_ORDER_MARK, Fixing, Request};
use crate::error::Result;
use crate::operations::check::{CheckReport, Repair};
use crate::operations::fix::{self, FileFixes, FixOptions, IncompletePort, Repairs};

/// What `--fix` did.
pub(super) struct Fixed {
    /// The text of the standard input as it is now, where that is checked.
    pub(super) text: Option<String>,
    /// Whether that text was printed.
    pub(super) is_text_printed: bool,
    /// How many findings were fixed in files; `None` where none was to be.
    pub(super) places: Option<usize>,
    /// Whether every file could be written.
    pub(super) is_complete: bool,
}

/// Fixes what can be fixed, where that is asked for, in the files or in the text of the standard input.
pub(super) fn fix(
    request: &Request,
    text: Option<String>,
    machine: &Machine,
    terminal: &mut Terminal,
) -> Result<Fixed> {
    let nothing = Fixed { text: None, is_text_printed: false, places: None, is_complete: true };
    Ok(match (request.fixing, text) {
        (Fixing::Yes, Some(text)) => {
            let text = print_fixed(request, &text, machine, terminal)?;
            Fixed { text: Some(text), is_text_printed: true, ..nothing }
        }
        (Fixing::Yes, None) => fix_files(request, machine, terminal)?,
        (Fixing::No | Fixing::Patch, text) => Fixed { text, ..nothing },
    })
}

fn fix_files(request: &Request, machine: &Machine, terminal: &mut Terminal) -> Result<Fixed> {
    let Repairs { files: found, incomplete } = find(request, machine)?;
    for path in fix::write_names(&found)? {
        terminal.say_more(format_args!("{}: named what pages read", path.display()))?;
    }
    let mut written = Vec::new();
    let mut is_complete = true;
    for file in found {
        match file.write() {
            Ok(()) => written.push(file),
            Err(error) => {
                is_complete = false;
                terminal.error(&error);
            }
        }
    }
    for file in &written {
        terminal.say_more(format_args!("{}: fixed {}", file.path.display(), counted(file.count, "place")))?;
    }
    let (places, files) = fix::extent(&written);
    if places > 0 {
        terminal.say(format_args!("Fixed {} in {}.", counted(places, "place"), counted(files, "file")))?;
    }
    tell_what_was_left(&incomplete, terminal)?;
    Ok(Fixed { text: None, is_text_printed: false, places: Some(places), is_complete })
}

/// Prints the fixes as a patch, and writes nothing. The answer is no where there is anything to fix.
pub(super) fn print_patch(
    request: &Request,
    text: Option<&str>,
    machine: &Machine,
    terminal: &mut Terminal,
) -> Result<Exit> {
    let (repairs, patch) = match text {
        Some(text) => {
            let repairs = find_in_text(request, text, machine)?;
            let patch = repairs.files.first().map(fix::text_patch).transpose()?.unwrap_or_default();
            (repairs, patch)
        }
        None => {
            let repairs = find(request, machine)?;
            let patch = fix::patch(&repairs.files)?;
            (repairs, patch)
        }
    };
    terminal.print_bytes(patch.as_bytes())?;
    let (places, files) = fix::extent(&repairs.files);
    let summary = match places {
        0 => "--fix has nothing to change.".to_owned(),
        places => format!("--fix would fix {} in {}.", counted(places, "place"), counted(files, "file")),
    };
    terminal.say(summary)?;
    tell_what_was_left(&repairs.incomplete, terminal)?;
    Ok(Exit::fine_if(patch.is_empty()))
}

/// Prints the text of the standard input with its fixes, and returns it.
fn print_fixed(request: &Request, text: &str, machine: &Machine, terminal: &mut Terminal) -> Result<String> {
    let (mark, text) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => text.split_at(text.len() - rest.len()),
        None => ("", text),
    };
    let repairs = find_in_text(request, text, machine)?;
    let fixed = repairs.files.first().and_then(FileFixes::fixed_text);
    let fixed = format!("{mark}{}", fixed.as_deref().unwrap_or(text));
    terminal.print_bytes(fixed.as_bytes())?;
    tell_what_was_left(&repairs.incomplete, terminal)?;
    Ok(fixed)
}

fn find(request: &Request, machine: &Machine) -> Result<Repairs> {
    let options =
        FixOptions { paths: request.paths.clone(), rules: request.rules.clone(), scene: machine.scene };
    fix::find_fixes(&options, machine.registry.clone(), None)
}

fn find_in_text(request: &Request, text: &str, machine: &Machine) -> Result<Repairs> {
    match request.paths.first() {
        Some(path) => {
            fix::find_text_fixes(path, text, &request.rules, machine.scene, machine.registry.clone())
        }
        None => Ok(Repairs::default()),
    }
}

fn tell_what_was_left(incomplete: &[IncompletePort], terminal: &mut Terminal) -> Result<()> {
    let here = env::current_dir().unwrap_or_default();
    for IncompletePort { variable, by_hand } in incomplete {
        // A file of the project that was not named is given by where it lies.
        let files: Vec<String> = by_hand
            .iter()
            .map(|path| path.strip_prefix(&here).unwrap_or(path).display().to_string())
            .collect();
        terminal.say(format_args!(
            "{variable} was left alone: {} cannot be fixed, and the port's other places have to agree with it.",
            files.join(", ")
        ))?;
    }
    Ok(())
}

/// Says what to do where `--fix` fixed nothing of what was found.
pub(super) fn tell_why_nothing_was_fixed(report: &CheckReport, terminal: &mut Terminal) -> Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    match report.findings.iter().filter(|finding| finding.repair == Repair::NoVariable).count() {
        0 => return terminal.say("Nothing was fixed: these places have to be edited by hand."),
        count if count == report.findings.len() => {
            terminal.say("Nothing was fixed: no variable in .ports.env has one of these numbers.")?;
        }
        _ => terminal.say(
            "Nothing was fixed: some places have to be edited by hand, and no variable in .ports.env has the other numbers.",
        )?,
    }
    terminal.help(
        "`port-manager init` gives a project its variables; an editor's quick fix registers one number.",
    )
}
