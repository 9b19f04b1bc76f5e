//! The address of a project's server.

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::environment::{Environment, Precedence, environment};
use crate::error::{Error, NameError, Result};
use crate::port::Port;
use crate::registry::Store;
use crate::service::Service;
use crate::variable::Variable;

/// What may not stand in the path and query of an address as it is (RFC 3986). An escape that is there stays.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Where a server of the project is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address: `http://localhost:8000/`.
    pub url: String,
    /// The port in it.
    pub port: Port,
    /// The variable that holds it.
    pub variable: Variable,
}

/// What an address has besides the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressParts<'a> {
    /// `http` or `https`; without one, `http` where a server of this type is expected to speak it.
    pub scheme: Option<&'a str>,
    /// The path with its query, with or without a slash in front.
    pub path: &'a str,
}

/// The server that is meant where no variable is named: the web server, else the API.
fn server(given: &Environment) -> Result<(Variable, Port)> {
    given
        .meant(Service::Web)
        .or_else(|several| match several.is_empty() {
            true => given.meant(Service::Api),
            false => Err(several),
        })
        .map_err(|several| {
            let candidates = if several.is_empty() { given.ports.keys().cloned().collect() } else { several };
            Error::Name(NameError::UnclearVariable { candidates })
        })
}

/// The address of the server on a variable's port; without a variable, of the directory's `PORT`, or the project's only web
/// server.
///
/// # Errors
/// As [`environment`]; [`NameError::UnknownVariable`] when the variable has no port here, [`NameError::UnclearVariable`] when
/// several may be meant, and [`Error::NoWebAddress`] when no scheme is named and the type is one that speaks no HTTP.
pub fn address(
    store: Result<Store>,
    directory: &Path,
    variable: Option<&Variable>,
    parts: AddressParts<'_>,
) -> Result<Address> {
    let given = environment(store, directory, Precedence::PortsEnv, |_| None)?;
    let (variable, port) = match variable {
        Some(variable) => (variable.clone(), given.named_port(variable)?),
        None => server(&given)?,
    };
    let AddressParts { scheme, path } = parts;
    let scheme = match (scheme, given.service(&variable, port)) {
        (None, service @ (Service::Db | Service::Cache | Service::Queue)) => {
            return Err(Error::NoWebAddress { variable, service });
        }
        (scheme, _) => scheme.unwrap_or("http"),
    };
    let path = utf8_percent_encode(path.strip_prefix('/').unwrap_or(path), ESCAPED);
    Ok(Address { url: format!("{scheme}://localhost:{port}/{path}"), port, variable })
}
