//! A text, its diagnostics and fixes, and what comes of the fixes.

use std::path::Path;
use std::sync::Arc;

use port_manager::analysis::{Language, Meaning, SyntaxCache, analyze};
use port_manager::fixes::{Action, Edit, Fix, Fixer, apply};
use port_manager::ports_env::PortsEnv;
use port_manager::project::ProjectRoot;
use port_manager::registry::Registry;
use port_manager::rules::{Diagnostic, Document, Facts, Rule, check};

/// A project whose `.ports.env` has a variable for some of the numbers, so that fixes of both kinds
/// are offered.
pub struct Project {
    /// Kept for as long as the root has to exist.
    _directory: tempfile::TempDir,
    facts: Facts,
}

/// A diagnostic with what is offered for it.
pub type Offer = (Diagnostic, Vec<Fix>);

impl Project {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let facts = Facts {
            root: ProjectRoot::exact(directory.path()).unwrap(),
            ports_env: None,
            defined_elsewhere: Default::default(),
            listed: None,
            example: None,
            scene: Default::default(),
            settings: Default::default(),
            is_registry_known: true,
            registry: Arc::new(Registry::default()),
            map: Arc::default(),
            is_among_tests: false,
            is_tests: false,
            is_left_out: false,
            opened_as: None,
        };
        let mut project = Self { _directory: directory, facts };
        project.set(&[]);
        project
    }

    /// Sets `.ports.env`, with more lines than it has anyway.
    fn set(&mut self, lines: &[String]) {
        let text = format!("WEB_PORT=8080\nDB_PORT=5432\nQUEUE_PORT=5672\n{}", lines.join("\n"));
        let ports_env = PortsEnv::parse(&text);
        let listed = ports_env.variables().map(|variable| (variable.clone(), ports_env.get(variable)));
        self.facts.listed = Some(listed.collect());
        self.facts.ports_env = Some(ports_env);
    }

    /// The project as it is when what the fixes do besides their edits has been done.
    fn with_actions(fixes: &[&Fix]) -> Self {
        let mut port = 40_000;
        let mut lines: Vec<String> = Vec::new();
        for fix in fixes {
            if let Some(Action::Allocate { variable, preferred, .. }) = &fix.action
                && !lines.iter().any(|line| line.starts_with(&format!("{variable}=")))
            {
                port += 1;
                let given = preferred.map_or(port, |preferred| preferred.get());
                lines.push(format!("{variable}={given}"));
            }
        }
        let mut project = Self::new();
        project.set(&lines);
        project
    }

    fn with_document<T>(&self, path: &Path, text: &str, see: impl FnOnce(&Document<'_>, &Facts) -> T) -> T {
        let language = Language::of(path, text).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path, text, language, analysis: &analysis };
        see(&document, &self.facts.seeing(&document))
    }

    /// The diagnostics of a text.
    fn diagnostics(&self, path: &Path, text: &str) -> Vec<Diagnostic> {
        self.with_document(path, text, check)
    }

    /// The diagnostics of a text, each with its fixes.
    pub fn offers(&self, path: &Path, text: &str) -> Vec<Offer> {
        self.with_document(path, text, |document, facts| {
            let fixer = Fixer::new(document, facts);
            check(document, facts)
                .into_iter()
                .map(|diagnostic| {
                    let fixes = fixer.fixes(&diagnostic);
                    (diagnostic, fixes)
                })
                .collect()
        })
    }

    /// What fix-all makes of a text.
    pub fn fixed_all(&self, path: &Path, text: &str) -> Option<String> {
        self.with_document(path, text, |document, facts| {
            let diagnostics = check(document, facts);
            let all = Fixer::new(document, facts).fix_all(&diagnostics)?;
            Some(apply(text, &all.edits).unwrap())
        })
    }
}

/// What one fix makes of a text, or what is wrong with it.
pub fn one(
    path: &Path,
    text: &str,
    offers: &[Offer],
    diagnostic: &Diagnostic,
    fix: &Fix,
) -> Result<String, String> {
    let fixed = apply(text, &fix.edits).ok_or("the edits do not fit the text")?;
    let before: Vec<&Diagnostic> = offers.iter().map(|(diagnostic, _)| diagnostic).collect();
    let gone: &[&Diagnostic] = if diagnostic.rule == Rule::HardcodedPort { &[diagnostic] } else { &[] };
    judge(path, text, &fixed, &fix.edits, &[fix], &before, gone)?;
    Ok(fixed)
}

/// What the first repairs of all diagnostics make of a text together, as far as they do not overlap; or
/// what is wrong with it.
pub fn all(path: &Path, text: &str, offers: &[Offer]) -> Result<String, String> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut made: Vec<&Fix> = Vec::new();
    let mut gone: Vec<&Diagnostic> = Vec::new();
    for (diagnostic, fixes) in offers.iter().filter(|(diagnostic, _)| diagnostic.rule == Rule::HardcodedPort)
    {
        let Some(fix) = fixes.iter().find(|fix| fix.is_repair()) else { continue };
        // Two fixes may bring the same import.
        let new: Vec<Edit> = fix.edits.iter().filter(|edit| !edits.contains(edit)).cloned().collect();
        let overlaps = |edit: &Edit| {
            edits.iter().any(|other| {
                edit.span.start < other.span.end && other.span.start < edit.span.end
                    || edit.span.start == other.span.start
            })
        };
        // The second service of a name is registered under another once the first one is.
        let is_taken = made.iter().any(|other| {
            matches!((&fix.action, &other.action), (
                Some(Action::Allocate { variable, preferred, .. }),
                Some(Action::Allocate { variable: taken, preferred: given, .. }),
            ) if variable == taken && preferred != given)
        });
        if !is_taken && !new.iter().any(overlaps) {
            edits.extend(new);
            made.push(fix);
            gone.push(diagnostic);
        }
    }
    let fixed = apply(text, &edits).ok_or("the edits do not fit the text")?;
    let before: Vec<&Diagnostic> = offers.iter().map(|(diagnostic, _)| diagnostic).collect();
    judge(path, text, &fixed, &edits, &made, &before, &gone)?;
    // Once a variable is read, another number next to it is another service: what would have used it now
    // registers one. Nothing else is offered that was not.
    let uses = |offers: &[Offer]| -> Vec<String> {
        // The default is the literal's number, whatever the variable holds here.
        let offers = offers.iter().filter(|(diagnostic, _)| diagnostic.rule != Rule::FallbackMismatch);
        let repairs =
            offers.flat_map(|(_, fixes)| fixes.iter()).filter(|fix| fix.action.is_none() && fix.is_repair());
        repairs.map(|fix| fix.title.clone()).collect()
    };
    let mut known = uses(offers);
    for title in uses(&Project::new().offers(path, &fixed)) {
        let at = known.iter().position(|other| *other == title);
        known.swap_remove(at.ok_or_else(|| format!("newly offered: {title}"))?);
    }
    Ok(fixed)
}

/// Whether a fixed text keeps every promise that can be judged here.
fn judge(
    path: &Path,
    text: &str,
    fixed: &str,
    edits: &[Edit],
    fixes: &[&Fix],
    before: &[&Diagnostic],
    gone: &[&Diagnostic],
) -> Result<(), String> {
    let language = Language::of(path, text).unwrap();
    if language.syntax_errors(fixed) > language.syntax_errors(text) {
        return Err("the grammar finds new errors".to_owned());
    }
    if apply(fixed, &inverse(text, edits)).as_deref() != Some(text) {
        return Err("undoing it does not restore the text".to_owned());
    }
    let lone = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
    if text.contains("\r\n") && lone(fixed) > lone(text) {
        return Err("a line has another end than the others".to_owned());
    }
    let mut left: Vec<(Rule, Option<u16>)> = before.iter().map(|diagnostic| kind(diagnostic)).collect();
    let mut take = |diagnostic: &Diagnostic| {
        let at = left.iter().position(|other| *other == kind(diagnostic))?;
        Some(left.swap_remove(at))
    };
    for diagnostic in gone {
        take(diagnostic);
    }
    let analysis = analyze(text, language, &mut SyntaxCache::default());
    let defaults: Vec<_> = analysis
        .occurrences
        .iter()
        .filter(|occurrence| matches!(occurrence.meaning, Meaning::Fallback { address: Some(_), .. }))
        .map(|occurrence| occurrence.meaning.literal().map(|literal| literal.port))
        .collect();
    for diagnostic in Project::with_actions(fixes).diagnostics(path, fixed) {
        // The default is the literal's number, whatever the variable holds here.
        if diagnostic.rule == Rule::FallbackMismatch {
            continue;
        }
        // An address that is a default is reported once the project has its port.
        if defaults.contains(&diagnostic.port) && diagnostic.rule == Rule::HardcodedPort {
            continue;
        }
        take(&diagnostic)
            .ok_or_else(|| format!("{} is new: {}", diagnostic.rule.name(), diagnostic.message))?;
    }
    Ok(())
}

fn kind(diagnostic: &Diagnostic) -> (Rule, Option<u16>) {
    (diagnostic.rule, diagnostic.port.map(|port| port.get()))
}

/// The edits that take back what `edits` did to `text`.
fn inverse(text: &str, edits: &[Edit]) -> Vec<Edit> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut shift = 0;
    ordered
        .into_iter()
        .map(|edit| {
            let start = (edit.span.start as isize + shift) as usize;
            shift += edit.text.len() as isize - edit.span.len() as isize;
            Edit { span: start..start + edit.text.len(), text: text[edit.span.clone()].to_owned() }
        })
        .collect()
}
