//! The server as a child process, and the messages on its stdio.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;

/// How long anything may take. Nothing takes nearly as long on a machine that is not overloaded.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// The server, and both directions of its stdio.
pub struct Wire {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Received>,
    /// What has come and was not waited for yet.
    unread: VecDeque<Received>,
    /// When the message had come that was waited for last.
    pub arrived: Instant,
    requests: i64,
    /// What the user has set, for a server that asks.
    pub settings: Value,
    /// Whether it says that it makes the edits that the server asks for.
    pub applies_edits: bool,
    /// The method that it refuses to be registered for.
    pub refuses: Option<&'static str>,
    /// Whether it watches files when the server asks for that. (A test that says so reports the changes itself.)
    pub watches_files: bool,
    /// Which of a question's actions people choose; `None` where the editor cannot ask them.
    pub chooses: Option<usize>,
}

/// A message of the server, and when its last byte had come.
#[derive(Debug)]
struct Received {
    message: Value,
    at: Instant,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct Failure {
    pub code: i64,
    pub message: String,
    #[serde(default)]
    pub data: Value,
}

impl Wire {
    /// Starts the server.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        let input = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, output) = channel();
        thread::spawn(move || {
            while let Some(received) = read(&mut stdout) {
                if sender.send(received).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            input,
            output,
            unread: VecDeque::new(),
            arrived: Instant::now(),
            requests: 0,
            settings: Value::Null,
            applies_edits: true,
            refuses: None,
            watches_files: false,
            chooses: None,
        }
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request and waits for its answer.
    pub fn request<R: lsp::Request>(&mut self, params: R::Params) -> Result<R::Result, Failure> {
        let id = self.send_request(R::METHOD.as_str(), json!(params));
        let mut answer =
            self.wait(R::METHOD.as_str(), |message| message["id"] == id && message.get("method").is_none());
        match answer.get_mut("error") {
            Some(error) => Err(serde_json::from_value(error.take()).expect("an error as JSON-RPC has it")),
            None => {
                let result = answer.get_mut("result").expect("an answer has a result or an error").take();
                Ok(serde_json::from_value(result).expect("a result as LSP has it"))
            }
        }
    }

    /// Sends a request and does not wait; gives its id.
    pub fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        // A request without parameters has none, not even null.
        let mut message = json!({"jsonrpc": "2.0", "id": self.requests, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        self.requests
    }

    /// Sends a notification.
    pub fn notify<N: lsp::Notification>(&mut self, params: N::Params) {
        let mut message = json!({"jsonrpc": "2.0", "method": N::METHOD.as_str()});
        let params = json!(params);
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
    }

    /// Sends a message as it is.
    pub fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    /// Sends a frame with whatever in it.
    pub fn send_text(&mut self, content: &str) {
        self.send_bytes(&frame(content));
    }

    /// Sends bytes, which need not be a frame.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.try_send(bytes).expect("the server reads");
    }

    fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let input = self.input.as_mut().expect("the server's input is open");
        input.write_all(bytes).and_then(|()| input.flush())
    }

    /// Closes the server's input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// The first message, come already or yet to come, that is wanted. Whatever else comes stays
    /// unread; the server's own requests are answered meanwhile.
    pub fn wait(&mut self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let Received { message, at } = self
            .try_wait(is_wanted)
            .unwrap_or_else(|reason| panic!("no {what} came: {reason}; unread: {:#?}", self.unread));
        self.arrived = at;
        message
    }

    fn try_wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Result<Received, RecvTimeoutError> {
        if let Some(at) = self.unread.iter().position(|received| is_wanted(&received.message)) {
            return Ok(self.unread.remove(at).expect("the position is within"));
        }
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let received = self.output.recv_timeout(left)?;
            let message = &received.message;
            if message.get("method").is_some() && message.get("id").is_some() {
                let mut answer = json!({"jsonrpc": "2.0", "id": message["id"]});
                let registered = &message["params"]["registrations"][0]["method"];
                let is_refused = self.refuses.is_some_and(|refused| registered == refused)
                    || (registered == "workspace/didChangeWatchedFiles" && !self.watches_files);
                match (message["method"].as_str(), self.chooses) {
                    _ if is_refused => answer["error"] = json!({"code": -32601, "message": "no"}),
                    (Some("workspace/configuration"), _) => answer["result"] = json!([self.settings]),
                    (Some("workspace/applyEdit"), _) => {
                        answer["result"] = json!({"applied": self.applies_edits})
                    }
                    (Some("window/showMessageRequest"), None) => {
                        answer["error"] = json!({"code": -32601, "message": "no such method"});
                    }
                    (Some("window/showMessageRequest"), Some(index)) => {
                        answer["result"] = message["params"]["actions"][index].clone();
                    }
                    _ => answer["result"] = Value::Null,
                }
                let answer = answer.to_string();
                // Who was told to exit may have asked before, and does not read the answer any more.
                let _ = self.try_send(&frame(&answer));
            }
            if is_wanted(message) {
                return Ok(received);
            }
            self.unread.push_back(received);
        }
    }

    /// The parameters of the first notification (or request) of that method that is wanted.
    pub fn wait_for_notification(&mut self, method: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let mut message =
            self.wait(method, |message| message["method"] == method && is_wanted(&message["params"]));
        message["params"].take()
    }

    /// The notifications of that method that have come and were not waited for.
    pub fn unread(&self, method: &str) -> Vec<&Value> {
        self.unread
            .iter()
            .map(|received| &received.message)
            .filter(|message| message["method"] == method)
            .map(|message| &message["params"])
            .collect()
    }

    /// Waits for the process to end.
    pub fn wait_for_exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + DEADLINE;
        // The end of its output comes with the end of the process, or just before.
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(message) => self.unread.push_back(message),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not exit"),
            }
        }
        self.child.wait().expect("the server can be waited for")
    }
}

/// A message's bytes: its length, and its content (LSP, Base Protocol).
fn frame(content: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}

/// Waits for a process to end, while nobody reads what it writes.
pub fn wait_for_exit(mut child: Child) -> ExitStatus {
    let (sender, ended) = channel();
    thread::spawn(move || sender.send(child.wait()));
    ended.recv_timeout(DEADLINE).expect("the process ends").expect("it can be waited for")
}

impl Drop for Wire {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next message; `None` at the end. Anything but a frame is a failure of the server: its
/// standard output is the protocol and nothing else.
fn read(input: &mut impl BufRead) -> Option<Received> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let header = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("not a header: {line:?}"));
        if header.is_empty() {
            break;
        }
        let number =
            header.strip_prefix("Content-Length: ").unwrap_or_else(|| panic!("not a header: {line:?}"));
        length = Some(number.parse().expect("a length"));
    }
    let mut content = vec![0; length.expect("a frame has a length")];
    input.read_exact(&mut content).ok()?;
    let at = Instant::now();
    Some(Received { message: serde_json::from_slice(&content).expect("a message is JSON"), at })
}
