//! `github-actions` and `gitlab-ci`: every push is checked for hardcoded ports.

use super::work::Work;
use super::{State, Target};
use crate::error::Result;

pub(super) const GITHUB: Target = Target {
    name: "github-actions",
    summary: "GitHub checks each push for hardcoded ports",
    plan: |work| plan(work, ".github/workflows/port-manager.yml", GITHUB_WORKFLOW),
    is_needed: |_| false,
};

pub(super) const GITLAB: Target = Target {
    name: "gitlab-ci",
    summary: "GitLab checks each push for hardcoded ports",
    plan: |work| plan(work, ".gitlab/port-manager.yml", GITLAB_JOB),
    is_needed: |_| false,
};

const GITHUB_WORKFLOW: &str = "\
name: port-manager
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: cargo install --locked port-manager
      - run: port-manager check
";

const GITLAB_JOB: &str = "\
port-manager:
  image: rust:1
  script:
    - cargo install --locked port-manager
    - port-manager check
";

fn plan(work: &mut Work<'_>, path: &str, text: &str) -> Result<State> {
    match work.text(path)? {
        Some(known) if known.contains("port-manager check") => Ok(State::Done),
        Some(_) => Ok(State::Impossible(format!("{path} is another file already"))),
        None if !work.is_asked => Ok(State::NotUsed(format!("the project has no {path}"))),
        None => {
            work.set(path, text.to_owned())?;
            if path.starts_with(".gitlab/") {
                work.note(format!("add `include: {path}` to .gitlab-ci.yml"));
            }
            Ok(State::Done)
        }
    }
}
