//! `just`: recipes get the ports. just loads one file, so a justfile that loads `.env` keeps that.

use super::work::{Work, newline};
use super::{State, Target};
use crate::error::Result;
use crate::ports_env::FILE_NAME;
use crate::project::starts::StartKind;

pub(super) const TARGET: Target = Target {
    name: "just",
    summary: "just loads .ports.env for its recipes",
    plan,
    is_needed: |work| {
        let has_file = !work.starts(StartKind::Justfile).is_empty();
        has_file
            && !(work.unwired(StartKind::Justfile).is_empty() && work.unwired(StartKind::Compose).is_empty())
    },
};

fn plan(work: &mut Work<'_>) -> Result<State> {
    let Some((path, text)) = work.first(&["justfile", "Justfile", ".justfile"])? else {
        return Ok(State::NotUsed("the project has no justfile".to_owned()));
    };
    let settings: Vec<&str> = text.lines().filter(|line| line.starts_with("set dotenv-")).collect();
    if settings.iter().any(|line| line.contains(FILE_NAME)) {
        return Ok(State::Done);
    }
    if !settings.is_empty() {
        return Ok(State::Impossible(format!(
            "just loads one file, and {} has `{}`; start recipes with `port-manager run just`",
            path.display(),
            settings[0].trim()
        )));
    }
    let newline = newline(&text);
    // Comments at the top say what the file is; a `#!` has to stay first.
    let head: usize = text.split_inclusive('\n').take_while(|line| line.starts_with('#')).map(str::len).sum();
    let is_of_first_recipe = !text[head..].is_empty() && !text[head..].starts_with(['\r', '\n']);
    let head = match is_of_first_recipe {
        true if text.starts_with("#!") => text.find('\n').map_or(text.len(), |end| end + 1),
        true => 0,
        false => head,
    };
    let (head, rest) = text.split_at(head);
    let gap = if head.is_empty() { "" } else { newline };
    let rest = rest.trim_start_matches(['\r', '\n']);
    work.set(&path, format!("{head}{gap}set dotenv-filename := \"{FILE_NAME}\"{newline}{newline}{rest}"))?;
    Ok(State::Done)
}
