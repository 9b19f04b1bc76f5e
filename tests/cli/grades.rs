//! What is a warning and what a note, by where the code runs.

use crate::home::Home;

/// The findings of `hardcoded-port` in a project with these files: `path:line port grade`.
fn grades(files: &[(&str, &str)]) -> Vec<String> {
    let mut files = files.to_vec();
    files.push(("package.json", "{\"name\": \"shop\"}\n"));
    grades_without_manifest(&files)
}

/// The same in a repository whose root has no manifest unless it is one of the files.
fn grades_without_manifest(files: &[(&str, &str)]) -> Vec<String> {
    let home = Home::new();
    home.write("shop/.git/HEAD", "");
    for (path, text) in files {
        home.write(&format!("shop/{path}"), text);
    }
    let ran = home.run("shop", &["check", "--json", "--only", "hardcoded-port"]);
    let finding = |line: &str| {
        let it: serde_json::Value = serde_json::from_str(line).unwrap();
        let path = it["path"].as_str().unwrap().trim_start_matches("./");
        format!("{path}:{} {} {}", it["line"], it["port"], it["grade"].as_str().unwrap())
    };
    ran.stdout.lines().map(finding).collect()
}

/// A program in the language of that file which listens on 8080.
fn listens(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap() {
        "kt" => "fun f() { server.listen(8080) }\n",
        "java" => "class A { void f() { server.listen(8080); } }\n",
        "rb" => "server = TCPServer.new(8080)\n",
        "go" => "package a\nfunc f() { http.ListenAndServe(\":8080\", nil) }\n",
        "py" => "app.run(port=8080)\n",
        "cs" => "class A { void F() { server.Listen(8080); } }\n",
        "html" => "<a href=\"http://localhost:8080\">a</a>\n",
        "yml" | "yaml" | "toml" | "json" | "properties" | "exs" | "tf" => {
            match path.rsplit('.').next().unwrap() {
                "toml" | "properties" | "tf" | "exs" => "port = 8080\n",
                "json" => "{\"port\": 8080}\n",
                _ => "port: 8080\n",
            }
        }
        "sh" | "bats" => "curl http://localhost:8080/\n",
        _ => "server.listen(8080)\n",
    }
}

/// Asserts that 8080 in each of the files is of that grade, each in a project of its own.
fn assert_grade(grade: &str, paths: &[&str]) {
    for path in paths {
        let found = grades(&[(path, listens(path))]);
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        assert!(found[0].ends_with(&format!("8080 {grade}")), "{found:?}");
    }
}

#[test]
fn tests_are_notes_in_every_ecosystems_spelling() {
    assert_grade(
        "note",
        &[
            "Tests/AppTests/Api.java",
            "src/__snapshots__/a.js",
            "Tests/__Snapshots__/page.html",
            "src/__mocks__/a.js",
            "src/FooTest.java",
            "src/app.e2e-spec.ts",
            "src/button.stories.ts",
            "lib/a_spec.rb",
            "pkg/a_test.go",
            "pkg/test_a.py",
            "pkg/conftest.py",
            "Shop.UnitTests/Fixture.cs",
            "app/src/androidTest/java/A.kt",
            "apps/shop-e2e/server.ts",
            "shop.bats",
        ],
    );
}

#[test]
fn what_runs_on_other_machines_is_a_note() {
    assert_grade(
        "note",
        &[
            ".github/workflows/ci.yml",
            ".gitlab-ci.yml",
            ".travis.yml",
            ".circleci/config.yml",
            "azure-pipelines.yml",
            "bitbucket-pipelines.yml",
            ".drone.yml",
            "ci/wait.sh",
            "fly.toml",
            "render.yaml",
            "app.yaml",
            "serverless.yml",
            "firebase.json",
            "vercel.json",
            "netlify.toml",
            "app.json",
            "infra/main.tf",
            "infra/Pulumi.dev.yaml",
            "k8s/web.yaml",
            "deploy/shop/values.yaml",
            "roles/web/defaults/main.yml",
            "src/main/resources/application-prod.yml",
            "appsettings.Production.json",
            "shop/settings/production.py",
            "deploy/prod/web.yaml",
        ],
    );
}

#[test]
fn what_runs_here_is_a_warning() {
    assert_grade(
        "warning",
        &[
            "src/server.js",
            "config/settings.yaml",
            "src/latest.ts",
            "contest/server.go",
            "src/main/java/com/example/demo/Shop.java",
            "scripts/wait.sh",
            "wrangler.toml",
        ],
    );
}

#[test]
fn settings_that_any_machine_may_read_are_notes() {
    assert_grade("note", &["loki.yaml", "monitoring/tempo.yml", "server.json", "rpc.toml"]);
}

#[test]
fn settings_that_something_here_reads_are_warnings() {
    let vite = "export default { server: { port: 5174, proxy: { '/api': 'http://localhost:8011' } } };\n";
    let found = grades(&[
        ("web/vite.config.ts", vite),
        ("shop/src/main/resources/application.yml", "server:\n  port: 8012\n"),
        ("shop/launchSettings.json", "{\"applicationUrl\": \"http://localhost:8013\"}\n"),
        ("config/dev.exs", "config :shop, ShopWeb.Endpoint, http: [port: 8014]\n"),
        ("shop/config_dev.yml", "mailer:\n  dsn: smtp://127.0.0.1:1025\n"),
        ("dev/rpc.toml", "port = 8015\n"),
    ]);
    assert_eq!(found.len(), 7);
    assert!(found.iter().all(|it| it.ends_with("warning")), "{found:?}");
}

#[test]
fn a_client_is_a_warning_where_the_project_decides_its_port() {
    let client = ("src/client.js", "export const API = 'http://localhost:8010';\n");
    assert_eq!(grades(&[client]), ["src/client.js:1 8010 note"]);
    let served =
        grades(&[client, ("api/server.go", "package a\nfunc f() { http.ListenAndServe(\":8010\", nil) }\n")]);
    assert_eq!(served, ["api/server.go:2 8010 warning", "src/client.js:1 8010 warning"]);
    let compose = "services:\n  web:\n    image: web\n    ports: [\"8010:80\"]\n";
    assert_eq!(
        grades(&[client, ("compose.yaml", compose)]),
        ["compose.yaml:4 8010 warning", "src/client.js:1 8010 warning"]
    );
    let called = ("src/called.js", "fetch('http://localhost:8010/');\n");
    assert_eq!(grades(&[called]), ["src/called.js:1 8010 warning"]);
}

#[test]
fn a_client_of_a_database_that_nobody_starts_is_a_note() {
    let client = ("db.py", "psycopg.connect(host=\"localhost\", port=5432)\n");
    assert_eq!(grades(&[client]), ["db.py:1 5432 note"]);
    let compose = "services:\n  db:\n    image: postgres\n    ports: [\"5432:5432\"]\n";
    assert_eq!(
        grades(&[client, ("compose.yaml", compose)]),
        ["compose.yaml:4 5432 warning", "db.py:1 5432 warning"]
    );
}

#[test]
fn a_number_in_a_form_is_a_note() {
    let form = "<script>\nexport default { data: () => ({ serverPort: 8016 }) };\n</script>\n";
    let found = grades(&[("src/Settings.vue", form), ("src/server.js", "app.listen(8016);\n")]);
    assert_eq!(found, ["src/Settings.vue:2 8016 note", "src/server.js:1 8016 warning"]);
}

#[test]
fn a_port_that_only_root_may_listen_on_is_a_note_in_a_program() {
    let text =
        "package a\nfunc f() { http.ListenAndServe(\":80\", nil); http.ListenAndServe(\":8080\", nil) }\n";
    assert_eq!(grades(&[("a.go", text)]), ["a.go:2 80 note", "a.go:2 8080 warning"]);
}

#[test]
fn a_constant_is_a_warning_where_the_program_keeps_its_settings() {
    let constant = "module.exports = { port: 8017 };\n";
    assert_eq!(grades(&[("config.js", constant)]), ["config.js:1 8017 warning"]);
    assert_eq!(grades(&[("lib/agent.js", constant)]), ["lib/agent.js:1 8017 note"]);
    let server = "const port = 8017;\napp.listen(port);\n";
    assert_eq!(grades(&[("lib/agent.js", server)]), ["lib/agent.js:1 8017 warning"]);
}

#[test]
fn defaults_of_settings_are_notes_where_a_configuration_goes_before_them() {
    let go = "package config\nfunc DefaultConfig() Config { return Config{Address: \":8017\"} }\n";
    let rust = "fn f() { let b = Config::builder().set_default(\"port\", 8017).unwrap(); serve(b); }\n";
    let javascript = "module.exports = { port: 8017 };\n";
    let found = grades(&[
        ("config/config.go", go),
        ("settings.rs", rust),
        ("lib/config/default.js", javascript),
        ("server.js", "app.listen(8017);\n"),
    ]);
    let expected = [
        "config/config.go:2 8017 note",
        "lib/config/default.js:1 8017 note",
        "server.js:1 8017 warning",
        "settings.rs:1 8017 note",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_address_for_the_case_that_nothing_is_set_is_a_note() {
    let found = grades(&[
        ("runner.py", "url = self.configuration.get(\"url\", \"http://127.0.0.1:8017\")\n"),
        ("env.ts", "const env = { OTLP: z.string().default('http://localhost:8017') };\n"),
        ("app.py", "app.run(port=8017)\n"),
    ]);
    assert_eq!(found, ["app.py:1 8017 warning", "env.ts:1 8017 note", "runner.py:1 8017 note"]);
}

#[test]
fn a_value_for_the_case_that_another_has_none_is_a_note() {
    let found = grades(&[
        ("a.rs", "fn f() { let url = get_or_default(\"CACHE_URL\", \"redis://localhost:8017\"); }\n"),
        ("Makefile", "DB_URL ?= postgres://localhost:8017/shop\n"),
        ("config.py", "port = 8017 if given is None else given\n"),
        (
            "config.ts",
            "export const port = options.port ?? 8017;\nconst DEFAULT_URL = 'http://localhost:8017';\n",
        ),
        ("defaults/config.js", "module.exports = { port: 8017 };\n"),
        ("server.js", "app.listen(8017);\n"),
    ]);
    let expected = [
        "Makefile:1 8017 note",
        "config.py:1 8017 note",
        "config.ts:1 8017 note",
        "config.ts:2 8017 note",
        "defaults/config.js:1 8017 note",
        "server.js:1 8017 warning",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_a_script_prints_or_runs_in_a_container_is_no_warning() {
    let script = "print_info \"AI_SERVER_PORT=8017\"\n$compose_cmd exec -T ai sh -c 'curl http://localhost:8018/'\ncurl http://localhost:8019/\n";
    assert_eq!(grades(&[("check.sh", script)]), ["check.sh:2 8018 note", "check.sh:3 8019 warning"]);
}

#[test]
fn a_compose_file_that_is_laid_over_another_publishes() {
    let over = "services:\n  web:\n    ports: [\"8017:80\"]\n    environment:\n      - PUBLIC_URL=http://localhost:8017/\n      - API=http://127.0.0.1:8018/\n";
    let found = grades(&[("quickstart-standalone.yml", over)]);
    let expected = ["8017 warning", "8017 warning", "8018 note"];
    assert!(found.len() == 3 && found.iter().zip(expected).all(|(it, end)| it.ends_with(end)), "{found:?}");
}

#[test]
fn what_a_script_of_a_package_starts_is_a_warning() {
    let package = "{\"scripts\": {\"dev\": \"vite --port 8018\", \"db\": \"psql -p 5433\"}}\n";
    let found = grades(&[("web/package.json", package)]);
    assert_eq!(found, ["web/package.json:1 8018 warning", "web/package.json:1 5433 note"]);
}

#[test]
fn tests_with_a_manifest_of_their_own_are_notes_but_for_their_runner() {
    let page = "visit('http://localhost:8019');\n";
    let found = grades_without_manifest(&[
        ("api/go.mod", "module shop\n"),
        ("e2e/package.json", "{}"),
        ("e2e/pages/page.ts", page),
        ("e2e/playwright.config.ts", "export default { use: { baseURL: 'http://localhost:8019' } };\n"),
    ]);
    assert_eq!(found, ["e2e/pages/page.ts:1 8019 note", "e2e/playwright.config.ts:1 8019 warning"]);
}

#[test]
fn a_sample_of_settings_is_a_note() {
    assert_eq!(grades(&[("config.json.example", "{\"port\": 8018}\n")]), ["config.json.example:1 8018 note"]);
}

#[test]
fn the_port_of_a_database_in_a_program_is_a_note() {
    let installer = "<?php\n$form = ['database_host' => '127.0.0.1', 'database_port' => 3306];\n";
    let config = "<?php\nreturn ['port' => env('DB_PORT', 3306)];\n";
    let found = grades(&[("app/Installer.php", installer), ("config/database.php", config)]);
    assert_eq!(found, ["app/Installer.php:2 3306 note"]);
}

#[test]
fn what_people_are_offered_is_a_note() {
    let field = "url = StringField(render_kw={\"placeholder\": \"http://localhost:8019\"})\n";
    let found = grades(&[("forms.py", field), ("app.py", "app.run(port=8019)\n")]);
    assert_eq!(found, ["app.py:1 8019 warning", "forms.py:1 8019 note"]);
}

#[test]
fn what_is_packed_for_other_machines_is_a_note() {
    assert_grade("note", &["src/main/assembly/conf/config.yaml", "packaging/config.toml", "pkg/mock.go"]);
}

#[test]
fn the_environment_of_a_development_container_is_its_own() {
    let container = "{\"image\": \"a\", \"containerEnv\": {\"DB_URL\": \"postgres://localhost:8020/a\"}}\n";
    let found = grades(&[(".devcontainer/devcontainer.json", container)]);
    assert_eq!(found, [".devcontainer/devcontainer.json:1 8020 note"]);
}

#[test]
fn what_a_compose_file_shares_is_a_note_also_where_no_port_has_the_number() {
    let compose = "x-env: &env\n  DB_HOST: db\n  DB_PORT: 5432\nservices:\n  web:\n    image: web\n    environment: { <<: *env }\n  db:\n    image: postgres\n";
    assert_eq!(grades(&[("compose.example.yml", compose)]), ["compose.example.yml:3 5432 note"]);
}

#[test]
fn a_runner_of_tests_listens_on_this_machine() {
    let karma = "module.exports = (config) => config.set({ port: 9876 });\n";
    let phoenix = "import Config\nconfig :shop, ShopWeb.Endpoint, http: [port: 4002]\n";
    let found = grades(&[("karma.conf.js", karma), ("config/test.exs", phoenix)]);
    assert_eq!(found, ["config/test.exs:2 4002 warning", "karma.conf.js:1 9876 warning"]);
}

#[test]
fn generated_files_are_notes() {
    for header in [
        "// Code generated by protoc. DO NOT EDIT.",
        "// @generated",
        "/* This file was automatically generated by swagger */",
        "// GENERATED FILE - DO NOT MODIFY",
        "/* eslint-disable */\n/* This file is generated, do not edit. */",
    ] {
        let found = grades(&[("src/a.js", &format!("{header}\nserver.listen(8080);\n"))]);
        assert!(found.len() == 1 && found[0].ends_with("8080 note"), "{header}: {found:?}");
    }
}

#[test]
fn a_directory_of_kustomize_or_pulumi_is_deployed() {
    let found = grades(&[
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.properties", "server.port=8080\n"),
        ("infra/Pulumi.yaml", "name: shop\nruntime: nodejs\n"),
        ("infra/index.ts", "export const service = new Service(\"a\", { port: 8081 });\n"),
        ("src/index.ts", "server.listen(8082);\n"),
    ]);
    let expected =
        ["base/web.properties:1 8080 note", "infra/index.ts:1 8081 note", "src/index.ts:1 8082 warning"];
    assert_eq!(found, expected);
}

#[test]
fn a_local_cluster_publishes_on_this_machine() {
    let kind = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n    extraPortMappings:\n      - containerPort: 80\n        hostPort: 8080\n";
    assert_eq!(grades(&[("kind.yaml", kind)]), ["kind.yaml:7 8080 warning"]);
}

#[test]
fn a_containers_own_loopback_is_a_note_and_a_pages_address_a_warning() {
    let compose = "services:\n  consul:\n    image: consul\n    ports: [\"8500:8500\"]\n    environment:\n      - CONSUL_HTTP_ADDR=http://127.0.0.1:8500\n      - NEXT_PUBLIC_API_URL=http://localhost:8080\n      - CORS_ORIGIN=http://localhost:3000\n      - SHOP_API=http://host.docker.internal:8090\n";
    assert_eq!(
        grades(&[("compose.yaml", compose)]),
        [
            "compose.yaml:4 8500 warning",
            "compose.yaml:6 8500 note",
            "compose.yaml:7 8080 warning",
            "compose.yaml:8 3000 warning",
            "compose.yaml:9 8090 warning",
        ]
    );
}

#[test]
fn mounted_settings_are_the_containers_but_for_addresses_of_this_machine() {
    let compose = "services:\n  web:\n    image: php\n    command: /bin/serve.sh\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf\n      - ./xdebug.ini:/usr/local/etc/php/conf.d/xdebug.ini\n      - ./serve.sh:/bin/serve.sh\n      - ./load.sh:/tmp/load.sh\n";
    let script = "curl http://localhost:8081/\n";
    let found = grades(&[
        ("compose.yaml", compose),
        ("nginx.conf", "server { listen 8082; }\n"),
        ("xdebug.ini", "[xdebug]\nxdebug.client_host=host.docker.internal\nxdebug.client_port=9003\n"),
        ("serve.sh", script),
        ("load.sh", script),
    ]);
    let expected = [
        "load.sh:1 8081 warning",
        "nginx.conf:1 8082 note",
        "serve.sh:1 8081 note",
        "xdebug.ini:3 9003 warning",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_stack_that_compose_can_start_is_a_warning() {
    let service =
        "services:\n  web:\n    image: web\n    ports: [\"8080:80\"]\n    deploy: { mode: global }\n";
    let found = grades(&[("app.yml", service), ("docker-stack.yml", service)]);
    assert_eq!(found, ["app.yml:4 8080 warning", "docker-stack.yml:4 8080 note"]);
}

#[test]
fn a_host_in_a_key_of_its_own_decides_about_its_port() {
    let found = grades(&[
        ("a.json", "{\"imap_server\": \"imap.example.com\", \"imap_port\": 993}\n"),
        ("b.py", "CONFIG = {\"imap_server\": \"imap.example.com\", \"imap_port\": 993}\n"),
        ("c.yaml", "spring:\n  data:\n    mongodb:\n      host: account-mongodb\n      port: 27017\n"),
        ("config.yaml", "web:\n  host: localhost\n  port: 27018\n"),
        ("e.ini", "[queue]\nhost = rabbitmq\nport = 5672\n"),
    ]);
    assert_eq!(
        found,
        ["b.py:1 993 note", "c.yaml:5 27017 note", "config.yaml:3 27018 warning", "e.ini:3 5672 note"]
    );
}

#[test]
fn defaults_rules_and_other_ports_are_no_findings() {
    let found = grades(&[
        (
            "a.py",
            "import click\n@click.command()\n@click.argument(\"url\", envvar=\"X\", default=\"redis://localhost:6379\")\ndef f(url): ...\n",
        ),
        (
            "src/main/resources/application.conf",
            "ktor {\n  deployment {\n    port = 8080\n    port = ${?API_PORT}\n  }\n}\n",
        ),
        ("a.php", "<?php\n$rules = ['name' => 'max:2000', 'text' => 'required|max:2000'];\n"),
        (
            "a.js",
            "const a = process.env.SERIAL_PORT, b = process.env.PORT_TIMEOUT, c = process.env.USE_X_FORWARD_PORT;\n",
        ),
    ]);
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_constant_that_an_annotation_needs_is_left_alone() {
    let home = Home::new();
    let text = "class A {\n  static final int MOCK_PORT = 8080;\n  @Mock(\n    port = A.MOCK_PORT)\n  void f() {}\n}\n";
    home.write("shop/.git/HEAD", "").write("shop/.gitignore", ".ports.env\n").write("shop/A.java", text);
    home.run("shop", &["init"]);
    home.run("shop", &["check", "--fix"]);
    assert_eq!(home.read("shop/A.java"), text);
}

#[test]
fn other_kinds_of_ports_get_no_variable() {
    let home = Home::new();
    let text = "const a = process.env.SERIAL_PORT, b = process.env.PORT_TIMEOUT, c = process.env.PORT_RANGE_START;\nconst d = process.env.USE_X_FORWARD_PORT;\nserver.listen(process.env.WEB_PORT || 8080);\n";
    home.write("shop/.git/HEAD", "").write("shop/.gitignore", ".ports.env\n").write("shop/a.js", text);
    home.run("shop", &["init"]);
    assert_eq!(
        home.read("shop/.ports.env.example")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .collect::<Vec<_>>(),
        ["WEB_PORT=8080"]
    );
}

#[test]
fn what_services_of_a_compose_file_share_is_the_containers() {
    let compose = "x-db: &db\n  DB_PORT: 5432\nservices:\n  web:\n    image: web\n    environment: { <<: *db }\n    ports: [\"8080:80\"]\n";
    assert_eq!(
        grades(&[("compose.yaml", compose)]),
        ["compose.yaml:2 5432 note", "compose.yaml:7 8080 warning"]
    );
}

#[test]
fn numbers_of_providers_are_not_this_machines() {
    let found = grades(&[
        ("src/mail.js", "const mail = { smtpPort: 587, webPort: 8080 };\napp.listen(mail.webPort);\n"),
        ("public/form.js", "document.title = 'a';\nmonitor.port = 53;\nmonitor.port = 80;\n"),
    ]);
    let expected = [
        "public/form.js:2 53 note",
        "public/form.js:3 80 note",
        "src/mail.js:1 587 note",
        "src/mail.js:1 8080 warning",
    ];
    assert_eq!(found, expected);
}

#[test]
fn advice_names_the_variable_that_the_number_suggests() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "").write("shop/k8s/values.yaml", "mongo:\n  port: 27017\n");
    let ran = home.run("shop", &["check", "--json", "--only", "hardcoded-port"]);
    assert!(ran.stdout.contains("DB_PORT") && !ran.stdout.contains("WEB_PORT"), "{}", ran.stdout);
}

#[test]
fn the_tests_of_a_rust_module_are_notes() {
    let text = "fn main() {\n    listen(\"127.0.0.1:8080\");\n}\n\n#[cfg(test)]\nmod tests {\n    fn server() {\n        listen(\"127.0.0.1:8085\");\n    }\n}\n";
    assert_eq!(grades(&[("src/main.rs", text)]), ["src/main.rs:2 8080 warning", "src/main.rs:8 8085 note"]);
}

#[test]
fn a_project_says_where_its_own_files_run() {
    let row = "[[file]]\nid = \"our.simulators\"\nmeans = \"Simulators run in the laboratory.\"\nruntime = \"elsewhere\"\ndirectories = [\"simulators\"]\nfound = [\"simulators/crane.js\"]\n";
    let files = [("simulators/crane.js", "server.listen(8080);\n"), ("src/a.js", "server.listen(8081);\n")];
    assert_eq!(grades(&files), ["simulators/crane.js:1 8080 warning", "src/a.js:1 8081 warning"]);
    let own = [("port-manager.toml", row), files[0], files[1]];
    assert_eq!(grades(&own), ["simulators/crane.js:1 8080 note", "src/a.js:1 8081 warning"]);
}
