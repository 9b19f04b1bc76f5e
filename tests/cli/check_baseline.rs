//! `port-manager check --baseline`

use serde_json::Value;

use crate::home::{Home, Ran};

/// A project that is about to start with 3 findings.
fn shop() -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/server.js", "app.listen(8080)\n")
        .write("shop/api/app.py", "app.run(port=5000)\n")
        .write("shop/Dockerfile", "FROM node\nEXPOSE 8080\n");
    home
}

fn check(home: &Home, arguments: &[&str]) -> Ran {
    home.run("shop", &[&["check", "--baseline", "baseline.json"], arguments].concat())
}

#[test]
fn only_what_is_new_is_shown_once_a_baseline_is_written() {
    let home = shop();
    insta::assert_snapshot!(check(&home, &["--write-baseline"]).seen(&home), @r"
    --- stderr
    Wrote 3 findings to baseline.json.
    No findings; 3 files checked.
    --- exit code 0
    ");
    insta::assert_snapshot!(check(&home, &[]).seen(&home), @r"
    --- stderr
    3 findings not shown: baseline.json lists them.
    No findings; 4 files checked.
    --- exit code 0
    ");
    home.write("shop/server.js", "// moved\n\n  app.listen(8080)\nadmin.listen(7001)\n");
    let ran = check(&home, &["--json"]);
    assert_eq!(ran.code, Some(1));
    let ports: Vec<Value> = ran.json_lines().iter().map(|finding| finding["port"].clone()).collect();
    assert_eq!(ports, [7001], "the line that moved is not new");
    // It does not matter from where, and how the files are named.
    let ran = home.run("", &["check", "--baseline", "shop/baseline.json", "--json", "shop/server.js"]);
    assert_eq!(ran.json_lines().len(), 1, "{ran:?}");
}

#[test]
fn a_line_of_which_there_is_one_more_is_new() {
    let home = shop();
    check(&home, &["--write-baseline"]);
    home.write("shop/server.js", "app.listen(8080)\napp.listen(8080)\n");
    assert_eq!(check(&home, &["--json"]).json_lines().len(), 1);
}

#[test]
fn a_baseline_is_sorted_and_the_same_for_the_same_findings() {
    let home = shop();
    home.directory("shop/ci");
    let write = ["check", "--baseline", "ci/baseline.json", "--write-baseline", "--quiet"];
    assert_eq!(home.run("shop", &write).code, Some(0));
    let written = home.read("shop/ci/baseline.json");
    let fingerprint = regex::Regex::new("[0-9a-f]{32}").unwrap();
    insta::assert_snapshot!(fingerprint.replace_all(&written, "FINGERPRINT"), @r#"
    {
      "version": 1,
      "findings": [
        {"path":"../Dockerfile","rule":"hardcoded-port","fingerprint":"FINGERPRINT"},
        {"path":"../api/app.py","rule":"hardcoded-port","fingerprint":"FINGERPRINT"},
        {"path":"../server.js","rule":"hardcoded-port","fingerprint":"FINGERPRINT"}
      ]
    }
    "#);
    home.write("shop/server.js", "\n\n\tapp.listen(8080)\n");
    home.run("shop", &write);
    assert_eq!(home.read("shop/ci/baseline.json"), written);
}

#[test]
fn no_value_of_an_env_file_is_in_a_baseline() {
    let home = shop();
    home.write("shop/.env", "DATABASE_URL=postgres://shop:secret@localhost:5432/shop\n");
    let fingerprints = |home: &Home| {
        let findings =
            home.run("shop", &["check", "--json", "--only", "hardcoded-port", ".env"]).json_lines();
        findings.iter().map(|finding| finding["fingerprint"].clone()).collect::<Vec<_>>()
    };
    let before = fingerprints(&home);
    assert_eq!(before.len(), 1);
    home.write("shop/.env", "DATABASE_URL=postgres://shop:other@localhost:5432/shop\n");
    assert_eq!(fingerprints(&home), before, "nobody can guess the password by it");
}

#[test]
fn what_is_gone_is_named_and_removed_when_that_is_asked_for() {
    let home = shop();
    check(&home, &["--write-baseline"]);
    home.write("shop/api/app.py", "").write("shop/web.js", "app.listen(3000)\n");
    insta::assert_snapshot!(check(&home, &["--severity", "warning"]).seen(&home), @r"
    warning[hardcoded-port]: port 3000 is hardcoded where the service listens
     --> web.js:1:12
      |
    1 | app.listen(3000)
      |            ^^^^
      |
      = help: Register 3000 as WEB_3000_PORT and use it

    --- stderr
    2 findings not shown: baseline.json lists them.
    baseline.json lists 1 finding that is gone:
      api/app.py: hardcoded-port
    help: Remove them from the file with --prune-baseline.
    1 warning in 1 file; 5 files checked.
    help: No project on this machine has ports yet. Run `port-manager init` in a project.
    --- exit code 1
    ");
    // What was not looked at is not gone.
    for arguments in [&["server.js"] as &[&str], &["--except", "hardcoded-port"]] {
        let ran = check(&home, arguments);
        assert!(!ran.stderr.contains("gone"), "{ran:?}");
    }
    let ran = check(&home, &["--prune-baseline"]);
    assert!(ran.stderr.contains("baseline.json listed 1 finding that is gone"), "{ran:?}");
    assert_eq!(ran.code, Some(1), "what is new is not accepted by it");
    let kept: Value = serde_json::from_str(&home.read("shop/baseline.json")).unwrap();
    let paths: Vec<_> = kept["findings"].as_array().unwrap().iter().map(|entry| &entry["path"]).collect();
    assert_eq!(paths, ["Dockerfile", "server.js"]);
}

#[test]
fn writing_for_some_files_keeps_the_others() {
    let home = shop();
    check(&home, &["--write-baseline"]);
    home.write("shop/server.js", "");
    let ran = check(&home, &["--write-baseline", "server.js"]);
    assert!(ran.stderr.contains("Wrote 2 findings to baseline.json."), "{ran:?}");
    assert_eq!(check(&home, &[]).code, Some(0));
}

#[test]
fn what_is_no_baseline_is_an_error_with_its_place_and_stays() {
    let home = shop();
    for (text, expected) in [
        (
            "{\n  \"version\": 2,\n  \"entries\": []\n}\n",
            "baseline.json:2:14: this is not a baseline: this is a baseline of version 2",
        ),
        (
            "{\n  \"version\": 1,\n  \"findings\": [\n    {\"path\": \"a.js\",}\n",
            "baseline.json:4:21: this is not a baseline: ",
        ),
        (
            "[]\n",
            "baseline.json:1:2: this is not a baseline: invalid length 0, expected an object with a version",
        ),
        (
            "{\"version\": 1, \"findings\": [{\"path\": \"a\", \"rule\": \"b\", \"fingerprint\": \"xyz\"}]}",
            "32 hexadecimal digits",
        ),
        ("", "baseline.json:1:1: this is not a baseline: EOF"),
    ] {
        home.write("shop/baseline.json", text);
        for arguments in [&[] as &[&str], &["--write-baseline"], &["--prune-baseline"]] {
            let ran = check(&home, arguments);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
            assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
            assert!(ran.stderr.contains("The file was left as it is."), "{}", ran.stderr);
            assert_eq!(home.read("shop/baseline.json"), text);
        }
    }
    let ran = home.run("shop", &["check", "--baseline", "missing.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("help: Write it with --write-baseline."), "{ran:?}");
    let ran = home.run("shop", &["check", "--write-baseline"]);
    assert!(ran.stderr.contains("--baseline <FILE>"), "{ran:?}");
}
