//! The JSON Schema of `port-manager.toml`, by which editors complete and check the file: `docs/port-manager.schema.json`.

use serde_json::Value;

use super::{File, Settings};
use crate::analysis::Rows;
use crate::schema::{described, hold, parts, unwrap_descriptions};

fn schema() -> Value {
    let (mut schema, mut definitions) = parts::<File>();
    let (mut rows, more) = parts::<Rows>();
    definitions.extend(more);
    let (Some(Value::Object(settings)), Some(Value::Object(kinds))) =
        (schema.get_mut("properties"), rows.remove("properties"))
    else {
        panic!("a struct has properties")
    };
    settings.extend(kinds);
    schema.insert("title".to_owned(), "port-manager.toml".into());
    schema.insert("description".to_owned(), "What a project sets for port-manager.".into());
    schema.insert("$defs".to_owned(), definitions.into());
    let mut schema = Value::Object(schema);
    unwrap_descriptions(&mut schema);
    schema
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    hold("port-manager", &schema());
}

#[test]
fn every_key_is_known_by_its_name() {
    let mut known: Vec<&str> = File::KEYS.iter().chain(Rows::KINDS).copied().collect();
    known.sort_unstable();
    assert_eq!(schema()["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), known);
}

#[test]
fn the_schema_describes_every_key() {
    let found = described(&schema());
    // Rules are described by their pages.
    let without = |(path, has_text): &&(String, bool)| !has_text && !path.starts_with(".severity.");
    assert_eq!(found.iter().filter(without).collect::<Vec<_>>(), Vec::<&(String, bool)>::new());
    for key in [".ignore", ".call", ".call.names", ".fixes.default"] {
        assert!(found.iter().any(|(path, _)| path == key), "{key} in {found:?}");
    }
}

#[test]
fn the_file_names_its_schema_in_a_comment() {
    let page = include_str!("../../../../docs/configuration.md");
    assert!(page.contains("#:schema"), "{page}");
    Settings::parse("#:schema ./docs/port-manager.schema.json\n", std::path::Path::new("/project")).unwrap();
}
