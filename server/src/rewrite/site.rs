//! A text in which literals are replaced, and what can be said of it as a whole.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::Path;

use super::dotenv::{self, Loader};
use super::fallback::Fallback;
use super::imports::Imports;
use super::keys::Keys;
use super::{go_module, java_constants};
use crate::analysis::Language;
use crate::pattern::{Pattern, is_like, regex};
use crate::project::bundler::Bundled;
use crate::project::runtime::Runtime;
use crate::variable::Variable;

/// A text with literals. One is made for all of them: what is asked of the whole text is answered once.
#[derive(Debug, Clone)]
pub struct Site<'a> {
    /// The name of its file: some formats say by it who reads them.
    pub file_name: &'a str,
    /// The text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// What is left for the case that the variable is not set.
    pub(super) fallback: Fallback,
    runtime: Runtime,
    bundled: Option<Bundled>,
    path: Option<&'a Path>,
    is_asking: bool,
    single_quotes_lead: OnceCell<std::cmp::Ordering>,
    compiled: OnceCell<HashSet<String>>,
    has_paths: OnceCell<bool>,
    has_cmp_or: OnceCell<bool>,
    loader: OnceCell<Loader>,
    formats: OnceCell<Vec<usize>>,
    keys: OnceCell<Keys>,
    imports: OnceCell<Imports>,
}

/// Who reads variables for the code of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader<'a> {
    /// A process of this machine.
    Process,
    /// The bundler of a page, where it has one.
    Page(Option<&'a Bundled>),
    /// One of the two.
    Unclear(Option<&'a Bundled>),
}

/// Short strings between quotes of one kind.
static SINGLE: Pattern = regex!(r"'[\w ./:%-]*'");
static DOUBLE: Pattern = regex!(r#""[\w ./:%-]*""#);

impl<'a> Site<'a> {
    /// A text of a file.
    #[must_use]
    pub fn new(file_name: &'a str, text: &'a str, language: Language) -> Self {
        Self {
            file_name,
            text,
            language,
            fallback: Fallback::default(),
            runtime: Runtime::Host,
            bundled: None,
            path: None,
            is_asking: false,
            single_quotes_lead: OnceCell::new(),
            compiled: OnceCell::new(),
            has_paths: OnceCell::new(),
            has_cmp_or: OnceCell::new(),
            loader: OnceCell::new(),
            formats: OnceCell::new(),
            keys: OnceCell::new(),
            imports: OnceCell::new(),
        }
    }

    /// The same text as the file at `path`, in a project that wants this for its variables.
    #[must_use]
    pub fn of_file(self, path: &'a Path, fallback: Fallback) -> Self {
        Self { path: Some(path), fallback, ..self }
    }

    /// The same where its code runs there, in a package with this bundler.
    #[must_use]
    pub fn running(self, runtime: Runtime, bundled: Option<Bundled>) -> Self {
        Self { runtime, bundled, ..self }
    }

    /// The same text where its code runs elsewhere.
    #[must_use]
    pub fn running_in(&self, runtime: Runtime) -> Self {
        Self { runtime, ..self.clone() }
    }

    /// Another text in place of this one.
    pub(super) fn of_text<'b>(&'b self, text: &'b str) -> Site<'b> {
        let Self { file_name, language, fallback, runtime, path, .. } = *self;
        let site = Site::new(file_name, text, language);
        Site { fallback, runtime, path, bundled: self.bundled.clone(), ..site }
    }

    /// Who reads variables for the text's code.
    pub(super) fn reader(&self) -> Reader<'_> {
        match self.runtime {
            Runtime::Browser if self.language.is_program() => Reader::Page(self.bundled.as_ref()),
            _ if matches!(self.language, Language::Vue | Language::Svelte) => {
                Reader::Page(self.bundled.as_ref())
            }
            Runtime::Unclear => Reader::Unclear(self.bundled.as_ref()),
            _ => Reader::Process,
        }
    }

    /// The rows of the table of formats that are about the file, which `find` looks for when they are first asked for.
    pub(super) fn formats(&self, find: impl FnOnce() -> Vec<usize>) -> &[usize] {
        self.formats.get_or_init(find)
    }

    /// The keys of the text.
    pub(super) fn keys(&self) -> &Keys {
        self.keys.get_or_init(|| Keys::of(self.text, self.language))
    }

    /// Whether the file's path ends with the names of a pattern such as `.vscode/*.json`.
    pub(super) fn is_at(&self, pattern: &str) -> bool {
        let mut names = pattern.rsplit('/');
        if !names.next().is_some_and(|name| is_like(self.file_name, name)) {
            return false;
        }
        let mut above = self.path.into_iter().flat_map(|path| path.iter().rev().skip(1));
        names.all(|name| {
            above.next().and_then(|directory| directory.to_str()).is_some_and(|other| is_like(other, name))
        })
    }

    /// What the text has to import so that its code can read a variable, which `find` looks for when it is first asked for.
    pub(super) fn imports(&self, find: fn(&Self) -> Imports) -> &Imports {
        self.imports.get_or_init(|| find(self))
    }

    /// The name under which its code reads a variable; `None` where none would get there.
    #[must_use]
    pub fn name_of(&self, variable: &Variable) -> Option<Variable> {
        match self.reader() {
            Reader::Process => Some(variable.clone()),
            Reader::Page(bundled) => bundled?.public_name(variable),
            Reader::Unclear(_) => None,
        }
    }

    /// The names under which its code may read a variable: also where nothing tells whether a page or a process runs it.
    #[must_use]
    pub fn names_of(&self, variable: &Variable) -> Vec<Variable> {
        match self.reader() {
            Reader::Unclear(bundled) => {
                let public = bundled.and_then(|bundled| bundled.public_name(variable));
                [variable.clone()].into_iter().chain(public).collect()
            }
            _ => self.name_of(variable).into_iter().collect(),
        }
    }

    /// The same where it is only asked whether something can be replaced, at every keystroke: what only decides how
    /// that is spelled is not looked at.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { is_asking: true, ..self }
    }

    /// What reads a `.env` file makes of `${NAME:-default}`.
    pub(super) fn loader(&self) -> Loader {
        *self.loader.get_or_init(|| dotenv::loader(self.path))
    }

    /// The quote that the text prefers for its short strings.
    pub(super) fn preferred_quote(&self, usual: char) -> char {
        if self.is_asking {
            return usual;
        }
        let counted = self
            .single_quotes_lead
            .get_or_init(|| SINGLE.find_iter(self.text).count().cmp(&DOUBLE.find_iter(self.text).count()));
        match counted {
            std::cmp::Ordering::Less => '"',
            std::cmp::Ordering::Equal => usual,
            std::cmp::Ordering::Greater => '\'',
        }
    }

    /// Whether the compiler of Java has to know the value of a name: a label or an annotation uses it.
    pub(super) fn is_compiled(&self, name: &str) -> bool {
        self.compiled.get_or_init(|| java_constants::compiled_names(self.text)).contains(name)
    }

    /// Whether a text of C is one of C++, by its paths.
    pub(super) fn is_cpp(&self) -> bool {
        *self.has_paths.get_or_init(|| self.text.contains("::"))
    }

    /// Whether a text of Go can call `cmp.Or`.
    pub(super) fn has_cmp_or(&self) -> bool {
        *self.has_cmp_or.get_or_init(|| go_module::has_cmp_or(self.text, self.path))
    }
}
