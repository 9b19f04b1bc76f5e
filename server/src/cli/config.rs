//! `port-manager config`

mod editor;

use clap::{Args, Subcommand};

use super::exit::Exit;
use super::table::{self, Field, Tone};
use super::terminal::Terminal;
use crate::error::Result;
use crate::operations::{ConfigReport, ServiceTypeReport, config_report};
use crate::registry::Store;

/// Show or change the numbers of service types, and the ports that are never assigned.
///
/// The settings are in config.toml, beside the registry. Without that file, what is built in holds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager config show
  port-manager config edit
  cat \"$(port-manager config path)\"

A new service type is one line in [ranges]: search = \"9200-9299\"")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) action: Action,
}

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Print the settings in force, and where each comes from.
    Show {
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the path of the file, which need not exist.
    Path,
    /// Open the file in the editor that VISUAL or EDITOR names, and check it afterwards.
    ///
    /// A file that is missing is created with every setting as a comment. The editor's name may have arguments, as in
    /// `code --wait`. No shell reads them.
    Edit,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let store = Store::from_environment()?;
    match arguments.action {
        Action::Show { json } => {
            let report = config_report(&store)?;
            if json {
                terminal.print_json(&report)?
            } else {
                show(&report, terminal)?
            }
            Ok(Exit::Fine)
        }
        Action::Path => {
            terminal.print_line(store.config_path().display().to_string())?;
            Ok(Exit::Fine)
        }
        Action::Edit => editor::edit(&store, terminal),
    }
}

fn show(report: &ConfigReport, terminal: &mut Terminal) -> Result<()> {
    let rows = report.types.iter().map(row);
    table::print(terminal, &["TYPE", "NUMBERS", "VARIABLE", "FROM"], &[], rows)?;
    for avoided in &report.avoid {
        let numbers = crate::config::written(&(avoided.first..=avoided.last));
        terminal.print_line(format!("{numbers} is never assigned (line {})", avoided.line))?;
    }
    let path = report.path.display();
    match report.exists {
        true => terminal.say(format_args!("The lines are those of {path}.")),
        false => {
            terminal.say(format_args!("There is no {path}, so all of this is built in."))?;
            terminal.help("`port-manager config edit` creates the file.")
        }
    }
}

fn row(it: &ServiceTypeReport) -> Vec<Field> {
    let words = it.words.iter().filter_map(|word| Some((format!("\"{}\"", word.word), word.line?)));
    let settings = [("numbers".to_owned(), it.range_line), ("variable".to_owned(), it.variable_line)];
    let settings = settings.into_iter().filter_map(|(name, line)| Some((name, line?)));
    let from: Vec<String> =
        settings.chain(words).map(|(what, line)| format!("{what}: line {line}")).collect();
    vec![
        (it.service.to_string(), Tone::Strong),
        (crate::config::written(&(it.first..=it.last)), Tone::Plain),
        (it.variable.to_string(), Tone::Plain),
        match from.is_empty() {
            true => ("built in".to_owned(), Tone::Faint),
            false => (from.join(", "), Tone::Plain),
        },
    ]
}
