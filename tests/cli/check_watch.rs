//! `port-manager check --watch`, and what a terminal shows while a check goes on

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::home::Home;

const PATIENCE: Duration = Duration::from_secs(30);

/// The lines of a stream, as they come.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Waits for a line with that text.
fn wait_for(lines: &Receiver<String>, text: &str) -> String {
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(text) => return line,
            Ok(line) => seen.push(line),
            Err(error) => panic!("{error} waiting for {text:?}: {seen:#?}"),
        }
    }
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watch_checks_again_when_a_file_changes_until_it_is_interrupted() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".ports.env\n*.log\n")
        .write("shop/web/server.js", "app.listen(8080)\n");
    let mut command = home.command("shop", &["check", "--watch"]);
    let mut running =
        Running(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let data = lines(running.0.stdout.take().unwrap());
    let people = lines(running.0.stderr.take().unwrap());
    wait_for(&data, "port 8080 is hardcoded");
    wait_for(&people, "Watching for changes; Ctrl+C ends this.");

    // git ignores the first, so only the second is told of.
    home.write("shop/debug.log", "started\n");
    home.write("shop/web/server.js", "app.listen(8080)\nadmin.listen(7001)\n");
    assert_eq!(wait_for(&people, "changed."), "web/server.js changed.");
    wait_for(&data, "port 7001 is hardcoded");
    wait_for(&people, "Watching for changes");

    home.write("shop/new/api.py", "app.run(port=5000)\n");
    wait_for(&data, "port 5000 is hardcoded");
    wait_for(&people, "Watching for changes");
    home.write("shop/.ports.env", "WEB_PORT=8001\n");
    assert_eq!(wait_for(&people, "changed."), ".ports.env changed.");
    wait_for(&people, "Watching for changes");

    kill_process(Pid::from_child(&running.0), Signal::INT).unwrap();
    let status = running.0.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(Signal::INT.as_raw()));
}

#[test]
fn a_check_that_takes_long_says_on_a_terminal_how_far_it_is() {
    use crate::pty::Pty;
    let home = Home::new();
    home.project("shop", &[]);
    let line = "app.listen(8080); // and some text that takes time to be read\n";
    for number in 0..400 {
        home.write(&format!("shop/src/{number}.js"), line.repeat(100));
    }
    let arguments = ["check", "--severity", "warning", "--only", "committed-ports-env"];
    let mut terminal = Pty::start(home.command("shop", &arguments), 100);
    terminal.wait_for(&["Reading the project"]);
    let (seen, _) = terminal.end();
    assert!(seen.ends_with("files checked.\n"), "{seen:?}");
    // Data alone has no such line.
    let ran = home.run("shop", &arguments);
    assert!(!ran.stderr.contains("Reading"), "{ran:?}");
    let quiet: Vec<&str> = [&arguments[..], &["--quiet"]].concat();
    let (seen, _) = Pty::start(home.command("shop", &quiet), 100).end();
    assert_eq!(seen, "");
}
