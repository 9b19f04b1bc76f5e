//! Projects: roots, names, worktrees; what services a project seems to need.
//!
//! - `root`: which directory is the root; `git`, `marks` and `aside` say what it goes by;
//! - `walk`: the files of a project;
//! - `needs`: the services that a project seems to need, from `compose` files and `package.json`.

mod aside;
mod compose;
mod git;
mod ignore_lists;
mod marks;
pub mod needs;
mod package;
mod root;
mod walk;

pub(crate) use aside::Aside;
pub(crate) use git::are_checkouts_of_one_repository;
pub use ignore_lists::UnreadableLists;
pub use root::{ProjectRoot, Reason, holds_program, is_root};
pub use walk::{MOST_ENTRIES, is_directory_below, is_foreign, walk};
