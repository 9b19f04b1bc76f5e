//! `port-manager hook`: the code that shells run at each prompt, in the real shells, and git's hook for new worktrees.
#![cfg(target_os = "linux")]

use crate::home::Home;
use crate::is_installed;
use crate::pty::Pty;

/// A shell on a terminal that has loaded the hook; `None` where this machine does not have it.
fn interactive(home: &Home, shell: &str) -> Option<Pty> {
    if !is_installed(shell) {
        return None;
    }
    // fish insists on a terminal of its own session.
    let mut command = home.other("", if shell == "fish" { "setsid" } else { shell });
    let load = match shell {
        "fish" => {
            command.args(["--ctty", "--wait", "fish", "--no-config", "--interactive"]);
            "port-manager hook fish | source"
        }
        "zsh" => {
            command.args(["-f", "-i"]);
            "eval \"$(port-manager hook zsh)\""
        }
        _ => {
            command.args(["--norc", "--noprofile", "-i"]);
            "eval \"$(port-manager hook bash)\""
        }
    };
    let mut pty = Pty::start(
        {
            command.env("TERM", "dumb").env("WEB_PORT", "9000");
            command
        },
        300,
    );
    // Once more, as an rc file that is loaded again does.
    pty.write(&format!("{load}\n{load}\n"));
    Some(pty)
}

fn shop(home: &Home) {
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", 8100)]);
    home.write(
        "shop/port-manager.toml",
        "[run.\"api\"]\nPORT = \"API_PORT\"\n\n[env]\nAPI_URL = \"x${API_PORT}\"\n",
    );
    home.directory("shop/api");
    home.project("blog", &[("WEB_PORT", "web", 8001)]);
}

#[test]
fn shells_load_and_unload_as_they_change_directories() {
    for shell in ["bash", "zsh", "fish"] {
        let home = Home::new();
        shop(&home);
        let Some(mut pty) = interactive(&home, shell) else { continue };
        let mut shows = |command: &str, expected: &str| {
            pty.write(&format!("{command}\n"));
            pty.write("echo \"<$WEB_PORT,$API_PORT,$PORT,$API_URL>\"\n");
            pty.wait_for(&[expected]);
        };
        shows("cd shop", "<8000,8100,,>");
        shows("cd api", "<8000,8100,8100,>");
        shows("cd ../../blog", "<8001,,,>");
        shows("cd ..", "<9000,,,>");
        shows("cd shop", "<8000,8100,,>");
        // What init gives is there at the next prompt.
        shows("port-manager set API_PORT=8199", "<8000,8199,,>");
        pty.write("exit\n");
        pty.end();
    }
}

/// Directories whose names mean something to a shell.
const NAMES: [&str; 11] = [
    "plain",
    "with space",
    "it's",
    "double\"quote",
    "$(touch pwned)",
    "new\nline",
    "-dash",
    "back\\slash",
    "*[a]",
    ";x",
    "!bang",
];

/// What shells set that changes how code is read. No option of `fish` does.
const OPTIONS: [(&str, &str); 11] = [
    ("bash", ":"),
    ("bash", "set -eu; set -o pipefail"),
    ("bash", "set -o posix; set -f; set -o noclobber"),
    ("bash", "shopt -s nullglob failglob extglob; IFS=0123456789"),
    ("zsh", ":"),
    ("zsh", "setopt err_exit no_unset warn_create_global"),
    ("zsh", "setopt ksh_arrays sh_word_split glob_subst"),
    ("zsh", "emulate sh"),
    ("zsh", "emulate ksh; IFS=0123456789"),
    ("fish", "true"),
    ("fish", "set -gx WEB_PORT 9000"),
];

#[test]
fn directories_of_any_name_load_under_any_options() {
    let home = Home::new();
    for (name, port) in NAMES.into_iter().zip(8000..) {
        home.project(name, &[("WEB_PORT", "web", port)]);
    }
    for (shell, options) in OPTIONS {
        if !is_installed(shell) {
            continue;
        }
        let (load, prompt, none) = match shell {
            "fish" => {
                ("port-manager --quiet hook fish | source".to_owned(), "__port_manager_hook", "--no-config")
            }
            "zsh" => ("eval \"$(port-manager --quiet hook zsh)\"".to_owned(), "_port_manager_hook", "-f"),
            _ => ("eval \"$(port-manager --quiet hook bash)\"".to_owned(), "_port_manager_hook", "--norc"),
        };
        // Each directory is a word of its own, so that the script need not quote it.
        let visit = match shell {
            "fish" => {
                format!("for d in $argv; cd -- \"$HOME/$d\"; {prompt}; printenv WEB_PORT; end; cd; {prompt}")
            }
            _ => format!(
                "for d in \"$@\"; do cd -- \"$HOME/$d\"; {prompt}; printenv WEB_PORT; done; cd; {prompt}"
            ),
        };
        let script = format!("{options}\n{load}\n{visit}\nprintenv PORT_MANAGER_HOOK || echo none");
        let mut command = home.other("", shell);
        command.args([none, "-c", &script]).args((shell != "fish").then_some("sh")).args(NAMES);
        let output = command.env_remove("WEB_PORT").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let expected: String = (8000..).take(NAMES.len()).map(|port| format!("{port}\n")).collect();
        assert_eq!(text(output.stdout), expected + "none\n", "{shell}: {options}");
        assert_eq!(text(output.stderr), "", "{shell}: {options}");
    }
    assert!(NAMES.iter().all(|name| !home.path(name).join("pwned").exists()));
}

#[test]
fn functions_that_zsh_calls_already_stay_under_options_of_ksh() {
    let home = Home::new();
    let script = "precmd_functions=(first second); setopt ksh_arrays; for i in 1 2; do eval \"$(port-manager hook zsh)\"; done; \
                  echo ${precmd_functions[*]} ${chpwd_functions[*]}";
    if !is_installed("zsh") {
        return;
    }
    let output = home.other("", "zsh").args(["-f", "-c", script]).output().unwrap();
    let expected = "_port_manager_hook first second _port_manager_hook\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn a_shell_says_once_what_it_loads_and_why_it_does_not() {
    let home = Home::new();
    shop(&home);
    home.write("copy/.ports.env", "WEB_PORT=8000\n");
    let mut pty = interactive(&home, "bash").unwrap();
    pty.write("cd shop\n");
    pty.wait_for(&["port-manager: API_PORT=8100 WEB_PORT=8000"]);
    pty.write("cd ..\n");
    pty.wait_for(&["port-manager: unset API_PORT WEB_PORT"]);
    pty.write("cd copy\n");
    pty.wait_for(&[
        "warning: no ports are loaded: the .ports.env of",
        "`port-manager init` gives this project numbers",
    ]);
    pty.write("true\necho at=the=end | tr = -\n");
    let seen = pty.wait_for(&["at-the-end"]);
    assert!(!seen.contains("no ports are loaded"), "{seen}");
    pty.write("exit\n");
    pty.end();
}

#[test]
fn a_clone_that_is_entered_sets_nothing_but_ports() {
    let home = Home::new();
    home.write("clone/.ports.env", "LD_PRELOAD=8006\nWEB_PORT=8000\nX_PORT='$(touch pwned)'\n");
    home.write("clone/port-manager.toml", "[env]\nEVIL = \"$$(touch pwned)${WEB_PORT}\"\n");
    home.write("clone/compose.yaml", "services: {}\n");
    let ran = home.run("clone", &["hook", "--update", "bash"]);
    let lines: Vec<&str> = ran.stdout.lines().filter(|line| !line.contains("PORT_MANAGER_HOOK")).collect();
    assert_eq!(lines, ["export COMPOSE_PROJECT_NAME='clone'", "export WEB_PORT='8000'"], "{}", ran.stderr);
    // A file that cannot be obeyed is no reason for a failure at each prompt.
    home.write("clone/port-manager.toml", "nonsense\n");
    let ran = home.run("clone", &["hook", "--update", "fish"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.starts_with("warning: no ports are loaded: "), "{}", ran.stderr);
}

#[test]
fn the_code_for_powershell_is_printed() {
    let home = Home::new();
    let ran = home.run("", &["--quiet", "hook", "pwsh"]);
    assert!(ran.stdout.contains("--quiet hook --update pwsh | Out-String"), "{}", ran.stdout);
    let ran = home.run("", &["hook", "bash", "--install"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: only the hook of git can be installed\n"), "{}", ran.stderr);
}

/// A repository that is set up.
fn repository() -> Home {
    let home = Home::new();
    home.write("main/server.js", "app.listen(process.env.WEB_PORT)\n");
    home.git("main", &["init", "--quiet"]);
    assert_eq!(home.run("main", &["init"]).code, Some(0));
    home.git("main", &["add", "."]);
    home.git("main", &["commit", "--quiet", "-m", "first"]);
    home
}

#[test]
fn a_new_worktree_gets_ports_of_its_own() {
    let home = repository();
    let ran = home.run("main", &["hook", "git", "--install"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("post-checkout. Each new worktree gets its ports now.\n"), "{}", ran.stderr);
    home.git("main", &["worktree", "add", "--quiet", "../feature"]);
    let numbers = ["main", "feature"].map(|directory| home.read(&format!("{directory}/.ports.env")));
    let lines =
        numbers.each_ref().map(|text| text.lines().find(|line| line.starts_with("WEB_PORT=")).unwrap());
    assert_ne!(lines[0], lines[1]);
    // Another checkout in a worktree that has ports changes nothing, and neither does a second installation.
    home.git("feature", &["checkout", "--quiet", "-b", "other"]);
    assert_eq!(home.read("feature/.ports.env"), numbers[1]);
    let ran = home.run("feature", &["hook", "git", "--install"]);
    assert!(ran.stderr.ends_with("has it already; nothing was changed.\n"), "{}", ran.stderr);
}

#[test]
fn a_hook_that_is_there_runs_as_before() {
    use std::os::unix::fs::PermissionsExt;
    let home = repository();
    let hook = "main/.git/hooks/post-checkout";
    let theirs = "echo \"theirs $1\" >> \"$HOME/seen\"\nexit 0\n";
    home.write(hook, format!("#!/usr/bin/env bash\n{theirs}"));
    let refused = home.run("main", &["hook", "git", "--install"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("it is not executable"), "{}", refused.stderr);
    std::fs::set_permissions(home.path(hook), std::fs::Permissions::from_mode(0o755)).unwrap();
    let ran = home.run("main", &["hook", "git", "--install"]);
    assert!(ran.stderr.contains("in front of what is there"), "{}", ran.stderr);
    assert!(home.read(hook).ends_with(theirs));
    home.git("main", &["worktree", "add", "--quiet", "../feature"]);
    assert!(home.path("feature/.ports.env").exists());
    assert_eq!(home.read("seen").lines().count(), 1);

    home.write(hook, "#!/usr/bin/env python3\nprint(1)\n");
    let ran = home.run("main", &["hook", "git", "--install"]);
    assert!(ran.stderr.contains("it is not a script for sh"), "{}", ran.stderr);
    assert_eq!(home.read(hook), "#!/usr/bin/env python3\nprint(1)\n");
    home.git("main", &["config", "core.hooksPath", ".husky/_"]);
    let ran = home.run("main", &["hook", "git", "--install"]);
    assert!(ran.stderr.contains("core.hooksPath of git leads there"), "{}", ran.stderr);
    assert!(!home.path("main/.husky").exists());
    home.directory("none");
    let ran = home.run("none", &["hook", "git", "--install"]);
    assert!(ran.stderr.contains("is not in a git repository"), "{}", ran.stderr);
}
