//! The value of `--type`: a service type that is built in, or one of the user's `config.toml`.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command};

use crate::service::Service;

/// Reads a name. Which types the user has is only known once the registry's directory is.
#[derive(Debug, Clone)]
pub(super) struct ServiceTypeParser;

impl TypedValueParser for ServiceTypeParser {
    type Value = Service;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Service, clap::Error> {
        let name = StringValueParser::new().parse_ref(command, argument, value)?;
        name.parse().map_err(|error| {
            clap::Error::raw(ErrorKind::ValueValidation, format!("{error}\n")).with_cmd(command)
        })
    }

    /// Those that are built in, for the help.
    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Service::built_in_names().map(PossibleValue::new)))
    }
}
