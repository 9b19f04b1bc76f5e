//! `docs/knowledge.md`: all rows and rules, for people.

use std::fmt::Write as _;

use toml::{Table, Value};

use super::super::{Rows, SOURCES};
use crate::analysis::decided_by::rules;
use crate::text::markdown::code_span;

const INTRODUCTION: &str = "\
# What port-manager knows

<!-- Written from the rows and rules: `UPDATE_DOCS=1 cargo test --lib knowledge` -->

This is everything by which port-manager decides what a number in a text is. `port-manager explain --at FILE:LINE` names the row or rule that
decided about a line by its id; search for the id here.

**Rows** say what is known of one kind of thing, such as calls. All conditions of a row must hold; the first row that holds counts.
`means` is what `explain` says. `found` are texts in which the row finds something, `not` are texts in which nothing is found, and `each` is a text
that is made for each of the row's names, in place of `{}`. Our tests run all of them.

**A project adds its own rows** in `port-manager.toml`, with the same keys, and an id of its own. They come before the rows here, so a row
can also say that something is *not* a port. [configuration.md](configuration.md#a-projects-own-rows) has an example.

**Rules** need more than names to decide, and are written in Rust.
";

/// A row's value as Markdown, behind the name of its key.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => code_span("\"\""),
        Value::String(text) => code_span(&text.replace('\n', "↵")),
        Value::Array(values) if values.iter().all(Value::is_str) => {
            values.iter().map(shown).collect::<Vec<_>>().join(", ")
        }
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join("\n  - "),
        Value::Table(table) => table
            .iter()
            .map(|(name, value)| format!("{name}: {}", shown(value)))
            .collect::<Vec<_>>()
            .join(", "),
        other => code_span(&other.to_string()),
    }
}

fn row(row: &Table) -> String {
    let text = |key: &str| row[key].as_str().unwrap();
    let mut page = format!("\n### `{}`\n\n{}\n\n", text("id"), text("means"));
    let is_example = |key: &str| matches!(key, "found" | "not" | "each" | "each-flag" | "each-option");
    let mut keys: Vec<&String> = row.keys().filter(|key| !matches!(key.as_str(), "id" | "means")).collect();
    keys.sort_by_key(|key| (is_example(key), key.as_str() != "does"));
    for key in keys {
        let value = &row[key];
        let is_list = value.as_array().is_some_and(|values| !values.iter().all(Value::is_str));
        writeln!(page, "- {key}:{}{}", if is_list { "\n  - " } else { " " }, shown(value)).unwrap();
    }
    page
}

/// The keys of a kind of row that a project can have, with what they say.
fn keys(kind: &str) -> String {
    let schema = schemars::schema_for!(Rows).to_value();
    let reference = schema["properties"][kind]["items"]["$ref"].as_str();
    let Some(name) = reference.and_then(|path| path.strip_prefix("#/$defs/")) else { return String::new() };
    let mut table = "\n| key | says |\n|---|---|\n".to_owned();
    let mut values = String::new();
    for (key, member) in schema["$defs"][name]["properties"].as_object().unwrap() {
        writeln!(table, "| `{key}` | {} |", description(member)).unwrap();
        let reference = member["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        let choices = reference.and_then(|name| schema["$defs"][name]["oneOf"].as_array());
        if let Some(choices) = choices {
            write!(values, "\n| `{key}` | says |\n|---|---|\n").unwrap();
            for choice in choices {
                writeln!(values, "| `{}` | {} |", choice["const"].as_str().unwrap(), description(choice))
                    .unwrap();
            }
        }
    }
    table + &values
}

fn description(schema: &serde_json::Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// The rows of a file, behind what it says of them in its first lines.
fn section(source: &str) -> String {
    let table: Table = source.parse().unwrap();
    let (kind, rows) = table.iter().next().unwrap();
    let comment = source.lines().map_while(|line| line.strip_prefix('#'));
    let comment = comment.map(str::trim).collect::<Vec<_>>().join("\n");
    let rows: String = rows.as_array().unwrap().iter().map(|it| row(it.as_table().unwrap())).collect();
    format!("\n## Rows: `[[{kind}]]`\n\n{comment}\n{}{rows}", keys(kind))
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.extend(SOURCES.iter().map(|source| section(source)));
    page.push_str("\n## Rules\n\n| id | says | example |\n|---|---|---|\n");
    for (id, means, (name, text)) in rules() {
        let example = code_span(&text.trim_end().replace('\n', "↵").replace('\t', " "));
        let line = format!("| `{id}` | {means} | {name}: {} |", example.replace('|', "\\|"));
        page.push_str(&line);
        page.push('\n');
    }
    page
}

#[test]
fn the_documentation_of_what_is_known_is_up_to_date() {
    let path = format!("{}/../docs/knowledge.md", env!("CARGO_MANIFEST_DIR"));
    let wanted = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let present = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(present, wanted, "UPDATE_DOCS=1 cargo test --lib knowledge writes the file");
}
