//! Projects whose ports were once taken for others

use super::*;
use crate::service::ServiceTypes;

/// The lines of `.ports.env.example` that are not comments.
fn defaults(root: &ProjectRoot) -> Vec<String> {
    let text = read(root, ".ports.env.example");
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn a_port_never_gets_the_number_of_another_port_of_its_project() {
    let machine = Machine::new();
    let compose = "services:\n  mailhog:\n    image: mailhog/mailhog\n    ports: [\"8025:8025\"]\n";
    let files = [("compose.yml", compose), ("server.js", "require('http').createServer().listen(3000)\n")];
    let shop = machine.project("shop", &files);
    assert_eq!(ports(&machine.init(&shop)), ["WEB_PORT=3000 new", "MAILHOG_PORT=8025 new"]);
    assert_eq!(defaults(&shop), ["WEB_PORT=3000", "MAILHOG_PORT=8025"]);

    // Also where both numbers are taken, and the first of the range is the web server's.
    let copy = machine.project("copy", &files);
    let copied = machine.init(&copy);
    assert_eq!(defaults(&copy), ["WEB_PORT=3000", "MAILHOG_PORT=8025"]);
    assert_eq!(
        lines(&copy),
        ["WEB_PORT=8000", "MAILHOG_PORT=3001"],
        "{:?}",
        copied.ports.iter().map(|port| &port.refused).collect::<Vec<_>>()
    );
}

#[test]
fn a_server_that_reads_port_gets_port() {
    let machine = Machine::new();
    let files = [(
        "server.js",
        "const http = require('http');\nhttp.createServer().listen(process.env.PORT || 3000);\n",
    )];
    let first = machine.project("first", &files);
    let second = machine.project("second", &files);
    assert_eq!(ports(&machine.init(&first)), ["PORT=3000 new"]);
    let initialized = machine.init(&second);
    assert_eq!(defaults(&second), ["PORT=3000"]);
    assert_eq!(initialized.ports.len(), 1);
    assert_ne!(initialized.ports[0].port, port(3000));
}

#[test]
fn packages_that_each_read_port_get_a_variable_each() {
    let machine = Machine::new();
    let server = |number| format!("require('http').createServer().listen(process.env.PORT || {number});\n");
    let shop = machine.project(
        "shop",
        &[
            ("packages/web/package.json", r#"{"name": "web"}"#),
            ("packages/web/server.js", &server(3000)),
            ("packages/api/package.json", r#"{"name": "api"}"#),
            ("packages/api/server.js", &server(3001)),
            ("packages/admin/package.json", r#"{"name": "admin"}"#),
            ("packages/admin/server.js", &server(3002)),
        ],
    );
    let mut found = ports(&machine.init(&shop));
    found.sort();
    assert_eq!(found, ["ADMIN_PORT=3002 new", "API_PORT=3001 new", "WEB_PORT=3000 new"]);
}

#[test]
fn what_compose_passes_into_a_container_gets_no_port() {
    let machine = Machine::new();
    let compose = r#"services:
  app:
    build: .
    environment:
      DB_HOST: db
      DB_PORT: "${DB_PORT:-3306}"
  db:
    image: mysql
    ports: ["3306:3306"]
"#;
    let shop = machine.project("shop", &[("compose.yml", compose)]);
    assert_eq!(ports(&machine.init(&shop)), ["DB_HOST_PORT=3306 new"]);
    assert_eq!(defaults(&shop), ["DB_HOST_PORT=3306"]);
}

#[test]
fn a_database_keeps_the_number_that_the_code_reads_by_default() {
    let machine = Machine::new();
    let files = [
        ("compose.yaml", "services:\n  postgres:\n    image: postgres:16\n    ports: [\"5432:5432\"]\n"),
        ("apps/api/package.json", r#"{"name": "api"}"#),
        (
            "apps/api/src/main.ts",
            "createServer().listen(3000);\nconnect({ port: Number(process.env.DATABASE_PORT ?? 5432) });\n",
        ),
        ("apps/api/src/cors.ts", "export const origins = ['http://localhost:5174'];\n"),
        ("apps/web/package.json", r#"{"name": "web", "scripts": {"preview": "vite preview --port 5174"}}"#),
    ];
    let shop = machine.project("shop", &files);
    let mut found = ports(&machine.init(&shop));
    found.sort();
    assert_eq!(found, ["API_PORT=3000 new", "DATABASE_PORT=5432 new", "WEB_PORT=5174 new"]);
}

#[test]
fn a_server_of_each_package_is_named_after_it() {
    let machine = Machine::new();
    let package = |name: &str, script: &str| {
        format!("{{\n  \"name\": \"{name}\",\n  \"scripts\": {{\n    \"dev\": \"{script}\"\n  }}\n}}\n")
    };
    let shop = machine.project(
        "shop",
        &[
            ("packages/shop/package.json", &package("shop", "next dev -p 3001")),
            ("packages/admin/package.json", &package("admin", "vite --port 3002")),
            ("packages/ui/package.json", &package("ui", "start-storybook -p 6006")),
            ("packages/docs/package.json", &package("docs", "next dev")),
            ("packages/legacy/package.json", &package("legacy", "react-scripts start")),
        ],
    );
    machine.init(&shop);
    let mut found = defaults(&shop);
    found.sort();
    assert_eq!(
        found,
        ["ADMIN_PORT=3002", "DOCS_PORT=3000", "LEGACY_PORT=3000", "SHOP_PORT=3001", "UI_PORT=6006"]
    );
    let mut numbers: Vec<String> = lines(&shop);
    numbers.sort_by_key(|line| line.split('=').nth(1).map(str::to_owned));
    numbers.dedup_by_key(|line| line.split('=').nth(1).map(str::to_owned));
    assert_eq!(numbers.len(), 5, "{numbers:?}");
}

#[test]
fn a_procfile_gets_its_servers_and_no_database() {
    let machine = Machine::new();
    let shop = machine.project(
        "shop",
        &[
            ("Procfile", "web: rails s -p 3000\napi: node api.js\nworker: sidekiq\n"),
            ("api.js", "require('http').createServer().listen(process.env.PORT || 4000);\n"),
        ],
    );
    machine.init(&shop);
    assert_eq!(defaults(&shop), ["PORT=4000", "WEB_PORT=3000"]);
}

#[test]
fn a_misspelled_variable_gets_no_port_and_is_named() {
    let machine = Machine::new();
    let files = [
        ("a.js", "connect(process.env.QUEUE_PORT)\n"),
        ("b.js", "connect(process.env.QUEUE_PORT)\n"),
        ("c.js", "// the queue\nconnect(process.env.QEUE_PORT)\n"),
    ];
    let shop = machine.project("shop", &files);
    for is_new in [" new", ""] {
        let initialized = machine.init(&shop);
        assert_eq!(ports(&initialized), [format!("QUEUE_PORT=5670{is_new}")]);
        let misspelled = MisspelledVariable {
            variable: variable("QEUE_PORT"),
            meant: variable("QUEUE_PORT"),
            path: "c.js".into(),
            line: 2,
        };
        assert_eq!(initialized.misspelled, [misspelled]);
    }
    // Who lists it means it.
    fs::write(shop.as_path().join(".ports.env.example"), "QUEUE_PORT=5670\nQEUE_PORT=\n").unwrap();
    assert_eq!(ports(&machine.init(&shop)), ["QUEUE_PORT=5670", "QEUE_PORT=3000 new"]);
}

#[test]
fn variables_that_hold_no_port_of_ours_get_none() {
    let machine = Machine::new();
    let names = ["SERIAL_PORT", "PORT_TIMEOUT", "PORT_RANGE_START", "USE_X_FORWARD_PORT", "SMTP_PORT"];
    let code: String = names.iter().map(|name| format!("use(process.env.{name});\n")).collect();
    let code = format!("{code}require('http').createServer().listen(process.env.WEB_PORT);\n");
    let shop = machine.project("shop", &[("server.js", &code)]);
    assert_eq!(ports(&machine.init(&shop)), ["WEB_PORT=8000 new"]);
}

#[test]
fn a_project_that_was_set_up_before_gains_the_default_numbers() {
    let machine = Machine::new();
    let files = [
        ("server.js", "require('http').createServer().listen(process.env.WEB_PORT || 8080);\n"),
        ("job.js", "connect(process.env.DB_PORT || 5432); connect(process.env.REDIS_PORT || 6379);\n"),
        (".ports.env", "WEB_PORT=8003\nDB_PORT=5407\nREDIS_PORT=6301\n"),
        (".ports.env.example", "WEB_PORT=\nDB_PORT=5400\n"),
    ];
    let shop = machine.project("shop", &files);
    machine.init(&shop);
    assert_eq!(lines(&shop), ["WEB_PORT=8003", "DB_PORT=5407", "REDIS_PORT=6301"]);
    assert_eq!(defaults(&shop), ["WEB_PORT=8080", "DB_PORT=5400", "REDIS_PORT=6379"]);
}

#[test]
fn a_number_that_is_written_by_hand_is_the_codes_port() {
    let machine = Machine::new();
    let files = [("docs/serve.js", "createServer().listen(4000)\n"), (".ports.env", "MANUAL_PORT=4000\n")];
    let shop = machine.project("shop", &files);
    assert_eq!(ports(&machine.init(&shop)), ["MANUAL_PORT=4000 new"]);
}

#[test]
fn a_running_database_that_the_project_only_connects_to_keeps_its_number() {
    let machine = Machine::new();
    let code = "connect({ port: process.env.DB_PORT || 5432 });\n";
    machine.listen(5432);
    let client = machine.project("client", &[("job.js", code)]);
    assert_eq!(ports(&machine.init(&client)), ["DB_PORT=5432 new"]);

    // Who starts one of its own cannot have that number, and neither can another project.
    let compose = "services:\n  db:\n    image: postgres\n    ports: [\"${DB_PORT:-5432}:5432\"]\n";
    let owner = machine.project("owner", &[("job.js", code), ("compose.yaml", compose)]);
    assert_ne!(machine.init(&owner).ports[0].port, port(5432));
    let other = machine.project("other", &[("job.js", code)]);
    assert_ne!(machine.init(&other).ports[0].port, port(5432));
}

#[test]
fn a_plan_says_what_init_does_and_changes_nothing() {
    let machine = Machine::new();
    let left = (".ports.env.aB3dE6.port-manager.tmp", "WEB_P");
    let code = "require('http').createServer().listen(process.env.WEB_PORT || 8080);\n";
    let shop = machine.project("shop", &[("server.js", code), left]);
    let planned = plan_init(&machine.context, &shop, None).unwrap();
    let mut names: Vec<_> = fs::read_dir(shop.as_path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [left.0, "server.js"]);
    assert!(!machine.directory.join("config").exists(), "no registry and no lock");

    let done = machine.init(&shop);
    assert_eq!(Initialized { dry_run: false, ..planned }, done);
    assert_eq!(plan_init(&machine.context, &shop, None).unwrap().written, [""; 0].map(PathBuf::from));
}

#[test]
fn a_bundlers_server_and_the_api_behind_its_proxy_are_two_ports() {
    let machine = Machine::new();
    let config = "export default { server: { port: 5173, proxy: { '/api': 'http://localhost:8000' } } };\n";
    let shop = machine.project(
        "shop",
        &[
            ("package.json", r#"{"devDependencies": {"vite": "8"}}"#),
            ("vite.config.js", config),
            ("api.py", "from flask import Flask\n\napp = Flask(__name__)\napp.run(port=8000)\n"),
        ],
    );
    machine.init(&shop);
    let defaults = defaults(&shop);
    assert_eq!(defaults.len(), 2, "{defaults:?}");
    let variable = |number: &str| defaults.iter().find_map(|line| line.strip_suffix(number)).unwrap();
    let (page, api) = (variable("=5173"), variable("=8000"));
    assert_ne!(page, api);
    let map = port_map(&shop, &ServiceTypes::default()).unwrap().map;
    let places = |name: &str| map.of_variable(&super::variable(name)).unwrap().places.len();
    assert_eq!((places(page), places(api)), (1, 2), "the proxy and the API are one port");
}

#[test]
fn a_name_that_pages_read_is_the_projects_variable() {
    let machine = Machine::new();
    let shop = machine.project(
        "shop",
        &[
            (
                "web/package.json",
                r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "8"}}"#,
            ),
            ("web/src/api.ts", "fetch(`http://localhost:${import.meta.env.VITE_API_PORT || 5000}/`);\n"),
            ("api/server.js", "server.listen(process.env.API_PORT || 5000);\n"),
        ],
    );
    assert_eq!(ports(&machine.init(&shop)), ["API_PORT=5000 new"]);
    assert!(read(&shop, "port-manager.toml").ends_with("[run.\".\"]\nVITE_API_PORT = \"API_PORT\"\n"));
    assert_eq!(machine.init(&shop).written, Vec::<PathBuf>::new(), "a second time nothing is written");
}

#[test]
fn a_second_variable_of_one_port_gets_no_number() {
    let machine = Machine::new();
    let files: &[(&str, &str)] = &[
        ("app/package.json", r#"{"dependencies": {"expo": "57", "react-native": "0.86"}}"#),
        ("app/src/shop.ts", "fetch(`http://${host}:${process.env.EXPO_PUBLIC_SHOP_PORT || 5000}/`);\n"),
        ("compose.yaml", "services:\n  proxy:\n    image: envoy\n    ports: [\"${PROXY_PORT:-5000}:80\"]\n"),
        ("web/client.js", "fetch(`http://localhost:${process.env.STORE_PORT || 5001}/`);\n"),
        ("api/server.js", "createServer().listen(process.env.API_PORT || 5001);\n"),
    ];
    let shop = machine.project("shop", files);
    assert_eq!(ports(&machine.init(&shop)), ["PROXY_PORT=5000 new", "API_PORT=5001 new"]);
    assert!(read(&shop, "port-manager.toml").contains("EXPO_PUBLIC_SHOP_PORT = \"PROXY_PORT\"\n"));
}
