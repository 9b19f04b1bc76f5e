//! `port-manager/changed` and `port-manager/watchListeners`: what a client that shows ports all the time
//! has to know, so that it need not ask again and again.

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::analyse;
use super::news::{Changed, ChangedNotification};
use super::server::Server;
use crate::ports;

/// How long news waits for more of the same: saving a file is seen by several of those who look.
const TOGETHER: Duration = Duration::from_millis(50);

/// How long it waits for files that are being read because of the change.
const LONGEST: Duration = Duration::from_secs(2);

/// Reports a change to a client that wants to hear of it, and has it ask again for what it shows, some time soon: nobody
/// waits for it. What changes together is reported together.
pub(super) fn tell(server: &Server, changed: Changed) {
    {
        let mut state = server.state();
        let is_first = state.news.is_none();
        let news = state.news.get_or_insert_default();
        news.assignments |= changed.assignments;
        news.listeners |= changed.listeners;
        if !is_first {
            return;
        }
    }
    let server = server.clone();
    tokio::spawn(async move {
        let began = Instant::now();
        tokio::time::sleep(TOGETHER).await;
        while server.is_reading() && began.elapsed() < LONGEST {
            tokio::time::sleep(TOGETHER).await;
        }
        let (features, news, watches_listeners) = {
            let mut state = server.state();
            (state.features, state.news.take().unwrap_or_default(), state.watches_listeners)
        };
        if features.hears_changes && (news.assignments || news.listeners && watches_listeners) {
            server.client.send_notification::<ChangedNotification>(news).await;
        }
        // A client that refuses shows what it knew.
        if features.refreshes_inlay_hints {
            let _ = server.client.inlay_hint_refresh().await;
        }
        if features.refreshes_code_lenses {
            let _ = server.client.code_lens_refresh().await;
        }
    });
}

/// Has everything looked at again that a command may have changed, at once and not only when the file system is looked at.
pub(super) fn by_command(server: &Server) {
    server.knowledge.forget();
    analyse::schedule_all(server);
    tell(server, Changed { assignments: true, listeners: true });
}

/// Whether the client shows who listens. As long as it does not, nobody looks.
#[derive(Debug, Deserialize)]
pub(super) struct WatchListenersParams {
    enabled: bool,
}

/// `port-manager/watchListeners`: client to server.
pub(super) async fn watch_listeners(server: &Server, params: WatchListenersParams) {
    // What starts to listen from now on is a change.
    let now = params.enabled.then(ports::listening).and_then(Result::ok);
    let mut state = server.state();
    state.watches_listeners = params.enabled;
    state.listening = state.listening.take().or(now);
}
