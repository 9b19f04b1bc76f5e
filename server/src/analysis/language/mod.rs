//! The languages that are understood, and what each is asked for.

mod files;
mod table;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

use tree_sitter::{Node, Tree};

pub use table::Language;
pub(crate) use table::PROGRAMS;
pub(super) use table::SilentLines;

use super::code::ties::Ties;
use super::code::{self, Syntax};
use super::embedded;
use super::markup::Markup;
use super::occurrence::Occurrence;
use super::packs::Packs;
use super::reading::component;
use super::tree::{Trees, errors};
use crate::grammar::Grammar;
use table::{PlainSettings, Reader, rows};

/// One of the parts that a text consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopLevel {
    /// What the grammar calls it.
    pub kind: String,
    /// Its bytes.
    pub span: Range<usize>,
}

/// How settings are read.
pub(super) struct Settings {
    pub(super) grammar: Grammar,
    pub(super) read: fn(&str, &Tree, &Packs) -> Vec<Occurrence>,
    /// Whether a text, the first argument, is plain settings. All of it but a part, the second, is known to be.
    pub(super) is_plain: fn(&str, &str) -> bool,
    /// What makes a text of some entries.
    pub(super) around: (&'static str, &'static str),
}

impl Language {
    /// Every language, in the order in which documentation lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().map(|row| row.language)
    }

    /// Whether a program writes the file, by its name, so that nobody fixes it: lock files, minified scripts, code that a
    /// compiler of interfaces made, settings of compilers.
    #[must_use]
    pub fn is_generated(path: &Path) -> bool {
        let name = path.file_name().map(OsStr::to_string_lossy);
        name.is_some_and(|name| Packs::built_in().files.is_generated(&name))
    }

    /// Whether a program makes another file of the one of this name.
    #[must_use]
    pub fn is_template(file_name: &str) -> bool {
        Packs::built_in().files.is_template(file_name)
    }

    /// The language of a file, by its name; `None` where it is not understood or nobody wrote it.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        // A name need not be UTF-8, and its ending says what the file is all the same.
        let name = &*path.file_name()?.to_string_lossy();
        // The examples of a project's own rows are texts of other files.
        if Self::is_generated(path) || name == "port-manager.toml" {
            return None;
        }
        let by_place = rows().find(|row| (row.files.is_at)(path)).map(|row| row.language);
        by_place
            .or_else(|| Self::of_name(name))
            .or_else(|| {
                let files = &Packs::built_in().files;
                Self::of_name(files.made_of(name).filter(|name| !files.is_generated(name))?)
            })
            .or_else(|| (files::is_site(path) && !name.starts_with("README")).then_some(Self::Conf))
    }

    /// Whether its files have such names, other than by their ending.
    #[must_use]
    pub(crate) fn has_name(self, name: &str) -> bool {
        self.row().files.has_name(name)
    }

    fn of_name(name: &str) -> Option<Self> {
        let by_name = rows().find(|row| row.files.has_name(name));
        let by_extension = || {
            let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
            rows().find(|row| row.files.extensions.contains(&extension.as_str()))
        };
        by_name.or_else(by_extension).map(|row| row.language)
    }

    /// The language of a file without an ending, by its first line: `#!/usr/bin/env python3`.
    #[must_use]
    pub fn of_first_line(text: &str) -> Option<Self> {
        let line = text.strip_prefix("#!")?.lines().next()?;
        let program = line
            .split_whitespace()
            .map(|word| word.rsplit('/').next().unwrap_or(word))
            .find(|word| *word != "env" && !word.starts_with('-'))?;
        let program =
            program.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
        rows().find(|row| row.interpreters.contains(&program)).map(|row| row.language)
    }

    /// The language of a file, by its name or, where that says nothing and has no ending, its
    /// first line.
    #[must_use]
    pub fn of(path: &Path, text: &str) -> Option<Self> {
        Self::of_path(path)
            .or_else(|| path.extension().is_none().then(|| Self::of_first_line(text)).flatten())
    }

    /// Its name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The endings of its files' names, where they have one of their own.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        self.row().files.extensions
    }

    /// How a comment begins that ends with the line; `None` where the format has none that could
    /// stand behind something else.
    #[must_use]
    pub fn line_comment(self) -> Option<&'static str> {
        self.row().comment
    }

    /// What the language's reader finds in a text, and what of a program joins its far places.
    pub(super) fn read(
        self,
        text: &str,
        packs: &Packs,
        trees: &mut Trees,
    ) -> (Vec<Occurrence>, Option<Ties>) {
        let (mut occurrences, ties) = self.read_without_files(text, packs, trees);
        if let Reader::Tree { embedded: Some(files), .. } = &self.row().reader
            && let Some(tree) = trees.read()
        {
            let files = files(text, tree, packs);
            occurrences
                .extend(files.into_iter().flat_map(|file| embedded::read(text, file.part, file.form, packs)));
        }
        if !occurrences.is_empty()
            && let Some(markup) = Markup::of(text)
        {
            markup.settle(&mut occurrences, self.is_program(), trees.is_template());
        }
        (occurrences, ties)
    }

    /// What the engine for programs has to know of it; `None` for a format.
    pub(super) fn syntax(self) -> Option<&'static Syntax> {
        match &self.row().reader {
            Reader::Code(syntax) | Reader::Scripts(syntax) => Some(syntax),
            _ => None,
        }
    }

    /// The same, of a program that is all of its file.
    pub(super) fn code(self) -> Option<&'static Syntax> {
        match &self.row().reader {
            Reader::Code(syntax) => Some(syntax),
            _ => None,
        }
    }

    /// How a format is read whose texts may be settings and nothing more.
    pub(super) fn settings(self) -> Option<Settings> {
        let Reader::Tree { grammar, read, settings: Some(PlainSettings { is_plain, around }), .. } =
            self.row().reader
        else {
            return None;
        };
        Some(Settings { grammar, read, is_plain, around })
    }

    /// Whether some lines of a text say nothing, for a format of which that can be known without reading the others.
    pub(super) fn silent_lines(self) -> Option<SilentLines> {
        match self.row().reader {
            Reader::Directives(_, silent) => Some(silent),
            _ => None,
        }
    }

    /// The grammar that its texts are parsed by.
    pub(super) fn grammar(self) -> Option<Grammar> {
        match &self.row().reader {
            Reader::Code(syntax) | Reader::Scripts(syntax) => Some(syntax.grammar),
            Reader::Tree { grammar, .. } => Some(*grammar),
            Reader::Lines(_) | Reader::Templates(_) | Reader::Directives(..) => None,
        }
    }

    /// A number of a program that somebody has selected, as if it were the setting of a port.
    pub(super) fn selected_number(self, text: &str, packs: &Packs, span: Range<usize>) -> Option<Occurrence> {
        code::selected_number(text, self.code()?, packs, span)
    }

    /// Whether it is a programming language, not a format of settings.
    #[must_use]
    pub fn is_program(self) -> bool {
        matches!(self.row().reader, Reader::Code(_) | Reader::Scripts(_))
    }

    /// The same, without what stands in files that the text holds, and with what a template's markup has in it.
    pub(super) fn occurrences(self, text: &str, packs: &Packs, trees: &mut Trees) -> Vec<Occurrence> {
        self.read_without_files(text, packs, trees).0
    }

    fn read_without_files(
        self,
        text: &str,
        packs: &Packs,
        trees: &mut Trees,
    ) -> (Vec<Occurrence>, Option<Ties>) {
        let occurrences = match &self.row().reader {
            Reader::Code(syntax) => return code::read(text, trees, syntax, packs),
            Reader::Scripts(syntax) => {
                // A small edit may make a script of much that was none.
                trees.clear();
                code::read(&component::scripts(text), trees, syntax, packs).0
            }
            Reader::Tree { grammar, plain, is_candidate, read, .. } => {
                let tree = if !is_candidate(text) && !packs.keys.may_decide_in("json", text) {
                    trees.clear();
                    None
                } else if let Some(plain) = plain(text) {
                    // An edit of the text is another one of what was made of it.
                    trees.clear();
                    Trees::default().parse(&plain, *grammar)
                } else {
                    trees.parse(text, *grammar)
                };
                tree.map_or_else(Vec::new, |tree| read(text, &tree, packs))
            }
            Reader::Lines(read) => read(text, packs),
            Reader::Templates(read) | Reader::Directives(read, _) => match Markup::of(text) {
                Some(markup) => read(&markup.with_variables(), packs),
                None => read(text, packs),
            },
        };
        (occurrences, None)
    }

    fn parse(self, text: &str) -> Option<Tree> {
        let grammar = match &self.row().reader {
            Reader::Code(syntax) => syntax.grammar,
            Reader::Scripts(syntax) => {
                return Trees::default().parse(&component::scripts(text), syntax.grammar);
            }
            Reader::Tree { grammar, plain, .. } => {
                if let Some(plain) = plain(text) {
                    return Trees::default().parse(&plain, *grammar);
                }
                *grammar
            }
            Reader::Lines(_) | Reader::Templates(_) | Reader::Directives(..) => return None,
        };
        Trees::default().parse(text, grammar)
    }

    /// What a text consists of at its top, in order; nothing for a format without a grammar.
    #[must_use]
    pub fn top_level(self, text: &str) -> Vec<TopLevel> {
        let Some(tree) = self.parse(text) else { return Vec::new() };
        let root = tree.root_node();
        let mut cursor = root.walk();
        root.named_children(&mut cursor)
            .map(|node| TopLevel { kind: node.kind().to_owned(), span: node.byte_range() })
            .collect()
    }

    /// How many places of a text the grammar makes nothing of; 0 for a format without one.
    #[must_use]
    pub fn syntax_errors(self, text: &str) -> usize {
        self.parse(text).as_ref().map_or(0, errors)
    }

    /// Whether the byte offset lies in a comment. Where there is no grammar to tell, what follows
    /// the mark of a comment is taken for one.
    #[must_use]
    pub fn is_comment(self, text: &str, offset: usize) -> bool {
        let Some(tree) = self.parse(text) else { return self.line_comment().is_some() };
        tree.root_node()
            .descendant_for_byte_range(offset, offset)
            .is_some_and(|node| node.kind().contains("comment"))
    }

    /// Tells whether a byte offset of a text lies in code, not in a string or comment. Where there is no grammar to say so, everything is
    /// code.
    pub fn is_code(self, text: &str) -> impl Fn(usize) -> bool {
        let tree = self.code().and_then(|syntax| Some((self.parse(text)?, syntax)));
        move |offset| {
            let Some((tree, syntax)) = &tree else { return true };
            let node = tree.root_node().descendant_for_byte_range(offset, offset + 1);
            std::iter::successors(node, Node::parent)
                .all(|node| !syntax.strings.contains(&node.kind()) && !syntax.comments.contains(&node.kind()))
        }
    }
}
