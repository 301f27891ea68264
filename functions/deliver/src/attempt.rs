//! One request: when it may start, and what it holds.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use callhook::health::Health;
use callhook::ids::WebhookId;
use callhook::outbound::Outbound;
use callhook::request::WebhookRequest;
use callhook::webhook::AttemptTimeout;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::clock::Clock;
use crate::due::Job;
use crate::journal::Outcome;

/// Requests under way in an instance.
const MAX_IN_FLIGHT: usize = 250;
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
    by_webhook: Mutex<HashMap<WebhookId, Arc<Semaphore>>>,
}

impl<O: Outbound> Attempts<O> {
    pub(crate) fn new(client: O) -> Self {
        Self { client, all: Semaphore::new(MAX_IN_FLIGHT), by_webhook: Mutex::default() }
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
        // The webhook's own limit first: whoever waits for a slow webhook holds no other place.
        let own = self.limit_of(webhook.id);
        let Some(_own) = place(&own, time.start_by).await else { return Outcome::NoTime };
        let Some(_all) = place(&self.all, time.start_by).await else { return Outcome::NoTime };
        if job.is_late_probe(clock.now()) {
            return Outcome::NoTime;
        }
        let parcel = &job.due.parcel;
        let rendered = job.target.with_composer(|composer| {
            let (view, now) = (parcel.view(), clock.now());
            WebhookRequest::render(webhook, composer, view, now, || parcel.payload())
                .map_err(|error| error.to_string())
        });
        // The fields only: what is said of them quotes templates.
        let request = rendered.unwrap_or_else(|errors| {
            let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
            Err(format!("these templates cannot be compiled: {}", fields.join(", ")))
        });
        match request {
            Ok(_) if job.has_missed_slot(clock.now()) => Outcome::MissedSlot,
            Ok(request) => {
                let left = time.end_by.duration_since(Instant::now());
                let timeout = webhook.settings.timeout_seconds.duration().min(left);
                let mut sent = pin!(self.client.send(request, timeout));
                let soon = tokio::time::timeout(Health::SLOW, &mut sent).await;
                let mut attempt = if let Ok(attempt) = soon {
                    attempt
                } else {
                    slow();
                    sent.await
                };
                attempt.body = webhook.hidden_in(attempt.body, attempt.is_cut);
                Outcome::Attempted(attempt)
            }
            Err(reason) => Outcome::NotRendered(reason),
        }
    }

    /// Forgets the limits of webhooks that nothing is under way to.
    pub(crate) fn tidy(&self) {
        let mut limits = self.by_webhook.lock().unwrap_or_else(PoisonError::into_inner);
        limits.retain(|_, limit| Arc::strong_count(limit) > 1);
    }

    fn limit_of(&self, webhook: WebhookId) -> Arc<Semaphore> {
        let mut limits = self.by_webhook.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = limits.entry(webhook);
        Arc::clone(limit.or_insert_with(|| Arc::new(Semaphore::new(MAX_IN_FLIGHT_PER_WEBHOOK))))
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
