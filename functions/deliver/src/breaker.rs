//! The circuit breaker of webhooks. `admission` decides which deliveries may go. `health` updates a webhook's
//! health by the outcomes of attempts, which opens or closes its circuit (`opening`, `closing`), disables the
//! webhook (`disabling`) or marks it slow.

mod admission;
mod closing;
mod disabling;
mod health;
mod notice_claims;
mod opening;
mod slow_accounts;
mod window;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callhook::domain::delivery::{Attempt, NoResponse};
use callhook::domain::ids::WebhookId;
use callhook::domain::webhook::DisabledReason;
use callhook::ports::store::WebhookHealth;
use callhook::runtime::telemetry::metrics::Metrics;
use jiff::Timestamp;
use tokio::time::Instant;

use self::slow_accounts::SlowAccounts;
use self::window::Window;
use crate::call_budget::CallBudget;
use crate::pending::Job;
use crate::target::Target;
use crate::verdict::Verdict;

/// Opens and closes circuits.
pub(crate) struct Breaker<H> {
    store: H,
    periods: Periods,
    budget: CallBudget,
    windows: Mutex<HashMap<WebhookId, Window>>,
    slow_accounts: SlowAccounts,
    metrics: Metrics,
}

/// How long a webhook fails until it is announced, and disabled.
#[derive(Clone, Copy)]
pub(crate) struct Periods {
    /// A webhook whose circuit is open for this long is announced as failing.
    pub(crate) announce_after: Duration,
    /// A webhook whose attempts all failed for this long is disabled.
    pub(crate) disable_after: Duration,
}

/// The outcome of an attempt, as the health of its webhook counts it.
pub(crate) struct Signal {
    target: Arc<Target>,
    is_probe: bool,
    verdict: Verdict,
    latency: Duration,
    result: Result<u16, NoResponse>,
}

/// A change of a webhook's health that is announced.
pub(crate) struct Change {
    pub(crate) target: Arc<Target>,
    pub(crate) kind: ChangeKind,
}

pub(crate) enum ChangeKind {
    /// The webhook was disabled.
    Disabled(DisabledReason),
    /// Its circuit has been open since `since`. `reason` is the meaning of the failed probe's result, and
    /// `failures` are consecutive, as far as they were counted.
    Failing { since: Timestamp, failures: u32, reason: String },
    /// After an announced outage, which began at `since`, the receiver accepted a request and the circuit is
    /// closed.
    Recovered { since: Timestamp },
}

impl Signal {
    /// The signal of an attempt, unless its verdict says nothing about the receiver. A probe always has one:
    /// other deliveries wait for it.
    pub(crate) fn of(job: &Job, attempt: &Attempt, verdict: Verdict) -> Option<Self> {
        (job.is_probe() || verdict.counts_for_health()).then(|| Self {
            target: Arc::clone(&job.target),
            is_probe: job.is_probe(),
            verdict,
            latency: attempt.latency,
            result: attempt.result,
        })
    }

    fn is_success(&self) -> bool {
        self.verdict == Verdict::Delivered
    }
}

impl<H: WebhookHealth> Breaker<H> {
    pub(crate) fn new(store: H, periods: Periods, metrics: Metrics) -> Self {
        let (budget, windows, slow_accounts) =
            (CallBudget::new(), Mutex::default(), SlowAccounts::default());
        Self { store, periods, budget, windows, slow_accounts, metrics }
    }

    /// Begins an invocation: no health is written after `end_by`.
    pub(crate) fn begin(&self, end_by: Instant) {
        self.budget.begin(end_by);
    }

    /// The result of a read of the table Config; `None` if it takes too long, or if the table did not
    /// answer a moment ago.
    pub(crate) async fn in_time<T>(&self, read: impl Future<Output = T>) -> Option<T> {
        self.budget.run(read).await
    }

    /// Removes the windows and marks that have ended.
    pub(crate) fn tidy(&self, now: Timestamp) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| !window.is_over(now));
        self.slow_accounts.tidy(now);
    }
}
