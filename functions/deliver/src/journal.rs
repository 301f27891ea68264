//! Making outcomes durable: what follows goes into the queue first, then the log.

mod pages;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callhook::delivery::{Attempt, DeliveryKey};
use callhook::message::{DeliveryMessage, ReportsMessage};
use callhook::queue::{MessageQueue, Outgoing};
use callhook::store::{DeliveryLog, LogWrite, UnwantedReport};
use callhook::telemetry::ErrorChain;
use callhook::telemetry::metrics::{Counter, Metrics};
use jiff::Timestamp;

pub(crate) use self::pages::{Journaled, Unwritten};
use crate::bounded_log::BoundedLog;
use crate::conclude::{LogFallback, NOT_LOGGED_DELAY, OutcomeWrite};
use crate::due::{Deferral, InFlightReport, Job, RecordIndex, Skip, Taken, later};
use crate::hop;

/// What came of a job.
pub(crate) enum Outcome {
    /// A request was sent.
    Attempted(Attempt),
    /// The webhook's templates made no request of this report, and never will.
    NotRendered(String),
    /// There was no time left to send one.
    NoTime,
    /// It could not be sent at its send time under a rate limit, and needs another.
    MissedSlot,
    /// The code failed.
    Panicked,
}

/// Where outcomes are kept.
pub(crate) struct Journal<Q, L> {
    pub(crate) retries: Q,
    pub(crate) log: BoundedLog<L>,
    metrics: Metrics,
}

/// Records that must come back because something of them could not be kept.
pub(crate) type Lost = HashSet<RecordIndex>;

impl<Q: MessageQueue, L: DeliveryLog> Journal<Q, L> {
    pub(crate) fn new(retries: Q, log: L, metrics: Metrics) -> Self {
        Self { retries, log: BoundedLog::new(log), metrics }
    }

    /// Keeps the outcomes of jobs.
    pub(crate) async fn keep(&self, outcomes: Vec<(Job, Outcome)>, now: Timestamp) -> Lost {
        let mut lost = Lost::new();
        let mut entries = Vec::with_capacity(outcomes.len());
        for (job, outcome) in outcomes {
            match outcome {
                Outcome::Attempted(attempt) => {
                    entries.push(OutcomeWrite::attempted(job, attempt, now))
                }
                Outcome::NotRendered(_) if job.is_outdated => {
                    entries.push(OutcomeWrite::put_off(&job, now));
                }
                Outcome::NotRendered(reason) => {
                    entries.push(OutcomeWrite::not_rendered(job, &reason, now));
                }
                Outcome::NoTime => entries.push(OutcomeWrite::put_off(&job, now)),
                Outcome::MissedSlot => entries.push(OutcomeWrite::for_another_slot(&job, now)),
                // Its record comes back, and becomes a dead letter if it always fails.
                Outcome::Panicked => {
                    tracing::error!(webhook_id = %job.due.webhook_id,
                        report_id = %job.due.parcel.accepted.id, "an attempt panicked");
                    lost.insert(job.due.record);
                }
            }
        }
        lost.extend(self.keep_entries(entries, now).await);
        lost
    }

    /// Keeps what is not attempted.
    pub(crate) async fn keep_skips(&self, skips: Vec<Skip>, now: Timestamp) -> Lost {
        let entries = skips.into_iter().map(|skip| OutcomeWrite::skipped(skip, now));
        self.keep_entries(entries.collect(), now).await
    }

    /// Has the log know of what was taken before. What cannot be logged now is so later, without
    /// its record.
    pub(crate) async fn keep_taken(&self, taken: Vec<Taken>, now: Timestamp) {
        let entries: Vec<_> =
            taken.into_iter().map(|taken| OutcomeWrite::taken(taken, now)).collect();
        let told = entries.iter().filter_map(|entry| Some((entry.index, entry.told.clone()?)));
        self.send_on(told.collect(), now).await;
        self.log(entries, now).await;
    }

    /// Keeps what is put off.
    pub(crate) async fn keep_deferrals(&self, deferrals: Vec<Deferral>, now: Timestamp) -> Lost {
        let entries = deferrals.into_iter().map(|deferral| OutcomeWrite::deferred(deferral, now));
        self.keep_entries(entries.collect(), now).await
    }

    /// Keeps reports that nobody wants. One that cannot be noted comes back with its record.
    pub(crate) async fn keep_unwanted(
        &self,
        reports: Vec<(RecordIndex, Arc<InFlightReport>)>,
        now: Timestamp,
    ) -> Lost {
        if reports.is_empty() {
            return Lost::new();
        }
        let unwanted = reports.iter().map(|(_, parcel)| UnwantedReport {
            account_id: parcel.account_id.clone(),
            report_id: parcel.accepted.id,
            report: Arc::clone(&parcel.accepted.report),
            received_at: parcel.received_at,
            at: now,
            retention: parcel.terms.retention,
        });
        let failed = self.log.write_unwanted_reports(unwanted.collect()).await;
        let failed: HashMap<_, _> = failed.into_iter().collect();
        for (report_id, error) in &failed {
            tracing::error!(%report_id, error = %ErrorChain(error), "an unwanted report was not logged");
        }
        let lost = reports.iter().filter(|(_, parcel)| failed.contains_key(&parcel.accepted.id));
        lost.map(|(index, _)| *index).collect()
    }

    /// Sends messages on that came before their time.
    pub(crate) async fn hop(
        &self,
        mut early: Vec<(RecordIndex, DeliveryMessage)>,
        now: Timestamp,
    ) -> Lost {
        for (_, message) in &mut early {
            message.times_queued = message.times_queued.saturating_add(1);
        }
        self.send_on(early, now).await
    }

    /// Queues messages until they are due.
    pub(crate) async fn send_on(
        &self,
        early: Vec<(RecordIndex, DeliveryMessage)>,
        now: Timestamp,
    ) -> Lost {
        let outgoing = early
            .into_iter()
            .map(|(index, message)| (index, hop::outgoing(&message, now)))
            .collect();
        self.queue(outgoing).await.into_iter().filter_map(Result::err).collect()
    }

    /// Queues reports until their places under their account's quota, or for the next event.
    pub(crate) async fn send_reports_on(
        &self,
        reports: Vec<(RecordIndex, ReportsMessage)>,
        now: Timestamp,
    ) -> Lost {
        let outgoing = reports
            .into_iter()
            .map(|(index, message)| (index, hop::outgoing_reports(&message, now)));
        self.queue(outgoing.collect()).await.into_iter().filter_map(Result::err).collect()
    }

    async fn keep_entries(&self, entries: Vec<OutcomeWrite>, now: Timestamp) -> Lost {
        let first = entries.iter().flat_map(|entry| {
            let messages = entry.first.iter().chain(&entry.told);
            messages.map(|message| (entry.index, hop::outgoing(message, now)))
        });
        let mut queued = self.queue(first.collect()).await.into_iter();
        let mut lost = Lost::new();
        let mut safe = Vec::with_capacity(entries.len());
        for entry in entries {
            // All of its own, so that none is left in the iterator for the next.
            let mine: Vec<_> = queued.by_ref().take(entry.first.len()).collect();
            // If that was not queued, the log of this function says so, and no record comes back.
            let _ = entry.told.is_some().then(|| queued.next());
            if mine.iter().all(Result::is_ok) {
                if !matches!(entry.log_fallback, Some(LogFallback::Again(_))) {
                    self.count(entry.outcome);
                }
                safe.push(entry);
            } else {
                // A log that knew of the attempt would keep the record from repeating it.
                lost.insert(entry.index);
            }
        }
        lost.extend(self.log(safe, now).await);
        lost
    }

    /// Logs entries. What was delivered is not sent again because the log failed, and what is
    /// queued is safe without it; an end comes back on its own, without the rest of its record.
    async fn log(&self, entries: Vec<OutcomeWrite>, now: Timestamp) -> Lost {
        let mut ends = Vec::with_capacity(entries.len());
        let mut writes = Vec::with_capacity(entries.len());
        for entry in entries {
            if let (Some(write), Some(log_fallback)) = (&entry.write, entry.log_fallback) {
                ends.push((write.update.key, entry.index, entry.outcome, log_fallback));
            }
            writes.extend(entry.write);
        }
        let failed = self.write(writes).await;
        let (mut come_back, mut taken) = (Vec::new(), Vec::new());
        for (key, index, outcome, log_fallback) in ends {
            let is_logged = !failed.contains(&key);
            match log_fallback {
                // Until then it ends again and again.
                LogFallback::Again(_) if is_logged => self.count(outcome),
                LogFallback::Taken(_) if is_logged => {}
                LogFallback::Again(message) => come_back.push((index, message)),
                LogFallback::Taken(delivery) => taken.push((index, later_logged(&delivery, now))),
            }
        }
        // Whether these were queued is logged and changes nothing.
        self.queue(taken).await;
        self.send_on(come_back, now).await
    }

    fn count(&self, outcome: &[Counter]) {
        for counter in outcome {
            self.metrics.count(*counter);
        }
    }

    /// Writes to the log; gives what it does not know now.
    async fn write(&self, writes: Vec<LogWrite>) -> HashSet<DeliveryKey> {
        if writes.is_empty() {
            return HashSet::new();
        }
        let failed = self.log.write_updates(writes).await.into_iter().map(|(key, error)| {
            let DeliveryKey { webhook_id, report_id } = key;
            tracing::error!(%webhook_id, %report_id, error = %ErrorChain(&error),
                "a delivery was not logged");
            key
        });
        failed.collect()
    }

    /// Queues messages; the answers are in their order, an error names the record.
    async fn queue(
        &self,
        messages: Vec<(RecordIndex, Result<Outgoing, serde_json::Error>)>,
    ) -> Vec<Result<(), RecordIndex>> {
        let mut results: Vec<_> = messages.iter().map(|(index, _)| Err(*index)).collect();
        let mut places = Vec::with_capacity(messages.len());
        let mut outgoing = Vec::with_capacity(messages.len());
        for (place, (_, message)) in messages.into_iter().enumerate() {
            match message {
                Ok(message) => {
                    places.push(place);
                    outgoing.push(message);
                }
                Err(error) => tracing::error!(%error, "a message could not be written"),
            }
        }
        if outgoing.is_empty() {
            return results;
        }
        for (place, sent) in places.into_iter().zip(self.retries.send(outgoing).await) {
            match (sent, results.get_mut(place)) {
                (Ok(()), Some(result)) => *result = Ok(()),
                (Ok(()), None) => {}
                (Err(error), _) => tracing::error!(%error, "a message was not queued"),
            }
        }
        results
    }
}

/// Has a delivery that was taken logged in a while.
fn later_logged(taken: &Taken, now: Timestamp) -> Result<Outgoing, serde_json::Error> {
    let body = taken.message(later(now, NOT_LOGGED_DELAY)).to_json()?;
    let account_id = taken.due.parcel.account_id.clone();
    Ok(Outgoing { body, account_id, delay: NOT_LOGGED_DELAY })
}
