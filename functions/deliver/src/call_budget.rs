//! How long an invocation waits for a table. One that Lambda ends in the middle comes back as a whole,
//! and what clients took is sent to them again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use callhook::store::StoreError;
use tokio::time::{Instant, timeout_at};

/// A table that is not asked for a while after it did not answer.
pub(crate) struct CallBudget(Mutex<State>);

struct State {
    /// No call lasts longer.
    end_by: Instant,
    /// It is not asked before then.
    silent_until: Option<Instant>,
}

/// How long an answer may take. The client of DynamoDB tries for 8 s; an answer takes 10 ms.
const LONGEST_CALL: Duration = Duration::from_secs(5);
/// How long a table is left alone that did not answer. With each hundred outcomes waiting for it,
/// an event would take longer than its invocation.
const SILENCE: Duration = Duration::from_secs(10);

impl CallBudget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State { end_by: Instant::now(), silent_until: None }))
    }

    /// To be called when an invocation begins: no call lasts longer than `end_by`.
    pub(crate) fn begin(&self, end_by: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).end_by = end_by;
    }

    /// What `call` gives, if it gives it in time.
    pub(crate) async fn ask<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        let now = Instant::now();
        let end_by = {
            let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if state.silent_until.is_some_and(|until| now < until) {
                return None;
            }
            state.end_by.min(now + LONGEST_CALL)
        };
        let answer = timeout_at(end_by, call).await.ok();
        if answer.is_none() {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.silent_until = Some(Instant::now() + SILENCE);
        }
        answer
    }
}

/// What a call that got no answer comes to.
pub(crate) fn no_answer(action: &'static str) -> StoreError {
    StoreError::Unavailable { action, source: "it gave no answer in time".into() }
}
