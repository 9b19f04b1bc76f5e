//! `textDocument/hover`: who a port belongs to, and who listens there.

use std::fmt::Write as _;
use std::path::Path;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::analyse;
use super::client_features::FREE_LINK;
use super::documents::Analysed;
use super::server::Server;
use super::uri;
use crate::analysis::{Language, Literal, Meaning, Occurrence};
use crate::port::Port;
use crate::ports;
use crate::ports_env;
use crate::project::map::{MappedPort, Place};
use crate::registry::Owner;
use crate::rules::{Document, Facts};
use crate::text::{markdown, printable};
use crate::variable::Variable;

pub(super) async fn hover(server: &Server, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let (features, path) = {
        let state = server.state();
        (state.features, state.path_of(&text_document.uri))
    };
    let Some(path) = path else { return Ok(None) };
    let Some(analysed) = analyse::newest(server, &text_document.uri).await? else { return Ok(None) };
    let offset = analysed.text.offset(position, features.encoding);
    let Some(occurrence) = occurrence_at(&analysed, offset).cloned() else { return Ok(None) };

    let range = analysed.text.range(&occurrence.span, features.encoding);
    let style = if features.hover_markdown { Style::Markdown } else { Style::Plain };
    let server = server.clone();
    let describe = move || {
        let text = analysed.text.to_string();
        let Analysed { language, analysis, .. } = &analysed;
        let facts = server.facts_of(&Document { path: &path, text: &text, language: *language, analysis })?;
        let description = Description { style, frees_by_link: features.frees_by_link, facts: &facts };
        Some(description.of(&occurrence, facts.within(&path)))
    };
    let described = tokio::task::spawn_blocking(describe).await.map_err(|_| Error::internal_error())?;
    let Some(value) = described else { return Ok(None) };
    let kind = match style {
        Style::Markdown => lsp::MarkupKind::Markdown,
        Style::Plain => lsp::MarkupKind::PlainText,
    };
    let contents = lsp::MarkupContent { kind, value }.into();
    Ok(Some(lsp::Hover { contents, range: Some(range) }))
}

/// The occurrence at an offset; in `.ports.env`, where every line is about one port, the line's.
fn occurrence_at(analysed: &Analysed, offset: usize) -> Option<&Occurrence> {
    let line = |offset| analysed.text.position(offset, Default::default()).line;
    analysed.analysis.at(offset).or_else(|| {
        let mut all = analysed.analysis.occurrences.iter();
        all.find(|found| analysed.language == Language::PortsEnv && line(found.span.start) == line(offset))
    })
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
    /// `path` is the file's, relative to the project's root.
    fn of(&self, occurrence: &Occurrence, path: &Path) -> String {
        let (named, written) = match &occurrence.meaning {
            Meaning::Literal(_) | Meaning::Fallback { variable: None, .. } => (None, None),
            // A number in the default of another variable, such as `API_URL`.
            Meaning::Fallback { variable: Some(variable), .. } => {
                (Some(variable).filter(|variable| variable.is_port_name()), None)
            }
            Meaning::Reference { variable, .. } => (Some(variable), None),
            Meaning::Definition { variable, port } => (Some(variable), *port),
        };
        let typed = match &occurrence.meaning {
            Meaning::Literal(Literal { port, .. }) | Meaning::Fallback { port, .. } => Some(*port),
            Meaning::Reference { .. } | Meaning::Definition { .. } => None,
        }
        .filter(|_| named.is_none());
        let (port, here) = match self.facts.map.at(path, &occurrence.span) {
            Some((port, here)) => (Some(port), Some(here)),
            // A line of `.ports.env` is no place of the map.
            None => (named.and_then(|variable| self.facts.map.of_variable(variable)), None),
        };
        let mut lines = match (typed, named) {
            (Some(number), _) => self.port(number),
            (None, Some(variable)) => {
                let read = self.facts.variable_read_as(variable, path);
                let own = port.map_or(&read, |port| &port.variable);
                let mut lines = self.variable(own, written);
                if own != variable {
                    lines.insert(1, format!("{} is read as {} there.", self.name(own), self.name(variable)));
                }
                lines
            }
            (None, None) => Vec::new(),
        };
        if let Some(port) = port.filter(|_| !lines.is_empty()) {
            // Behind the heading: it says which port that is.
            lines.splice(1..1, self.mapped(port, here, typed));
        }
        lines.extend(self.own_row(occurrence));
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
                links.push(format!("[Free port {port}](command:{FREE_LINK}?%5B{port}%5D)"));
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
