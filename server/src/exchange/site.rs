//! A text in which literals are exchanged, and what can be said of it as a whole.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::Language;

/// A text in which literals stand. One is made for all of them: what is asked of the whole text is
/// answered once.
#[derive(Debug)]
pub struct Site<'a> {
    /// The name of its file: some formats say by it who reads them.
    pub file_name: &'a str,
    /// The text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    is_asking: bool,
    single_quotes_lead: OnceCell<std::cmp::Ordering>,
    calculated: OnceCell<HashSet<String>>,
    compiled: OnceCell<HashSet<String>>,
    has_paths: OnceCell<bool>,
}

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used)] // only constants are passed
    Regex::new(text).expect("the pattern is constant")
}

/// Short strings between quotes of one kind.
static SINGLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"'[\w ./:%-]*'"));
static DOUBLE: LazyLock<Regex> = LazyLock::new(|| pattern(r#""[\w ./:%-]*""#));

/// `port + 1`, `port === x`, `port++`. Joined with a string it is a string, whatever it was.
static LEFT_OPERAND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"([A-Za-z_$][\w$]*)(?:\s+(?:\+=?\s+[^\s"'`]|-=?\s|[*%]\s|[=!]==\s)|\+\+|--)"#)
});
static RIGHT_OPERAND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:[^\s"'`]\s+\+|\s-|\s[*%]|\s[=!]==)\s+([A-Za-z_$][\w$]*)"#));

/// `case PORT:`, `@Settings(port = PORT)`.
static CONSTANT_USE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:\bcase\s|@\w[\w.]*\()[^:\n)]*"));

impl<'a> Site<'a> {
    /// A text of a file.
    #[must_use]
    pub fn new(file_name: &'a str, text: &'a str, language: Language) -> Self {
        Self {
            file_name,
            text,
            language,
            is_asking: false,
            single_quotes_lead: OnceCell::new(),
            calculated: OnceCell::new(),
            compiled: OnceCell::new(),
            has_paths: OnceCell::new(),
        }
    }

    /// The same where it is only asked whether something can be exchanged: what else depends on the whole
    /// text is not looked at, on every keystroke.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { is_asking: true, ..self }
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

    /// Whether something is calculated with a name of JavaScript, or it is compared by type and value.
    pub(super) fn is_calculated(&self, name: &str) -> bool {
        if self.is_asking {
            return false;
        }
        let names = |operand: &'static Regex| {
            operand
                .captures_iter(self.text)
                .filter_map(|captures| captures.get(1))
                .map(|name| name.as_str().to_owned())
        };
        self.calculated
            .get_or_init(|| names(&LEFT_OPERAND).chain(names(&RIGHT_OPERAND)).collect())
            .contains(name)
    }

    /// Whether the compiler of Java has to know the value of a name: it is a label of a `switch`, or
    /// stands in an annotation.
    pub(super) fn is_compiled(&self, name: &str) -> bool {
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        self.compiled
            .get_or_init(|| {
                CONSTANT_USE
                    .find_iter(self.text)
                    .flat_map(|used| used.as_str().split(move |character| !is_name(character)))
                    .map(str::to_owned)
                    .collect()
            })
            .contains(name)
    }

    /// Whether a text of C is one of C++, by its paths.
    pub(super) fn is_cpp(&self) -> bool {
        *self.has_paths.get_or_init(|| self.text.contains("::"))
    }
}
