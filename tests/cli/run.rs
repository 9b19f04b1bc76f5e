//! `port-manager run`: a command with the project's ports. The commands are what every Unix has.
#![cfg(unix)]

use std::process::Stdio;

use crate::home::Home;

#[test]
fn a_command_gets_the_projects_ports_and_gives_its_exit_code() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("DB_PORT", "db", 5400)]);
    home.directory("shop/src");
    let ran = home.run("shop/src", &["run", "sh", "-c", "echo $WEB_PORT $DB_PORT; exit 7"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(7), "8000 5400\n", ""));
}

#[test]
fn flags_behind_the_command_are_its_own() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    assert_eq!(home.run("shop", &["run", "echo", "--quiet", "-v", "*"]).stdout, "--quiet -v *\n");
    assert_eq!(home.run("shop", &["run", "--", "printf", "%s", "--help"]).stdout, "--help");
}

#[test]
fn what_the_environment_says_goes_before_and_is_told() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("DB_PORT", "db", 5400)]);
    let run = |value: &str| {
        let mut command = home.command("shop", &["run", "printenv", "WEB_PORT", "DB_PORT"]);
        let output = command.env("WEB_PORT", value).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (stdout, stderr) = run("9000");
    assert_eq!(stdout, "9000\n5400\n");
    assert_eq!(stderr, "warning: WEB_PORT is 9000 in the environment, and stays so; .ports.env says 8000\n");
    // The same, or nothing, is no other value.
    assert_eq!(run("8000"), ("8000\n5400\n".to_owned(), String::new()));
    assert_eq!(run(""), ("8000\n5400\n".to_owned(), String::new()));
}

#[test]
fn a_command_keeps_the_process_and_its_signals() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let mut child = home
        .command("shop", &["run", "sh", "-c", "echo $$; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    assert_eq!(line.trim(), child.id().to_string());
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_cannot_be_run_is_a_failure() {
    let home = Home::new();
    home.directory("empty/.git");
    let ran = home.run("empty", &["run", "true"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("has no .ports.env") && ran.stderr.contains("port-manager init"),
        "{}",
        ran.stderr
    );

    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let ran = home.run("shop", &["run", "no-such-program"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: cannot run no-such-program: "), "{}", ran.stderr);
    assert_eq!(home.run("shop", &["run"]).code, Some(2));

    home.write("shop/.ports.env", "WEB_PORT=8000\nnonsense\nDB_PORT=70000\n");
    let ran = home.run("shop", &["run", "printenv", "WEB_PORT"]);
    assert_eq!(ran.stdout, "8000\n");
    assert!(ran.stderr.contains("2 lines of .ports.env say no port"), "{}", ran.stderr);
}
