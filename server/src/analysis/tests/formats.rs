//! One question has one answer, in whatever format it is asked.

use super::*;

/// A setting with a name and a value as each format writes it. `K` stands for the name, `V` for the value.
const FORMATS: &[(Language, &str)] = &[
    (Language::Json, r#"{"K": "V"}"#),
    (Language::Yaml, "K: V\n"),
    (Language::Yaml, "K: \"V\"\n"),
    (Language::Conf, "K = \"V\"\n"),
    (Language::Properties, "K=V\n"),
    (Language::Env, "K=V\n"),
    (Language::Xml, "<a><K>V</K></a>"),
    (Language::Xml, "<a K=\"V\"/>"),
    (Language::Hcl, "K = \"V\"\n"),
    (Language::Shell, "K=V\n"),
    (Language::Shell, "export K=\"V\"\n"),
    (Language::Makefile, "K = V\n"),
    (Language::Dockerfile, "FROM x\nENV K=V\n"),
    (Language::Systemd, "[Service]\nEnvironment=K=V\n"),
    (Language::Batch, "set K=V\n"),
    (Language::PowerShell, "$env:K = \"V\"\n"),
    (Language::Http, "@K=V\n"),
    (Language::Compose, "services:\n  a:\n    image: x\n    environment:\n      K: V\n"),
    (Language::Compose, "services:\n  a:\n    image: x\n    environment:\n      - K=V\n"),
    (Language::JavaScript, "const K = \"V\";\n"),
    (Language::JavaScript, "f({ K: \"V\" });\n"),
    (Language::TypeScript, "export const K = \"V\";\n"),
    (Language::Python, "K = \"V\"\n"),
    (Language::Go, "package a\n\nvar K = \"V\"\n"),
    (Language::Ruby, "K = \"V\"\n"),
    (Language::Php, "<?php $K = \"V\";\n"),
    (Language::Rust, "fn f() { let K = \"V\"; }\n"),
    (Language::Java, "class A { String K = \"V\"; }\n"),
    (Language::CSharp, "class A { string K = \"V\"; }\n"),
    (Language::Kotlin, "val K = \"V\"\n"),
];

/// The number that is found in the value of a setting.
fn found(language: Language, form: &str, name: &str, value: &str) -> Option<u16> {
    let text = form.replace('V', value).replace('K', name);
    let analysis = analyze(&text, language, &mut SyntaxCache::default());
    analysis.occurrences.iter().find_map(|occurrence| match &occurrence.meaning {
        Meaning::Literal(literal) => Some(literal.port.get()),
        _ => None,
    })
}

#[test]
fn an_address_is_one_in_every_format_or_in_none() {
    let cases = [
        // Without a scheme, a name and a small number are more often something else: an amount, a user, a place in a list.
        ("target", "orders:150", None),
        ("TARGET", "orders:150", None),
        ("target", "orders:8150", Some(8150)),
        ("backend", "orders:8150", Some(8150)),
        ("target", "web:80", Some(80)),
        ("label", "web:80", None),
        ("label", "orders:8150", None),
        ("ORDERS_SERVICE", "orders:8150", Some(8150)),
        ("target", "http://orders:150", Some(150)),
        ("target", "localhost:8150", Some(8150)),
        ("url", "http://localhost:150/a", Some(150)),
        ("url", "http://127.0.0.1:8150", Some(8150)),
        ("url", "https://api.example.com:8443", None),
        ("target", "api.example.com:8443", None),
        ("target", "0.0.0.0:8150", Some(8150)),
        ("label", "10.0.0.5:8150", Some(8150)),
        ("target", ":8150", Some(8150)),
        ("image", "redis:6379", None),
        ("support", "8080", None),
        ("port", "8080", Some(8080)),
        ("API_PORT", "8080", Some(8080)),
        ("timeout", "3000", None),
    ];
    let mut wrong = Vec::new();
    for (name, value, expected) in cases {
        for (language, form) in FORMATS {
            let found = found(*language, form, name, value);
            if found != expected {
                wrong.push(format!("{name} {value}: {found:?} in {} {form:?}", language.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_comment_before_a_call_changes_nothing() {
    for comment in ["", "/* connect */ ", "/* listen */ ", "// connect\n"] {
        for (call, expected) in [
            ("new IPEndPoint(ip, 8080)", Some("listen")),
            ("new IPEndPoint(IPAddress.Any, 8080)", Some("listen")),
            ("getServerId(4711)", None),
            ("servers.GetById(4711)", None),
        ] {
            let text = format!("class A {{ void M() {{\n{comment}var a = {call};\n}} }}\n");
            let analysis = analyze(&text, Language::CSharp, &mut SyntaxCache::default());
            let kinds: Vec<_> = (analysis.occurrences.iter())
                .filter_map(|occurrence| match &occurrence.meaning {
                    Meaning::Literal(literal) => Some(kebab(literal.kind)),
                    _ => None,
                })
                .collect();
            assert_eq!(kinds.first().map(String::as_str), expected, "{text}");
        }
    }
}

/// A file of each tool that is known by its name, and the ports that are found in it.
const FILES_OF_TOOLS: &[(&str, &str, &[u16])] = &[
    (".devcontainer/devcontainer.json", "{\"remoteUser\": \"dev\", \"appPort\": \"8080:80\"}", &[8080]),
    (
        ".devcontainer/devcontainer.json",
        "{\"remoteUser\": \"dev\", \"settings\": {\"sql\": {\"port\": 5432}}}",
        &[],
    ),
    (
        "skaffold.yaml",
        "apiVersion: skaffold/v4beta6\nkind: Config\nportForward:\n  - resourceName: web\n    port: 80\n    localPort: 8080\n",
        &[8080],
    ),
    (
        ".air.toml",
        "[build]\nfull_bin = \"PORT=8080 ./web\"\nargs_bin = [\"--port\", \"8081\"]\n[proxy]\nproxy_port = 8082\n",
        &[8080, 8081, 8082],
    ),
    ("process-compose.yaml", "processes:\n  web:\n    command: vite --port 8080\n", &[8080]),
    (
        "mprocs.yaml",
        "procs:\n  web:\n    shell: vite --port 8080\n  api:\n    cmd: [\"php\", \"-S\", \"localhost:8081\"]\n",
        &[8080, 8081],
    ),
    ("env-example-relational", "PORT=8080\n", &[8080]),
    ("env.sample", "PORT=8080\n", &[8080]),
    (".env.local.example", "PORT=8080\n", &[8080]),
    (".overmind.env", "OVERMIND_PORT=8080\n", &[8080]),
    (".foreman", "procfile: Procfile.dev\nport: 8080\n", &[8080]),
    ("Procfile.dev", "web: vite --port 8080\n", &[8080]),
    ("web.procfile", "web: vite --port 8080\n", &[8080]),
    (".restfile", "GET http://localhost:8080/items\n", &[8080]),
    ("items.restfile", "GET http://localhost:8080/items\n", &[8080]),
    ("items.rest", "GET http://localhost:8080/items\n", &[8080]),
    (".graphqlrc", "schema: http://localhost:8080/graphql\n", &[8080]),
    (".graphqlrc", "{\"schema\": \"http://localhost:8080/graphql\"}\n", &[8080]),
    (".graphqlrc.yml", "schema: http://localhost:8080/graphql\n", &[8080]),
    (".graphqlrc.json", "{\"schema\": \"http://localhost:8080/graphql\"}\n", &[8080]),
    (".graphqlrc.toml", "schema = \"http://localhost:8080/graphql\"\n", &[8080]),
    ("wrangler.toml", "[dev]\nport = 8080\n", &[8080]),
    ("Tiltfile", "k8s_resource(\"web\", port_forwards=8080)\n", &[8080]),
    ("web.tiltfile", "k8s_resource(\"web\", port_forwards=8080)\n", &[8080]),
    ("web.bzl", "web(args = [\"--port\", \"8080\"])\n", &[8080]),
    ("BUILD.bazel", "web(args = [\"--port\", \"8080\"])\n", &[8080]),
    ("MODULE.bazel", "web.toolchain(port = 8080)\n", &[8080]),
    ("server.mts", "app.listen(8080)\n", &[8080]),
    ("server.cts", "app.listen(8080)\n", &[8080]),
    ("deno.jsonc", "{\"tasks\": {\"dev\": \"deno serve --port 8080 main.ts\"}}\n", &[8080]),
    ("Justfile", "dev:\n    vite --port 8080\n", &[8080]),
    ("web.just", "dev:\n    vite --port 8080\n", &[8080]),
    ("Taskfile.yml", "tasks:\n  dev:\n    cmds: [\"vite --port 8080\"]\n", &[8080]),
    ("bacon.toml", "[jobs.run]\ncommand = [\"cargo\", \"run\", \"--\", \"--port\", \"8080\"]\n", &[8080]),
    ("build.gradle.kts", "tasks.bootRun { args(\"--server.port=8080\") }\n", &[8080]),
    ("sys.config", "[{shop, [{port, 8080}]}].\n", &[8080]),
];

#[test]
fn a_file_of_a_tool_is_read_by_its_name() {
    let mut problems = Vec::new();
    for (path, text, expected) in FILES_OF_TOOLS {
        let language = Language::of_path(Path::new(path)).unwrap_or_else(|| panic!("{path} is not known"));
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        let ports: Vec<u16> = analysis
            .occurrences
            .iter()
            .filter_map(|occurrence| match &occurrence.meaning {
                Meaning::Literal(literal) => Some(literal.port.get()),
                _ => None,
            })
            .collect();
        if ports != *expected {
            problems.push(format!("{path}: found {ports:?}, expected {expected:?} in\n{text}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
