//! The questions that are asked on a terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::home::Home;
use crate::process::{ChildProcess, Server};

/// The command on a terminal, and who sits there.
struct Session {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    child: Child,
}

impl Session {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        Self::start_after_typing("", home, arguments)
    }

    /// The same, where something was typed before.
    fn start_after_typing(typed: &str, home: &Home, arguments: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = OpenOptions::new().read(true).write(true).open(name).unwrap();
        rustix::io::write(&ours, typed.as_bytes()).unwrap();
        let mut command = home.command("", arguments);
        command.stdin(theirs.try_clone().unwrap()).stderr(theirs).stdout(Stdio::piped());
        let child = command.spawn().unwrap();
        let keyboard = File::from(ours);
        let mut reader = keyboard.try_clone().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // An error is the other end's being gone.
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { keyboard, screen, seen: String::new(), child }
    }

    /// Waits until that is on the screen, and says what came before it.
    fn wait_for(&mut self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let bytes =
                self.screen.recv_timeout(left).unwrap_or_else(|_| panic!("{text:?} in {:?}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn answer(&mut self, text: &str) {
        writeln!(self.keyboard, "{text}").unwrap();
    }

    /// What it printed on stdout, and its exit code. It ends by itself.
    fn end(mut self) -> (String, Option<i32>) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it waits for something: {:?}", self.screen.try_iter().last());
            std::thread::yield_now();
        };
        let mut printed = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        (printed, status.code())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn who_it_is_comes_before_the_question() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.directory("shop"));
    let mut session = Session::start(&home, &["free", &server.port.to_string(), "--color", "never"]);
    let shown = session.wait_for("? [y/N] ");
    for what in ["command", "directory", "user", "since", &format!("({})", server.pid()), "shop"] {
        assert!(shown.contains(what), "{what} in {shown}");
    }
    session.answer("n");
    let (printed, code) = session.end();
    assert_eq!(
        (printed, code),
        (format!("Port {} is not free: no process was stopped.\n", server.port), Some(1))
    );
    assert!(server.is_alive());

    let mut session = Session::start(&home, &["free", &server.port.to_string()]);
    session.wait_for("? [y/N] ");
    session.answer("y");
    assert_eq!(session.end().1, Some(0));
    assert!(server.ends());
}

#[test]
fn killing_is_asked_for_once_more() {
    let home = Home::new();
    let mut server = ChildProcess::deaf_server(&home.path(""));
    let arguments = ["free", &server.port.to_string(), "--timeout", "0.1", "--color", "never"];
    for (answer, code) in [("n", 1), ("y", 0)] {
        let mut session = Session::start(&home, &arguments);
        session.wait_for("Stop ");
        session.wait_for("? [y/N] ");
        session.answer("y");
        session.wait_for("has not ended. Kill it");
        session.wait_for("? [y/N] ");
        assert!(server.is_alive(), "it was only asked to end");
        session.answer(answer);
        assert_eq!(session.end().1, Some(code));
        assert_eq!(server.is_alive(), code == 1);
    }
}

/// While the question stands, its subject ends, and somebody else takes the port.
#[test]
fn an_answer_is_about_the_process_that_was_shown() {
    let home = Home::new();
    let mut shown = ChildProcess::server(&home.path(""));
    let mut session = Session::start(&home, &["free", &shown.port.to_string(), "--force"]);
    session.wait_for("? [y/N] ");
    shown.kill();
    let mut other = Server::new(&home.path("")).at(format!("127.0.0.1:{}", shown.port)).start();
    session.answer("y");
    let (printed, code) = session.end();
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains(&format!("({}) was gone already", shown.pid())), "{printed}");
    assert!(printed.contains(&format!("({}) has taken the port meanwhile", other.pid())), "{printed}");
    assert!(other.is_alive());
}

#[test]
fn what_was_typed_before_the_question_does_not_answer_it() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let port = server.port.to_string();
    let mut session = Session::start_after_typing("y\n", &home, &["free", &port, "--color", "never"]);
    session.wait_for("? [y/N] ");
    session.answer("n");
    assert_eq!(session.end().1, Some(1));
    assert!(server.is_alive());
}

#[test]
fn a_process_that_let_go_of_its_port_meanwhile_is_said_to_run() {
    let home = Home::new();
    let mut server = Server::fickle(&home.path("")).start();
    let port = server.port.to_string();
    let mut session = Session::start(&home, &["free", &port, "--color", "never"]);
    session.wait_for("? [y/N] ");
    server.tell("let go");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !port_manager::ports::is_free(port.parse().unwrap()) {
        assert!(Instant::now() < deadline, "it lets go of the port");
        std::thread::yield_now();
    }
    session.answer("y");
    let (printed, code) = session.end();
    assert!(printed.contains(") no longer listened there, and still runs"), "{printed}");
    assert_eq!(code, Some(0));
    assert!(server.is_alive());
}

#[test]
fn deinit_shows_what_goes_and_asks() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    let mut session = Session::start(&home, &["deinit", "shop"]);
    session.wait_for("Remove this from shop? [y/N] ");
    session.answer("n");
    assert_eq!(session.end().1, Some(1));
    assert!(home.path("shop/.ports.env").exists());
    let mut session = Session::start(&home, &["deinit", "shop"]);
    session.wait_for("Remove this from shop? [y/N] ");
    session.answer("y");
    assert_eq!(session.end().1, Some(0));
    assert!(!home.path("shop/.ports.env").exists());
}
