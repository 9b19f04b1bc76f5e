//! `port-manager ports [PATH]`

use std::path::PathBuf;

use clap::{Args, ValueHint};
use unicode_width::UnicodeWidthStr as _;

use super::exit::Exit;
use super::table::{self, Field, Tone};
use super::terminal::{Terminal, counted};
use super::unread;
use crate::error::{Error, Result};
use crate::operations::{Context, PlaceReport, PortReport, PortsReport, ports};
use crate::port::Port;
use crate::project::ProjectRoot;

/// Show the ports that a project has, by its own code.
///
/// Reads all files of the project: a number in the server, in its client and in a compose file is one port with one
/// variable. DEFAULT is the number that the code uses, HERE the one that this machine gives it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  port-manager ports
  port-manager ports ~/code/shop
  port-manager ports --json | jq -r '.ports[] | select(.is_decided_here) | .variable'

Exit code 1 says that the project has no ports.")]
pub(super) struct Arguments {
    /// A directory of the project [default: the current directory].
    #[arg(value_hint = ValueHint::DirPath)]
    path: Option<PathBuf>,
    /// Also show the ports of containers, tests, production and other people's servers.
    #[arg(long)]
    all: bool,
    /// Print the result as JSON, with every place.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let directory = match arguments.path {
        Some(path) => path,
        None => std::env::current_dir().map_err(|source| Error::CurrentDirectory { source })?,
    };
    if !directory.is_dir() {
        return Err(Error::NotADirectory { path: directory });
    }
    let report =
        ports(&Context::from_environment()?, &ProjectRoot::of_directory(&directory, Some(&directory)))?;
    if arguments.json {
        terminal.print_json(&report)?;
    } else {
        print(&report, arguments.all, terminal)?;
        unread::warn(&report.unread, terminal)?;
    }
    Ok(Exit::fine_if(!report.ports.is_empty()))
}

/// How many places to change by hand are listed; the JSON has all.
const MOST_BY_HAND: usize = 8;

/// The fewest characters in which a place can be recognised.
const NARROWEST_PLACE: usize = 16;

fn print(report: &PortsReport, all: bool, terminal: &mut Terminal) -> Result<()> {
    let name = &report.project;
    if report.ports.is_empty() {
        return terminal.say(format_args!("{name} has no ports."));
    }
    let (own, others): (Vec<&PortReport>, Vec<&PortReport>) =
        report.ports.iter().partition(|port| port.is_decided_here);
    let shown: Vec<&PortReport> = own.iter().chain(others.iter().filter(|_| all)).copied().collect();
    if !shown.is_empty() {
        print_table(&shown, terminal)?;
    }
    print_by_hand(&own, terminal)?;
    for port in own.iter().filter(|port| port.reads_bare_port.is_some()) {
        let directory =
            port.reads_bare_port.iter().map(|it| it.display().to_string()).find(|it| !it.is_empty());
        let directory = directory.unwrap_or_else(|| "the root directory".to_owned());
        terminal.say(format_args!("{} is what {directory} reads as PORT.", port.variable))?;
    }
    terminal.say("")?;
    terminal.say(format_args!("{name} has {}.", counted(own.len(), "port")))?;
    if own.iter().any(|port| port.assigned.is_none()) {
        terminal.say("Next: `port-manager init` gives them numbers of this machine.")?;
    }
    if !others.is_empty() && !all {
        let are = if others.len() == 1 { "is" } else { "are" };
        terminal.say(format_args!(
            "{} more {are} of containers, tests or other servers; --all shows them.",
            others.len()
        ))?;
    }
    Ok(())
}

/// A column of places, as narrow as the terminal asks for.
struct Places {
    texts: Vec<Option<(String, String)>>,
    width: usize,
}

impl Places {
    fn of(ports: &[&PortReport], places: impl Fn(&PortReport) -> &[PlaceReport]) -> Self {
        let texts: Vec<_> = ports.iter().map(|port| place(places(port), port.is_decided_here)).collect();
        let width = texts.iter().flatten().map(|(path, rest)| path.width() + rest.width()).max().unwrap_or(0);
        Self { texts, width }
    }

    fn field(&self, row: usize, tone: Tone) -> Field {
        match self.texts.get(row).and_then(Option::as_ref) {
            Some((path, rest)) => {
                (format!("{}{rest}", shortened(path, self.width.saturating_sub(rest.width()))), tone)
            }
            None => ("-".to_owned(), Tone::Faint),
        }
    }
}

fn print_table(ports: &[&PortReport], terminal: &mut Terminal) -> Result<()> {
    let mut listens = Places::of(ports, |port| &port.listens);
    let mut connects = Places::of(ports, |port| &port.connects);
    let is_set_up = ports.iter().any(|port| port.assigned.is_some());
    let mut titles = vec!["VARIABLE", "DEFAULT"];
    titles.extend(is_set_up.then_some("HERE"));
    titles.extend(["SERVICE", "LISTENS"]);
    titles.extend((connects.width > 0).then_some("CONNECTS"));
    titles.push("PLACES");
    if let Some(width) = terminal.width() {
        // What says least gives way first; a wider terminal shows it.
        let room = |titles: &[&str]| usize::from(width).saturating_sub(taken(titles, ports));
        for least in ["SERVICE", "PLACES"] {
            if narrowest(&listens) + narrowest(&connects) > room(&titles) {
                titles.retain(|title| *title != least);
            }
        }
        share(room(&titles), &mut listens, &mut connects);
    }
    let right: Vec<usize> = titles
        .iter()
        .enumerate()
        .filter(|(_, title)| matches!(**title, "DEFAULT" | "HERE" | "PLACES"))
        .map(|(index, _)| index)
        .collect();
    let rows = ports.iter().enumerate().map(|(index, port)| {
        let tone = if port.is_decided_here { Tone::Plain } else { Tone::Faint };
        let name = if port.is_decided_here { Tone::Strong } else { Tone::Faint };
        let mut row = vec![(port.variable.to_string(), name), number(port.default, tone)];
        // What differs from what everybody knows is what somebody looks for.
        let assigned = if port.assigned == port.default { tone } else { Tone::Good };
        row.extend(is_set_up.then(|| number(port.assigned, assigned)));
        row.extend(titles.contains(&"SERVICE").then(|| (port.service.to_string(), tone)));
        row.push(listens.field(index, tone));
        row.extend((connects.width > 0).then(|| connects.field(index, tone)));
        row.extend(titles.contains(&"PLACES").then(|| (places_of(port).to_string(), tone)));
        row
    });
    table::print(terminal, &titles, &right, rows)
}

/// How many characters the columns take that show no places, with the blanks between all.
fn taken(titles: &[&str], ports: &[&PortReport]) -> usize {
    let widest =
        |text: fn(&PortReport) -> &str| ports.iter().map(|port| text(port).width()).max().unwrap_or(0);
    let of_column = |title: &&str| match *title {
        "VARIABLE" => title.len().max(widest(|port| port.variable.as_str())),
        "SERVICE" => title.len().max(widest(|port| port.service.name())),
        "LISTENS" | "CONNECTS" => 0,
        _ => title.len().max("65535".len()),
    };
    titles.iter().map(of_column).sum::<usize>() + table::GAP * titles.len().saturating_sub(1)
}

/// The fewest characters of a column of places.
fn narrowest(column: &Places) -> usize {
    column.width.min(NARROWEST_PLACE)
}

/// Divides so many characters between two columns of places: what one does not need, the other has.
fn share(width: usize, listens: &mut Places, connects: &mut Places) {
    if listens.width + connects.width <= width || narrowest(listens) + narrowest(connects) > width {
        return;
    }
    let half = width / 2;
    let of_listens = listens.width.min(half.max(width.saturating_sub(connects.width)));
    let of_connects = connects.width.min(width - of_listens);
    (listens.width, connects.width) = (of_listens, of_connects);
}

fn number(number: Option<Port>, tone: Tone) -> Field {
    number.map_or_else(|| ("-".to_owned(), Tone::Faint), |it| (it.to_string(), tone))
}

/// How many places there are. Of a port of this machine, tests and containers do not count.
fn places_of(port: &PortReport) -> usize {
    if port.is_decided_here { port.places_here } else { port.places }
}

/// The places that no fix can repair, with the variable for each.
fn print_by_hand(ports: &[&PortReport], terminal: &mut Terminal) -> Result<()> {
    let places: Vec<(&PortReport, &PlaceReport)> =
        ports.iter().flat_map(|port| port.by_hand.iter().map(move |place| (*port, place))).collect();
    if places.is_empty() {
        return Ok(());
    }
    terminal.print_line("")?;
    let width = terminal.width().map_or(usize::MAX, usize::from);
    let widest = places.iter().map(|(port, _)| port.variable.as_str().width()).max().unwrap_or(0);
    let rows = places.iter().take(MOST_BY_HAND).map(|(port, place)| {
        let end = format!(":{}:{}", place.line, place.column);
        let path = place.path.display().to_string();
        let path = shortened(&path, width.saturating_sub(widest + table::GAP + end.len()));
        vec![(port.variable.to_string(), Tone::Plain), (format!("{path}{end}"), Tone::Plain)]
    });
    table::print(terminal, &["BY HAND", "WHERE"], &[], rows)?;
    let more = places.len().saturating_sub(MOST_BY_HAND);
    if more > 0 {
        terminal.say(format_args!("and {} more, which --json lists", counted(more, "place")))?;
    }
    terminal.say("Run `port-manager check` to see how to change them.")
}

/// The first place, as its path and what follows that, with how many more files there are: `web/server.js` and `:49 +2`. Of
/// a port of this machine, tests and containers do not count.
fn place(places: &[PlaceReport], is_decided_here: bool) -> Option<(String, String)> {
    let places: Vec<&PlaceReport> =
        places.iter().filter(|place| !is_decided_here || place.runtime.is_here()).collect();
    let first = places.first()?;
    let mut files: Vec<_> = places.iter().map(|place| &place.path).collect();
    files.dedup();
    let more = if files.len() > 1 { format!(" +{}", files.len() - 1) } else { String::new() };
    Some((first.path.display().to_string(), format!(":{}{more}", first.line)))
}

/// The end of a path that has so many characters, from a directory on where that is possible: `…/server/main.go`.
fn shortened(path: &str, width: usize) -> String {
    if path.width() <= width {
        return path.to_owned();
    }
    let from_directory = path.match_indices('/').map(|(at, _)| &path[at..]);
    let from_character = path.char_indices().map(|(at, _)| &path[at..]);
    let end = from_directory.chain(from_character).find(|end| end.width() < width);
    format!("…{}", end.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_beginning_where_there_is_no_room() {
        for (width, expected) in [
            (30, "logger/backend/cmd/server.go"),
            (28, "logger/backend/cmd/server.go"),
            (27, "…/backend/cmd/server.go"),
            (15, "…/cmd/server.go"),
            (12, "…/server.go"),
            (8, "…rver.go"),
        ] {
            assert_eq!(shortened("logger/backend/cmd/server.go", width), expected);
        }
    }
}
