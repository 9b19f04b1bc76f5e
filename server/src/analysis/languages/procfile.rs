//! Procfiles: a name and a command line.

use crate::analysis::command_line;
use crate::analysis::occurrence::{Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::found::Found;

/// Reads a Procfile.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "procfile", packs);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some((name, command)) = line.split_once(':').filter(|_| !line.trim_start().starts_with('#')) {
            let start = offset + name.len() + 1;
            found.interpolations(command, start);
            for port in command_line::ports(command, packs) {
                let span = start + port.span.start..start + port.span.end;
                let hint = port.hint.as_deref().or(Some(name.trim()));
                found.literal_by(span, port.kind, Shape::Expanded, hint, port.decided_by);
            }
        }
        offset += line.len();
    }
    found.finish()
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, shapes, variables};

    #[test]
    fn a_line_is_a_name_and_a_command() {
        finds_what_is_marked(
            "Procfile",
            "web: serve --port «8080 command-flag»\n# api: serve --port 8081\nserve --port 8082\n",
        );
    }

    #[test]
    fn a_port_has_the_name_of_its_line() {
        assert_eq!(shapes("Procfile", "web: python3 -m http.server 8080\n"), ["expanded web"]);
    }

    #[test]
    fn the_command_reads_variables_as_shells_do() {
        assert_eq!(
            variables("Procfile", "web: serve ${WEB_PORT:-8080}\n"),
            ["$WEB_PORT:-", "8080 of WEB_PORT"]
        );
    }
}
