//! Ends that a stale copy of a webhook would decide: before a delivery ends as failed by settings
//! from the cache, the webhook is read again.

use std::collections::HashSet;
use std::time::Instant;

use callhook::delivery::Trigger;
use callhook::retry::RetrySchedule;
use callhook::store::DeliveryConfig;

use crate::breaker::Signal;
use crate::cache::{ConfigCache, FoundWebhook, WebhookKey};
use crate::conclude::wait_after;
use crate::due::Job;
use crate::journal::Outcome;

/// Marks the jobs whose deliveries would end as failed by settings that have changed since: another
/// attempt follows, with those of now. One read for all of `outcomes`, and only if some webhook
/// was not read since the invocation `began`.
pub(crate) async fn note_outdated<C: DeliveryConfig>(
    outcomes: &mut [(Job, Outcome)],
    config: &ConfigCache<C>,
    began: Instant,
) {
    let is_unsure = |(job, outcome): &(Job, Outcome)| {
        !job.target.is_read_since(began) && would_end(job, outcome)
    };
    let unsure: HashSet<WebhookKey> =
        outcomes.iter().filter(|one| is_unsure(one)).map(|(job, _)| key(job)).collect();
    if unsure.is_empty() {
        return;
    }
    let fresh = config.fresh_webhooks(unsure).await;
    for one in outcomes.iter_mut().filter(|one| is_unsure(one)) {
        let (job, _) = one;
        let is_same = |found: &FoundWebhook| matches!(found, FoundWebhook::Target(now) if now.webhook.version == job.target.webhook.version);
        // What cannot be read now may have changed.
        job.is_outdated = fresh.get(&key(job)).is_none_or(|found| !is_same(found));
    }
}

fn key(job: &Job) -> WebhookKey {
    (job.target.account_id.clone(), job.target.webhook.id)
}

/// Whether the delivery ends as failed by this, because its webhook's settings say so.
fn would_end(job: &Job, outcome: &Outcome) -> bool {
    // A resend is one request, and its caller sees the outcome.
    if matches!(job.due.trigger, Trigger::Resend { .. })
        || job.due.attempt >= RetrySchedule::MAX_ATTEMPTS
    {
        return false;
    }
    match outcome {
        Outcome::Attempted(attempt) => {
            !Signal::of(job, attempt).taken && wait_after(job, attempt).is_none()
        }
        Outcome::NotRendered(_) => true,
        Outcome::NoTime | Outcome::MissedSlot | Outcome::Panicked => false,
    }
}
