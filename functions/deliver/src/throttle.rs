//! Rate limits of webhooks: every request gets a place in time, which all instances reserve from
//! the same row. What has a place later than now waits for it in the queue.

use std::collections::HashMap;
use std::time::Duration;

use callhook::ids::WebhookId;
use callhook::message::{DeliveryMessage, Wait};
use callhook::store::RateLimit;
use callhook::telemetry::Causes;
use callhook::webhook::MaxPerSecond;
use futures_util::future::join_all;
use jiff::Timestamp;

use crate::due::{Deferral, Job, later};

/// A place this close is waited for here: the queue counts in seconds.
const CLOSE: Duration = Duration::from_secs(1);

/// How late a delivery may come to its place, the first time.
const LATE: Duration = Duration::from_secs(5);
/// How often that is doubled at the most: to some five minutes.
const MAX_DOUBLINGS: u32 = 6;

/// What the delivery of `message` waited for. A place that passed a while ago is none: after an
/// outage all those that are overdue would go at once, so each asks for another.
///
/// Each time it was queued it may come later. Where the queue is always behind, a delivery would
/// otherwise get one place after the other and miss them all.
pub(crate) fn wait_of(message: &DeliveryMessage, now: Timestamp) -> Wait {
    let doublings = message.rounds.saturating_sub(1).min(MAX_DOUBLINGS);
    let is_missed =
        message.wait == Wait::Slot && now > later(message.due_at, LATE * (1 << doublings));
    if is_missed { Wait::Deferred } else { message.wait }
}

/// Gives those of `jobs` whose webhooks have a rate limit their places; puts off those whose
/// place is not close.
pub(crate) async fn pace<R: RateLimit>(
    limits: &R,
    jobs: Vec<Job>,
    now: Timestamp,
) -> (Vec<Job>, Vec<Deferral>) {
    let mut go = Vec::with_capacity(jobs.len());
    let mut limited: HashMap<WebhookId, (MaxPerSecond, Vec<Job>)> = HashMap::new();
    for job in jobs {
        match job.target.webhook.settings.max_per_second {
            // A probe that waited would let its claim run out.
            Some(rate) if job.due.wait != Wait::Slot && !job.is_probe() => {
                let group = limited.entry(job.target.webhook.id);
                group.or_insert_with(|| (rate, Vec::new())).1.push(job);
            }
            _ => go.push(job),
        }
    }
    let groups = limited.into_values().map(|(rate, jobs)| pace_some(limits, rate, jobs, now));
    let mut deferred = Vec::new();
    for (some, others) in join_all(groups).await {
        go.extend(some);
        deferred.extend(others);
    }
    (go, deferred)
}

async fn pace_some<R: RateLimit>(
    limits: &R,
    rate: MaxPerSecond,
    jobs: Vec<Job>,
    now: Timestamp,
) -> (Vec<Job>, Vec<Deferral>) {
    let Some(target) = jobs.first().map(|job| &job.target) else { return (jobs, Vec::new()) };
    let (count, interval) = (u32::try_from(jobs.len()).unwrap_or(u32::MAX), rate.interval());
    let (account, webhook) = (&target.account_id, target.webhook.id);
    let first = match limits.reserve(account, webhook, count, interval, now).await {
        Ok(first) => first,
        Err(error) => {
            // Too fast is better than not at all.
            tracing::warn!(webhook_id = %webhook, error = %Causes(&error),
                "a rate limit could not be kept");
            return (jobs, Vec::new());
        }
    };
    let close = later(now, CLOSE);
    let (mut go, mut deferred) = (Vec::new(), Vec::new());
    for (place, mut job) in (0..).zip(jobs) {
        let slot = later(first, interval * place);
        if slot <= close {
            job.start_at = Some(slot);
            go.push(job);
        } else {
            deferred.push(Deferral::to_slot(job.due, slot));
        }
    }
    (go, deferred)
}
