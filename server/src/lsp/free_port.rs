//! `port-manager.free`. An editor with an interface of its own has asked people before it runs the command; in any other, the
//! server asks.

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use super::changed;
use super::commands::{Call, Failure, Outcome};
use super::knowledge::describe;
use super::server::Server;
use super::shown;
use crate::error::Result;
use crate::operations::{self, Context, FoundHolders, FreeOptions, FreeReport, ShownHolder, Unattended};
use crate::port::Port;
use crate::ports::Protocol;
use crate::text::printable;

#[derive(Deserialize)]
struct Arguments {
    port: Port,
    #[serde(default)]
    udp: bool,
    #[serde(default)]
    dry_run: bool,
    expected: Option<Vec<ShownHolder>>,
    #[serde(default)]
    force: bool,
    #[serde(default)]
    containers: bool,
    /// Seconds.
    #[serde(default = "usual_patience")]
    timeout: f64,
}

fn usual_patience() -> f64 {
    3.0
}

/// How a port is freed.
#[derive(Debug, Clone, Copy)]
struct Manner {
    port: Port,
    protocol: Protocol,
    /// Whether processes that do not end in time are killed.
    force: bool,
    options: FreeOptions,
}

/// `{port, udp?, dry_run?, expected?, force?, containers?, timeout?}`: stops the processes that listen there, and a
/// container that publishes the port if that is asked for. With `expected`, the holders that `dry_run` reported, nobody
/// else is stopped.
pub(super) fn free(call: &Call, argument: Value) -> Outcome {
    let Arguments { port, udp, dry_run, expected, force, containers, timeout } =
        serde_json::from_value(argument)?;
    let timeout = operations::timeout_of_seconds(timeout).ok_or_else(|| {
        let longest = operations::LONGEST_TIMEOUT.as_secs();
        Failure::Arguments(format!("`timeout` is {timeout}, not a number of seconds from 0 to {longest}"))
    })?;
    let protocol = if udp { Protocol::Udp } else { Protocol::Tcp };
    let manner = Manner { port, protocol, force, options: FreeOptions { timeout, containers } };
    let found = operations::find_holders(&call.context()?, port, protocol)?;
    if dry_run {
        let report = found.leave();
        return call.answer(&report, shown::holders);
    }
    let found = match expected {
        Some(expected) => found.expect(&expected)?,
        None if call.has_interface() => found,
        None => {
            let report = found.leave();
            call.cancellation.begin_to_act()?;
            ask(call.server.clone(), &report, manner);
            return Ok(serde_json::to_value(&report)?);
        }
    };
    call.cancellation.begin_to_act()?;
    let report = manner.free(found)?;
    call.answer(&report, shown::freed)
}

impl Manner {
    fn free(self, found: FoundHolders) -> Result<FreeReport> {
        found.free(self.options, &mut Unattended { may_kill: self.force })
    }

    /// Frees the port if nobody else holds it by now than those who were shown.
    fn free_shown(self, context: &Context, shown: &[ShownHolder]) -> Result<FreeReport> {
        let found = operations::find_holders(context, self.port, self.protocol)?;
        self.free(found.expect(shown)?)
    }
}

/// Asks people whether the port is to be freed, frees it if they say so, and shows them what became of it. Nobody waits.
fn ask(server: Server, report: &FreeReport, mut manner: Manner) {
    let found = shown::holders(report);
    let stop = if report.has_stoppable() {
        "Stop it"
    } else if report.container_remedy().is_some() {
        manner.options.containers = true;
        "Stop the container"
    } else {
        // There is nothing to decide.
        return server.show_message(lsp::MessageType::Info, found);
    };
    let holders: Vec<ShownHolder> = (report.holders.iter())
        .map(|holder| ShownHolder { pid: holder.pid, started_at: holder.started_at })
        .collect();
    let action = |title: &str| lsp::MessageActionItem { title: title.to_owned(), ..Default::default() };
    let actions = vec![action(stop), action("Cancel")];
    tokio::runtime::Handle::current().spawn(async move {
        let question = printable(&format!("{found} {stop}?"));
        match server.client.show_message_request(lsp::MessageType::Warning, question, Some(actions)).await {
            Ok(Some(chosen)) if chosen.title == stop => {
                let worker = server.clone();
                let free = move || manner.free_shown(&worker.context()?, &holders);
                let (kind, text) = match tokio::task::spawn_blocking(free).await {
                    Ok(Ok(report)) => (lsp::MessageType::Info, shown::freed(&report)),
                    Ok(Err(error)) => (lsp::MessageType::Error, describe(&error)),
                    // A panic, which has been reported.
                    Err(_) => return,
                };
                server.show_message(kind, format!("port-manager: {text}"));
                changed::by_command(&server);
            }
            Ok(_) => {}
            Err(_) => server.show_message(
                lsp::MessageType::Warning,
                format!(
                    "port-manager: {found} Nothing was stopped, as this editor shows no questions. Run \
                     `port-manager free {}` in a terminal.",
                    manner.port
                ),
            ),
        }
    });
}
