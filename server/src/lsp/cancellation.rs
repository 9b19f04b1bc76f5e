//! `$/cancelRequest`: a request that is cancelled in time changes nothing. One that has begun to change something is
//! finished, and its answer says what it did.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tower_lsp::jsonrpc::Id;

use crate::error::{Error, PlanError, Result};

tokio::task_local! {
    /// That of the request whose handler runs.
    static CURRENT: Cancellation;
}

/// Whether one request may still be cancelled. Its handler and the transport share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Cancellation(Arc<Mutex<Stage>>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// Nothing has been changed.
    #[default]
    Preparing,
    /// Something may have been changed.
    Acting,
    Cancelled,
}

impl Cancellation {
    /// That of the request whose handler runs this; outside of a handler, one that nobody cancels.
    pub(super) fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_default()
    }

    /// Runs a handler with this as the current one.
    pub(super) async fn scope<T>(self, handler: impl Future<Output = T>) -> T {
        CURRENT.scope(self, handler).await
    }

    /// Asks before anything is changed; from then on the request cannot be cancelled.
    ///
    /// # Errors
    /// [`PlanError::Cancelled`] when it was cancelled before: nothing may be changed then.
    pub(super) fn begin_to_act(&self) -> Result<()> {
        let mut stage = self.stage();
        match *stage {
            Stage::Cancelled => Err(Error::Plan(PlanError::Cancelled)),
            Stage::Preparing | Stage::Acting => {
                *stage = Stage::Acting;
                Ok(())
            }
        }
    }

    /// Cancels the request, unless it has begun to act; whether it is cancelled.
    fn cancel(&self) -> bool {
        let mut stage = self.stage();
        if *stage == Stage::Preparing {
            *stage = Stage::Cancelled;
        }
        *stage == Stage::Cancelled
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The requests that are not answered yet.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<HashMap<Id, Cancellation>>>);

impl UnderWay {
    /// Notes a request.
    pub(super) fn begin(&self, id: Id) -> Cancellation {
        self.requests().entry(id).or_default().clone()
    }

    /// Notes that a request is answered.
    pub(super) fn end(&self, id: &Id) {
        self.requests().remove(id);
    }

    /// Cancels a request, unless it has begun to act; whether it may be answered as cancelled.
    pub(super) fn cancel(&self, id: &Id) -> bool {
        let request = self.requests().get(id).cloned();
        request.is_none_or(|request| request.cancel())
    }

    /// Whether every request is answered.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.requests().is_empty()
    }

    fn requests(&self) -> MutexGuard<'_, HashMap<Id, Cancellation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_cancelled_or_acts_and_never_both() {
        let early = Cancellation::default();
        assert!(early.cancel());
        assert!(matches!(early.begin_to_act(), Err(Error::Plan(PlanError::Cancelled))));
        let late = Cancellation::default();
        late.begin_to_act().unwrap();
        assert!(!late.cancel());
        late.begin_to_act().unwrap();
    }

    #[tokio::test]
    async fn a_handler_finds_the_cancellation_of_its_request() {
        let requests = UnderWay::default();
        let id = Id::Number(1);
        let acted = requests.begin(id.clone()).scope(async {
            assert!(requests.cancel(&id));
            Cancellation::current().begin_to_act()
        });
        assert!(acted.await.is_err());
    }
}
