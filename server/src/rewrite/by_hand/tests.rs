//! What is said of each place that no fix can be made for.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::rows::ANYWHERE;
use super::*;
use crate::analysis::{Language, Meaning, Occurrence, SyntaxCache, analyze};
use crate::rewrite::{Fallback, by_hand};

/// One place at least for each row of the table.
const PLACES: &[(&str, &str)] = &[
    ("a.sh", "cat > nginx.conf <<EOF\nlisten 8080;\nEOF\n"),
    ("a.js", "{% if a %}\napp.listen(8080)\n{% endif %}\n"),
    ("a.js", "export * from 'http://localhost:8080/a.js';\n"),
    ("a.ts", "const port: 8080 = 8080;\n"),
    ("a.ts", "enum Ports { WEB_PORT = 8080 }\n"),
    ("a.tsx", "@Settings({ port: 8080 }) class A {}\n"),
    ("a.py", "@click.option(\"--port\", default=8080)\ndef run(port): ...\n"),
    ("a.py", "url = b\"http://localhost:8080\"\n"),
    ("a.go", "package main\n\nvar port = 8080\n"),
    ("a.go", "package main\n\nvar address = \":8080\"\n"),
    ("a.go", "package main\n\nconst address = \":8080\"\n"),
    ("a.rs", "fn main() { let urls = [\"http://localhost:8080\"]; }\n"),
    ("a.rs", "const fn port() -> u16 { 8080 }\n"),
    ("a.rs", "const PORT: u16 = 8080;\n"),
    ("a.php", "<?php\n$url = <<<END\nhttp://localhost:8080\nEND;\n"),
    ("a.php", "<?php\nclass A { const PORT = 8080; }\n"),
    ("A.java", "class A { String s = \"\"\"\n  http://localhost:8080\n  \"\"\"; }\n"),
    ("A.java", "class A { static final int PORT = 8080; void f(int p) { switch (p) { case PORT: } } }\n"),
    ("A.java", "@Settings(port = 8080)\nclass A {}\n"),
    ("a.kt", "const val PORT = 8080\n"),
    ("a.scala", "val url = uri\"http://localhost:8080\"\n"),
    ("a.scala", "inline val port = 8080\n"),
    ("a.dart", "import 'package:flutter/material.dart';\nfinal port = 8080;\n"),
    ("a.dart", "const port = 8080;\n"),
    ("a.swift", "import SwiftUI\nlet port = 8080\n"),
    ("a.swift", "enum Ports: Int { case webPort = 8080 }\n"),
    ("a.zig", "fn a() void { get(\"http://localhost:8080\"); }\n"),
    ("a.zig", "const port = 8080;\n"),
    ("a.R", "url <- r\"(http://localhost:8080)\"\n"),
    ("sys.config", "[{shop, [{port, 8080}]}].\n"),
    ("a.erl", "-define(PORT, 8080).\n"),
    ("a.groovy", "@Settings(port = 8080)\nclass A {}\n"),
    ("a.groovy", "def url = '''http://localhost:8080'''\n"),
    ("config.edn", "{:port 8080}\n"),
    ("a.cljs", "(def port 8080)\n"),
    ("a.nix", "{ services.shop.port = 8080; }\n"),
    ("Tiltfile", "url = r\"http://localhost:8080\"\n"),
    ("BUILD.bazel", "web_test(name = \"web\", port = 8080)\n"),
    ("a.cs", "var url = \"http://localhost:8080\"u8;\n"),
    ("a.cs", "const int Port = 8080;\n"),
    ("a.rb", "url = %w[http://localhost:8080]\n"),
    ("a.pl", "my $url = q(http://localhost:8080);\n"),
    ("a.ex", "@port 8080\n"),
    ("a.ex", "url = ~S(http://localhost:8080)\n"),
    ("a.c", "int main() { get(\"http://localhost:8080\"); }\n"),
    ("a.c", "#define PORT 8080\n"),
    ("a.lua", "local url = [[http://localhost:8080]]\n"),
    ("compose.yaml", "services:\n  web:\n    ports:\n      - \"8080-8090:80-90\"\n"),
    ("compose.yaml", "services:\n  web:\n    environment:\n      PORT: 8080\n"),
    ("Dockerfile", "FROM a\nEXPOSE 8080\n"),
    ("Dockerfile", "FROM a\nENV PORT=8080\n"),
    ("package.json", "{\"scripts\": {\"dev\": \"concurrently 'vite --port 8080'\"}}\n"),
    ("package.json", "{\"scripts\": {\"dev\": \"cross-env PORT=8080 node .\"}}\n"),
    ("package.json", "{\"proxy\": \"http://localhost:8080\"}\n"),
    ("settings.local.json", "{\"port\": 8080}\n"),
    ("run.sh", "curl 'http://localhost:8080'\n"),
    (".env", "PORT=8080\n"),
    (".env", "DATABASE_URL=postgres://shop:shop@localhost:8080/shop\n"),
    ("with-dotenv/.env", "DATABASE_URL=postgres://localhost:8080/shop\n"),
    (".env", "WEB_PORT=tcp://localhost:8080\n"),
    ("settings.yml", "port: 8080\n"),
    ("settings.toml", "port = 8080\n"),
    ("settings.ini", "port = 8080\n"),
    ("kafka.properties", "kafka.port=8080\n"),
    ("web.xml", "<port>8080</port>\n"),
    ("page.html", "<a href=\"http://localhost:8080\">a</a>\n"),
    ("api.http", "GET http://localhost:8080/a\n"),
    ("start.ps1", "$port = '8080'\n"),
    ("start.bat", "set PORT=8080\n"),
    ("settings.hcl", "listener {\n  port = 8080\n}\n"),
    ("web.socket", "[Socket]\nListenStream=8080\n"),
    ("web.service", "[Service]\nEnvironment=PORT=8080\n"),
    ("web.service", "[Service]\nEnvironment=API_URL=http://localhost:8080\n"),
    ("web.service", "[Service]\nExecStart=/usr/bin/web --port 8080\n"),
];

/// The literals of a text.
fn literals(site: &Site<'_>) -> Vec<(Occurrence, Literal)> {
    analyze(site.text, site.language, &mut SyntaxCache::default())
        .occurrences
        .into_iter()
        .filter_map(|occurrence| match occurrence.meaning.clone() {
            Meaning::Literal(literal) => Some((occurrence, literal)),
            _ => None,
        })
        .collect()
}

#[test]
fn every_format_has_its_own_advice() {
    let mut page = String::new();
    let mut used = BTreeSet::new();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("Gemfile"), "gem 'dotenv'\n").unwrap();
    for (file_name, text) in PLACES {
        let path = Path::new(file_name);
        let language = Language::of_path(path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        // A file beside a manifest, which says what reads it.
        let path =
            &path.strip_prefix("with-dotenv").map_or(path.to_owned(), |path| directory.path().join(path));
        let site = &Site::new(name, text, language).of_file(path, Fallback::default());
        let literals = literals(site);
        let (occurrence, literal) = literals.first().unwrap_or_else(|| panic!("nothing is found in {text}"));
        let advice = by_hand(site, literal, &occurrence.span, None)
            .unwrap_or_else(|| panic!("{file_name} has a fix: {text}"));
        used.extend(row(site, literal).map(std::ptr::from_ref));
        let line = text.lines().find(|line| line.contains("8080")).unwrap();
        writeln!(page, "{file_name}: {}\n  {advice}", line.trim()).unwrap();
    }
    insta::assert_snapshot!(page);
    let unused: Vec<&str> = TABLE
        .iter()
        .filter(|advice| !used.contains(&std::ptr::from_ref(*advice)))
        .map(|advice| advice.text)
        .collect();
    assert_eq!(unused, [""; 0], "a row that nothing is said from");
}

#[test]
fn every_language_has_a_row_that_always_applies() {
    // Nothing is hardcoded in `.ports.env`, pages have the advice of their bundler, and every place of the others has a fix.
    let is_exempt = |language: &Language| {
        matches!(
            language,
            Language::PortsEnv
                | Language::Procfile
                | Language::Makefile
                | Language::Caddyfile
                | Language::Vue
                | Language::Svelte
        )
    };
    for language in Language::all().filter(|language| !is_exempt(language)) {
        let has_one = TABLE.iter().any(|advice| {
            advice.languages.contains(&language) && std::ptr::fn_addr_eq(advice.applies, ANYWHERE)
        });
        assert!(has_one, "{}", language.name());
    }
}
