//! `.ports.env`: lossless parse and edit.
//!
//! The format is what shells, Docker Compose (`--env-file`) and the dotenv libraries agree on:
//! `KEY=PORT` lines, `#` comments, an optional `export `, optional quotes. Values are ports and
//! nothing else.

pub mod block;
mod example;
mod gitignore;
mod stripped;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::path::Path;

pub use example::{Example, FILE_NAME as EXAMPLE_FILE_NAME, Listed};
pub(crate) use gitignore::pending_ignore;
pub use gitignore::{is_exposed, is_file_ignored, is_ignored};
pub use stripped::{Stripped, stripped};

use crate::error::{Error, Result};
use crate::files::{self, Pending, ThisDisk};
use crate::port::Port;
use crate::variable::Variable;

/// The file's name.
pub const FILE_NAME: &str = ".ports.env";

/// Whether each file of the project that is written for its ports can be read, where it is there.
///
/// # Errors
/// When one is not a regular file, is too large, leads out of the project, or cannot be read.
pub fn readable(root: impl AsRef<Path>) -> Result<()> {
    for name in [FILE_NAME, example::FILE_NAME, gitignore::FILE_NAME] {
        files::read_within(root.as_ref(), name)?;
    }
    Ok(())
}

/// The first lines of every `.ports.env` that port-manager writes.
const HEADER: &str = "\
# The ports of this project on this machine, managed by port-manager. Do not commit this file.
# any command:     port-manager run docker compose up
# shell:           set -a; . ./.ports.env; set +a
# Node.js:         node --env-file=.ports.env server.js
";

/// What the first line of a file that has the header holds, in this version or another.
const HEADER_MARK: &str = "managed by port-manager";

/// How many lines a file may have besides comments and empty ones. A project has a few dozen ports at
/// most, and all service ranges together have fewer numbers than this.
pub const MOST_LINES: usize = 1_000;

/// A parsed `.ports.env`. What is not understood stays as it was, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortsEnv {
    text: String,
    definitions: Vec<Definition>,
    problems: Vec<Problem>,
    lines: Vec<Line>,
    /// Where each variable is found last in `lines` and in `definitions`.
    last: BTreeMap<Variable, Last>,
    /// How many lines are neither empty nor a comment.
    line_count: usize,
}

/// The last of a variable's lines: the one that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Last {
    line: usize,
    definition: Option<usize>,
}

/// One `KEY=PORT` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The variable.
    pub variable: Variable,
    /// Its port.
    pub port: Port,
    /// The bytes of the variable's name.
    pub name_span: Range<usize>,
    /// The bytes of the number.
    pub port_span: Range<usize>,
}

/// Something in a `.ports.env` that should not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes it is about: never empty, never beyond its line.
    pub span: Range<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The line is not `KEY=PORT`, nor a comment, nor empty.
    NotAnAssignment,
    /// The value is not a port.
    NotAPort {
        /// The variable.
        variable: Variable,
        /// Whether there is no value at all, as in `WEB_PORT=`, which [`PortsEnv::set`] fills in.
        is_left_out: bool,
    },
    /// The name is not the name of a port variable, whatever the value is.
    NotAPortVariable {
        /// The variable.
        variable: Variable,
        /// Whether the value is a port, so that only the name is wrong.
        is_port: bool,
    },
    /// The variable is given a value again further down, and the last one counts, as it does for a
    /// shell: this line has no effect.
    DuplicateVariable {
        /// The variable.
        variable: Variable,
    },
    /// Another variable has this port already.
    DuplicatePort {
        /// The variable of this line.
        variable: Variable,
        /// The variable that has the port.
        other: Variable,
        /// The port.
        port: Port,
    },
}

impl fmt::Display for ProblemKind {
    /// What is wrong, then what to do. A value is never shown: it may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnAssignment => f.write_str(
                "this line is not `KEY=PORT`: write it so, without spaces around `=`, or make it a comment",
            ),
            Self::NotAPort { variable, is_left_out: true } => {
                write!(f, "{variable} has no port: `port-manager init` gives it one")
            }
            Self::NotAPort { variable, is_left_out: false } => write!(
                f,
                "the value of {variable} is not a port: write a whole number from 1 to 65535, \
                 or remove the line"
            ),
            Self::NotAPortVariable { variable, is_port: true } => match variable.renamed_for_port() {
                Some(name) => {
                    write!(
                        f,
                        "{variable} is not the name of a port variable: rename it, to {name} for example"
                    )
                }
                None => write!(
                    f,
                    "{variable} is not the name of a port variable, and programs obey all names that begin so: \
                     give the port another name, as WEB_PORT"
                ),
            },
            Self::NotAPortVariable { variable, is_port: false } => write!(
                f,
                "{variable} is not the name of a port variable, and `.ports.env` holds nothing else: \
                 keep this line in another file, such as `.env`"
            ),
            Self::DuplicateVariable { variable } => {
                write!(f, "{variable} is given a value again further down: this line has no effect")
            }
            Self::DuplicatePort { variable, other, port } => {
                write!(f, "{variable} has port {port}, and so has {other}: only one of the two can listen")
            }
        }
    }
}

/// A line that is about a port variable, well or badly formed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// The whole line with its end.
    span: Range<usize>,
    /// Where a port is written that the line leaves out, as in `WEB_PORT=`.
    gap: Option<Range<usize>>,
    variable: Variable,
    /// The bytes of the variable's name.
    name: Range<usize>,
    /// Which definition it is, where it is well-formed.
    definition: Option<usize>,
}

impl PortsEnv {
    /// Parses a text. Every text can be parsed; what is wrong with it is in [`Self::problems`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut parsed = Self { text: text.to_owned(), ..Self::default() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let content = line.strip_suffix('\n').unwrap_or(line);
            let content = content.strip_suffix('\r').unwrap_or(content);
            parsed.read_line(content, start, end);
            start = end;
        }
        parsed.find_duplicates();
        parsed
    }

    /// A file with nothing in it but the header that names its owner.
    #[must_use]
    pub fn managed() -> Self {
        Self::parse(HEADER)
    }

    /// The `.ports.env` of the project; `None` where it has none.
    ///
    /// # Errors
    /// When the file cannot be read, has more than [`MOST_LINES`] lines, or is a symbolic link that
    /// leads out of the project.
    pub fn load(root: impl AsRef<Path>) -> Result<Option<Self>> {
        let Some(text) = files::read_within(root.as_ref(), FILE_NAME)? else { return Ok(None) };
        let file = Self::parse(&text);
        file.ensure_bounded(root, FILE_NAME)?;
        Ok(Some(file))
    }

    /// Checks that the file can be read again once it is written to the project under that name.
    pub(crate) fn ensure_bounded(&self, root: impl AsRef<Path>, name: &str) -> Result<()> {
        let count = self.line_count;
        if count <= MOST_LINES {
            return Ok(());
        }
        Err(Error::TooManyLines { path: root.as_ref().join(name), count, most: MOST_LINES })
    }

    /// What writing the `.ports.env` of the project would change, with the header that says who manages it.
    ///
    /// # Errors
    /// When the file cannot be read, or is a symbolic link that leads out of the project.
    pub(crate) fn pending(&self, root: impl AsRef<Path>) -> Result<Option<Pending>> {
        if files::read_within(root.as_ref(), FILE_NAME)?.is_some_and(|text| text == self.text) {
            return Ok(None);
        }
        files::pending_within(root.as_ref(), FILE_NAME, self.with_header())
    }

    /// Removes what a process has left that died while it wrote the project's files. Only for who has
    /// the registry's lock, which all have who write them.
    pub(crate) fn remove_leftovers(root: impl AsRef<Path>) {
        for name in [FILE_NAME, example::FILE_NAME, gitignore::FILE_NAME] {
            if let Ok(path) = files::within(root.as_ref(), name) {
                files::remove_leftovers(&ThisDisk, &path);
            }
        }
    }

    /// Whether port-manager has written the file: it has the header that says so.
    #[must_use]
    pub fn is_managed(&self) -> bool {
        self.text
            .lines()
            .take_while(|line| line.trim_start_matches('\u{feff}').starts_with('#'))
            .any(|line| line.contains(HEADER_MARK))
    }

    fn with_header(&self) -> String {
        if self.is_managed() {
            return self.text.clone();
        }
        let header = HEADER.replace('\n', newline_of(&self.text));
        match self.text.strip_prefix('\u{feff}') {
            Some(rest) => format!("\u{feff}{header}{rest}"),
            None => format!("{header}{}", self.text),
        }
    }

    /// The port of a variable; of several lines the last counts.
    #[must_use]
    pub fn get(&self, variable: &Variable) -> Option<Port> {
        self.definition(variable).map(|definition| definition.port)
    }

    fn definition(&self, variable: &Variable) -> Option<&Definition> {
        self.definitions.get(self.last.get(variable)?.definition?)
    }

    /// Whether a line is about the variable, well-formed or not.
    #[must_use]
    pub fn lists(&self, variable: &Variable) -> bool {
        self.last.contains_key(variable)
    }

    /// Every well-formed line, in the order of the text, also those that a later one overrides.
    #[must_use]
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Every port variable that a line is about, well-formed or not, once each, in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        let mut seen = BTreeSet::new();
        self.lines.iter().map(|line| &line.variable).filter(move |variable| seen.insert(*variable))
    }

    /// Every line that is about a port variable, well-formed or not: the variable, the bytes of its name, and its port.
    pub fn named_lines(&self) -> impl Iterator<Item = (&Variable, Range<usize>, Option<Port>)> {
        self.lines.iter().map(|line| {
            let definition = line.definition.and_then(|index| self.definitions.get(index));
            (&line.variable, line.name.clone(), definition.map(|definition| definition.port))
        })
    }

    /// Everything that should not be there, in the order of the text.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Where the value belongs that a line leaves out: behind the `=`, between its quotes. The bytes are in that line.
    #[must_use]
    pub fn gap_at(&self, span: &Range<usize>) -> Option<usize> {
        let line =
            self.lines.iter().find(|line| line.span.start <= span.start && span.start < line.span.end)?;
        Some(line.gap.as_ref()?.start)
    }

    /// The number of the line that a problem is in, from 1.
    #[must_use]
    pub fn line_of(&self, problem: &Problem) -> usize {
        self.text[..problem.span.start].matches('\n').count() + 1
    }

    /// Gives a variable a port: in its own line where that has a port or leaves it out, else in a new
    /// last line, which is the one that counts. A line with another value stays as it is.
    pub fn set(&mut self, variable: &Variable, port: Port) {
        self.set_all([(variable, port)]);
    }

    /// Gives each variable its port, as [`Self::set`] does, with one pass over the text. New lines
    /// come in the given order; of two ports for one variable, the last counts.
    pub fn set_all<'v>(&mut self, ports: impl IntoIterator<Item = (&'v Variable, Port)>) {
        let mut edits: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
        let mut new: Vec<(&Variable, Port)> = Vec::new();
        let mut place_in_new: BTreeMap<&Variable, usize> = BTreeMap::new();
        for (variable, port) in ports {
            let edit = match self.last.get(variable) {
                Some(Last { definition: Some(definition), .. }) => {
                    (self.definitions[*definition].port_span.clone(), port.to_string())
                }
                Some(last) if let Some(gap) = &self.lines[last.line].gap => (gap.clone(), port.to_string()),
                _ => {
                    let place = *place_in_new.entry(variable).or_insert(new.len());
                    match new.get_mut(place) {
                        Some(line) => line.1 = port,
                        None => new.push((variable, port)),
                    }
                    continue;
                }
            };
            edits.insert(edit.0.start, edit);
        }
        edits.retain(|_, (span, number)| self.text[span.clone()] != *number);
        if edits.is_empty() && new.is_empty() {
            return;
        }
        let mut text = with_edits(&self.text, edits.into_values());
        let newline = newline_of(&text);
        if !new.is_empty() && !text.is_empty() && !text.ends_with('\n') {
            text.push_str(newline);
        }
        text.extend(new.into_iter().map(|(variable, port)| format!("{variable}={port}{newline}")));
        *self = Self::parse(&text);
    }

    /// Removes every line of a variable.
    pub fn remove(&mut self, variable: &Variable) {
        self.retain(|other| other != variable);
    }

    /// Removes every line of the variables that are not to be kept, with one pass over the text.
    pub fn retain(&mut self, is_kept: impl Fn(&Variable) -> bool) {
        let gone = self.lines.iter().filter(|line| !is_kept(&line.variable));
        let text = with_edits(&self.text, gone.map(|line| (line.span.clone(), String::new())));
        if text.len() < self.text.len() {
            *self = Self::parse(&text);
        }
    }

    /// The file's text: where nothing was edited, what was parsed, byte for byte.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.text.clone()
    }

    fn read_line(&mut self, content: &str, start: usize, end: usize) {
        // A byte order mark can only stand at the beginning of the text.
        let mark = if start == 0 && content.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let body = content[mark..].trim_start();
        let body_start = start + content.len() - body.len();
        let body = body.trim_end();
        if body.is_empty() || body.starts_with('#') {
            return;
        }
        self.line_count += 1;
        let whole = body_start..body_start + body.len();
        let name_start = match body.strip_prefix("export") {
            Some(rest) if rest.starts_with([' ', '\t']) => body_start + body.len() - rest.trim_start().len(),
            _ => body_start,
        };
        let assignment = &self.text[name_start..whole.end];
        let Some((name, value)) = assignment.split_once('=') else {
            self.problems.push(Problem { span: whole, kind: ProblemKind::NotAnAssignment });
            return;
        };
        let Ok(variable) = name.trim_end().parse::<Variable>() else {
            self.problems.push(Problem { span: whole, kind: ProblemKind::NotAnAssignment });
            return;
        };
        let inner = inner_value(value);
        let read = inner.clone().and_then(|inner| value[inner].parse::<Port>().ok());
        if variable.ensure_holds_port().is_err() {
            let kind = ProblemKind::NotAPortVariable { variable, is_port: read.is_some() };
            self.problems.push(Problem { span: whole, kind });
            return;
        }
        let name_span = name_start..name_start + variable.as_str().len();
        let value_start = name_start + name.len() + 1;
        // Space around the sign makes a shell run `WEB_PORT` as a command; space behind it alone leaves
        // the value out.
        let is_left_out = inner.as_ref().is_some_and(Range::is_empty);
        let is_spaced =
            name.ends_with(char::is_whitespace) || (value.starts_with(char::is_whitespace) && !is_left_out);
        let place = inner.map(|inner| value_start + inner.start..value_start + inner.end);
        let (mut gap, mut definition) = (None, None);
        let name_bytes = name_span.clone();
        let last = self.last.entry(variable.clone()).or_default();
        last.line = self.lines.len();
        match (read, place) {
            _ if is_spaced => self.problems.push(Problem { span: whole, kind: ProblemKind::NotAnAssignment }),
            (Some(port), Some(port_span)) => {
                let variable = variable.clone();
                definition = Some(self.definitions.len());
                last.definition = definition;
                self.definitions.push(Definition { variable, port, name_span, port_span });
            }
            (_, place) => {
                gap = place.filter(Range::is_empty);
                let span = if value.is_empty() { whole } else { value_start..whole.end };
                let kind = ProblemKind::NotAPort { variable: variable.clone(), is_left_out: gap.is_some() };
                self.problems.push(Problem { span, kind });
            }
        }
        // The mark is the file's and stays when the line goes.
        self.lines.push(Line { span: start + mark..end, gap, variable, name: name_bytes, definition });
    }

    fn find_duplicates(&mut self) {
        let mut problems = Vec::new();
        // Of each port, the first variable that has it, and the first other one.
        let mut holders: BTreeMap<Port, (&Variable, Option<&Variable>)> = BTreeMap::new();
        for (index, Definition { variable, port, name_span, port_span }) in
            self.definitions.iter().enumerate()
        {
            let overriding = self.last.get(variable).and_then(|last| last.definition);
            let (first, second) =
                holders.get(port).map_or((None, None), |(first, second)| (Some(*first), *second));
            if overriding != Some(index) {
                let kind = ProblemKind::DuplicateVariable { variable: variable.clone() };
                problems.push(Problem { span: name_span.clone(), kind });
            } else if let Some(other) = first.filter(|first| *first != variable).or(second) {
                let (variable, other) = (variable.clone(), other.clone());
                let kind = ProblemKind::DuplicatePort { variable, other, port: *port };
                problems.push(Problem { span: port_span.clone(), kind });
            }
            // A line without effect holds nothing.
            if self.get(variable) == Some(*port) {
                let holder = holders.entry(*port).or_insert((variable, None));
                if holder.0 != variable {
                    holder.1.get_or_insert(variable);
                }
            }
        }
        self.problems.append(&mut problems);
        self.problems.sort_by_key(|problem| problem.span.start);
    }
}

/// Where the value proper stands in what follows the `=`: without its quotes and the comment
/// behind it. `None` where a quote is not closed or something else follows.
fn inner_value(value: &str) -> Option<Range<usize>> {
    let (inner, rest) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let end = value[1..].find(quote)? + 1;
            (1..end, &value[end + 1..])
        }
        _ => {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            (0..end, &value[end..])
        }
    };
    let comment = rest.trim_start();
    let is_comment = comment.starts_with('#') && comment.len() < rest.len();
    (comment.is_empty() || is_comment).then_some(inner)
}

/// How a text ends its lines.
fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The text with some of its parts replaced. They come in the order of the text and do not overlap.
fn with_edits(text: &str, edits: impl Iterator<Item = (Range<usize>, String)>) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut end = 0;
    for (span, replacement) in edits {
        edited.push_str(&text[end..span.start]);
        edited.push_str(&replacement);
        end = span.end;
    }
    edited + &text[end..]
}
