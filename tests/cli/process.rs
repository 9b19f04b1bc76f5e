//! Real processes that listen and connect. Each is this very test program, started again to run one
//! of the ignored tests at the end of this file and nothing else.

use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

/// What a child announces itself by; its number follows.
const ANNOUNCEMENT: &str = "port of the child: ";

/// A child process. It ends with the test, however that ends: its stdin closes then.
pub(crate) struct ChildProcess {
    child: Child,
    /// The port that it listens on or is connected to.
    pub(crate) port: u16,
}

/// A server that is about to be started.
pub(crate) struct Server {
    program: PathBuf,
    wrapper: Vec<String>,
    words: Vec<String>,
    directory: PathBuf,
    address: String,
    user: Option<u32>,
}

impl Server {
    /// A server in that directory, on a port of 127.0.0.1 that is free.
    pub(crate) fn new(directory: &Path) -> Self {
        Self {
            program: env::current_exe().unwrap(),
            wrapper: Vec::new(),
            words: Vec::new(),
            directory: directory.to_owned(),
            address: "127.0.0.1:0".to_owned(),
            user: None,
        }
    }

    /// On that address: `[::1]:0`.
    pub(crate) fn at(mut self, address: impl ToString) -> Self {
        self.address = address.to_string();
        self
    }

    /// With a program file of that name, which is put beside the directory.
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.program = self.directory.join("bin").join(name);
        fs::create_dir_all(self.program.parent().unwrap()).unwrap();
        copy_of_this_program(&self.program);
        self
    }

    /// With these words in its command line.
    pub(crate) fn with_words(mut self, words: &[&str]) -> Self {
        self.words = words.iter().map(ToString::to_string).collect();
        self
    }

    /// Started by the command that those words begin.
    pub(crate) fn by(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(ToString::to_string).collect();
        self
    }

    /// Running as the user of that number, for which this has to be root's process.
    pub(crate) fn of_user(mut self, id: u32) -> Self {
        self.user = Some(id);
        self
    }

    /// Starts it. It listens when this returns.
    pub(crate) fn start(self) -> ChildProcess {
        ChildProcess::start(&mut self.command())
    }

    fn command(&self) -> Command {
        let mut arguments = self.wrapper.clone();
        arguments.push(self.program.to_str().unwrap().to_owned());
        arguments.extend(words_to_run("listens_until_it_is_ended"));
        if !self.words.is_empty() {
            // To the test harness, these are names of more tests, which there are not.
            arguments.push("--".to_owned());
            arguments.extend(self.words.iter().cloned());
        }
        let mut command = Command::new(&arguments[0]);
        command.args(&arguments[1..]).current_dir(&self.directory).env("ADDRESS", &self.address);
        #[cfg(unix)]
        if let Some(id) = self.user {
            std::os::unix::process::CommandExt::uid(&mut command, id);
        }
        command
    }
}

/// This very program, under another name.
pub(crate) fn copy_of_this_program(path: &Path) {
    let program = env::current_exe().unwrap();
    if fs::hard_link(&program, path).is_err() {
        fs::copy(&program, path).unwrap();
    }
}

impl ChildProcess {
    /// A server on a port that was free.
    pub(crate) fn server(directory: &Path) -> Self {
        Server::new(directory).start()
    }

    /// A server that does not end when it is asked to.
    #[cfg(unix)]
    pub(crate) fn deaf_server(directory: &Path) -> Self {
        Server::new(directory).by(&["sh", "-c", "trap '' TERM; exec \"$@\"", "sh"]).start()
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
    command.args(words_to_run(test));
    command
}

fn words_to_run(test: &str) -> [String; 4] {
    ["--exact", &format!("process::{test}"), "--ignored", "--nocapture"].map(str::to_owned)
}

/// Waits until the test that started us is gone.
fn wait_for_the_end() {
    let mut nothing = Vec::new();
    std::io::stdin().read_to_end(&mut nothing).unwrap();
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn listens_until_it_is_ended() {
    let listener = TcpListener::bind(env::var("ADDRESS").unwrap()).unwrap();
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
