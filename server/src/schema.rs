//! The JSON Schemas of the TOML files, by which editors complete and check them: `docs/*.schema.json`. They are made of the
//! types, and tests hold the published ones to that.

use serde_json::{Map, Value};

/// The schema of a type, and the definitions that it refers to.
pub(crate) fn parts<T: schemars::JsonSchema>() -> (Map<String, Value>, Map<String, Value>) {
    let Value::Object(mut schema) = schemars::schema_for!(T).to_value() else {
        panic!("a type has an object")
    };
    match schema.remove("$defs") {
        Some(Value::Object(definitions)) => (schema, definitions),
        _ => (schema, Map::new()),
    }
}

/// Doc comments are broken at the width of the source.
pub(crate) fn unwrap_descriptions(schema: &mut Value) {
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

/// Holds the published schema of that name, and the copies that the crate and the extension for VS Code ship, to what it
/// should be; or writes them.
pub(crate) fn hold(name: &str, schema: &Value) {
    let wanted = format!("{schema:#}\n");
    for directory in ["docs", "editors/vscode/schemas", "server/schemas"] {
        let path = format!("{}/../{directory}/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &wanted).unwrap();
            continue;
        }
        let present = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            present, wanted,
            "UPDATE_DOCS=1 cargo test --lib schema writes {directory}/{name}.schema.json"
        );
    }
}

/// All that the schema describes, by the path of names to it, and whether it has a description.
pub(crate) fn described(schema: &Value) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    collect(schema, &schema["$defs"], "", &mut found);
    found
}

/// All that the schema describes, by the path of names to it.
fn collect(schema: &Value, definitions: &Value, path: &str, found: &mut Vec<(String, bool)>) {
    let reference = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
    let schema = reference.map_or(schema, |name| &definitions[name]);
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let reference = member["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        let is_described = |schema: &Value| schema["description"].is_string();
        let has_text = is_described(member) || reference.is_some_and(|name| is_described(&definitions[name]));
        found.push((path.clone(), has_text));
        collect(member, definitions, &path, found);
        collect(&member["items"], definitions, &path, found);
    }
}
