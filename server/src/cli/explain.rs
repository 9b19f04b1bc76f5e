//! `port-manager explain RULE`, `port-manager explain --at FILE:LINE`

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, ValueHint};

use super::exit::Exit;
use super::styled::Styled;
use super::table::{self, Tone};
use super::terminal::Terminal;
use crate::analysis::Runtime;
use crate::error::Result;
use crate::operations::explain;
use crate::rules::Rule;

/// Say what a rule is about, or why a number in a file is taken for a port.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("subject").args(["rule", "at"]).required(true), after_help = "\
Examples:
  port-manager explain hardcoded-port
  port-manager explain --at web/server.js:49
  port-manager explain --at web/server.js:49:15 --json

With --at, exit code 1 says that nothing there is a port or the variable of one.
docs/knowledge.md lists all rows and rules by their ids.")]
pub(super) struct Arguments {
    /// The rule.
    #[arg(value_parser = rule())]
    rule: Option<Rule>,
    /// Say what the ports in this line are, and which row or rule decided that.
    #[arg(long, value_name = "FILE:LINE[:COLUMN]", value_parser = place, value_hint = ValueHint::FilePath)]
    at: Option<Place>,
    /// Print the result of --at as JSON.
    #[arg(long, requires = "at")]
    json: bool,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    path: PathBuf,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: Option<usize>,
}

/// A rule by its name.
pub(super) fn rule() -> impl TypedValueParser<Value = Rule> {
    let names = Rule::ALL.map(|rule| PossibleValue::new(rule.name()).help(rule.summary()));
    PossibleValuesParser::new(names)
        .try_map(|name| Rule::of_name(&name).ok_or_else(|| format!("there is no rule '{name}'")))
}

/// `FILE:LINE` or `FILE:LINE:COLUMN`. A path may have colons of its own.
fn place(text: &str) -> std::result::Result<Place, String> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
    let behind = |text: &str| {
        let (before, last) = text.rsplit_once(':')?;
        Some((before.to_owned(), number(last)?))
    };
    let Some((before, last)) = behind(text) else {
        return Err("a file and a line are needed, as in `server.js:3`".to_owned());
    };
    let (path, line, column) = match behind(&before) {
        Some((path, line)) => (path, line, Some(last)),
        None => (before, last, None),
    };
    match path.is_empty() {
        true => Err("a file and a line are needed, as in `server.js:3`".to_owned()),
        false => Ok(Place { path: PathBuf::from(path), line, column }),
    }
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    if let Some(rule) = arguments.rule {
        terminal.print_line(Styled::lines(rule.page().trim_end()))?;
    }
    let Some(at) = arguments.at else { return Ok(Exit::Fine) };
    let explained = explain(&at.path, at.line, at.column)?;
    let is_fine = Exit::fine_if(!explained.places.is_empty());
    if arguments.json {
        terminal.print_json(&explained)?;
        return Ok(is_fine);
    }
    let rows = explained.places.iter().map(|place| {
        vec![
            (place.column.to_string(), Tone::Faint),
            (place.text.clone(), Tone::Strong),
            (place.meaning.clone(), Tone::Plain),
            (place.decided_by.clone(), Tone::Plain),
            (place.because.clone().unwrap_or_default(), Tone::Plain),
        ]
    });
    let hosts = explained.hosts.iter().map(|host| {
        vec![
            (host.column.to_string(), Tone::Faint),
            (host.text.clone(), Tone::Strong),
            ("a host".to_owned(), Tone::Plain),
            (host.decided_by.clone(), Tone::Plain),
            (host.because.clone().unwrap_or_default(), Tone::Plain),
        ]
    });
    let file = explained.file.iter().map(|file| {
        vec![
            (String::new(), Tone::Faint),
            (explained.path.clone(), Tone::Strong),
            (where_it_runs(file.runtime).to_owned(), Tone::Plain),
            (file.decided_by.clone(), Tone::Plain),
            (file.because.clone().unwrap_or_default(), Tone::Plain),
        ]
    });
    // Where the code runs matters for what the line says, and is no answer where it says nothing.
    let has_any = !explained.places.is_empty() || !explained.hosts.is_empty();
    let rows: Vec<_> = rows.chain(hosts).chain(file.filter(|_| has_any)).collect();
    table::print(terminal, &["COLUMN", "TEXT", "MEANING", "DECIDED BY", "WHICH SAYS"], &[0], rows)?;
    match &explained.skipped {
        Some(reason) => terminal.say(format_args!("{}: {reason}", explained.path))?,
        None if explained.places.is_empty() => {
            terminal.say(format_args!("{}:{}: no port in this line.", explained.path, explained.line))?;
        }
        None => {}
    }
    Ok(is_fine)
}

/// Where the code of a file runs, in a few words.
fn where_it_runs(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::Host => "it runs here",
        Runtime::Browser => "a browser runs it",
        Runtime::Unclear => "a browser runs it, or it runs here",
        Runtime::Container => "a container runs it",
        Runtime::Elsewhere => "it runs in CI, a cluster, a cloud or production",
        Runtime::Aside => "it is a test, an example, or generated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_a_line_and_maybe_a_column() {
        let expected = |path: &str, line, column| Ok(Place { path: PathBuf::from(path), line, column });
        assert_eq!(place("a.js:3"), expected("a.js", 3, None));
        assert_eq!(place("a.js:3:12"), expected("a.js", 3, Some(12)));
        assert_eq!(place("C:\\shop\\a.js:3"), expected("C:\\shop\\a.js", 3, None));
        for wrong in ["a.js", "a.js:0", "a.js:x", ":3", ""] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
