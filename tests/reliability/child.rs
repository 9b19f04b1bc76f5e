//! Processes that change the registry until they are killed. Each is this very test program, started
//! again to run one of the ignored tests at the end of this file and nothing else.

use std::env;
use std::io::{BufRead, BufReader, Lines, Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use port_manager::error::{Error, RegistryError, Result};
use port_manager::port::Port;
use port_manager::registry::{Registry, Store};
use port_manager::service::Service;

/// What a child says of a step that it has done; the step's number follows.
const ANNOUNCEMENT: &str = "done: ";

/// The numbers that the writer counts with are ports from here on.
const FIRST: u16 = 10_000;

/// A child process. It ends with the test, however that ends.
pub(crate) struct Worker {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    /// A process that counts in the registry, one change a number.
    pub(crate) fn writer(config: &Path) -> Self {
        Self::start("counts_in_the_registry", config)
    }

    /// A process that has the registry's lock, and keeps it.
    pub(crate) fn holder(config: &Path) -> Self {
        let mut holder = Self::start("holds_the_lock", config);
        assert_eq!(holder.next(), Some(0));
        holder
    }

    /// A process that is in the middle of a change, which it finishes when it is told to go on.
    pub(crate) fn in_a_change(config: &Path) -> Self {
        let mut worker = Self::start("changes_when_told", config);
        assert_eq!(worker.next(), Some(0));
        worker
    }

    /// A process that is in the middle of a transaction, which it commits when it is told to go on.
    pub(crate) fn in_a_transaction(config: &Path) -> Self {
        let mut worker = Self::start("commits_when_told", config);
        assert_eq!(worker.next(), Some(0));
        worker
    }

    /// Tells it to go on.
    pub(crate) fn go_on(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Sends it a signal, by its name.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([format!("-{name}"), pid]).status().unwrap().success());
    }

    fn start(test: &str, config: &Path) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", &format!("child::{test}"), "--ignored", "--nocapture"])
            .env("PORT_MANAGER_CONFIG_DIR", config)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The number of the next step that it says to have done; `None` once it has ended.
    pub(crate) fn next(&mut self) -> Option<u16> {
        let lines = self.lines.by_ref().map_while(Result::ok);
        // A line that was cut off says nothing.
        lines.filter_map(|line| line.split_once(ANNOUNCEMENT)?.1.strip_suffix('.')?.parse().ok()).next()
    }

    /// Ends it at once, as a power switch would: SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the writer has counted to, as the registry says.
pub(crate) fn count(store: &Store) -> u16 {
    let registry = store.load().unwrap();
    let counter =
        registry.project("/counter").and_then(|project| project.get(&"COUNTER_PORT".parse().unwrap()));
    counter.map_or(0, |assignment| assignment.port.get() - FIRST)
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn counts_in_the_registry() {
    let store = Store::from_environment().unwrap();
    let variable = "COUNTER_PORT".parse().unwrap();
    for number in count(&store) + 1.. {
        let port = Port::new(FIRST + number).unwrap();
        store
            .change(|registry| registry.assign("/counter", "counter", &variable, port, Service::Misc))
            .unwrap();
        println!("{ANNOUNCEMENT}{number}.");
    }
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn holds_the_lock() {
    let store = Store::from_environment().unwrap();
    let transaction = store.begin().unwrap();
    println!("{ANNOUNCEMENT}0.");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    drop(transaction);
}

/// The port that the two below give.
const LATE: u16 = 9_999;

fn wait_to_be_told() {
    println!("{ANNOUNCEMENT}0.");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

fn give_late_port(registry: &mut Registry) -> Result<()> {
    registry.assign("/late", "late", &"LATE_PORT".parse().unwrap(), Port::new(LATE).unwrap(), Service::Misc)
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn changes_when_told() {
    let store = Store::from_environment().unwrap();
    let mut attempts = 0;
    store
        .change(|registry| {
            attempts += 1;
            if attempts == 1 {
                wait_to_be_told();
            }
            give_late_port(registry)
        })
        .unwrap();
    println!("{ANNOUNCEMENT}{attempts}.");
}

#[test]
#[ignore = "the body of a child process that other tests start"]
fn commits_when_told() {
    let store = Store::from_environment().unwrap();
    let mut transaction = store.begin().unwrap();
    give_late_port(&mut transaction.registry).unwrap();
    wait_to_be_told();
    let refused = transaction.commit().unwrap_err();
    assert!(
        matches!(
            refused,
            Error::Registry(RegistryError::LockLost { .. }) | Error::Registry(RegistryError::Changed { .. })
        ),
        "{refused}"
    );
    println!("{ANNOUNCEMENT}1.");
}
