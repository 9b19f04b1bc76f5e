//! Whether a program in JavaScript runs in a page or in Node. `process.env` in a page is an error, and so is
//! `import.meta.env` in Node, so where nothing tells, nothing is guessed.

use std::path::Path;

use super::Runtime;
use crate::analysis::Language;
use crate::pattern::{Pattern, regex};
use crate::project::bundler::Bundled;

/// Directories that hold a page's code in a package that has a bundler.
const CLIENT_DIRECTORIES: &[&str] = &[
    "src",
    "client",
    "components",
    "composables",
    "app",
    "pages",
    "views",
    "hooks",
    "layouts",
    "store",
    "stores",
    "frontend",
    "public",
    "static",
    "assets",
];

/// Directories whose scripts are sent to browsers as they are, whatever sends them.
const SERVED_DIRECTORIES: &[&str] = &["public", "static", "wwwroot", "htdocs"];

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

/// Packages that need a Node: its own modules, servers, and clients of databases.
static NODE: Pattern = regex!(
    r#"(?x)
        (?: (?:from|import) \s* | require \s* \( \s* ) ["'] (?:
            node:[\w/]+
          | (?: child_process | cluster | crypto | dgram | dns | fs | fs/promises | http | http2 | https | net | os | path
              | process | readline | tls | url | worker_threads | zlib )
          | (?: amqplib | apollo-server | dotenv | dotenv/config | express | fastify | ioredis | kafkajs | knex | koa | mongodb
              | mongoose | mysql | mysql2 | mysql2/promise | nodemailer | pg | playwright | prisma | puppeteer | redis | sequelize
              | server-only | typeorm | vite | ws )
          | @(?: apollo/server | fastify | hono/node-server | nestjs | playwright | prisma ) [\w/-]*
        ) ["']
      | (?-u:\b) process\.(?: argv | cwd | exit | on | stdin | stdout ) (?-u:\b)
      | (?-u:\b) (?: __dirname | __filename | import\.meta\.dirname | createServer ) (?-u:\b)
        "#
);

/// What only a page has.
static PAGE: Pattern = regex!(
    r#"(?x)
        (?-u:\b) (?: document\.\w | window\.\w | localStorage | sessionStorage | import\.meta\.env | XMLHttpRequest
          | navigator\.serviceWorker | importScripts | self\.addEventListener )
      | (?:from|import) \s* ["'] [^"'\n]+ \. (?: css | scss | sass | less | svg | png | vue | svelte ) ["']
        "#
);

/// What only Node has in code that a bundler of our days takes: modules of CommonJS.
static COMMON_JS: Pattern = regex!(r#"(?-u:\b)(?:module\.exports|exports\.\w+\s*=|require\s*\(\s*["'])"#);

/// Where a program in JavaScript or TypeScript runs, by its path relative to the project's root, its text and the bundler
/// of its package.
pub(super) fn runtime(path: &Path, text: &str, language: Language, bundled: Option<&Bundled>) -> Runtime {
    let directories = || path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str());
    let lies_in = |names: &[&str]| directories().any(|directory| names.contains(&directory));
    match directive(text) {
        Some("use client") => return Runtime::Browser,
        Some("use server") => return Runtime::Host,
        _ => {}
    }
    if is_configuration(path) || is_server_code(path) || NODE.is_match(text) || text.starts_with("#!") {
        return Runtime::Host;
    }
    let Some(bundled) = bundled else {
        // Without a bundler a page is what a server sends as it is.
        let is_page = PAGE.is_match(text) || lies_in(SERVED_DIRECTORIES) && !COMMON_JS.is_match(text);
        return if is_page { Runtime::Browser } else { Runtime::Host };
    };
    if bundled.runs_in_node(path) {
        return Runtime::Host;
    }
    if language == Language::Tsx || lies_in(CLIENT_DIRECTORIES) || PAGE.is_match(text) {
        return Runtime::Browser;
    }
    match () {
        () if COMMON_JS.is_match(text) => Runtime::Host,
        () if bundled.is_understood_by_node() => Runtime::Browser,
        () => Runtime::Unclear,
    }
}

/// `"use client"` at the begin of a text.
fn directive(text: &str) -> Option<&str> {
    let quoted = text.trim_start().strip_prefix(['"', '\''])?;
    quoted.split(['"', '\'']).next()
}

/// Whether a file configures a tool, which Node runs: `vite.config.ts`, `.eslintrc.js`.
fn is_configuration(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.contains(".config.") || name.contains("rc.") || name.starts_with('.') || name.ends_with(".cjs")
}

/// Whether a file is a server's by its name or one of its directories: `server/index.ts`, `+page.server.ts`.
fn is_server_code(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut parts = name.split(['.', '+']);
    let stem = parts.next().unwrap_or_default();
    // `api.ts`, or `api` in a directory of a page, is the page's client of the API.
    let is_server = |word: &str| SERVER_WORDS.contains(&word) && word != "api";
    let directories = || path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str());
    let mut outside = directories().take_while(|directory| !CLIENT_DIRECTORIES.contains(directory));
    is_server(stem)
        || parts.any(|part| part == "server")
        || directories().any(is_server)
        || outside.any(|directory| directory == "api")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::survey::Survey;

    /// Where a file runs in a project with that manifest.
    fn runs(manifest: &str, path: &str, text: &str) -> Runtime {
        let mut survey = Survey::default();
        survey.add(Path::new("package.json"), manifest);
        survey.add(Path::new("index.html"), "");
        let path = Path::new(path);
        let language = Language::of_path(path).unwrap();
        runtime(path, text, language, survey.around(path).bundled.as_ref())
    }

    const VITE: &str = r#"{"devDependencies": {"vite": "8"}}"#;
    const NEXT: &str = r#"{"dependencies": {"next": "16"}}"#;
    const NONE: &str = r#"{"dependencies": {"express": "5"}}"#;

    #[test]
    fn a_bundled_package_has_pages_and_servers() {
        for (path, text, expected) in [
            ("src/api.ts", "export const API = 1", Runtime::Browser),
            ("src/App.tsx", "", Runtime::Browser),
            ("main.js", "document.title = 1", Runtime::Browser),
            ("vite.config.ts", "", Runtime::Host),
            ("server.js", "", Runtime::Host),
            ("server/index.ts", "", Runtime::Host),
            ("src/routes/+page.server.ts", "", Runtime::Host),
            ("src/dev.ts", "import express from 'express'", Runtime::Host),
            ("src/api/shop.ts", "export const get = () => fetch('/')", Runtime::Browser),
            ("api/shop.ts", "export default () => 1", Runtime::Host),
            ("src/db.ts", "import { Pool } from \"pg\"", Runtime::Host),
            ("config/ports.js", "module.exports = {}", Runtime::Host),
            ("lib/ports.js", "export const api = 1", Runtime::Unclear),
        ] {
            assert_eq!(runs(VITE, path, text), expected, "{path} {text}");
        }
    }

    #[test]
    fn pages_and_routes_of_the_app_router_run_on_the_server() {
        for (path, text, expected) in [
            ("app/page.tsx", "export default function Page() {}", Runtime::Host),
            ("src/app/shop/layout.tsx", "", Runtime::Host),
            ("app/page.tsx", "'use client'\n", Runtime::Browser),
            ("app/shop/button.tsx", "\"use client\";\n", Runtime::Browser),
            ("app/api/route.ts", "", Runtime::Host),
            ("pages/api/shop.ts", "", Runtime::Host),
            ("app/actions.ts", "\"use server\"\n", Runtime::Host),
            ("pages/index.tsx", "", Runtime::Browser),
            // `process.env.NEXT_PUBLIC_...` is right on both sides.
            ("lib/api.ts", "export const api = 1", Runtime::Browser),
        ] {
            assert_eq!(runs(NEXT, path, text), expected, "{path} {text}");
        }
    }

    #[test]
    fn a_script_that_a_server_sends_is_a_pages_without_a_bundler_too() {
        for (path, text, expected) in [
            ("public/app.js", "fetch('/api')", Runtime::Browser),
            ("worker.js", "self.addEventListener('fetch', go)", Runtime::Browser),
            ("static/build.js", "const fs = require('fs')", Runtime::Host),
            ("src/server.js", "app.listen(1)", Runtime::Host),
            ("src/client.js", "fetch('/api')", Runtime::Host),
            ("site/app.js", "document.getElementById('list').append(1)", Runtime::Browser),
            (
                "site/shot.js",
                "const page = require('puppeteer'); page.evaluate(() => document.body)",
                Runtime::Host,
            ),
            (
                "site/shot.mjs",
                "import { chromium } from 'playwright'; page.evaluate(() => document.body)",
                Runtime::Host,
            ),
        ] {
            assert_eq!(runs(NONE, path, text), expected, "{path} {text}");
        }
    }
}
