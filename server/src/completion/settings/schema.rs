//! The JSON Schema of `port-manager.toml`, asked for what may be written.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::rules::SETTINGS_SCHEMA;

/// The schema. A test holds its text to the types of the settings, so that it is one.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(SETTINGS_SCHEMA).unwrap_or_default());

/// A part of the schema, with what it refers to.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// What describes the part where it is used.
    used: &'static Value,
    /// What it is.
    meant: &'static Value,
}

/// One of the values that are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) text: String,
    /// Whether it is a text, which needs quotes.
    pub(super) is_text: bool,
    pub(super) about: Option<String>,
}

impl Node {
    /// The file.
    pub(super) fn root() -> Self {
        Self::of(&SCHEMA)
    }

    fn of(used: &'static Value) -> Self {
        let reference = used["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        let meant = reference.map_or(used, |name| &SCHEMA["$defs"][name]);
        Self { used, meant }
    }

    fn properties(&self) -> Option<&'static Map<String, Value>> {
        self.meant["properties"].as_object()
    }

    /// The part that a path of names leads to, through lists.
    pub(super) fn below(self, path: &[String]) -> Option<Self> {
        path.iter().try_fold(self, |node, name| {
            let node = node.one();
            let named = node.properties().and_then(|properties| properties.get(name));
            let any = Some(&node.meant["additionalProperties"]).filter(|any| any.is_object());
            named.or(any).map(Self::of)
        })
    }

    /// One of a list, or the part itself.
    fn one(self) -> Self {
        let items = &self.meant["items"];
        if items.is_object() { Self::of(items) } else { self }
    }

    /// Whether it is a list of tables.
    pub(super) fn is_list(&self) -> bool {
        self.meant["type"] == "array"
    }

    /// Whether it is a table of tables that may have any name.
    pub(super) fn is_open_of_tables(&self) -> bool {
        self.meant["additionalProperties"]["type"] == "object"
    }

    fn is_table(&self) -> bool {
        let one = self.clone().one();
        one.meant["type"] == "object" || one.meant["properties"].is_object()
    }

    /// The tables in it, by their names.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&'static str, Self)> + use<> {
        self.parts().filter(|(_, node)| node.is_table())
    }

    /// The keys in it that are no tables.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&'static str, Self)> + use<> {
        self.clone().one().parts().filter(|(_, node)| !node.is_table())
    }

    fn parts(&self) -> impl Iterator<Item = (&'static str, Self)> + use<> {
        let properties = self.properties().into_iter().flatten();
        properties.map(|(name, used)| (name.as_str(), Self::of(used)))
    }

    /// What it is for.
    pub(super) fn description(&self) -> Option<String> {
        let text = self.used["description"].as_str().or_else(|| self.meant["description"].as_str());
        text.map(str::to_owned)
    }

    /// The values that it may have, or each of a list may.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let node = self.clone().one();
        let text = |value: &Value, about: Option<&str>| {
            let text = value.as_str()?.to_owned();
            Some(Choice { text, is_text: true, about: about.map(str::to_owned) })
        };
        let listed = node.meant["enum"].as_array().into_iter().flatten();
        let listed = listed.filter_map(|value| text(value, None));
        let described = node.meant["oneOf"].as_array().into_iter().flatten();
        let described = described.filter_map(|one| text(&one["const"], one["description"].as_str()));
        let flags: &[&str] = if node.meant["type"] == "boolean" { &["true", "false"] } else { &[] };
        let flags = flags.iter().map(|text| Choice { text: (*text).to_owned(), is_text: false, about: None });
        listed.chain(described).chain(flags).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;

    fn choices(path: &[&str]) -> Vec<String> {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        Node::root().below(&path).unwrap().choices().into_iter().map(|choice| choice.text).collect()
    }

    #[test]
    fn the_schema_names_tables_keys_and_values() {
        let tables: Vec<_> = Node::root().tables().map(|(name, _)| name).collect();
        assert!(
            ["severity", "fixes", "run", "env", "compose", "call", "environment"]
                .iter()
                .all(|it| tables.contains(it))
        );
        let keys: Vec<_> = Node::root().keys().map(|(name, _)| name).collect();
        assert_eq!(keys, ["allowed-ports", "ignore"]);
        assert_eq!(
            choices(&["severity", "hardcoded-port"]),
            ["off", "hint", "note", "warning", "information"]
        );
        assert_eq!(choices(&["fixes", "default"]), ["number", "none"]);
        assert_eq!(choices(&["compose", "project-name"]), ["true", "false"]);
        assert!(choices(&["call", "does"]).contains(&"listen".to_owned()));
        assert!(choices(&["environment", "languages"]).contains(&"python".to_owned()));
    }

    #[test]
    fn every_rule_is_a_key() {
        let severity = Node::root().below(&["severity".to_owned()]).unwrap();
        let names: Vec<_> = severity.keys().map(|(name, _)| name).collect();
        assert!(Rule::ALL.iter().all(|rule| names.contains(&rule.name())));
    }
}
