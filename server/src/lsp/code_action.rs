//! `textDocument/codeAction`: the fixes for what is wrong in a range, and for a whole file; refactorings of what is selected.

use std::path::Path;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::client_features::{ADOPT, ClientFeatures, EXTRACT, FIX_ALL, QUICK_FIX};
use super::diagnostics::Terms;
use super::document_request::DocumentRequest;
use super::documents::Analysed;
use super::execute_command;
use super::fix_port;
use super::open_texts::OpenTexts;
use super::server::Server;
use super::workspace_edit::{DocumentEdits, workspace_edit};
use crate::fixes::{Action, Edit, Fix, Fixer, extract};
use crate::operations::can_integrate;
use crate::operations::fix::find_document_fixes;
use crate::rules::{self, Diagnostic, Document, Exception, Facts, Rule};
use crate::text::printable;

pub(super) async fn code_action(
    server: &Server,
    params: lsp::CodeActionParams,
) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
    let uri = params.text_document.uri;
    let answer = move |request: &DocumentRequest| {
        let features = request.features;
        let offer = Offer {
            server: &request.server,
            uri: request.uri.clone(),
            features,
            analysed: &request.analysed,
            document: request.document(),
            facts: &request.facts,
            has_whole_map: request.has_whole_map,
        };
        let actions = offer.actions(&params.range, &params.context).into_iter();
        let actions = actions.filter_map(|action| match features.code_action_literals {
            true => Some(action.into()),
            false => bare_command(action, features).map(lsp::CodeActionResponse::from),
        });
        Some(actions.collect())
    };
    DocumentRequest::answer(server, &uri, Server::facts_of, answer).await
}

/// A fix that is offered.
#[derive(PartialEq)]
enum Choice {
    /// For one place.
    Here(Fix),
    /// For every certain place of its port.
    Everywhere(fix_port::Offer),
    /// For the whole project.
    Adopt,
}

impl Choice {
    /// Where it stands in a menu. What most people want comes first; what repairs nothing comes last.
    fn rank(&self) -> u8 {
        match self {
            Self::Here(fix) if fix.is_preferred() && !fix.edits.is_empty() => 0,
            // What is right for the project, but leaves the place as it is.
            Self::Here(fix) if fix.is_preferred() => 1,
            Self::Everywhere(_) => 2,
            Self::Here(fix) if fix.is_repair() => 3,
            Self::Adopt => 4,
            Self::Here(fix) if !fix.edits.is_empty() => 5,
            Self::Here(_) => 6,
        }
    }
}

/// What actions are made of.
struct Offer<'a> {
    server: &'a Server,
    uri: lsp::Uri,
    features: ClientFeatures,
    analysed: &'a Analysed,
    document: Document<'a>,
    facts: &'a Facts,
    has_whole_map: bool,
}

impl Offer<'_> {
    fn actions(&self, range: &lsp::Range, context: &lsp::CodeActionContext) -> Vec<lsp::CodeAction> {
        let diagnostics = rules::check(&self.document, self.facts);
        let mut actions = Vec::new();
        if is_wanted(context, QUICK_FIX) {
            actions.extend(self.quick_fixes(&diagnostics, range, context));
        }
        if is_wanted(context, EXTRACT) {
            actions.extend(self.extract(range, context));
        }
        if context.only.is_some() && is_wanted(context, ADOPT) && self.can_adopt() {
            actions.push(self.adopt(ADOPT, None));
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
        offered.sort_by_key(|(choice, _)| choice.rank());
        let action = |(choice, diagnostics)| match choice {
            Choice::Here(fix) => self.fix(fix, lsp::CodeActionKind::QuickFix, Some(diagnostics)),
            Choice::Everywhere(offer) => self.port_fix(offer, diagnostics),
            Choice::Adopt => self.adopt(QUICK_FIX, Some(diagnostics)),
        };
        offered.into_iter().map(action).collect()
    }

    fn in_clients_terms(&self, diagnostics: &[Diagnostic]) -> Vec<lsp::Diagnostic> {
        let terms = Terms {
            uri: &self.uri,
            text: &self.analysed.text,
            document: self.document,
            facts: self.facts,
            features: &self.features,
            server: self.server,
        };
        terms.all(diagnostics)
    }

    /// The fixes for a diagnostic: for its place, for its whole port, and for the project.
    fn choices(&self, diagnostic: &Diagnostic, fixer: &Fixer<'_>) -> Vec<Choice> {
        let is_possible = |fix: &Fix| match fix.action {
            Some(Action::Integrate(target)) => {
                can_integrate(target, self.facts, self.facts.within(self.document.path))
            }
            // A cell of a notebook, say, has no name by which it could be ignored.
            Some(Action::Configure(Exception::Ignore(_))) => self.uri.scheme() == "file",
            _ => true,
        };
        let fixes = fixer.fixes(diagnostic).into_iter().filter(is_possible);
        let mut choices: Vec<Choice> = fixes.map(Choice::Here).collect();
        if diagnostic.rule == Rule::MissingPortsEnv && self.can_adopt() {
            choices.push(Choice::Adopt);
        }
        if self.features.applies_edits
            && self.has_whole_map
            && let Some(offer) = fix_port::Offer::of(self.server, diagnostic, &self.document, self.facts)
        {
            choices.push(Choice::Everywhere(offer));
        }
        choices
    }

    /// The fix for a whole port: an edit that the client asks for when it is chosen, so that it can be looked at; else a command
    /// that asks the client to make the edit.
    fn port_fix(&self, offer: fix_port::Offer, diagnostics: Vec<lsp::Diagnostic>) -> lsp::CodeAction {
        let fix_port::Offer { title, variable, state, registration, is_only_edits } = offer;
        let title = printable(&title);
        let root = self.facts.root.as_path();
        let argument = json!({"root": root, "variable": variable, "state": state});
        let is_resolved = self.features.resolves_edits && is_only_edits;
        let command = match is_resolved {
            true => registration.map(|action| self.command(&title, &action)),
            false => Some(command(&title, execute_command::FIX_PORT, argument.clone())),
        };
        lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: Some(diagnostics),
            command,
            data: is_resolved.then_some(argument),
            ..Default::default()
        }
    }

    /// Whether the client can show what adopting the project would change.
    fn can_adopt(&self) -> bool {
        self.features.applies_edits && self.features.annotates_edits
    }

    fn adopt(&self, kind: &str, diagnostics: Option<Vec<lsp::Diagnostic>>) -> lsp::CodeAction {
        let title =
            printable(&format!("Adopt {}: ports, fixes and ways of starting", self.facts.root.name()));
        lsp::CodeAction {
            title: title.clone(),
            kind: Some(kind.to_owned().into()),
            diagnostics,
            command: Some(command(
                &title,
                execute_command::ADOPT,
                json!({"root": self.facts.root.as_path()}),
            )),
            ..Default::default()
        }
    }

    /// Makes a port variable of a number that is selected, or in which the cursor is where refactorings are asked for.
    fn extract(&self, range: &lsp::Range, context: &lsp::CodeActionContext) -> Option<lsp::CodeAction> {
        if range.start == range.end && context.only.is_none() {
            return None;
        }
        let selection = self.analysed.text.span(*range, self.features.encoding);
        let fix = extract(&self.document, self.facts, &selection)?;
        Some(self.fix(fix, EXTRACT.to_owned().into(), None))
    }

    /// A fix of the document. A client of which nobody knows that it makes the edit of an action with a command is asked by that
    /// command to make it: it would register a port for nothing.
    fn fix(
        &self,
        fix: Fix,
        kind: lsp::CodeActionKind,
        diagnostics: Option<Vec<lsp::Diagnostic>>,
    ) -> lsp::CodeAction {
        let title = printable(&fix.title);
        let ClientFeatures { resolves_edits, is_ours, applies_edits, .. } = self.features;
        let mut edit = (!fix.edits.is_empty()).then(|| self.edit(&fix.edits));
        let is_by_command = applies_edits && !resolves_edits && !is_ours;
        let command = fix.action.as_ref().map(|action| match edit.take_if(|_| is_by_command) {
            Some(edit) => {
                let (name, argument) = execute_command::of_action(action, &self.facts.root);
                let argument = json!({"edit": edit, "command": name, "argument": argument});
                command(&title, execute_command::APPLY, argument)
            }
            None => self.command(&title, action),
        });
        lsp::CodeAction {
            title,
            kind: Some(kind),
            diagnostics,
            is_preferred: fix.is_preferred().then_some(true),
            edit,
            command,
            ..Default::default()
        }
    }

    fn command(&self, title: &str, action: &Action) -> lsp::Command {
        let (name, argument) = execute_command::of_action(action, &self.facts.root);
        command(title, name, argument)
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
                let (name, argument) = execute_command::of_names(&all.renamed, self.facts.root.as_path());
                command("Name variables for pages", name, argument)
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

fn command(title: &str, name: &str, argument: Value) -> lsp::Command {
    lsp::Command {
        title: title.to_owned(),
        command: name.to_owned(),
        arguments: Some(vec![argument]),
        ..Default::default()
    }
}

/// The action as a command, for a client that knows no other actions; `None` where it is an edit that the client does not make
/// when it is asked to.
fn bare_command(action: lsp::CodeAction, features: ClientFeatures) -> Option<lsp::Command> {
    let lsp::CodeAction { title, edit, command: then, .. } = action;
    let Some(edit) = edit else { return then };
    features.applies_edits.then(|| {
        let argument = match then {
            Some(then) => json!({
                "edit": edit,
                "command": then.command,
                "argument": then.arguments.unwrap_or_default().into_iter().next(),
            }),
            None => json!({ "edit": edit }),
        };
        command(&title, execute_command::APPLY, argument)
    })
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
