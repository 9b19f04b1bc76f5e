//! A text in which something is looked for wherever it may be.

use std::cell::RefCell;
use std::collections::HashSet;

/// A whole text, which remembers what was looked for in it.
pub(in crate::analysis) struct WholeText<'a> {
    text: &'a str,
    sought: RefCell<HashSet<String>>,
}

impl<'a> WholeText<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, sought: RefCell::default() }
    }

    /// Whether the text has this anywhere.
    pub(in crate::analysis) fn says(&self, sought: &str) -> bool {
        self.sought.borrow_mut().insert(sought.to_owned());
        self.text.contains(sought)
    }

    /// What was looked for, found or not.
    pub(super) fn into_sought(self) -> HashSet<String> {
        self.sought.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_remembered_found_or_not() {
        let text = WholeText::of("viper.AutomaticEnv()");
        assert!(text.says("AutomaticEnv(") && !text.says("BindEnv("));
        assert_eq!(text.into_sought().len(), 2);
    }
}
