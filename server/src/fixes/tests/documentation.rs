//! `docs/languages.md`, which is written from the table of languages, the fixtures, and the fixes.

use super::*;
use crate::project::bundler::{Access, BUNDLERS};
use crate::rewrite::Site;

/// A program with nothing but a port, in each language that has expressions: `{}` is what is replaced.
const SPELLED: &[(&str, &str, [&str; 3])] = &[
    ("JavaScript", "a.js", ["const port = {}", "const port = {}", "fetch({})"]),
    ("JavaScript, in `listen`", "a.js", ["app.listen({})", "app.listen({})", ""]),
    ("TypeScript", "a.ts", ["const port = {}", "const port = {}", "fetch({})"]),
    ("Python", "a.py", ["import os\nport = {}", "import os\nport = {}", "import os\nget({})"]),
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
    ("C", "a.c", ["void a() { int port = {}; }", "void a() { char *port = {}; }", ""]),
    ("C++", "a.cpp", ["", "", "void a() { std::string url = {}; }"]),
    ("Lua", "a.lua", ["local port = {}", "local port = {}", "local url = {}"]),
    ("Dart", "a.dart", ["var port = {};", "var port = {};", "var url = {};"]),
    ("Swift", "a.swift", ["let port = {}", "let port = {}", "let url = {}"]),
    (
        "Zig",
        "a.zig",
        [
            "const std = @import(\"std\");\nfn a() void { const port = {}; }",
            "const std = @import(\"std\");\nfn a() void { const port = {}; }",
            "",
        ],
    ),
    ("R", "a.R", ["port <- {}", "f(port = {})", "url <- {}"]),
    ("Erlang", "a.erl", ["f() -> Port = {}.", "f() -> #{port => {}}.", "f() -> get({})."]),
    ("Groovy", "a.groovy", ["def port = {}", "def port = {}", "def url = {}"]),
    ("Clojure", "a.clj", ["(def port {})", "(f {:port {}})", "(def url {})"]),
    ("Tiltfile", "Tiltfile", ["k8s_resource('a', port_forwards={})", "", "link({}, 'a')"]),
];

/// A line of each format that expands variables in its text.
const EXPANDED: &[(&str, &str, &str)] = &[
    ("shell", "a.sh", "curl localhost:8080"),
    ("shell, the variable itself", "a.sh", "WEB_PORT=8080"),
    ("package.json", "package.json", "{\"scripts\": {\"dev\": \"vite --port 8080\"}}"),
    ("Procfile", "Procfile", "web: gunicorn -b :8080 app"),
    ("Compose", "compose.yaml", "services: {web: {ports: [\"8080:80\"]}}"),
    ("make", "Makefile", "PORT = 8080"),
    ("make, the variable itself", "Makefile", "WEB_PORT = 8080"),
    ("just", "justfile", "url := \"http://localhost:8080\""),
    ("just, in a recipe", "justfile", "run:\n    vite --port 8080"),
    ("PowerShell", "a.ps1", "$port = 8080"),
    ("Windows batch", "a.bat", "php -S localhost:8080"),
    ("Windows batch, the variable itself", "a.bat", "set WEB_PORT=8080"),
    (
        "systemd",
        "a.service",
        "[Service]\nEnvironmentFile=/srv/.ports.env\nExecStart=/usr/bin/web --port 8080",
    ),
    ("Caddyfile", "Caddyfile", "localhost:8080"),
    ("Spring", "application.properties", "server.port=8080"),
    ("Process Compose", "process-compose.yaml", "processes: {web: {command: \"vite --port 8080\"}}"),
    ("Taskfile", "Taskfile.yml", "tasks: {dev: {cmds: [\"vite --port 8080\"]}}"),
    ("development container", "devcontainer.json", "{\"runArgs\": [\"-p\", \"8080:80\"]}"),
];

/// Code as a cell of a table.
fn cell(code: &str) -> String {
    let code = code.replace('|', "\\|");
    if code.contains('`') { format!("`` {code} ``") } else { format!("`{code}`") }
}

/// How a number, a string that is the number, and a string with the number in it are spelled.
fn programs(project: &Project) -> String {
    let mut table =
        "| language | for `8080` | for `\"8080\"` | for `\"http://localhost:8080/\"` |\n|---|---|---|---|\n"
            .to_owned();
    for (language, file, programs) in SPELLED {
        let cells = programs.iter().zip(["8080", "\"8080\"", "\"http://localhost:8080/\""]).map(
            |(program, literal)| {
                let Some((before, after)) = program.split_once("{}") else { return "-".to_owned() };
                let repaired = project.repaired(file, &program.replace("{}", literal));
                let start = before.rsplit('\n').next().unwrap_or_default();
                let line = repaired.rsplit('\n').next().unwrap_or_default();
                let spelled = line.strip_prefix(start).and_then(|line| line.strip_suffix(after));
                spelled.map_or_else(|| "-".to_owned(), cell)
            },
        );
        table.push_str(&format!("| {language} | {} |\n", cells.collect::<Vec<_>>().join(" | ")));
    }
    table
}

/// How formats without expressions spell a variable.
fn formats(kept: &Project, bare: &Project) -> String {
    let mut table =
        "| format | before | with the default | `default = \"none\"` |\n|---|---|---|---|\n".to_owned();
    for (format, file, text) in EXPANDED {
        let last = |text: &str| cell(text.rsplit('\n').next().unwrap_or_default().trim());
        let repaired = |project: &Project| match project.repaired(file, text) {
            repaired if repaired == NO_FIX => "-".to_owned(),
            repaired => last(&repaired),
        };
        table.push_str(&format!("| {format} | {} | {} | {} |\n", last(text), repaired(kept), repaired(bare)));
    }
    table
}

/// How fixes are spelled, with the default and without.
fn spellings() -> String {
    let kept = Project::with("WEB_PORT=8080\n");
    let bare = Project::without_defaults("WEB_PORT=8080\n");
    format!(
        "\n## How a fix is spelled\n\n\
        The literal's own number stays as the default, so that the program does what it did before where nothing sets the\n\
        variable. A dash means that no fix is offered; the message then says what to do by hand.\n\n{}\n\
        Numbers stay numbers, in the type of the place: a `short` of Java is parsed as one, and JavaScript gets a `Number` except in\n\
        a call of Node that takes a text as well. What has to be imported is imported once, beside the other imports. Go has\n\
        `cmp.Or` since 1.22, by the `go` line of `go.mod`; before, and for numbers, there is no expression with a default.\n\n{}\n\
        A batch file and a unit of systemd have no default for a variable. Neither has the shell of Windows, so that scripts of\n\
        `package.json` which are written for it (`set PORT=`, `%PORT%`, `cross-env`) get no fix; the\n\
        others are a POSIX shell's, as npm runs them on Linux and macOS. In a makefile, `?=` and `$(or ...)` are GNU make's.\n\n\
        Where a variable is set but empty, JavaScript, PHP, Perl, Go, shells, make's `$(or ...)`, PowerShell and Compose use the default, as do\n\
        numbers in Kotlin, Lua, Rust, Swift and Zig. Python, Ruby, Java, Scala, C#, Elixir, Dart, Erlang, Groovy and Clojure fail, for an empty text is not a number. C reads 0, and R `NA`.\n\n\
        ### Without defaults\n\n\
        `[fixes] default = \"none\"` in [`port-manager.toml`](configuration.md) asks for lookups without a default:\n\n{}",
        programs(&kept),
        formats(&kept, &bare),
        programs(&bare),
    )
}

/// How the code of a page reads a variable, by bundler.
fn bundlers() -> String {
    let mut table = "| bundler | fix for `\"http://localhost:5000/\"` in a page | the variable arrives by | documentation |\n|---|---|---|---|\n"
        .to_owned();
    for row in BUNDLERS.iter().filter(|row| !row.documentation.is_empty()) {
        let object = row.lookup.map(|lookup| (lookup.access, lookup.object.name()));
        let (name, arrives) = match object {
            Some((Access::Prefix(prefix, _), _)) => {
                (format!("{prefix}API_PORT"), format!("`{prefix}API_PORT = \"API_PORT\"` in `[run.\".\"]`"))
            }
            Some((Access::All, _)) => ("API_PORT".to_owned(), "its own name".to_owned()),
            Some((Access::Declared, _)) => (
                "API_PORT".to_owned(),
                "its own name, where the configuration names it: `EnvironmentPlugin`, `DefinePlugin`"
                    .to_owned(),
            ),
            None => (String::new(), "-: advice".to_owned()),
        };
        let spelled = object.map_or_else(
            || "-".to_owned(),
            |(_, object)| cell(&format!("`http://localhost:${{{object}.{name} || 5000}}/`")),
        );
        table.push_str(&format!("| {} | {spelled} | {arrives} | <{}> |\n", row.name, row.documentation));
    }
    format!(
        "\n## Pages and bundlers\n\n\
        A page has no environment. A bundler replaces a lookup in its code by the value that the variable has where the bundler runs,\n\
        and most of them read only variables with a prefix. The port stays one port with one variable in `.ports.env`, and a fix\n\
        writes with the lookup what makes it arrive: an entry of the table [`[run.\".\"]`](configuration.md) in\n\
        `port-manager.toml`, by which `port-manager run` gives a command the variable under the bundler's name, too.\n\n{table}\n\
        `make prove-bundlers` builds a page with each of them, with the variable set, unset and empty. Unset and empty, the page has\n\
        the literal's number.\n\n\
        - Which bundler a package has is seen by its dependencies, scripts and configuration. `envPrefix` of Vite is obeyed. Gatsby,\n\
        \x20 esbuild, Rollup, Rspack and the like have a lookup only where somebody configures one, so that there is advice and no fix.\n\
        - The configuration of a bundler, server code beside a page, and pages and routes of Next.js' app router without\n\
        \x20 `\"use client\"` run in Node and read `process.env.API_PORT`. Where nothing tells who runs a file, both fixes are offered, and\n\
        \x20 `check --fix` makes neither.\n\
        - TypeScript knows `import.meta.env` by the types of `vite/client` (`astro/client`), which every template of Vite, SvelteKit,\n\
        \x20 Nuxt and Astro has. A project without them adds `/// <reference types=\"vite/client\" />` in a file such as `src/vite-env.d.ts`.\n\
        - Where neither a bundler nor a server puts the number into it, as in plain HTML, a script that is sent as it is, or a service\n\
        \x20 worker, the message says what to do by hand.\n"
    )
}

/// A line of a fixture without its marks: `«8080 listen»` as `8080`.
fn unmarked(line: &str) -> String {
    line.split('«').fold(String::new(), |shown, part| match part.split_once('»') {
        Some((mark, rest)) => shown + mark.split(' ').next().unwrap() + rest,
        None => shown + part,
    })
}

/// `docs/languages.md` is written from here: run the tests with `UPDATE_DOCS=1` to write it again.
#[test]
fn every_language_is_in_the_documentation_with_an_example() {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut page = "# Languages\n\n\
        What is read, one line each: a place that is found, and how a fix reads the variable there. Written from the table in\n\
        `server/src/analysis/language/table.rs` and the fixtures in `tests/fixtures/languages/`, which show every place that counts and\n\
        what does not.\n\n\
        | language | files | found, for example | read as |\n|---|---|---|---|\n"
        .to_owned();
    let project = Project::without_defaults("");
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
        let read =
            match crate::rewrite::title(&Site::new(&name, &text, language), &"WEB_PORT".parse().unwrap()) {
                title
                    if project
                        .can_repair(&name, &text.lines().map(unmarked).collect::<Vec<_>>().join("\n")) =>
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
        "\nWhere the last column has a dash, the format reads no variables, and the message says how to solve it by hand. Vue and Svelte\n\
        read what their [bundler](#pages-and-bundlers) lets through.\n\n\
        Not read: F# and Julia, whose grammars would add 11 and 6 MiB to the program, Haskell (4 MiB), and Nim and Jsonnet, which have\n\
        no grammar that is kept. Their ports are found where a command line, a `Procfile` or a compose file has them.\n",
    );
    page.push_str(&spellings());
    page.push_str(&bundlers());
    let path = repository.join("docs/languages.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(written, page, "{} is not what the table says", path.display());
}
