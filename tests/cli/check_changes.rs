//! `port-manager check --diff REV`, and `--fix --diff`

use std::path::Path;
use std::process::{Command, Stdio};

use crate::home::{Home, Ran};

/// A repository with a finding in each of two files, committed.
fn shop() -> Home {
    let home = Home::with_shop();
    home.write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/server.js", "app.listen(8080)\n")
        .write("shop/my api/größe.py", "app.run(port=5000)\n");
    home.git("shop", &["init", "--quiet"]);
    commit(&home);
    home
}

fn commit(home: &Home) {
    home.git("shop", &["add", "--all"]);
    home.git("shop", &["commit", "--quiet", "--message", "change"]);
}

/// The places of the findings in lines that have changed since.
fn changed(home: &Home, directory: &str, arguments: &[&str]) -> Vec<String> {
    let mut arguments: Vec<&str> =
        [&["check", "--json", "--only", "hardcoded-port", "--diff"], arguments].concat();
    arguments.retain(|argument| !argument.is_empty());
    let ran = home.run(directory, &arguments);
    assert_ne!(ran.code, Some(2), "{ran:?}");
    let place =
        |finding: &serde_json::Value| format!("{}:{}", finding["path"].as_str().unwrap(), finding["line"]);
    ran.json_lines().iter().map(place).collect()
}

#[test]
fn only_lines_that_have_changed_since_a_revision_are_shown() {
    let home = shop();
    assert!(changed(&home, "shop", &["HEAD"]).is_empty());
    home.write("shop/server.js", "// first\napp.listen(8080)\nadmin.listen(7001)\n")
        .write("shop/my api/größe.py", "app.run(port=5001)\n")
        .write("shop/new.js", "app.listen(3000)\n")
        .write("shop/.gitignore", ".ports.env\nignored.js\n")
        .write("shop/ignored.js", "app.listen(3001)\n");
    let expected = ["my api/größe.py:1", "new.js:1", "server.js:3"];
    assert_eq!(changed(&home, "shop", &["HEAD"]), expected);
    assert_eq!(changed(&home, "shop/my api", &["HEAD"]), ["größe.py:1"]);
    assert_eq!(changed(&home, "", &["HEAD", "shop"]), expected.map(|place| format!("shop/{place}")));
    // Staged and committed lines count as well.
    home.git("shop", &["add", "server.js"]);
    assert_eq!(changed(&home, "shop", &["HEAD"]), expected);
    commit(&home);
    assert_eq!(changed(&home, "shop", &["HEAD~1"]), expected);
    assert!(changed(&home, "shop", &["HEAD"]).is_empty());
}

#[test]
fn a_file_that_was_only_renamed_has_not_changed() {
    let home = shop();
    let rest = "// a line that stays\n".repeat(20);
    home.write("shop/server.js", format!("app.listen(8080)\n{rest}"));
    commit(&home);
    home.git("shop", &["mv", "server.js", "web.js"]);
    assert!(changed(&home, "shop", &["HEAD"]).is_empty());
    home.write("shop/web.js", format!("app.listen(8080)\n{rest}admin.listen(7001)\n"));
    assert_eq!(changed(&home, "shop", &["HEAD"]), ["web.js:22"]);
}

#[test]
fn what_another_branch_has_changed_is_not_of_this_one() {
    let home = shop();
    home.git("shop", &["checkout", "--quiet", "-b", "feature"]);
    home.write("shop/feature.js", "app.listen(3000)\n");
    commit(&home);
    home.git("shop", &["checkout", "--quiet", "main"]);
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT || 8080)\n");
    commit(&home);
    home.git("shop", &["checkout", "--quiet", "feature"]);
    assert_eq!(changed(&home, "shop", &["main"]), ["feature.js:1"]);
}

#[test]
fn settings_of_git_for_people_change_nothing() {
    let home = shop();
    for (key, value) in [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.relative", "true"),
        ("diff.external", "false"),
        ("diff.interHunkContext", "20"),
        ("diff.context", "9"),
        ("color.diff", "always"),
    ] {
        home.git("shop", &["config", key, value]);
    }
    home.write("shop/my api/größe.py", "app.run(port=5000)\n\n\n\napp.run(port=5001)\n");
    assert_eq!(changed(&home, "shop", &["HEAD"]), ["my api/größe.py:5"]);
}

#[test]
fn a_file_of_which_git_shows_no_lines_has_changed_as_a_whole() {
    let home = shop();
    home.write("shop/.gitattributes", "*.js -diff\n");
    commit(&home);
    assert!(changed(&home, "shop", &["HEAD"]).is_empty());
    home.write("shop/server.js", "// first\napp.listen(8080)\n");
    assert_eq!(changed(&home, "shop", &["HEAD"]), ["server.js:2"]);
}

#[test]
fn what_git_cannot_answer_is_an_error_that_says_what_to_do() {
    let home = shop();
    let failed = |ran: Ran, expected: &str| {
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
    };
    failed(home.run("shop", &["check", "--diff", "mian"]), "shop has no revision 'mian'");
    failed(home.run("shop", &["check", "--diff=--output=x"]), "has no revision '--output=x'");
    failed(home.run("", &["check", "--diff", "HEAD"]), "is not in a git repository");
    failed(home.run("shop", &["check", "--diff"]), "--diff needs a revision");
    let mut command = home.command("shop", &["check", "--diff", "HEAD"]);
    let output = command.env("PATH", home.path("config")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr.contains("cannot run git") && stderr.contains("Install git, or leave --diff out."),
        "{stderr}"
    );
}

/// Hands a patch to a program.
fn apply(patch: &str, directory: &Path, program: &str, arguments: &[&str]) {
    use std::io::Write as _;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(patch.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{program} {arguments:?}\n{patch}");
}

/// Two files of which a port is fixed, with what makes patches difficult.
fn fixable() -> Home {
    let home = shop();
    home.write("shop/server.js", "\u{feff}app.listen(8080)\r\n// no line end here")
        .write("shop/my api/größe.py", "import os\n\napp.run(port=8080)\n");
    home
}

#[test]
fn fix_with_diff_prints_what_fix_writes_and_writes_nothing() {
    let home = fixable();
    let before = (home.read("shop/server.js"), home.read("shop/my api/größe.py"));
    let ran = home.run("shop", &["check", "--fix", "--diff"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "--fix would fix 2 places in 2 files.\n"));
    insta::assert_snapshot!(ran.stdout.replace('\r', "\\r").replace('\t', "\\t").replace('\u{feff}', "<BOM>"), @r#"
    --- a/my api/größe.py\t
    +++ b/my api/größe.py\t
    @@ -1,3 +1,3 @@
     import os
     
    -app.run(port=8080)
    +app.run(port=int(os.environ.get("WEB_PORT", "8080")))
    --- a/server.js
    +++ b/server.js
    @@ -1,2 +1,2 @@
    -<BOM>app.listen(8080)\r
    +<BOM>app.listen(process.env.WEB_PORT || 8080)\r
     // no line end here
    \ No newline at end of file
    "#);
    assert_eq!((home.read("shop/server.js"), home.read("shop/my api/größe.py")), before);

    let fixed = fixable();
    fixed.run("shop", &["check", "--fix"]);
    let expected = (fixed.read("shop/server.js"), fixed.read("shop/my api/größe.py"));
    for (program, arguments) in [("git", &["apply"] as &[&str]), ("patch", &["-p1", "--binary"])] {
        if Command::new(program).arg("--version").output().is_err() {
            println!("NOT POSSIBLE HERE: {program} is not installed");
            continue;
        }
        let home = fixable();
        apply(&ran.stdout, &home.path("shop"), program, arguments);
        assert_eq!((home.read("shop/server.js"), home.read("shop/my api/größe.py")), expected, "{program}");
    }
    let ran = fixed.run("shop", &["check", "--fix", "--diff"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", Some(0)), "{ran:?}");
}

#[test]
fn a_patch_has_the_settings_that_a_fixed_page_needs() {
    let home = Home::new();
    home.project("shop", &[("API_PORT", "api", 8100)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "API_PORT=5000\n")
        .write(
            "shop/package.json",
            r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "8"}}"#,
        )
        .write("shop/src/api.ts", "export const API = 'http://localhost:5000/api';\n")
        .write("shop/api/server.js", "require('http').createServer().listen(5000);\n");
    let patch = home.run("shop", &["check", "--fix", "--diff"]).stdout;
    assert!(!home.path("shop/port-manager.toml").exists());
    apply(&patch, &home.path("shop"), "git", &["apply"]);
    let names = home.read("shop/port-manager.toml");
    assert!(names.ends_with("[run.\".\"]\nVITE_API_PORT = \"API_PORT\"\n"), "{names}");
    assert!(home.read("shop/src/api.ts").contains("import.meta.env.VITE_API_PORT"));
}

#[test]
fn a_word_behind_fix_and_diff_is_a_path() {
    let home = fixable();
    let ran = home.run("shop", &["check", "--fix", "--diff", "server.js"]);
    assert!(ran.stdout.contains("b/server.js") && !ran.stdout.contains("größe"), "{ran:?}");
    let ran = home.run("shop", &["check", "--fix", "--diff", "main"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("--fix --diff takes no revision, and there is no file main"), "{ran:?}");
}
