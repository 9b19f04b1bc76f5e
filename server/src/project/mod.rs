//! Projects: roots, names, worktrees; their components, where their code runs, and the map of their ports.
//!
//! - `root`: which directory is the root; `git` and `marks` say what it goes by;
//! - `walk`: the files of a project;
//! - `bundler`: what puts variables into pages;
//! - `compose_project`: what Docker Compose calls its project;
//! - `survey`: what manifests, compose files and Dockerfiles say about the others; `runtime`: where code runs;
//! - `starts`: the ways in which a project is started;
//! - `map`: the ports of a project, and every place that speaks of each;
//! - `wiring`: whether `.ports.env` reaches what is started.

pub mod bundler;
mod component;
mod compose;
mod compose_project;
mod git;
mod ignore_lists;
pub mod map;
pub(crate) mod marks;
mod root;
pub mod runtime;
pub mod starts;
pub mod survey;
mod walk;
pub mod wiring;

pub(crate) use compose_project::{COMPOSE_FILES, has_usual_name};
pub use compose_project::{ComposeDirectory, SharedKind, SharedName};
pub(crate) use git::are_checkouts_of_one_repository;
pub use git::is_nested_worktree;
pub use ignore_lists::{UnreadableLists, ignore_lists_above};
pub use root::{ProjectRoot, Reason, RootFinder, canonical, holds_program, is_root, is_sample};
pub use walk::{MOST_ENTRIES, is_directory_below, is_foreign, walk, walk_below};
