//! `textDocument/hover`: the owner of a port, and who listens there.

use std::fmt::Write as _;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::client_features::FREE_COMMAND;
use super::document_request::DocumentRequest;
use super::server::Server;
use super::uri;
use crate::analysis::Occurrence;
use crate::port::Port;
use crate::ports;
use crate::ports_env;
use crate::project::map::{MappedPort, Place};
use crate::registry::Owner;
use crate::rules::{Facts, Mention, NamedPort};
use crate::text::{markdown, printable};
use crate::variable::Variable;

pub(super) async fn hover(server: &Server, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let describe = move |request: &DocumentRequest| {
        let named = request.named_at(position)?;
        let DocumentRequest { features, facts, .. } = request;
        let style = if features.hover_markdown { Style::Markdown } else { Style::Plain };
        let value = Description { style, frees_by_link: features.frees_by_link, facts }.of(&named);
        let kind = match style {
            Style::Markdown => lsp::MarkupKind::Markdown,
            Style::Plain => lsp::MarkupKind::PlainText,
        };
        let contents = lsp::MarkupContent { kind, value }.into();
        Some(lsp::Hover { contents, range: Some(request.range(&named.span)) })
    };
    DocumentRequest::answer(server, &text_document.uri, Server::facts_of, describe).await
}

/// How text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Markdown,
    Plain,
}

impl Style {
    /// A name as it is: whatever a directory or a program is called, it formats nothing.
    fn name(self, name: &str) -> String {
        match self {
            Self::Markdown => markdown::code_span(name),
            Self::Plain => printable(name),
        }
    }

    fn heading(self, text: &str) -> String {
        if self == Self::Markdown { format!("**{text}**") } else { text.to_owned() }
    }
}

/// Says what is known of a port or a variable, in the project that `facts` are about.
struct Description<'a> {
    style: Style,
    frees_by_link: bool,
    facts: &'a Facts,
}

impl Description<'_> {
    fn of(&self, named: &NamedPort<'_>) -> String {
        let NamedPort { mention, variable: own, port, place, .. } = named;
        let (mut lines, typed) = match mention {
            Mention::Number(number) => (self.port(*number), Some(*number)),
            Mention::Read(name) | Mention::Defined(name, _) => {
                let own = own.as_ref().unwrap_or(name);
                let written = match mention {
                    Mention::Defined(_, written) => *written,
                    _ => None,
                };
                let mut lines = self.variable(own, written);
                if own != name {
                    lines.insert(1, format!("{} is read as {} there.", self.name(own), self.name(name)));
                }
                (lines, None)
            }
        };
        if let Some(port) = port {
            // Behind the heading: it says which port that is.
            lines.splice(1..1, self.mapped(port, *place, typed));
        }
        lines.extend(named.occurrence.and_then(|occurrence| self.own_row(occurrence)));
        // Two spaces would do in Markdown, and be lost on the way in some client.
        lines.join(if self.style == Style::Markdown { "\n\n" } else { "\n" })
    }

    /// Which of the project's own rows decided that, and what it says.
    fn own_row(&self, occurrence: &Occurrence) -> Option<String> {
        let by = &occurrence.decided_by;
        let means = self.facts.settings.packs().own_meaning_of(by)?;
        Some(format!("Decided by {}, which says {}", self.style.name(by.as_str()), self.style.name(means)))
    }

    fn name(&self, variable: &Variable) -> String {
        self.style.name(variable.as_str())
    }

    /// Which port of the project that is: its variable and numbers, and where the project listens and connects. `typed` is
    /// the number where one is written without the variable.
    fn mapped(&self, port: &MappedPort, here: Option<&Place>, typed: Option<Port>) -> Vec<String> {
        let assigned = self.facts.port(&port.variable);
        let mut lines = Vec::new();
        match (typed, port.default) {
            (Some(_), _) => {
                let variable = self.name(&port.variable);
                lines.push(match assigned {
                    Some(assigned) => format!("The default number of {variable}, which is {assigned} here."),
                    None => format!("The default number of {variable}, which has no number here yet."),
                });
            }
            (None, Some(default)) => lines.push(format!("Default number {default}.")),
            (None, None) => {}
        }
        if let Some(assigned) = assigned.filter(|assigned| typed.is_some_and(|typed| typed != *assigned)) {
            lines.push(format!("Port {assigned}: {}", listeners(assigned, self.style).1));
        }
        let is_other = |place: &&Place| Some(*place) != here;
        let listens = port.listens();
        let listening: Vec<&Place> = port.places.iter().filter(|it| listens(it)).filter(is_other).collect();
        let connecting: Vec<&Place> = port.connecting().filter(is_other).collect();
        for (what, places) in [("Listens", listening), ("Connects", connecting)] {
            if !places.is_empty() {
                lines.push(format!("{what}: {}.", self.places(&places)));
            }
        }
        lines
    }

    /// The first places, each a link where the client shows links, and how many more there are.
    fn places(&self, places: &[&Place]) -> String {
        const SHOWN: usize = 5;
        let shown = places.iter().take(SHOWN).map(|place| {
            let name = self.style.name(&format!("{}:{}", place.path.display(), place.line));
            let target = uri::from_file(&self.facts.root.as_path().join(&place.path));
            match target.filter(|_| self.style == Style::Markdown) {
                // A parenthesis would end the link.
                Some(uri) => {
                    let uri = uri.as_str().replace('(', "%28").replace(')', "%29");
                    format!("[{name}]({uri}#L{})", place.line)
                }
                None => name,
            }
        });
        let mut text = shown.collect::<Vec<_>>().join(", ");
        if places.len() > SHOWN {
            // Cannot fail: it is a string.
            let _ = write!(text, " and {} more", places.len() - SHOWN);
        }
        text
    }

    /// `written` is the value where the place itself gives one.
    fn variable(&self, variable: &Variable, written: Option<Port>) -> Vec<String> {
        let in_file = self.facts.ports_env.as_ref().and_then(|ports_env| ports_env.get(variable));
        match written.or(in_file) {
            Some(port) => {
                let mut lines = self.port(port);
                lines[0] = self.style.heading(&format!("{variable} = {port}"));
                if let Some(in_file) = in_file.filter(|in_file| *in_file != port) {
                    lines.push(format!("{} says {in_file}.", ports_env::FILE_NAME));
                }
                lines
            }
            None => vec![
                self.style.heading(variable.as_str()),
                if self.facts.ports_env.is_some() {
                    format!("Not defined in {}.", ports_env::FILE_NAME)
                } else {
                    format!("The project has no {} yet.", ports_env::FILE_NAME)
                },
            ],
        }
    }

    fn port(&self, port: Port) -> Vec<String> {
        let (is_used, listening) = listeners(port, self.style);
        let mut lines = vec![self.style.heading(&format!("Port {port}")), self.owner(port), listening];
        if is_used && self.style == Style::Markdown {
            let mut links = vec![format!("[http://localhost:{port}](http://localhost:{port})")];
            if self.frees_by_link {
                // Its argument is a JSON list, escaped for a URI.
                links.push(format!("[Free port {port}](command:{FREE_COMMAND}?%5B{port}%5D)"));
            }
            lines.push(links.join(" · "));
        }
        lines
    }

    fn owner(&self, port: Port) -> String {
        match self.facts.registry.owner(port) {
            Some(Owner::Project { key, name, variable, service }) => {
                let variable = self.style.name(variable.as_str());
                if self.facts.root.key().is_ok_and(|own| own == key) {
                    return format!("Belongs to this project as {variable}, service {service}.");
                }
                let mut text = format!("Belongs to project {}", self.style.name(name));
                if name != key {
                    // Cannot fail: it is a string.
                    let _ = write!(text, " in {}", self.style.name(key));
                }
                format!("{text} as {variable}, service {service}.")
            }
            Some(Owner::Reservation { service, .. }) => format!("Reserved for service {service}."),
            None => "No project owns it.".to_owned(),
        }
    }
}

/// Whether the port is in use, and who listens on it now.
fn listeners(port: Port, style: Style) -> (bool, String) {
    let found = match ports::listeners_on(port, ports::Protocol::Tcp) {
        Ok(found) => found,
        Err(error) => return (false, style.name(&error.to_string())),
    };
    let mut processes: Vec<String> = found
        .iter()
        .map(|listener| match (&listener.program, listener.pid) {
            (Some(program), Some(pid)) => format!("{} (pid {pid})", style.name(program)),
            (None, Some(pid)) => format!("process {pid}"),
            _ => "a process that is not visible to you".to_owned(),
        })
        .collect();
    processes.dedup();
    match processes.as_slice() {
        [] if ports::is_free(port) => (false, "Free: nothing listens on it.".to_owned()),
        [] => (true, "In use; the process is not visible to you.".to_owned()),
        [one] => (true, format!("In use: {one} listens on it.")),
        several => (true, format!("In use: {} listen on it.", several.join(", "))),
    }
}
