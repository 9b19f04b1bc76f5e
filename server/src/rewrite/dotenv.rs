//! Whether what reads a `.env` file fills in variables that have a default, `${WEB_PORT:-3000}`: by what the project's
//! manifest beside the file depends on.

use std::path::Path;

use crate::files;
use crate::project::COMPOSE_FILES;

/// What the loaders of a file make of `${NAME:-default}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loader {
    /// It becomes the variable's value, or the default.
    Expands,
    /// It stays as it is, or becomes nothing.
    Keeps,
    /// Nothing says what reads the file.
    Unknown,
}

/// A loader, by the text that a manifest has for it.
struct Row {
    manifests: &'static [&'static str],
    /// What is written there, as a whole word.
    text: &'static str,
    loader: Loader,
}

const NODE: &[&str] = &["package.json"];
const PYTHON: &[&str] =
    &["pyproject.toml", "requirements.txt", "requirements-dev.txt", "Pipfile", "setup.py", "setup.cfg"];
const PHP: &[&str] = &["composer.json"];

const fn expands(manifests: &'static [&'static str], text: &'static str) -> Row {
    Row { manifests, text, loader: Loader::Expands }
}

const fn keeps(manifests: &'static [&'static str], text: &'static str) -> Row {
    Row { manifests, text, loader: Loader::Keeps }
}

/// What is known of loaders, each row after the loader's documentation.
const ROWS: &[Row] = &[
    // nextjs.org, "Environment Variables", "Referencing Other Variables": by dotenv-expand.
    expands(NODE, "next"),
    // vite.dev, "Env Variables and Modes": by dotenv-expand. So do those that are built on it.
    expands(NODE, "vite"),
    expands(NODE, "astro"),
    expands(NODE, "@sveltejs/kit"),
    // Their README, "Default Values"; dotenv-cli calls dotenv-expand.
    expands(NODE, "dotenv-expand"),
    expands(NODE, "dotenv-cli"),
    expands(NODE, "@dotenvx/dotenvx"),
    // README of dotenv: "What about variable expansion? Use dotenvx", or dotenv-expand beside it.
    keeps(NODE, "dotenv"),
    keeps(NODE, "env-cmd"),
    // docs.nestjs.com, "Configuration": `expandVariables` has to be asked for.
    keeps(NODE, "@nestjs/config"),
    // They have dotenv-expand 5, which knows no defaults.
    keeps(NODE, "react-scripts"),
    keeps(NODE, "@vue/cli-service"),
    // nodejs.org, "Command-line API", `--env-file`.
    keeps(NODE, "--env-file"),
    // README of python-dotenv, "Variable expansion"; the others read files by it.
    expands(PYTHON, "python-dotenv"),
    expands(PYTHON, "pydantic-settings"),
    expands(PYTHON, "environs"),
    keeps(PYTHON, "django-environ"),
    keeps(PYTHON, "python-decouple"),
    // symfony.com, "Configuring Environment Variables in .env Files": `${DB_USER:-root}`.
    expands(PHP, "symfony/dotenv"),
    // README of phpdotenv, "Nesting Variables": no defaults.
    keeps(PHP, "vlucas/phpdotenv"),
    keeps(PHP, "laravel/framework"),
    // README of dotenv, "Variable Substitution": no defaults.
    keeps(&["Gemfile"], "dotenv"),
    keeps(&["Gemfile"], "dotenv-rails"),
    keeps(&["go.mod"], "github.com/joho/godotenv"),
    keeps(&["Cargo.toml"], "dotenvy"),
    keeps(&["Cargo.toml"], "dotenv"),
    // GNU make takes `${A:-b}` for a reference of its own.
    keeps(&["Makefile", "GNUmakefile", "makefile"], "include .env"),
    // docs.docker.com, "Interpolation": a file beside it is read for it.
    expands(COMPOSE_FILES, "services"),
];

/// What the loaders of the file at `path` do. One that does not expand decides: others may read the same file.
pub(super) fn loader(path: Option<&Path>) -> Loader {
    let Some(path) = path else { return Loader::Unknown };
    // direnv has it read by bash.
    if path.file_name().is_some_and(|name| name == ".envrc") {
        return Loader::Expands;
    }
    let found = path.parent().map(of_directory).unwrap_or_default();
    match (found.contains(&Loader::Keeps), found.contains(&Loader::Expands)) {
        (true, _) => Loader::Keeps,
        (false, true) => Loader::Expands,
        (false, false) => Loader::Unknown,
    }
}

/// What the manifests of a directory say. `dotenv` beside `dotenv-expand` is expanded by that.
fn of_directory(directory: &Path) -> Vec<Loader> {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for name in ROWS.iter().flat_map(|row| row.manifests) {
        if !texts.iter().any(|(known, _)| known == name)
            && let Ok(Some(text)) = files::read_within(directory, name)
        {
            texts.push((name, text));
        }
    }
    let has = |manifests: &[&str], word: &str| {
        texts.iter().any(|(name, text)| manifests.contains(name) && has_word(text, word))
    };
    let is_expanded = has(NODE, "dotenv-expand");
    let counts = |row: &&Row| {
        has(row.manifests, row.text) && !(is_expanded && row.manifests == NODE && row.text == "dotenv")
    };
    ROWS.iter().filter(counts).map(|row| row.loader).collect()
}

/// Whether a text has a word that is no part of another name.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'@' | b'.')
        })
    };
    text.match_indices(word).any(|(at, _)| {
        let bytes = text.as_bytes();
        !is_part(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_part(bytes.get(at + word.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a `.env` file beside these others.
    fn beside(files: &[(&str, &str)]) -> Loader {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        loader(Some(&directory.path().join(".env")))
    }

    #[test]
    fn every_row_decides_by_itself() {
        for row in ROWS {
            let text = match row.manifests[0] {
                "package.json" | "composer.json" => {
                    format!("{{\"dependencies\": {{\"{}\": \"1\"}}}}", row.text)
                }
                _ => format!("{}\n", row.text),
            };
            for manifest in row.manifests {
                assert_eq!(beside(&[(manifest, &text)]), row.loader, "{manifest}: {}", row.text);
            }
        }
    }

    #[test]
    fn a_loader_that_keeps_the_text_decides() {
        let package = |names: &str| format!("{{\"dependencies\": {{{names}}}}}");
        let next = package("\"next\": \"15\"");
        assert_eq!(beside(&[("package.json", &next), ("compose.yaml", "services: {}\n")]), Loader::Expands);
        assert_eq!(
            beside(&[("package.json", &package("\"next\": \"15\", \"dotenv\": \"16\""))]),
            Loader::Keeps
        );
        let both = package("\"dotenv\": \"16\", \"dotenv-expand\": \"12\"");
        assert_eq!(beside(&[("package.json", &both)]), Loader::Expands);
        assert_eq!(beside(&[("package.json", &package("\"next-auth\": \"5\""))]), Loader::Unknown);
        assert_eq!(beside(&[]), Loader::Unknown);
    }
}
