//! `textDocument/codeAction`: the fixes for what is wrong in a range, and for a whole file.

use std::path::Path;

use serde_json::json;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::analyse;
use super::client_features::{ClientFeatures, FIX_ALL};
use super::diagnostics::Terms;
use super::documents::Analysed;
use super::execute_command;
use super::fix_port;
use super::open_texts::OpenTexts;
use super::server::Server;
use super::workspace_edit::{DocumentEdits, workspace_edit};
use crate::fixes::{Edit, Fix, Fixer};
use crate::operations::fix::find_document_fixes;
use crate::rules::{self, Diagnostic, Document, Facts};
use crate::text::printable;

pub(super) async fn code_action(
    server: &Server,
    params: lsp::CodeActionParams,
) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
    let uri = params.text_document.uri.clone();
    let (features, path) = {
        let state = server.state();
        (state.features, state.path_of(&uri))
    };
    let Some(path) = path.filter(|_| features.code_action_literals) else { return Ok(None) };
    let Some(analysed) = analyse::newest(server, &uri).await? else { return Ok(None) };

    let server = server.clone();
    let actions = move || {
        let text = analysed.text.to_string();
        let Analysed { language, analysis, .. } = &analysed;
        let document = Document { path: &path, text: &text, language: *language, analysis };
        let Some(facts) = server.facts_of(&document) else { return Vec::new() };
        let offer = Offer { server: &server, uri, features, analysed: &analysed, document, facts: &facts };
        offer.actions(&params.range, &params.context)
    };
    // A panic in a rule or a fix loses this one answer.
    let actions = tokio::task::spawn_blocking(actions).await.map_err(|_| Error::internal_error())?;
    Ok(Some(actions.into_iter().map(lsp::CodeActionResponse::from).collect()))
}

/// A fix that is offered.
#[derive(PartialEq)]
enum Choice {
    /// For one place.
    Here(Fix),
    /// For every certain place of its port.
    Everywhere(fix_port::Offer),
}

/// What actions are made of.
struct Offer<'a> {
    server: &'a Server,
    uri: lsp::Uri,
    features: ClientFeatures,
    analysed: &'a Analysed,
    document: Document<'a>,
    facts: &'a Facts,
}

impl Offer<'_> {
    fn actions(&self, range: &lsp::Range, context: &lsp::CodeActionContext) -> Vec<lsp::CodeAction> {
        let diagnostics = rules::check(&self.document, self.facts);
        let mut actions = Vec::new();
        if is_wanted(context, "quickfix") {
            actions.extend(self.quick_fixes(&diagnostics, range, context));
        }
        // Unasked it would only be in the way of the fix for this one place.
        if context.only.is_some() && is_wanted(context, FIX_ALL) {
            actions.extend(self.fix_all());
        }
        actions
    }

    fn quick_fixes(
        &self,
        diagnostics: &[Diagnostic],
        range: &lsp::Range,
        context: &lsp::CodeActionContext,
    ) -> Vec<lsp::CodeAction> {
        let span = self.analysed.text.span(*range, self.features.encoding);
        let fixer = Fixer::new(&self.document, self.facts);
        // Several diagnostics may have one fix: running init, say.
        let mut offered: Vec<(Choice, Vec<lsp::Diagnostic>)> = Vec::new();
        for (diagnostic, shown) in diagnostics.iter().zip(self.in_clients_terms(diagnostics)) {
            let touches = diagnostic.span.start <= span.end && span.start <= diagnostic.span.end;
            // Some clients ask for the cursor's place, and name the diagnostics of its line.
            let is_named = context.diagnostics.iter().any(|named| is_same(named, &shown));
            if !touches && !is_named {
                continue;
            }
            for choice in self.choices(diagnostic, &fixer) {
                match offered.iter_mut().find(|(known, _)| *known == choice) {
                    Some((_, diagnostics)) => diagnostics.push(shown.clone()),
                    None => offered.push((choice, vec![shown.clone()])),
                }
            }
        }
        let action = |(choice, diagnostics)| match choice {
            Choice::Here(fix) => self.quick_fix(fix, diagnostics),
            Choice::Everywhere(offer) => self.port_fix(offer, diagnostics),
        };
        offered.into_iter().map(action).collect()
    }

    fn in_clients_terms(&self, diagnostics: &[Diagnostic]) -> Vec<lsp::Diagnostic> {
        let opened = |path: &Path| self.server.state().uri_of(path);
        let terms = Terms {
            uri: &self.uri,
            text: &self.analysed.text,
            document: self.document,
            facts: self.facts,
            features: &self.features,
            opened: &opened,
        };
        terms.all(diagnostics)
    }

    /// The fixes for a diagnostic: the one for its whole port beside the one for its place.
    fn choices(&self, diagnostic: &Diagnostic, fixer: &Fixer<'_>) -> Vec<Choice> {
        let fixes = fixer.fixes(diagnostic);
        let is_repair = |fix: &Fix| fix.is_repair() && !fix.edits.is_empty();
        let beside = usize::from(fixes.first().is_some_and(is_repair));
        let mut choices: Vec<Choice> = fixes.into_iter().map(Choice::Here).collect();
        if self.features.applies_edits
            && self.server.port_maps.is_whole(&self.facts.root)
            && let Some(offer) = fix_port::Offer::of(self.server, diagnostic, &self.document, self.facts)
        {
            choices.insert(beside, Choice::Everywhere(offer));
        }
        choices
    }

    fn port_fix(&self, offer: fix_port::Offer, diagnostics: Vec<lsp::Diagnostic>) -> lsp::CodeAction {
        let fix_port::Offer { title, variable, state } = offer;
        let title = printable(&title);
        let root = self.facts.root.as_path();
        lsp::CodeAction {
            title: title.clone(),
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: Some(diagnostics),
            command: Some(lsp::Command {
                title,
                command: execute_command::FIX_PORT.to_owned(),
                arguments: Some(vec![json!({"root": root, "variable": variable, "state": state})]),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    fn quick_fix(&self, fix: Fix, diagnostics: Vec<lsp::Diagnostic>) -> lsp::CodeAction {
        let title = printable(&fix.title);
        let command = fix.action.as_ref().map(|action| {
            let (command, argument) = execute_command::of_action(action, &self.facts.root);
            lsp::Command {
                title: title.clone(),
                command: command.to_owned(),
                arguments: Some(vec![argument]),
                ..Default::default()
            }
        });
        lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: Some(diagnostics),
            is_preferred: fix.is_preferred().then_some(true),
            edit: (!fix.edits.is_empty()).then(|| self.edit(&fix.edits)),
            command,
            ..Default::default()
        }
    }

    /// One action that does everything that needs no decision and nothing new.
    fn fix_all(&self) -> Option<lsp::CodeAction> {
        let facts = self.server.whole_facts(self.facts.root.as_path())?;
        let open = OpenTexts::of(&self.server.state().documents);
        let all = find_document_fixes(&self.document, &facts, &|path: &Path| open.text(path))?;
        Some(lsp::CodeAction {
            title: "Use port variables wherever one exists already".to_owned(),
            kind: Some(FIX_ALL.to_owned().into()),
            edit: Some(self.edit(&all.edits)),
            command: (!all.renamed.is_empty()).then(|| {
                let (command, argument) = execute_command::of_names(&all.renamed, self.facts.root.as_path());
                lsp::Command {
                    title: "Name variables for pages".to_owned(),
                    command: command.to_owned(),
                    arguments: Some(vec![argument]),
                    ..Default::default()
                }
            }),
            ..Default::default()
        })
    }

    fn edit(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        let Analysed { version, text, .. } = self.analysed;
        let document = DocumentEdits { uri: self.uri.clone(), version: Some(*version), text, edits };
        workspace_edit([document], &self.features)
    }
}

/// Whether a diagnostic that the client names is one of ours. The text may have changed since the client got it, so that its
/// data tells more than its range.
fn is_same(named: &lsp::Diagnostic, ours: &lsp::Diagnostic) -> bool {
    named.code == ours.code
        && match (&named.data, &ours.data) {
            (Some(named), Some(ours)) => named == ours,
            _ => named.range == ours.range,
        }
}

/// Whether the client wants actions of the kind: all where it does not say, else the kinds that it
/// names and those below them (`source` has `source.fixAll.port-manager`).
fn is_wanted(context: &lsp::CodeActionContext, kind: &str) -> bool {
    let is_within = |wanted: &lsp::CodeActionKind| {
        let wanted = wanted.as_str();
        wanted.is_empty()
            || kind.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    context.only.as_deref().is_none_or(|only| only.iter().any(is_within))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_the_kinds_below_it() {
        let wants = |only: Option<&[&str]>, kind| {
            let only = only.map(|kinds| kinds.iter().map(|kind| (*kind).to_owned().into()).collect());
            is_wanted(&lsp::CodeActionContext { only, ..Default::default() }, kind)
        };
        for only in ["", "source", "source.fixAll", FIX_ALL] {
            assert!(wants(Some(&[only]), FIX_ALL), "{only:?}");
        }
        for only in ["quickfix", "source.fix", "source.organizeImports", "source.fixAll.eslint"] {
            assert!(!wants(Some(&[only]), FIX_ALL), "{only:?}");
        }
        assert!(wants(None, "quickfix"));
        assert!(!wants(Some(&[]), "quickfix"));
    }
}
