//! Servers of editors, notebooks and remote desktops are never stopped, under whatever name they run; the user's
//! own servers are, however much they look like one.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use port_manager::port::Port;
use port_manager::ports::{Protocol, listeners_on};

use crate::home::{Home, Ran, unused_port};
use crate::not_possible;
use crate::process::{ANNOUNCEMENT, ChildProcess, Server};

/// What VS Code, and every editor that is made from it, says of itself.
const PRODUCT: &str = r#"{
  "nameShort": "Tomorrow",
  "applicationName": "tomorrow",
  "dataFolderName": ".tomorrow",
  "serverApplicationName": "tomorrow-server"
}"#;

fn free(home: &Home, port: u16) -> Ran {
    home.run("", &["free", &port.to_string(), "--yes", "--force"])
}

/// A server that is a script of Node.js; it ends with the test.
fn node_server(home: &Home, script: &str) -> ChildProcess {
    let source = format!(
        "const server = require('net').createServer().listen(0, '127.0.0.1', () =>\n  \
           console.log('{ANNOUNCEMENT}' + server.address().port));\n\
         process.stdin.on('end', () => process.exit()).resume();\n"
    );
    home.write(script, source);
    ChildProcess::start(Command::new("node").arg(home.path(script)).current_dir(home.path("")))
}

/// A server that is a script of Python; it ends with the test.
fn python_server(home: &Home, script: &str, arguments: &[&str]) -> ChildProcess {
    let source = format!(
        "import socket, sys\n\
         server = socket.create_server(('127.0.0.1', 0))\n\
         print('{ANNOUNCEMENT}' + str(server.getsockname()[1]), flush=True)\n\
         sys.stdin.read()\n"
    );
    home.write(script, source);
    let mut command = Command::new("python3");
    ChildProcess::start(command.arg(home.path(script)).args(arguments).current_dir(home.path("")))
}

/// Whether there is such an interpreter; the test's reason is printed where there is none.
fn has(interpreter: &str) -> bool {
    let runs = Command::new(interpreter).arg("--version").stdout(Stdio::null()).status();
    let has = runs.is_ok_and(|status| status.success());
    if !has {
        not_possible("servers of editors", format_args!("{interpreter} is not installed"));
    }
    has
}

#[track_caller]
fn is_never_stopped(home: &Home, server: &mut ChildProcess, as_what: &str) {
    let ran = free(home, server.port);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains(as_what), "{}", ran.stdout);
    assert!(server.is_alive());
}

#[track_caller]
fn is_stopped(home: &Home, server: &mut ChildProcess) {
    let ran = free(home, server.port);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(server.ends());
}

#[test]
fn an_editor_s_server_is_known_by_its_installation() {
    if !has("node") {
        return;
    }
    for (manifest, script) in [
        ("lib/vscode/product.json", "out/node/entry.js"),
        ("product.json", "out/server-main.js"),
        ("bin/1/product.json", "bin/1/out/bootstrap-fork.js"),
    ] {
        let home = Home::new();
        home.write(manifest, PRODUCT);
        is_never_stopped(&home, &mut node_server(&home, script), "is an editor's");
    }
}

#[test]
fn an_editor_s_server_is_known_through_a_link_and_without_its_extension() {
    if !has("node") {
        return;
    }
    let home = Home::new();
    home.write("code-server/lib/vscode/product.json", PRODUCT);
    drop(node_server(&home, "code-server/out/node/entry.js"));
    home.directory("bin");
    std::os::unix::fs::symlink(home.path("code-server/out/node/entry.js"), home.path("bin/editor")).unwrap();
    for script in ["code-server/out/node/entry", "bin/editor"] {
        let mut server = ChildProcess::start(Command::new("node").arg(script).current_dir(home.path("")));
        is_never_stopped(&home, &mut server, "is an editor's");
    }
}

#[test]
fn an_editor_s_own_interpreter_and_its_remote_directory_are_known() {
    let home = Home::new();
    home.write("somewhere/bin/product.json", PRODUCT);
    let mut node = Server::new(&home.path("somewhere")).named("node").start();
    is_never_stopped(&home, &mut node, "is an editor's");
    for (directory, parts) in [
        (".kiro-server", &[][..]),
        (".vscode-server-oss", &[]),
        (".tomorrow-server", &["data", "extensions"]),
    ] {
        for part in parts {
            home.directory(&format!("{directory}/{part}"));
        }
        let mut tool = Server::new(&home.directory(directory)).named("command-shell").start();
        is_never_stopped(&home, &mut tool, "is an editor's");
    }
}

#[test]
fn a_server_that_is_laid_out_like_an_editor_s_is_stopped() {
    if !has("node") {
        return;
    }
    for (manifest, content, script) in [
        // A shop has products, too.
        ("product.json", r#"{"name": "shoe", "price": 42}"#, "server.js"),
        ("product.json", r#"{"name": "shoe", "price": 42}"#, "out/server-main.js"),
        ("lib/vscode/product.json", "{}", "out/node/entry.js"),
        // Somebody who works on an editor has other servers as well.
        ("editor/product.json", PRODUCT, "editor/scripts/serve.js"),
        ("my-server/data/README", "", "my-server/server.js"),
        (".my-server/README", "", ".my-server/server.js"),
        ("package.json", r#"{"dependencies": {"express": "4"}}"#, "lib/backend/main.js"),
    ] {
        let home = Home::new();
        home.write(manifest, content);
        home.directory("my-server/extensions");
        is_stopped(&home, &mut node_server(&home, script));
    }
}

/// Reading it would never end.
#[test]
fn a_manifest_that_is_a_pipe_holds_nobody_up() {
    if !has("node") {
        return;
    }
    let home = Home::new();
    let made = Command::new("mkfifo").arg(home.path("product.json")).status();
    if !made.is_ok_and(|status| status.success()) {
        return not_possible("a manifest that is a pipe", "there is no mkfifo");
    }
    is_stopped(&home, &mut node_server(&home, "out/server-main.js"));
}

#[test]
fn notebooks_are_never_stopped_and_scripts_of_such_names_are() {
    if !has("python3") {
        return;
    }
    let home = Home::new();
    for (script, arguments) in
        [("bin/jupyter-lab", &[][..]), ("bin/jupyter", &["notebook"]), ("bin/marimo", &["edit", "sales.py"])]
    {
        is_never_stopped(&home, &mut python_server(&home, script, arguments), "is an editor's");
    }
    for (script, arguments) in
        [("shop/notebook.py", &[][..]), ("shop/jupyter.py", &[]), ("bin/marimo", &["run", "sales.py"])]
    {
        is_stopped(&home, &mut python_server(&home, script, arguments));
    }
}

#[test]
fn remote_desktops_and_backends_of_ides_are_never_stopped() {
    let home = Home::new();
    for (program, as_what) in [
        ("Xtigervnc", "keeps somebody logged in"),
        ("x11vnc", "keeps somebody logged in"),
        ("xrdp", "keeps somebody logged in"),
        ("gnome-remote-desktop-daemon", "keeps somebody logged in"),
        ("rserver", "is an editor's"),
        ("remote-dev-server", "is an editor's"),
        ("zed-remote-server-stable-1", "is an editor's"),
    ] {
        let mut server = Server::new(&home.path("")).named(program).start();
        is_never_stopped(&home, &mut server, as_what);
    }
    for (directory, main_class, is_editor) in
        [("ide", "com.intellij.idea.Main", true), ("shop", "com.shop.Main", false)]
    {
        let server = Server::new(&home.directory(directory)).named("java").with_words(&[main_class]);
        let mut java = server.start();
        if is_editor {
            is_never_stopped(&home, &mut java, "is an editor's");
        } else {
            is_stopped(&home, &mut java);
        }
    }
}

/// A code-server that `editors/vscode/e2e/install` has put on this machine.
fn installed_code_server() -> Option<PathBuf> {
    let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = path("PORT_MANAGER_TEST_CACHE")
        .or_else(|| Some(path("XDG_CACHE_HOME")?.join("port-manager-tests")))
        .or_else(|| Some(path("HOME")?.join(".cache/port-manager-tests")))?;
    let entries = std::fs::read_dir(cache).ok()?;
    let mut found = entries.flatten().filter(|entry| {
        entry.file_name().to_string_lossy().starts_with("code-server-")
            && entry.path().join("node_modules/.bin/code-server").exists()
    });
    Some(found.next()?.path().join("node_modules/.bin"))
}

/// code-server: a process that listens, and its parent, which outlives neither the test nor the other.
struct CodeServer {
    parent: Child,
    port: u16,
}

impl CodeServer {
    fn start(binaries: &Path, home: &Home) -> Self {
        let port = unused_port();
        let mut command = Command::new(binaries.join("node"));
        command
            .arg(binaries.join("code-server"))
            .args(["--auth", "none", "--disable-telemetry", "--disable-update-check"])
            .args(["--bind-addr", &format!("127.0.0.1:{port}")])
            .args(["--config", home.path("code-server.yaml").to_str().unwrap()])
            .args(["--user-data-dir", home.path("data").to_str().unwrap()])
            .env("HOME", home.path(""))
            .stdout(Stdio::null());
        Self { parent: command.spawn().unwrap(), port }
    }

    /// The process that listens, if there is one.
    fn listener(&self) -> Option<u32> {
        listeners_on(Port::new(self.port).unwrap(), Protocol::Tcp).unwrap().first()?.pid
    }
}

impl Drop for CodeServer {
    fn drop(&mut self) {
        if let Some(pid) = self.listener() {
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
        }
        let _ = self.parent.kill();
        let _ = self.parent.wait();
    }
}

/// The real one.
#[test]
fn a_real_code_server_is_never_stopped() {
    let Some(binaries) = installed_code_server() else {
        return not_possible("a real code-server", "editors/vscode/e2e/install has not installed it");
    };
    let home = Home::new();
    let mut editor = CodeServer::start(&binaries, &home);
    let deadline = Instant::now() + Duration::from_secs(60);
    let server = loop {
        if let Some(pid) = editor.listener() {
            break pid;
        }
        assert!(Instant::now() < deadline, "code-server listens");
        assert_eq!(editor.parent.try_wait().unwrap(), None, "code-server runs");
        std::thread::yield_now();
    };
    assert_ne!(server, editor.parent.id());
    let ran = free(&home, editor.port);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("node ({server}) is an editor's")), "{}", ran.stdout);
    assert_eq!(editor.listener(), Some(server));
    assert_eq!(editor.parent.try_wait().unwrap(), None);
}
