//! Messages between stdio and the service.
//!
//! The crate's own transport is not used, because with it one malformed message ends the session, a
//! panic in a handler ends the process, and a client that does not read its end of the pipe keeps
//! the server from exiting.

use std::io::{self, BufReader, BufWriter, Write};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::task::Poll;
use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc as task_queue;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::{ClientSocket, LanguageServer, LspService};
use tower_service::Service;

use super::cancellation::UnderWay;
use super::frame::{self, FrameError};
use super::publish::{self, Publications};
use super::spelling::Spellings;
use super::surrogates::without_lone_surrogates;

/// How many messages are read ahead of the one that is handled.
const READ_AHEAD: usize = 64;

/// How long the end waits for a client to read what has been written.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Serves until the client says `exit` or closes its end. Diagnostics come to it by the side of the service.
pub(super) async fn serve<S: LanguageServer>(
    mut service: LspService<S>,
    socket: ClientSocket,
    mut published: Publications,
) {
    let mut input = read_stdin();
    let (output, written) = write_stdout();
    let (mut requests, mut replies) = socket.split();
    let client = ToClient { output, spellings: Spellings::default() };
    let asked = client.clone();
    tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            asked.send(&without_null_params(request));
        }
    });
    let publisher = client.clone();
    tokio::spawn(async move {
        while let Some(publication) = published.recv().await {
            publisher.send(&publish::Message::from(publication));
        }
    });
    let under_way = UnderWay::default();

    while let Some(frame) = input.recv().await {
        match frame.map_err(|_| (Id::Null, Error::parse_error())).and_then(parse) {
            Ok(Message::Request(request)) if request.method() == "exit" => break,
            Ok(Message::Request(request)) => handle(&mut service, request, &under_way, &client).await,
            // A reply that nobody waits for is no reason to end.
            Ok(Message::Reply(reply)) => drop(replies.send(reply).await),
            Err((id, error)) => client.send(&Response::from_error(id, error)),
        }
    }

    drop(client.output.send(Output::End));
    // Nothing to be done where it does not come: the client has stopped reading.
    let _ = written.recv_timeout(LAST_WORDS);
}

/// Runs a handler up to its first await before the next message is looked at, so that what it
/// does synchronously keeps the order of the messages; the rest runs in a task of its own.
async fn handle<S: LanguageServer>(
    service: &mut LspService<S>,
    request: Request,
    under_way: &UnderWay,
    client: &ToClient,
) {
    // What acts already is finished, and answered as if nobody had cancelled it.
    if cancels(&request).is_some_and(|id| !under_way.cancel(&id)) {
        return;
    }
    client.spellings.note(request.method(), request.params());
    let id = request.id().cloned();
    if std::future::poll_fn(|context| service.poll_ready(context)).await.is_err() {
        return;
    }
    let cancellation = id.clone().map(|id| under_way.begin(id)).unwrap_or_default();
    let handler = AssertUnwindSafe(service.call(without_empty_params(request))).catch_unwind();
    let mut handler = Box::pin(cancellation.scope(handler));
    let under_way = under_way.clone();
    let answer = move |result| {
        let id = id?;
        under_way.end(&id);
        match result {
            Ok(Ok(Some(response))) => Some(response),
            // The service keeps silent about an unknown method whose name begins with `$/`.
            Ok(Ok(None)) => Some(Response::from_error(id, Error::method_not_found())),
            Ok(Err(_)) => None,
            Err(_panic) => Some(Response::from_error(id, Error::internal_error())),
        }
    };
    let first = std::future::poll_fn(|context| Poll::Ready(handler.as_mut().poll(context))).await;
    match first {
        Poll::Ready(result) => {
            if let Some(response) = answer(result) {
                client.send(&response);
            }
        }
        Poll::Pending => {
            let client = client.clone();
            tokio::spawn(async move {
                if let Some(response) = answer(handler.await) {
                    client.send(&response);
                }
            });
        }
    }
}

/// The request that a `$/cancelRequest` cancels.
fn cancels(request: &Request) -> Option<Id> {
    let params = request.params().filter(|_| request.method() == "$/cancelRequest")?;
    Id::deserialize(params.get("id")?).ok()
}

/// Parameters are an object or an array, or they are left out (JSON-RPC 2.0, "Parameter Structures").
fn without_null_params(request: Request) -> Request {
    if request.params() == Some(&Value::Null) { without_params(request) } else { request }
}

/// `shutdown` has no params; clients that send some anyway mean no harm.
fn without_empty_params(request: Request) -> Request {
    if request.method() == "shutdown" { without_params(request) } else { request }
}

fn without_params(request: Request) -> Request {
    let (method, id, _) = request.into_parts();
    let plain = Request::build(method);
    match id {
        Some(id) => plain.id(id).finish(),
        None => plain.finish(),
    }
}

enum Message {
    Request(Request),
    Reply(Response),
}

/// What a frame says, or the error that answers it and whom.
fn parse(content: Vec<u8>) -> Result<Message, (Id, Error)> {
    let value: Value = serde_json::from_slice(&content)
        .or_else(|error| {
            without_lone_surrogates(content).map_or(Err(error), |text| serde_json::from_slice(&text))
        })
        .map_err(|_| (Id::Null, Error::parse_error()))?;
    let id = value.get("id").and_then(|id| Id::deserialize(id).ok()).unwrap_or_default();
    let invalid = |_| (id.clone(), Error::new(ErrorCode::InvalidRequest));
    if value.get("method").is_some_and(Value::is_string) {
        serde_json::from_value(value).map(Message::Request).map_err(invalid)
    } else {
        serde_json::from_value(value).map(Message::Reply).map_err(invalid)
    }
}

/// A thread that reads, for standard input cannot be read without blocking everywhere.
fn read_stdin() -> task_queue::Receiver<Result<Vec<u8>, FrameError>> {
    let (sender, receiver) = task_queue::channel(READ_AHEAD);
    std::thread::spawn(move || {
        let mut input = BufReader::new(io::stdin().lock());
        while let Some(frame) = frame::read(&mut input).transpose() {
            let is_last = matches!(frame, Err(FrameError::Read(_)));
            if is_last || sender.blocking_send(frame).is_err() {
                break;
            }
        }
    });
    receiver
}

enum Output {
    Message(Vec<u8>),
    End,
}

/// A thread that writes, so that a client that is slow to read delays nobody. What it returns
/// besides is told when everything before the end has been written.
fn write_stdout() -> (mpsc::Sender<Output>, mpsc::Receiver<()>) {
    let (sender, receiver) = mpsc::channel();
    let (finished, written) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufWriter::new(io::stdout().lock());
        // A client that is gone is noticed where its messages stop.
        let _ = write_all(&mut output, &receiver);
        let _ = finished.send(());
    });
    (sender, written)
}

fn write_all(output: &mut impl Write, messages: &mpsc::Receiver<Output>) -> io::Result<()> {
    while let Ok(mut next) = messages.recv() {
        loop {
            match next {
                Output::Message(content) => frame::write(output, &content)?,
                Output::End => return output.flush(),
            }
            match messages.try_recv() {
                Ok(message) => next = message,
                Err(_) => break,
            }
        }
        output.flush()?;
    }
    output.flush()
}

/// The way to the client.
#[derive(Clone)]
struct ToClient {
    output: mpsc::Sender<Output>,
    spellings: Spellings,
}

impl ToClient {
    fn send(&self, message: &impl Serialize) {
        let content = if self.spellings.is_empty() {
            serde_json::to_vec(message)
        } else {
            serde_json::to_value(message).and_then(|mut message| {
                self.spellings.restore(&mut message);
                serde_json::to_vec(&message)
            })
        };
        // Neither can fail in a way that could be reported: the types all have string keys, and the
        // receiver lives as long as the process.
        if let Ok(content) = content {
            drop(self.output.send(Output::Message(content)));
        }
    }
}

#[cfg(test)]
mod tests {
    use tower_lsp::gen_lsp_types as lsp;
    use tower_lsp::jsonrpc::Result;

    use super::super::cancellation::Cancellation;
    use super::*;

    struct Clumsy;

    impl LanguageServer for Clumsy {
        async fn initialize(&self, _: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
            Ok(lsp::InitializeResult::default())
        }

        async fn shutdown(&self) -> Result<()> {
            Ok(())
        }
    }

    async fn stumble_at_once(_: &Clumsy) -> Result<()> {
        panic!("before the first await")
    }

    async fn stumble_later(_: &Clumsy) -> Result<()> {
        tokio::task::yield_now().await;
        panic!("after the first await")
    }

    async fn act(_: &Clumsy) -> Result<&'static str> {
        Cancellation::current().begin_to_act().map_err(|_| Error::request_cancelled())?;
        tokio::task::yield_now().await;
        Ok("done")
    }

    async fn prepare(_: &Clumsy) -> Result<()> {
        std::future::pending().await
    }

    #[tokio::test]
    async fn what_acts_is_answered_with_what_it_did() {
        let (mut service, _socket) = LspService::build_with_lifecycle_methods(|_| Clumsy)
            .custom_method("act", act)
            .custom_method("prepare", prepare)
            .finish();
        let (output, messages) = mpsc::channel();
        let client = ToClient { output, spellings: Spellings::default() };
        let under_way = UnderWay::default();
        let mut answers = Vec::new();
        for (id, method) in [(0, "initialize"), (1, "act"), (2, "prepare")] {
            let params = serde_json::json!({"capabilities": {}});
            let request = Request::build(method).id(id).params(if id == 0 { params } else { Value::Null });
            handle(&mut service, request.finish(), &under_way, &client).await;
            let cancel = Request::build("$/cancelRequest").params(serde_json::json!({"id": id}));
            handle(&mut service, cancel.finish(), &under_way, &client).await;
            answers.push(loop {
                match messages.try_recv() {
                    Ok(Output::Message(content)) => break serde_json::from_slice::<Value>(&content).unwrap(),
                    Ok(Output::End) => unreachable!("nobody has ended it"),
                    Err(_) => tokio::task::yield_now().await,
                }
            });
        }
        assert_eq!(answers[1]["result"], "done");
        assert_eq!(answers[2]["error"]["code"], -32800, "{}", answers[2]);
        assert!(under_way.is_empty(), "what is answered is forgotten");
    }

    #[tokio::test]
    async fn a_handler_that_panics_loses_its_answer_and_nothing_else() {
        let (mut service, _socket) = LspService::build_with_lifecycle_methods(|_| Clumsy)
            .custom_method("stumble/atOnce", stumble_at_once)
            .custom_method("stumble/later", stumble_later)
            .finish();
        let (output, messages) = mpsc::channel();
        let client = ToClient { output, spellings: Spellings::default() };
        let mut ask = async |id: i64, method: &'static str| {
            let request = match method {
                "initialize" => Request::build(method).id(id).params(serde_json::json!({"capabilities": {}})),
                _ => Request::build(method).id(id),
            };
            handle(&mut service, request.finish(), &UnderWay::default(), &client).await;
            loop {
                match messages.try_recv() {
                    Ok(Output::Message(content)) => {
                        return serde_json::from_slice::<Value>(&content).unwrap();
                    }
                    Ok(Output::End) => unreachable!("nobody has ended it"),
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        ask(0, "initialize").await;
        for (id, method) in [(1, "stumble/atOnce"), (2, "stumble/later")] {
            let answer = ask(id, method).await;
            assert_eq!((&answer["id"], &answer["error"]["code"]), (&id.into(), &(-32603).into()), "{method}");
        }
        assert_eq!(ask(3, "shutdown").await["result"], Value::Null);
    }
}
