//! `docs/json.md` names every field that is printed, and the README shows what is really seen.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::home::{Home, Ran};
use crate::process::ChildProcess;

fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(name.clone());
                fields(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

/// The section of the page that is about a command.
fn section<'a>(page: &'a str, command: &str) -> &'a str {
    let title = format!("## `port-manager {command}");
    let start = page.find(&title).unwrap_or_else(|| panic!("{title} is missing"));
    let rest = &page[start + 3..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

#[test]
fn every_field_of_every_command_is_documented_in_its_section() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/json.md");
    let page = fs::read_to_string(page).unwrap();
    let home = Home::new();
    home.write(
        "shop/server.js",
        "app.listen(8080); app.listen(process.env.WEB_PORT, process.env.EXTRA_PORT)\n",
    );
    let server = ChildProcess::server(&home.path("shop"));
    let port = server.port.to_string();
    home.project("shop", &[("WEB_PORT", "web", server.port)]);
    let gone = home.project("gone", &[("WEB_PORT", "web", 8000)]);
    let unplugged = home.project("disk/unplugged", &[("WEB_PORT", "web", 8001)]);
    fs::remove_dir_all(gone).unwrap();
    fs::remove_dir_all(unplugged.parent().unwrap()).unwrap();
    let ran: [(&str, &[&str]); 18] = [
        ("init", &["init", "shop", "--json"]),
        ("adopt", &["adopt", "shop", "--json"]),
        ("integrate", &["integrate", "makefile", "--project", "shop", "--json"]),
        ("get-port", &["get-port", "--type", "web", "--preferred", &port, "--json"]),
        ("set", &["set", "--project", "shop", "EXTRA_PORT=5401", "--json"]),
        ("unset", &["unset", "--project", "shop", "EXTRA_PORT", "--json"]),
        ("release", &["release", &port, "--json"]),
        ("deinit", &["deinit", "shop", "--dry-run", "--json"]),
        ("status", &["status", "--json"]),
        ("show", &["show", "shop", "--json"]),
        ("which", &["which", &port, "--json"]),
        ("ports", &["ports", "shop", "--json"]),
        ("free", &["free", &port, "--dry-run", "--json"]),
        ("clean", &["clean", "--dry-run", "--json"]),
        ("check", &["check", "shop", "--json"]),
        ("doctor", &["doctor", "--json"]),
        ("remove", &["remove", "shop", "--dry-run", "--json"]),
        // Last, as the registry is damaged for it.
        ("doctor", &["doctor", "--repair", "--json"]),
    ];
    for (command, arguments) in ran {
        if arguments.contains(&"--repair") {
            home.write("config/registry.json", "{");
        }
        let output = home.run("", arguments);
        let mut found = BTreeSet::new();
        for value in serde_json::Deserializer::from_str(&output.stdout).into_iter() {
            fields(&value.unwrap(), &mut found);
        }
        assert!(found.len() > 2, "{command} prints {found:?}; {}", output.stderr);
        let section = section(&page, command);
        for field in found {
            assert!(
                section.contains(&format!("`{field}`")),
                "{command} prints {field}, docs/json.md does not say so"
            );
        }
    }
}

#[test]
fn the_readme_shows_what_check_says_of_the_example() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let readme = fs::read_to_string(repository.join("README.md")).unwrap().replace("\r\n", "\n");
    let excerpt = readme.split("```text\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    let home = Home::new();
    // A copy, because who follows the README sets the example up.
    copy(&repository.join("examples/shop"), &home, "examples/shop");
    let Ran { stdout, stderr, .. } = home.run("", &["check", "examples/shop"]);
    let seen = format!("{stdout}{stderr}");
    for block in excerpt.split("\n\n") {
        assert!(seen.contains(block), "the README shows\n{block}\nbut this was seen\n{seen}");
    }
}

/// The texts of a directory's Rust files, and of those below it.
fn sources(directory: &Path, found: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The words between backticks in a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_promise_names_tests_that_exist() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut tests = String::new();
    for directory in ["server/src", "tests"] {
        sources(&repository.join(directory), &mut tests);
    }
    let is_test = |name: &str| match name.strip_suffix("...") {
        Some(beginning) => tests.contains(&format!("fn {beginning}")),
        None => tests.contains(&format!("fn {name}(")),
    };
    let is_name = |name: &str| {
        name.contains('_')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(&byte))
    };
    let page = fs::read_to_string(repository.join("docs/reliability.md")).unwrap();
    // What names a test ends a row of a table, or follows this word.
    let rows = page.lines().filter_map(|line| line.strip_suffix('|')?.rsplit(" | ").next());
    let paragraphs = page.split("Tests: ").skip(1).filter_map(|rest| rest.split("\n\n").next());
    let named: Vec<&str> = rows.chain(paragraphs).flat_map(quoted).collect();
    let files = named.iter().filter(|name| name.contains('/') && name.ends_with(".rs"));
    let missing_files = files.filter(|name| !repository.join(name).exists());
    let missing_tests = named.iter().filter(|name| is_name(name) && !is_test(name));
    let missing: BTreeSet<&&str> = missing_tests.chain(missing_files).collect();
    assert!(
        named.len() > 100 && missing.is_empty(),
        "docs/reliability.md names what is not there: {missing:?}"
    );
}

fn copy(from: &Path, home: &Home, to: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let to = format!("{to}/{name}");
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), home, &to);
        } else if !name.starts_with(".ports.env") {
            home.write(&to, fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_readme_lists_every_rule() {
    let readme = include_str!("../../README.md");
    let pages = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules")).unwrap();
    for page in pages {
        let name = page.unwrap().file_name().into_string().unwrap();
        assert!(readme.contains(&format!("](docs/rules/{name}) |")), "the table of the README lacks {name}");
    }
}
