//! A file with all that is known of it: what the rules judge, and what is repaired.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::project_files::ReadFile;
use super::projects::{Project, Projects};
use crate::analysis::{self, Analysis, Language, SyntaxCache};
use crate::error::{Error, Result};
use crate::files;
use crate::operations::source::{SkipReason, Source};
use crate::project::starts::StartKind;
use crate::rules::{Document, Facts, SETTINGS_FILE_NAME};

/// The text of a file that somebody has open, by where it really lies.
pub type NewerText<'a> = dyn Fn(&Path) -> Option<String> + Sync + 'a;

/// What a file turned out to be.
pub(in crate::operations) enum Looked<'a> {
    /// It says something about ports.
    Subject(Subject<'a>),
    /// It was read, and says nothing about them. Most files do.
    Nothing,
    /// Its language is known, but it is not to be looked at.
    Skipped(SkipReason),
    /// Its language is not known.
    NotUnderstood,
}

/// A file that says something about ports.
pub(in crate::operations) struct Subject<'a> {
    /// Its text, without a byte order mark.
    pub(in crate::operations) text: Cow<'a, str>,
    /// Whether bytes of the text were replaced, because they are not UTF-8.
    pub(in crate::operations) is_lossy: bool,
    /// Where it really lies. Rules and fixes look at that, not at how it was named.
    pub(in crate::operations) canonical: PathBuf,
    /// What is known of its project.
    pub(in crate::operations) facts: Arc<Facts>,
    language: Language,
    analysis: Arc<Analysis>,
}

/// Where a file, which need not exist, really lies.
pub(super) fn canonical_of(path: &Path) -> PathBuf {
    // The parent of a bare name is the empty path, which leads nowhere.
    files::canonicalize_new(&Path::new(".").join(path)).unwrap_or_else(|_| path.to_owned())
}

impl<'a> Subject<'a> {
    /// Looks at the file. An editor may know a newer text of it, by where it really lies.
    pub(in crate::operations) fn look(
        path: &Path,
        is_named: bool,
        buffer: &'a mut Vec<u8>,
        projects: &Projects,
        newer: Option<&NewerText<'_>>,
    ) -> Result<Looked<'a>> {
        let directory = projects.directory_of(path)?;
        let Some(project) = &directory.project else { return Ok(Looked::Nothing) };
        // What the map was made of needs no second analysis.
        let read =
            path.file_name().and_then(|name| project.reading.files.get(&directory.canonical.join(name)));
        // What is started may read variables of which its own file says nothing.
        let is_start = StartKind::of(path).is_some();
        if read.is_some_and(ReadFile::is_silent) && newer.is_none() && !is_start {
            return Ok(Looked::Nothing);
        }
        let canonical = || canonical_of(path);
        let newer = newer.and_then(|newer| newer(&canonical()));
        let is_newer = newer.is_some();
        if path.file_name().is_some_and(|name| name == SETTINGS_FILE_NAME) {
            return Self::of_settings(path, newer, canonical(), project);
        }
        let source = match newer {
            Some(text) => Source::of_text(path, text),
            None => Source::read(path, is_named, buffer)?,
        };
        let (text, language) = match source {
            Source::Text { text, language } => (text, language),
            Source::Skipped(reason) => return Ok(Looked::Skipped(reason)),
            Source::NotUnderstood => return Ok(Looked::NotUnderstood),
        };
        let is_lossy = !is_newer && matches!(text, Cow::Owned(_));
        let known = read.and_then(|read| read.analysis_of(&text));
        let is_on_the_map = known.is_some();
        let packs = project.facts.settings.packs();
        let analysis = known.unwrap_or_else(|| {
            Arc::new(analysis::analyze_by(&text, language, packs, &mut SyntaxCache::default()))
        });
        if let Some(refused) = analysis.refused {
            return Ok(Looked::Skipped(SkipReason::Refused(refused)));
        }
        // Most files end here, before anything is asked about their project.
        if analysis.is_silent() && language != Language::PortsEnv && !is_start {
            return Ok(Looked::Nothing);
        }
        let facts = Arc::clone(&project.facts);
        let mut subject = Self { text, is_lossy, canonical: canonical(), facts, language, analysis };
        if !is_on_the_map {
            subject.facts = Arc::new(subject.facts.seeing(&subject.document()));
        }
        Ok(Looked::Subject(subject))
    }

    /// The file of the project's settings: its numbers are no ports of the project, but it names variables.
    fn of_settings(
        path: &Path,
        newer: Option<String>,
        canonical: PathBuf,
        project: &Project,
    ) -> Result<Looked<'a>> {
        let text = match newer {
            Some(text) => text,
            None => files::read_to_string(path).map_err(Error::reading(path))?,
        };
        let analysis = Arc::new(Analysis::of_comments(&text));
        let (text, facts) = (Cow::Owned(text), Arc::clone(&project.facts));
        Ok(Looked::Subject(Self {
            text,
            is_lossy: false,
            canonical,
            facts,
            language: Language::Toml,
            analysis,
        }))
    }

    /// As the rules see it.
    pub(in crate::operations) fn document(&self) -> Document<'_> {
        Document {
            path: &self.canonical,
            text: &self.text,
            language: self.language,
            analysis: &self.analysis,
        }
    }
}
