//! Stale settings: before a delivery ends as failed by a cached webhook, the webhook is read again.

use std::collections::HashSet;
use std::time::Instant;

use callhook::domain::retry::RetrySchedule;
use callhook::ports::store::DeliveryConfig;

use crate::attempt::AttemptOutcome;
use crate::cache::{ConfigCache, FoundWebhook, WebhookKey};
use crate::pending::Job;

/// Marks the jobs whose deliveries would end as failed by settings that have changed since: another
/// attempt follows, with the new settings. Makes one read for all of `outcomes`, and none if their
/// webhooks were read since the invocation `began`.
pub(crate) async fn mark_stale_settings<C: DeliveryConfig>(
    outcomes: &mut [(Job, AttemptOutcome)],
    config: &ConfigCache<C>,
    began: Instant,
) {
    let may_be_stale = |(job, outcome): &(Job, AttemptOutcome)| {
        !job.target.is_read_since(began) && would_end(job, outcome)
    };
    let keys: HashSet<WebhookKey> =
        outcomes.iter().filter(|one| may_be_stale(one)).map(|(job, _)| key(job)).collect();
    if keys.is_empty() {
        return;
    }
    let fresh = config.fresh_webhooks(keys).await;
    for one in outcomes.iter_mut().filter(|one| may_be_stale(one)) {
        let (job, _) = one;
        let is_same = |found: &FoundWebhook| matches!(found, FoundWebhook::Target(now) if now.webhook.version == job.target.webhook.version);
        // A webhook that cannot be read now may have changed.
        job.has_stale_settings = fresh.get(&key(job)).is_none_or(|found| !is_same(found));
    }
}

fn key(job: &Job) -> WebhookKey {
    (job.target.account_id.clone(), job.target.webhook.id)
}

/// Whether the webhook's settings end the delivery as failed, while other settings could go on with it.
fn would_end(job: &Job, outcome: &AttemptOutcome) -> bool {
    let delivery = &job.delivery;
    if !delivery.trigger.follows_schedule() || delivery.attempt >= RetrySchedule::MAX_ATTEMPTS {
        return false;
    }
    match outcome {
        AttemptOutcome::Sent(_, verdict) => verdict.is_final_failure(),
        AttemptOutcome::NotRendered(_) => true,
        AttemptOutcome::NoTime | AttemptOutcome::MissedSlot | AttemptOutcome::Panicked => false,
    }
}
