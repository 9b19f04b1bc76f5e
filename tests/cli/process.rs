//! Real processes that listen and connect. Each is this very test program, started again to run one
//! of the ignored tests at the end of this file and nothing else.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What a child announces itself by; its number follows.
const ANNOUNCEMENT: &str = "port of the child: ";

/// A child process. It ends with the test, however that ends: its stdin closes then.
pub(crate) struct ChildProcess {
    child: Child,
    /// The port that it listens on or is connected to.
    pub(crate) port: u16,
}

impl ChildProcess {
    /// A server on a port that was free.
    pub(crate) fn server(directory: &Path) -> Self {
        Self::start(child("listens_until_it_is_ended").current_dir(directory))
    }

    /// A server that does not end when it is asked to.
    #[cfg(unix)]
    pub(crate) fn deaf_server(directory: &Path) -> Self {
        let server = child("listens_until_it_is_ended");
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' TERM; exec \"$@\"", "sh"]);
        shell.arg(server.get_program()).args(server.get_args()).current_dir(directory);
        Self::start(&mut shell)
    }

    /// A server that shares its socket with a process that it has started, as pre-forking ones do.
    #[cfg(unix)]
    pub(crate) fn forking_server(directory: &Path) -> Self {
        Self::start(child("shares_its_socket").current_dir(directory))
    }

    /// A client that stays connected to a server.
    pub(crate) fn client(port: u16) -> Self {
        Self::start(child("stays_connected").env("PORT_OF_THE_SERVER", port.to_string()))
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            Some(line.split_once(ANNOUNCEMENT)?.1.parse().unwrap())
        });
        Self { child, port: port.expect("the child announces its port") }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it runs still.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn child(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", &format!("process::{test}"), "--ignored", "--nocapture"]);
    command
}

/// Waits until the test that started us is gone.
fn wait_for_the_end() {
    let mut nothing = Vec::new();
    std::io::stdin().read_to_end(&mut nothing).unwrap();
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn listens_until_it_is_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{ANNOUNCEMENT}{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let connections: Vec<_> = listener.incoming().collect();
        drop(connections);
    });
    wait_for_the_end();
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn stays_connected() {
    let port: u16 = env::var("PORT_OF_THE_SERVER").unwrap().parse().unwrap();
    let connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    println!("{ANNOUNCEMENT}{port}");
    wait_for_the_end();
    drop(connection);
}

#[cfg(unix)]
#[test]
#[ignore = "the body of a child process that other tests start"]
fn shares_its_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let shared = std::os::fd::OwnedFd::from(listener.try_clone().unwrap());
    let mut worker = Command::new("sleep").arg("60").stdin(shared).stdout(Stdio::null()).spawn().unwrap();
    println!("{ANNOUNCEMENT}{}", listener.local_addr().unwrap().port());
    wait_for_the_end();
    worker.kill().unwrap();
    worker.wait().unwrap();
}
