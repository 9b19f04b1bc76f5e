//! What is known of frameworks and needs a condition, one file each. What needs none is a row in `packs`.

pub(super) mod clap;
pub(super) mod microprofile;
pub(super) mod pydantic;
pub(super) mod rspec;
pub(super) mod struct_tag;
pub(super) mod vagrant;
pub(super) mod viper;
