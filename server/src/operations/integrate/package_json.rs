//! `package-json`: scripts that start Node load `.ports.env` by `--env-file-if-exists`, where every Node that the project
//! supports knows it; scripts of a package with dotenv-cli by that.
//!
//! Other programs cannot load a file that may be missing. `--with-run` puts `port-manager run` before them, which everybody
//! who starts them needs then, so nobody gets it unasked.

use std::path::Path;

use super::command::Means;
use super::json::{self, Json};
use super::work::{Work, not_understood, ports_env_from};
use super::{State, Target, node};
use crate::error::Result;
use crate::ports_env::FILE_NAME;
use crate::project::starts::StartKind;
use crate::project::wiring;

pub(super) const TARGET: Target = Target {
    name: "package-json",
    summary: "scripts of package.json load .ports.env",
    plan,
    is_needed: |work| !work.unwired(StartKind::Package).is_empty(),
};

fn plan(work: &mut Work<'_>) -> Result<State> {
    let files: Vec<_> =
        work.map().starts().of_kind(StartKind::Package).map(|(path, _)| path.to_owned()).collect();
    let root = Path::new("package.json");
    if let Some(text) = work.text(root)? {
        ensure_json(root, &text)?;
    }
    if files.is_empty() {
        return Ok(State::NotUsed("no package.json has a script that starts something".to_owned()));
    }
    let unwired = work.unwired(StartKind::Package);
    if unwired.is_empty() && !is_loaded(work) {
        return Ok(State::NotUsed("no script starts something that reads a port variable".to_owned()));
    }
    let mut left = Vec::new();
    for path in files {
        // What loads the variables otherwise needs nothing.
        if !unwired.contains(&path) {
            continue;
        }
        let Some(text) = work.text(&path)? else { continue };
        let (edited, by_hand) = edited(work, &path, &text)?;
        left.extend(by_hand);
        work.set(&path, edited)?;
    }
    if left.is_empty() {
        return Ok(State::Done);
    }
    let names: Vec<&str> = left.iter().map(|script| script.name.as_str()).collect();
    let names = names.join(", ");
    let message = match left.iter().any(|script| script.can_run) && !work.with_run {
        true => format!(
            "nothing makes these scripts load {FILE_NAME}: {names}; start them with `port-manager run`, or let \
             `port-manager integrate package-json --with-run` put it before them"
        ),
        false => {
            format!(
                "nothing makes these scripts load {FILE_NAME}: {names}; start them with `port-manager run`"
            )
        }
    };
    if work.changed.is_empty() {
        return Ok(State::Impossible(message));
    }
    work.note(message);
    Ok(State::Done)
}

/// Whether a script, or what it is started in, loads the file already.
fn is_loaded(work: &Work<'_>) -> bool {
    work.map().starts().of_kind(StartKind::Package).any(|(path, file)| {
        file.starts.iter().any(|start| start.loads)
            || wiring::loader(work.map(), StartKind::Package, file.kind.directory(path)).is_some()
    })
}

/// A script that nothing makes load the file.
struct Left {
    name: String,
    /// Whether `port-manager run` can be put before it.
    can_run: bool,
}

/// The package with the scripts that can load the file, and those that cannot.
fn edited(work: &Work<'_>, path: &Path, text: &str) -> Result<(String, Vec<Left>)> {
    ensure_json(path, text)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let ports_env = ports_env_from(directory);
    let package = Json::parse(path, text)?;
    let Some(scripts) = package.top.object_value("scripts") else { return Ok((text.to_owned(), Vec::new())) };
    let node = node::knows_env_file_if_exists(work, directory)?.then_some(Means::Node);
    let run = work.with_run.then_some(Means::Run);
    let has_dotenv = |key| has_dependency(&package, key, "dotenv-cli");
    // An image that is built for production lacks what only development needs.
    let dotenv = |script: &str| {
        let is_there =
            has_dotenv("dependencies") || has_dotenv("devDependencies") && is_for_development(script);
        is_there.then_some(Means::DotenvCli)
    };
    let mut left = Vec::new();
    let starts = work.map().starts();
    let file = starts.of_kind(StartKind::Package).find(|(other, _)| *other == path).map(|(_, file)| file);
    for start in file.into_iter().flat_map(|file| &file.starts).filter(|start| !start.loads) {
        let Some(literal) = json::literal(&scripts, &start.name) else { continue };
        // Fixes may have changed the script since it was read.
        let Ok(command) = literal.decoded_value() else { continue };
        let means = [node, dotenv(&start.name), run];
        match means.iter().flatten().find_map(|means| means.applied(&command, &ports_env)) {
            Some(command) => json::set(&literal, &command),
            None => left.push(Left {
                name: format!("{} ({})", start.name, path.display()),
                can_run: Means::Run.applied(&command, &ports_env).is_some(),
            }),
        }
    }
    Ok((package.text(), left))
}

/// Fails where a text is not JSON. npm knows no comments.
fn ensure_json(path: &Path, text: &str) -> Result<()> {
    let Err(error) = serde_json::from_str::<serde_json::Value>(text) else { return Ok(()) };
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    Err(not_understood(path, text, at, "this is not JSON"))
}

fn has_dependency(package: &Json, key: &str, name: &str) -> bool {
    package.top.object_value(key).is_some_and(|dependencies| dependencies.get(name).is_some())
}

/// Whether people start a script of that name while they develop.
fn is_for_development(script: &str) -> bool {
    script
        .split([':', '-', '_'])
        .any(|word| matches!(word, "dev" | "develop" | "development" | "debug" | "watch"))
}
