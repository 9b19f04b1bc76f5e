//! Findings that only the map of a project's ports can make.

use crate::home::Home;

/// The findings of a project: grade, rule, place and message, one a line.
fn findings(home: &Home, arguments: &[&str]) -> Vec<String> {
    let ran = home.run("shop", &[&["check", "--json"], arguments].concat());
    let finding = |line: &str| {
        let it: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| it[name].as_str().unwrap().to_owned();
        format!("{} {} {}:{} {}", text("grade"), text("rule"), text("path"), it["line"], text("message"))
    };
    ran.stdout.lines().map(finding).collect()
}

/// One place has one finding.
fn assert_one_finding_a_place(home: &Home) {
    let ran = home.run("shop", &["check", "--json"]);
    let mut places = std::collections::HashSet::new();
    for line in ran.stdout.lines() {
        let it: serde_json::Value = serde_json::from_str(line).unwrap();
        let place = format!("{} {} {}", it["path"], it["line"], it["column"]);
        assert!(places.insert(place), "two findings: {line}");
    }
}

fn shop(files: &[(&str, &str)]) -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "").write("shop/.gitignore", ".ports.env\n");
    for (path, text) in files {
        home.write(&format!("shop/{path}"), text);
    }
    assert_eq!(home.run("shop", &["init"]).code, Some(0));
    home
}

#[test]
fn an_address_default_follows_the_ports_variable_after_a_fix() {
    let home = shop(&[
        ("api/app.py", "import os\n\nserver.run(port=int(os.environ.get(\"API_PORT\", \"5000\")))\n"),
        ("web/server.js", "const API = process.env.API_URL || \"http://localhost:5000/v1\";\n"),
        ("wait.sh", "#!/bin/sh\ncurl \"${API_URL:-http://localhost:5000}/health\"\n"),
    ]);
    let message = "port 5000 is hardcoded in the default of API_URL, but api/app.py:3 reads API_PORT for it: read that \
                   here, too";
    assert_eq!(
        findings(&home, &[]),
        ["wait.sh:2", "web/server.js:1"].map(|place| format!("warning hardcoded-port {place} {message}"))
    );
    assert_one_finding_a_place(&home);
    let ran = home.run("shop", &["check", "--fix"]);
    assert!(ran.stderr.starts_with("Fixed 2 places in 2 files."), "{}", ran.stderr);
    assert_eq!(
        home.read("shop/web/server.js"),
        "const API = process.env.API_URL || `http://localhost:${process.env.API_PORT || 5000}/v1`;\n"
    );
    assert!(home.read("shop/wait.sh").contains("${API_URL:-http://localhost:${API_PORT:-5000}}/health"));
    assert_eq!(findings(&home, &[]), [""; 0]);
    let again = home.run("shop", &["check", "--fix"]);
    assert_eq!((again.code, again.stderr.contains("Fixed")), (Some(0), false), "{}", again.stderr);
}

#[test]
fn a_literal_left_behind_names_a_place_that_reads_the_variable() {
    let home = shop(&[
        ("api/app.py", "import os\n\nserver.run(port=int(os.environ.get(\"API_PORT\", \"5000\")))\n"),
        ("web/client.js", "fetch('http://localhost:5000/');\n"),
        ("dev.sh", "#!/bin/sh\nAPI_PORT=5000\ncurl localhost:$API_PORT\n"),
    ]);
    let found = findings(&home, &["--only", "hardcoded-port"]);
    assert_eq!(
        found,
        [
            "warning hardcoded-port dev.sh:2 port 5000 is hardcoded",
            "warning hardcoded-port web/client.js:1 port 5000 is hardcoded where a client connects, but api/app.py:3 reads \
             API_PORT for it: read that here, too"
        ]
    );
}

#[test]
fn a_number_that_two_components_type_names_both() {
    let home = shop(&[
        ("web/package.json", "{\"name\": \"web\"}\n"),
        ("web/server.js", "app.listen(3000);\n"),
        ("admin/package.json", "{\"name\": \"admin\"}\n"),
        ("admin/server.js", "app.listen(3000);\n"),
        ("smoke.sh", "#!/bin/sh\ncurl http://localhost:3000/\n"),
    ]);
    assert_eq!(
        findings(&home, &["--only", "hardcoded-port"]),
        [
            "warning hardcoded-port admin/server.js:1 port 3000 is hardcoded where the service listens; web/server.js:1 \
             listens on the same number, as WEB_PORT: give each of the two its own variable, or only one of them can run",
            "warning hardcoded-port smoke.sh:2 port 3000 is hardcoded where a client connects; it may be WEB_PORT \
             (web/server.js:1) or ADMIN_PORT (admin/server.js:1): choose one",
            "warning hardcoded-port web/server.js:1 port 3000 is hardcoded where the service listens; admin/server.js:1 \
             listens on the same number, as ADMIN_PORT: give each of the two its own variable, or only one of them can run",
        ]
    );
    assert_one_finding_a_place(&home);
}

#[test]
fn two_variables_for_one_port_are_one_finding_each_place() {
    let home = shop(&[
        ("api/server.js", "app.listen(process.env.API_PORT || 5000);\n"),
        ("web/client.js", "fetch(`http://localhost:${process.env.SERVER_PORT || 5000}/`);\n"),
    ]);
    home.write("shop/.ports.env", "API_PORT=5000\n");
    let found = findings(&home, &["--only", "duplicate-port-variable", "--only", "unset-port-variable"]);
    let both = "SERVER_PORT and API_PORT both fall back to 5000, where one service listens";
    assert_eq!(
        found,
        [format!("note duplicate-port-variable web/client.js:1 {both}: read API_PORT here, too")]
    );

    home.write("shop/.ports.env", "API_PORT=5000\nSERVER_PORT=8100\n");
    let found = findings(&home, &["--only", "duplicate-port-variable"]);
    assert_eq!(
        found,
        [format!(
            "warning duplicate-port-variable web/client.js:1 {both}; on this machine they are 8100 and 5000, so the \
             client does not find it: read API_PORT here, too"
        )]
    );
    assert_one_finding_a_place(&home);

    // Where only the client's variable has a number, the server is to read that.
    home.write("shop/.ports.env", "SERVER_PORT=5000\n");
    let found = findings(&home, &["--only", "duplicate-port-variable"]);
    assert!(found[0].starts_with("note duplicate-port-variable api/server.js:1 "), "{found:?}");
}

#[test]
fn two_services_with_one_default_are_two_ports() {
    let home = shop(&[
        ("web/package.json", "{\"name\": \"web\"}\n"),
        ("web/server.js", "app.listen(process.env.WEB_PORT || 3000);\n"),
        ("admin/package.json", "{\"name\": \"admin\"}\n"),
        ("admin/server.js", "app.listen(process.env.ADMIN_PORT || 3000);\n"),
    ]);
    assert_eq!(findings(&home, &["--only", "duplicate-port-variable"]), [""; 0]);
}

#[test]
fn a_default_decides_where_nothing_gives_port_a_number() {
    let home = shop(&[("server.js", "app.listen(process.env.PORT || 3000);\n")]);
    assert_eq!(findings(&home, &["--only", "unset-port-variable"]), [""; 0], "`init` gave it one");
    home.write("shop/.ports.env", "");
    assert_eq!(
        findings(&home, &["--only", "unset-port-variable"]),
        ["note unset-port-variable server.js:1 PORT is not defined in `.ports.env`: the default is used"]
    );
}
