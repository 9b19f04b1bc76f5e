//! Processes that end with the test, whatever its result.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How long an application may take to start, to answer and to end. Nothing waits that long where all is well.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);

/// Variables that a process gets.
pub type Environment = BTreeMap<OsString, OsString>;

/// Processes of one test, and all that they start. Dropping this kills them.
pub struct Processes {
    started: Vec<Started>,
    /// All of them run in this directory.
    directory: PathBuf,
}

struct Started {
    words: String,
    child: Child,
    output: PathBuf,
}

impl Processes {
    /// None yet. What runs in the directory belongs to them.
    pub fn new(directory: &Path) -> Self {
        Self { started: Vec::new(), directory: directory.to_owned() }
    }

    /// Starts a command of a README as a terminal does, as the leader of a group. The words before it are those that start it.
    pub fn start(&mut self, before: &[&str], command: &str, root: &Path, environment: &Environment) {
        let output = self.directory.join(format!("output-{}", self.started.len()));
        let file = File::create(&output).expect("a file for output");
        let (directory, command) = match command.strip_prefix("cd ").and_then(|rest| rest.split_once(" && "))
        {
            Some((directory, command)) => (root.join(directory), command),
            None => (root.to_owned(), command),
        };
        let words: Vec<&str> = before.iter().copied().chain(command.split(' ')).collect();
        let [program, arguments @ ..] = words.as_slice() else { panic!("no command") };
        let child = Command::new(program)
            .args(arguments)
            .current_dir(&directory)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a handle can be copied"))
            .stderr(file)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{words:?} does not start: {error}"));
        let words = format!("{} (in {})", words.join(" "), directory.display());
        self.started.push(Started { words, child, output });
    }

    /// Tries something until it succeeds. A failure lasts at the latest when a command ends, which a server does not.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        expected: &str,
        mut attempt: impl FnMut() -> Result<T, String>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let error = match attempt() {
                Ok(value) => return value,
                Err(error) => error,
            };
            let ended = self.started.iter_mut().find_map(|started| {
                let status = started.child.try_wait().expect("a child can be asked about")?;
                Some(format!("{} has ended: {status}", started.words))
            });
            if ended.is_some() || Instant::now() > deadline {
                let ended = ended.unwrap_or_default();
                panic!("{what}\nexpected {expected}\nfound {error}\n{ended}\n{}", self.output());
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// What all of them have printed.
    pub fn output(&self) -> String {
        let output = |started: &Started| {
            let printed = fs::read(&started.output).unwrap_or_default();
            format!("--- {}\n{}\n", started.words, String::from_utf8_lossy(&printed))
        };
        self.started.iter().map(output).collect()
    }

    /// Ends all of them as Ctrl+C does; a process that stays is a failure.
    pub fn end(mut self) {
        let deadline = Instant::now() + PATIENCE;
        for started in &self.started {
            // It may have ended already.
            let _ = kill_process_group(group(&started.child), Signal::INT);
        }
        while !self.have_ended() {
            assert!(Instant::now() < deadline, "does not end by Ctrl+C: {:?}", self.others());
            std::thread::sleep(PAUSE);
        }
    }

    fn have_ended(&mut self) -> bool {
        self.started.iter_mut().all(|started| matches!(started.child.try_wait(), Ok(Some(_))))
            && self.others().is_empty()
    }

    /// Processes that run in the directory, by number and name.
    #[cfg(target_os = "linux")]
    fn others(&self) -> Vec<(i32, String)> {
        let processes = procfs::process::all_processes().expect("/proc can be read");
        processes
            .flatten()
            .filter(|process| process.cwd().is_ok_and(|directory| directory.starts_with(&self.directory)))
            .map(|process| (process.pid, process.cmdline().unwrap_or_default().join(" ")))
            .collect()
    }

    #[cfg(not(target_os = "linux"))]
    fn others(&self) -> Vec<(i32, String)> {
        Vec::new()
    }
}

fn group(child: &Child) -> Pid {
    Pid::from_child(child)
}

impl Drop for Processes {
    fn drop(&mut self) {
        for started in &mut self.started {
            let _ = kill_process_group(group(&started.child), Signal::KILL);
            let _ = started.child.wait();
        }
        // A process that has left its group, as those of a process manager do.
        for (number, _) in self.others() {
            if let Some(pid) = Pid::from_raw(number) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}
