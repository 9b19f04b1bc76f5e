//! Shell scripts: the grammar finds comments and here-documents, the reader of command lines the
//! ports.

use std::collections::HashMap;

use tree_sitter::{Node, Tree};

use crate::analysis::command_line;
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::is_list;
use crate::analysis::reading::named_number::{self, NamedNumber};
use crate::analysis::reading::{emptiness, interpolation};
use crate::analysis::tree::{Descent, Path, walk};
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

/// A command whose arguments are for people.
const PRINTERS: &[&str] = &["echo", "print", "printf", "log", "info", "warn", "error", "die"];

/// Whether a command of that name prints its arguments for people: `echo`, `print_info`, `log_error`.
fn is_printer(name: &str) -> bool {
    let first = name.split(['_', '-', ':']).next().unwrap_or(name);
    PRINTERS.contains(&first)
}

/// A text that can hold a port or a port variable at all, or a slip of one: `WEB_PROT`.
static CANDIDATE: Pattern = regex!(r"[0-9]{2}|\$\{?[0-9A-Za-z_]*(?i:p[ort]{3}|prt)");

/// `$name`, `${name}`
static REFERENCE: Pattern = regex!(r"\$(?:\{([A-Za-z_][0-9A-Za-z_]*)\}|([A-Za-z_][0-9A-Za-z_]*))");

/// Whether a script can hold a port or a port variable at all.
pub(in crate::analysis) fn is_candidate(text: &str) -> bool {
    CANDIDATE.is_match(text)
}

/// Reads a shell script.
pub(in crate::analysis) fn read(text: &str, tree: &Tree, packs: &Packs) -> Vec<Occurrence> {
    let mut occurrences = Vec::new();
    interpolation::read(text, 0, packs, &mut occurrences);
    let mut descent = Descent::of(tree);
    occurrences.retain(|occurrence| {
        matches!(place(text, descent.to(&occurrence.span)), Place::Code | Place::Printed)
    });
    let defaults: HashMap<usize, usize> =
        occurrences.iter().enumerate().map(|(index, occurrence)| (occurrence.span.start, index)).collect();
    let mut descent = Descent::of(tree);
    for found in command_line::ports(text, packs) {
        let path = descent.to(&found.span);
        let literal = match place(text, path) {
            Place::Code => {
                // Inside single quotes the shell expands nothing.
                let is_raw = matches!(path.leaf().kind(), "raw_string" | "ansi_c_string");
                let shape = if is_raw { Shape::Fixed } else { Shape::Expanded };
                Literal::new(found.port, found.kind, shape, found.hint)
            }
            _ => continue,
        };
        let default = defaults.get(&found.span.start).and_then(|index| occurrences.get_mut(*index));
        match default.and_then(|occurrence| address_behind(&mut occurrence.meaning, packs)) {
            // `${API_URL:-http://localhost:5000}`
            Some(address) if literal.kind == Kind::Connect => *address = Some(literal),
            _ => occurrences.push(Occurrence::new(found.span, Meaning::Literal(literal), found.decided_by)),
        }
    }
    let mut numbers = Vec::new();
    walk(tree, |path| {
        if path.leaf().kind() == "variable_assignment" {
            assignment(text, path.leaf(), packs, &mut occurrences);
            default_when_empty(text, path, &mut occurrences);
            numbers.extend(named_number(text, path, packs));
        }
        true
    });
    let mut descent = Descent::of(tree);
    for used in named_number::uses(text, &numbers, &REFERENCE, packs) {
        let path = descent.to(&used.span);
        let number = &numbers[used.number];
        // Inside single quotes the shell expands nothing.
        if matches!(place(text, path), Place::Code) && path.leaf().kind() != "raw_string" {
            occurrences.push(number.occurrence(used.kind, used.hint));
        }
    }
    occurrences
}

/// Where the default of a variable that holds no port keeps what it is by itself.
fn address_behind<'o>(meaning: &'o mut Meaning, packs: &Packs) -> Option<&'o mut Option<Literal>> {
    match meaning {
        Meaning::Fallback { variable: Some(variable), address, .. }
            if !packs.names.is_port_variable(variable) =>
        {
            Some(address)
        }
        _ => None,
    }
}

/// The number that an assignment gives a name that is not a port's.
fn named_number(text: &str, path: &Path<'_>, packs: &Packs) -> Option<NamedNumber> {
    let (name, value) = (path.leaf().child_by_field_name("name")?, path.leaf().child_by_field_name("value")?);
    let name = text.get(name.byte_range())?;
    let mut number = NamedNumber::of(text, name, value.byte_range(), &['\''], packs)?;
    number.is_default = emptiness::is_default(text, path, name);
    Some(number)
}

/// Adds what the script gives a port variable, and the number that it gives it.
fn assignment(text: &str, node: Node<'_>, packs: &Packs, occurrences: &mut Vec<Occurrence>) -> Option<()> {
    let (name, value) = (node.child_by_field_name("name")?, node.child_by_field_name("value")?);
    let name_text = text.get(name.byte_range())?;
    match packs.names.port_name(name_text)? {
        PortName::One => {}
        PortName::Many => {
            ports(text, name_text, value, packs, occurrences);
            return None;
        }
    }
    let value_text = text.get(value.byte_range())?;
    let digits = value_text.trim_matches(['"', '\'']);
    let port = digits.parse().ok();
    if let Some(port) = port {
        let start = value.start_byte() + value_text.find(digits)?;
        let span = start..start + digits.len();
        let shape = if value_text.starts_with('\'') { Shape::Fixed } else { Shape::Expanded };
        let literal = Literal::new(port, Kind::Setting, shape, Some(name_text.to_owned()));
        occurrences.push(Occurrence::new(span, Meaning::Literal(literal), "shell.assignment"));
    }
    let variable = name_text.parse::<Variable>().ok()?;
    occurrences.push(Occurrence::new(
        name.byte_range(),
        Meaning::Definition { variable, port },
        "shell.assignment",
    ));
    Some(())
}

/// Adds the numbers of `PORTS=(8003 8004)` and `PORTS="8003 8004"`.
fn ports(text: &str, name: &str, value: Node<'_>, packs: &Packs, occurrences: &mut Vec<Occurrence>) {
    let mut cursor = value.walk();
    let items: Vec<_> = if value.kind() == "array" {
        value.named_children(&mut cursor).map(|item| item.byte_range()).collect()
    } else {
        vec![value.byte_range()]
    };
    for item in items {
        let Some(content) = text.get(item.clone()) else { continue };
        let bare = content.trim_matches(['"', '\'']);
        if !is_list(bare) && !bare.parse().is_ok_and(|port| packs.names.names_port(name, port)) {
            continue;
        }
        let shape = if content.starts_with('\'') { Shape::Fixed } else { Shape::Expanded };
        for part in content.split(|character: char| !character.is_ascii_digit()) {
            if let Ok(port) = part.parse() {
                let start = item.start + (part.as_ptr() as usize - content.as_ptr() as usize);
                let literal = Literal::new(port, Kind::Setting, shape.clone(), Some(name.to_owned()));
                occurrences.push(Occurrence::new(
                    start..start + part.len(),
                    Meaning::Literal(literal),
                    "shell.list",
                ));
            }
        }
    }
}

/// Makes the literals that an assignment gives a variable its defaults, where a test says that the
/// variable was empty: `[ -z "$PORT" ] && PORT=8080`.
fn default_when_empty(text: &str, path: &Path<'_>, occurrences: &mut [Occurrence]) -> Option<()> {
    let node = path.leaf();
    let name = text.get(node.child_by_field_name("name")?.byte_range())?;
    let value = node.child_by_field_name("value")?.byte_range();
    if !emptiness::is_default(text, path, name) {
        return None;
    }
    for occurrence in occurrences {
        if value.start <= occurrence.span.start
            && occurrence.span.end <= value.end
            && let Meaning::Literal(literal) = &occurrence.meaning
        {
            occurrence.meaning = Meaning::fallback(literal.port, name.parse().ok());
        }
    }
    Some(())
}

/// Where in a script something stands.
enum Place {
    /// A comment, or the text of a here-document.
    Text,
    /// Part of what a command prints.
    Printed,
    /// What is run.
    Code,
}

fn place(text: &str, path: &Path<'_>) -> Place {
    for node in path.up() {
        match node.kind() {
            "comment" | "heredoc_body" => return Place::Text,
            // What a command prints into another command is not for people; the socket that it may
            // print into stands beside the command.
            "command" => {
                let name = node.child_by_field_name("name").and_then(|name| text.get(name.byte_range()));
                let is_piped = path.parent(node).is_some_and(|parent| parent.kind() == "pipeline");
                if name.is_some_and(is_printer) && !is_piped {
                    return Place::Printed;
                }
            }
            // As in other formats, a text of several lines is for people or in another language.
            "variable_assignment" => {
                let value = node.child_by_field_name("value").filter(|value| value.kind().contains("string"));
                if value.and_then(|value| text.get(value.byte_range())).is_some_and(is_text_of_lines) {
                    return Place::Printed;
                }
            }
            _ => {}
        }
    }
    Place::Code
}

/// Whether a string is a text of several lines, not a list with an item a line nor a line that is continued.
fn is_text_of_lines(string: &str) -> bool {
    let lines: Vec<_> = string.trim_matches(['"', '\'']).lines().collect();
    let is_continued = |line: &&str| line.ends_with('\\');
    lines.len() > 1
        && !lines[..lines.len() - 1].iter().all(is_continued)
        && lines.iter().any(|line| line.split_whitespace().nth(1).is_some())
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    fn finds(text: &str) {
        finds_what_is_marked("a.sh", text);
    }

    #[test]
    fn an_assignment_gives_a_port_name_its_number_or_numbers() {
        finds("WEB_PORT=«8080 setting»\nLIMIT=8081\n");
        finds(
            "PORTS=(«8080 setting» «8081 setting»)\nPORTS=\"«8082 setting» «8083 setting»\"\nSIZES=(8084 8085)\n",
        );
        finds("NUM_PORTS=2000\n");
    }

    #[test]
    fn comments_and_what_is_printed_are_for_people() {
        finds("# serve --port 8080\nserve --port «8081 command-flag» # 8082\n");
        finds("echo \"serve --port 8080\"\nlog http://localhost:8081\n");
        finds("echo \"serve --port «8080 command-flag»\" | sh\n");
    }

    #[test]
    fn a_string_of_several_lines_is_for_people_unless_it_is_a_list() {
        finds("help=\"Open the page\nhttp://localhost:8080\nin a browser\"\n");
        finds("pages=\"http://localhost:«8080 connect»\nhttp://localhost:«8081 connect»\"\n");
    }

    #[test]
    fn nothing_is_expanded_between_single_quotes() {
        assert_eq!(shapes("a.sh", "sh -c 'serve --port 8080'\n"), ["fixed"]);
        assert_eq!(shapes("a.sh", "sh -c \"serve --port 8080\"\n"), ["expanded"]);
        assert_eq!(shapes("a.sh", "WEB_PORT='8080'\n"), ["fixed WEB_PORT"]);
    }

    #[test]
    fn a_named_number_is_a_port_where_the_name_is_used() {
        finds("n=«8080 command-flag»\npython3 -m http.server $n\n");
        finds("n=8080\npython3 -m http.server '$n'\n");
        finds("n=8080\nsleep $n\n");
    }

    #[test]
    fn what_is_given_to_an_empty_variable_is_its_default() {
        assert_eq!(
            variables("a.sh", "[ -z \"$WEB_PORT\" ] && WEB_PORT=8080\n"),
            ["$WEB_PORT", "WEB_PORT=8080", "8080 of WEB_PORT"]
        );
        assert_eq!(variables("a.sh", "[ -z \"$DEBUG\" ] && WEB_PORT=8080\n"), ["WEB_PORT=8080"]);
    }

    #[test]
    fn the_default_of_an_address_stays_a_literal() {
        assert_eq!(shapes("a.sh", "curl ${API_URL:-http://localhost:8080}\n"), ["expanded"]);
        assert_eq!(shapes("a.sh", "serve ${WEB_PORT:-8080}\n"), [""; 0]);
    }
}
