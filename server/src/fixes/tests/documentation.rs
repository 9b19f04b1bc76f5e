//! `docs/languages.md`, which is written from the table of languages, the fixtures, and the fixes.

use super::*;

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
        `server/src/analysis/language.rs` and the fixtures in `tests/fixtures/languages/`, which show every place that counts and\n\
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
    let path = repository.join("docs/languages.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(written, page, "{} is not what the table says", path.display());
}
