//! `github-actions` and `gitlab-ci`: changes are checked for hardcoded ports, by the action and the template of this repository.

use std::path::{Path, PathBuf};

use super::work::Work;
use super::{State, Target};
use crate::error::Result;
use crate::pattern::{Pattern, regex};

pub(super) const GITHUB: Target = Target {
    name: "github-actions",
    summary: "GitHub checks pull requests for hardcoded ports",
    plan: |work| plan(work, &WORKFLOW),
    is_needed: |_| false,
};

pub(super) const GITLAB: Target = Target {
    name: "gitlab-ci",
    summary: "GitLab checks merge requests for hardcoded ports",
    plan: |work| plan(work, &JOB),
    is_needed: |_| false,
};

/// A file of a build server.
struct BuildFile {
    path: &'static str,
    text: &'static str,
    /// Where else the build server is set up: files, and a directory of files. They may check the project already.
    others: &'static [&'static str],
    directory: &'static str,
    /// What is left for people.
    left: &'static str,
}

/// As `docs/ci.md` shows it.
static WORKFLOW: BuildFile = BuildFile {
    path: ".github/workflows/ports.yml",
    text: concat!(
        "\
name: ports
on: pull_request
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          # The branch that the pull request goes to is needed for `diff`.
          fetch-depth: 0
      - uses: OWNER/port-manager@v",
        env!("CARGO_PKG_VERSION"),
        "
        with:
          diff: origin/${{ github.base_ref }}
"
    ),
    others: &[],
    directory: ".github/workflows",
    left: "replace OWNER in .github/workflows/ports.yml by the owner of your copy of port-manager's repository",
};

static JOB: BuildFile = BuildFile {
    path: ".gitlab/port-manager.yml",
    text: include_str!("gitlab-ci.yml"),
    others: &[".gitlab-ci.yml"],
    directory: ".gitlab",
    left: "add `include: [{local: .gitlab/port-manager.yml}]` to .gitlab-ci.yml, and give the job an image with port-manager there",
};

/// A line that checks for ports: by the command, or by the action of this repository or of a copy.
static CHECK: Pattern =
    regex!(r#"\bport-manager(?:[ \t]+-\S+)*[ \t]+check\b|\buses:[ \t]*["']?[^\s#]+/port-manager@"#);

/// Whether a line that is not a comment checks for ports.
fn checks(text: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && CHECK.is_match(line))
}

/// Whether a file of the build server checks the project already, whatever its name.
fn is_checked(work: &Work<'_>, file: &BuildFile) -> Result<bool> {
    let mut paths = work.yaml_in(Path::new(file.directory))?;
    paths.extend(file.others.iter().map(PathBuf::from));
    for path in paths {
        if work.text(path)?.is_some_and(|text| checks(&text)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn plan(work: &mut Work<'_>, file: &BuildFile) -> Result<State> {
    if is_checked(work, file)? {
        return Ok(State::Done);
    }
    let BuildFile { path, text, left, .. } = file;
    match work.text(path)? {
        Some(known) if known.contains("port-manager") => Ok(State::Done),
        Some(_) => Ok(State::Impossible(format!("{path} is another file already"))),
        None if !work.is_asked => Ok(State::NotUsed(format!("the project has no {path}"))),
        None => {
            work.set(path, (*text).to_owned())?;
            work.note(*left);
            Ok(State::Done)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_workflow() {
        let page = include_str!("../../../../docs/ci.md");
        let shown = format!("```yaml\n# {}\n{}```\n", WORKFLOW.path, WORKFLOW.text);
        assert!(page.contains(&shown), "docs/ci.md does not show\n{shown}");
    }
}
