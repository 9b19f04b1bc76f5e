//! `workspace/symbol`: the port variables of all projects that are open.

use std::collections::BTreeSet;
use std::path::PathBuf;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::project_places::ProjectPlaces;
use super::server::Server;
use crate::ports_env;
use crate::project::ProjectRoot;
use crate::rules::Facts;
use crate::text::printable;
use crate::variable::Variable;

pub(super) async fn workspace_symbol(
    server: &Server,
    params: lsp::WorkspaceSymbolParams,
) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
    let server = server.clone();
    let look = move || {
        let symbols = open_projects(&server).into_iter().flat_map(|root| {
            let facts = server.known_facts(&root.as_path().join(ports_env::FILE_NAME));
            facts.map(|facts| of_project(&server, &facts, &params.query)).unwrap_or_default()
        });
        symbols.collect()
    };
    let symbols = tokio::task::spawn_blocking(look).await.map_err(|_| Error::internal_error())?;
    Ok(Some(lsp::WorkspaceSymbolResponse::SymbolInformationList(symbols)))
}

/// The projects of the workspace folders and of the open documents.
fn open_projects(server: &Server) -> BTreeSet<ProjectRoot> {
    let (folders, documents): (Vec<PathBuf>, Vec<PathBuf>) = {
        let state = server.state();
        (state.folders.clone(), state.documents.paths().map(PathBuf::from).collect())
    };
    let in_folders = folders.into_iter().map(|folder| folder.join(ports_env::FILE_NAME));
    in_folders.chain(documents).map(|path| server.locate(&path).root).collect()
}

fn of_project(server: &Server, facts: &Facts, query: &str) -> Vec<lsp::SymbolInformation> {
    let places = ProjectPlaces::of(server, facts);
    let mut seen = BTreeSet::new();
    let mut symbols = Vec::new();
    for line in places.declared() {
        if !matches(&line.variable, query) || !seen.insert(line.variable.clone()) {
            continue;
        }
        let port = facts.port(&line.variable);
        let container = match port {
            Some(port) => format!("{} ({port})", facts.root.name()),
            None => facts.root.name(),
        };
        symbols.push(lsp::SymbolInformation {
            base_symbol_information: lsp::BaseSymbolInformation {
                name: line.variable.to_string(),
                kind: lsp::SymbolKind::Constant,
                tags: None,
                container_name: Some(printable(&container)),
            },
            location: line.location(),
            #[allow(deprecated)]
            deprecated: None,
        });
    }
    symbols
}

/// Whether the letters of a query are in the name, in their order: how editors filter (LSP 3.17, `WorkspaceSymbolParams`).
fn matches(variable: &Variable, query: &str) -> bool {
    let mut name = variable.as_str().chars();
    let mut wanted = query.chars().filter(|character| !character.is_whitespace());
    wanted.all(|wanted| name.any(|character| character.eq_ignore_ascii_case(&wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_letters_of_the_name_in_order() {
        let is_found = |query| matches(&"WEB_PORT".parse().unwrap(), query);
        for query in ["", "web", "WPORT", "w p", "_"] {
            assert!(is_found(query), "{query}");
        }
        for query in ["webs", "portweb", "API"] {
            assert!(!is_found(query), "{query}");
        }
    }
}
