//! Servers that a script starts without naming their port: `next dev` reads `PORT`, and is on 3000 without it.

use std::ops::Range;
use std::path::Path;

use super::command;
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::variable::Variable;

/// A program that reads its port from a variable, and the number on which it listens without.
struct Server {
    program: &'static str,
    /// The words that make it a server; nothing where the program alone is one.
    commands: &'static [&'static str],
    variable: &'static str,
    number: u16,
    /// A script in which it is started, which is run as the row's test.
    #[cfg_attr(not(test), expect(dead_code, reason = "run as the row's test"))]
    example: &'static str,
}

/// What is known of programs; each row after the program's documentation of its port.
const SERVERS: &[Server] = &[
    server("next", &["dev", "start"], "PORT", 3000, "next dev --turbo"),
    server("react-scripts", &["start"], "PORT", 3000, "react-scripts start"),
    server("vue-cli-service", &["serve"], "PORT", 8080, "vue-cli-service serve"),
    server("docusaurus", &["start"], "PORT", 3000, "docusaurus start"),
    server("gatsby", &["develop"], "PORT", 8000, "gatsby develop"),
    server("nuxt", &["dev", "start"], "PORT", 3000, "nuxt dev"),
    server("nuxi", &["dev", "preview"], "PORT", 3000, "nuxi dev"),
    server("remix-serve", &[], "PORT", 3000, "remix-serve ./build/server/index.js"),
    server("react-router-serve", &[], "PORT", 3000, "react-router-serve ./build/server/index.js"),
    server("rails", &["s", "server"], "PORT", 3000, "bundle exec rails server"),
    server("puma", &[], "PORT", 9292, "bundle exec puma -C config/puma.rb"),
    server("flask", &["run"], "FLASK_RUN_PORT", 5000, "flask --app shop run --debug"),
    server("gunicorn", &[], "PORT", 8000, "gunicorn shop.wsgi"),
    server("serve", &[], "PORT", 3000, "serve -s build"),
];

const fn server(
    program: &'static str,
    commands: &'static [&'static str],
    variable: &'static str,
    number: u16,
    example: &'static str,
) -> Server {
    Server { program, commands, variable, number, example }
}

/// A server that a script starts, by the bytes of its program's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Implied {
    pub(super) span: Range<usize>,
    pub(super) variable: Variable,
    pub(super) number: Port,
}

/// `"dev": "next dev"` of `package.json`, `web: rails s` of a Procfile.
static SCRIPT: Pattern = regex!(
    r#"(?m)(?:^|[{,])\s*"[\w:.-]+"\s*:\s*"(?P<script>(?:[^"\\\n]|\\.)*)"|^[\w-]+:\s+(?P<process>[^\n]+)$"#
);

/// Whether a file of that name has scripts that start servers.
#[must_use]
pub fn has_scripts(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name == "package.json" || is_procfile(name)
}

fn is_procfile(name: &str) -> bool {
    name == "Procfile" || name.starts_with("Procfile.")
}

/// The servers that the scripts of a manifest start without a port; none for any other file.
pub(super) fn servers(path: &Path, text: &str) -> Vec<Implied> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !has_scripts(path) {
        return Vec::new();
    }
    let group = if is_procfile(name) { "process" } else { "script" };
    let scripts = SCRIPT.captures_iter(text).filter_map(|captures| captures.name(group));
    scripts.flat_map(|script| of_script(script.as_str(), script.start())).collect()
}

fn of_script(script: &str, start: usize) -> Vec<Implied> {
    let mut found = Vec::new();
    for command in script.split(['&', '|', ';']) {
        let offset = command.as_ptr() as usize - script.as_ptr() as usize;
        if names_port(command) {
            continue;
        }
        let mut words =
            command.split_whitespace().filter(|word| !word.starts_with('-') && !word.contains('='));
        let mut before = "";
        while let Some(word) = words.next() {
            let previous = std::mem::replace(&mut before, word);
            let Some(server) = SERVERS.iter().find(|server| server.program == word) else { continue };
            // `ng serve` is a command of another program.
            if server.commands.is_empty() && !previous.is_empty() && !command::is_before_program(previous) {
                continue;
            }
            let is_started = server.commands.is_empty() || words.any(|word| server.commands.contains(&word));
            if let (true, Some(number), Ok(variable)) =
                (is_started, Port::new(server.number), server.variable.parse())
            {
                let at = start + offset + (word.as_ptr() as usize - command.as_ptr() as usize);
                found.push(Implied { span: at..at + word.len(), variable, number });
            }
            break;
        }
    }
    found
}

/// Whether a command says itself which port it is: by a flag, or by setting the variable.
fn names_port(command: &str) -> bool {
    command.split_whitespace().any(|word| {
        matches!(word, "-p" | "--port" | "-b" | "--bind" | "-l" | "--listen")
            || ["--port=", "-p", "--bind=", "-b", "--listen=", "PORT="].iter().any(|start| {
                word.strip_prefix(start).is_some_and(|rest| {
                    rest.starts_with(|first: char| {
                        first.is_ascii_digit() || matches!(first, '$' | ':' | '"' | '\\')
                    })
                })
            })
            || word.contains("_PORT=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(script: &str) -> Vec<(String, u16)> {
        let text = format!("{{\n  \"scripts\": {{\n    \"dev\": \"{script}\"\n  }}\n}}\n");
        let servers = servers(Path::new("web/package.json"), &text);
        servers.into_iter().map(|it| (text[it.span.clone()].to_owned(), it.number.get())).collect()
    }

    #[test]
    fn every_row_is_found_in_its_example() {
        for server in SERVERS {
            assert_eq!(
                found(server.example),
                [(server.program.to_owned(), server.number)],
                "{}",
                server.example
            );
        }
    }

    #[test]
    fn a_server_that_is_told_its_port_implies_none() {
        for script in [
            "next dev -p 3001",
            "PORT=3001 next dev",
            "next build",
            "flask run --port=$API_PORT",
            "echo next",
            "ng serve",
        ] {
            assert_eq!(found(script), [], "{script}");
        }
    }

    #[test]
    fn a_manifest_on_one_line_starts_servers_too() {
        let text = r#"{"name":"shop","scripts":{"build":"next build","dev":"next dev"}}"#;
        let servers = servers(Path::new("package.json"), text);
        let starts: Vec<usize> = servers.iter().map(|server| server.span.start).collect();
        assert_eq!(starts, [text.find("next dev").unwrap()]);
    }

    #[test]
    fn a_procfile_starts_servers_too() {
        let text = "web: bundle exec rails s\nworker: bundle exec sidekiq\n";
        let servers = servers(Path::new("Procfile.dev"), text);
        assert_eq!(servers.len(), 1);
        assert_eq!(&text[servers[0].span.clone()], "rails");
        assert_eq!(self::servers(Path::new("notes.txt"), text), []);
    }
}
