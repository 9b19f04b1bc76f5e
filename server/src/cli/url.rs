//! `port-manager url` and `port-manager open`

use clap::{Args, ValueEnum};

use super::completions;
use super::exit::Exit;
use super::project::{Named, directory_of};
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::operations::{Address, AddressParts, Context, address, who_has};
use crate::registry::Store;
use crate::variable::Variable;

/// Print the address of a server of the project.
///
/// Without VARIABLE, it is that of the current directory's PORT, or of the project's only web server.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager url
  port-manager url API_PORT --path /health
  curl \"$(port-manager url API_PORT --path 'items?page=2')\"")]
pub(super) struct UrlArguments {
    #[command(flatten)]
    server: Server,
}

/// Open a server of the project in the browser.
///
/// Without VARIABLE, it is that of the current directory's PORT, or of the project's only web server. The browser is the
/// one that BROWSER names, else the desktop's.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager open
  port-manager open WEB_PORT --path /login
  port-manager open STORYBOOK_PORT")]
pub(super) struct OpenArguments {
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Args)]
struct Server {
    /// The variable that holds its port.
    #[arg(add = completions::variables())]
    variable: Option<Variable>,
    /// The project: its name, or a directory in it [default: the current directory].
    #[arg(long, value_name = "PROJECT", add = completions::projects())]
    project: Option<Named>,
    /// The path, with a query if there is one.
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    path: String,
    /// http or https. Give it, too, where a database, cache or queue does speak HTTP.
    #[arg(long, value_name = "SCHEME", hide_possible_values = true)]
    scheme: Option<Scheme>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scheme {
    Http,
    Https,
}

impl Server {
    fn address(&self) -> Result<Address> {
        let directory = directory_of(self.project.as_ref())?;
        let scheme = self.scheme.map(|scheme| match scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        });
        let parts = AddressParts { scheme, path: &self.path };
        address(Store::from_environment(), &directory, self.variable.as_ref(), parts)
    }
}

pub(super) fn url(arguments: UrlArguments, terminal: &mut Terminal) -> Result<Exit> {
    terminal.print_line(arguments.server.address()?.url)?;
    Ok(Exit::Fine)
}

pub(super) fn open(arguments: OpenArguments, terminal: &mut Terminal) -> Result<Exit> {
    let Address { url, port, variable } = arguments.server.address()?;
    let context = Context::from_environment()?;
    if who_has(&context, port).is_ok_and(|holding| holding.listeners.is_empty()) {
        terminal.warn(format_args!("nothing listens on {port} ({variable}) yet"))?;
    }
    terminal.say(format_args!("Opening {url}"))?;
    terminal.flush()?;
    webbrowser::open(&url).map_err(|source| Error::Browser { url, source })?;
    Ok(Exit::Fine)
}
