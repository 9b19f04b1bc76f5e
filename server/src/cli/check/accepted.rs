//! `check --baseline`: what a project has accepted for now.

use super::super::terminal::{Terminal, counted};
use super::request::{BaselineUse, Request};
use crate::error::{Error, Result};
use crate::operations::check::CheckReport;
use crate::operations::{Baseline, Baselined, Scope};
use crate::rules::Scene;

/// How many entries that are gone are listed.
const LISTED: usize = 10;

/// A baseline, and what came of it.
#[derive(Debug)]
pub(super) struct Accepted {
    used: BaselineUse,
    baseline: Option<Baseline>,
    result: Baselined,
    /// How many findings the file has, where it was written.
    written: Option<usize>,
}

impl Accepted {
    /// Reads the file. One that is to be written need not exist.
    pub(super) fn load(used: &BaselineUse) -> Result<Self> {
        let baseline = match used {
            BaselineUse::No => None,
            BaselineUse::Read(path) | BaselineUse::Prune(path) => Some(Baseline::load(path)?),
            BaselineUse::Write(path) => Some(match Baseline::load(path) {
                Err(Error::BaselineUnreadable { source, .. })
                    if source.kind() == std::io::ErrorKind::NotFound =>
                {
                    Baseline::empty(path)?
                }
                loaded => loaded?,
            }),
        };
        Ok(Self { used: used.clone(), baseline, result: Baselined::default(), written: None })
    }

    /// Takes what is accepted out of the report, and writes the file where that was asked for.
    pub(super) fn apply(&mut self, report: &mut CheckReport, request: &Request, scene: Scene) -> Result<()> {
        let Some(baseline) = &mut self.baseline else { return Ok(()) };
        let scope = Scope { paths: &request.paths, rules: &request.rules, scene };
        if let BaselineUse::Write(_) = self.used {
            baseline.replace(report, &scope);
        }
        self.result = baseline.apply(report, &scope);
        match self.used {
            BaselineUse::Write(_) => {}
            BaselineUse::Prune(_) if !self.result.gone.is_empty() => baseline.prune(&self.result.gone),
            _ => return Ok(()),
        }
        baseline.write()?;
        self.written = Some(baseline.count());
        Ok(())
    }

    /// Says how many findings are accepted, and which are gone.
    pub(super) fn tell(&self, terminal: &mut Terminal) -> Result<()> {
        let (BaselineUse::Read(path) | BaselineUse::Write(path) | BaselineUse::Prune(path)) = &self.used
        else {
            return Ok(());
        };
        let path = path.display();
        let Baselined { known, gone } = &self.result;
        if let (BaselineUse::Write(_), Some(count)) = (&self.used, self.written) {
            return terminal.say(format_args!("Wrote {} to {path}.", counted(count, "finding")));
        }
        if *known > 0 {
            terminal.say(format_args!("{} not shown: {path} lists them.", counted(*known, "finding")))?;
        }
        if gone.is_empty() {
            return Ok(());
        }
        let lists = if self.written.is_some() { "listed" } else { "lists" };
        terminal.say(format_args!("{path} {lists} {} gone:", are(gone.len())))?;
        let listed = if terminal.is_verbose() { gone.len() } else { LISTED };
        for entry in gone.iter().take(listed) {
            terminal.say(format_args!("  {}: {}", entry.path, entry.rule))?;
        }
        if let Some(rest) = gone.len().checked_sub(listed).filter(|rest| *rest > 0) {
            terminal.say(format_args!("  and {rest} more"))?;
        }
        match self.written {
            Some(_) => terminal.say("They were removed."),
            None => terminal.help("Remove them from the file with --prune-baseline."),
        }
    }
}

/// `1 finding that is`, `2 findings that are`
fn are(count: usize) -> String {
    format!("{} that {}", counted(count, "finding"), if count == 1 { "is" } else { "are" })
}
