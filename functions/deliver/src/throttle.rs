//! Rate limits of webhooks: every request takes a send slot just before it goes out, from an item that all
//! instances share. A delivery that finds no send slot near waits in the queue for its turn.

use std::collections::HashMap;
use std::time::Duration;

use callhook::domain::ids::WebhookId;
use callhook::domain::message::Wait;
use callhook::domain::send_slots::{Slot, SlotRequest};
use callhook::domain::webhook::MaxPerSecond;
use callhook::ports::store::RateLimit;
use callhook::runtime::telemetry::ErrorChain;
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::call_budget::no_answer;
use crate::clock::Clock;
use crate::pending::{Deferral, Job, later};

/// The first send slot is this long after now, because DynamoDB takes time to answer.
const LEAD: Duration = Duration::from_millis(50);
/// Timeout of taking send slots. The other deliveries of the batch wait for it.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Delay of deliveries whose send times are unknown, because the table did not answer.
const UNKNOWN_WAIT: Duration = Duration::from_secs(15);

/// Takes send slots for the jobs whose webhooks have a rate limit; defers those that find none near.
pub(crate) async fn take_send_slots<R: RateLimit>(
    limits: &R,
    jobs: Vec<Job>,
    clock: &Clock,
) -> (Vec<Job>, Vec<Deferral>) {
    let mut ready = Vec::with_capacity(jobs.len());
    let mut limited: HashMap<WebhookId, (MaxPerSecond, Vec<Job>)> = HashMap::new();
    for job in jobs {
        match job.target.webhook.settings.max_per_second {
            Some(rate) => {
                let group = limited.entry(job.target.webhook.id);
                group.or_insert_with(|| (rate, Vec::new())).1.push(job);
            }
            None => ready.push(job),
        }
    }
    let groups = limited.into_values().map(|(rate, jobs)| take_some(limits, rate, jobs, clock));
    let mut deferred = Vec::new();
    for (some, others) in join_all(groups).await {
        ready.extend(some);
        deferred.extend(others);
    }
    (ready, deferred)
}

async fn take_some<R: RateLimit>(
    limits: &R,
    rate: MaxPerSecond,
    mut jobs: Vec<Job>,
    clock: &Clock,
) -> (Vec<Job>, Vec<Deferral>) {
    // A probe first, whose claim ends and whose outcome others wait for; then the deliveries whose turn came.
    let goes_first = |job: &Job| job.is_probe() || job.delivery.wait == Wait::Slot;
    jobs.sort_by_key(|job| (!job.is_probe(), !goes_first(job), job.delivery.due_at));
    let Some(target) = jobs.first().map(|job| &job.target) else { return (jobs, Vec::new()) };
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let first = jobs.iter().filter(|job| goes_first(job)).count();
    let request = SlotRequest { first: count(first), new: count(jobs.len() - first), rate };
    let (account, webhook) = (&target.account_id, target.webhook.id);
    let now = clock.now();
    let taken = timeout(TIMEOUT, limits.take_slots(account, webhook, request, later(now, LEAD)));
    let slots = match taken.await.unwrap_or_else(|_| Err(no_answer("taking send slots"))) {
        Ok(slots) => slots,
        Err(error) => {
            tracing::error!(webhook_id = %webhook, error = %ErrorChain(&error),
                "failed to take send slots under a rate limit");
            let until = later(now, UNKNOWN_WAIT);
            return (
                Vec::new(),
                jobs.into_iter()
                    .map(|job| Deferral::without_send_slot(job.delivery, until))
                    .collect(),
            );
        }
    };
    let (mut ready, mut deferred) = (Vec::new(), Vec::new());
    for (index, job) in (0..).zip(jobs) {
        match slots.of(index, rate.spacing()) {
            Slot::Send(at) => ready.push(Job { start_at: Some(at), ..job }),
            Slot::Turn(at) => deferred.push(Deferral::to_turn(job.delivery, at)),
        }
    }
    (ready, deferred)
}
