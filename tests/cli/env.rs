//! `port-manager env`: what it prints is evaluated by the shells and programs that it is for.
#![cfg(unix)]

use crate::home::{Home, Ran};

/// A project with two variables.
fn shop() -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home
}

/// Runs another program in the home; `None` where this machine does not have it. `port-manager` is on its `PATH`.
fn other(home: &Home, directory: &str, program: &str, arguments: &[&str]) -> Option<Ran> {
    let mut command = home.other(directory, program);
    command.args(arguments);
    let output = match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("NOT POSSIBLE HERE: {program} is not installed");
            return None;
        }
        output => output.unwrap(),
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some(Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) })
}

/// What each format prints.
fn printed(home: &Home, directory: &str, format: &str) -> String {
    let ran = home.run(directory, &["env", "--format", format]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{format}");
    ran.stdout
}

#[test]
fn every_format_spells_the_variables_its_own_way() {
    let home = shop();
    let formats = ["sh", "fish", "powershell", "cmd", "dotenv", "json", "make", "docker", "github"];
    let all: String =
        formats.map(|format| format!("# {format}\n{}", printed(&home, "shop", format))).concat();
    insta::assert_snapshot!(all, @r#"
    # sh
    export API_PORT='8100'
    export WEB_PORT='8000'
    # fish
    set -gx API_PORT '8100'
    set -gx WEB_PORT '8000'
    # powershell
    $Env:API_PORT = '8100'
    $Env:WEB_PORT = '8000'
    # cmd
    set "API_PORT=8100"
    set "WEB_PORT=8000"
    # dotenv
    API_PORT=8100
    WEB_PORT=8000
    # json
    {
      "API_PORT": "8100",
      "WEB_PORT": "8000"
    }
    # make
    export API_PORT := 8100
    export WEB_PORT := 8000
    # docker
    API_PORT=8100
    WEB_PORT=8000
    # github
    API_PORT=8100
    WEB_PORT=8000
    "#);
}

#[test]
fn the_shell_that_is_used_decides_the_format() {
    let home = shop();
    let first_line = |shell: &str| {
        let output = home.command("shop", &["env"]).env("SHELL", shell).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(first_line("/bin/zsh"), "export API_PORT='8100'");
    assert_eq!(first_line("/usr/bin/fish"), "set -gx API_PORT '8100'");
    assert_eq!(first_line(""), "export API_PORT='8100'");
    assert_eq!(first_line("/usr/bin/nu"), "error: SHELL is /usr/bin/nu, and there is no format for it");
}

#[test]
fn shells_evaluate_what_is_printed() {
    let home = shop();
    let evaluate = "eval \"$(port-manager env --format sh)\"; printenv API_PORT WEB_PORT";
    let fish = "port-manager env --format fish | source; printenv API_PORT WEB_PORT";
    for (shell, script) in [("sh", evaluate), ("bash", evaluate), ("zsh", evaluate), ("fish", fish)] {
        let Some(ran) = other(&home, "shop", shell, &["-c", script]) else { continue };
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("8100\n8000\n", ""), "{shell}");
    }
}

#[test]
fn the_table_of_the_current_directory_applies() {
    let home = shop();
    home.write("shop/port-manager.toml", "[run.\"packages/api\"]\nPORT = \"API_PORT\"\n");
    home.directory("shop/packages/api");
    assert_eq!(printed(&home, "shop/packages/api", "docker"), "API_PORT=8100\nPORT=8100\nWEB_PORT=8000\n");
    assert_eq!(printed(&home, "shop", "docker"), "API_PORT=8100\nWEB_PORT=8000\n");
}

#[test]
fn the_numbers_of_another_worktrees_shell_are_replaced() {
    let home = shop();
    let output =
        home.command("shop", &["env", "--format", "docker"]).env("WEB_PORT", "9000").output().unwrap();
    assert_eq!(
        (output.stdout.as_slice(), output.stderr.as_slice()),
        (&b"API_PORT=8100\nWEB_PORT=8000\n"[..], &b""[..])
    );
}

#[test]
fn only_the_named_variables_are_printed() {
    let home = shop();
    let ran = home.run("shop", &["env", "--format", "docker", "--only", "WEB_PORT"]);
    assert_eq!(ran.stdout, "WEB_PORT=8000\n");
    insta::assert_snapshot!(home.run("shop", &["env", "--only", "WEB_PROT"]).seen(&home), @r"
    --- stderr
    error: shop has no variable WEB_PROT
    help: Did you mean WEB_PORT?
    --- exit code 2
    ");
}

#[test]
fn without_a_ports_env_the_error_says_what_to_do() {
    let home = Home::new();
    home.directory("empty/.git");
    insta::assert_snapshot!(home.run("empty", &["env"]).seen(&home), @r"
    --- stderr
    error: ~/empty has no .ports.env
    help: Run `port-manager init` there.
    --- exit code 2
    ");
    let ran = home.run("empty", &["env", "--format", "dotnev"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("a similar value exists: 'dotenv'"), "{}", ran.stderr);
}

/// What people may write into `[env]`, and what shells and files give a meaning.
const HOSTILE: [&str; 9] = [
    "http://localhost:${API_PORT}/v1?a=b&c=d",
    "it's ${API_PORT}",
    "$$HOME $$(id) ${API_PORT}",
    "${API_PORT} # no comment; echo \"x\" | cat > /dev/null",
    " ${API_PORT} \\n \\t ",
    "${API_PORT}\\",
    "\\'${API_PORT}'; touch pwned; '",
    "%PATH% !x! ^&${API_PORT}\u{2019};calc",
    "${API_PORT}\\#~*?[a]{b}<<EOF",
];

/// The variables with those values, and what they become.
fn hostile() -> (Home, Vec<(String, String)>) {
    let home = shop();
    let mut text = "[env]\n".to_owned();
    let mut expected = Vec::new();
    for (index, value) in HOSTILE.iter().enumerate() {
        let name = format!("VALUE_{index}");
        text.push_str(&format!("{name} = {}\n", toml::Value::String((*value).to_owned())));
        expected.push((name, value.replace("${API_PORT}", "8100").replace("$$", "$")));
    }
    home.write("shop/port-manager.toml", text);
    (home, expected)
}

/// Prints a format into a file of the project; of the expected values, those that it can hold.
fn write(home: &Home, format: &str, file: &str, expected: &[(String, String)]) -> Vec<(String, String)> {
    let ran = home.run("shop", &["env", "--format", format]);
    let is_left_out = |name: &str| ran.stderr.contains(&format!("the value of {name} cannot be written"));
    let kept: Vec<_> = expected.iter().filter(|(name, _)| !is_left_out(name)).cloned().collect();
    assert_eq!(ran.code, Some(i32::from(kept.len() < expected.len())), "{}", ran.stderr);
    home.write(&format!("shop/{file}"), ran.stdout);
    kept
}

/// Checks what a program has in its environment, each variable printed with a NUL behind it.
fn assert_has(program: &str, ran: &Ran, expected: &[(String, String)]) {
    let seen: Vec<&str> = ran.stdout.split('\0').filter(|variable| variable.starts_with("VALUE_")).collect();
    let mut seen: Vec<String> = seen.into_iter().map(ToOwned::to_owned).collect();
    seen.sort();
    let expected: Vec<String> = expected.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(seen, expected, "{program}: {}", ran.stderr);
}

#[test]
fn any_value_reaches_the_environment_of_shells() {
    let (home, expected) = hostile();
    assert_has("run", &home.run("shop", &["run", "env", "-0"]), &expected);
    let posix = "eval \"$(port-manager env --format sh)\"; env -0";
    let fish = "port-manager env --format fish | source; env -0";
    for (shell, script) in [("sh", posix), ("bash", posix), ("zsh", posix), ("fish", fish)] {
        let Some(ran) = other(&home, "shop", shell, &["-c", script]) else { continue };
        assert_has(shell, &ran, &expected);
    }
    assert!(!home.path("shop/pwned").exists());
}

#[test]
fn make_reads_any_value() {
    let (home, expected) = hostile();
    let kept = write(&home, "make", "ports.mk", &expected);
    assert_eq!(kept, expected);
    home.write("shop/Makefile", "include ports.mk\nall:\n\t@env -0\n");
    if let Some(ran) = other(&home, "shop", "make", &["-s"]) {
        assert_has("make", &ran, &expected);
    }
}

#[test]
fn readers_of_env_files_agree_about_the_values() {
    let (home, expected) = hostile();
    let kept = write(&home, "dotenv", "ports.env", &expected);
    assert!(kept.len() > 5, "{kept:?}");
    let script = "for (const name in process.env) process.stdout.write(`${name}=${process.env[name]}\\0`)";
    if let Some(ran) = other(&home, "shop", "node", &["--env-file=ports.env", "-e", script]) {
        assert_has("node", &ran, &kept);
    }
    let script = "import sys; from dotenv import dotenv_values\n\
                  [sys.stdout.write(f'{k}={v}\\0') for k, v in dotenv_values('ports.env').items()]";
    if let Some(ran) = other(&home, "shop", "python3", &["-c", script]) {
        match ran.stderr.contains("ModuleNotFoundError") {
            true => println!("NOT POSSIBLE HERE: python-dotenv is not installed"),
            false => assert_has("python-dotenv", &ran, &kept),
        }
    }
}

/// Answers the requests of a docker client as its daemon does, until one makes a container; its `Env`.
fn environment_of_a_container(daemon: &std::net::TcpListener) -> Vec<String> {
    use std::io::{Read, Write};
    loop {
        let (mut stream, _) = daemon.accept().unwrap();
        let mut request = Vec::new();
        let mut bytes = [0; 4096];
        let body = loop {
            let count = stream.read(&mut bytes).unwrap();
            request.extend_from_slice(&bytes[..count]);
            let text = String::from_utf8_lossy(&request).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                if count == 0 { break None } else { continue }
            };
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            if length.is_none_or(|length| body.len() >= length.parse().unwrap()) {
                break Some((head.contains("/containers/create")).then(|| body.to_owned()));
            }
        };
        let Some(body) = body else { continue };
        let answer = "{\"Id\":\"x\",\"Warnings\":[]}";
        let status = if body.is_some() { "201 Created" } else { "200 OK" };
        let length = answer.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{answer}"
        )
        .unwrap();
        if let Some(body) = body {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            let values = body["Env"].as_array().unwrap().iter();
            return values.map(|value| value.as_str().unwrap().to_owned()).collect();
        }
    }
}

#[test]
fn the_docker_client_hands_the_values_to_a_container() {
    let (home, expected) = hostile();
    let kept = write(&home, "docker", "ports.env", &expected);
    assert_eq!(kept, expected);
    let daemon = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", daemon.local_addr().unwrap());
    let answering = std::thread::spawn(move || environment_of_a_container(&daemon));
    let docker = ["-H", &address, "create", "--env-file", "ports.env", "alpine"];
    let Some(ran) = other(&home, "shop", "docker", &docker) else { return };
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let values = answering.join().unwrap().join("\0");
    assert_has("docker", &Ran { code: None, stdout: values, stderr: String::new() }, &expected);
}

#[test]
fn what_a_format_cannot_hold_is_left_out_and_named() {
    let (home, _) = hostile();
    let ran = home.run("shop", &["env", "--format", "cmd", "--only", "VALUE_3"]);
    insta::assert_snapshot!(ran.seen(&home), @r"
    --- stderr
    warning: the value of VALUE_3 cannot be written as cmd: it has a double quote
    --- exit code 1
    ");
    let ran = home.run("shop", &["env", "--format", "dotenv", "--only", "VALUE_5", "--only", "VALUE_6"]);
    insta::assert_snapshot!(ran.seen(&home), @r"
    --- stderr
    warning: the value of VALUE_5 cannot be written as dotenv: it has a backslash that readers of .env files disagree about
    warning: the value of VALUE_6 cannot be written as dotenv: it has a single quote beside another character that is special in .env files
    --- exit code 1
    ");
}

#[test]
fn a_computed_value_that_cannot_be_is_an_error_with_its_place() {
    let home = shop();
    home.write("shop/port-manager.toml", "[env]\nAPI_URL = \"http://localhost:${API_PROT}\"\n");
    insta::assert_snapshot!(home.run("shop", &["run", "true"]).seen(&home), @r"
    --- stderr
    error: ~/shop/port-manager.toml:2:29: API_PROT has no number in .ports.env: did you mean API_PORT?
    help: docs/configuration.md names what can be set.
    --- exit code 2
    ");
    home.write("shop/port-manager.toml", "[env]\nBASH_ENV = \"x${API_PORT}\"\n");
    insta::assert_snapshot!(home.run("shop", &["env"]).seen(&home), @r"
    --- stderr
    error: ~/shop/port-manager.toml:2:1: BASH_ENV is a setting of bash, so no project may set it
    help: docs/configuration.md names what can be set.
    --- exit code 2
    ");
}

#[test]
fn a_computed_value_goes_before_the_environment_and_shows_none() {
    let home = shop();
    home.write("shop/port-manager.toml", "[env]\nDATABASE_URL = \"postgres://localhost:${API_PORT}/app\"\n");
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["printenv", "DATABASE_URL"]].concat();
        let mut command = home.command("shop", &[&["run"], &arguments[..]].concat());
        let output = command.env("DATABASE_URL", "postgres://root:secret@prod").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    };
    insta::assert_snapshot!(run(&[]).seen(&home), @r"
    postgres://localhost:8100/app
    --- stderr
    warning: DATABASE_URL is what port-manager.toml says; the environment had another value
    help: Pass --keep-env to use what the environment says.
    port-manager sets API_PORT=8100, DATABASE_URL, WEB_PORT=8000.
    --- exit code 0
    ");
    insta::assert_snapshot!(run(&["--keep-env"]).seen(&home), @r"
    postgres://root:secret@prod
    --- stderr
    warning: DATABASE_URL is what the environment says; port-manager.toml says otherwise
    port-manager sets API_PORT=8100, WEB_PORT=8000.
    --- exit code 0
    ");
}

#[test]
fn an_address_in_an_env_file_that_is_computed_is_no_warning() {
    let home = Home::new();
    home.project("shop", &[("API_PORT", "api", 8100)]);
    home.write("shop/.ports.env.example", "API_PORT=5000\n");
    home.write("shop/.gitignore", ".ports.env\n");
    home.write("shop/.env", "API_URL=http://localhost:5000/v1\n");
    home.write("shop/server.js", "app.listen(process.env.API_PORT || 5000)\n");
    let ran = home.run("shop", &["check"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("`[env]` in `port-manager.toml`"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Compute API_URL from API_PORT in port-manager.toml"), "{}", ran.stdout);
    home.write("shop/port-manager.toml", "[env]\nAPI_URL = \"http://localhost:${API_PORT}/v1\"\n");
    let ran = home.run("shop", &["check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert_eq!(home.run("shop", &["run", "printenv", "API_URL"]).stdout, "http://localhost:8100/v1\n");
    assert!(!home.read("shop/.ports.env").contains("API_URL"));
}

#[test]
fn an_unknown_variable_in_a_computed_value_is_found_before_anything_is_run() {
    let home = Home::new();
    home.project("shop", &[("API_PORT", "api", 8100)]);
    home.write("shop/server.js", "app.listen(process.env.API_PORT)\n");
    home.write("shop/.env", "API_PROT=8100\n");
    let write = |value: &str| home.write("shop/port-manager.toml", format!("[env]\nAPI_URL = \"{value}\"\n"));
    write("http://localhost:${API_PROT}/v1");
    let found = |arguments: &[&str]| home.run("shop", arguments).json_lines();
    let all = found(&["check", "--json"]);
    let finding = all.iter().find(|it| it["rule"] == "unset-port-variable").unwrap();
    assert_eq!(
        (&finding["line"], &finding["column"], &finding["severity"]),
        (&2.into(), &31.into(), &"warning".into()),
        "{finding}"
    );
    assert_eq!(finding["message"], "API_PROT has no number in .ports.env: did you mean API_PORT?");
    let doctor = home.run("shop", &["doctor"]);
    let said =
        "API_PROT is read and has no number in .ports.env: port-manager.toml:2:31; did you mean API_PORT?";
    assert!(
        doctor.stdout.contains(said) || doctor.stderr.contains(said),
        "{}{}",
        doctor.stdout,
        doctor.stderr
    );
    write("http://localhost:${HOME}");
    let all = found(&["check", "--json"]);
    assert!(all.iter().any(|it| it["message"].as_str().unwrap().contains("only port variables")), "{all:?}");
    for value in ["http://localhost:${API_PORT}", "$${X} ${API_PORT}"] {
        write(value);
        assert_eq!(home.run("shop", &["check"]).code, Some(0), "{value}");
    }
    // On a build machine, the team's list stands for the file.
    write("http://localhost:${API_PROT}");
    home.write("shop/.ports.env.example", "API_PORT=8100\n");
    std::fs::remove_file(home.path("shop/.ports.env")).unwrap();
    let mut command = home.command("shop", &["check"]);
    let output = command.env("CI", "true").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("API_PROT has no number in .ports.env.example: did you mean API_PORT?"), "{text}");
}

#[test]
fn names_that_programs_do_not_obey_may_be_computed() {
    let home = Home::new();
    home.project("shop", &[("API_PORT", "api", 8100)]);
    for name in ["PYTHONANYWHERE_URL", "PYTHON_API_URL", "GIT_SERVER_URL"] {
        home.write("shop/port-manager.toml", format!("[env]\n{name} = \"http://localhost:${{API_PORT}}\"\n"));
        assert_eq!(home.run("shop", &["env", "--json"]).json()[name], "http://localhost:8100");
    }
    home.write("shop/port-manager.toml", "[env]\nPYTHONINSPECT = \"${API_PORT}\"\n");
    let ran = home.run("shop", &["env"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("port-manager.toml:2:1: PYTHONINSPECT is a setting of Python"),
        "{}",
        ran.stderr
    );
}
