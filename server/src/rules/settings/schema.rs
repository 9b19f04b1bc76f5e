//! The JSON Schema of `port-manager.toml`, by which editors complete and check the file: `docs/port-manager.schema.json`.

use serde_json::{Map, Value};

use super::{File, Settings};
use crate::analysis::Rows;

/// The schema of a type, and the definitions that it refers to.
fn parts<T: schemars::JsonSchema>() -> (Map<String, Value>, Map<String, Value>) {
    let Value::Object(mut schema) = schemars::schema_for!(T).to_value() else {
        panic!("a type has an object")
    };
    match schema.remove("$defs") {
        Some(Value::Object(definitions)) => (schema, definitions),
        _ => (schema, Map::new()),
    }
}

/// Doc comments are broken at the width of the source.
fn unwrap_descriptions(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "description" => {
                        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    }
                    other => unwrap_descriptions(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap_descriptions),
        _ => {}
    }
}

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
    let path = format!("{}/../docs/port-manager.schema.json", env!("CARGO_MANIFEST_DIR"));
    let wanted = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let present = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(present, wanted, "UPDATE_DOCS=1 cargo test -p port-manager --lib schema writes the file");
}

/// All that the schema describes, by the path of names to it.
fn described(schema: &Value, definitions: &Value, path: &str, found: &mut Vec<(String, bool)>) {
    let reference = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
    let schema = reference.map_or(schema, |name| &definitions[name]);
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let reference = member["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        let is_described = |schema: &Value| schema["description"].is_string();
        let has_text = is_described(member) || reference.is_some_and(|name| is_described(&definitions[name]));
        found.push((path.clone(), has_text));
        described(member, definitions, &path, found);
        described(&member["items"], definitions, &path, found);
    }
}

#[test]
fn every_key_is_known_by_its_name() {
    let mut known: Vec<&str> = File::KEYS.iter().chain(Rows::KINDS).copied().collect();
    known.sort_unstable();
    assert_eq!(schema()["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), known);
}

#[test]
fn the_schema_describes_every_key() {
    let schema = schema();
    let mut found = Vec::new();
    described(&schema, &schema["$defs"], "", &mut found);
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
