//! What is particular to one language or format, one file each.

mod emptiness;
mod found;
mod json5;
mod manifest;
mod placeholder;

pub(super) mod component;
pub(super) mod compose;
pub(super) mod conf;
pub(super) mod cpp;
pub(super) mod csharp;
pub(super) mod dockerfile;
pub(super) mod elixir;
pub(super) mod env;
pub(super) mod go;
pub(super) mod hcl;
pub(super) mod http;
pub(super) mod interpolation;
pub(super) mod java;
pub(super) mod javascript;
pub(super) mod json;
pub(super) mod kotlin;
pub(super) mod lua;
pub(super) mod makefile;
mod named_number;
pub(super) mod perl;
pub(super) mod php;
pub(super) mod powershell;
pub(super) mod procfile;
pub(super) mod python;
pub(super) mod ruby;
pub(super) mod rust;
pub(super) mod scala;
pub(super) mod shell;
pub(super) mod xml;
pub(super) mod yaml;
