//! What is written beside a value in the same mapping of YAML or JSON.

use std::collections::{HashMap, HashSet};

use tree_sitter::Node;

use super::host_beside;
use crate::analysis::address::is_remote;
use crate::analysis::packs::Packs;

/// The mappings of a text. Each is read once, when it is first asked for: a text may hold thousands of ports
/// in one mapping.
pub(in crate::analysis) struct Siblings<'a> {
    text: &'a str,
    packs: &'a Packs,
    mappings: HashMap<usize, Mapping<'a>>,
}

impl<'a> Siblings<'a> {
    pub(in crate::analysis) fn of(text: &'a str, packs: &'a Packs) -> Self {
        Self { text, packs, mappings: HashMap::new() }
    }

    /// The rows that the text is read by.
    pub(super) fn packs(&self) -> &'a Packs {
        self.packs
    }

    /// What a node of pairs says.
    pub(in crate::analysis) fn mapping(&mut self, node: Node<'_>) -> &Mapping<'a> {
        self.mappings.entry(node.id()).or_insert_with(|| Mapping::read(self.text, node, self.packs))
    }
}

/// The pairs of one mapping.
#[derive(Default)]
pub(in crate::analysis) struct Mapping<'a> {
    /// The place and the value of each key, where it stands first.
    first: HashMap<&'a str, (usize, Option<&'a str>)>,
    /// The keys that give somewhere a public host, of those that are called like a host.
    public_hosts: HashSet<&'a str>,
    /// The first of the keys that are called `name` or `key` in any spelling.
    label: Option<&'a str>,
}

impl<'a> Mapping<'a> {
    fn read(text: &'a str, node: Node<'_>, packs: &Packs) -> Self {
        let source = |node: Node<'_>| text.get(node.byte_range()).map(|text| text.trim_matches(['"', '\'']));
        let mut mapping = Self::default();
        let mut cursor = node.walk();
        for (place, pair) in node.named_children(&mut cursor).enumerate() {
            let of = |field| pair.child_by_field_name(field).and_then(source);
            let Some(key) = of("key") else { continue };
            mapping.first.entry(key).or_insert_with(|| (place, of("value")));
            if host_beside::is_host(key, &packs.names)
                && of("value").is_some_and(|host| is_remote(host, packs))
            {
                mapping.public_hosts.insert(key);
            }
            if key.eq_ignore_ascii_case("name") || key.eq_ignore_ascii_case("key") {
                mapping.label.get_or_insert(key);
            }
        }
        mapping
    }

    /// The value of whichever of the keys stands first.
    pub(in crate::analysis) fn value(&self, keys: &[impl AsRef<str>]) -> Option<&'a str> {
        let (_, value) = keys.iter().filter_map(|key| self.first.get(key.as_ref())).min_by_key(|it| it.0)?;
        *value
    }

    /// The value of what is called `name` or `key`, in any spelling.
    pub(in crate::analysis) fn label(&self) -> Option<&'a str> {
        self.value(self.label.as_slice())
    }

    /// Whether any of the keys is given a public host.
    pub(in crate::analysis) fn has_public_host(&self, keys: &[String]) -> bool {
        keys.iter().any(|key| self.public_hosts.contains(key.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tree::Trees;
    use crate::grammar::Grammar;

    /// What is asked of the mapping of a JSON text.
    fn of<T>(text: &str, ask: impl FnOnce(&Mapping<'_>) -> T) -> T {
        let tree = Trees::default().parse(text, Grammar::Json).unwrap();
        let object = tree.root_node().named_child(0).unwrap();
        ask(Siblings::of(text, Packs::built_in()).mapping(object))
    }

    #[test]
    fn of_several_keys_the_first_in_the_text_counts() {
        let value = |text| of(text, |mapping| mapping.value(&["path", "dest"]).map(str::to_owned));
        assert_eq!(value(r#"{"dest": "a", "path": "b"}"#).as_deref(), Some("a"));
        assert_eq!(value(r#"{"path": "a", "path": "b"}"#).as_deref(), Some("a"));
        assert_eq!(value(r#"{"other": "a"}"#), None);
    }

    #[test]
    fn a_label_is_called_name_or_key_in_any_spelling() {
        let label = |text| of(text, |mapping| mapping.label().map(str::to_owned));
        assert_eq!(label(r#"{"Name": "a"}"#).as_deref(), Some("a"));
        assert_eq!(label(r#"{"value": 1, "KEY": "a"}"#).as_deref(), Some("a"));
        assert_eq!(label(r#"{"names": "a"}"#), None);
    }

    #[test]
    fn a_host_is_public_by_its_value() {
        let is_public = |text| of(text, |mapping| mapping.has_public_host(&["dbHost".to_owned()]));
        assert!(is_public(r#"{"dbHost": "db.example.com"}"#));
        assert!(!is_public(r#"{"dbHost": "localhost"}"#));
        assert!(!is_public(r#"{"mailHost": "db.example.com"}"#));
    }
}
