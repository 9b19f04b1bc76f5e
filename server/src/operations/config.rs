//! What the user has set for all projects of this machine, and where each value comes from.

use std::path::PathBuf;

use serde::Serialize;

use crate::config::{Origin, Origins};
use crate::error::Result;
use crate::registry::Store;
use crate::service::{Service, ServiceType};
use crate::variable::Variable;

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfigReport {
    /// The file.
    pub path: PathBuf,
    /// Whether it is there.
    pub exists: bool,
    /// The numbers that are never assigned.
    pub avoid: Vec<AvoidedNumbers>,
    /// The service types: those that are built in, then those that the file adds.
    pub types: Vec<ServiceTypeReport>,
}

/// Numbers that are never assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AvoidedNumbers {
    /// The first.
    pub first: u16,
    /// The last, which is the first where it is one number.
    pub last: u16,
    /// The line of the file, from 1.
    pub line: usize,
}

/// A service type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceTypeReport {
    /// Its name.
    pub service: Service,
    /// The first number of its range.
    pub first: u16,
    /// The last number of its range.
    pub last: u16,
    /// The line of the file that sets the range; null where it is built in.
    pub range_line: Option<usize>,
    /// The variable that a project's only service of this type is read from.
    pub variable: Variable,
    /// The line of the file that names the variable; null where none does.
    pub variable_line: Option<usize>,
    /// The words of a name that mean the type: those of the file first.
    pub words: Vec<TypeWord>,
}

/// A word of a name that means a service type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeWord {
    /// The word, or several with blanks or hyphens between.
    pub word: String,
    /// The line of the file; null for a word that is built in, and for the name of a type that the file adds.
    pub line: Option<usize>,
}

/// The settings in force.
///
/// # Errors
/// When the file cannot be read, is not TOML, or sets something that cannot be set.
pub fn config_report(store: &Store) -> Result<ConfigReport> {
    let config = store.config()?;
    let path = store.config_path();
    let avoid = config.avoided().iter().map(|avoided| AvoidedNumbers {
        first: *avoided.numbers.start(),
        last: *avoided.numbers.end(),
        line: avoided.line,
    });
    let types = config.types().iter().map(|it| ServiceTypeReport::new(it, config.origins()));
    Ok(ConfigReport { exists: path.exists(), path, avoid: avoid.collect(), types: types.collect() })
}

impl ServiceTypeReport {
    fn new(it: &ServiceType, origins: &Origins) -> Self {
        let line = |origin| match origin {
            Origin::BuiltIn => None,
            Origin::Line(line) => Some(line),
        };
        let added = origins.words(it.service).iter();
        let added = added.map(|(word, line)| TypeWord { word: word.clone(), line: Some(*line) });
        let own = match it.service {
            Service::Named(name) => Some(name.as_str().to_owned()),
            _ => None,
        };
        let built_in = own.into_iter().chain(it.service.words().iter().map(|word| (*word).to_owned()));
        let built_in = built_in.map(|word| TypeWord { word, line: None });
        Self {
            service: it.service,
            first: *it.range.start(),
            last: *it.range.end(),
            range_line: line(origins.range(it.service)),
            variable: it.variable.clone(),
            variable_line: line(origins.variable(it.service)),
            words: added.chain(built_in).collect(),
        }
    }
}
