//! `port-manager check`

use crate::home::Home;

#[test]
fn findings_are_shown_in_their_line() {
    let home = Home::with_shop();
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/web/server.js", "\tconst grüße = '漢字 🚢'; app.listen(8080); // listen\n")
        .write("shop/Dockerfile", "FROM node\nEXPOSE 8080\n");
    insta::assert_snapshot!(home.run("shop", &["check"]).seen(&home), @r"
    warning[hardcoded-port]: port 8080 is hardcoded where the service listens
     --> web/server.js:1:35
      |
    1 |     const grüße = '漢字 🚢'; app.listen(8080); // listen
      |                                         ^^^^
      |
      = help: Use process.env.WEB_PORT (8000)

    note[hardcoded-port]: port 8080 is exposed by the image; choose the port of this machine when the image is run: `-p ${WEB_PORT:-8080}:8080`
     --> Dockerfile:2:8
    --- stderr
    1 warning, 1 note in 2 files; 3 files checked. --fix fixes 1 of them.
    --- exit code 1
    ");
}

#[test]
fn json_lines_hold_what_programs_need() {
    let home = Home::with_shop();
    home.write("shop/server.js", "// 漢字 🚢\n/* ü */ app.listen(8080)\n");
    let ran = home.run("shop", &["check", "--format", "jsonl"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let findings = ran.json_lines();
    assert_eq!(findings.len(), 1);
    let finding = &findings[0];
    assert_eq!(finding["path"], "server.js");
    assert_eq!(
        (&finding["line"], &finding["column"], &finding["end_column"]),
        (&2.into(), &20.into(), &24.into())
    );
    assert_eq!((&finding["rule"], &finding["severity"]), (&"hardcoded-port".into(), &"warning".into()));
    assert_eq!((&finding["port"], &finding["variable"]), (&8080.into(), &"WEB_PORT".into()));
    assert!(finding["message"].as_str().unwrap().contains("8080"));
    assert_eq!(home.run("shop", &["check", "--json"]).stdout, ran.stdout);
}

#[test]
fn a_tree_without_findings_is_fine() {
    let home = Home::new();
    home.write("a.js", "console.log(8080)\n");
    insta::assert_snapshot!(home.run("", &["check"]).seen(&home), @r"
    --- stderr
    No findings; 1 file checked.
    --- exit code 0
    ");
    assert_eq!(home.run("", &["check", "--quiet"]).seen(&home), "--- exit code 0");
}

#[test]
fn paths_are_printed_as_they_were_given() {
    let home = Home::new();
    home.write("p/.ports.env", "")
        .write("p/a/x.js", "app.listen(8080)\n")
        .write("p/b/y.js", "app.listen(8081)\n");
    let paths = |arguments: &[&str]| -> Vec<String> {
        let findings = home.run("p", &[&["check", "--json"], arguments].concat()).json_lines();
        findings.iter().map(|finding| finding["path"].as_str().unwrap().to_owned()).collect()
    };
    let absolute = home.path("p/a").display().to_string();
    assert_eq!(paths(&[]), ["a/x.js", "b/y.js"]);
    assert_eq!(paths(&["."]), ["./a/x.js", "./b/y.js"]);
    assert_eq!(paths(&["b", "a/"]), ["a/x.js", "b/y.js"]);
    assert_eq!(paths(&["./a/x.js", "../p/b"]), ["./a/x.js", "../p/b/y.js"]);
    assert_eq!(paths(&[&absolute]), [format!("{absolute}/x.js")]);
}

#[test]
fn only_the_rules_that_are_asked_for_speak() {
    let home = Home::new();
    home.project("blog", &[]);
    home.write("a.js", "app.listen(8080); app.listen(process.env.API_PORT)\n");
    let rules = |arguments: &[&str]| -> Vec<String> {
        let findings = home.run("", &[&["check", "--json"], arguments].concat()).json_lines();
        let mut rules: Vec<String> =
            findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect();
        rules.sort();
        rules
    };
    let all = rules(&[]);
    assert!(all.contains(&"hardcoded-port".to_owned()) && all.len() > 1, "{all:?}");
    assert_eq!(rules(&["--only", "hardcoded-port"]), ["hardcoded-port"]);
    assert_eq!(
        rules(&["--only", "hardcoded-port", "--only", "missing-ports-env"]),
        ["hardcoded-port", "missing-ports-env"]
    );
}

#[test]
fn a_project_without_ports_env_is_told_once() {
    let home = Home::new();
    home.write("one/.git/HEAD", "").write("two/.git/HEAD", "");
    for path in ["one/b.js", "one/a/a.js", "two/c.js"] {
        home.write(path, "app.listen(8080)\n");
    }
    let findings = home.run("", &["check", "--json", "--only", "missing-ports-env"]).json_lines();
    let paths: Vec<&str> = findings.iter().map(|finding| finding["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["one/a/a.js", "two/c.js"]);
}

#[test]
fn a_ports_env_is_checked_though_git_ignores_it() {
    let home = Home::new();
    home.project("blog", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n*.log.js\n")
        .write("shop/.ports.env", "WEB_PORT=8000\nnonsense\n")
        .write("shop/a.log.js", "app.listen(8080)\n");
    let findings = home.run("shop", &["check", "--json"]).json_lines();
    let rules: Vec<_> = findings.iter().map(|finding| (&finding["path"], &finding["rule"])).collect();
    let path = &".ports.env".into();
    assert_eq!(rules, [(path, &"port-conflict".into()), (path, &"invalid-ports-env".into())]);
    let named = home.run("shop", &["check", "--json", "a.log.js"]).json_lines();
    assert_eq!(named.len(), 1, "a file that is named is always checked");
}

#[test]
fn what_cannot_be_read_stops_nothing_and_fails_in_the_end() {
    let home = Home::new();
    home.write(".ports.env", "").write("a.js", "app.listen(8080)\n");
    insta::assert_snapshot!(home.run("", &["check", "missing.js", "a.js"]).seen(&home), @r"
    warning[hardcoded-port]: port 8080 is hardcoded where the service listens
     --> a.js:1:12
      |
    1 | app.listen(8080)
      |            ^^^^
      |
      = help: Register 8080 as WEB_PORT and use it

    --- stderr
    error: cannot read missing.js: No such file or directory (os error 2)
    1 warning in 1 file; 1 file checked.
    help: No project on this machine has ports yet. Run `port-manager init` in a project.
    --- exit code 2
    ");
}

#[test]
fn what_is_passed_over_is_said_to_who_wants_to_know() {
    let home = Home::new();
    home.write("bundle.js", "listen(8080);".repeat(5_000)).write("photo.png", "8080");
    home.write("package-lock.json", r#"{"port": 8080}"#).write("vendor.min.js", "listen(8080)");
    insta::assert_snapshot!(home.run("", &["check", "--verbose"]).seen(&home), @r"
    --- stderr
    bundle.js: skipped, minified
    package-lock.json: skipped: generated file
    vendor.min.js: skipped: generated file
    skipped because there is no registry: missing-ports-env, port-conflict, unregistered-port, unwired-ports-env; --only RULE checks one anyway
    No findings; 0 files checked.
    --- exit code 0
    ");
    insta::assert_snapshot!(home.run("", &["check", "photo.png"]).seen(&home), @r"
    --- stderr
    warning: photo.png: skipped, not a language that is understood
    No findings; 0 files checked.
    --- exit code 0
    ");
}

#[test]
fn fix_uses_the_variables_that_exist_and_checks_what_is_left() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/web/server.js", "app.listen(8000)\nfetch('http://localhost:8100/items')\n")
        .write("shop/api/app.py", "\"\"\"The API.\"\"\"\n\napp.run(port=8100)\napp.run(port=8999)\n");
    insta::assert_snapshot!(home.run("shop", &["check", "--fix", "--verbose"]).seen(&home), @r"
    warning[hardcoded-port]: port 8999 is hardcoded where the service listens
     --> api/app.py:6:14
      |
    6 | app.run(port=8999)
      |              ^^^^
      |
      = help: Register 8999 as API_8999_PORT and use it

    --- stderr
    api/app.py: fixed 1 place
    web/server.js: fixed 2 places
    Fixed 3 places in 2 files.
    1 warning in 1 file; 3 files checked.
    --- exit code 1
    ");
    assert_eq!(
        home.read("shop/web/server.js"),
        "app.listen(process.env.WEB_PORT || 8000)\nfetch(`http://localhost:${process.env.API_PORT || 8100}/items`)\n"
    );
    assert_eq!(
        home.read("shop/api/app.py"),
        "\"\"\"The API.\"\"\"\n\nimport os\n\napp.run(port=int(os.environ.get(\"API_PORT\", \"8100\")))\napp.run(port=8999)\n"
    );
    let again = home.run("shop", &["check", "--fix", "--json"]);
    assert_eq!(again.json_lines().len(), 1, "stdout is data still: {again:?}");
}

#[test]
fn fix_registers_nothing_and_changes_nothing_where_no_variable_has_the_number() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "").write("shop/server.js", "app.listen(8000)\n");
    let ran = home.run("shop", &["check", "--fix", "--only", "hardcoded-port"]);
    assert_eq!(ran.code, Some(1));
    assert!(!ran.stderr.contains("Fixed"), "{ran:?}");
    assert_eq!(home.read("shop/server.js"), "app.listen(8000)\n");
    assert!(!home.path("shop/.ports.env").exists());
}

#[test]
fn a_default_that_differs_is_a_hint_and_fails_nothing() {
    let home = Home::with_shop();
    home.write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/server.js", "app.listen(process.env.WEB_PORT || 3000)\n");
    insta::assert_snapshot!(home.run("shop", &["check"]).seen(&home), @r"
    hint[fallback-mismatch]: the default number of WEB_PORT is 8080, but this place falls back to 3000: write 8080
     --> server.js:1:36
    --- stderr
    1 hint in 1 file; 3 files checked.
    --- exit code 0
    ");
}

/// The rules that speak, in a build and elsewhere.
fn rules_of(home: &Home, directory: &str, ci: Option<&str>, arguments: &[&str]) -> Vec<String> {
    let mut command = home.command(directory, &[&["check", "--json"], arguments].concat());
    if let Some(ci) = ci {
        command.env("CI", ci);
    }
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut rules: Vec<String> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["rule"].as_str().unwrap().to_owned()
        })
        .collect();
    rules.sort();
    rules
}

#[test]
fn a_finished_project_passes_in_a_fresh_clone() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8000\n")
        .write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert!(rules_of(&home, "shop", None, &[]).is_empty(), "there is no registry");
    // Another project is registered, so this machine is a developer's unless CI says otherwise.
    home.project("blog", &[("WEB_PORT", "web", 8000)]);
    assert_eq!(rules_of(&home, "shop", None, &[]), ["missing-ports-env"]);
    assert_eq!(rules_of(&home, "shop", Some("false"), &[]), ["missing-ports-env"]);
    assert!(rules_of(&home, "shop", Some("true"), &[]).is_empty());
    // A build that made its `.ports.env` from the example: the numbers are another project's, or nobody's.
    home.write("shop/.ports.env", "WEB_PORT=8000\nAPI_PORT=8100\n");
    assert_eq!(rules_of(&home, "shop", None, &[]), ["port-conflict", "unregistered-port"]);
    assert!(rules_of(&home, "shop", Some("1"), &[]).is_empty());
    assert_eq!(rules_of(&home, "shop", Some("1"), &["--only", "port-conflict"]), ["port-conflict"]);
}

#[test]
fn a_variable_that_the_example_does_not_list_is_found_in_a_build() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/.ports.env.example", "WEB_PORT=8000\n")
        .write("shop/server.js", "app.listen(process.env.WEB_PORT)\nadmin.listen(process.env.ADMIN_PORT)\n");
    let findings = home.run("shop", &["check", "--json"]).json_lines();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (&findings[0]["rule"], &findings[0]["variable"]),
        (&"unset-port-variable".into(), &"ADMIN_PORT".into())
    );
    assert_eq!(findings[0]["message"], "ADMIN_PORT is not defined in `.ports.env.example`");
}

#[test]
fn the_exit_code_says_whether_a_finding_is_as_serious_as_asked() {
    let home = Home::with_shop();
    home.write("shop/.git/HEAD", "").write("shop/.gitignore", ".ports.env\n");
    let codes = |home: &Home| {
        ["warning", "note", "hint"]
            .map(|grade| home.run("shop", &["check", "--fail-on", grade]).code.unwrap())
    };
    assert_eq!(codes(&home), [0, 0, 0]);
    home.write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/hint.js", "app.listen(process.env.WEB_PORT || 3000)\n");
    assert_eq!(codes(&home), [0, 0, 1]);
    home.write("shop/Dockerfile", "FROM node\nEXPOSE 8080\n");
    assert_eq!(codes(&home), [0, 1, 1]);
    home.write("shop/server.js", "app.listen(8080)\n");
    assert_eq!(codes(&home), [1, 1, 1]);
    assert_eq!(home.run("shop", &["check"]).code, Some(1));
    let grades: Vec<_> = home
        .run("shop", &["check", "--json"])
        .json_lines()
        .iter()
        .map(|finding| (finding["severity"].to_string(), finding["grade"].to_string()))
        .collect();
    assert!(grades.contains(&("\"information\"".to_owned(), "\"note\"".to_owned())), "{grades:?}");
}

#[test]
fn the_summary_counts_places_by_port_and_what_can_be_fixed() {
    let home = Home::with_shop();
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/Dockerfile", "FROM node\nEXPOSE 9123\n")
        .write("shop/.ports.env.example", "WEB_PORT=8000\n")
        .write("shop/a.js", "app.listen(8000)\napp.listen(8000)\napp.listen(9123)\n")
        .write("shop/b.js", "app.listen(8000)\napp.listen(9123)\napp.listen(7001)\n");
    let ran = home.run("shop", &["check"]);
    assert_eq!(
        ran.stderr,
        "8000: 3 places in 2 files\n9123: 3 places in 3 files\n7001: 1 place in 1 file\n\
         6 warnings, 1 note in 3 files; 5 files checked. --fix fixes 3 of them.\n"
    );
    let grades: Vec<&str> =
        ran.stdout.lines().filter_map(|line| line.split_once('[')).map(|(word, _)| word).collect();
    assert_eq!(grades, ["warning", "warning", "warning", "warning", "warning", "warning", "note"]);
    assert_eq!(
        home.run("shop", &["check", "--fix"]).stderr.lines().next(),
        Some("Fixed 3 places in 2 files.")
    );
}

#[test]
fn fix_repairs_all_places_of_a_port_or_none() {
    let home = Home::with_shop();
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8000\n")
        .write("shop/server.js", "app.listen(8000)\n")
        .write("shop/config.json", "{\"port\": 8000}\n");
    let ran = home.run("shop", &["check", "--fix"]);
    assert!(ran.stderr.contains("WEB_PORT was left alone: config.json cannot be fixed"), "{ran:?}");
    assert_eq!(home.read("shop/server.js"), "app.listen(8000)\n");
    home.write("shop/config.json", "{}\n");
    let ran = home.run("shop", &["check", "--fix"]);
    assert!(ran.stderr.contains("Fixed 1 place in 1 file."), "{ran:?}");
    assert_eq!(home.read("shop/server.js"), "app.listen(process.env.WEB_PORT || 8000)\n");
}

#[test]
fn fix_counts_notes_among_the_places_of_a_port() {
    let home = Home::new();
    home.project("shop", &[("API_PORT", "api", 8100)]);
    let processes = "processes:
  api:
    command: \"uvicorn app:app --port 3001\"
    environment:
      - API_URL=http://localhost:3001
";
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "API_PORT=3001\n")
        .write("shop/process-compose.yaml", processes)
        .write("shop/check.sh", "curl http://localhost:3001/\n");
    let ran = home.run("shop", &["check", "--fix"]);
    assert!(ran.stderr.contains("API_PORT was left alone: process-compose.yaml cannot be fixed"), "{ran:?}");
    assert_eq!(home.read("shop/process-compose.yaml"), processes);
    assert_eq!(home.read("shop/check.sh"), "curl http://localhost:3001/\n");
    let summary = home.run("shop", &["check"]).stderr;
    assert!(!summary.contains("--fix fixes"), "{summary}");
}

/// A page by Vite, and its API.
fn guest_book() -> Home {
    let home = Home::new();
    home.project("shop", &[("API_PORT", "api", 8100)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "API_PORT=5000\n")
        .write(
            "shop/package.json",
            r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "8"}}"#,
        )
        .write(
            "shop/vite.config.ts",
            "export default { server: { proxy: { '/api': 'http://localhost:5000' } } };\n",
        )
        .write("shop/src/api.ts", "export const API = 'http://localhost:5000/api';\n")
        .write("shop/api/server.js", "require('http').createServer().listen(5000);\n");
    home
}

#[test]
fn fix_of_a_page_has_run_give_it_the_variable() {
    let home = guest_book();
    assert_eq!(
        home.run("shop", &["check", "--fix"]).stderr.lines().next(),
        Some("Fixed 3 places in 3 files.")
    );
    let page = "export const API = `http://localhost:${import.meta.env.VITE_API_PORT || 5000}/api`;\n";
    assert_eq!(home.read("shop/src/api.ts"), page);
    assert_eq!(
        home.read("shop/vite.config.ts"),
        "export default { server: { proxy: { '/api': `http://localhost:${process.env.API_PORT || 5000}` } } };\n"
    );
    let names = home.read("shop/port-manager.toml");
    assert!(names.ends_with("[run.\".\"]\nVITE_API_PORT = \"API_PORT\"\n"), "{names}");
    home.directory("shop/src/deep");
    let ran = home.run("shop/src/deep", &["run", "sh", "-c", "echo $VITE_API_PORT"]);
    assert_eq!(ran.stdout, "8100\n");

    let again = home.run("shop", &["check", "--fix"]);
    assert_eq!((again.stdout.as_str(), again.code), ("", Some(0)), "{again:?}");
    assert_eq!(home.read("shop/src/api.ts"), page);
    assert_eq!(home.read("shop/port-manager.toml"), names);
}

#[cfg(unix)]
#[test]
fn fix_of_a_page_changes_nothing_where_its_name_cannot_be_written() {
    let home = guest_book();
    home.write("elsewhere.toml", "");
    std::os::unix::fs::symlink(home.path("elsewhere.toml"), home.path("shop/port-manager.toml")).unwrap();
    let ran = home.run("shop", &["check", "--fix"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(home.read("shop/src/api.ts"), "export const API = 'http://localhost:5000/api';\n");
    assert_eq!(home.read("shop/api/server.js"), "require('http').createServer().listen(5000);\n");
    assert_eq!(home.read("elsewhere.toml"), "");
}

#[test]
fn fix_of_a_directory_judges_a_port_by_the_whole_project() {
    let home = Home::new();
    let server = "app.listen(8080)\nadmin.listen(9090)\n";
    home.write("shop/.ports.env", "WEB_PORT=8080\nADMIN_PORT=9090\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\nADMIN_PORT=9090\n")
        .write("shop/src/server.js", server)
        .write("shop/settings/config.json", "{\"url\": \"http://localhost:8080\"}\n");
    let ran = home.run("shop", &["check", "--fix", "src"]);
    let left = "WEB_PORT was left alone: settings/config.json cannot be fixed";
    assert!(ran.stderr.contains(left), "{ran:?}");
    assert_eq!(
        home.read("shop/src/server.js"),
        "app.listen(8080)\nadmin.listen(process.env.ADMIN_PORT || 9090)\n"
    );
}

#[test]
fn fix_that_fixes_nothing_says_why() {
    let home = Home::with_shop();
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8000\n")
        .write("shop/server.js", "app.listen(9123)\nfetch(`http://localhost:${process.env.WEB_PORT}/`)\n");
    let said = |home: &Home| home.run("shop", &["check", "--fix"]).stderr;
    assert!(said(&home).contains("no variable in .ports.env has one of these numbers"), "{}", said(&home));
    let by_hand = "Nothing was fixed: these places have to be edited by hand.";
    home.write("shop/server.js", "").write("shop/config.json", "{\"port\": 8000}\n");
    assert!(said(&home).contains(by_hand), "{}", said(&home));
    // The code has the default number of the variable, which has another one on this machine.
    home.write("shop/.ports.env.example", "WEB_PORT=5000\n").write("shop/config.json", "{\"port\": 5000}\n");
    assert!(said(&home).contains(by_hand), "{}", said(&home));
    home.write("shop/server.js", "app.listen(9123)\n");
    assert!(said(&home).contains("some places have to be edited by hand"), "{}", said(&home));
}

#[test]
fn a_line_that_a_later_one_replaces_is_written_twice_and_not_unregistered() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8080)]);
    home.write("shop/.ports.env", "WEB_PORT=8081\nWEB_PORT=8080\n");
    assert_eq!(rules_of(&home, "shop", None, &[]), ["invalid-ports-env"]);
}

#[test]
fn a_line_of_an_environment_file_that_ports_env_has_is_to_be_removed() {
    let home = Home::new();
    home.project("shop", &[("DB_PORT", "db", 5400)]);
    home.write("shop/.env", "DB_PORT=5432\n");
    let found = home.run("shop", &["check", "--json"]);
    let message = found.json_lines()[0]["message"].as_str().unwrap().to_owned();
    assert_eq!(
        message,
        "port 5432 is set in an environment file, and `.ports.env` defines DB_PORT as well; remove this line where git ignores \
         the file"
    );
}
