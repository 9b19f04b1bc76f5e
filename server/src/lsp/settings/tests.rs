//! The settings, and their copy in the extension for VS Code.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::*;

/// What the extension for VS Code reads itself, of the same section.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for its schema")]
struct ExtensionSettings {
    server: Binary,
    trace: Trace,
    terminal: Terminal,
    debug: Debug,
    status_bar: StatusBar,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "declared for its schema")]
struct Binary {
    /// The `port-manager` binary to start. If empty, the one in the extension, or else the one on `PATH`. A
    /// workspace cannot set it.
    #[schemars(default, extend("scope" = "machine"))]
    path: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "declared for its schema")]
struct Trace {
    /// Whether the messages between the editor and the server are written to the output, and how fully.
    #[schemars(default, extend("enum" = ["off", "messages", "verbose"], "default" = "off"))]
    server: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "declared for its schema")]
struct Terminal {
    /// Whether new terminals, and the tasks that run in them, get the port variables that the `.ports.env` of
    /// their folder's project sets.
    #[schemars(extend("default" = true))]
    environment: bool,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "declared for its schema")]
struct Debug {
    /// Whether programs that a debugger starts get the port variables of their project. What `env` or an
    /// `envFile` of `launch.json` sets is kept.
    #[schemars(extend("default" = true))]
    environment: bool,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "declared for its schema")]
struct StatusBar {
    /// Whether the status bar shows the ports of the active file's project and the number of findings.
    #[schemars(extend("default" = true))]
    enabled: bool,
}

/// The settings as VS Code wants them: flat, with dotted names, and their texts where they can be
/// translated.
#[derive(Default)]
struct Declared {
    /// For `contributes.configuration.properties` of `package.json`.
    properties: Map<String, Value>,
    /// For `package.nls.json`.
    texts: BTreeMap<String, String>,
}

/// How the names of their texts begin.
const TEXTS: &str = "configuration.";

impl Declared {
    fn new() -> Self {
        let mut declared = Self::default();
        for schema in [schemars::schema_for!(Settings), schemars::schema_for!(ExtensionSettings)] {
            let schema = schema.to_value();
            declared.collect(SECTION, &schema, &schema["$defs"]);
        }
        declared
    }

    fn collect(&mut self, name: &str, schema: &Value, definitions: &Value) {
        let reference = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        let schema = reference.map_or(schema, |reference| &definitions[reference]);
        if let Some(members) = schema["properties"].as_object()
            && schema.get("additionalProperties").is_none()
        {
            for (member, schema) in members {
                self.collect(&format!("{name}.{member}"), schema, definitions);
            }
            return;
        }
        let mut schema = schema.clone();
        self.take_text(name, &mut schema);
        if let Some(Value::Object(members)) = schema.get_mut("properties") {
            for (member, schema) in members {
                self.take_text(&format!("{name}.{member}"), schema);
            }
        }
        let setting = schema.as_object_mut().unwrap();
        setting.entry("scope").or_insert(json!("window"));
        setting.entry("default").or_insert(json!({}));
        self.properties.insert(name.to_owned(), schema);
    }

    /// Puts a reference in the place of the description.
    fn take_text(&mut self, name: &str, schema: &mut Value) {
        let schema = schema.as_object_mut().unwrap();
        let text = schema.remove("description").unwrap_or_else(|| panic!("{name} has no description"));
        let text = text.as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let key = format!("{TEXTS}{name}");
        schema.insert("markdownDescription".to_owned(), json!(format!("%{key}%")));
        self.texts.insert(key, text);
    }
}

/// Holds a file of the extension to what it should say, or writes it.
fn hold(name: &str, wanted: impl FnOnce(&str) -> String) {
    let path = format!("{}/../editors/vscode/{name}", env!("CARGO_MANIFEST_DIR"));
    let present = std::fs::read_to_string(&path).unwrap();
    let wanted = wanted(&present);
    if present != wanted && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    assert_eq!(present, wanted, "UPDATE_DOCS=1 cargo test --lib settings writes {name}");
}

#[test]
fn the_extension_for_vs_code_declares_the_same_settings() {
    let properties = Value::Object(Declared::new().properties);
    hold("package.json", |present| {
        // The text around the properties stays byte for byte.
        let opening = "\"properties\": ";
        let configuration = present.find("\"configuration\": {").unwrap();
        let start = configuration + present[configuration..].find(opening).unwrap() + opening.len();
        let mut rest = serde_json::Deserializer::from_str(&present[start..]).into_iter::<Value>();
        rest.next().unwrap().unwrap();
        let end = start + rest.byte_offset();
        let indented = serde_json::to_string_pretty(&properties).unwrap().replace('\n', "\n      ");
        format!("{}{indented}{}", &present[..start], &present[end..])
    });
}

#[test]
fn every_setting_is_described_where_it_can_be_translated() {
    hold("package.nls.json", |present| {
        let mut texts: BTreeMap<String, String> = serde_json::from_str(present).unwrap();
        texts.retain(|key, _| !key.starts_with(TEXTS));
        texts.extend(Declared::new().texts);
        format!("{}\n", serde_json::to_string_pretty(&texts).unwrap())
    });
}

#[test]
fn the_defaults_are_what_is_declared() {
    let declared = Declared::new().properties;
    let mut section = json!({});
    for (name, schema) in &declared {
        let pointer = name.strip_prefix("port-manager.").unwrap();
        let (group, member) = pointer.split_once('.').unwrap_or((pointer, ""));
        if member.is_empty() {
            section[group] = schema["default"].clone();
        } else {
            section[group][member] = schema["default"].clone();
        }
    }
    assert_eq!(Settings::parse(section).unwrap(), Settings::default());
}

#[test]
fn what_cannot_be_set_is_an_error_that_says_what() {
    let refused = |section: Value| Settings::parse(section).unwrap_err().to_string();
    assert!(refused(json!({"severities": {"no-such-rule": "off"}})).contains("no-such-rule"));
    assert!(refused(json!({"severities": {"hardcoded-port": "loud"}})).contains("loud"));
    assert!(refused(json!({"diagnostics": {"enabled": "yes"}})).contains("boolean"));
    assert_eq!(Settings::parse(Value::Null).unwrap(), Settings::default());
}

#[test]
fn diagnostics_that_are_not_wanted_are_none() {
    let settings = Settings::parse(json!({"diagnostics": {"enabled": false}})).unwrap();
    assert_eq!(settings.severities(), Severities::silent());
}

#[test]
fn the_documentation_names_every_setting_and_its_example_can_be_read() {
    let page = include_str!("../../../../docs/configuration.md");
    let schema = schemars::schema_for!(Settings).to_value();
    for group in schema["properties"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{group}")), "{group}");
    }
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    Settings::parse(example[SECTION].clone()).unwrap();
}
