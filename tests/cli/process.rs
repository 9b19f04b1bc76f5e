//! Real processes that listen and connect. Each is this very test program, started again to run one
//! of the ignored tests at the end of this file and nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// What a child announces itself by; its number follows.
pub(crate) const ANNOUNCEMENT: &str = "port of the child: ";

/// A child process. It ends with the test, however that ends: its stdin closes then.
pub(crate) struct ChildProcess {
    child: Child,
    /// Kept open: what it starts again announces itself there, too.
    _output: BufReader<ChildStdout>,
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
    test: &'static str,
    environment: Vec<(&'static str, String)>,
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
            test: "listens_until_it_is_ended",
            environment: Vec::new(),
        }
    }

    /// One that receives datagrams.
    pub(crate) fn udp(directory: &Path) -> Self {
        Self { test: "receives_until_it_is_ended", ..Self::new(directory) }
    }

    /// One that lets go of its port when it is told to.
    pub(crate) fn fickle(directory: &Path) -> Self {
        Self { test: "listens_until_it_is_told_not_to", ..Self::new(directory) }
    }

    /// One that becomes a shell when it is told to, by `exec`: the same process with the same socket.
    #[cfg(unix)]
    pub(crate) fn changing(directory: &Path) -> Self {
        Self { test: "listens_until_it_is_told_to_become_a_shell", ..Self::new(directory) }
    }

    /// Started, and started again when it ends, by a program of that name. What is started is that
    /// program, then.
    pub(crate) fn supervised_by(mut self, name: &str) -> Self {
        self.environment.push(("SERVER", self.program.to_str().unwrap().to_owned()));
        self.test = "starts_its_servers_anew";
        self.named(name)
    }

    /// With another command that the supervisor runs beside its servers.
    pub(crate) fn beside(self, command: &[&str]) -> Self {
        self.with("BESIDE", command.join(" "))
    }

    /// With that command only after something was written to that named pipe.
    pub(crate) fn after(self, pipe: &Path) -> Self {
        self.with("BESIDE_AFTER", pipe.display())
    }

    /// With an address on which the supervisor itself listens.
    pub(crate) fn listening_itself_at(self, address: &str) -> Self {
        self.with("OWN_ADDRESS", address)
    }

    /// With a server on each of those addresses.
    pub(crate) fn at_each(self, addresses: &[String]) -> Self {
        self.at(addresses.join(" "))
    }

    /// With that variable in its environment.
    pub(crate) fn with(mut self, variable: &'static str, value: impl ToString) -> Self {
        self.environment.push((variable, value.to_string()));
        self
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
        if !self.program.exists() {
            copy_of_this_program(&self.program);
        }
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
        arguments.extend(words_to_run(self.test));
        if !self.words.is_empty() {
            // To the test harness, these are names of more tests, which there are not.
            arguments.push("--".to_owned());
            arguments.extend(self.words.iter().cloned());
        }
        let mut command = Command::new(&arguments[0]);
        command.args(&arguments[1..]).current_dir(&self.directory).env("ADDRESS", &self.address);
        command.envs(self.environment.iter().map(|(variable, value)| (variable, value)));
        #[cfg(unix)]
        if let Some(id) = self.user {
            std::os::unix::process::CommandExt::uid(&mut command, id);
        }
        command
    }
}

/// This very program, under another name.
pub(crate) fn copy_of_this_program(path: &Path) {
    copy_of(&env::current_exe().unwrap(), path);
}

/// A program, under another name. Another process writes it: a file that we have open for writing is
/// so in whatever another test starts meanwhile, too, and cannot be run then.
pub(crate) fn copy_of(program: &Path, path: &Path) {
    if fs::hard_link(program, path).is_ok() {
        return;
    }
    if cfg!(unix) {
        assert!(Command::new("cp").args([program, path]).status().unwrap().success());
    } else {
        fs::copy(program, path).unwrap();
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

    /// A server that closes its socket when it is asked to end, and goes on. It is a shell under another name, so that
    /// it is not taken for one.
    #[cfg(unix)]
    pub(crate) fn lingering_server(directory: &Path) -> Self {
        let program = directory.join("lingering");
        copy_of(&fs::canonicalize("/bin/sh").unwrap(), &program);
        Self::start(child("hands_its_socket_on").env("LINGERING", program))
    }

    /// A client that stays connected to a server.
    pub(crate) fn client(port: u16) -> Self {
        Self::start(child("stays_connected").env("PORT_OF_THE_SERVER", port.to_string()))
    }

    /// Starts a command that announces a port. It listens when this returns.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let port = output.by_ref().lines().find_map(|line| {
            let line = line.unwrap();
            Some(line.split_once(ANNOUNCEMENT)?.1.parse().unwrap())
        });
        Self { child, _output: output, port: port.expect("the child announces its port") }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Says a line to it.
    pub(crate) fn tell(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Ends it at once, and buries it.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it ends, within some seconds.
    pub(crate) fn ends(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.is_alive() {
            if Instant::now() > deadline {
                return false;
            }
            thread::yield_now();
        }
        true
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
    let _other = env::var("OTHER_ADDRESS").map(|address| TcpListener::bind(address).unwrap());
    println!("{ANNOUNCEMENT}{}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        let connections: Vec<_> = listener.incoming().collect();
        drop(connections);
    });
    wait_for_the_end();
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn receives_until_it_is_ended() {
    let socket = UdpSocket::bind(env::var("ADDRESS").unwrap()).unwrap();
    println!("{ANNOUNCEMENT}{}", socket.local_addr().unwrap().port());
    wait_for_the_end();
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn listens_until_it_is_told_not_to() {
    let listener = TcpListener::bind(env::var("ADDRESS").unwrap()).unwrap();
    println!("{ANNOUNCEMENT}{}", listener.local_addr().unwrap().port());
    std::io::stdin().read_line(&mut String::new()).unwrap();
    drop(listener);
    wait_for_the_end();
}

#[cfg(unix)]
#[test]
#[ignore = "the body of a child process that other tests start"]
fn listens_until_it_is_told_to_become_a_shell() {
    let listener = TcpListener::bind(env::var("ADDRESS").unwrap()).unwrap();
    println!("{ANNOUNCEMENT}{}", listener.local_addr().unwrap().port());
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "while :; do sleep 0.1 < /dev/null; done"]);
    shell.stdin(std::os::fd::OwnedFd::from(listener));
    panic!("{}", std::os::unix::process::CommandExt::exec(&mut shell));
}

#[cfg(unix)]
#[test]
#[ignore = "the body of a child process that other tests start"]
fn hands_its_socket_on() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{ANNOUNCEMENT}{}", listener.local_addr().unwrap().port());
    let mut server = Command::new(env::var("LINGERING").unwrap());
    server.args(["-c", "trap 'exec 0<&-' TERM; while :; do sleep 0.1 < /dev/null; done"]);
    server.stdin(std::os::fd::OwnedFd::from(listener));
    panic!("{}", std::os::unix::process::CommandExt::exec(&mut server));
}

/// As nodemon does, and with less regard: what it started lives on when it ends.
#[test]
#[ignore = "the body of a child process that other tests start"]
fn starts_its_servers_anew() {
    let server = env::var("SERVER").unwrap();
    let _own = env::var("OWN_ADDRESS").ok().map(|address| TcpListener::bind(address).unwrap());
    if let Ok(beside) = env::var("BESIDE") {
        thread::spawn(move || {
            // Opening a pipe takes until somebody writes to it.
            env::var("BESIDE_AFTER").map(|pipe| fs::read(pipe).unwrap()).unwrap_or_default();
            let words: Vec<&str> = beside.split(' ').collect();
            Command::new(words[0]).args(&words[1..]).status().unwrap();
        });
    }
    for address in env::var("ADDRESS").unwrap().split(' ').map(str::to_owned) {
        let server = server.clone();
        thread::spawn(move || {
            loop {
                let mut command = Command::new(&server);
                command.args(words_to_run("listens_until_it_is_ended")).env("ADDRESS", &address);
                command.status().unwrap();
            }
        });
    }
    wait_for_the_end();
    std::process::exit(0);
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
