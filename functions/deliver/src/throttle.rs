//! Rate limits of webhooks: every request takes a send time just before it goes out, which all
//! instances take from the same item. What finds none near waits in the queue for its turn.

use std::collections::HashMap;
use std::time::Duration;

use callhook::ids::WebhookId;
use callhook::message::Wait;
use callhook::send_slots::{Slot, SlotRequest};
use callhook::store::RateLimit;
use callhook::telemetry::ErrorChain;
use callhook::webhook::MaxPerSecond;
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::call_budget::no_answer;
use crate::clock::Clock;
use crate::due::{Deferral, Job, later};

/// From taking send times to the first of them: the answer of the table takes a part of that.
const LEAD: Duration = Duration::from_millis(50);
/// How long send times are waited for. The other deliveries of the batch wait with them.
const LONGEST: Duration = Duration::from_secs(1);
/// How long deliveries are deferred whose send times could not be taken.
const UNKNOWN_WAIT: Duration = Duration::from_secs(15);

/// Gives those of `jobs` whose webhooks have a rate limit their send times; defers those that find
/// none near.
pub(crate) async fn pace<R: RateLimit>(
    limits: &R,
    jobs: Vec<Job>,
    clock: &Clock,
) -> (Vec<Job>, Vec<Deferral>) {
    let mut go = Vec::with_capacity(jobs.len());
    let mut limited: HashMap<WebhookId, (MaxPerSecond, Vec<Job>)> = HashMap::new();
    for job in jobs {
        match job.target.webhook.settings.max_per_second {
            Some(rate) => {
                let group = limited.entry(job.target.webhook.id);
                group.or_insert_with(|| (rate, Vec::new())).1.push(job);
            }
            None => go.push(job),
        }
    }
    let groups = limited.into_values().map(|(rate, jobs)| pace_some(limits, rate, jobs, clock));
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
    mut jobs: Vec<Job>,
    clock: &Clock,
) -> (Vec<Job>, Vec<Deferral>) {
    // Others wait for what a probe tells, and its claim runs out; then those whose turn came.
    let goes_first = |job: &Job| job.is_probe() || job.due.wait == Wait::Slot;
    jobs.sort_by_key(|job| (!job.is_probe(), !goes_first(job), job.due.at));
    let Some(target) = jobs.first().map(|job| &job.target) else { return (jobs, Vec::new()) };
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let first = jobs.iter().filter(|job| goes_first(job)).count();
    let request = SlotRequest { first: count(first), new: count(jobs.len() - first), rate };
    let (account, webhook) = (&target.account_id, target.webhook.id);
    let now = clock.now();
    let taken = timeout(LONGEST, limits.take_slots(account, webhook, request, later(now, LEAD)));
    let slots = match taken.await.unwrap_or_else(|_| Err(no_answer("taking send times"))) {
        Ok(slots) => slots,
        Err(error) => {
            tracing::error!(webhook_id = %webhook, error = %ErrorChain(&error),
                "failed to take send times under a rate limit");
            let until = later(now, UNKNOWN_WAIT);
            return (
                Vec::new(),
                jobs.into_iter().map(|job| Deferral::unpaced(job.due, until)).collect(),
            );
        }
    };
    let (mut go, mut deferred) = (Vec::new(), Vec::new());
    for (index, job) in (0..).zip(jobs) {
        match slots.of(index, rate.spacing()) {
            Slot::Send(at) => go.push(Job { start_at: Some(at), ..job }),
            Slot::Turn(at) => deferred.push(Deferral::to_turn(job.due, at)),
        }
    }
    (go, deferred)
}
