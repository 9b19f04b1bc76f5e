//! A standard output that cannot be written: a full disk.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::home::Home;

#[test]
fn output_that_cannot_be_written_is_a_failure_of_every_command() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/server.js", "app.listen(8000)\n");
    let commands: [&[&str]; 17] = [
        &["status"],
        &["status", "--json"],
        &["show", "shop"],
        &["show", "shop", "--json"],
        &["init", "shop"],
        &["init", "shop", "--json"],
        &["check", "shop"],
        &["check", "shop", "--json"],
        &["doctor"],
        &["get-port", "--type", "web"],
        &["free", "8000", "--dry-run"],
        &["remove", "shop", "--dry-run"],
        &["clean", "--json"],
        &["explain", "hardcoded-port"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
    ];
    for arguments in commands {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = home.command("", arguments).stdout(Stdio::from(full)).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("cannot write to the standard output"), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
    }
}
