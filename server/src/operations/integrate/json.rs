//! Edits of JSON files that keep comments and layout.

use std::path::Path;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstNode, CstObject, CstRootNode, CstStringLit};

use super::work::not_understood;
use crate::error::{Error, PlanError, Result};

/// A JSON file whose top is an object.
pub(super) struct Json {
    root: CstRootNode,
    pub(super) top: CstObject,
}

impl Json {
    /// Parses a text, with comments and trailing commas as editors and build tools allow them.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self> {
        let options = ParseOptions {
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            ..ParseOptions::default()
        };
        let root = CstRootNode::parse(text, &options).map_err(|error| {
            Error::Plan(PlanError::NotUnderstood {
                path: path.to_owned(),
                line: error.line_display(),
                column: error.column_display(),
                message: error.kind().to_string(),
            })
        })?;
        let top =
            root.object_value().ok_or_else(|| not_understood(path, text, 0, "this is not a JSON object"))?;
        Ok(Self { root, top })
    }

    /// The text with the edits.
    pub(super) fn text(&self) -> String {
        self.root.to_string()
    }
}

/// The string of a property; `None` where it is something else.
pub(super) fn string(object: &CstObject, name: &str) -> Option<String> {
    literal(object, name)?.decoded_value().ok()
}

/// The literal of a property that is a string.
pub(super) fn literal(object: &CstObject, name: &str) -> Option<CstStringLit> {
    object.get(name)?.value()?.as_string_lit()
}

/// The strings of a list.
pub(super) fn strings(array: &CstArray) -> Vec<String> {
    let literals = array.elements().into_iter().filter_map(|element| element.as_string_lit());
    literals.filter_map(|literal| literal.decoded_value().ok()).collect()
}

/// Inserts strings into a list. One that stands in one line stays so.
pub(super) fn insert(array: &CstArray, index: usize, values: &[&str]) {
    let next = array.elements().get(index).and_then(CstNode::as_string_lit);
    match next.filter(|_| !array.to_string().contains('\n')) {
        Some(next) => {
            let values = values.iter().map(|value| serde_json::Value::from(*value).to_string());
            let values: Vec<String> = values.chain([next.to_string()]).collect();
            next.set_raw_value(values.join(", "));
        }
        None => values.iter().enumerate().for_each(|(offset, value)| {
            array.insert(index + offset, (*value).into());
        }),
    }
}

/// Gives a literal another value.
pub(super) fn set(literal: &CstStringLit, value: &str) {
    literal.set_raw_value(serde_json::Value::from(value).to_string());
}
