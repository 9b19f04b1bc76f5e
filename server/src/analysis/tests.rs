//! The fixtures in `tests/fixtures/languages` have every port marked with what it decides:
//! `app.listen(«8080 listen»)`. What is found must be what is marked, no more and no less.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tree_sitter::{InputEdit, Point};

use super::*;
use crate::pattern::{Pattern, regex};

mod coverage;
mod edits;
mod formats;

static MARK: Pattern = regex!(r"«([0-9A-Za-z_]+) ([a-z-]+)»");

/// What decides about each number of a text, in the order of the text, by its id.
pub(in crate::analysis) fn decided_by(name: &str, text: &str) -> Vec<String> {
    let language = Language::of_path(Path::new(name)).unwrap();
    let occurrences = analyze(text, language, &mut SyntaxCache::default()).occurrences;
    let numbers = occurrences.into_iter().filter(|occurrence| occurrence.meaning.is_number());
    numbers.map(|occurrence| occurrence.decided_by.as_str().to_owned()).collect()
}

/// Checks that the rule decides about the first text and not about the others, each in a file of that name.
pub(in crate::analysis) fn only_first(rule: &str, name: &str, first: &str, others: &[&str]) {
    assert_eq!(decided_by(name, first), [rule], "{first}");
    for other in others {
        assert!(!decided_by(name, other).iter().any(|by| by == rule), "{rule}: {other}");
    }
}

/// Checks that what is found in a file of that name is what is marked in it, `port = «8080 setting»`.
pub(in crate::analysis) fn finds_what_is_marked(name: &str, marked_text: &str) {
    let text = unmarked(marked_text);
    let language = Language::of_path(Path::new(name)).unwrap();
    let analysis = analyze(&text, language, &mut SyntaxCache::default());
    assert_eq!(marked(&text, &analysis), marked_text, "{name}");
}

/// What a text in a file of that name says of variables, in its order: `$WEB_PORT` reads it, `$WEB_PORT:-` reads it with a
/// default, `8080 of WEB_PORT` is the default, `WEB_PORT=8080` gives it a value.
pub(in crate::analysis) fn variables(name: &str, text: &str) -> Vec<String> {
    let language = Language::of_path(Path::new(name)).unwrap();
    let occurrences = analyze(text, language, &mut SyntaxCache::default()).occurrences;
    let said = |occurrence: Occurrence| match occurrence.meaning {
        Meaning::Reference { variable, has_default, .. } => {
            Some(format!("${variable}{}", if has_default { ":-" } else { "" }))
        }
        Meaning::Definition { variable, port } => {
            Some(format!("{variable}={}", port.map(|port| port.to_string()).unwrap_or_default()))
        }
        Meaning::Fallback { port, variable, .. } => {
            Some(format!("{port} of {}", variable.map(|variable| variable.to_string()).unwrap_or_default()))
        }
        Meaning::Literal(_) => None,
    };
    occurrences.into_iter().filter_map(said).collect()
}

/// What a fix has to replace of each literal of a text in a file of that name, and its hint: `expanded web`.
pub(in crate::analysis) fn shapes(name: &str, text: &str) -> Vec<String> {
    let language = Language::of_path(Path::new(name)).unwrap();
    let occurrences = analyze(text, language, &mut SyntaxCache::default()).occurrences;
    let shape = |literal: &Literal| {
        let shape = format!("{:?}", literal.shape);
        let shape = shape.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        format!("{shape} {}", literal.hint.as_deref().unwrap_or_default()).trim_end().to_owned()
    };
    occurrences.iter().filter_map(|occurrence| occurrence.meaning.literal().map(shape)).collect()
}

/// Every fixture, with its language.
fn fixtures() -> Vec<(PathBuf, Language, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/languages");
    let mut fixtures: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.clone(), Language::of_path(&path).unwrap(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    fixtures.sort();
    fixtures
}

/// The text without its marks.
fn unmarked(text: &str) -> String {
    MARK.replace_all(text, "$1").into_owned()
}

/// The text with a mark at every number that was found, where `replace_all` had taken one away.
fn marked(text: &str, analysis: &Analysis) -> String {
    let mut result = text.to_owned();
    for occurrence in analysis.occurrences.iter().rev() {
        let name = match &occurrence.meaning {
            Meaning::Literal(literal) => kebab(literal.kind),
            Meaning::Fallback { .. } => "fallback".to_owned(),
            Meaning::Reference { .. } | Meaning::Definition { .. } => continue,
        };
        let number = &text[occurrence.span.clone()];
        result.replace_range(occurrence.span.clone(), &format!("«{number} {name}»"));
    }
    result
}

/// `InNetwork` as `in-network`.
fn kebab(kind: Kind) -> String {
    let mut name = String::new();
    for character in format!("{kind:?}").chars() {
        if character.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

#[test]
fn every_language_has_a_fixture_and_finds_what_is_marked_in_it() {
    let fixtures = fixtures();
    for language in Language::all() {
        assert!(fixtures.iter().any(|(_, of, _)| *of == language), "{} has no fixture", language.name());
    }
    let mut wrong = Vec::new();
    for (path, language, text) in fixtures {
        let plain = unmarked(&text);
        let found = marked(&plain, &analyze(&plain, language, &mut SyntaxCache::default()));
        for (number, (found, expected)) in found.lines().zip(text.lines()).enumerate() {
            if found != expected {
                let name = path.file_name().unwrap().to_string_lossy();
                wrong.push(format!("{name}:{}\n  marked {expected}\n  found  {found}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn references_know_whether_they_have_a_default() {
    let cases = [
        (Language::JavaScript, "listen(process.env.WEB_PORT)", false),
        (Language::JavaScript, "listen(process.env.WEB_PORT || 1)", true),
        (Language::JavaScript, "const { WEB_PORT } = process.env", false),
        (Language::Python, "os.environ['WEB_PORT']", false),
        (Language::Python, "os.environ.get('WEB_PORT', 1)", true),
        (Language::Python, "class S(BaseSettings):\n    web_port: int\n", false),
        (Language::Python, "class S(BaseSettings):\n    web_port: int = 8000\n", true),
        (Language::Go, "package a\nvar b = os.Getenv(\"WEB_PORT\")", false),
        (Language::Shell, "echo $WEB_PORT", false),
        (Language::Shell, "echo ${WEB_PORT:-8000}", true),
        (Language::Makefile, "a:\n\techo $(WEB_PORT)", false),
    ];
    for (language, text, expected) in cases {
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let found = analysis.occurrences.iter().find_map(|occurrence| match &occurrence.meaning {
            Meaning::Reference { variable, has_default, .. } => Some((variable.as_str(), *has_default)),
            _ => None,
        });
        assert_eq!(found, Some(("WEB_PORT", expected)), "{text}");
    }
}

#[test]
fn a_number_is_seen_however_it_is_spelled() {
    let cases = [
        (Language::JavaScript, "app.listen(#)", &["8_080", "0x1F90", "0x1f90"][..]),
        (Language::Python, "app.run(port=#)", &["8_080", "0x1F90", "0X1F90"]),
        (Language::Go, "package a\nvar b = net.TCPAddr{Port: #}", &["8_080", "0x1F90"]),
        (Language::Rust, "fn a() { bind((\"::\", #)); }", &["8_080", "8080u16", "8_080_u16", "0x1F90"]),
        (Language::Java, "class A { int port = #; }", &["8_080", "8080L", "0x1F90"]),
        (Language::Kotlin, "val port = #", &["8_080", "8080u", "0x1F90"]),
        (Language::Scala, "val port = #", &["8_080", "8080L", "0x1F90"]),
        (Language::CSharp, "class A { uint port = #; }", &["8_080", "8080U", "0x1F90"]),
        (Language::Ruby, "TCPServer.new(#)", &["8_080", "0x1F90"]),
        (Language::Php, "<?php $port = #;", &["8_080", "0x1F90"]),
        (Language::Elixir, ":gen_tcp.listen(#, [])", &["8_080", "0x1F90"]),
        (Language::Cpp, "void f() { a.sin_port = htons(#); }", &["8'080", "8080u", "8080UL", "0x1F90"]),
        (Language::Lua, "local port = #", &["0x1F90"]),
        (Language::Perl, "my $port = #;", &["8_080", "0x1F90"]),
        (Language::R, "port <- #", &["8080L", "0x1F90"]),
        (Language::Erlang, "f() -> Port = #.", &["8_080"]),
        (Language::Groovy, "def port = #", &["8_080", "0x1F90"]),
        (Language::Clojure, "(def port #)", &["0x1F90"]),
        (Language::Nix, "{ port = #; }", &[]),
        (Language::Dart, "final port = #;", &["8_080", "0x1F90"]),
        (Language::Swift, "let port = #", &["8_080", "0x1F90"]),
        (Language::Zig, "const port = #;", &["8_080", "0x1F90"]),
    ];
    for (language, text, spellings) in cases {
        for spelling in ["8080"].iter().chain(spellings) {
            let text = text.replace('#', spelling);
            let analysis = analyze(&text, language, &mut SyntaxCache::default());
            let ports: Vec<u16> = analysis
                .occurrences
                .iter()
                .filter_map(|occurrence| match &occurrence.meaning {
                    Meaning::Literal(literal) => Some(literal.port.get()),
                    _ => None,
                })
                .collect();
            assert_eq!(ports, [8080], "{text}");
        }
    }
}

#[test]
fn a_name_in_a_comment_is_no_reference() {
    let analysis = analyze("// process.env.WEB_PORT\n", Language::JavaScript, &mut SyntaxCache::default());
    assert_eq!(analysis.occurrences, []);
}

/// The row and column, in bytes, of a byte offset.
fn point(text: &str, offset: usize) -> Point {
    let before = &text[..offset];
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    Point { row: before.matches('\n').count(), column: offset - line }
}

fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or(0)
}

/// Texts that nobody types, and that some program writes or somebody pastes.
#[test]
fn what_is_too_long_or_too_deep_is_read_all_the_same() {
    let scale = if is_soak() { 8 } else { 1 };
    let long = "listen(8080); port: 8080, \"http://localhost:8080\" ".repeat(500 * scale);
    let endless = "8080".repeat(10_000 * scale);
    let deep = |open: &str, close: &str| {
        format!("{}8080{}", open.repeat(1_000 * scale), close.repeat(1_000 * scale))
    };
    let texts = [
        long.clone(),
        format!("port = \"{long}"),
        endless,
        deep("f(", ")"),
        deep("{", "}"),
        deep("[", "]"),
        deep("<a>", "</a>"),
        deep("${", "}"),
        // Files in files in files.
        deep("cat > a.sh <<END\n", "\nEND\n"),
        (0..100 * scale).map(|depth| format!("{}a.yml: |\n", " ".repeat(depth))).collect::<String>() + "8080",
        "\r\n\r\r\n\u{feff}\0port\0:8080\u{2028}😀".repeat(1_000),
        // Each of them has all others beside it.
        "port: 8080\n".repeat(200 * scale),
        format!("{{{}\"host\": \"a\"}}", "\"port\": 8080, ".repeat(200 * scale)),
        format!("f([{}0], {}0)", "8080, ".repeat(200 * scale), "8080, ".repeat(200 * scale)),
        String::from_utf8_lossy(&(0..=255).cycle().take(100_000).collect::<Vec<u8>>()).into_owned(),
    ];
    for language in Language::all() {
        for text in &texts {
            let analysis = analyze(text, language, &mut SyntaxCache::default());
            for occurrence in &analysis.occurrences {
                assert!(text.get(occurrence.span.clone()).is_some(), "{}: {occurrence:?}", language.name());
            }
        }
    }
}

#[test]
fn a_call_of_very_many_arguments_makes_a_list() {
    for count in [10, 1_000] {
        let text = format!("connect({}1);", "\"http://localhost:8080\", ".repeat(count));
        assert_eq!(
            analyze(&text, Language::JavaScript, &mut SyntaxCache::default()).occurrences.len(),
            count
        );
    }
}

/// Whether the long form is asked for, as `make soak` does.
fn is_soak() -> bool {
    std::env::var_os("PORT_MANAGER_SOAK").is_some()
}

fn edit_sequences() -> u32 {
    if is_soak() { 20_000 } else { 128 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: edit_sequences(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_text_is_read_as_if_it_were_new(
        fixture in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0usize..12, prop::sample::select(vec![
                "", "8080", "\"", "`", "(", ")", "{", "}", "'", "\n", "\r\n", " ", ":", "port", "// ", "/*", "# ", "😀", "é", "${", "{{ a }}", "{% if a %}",
            ])),
            1..12,
        ),
    ) {
        let fixtures = fixtures();
        let (_, language, text) = fixture.get(&fixtures);
        let mut text = unmarked(text);
        let mut cache = SyntaxCache::default();
        analyze(&text, *language, &mut cache);
        for (position, length, insert) in edits {
            let start = boundary(&text, position.index(text.len() + 1));
            let end = boundary(&text, start + length).max(start);
            let (start_position, old_end_position) = (point(&text, start), point(&text, end));
            text.replace_range(start..end, insert);
            let new_end_byte = start + insert.len();
            cache.edit(&InputEdit {
                start_byte: start,
                old_end_byte: end,
                new_end_byte,
                start_position,
                old_end_position,
                new_end_position: point(&text, new_end_byte),
            });
            let edited = analyze(&text, *language, &mut cache);
            let anew = analyze(&text, *language, &mut SyntaxCache::default());
            prop_assert_eq!(edited.occurrences, anew.occurrences, "{}", text);
        }
    }
}

/// Every way in which each language reads a variable, as people write it.
#[test]
fn a_variable_is_seen_to_be_read_in_every_way_that_a_language_has() {
    let ways = [
        ("a.js", "listen(process.env.WEB_PORT)"),
        ("a.js", "listen(process.env['WEB_PORT'])"),
        ("a.js", "const { WEB_PORT } = process.env"),
        ("a.js", "const { WEB_PORT: port } = process.env"),
        ("a.js", "listen(import.meta.env.WEB_PORT)"),
        ("a.js", "listen(Bun.env.WEB_PORT)"),
        ("a.ts", "listen(Deno.env.get('WEB_PORT'))"),
        ("a.tsx", "const a = <A port={process.env.WEB_PORT} />"),
        ("a.vue", "<script setup>\nconst port = import.meta.env.WEB_PORT\n</script>"),
        ("a.py", "os.environ['WEB_PORT']"),
        ("a.py", "os.environ.get('WEB_PORT')"),
        ("a.py", "os.getenv('WEB_PORT')"),
        ("a.go", "package a\nvar p = os.Getenv(\"WEB_PORT\")"),
        ("a.go", "package a\nfunc f() { p, ok := os.LookupEnv(\"WEB_PORT\") }"),
        ("a.rs", "fn f() { std::env::var(\"WEB_PORT\"); }"),
        ("a.rs", "fn f() { env::var_os(\"WEB_PORT\"); }"),
        ("a.rs", "fn f() { env!(\"WEB_PORT\"); }"),
        ("a.rs", "fn f() { option_env!(\"WEB_PORT\"); }"),
        ("A.java", "class A { String p = System.getenv(\"WEB_PORT\"); }"),
        ("A.java", "class A { @Value(\"${WEB_PORT}\") int port; }"),
        ("a.kt", "val p = System.getenv(\"WEB_PORT\")"),
        ("a.kt", "class A(@Value(\"\\${WEB_PORT}\") val port: Int)"),
        ("a.scala", "val p = sys.env(\"WEB_PORT\")"),
        ("a.cs", "var p = Environment.GetEnvironmentVariable(\"WEB_PORT\");"),
        ("a.rb", "ENV['WEB_PORT']"),
        ("a.rb", "ENV.fetch('WEB_PORT')"),
        ("a.php", "<?php getenv('WEB_PORT');"),
        ("a.php", "<?php $_ENV['WEB_PORT'];"),
        ("a.php", "<?php env('WEB_PORT');"),
        ("a.ex", "System.get_env(\"WEB_PORT\")"),
        ("a.ex", "System.fetch_env!(\"WEB_PORT\")"),
        ("a.c", "int f() { return atoi(getenv(\"WEB_PORT\")); }"),
        ("a.lua", "os.getenv('WEB_PORT')"),
        ("a.pl", "my $p = $ENV{WEB_PORT};"),
        ("a.sh", "listen $WEB_PORT"),
        ("a.sh", "listen \"${WEB_PORT}\""),
        ("a.ps1", "Listen $env:WEB_PORT"),
        ("a.bat", "listen %WEB_PORT%"),
        ("Caddyfile", ":{$WEB_PORT} {\n}\n"),
        ("a.service", "[Service]\nExecStart=/usr/bin/listen ${WEB_PORT}\n"),
        ("a.service", "[Service]\nPassEnvironment=HOST WEB_PORT\n"),
        ("a.cmd", "listen !web_port!"),
        ("Makefile", "run:\n\tlisten $(WEB_PORT)\n"),
        ("Makefile", "run:\n\tlisten $$WEB_PORT\n"),
        ("compose.yaml", "services:\n  web:\n    ports:\n      - \"${WEB_PORT}:80\"\n"),
        ("package.json", "{\"scripts\": {\"dev\": \"vite --port $WEB_PORT\"}}"),
        ("Procfile", "web: serve --port $WEB_PORT\n"),
        ("application.properties", "server.port=${WEB_PORT}\n"),
        ("application.yml", "server:\n  port: ${WEB_PORT}\n"),
        (".env", "URL=http://localhost:${WEB_PORT}\n"),
    ];
    let unseen: Vec<_> = ways
        .into_iter()
        .filter(|(name, text)| {
            let language = Language::of_path(Path::new(name)).unwrap();
            let analysis = analyze(text, language, &mut SyntaxCache::default());
            !analysis.occurrences.iter().any(|occurrence| {
                matches!(&occurrence.meaning, Meaning::Reference { variable, .. } if variable.as_str() == "WEB_PORT")
            })
        })
        .collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
}
