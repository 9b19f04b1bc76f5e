//! What is particular to one language or format, one file each.

pub(super) mod compose;
pub(super) mod dockerfile;
pub(super) mod env;
pub(super) mod go;
pub(super) mod interpolation;
pub(super) mod javascript;
pub(super) mod json;
pub(super) mod makefile;
pub(super) mod python;
pub(super) mod shell;
