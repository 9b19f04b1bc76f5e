//! `port-manager init`

use crate::home::Home;

/// Which number of its range a variable gets depends on what listens on this machine.
fn seen(home: &Home, arguments: &[&str]) -> String {
    numbers_masked(&home.run("shop", arguments).seen(home))
}

fn numbers_masked(seen: &str) -> String {
    let numbers = regex::Regex::new(r"\b(80|81|54)\d\d\b").unwrap();
    numbers.replace_all(seen, "${1}xx").into_owned()
}

#[test]
fn a_project_gets_its_ports_and_keeps_them() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n")
        .write("shop/job.py", "import os\nconnect(port=os.environ['DB_PORT'])\n");
    insta::assert_snapshot!(seen(&home, &["init", "."]), @r"
    VARIABLE  DEFAULT  PORT  SERVICE
    WEB_PORT        -  80xx  web      new
    DB_PORT         -  54xx  db       new
    --- stderr

    shop has 2 ports. Written: .ports.env, .ports.env.example, .gitignore.
    --- exit code 0
    ");
    let written = home.read("shop/.ports.env");
    insta::assert_snapshot!(seen(&home, &["init", "."]), @r"
    VARIABLE  DEFAULT  PORT  SERVICE
    WEB_PORT     80xx  80xx  web      kept
    DB_PORT      54xx  54xx  db       kept
    --- stderr

    shop is set up already; nothing was changed.
    --- exit code 0
    ");
    assert_eq!(home.read("shop/.ports.env"), written);
}

#[test]
fn the_fix_is_named_only_where_it_has_something_to_do() {
    let home = Home::new();
    let next = "Next: `port-manager check --fix`";
    home.write("shop/.git/HEAD", "").write("shop/server.js", "http.createServer().listen(8080)\n");
    let ran = home.run("shop", &["init", "."]);
    assert!(ran.stderr.contains(next), "{}", ran.stderr);
    assert_eq!(home.run("shop", &["check", "--fix"]).code, Some(0));

    // A second checkout of what was fixed. The line of the other file can only be edited by hand.
    home.write("second/.git/HEAD", "")
        .write("second/Gemfile", "gem 'dotenv'\n")
        .write("second/.env", "API_URL=http://localhost:8080\n");
    for file in ["server.js", ".ports.env.example", ".gitignore"] {
        home.write(&format!("second/{file}"), home.read(&format!("shop/{file}")));
    }
    let ran = home.run("second", &["init", "."]);
    assert!(ran.stderr.contains("Written: .ports.env."), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Next:"), "{}", ran.stderr);
    let fixing = home.run("second", &["check", "--fix"]);
    assert_eq!(fixing.code, Some(1), "{}", fixing.stderr);
}

#[test]
fn a_move_is_reported() {
    let home = Home::new();
    home.write("old/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert_eq!(home.run("old", &["init", "."]).code, Some(0));
    std::fs::rename(home.path("old"), home.path("shop")).unwrap();
    insta::assert_snapshot!(seen(&home, &["init", "."]), @r"
    VARIABLE  DEFAULT  PORT  SERVICE
    WEB_PORT     80xx  80xx  web      kept
    --- stderr

    shop was moved from ~/old: its ports came along.
    shop's ports are registered for ~/shop; its files are unchanged.
    --- exit code 0
    ");
    assert_eq!(home.run("shop", &["init", ".", "--json"]).json()["registered"], false);
}

#[test]
fn a_directory_that_is_named_is_a_project_of_its_own() {
    let home = Home::new();
    home.write("mono/.git/HEAD", "").write("mono/packages/api/x", "");
    let ran = home.run("mono", &["init", "packages/api", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.json()["root"], home.path("mono/packages/api").to_str().unwrap());
    let ran = home.run("mono/packages", &["init", "--json"]);
    assert_eq!(ran.json()["root"], home.path("mono").to_str().unwrap());
}

#[test]
fn init_says_which_project_it_takes_and_how_to_choose_another() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/package.json", "{}")
        .write("shop/src/server.js", "app.listen(process.env.WEB_PORT)\n");
    insta::assert_snapshot!(numbers_masked(&home.run("shop/src", &["init"]).seen(&home)), @r"
    VARIABLE  DEFAULT  PORT  SERVICE
    WEB_PORT        -  80xx  web      new
    --- stderr
    Setting up ~/shop: it is the root of the git repository.
    For another directory: port-manager init PATH (`.` for this one).


    shop has 1 port. Written: .ports.env, .ports.env.example, .gitignore.
    --- exit code 0
    ");
}

#[test]
fn a_line_that_is_not_a_port_is_named_and_stays() {
    let home = Home::new();
    home.write("shop/.ports.env", "DATABASE_URL=postgres://localhost:5432/shop\nWEB_PORT=\nAPI_PORT=http\n");
    insta::assert_snapshot!(numbers_masked(&home.run("shop", &["init", "."]).seen(&home)), @r"
    VARIABLE  DEFAULT  PORT  SERVICE
    WEB_PORT        -  80xx  web      new
    API_PORT        -  81xx  api      new
    --- stderr
    warning: .ports.env:5: DATABASE_URL is not the name of a port variable, and `.ports.env` holds nothing else: keep this line in another file, such as `.env`
    warning: .ports.env:7: the value of API_PORT is not a port: write a whole number from 1 to 65535, or remove the line
    help: port-manager leaves such lines as they are, and gives nothing from them to programs.

    shop has 2 ports. Written: .ports.env, .ports.env.example, .gitignore.
    --- exit code 0
    ");
    let written = home.read("shop/.ports.env");
    assert!(written.contains("\nDATABASE_URL=postgres://localhost:5432/shop\n"), "{written}");
    assert!(written.contains("\nAPI_PORT=http\n"), "{written}");
    let example = home.read("shop/.ports.env.example");
    assert!(!example.contains("DATABASE_URL"), "{example}");
}

#[test]
fn a_released_variable_is_reported() {
    let home = Home::new();
    home.write("shop/.ports.env", "WEB_PORT=8080\nDOCS_PORT=4000\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    for file in ["shop/.ports.env", "shop/.ports.env.example"] {
        home.write(file, home.read(file).replace("DOCS_PORT=4000\n", ""));
    }
    let ran = home.run("shop", &["init", "."]);
    let expected = "DOCS_PORT (4000) was released: no file lists it, and no code reads it.\n";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
}

#[test]
fn a_dry_run_shows_what_would_come() {
    let home = Home::new();
    let port = crate::home::unused_port();
    home.write("shop/server.js", format!("http.createServer().listen(process.env.WEB_PORT || {port})\n"));
    let seen = home.run("shop", &["init", ".", "--dry-run"]).seen(&home);
    insta::assert_snapshot!(seen.replace(&format!("{port:>5}"), "NUMBE"), @r"
    VARIABLE  DEFAULT   PORT  SERVICE
    WEB_PORT    NUMBE  NUMBE  web      new
    --- stderr

    Nothing was changed. It would write .ports.env, .ports.env.example, .gitignore.
    --- exit code 0
    ");
    let names = |directory: &str| {
        let entries = std::fs::read_dir(home.path(directory)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((names("shop"), names("config")), (vec!["server.js".to_owned()], Vec::new()));

    let planned = home.run("shop", &["init", ".", "--dry-run", "--json"]).json();
    assert_eq!((&planned["dry_run"], &planned["ports"][0]["default"]), (&true.into(), &port.into()));
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    let seen = home.run("shop", &["init", ".", "--dry-run"]).seen(&home);
    assert!(seen.contains("Nothing was changed. shop is set up already"), "{seen}");
}

#[test]
fn a_misspelled_variable_is_named_and_check_warns() {
    let home = Home::new();
    home.write("shop/a.js", "connect(process.env.QUEUE_PORT)\n")
        .write("shop/b.js", "connect(process.env.QUEUE_PORT)\n")
        .write("shop/c.js", "connect(process.env.QEUE_PORT)\n");
    let ran = home.run("shop", &["init", "."]);
    let expected = "warning: QEUE_PORT looks like QUEUE_PORT, so it gets no port (c.js:1)\n";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    assert!(!home.read("shop/.ports.env").contains("QEUE_PORT"));
    let checked = home.run("shop", &["check", "c.js"]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.stdout.contains("did you mean QUEUE_PORT?"), "{}", checked.stdout);
}

#[test]
fn a_home_and_the_root_of_the_file_system_are_refused_at_once() {
    let home = Home::new();
    home.write(".ports.env", "").write("package.json", "{}");
    let seen = home.run("", &["init"]).seen(&home);
    let directory = home.path("").display().to_string();
    insta::assert_snapshot!(seen.replace(directory.trim_end_matches('/'), "~"), @r"
    --- stderr
    error: ~ is not a project: it holds other directories of the system or of its users
    help: Name the project's own directory: port-manager init PATH.
    --- exit code 2
    ");
    for directory in ["/", "."] {
        assert_eq!(home.run("", &["init", directory]).code, Some(2), "{directory}");
    }
    assert!(!home.path("config/registry.json").exists());
}

#[test]
fn a_directory_that_is_not_there_is_a_failure() {
    let home = Home::new();
    insta::assert_snapshot!(home.run("", &["init", "nowhere"]).seen(&home), @r"
    --- stderr
    error: cannot read nowhere: No such file or directory (os error 2)
    --- exit code 2
    ");
}
