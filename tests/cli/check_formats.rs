//! `port-manager check --format`

use serde_json::{Value, json};

use crate::home::{Home, Ran};

/// A repository whose path, code and findings have what each format must escape.
fn shop() -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/web & <shop>/a,b:c 100%.js", "// grüße 🚢\nconst ship = '🚢'; app.listen(8080)\n")
        .write("shop/Dockerfile", "FROM node\nEXPOSE 9123\n");
    home
}

fn check(home: &Home, format: &str) -> Ran {
    home.run("shop", &["check", "--format", format])
}

/// The value at the end of a path, all of whose steps have to be there.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing in {value:#}"))
}

#[test]
fn json_is_one_array_of_what_jsonl_prints_by_line() {
    let home = shop();
    let ran = check(&home, "json");
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.json(), Value::Array(check(&home, "jsonl").json_lines()));
    home.write("shop/Dockerfile", "").write("shop/web & <shop>/a,b:c 100%.js", "");
    let ran = check(&home, "json");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), ("[]\n", "", Some(0)));
}

#[test]
fn sarif_has_rules_places_fingerprints_and_fixes() {
    let home = shop();
    let ran = check(&home, "sarif");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let log = ran.json();
    assert_eq!(at(&log, "/version"), "2.1.0");
    let run = at(&log, "/runs/0");
    assert_eq!(at(run, "/columnKind"), "unicodeCodePoints");
    assert_eq!(at(run, "/invocations/0/executionSuccessful"), true);
    let rules = at(run, "/tool/driver/rules").as_array().unwrap();
    assert!(at(&rules[0], "/help/markdown").as_str().unwrap().starts_with("# hardcoded-port\n"));

    let results = at(run, "/results").as_array().unwrap();
    let levels: Vec<_> = results.iter().map(|result| at(result, "/level").as_str().unwrap()).collect();
    assert_eq!(levels, ["note", "warning"]);
    let warning = &results[1];
    assert_eq!(rules[at(warning, "/ruleIndex").as_u64().unwrap() as usize]["id"], warning["ruleId"]);
    let place = at(warning, "/locations/0/physicalLocation");
    let file = json!({ "uri": "web%20%26%20%3Cshop%3E/a%2Cb%3Ac%20100%25.js", "uriBaseId": "%SRCROOT%" });
    assert_eq!(at(place, "/artifactLocation"), &file);
    let region = json!({ "startLine": 2, "startColumn": 30, "endLine": 2, "endColumn": 34 });
    assert_eq!(at(place, "/region"), &region);
    let change = at(warning, "/fixes/0/artifactChanges/0");
    assert_eq!(at(change, "/artifactLocation"), &file);
    assert_eq!(
        at(change, "/replacements"),
        &json!([{ "deletedRegion": region, "insertedContent": { "text": "process.env.WEB_PORT || 8080" } }])
    );
    let fingerprints: Vec<_> =
        check(&home, "jsonl").json_lines().iter().map(|it| it["fingerprint"].clone()).collect();
    assert_eq!(at(warning, "/partialFingerprints/portManager~1v1"), &fingerprints[1]);
}

#[test]
fn sarif_says_what_could_not_be_checked() {
    let home = shop();
    let ran = home.run("shop", &["check", "--format", "sarif", "missing.js"]);
    assert_eq!(ran.code, Some(2));
    let invocation = at(&ran.json(), "/runs/0/invocations/0").clone();
    assert_eq!(at(&invocation, "/executionSuccessful"), false);
    let said = at(&invocation, "/toolExecutionNotifications/0/message/text").as_str().unwrap();
    assert!(said.starts_with("cannot read missing.js: "), "{said}");
}

#[test]
fn github_annotations_are_commands_with_paths_of_the_repository() {
    let home = shop();
    let expected = "::notice title=port-manager (hardcoded-port),file=Dockerfile,line=2,endLine=2,col=8,endColumn=12::\
        port 9123 is exposed by the image; choose the port of this machine when the image is run: `-p ${WEB_PORT_2:-9123}:9123`\n\
        ::warning title=port-manager (hardcoded-port),file=web & <shop>/a%2Cb%3Ac 100%25.js,line=2,endLine=2,col=30,\
        endColumn=34::port 8080 is hardcoded where the service listens\n";
    let ran = check(&home, "github");
    assert_eq!((ran.stdout.as_str(), ran.code), (expected, Some(1)));
    // A step may run in any directory of the checkout.
    let below = home.run("shop/web & <shop>", &["check", "--format", "github"]).stdout;
    assert_eq!(below.lines().collect::<Vec<_>>(), expected.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn gitlab_reads_severity_place_and_fingerprint() {
    let home = shop();
    let report = check(&home, "gitlab").json();
    let fingerprint = at(&report, "/1/fingerprint").as_str().unwrap().to_owned();
    assert_eq!(fingerprint.len(), 32);
    assert_eq!(
        at(&report, "/1"),
        &json!({
            "description": "port 8080 is hardcoded where the service listens",
            "check_name": "hardcoded-port",
            "fingerprint": fingerprint,
            "severity": "major",
            "location": { "path": "web & <shop>/a,b:c 100%.js", "lines": { "begin": 2, "end": 2 } },
        })
    );
    assert_eq!(at(&report, "/0/severity"), "minor");
}

#[test]
fn a_fingerprint_stays_when_the_line_moves_and_tells_equal_lines_apart() {
    let home = Home::new();
    let server = "app.listen(8080)\napp.listen(8080)\n";
    home.write("shop/.git/HEAD", "").write("shop/server.js", server);
    let fingerprints = |home: &Home| -> Vec<Value> {
        let findings = home.run("shop", &["check", "--json", "--only", "hardcoded-port"]).json_lines();
        findings.iter().map(|finding| finding["fingerprint"].clone()).collect()
    };
    let before = fingerprints(&home);
    assert!(before.len() == 2 && before[0] != before[1], "{before:?}");
    home.write(
        "shop/server.js",
        format!("// a comment\nif (true) {{\n  {}}}\n", server.replace('\n', "\n  ")),
    );
    assert_eq!(fingerprints(&home), before);
    // The same checkout elsewhere, asked about in another way.
    home.write("elsewhere/.git/HEAD", "").write("elsewhere/server.js", server);
    let path = home.path("elsewhere").display().to_string();
    let findings = home.run("", &["check", "--json", "--only", "hardcoded-port", &path]).json_lines();
    assert_eq!(findings.iter().map(|it| it["fingerprint"].clone()).collect::<Vec<_>>(), before);
}

#[test]
fn a_finding_about_a_project_keeps_its_fingerprint_when_it_is_said_at_another_file() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "").write("shop/b.js", "app.listen(8080)\n");
    let found = |home: &Home| {
        let findings = home.run("shop", &["check", "--json", "--only", "missing-ports-env"]).json_lines();
        (findings[0]["path"].clone(), findings[0]["fingerprint"].clone())
    };
    let before = found(&home);
    home.write("shop/a.js", "app.listen(8081)\n");
    let after = found(&home);
    assert!(before.0 != after.0 && before.1 == after.1, "{before:?} {after:?}");
}

#[test]
fn junit_has_a_failure_for_what_fails_the_check() {
    let home = shop();
    insta::assert_snapshot!(check(&home, "junit").stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="port-manager" tests="2" failures="1" errors="0" skipped="1">
      <testsuite name="Dockerfile" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="hardcoded-port:2:8" classname="Dockerfile" file="Dockerfile" line="2">
          <skipped message="port 9123 is exposed by the image; choose the port of this machine when the image is run: `-p ${WEB_PORT_2:-9123}:9123`"/>
        </testcase>
      </testsuite>
      <testsuite name="web &amp; &lt;shop&gt;/a,b:c 100%.js" tests="1" failures="1" errors="0" skipped="0">
        <testcase name="hardcoded-port:2:30" classname="web &amp; &lt;shop&gt;/a,b:c 100%.js" file="web &amp; &lt;shop&gt;/a,b:c 100%.js" line="2">
          <failure message="port 8080 is hardcoded where the service listens" type="warning">web &amp; &lt;shop&gt;/a,b:c 100%.js:2:30: port 8080 is hardcoded where the service listens</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
    let strict = home.run("shop", &["check", "--format", "junit", "--fail-on", "note"]).stdout;
    assert!(strict.contains(r#"tests="2" failures="2" errors="0" skipped="0""#), "{strict}");
    home.write("shop/Dockerfile", "").write("shop/web & <shop>/a,b:c 100%.js", "");
    insta::assert_snapshot!(check(&home, "junit").stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="port-manager" tests="1" failures="0" errors="0" skipped="0">
      <testsuite name="port-manager" tests="1" failures="0" errors="0">
        <testcase name="no findings"/>
      </testsuite>
    </testsuites>
    "#);
    insta::assert_snapshot!(home.run("shop", &["check", "--format", "junit", "missing.js"]).stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="port-manager" tests="1" failures="0" errors="1" skipped="0">
      <testsuite name="files that could not be checked" tests="1" errors="1" failures="0">
        <testcase name="cannot read missing.js: No such file or directory (os error 2)">
          <error message="cannot read missing.js: No such file or directory (os error 2)"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn checkstyle_has_an_element_for_each_file() {
    let home = shop();
    insta::assert_snapshot!(check(&home, "checkstyle").stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <checkstyle version="4.3">
      <file name="Dockerfile">
        <error line="2" column="8" severity="info" message="port 9123 is exposed by the image; choose the port of this machine when the image is run: `-p ${WEB_PORT_2:-9123}:9123`" source="port-manager.hardcoded-port"/>
      </file>
      <file name="web &amp; &lt;shop&gt;/a,b:c 100%.js">
        <error line="2" column="30" severity="warning" message="port 8080 is hardcoded where the service listens" source="port-manager.hardcoded-port"/>
      </file>
    </checkstyle>
    "#);
    home.write("shop/Dockerfile", "").write("shop/web & <shop>/a,b:c 100%.js", "");
    insta::assert_snapshot!(check(&home, "checkstyle").stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <checkstyle version="4.3">
    </checkstyle>
    "#);
}

#[cfg(target_os = "linux")]
#[test]
fn no_format_passes_control_characters_of_a_path_on() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/a\u{1b}]0;x\u{7}\n::error::\u{202e}\u{ffff}.js", "app.listen(8080)\n");
    for format in ["human", "jsonl", "json", "sarif", "github", "gitlab", "junit", "checkstyle"] {
        let Ran { stdout, .. } = check(&home, format);
        assert!(stdout.contains("8080"), "{format}: {stdout}");
        let hidden = |character: char| character.is_control() && character != '\n' || character == '\u{202e}';
        assert!(!stdout.contains(hidden), "{format}: {stdout:?}");
        assert!(!stdout.lines().any(|line| line.starts_with("::error")), "{format}: {stdout}");
        assert!(!(stdout.starts_with("<?xml") && stdout.contains('\u{ffff}')), "{format}: {stdout}");
    }
}

#[test]
fn an_unknown_format_is_answered_with_the_nearest() {
    let home = Home::new();
    let ran = home.run("", &["check", "--format", "serif"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("a similar value exists: 'sarif'"), "{ran:?}");
    let ran = home.run("", &["check", "--only", "hardcoded-prot"]);
    assert!(ran.stderr.contains("a similar value exists: 'hardcoded-port'"), "{ran:?}");
}
