//! The budget of an invocation for calls of a table. If Lambda times an invocation out, SQS redelivers the
//! whole batch, and receivers get accepted reports again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use callhook::ports::store::StoreError;
use tokio::time::{Instant, timeout_at};

/// Bounds calls of a table, and makes none for a while after one was not answered.
pub(crate) struct CallBudget(Mutex<State>);

struct State {
    /// No call lasts longer.
    end_by: Instant,
    /// No call is made before then.
    silent_until: Option<Instant>,
}

/// Timeout of a call. DynamoDB's client retries for 8 s; an answer takes 10 ms.
const LONGEST_CALL: Duration = Duration::from_secs(5);
/// How long no call is made after one was not answered. If every hundred outcomes waited for the
/// table, a batch would take longer than its invocation.
const SILENCE: Duration = Duration::from_secs(10);

impl CallBudget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State { end_by: Instant::now(), silent_until: None }))
    }

    /// Begins an invocation: no call lasts longer than `end_by`.
    pub(crate) fn begin(&self, end_by: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).end_by = end_by;
    }

    /// The result of `call`; `None` if it is not there in time.
    pub(crate) async fn run<T>(&self, call: impl Future<Output = T>) -> Option<T> {
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

/// The error of a call that was not answered.
pub(crate) fn no_answer(action: &'static str) -> StoreError {
    StoreError::Unavailable { action, source: "it gave no answer in time".into() }
}
