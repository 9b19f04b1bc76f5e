//! `port-manager man`

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Command, ValueHint};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::completions;
use super::exit::Exit;
use super::terminal::{Terminal, counted};
use crate::error::{Error, NameError, Result};
use crate::version;

/// Print a manual page.
///
/// Without COMMAND, it is the page of port-manager itself, which lists the commands. Each command has a page of its own:
/// port-manager-check(1), port-manager-config-show(1).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager man | man -l -
  port-manager man check | man -l -
  port-manager man config show | man -l -
  port-manager man --out ~/.local/share/man/man1

The pages of a program in DIRECTORY/bin belong in DIRECTORY/share/man/man1.
`make install` writes them there.")]
pub(super) struct Arguments {
    /// The command that the page is about: `check`, `config show`.
    #[arg(add = completions::commands())]
    command: Vec<String>,
    /// Write all pages into this directory, and print none. The directory is made where it is missing.
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "command", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: Arguments, command: Command, terminal: &mut Terminal) -> Result<Exit> {
    // What `help` does has no page; `port-manager help check` shows the help of a command that has one.
    let mut command = command.disable_help_subcommand(true);
    command.build();
    if let Some(directory) = arguments.out {
        return write_all(&command, &directory, terminal);
    }
    let mut of = &command;
    for name in &arguments.command {
        of = of.find_subcommand(name).ok_or_else(|| unknown(&command, &arguments.command))?;
    }
    let page = page(of).map_err(|source| Error::Output { source })?;
    terminal.print_bytes(&page)?;
    Ok(Exit::Fine)
}

fn unknown(command: &Command, words: &[String]) -> Error {
    let known = with_subcommands(command).into_iter().filter_map(|it| it.get_bin_name()?.split_once(' '));
    Error::Name(NameError::UnknownCommand {
        name: words.join(" "),
        known: known.map(|(_, words)| words.to_owned()).collect(),
    })
}

fn write_all(command: &Command, directory: &PathBuf, terminal: &mut Terminal) -> Result<Exit> {
    fs::create_dir_all(directory).map_err(Error::writing(directory))?;
    let pages = with_subcommands(command);
    for of in &pages {
        let path = directory.join(Man::new((*of).clone()).get_filename());
        let page = page(of).map_err(|source| Error::Output { source })?;
        fs::write(&path, page).map_err(Error::writing(&path))?;
    }
    terminal.say(format_args!("Wrote {} to {}.", counted(pages.len(), "page"), directory.display()))?;
    Ok(Exit::Fine)
}

/// A command and those below it that are shown.
fn with_subcommands(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|it| !it.is_hide_set()).flat_map(with_subcommands);
    std::iter::once(command).chain(below).collect()
}

/// The page of a command, which has been built.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut page = Vec::new();
    // clap_mangen leaves out a date that is empty, and so moves what follows to its place.
    let (title, date, number) = (name.to_uppercase(), version::date().unwrap_or_default(), version::NUMBER);
    writeln!(page, ".TH {title} 1 \"{date}\" \"port-manager {number}\" \"port-manager manual\"")?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let more = command.get_after_long_help().or_else(|| command.get_after_help());
    further_sections(&more.map(ToString::to_string).unwrap_or_default()).to_writer(&mut page)?;
    see_also(command).to_writer(&mut page)?;
    Ok(page)
}

/// What follows the options in the help: paragraphs, and examples that keep their lines.
fn further_sections(help: &str) -> Roff {
    let mut roff = Roff::new();
    let mut has_notes = false;
    let mut note = |roff: &mut Roff, text: String| {
        roff.control(if has_notes { "PP" } else { "SH" }, (!has_notes).then_some("NOTES"));
        roff.text([roman(text)]);
        has_notes = true;
    };
    for paragraph in help.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        let list = paragraph.split_once(":\n");
        let list = list.filter(|(_, lines)| lines.lines().all(|line| line.starts_with("  ")));
        let Some((title, lines)) = list else {
            note(&mut roff, paragraph.replace('\n', " "));
            continue;
        };
        match title {
            "Examples" | "Environment" => drop(roff.control("SH", [title.to_uppercase().as_str()])),
            title => note(&mut roff, format!("{title}:")),
        }
        roff.control("RS", ["4"]).control("nf", []);
        for line in lines.lines() {
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
        roff.control("fi", []).control("RE", []);
    }
    roff
}

/// The page of the command above: port-manager-config(1) in that of `config show`.
fn see_also(command: &Command) -> Roff {
    let mut roff = Roff::new();
    if let Some((above, _)) = command.get_bin_name().and_then(|words| words.rsplit_once(' ')) {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([roman(format!("{}(1)", above.replace(' ', "-")))]);
    }
    roff
}
