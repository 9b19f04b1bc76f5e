//! The JSON Schema of `config.toml`: `docs/config.schema.json`.

use serde_json::{Value, json};

use super::file::File;
use crate::schema::{described, hold, parts, unwrap_descriptions};
use crate::service::Service;

fn schema() -> Value {
    let (mut schema, definitions) = parts::<File>();
    schema.insert("title".to_owned(), "config.toml of port-manager".into());
    schema
        .insert("description".to_owned(), "What port-manager does on this machine, for all projects.".into());
    schema.insert("$defs".to_owned(), definitions.into());
    // The types that are built in, so that an editor offers their names. Others may be added.
    for key in ["ranges", "words", "variables"] {
        let any = schema["properties"][key]["additionalProperties"].clone();
        let built_in = Service::built_in_names().map(|name| (name.to_owned(), any.clone()));
        schema["properties"][key]["properties"] = Value::Object(built_in.collect());
        schema["properties"][key]["propertyNames"] =
            json!({"pattern": "^[a-z]+(-[a-z]+)*$", "maxLength": 32});
    }
    let mut schema = Value::Object(schema);
    unwrap_descriptions(&mut schema);
    schema
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    hold("config", &schema());
}

#[test]
fn the_schema_describes_every_key() {
    let mut keys: Vec<&str> = File::KEYS.to_vec();
    keys.sort_unstable();
    assert_eq!(schema()["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), keys);
    let found = described(&schema());
    for key in keys {
        assert!(found.contains(&(format!(".{key}"), true)), "{key} in {found:?}");
    }
}
