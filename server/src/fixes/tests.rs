//! Each test shows a text with a port, and what the fixes make of it.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::analysis::Language;
use crate::ports_env::PortsEnv;
use crate::project::ProjectRoot;
use crate::registry::Registry;
use crate::rules::check;

/// A project of its own with the given `.ports.env`.
struct Project {
    directory: tempfile::TempDir,
    facts: Facts,
}

impl Project {
    fn with(ports_env: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let facts = Facts {
            root: ProjectRoot::exact(directory.path()).unwrap(),
            ports_env: Some(PortsEnv::parse(ports_env)),
            defined_elsewhere: Default::default(),
            settings: Default::default(),
            is_registry_known: true,
            registry: Arc::new(Registry::default()),
        };
        Self { directory, facts }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(name)
    }

    /// Every fix for the first diagnostic of the text: its title and the text that it leaves.
    fn offers(&self, name: &str, text: &str) -> Vec<(String, String)> {
        let path = self.path(name);
        let language = Language::of_path(&path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path: &path, text, language, analysis: &analysis };
        let diagnostics = check(&document, &self.facts);
        let Some(first) = diagnostics.first() else { return Vec::new() };
        fixes(first, &document, &self.facts)
            .into_iter()
            .map(|fix| (fix.title, apply(text, &fix.edits).unwrap()))
            .collect()
    }

    /// Whether any place of the text has a fix that repairs it.
    fn can_repair(&self, name: &str, text: &str) -> bool {
        let path = self.path(name);
        let language = Language::of_path(&path).unwrap();
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let document = Document { path: &path, text, language, analysis: &analysis };
        check(&document, &self.facts)
            .iter()
            .filter(|diagnostic| diagnostic.rule == Rule::HardcodedPort)
            .any(|diagnostic| first_repair(diagnostic, &document, &self.facts).is_some())
    }

    /// The text that the first fix leaves.
    fn fixed(&self, name: &str, text: &str) -> String {
        self.offers(name, text).into_iter().next().map_or_else(|| "no fix".to_owned(), |(_, text)| text)
    }
}

#[test]
fn a_number_is_registered_under_a_name_that_fits_and_used() {
    let offers = Project::with("").offers("server.js", "app.listen(8080)\n");
    assert_eq!(
        offers,
        [
            (
                "Register 8080 as WEB_PORT and use it".to_owned(),
                "app.listen(process.env.WEB_PORT)\n".to_owned()
            ),
            (
                "Ignore port-manager on this line".to_owned(),
                "app.listen(8080) // port-manager: ignore\n".to_owned()
            ),
        ]
    );
}

#[test]
fn a_variable_with_the_number_is_used_and_nothing_registered() {
    let offers = Project::with("API_PORT=8080\n").offers("server.js", "app.listen(8080)\n");
    assert_eq!(offers[0].0, "Use process.env.API_PORT (8080)");
    assert_eq!(offers[0].1, "app.listen(process.env.API_PORT)\n");
    assert!(offers.iter().all(|(title, _)| !title.starts_with("Register")), "{offers:?}");
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let offers = Project::with("WEB_PORT=8000\n").offers("server.js", "app.listen(8080)\n");
    let titles: Vec<&str> = offers.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Use process.env.WEB_PORT (8000)",
            "Register 8080 as WEB_PORT_2 and use it",
            "Ignore port-manager on this line"
        ]
    );
}

#[test]
fn names_come_from_the_code_then_the_number_then_the_directory() {
    let project = Project::with("");
    let title = |name, text| project.offers(name, text)[0].0.clone();
    assert_eq!(title("a.js", "const adminPort = 4567;\n"), "Register a port as ADMIN_PORT and use it");
    assert_eq!(title("a.js", "const client = connect(5432, 'x');\n"), "Register 5432 as DB_PORT and use it");
    assert_eq!(title("api/a.js", "app.listen(4567);\n"), "Register a port as API_PORT and use it");
    assert_eq!(title("a.js", "app.listen(3000);\n"), "Register 3000 as WEB_PORT and use it");
}

#[test]
fn javascript_reads_process_env() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("a.js", text);
    assert_eq!(fixed("const port = 8080;"), "const port = process.env.WEB_PORT;");
    assert_eq!(fixed("const port = '8080';"), "const port = process.env.WEB_PORT;");
    assert_eq!(fixed("const port = 8080 + i;"), "const port = Number(process.env.WEB_PORT) + i;");
    assert_eq!(
        fixed("fetch('http://localhost:8080/a')"),
        "fetch(`http://localhost:${process.env.WEB_PORT}/a`)"
    );
    assert_eq!(
        fixed("fetch(`http://localhost:8080/${a}`)"),
        "fetch(`http://localhost:${process.env.WEB_PORT}/${a}`)"
    );
    assert_eq!(
        fixed("fetch('http://localhost:8080/`${a}')"),
        "fetch(`http://localhost:${process.env.WEB_PORT}/\\`\\${a}`)"
    );
}

#[test]
fn typescript_gets_a_value_of_the_type_that_stood_there() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("a.ts", text);
    assert_eq!(fixed("const port: number = 8080;"), "const port: number = Number(process.env.WEB_PORT);");
    assert_eq!(fixed("const port: string = '8080';"), "const port: string = `${process.env.WEB_PORT}`;");
}

#[test]
fn python_reads_os_environ_and_imports_os() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("a.py", text);
    assert_eq!(
        fixed("import sys\napp.run(port=8080)\n"),
        "import os\nimport sys\napp.run(port=int(os.environ[\"WEB_PORT\"]))\n"
    );
    assert_eq!(
        fixed("import os\nurl = 'http://localhost:8080/{a}'\n"),
        "import os\nurl = f'http://localhost:{os.environ[\"WEB_PORT\"]}/{{a}}'\n"
    );
    assert_eq!(
        fixed("import os\nurl = f\"http://localhost:8080/{a}\"\n"),
        "import os\nurl = f\"http://localhost:{os.environ['WEB_PORT']}/{a}\"\n"
    );
    assert_eq!(
        fixed("import os\ns.bind(('', 8080))\n"),
        "import os\ns.bind(('', int(os.environ[\"WEB_PORT\"])))\n"
    );
}

#[test]
fn go_reads_os_getenv_where_an_expression_will_do() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("a.go", text);
    assert_eq!(
        fixed("package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"),
        "package main\n\nimport \"net/http\"\nimport \"os\"\n\nfunc main() { http.ListenAndServe(\":\" + os.Getenv(\"WEB_PORT\"), nil) }\n"
    );
    // A constant cannot be read from the environment, and Atoi is no expression: only the comment is offered.
    // A decorator is evaluated when nobody has set anything yet.
    let decorator = "@click.option(\"--port\", default=8080)\ndef run(port): ...\n";
    assert!(project.offers("a.py", decorator).iter().all(|(title, _)| title.starts_with("Ignore")));
    for text in ["package main\n\nconst port = \":8080\"\n", "package main\n\nvar port = 8080\n"] {
        let offers = project.offers("a.go", text);
        assert_eq!(offers.len(), 1, "{offers:?}");
        assert!(offers[0].0.starts_with("Ignore"));
    }
}

#[test]
fn compose_expands_the_host_side_and_keeps_the_number_as_default() {
    let project = Project::with("WEB_PORT=8080\n");
    let compose = |ports: &str| format!("services:\n  web:\n    image: x\n    ports:\n{ports}");
    let fixed = |ports: &str| project.fixed("compose.yaml", &compose(ports));
    assert_eq!(fixed("      - \"8080:80\"\n"), compose("      - \"${WEB_PORT:-8080}:80\"\n"));
    assert_eq!(fixed("      - 8080:80\n"), compose("      - \"${WEB_PORT:-8080}:80\"\n"));
    assert_eq!(
        fixed("      - 127.0.0.1:8080:80/tcp\n"),
        compose("      - \"127.0.0.1:${WEB_PORT:-8080}:80/tcp\"\n")
    );
    assert_eq!(
        fixed("      - target: 80\n        published: 8080\n"),
        compose("      - target: 80\n        published: \"${WEB_PORT:-8080}\"\n")
    );
}

#[test]
fn two_ports_of_one_service_are_not_published_on_one() {
    let project = Project::with("QUEUE_PORT=5672\n");
    let offers = project.offers(
        "compose.yaml",
        "services:\n  queue:\n    image: x\n    ports:\n      - \"${QUEUE_PORT:-5672}:5672\"\n      - \"15672:15672\"\n",
    );
    assert_eq!(offers[0].0, "Register a port as QUEUE_PORT_2 and use it");
}

#[test]
fn shells_expand_the_variable() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("run.sh", text);
    assert_eq!(fixed("PORT=8080 node server.js\n"), "PORT=$WEB_PORT node server.js\n");
    assert_eq!(fixed("WEB_PORT=8080\n"), "WEB_PORT=${WEB_PORT:-8080}\n");
    assert_eq!(fixed("curl http://localhost:8080/health\n"), "curl http://localhost:$WEB_PORT/health\n");
}

#[test]
fn package_scripts_expand_the_variable() {
    assert_eq!(
        Project::with("WEB_PORT=8080\n")
            .fixed("package.json", "{\"scripts\": {\"dev\": \"vite --port 8080\"}}"),
        "{\"scripts\": {\"dev\": \"vite --port $WEB_PORT\"}}"
    );
}

#[test]
fn make_expands_the_variable_or_takes_it_from_the_environment() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("Makefile", text);
    assert_eq!(fixed("PORT = 8080\n"), "PORT = $(WEB_PORT)\n");
    assert_eq!(fixed("WEB_PORT := 8080\n"), "WEB_PORT ?= 8080\n");
    assert_eq!(fixed("run:\n\tnode server.js --port 8080\n"), "run:\n\tnode server.js --port $(WEB_PORT)\n");
}

#[test]
fn an_unset_variable_is_registered_or_renamed() {
    let offers = Project::with("WEB_PORT=8000\n").offers("a.js", "app.listen(process.env.ADMIN_PORT)");
    assert_eq!(offers[0].0, "Register a port for ADMIN_PORT in .ports.env");
    let offers = Project::with("ADMIN_PORT=8000\n").offers("a.js", "app.listen(process.env.ADMNI_PORT)");
    assert_eq!(
        offers[0],
        ("Use ADMIN_PORT (8000)".to_owned(), "app.listen(process.env.ADMIN_PORT)".to_owned())
    );
}

#[test]
fn a_line_is_ignored_only_where_a_comment_can_stand() {
    let project = Project::with("");
    let ignores = |name: &str, text: &str| {
        project.offers(name, text).iter().any(|(title, _)| title.starts_with("Ignore"))
    };
    assert!(ignores("a.js", "app.listen(8080)\n"));
    assert!(!ignores("a.jsx", "const a = <p>\n <a href={'http://localhost:8080'}>x</a>\n</p>\n"));
    assert!(!ignores("a.js", "const a = `\nhttp://localhost:8080\n`\n"));
    assert!(!ignores("run.sh", "curl http://localhost:8080 \\\n  -v\n"));
}

#[test]
fn a_bad_line_of_ports_env_is_removed() {
    let offers = Project::with("").offers(".ports.env", "what is this\n# ports\n");
    assert_eq!(offers[0], ("Remove this line".to_owned(), "# ports\n".to_owned()));
}

#[test]
fn rust_reads_env_var_with_the_type_of_the_place() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("a.rs", text);
    assert_eq!(
        fixed("fn main() { s.bind((\"127.0.0.1\", 8080)); }"),
        "fn main() { s.bind((\"127.0.0.1\", std::env::var(\"WEB_PORT\").expect(\"WEB_PORT\").parse::<u16>().expect(\"WEB_PORT is a port\"))); }"
    );
    assert_eq!(
        fixed("fn main() { s.bind(\"127.0.0.1:8080\"); }"),
        "fn main() { s.bind(&format!(\"127.0.0.1:{}\", std::env::var(\"WEB_PORT\").expect(\"WEB_PORT\"))); }"
    );
    assert_eq!(
        fixed("fn main() { let url = \"http://localhost:8080/{a}\".to_owned(); }"),
        "fn main() { let url = format!(\"http://localhost:{}/{{a}}\", std::env::var(\"WEB_PORT\").expect(\"WEB_PORT\")).to_owned(); }"
    );
    // A constant is made by the compiler, another type is not guessed, and a template is no string.
    for text in [
        "const PORT: u16 = 8080;",
        "fn main() { let port: i64 = 8080; }",
        "fn main() { let url = format!(\"http://localhost:8080/{id}\"); }",
    ] {
        let offers = project.offers("a.rs", text);
        assert!(offers.iter().all(|(title, _)| title.starts_with("Ignore")), "{offers:?}");
    }
}

#[test]
fn php_reads_getenv() {
    let project = Project::with("WEB_PORT=8080\n");
    let fixed = |text| project.fixed("a.php", text);
    assert_eq!(fixed("<?php\n$port = 8080;\n"), "<?php\n$port = (int) getenv('WEB_PORT');\n");
    assert_eq!(
        fixed("<?php\n$w = new Worker('http://0.0.0.0:8080');\n"),
        "<?php\n$w = new Worker('http://0.0.0.0:' . getenv('WEB_PORT'));\n"
    );
    assert_eq!(
        fixed("<?php\n$u = \"http://localhost:8080/{$id}\";\n"),
        "<?php\n$u = \"http://localhost:\" . getenv('WEB_PORT') . \"/{$id}\";\n"
    );
    // What has to be a constant expression calls nothing.
    for text in ["<?php\nconst PORT = 8080;\n", "<?php\nfunction f($port = 8080) {}\n"] {
        assert!(project.fixed("a.php", text).contains("port-manager: ignore"), "{text}");
    }
}

#[test]
fn java_kotlin_and_csharp_convert_what_they_read() {
    let project = Project::with("WEB_PORT=8080\n");
    let java = |line: &str| format!("class A {{ void f() {{ {line} }} }}\n");
    assert_eq!(
        project.fixed("A.java", &java("new ServerSocket(8080);")),
        java("new ServerSocket(Integer.parseInt(System.getenv(\"WEB_PORT\")));")
    );
    assert_eq!(
        project.fixed("A.java", &java("String s = \"http://localhost:8080/\".trim();")),
        java("String s = (\"http://localhost:\" + System.getenv(\"WEB_PORT\") + \"/\").trim();")
    );
    assert_eq!(
        project.fixed("a.kt", "val s = \"http://localhost:8080/$id\"\n"),
        "val s = \"http://localhost:${System.getenv(\"WEB_PORT\")}/$id\"\n"
    );
    assert_eq!(
        project.fixed("a.kt", "val port = 8080\n"),
        "val port = System.getenv(\"WEB_PORT\").toInt()\n"
    );
    assert_eq!(
        project.fixed("a.cs", "app.Run(\"http://localhost:8080\");\n"),
        "app.Run(\"http://localhost:\" + System.Environment.GetEnvironmentVariable(\"WEB_PORT\"));\n"
    );
    for (name, text) in [
        ("a.kt", "const val PORT = 8080\n"),
        ("a.cs", "const int Port = 8080;\n"),
        ("A.java", "@Settings(port = 8080)\nclass A {}\n"),
    ] {
        assert!(project.fixed(name, text).contains("port-manager: ignore"), "{text}");
    }
}

#[test]
fn strings_are_interpolated_where_the_language_does_that() {
    let project = Project::with("WEB_PORT=8080\n");
    let cases = [
        ("a.rb", "set :port, 8080\n", "set :port, Integer(ENV.fetch(\"WEB_PORT\"))\n"),
        ("a.rb", "u = 'http://localhost:8080/'\n", "u = \"http://localhost:#{ENV.fetch(\"WEB_PORT\")}/\"\n"),
        ("a.pl", "my $port = 8080;\n", "my $port = $ENV{WEB_PORT};\n"),
        ("a.pl", "my $u = 'http://localhost:8080/';\n", "my $u = \"http://localhost:$ENV{WEB_PORT}/\";\n"),
        ("a.ex", "@port 8080\n", "@port String.to_integer(System.fetch_env!(\"WEB_PORT\"))\n"),
        (
            "a.ex",
            "u = \"http://localhost:8080/\"\n",
            "u = \"http://localhost:#{System.fetch_env!(\"WEB_PORT\")}/\"\n",
        ),
        (
            "a.lua",
            "local u = \"http://localhost:8080/\"\n",
            "local u = \"http://localhost:\" .. os.getenv(\"WEB_PORT\") .. \"/\"\n",
        ),
        ("a.scala", "val port = 8080\n", "val port = sys.env(\"WEB_PORT\").toInt\n"),
        (
            "a.c",
            "#include <stdio.h>\nint main() { listen(8080); }\n",
            "#include <stdlib.h>\n#include <stdio.h>\nint main() { listen(atoi(getenv(\"WEB_PORT\"))); }\n",
        ),
    ];
    for (name, before, after) in cases {
        assert_eq!(project.fixed(name, before), after);
    }
    // A global of C is made by the compiler, an array takes a literal, and nothing joins strings.
    for text in [
        "int port = 8080;\n",
        "int main() { char port[] = \"8080\"; }\n",
        "int main() { get(\"http://localhost:8080\"); }\n",
    ] {
        assert!(project.fixed("a.c", text).contains("port-manager: ignore"), "{text}");
    }
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
        let read = match spelling::title(language, &"WEB_PORT".parse().unwrap()) {
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
