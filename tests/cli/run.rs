//! `port-manager run`: a command with the project's ports. The commands are what every Unix has.
#![cfg(unix)]

use std::process::{Command, Stdio};

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
fn the_projects_numbers_go_before_the_environment() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("DB_PORT", "db", 5400)]);
    let run = |arguments: &[&str], value: &str| {
        let arguments = [&["run"], arguments, &["printenv", "WEB_PORT", "DB_PORT"]].concat();
        let output = home.command("shop", &arguments).env("WEB_PORT", value).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (stdout, stderr) = run(&[], "9000");
    assert_eq!(stdout, "8000\n5400\n");
    insta::assert_snapshot!(stderr, @r"
    warning: WEB_PORT is 8000 here; the environment said 9000
    help: Pass --keep-env to use what the environment says.
    ");
    // The same, or nothing, is not another value.
    assert_eq!(run(&[], "8000"), ("8000\n5400\n".to_owned(), String::new()));
    assert_eq!(run(&[], ""), ("8000\n5400\n".to_owned(), String::new()));

    let (stdout, stderr) = run(&["--keep-env"], "9000");
    assert_eq!(stdout, "9000\n5400\n");
    insta::assert_snapshot!(stderr, @"warning: WEB_PORT is 9000, as the environment says; .ports.env says 8000");
}

/// What `git worktree add` makes of a repository, both set up.
fn worktrees(home: &Home) {
    home.write("main/server.js", "app.listen(process.env.WEB_PORT)\n");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args([
            "-C",
            home.path("main").to_str().unwrap(),
            "-c",
            "user.name=Test",
            "-c",
            "user.email=t@t",
        ]);
        let output = command.args(arguments).env("HOME", home.path("")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "first"]);
    git(&["worktree", "add", "--quiet", "../feature"]);
    for directory in ["main", "feature"] {
        assert_eq!(home.run(directory, &["init"]).code, Some(0));
    }
}

fn web_port(home: &Home, directory: &str) -> String {
    let ran = home.run(directory, &["run", "printenv", "WEB_PORT"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    ran.stdout
}

#[test]
fn the_shell_of_one_worktree_runs_another_on_its_own_ports() {
    let home = Home::new();
    worktrees(&home);
    let (main, feature) = (web_port(&home, "main"), web_port(&home, "feature"));
    assert_ne!(main, feature);
    // As a command is run in a shell that loaded the ports of the other worktree.
    let output = home
        .command("feature", &["run", "printenv", "WEB_PORT"])
        .env("WEB_PORT", main.trim())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), feature);
    let expected = format!("WEB_PORT is {} here; the environment said {}", feature.trim(), main.trim());
    assert!(String::from_utf8(output.stderr).unwrap().contains(&expected));
}

#[test]
fn a_copied_ports_env_is_refused_until_the_copy_has_numbers_of_its_own() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    let original = web_port(&home, "shop");
    let copied = Command::new("cp").arg("-r").args([home.path("shop"), home.path("copy")]).status().unwrap();
    assert!(copied.success());

    let ran = home.run("copy", &["run", "printenv", "WEB_PORT"]);
    let seen = ran.seen(&home).replace(original.trim(), "<port>");
    insta::assert_snapshot!(seen, @r"
    --- stderr
    error: the .ports.env of ~/copy gives WEB_PORT port <port>, which belongs to WEB_PORT of shop (~/shop)
    help: If it was copied from there, `port-manager init` gives this project numbers of its own.
    --- exit code 2
    ");
    // Who keeps the environment's number uses none of the other project's.
    let mut command = home.command("copy", &["run", "--keep-env", "printenv", "WEB_PORT"]);
    assert_eq!(command.env("WEB_PORT", "9000").output().unwrap().stdout, b"9000\n");

    assert_eq!(home.run("copy", &["init", "."]).code, Some(0));
    assert_ne!(web_port(&home, "copy"), original);
    assert_eq!(web_port(&home, "shop"), original);
}

#[test]
fn a_moved_project_runs_on_its_ports() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    std::fs::rename(home.path("shop"), home.path("moved")).unwrap();
    assert_eq!(web_port(&home, "moved"), "8000\n");
}

#[test]
fn numbers_that_nobody_registered_are_used() {
    let home = Home::new();
    home.write("shop/.ports.env", "WEB_PORT=8000\nPORT=8001\n");
    assert_eq!(home.run("shop", &["run", "printenv", "WEB_PORT", "PORT"]).stdout, "8000\n8001\n");
    let ran = home.run("shop", &["--verbose", "run", "printenv", "WEB_PORT"]);
    assert!(ran.stderr.contains("does not have these ports for this project"), "{}", ran.stderr);
}

#[test]
fn a_damaged_registry_is_reported_and_the_command_runs() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("config/registry.json", "{");
    let ran = home.run("shop", &["run", "printenv", "WEB_PORT"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "8000\n"));
    assert!(ran.stderr.starts_with("warning: the registry cannot be read, so"), "{}", ran.stderr);
    assert!(ran.stderr.contains("doctor --repair"), "{}", ran.stderr);
}

#[test]
fn only_port_variables_reach_the_command() {
    let home = Home::new();
    home.write(
        "shop/.ports.env",
        "WEB_PORT=8000\nLD_PRELOAD=8001\nPORT_MANAGER_CONFIG_DIR=8002\nBASH_ENV=8003\nSECRET=8004\nnonsense\n\
         DB_PORT=70000\n",
    );
    let ran = home.run("shop", &["run", "env"]);
    for absent in ["LD_PRELOAD=", "BASH_ENV=", "SECRET=", "=8002", "DB_PORT="] {
        assert!(!ran.stdout.contains(absent), "{absent} in {}", ran.stdout);
    }
    assert!(ran.stdout.contains("WEB_PORT=8000\n"));
    insta::assert_snapshot!(ran.stderr, @r"
    warning: .ports.env:2: not passed on: LD_PRELOAD is a setting of the dynamic loader, not a port variable
    warning: .ports.env:3: not passed on: PORT_MANAGER_CONFIG_DIR is a setting of port-manager itself, not a port variable
    warning: .ports.env:4: not passed on: BASH_ENV is a setting of bash, not a port variable
    warning: .ports.env:5: not passed on: SECRET is not the name of a port variable, as WEB_PORT is
    warning: .ports.env:6: not passed on: the line is not KEY=PORT
    warning: .ports.env:7: not passed on: the value of DB_PORT is not a port
    ");
    let many: String = (1..=300).map(|number| format!("SECRET_{number}={number}\n")).collect();
    home.write("shop/.ports.env", many);
    let ran = home.run("shop", &["run", "true"]);
    assert_eq!(ran.stderr.lines().count(), 11, "{}", ran.stderr);
    assert!(ran.stderr.contains("290 more lines"), "{}", ran.stderr);
}

/// The loader refuses a C library that is not one, so a command that is made to look there does not start.
#[test]
fn the_loader_finds_no_library_in_a_clone() {
    let home = Home::new();
    home.write("clone/.ports.env", "LD_LIBRARY_PATH=8006\nWEB_PORT=8000\n");
    home.write("clone/8006/libc.so.6", "not a library\n");
    let mut obeying = Command::new("printenv");
    obeying.arg("WEB_PORT").current_dir(home.path("clone"));
    obeying.env("LD_LIBRARY_PATH", "8006").env("WEB_PORT", "8000");
    if obeying.output().unwrap().status.success() {
        println!("NOT POSSIBLE HERE: the loader of this system does not obey LD_LIBRARY_PATH");
        return;
    }
    let ran = home.run("clone", &["run", "printenv", "WEB_PORT"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "8000\n"), "{}", ran.stderr);
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
}
