//! `procfile`: managers of Procfiles start their processes with the ports.
//!
//! foreman refuses to start where a file that it is told to load is missing, and honcho has no file for its options. So a
//! script that starts the manager loads the file; overmind passes over a missing one, and has `.overmind.env` for it.

use super::work::{Work, newline, with_lines_behind};
use super::{State, Target};
use crate::error::Result;
use crate::ports_env::FILE_NAME;
use crate::project::starts::{MANAGER_SCRIPTS, OVERMIND, StartKind};

pub(super) const TARGET: Target = Target {
    name: "procfile",
    summary: "foreman, honcho, overmind or hivemind start processes with the ports",
    plan,
    is_needed: |work| {
        !work.unwired(StartKind::Procfile).is_empty()
            && work
                .first(MANAGER_SCRIPTS)
                .is_ok_and(|found| found.is_some_and(|(_, text)| starts_manager(&text).is_some()))
    },
};

const MANAGERS: &[&str] = &["foreman", "overmind", "honcho", "hivemind", "goreman"];

fn plan(work: &mut Work<'_>) -> Result<State> {
    if work.starts(StartKind::Procfile).is_empty() {
        return Ok(State::NotUsed("the project has no Procfile".to_owned()));
    }
    for script in MANAGER_SCRIPTS {
        let Some(text) = work.text(script)? else { continue };
        let Some(at) = starts_manager(&text) else { continue };
        let is_shell =
            text.lines().next().is_some_and(|first| first.starts_with("#!") && first.ends_with("sh"));
        if text.contains(FILE_NAME) {
            return Ok(State::Done);
        }
        if !is_shell {
            continue;
        }
        let newline = newline(&text);
        let (before, behind) = text.split_at(at);
        let load = format!("if [ -f {FILE_NAME} ]; then set -a; . ./{FILE_NAME}; set +a; fi");
        work.set(script, format!("{before}{load}{newline}{newline}{behind}"))?;
        return Ok(State::Done);
    }
    match work.text(OVERMIND)? {
        Some(text) if text.contains(FILE_NAME) => Ok(State::Done),
        Some(text) if !text.contains("OVERMIND_ENV") => {
            work.set(OVERMIND, with_lines_behind(&text, &format!("OVERMIND_ENV={FILE_NAME}\n")))?;
            Ok(State::Done)
        }
        _ => Ok(State::Impossible(format!(
            "no script starts the processes; use `port-manager run foreman start`, or `honcho -e .env,{FILE_NAME} start`"
        ))),
    }
}

/// Where the line begins that starts a manager.
fn starts_manager(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let mut words = line.split_whitespace().skip_while(|word| matches!(*word, "exec" | "bundle"));
        let first = words.next().unwrap_or_default();
        // The line may be in a condition: its indentation tells.
        if MANAGERS.contains(&first) && words.next().is_some() && !line.starts_with([' ', '\t']) {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}
