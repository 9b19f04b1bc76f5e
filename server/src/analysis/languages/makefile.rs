//! Makefiles: a reader of lines, because the grammar fails on two files of five.

use crate::analysis::command_line::{self, CommandPort};
use crate::analysis::names::PortName;
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::comments::{Quotes, before_sign};
use crate::analysis::reading::found::is_list;
use crate::analysis::reading::named_number::{self, NamedNumber};
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

/// `PORT = 8080`, `PORT ?= 8080`, `export PORT := 8080`.
static ASSIGNMENT: Pattern = regex!(
    r"^\s*(?:export\s+|override\s+)*(?P<name>[A-Za-z_][0-9A-Za-z_.-]*)\s*(?P<operator>[:?+]{0,3}=)\s*(?P<value>.*?)\s*$"
);

/// `$(NAME)`, `${NAME}` of make, `$$NAME` and `$${NAME}` of the recipe's shell.
static REFERENCE: Pattern = regex!(
    r"\$[({](?P<make>[A-Za-z_][0-9A-Za-z_]*)[)}]|\$\$(?:\{(?P<braced>[A-Za-z_][0-9A-Za-z_]*)(?P<default>:?-)?|(?P<plain>[A-Za-z_][0-9A-Za-z_]*))"
);

/// `$(name)`, `${name}` of make, `{{ name }}` of just.
static NAME: Pattern =
    regex!(r"\$[({]([A-Za-z_][0-9A-Za-z_.-]*)[)}]|\{\{\s*([A-Za-z_][0-9A-Za-z_-]*)\s*\}\}");

/// Lookups with a default: `$(or $(API_PORT),8100)` of make, `${API_PORT:-8100}` of a recipe's shell, and
/// `env("API_PORT", "8100")` of just, also as older versions spell it.
static DEFAULT: Pattern = regex!(
    r#"(?x)
        \$[({] or \s+ \$[({] (?P<make> [A-Za-z_]\w* ) [)}] \s* , \s* (?P<make_number> \d{2,5} ) \s* [)}]
        | \$\{ (?P<shell> [A-Za-z_]\w* ) :?- (?P<shell_number> \d{2,5} ) \}
        | (?-u:\b) env (?: _var_or_default )? \( \s* ["'] (?P<just> \w+ ) ["'] \s* , \s* ["'] (?P<just_number> \d{2,5} ) ["'] \s* \)"#
);

/// Reads a makefile.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut occurrences = Vec::new();
    let mut numbers = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = before_comment(line);
        if !code.trim().is_empty() {
            references(code, offset, packs, &mut occurrences);
            defaults(code, offset, &mut occurrences);
            match ASSIGNMENT.captures(code).filter(|_| !line.starts_with('\t')) {
                Some(captures) => {
                    assignment(&captures, offset, packs, &mut occurrences);
                    numbers.extend(named_number(text, &captures, offset, packs));
                }
                None => recipe(code, offset, packs, &mut occurrences),
            }
        }
        offset += line.len();
    }
    for used in named_number::uses(text, &numbers, &NAME, packs) {
        let line = text[..used.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &text[line..used.span.start];
        let number = &numbers[used.number];
        if before_comment(before) == before && !is_printed(before) {
            occurrences.push(number.occurrence(used.kind, used.hint));
        }
    }
    occurrences
}

/// The number that an assignment gives a name that is not a port's.
fn named_number(
    text: &str,
    captures: &regex::Captures<'_>,
    offset: usize,
    packs: &Packs,
) -> Option<NamedNumber> {
    let (name, value) = (captures.name("name")?, captures.name("value")?);
    let span = offset + value.start()..offset + value.end();
    let mut number = NamedNumber::of(text, name.as_str(), span, &['\'', '"'], packs)?;
    number.is_default = captures.name("operator")?.as_str() == "?=";
    Some(number)
}

fn assignment(
    captures: &regex::Captures<'_>,
    offset: usize,
    packs: &Packs,
    occurrences: &mut Vec<Occurrence>,
) {
    let (Some(name), Some(operator), Some(value)) =
        (captures.name("name"), captures.name("operator"), captures.name("value"))
    else {
        return;
    };
    let text = value.as_str().trim_matches(['"', '\'']);
    let quotes = value.len() - value.as_str().trim_start_matches(['"', '\'']).len();
    if let Some(digits) = text.strip_prefix(':')
        && packs.names.is_address_name(name.as_str())
        && let Ok(port) = digits.parse()
    {
        let start = offset + value.start() + value.as_str().find(digits).unwrap_or(0);
        let span = start..start + digits.len();
        let meaning = match operator.as_str() {
            "?=" => Meaning::fallback(port, name.as_str().parse().ok()),
            _ => Meaning::Literal(Literal::new(
                port,
                Kind::Setting,
                Shape::Fixed,
                Some(name.as_str().to_owned()),
            )),
        };
        occurrences.push(Occurrence::new(span, meaning, "makefile.assignment"));
        return;
    }
    if packs.names.port_name(name.as_str()) == Some(PortName::Many) {
        let start = offset + value.start() + quotes;
        ports(name.as_str(), operator.as_str(), text, start, packs, occurrences);
    }
    if !packs.names.is_port(name.as_str()) {
        if !is_printed(value.as_str()) {
            let mut found = command_line::ports_given(name.as_str(), value.as_str(), packs);
            // What the environment gives the name goes before it.
            if operator.as_str() == "?=" {
                let clients = found.iter_mut().filter(|port| port.kind == Kind::Connect);
                clients.for_each(|port| port.kind = Kind::OptionDefault);
            }
            add(found, offset + value.start(), occurrences);
        }
        return;
    }
    let variable = name.as_str().parse::<Variable>().ok();
    // just writes its strings between quotes; make has none.
    let digits = value.as_str().trim_matches(['"', '\'']);
    let is_quoted = digits.len() < value.len();
    let port = digits.parse().ok();
    if let Some(port) = port {
        let start = offset + value.start() + usize::from(is_quoted);
        let span = start..start + digits.len();
        // `?=` gives a value only where the environment has none.
        let meaning = match operator.as_str() {
            "?=" => Meaning::fallback(port, variable.clone()),
            _ => Meaning::Literal(Literal::new(
                port,
                Kind::Setting,
                if is_quoted { Shape::Fixed } else { Shape::Expanded },
                Some(name.as_str().to_owned()),
            )),
        };
        occurrences.push(Occurrence::new(span, meaning, "makefile.assignment"));
    }
    if let Some(variable) = variable {
        let span = offset + name.start()..offset + name.end();
        occurrences.push(Occurrence::new(
            span,
            Meaning::Definition { variable, port },
            "makefile.assignment",
        ));
    }
}

/// Adds the numbers of `PORTS = 8003 8004`.
fn ports(
    name: &str,
    operator: &str,
    list: &str,
    start: usize,
    packs: &Packs,
    occurrences: &mut Vec<Occurrence>,
) {
    if !is_list(list) && !list.parse().is_ok_and(|port| packs.names.names_port(name, port)) {
        return;
    }
    for number in list.split(|character: char| !character.is_ascii_digit()) {
        let Ok(port) = number.parse() else { continue };
        let at = start + (number.as_ptr() as usize - list.as_ptr() as usize);
        let meaning = match operator {
            "?=" => Meaning::fallback(port, name.parse().ok()),
            _ => Meaning::Literal(Literal::new(port, Kind::Setting, Shape::Expanded, Some(name.to_owned()))),
        };
        occurrences.push(Occurrence::new(at..at + number.len(), meaning, "makefile.list"));
    }
}

fn recipe(code: &str, offset: usize, packs: &Packs, occurrences: &mut Vec<Occurrence>) {
    if !is_printed(code) {
        add(command_line::ports(code, packs), offset, occurrences);
    }
}

/// Adds the ports of a part of a command line that begins at `offset`.
fn add(ports: Vec<CommandPort>, offset: usize, occurrences: &mut Vec<Occurrence>) {
    for found in ports {
        let span = offset + found.span.start..offset + found.span.end;
        let literal = Literal::new(found.port, found.kind, Shape::Expanded, found.hint);
        occurrences.push(Occurrence::new(span, Meaning::Literal(literal), found.decided_by));
    }
}

/// Whether a recipe line only prints.
fn is_printed(code: &str) -> bool {
    let command = code.trim_start().trim_start_matches(['@', '-', '+']).trim_start();
    (command.starts_with("echo ") || command.starts_with("printf "))
        && !command.contains(['|', '>', ';', '&'])
}

/// Adds the defaults of lookups.
fn defaults(code: &str, offset: usize, occurrences: &mut Vec<Occurrence>) {
    for captures in DEFAULT.captures_iter(code) {
        let first = |names: [&str; 3]| names.iter().find_map(|name| captures.name(name));
        if let (Some(name), Some(number)) =
            (first(["make", "shell", "just"]), first(["make_number", "shell_number", "just_number"]))
            && let Ok(port) = number.as_str().parse()
        {
            let span = offset + number.start()..offset + number.end();
            let meaning = Meaning::fallback(port, name.as_str().parse().ok());
            occurrences.push(Occurrence::new(span, meaning, "makefile.default"));
        }
    }
}

fn references(code: &str, offset: usize, packs: &Packs, occurrences: &mut Vec<Occurrence>) {
    for captures in REFERENCE.captures_iter(code) {
        let Some(name) = ["make", "braced", "plain"].iter().find_map(|group| captures.name(group)) else {
            continue;
        };
        let Ok(variable) = name.as_str().parse::<Variable>() else { continue };
        if packs.names.is_read_as_port(&variable) {
            let start = captures.get(0).map_or(0, |whole| whole.start());
            // `$(or $(WEB_PORT),8080)`
            let is_first_of_or = ["$(or", "${or"].iter().any(|or| code[..start].trim_end().ends_with(or));
            let has_default = captures.name("default").is_some() || is_first_of_or;
            occurrences.push(Occurrence::new(
                offset + name.start()..offset + name.end(),
                Meaning::Reference { variable, has_default, is_renamable: true },
                "makefile.reference",
            ));
        }
    }
}

/// A line without its comment; `\#` and a `#` in a recipe's quotes begin none.
fn before_comment(line: &str) -> &str {
    before_sign(line, if line.starts_with('\t') { Quotes::USUAL } else { Quotes::NONE })
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    fn finds(text: &str) {
        finds_what_is_marked("Makefile", text);
    }

    #[test]
    fn an_assignment_gives_a_port_name_its_number_or_numbers() {
        finds("PORT = «8080 setting»\nexport WEB_PORT := «8081 setting»\nLIMIT = 8082\n");
        finds(
            "PORTS = «8080 setting» «8081 setting»\nNUM_PORTS = 2000\nADDR = :«8082 setting»\nLABEL = :8083\n",
        );
    }

    #[test]
    fn a_value_that_the_environment_replaces_is_a_default() {
        assert_eq!(variables("Makefile", "WEB_PORT ?= 8080\n"), ["WEB_PORT=8080", "8080 of WEB_PORT"]);
        assert_eq!(variables("Makefile", "ADDR ?= :8080\n"), ["8080 of ADDR"]);
        assert_eq!(variables("Makefile", "PORTS ?= 8080 8081\n"), ["8080 of PORTS", "8081 of PORTS"]);
        assert_eq!(variables("Makefile", "WEB_PORT = 8080\n"), ["WEB_PORT=8080"]);
    }

    #[test]
    fn a_recipe_is_a_command_unless_it_only_prints() {
        finds("run:\n\tserve --port «8080 command-flag»\n\t@echo http://localhost:8081\n");
        finds("run:\n\techo \"PORT=«8080 setting»\" > .env\n");
    }

    #[test]
    fn a_comment_begins_at_a_sign_outside_of_a_recipes_quotes() {
        finds(
            "PORT = «8080 setting» # 8081\n# PORT = 8082\nrun:\n\tserve '#a' --port «8083 command-flag» # --port 8084\n",
        );
        finds("NAME = it's # http://localhost:8080\n");
    }

    #[test]
    fn just_writes_its_numbers_between_quotes() {
        finds_what_is_marked("justfile", "port := \"«8080 setting»\"\n");
        assert_eq!(shapes("justfile", "port := \"8080\"\n"), ["fixed port"]);
        assert_eq!(shapes("Makefile", "PORT := 8080\n"), ["expanded PORT"]);
    }

    #[test]
    fn lookups_with_a_default_are_those_of_make_just_and_shells() {
        let default = |text: &str| variables("Makefile", text).into_iter().find(|said| said.contains(" of "));
        for lookup in ["$(or $(WEB_PORT),8080)", "$${WEB_PORT:-8080}", "env(\"WEB_PORT\", \"8080\")"] {
            assert_eq!(default(&format!("run:\n\tserve {lookup}\n")).as_deref(), Some("8080 of WEB_PORT"));
        }
        assert_eq!(default("run:\n\tserve $(and $(WEB_PORT),8080)\n"), None);
    }

    #[test]
    fn a_variable_is_read_by_make_or_by_the_recipes_shell() {
        assert_eq!(
            variables("Makefile", "run:\n\tserve $(WEB_PORT) $$API_PORT\n"),
            ["$WEB_PORT", "$API_PORT"]
        );
        assert_eq!(
            variables("Makefile", "run:\n\tserve $(or $(WEB_PORT),a) $${API_PORT:-a}\n"),
            ["$WEB_PORT:-", "$API_PORT:-"]
        );
        assert_eq!(variables("Makefile", "run:\n\tserve $(WEB_LIMIT)\n"), [""; 0]);
    }

    #[test]
    fn a_named_number_is_a_port_where_the_name_is_used() {
        finds("n = «8080 command-flag»\nrun:\n\tpython3 -m http.server $(n)\n");
        finds("n = 8080\nrun:\n\t@echo python3 -m http.server $(n)\n\tsleep $(n)\n");
    }
}
