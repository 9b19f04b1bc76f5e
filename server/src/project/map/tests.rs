use std::path::PathBuf;

use super::*;
use crate::analysis::{Language, Packs, SyntaxCache, analyze};
use crate::project::runtime::Runtime;

/// The map of a project with these files, with a component in each directory that has a `package.json`.
fn map(files: &[(&str, &str)]) -> PortMap {
    remembering(files, &[])
}

/// The same, with what `.ports.env.example` lists.
fn remembering(files: &[(&str, &str)], listed: &[(&str, u16)]) -> PortMap {
    renaming(files, listed, &[])
}

/// The same, with the variables that components read as `PORT`, by directory.
fn renaming(files: &[(&str, &str)], listed: &[(&str, u16)], renamed: &[(&str, &str)]) -> PortMap {
    let mut survey = Survey::default();
    for (path, text) in files {
        survey.add(Path::new(path), text);
    }
    let places = files.iter().filter_map(|(path, text)| {
        let path = Path::new(path);
        let language = Language::of_path(path)?;
        let analysis = analyze(text, language, &mut SyntaxCache::default());
        Some(FilePlaces::of(path, text, language, &analysis, Packs::built_in(), &survey.around(path)))
    });
    let memory = Memory {
        listed: listed.iter().map(|(name, number)| (name.parse().unwrap(), Port::new(*number))).collect(),
        renamed: renamed
            .iter()
            .map(|(directory, variable)| Renamed {
                directory: directory.into(),
                name: Variable::bare(),
                variable: variable.parse().unwrap(),
            })
            .collect(),
        types: ServiceTypes::default(),
    };
    PortMap::of(places.collect::<Vec<_>>(), memory, survey)
}

/// `WEB_PORT 8080: web/server.js:1 listens`, a line a port.
fn shown(map: &PortMap) -> Vec<String> {
    map.ports()
        .iter()
        .map(|port| {
            let number = port.default.map_or("-".to_owned(), |it| it.to_string());
            let bare = port
                .reads_bare_port
                .as_ref()
                .map(|it| format!(" (PORT of {})", it.display()))
                .unwrap_or_default();
            let mark = if port.is_decided_here() { "" } else { " elsewhere" };
            format!("{} {number}{bare}{mark}: {}", port.variable, port.places.len())
        })
        .collect()
}

#[test]
fn one_number_in_server_client_and_compose_is_one_port() {
    let map = map(&[
        ("server.js", "server.listen(4321)\n"),
        ("client.js", "fetch('http://localhost:4321/')\n"),
        ("compose.yaml", "services:\n  shop:\n    build: .\n    ports: [\"4321:4321\"]\n"),
    ]);
    assert_eq!(shown(&map), ["SHOP_PORT 4321: 3"]);
}

#[test]
fn a_variable_that_the_code_reads_is_the_ports_name() {
    let map = map(&[
        ("server.js", "server.listen(process.env.STORE_PORT || 5000)\n"),
        ("client.js", "fetch('http://localhost:5000/')\n"),
    ]);
    assert_eq!(shown(&map), ["STORE_PORT 5000: 3"]);
}

#[test]
fn one_component_that_reads_port_keeps_that_name() {
    let map = map(&[("server.js", "server.listen(process.env.PORT || 3000)\n")]);
    assert_eq!(shown(&map), ["PORT 3000: 2"]);
}

#[test]
fn several_components_that_read_port_have_a_variable_each() {
    let map = map(&[
        ("packages/web/package.json", "{}"),
        ("packages/web/server.js", "server.listen(process.env.PORT || 3000)\n"),
        ("packages/api/package.json", "{}"),
        ("packages/api/server.js", "server.listen(process.env.PORT || 3001)\n"),
        ("packages/docs/package.json", "{}"),
        ("packages/docs/server.js", "server.listen(process.env.PORT || 3002)\n"),
    ]);
    assert_eq!(
        shown(&map),
        [
            "WEB_PORT 3000 (PORT of packages/web): 2",
            "API_PORT 3001 (PORT of packages/api): 2",
            "DOCS_PORT 3002 (PORT of packages/docs): 2",
        ]
    );
}

#[test]
fn a_table_says_which_variable_is_the_port_of_a_component() {
    let files = [
        ("packages/web/package.json", "{}"),
        ("packages/web/server.js", "server.listen(process.env.PORT || 3000)\n"),
        ("packages/api/package.json", "{}"),
        ("packages/api/server.js", "server.listen(process.env.PORT || 3001)\n"),
        ("packages/docs/package.json", "{}"),
        ("packages/docs/server.js", "server.listen(process.env.PORT || 3002)\n"),
    ];
    let tables = [("packages/web", "SHOP_PORT"), ("packages/api", "API_PORT")];
    let expected = [
        "SHOP_PORT 3000 (PORT of packages/web): 2",
        "API_PORT 3001 (PORT of packages/api): 2",
        "DOCS_PORT 3002 (PORT of packages/docs): 2",
    ];
    let sorted = |map: &PortMap| {
        let mut shown = shown(map);
        shown.sort_by_key(|line| expected.iter().position(|expected| expected == line));
        shown
    };
    assert_eq!(sorted(&renaming(&files, &[], &tables)), expected);
    // As `init` left it: what it listed is not listed again.
    assert_eq!(sorted(&renaming(&files, &[("SHOP_PORT", 3000), ("API_PORT", 3001)], &tables)), expected);
}

#[test]
fn two_components_that_listen_on_one_number_have_two_ports() {
    let map = map(&[
        ("packages/web/package.json", "{}"),
        ("packages/web/server.js", "server.listen(3000)\n"),
        ("packages/web/ready.js", "fetch('http://localhost:3000/')\n"),
        ("packages/admin/package.json", "{}"),
        ("packages/admin/server.js", "server.listen(3000)\n"),
        ("smoke.js", "fetch('http://localhost:3000/')\n"),
    ]);
    assert_eq!(shown(&map), ["WEB_PORT 3000: 2", "ADMIN_PORT 3000: 1"]);
    let number = Port::new(3000).unwrap();
    let span = "fetch('http://localhost:".len().."fetch('http://localhost:3000".len();
    assert!(map.at(Path::new("smoke.js"), &span).is_none(), "it may mean either");
    assert_eq!(map.with_default(number).count(), 2);
}

#[test]
fn what_compose_passes_into_a_container_is_no_port_of_this_machine() {
    let compose = "services:\n  app:\n    build: .\n    environment:\n      DB_HOST: db\n      DB_PORT: \"${DB_PORT:-3306}\"\n  db:\n    image: mysql\n    ports: [\"3306:3306\"]\n";
    let map = map(&[
        ("compose.yaml", compose),
        ("app.js", "connect(process.env.DB_PORT || 3306, process.env.DB_HOST)\n"),
    ]);
    assert_eq!(shown(&map), ["DB_HOST_PORT 3306: 1"]);
}

#[test]
fn the_example_remembers_which_variable_a_number_is() {
    let files = [("server.js", "server.listen(8080)\n")];
    let map = remembering(&files, &[("STORE_PORT", 8080), ("DB_PORT", 5432)]);
    assert_eq!(shown(&map), ["STORE_PORT 8080: 1", "DB_PORT 5432: 0"]);
}

#[test]
fn listed_variables_with_one_number_stay_with_their_components() {
    let files = [
        ("packages/web/package.json", "{}"),
        ("packages/web/server.js", "server.listen(3000)\n"),
        ("packages/admin/package.json", "{}"),
        ("packages/admin/server.js", "server.listen(3000)\nfetch('http://localhost:3000/')\n"),
        ("packages/zoo/package.json", "{}"),
        ("packages/zoo/server.js", "server.listen(3000)\n"),
    ];
    // In the order that `init` wrote them in, which is not that of the files.
    let map = remembering(&files, &[("ZOO_PORT", 3000), ("WEB_PORT", 3000), ("ADMIN_PORT", 3000)]);
    let of = |path: &str, start: usize| {
        let port = map.at(Path::new(path), &(start..start + 4)).unwrap().0;
        port.variable.to_string()
    };
    let listens = "server.listen(".len();
    assert_eq!(of("packages/admin/server.js", listens), "ADMIN_PORT");
    assert_eq!(
        of("packages/admin/server.js", "server.listen(3000)\nfetch('http://localhost:".len()),
        "ADMIN_PORT"
    );
    assert_eq!(of("packages/web/server.js", listens), "WEB_PORT");
    assert_eq!(of("packages/zoo/server.js", listens), "ZOO_PORT");
}

#[test]
fn variables_of_other_peoples_servers_are_not_ours() {
    let map = map(&[(
        "app.js",
        "const a = process.env.SMTP_PORT, b = process.env.SERIAL_PORT, c = process.env.USE_X_FORWARD_PORT, d = process.env.PORT_RANGE_START\n",
    )]);
    assert_eq!(shown(&map), [""; 0]);
}

#[test]
fn the_constant_that_a_server_listens_on_is_its_port() {
    let map =
        map(&[("api/app.py", "PORT = 5000\nREDIS_PORT = 6379\nserver = Server((\"\", PORT), Handler)\n")]);
    assert_eq!(shown(&map), ["API_PORT 5000: 1", "REDIS_PORT 6379 elsewhere: 1"]);
}

#[test]
fn a_providers_number_is_ours_only_where_the_project_publishes_it() {
    let app = ("app.js", "const port = process.env.MAIL_PORT || 587\n");
    assert_eq!(shown(&map(&[app])), ["MAIL_PORT 587 elsewhere: 2"]);
    let compose =
        ("compose.yaml", "services:\n  mail:\n    image: maildev\n    ports: [\"${MAIL_PORT}:1025\"]\n");
    assert_eq!(shown(&map(&[app, compose])), ["MAIL_PORT 587: 3"]);
    // The number that everybody's `.env` gives it is the one that the team knows.
    let env = (".env.example", "MAIL_PORT=1025\n");
    assert_eq!(shown(&map(&[app, compose, env])), ["MAIL_PORT 1025: 5"]);
}

#[test]
fn an_inspector_has_a_port_of_its_own() {
    let map = map(&[
        ("package.json", "{\"scripts\": {\"dev\": \"node --inspect=127.0.0.1:9229 server.js\"}}"),
        ("server.js", "server.listen(8080)\n"),
    ]);
    assert_eq!(shown(&map), ["WEB_PORT 8080: 1", "INSPECT_PORT 9229: 1"]);
}

#[test]
fn the_map_does_not_depend_on_the_order_of_files() {
    let files = [
        ("b.js", "server.listen(8080)\n"),
        ("a.js", "fetch('http://localhost:8080/')\n"),
        ("c.js", "fetch('http://localhost:9090/')\n"),
    ];
    let mut reversed = files;
    reversed.reverse();
    assert_eq!(map(&files).ports(), map(&reversed).ports());
}

#[test]
fn places_have_lines_and_columns() {
    let map = map(&[("server.js", "// grüße\nä(); server.listen(8080)\n")]);
    let place = &map.ports()[0].places[0];
    assert_eq!((place.path.clone(), place.line, place.column), (PathBuf::from("server.js"), 2, 20));
}

/// What the file says, as an editor has it.
fn places_of(map: &PortMap, path: &str, text: &str) -> FilePlaces {
    let path = Path::new(path);
    let language = Language::of_path(path).unwrap();
    let analysis = analyze(text, language, &mut SyntaxCache::default());
    FilePlaces::of(path, text, language, &analysis, Packs::built_in(), &map.around(path))
}

#[test]
fn text_above_a_port_moves_its_place_and_groups_nothing_again() {
    let client = "fetch('http://localhost:3000/')\n";
    let before = Arc::new(map(&[("server.js", "app.listen(3000)\n"), ("client.js", client)]));
    let with = |map: &Arc<PortMap>, text| map.with(places_of(map, "client.js", text), Memory::default());
    assert!(Arc::ptr_eq(&before, &with(&before, client)), "the same text is the same map");

    let after = with(&before, "// says hello\nfetch('http://localhost:3000/')\n");
    assert!(Arc::ptr_eq(&before.index, &after.index));
    let (port, place) = after.at(Path::new("client.js"), &(38..42)).unwrap();
    assert_eq!((port.places.len(), place.line, place.column), (2, 2, 25));
    assert!(port.places.contains(place));
    assert!(before.at(Path::new("client.js"), &(24..28)).is_some(), "who has the old map sees the old place");

    let other = with(&after, "fetch('http://localhost:3001/')\n");
    assert_eq!(shown(&other).len(), 2);
}

#[test]
fn a_program_of_one_file_names_its_port() {
    let map = map(&[
        ("prices.py", "app.run(port=5001)\n"),
        ("bin/guests.sh", "php -S localhost:9000 guests.php\n"),
        ("recipes.rb", "set :port, 4567\n"),
        // What only starts or sets up a server is not called like it.
        ("bin/dev.sh", "python manage.py runserver 8001\n"),
        ("webpack.config.js", "module.exports = { devServer: { port: 3000 } };\n"),
    ]);
    let names: Vec<_> = map.ports().iter().map(|port| port.variable.as_str()).collect();
    assert_eq!(names, ["WEB_PORT", "WEB_PORT_2", "GUESTS_PORT", "PRICES_PORT", "RECIPES_PORT"]);
}

#[test]
fn the_value_of_a_variable_that_holds_no_port_is_not_on_the_map() {
    for name in ["LIMIT", "SERIAL_PORT"] {
        let map = map(&[
            ("settings.yaml", &format!("environment:\n  - {name}=8095\n")),
            ("start.bat", &format!("set {name}=8096\r\n")),
        ]);
        assert_eq!(shown(&map), [""; 0], "{name}");
    }
}

#[test]
fn a_variable_that_is_published_is_ours_whatever_its_name() {
    let map = map(&[
        (
            "compose.yaml",
            "services:\n  mail:\n    image: mailpit\n    ports: [\"${SMTP_HOST_PORT:-1025}:1025\"]\n",
        ),
        ("mail.js", "connect(process.env.SMTP_PORT || 587)\n"),
    ]);
    assert_eq!(shown(&map)[0], "SMTP_HOST_PORT 1025: 2");
    assert!(map.of_variable(&"SMTP_PORT".parse().unwrap()).is_none());
}

#[test]
fn a_url_by_default_connects_to_the_server_with_its_number() {
    let map = map(&[
        ("orders.js", "server.listen(process.env.ORDERS_PORT || 3001)\n"),
        ("web.js", "fetch(process.env.ORDERS_URL || 'http://localhost:3001')\n"),
    ]);
    assert_eq!(shown(&map), ["ORDERS_PORT 3001: 3"]);
    assert_eq!(map.ports()[0].connecting().count(), 1);
}

#[test]
fn a_container_may_be_given_an_address_of_the_outside() {
    let runtimes = |ports: &str, name: &str| -> Vec<Runtime> {
        let text = format!(
            "services:\n  web:\n    image: web\n    ports: [\"{ports}\"]\n    environment:\n      {name}: http://localhost:8080\n"
        );
        let map = map(&[("compose.yaml", &text)]);
        map.ports().iter().flat_map(|port| port.connecting()).map(|place| place.runtime).collect()
    };
    assert_eq!(runtimes("8080:80", "SITE_ADDR"), [Runtime::Host]);
    assert_eq!(runtimes("${WEB_PORT:-8080}:80/tcp", "SITE_ADDR"), [Runtime::Host]);
    // Its own loopback, and what a browser is given.
    assert_eq!(runtimes("8080:8080", "SITE_ADDR"), [Runtime::Container]);
    assert_eq!(runtimes("8080:8080", "PUBLIC_URL"), [Runtime::Host]);
}

#[test]
fn the_containers_side_of_a_mapping_is_no_port_of_this_machine() {
    let compose = "services:\n  web:\n    build: .\n    ports:\n      - \"${BIND:-127.0.0.1:8000}:${PORT:-8000}\"\n      - \"${ADMIN_PORT}\"\n";
    let map = map(&[
        ("compose.yaml", compose),
        ("config/server.py", "bind = int(os.getenv('PORT', '8000'))\nadmin = os.getenv('ADMIN_PORT')\n"),
    ]);
    assert_eq!(shown(&map), ["WEB_PORT 8000: 1"]);
}

#[test]
fn what_an_env_file_hands_to_containers_is_theirs_unless_it_is_published() {
    let compose = "services:\n  api:\n    build: .\n    env_file: .env\n    ports: [\"3000:3000\"]\n  db:\n    image: postgres\n";
    let map = map(&[
        ("compose.yaml", compose),
        (".env.example", "API_PORT=3000\nDB_PORT=5432\n"),
        ("app.js", "listen(process.env.API_PORT); connect(process.env.DB_PORT)\n"),
    ]);
    assert_eq!(shown(&map), ["API_PORT 3000: 4"]);
}

#[test]
fn two_services_with_one_number_are_two_ports_where_one_is_published() {
    let compose = "services:\n  shop:\n    build: { context: shop }\n    ports: [\"3000:3000\"]\n  stock:\n    build: stock\n    expose: [\"3000\"]\n";
    let files = [("compose.yaml", compose), ("stock/server.js", "app.listen(3000)\n")];
    assert_eq!(shown(&map(&files)), ["SHOP_PORT 3000: 1", "STOCK_PORT 3000: 1"]);
    // The service that is published listens on it itself.
    let own = [files[0], ("shop/server.js", "app.listen(3000)\n")];
    assert_eq!(shown(&map(&own)), ["SHOP_PORT 3000: 2"]);
}

#[test]
fn what_only_root_may_listen_on_is_the_images() {
    let vote = ("vote/app.py", "app.run(host='0.0.0.0', port=80)\n");
    let image = ("vote/Dockerfile", "FROM python\nCOPY . .\n");
    assert_eq!(shown(&map(&[vote])), ["VOTE_PORT 80: 1"]);
    assert_eq!(shown(&map(&[vote, image])), ["VOTE_PORT 80 elsewhere: 1"]);
}

#[test]
fn a_client_of_a_compose_service_is_in_its_network() {
    let compose = "services:\n  cache:\n    image: redis\n    ports: [\"6379:6379\"]\n  web:\n    build: .\n";
    let map = map(&[
        ("compose.yaml", compose),
        ("app.py", "shared = Redis(host='cache', port=6379)\nown = Redis(host='localhost', port=6379)\n"),
    ]);
    let [port] = map.ports() else { panic!("{:?}", shown(&map)) };
    let runtimes: Vec<Runtime> = port.places.iter().map(|place| place.runtime).collect();
    assert_eq!(runtimes, [Runtime::Container, Runtime::Host, Runtime::Host]);
}

#[test]
fn a_lookup_beside_a_compose_service_is_in_its_network() {
    let compose = "services:\n  postgres:\n    image: postgres\n  web:\n    build: .\n";
    let settings = "DB = {'HOST': os.getenv('PG_HOST', 'postgres'), 'PORT': os.getenv('PG_PORT', '5432')}\n";
    assert_eq!(shown(&map(&[("compose.yaml", compose), ("settings.py", settings)])), [""; 0]);
}

#[test]
fn a_script_that_sets_a_variable_reads_no_environment() {
    let map = map(&[
        ("compose.yaml", "services:\n  stock:\n    image: stock\n    ports: [\"8081:8081\"]\n"),
        ("smoke.sh", "#!/bin/sh\nPORT=8081\ncurl \"http://localhost:$PORT/\"\n"),
    ]);
    assert_eq!(shown(&map), ["STOCK_PORT 8081: 2"]);
}

#[test]
fn port_in_an_env_file_is_a_variable_that_something_loads() {
    let compose = "services:\n  node-app:\n    build: .\n    ports: [\"3000:3000\"]\n";
    let map = map(&[(".env.example", "PORT=3000\n"), ("compose.yml", compose)]);
    assert_eq!(shown(&map), ["PORT 3000: 3"]);
}

#[test]
fn a_port_that_a_program_has_beside_its_own_says_what_for() {
    let compose = "services:\n  result:\n    build: ./result\n    ports: [\"8081:80\", \"9229:9229\"]\n";
    assert_eq!(
        shown(&map(&[("compose.yml", compose)])),
        ["RESULT_PORT 8081: 1", "RESULT_INSPECT_PORT 9229: 1"]
    );
}

#[test]
fn a_mapping_without_a_name_has_that_of_what_is_behind_it() {
    let map = map(&[("Makefile", "db:\n\tdocker run -p 6432:5432 -d registry.example/x\n")]);
    assert_eq!(shown(&map), ["DB_PORT 6432: 1"]);
}

#[test]
fn services_are_called_as_the_project_calls_them() {
    let compose = "services:\n  config-server:\n    image: a\n    ports: [\"8888:8888\"]\n  web1:\n    image: b\n    ports: [\"81:5000\"]\n  app:\n    image: c\n    ports: [\"4200:4200\"]\n";
    let mut shown = shown(&map(&[("compose.yaml", compose)]));
    shown.sort();
    assert_eq!(shown, ["CONFIG_SERVER_PORT 8888: 1", "WEB1_PORT 81: 1", "WEB_PORT 4200: 1"]);
}

#[test]
fn directories_name_a_port_only_where_they_agree() {
    let go = "package main\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n";
    assert_eq!(shown(&map(&[("chat/main.go", go)])), ["CHAT_PORT 8080: 1"]);
    assert_eq!(shown(&map(&[("chat/main.go", go), ("cookie/main.go", go)])), ["WEB_PORT 8080: 2"]);
    assert_eq!(
        shown(&map(&[("src/main/kotlin/App.kt", "embeddedServer(Netty, 8080).start()\n")])),
        ["WEB_PORT 8080: 1"]
    );
}

#[test]
fn further_ports_of_a_service_have_their_number_in_the_name() {
    let compose = "services:\n  hole:\n    image: hole\n    ports: [\"53:53\", \"8443:443\"]\n";
    assert_eq!(shown(&map(&[("compose.yml", compose)])), ["HOLE_8443_PORT 8443: 1", "HOLE_PORT 53: 1"]);
}

#[test]
fn a_variable_beside_a_host_that_is_a_service_is_the_networks() {
    let compose = |ports| {
        format!(
            "services:\n  web:\n    build: .\n    environment: [DATABASE_HOST=db]\n  db:\n    image: mysql\n{ports}"
        )
    };
    let read = ("db.js", "connect({ port: process.env.DATABASE_PORT })\n");
    assert_eq!(shown(&map(&[("compose.yaml", &compose("")), read])), [""; 0]);
    // The same number, published: programs of this machine connect there, too.
    let published = compose("    ports: [\"3306:3306\"]\n");
    let falls = ("db.js", "connect({ port: process.env.DATABASE_PORT || 3306 })\n");
    assert_eq!(shown(&map(&[("compose.yaml", &published), falls])), ["DATABASE_PORT 3306: 3"]);
}

#[test]
fn what_ci_gives_a_variable_is_not_its_default() {
    let map = map(&[
        ("server.js", "listen(process.env.STORE_PORT)\n"),
        (".github/workflows/ci.yml", "env:\n  STORE_PORT: 5555\n"),
        (".env.example", "STORE_PORT=6000\n"),
    ]);
    assert_eq!(map.ports()[0].default, Port::new(6000));
}

#[test]
fn a_compose_file_of_any_name_has_two_sides() {
    let compose = "services:\n  web:\n    image: web\n    ports: [\"${WEB_PORT:-8080}:${PORT:-80}\"]\n";
    assert_eq!(shown(&map(&[("deploy/local.yml", compose)])), ["WEB_PORT 8080: 2"]);
}

#[test]
fn a_default_below_its_lookup_is_the_variables() {
    let go = "package main\n\nfunc main() {\n\tport := os.Getenv(\"STORE_PORT\")\n\tif port == \"\" {\n\t\tport = \"8080\"\n\t}\n\thttp.ListenAndServe(\":\"+port, nil)\n}\n";
    assert_eq!(shown(&map(&[("main.go", go)])), ["STORE_PORT 8080: 2"]);
}

#[test]
fn a_number_that_a_variable_takes_the_place_of_is_its_default() {
    let settings = "server {\n  port = 8080\n  port = ${?STORE_PORT}\n}\n";
    assert_eq!(shown(&map(&[("application.conf", settings)])), ["STORE_PORT 8080: 2"]);
}

#[test]
fn the_address_of_a_database_that_a_variable_falls_back_to_is_not_ours() {
    let client = "const url = process.env.MONGODB_URI || 'mongodb://localhost:27017/shop'\n";
    assert_eq!(shown(&map(&[("db.js", client)])), ["DB_PORT 27017 elsewhere: 1"]);
}

#[test]
fn an_entry_of_a_list_of_processes_names_its_port() {
    let map = map(&[
        ("Procfile", "api: uvicorn api.main:app --port 3001\nadmin: node admin.js --port 4001\n"),
        (
            "ops/process-compose.yaml",
            "processes:\n  jobs:\n    command: uvicorn jobs:app --port 3002\n  mailer:\n    command: \"node m.js --port 4002\"\n",
        ),
    ]);
    let shown = shown(&map);
    for expected in ["API_PORT 3001: 1", "ADMIN_PORT 4001: 1", "JOBS_PORT 3002: 1", "MAILER_PORT 4002: 1"] {
        assert!(shown.iter().any(|it| it == expected), "{expected}: {shown:?}");
    }
}

#[test]
fn the_key_around_a_port_of_settings_names_it() {
    let settings =
        "export default defineConfig({\n  server: { port: 5173 },\n  preview: { port: 4173 },\n})\n";
    assert_eq!(shown(&map(&[("vite.config.js", settings)])), ["WEB_PORT 5173: 1", "PREVIEW_PORT 4173: 1"]);
}

#[test]
fn a_program_that_uses_a_database_is_not_the_database() {
    let server = "require('express')().listen(8080)\n";
    let shown = shown(&map(&[
        ("databases/redis/package.json", "{}"),
        ("databases/redis/server.js", server),
        ("databases/redis-session/package.json", "{}"),
        ("databases/redis-session/server.js", server),
        ("databases/postgres/package.json", "{}"),
        ("databases/postgres/server.js", "require('x').listen(5432)\n"),
    ]));
    assert!(shown.contains(&"REDIS_8080_PORT 8080: 1".to_owned()), "{shown:?}");
    assert!(shown.contains(&"REDIS_SESSION_PORT 8080: 1".to_owned()), "{shown:?}");
    assert!(shown.contains(&"POSTGRES_PORT 5432: 1".to_owned()), "{shown:?}");
}

#[test]
fn a_variable_that_only_an_env_file_reads_is_not_decided_here() {
    let env = "BROKER_PORT=9093\nBROKER=${BROKER_HOST}:${BROKER_PORT}\nAPI_PORT=5001\nURL=http://localhost:${API_PORT}/\n";
    let map = map(&[(".env", env)]);
    let is_decided = |name: &str| map.of_variable(&name.parse().unwrap()).unwrap().is_decided_here();
    assert!(!is_decided("BROKER_PORT"));
    assert!(is_decided("API_PORT"));
}

#[test]
fn the_address_that_a_server_falls_back_to_is_its_own() {
    let server = |variable: &str| {
        format!(
            "fn main() {{\n    let address = std::env::var(\"{variable}\").unwrap_or_else(|_| \"127.0.0.1:8009\".into());\n    HttpServer::new(app).bind(address);\n}}\n"
        )
    };
    let is_decided = |variable: &str| {
        let map = map(&[("shop/Cargo.toml", ""), ("shop/src/main.rs", &server(variable))]);
        map.ports()[0].listening().next().is_some()
    };
    assert!(is_decided("ADDRESS"));
    assert!(!is_decided("CATALOG_ADDRESS"));
}

#[test]
fn a_client_that_reads_another_variable_has_a_twin() {
    let client = "fetch(`http://localhost:${process.env.SERVER_PORT || 5000}/`)\n";
    for server in [
        ("api/server.js", "require('http').createServer().listen(process.env.API_PORT || 5000)\n"),
        ("compose.yaml", "services:\n  api:\n    image: shop\n    ports: [\"${API_PORT:-5000}:80\"]\n"),
    ] {
        let map = map(&[server, ("web/client.js", client)]);
        let of = |name: &str| map.of_variable(&name.parse().unwrap()).unwrap();
        for port in ["API_PORT", "SERVER_PORT"] {
            let twins = map.twins(of(port)).unwrap();
            assert_eq!(
                (&twins.listening.variable, &twins.silent.variable),
                (&of("API_PORT").variable, &of("SERVER_PORT").variable)
            );
        }
    }
    // What a file of settings reads may be inside of the container.
    let settings = "export const port = process.env.SERVER_PORT || 5000\n";
    let compose = "services:\n  api:\n    image: shop\n    ports: [\"${API_PORT:-5000}:80\"]\n";
    let map = map(&[("compose.yaml", compose), ("api/settings.js", settings)]);
    assert!(map.ports().iter().all(|port| map.twins(port).is_none()));
}

#[test]
fn the_configuration_of_a_program_goes_before_its_own_number() {
    let procfile = ("Procfile", "web: bundle exec puma -C config/puma.rb\n");
    assert_eq!(shown(&map(&[procfile])), ["PORT 9292: 1"]);
    let configuration = ("config/puma.rb", "port ENV.fetch(\"PORT\") { 3000 }\n");
    let both = map(&[procfile, configuration]);
    assert_eq!(both.ports()[0].default, Port::new(3000), "{:?}", shown(&both));
}
