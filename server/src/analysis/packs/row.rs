//! What a row of any kind has: an id, what it means, and examples.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::Packs;
use crate::analysis::decided_by::DecidedBy;

/// The id of a row, as what it decides is explained with.
pub(super) fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<DecidedBy, D::Error> {
    String::deserialize(deserializer).map(|id| DecidedBy::of_row(Arc::from(id)))
}

/// A row of any kind.
pub(in crate::analysis) trait Row {
    /// The id, by which decisions are explained.
    fn id(&self) -> &str;

    /// What the row says, in one sentence.
    fn means(&self) -> &str;

    /// Why the row is of no use, as a sentence without its full stop; `None` where it is.
    fn fault(&self) -> Option<&'static str>;

    /// The texts that show what the row does.
    fn examples(&self) -> Vec<Example>;

    /// The examples that are no texts in a language, but files or names, and that the row does not judge as it says. `without` are
    /// the same rows without this one; `language` gives the name of the language of a file.
    fn misjudged(&self, _: &Packs, _without: &Packs, _: &dyn Fn(&Path) -> &'static str) -> Vec<String> {
        Vec::new()
    }
}

/// A text that shows what a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analysis) struct Example {
    pub(in crate::analysis) expected: Expected,
    /// The ending of a file in its language.
    pub(in crate::analysis) ending: String,
    pub(in crate::analysis) text: String,
}

/// A text as a row writes it: by the ending of a file in its language.
pub(super) type Text = BTreeMap<String, String>;

/// The examples of which the same is expected.
pub(super) fn examples(texts: &[Text], expected: Expected) -> impl Iterator<Item = Example> {
    let example = move |(ending, text): (&String, &String)| Example {
        expected,
        ending: ending.clone(),
        text: text.clone(),
    };
    texts.iter().flatten().map(example)
}

/// An example for each of the parts, which stands in it in the place of `{}`.
pub(super) fn example_of_each(each: &Text, parts: impl IntoIterator<Item = String>) -> Vec<Example> {
    let filled = |part: String| {
        let example = |(ending, text): (&String, &String)| Example {
            expected: Expected::Changed,
            ending: ending.clone(),
            text: text.replace("{}", &part),
        };
        each.iter().map(example).collect::<Vec<_>>()
    };
    parts.into_iter().flat_map(filled).collect()
}

/// What a row makes of its example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum Expected {
    /// A port is found.
    Found,
    /// No port is found.
    None,
    /// Something else than without the row.
    Changed,
    /// A variable is read.
    Read,
    /// No variable is read.
    NotRead,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> Text {
        Text::from([("js".to_owned(), of.to_owned())])
    }

    #[test]
    fn each_text_is_an_example_in_the_language_of_its_ending() {
        let texts =
            [Text::from([("js".to_owned(), "a".to_owned()), ("py".to_owned(), "b".to_owned())]), text("c")];
        let examples: Vec<_> = examples(&texts, Expected::None).map(|it| (it.ending, it.text)).collect();
        let of = |ending: &str, text: &str| (ending.to_owned(), text.to_owned());
        assert_eq!(examples, [of("js", "a"), of("py", "b"), of("js", "c")]);
    }

    #[test]
    fn an_example_of_each_has_the_part_in_place_of_braces() {
        let examples = example_of_each(&text("{}(8080)"), ["listen".to_owned(), "bind".to_owned()]);
        let texts: Vec<_> = examples.iter().map(|example| example.text.as_str()).collect();
        assert_eq!(texts, ["listen(8080)", "bind(8080)"]);
        assert!(examples.iter().all(|example| example.expected == Expected::Changed));
    }
}
