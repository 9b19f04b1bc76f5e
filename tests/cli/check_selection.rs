//! `port-manager check --except`, `--severity`, `--statistics`

use serde_json::json;

use crate::home::Home;

/// A project with two warnings, a note and a hint.
fn shop() -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/server.js", "app.listen(8080)\nadmin.listen(7001)\n")
        .write("shop/worker.js", "app.listen(process.env.WEB_PORT || 3000)\n")
        .write("shop/Dockerfile", "FROM node\nEXPOSE 9123\n");
    home
}

fn grades(home: &Home, arguments: &[&str]) -> Vec<String> {
    let findings = home.run("shop", &[&["check", "--json"], arguments].concat()).json_lines();
    findings.iter().map(|finding| finding["grade"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_rule_that_is_excepted_does_not_speak() {
    let home = shop();
    assert_eq!(grades(&home, &[]), ["note", "warning", "warning", "hint"]);
    assert_eq!(grades(&home, &["--except", "hardcoded-port"]), ["hint"]);
    assert!(grades(&home, &["--except", "hardcoded-port", "--except", "fallback-mismatch"]).is_empty());
    assert!(grades(&home, &["--only", "hardcoded-port", "--except", "hardcoded-port"]).is_empty());
    let ran = home.run("shop", &["check", "--fix", "--except", "hardcoded-port"]);
    assert_eq!(home.read("shop/server.js"), "app.listen(8080)\nadmin.listen(7001)\n", "{ran:?}");
}

#[test]
fn only_findings_of_the_severity_that_is_asked_for_are_shown() {
    let home = shop();
    assert_eq!(grades(&home, &["--severity", "note"]), ["note", "warning", "warning"]);
    assert_eq!(grades(&home, &["--severity", "warning"]), ["warning", "warning"]);
    let ran = home.run("shop", &["check", "--severity", "warning"]);
    assert!(
        ran.stderr.ends_with("2 warnings in 1 file; 5 files checked. --fix fixes 1 of them.\n"),
        "{ran:?}"
    );
    // What is not shown fails nothing.
    home.write("shop/server.js", "");
    assert_eq!(home.run("shop", &["check", "--severity", "warning", "--fail-on", "hint"]).code, Some(0));
}

#[test]
fn statistics_count_findings_by_rule_and_grade() {
    let home = shop();
    insta::assert_snapshot!(home.run("shop", &["check", "--statistics"]).seen(&home), @r"
    FINDINGS  RULE               GRADE    FIXED BY --fix
           2  hardcoded-port     warning               1
           1  hardcoded-port     note                  0
           1  fallback-mismatch  hint                  0
    --- stderr
    2 warnings, 1 note, 1 hint in 3 files; 5 files checked. --fix fixes 1 of them.
    --- exit code 1
    ");
    let rows = home.run("shop", &["check", "--statistics", "--format", "json"]).json();
    assert_eq!(rows[0], json!({ "rule": "hardcoded-port", "grade": "warning", "count": 2, "fixable": 1 }));
    assert_eq!(
        home.run("shop", &["check", "--statistics", "--json"]).json_lines(),
        *rows.as_array().unwrap()
    );
    let ran = home.run("shop", &["check", "--statistics", "--format", "sarif"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("Formats of statistics are human, json and jsonl."), "{ran:?}");
}

#[test]
fn quiet_says_nothing_of_files_that_are_not_understood() {
    let home = shop();
    home.write("shop/notes.txt", "8080\n");
    let ran = home.run("shop", &["check", "--quiet", "notes.txt", "server.js"]);
    assert_eq!((ran.stderr.as_str(), ran.code), ("", Some(1)));
}
