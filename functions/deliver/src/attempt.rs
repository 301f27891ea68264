//! Attempts: each waits for its send slot and its permits, renders its request and sends it.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use callhook::domain::account::AccountId;
use callhook::domain::compose::SentRequest;
use callhook::domain::delivery::Attempt;
use callhook::domain::health::Health;
use callhook::domain::ids::WebhookId;
use callhook::domain::request::WebhookRequest;
use callhook::domain::webhook::AttemptTimeout;
use callhook::outbound::Outbound;
use callhook::runtime::telemetry::metrics::{Metrics, Timer};
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::clock::Clock;
use crate::pending::{Job, PendingDelivery};
use crate::verdict::Verdict;

/// Requests in flight in an instance.
const MAX_IN_FLIGHT: usize = 250;
/// Requests in flight of one account, so that permits are left for other accounts.
const MAX_IN_FLIGHT_PER_ACCOUNT: usize = 200;
/// Requests in flight to one webhook, so that a slow one does not take all permits.
const MAX_IN_FLIGHT_PER_WEBHOOK: usize = 50;

/// The outcome of a job.
pub(crate) enum AttemptOutcome {
    /// A request was sent, or refused by the address policy.
    Sent(Attempt, Verdict),
    /// The webhook's templates cannot render this report, now or later.
    NotRendered(String),
    /// The invocation had no time left, or the instance no descriptor or name look-up, for the request.
    NoTime,
    /// The request missed its send slot under a rate limit, and needs another.
    MissedSlot,
    /// The code panicked.
    Panicked,
}

/// The deadlines of an invocation.
#[derive(Clone, Copy)]
pub(crate) struct AttemptDeadlines {
    /// No attempt starts later.
    start_by: Instant,
    /// Attempts that still run are cut off; the rest of the time is for writing outcomes.
    end_by: Instant,
    /// No call of a table lasts longer; the rest of the time is for queueing unlogged outcomes.
    pub(crate) give_up_at: Instant,
}

impl AttemptDeadlines {
    /// The longest attempt.
    const LAST_ATTEMPT: Duration = Duration::from_secs(AttemptTimeout::MAX_SECONDS as u64);
    /// Time for writing the outcomes of the last attempts.
    const WRITING: Duration = Duration::from_secs(10);
    /// Time for queueing unlogged outcomes.
    const QUEUEING: Duration = Duration::from_secs(3);

    /// Divides the time until Lambda ends the invocation. If the function timeout is too short for the
    /// longest attempt, a quarter of it is for starting attempts, and attempts are cut off.
    pub(crate) fn until(deadline: SystemTime) -> Self {
        let now = Instant::now();
        let left = deadline.duration_since(SystemTime::now()).unwrap_or_default();
        let usable = left.saturating_sub(Self::WRITING).max(left / 2);
        let start = usable.saturating_sub(Self::LAST_ATTEMPT).max(left / 4);
        let logging = left.saturating_sub(Self::QUEUEING).max(left * 3 / 4);
        Self { start_by: now + start, end_by: now + usable, give_up_at: now + logging }
    }
}

/// Sends requests within the limits of an instance.
pub(crate) struct Attempts<O> {
    client: O,
    all: Semaphore,
    by_account: InFlightLimits<AccountId>,
    by_webhook: InFlightLimits<WebhookId>,
    metrics: Metrics,
}

/// A limit of the requests in flight for each `K` that has some.
struct InFlightLimits<K> {
    max: usize,
    limits: Mutex<HashMap<K, Arc<Semaphore>>>,
}

impl<K: Clone + Eq + Hash> InFlightLimits<K> {
    fn new(max: usize) -> Self {
        Self { max, limits: Mutex::default() }
    }

    fn of(&self, key: &K) -> Arc<Semaphore> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limit) = limits.get(key) {
            return Arc::clone(limit);
        }
        let limit = Arc::new(Semaphore::new(self.max));
        limits.insert(key.clone(), Arc::clone(&limit));
        limit
    }

    /// Removes the limits that no request uses.
    fn tidy(&self) {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.retain(|_, limit| Arc::strong_count(limit) > 1);
    }
}

impl<O: Outbound> Attempts<O> {
    pub(crate) fn new(client: O, metrics: Metrics) -> Self {
        Self {
            client,
            all: Semaphore::new(MAX_IN_FLIGHT),
            by_account: InFlightLimits::new(MAX_IN_FLIGHT_PER_ACCOUNT),
            by_webhook: InFlightLimits::new(MAX_IN_FLIGHT_PER_WEBHOOK),
            metrics,
        }
    }

    /// Begins an invocation, before any attempt.
    pub(crate) fn wake(&self) {
        self.client.wake();
    }

    /// Renders a job's request and sends it as soon as permits are free. Calls `slow` if the receiver is slow
    /// to answer.
    pub(crate) async fn make(
        &self,
        job: &Job,
        deadlines: AttemptDeadlines,
        clock: &Clock,
        slow: impl FnOnce(),
    ) -> AttemptOutcome {
        let AttemptDeadlines { start_by, end_by, .. } = deadlines;
        let (account, webhook) = (&job.target.account_id, &job.target.webhook);
        let made = async {
            if let Some(start_at) = job.start_at {
                let wait = start_at.duration_since(clock.now()).try_into().unwrap_or_default();
                let start = Instant::now() + wait;
                if start > start_by {
                    return None;
                }
                sleep_until(start).await;
            }
            // The narrowest limit first: a request that waits for a slow webhook holds no other permit.
            let (own, accounts) = (self.by_webhook.of(&webhook.id), self.by_account.of(account));
            let _own = permit(&own, start_by).await?;
            let _account = permit(&accounts, start_by).await?;
            let _all = permit(&self.all, start_by).await?;
            if job.is_late_probe(clock.now()) {
                return None;
            }
            let (request, shown) = match render(job, clock) {
                Ok(_) if job.has_missed_slot(clock.now()) => {
                    return Some(AttemptOutcome::MissedSlot);
                }
                Ok(rendered) => rendered,
                Err(reason) => return Some(AttemptOutcome::NotRendered(reason)),
            };
            let began_at = clock.now();
            let left = end_by.duration_since(Instant::now());
            let timeout = webhook.settings.timeout_seconds.duration().min(left);
            let mut sending = pin!(self.client.send(account, request, timeout));
            let sent = if let Ok(sent) = tokio::time::timeout(Health::SLOW, &mut sending).await {
                sent
            } else {
                slow();
                sending.await
            };
            let mut attempt = sent
                .inspect_err(|error| {
                    tracing::warn!(account_id = %account, webhook_id = %webhook.id, %error,
                        "deferred a request");
                })
                .ok()?;
            let verdict = Verdict::of(job, &attempt);
            // A refused request was not sent.
            if verdict != Verdict::Refused {
                self.measure(&job.delivery, began_at, attempt.latency);
            }
            webhook.redact_for_log(&mut attempt, shown);
            Some(AttemptOutcome::Sent(attempt, verdict))
        };
        made.await.unwrap_or(AttemptOutcome::NoTime)
    }

    fn measure(&self, delivery: &PendingDelivery, began_at: Timestamp, latency: Duration) {
        self.metrics.time(Timer::AttemptLatency, latency);
        if delivery.attempt == 1 && delivery.trigger.is_automatic() {
            // The clocks of two instances may differ.
            let age = began_at.duration_since(delivery.report.received_at);
            self.metrics.time(Timer::AgeAtFirstAttempt, age.try_into().unwrap_or_default());
        }
    }

    /// Removes the limits of accounts and webhooks that have no request in flight.
    pub(crate) fn tidy(&self) {
        self.by_account.tidy();
        self.by_webhook.tidy();
    }
}

/// A job's request, and its form for the log; or why there is none.
fn render(job: &Job, clock: &Clock) -> Result<(WebhookRequest, SentRequest), String> {
    let (webhook, report) = (&job.target.webhook, &job.delivery.report);
    let rendered = job.target.with_composer(|composer| {
        let (view, now) = (report.view(), clock.now());
        let request = WebhookRequest::render(webhook, composer, view, now, || report.payload())
            .map_err(|error| error.to_string())?;
        let shown = request.for_log(webhook, composer, view, now);
        Ok((request, shown))
    });
    // The names of the fields only: the errors quote templates.
    rendered.unwrap_or_else(|errors| {
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        Err(format!("these templates cannot be compiled: {}", fields.join(", ")))
    })
}

async fn permit(limit: &Semaphore, start_by: Instant) -> Option<SemaphorePermit<'_>> {
    // A free permit is acquired even after the deadline. A request that begins too late is cut off before it is
    // answered, and the receiver gets it twice.
    if Instant::now() > start_by {
        return None;
    }
    // The limits are never closed.
    timeout_at(start_by, limit.acquire()).await.ok()?.ok()
}
