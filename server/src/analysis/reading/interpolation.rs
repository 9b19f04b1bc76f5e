//! `$NAME`, `${NAME}`, `${NAME:-default}`: how shells, compose and `.env` files read a variable
//! (POSIX.1-2024, XCU 2.6.2).

use crate::analysis::occurrence::{Meaning, Occurrence};
use crate::analysis::packs::Packs;
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

static INTERPOLATION: Pattern = regex!(
    r#"\$(?:\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:?[-=](?P<value>(?:\$\{[^{}]*\}|[^}])*))?[^}]*\}|(?P<plain>[A-Za-z_][A-Za-z0-9_]*))"#
);

static PORT_AT_END: Pattern = regex!(r"(?:^|[^0-9.])([0-9]{2,5})/?$|:([0-9]{2,5})(?-u:\b)");

/// Adds the references to port variables in a text that starts at `start`, and the numbers that
/// are their defaults. A doubled `$` is one `$` and reads nothing.
pub(in crate::analysis) fn read(text: &str, start: usize, packs: &Packs, occurrences: &mut Vec<Occurrence>) {
    for captures in INTERPOLATION.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        if text[..whole.start()].ends_with('$') || text[..whole.start()].ends_with('\\') {
            continue;
        }
        let Some(name) = captures.name("braced").or_else(|| captures.name("plain")) else { continue };
        let Ok(variable) = name.as_str().parse::<Variable>() else { continue };
        let has_default = captures.name("default").is_some();
        if packs.names.is_read_as_port(&variable) {
            occurrences.push(Occurrence::new(
                start + name.start()..start + name.end(),
                Meaning::Reference { variable: variable.clone(), has_default, is_renamable: true },
                "interpolation",
            ));
        }
        let value = captures.name("value");
        // `${API_URL:-http://localhost:${API_PORT:-5000}}`
        if let Some(value) = value.filter(|value| value.as_str().contains('$')) {
            read(value.as_str(), start + value.start(), packs, occurrences);
        } else if let Some(value) = value
            && let Some(number) =
                PORT_AT_END.captures(value.as_str()).and_then(|found| found.get(1).or_else(|| found.get(2)))
            && let Ok(port) = number.as_str().parse()
        {
            let at = start + value.start();
            occurrences.push(Occurrence::new(
                at + number.start()..at + number.end(),
                Meaning::fallback(port, Some(variable)),
                "interpolation.default",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::variables;

    /// What the value of a variable in an environment file reads.
    fn read(value: &str) -> Vec<String> {
        variables(".env", &format!("URL={value}\n"))
    }

    #[test]
    fn a_port_variable_is_read_plain_or_in_braces() {
        assert_eq!(read("localhost:$WEB_PORT"), ["$WEB_PORT"]);
        assert_eq!(read("localhost:${WEB_PORT}"), ["$WEB_PORT"]);
        assert_eq!(read("localhost:${WEB_PORT:?is missing}"), ["$WEB_PORT"]);
        assert_eq!(read("$HOST"), [""; 0]);
    }

    #[test]
    fn an_escaped_sign_reads_nothing() {
        assert_eq!(read("$$WEB_PORT"), [""; 0]);
        assert_eq!(read("\\$WEB_PORT"), [""; 0]);
    }

    #[test]
    fn a_default_is_a_number_at_the_end_of_its_text() {
        assert_eq!(read("${WEB_PORT:-8080}"), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(read("${WEB_PORT-8080}"), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(read("${API_URL:-http://localhost:8080/a}"), ["8080 of API_URL"]);
        assert_eq!(read("${VERSION:-8080.1}"), [""; 0]);
    }

    #[test]
    fn a_default_may_read_a_variable_itself() {
        assert_eq!(
            read("${API_URL:-http://localhost:${API_PORT:-5000}}"),
            ["$API_PORT:-", "5000 of API_PORT"]
        );
    }
}
