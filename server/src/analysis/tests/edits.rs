//! Edits of long programs: what is found is what would be found in a text that nobody has read before.

use proptest::prelude::*;
use tree_sitter::InputEdit;

use super::{fixtures, point, unmarked};
use crate::analysis::cache::CARRIED;
use crate::analysis::{Analysis, Language, SyntaxCache, analyze};

/// A text in an editor.
struct Edited {
    text: String,
    language: Language,
    cache: SyntaxCache,
}

impl Edited {
    fn new(text: String, language: Language) -> Self {
        let mut cache = SyntaxCache::default();
        analyze(&text, language, &mut cache);
        Self { text, language, cache }
    }

    fn replace(&mut self, start: usize, end: usize, insert: &str) -> Analysis {
        let (start_position, old_end_position) = (point(&self.text, start), point(&self.text, end));
        self.text.replace_range(start..end, insert);
        let new_end_byte = start + insert.len();
        self.cache.edit(&InputEdit {
            start_byte: start,
            old_end_byte: end,
            new_end_byte,
            start_position,
            old_end_position,
            new_end_position: point(&self.text, new_end_byte),
        });
        analyze(&self.text, self.language, &mut self.cache)
    }

    fn fresh(&self) -> Analysis {
        analyze(&self.text, self.language, &mut SyntaxCache::default())
    }
}

/// Each program of the fixtures, twice, with much between that has nothing to do with ports.
fn programs() -> Vec<(Language, String)> {
    let programs = fixtures().into_iter().filter(|(_, language, _)| language.code().is_some());
    let programs = programs.map(|(_, language, text)| {
        let text = unmarked(&text);
        (language, format!("{text}\n{}\n{text}\n", filler(language)))
    });
    programs.chain(settings()).collect()
}

/// Files of settings: ports with a host beside them and without, and much that has nothing to do with ports.
fn settings() -> [(Language, String); 5] {
    let entries =
        |entry: &str| (10..30).map(|number| entry.replace('N', &number.to_string())).collect::<String>();
    let yaml = entries("stepN:\n  limit: N\n  wanted:\n    - name\n    - size\n");
    let json = entries(
        "  \"stepN\": {\n    \"limit\": N,\n    \"wanted\": [\n      \"name\",\n      \"size\"\n    ]\n  },\n",
    );
    let conf = entries("location /stepN {\n    limit_rate N;\n    root /srv/name;\n}\n");
    [
        (
            Language::Conf,
            format!(
                "upstream api {{\n    server localhost:8080;\n}}\n{conf}ports = [\n  8000,\n  8001\n]\n[mail]\nhost = example.com\nport = 25\n{conf}server {{\n    listen 8081;\n}}\n"
            ),
        ),
        (
            Language::Yaml,
            format!(
                "web:\n  host: localhost\n  port: 8000\n{yaml}db: {{host: localhost, port: 5432}}\n{yaml}mail:\n  host: example.com\n  port: 25\nall:\n  ports:\n    - 8001\n"
            ),
        ),
        (
            Language::Json,
            format!(
                "{{\n  \"web\": {{ \"host\": \"localhost\", \"port\": 8000 }},\n{json}  \"db\": {{\n    \"url\": \"postgres://localhost:5432/a\"\n  }},\n{json}  \"all\": {{ \"ports\": [8001] }}\n}}\n"
            ),
        ),
        (
            Language::Yaml,
            format!(
                "host: example.com\nport: 8080\n{yaml}mail:\n  host: example.com\n  port: 25\ndb:\n  host: localhost\n  port: 5432\n{yaml}web: {{port: 8000}}\n"
            ),
        ),
        (
            Language::Json,
            format!(
                "{{\n  \"host\": \"example.com\",\n  \"port\": 8080,\n{json}  \"db\": {{ \"port\": 5432 }},\n{json}  \"web\": {{\n    \"port\": 8000\n  }}\n}}\n"
            ),
        ),
    ]
}

fn filler(language: Language) -> String {
    let part = match language {
        Language::Python | Language::Starlark => {
            "def step_N(items, limit=N):\n    wanted = [item for item in items]\n    return wanted\n\n\n"
        }
        Language::Ruby => "def step_N(items)\n  wanted = items.map(&:name)\n  wanted\nend\n\n",
        Language::Go => {
            "func stepN(items []Item) []string {\n\tlimit := N\n\twanted := names(items, limit)\n\treturn wanted\n}\n\n"
        }
        Language::Rust => {
            "fn step_N(items: &[Item]) -> Vec<String> {\n    let limit = N;\n    let wanted = names(items, limit);\n    wanted\n}\n\n"
        }
        _ => {
            "function stepN(items) {\n  const limit = N;\n  const wanted = items.filter((item) => item.size > limit);\n  return wanted;\n}\n\n"
        }
    };
    (10..30).map(|number| part.replace('N', &number.to_string())).collect()
}

/// Types behind the first such word of the second half of a text, far from every port, and takes some back. Nothing of it is read
/// again.
fn types_far_from_ports(text: String, language: Language, word: &str) {
    let mut edited = Edited::new(text, language);
    let place = edited.text.len() / 2;
    let place = place + edited.text[place..].find(word).unwrap() + word.len();
    edited.replace(place, place, "x");
    let (before, found) = (CARRIED.get(), edited.fresh().occurrences.len());
    for (start, end, insert) in [(place, place, "y"), (place, place + 1, ""), (place, place, "é")] {
        let analysis = edited.replace(start, end, insert);
        assert_eq!(analysis, edited.fresh(), "{}", language.name());
        assert_eq!(analysis.occurrences.len(), found, "{}", language.name());
    }
    assert_eq!(CARRIED.get() - before, 3, "{}", language.name());
}

#[test]
fn a_keystroke_far_from_every_port_is_carried_over() {
    for (language, port) in [
        (Language::JavaScript, "app.listen(8080)\n"),
        (Language::TypeScript, "app.listen(8080)\n"),
        (Language::Python, "app.run(port=8080)\n"),
        (Language::Go, "func serve() error {\n\treturn http.ListenAndServe(\":8080\", nil)\n}\n"),
        (Language::Rust, "fn serve() {\n    TcpListener::bind(\"127.0.0.1:8080\");\n}\n"),
        (Language::Ruby, "set :port, 8080\n"),
    ] {
        let text = format!("{port}\n{}\n{port}\n", filler(language));
        assert_eq!(analyze(&text, language, &mut SyntaxCache::default()).occurrences.len(), 2);
        types_far_from_ports(text, language, "wan");
    }
}

#[test]
fn a_keystroke_beside_a_port_of_a_program_is_read_by_itself() {
    for (language, port, words) in [
        (Language::JavaScript, "function serve() {\n  app.listen(8080)\n}\n", &["serv", "liste", "808"]),
        (
            Language::TypeScript,
            "function serve(): void {\n  app.listen(8080)\n}\n",
            &["serv", "liste", "808"],
        ),
        (
            Language::Python,
            "def serve(app):\n    app.run(host=\"localhost\", port=8080)\n",
            &["serv", "ru", "808"],
        ),
        (
            Language::Go,
            "func serve() error {\n\treturn http.ListenAndServe(\":8080\", nil)\n}\n",
            &["serv", "Listen", "808"],
        ),
        (
            Language::Rust,
            "fn serve() {\n    TcpListener::bind(\"127.0.0.1:8080\");\n}\n",
            &["serv", "Listen", "808"],
        ),
    ] {
        let filler = filler(language);
        let mut edited = Edited::new(format!("{filler}\n{port}\n{filler}\n{port}\n{filler}"), language);
        for word in words {
            let place = edited.text.find(word).unwrap() + word.len();
            edited.replace(place, place, "1");
            let before = CARRIED.get();
            for (start, end, insert) in [(place, place, "0"), (place, place + 1, "")] {
                assert_eq!(edited.replace(start, end, insert), edited.fresh(), "{}: {word}", language.name());
            }
            assert_eq!(CARRIED.get() - before, 2, "{}: {word}", language.name());
            assert_eq!(
                edited.replace(place, place + 1, "").occurrences.len(),
                2,
                "{}: {word}",
                language.name()
            );
        }
    }
}

#[test]
fn a_keystroke_in_settings_far_from_every_port_is_carried_over() {
    for (language, text) in settings() {
        types_far_from_ports(text, language, "name");
    }
}

#[test]
fn a_keystroke_beside_a_port_of_settings_is_read_by_itself() {
    for (language, text) in settings().into_iter().filter(|(language, text)| {
        *language != Language::Conf && text.contains("5432") && !text.contains("8080")
    }) {
        let mut edited = Edited::new(text, language);
        for word in ["we", "db", "800", "5432", "localh"] {
            let place = edited.text.find(word).unwrap() + word.len();
            edited.replace(place, place, "1");
            let before = CARRIED.get();
            for (start, end, insert) in [(place, place, "0"), (place, place + 1, "")] {
                let analysis = edited.replace(start, end, insert);
                assert_eq!(analysis, edited.fresh(), "{}: {word}", language.name());
            }
            assert_eq!(CARRIED.get() - before, 2, "{}: {word}", language.name());
            assert!(edited.replace(place, place + 1, "").occurrences.len() >= 2);
        }
    }
}

/// A port in a mapping of its own has nothing to do with the keys around that. One at the top has, and one in a list there.
#[test]
fn a_port_at_the_top_depends_on_the_keys_beside_it() {
    for (text, from, to) in [
        ("other:\n  a: 1\nb: {}\nport: 8080\nweb:\n  port: 8000\n", "other", "localPort"),
        ("name: WEB_PORT\na: {}\nb: {}\nvalue:\n  - a\n  - b\n", "- b", "- 8080"),
        ("other:\n  a: 1\na: {}\nb: {}\nvalue:\n  - 8080\n", "other", "name"),
    ] {
        let mut edited = Edited::new(text.to_owned(), Language::Yaml);
        edited.replace(0, 0, "x: {}\n");
        let place = edited.text.find(from).unwrap();
        assert_eq!(edited.replace(place, place + from.len(), to), edited.fresh(), "{text}");
    }
}

#[test]
fn what_is_removed_may_have_spoken_of_ports() {
    let comment = format!("// they listen {}", "é".repeat(200));
    let filler = filler(Language::JavaScript);
    let text =
        format!("app.listen(8080);\n{filler}const width = 12;\n{filler}function f() {{\n  {comment}\n}}\n");
    let mut edited = Edited::new(text, Language::JavaScript);
    let width = edited.text.find("width").unwrap() + 2;
    edited.replace(width, width, "x");
    let place = edited.text.find(&comment).unwrap();
    let before = CARRIED.get();
    assert_eq!(edited.replace(place, place + comment.len(), ""), edited.fresh());
    assert_eq!(CARRIED.get() - before, 1);
    // Where it was is beyond the end of the text.
    assert_eq!(edited.replace(width, width, "x"), edited.fresh());
}

#[test]
fn an_edit_that_another_place_depends_on_is_not_carried_over() {
    let filler = filler(Language::JavaScript);
    for (head, tail, from, to) in [
        // A number that gets a name that is used as a port.
        ("function f() {\n  const n = 12;\n}\n", "app.listen(n);\n", "n = 12", "n = 8080"),
        // A name that gets its value from the environment.
        ("function f() {\n  p = a;\n}\n", "let p = 8080;\n", "p = a", "p = process.env.PORT"),
        // A function that takes a port.
        ("function start(a, b) {\n  go();\n}\n", "start(1, 8080);\n", "a, b", "a, port"),
        // A comment that begins and does not end.
        ("function f() {\n  go();\n}\n", "app.listen(8080); /* */\n", "go", "/* go"),
        // A mark for a place.
        ("function f() {\n  go();\n}\n", "app.listen(8080);\n", "go();", "go(); // port-manager: ignore"),
    ] {
        let text = format!("app.use(1);\n{head}{filler}{tail}app.listen(3000);\n");
        let mut edited = Edited::new(text, Language::JavaScript);
        let go = edited.text.find("return").unwrap();
        edited.replace(go, go, " ");
        let place = edited.text.find(from).unwrap();
        let analysis = edited.replace(place, place + from.len(), to);
        assert_eq!(analysis, edited.fresh(), "{from} -> {to}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: super::edit_sequences() / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_program_is_read_as_if_it_were_new(
        program in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0usize..3, prop::sample::select(vec![
                "", "", "x", "n", " ", "\n", "é", "8080", "12", " = ", "(", ")", "{", "}", "\"", "port", "host", "limit", "listen(",
                "wanted", "process.env.PORT", "// ", "const ", "class ", "$",
            ])),
            1..16,
        ),
    ) {
        let programs = programs();
        let (language, text) = program.get(&programs);
        let mut edited = Edited::new(text.clone(), *language);
        for (position, length, insert) in edits {
            let start = super::boundary(&edited.text, position.index(edited.text.len() + 1));
            let end = super::boundary(&edited.text, start + length).max(start);
            let analysis = edited.replace(start, end, insert);
            prop_assert_eq!(analysis, edited.fresh(), "{}", edited.text);
        }
    }
}
