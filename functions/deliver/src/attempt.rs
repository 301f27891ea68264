//! One request: when it may start, and what it holds.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use callhook::account::AccountId;
use callhook::delivery::{Attempt, NoResponse, Trigger};
use callhook::health::Health;
use callhook::ids::WebhookId;
use callhook::outbound::Outbound;
use callhook::request::WebhookRequest;
use callhook::telemetry::metrics::{Metrics, Timer};
use callhook::webhook::AttemptTimeout;
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::clock::Clock;
use crate::due::{Job, PendingDelivery};
use crate::journal::Outcome;

/// Requests under way in an instance.
const MAX_IN_FLIGHT: usize = 250;
/// Requests in flight of one account, so that other accounts always find some.
const MAX_IN_FLIGHT_PER_ACCOUNT: usize = 200;
/// Requests under way to one webhook, so that a slow one does not take all the room.
const MAX_IN_FLIGHT_PER_WEBHOOK: usize = 50;

/// The time that an invocation has for attempts.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    /// No attempt starts later.
    start_by: Instant,
    /// No attempt lasts longer: the rest is for keeping the outcomes.
    end_by: Instant,
    /// Nothing is waited for any longer: the rest is for queueing what could not be logged.
    pub(crate) give_up_at: Instant,
}

impl Time {
    /// Room for the longest attempt.
    const LAST_ATTEMPT: Duration = Duration::from_secs(AttemptTimeout::MAX_SECONDS as u64);
    /// Time to keep the outcomes of the last attempts.
    const RESERVE: Duration = Duration::from_secs(10);
    /// Time to queue what could not be logged.
    const LAST_CALL: Duration = Duration::from_secs(3);

    /// Divides what is left until Lambda ends the invocation. A function timeout that is too
    /// short for the longest attempt leaves a quarter of it for starting, and cuts attempts off.
    pub(crate) fn until(deadline: SystemTime) -> Self {
        let now = Instant::now();
        let left = deadline.duration_since(SystemTime::now()).unwrap_or_default();
        let usable = left.saturating_sub(Self::RESERVE).max(left / 2);
        let start = usable.saturating_sub(Self::LAST_ATTEMPT).max(left / 4);
        let logging = left.saturating_sub(Self::LAST_CALL).max(left * 3 / 4);
        Self { start_by: now + start, end_by: now + usable, give_up_at: now + logging }
    }
}

/// Sends requests, not too many at once.
pub(crate) struct Attempts<O> {
    client: O,
    all: Semaphore,
    by_account: Limits<AccountId>,
    by_webhook: Limits<WebhookId>,
    metrics: Metrics,
}

/// Limits of the requests in flight, for each `K` that has some.
struct Limits<K> {
    max: usize,
    limits: Mutex<HashMap<K, Arc<Semaphore>>>,
}

impl<K: Clone + Eq + Hash> Limits<K> {
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

    /// Removes those that no request uses.
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
            by_account: Limits::new(MAX_IN_FLIGHT_PER_ACCOUNT),
            by_webhook: Limits::new(MAX_IN_FLIGHT_PER_WEBHOOK),
            metrics,
        }
    }

    /// To be called when an invocation begins, before any attempt.
    pub(crate) fn wake(&self) {
        self.client.wake();
    }

    /// Renders a job's request and sends it as soon as there is room. `slow` is called if the
    /// client keeps it waiting.
    pub(crate) async fn make(
        &self,
        job: &Job,
        time: Time,
        clock: &Clock,
        slow: impl FnOnce(),
    ) -> Outcome {
        let webhook = &job.target.webhook;
        if let Some(start_at) = job.start_at {
            let wait = start_at.duration_since(clock.now()).try_into().unwrap_or_default();
            let start = Instant::now() + wait;
            if start > time.start_by {
                return Outcome::NoTime;
            }
            sleep_until(start).await;
        }
        let account = &job.target.account_id;
        // The narrowest limit first: a request that waits for a slow webhook holds no other place.
        let (own, accounts) = (self.by_webhook.of(&webhook.id), self.by_account.of(account));
        let Some(_own) = place(&own, time.start_by).await else { return Outcome::NoTime };
        let Some(_accounts) = place(&accounts, time.start_by).await else { return Outcome::NoTime };
        let Some(_all) = place(&self.all, time.start_by).await else { return Outcome::NoTime };
        if job.is_late_probe(clock.now()) {
            return Outcome::NoTime;
        }
        let parcel = &job.due.parcel;
        let rendered = job.target.with_composer(|composer| {
            let (view, now) = (parcel.view(), clock.now());
            let request = WebhookRequest::render(webhook, composer, view, now, || parcel.payload())
                .map_err(|error| error.to_string())?;
            let shown = request.for_log(webhook, composer, view, now);
            Ok((request, shown))
        });
        // The fields only: what is said of them quotes templates.
        let request = rendered.unwrap_or_else(|errors| {
            let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
            Err(format!("these templates cannot be compiled: {}", fields.join(", ")))
        });
        match request {
            Ok(_) if job.has_missed_slot(clock.now()) => Outcome::MissedSlot,
            Ok((request, shown)) => {
                let began_at = clock.now();
                let left = time.end_by.duration_since(Instant::now());
                let timeout = webhook.settings.timeout_seconds.duration().min(left);
                let mut sending = pin!(self.client.send(account, request, timeout));
                let soon = tokio::time::timeout(Health::SLOW, &mut sending).await;
                let sent = if let Ok(sent) = soon {
                    sent
                } else {
                    slow();
                    sending.await
                };
                let mut attempt = match sent {
                    Ok(attempt) => attempt,
                    Err(error) => {
                        tracing::warn!(account_id = %account, webhook_id = %webhook.id, %error,
                            "a request was deferred");
                        return Outcome::NoTime;
                    }
                };
                self.measure(&job.due, began_at, &attempt);
                webhook.redact_for_log(&mut attempt, shown);
                Outcome::Attempted(attempt)
            }
            Err(reason) => Outcome::NotRendered(reason),
        }
    }

    /// Measures an attempt, unless the rules for addresses kept its request from being sent.
    fn measure(&self, due: &PendingDelivery, began_at: Timestamp, attempt: &Attempt) {
        if attempt.result.is_err_and(NoResponse::is_refusal) {
            return;
        }
        self.metrics.time(Timer::AttemptLatency, attempt.latency);
        if due.attempt == 1 && due.trigger == Trigger::Automatic {
            // The clocks of two instances may differ.
            let age = began_at.duration_since(due.parcel.received_at);
            self.metrics.time(Timer::AgeAtFirstAttempt, age.try_into().unwrap_or_default());
        }
    }

    /// Removes the limits of accounts and webhooks that have no request in flight.
    pub(crate) fn tidy(&self) {
        self.by_account.tidy();
        self.by_webhook.tidy();
    }
}

async fn place(limit: &Semaphore, start_by: Instant) -> Option<SemaphorePermit<'_>> {
    // A permit that is free is had at any time. A request that begins too late is cut off before it is answered, and
    // the receiver gets it twice.
    if Instant::now() > start_by {
        return None;
    }
    // Neither too late nor closed; no limit of ours is ever closed.
    timeout_at(start_by, limit.acquire()).await.ok()?.ok()
}
