//! Where code runs: on this machine, in a browser, in a container, or somewhere that this machine does not decide.
//!
//! The evidence is rows: directories, names of files, and what manifests depend on. The first that speaks decides.

mod rows;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::analysis::Language;
use rows::ROWS;

/// Where the code of a file runs. It decides whether a literal matters to this machine and how it can be repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// A process of this machine.
    Host,
    /// A page that a browser loads, which has no environment.
    Browser,
    /// A container: its ports are its own.
    Container,
    /// A CI job, a cluster, a cloud, or production.
    Elsewhere,
    /// A test, an example, or generated code.
    Aside,
}

impl Runtime {
    /// Whether a port that such code decides is decided on this machine.
    #[must_use]
    pub fn is_here(self) -> bool {
        matches!(self, Self::Host | Self::Browser)
    }
}

/// What is known about the surroundings of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the nearest package bundles its code for browsers.
    pub is_bundled: bool,
    /// Whether a compose file mounts the file into a container, or a Dockerfile copies it into an image.
    pub is_mounted: bool,
    /// The same, also where all files of the project are.
    pub is_in_image: bool,
    /// The services of the project's compose files, which are hosts in their network.
    pub services: Arc<BTreeSet<String>>,
}

/// Where the code of a file runs. `path` is relative to the project's root.
#[must_use]
pub fn runtime(path: &Path, text: &str, language: Language, surroundings: &Surroundings) -> Runtime {
    if let Some(row) = ROWS.iter().find(|row| row.applies(path, text, language)) {
        return row.runtime;
    }
    if surroundings.is_mounted && !language.is_program() {
        return Runtime::Container;
    }
    if surroundings.is_bundled && is_bundled_code(path, text, language) {
        return Runtime::Browser;
    }
    match language {
        Language::JavaScript if is_script_of_page(text) => Runtime::Browser,
        Language::Vue | Language::Svelte | Language::Html => Runtime::Browser,
        _ => Runtime::Host,
    }
}

/// Directories that hold a page's code in a package that has a bundler.
const CLIENT_DIRECTORIES: &[&str] = &[
    "src",
    "client",
    "components",
    "app",
    "pages",
    "views",
    "hooks",
    "store",
    "frontend",
    "public",
    "static",
    "assets",
];

/// Words of a path that say that the code runs in a server process all the same.
const SERVER_WORDS: &[&str] = &[
    "server",
    "api",
    "ssr",
    "backend",
    "middleware",
    "scripts",
    "script",
    "bin",
    "electron",
    "mock",
    "mocks",
];

/// Whether a program is one that a page loads by itself: it works on the page, and on nothing that only Node or a bundler
/// has.
fn is_script_of_page(text: &str) -> bool {
    const OF_PAGES: &[&str] = &[
        "document.addEventListener",
        "document.body",
        "document.createElement",
        "document.getElementById",
        "document.querySelector",
        "window.addEventListener",
        "window.location",
        "window.onload",
        "$(document)",
    ];
    const OF_PROGRAMS: &[&str] = &["require(", "process.", "module.exports", "Deno.", "Bun."];
    // A browser finds no package by its name.
    let imports_package = |line: &str| {
        let from = line.trim_start().strip_prefix("import ").and_then(|line| line.split(['"', '\'']).nth(1));
        from.is_some_and(|from| !from.starts_with(['.', '/']) && !from.starts_with("http"))
    };
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(OF_PAGES) && !has(OF_PROGRAMS) && !text.lines().any(imports_package)
}

/// Whether a file of a bundled package runs in the browser: it lies where pages keep their code, and is neither the
/// bundler's configuration nor server code.
fn is_bundled_code(path: &Path, text: &str, language: Language) -> bool {
    let is_client_language = matches!(
        language,
        Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Vue
            | Language::Svelte
            | Language::Html
    );
    if !is_client_language {
        return false;
    }
    if text.trim_start().starts_with("\"use client\"") || text.trim_start().starts_with("'use client'") {
        return true;
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name.split('.').next().unwrap_or(name);
    let is_configuration = name.contains(".config.") || name.contains("rc.") || name.starts_with('.');
    // A program imports Node's own modules only where there is a Node.
    let is_node = [
        "from \"node:",
        "from 'node:",
        "require(\"node:",
        "require('node:",
        "from 'http'",
        "from \"http\"",
        "require('http')",
        "require(\"http\")",
        "require('express')",
        "from 'express'",
        "from \"express\"",
        "require(\"express\")",
    ]
    .iter()
    .any(|import| text.contains(import));
    let directories = || path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str());
    !is_configuration
        && !is_node
        && !SERVER_WORDS.contains(&stem)
        && !directories().any(|directory| SERVER_WORDS.contains(&directory))
        && directories().any(|directory| CLIENT_DIRECTORIES.contains(&directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_a_page_runs_in_the_browser_without_any_bundler() {
        let of = |text: &str| {
            runtime(Path::new("site/app.js"), text, Language::JavaScript, &Surroundings::default())
        };
        let fetches = "fetch('http://localhost:8080/orders').then(show)\n";
        assert_eq!(of(&format!("const list = document.getElementById('list')\n{fetches}")), Runtime::Browser);
        for before in [
            "",
            "const page = require('puppeteer'); page.evaluate(() => document.body)\n",
            "import { chromium } from 'playwright'; page.evaluate(() => document.body)\n",
        ] {
            assert_eq!(of(&format!("{before}{fetches}")), Runtime::Host, "{before}");
        }
    }
}
