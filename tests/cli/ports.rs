//! `port-manager ports`

use crate::home::Home;
use crate::pty::Pty;

/// A shop of two packages, a database in a container, and a test that knows the web server's number.
fn shop(home: &Home) {
    home.write("shop/.git/HEAD", "")
        .write("shop/.ports.env.example", "DB_PORT=5432\n")
        .write("shop/web/package.json", "{\"name\": \"@shop/web\"}\n")
        .write("shop/web/server.js", "server.listen(process.env.PORT || 3000)\n")
        .write("shop/api/pyproject.toml", "")
        .write("shop/api/app.py", "app.run(port=5000)\n")
        .write("shop/web/api.js", "fetch('http://localhost:5000/orders')\n")
        .write(
            "shop/compose.yaml",
            "services:\n  db:\n    image: postgres\n    ports: [\"${DB_PORT:-5432}:5432\"]\n",
        )
        .write(
            "shop/tests/page.test.js",
            "fetch('http://localhost:3000/')\nfetch('http://localhost:9999/')\n",
        );
}

#[test]
fn a_project_is_understood_by_its_ports() {
    let home = Home::new();
    shop(&home);
    insta::assert_snapshot!(home.run("shop", &["ports"]).seen(&home), @r"
    VARIABLE  DEFAULT  SERVICE  LISTENS          CONNECTS      PLACES
    PORT         3000  web      web/server.js:1  -                  2
    API_PORT     5000  api      api/app.py:1     web/api.js:1       2
    DB_PORT      5432  db       compose.yaml:4   -                  2
    --- stderr

    shop has 3 ports.
    Next: `port-manager init` gives them numbers of this machine.
    1 more is of containers, tests or other servers; --all shows them.
    --- exit code 0
    ");
    let others = home.run("shop", &["ports", "--all"]);
    assert!(others.stdout.lines().any(|line| line.contains("9999")), "{others:?}");
}

#[test]
fn what_only_people_can_change_is_listed_and_nothing_else() {
    let home = Home::new();
    let go = |go: &str| format!("module shop\n\ngo {go}\n");
    home.write("shop/.git/HEAD", "")
        .write("shop/main.go", "package main\n\nfunc main() {\n\thttp.ListenAndServe(\":8080\", nil)\n}\n")
        .write("shop/go.mod", go("1.22"));
    let by_hand = |home: &Home| {
        let seen = home.run("shop", &["ports"]).stdout;
        seen.lines()
            .skip_while(|line| !line.starts_with("BY HAND"))
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(by_hand(&home), [""; 0], "a fix writes `cmp.Or`");
    home.write("shop/go.mod", go("1.21"));
    assert_eq!(by_hand(&home), ["WEB_PORT  main.go:4:24"]);

    home.write("shop/go.mod", go("1.22")).write("shop/.env", "WEB_URL=http://localhost:8080\n");
    assert_eq!(by_hand(&home), ["WEB_PORT  .env:1:26"]);
    home.write("shop/port-manager.toml", "[env]\nWEB_URL = \"http://localhost:${WEB_PORT}\"\n");
    assert_eq!(by_hand(&home), [""; 0], "`[env]` computes it");
}

#[test]
fn a_narrow_terminal_shows_the_ends_of_paths_and_fewer_columns() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write(
            "shop/services/storefront/source/server.js",
            "server.listen(process.env.STOREFRONT_PORT || 3000)\n",
        )
        .write("shop/services/storefront/source/client.js", "fetch('http://localhost:3000/')\n");
    let wide = home.run("shop", &["ports"]).stdout;
    assert!(wide.contains("services/storefront/source/server.js:1"), "{wide}");
    for (columns, expected, has_service) in
        [(100, "…/source/server.js:1", true), (60, " …/server.js:1", false)]
    {
        let mut command = home.command("shop", &["ports"]);
        command.env("NO_COLOR", "1");
        let (seen, _) = Pty::start(command, columns).end();
        assert!(seen.contains(expected), "{columns}: {seen}");
        assert_eq!(seen.contains("SERVICE"), has_service, "{columns}: {seen}");
    }
}

#[test]
fn json_has_every_place_with_its_role_and_runtime() {
    let home = Home::new();
    shop(&home);
    home.write("shop/.ports.env", "DB_PORT=5499\n");
    let report = home.run("", &["ports", "shop", "--json"]).json();
    let port = |variable: &str| {
        let ports = report["ports"].as_array().unwrap();
        ports.iter().find(|port| port["variable"] == variable).unwrap_or_else(|| panic!("{report:#}")).clone()
    };
    let api = port("API_PORT");
    assert_eq!(
        (&api["default"], &api["assigned"], &api["service"]),
        (&5000.into(), &serde_json::Value::Null, &"api".into())
    );
    assert_eq!(api["listens"][0]["path"], "api/app.py");
    assert_eq!(api["connects"][0]["path"], "web/api.js");
    assert_eq!((&api["connects"][0]["line"], &api["connects"][0]["runtime"]), (&1.into(), &"host".into()));
    assert_eq!(port("DB_PORT")["assigned"], 5499);
    assert_eq!(port("PORT")["naming"], "read");
    let tested = report["ports"].as_array().unwrap().iter().find(|port| port["default"] == 9999).unwrap();
    assert_eq!(tested["is_decided_here"], false);
}

#[test]
fn a_project_without_ports_says_so() {
    let home = Home::new();
    home.write("notes/.git/HEAD", "").write("notes/readme.js", "console.log('hello')\n");
    insta::assert_snapshot!(home.run("notes", &["ports"]).seen(&home), @r"
    --- stderr
    notes has no ports.
    --- exit code 1
    ");
}
