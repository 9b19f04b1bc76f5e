//! Dockerfiles: a reader of instructions, because what counts is inside their arguments.

mod instructions;

use std::borrow::Cow;
use std::ops::Range;

use crate::analysis::command_line::{self, program};
use crate::analysis::embedded::{self, Form, heredoc};
use crate::analysis::language::Language;
use crate::analysis::occurrence::{Kind, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::analysis::reading::comments::without_lines;
use crate::analysis::reading::found::Found;
use crate::pattern::{Pattern, regex};
use instructions::{Body, Instruction, instructions};

/// `KEY=8080` or `KEY 8080` of ENV and ARG.
static ASSIGNMENT: Pattern =
    regex!(r#"(?P<key>[A-Za-z_][A-Za-z0-9_]*)(?:\s*=\s*["']?|\s+)(?P<value>[0-9]{1,5})(?:["'\s\\]|$)"#);

static NUMBER: Pattern = regex!(r#"(?:^|[\s"'-])([0-9]{1,5})"#);

/// Reads a Dockerfile.
pub(in crate::analysis) fn read(text: &str, packs: &Packs) -> Vec<Occurrence> {
    let mut found = Found::of(text, "dockerfile", packs);
    for Instruction { keyword, arguments, bodies } in instructions(text) {
        let start = arguments.start;
        let body = without_lines(&text[arguments]);
        let body = body.as_str();
        let keyword = keyword.to_ascii_uppercase();
        found.extend(read_bodies(text, &keyword, body, &bodies, packs));
        match keyword.as_str() {
            "FROM" | "COPY" | "ADD" | "LABEL" | "MAINTAINER" | "USER" | "WORKDIR" | "SHELL"
            | "STOPSIGNAL" | "VOLUME" => {}
            "EXPOSE" => {
                found.interpolations(body, start);
                for number in NUMBER.captures_iter(body).filter_map(|captures| captures.get(1)) {
                    found.literal(at(start, &number.range()), Kind::Exposed, SHAPE, None);
                }
            }
            "ENV" | "ARG" => {
                found.interpolations(body, start);
                environment(start, &as_assignment(body), &mut found);
            }
            "HEALTHCHECK" => {
                found.interpolations(body, start);
                for port in command_line::ports(body, found.packs()) {
                    let hint = port.hint.as_deref();
                    found.literal_by(at(start, &port.span), Kind::Healthcheck, SHAPE, hint, port.decided_by);
                }
            }
            _ => {
                found.interpolations(body, start);
                for port in command_line::ports(body, found.packs()) {
                    let hint = port.hint.as_deref();
                    found.literal_by(at(start, &port.span), port.kind, SHAPE, hint, port.decided_by);
                }
            }
        }
    }
    found.finish()
}

/// `ENV KEY value` as `KEY=value`, byte for byte of the same length.
fn as_assignment(body: &str) -> Cow<'_, str> {
    let name = body.len() - body.trim_start().len();
    let end = body[name..].find([' ', '\t', '=']).map_or(body.len(), |end| name + end);
    match body.as_bytes().get(end) {
        Some(b' ' | b'\t') if !body[end..].trim().is_empty() => {
            Cow::Owned(format!("{}={}", &body[..end], &body[end + 1..]))
        }
        _ => Cow::Borrowed(body),
    }
}

fn environment(start: usize, body: &str, found: &mut Found<'_>) {
    for captures in ASSIGNMENT.captures_iter(body) {
        let (Some(key), Some(value)) = (captures.name("key"), captures.name("value")) else { continue };
        if value.as_str().parse().is_ok_and(|port| found.names().names_port(key.as_str(), port)) {
            let span = at(start, &value.range());
            found.literal(span, Kind::ContainerEnvironment, SHAPE, Some(key.as_str()));
        }
        if found.names().is_port(key.as_str()) {
            found.definition(at(start, &key.range()), value.as_str().parse().ok());
        }
    }
    for port in command_line::ports(body, found.packs()) {
        found.literal(at(start, &port.span), Kind::ContainerEnvironment, SHAPE, port.hint.as_deref());
    }
}

/// ENV, EXPOSE and ARG expand variables, but only those of the build, which `.ports.env` is not part
/// of.
const SHAPE: Shape = Shape::Fixed;

/// A span of an instruction's arguments in the whole text.
fn at(start: usize, span: &Range<usize>) -> Range<usize> {
    start + span.start..start + span.end
}

/// What is in an instruction's here-documents: the script that `RUN <<EOF` runs, the files that `COPY <<EOF` and
/// `RUN cat > FILE <<EOF` make. What a program is given is text, unless the program is an interpreter.
fn read_bodies(
    text: &str,
    keyword: &str,
    arguments: &str,
    bodies: &[Body<'_>],
    packs: &Packs,
) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let target = arguments.split_whitespace().last().unwrap_or_default();
    for Body { mark, opened_at, text: body } in bodies {
        let form = match keyword {
            "RUN" if text[body.clone()].trim_start().starts_with("#!") => Some(Form::FirstLine),
            "RUN" => script(arguments, *opened_at, packs),
            _ if target.ends_with('/') => Some(Form::Name(mark)),
            _ => Some(Form::Name(target)),
        };
        if let Some(form) = form {
            found.extend(embedded::read(text, body.clone(), form, packs));
        }
    }
    found
}

/// What the here-document of a command is, by the command: a script, or the file that is written.
fn script<'a>(command: &'a str, opened_at: usize, packs: &Packs) -> Option<Form<'a>> {
    match program(&command[..opened_at], packs).as_str() {
        "" => Some(Form::Language(Language::Shell)),
        name => heredoc::written_file(command)
            .map(Form::Name)
            .or_else(|| Language::of_first_line(&format!("#!{name}")).map(Form::Language)),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::finds_what_is_marked;

    fn finds(text: &str) {
        finds_what_is_marked("Dockerfile", &format!("FROM a\n{text}EXPOSE «8080 exposed»\n"));
    }

    #[test]
    fn a_here_document_holds_no_instructions() {
        for run in [
            "RUN <<EOF",
            "RUN <<-'EOF'",
            "RUN --mount=type=cache,target=/x <<\"EOF\"",
            "RUN 3<<EOF cat /dev/fd/3",
            "ONBUILD RUN <<EOF",
            "COPY <<EOF /a",
            "RUN cat > /a \\\n  # a comment\n  <<EOF",
        ] {
            finds(&format!("{run}\nEXPOSE 1234\nWORKDIR /1235\nEOF\n"));
        }
    }

    #[test]
    fn what_looks_like_a_here_document_is_none() {
        for run in [
            "RUN echo \"<<EOF\"",
            "RUN echo '<<EOF'",
            "RUN echo $((1<<EOF))",
            "LABEL a=\"b <<EOF\"",
            "RUN cat <<END",
        ] {
            finds(&format!("{run}\nEXPOSE «8081 exposed»\nEOF\n"));
        }
    }

    #[test]
    fn a_here_document_is_what_it_is_given_to() {
        finds("RUN <<EOF\n# vite --port 1234\nvite --port «8081 command-flag»\nEOF\n");
        finds("RUN bash -e <<EOF\nvite --port «8081 command-flag»\nEOF\n");
        finds("RUN python3 <<EOF\napp.run(port=«8081 listen»)\nEOF\n");
        finds("RUN cat > /etc/a.ini <<EOF\nport = «8081 setting»\nEOF\n");
        finds("RUN cat > /etc/motd <<EOF\nport = 1234\nEOF\n");
        finds("COPY <<EOF <<b.ini /etc/\nport = 1234\nEOF\nport = «8081 setting»\nb.ini\n");
    }

    #[test]
    fn the_escape_character_is_that_of_the_directive() {
        finds("RUN x=`cat y`\n");
        finds("RUN a \\\n  # b\n\n  --port «8081 command-flag»\n");
        finds("RUN echo a\\\\\n");
        finds_what_is_marked(
            "Dockerfile",
            "# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nCOPY a C:\\\nEXPOSE «8080 exposed» `\n  «8081 exposed»\n",
        );
    }

    #[test]
    fn commands_are_read_in_both_their_forms() {
        finds("CMD vite --port «8081 command-flag»\n");
        finds("CMD [\"vite\", \\\n  \"--port\", \"«8081 command-flag»\"]\n");
        finds("ENTRYPOINT [\"sh\", \"-c\", \"vite --port «8081 command-flag»\"]\n");
        finds("HEALTHCHECK --interval=3000s CMD [\"curl\", \"http://localhost:«8081 healthcheck»/\"]\n");
        finds("HEALTHCHECK --timeout=3000s \\\n  CMD curl http://localhost:«8081 healthcheck»/\n");
    }

    #[test]
    fn exposed_ports_are_numbers_ranges_and_defaults() {
        finds(
            "EXPOSE «8081 exposed»-«8082 exposed» \"«8083 exposed»\" «8084 exposed»/udp ${PORT:-«8085 fallback»}\n",
        );
    }

    #[test]
    fn labels_decide_nothing() {
        finds("LABEL traefik.port=8081 version=\"8082\"\n");
    }
}
