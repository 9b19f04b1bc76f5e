//! `port-manager init`

use crate::home::Home;

/// Which number of its range a variable gets depends on what listens on this machine.
fn seen(home: &Home, arguments: &[&str]) -> String {
    let numbers = regex::Regex::new(r"\b(80|54)\d\d\b").unwrap();
    numbers.replace_all(&home.run("shop", arguments).seen(home), "${1}xx").into_owned()
}

#[test]
fn a_project_gets_its_ports_and_keeps_them() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n")
        .write("shop/compose.yaml", "services:\n  db:\n    image: postgres:16\n");
    insta::assert_snapshot!(seen(&home, &["init", "."]), @r"
    VARIABLE  PORT  SERVICE
    WEB_PORT  80xx  web      new
    DB_PORT   54xx  db       new
    --- stderr

    shop has 2 ports. Written: .ports.env, .ports.env.example, .gitignore.
    Next: `port-manager check` shows where the code still types a number.
    --- exit code 0
    ");
    let written = home.read("shop/.ports.env");
    insta::assert_snapshot!(seen(&home, &["init", "."]), @r"
    VARIABLE  PORT  SERVICE
    WEB_PORT  80xx  web      kept
    DB_PORT   54xx  db       kept
    --- stderr

    shop is set up already; nothing was changed.
    --- exit code 0
    ");
    assert_eq!(home.read("shop/.ports.env"), written);
}

#[test]
fn a_project_that_was_moved_is_told_that_the_registry_knows_it_here_now() {
    let home = Home::new();
    home.write("old/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert_eq!(home.run("old", &["init", "."]).code, Some(0));
    std::fs::rename(home.path("old"), home.path("shop")).unwrap();
    insta::assert_snapshot!(seen(&home, &["init", "."]), @r"
    VARIABLE  PORT  SERVICE
    WEB_PORT  80xx  web      kept
    --- stderr

    shop's ports are registered for ~/shop now; its files were right.
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
fn a_directory_that_is_not_there_is_a_failure() {
    let home = Home::new();
    insta::assert_snapshot!(home.run("", &["init", "nowhere"]).seen(&home), @r"
    --- stderr
    error: cannot read nowhere: No such file or directory (os error 2)
    --- exit code 2
    ");
}
