//! The fuzz targets, with inputs that are bred from sound ones under a fixed seed: no nightly is needed

use std::fs;
use std::path::Path;

use crate::times;

#[path = "../../fuzz/targets.rs"]
mod targets;

/// Numbers that look random and are the same each time (xorshift64*, Vigna 2016).
struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap()
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() % end.max(1)
    }
}

/// What parsers stumble over.
const BITS: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "0",
    "65536",
    "-1",
    "1e999",
    "null",
    "\u{feff}",
    "\r\n",
    "\n",
    "#",
    "=",
    "export ",
    "'",
    "$",
    "${PORT:-8000}",
    "\u{1F980}",
    "\0",
];

/// One sound input with a few things done to it.
fn bred(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut data = seeds[random.below(seeds.len())].clone();
    for _ in 0..random.below(6) {
        let (one, two) = (random.below(data.len() + 1), random.below(data.len() + 1));
        let (start, end) = (one.min(two), one.max(two));
        match random.below(6) {
            0 => data.truncate(start),
            1 => drop(data.drain(start..end.min(start + 40))),
            2 => drop(data.splice(start..start, BITS[random.below(BITS.len())].bytes())),
            3 => {
                let copied = data[start..end.min(start + 200)].to_vec();
                drop(data.splice(end..end, copied));
            }
            4 => {
                if let Some(byte) = data.get_mut(start) {
                    *byte ^= 1 << random.below(8);
                }
            }
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                drop(data.splice(start..end, other[from..].iter().copied().take(80)));
            }
        }
    }
    data
}

fn run(seeds: &[Vec<u8>], inputs: usize, target: impl Fn(&[u8])) {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for seed in seeds {
        target(seed);
    }
    for number in 0..inputs {
        let data = bred(seeds, &mut random);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target(&data)));
        assert!(outcome.is_ok(), "input {number}: {:?}", String::from_utf8_lossy(&data));
    }
}

#[test]
fn any_ports_env() {
    let seeds = [
        "# ours\nWEB_PORT=8000\nexport API_PORT=\"8100\" # why\r\nDB_PORT='5400'\n",
        "\u{feff}WEB_PORT = 1\nWEB_PORT=2\nnonsense\nX=\n",
    ];
    run(&seeds.map(|seed| seed.as_bytes().to_vec()), times(3_000, 1_000_000), targets::ports_env);
}

#[test]
fn any_source() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/languages");
    let mut files: Vec<_> = fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let languages = u8::try_from(port_manager::analysis::Language::all().count()).unwrap();
    let texts: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    // Each in each language: also a Makefile that is called a.json.
    let seeds: Vec<Vec<u8>> = (0..languages)
        .flat_map(|language| {
            texts.iter().map(move |text| [&[language], &text[..text.len().min(2_000)]].concat())
        })
        .collect();
    run(&seeds, times(300, 50_000), targets::analysis);
}

#[test]
fn any_port_map() {
    let compose = "services:\n  web:\n    image: nginx\n    ports:\n      - \"${WEB_PORT:-8080}:80\"\n";
    let package = r#"{"scripts": {"dev": "vite --port 8080"}, "dependencies": {"express": "5", "pg": "8"}}"#;
    let procfile = "web: rails s -p 3000\napi: PORT=4000 node api.js\n";
    let mut seeds: Vec<Vec<u8>> = [compose, package, procfile]
        .iter()
        .zip(0..)
        .map(|(text, choice)| [&[choice], text.as_bytes()].concat())
        .collect();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    seeds.extend((0..8).map(|_| [b"\0", nested("YAML", &mut random).as_bytes()].concat()));
    seeds.extend(["[", "{\"dependencies\":"].map(|it| [b"\x01", it.repeat(20_000).as_bytes()].concat()));
    run(&seeds, times(150, 20_000), targets::port_map);
}

/// What opens something in a language and may stay open, what ends it, and what is a port there, so that the text
/// is parsed at all.
const NESTING: [(&str, &str, &[&str]); 9] = [
    (
        "YAML",
        "port: 8080\n",
        &[
            "- ", "? ", ": ", "a: ", "a:\n", ":\n", "\n", "\n ", "\n  ", "|\n", ">-\n", "{", "[", "]", "\"",
            "&a ", "---\n", "#", "\t", "\r", "x",
        ],
    ),
    (
        "Python",
        "s.bind((host, 8080))\n",
        &[
            "f\"", "f\"\"\"", "f'", "{", "}", "\"", "'", "\n", " ", "\t", "if 1:\n", "(", ")", "\\\n", "#",
            "x",
        ],
    ),
    (
        "Ruby",
        "app.listen(8080)\n",
        &[
            "\"",
            "#{",
            "}",
            "'",
            "`",
            "%w(",
            "%q{",
            "%Q[",
            ")",
            "]",
            "/",
            "\n",
            "<<HTML",
            "<<~A",
            "<<-\"B C\"",
            "\nA\n",
            " ",
            "x",
            "=",
            "do",
            "end",
            ":\"",
            "\\",
        ],
    ),
    (
        "Shell",
        "serve --port 8080\n",
        &[
            "<<E", "<<-F", "<<'G'", "\nE\n", "\nF\n", "$(", "`", "\"", "'", "${", "}", ")", "(", "\n", " ",
            "x", "[[ ", "*(", "E",
        ],
    ),
    (
        "PHP",
        "$server->listen(8080);\n",
        &[
            "<<<A\n",
            "<<<\"B\"\n",
            "<<<'C'\n",
            "\nA;\n",
            "{$",
            "$x",
            "}",
            "\"",
            "'",
            "`",
            "\n",
            " ",
            "[",
            "]",
            "?>",
            "A",
        ],
    ),
    (
        "C#",
        "server.Listen(8080);\n",
        &["$\"", "$@\"", "\"\"\"", "$$\"\"\"", "{", "}", "{{", "\"", "\n", " ", "x", "(", ")", ";"],
    ),
    (
        "Perl",
        "$server->listen(8080);\n",
        &[
            "qq{", "q(", "qw(", "s/", "m{", "/", "}", ")", "<<A", "<<~'C'", "\nA\n", "\nC\n", "${\\ ", "@",
            "\n", " ", "\"", "'", "=pod\n", "x",
        ],
    ),
    (
        "Scala",
        "server.listen(8080)\n",
        &[
            "object A:\n",
            "def a =\n",
            "\n",
            "  ",
            "s\"",
            "\"\"\"",
            "$",
            "{",
            "}",
            "(",
            ")",
            "=>",
            "match\n",
            "/*",
            "*/",
            "x",
        ],
    ),
    (
        "C/C++",
        "server.listen(8080);\n",
        &["R\"", "R\"(", ")", "\"", "AAAA", "(", "\n", "/*", "{", "}", "<", ">", ";", "#if ", "template<"],
    ),
];

/// A text of few different parts, each often: blocks in blocks, strings in strings, long names.
fn nested(language: &str, random: &mut Random) -> String {
    let (_, port, parts) = NESTING.into_iter().find(|(name, ..)| *name == language).unwrap();
    let mut text = if random.below(2) == 0 { port.to_owned() } else { String::new() };
    let chosen: Vec<&str> = (0..2 + random.below(7)).map(|_| parts[random.below(parts.len())]).collect();
    for _ in 0..1 + random.below(3) {
        let mut some: String = (0..1 + random.below(6)).map(|_| chosen[random.below(chosen.len())]).collect();
        if random.below(4) == 0 {
            some.push_str(&"N".repeat(1 + random.below(300)));
        }
        let times = [1, 20, 100, 210, 260, 400, 600][random.below(7)];
        match random.below(3) {
            // Each line deeper than the one before.
            0 => text.extend((0..times).map(|depth| format!("{}{some}\n", " ".repeat(depth)))),
            _ => text.push_str(&some.repeat(times)),
        }
    }
    let mut end = text.len().min(30_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text + "\n" + port
}

/// What ends here ends by an assertion in the C code of a grammar, which no test can catch: the input is in the
/// file that the test has written last.
#[test]
fn any_nesting() {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("any_nesting");
    for (name, ..) in NESTING {
        let number = port_manager::analysis::Language::all().position(|it| it.name() == name).unwrap();
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        for _ in 0..times(8, 5_000) {
            let text = nested(name, &mut random);
            fs::write(&kept, &text).unwrap();
            targets::analysis(&[&[u8::try_from(number).unwrap()], text.as_bytes()].concat());
        }
    }
    fs::remove_file(kept).unwrap();
}

#[test]
fn any_registry() {
    let seeds = [
        r#"{ "version": 2, "projects": { "/shop": { "name": "shop", "ports": { "WEB_PORT":
            { "port": 8000, "service": "web", "assigned_at": "2026-11-23T09:00:00Z", "x": [1] } } } },
            "reservations": { "8101": { "service": "api", "expires_at": "2999-11-23T09:05:00Z" } }, "y": null }"#,
        r#"{"ports": {"8000": {"project": "shop", "service": "web"}, "9": {}},
            "projects": {"shop": {"web": 8000, "api": 8100}}}"#,
        r#"{ "version": 3, "projects": [] }"#,
    ];
    run(&seeds.map(|seed| seed.as_bytes().to_vec()), times(300, 10_000), targets::registry);
}
