//! A process with several threads ends one thread at a time. Its port is free when the last one has ended.

use std::process::Command;

use crate::home::Home;
use crate::not_possible;
use crate::process::{ANNOUNCEMENT, ChildProcess};

/// A server whose first thread ends when it is asked to, and whose second one takes half a second longer, as the threads
/// of a large process may on a busy machine. In between, Linux shows a zombie without open files.
const ENDS_BY_THREADS: &str = r"
import ctypes, os, signal, socket, sys, threading, time

server = socket.create_server(('127.0.0.1', 0))
is_asked = threading.Event()

def state():
    with open(f'/proc/{os.getpid()}/stat') as stat:
        return stat.read().rpartition(') ')[2][0]

def second():
    is_asked.wait()
    while state() != 'Z':
        pass
    time.sleep(0.5)
    os._exit(0)

def end_first(*_):
    is_asked.set()
    ctypes.CDLL(None).pthread_exit(None)

threading.Thread(target=second).start()
signal.signal(signal.SIGTERM, end_first)
print(sys.argv[1] + str(server.getsockname()[1]), flush=True)
while True:
    signal.pause()
";

#[test]
fn a_port_is_freed_when_the_last_thread_has_ended() {
    if !Command::new("python3").args(["-c", "import ctypes"]).status().is_ok_and(|status| status.success()) {
        return not_possible("a server that ends by threads", "there is no python3 with ctypes");
    }
    let home = Home::new();
    home.write("server.py", ENDS_BY_THREADS);
    let mut python = Command::new("python3");
    let mut server =
        ChildProcess::start(python.arg(home.path("server.py")).arg(ANNOUNCEMENT).current_dir(home.path("")));
    let ran = home.run("", &["free", &server.port.to_string(), "--yes"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("is free"), "{}", ran.stdout);
    assert!(server.ends());
}
