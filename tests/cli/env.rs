//! `port-manager env`: what it prints is evaluated by the shells and programs that it is for.
#![cfg(unix)]

use std::ffi::OsStr;
use std::process::Command;

use crate::home::{Home, Ran};

/// A project with two variables.
fn shop() -> Home {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home
}

/// Runs another program in the home; `None` where this machine does not have it. `port-manager` is on its `PATH`.
fn other(home: &Home, directory: &str, program: &str, arguments: &[&str]) -> Option<Ran> {
    let ours = assert_cmd::cargo::cargo_bin!("port-manager").parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(ours.to_owned()).chain(std::env::split_paths(&path));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(home.path(directory));
    let settings = home.command("", &[]);
    for (name, value) in settings.get_envs().filter(|(name, _)| *name != OsStr::new("PATH")) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let output = match command.env("PATH", std::env::join_paths(path).unwrap()).output() {
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
    assert!(ran.stderr.contains("did you mean dotenv?"), "{}", ran.stderr);
}
