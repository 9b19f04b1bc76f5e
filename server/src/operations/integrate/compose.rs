//! `compose`: docker compose fills in what `.ports.env` says, by the `.env` beside the compose file.
//!
//! Compose reads variables from its environment and from `.env`. `COMPOSE_ENV_FILES` counts in the environment only, and a
//! file that it or `--env-file` names must exist, which it does not for a teammate. So the lines go into an `.env` that is
//! the user's own. Where the whole team shares `.env`, the environment has to have the variables: by make, direnv or
//! `port-manager run`. So it does where `.env` reaches into containers, by `env_file`, an image that is built beside it or a
//! mount: there the number of this machine would be wrong.

use std::path::{Path, PathBuf};

use super::work::{Work, newline, with_lines_behind};
use super::{State, Target};
use crate::error::Result;
use crate::files;
use crate::pattern::{Pattern, regex};
use crate::ports_env::block::{self, FIRST, LAST};
use crate::project::ProjectRoot;
use crate::project::starts::StartKind;
use crate::project::wiring;

pub(super) const TARGET: Target = Target {
    name: "compose",
    summary: "docker compose fills in the numbers of .ports.env, by your own .env",
    plan,
    is_needed: |work| {
        let is_alone =
            work.starts(StartKind::Makefile).is_empty() && work.starts(StartKind::Justfile).is_empty();
        is_alone && !work.unwired(StartKind::Compose).is_empty()
    },
};

const OTHERWISE: &str = "start compose with `port-manager run docker compose up`, or by a Makefile, a justfile or direnv, which \
                         have targets of their own";

/// What brings files from beside the compose file into containers.
static INTO_CONTAINERS: Pattern =
    regex!(r#"(?m)^[ \t]*(?:build|env_file|context)[ \t]*:|^[ \t]*-[ \t]*["']?\./?:"#);

fn beside(compose: &Path) -> PathBuf {
    compose.with_file_name(".env")
}

/// The `.env` beside a compose file that fills in the numbers of `.ports.env`, as this target writes it. Both paths are relative
/// to the root. git ignores it, so it is not among the files of the port map.
pub(in crate::operations) fn filled_by(root: &ProjectRoot, compose: &Path) -> Option<PathBuf> {
    let env = beside(compose);
    let text = files::read_within(root.as_path(), &env).ok()??;
    block::span(&text).map(|_| env)
}

fn plan(work: &mut Work<'_>) -> Result<State> {
    let files = work.starts(StartKind::Compose);
    if files.is_empty() {
        return Ok(State::NotUsed("the project has no compose file".to_owned()));
    }
    let mut numbers = Vec::new();
    for path in &files {
        let directory = path.parent().unwrap_or(Path::new(""));
        let env = beside(path);
        if wiring::loader(work.map(), StartKind::Compose, directory).is_some() {
            continue;
        }
        let variables = wiring::read_in(work.map(), path);
        let lines: Vec<String> = work
            .ports()
            .iter()
            .filter(|port| variables.contains(&&port.variable))
            .filter_map(|port| Some(format!("{}={}", port.variable, port.assigned?)))
            .collect();
        if lines.is_empty() && work.text(&env)?.is_none_or(|text| block::span(&text).is_none()) {
            continue;
        }
        let text = work.text(path)?.unwrap_or_default();
        if INTO_CONTAINERS.is_match(&text) {
            return Ok(State::Impossible(format!(
                "{} may hand .env to containers, where the numbers of this machine are wrong; {OTHERWISE}",
                path.display()
            )));
        }
        // Programs take a missing `.env` for a sign that nothing is set up yet.
        if work.text(&env)?.is_none() && !work.is_asked {
            return Ok(State::Impossible(format!("{} does not exist; {OTHERWISE}", env.display())));
        }
        numbers.push((env, lines));
    }
    for (env, lines) in numbers {
        if !work.is_ignored(&env) {
            return Ok(State::Impossible(format!(
                "git does not ignore {}, so the numbers of this machine do not belong there; {OTHERWISE}",
                env.display()
            )));
        }
        let text = work.text(&env)?.unwrap_or_default();
        work.set(&env, with_block(&text, &lines))?;
    }
    Ok(State::Done)
}

/// The text with these lines between our marks. A variable that has a value elsewhere keeps it.
fn with_block(text: &str, lines: &[String]) -> String {
    let newline = newline(text);
    let ours = block::span(text);
    let (before, behind) = ours.as_ref().map_or((text, ""), |ours| (&text[..ours.start], &text[ours.end..]));
    let is_free = |line: &&String| {
        let name = line.split('=').next().unwrap_or_default();
        let gives =
            |other: &str| other.trim_start().trim_start_matches("export ").split('=').next() == Some(name);
        !before.lines().chain(behind.lines()).any(gives)
    };
    let own: Vec<&str> = lines.iter().filter(is_free).map(String::as_str).collect();
    if own.is_empty() {
        return format!("{before}{behind}");
    }
    let block = format!("{FIRST}\n{}\n{LAST}\n", own.join("\n"));
    match ours.is_some() {
        true => format!("{before}{}{behind}", block.replace('\n', newline)),
        false => with_lines_behind(text, &block),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_is_written_again_and_what_people_set_stays() {
        let lines = ["WEB_PORT=8003".to_owned(), "DB_PORT=5401".to_owned()];
        let first = with_block("SECRET=x\nDB_PORT=1", &lines);
        assert_eq!(first, format!("SECRET=x\nDB_PORT=1\n\n{FIRST}\nWEB_PORT=8003\n{LAST}\n"));
        assert_eq!(with_block(&first, &lines), first);
        let moved = with_block(&format!("{first}MORE=1\n"), &["WEB_PORT=8009".to_owned()]);
        assert_eq!(moved, format!("SECRET=x\nDB_PORT=1\n\n{FIRST}\nWEB_PORT=8009\n{LAST}\nMORE=1\n"));
    }
}
