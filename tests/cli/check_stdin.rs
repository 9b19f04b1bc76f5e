//! `port-manager check --stdin-filename`

use std::io::Write as _;
use std::process::Stdio;

use crate::home::{Home, Ran};

/// Runs `check` with that text on its standard input.
fn check(home: &Home, text: impl AsRef<[u8]>, arguments: &[&str]) -> Ran {
    let mut command = home.command("shop", &[&["check"], arguments].concat());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // One that is refused for its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(text.as_ref());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn shop() -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\n")
        .write("shop/server.js", "// nothing here\n");
    home
}

#[test]
fn the_standard_input_is_judged_as_the_file_of_the_project() {
    let home = shop();
    insta::assert_snapshot!(check(&home, "app.listen(8080)\n", &["--stdin-filename", "server.js"]).seen(&home), @r"
    warning[hardcoded-port]: port 8080 is hardcoded where the service listens
     --> server.js:1:12
      |
    1 | app.listen(8080)
      |            ^^^^
      |
      = help: Use process.env.WEB_PORT (8000)

    --- stderr
    1 warning in 1 file; 1 file checked. --fix fixes all of them.
    --- exit code 1
    ");
    assert_eq!(home.read("shop/server.js"), "// nothing here\n");
    // A file that does not exist yet, and `-` for the standard input.
    let ran = check(&home, "app.listen(8080)\n", &["--json", "--stdin-filename", "web/new.ts", "-"]);
    assert_eq!(ran.code, Some(2), "its directory has to exist: {ran:?}");
    let ran = check(&home, "app.listen(8080)\n", &["--json", "--stdin-filename", "new.ts", "-"]);
    assert_eq!(ran.json_lines()[0]["path"], "new.ts");
    assert_eq!(check(&home, "", &["--stdin-filename", "server.js"]).code, Some(0));
}

#[test]
fn fix_prints_the_text_with_its_fixes() {
    let home = shop();
    let fixed = "\u{feff}app.listen(process.env.WEB_PORT || 8080)\r\n";
    let ran = check(&home, "\u{feff}app.listen(8080)\r\n", &["--fix", "--stdin-filename", "server.js"]);
    assert_eq!((ran.stdout.as_str(), ran.code), (fixed, Some(0)), "{ran:?}");
    let ran = check(&home, fixed, &["--fix", "--stdin-filename", "server.js"]);
    assert_eq!((ran.stdout.as_str(), ran.code), (fixed, Some(0)), "a text without findings stays: {ran:?}");
    let text = "app.listen(8080)\nadmin.listen(7001)\n";
    let ran = check(&home, text, &["--fix", "--stdin-filename", "server.js"]);
    let fixed = "app.listen(process.env.WEB_PORT || 8080)\nadmin.listen(7001)\n";
    assert_eq!((ran.stdout.as_str(), ran.code), (fixed, Some(1)), "{ran:?}");
    assert_eq!(home.read("shop/server.js"), "// nothing here\n");
    let ran = check(&home, "app.listen(8080)\n", &["--fix", "--diff", "--stdin-filename", "server.js"]);
    let patch = "--- a/server.js\n+++ b/server.js\n@@ -1 +1 @@\n-app.listen(8080)\n+app.listen(process.env.WEB_PORT || 8080)\n";
    assert_eq!((ran.stdout.as_str(), ran.code), (patch, Some(1)), "{ran:?}");
}

#[test]
fn fix_of_a_text_looks_at_the_rest_of_the_project() {
    let home = shop();
    home.write("shop/config.json", "{\"port\": 8080}\n");
    let ran = check(&home, "app.listen(8080)\n", &["--fix", "--stdin-filename", "server.js"]);
    assert_eq!(ran.stdout, "app.listen(8080)\n");
    assert!(ran.stderr.contains("WEB_PORT was left alone: config.json cannot be fixed"), "{ran:?}");
}

#[test]
fn a_text_that_cannot_be_fixed_or_named_is_refused() {
    let home = shop();
    let latin_1 = b"// gr\xfc\xdfe\napp.listen(8080)\n";
    assert_eq!(check(&home, latin_1, &["--json", "--stdin-filename", "server.js"]).json_lines().len(), 1);
    let ran = check(&home, latin_1, &["--fix", "--stdin-filename", "server.js"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("Save the file as UTF-8."), "{ran:?}");
    let ran = check(&home, "", &["--stdin-filename", "server.js", "other.js"]);
    assert!(ran.stderr.contains("--stdin-filename names the only file"), "{ran:?}");
    let ran = check(&home, "", &["--stdin-filename", "server.js", "--diff", "HEAD"]);
    assert!(ran.stderr.contains("--stdin-filename does not go with --diff REV"), "{ran:?}");
}
