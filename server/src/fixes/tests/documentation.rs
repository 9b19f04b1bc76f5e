//! `docs/languages.md`, which is written from the table of languages, the fixtures, and the fixes.

use super::*;

/// A program with nothing but a port, in each language that has expressions: `{}` is what is exchanged.
const SPELLED: &[(&str, &str, [&str; 3])] = &[
    ("JavaScript", "a.js", ["app.listen({})", "const port = {}", "fetch({})"]),
    ("TypeScript", "a.ts", ["app.listen({})", "const port = {}", "fetch({})"]),
    ("Python", "a.py", ["import os\napp.run(port={})", "import os\nport = {}", "import os\nget({})"]),
    ("Go", "a.go", ["package a\nvar port = {}", "package a\nvar port = {}", "package a\nvar url = {}"]),
    ("Rust", "a.rs", ["fn a() { let port = {}; }", "fn a() { let port = {}; }", "fn a() { let url = {}; }"]),
    ("PHP", "a.php", ["<?php $port = {};", "<?php $port = {};", "<?php $url = {};"]),
    (
        "Java",
        "A.java",
        ["class A { int port = {}; }", "class A { String port = {}; }", "class A { String url = {}; }"],
    ),
    ("Kotlin", "a.kt", ["val port = {}", "val port = {}", "val url = {}"]),
    ("Scala", "a.scala", ["val port = {}", "val port = {}", "val url = {}"]),
    ("C#", "a.cs", ["var port = {};", "var port = {};", "var url = {};"]),
    ("Ruby", "a.rb", ["port = {}", "port = {}", "url = {}"]),
    ("Perl", "a.pl", ["my $port = {};", "my $port = {};", "my $url = {};"]),
    ("Elixir", "a.ex", ["a = [port: {}]", "a = [port: {}]", "url = {}"]),
    ("C", "a.c", ["void a() { int port = {}; }", "void a() { char *port = {}; }", "void a() { get({}); }"]),
    ("Lua", "a.lua", ["local port = {}", "local port = {}", "local url = {}"]),
];

/// How a number, a string that is the number, and a string with the number in it are spelled.
fn spellings() -> String {
    let mut table = "\n## How a fix is spelled\n\n\
        | language | for `8080` | for `\"8080\"` | for `\"http://localhost:8080/\"` |\n|---|---|---|---|\n"
        .to_owned();
    let project = Project::with("WEB_PORT=8080\n");
    for (language, file, programs) in SPELLED {
        let cells = programs.iter().zip(["8080", "\"8080\"", "\"http://localhost:8080/\""]).map(
            |(program, literal)| {
                let (before, after) = program.split_once("{}").unwrap();
                let repaired = project.repaired(file, &program.replace("{}", literal));
                let spelled = repaired.rsplit_once(after).and_then(|(text, _)| {
                    let line = before.rsplit('\n').next().unwrap_or_default();
                    text.rsplit_once(line).map(|(_, spelled)| spelled.to_owned())
                });
                spelled.filter(|_| repaired != NO_FIX).map_or_else(
                    || "-".to_owned(),
                    |spelled| match spelled.contains('`') {
                        true => format!("`` {spelled} ``"),
                        false => format!("`{spelled}`"),
                    },
                )
            },
        );
        table.push_str(&format!("| {language} | {} |\n", cells.collect::<Vec<_>>().join(" | ")));
    }
    table.push_str(
        "\nThe type of the place is kept: a `short` of Java is parsed as one, a `u32` of Rust too, and JavaScript gets a `Number` where\n\
         something is calculated. What has to be imported is imported once, where imports stand. Where a format has a place for a\n\
         default, it is the number that the variable holds.\n",
    );
    table
}

/// A line of a fixture without its marks: `«8080 listen»` as `8080`.
fn unmarked(line: &str) -> String {
    line.split('«').fold(String::new(), |shown, part| match part.split_once('»') {
        Some((mark, rest)) => shown + mark.split(' ').next().unwrap() + rest,
        None => shown + part,
    })
}

/// `docs/languages.md` is written from here: run the tests with `UPDATE_DOCS=1` to write it anew.
#[test]
fn every_language_is_in_the_documentation_with_an_example() {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut page = "# Languages\n\n\
        What is read, one line each: a place that is found, and how a fix reads the variable there. Written from the table in\n\
        `server/src/analysis/language/table.rs` and the fixtures in `tests/fixtures/languages/`, which show every place that counts and\n\
        what does not.\n\n\
        | language | files | found, for example | read as |\n|---|---|---|---|\n"
        .to_owned();
    let project = Project::with("");
    let mut fixtures: Vec<PathBuf> = std::fs::read_dir(repository.join("tests/fixtures/languages"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    fixtures.sort();
    for language in Language::all().filter(|language| *language != Language::PortsEnv) {
        let fixture = fixtures.iter().find(|path| Language::of_path(path) == Some(language)).unwrap();
        let text = std::fs::read_to_string(fixture).unwrap();
        let line = text.lines().find(|line| line.contains('«') && !line.contains("fallback»")).unwrap();
        let example = unmarked(line);
        let name = fixture.file_name().unwrap().to_string_lossy();
        let files = match language.extensions() {
            [] => format!("`{name}` and the like"),
            extensions => {
                extensions.iter().map(|ending| format!("`.{ending}`")).collect::<Vec<_>>().join(" ")
            }
        };
        let read = match crate::exchange::title(language, &"WEB_PORT".parse().unwrap()) {
            title
                if project.can_repair(&name, &text.lines().map(unmarked).collect::<Vec<_>>().join("\n")) =>
            {
                format!("`{title}`")
            }
            _ => "-".to_owned(),
        };
        page.push_str(&format!(
            "| {} | {files} | `{}` | {read} |\n",
            language.name(),
            example.trim().replace('|', "\\|").replace('`', "'")
        ));
    }
    page.push_str(
        "\nWhere the last column has none, the format reads no variables, and the message says how to solve it by hand.\n",
    );
    page.push_str(&spellings());
    let path = repository.join("docs/languages.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(written, page, "{} is not what the table says", path.display());
}
