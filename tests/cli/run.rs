//! `port-manager run`: a command with the project's ports. The commands are what every Unix has.
#![cfg(unix)]

use std::process::{Command, Stdio};

use crate::home::{Home, unused_port};
use crate::process::{ChildProcess, Server};

/// What is said besides the line about what is set.
fn besides(stderr: &str) -> String {
    stderr.split_inclusive('\n').filter(|line| !line.starts_with("port-manager sets ")).collect()
}

#[test]
fn a_command_gets_the_projects_ports_and_gives_its_exit_code() {
    let home = Home::new();
    let (web, db) = (unused_port(), unused_port());
    home.project("shop", &[("WEB_PORT", "web", web), ("DB_PORT", "db", db)]);
    home.directory("shop/src");
    let ran = home.run("shop/src", &["run", "sh", "-c", "echo $WEB_PORT $DB_PORT; exit 7"]);
    assert_eq!((ran.code, ran.stdout), (Some(7), format!("{web} {db}\n")));
    assert_eq!(ran.stderr, format!("port-manager sets DB_PORT={db}, WEB_PORT={web}.\n"));
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
    let (web, db, other) = (unused_port(), unused_port(), unused_port());
    home.project("shop", &[("WEB_PORT", "web", web), ("DB_PORT", "db", db)]);
    let run = |arguments: &[&str], value: &str| {
        let arguments = [&["run"], arguments, &["printenv", "WEB_PORT", "DB_PORT"]].concat();
        let output = home.command("shop", &arguments).env("WEB_PORT", value).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), besides(&String::from_utf8(output.stderr).unwrap()))
    };
    let own = format!("{web}\n{db}\n");
    let (stdout, stderr) = run(&[], &other.to_string());
    assert_eq!(stdout, own);
    assert_eq!(
        stderr,
        format!(
            "warning: WEB_PORT is {web} here; the environment said {other}\n\
             help: Pass --keep-env to use what the environment says.\n"
        )
    );
    // The same, or nothing, is not another value.
    assert_eq!(run(&[], &web.to_string()), (own.clone(), String::new()));
    assert_eq!(run(&[], ""), (own, String::new()));

    let (stdout, stderr) = run(&["--keep-env"], &other.to_string());
    assert_eq!(stdout, format!("{other}\n{db}\n"));
    let expected = format!("warning: WEB_PORT is {other}, as the environment says; .ports.env says {web}\n");
    assert_eq!(stderr, expected);
}

/// What `git worktree add` makes of a repository, both set up.
fn worktrees(home: &Home) {
    home.write("main/server.js", "app.listen(process.env.WEB_PORT)\n");
    home.git("main", &["init", "--quiet"]);
    home.git("main", &["add", "."]);
    home.git("main", &["commit", "--quiet", "-m", "first"]);
    home.git("main", &["worktree", "add", "--quiet", "../feature"]);
    for directory in ["main", "feature"] {
        assert_eq!(home.run(directory, &["init"]).code, Some(0));
    }
}

fn web_port(home: &Home, directory: &str) -> String {
    let ran = home.run(directory, &["run", "printenv", "WEB_PORT"]);
    assert_eq!((ran.code, besides(&ran.stderr).as_str()), (Some(0), ""));
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
    help: `port-manager run --init COMMAND` does that first.
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
    let web = unused_port();
    home.project("shop", &[("WEB_PORT", "web", web)]);
    std::fs::rename(home.path("shop"), home.path("moved")).unwrap();
    assert_eq!(web_port(&home, "moved"), format!("{web}\n"));
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
    let web = unused_port();
    home.write(
        "shop/.ports.env",
        format!(
            "WEB_PORT={web}\nLD_PRELOAD=8001\nPORT_MANAGER_CONFIG_DIR=8002\nBASH_ENV=8003\nSECRET=8004\n\
             nonsense\nDB_PORT=70000\n"
        ),
    );
    let ran = home.run("shop", &["run", "env"]);
    for absent in ["LD_PRELOAD=", "BASH_ENV=", "SECRET=", "=8002", "DB_PORT="] {
        assert!(!ran.stdout.contains(absent), "{absent} in {}", ran.stdout);
    }
    assert!(ran.stdout.contains(&format!("WEB_PORT={web}\n")));
    insta::assert_snapshot!(besides(&ran.stderr), @r"
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
    assert_eq!(besides(&ran.stderr).lines().count(), 11, "{}", ran.stderr);
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

    home.project("shop", &[("WEB_PORT", "web", unused_port())]);
    let ran = home.run("shop", &["run", "no-such-program"]);
    assert_eq!(ran.code, Some(2));
    assert!(besides(&ran.stderr).starts_with("error: cannot run no-such-program: "), "{}", ran.stderr);
    assert_eq!(home.run("shop", &["run"]).code, Some(2));
}

/// What is seen of a command, with names in place of the numbers of this run.
fn seen(home: &Home, arguments: &[&str], names: &[(String, &str)]) -> String {
    let mut ran = home.run("shop", arguments);
    ran.stderr = besides(&ran.stderr);
    let mut seen = ran.seen(home);
    let program = std::env::current_exe().unwrap();
    seen = seen.replace(program.file_name().unwrap().to_str().unwrap(), "server");
    for (number, name) in names {
        seen = seen.replace(number, name);
    }
    // Which number is offered depends on what else runs.
    regex::Regex::new(r"=\d+`").unwrap().replace_all(&seen, "=<free>`").into_owned()
}

fn numbers<'a>(server: &ChildProcess, port: &'a str, pid: &'a str) -> [(String, &'a str); 2] {
    [(server.pid().to_string(), pid), (server.port.to_string(), port)]
}

#[test]
fn who_holds_a_port_is_said_before_the_command_starts() {
    let home = Home::new();
    let blog = ChildProcess::server(&home.directory("blog"));
    let strange = ChildProcess::server(&home.directory("elsewhere"));
    home.project("blog", &[]);
    home.project("shop", &[("WEB_PORT", "web", blog.port), ("API_PORT", "api", strange.port)]);
    let names = [numbers(&blog, "<web>", "<blog>"), numbers(&strange, "<api>", "<strange>")].concat();
    let seen = seen(&home, &["run", "echo", "started"], &names);
    // In the order of the numbers, which the system gave.
    let mut lines: Vec<&str> = seen.lines().collect();
    lines.sort_unstable();
    insta::assert_snapshot!(lines.join("\n"), @r"
    --- exit code 0
    --- stderr
    help: `port-manager free <api>` shows it, asks, and stops it; `port-manager set API_PORT=<free>` gives this project another number
    help: `port-manager free <web>` shows it, asks, and stops it; `port-manager set WEB_PORT=<free>` gives this project another number
    started
    warning: port <api> (API_PORT) is taken by server (<strange>) from ~/elsewhere
    warning: port <web> (WEB_PORT) is taken by server (<blog>) from project blog
    ");
}

#[test]
fn a_number_that_is_offered_in_place_of_a_taken_one_can_be_set() {
    let home = Home::new();
    let strange = ChildProcess::server(&home.directory("elsewhere"));
    home.project("shop", &[("WEB_PORT", "web", strange.port)]);
    let ran = home.run("shop", &["run", "true"]);
    let offered = regex::Regex::new(r"`port-manager (set WEB_PORT=\d+)`").unwrap();
    let offered = offered.captures(&ran.stderr).unwrap()[1].to_owned();
    let set = home.run("shop", &offered.split(' ').collect::<Vec<_>>());
    assert_eq!(set.code, Some(0), "{}", set.stderr);
    assert!(!home.run("shop", &["run", "true"]).stderr.contains(&strange.port.to_string()));
}

#[test]
fn a_running_server_of_the_project_is_named() {
    let home = Home::new();
    let own = ChildProcess::server(&home.directory("shop/web"));
    home.project("shop", &[("WEB_PORT", "web", own.port)]);
    let names = numbers(&own, "<web>", "<own>");
    insta::assert_snapshot!(seen(&home, &["run", "echo", "tested"], &names), @r"
    tested
    --- stderr
    Already running: WEB_PORT (<web>): server (<own>).
    --- exit code 0
    ");
    assert_eq!(home.run("shop", &["--quiet", "run", "true"]).stderr, "");
}

/// The table gives the number a second name; it is one port, and said once.
#[test]
fn a_worktree_inside_of_a_project_is_somebody_else() {
    let home = Home::new();
    home.write("shop/.worktrees/feature/.git", "gitdir: elsewhere\n");
    let nested = ChildProcess::server(&home.path("shop/.worktrees/feature"));
    home.project("shop", &[("WEB_PORT", "web", nested.port)]);
    home.write("shop/port-manager.toml", "[run.\".\"]\nPORT = \"WEB_PORT\"\n");
    let names = numbers(&nested, "<web>", "<nested>");
    insta::assert_snapshot!(seen(&home, &["run", "true"], &names), @r"
    --- stderr
    warning: port <web> (WEB_PORT) is taken by server (<nested>) from ~/shop/.worktrees/feature
    help: `port-manager free <web>` shows it, asks, and stops it; `port-manager set WEB_PORT=<free>` gives this project another number
    --- exit code 0
    ");
}

#[test]
fn a_number_of_the_environment_that_is_taken_is_said_with_keep_env() {
    let home = Home::new();
    let strange = ChildProcess::server(&home.directory("elsewhere"));
    home.project("shop", &[("WEB_PORT", "web", unused_port())]);
    let mut command = home.command("shop", &["run", "--keep-env", "true"]);
    let output = command.env("WEB_PORT", strange.port.to_string()).output().unwrap();
    let stderr = besides(&String::from_utf8(output.stderr).unwrap());
    let help = stderr.lines().last().unwrap().replace(&strange.port.to_string(), "<web>");
    assert_eq!(help, "help: `port-manager free <web>` shows it, asks, and stops it");
}

/// Rootless docker's proxy is started in somebody's home.
#[test]
fn a_proxy_of_containers_is_not_called_a_stranger() {
    let home = Home::new();
    let proxy = Server::new(&home.directory("elsewhere")).named("docker-proxy").start();
    home.project("shop", &[("DB_PORT", "db", proxy.port)]);
    let names = numbers(&proxy, "<db>", "<proxy>");
    insta::assert_snapshot!(seen(&home, &["run", "true"], &names), @r"
    --- stderr
    Already running: DB_PORT (<db>): docker-proxy (<proxy>).
    --- exit code 0
    ");
}

#[test]
fn a_hostile_name_of_a_holder_is_made_visible() {
    let home = Home::new();
    let strange =
        Server::new(&home.directory("else\u{1b}[31mwhere\nwarning: forged")).named("s\u{1b}[2Jrv").start();
    home.project("shop", &[("WEB_PORT", "web", strange.port)]);
    let ran = home.run("shop", &["run", "true"]);
    assert_eq!(besides(&ran.stderr).lines().count(), 2, "{}", ran.stderr);
    assert!(!ran.stderr.contains('\u{1b}') && ran.stderr.contains("s\\x1b[2Jrv"), "{}", ran.stderr);
}

#[test]
fn one_line_says_what_is_set() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write("shop/port-manager.toml", "[env]\nAPI_URL = \"http://localhost:${API_PORT}\"\n");
    let ran = home.run("shop", &["run", "true"]);
    assert_eq!(ran.stderr, "port-manager sets API_PORT=8100, API_URL, WEB_PORT=8000.\n");
    assert_eq!(home.run("shop", &["--quiet", "run", "true"]).stderr, "");
    // What a surrounding `run` has set is said once.
    let ours = assert_cmd::cargo::cargo_bin!("port-manager").to_str().unwrap();
    let ran = home.run("shop", &["run", ours, "run", "true"]);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn only_the_named_variables_are_set() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    let ran = home.run("shop", &["run", "--only", "API_PORT", "sh", "-c", "echo $API_PORT $WEB_PORT"]);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("8100\n", "port-manager sets API_PORT=8100.\n"));
    let ran = home.run("shop", &["run", "--only", "API_PROT", "true"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.ends_with("help: Did you mean API_PORT?\n"), "{}", ran.stderr);
}

#[test]
fn the_command_can_be_printed_in_place_of_run() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let ran = home.run("shop", &["run", "--print", "vite", "it's"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "env 'WEB_PORT=8000' vite it\\'s\n"),
        "{}",
        ran.stderr
    );
    let ran = home.run("shop", &["run", "--print", "echo", "a b"]);
    let output = Command::new("sh").args(["-c", &ran.stdout]).output().unwrap();
    assert_eq!(output.stdout, b"a b\n");
}

/// A program of that name which prints its arguments, and the environment to find it.
fn stand_in(home: &Home, name: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    home.write(&format!("bin/{name}"), "#!/bin/sh\necho \"${0##*/}\" \"$@\"\n");
    let path = home.path(&format!("bin/{name}"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap())
}

#[test]
fn a_program_that_reads_no_variable_gets_the_port_by_its_flag() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write("shop/port-manager.toml", "[run.\"api\"]\nPORT = \"API_PORT\"\n");
    home.directory("shop/api");
    let path = stand_in(&home, "vite");
    let run = |directory: &str, arguments: &[&str]| {
        let output =
            home.command(directory, &[&["run"], arguments].concat()).env("PATH", &path).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    };
    let (stdout, stderr) = run("shop", &["vite", "--host"]);
    assert_eq!(stdout, "vite --host --port 8000\n");
    insta::assert_snapshot!(stderr, @"port-manager sets API_PORT=8100, WEB_PORT=8000, and gives vite --port 8000 (WEB_PORT); --no-pass-port leaves that out.");
    assert_eq!(run("shop/api", &["vite"]).0, "vite --port 8100\n", "its PORT");
    assert_eq!(run("shop", &["--pass-port", "API_PORT", "vite"]).0, "vite --port 8100\n");
    assert_eq!(run("shop", &["--no-pass-port", "vite"]).0, "vite\n");
    assert_eq!(run("shop", &["vite", "--port", "3000"]).0, "vite --port 3000\n");
    assert_eq!(run("shop", &["vite", "build"]).0, "vite build\n");

    home.project("shop", &[("WEB_PORT", "web", 8000), ("ADMIN_PORT", "web", 8001)]);
    home.write("shop/port-manager.toml", "");
    let (stdout, stderr) = run("shop", &["vite"]);
    assert_eq!(stdout, "vite\n");
    assert!(stderr.ends_with("`--pass-port VARIABLE` passes that of ADMIN_PORT or WEB_PORT\n"), "{stderr}");
    let ran = home.run("shop", &["run", "--pass-port", "WEB_PORT", "true"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: true is not a command that takes its port by a known flag"));
}

#[test]
fn a_web_server_never_gets_the_port_of_a_database_or_an_api() {
    let home = Home::new();
    let run = |program: &str| home.run("shop", &["run", "--print", program]).stdout;
    for (variable, service) in [("DB_PORT", "db"), ("API_PORT", "api")] {
        home.project("shop", &[(variable, service, 5400)]);
        assert!(run("vite").ends_with("vite\n"), "{variable}: {}", run("vite"));
    }
    // Nor that of another server, which its default number tells.
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.ports.env.example", "WEB_PORT=3000\n")
        .write("shop/server.js", "app.listen(process.env.WEB_PORT || 3000)\n");
    let ran = home.run("shop", &["run", "--print", "vite"]);
    assert!(ran.stdout.ends_with("vite\n"), "{}", ran.stdout);
    let next = home.run("shop", &["run", "--print", "next", "dev"]).stdout;
    assert!(next.ends_with("next dev --port 8000\n"), "next listens on 3000 by itself: {next}");
    std::fs::remove_file(home.path("shop/server.js")).unwrap();
    assert!(
        run("vite").ends_with("vite --port 8000\n"),
        "a number that only the list names: {}",
        run("vite")
    );
    std::fs::remove_file(home.path("shop/.ports.env.example")).unwrap();

    // The port of a type that says nothing may be its.
    home.project("shop", &[("SHOP_PORT", "misc", 3000)]);
    assert!(run("vite").ends_with("vite --port 3000\n"), "{}", run("vite"));
}

#[test]
fn a_fresh_clone_gets_its_ports_first_when_asked_to() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    home.directory("shop/.git");
    insta::assert_snapshot!(home.run("shop", &["run", "true"]).seen(&home), @r"
    --- stderr
    error: ~/shop has no .ports.env
    help: Run `port-manager init` there.
    help: `port-manager run --init COMMAND` does that first.
    --- exit code 2
    ");
    assert!(!home.run("shop", &["run", "--no-init", "true"]).stderr.contains("--init"));
    assert!(!home.path("shop/.ports.env").exists());
    let ran = home.run("shop", &["run", "--init", "printenv", "WEB_PORT"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(0), 1), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("shop has 1 port. Written: .ports.env, "), "{}", ran.stderr);
    assert_eq!(home.run("shop", &["run", "--init", "printenv", "WEB_PORT"]).stdout, ran.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_the_question_is_asked() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    home.directory("shop/.git");
    let mut pty = crate::pty::Pty::start(home.command("shop", &["run", "printenv", "WEB_PORT"]), 200);
    pty.wait_for(&["Give this project its ports now? [y/N]"]);
    pty.write("y\n");
    pty.wait_for(&["shop has 1 port", "port-manager sets WEB_PORT="]);
    assert!(pty.end().1.success());
}
