//! A wave of deliveries: queueing them, and polling the log for their outcomes.

use callhook::domain::delivery::{DeliveryKey, LoggedDelivery};
use callhook::domain::ids::ReportId;
use callhook::domain::replay::{LogPosition, ReplayDeliveryState, ReplayJob, ReplayStage, Wave};
use callhook::ports::queue::{MessageQueue, Outgoing};
use callhook::ports::store::{ReplayJobs, ReplaySource, StoreError};
use callhook::runtime::telemetry::metrics::Counter;
use jiff::Timestamp;

use crate::job_lease::{JobLease, LeaseError};
use crate::timing::until;
use crate::worker::{InvocationProgress, StepOutcome, Worker};

/// Deliveries that are read and queued together: the work that a crash repeats, and the deliveries
/// in memory at the same time (a delivery may have 120 KB).
const CHUNK_SIZE: usize = 100;

/// Deliveries of a step, by outcome.
#[derive(Default)]
struct Counts {
    done: u64,
    missing: u64,
    /// Not part of the replay: another account's, or being sent by the retry schedule or another replay.
    excluded: u64,
}

impl Counts {
    fn add_to(&self, job: &mut ReplayJob) {
        job.done += self.done;
        job.missing += self.missing;
        job.total = job.total.map(|total| total.saturating_sub(self.excluded));
    }
}

impl<S: ReplayJobs + ReplaySource, Q: MessageQueue> Worker<S, Q> {
    /// Queues a chunk of the unsent deliveries. Deliveries that were queued before a crash, and not
    /// stored as sent, are queued again unless the log shows their attempt; deliver drops those too.
    pub(crate) async fn queue_chunk(
        &self,
        lease: &mut JobLease<'_, S>,
        position: Option<LogPosition>,
        mut wave: Wave,
    ) -> Result<StepOutcome, LeaseError> {
        let rest = wave.unsent.split_off(wave.unsent.len().min(CHUNK_SIZE));
        let chunk = std::mem::replace(&mut wave.unsent, rest);
        let now = Timestamp::now();
        let mut counts = Counts::default();
        let (mut to_queue, mut messages) = (Vec::new(), Vec::new());
        for (report, logged) in self.read(lease.job(), &chunk).await? {
            let Some(logged) = logged else {
                counts.missing += 1;
                continue;
            };
            // A report of another account may name the webhook; its delivery ends as skipped. The
            // index that counted the replay's deliveries has no accounts.
            if logged.entry.account_id != lease.job().account_id {
                counts.excluded += 1;
                continue;
            }
            match ReplayDeliveryState::of(&logged.entry, lease.job()) {
                ReplayDeliveryState::Done => counts.done += 1,
                // The delivery had not ended, and a replay sends nothing twice.
                ReplayDeliveryState::SentByOther => counts.excluded += 1,
                ReplayDeliveryState::Deferred(due) if self.timing.is_deferred(due, now) => {
                    wave.sent.push(report);
                }
                ReplayDeliveryState::Deferred(_) | ReplayDeliveryState::NotStarted => {
                    if let Some(message) = message(lease.job(), &logged, now) {
                        to_queue.push(report);
                        messages.push(message);
                    } else {
                        counts.missing += 1;
                    }
                }
            }
        }
        let mut refused = None;
        for (report, queued) in to_queue.into_iter().zip(self.retries.send(messages).await) {
            match queued {
                Ok(()) => {
                    wave.sent.push(report);
                    self.metrics.count(Counter::DeliveriesReplayed);
                }
                Err(error) => {
                    refused = Some(error);
                    wave.unsent.push(report);
                }
            }
        }
        let now = Timestamp::now();
        wave.moved_at = now;
        lease
            .change(now, |job| {
                counts.add_to(job);
                job.stage = ReplayStage::Sending { position, wave };
            })
            .await?;
        Ok(match refused {
            None => StepOutcome::Continue,
            Some(error) => {
                tracing::error!(%error, "failed to queue a replayed delivery");
                StepOutcome::QueueFailed
            }
        })
    }

    /// Polls the log for the outcomes of the wave's queued deliveries.
    pub(crate) async fn poll_log(
        &self,
        lease: &mut JobLease<'_, S>,
        progress: &mut InvocationProgress,
        position: Option<LogPosition>,
        mut wave: Wave,
    ) -> Result<StepOutcome, LeaseError> {
        let mut counts = Counts::default();
        let (mut open, mut deferred) = (Vec::new(), Vec::new());
        for chunk in wave.sent.chunks(CHUNK_SIZE) {
            for (report, logged) in self.read(lease.job(), chunk).await? {
                match logged.map(|logged| ReplayDeliveryState::of(&logged.entry, lease.job())) {
                    Some(ReplayDeliveryState::Done) => counts.done += 1,
                    Some(ReplayDeliveryState::Deferred(due)) => {
                        deferred.push(due);
                        open.push(report);
                    }
                    Some(ReplayDeliveryState::SentByOther | ReplayDeliveryState::NotStarted) => {
                        open.push(report);
                    }
                    None => counts.missing += 1,
                }
            }
        }
        let now = Timestamp::now();
        let may_still_arrive = until(now, wave.moved_at) <= self.timing.progress_timeout
            || deferred.iter().any(|due| self.timing.is_deferred(*due, now));
        if open.len() < wave.sent.len() {
            wave.sent = open;
            wave.moved_at = now;
        } else if may_still_arrive {
            lease.check().await?;
            let pause = self.timing.poll_interval(wave.moved_at, now);
            // If all are deferred, none is sent before the first is due.
            let due = deferred.iter().min().filter(|_| deferred.len() == open.len());
            let pause = due.map_or(pause, |due| pause.max(until(*due, now)));
            return Ok(StepOutcome::Wait(pause));
        } else if wave.is_repeated {
            tracing::warn!(replay_id = %lease.job().id, missing = open.len(),
                "replayed deliveries are missing");
            counts.missing += open.len() as u64;
            wave.sent.clear();
        } else {
            tracing::warn!(replay_id = %lease.job().id, missing = open.len(),
                "replayed deliveries queued again");
            wave.repeat(now);
        }
        let is_open = !wave.sent.is_empty();
        progress.made_progress |= !is_open;
        lease
            .change(now, |job| {
                counts.add_to(job);
                job.stage = ReplayStage::Sending { position, wave };
            })
            .await?;
        Ok(if is_open {
            StepOutcome::Wait(self.timing.min_poll_interval)
        } else {
            StepOutcome::Continue
        })
    }

    /// Reads the deliveries of `reports` from the log, in their order.
    async fn read(
        &self,
        job: &ReplayJob,
        reports: &[ReportId],
    ) -> Result<Vec<(ReportId, Option<LoggedDelivery>)>, StoreError> {
        let key = |report_id| DeliveryKey { webhook_id: job.webhook_id, report_id };
        let keys: Vec<_> = reports.iter().map(|report| key(*report)).collect();
        let mut found = self.store.current(&keys).await?;
        Ok(keys.into_iter().map(|key| (key.report_id, found.remove(&key))).collect())
    }
}

/// The message for deliver; `None` if it cannot be serialized, which a report that was read can.
fn message(job: &ReplayJob, logged: &LoggedDelivery, now: Timestamp) -> Option<Outgoing> {
    let body = job.delivery(logged, now).to_json();
    let body = body
        .inspect_err(|error| tracing::error!(%error, "failed to serialize a replayed delivery"));
    let account_id = job.account_id.clone();
    Some(Outgoing { body: body.ok()?, account_id, delay: std::time::Duration::ZERO })
}
