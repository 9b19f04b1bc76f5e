//! Values of a YAML text, by its tree: what compose files are read with.

use tree_sitter::{Node, Tree};

/// A value in a YAML text.
#[derive(Clone, Copy)]
pub(crate) struct Yaml<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) text: &'t str,
}

impl<'t> Yaml<'t> {
    /// The whole of a text.
    pub(crate) fn of(tree: &'t Tree, text: &'t str) -> Self {
        Self { node: tree.root_node(), text }
    }

    fn at(self, node: Node<'t>) -> Self {
        Self { node, ..self }
    }

    fn children(self) -> Vec<Node<'t>> {
        self.node.named_children(&mut self.node.walk()).collect()
    }

    /// The collection or scalar itself, below the nodes that only hold it and its tag and anchor.
    fn value(self) -> Self {
        let mut value = self;
        while matches!(value.node.kind(), "stream" | "document" | "block_node" | "flow_node") {
            let held = value.children().into_iter().find(|child| {
                !matches!(child.kind(), "anchor" | "tag" | "comment" | "yaml_directive" | "tag_directive")
            });
            match held {
                Some(child) => value = value.at(child),
                None => break,
            }
        }
        value
    }

    /// The pairs of a mapping whose keys are scalars.
    pub(crate) fn pairs(self) -> Vec<(String, Self)> {
        let mapping = self.value();
        mapping
            .children()
            .into_iter()
            .filter(|child| matches!(child.kind(), "block_mapping_pair" | "flow_pair"))
            .filter_map(|pair| {
                let key = mapping.at(pair.child_by_field_name("key")?).scalar()?;
                Some((key, mapping.at(pair.child_by_field_name("value")?)))
            })
            .collect()
    }

    /// The value of a key of a mapping.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        self.pairs().into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The directory that `build` names: itself, or its `context`.
    pub(crate) fn context(self) -> Option<String> {
        self.scalar().or_else(|| self.get("context")?.scalar())
    }

    /// The items of a sequence.
    pub(crate) fn items(self) -> Vec<Self> {
        let sequence = self.value();
        let items = sequence.children().into_iter();
        match sequence.node.kind() {
            "block_sequence" => {
                items.filter_map(|item| item.named_child(0)).map(|it| sequence.at(it)).collect()
            }
            "flow_sequence" => items.map(|item| sequence.at(item)).collect(),
            _ => Vec::new(),
        }
    }

    /// The text of a scalar without its quotes.
    pub(crate) fn scalar(self) -> Option<String> {
        let value = self.value();
        let text = value.text.get(value.node.byte_range())?;
        match value.node.kind() {
            "plain_scalar" => Some(text.to_owned()),
            "double_quote_scalar" | "single_quote_scalar" => {
                Some(text.get(1..text.len().checked_sub(1)?)?.to_owned())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Grammar;

    /// What is asked of a YAML text.
    fn of<T>(text: &str, ask: impl FnOnce(Yaml<'_>) -> T) -> T {
        let tree = crate::analysis::tree::Trees::default().parse(text, Grammar::Yaml).unwrap();
        ask(Yaml::of(&tree, text))
    }

    #[test]
    fn a_value_is_the_same_in_blocks_and_in_flows() {
        for text in ["web:\n  ports:\n    - \"80\"\n    - '81'\n", "{web: {ports: [\"80\", '81']}}\n"] {
            let ports = of(text, |root| {
                let ports = root.get("web").unwrap().get("ports").unwrap();
                ports.items().into_iter().filter_map(Yaml::scalar).collect::<Vec<_>>()
            });
            assert_eq!(ports, ["80", "81"], "{text}");
        }
    }

    #[test]
    fn tags_anchors_and_comments_are_no_values() {
        let text = "# services\n---\nweb: &web !a\n  image: shop\n";
        assert_eq!(of(text, |root| root.get("web")?.get("image")?.scalar()), Some("shop".to_owned()));
    }

    #[test]
    fn a_build_is_its_directory_or_has_a_context() {
        assert_eq!(of("./web\n", |root| root.context()), Some("./web".to_owned()));
        assert_eq!(of("context: ./web\nargs: {}\n", |root| root.context()), Some("./web".to_owned()));
        assert_eq!(of("dockerfile: a\n", |root| root.context()), None);
    }

    #[test]
    fn a_collection_is_no_scalar_and_a_scalar_no_collection() {
        assert_eq!(of("- a\n", |root| root.scalar()), None);
        assert!(of("a\n", |root| root.items().is_empty() && root.pairs().is_empty()));
    }
}
