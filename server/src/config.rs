//! `config.toml` beside the registry: what a user sets for all projects on this machine.
//!
//! - `file`: the file as it is written;
//! - `resolve`: what it comes to with what is built in, and all that can be wrong with it.

mod file;
mod resolve;

use std::io;
use std::ops::RangeInclusive;
use std::path::Path;

pub use resolve::{Avoided, Origin, Origins};

use crate::error::{Error, Result};
use crate::files;
use crate::port::Port;
use crate::service::ServiceTypes;
use crate::text::At;

/// The file's name, in the directory of the registry.
pub const FILE_NAME: &str = "config.toml";

/// The file as `port-manager config edit` creates it: every setting, as a comment.
pub const TEMPLATE: &str = include_str!("config/template.toml");

/// What is set, with what is built in where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    types: ServiceTypes,
    avoided: Vec<Avoided>,
    origins: Origins,
}

impl Config {
    /// What the file sets; what is built in where there is no such file.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, or sets something that cannot be set.
    pub fn load(path: &Path) -> Result<Self> {
        match files::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::Read { path: path.to_owned(), source }),
        }
    }

    /// What a text of the file sets. The path is named in errors.
    ///
    /// # Errors
    /// When the text is not TOML, or sets something that cannot be set.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let file = file::File::parse(text);
        file.and_then(|file| resolve::resolve(file, text)).map_err(|Fault { at, message }| Error::Config {
            path: path.to_owned(),
            line: at.line,
            column: at.column,
            message,
        })
    }

    /// The service types.
    #[must_use]
    pub fn types(&self) -> &ServiceTypes {
        &self.types
    }

    /// The numbers that are never assigned, as they are written.
    #[must_use]
    pub fn avoided(&self) -> &[Avoided] {
        &self.avoided
    }

    /// Whether a port is never assigned.
    #[must_use]
    pub fn avoids(&self, port: Port) -> bool {
        self.avoided.iter().any(|avoided| avoided.numbers.contains(&port.get()))
    }

    /// Where the settings of a type come from.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }
}

/// What is wrong at a place of the file.
#[derive(Debug)]
struct Fault {
    at: At,
    message: String,
}

/// A range as it is written: `9200-9299`, or one number.
#[must_use]
pub fn written(range: &RangeInclusive<u16>) -> String {
    match range.start() == range.end() {
        true => range.start().to_string(),
        false => format!("{}-{}", range.start(), range.end()),
    }
}

/// The message about a type that there is not.
fn unknown_type(name: &str, types: &ServiceTypes) -> String {
    let names = types.names();
    let help = match crate::text::nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("a new type gets its numbers in [ranges]: {name} = \"9200-9299\""),
    };
    format!("there is no service type `{name}`; {help}")
}

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
