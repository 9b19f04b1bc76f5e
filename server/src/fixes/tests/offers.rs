//! What is offered: which variables, under which titles, and when a line can be silenced.

use super::*;
use crate::grammar::PARSES;

#[test]
fn a_number_is_registered_under_a_name_that_fits_and_used() {
    let offers = Project::with("").offers("server.js", "app.listen(8080)\n");
    assert_eq!(
        offers,
        [
            (
                "Register 8080 as WEB_PORT and use it".to_owned(),
                "app.listen(process.env.WEB_PORT || 8080)\n".to_owned()
            ),
            (
                "Ignore port-manager on this line".to_owned(),
                "app.listen(8080) // port-manager: ignore\n".to_owned()
            ),
            ("Allow port 8080 in port-manager.toml".to_owned(), "app.listen(8080)\n".to_owned()),
            ("Ignore server.js in port-manager.toml".to_owned(), "app.listen(8080)\n".to_owned()),
        ]
    );
}

#[test]
fn a_variable_with_the_number_is_used_and_nothing_registered() {
    let offers = Project::with("API_PORT=8080\n").offers("server.js", "app.listen(8080)\n");
    assert_eq!(offers[0].0, "Use process.env.API_PORT (8080)");
    assert_eq!(offers[0].1, "app.listen(process.env.API_PORT || 8080)\n");
    assert!(offers.iter().all(|(title, _)| !title.starts_with("Register")), "{offers:?}");
}

#[test]
fn a_listed_variable_without_a_number_is_the_port_of_its_name() {
    let listed = vec![("WEB_PORT".parse().unwrap(), None)];
    let project = Project::remembering("WEB_PORT=8000\n", Memory { listed, ..Memory::default() });
    assert_eq!(project.offers("server.js", "app.listen(8080)\n")[0].0, "Use process.env.WEB_PORT (8000)");
}

#[test]
fn a_listed_variable_with_another_number_is_another_port() {
    let offers = Project::with("WEB_PORT=8000\n").offers("server.js", "app.listen(8080)\n");
    assert_eq!(offers[0].0, "Register 8080 as WEB_PORT_2 and use it");
    assert_eq!(offers[0].1, "app.listen(process.env.WEB_PORT_2 || 8080)\n");
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let text = "app.listen(8080)\nfetch(`http://localhost:${process.env.WEB_PORT || 8000}/`)\n";
    let offers = Project::with("WEB_PORT=8000\n").offers("server.js", text);
    let titles: Vec<&str> = offers.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Register 8080 as WEB_PORT_2 and use it",
            "Ignore port-manager on this line",
            "Allow port 8080 in port-manager.toml",
            "Ignore server.js in port-manager.toml"
        ]
    );
}

#[test]
fn the_default_is_the_literals_number_whatever_the_variable_holds() {
    // The list says 8080; this machine gave another number.
    let mut project = Project::with("WEB_PORT=8080\n");
    project.facts.ports_env = Some(PortsEnv::parse("WEB_PORT=8000\n"));
    for (name, before, after) in [
        ("server.js", "app.listen(8080)\n", "app.listen(process.env.WEB_PORT || 8080)\n"),
        ("run.sh", "export WEB_PORT=8080\n", "export WEB_PORT=${WEB_PORT:-8080}\n"),
        ("Makefile", "WEB_PORT = 8080\n", "WEB_PORT ?= 8080\n"),
        ("Caddyfile", ":8080 {\n}\n", ":{$WEB_PORT:8080} {\n}\n"),
        (
            "compose.yaml",
            "services: {web: {ports: [\"8080:80\"]}}\n",
            "services: {web: {ports: [\"${WEB_PORT:-8080}:80\"]}}\n",
        ),
    ] {
        assert_eq!(project.offers(name, before)[0].1, after);
    }
}

#[test]
fn names_come_from_the_code_then_the_number_then_the_directory() {
    let project = Project::with("");
    let title = |name, text| project.offers(name, text)[0].0.clone();
    assert_eq!(title("a.js", "const adminPort = 4567;\n"), "Register 4567 as ADMIN_PORT and use it");
    assert_eq!(title("a.js", "const client = connect(5432, 'x');\n"), "Register 5432 as DB_PORT and use it");
    assert_eq!(title("api/a.js", "app.listen(4567);\n"), "Register 4567 as API_PORT and use it");
    assert_eq!(title("a.js", "app.listen(3000);\n"), "Register 3000 as WEB_PORT and use it");
}

#[test]
fn an_equal_assigned_number_proves_nothing() {
    let forgetful = Project::remembering("WEB_PORT=8080\n", Memory::default());
    let offers = forgetful.offers("server.js", "app.listen(8080)\n");
    assert_eq!(offers[0].0, "Use process.env.WEB_PORT (8080)");
    let text = "admin.listen(8080)\nconst ADMIN_PORT = 8080\n";
    let titles: Vec<String> =
        forgetful.offers("server.js", text).into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles[..2], ["Use process.env.WEB_PORT (8080)", "Register 8080 as ADMIN_PORT and use it"]);
    let path = forgetful.path("server.js");
    let analysis = analyze(text, Language::JavaScript, &mut SyntaxCache::default());
    let document = Document { path: &path, text, language: Language::JavaScript, analysis: &analysis };
    let facts = forgetful.facts.seeing(&document);
    assert_eq!(
        Fixer::new(&document, &facts).fix_all(&check(&document, &facts)),
        None,
        "nobody looks at that fix"
    );
}

#[test]
fn a_number_of_two_components_is_asked_about() {
    let project = Project::with("WEB_PORT=3000\nADMIN_PORT=3000\n");
    let titles: Vec<String> = project
        .offers("smoke.js", "fetch('http://localhost:3000/')\n")
        .into_iter()
        .map(|(title, _)| title)
        .collect();
    assert_eq!(titles[..2], ["Use process.env.WEB_PORT (3000)", "Use process.env.ADMIN_PORT (3000)"]);
}

#[test]
fn two_ports_of_one_service_are_not_published_on_one() {
    let project = Project::with("QUEUE_PORT=5672\n");
    let offers = project.offers(
        "compose.yaml",
        "services:\n  queue:\n    image: x\n    ports:\n      - \"${QUEUE_PORT:-5672}:5672\"\n      - \"15672:15672\"\n",
    );
    assert_eq!(offers[0].0, "Register 15672 as QUEUE_MANAGEMENT_PORT and use it");
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
fn a_field_that_reads_a_variable_is_not_renamed_and_an_alias_is() {
    let project = Project::with("ADMIN_PORT=8000\n");
    let offers = project.offers("a.py", "class Settings(BaseSettings):\n    admni_port: int\n");
    let titles: Vec<&str> = offers.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Register a port for ADMNI_PORT in .ports.env",
            "Ignore port-manager on this line",
            "Turn off unset-port-variable in port-manager.toml"
        ]
    );
    let alias = "class Settings(BaseSettings):\n    port: int = Field(validation_alias=\"ADMNI_PORT\")\n";
    assert_eq!(
        project.offers("a.py", alias)[0],
        ("Use ADMIN_PORT (8000)".to_owned(), alias.replace("ADMNI_PORT", "ADMIN_PORT"))
    );
}

#[test]
fn a_line_is_ignored_only_where_a_comment_can_stand() {
    let project = Project::with("");
    let ignores = |name: &str, text: &str| {
        project.offers(name, text).iter().any(|(title, _)| title == "Ignore port-manager on this line")
    };
    assert!(ignores("a.js", "app.listen(8080)\n"));
    assert!(!ignores("a.jsx", "const a = <p>\n <a href={'http://localhost:8080'}>x</a>\n</p>\n"));
    assert!(!ignores("a.js", "const a = `\nhttp://localhost:8080\n`\n"));
    assert!(!ignores("run.sh", "curl http://localhost:8080 \\\n  -v\n"));
}

#[test]
fn a_bad_line_of_ports_env_is_kept_as_a_comment_and_a_second_one_removed() {
    let first = |text: &str| Project::with("").offers(".ports.env", text)[0].clone();
    assert_eq!(
        first("what is this\n# ports\n"),
        ("Make this line a comment".to_owned(), "# what is this\n# ports\n".to_owned())
    );
    assert_eq!(first("SECRET=abc\n").1, "# SECRET=abc\n");
    let (title, text) = first("WEB_PORT=\n");
    let number = title.strip_prefix("Give WEB_PORT the number ").unwrap();
    assert_eq!(text, format!("WEB_PORT={number}\n"));
    assert_eq!(first("A_PORT=1\nA_PORT=2\n"), ("Remove this line".to_owned(), "A_PORT=2\n".to_owned()));
}

#[test]
fn a_url_by_default_gets_the_port_that_the_project_has() {
    let project = Project::with("API_PORT=5000\n");
    for (name, text, fixed) in [
        (
            "web.js",
            "fetch(process.env.API_URL || 'http://localhost:5000/')\n",
            "fetch(process.env.API_URL || `http://localhost:${process.env.API_PORT || 5000}/`)\n",
        ),
        (
            "web.py",
            "import os\n\nAPI = os.environ.get(\"API_URL\", \"http://localhost:5000/\")\n",
            "import os\n\nAPI = os.environ.get(\"API_URL\", f\"http://localhost:{os.environ.get('API_PORT', 5000)}/\")\n",
        ),
        (
            "web.rb",
            "api = ENV.fetch('API_URL', 'http://localhost:5000/')\n",
            "api = ENV.fetch('API_URL', \"http://localhost:#{ENV.fetch(\"API_PORT\", 5000)}/\")\n",
        ),
        (
            "smoke.sh",
            "curl \"${API_URL:-http://localhost:5000}/items\"\n",
            "curl \"${API_URL:-http://localhost:${API_PORT:-5000}}/items\"\n",
        ),
        (
            "api.go",
            "package main\n\nimport (\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc main() {\n\taddr := os.Getenv(\"ADDR\")\n\tif addr == \"\" {\n\t\taddr = \":5000\"\n\t}\n\thttp.ListenAndServe(addr, nil)\n}\n",
            "package main\n\nimport (\n\t\"cmp\"\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc main() {\n\taddr := os.Getenv(\"ADDR\")\n\tif addr == \"\" {\n\t\taddr = \":\" + cmp.Or(os.Getenv(\"API_PORT\"), \"5000\")\n\t}\n\thttp.ListenAndServe(addr, nil)\n}\n",
        ),
    ] {
        assert_eq!(project.repaired(name, text), fixed);
        assert_eq!(project.offers(name, fixed), [], "{fixed}");
    }
    // Somebody else's server, and another way to give this very port.
    for text in [
        "fetch(process.env.API_URL || 'http://localhost:9999/')\n",
        "fetch(process.env.API_URL || 'https://api.example.com:5000/')\n",
        "server.listen(process.env.API_PORT || 5000)\n",
    ] {
        assert_eq!(project.offers("web.js", text), [], "{text}");
    }
}

#[test]
fn many_fixes_of_a_document_parse_it_no_more_often() {
    let parses = |ports: std::ops::Range<u16>| {
        let lines: String = ports.clone().map(|port| format!("app.listen({port})\n")).collect();
        let variables: String = ports.clone().map(|port| format!("P{port}_PORT={port}\n")).collect();
        let project = Project::with(&variables);
        let path = project.path("a.py");
        let analysis = analyze(&lines, Language::Python, &mut SyntaxCache::default());
        let document =
            Document { path: &path, text: &lines, language: Language::Python, analysis: &analysis };
        let facts = project.facts.seeing(&document);
        let diagnostics = check(&document, &facts);
        let before = PARSES.get();
        let all = Fixer::new(&document, &facts).fix_all(&diagnostics).unwrap();
        assert_eq!(all.fixed.len(), ports.len());
        PARSES.get() - before
    };
    assert_eq!(parses(8000..8400), parses(8000..8002));
}
