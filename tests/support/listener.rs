//! Another process that listens on a port: this very test binary, started once more.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A process that listens on a TCP port of 127.0.0.1 until it is stopped or this is dropped.
pub struct ListeningProcess {
    child: Child,
    pub port: u16,
}

/// What the process writes in front of its port.
const ANNOUNCEMENT: &str = "listening on port ";

impl ListeningProcess {
    /// Starts it in that directory. It listens when this returns.
    pub fn start(directory: &Path) -> Self {
        Self::start_on(0, directory)
    }

    /// Starts it on that port.
    pub fn start_on(port: u16, directory: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("the test binary has a path"))
            .args(["support::listener::the_process", "--exact", "--ignored", "--nocapture"])
            .current_dir(directory)
            .env("PORT_TO_LISTEN_ON", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let port = stdout
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once(ANNOUNCEMENT)?.1.parse().ok())
            .expect("the process says its port");
        Self { child, port }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("the process can be asked about").is_none()
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("the process can be waited for")
    }
}

impl Drop for ListeningProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "it is the process that `ListeningProcess` starts"]
fn the_process() {
    let port: u16 = std::env::var("PORT_TO_LISTEN_ON").expect("it is set").parse().expect("a port");
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("a free port");
    println!("{ANNOUNCEMENT}{}", listener.local_addr().expect("it is bound").port());
    // Until the process that started it is gone.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
