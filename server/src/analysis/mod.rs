//! Text in, occurrences out: where port numbers and port variables stand, and what they mean there.
//!
//! Candidates first, syntax decides. One regex pass finds numbers that may be ports and references
//! to port variables. No candidate, no parse: most files end there.

mod address;
mod cache;
mod carried;
mod code;
mod command_line;
mod connection;
mod decided_by;
mod embedded;
mod examples;
mod frameworks;
mod host;
mod language;
mod languages;
mod markup;
mod occurrence;
mod packs;
mod reading;
mod suppression;
mod tree;
mod typed;
mod yaml_value;

use std::ops::Range;

pub use address::{hosts_by_rows, own_host_before_port};
pub(crate) use address::{is_remote, is_service};
pub use cache::SyntaxCache;
pub use decided_by::DecidedBy;
pub use examples::Failed;
pub(crate) use language::PROGRAMS;
pub use language::{Language, TopLevel};
pub(crate) use languages::compose::{is_compose, services as services_of_compose};
pub use occurrence::{Grade, Kind, Literal, Meaning, Occurrence, Shape};
use packs::names;
pub(crate) use packs::{Aside, FileAt};
pub use packs::{Fault, Packs, Rows, Runtime};
pub use suppression::Suppressions;
pub use typed::TypedLookup;
pub(crate) use yaml_value::Yaml;

pub use crate::grammar::Refused;

/// What one text says about ports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// Every occurrence, in the order of the text.
    pub occurrences: Vec<Occurrence>,
    /// Where a variable is read whose name has a slip of the keyboard where `PORT` should be, in the order of the text. They
    /// are about a port only in a project that has a variable near to it, which its rules know.
    pub slips: Vec<Occurrence>,
    /// How many places of the text the grammar makes nothing of; `None` where there was no reason to
    /// parse it.
    pub syntax_errors: Option<usize>,
    /// Why the text was not parsed although it may say something, if that was refused.
    pub refused: Option<Refused>,
    /// Where the text says that rules are to be quiet.
    pub suppressions: Suppressions,
}

impl Analysis {
    /// A text of which only the comments count.
    #[must_use]
    pub fn of_comments(text: &str) -> Self {
        Self { suppressions: Suppressions::of(text), ..Self::default() }
    }

    /// Whether the text says nothing about ports.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.occurrences.is_empty() && self.slips.is_empty()
    }

    /// All that was found.
    fn all(&self) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().chain(&self.slips)
    }

    /// The same, after an edit of a part of the text: what ended at one byte ends at another. What was found in the part, by its
    /// bytes before the edit, is exchanged for what was read there now.
    fn edit(
        &mut self,
        part: &Range<usize>,
        [old_end, new_end]: [usize; 2],
        read: Vec<Occurrence>,
        packs: &Packs,
    ) {
        let (slips, occurrences) = in_order(read, packs);
        for (found, new) in [(&mut self.slips, slips), (&mut self.occurrences, occurrences)] {
            found.retain(|occurrence| !part.contains(&occurrence.span.start));
            for occurrence in &mut *found {
                occurrence.move_from(old_end, new_end);
            }
            found.extend(new);
            found.sort_by_key(|occurrence| (occurrence.span.start, occurrence.span.end));
        }
    }

    /// The occurrence that covers the byte offset, or ends or begins there.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<&Occurrence> {
        self.occurrences
            .iter()
            .find(|occurrence| occurrence.span.start <= offset && offset <= occurrence.span.end)
    }

    /// The occurrences of exactly these bytes.
    pub fn exactly_at(&self, span: &Range<usize>) -> impl Iterator<Item = &Occurrence> {
        let key = |span: &Range<usize>| (span.start, span.end);
        let first = self.occurrences.partition_point(|occurrence| key(&occurrence.span) < key(span));
        self.occurrences[first..].iter().take_while(move |occurrence| occurrence.span == *span)
    }
}

/// Finds every occurrence in `text` by the rows that come with the program. What belongs to a project is read by
/// [`analyze_by`].
pub fn analyze(text: &str, language: Language, cache: &mut SyntaxCache) -> Analysis {
    analyze_by(text, language, Packs::built_in(), cache)
}

/// Finds every occurrence in `text` by these rows. The result never depends on what the cache holds, only the time it takes
/// does.
pub fn analyze_by(text: &str, language: Language, packs: &Packs, cache: &mut SyntaxCache) -> Analysis {
    if let Some(analysis) = cache.carry(text, language, packs) {
        return analysis;
    }
    let is_used_again = cache.is_used_again();
    let trees = cache.trees();
    let (read, ties) = language.read(text, packs, trees);
    let (slips, occurrences) = in_order(read, packs);
    let analysis = Analysis {
        occurrences,
        slips,
        syntax_errors: trees.errors(),
        refused: trees.refused(),
        suppressions: Suppressions::of(text),
    };
    // Of a text that is read once there is no next analysis.
    if is_used_again {
        cache.keep(text, language, packs, ties, &analysis);
    }
    analysis
}

/// What a reader found in the order of the text, the slips of the keyboard apart, without what is there twice.
fn in_order(read: Vec<Occurrence>, packs: &Packs) -> (Vec<Occurrence>, Vec<Occurrence>) {
    let is_slip = |occurrence: &Occurrence| match &occurrence.meaning {
        Meaning::Reference { variable, .. } => {
            !packs.names.is_port_variable(variable) && variable.may_be_slip()
        }
        _ => false,
    };
    let (mut slips, mut occurrences): (Vec<_>, Vec<_>) = read.into_iter().partition(is_slip);
    slips.sort_by_key(|slip| slip.span.start);
    occurrences.sort_by_key(|occurrence| (occurrence.span.start, occurrence.span.end));
    // A reader asks from the surest to the least sure: what it found first at a number counts.
    occurrences.dedup_by(|later, earlier| {
        later.span == earlier.span && later.meaning.is_number() && earlier.meaning.is_number()
    });
    (slips, occurrences)
}

/// The number of a program at these bytes, as if it were the setting of a port, whatever the rows say about it; `None` where
/// it is none that a port could have, or a text, or part of a comment.
#[must_use]
pub fn selected_number(
    text: &str,
    language: Language,
    packs: &Packs,
    span: Range<usize>,
) -> Option<Occurrence> {
    language.selected_number(text, packs, span)
}

#[cfg(test)]
mod tests;
