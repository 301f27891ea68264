//! A wave of deliveries: queueing them, and looking for them in the log.

use callhook::delivery::{DeliveryKey, LoggedDelivery};
use callhook::ids::ReportId;
use callhook::queue::{MessageQueue, Outgoing};
use callhook::replay::{LogPosition, ReplayDeliveryState, ReplayJob, ReplayStage, Wave};
use callhook::store::{ReplayJobs, ReplaySource, StoreError};
use callhook::telemetry::metrics::Counter;
use jiff::Timestamp;

use crate::job_lease::{JobLease, LeaseError};
use crate::pace::until;
use crate::worker::{Shift, Step, Worker};

/// Deliveries that are read, and queued, together: what a crash makes to be looked at again, and
/// what is in memory at once (a delivery may have 120 KB).
const PART: usize = 100;

/// What became of deliveries.
#[derive(Default)]
struct Counts {
    done: u64,
    missing: u64,
    /// No part of the replay: another account's, or sent by something else at the moment.
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
    /// Queues a part of what is unsent. What was queued and not noted, because of a crash, is
    /// queued again, unless the log shows it by now; deliver drops what the log shows.
    pub(crate) async fn send(
        &self,
        lease: &mut JobLease<'_, S>,
        position: Option<LogPosition>,
        mut wave: Wave,
    ) -> Result<Step, LeaseError> {
        let rest = wave.unsent.split_off(wave.unsent.len().min(PART));
        let part = std::mem::replace(&mut wave.unsent, rest);
        let now = Timestamp::now();
        let mut counts = Counts::default();
        let (mut to_queue, mut messages) = (Vec::new(), Vec::new());
        for (report, logged) in self.read(lease.job(), &part).await? {
            let Some(logged) = logged else {
                counts.missing += 1;
                continue;
            };
            // A report of another account may name the webhook; it ends there as skipped. The index
            // that the replay was counted in knows no accounts.
            if logged.entry.account_id != lease.job().account_id {
                counts.excluded += 1;
                continue;
            }
            match ReplayDeliveryState::of(&logged.entry, lease.job()) {
                ReplayDeliveryState::Done => counts.done += 1,
                // It had not ended, so it is not for this replay, which sends nothing twice.
                ReplayDeliveryState::SentByOther => counts.excluded += 1,
                ReplayDeliveryState::Deferred(due) if self.pace.awaits_put_off(due, now) => {
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
            None => Step::Went,
            Some(error) => {
                tracing::error!(%error, "a delivery was not queued");
                Step::Stuck
            }
        })
    }

    /// Looks for what is queued in the log.
    pub(crate) async fn look(
        &self,
        lease: &mut JobLease<'_, S>,
        shift: &mut Shift,
        position: Option<LogPosition>,
        mut wave: Wave,
    ) -> Result<Step, LeaseError> {
        let mut counts = Counts::default();
        let (mut open, mut put_off) = (Vec::new(), Vec::new());
        for part in wave.sent.chunks(PART) {
            for (report, logged) in self.read(lease.job(), part).await? {
                match logged.map(|logged| ReplayDeliveryState::of(&logged.entry, lease.job())) {
                    Some(ReplayDeliveryState::Done) => counts.done += 1,
                    Some(ReplayDeliveryState::Deferred(due)) => {
                        put_off.push(due);
                        open.push(report);
                    }
                    Some(ReplayDeliveryState::SentByOther | ReplayDeliveryState::NotStarted) => {
                        open.push(report)
                    }
                    None => counts.missing += 1,
                }
            }
        }
        let now = Timestamp::now();
        let is_patient = until(now, wave.moved_at) <= self.pace.patience
            || put_off.iter().any(|due| self.pace.awaits_put_off(*due, now));
        if open.len() < wave.sent.len() {
            wave.sent = open;
            wave.moved_at = now;
        } else if is_patient {
            lease.check().await?;
            let pause = self.pace.before_look(wave.moved_at, now);
            // If deliver has put all of them off, none comes before its time.
            let due = put_off.iter().min().filter(|_| put_off.len() == open.len());
            return Ok(Step::Wait(due.map_or(pause, |due| pause.max(until(*due, now)))));
        } else if wave.is_repeated {
            tracing::warn!(replay_id = %lease.job().id, missing = open.len(),
                "deliveries of a replay are missing");
            counts.missing += open.len() as u64;
            wave.sent.clear();
        } else {
            tracing::warn!(replay_id = %lease.job().id, missing = open.len(),
                "deliveries of a replay are queued again");
            wave.repeat(now);
        }
        let is_open = !wave.sent.is_empty();
        shift.has_moved |= !is_open;
        lease
            .change(now, |job| {
                counts.add_to(job);
                job.stage = ReplayStage::Sending { position, wave };
            })
            .await?;
        Ok(if is_open { Step::Wait(self.pace.look) } else { Step::Went })
    }

    /// What the log holds of `reports`, in their order.
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

/// The message for deliver. A report that cannot be written was not read either.
fn message(job: &ReplayJob, logged: &LoggedDelivery, now: Timestamp) -> Option<Outgoing> {
    let body = job.delivery(logged, now).to_json();
    let body = body.inspect_err(|error| tracing::error!(%error, "a message was not written"));
    let account_id = job.account_id.clone();
    Some(Outgoing { body: body.ok()?, account_id, delay: std::time::Duration::ZERO })
}
