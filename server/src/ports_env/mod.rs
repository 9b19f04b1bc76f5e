//! `.ports.env`: lossless parse and edit.
//!
//! The format is what shells, Docker Compose (`--env-file`) and the dotenv libraries agree on:
//! `KEY=PORT` lines, `#` comments, an optional `export `, optional quotes. Values are ports and
//! nothing else.

mod example;
mod gitignore;

use std::ops::Range;
use std::path::{Path, PathBuf};

pub use example::Example;
pub use gitignore::{ignore_ports_env, is_ignored};

use crate::error::Result;
use crate::files;
use crate::port::Port;
use crate::variable::Variable;

/// The file's name.
pub const FILE_NAME: &str = ".ports.env";

/// The first lines of every `.ports.env` that port-manager writes.
const HEADER: &str = "\
# The ports of this project on this machine, managed by port-manager. Do not commit this file.
# shell:           set -a; . ./.ports.env; set +a
# Docker Compose:  docker compose --env-file .ports.env up
# Node.js:         node --env-file=.ports.env server.js
";

/// What the first line of a file that has the header holds, in this version or another.
const HEADER_MARK: &str = "managed by port-manager";

/// A parsed `.ports.env`. What is not understood stays as it was, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortsEnv {
    text: String,
    definitions: Vec<Definition>,
    problems: Vec<Problem>,
    lines: Vec<Line>,
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

/// A line that is about a variable, well or badly formed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// The whole line with its end.
    span: Range<usize>,
    /// The line without its end.
    content: Range<usize>,
    variable: Variable,
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

    /// A file with nothing in it but the header that says whose it is.
    #[must_use]
    pub fn managed() -> Self {
        Self::parse(HEADER)
    }

    /// The `.ports.env` of the project; `None` where it has none.
    ///
    /// # Errors
    /// When the file cannot be read, or is a symbolic link that leads out of the project.
    pub fn load(root: impl AsRef<Path>) -> Result<Option<Self>> {
        Ok(files::read_within(root.as_ref(), FILE_NAME)?.map(|text| Self::parse(&text)))
    }

    /// Writes the `.ports.env` of the project in one step if that changes it, with the header that
    /// says who manages it. The path, where it was written.
    ///
    /// # Errors
    /// When the file cannot be written, or is a symbolic link that leads out of the project.
    pub fn save(&self, root: impl AsRef<Path>) -> Result<Option<PathBuf>> {
        if files::read_within(root.as_ref(), FILE_NAME)?.is_some_and(|text| text == self.text) {
            return Ok(None);
        }
        files::write_within(root.as_ref(), FILE_NAME, &self.with_header())
    }

    fn with_header(&self) -> String {
        let has_header = self
            .text
            .lines()
            .take_while(|line| line.trim_start_matches('\u{feff}').starts_with('#'))
            .any(|line| line.contains(HEADER_MARK));
        if has_header {
            return self.text.clone();
        }
        match self.text.strip_prefix('\u{feff}') {
            Some(rest) => format!("\u{feff}{HEADER}{rest}"),
            None => format!("{HEADER}{}", self.text),
        }
    }

    /// The port of a variable; of several lines the last counts.
    #[must_use]
    pub fn get(&self, variable: &Variable) -> Option<Port> {
        self.definition(variable).map(|definition| definition.port)
    }

    fn definition(&self, variable: &Variable) -> Option<&Definition> {
        self.definitions.iter().rev().find(|definition| definition.variable == *variable)
    }

    /// Every well-formed line, in the order of the text, also those that a later one overrides.
    #[must_use]
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Every variable that a line is about, well-formed or not, once each, in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.lines.iter().enumerate().filter_map(|(index, line)| {
            let is_first = self.lines[..index].iter().all(|earlier| earlier.variable != line.variable);
            is_first.then_some(&line.variable)
        })
    }

    /// Everything that should not be there, in the order of the text.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Gives a variable a port: in its own line where it has one, else in a new last line.
    pub fn set(&mut self, variable: &Variable, port: Port) {
        let edited = if let Some(definition) = self.definition(variable) {
            if definition.port == port {
                return;
            }
            splice(&self.text, &definition.port_span, &port.to_string())
        } else if let Some(line) = self.lines.iter().rev().find(|line| line.variable == *variable) {
            splice(&self.text, &line.content, &format!("{variable}={port}"))
        } else {
            let newline = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
            let needs_newline = !self.text.is_empty() && !self.text.ends_with('\n');
            let separator = if needs_newline { newline } else { "" };
            format!("{}{separator}{variable}={port}{newline}", self.text)
        };
        *self = Self::parse(&edited);
    }

    /// Removes every line of a variable.
    pub fn remove(&mut self, variable: &Variable) {
        let mut edited = self.text.clone();
        for line in self.lines.iter().rev().filter(|line| line.variable == *variable) {
            edited.replace_range(line.span.clone(), "");
        }
        *self = Self::parse(&edited);
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
        let content = start + mark..start + content.len();
        if body.is_empty() || body.starts_with('#') {
            return;
        }
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
        // Space around the sign makes a shell run `WEB_PORT` as a command.
        let is_spaced = name.ends_with(char::is_whitespace) || value.starts_with(char::is_whitespace);
        let name_span = name_start..name_start + variable.as_str().len();
        let value_start = name_start + name.len() + 1;
        let inner = inner_value(value);
        let read = inner.clone().and_then(|inner| value[inner].parse::<Port>().ok());
        match (read, inner) {
            _ if is_spaced => self.problems.push(Problem { span: whole, kind: ProblemKind::NotAnAssignment }),
            (Some(port), Some(inner)) => {
                let port_span = value_start + inner.start..value_start + inner.end;
                let variable = variable.clone();
                self.definitions.push(Definition { variable, port, name_span, port_span });
            }
            _ => {
                let span = if value.is_empty() { whole } else { value_start..whole.end };
                let kind = ProblemKind::NotAPort { variable: variable.clone() };
                self.problems.push(Problem { span, kind });
            }
        }
        self.lines.push(Line { span: start..end, content, variable });
    }

    fn find_duplicates(&mut self) {
        let mut problems = Vec::new();
        for (index, definition) in self.definitions.iter().enumerate() {
            let variable = definition.variable.clone();
            let later = &self.definitions[index + 1..];
            if later.iter().any(|later| later.variable == variable) {
                let kind = ProblemKind::DuplicateVariable { variable };
                problems.push(Problem { span: definition.name_span.clone(), kind });
                continue;
            }
            let other = self.definitions[..index].iter().find(|earlier| {
                earlier.port == definition.port
                    && earlier.variable != variable
                    && self.get(&earlier.variable) == Some(earlier.port)
            });
            if let Some(other) = other {
                let other = other.variable.clone();
                let kind = ProblemKind::DuplicatePort { variable, other, port: definition.port };
                problems.push(Problem { span: definition.port_span.clone(), kind });
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

fn splice(text: &str, span: &Range<usize>, replacement: &str) -> String {
    format!("{}{replacement}{}", &text[..span.start], &text[span.end..])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    fn variable(name: &str) -> Variable {
        name.parse().unwrap()
    }

    fn port(number: u16) -> Port {
        Port::new(number).unwrap()
    }

    #[test]
    fn assignments_are_read_in_every_notation_that_shells_and_dotenv_share() {
        let text = "\u{feff}A_PORT=8000\r\nexport B_PORT=\"8001\" # comment\n  C_PORT='8002'\t\n# D_PORT=1\n\nE_PORT=8003";
        let env = PortsEnv::parse(text);
        let read: Vec<_> = env
            .definitions()
            .iter()
            .map(|it| {
                (
                    it.variable.as_str(),
                    it.port.get(),
                    &text[it.name_span.clone()],
                    &text[it.port_span.clone()],
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                ("A_PORT", 8000, "A_PORT", "8000"),
                ("B_PORT", 8001, "B_PORT", "8001"),
                ("C_PORT", 8002, "C_PORT", "8002"),
                ("E_PORT", 8003, "E_PORT", "8003"),
            ]
        );
        assert_eq!(env.problems(), []);
    }

    #[test]
    fn what_is_not_an_assignment_of_a_port_is_a_problem_and_nothing_else() {
        let assignment = |text: &'static str| (text, ProblemKind::NotAnAssignment);
        let value = |text: &'static str| (text, ProblemKind::NotAPort { variable: variable("WEB_PORT") });
        let cases = [
            ("hello", assignment("hello")),
            ("  WEB-PORT=1 ", assignment("WEB-PORT=1")),
            ("=8000", assignment("=8000")),
            ("WEB_PORT = 8000", assignment("WEB_PORT = 8000")),
            ("WEB_PORT= 8000", assignment("WEB_PORT= 8000")),
            ("WEB_PORT=", value("WEB_PORT=")),
            ("WEB_PORT=0", value("0")),
            ("WEB_PORT=65536", value("65536")),
            ("WEB_PORT=8000#x", value("8000#x")),
            ("WEB_PORT='8000", value("'8000")),
            ("WEB_PORT=\"8000\"1", value("\"8000\"1")),
            ("WEB_PORT=8000 rm -rf", value("8000 rm -rf")),
            ("export WEB_PORT=$(id)", value("$(id)")),
        ];
        for (text, (span, kind)) in cases {
            let env = PortsEnv::parse(text);
            assert_eq!(env.definitions(), [], "{text:?}");
            let problems: Vec<_> =
                env.problems().iter().map(|it| (&text[it.span.clone()], it.kind.clone())).collect();
            assert_eq!(problems, [(span, kind)], "{text:?}");
        }
    }

    #[test]
    fn of_two_lines_for_a_variable_the_last_counts_as_it_does_for_a_shell() {
        let mut env = PortsEnv::parse("A_PORT=1\nA_PORT=2\n");
        assert_eq!(env.get(&variable("A_PORT")), Some(port(2)));
        let kind = ProblemKind::DuplicateVariable { variable: variable("A_PORT") };
        assert_eq!(env.problems(), [Problem { span: 0..6, kind }]);

        env.set(&variable("A_PORT"), port(3));
        assert_eq!(env.to_text(), "A_PORT=1\nA_PORT=3\n");
        env.remove(&variable("A_PORT"));
        assert_eq!(env.to_text(), "");
    }

    #[test]
    fn two_variables_with_one_port_are_a_problem_of_the_second() {
        let env = PortsEnv::parse("A_PORT=1\nB_PORT=1\nC_PORT=2\n");
        let kind = ProblemKind::DuplicatePort {
            variable: variable("B_PORT"),
            other: variable("A_PORT"),
            port: port(1),
        };
        assert_eq!(env.problems(), [Problem { span: 16..17, kind }]);
    }

    #[test]
    fn an_edit_touches_nothing_but_its_own_line() {
        let text = "# mine\r\nexport A_PORT='1' # why\r\nnonsense\r\nB_PORT=x\r\n C_PORT = 3\r\nD_PORT=4";
        let mut env = PortsEnv::parse(text);
        env.set(&variable("A_PORT"), port(11));
        env.set(&variable("B_PORT"), port(12));
        env.set(&variable("C_PORT"), port(13));
        env.set(&variable("E_PORT"), port(15));
        env.remove(&variable("D_PORT"));
        assert_eq!(
            env.to_text(),
            "# mine\r\nexport A_PORT='11' # why\r\nnonsense\r\nB_PORT=12\r\nC_PORT=13\r\nE_PORT=15\r\n"
        );
    }

    #[test]
    fn a_written_file_says_who_manages_it_and_an_unchanged_one_is_not_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE_NAME);
        fs::write(&path, "A_PORT=1\n").unwrap();
        let mut env = PortsEnv::load(directory.path()).unwrap().unwrap();
        assert_eq!(env.save(directory.path()).unwrap(), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "A_PORT=1\n");

        env.set(&variable("B_PORT"), port(2));
        assert_eq!(env.save(directory.path()).unwrap(), Some(path.clone()));
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!(written, format!("{HEADER}A_PORT=1\nB_PORT=2\n"));

        let mut env = PortsEnv::load(directory.path()).unwrap().unwrap();
        env.set(&variable("B_PORT"), port(3));
        env.save(directory.path()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), written.replace("B_PORT=2", "B_PORT=3"));
    }

    #[test]
    fn a_project_without_the_file_has_none() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(PortsEnv::load(directory.path()).unwrap(), None);
    }

    proptest! {
        /// Whatever the text: it survives, spans lie in it on character boundaries, and after `set`
        /// the variable has the port and every other line is what it was.
        #[test]
        fn parsing_loses_nothing_and_setting_sets(
            text in "((export )?[A-C]_PORT ?= ?['\"]?[0-9x]{0,5}['\"]?( #.*)?|#.*|\\PC{0,12}|\u{feff})(\r?\n((export )?[A-C]_PORT=['\"]?[0-9]{0,5}['\"]?|\\PC{0,12})){0,5}\n?",
            number in 1u16..,
        ) {
            let mut env = PortsEnv::parse(&text);
            prop_assert_eq!(env.to_text(), text.clone());
            for definition in env.definitions() {
                prop_assert_eq!(&text[definition.name_span.clone()], definition.variable.as_str());
                prop_assert_eq!(text[definition.port_span.clone()].parse::<Port>(), Ok(definition.port));
            }
            for problem in env.problems() {
                prop_assert!(!text[problem.span.clone()].is_empty());
                prop_assert!(!text[problem.span.clone()].contains('\n'));
            }
            let before: Vec<(Variable, Option<Port>)> =
                env.variables().map(|variable| (variable.clone(), env.get(variable))).collect();
            env.set(&variable("A_PORT"), port(number));
            prop_assert_eq!(env.get(&variable("A_PORT")), Some(port(number)));
            for (other, had) in before.into_iter().filter(|(other, _)| other.as_str() != "A_PORT") {
                prop_assert_eq!(env.get(&other), had);
            }
            let text = env.to_text();
            env.set(&variable("A_PORT"), port(number));
            prop_assert_eq!(env.to_text(), text);
        }
    }
}
