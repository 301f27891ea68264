//! Making outcomes durable: what follows goes into the queue first, then the log.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use callhook::delivery::{Attempt, DeliveryKey, DeliveryRecord, DeliveryState};
use callhook::message::{DeliveryMessage, ReportsMessage};
use callhook::queue::{MessageQueue, Outgoing};
use callhook::store::DeliveryLog;
use callhook::telemetry::Causes;
use jiff::Timestamp;

use crate::hop;
use crate::plan::{Job, RecordIndex, Skip};

/// What came of a job.
pub(crate) enum Outcome {
    /// A request was sent.
    Attempted(Attempt),
    /// The webhook's templates made no request of this report, and never will.
    NotRendered(String),
    /// There was no time left to send one.
    NoTime,
    /// The code failed.
    Panicked,
}

/// How long an attempt that there was no time for is put off: long enough that a congested
/// webhook does not keep messages going round.
const NO_TIME_DELAY: Duration = Duration::from_secs(15);
/// How long an end that could not be logged is put off.
const NOT_LOGGED_DELAY: Duration = Duration::from_mins(1);

/// Where outcomes are kept.
pub(crate) struct Journal<Q, L> {
    pub(crate) retries: Q,
    pub(crate) log: L,
}

/// What is to be kept of one delivery.
struct Entry {
    index: RecordIndex,
    /// To be queued before anything is logged: a log that knows of an attempt keeps a repeated
    /// message from making it again.
    next: Option<DeliveryMessage>,
    record: Option<DeliveryRecord>,
    /// Of a delivery that ended without being taken: what brings it back if its end cannot be
    /// logged. An end that nobody can look up is a loss.
    again: Option<DeliveryMessage>,
}

type Lost = HashSet<RecordIndex>;

impl<Q: MessageQueue, L: DeliveryLog> Journal<Q, L> {
    /// Keeps the outcomes of jobs; the answer holds the records that must come back because
    /// something of them could not be kept.
    pub(crate) async fn keep(&self, outcomes: Vec<(Job, Outcome)>, now: Timestamp) -> Lost {
        let mut lost = Lost::new();
        let mut entries = Vec::with_capacity(outcomes.len());
        for (job, outcome) in outcomes {
            match outcome {
                Outcome::Attempted(attempt) => entries.push(conclude(&job, attempt, now)),
                Outcome::NotRendered(reason) => entries.push(give_up(&job, reason, now)),
                Outcome::NoTime => entries.push(put_off(&job, now)),
                // Its record comes back, and becomes a dead letter if it always fails.
                Outcome::Panicked => {
                    tracing::error!(webhook_id = %job.target.webhook.id,
                        report_id = %job.parcel.accepted.id, "an attempt panicked");
                    lost.insert(job.record);
                }
            }
        }
        lost.extend(self.keep_entries(entries, now).await);
        lost
    }

    /// Keeps what is not attempted.
    pub(crate) async fn keep_skips(&self, skips: Vec<Skip>, now: Timestamp) -> Lost {
        let entry = |skip: Skip| Entry {
            index: skip.record,
            next: None,
            record: Some(DeliveryRecord {
                key: skip.key(),
                state: DeliveryState::Skipped { reason: skip.reason },
                attempts: skip.attempt - 1,
                last_attempt: None,
                at: now,
            }),
            again: Some(skip.parcel.message(
                skip.webhook_id,
                skip.attempt,
                later(now, NOT_LOGGED_DELAY),
            )),
        };
        self.keep_entries(skips.into_iter().map(entry).collect(), now).await
    }

    /// Sends messages on that are not due yet.
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

    /// Sends reports on to a later event.
    pub(crate) async fn send_reports_on(
        &self,
        reports: Vec<(RecordIndex, ReportsMessage)>,
    ) -> Lost {
        let outgoing = reports.into_iter().map(|(index, message)| {
            let account_id = message.account_id.clone();
            let delay = Duration::ZERO;
            (index, message.to_json().map(|body| Outgoing { body, account_id, delay }))
        });
        self.queue(outgoing.collect()).await.into_iter().filter_map(Result::err).collect()
    }

    async fn keep_entries(&self, entries: Vec<Entry>, now: Timestamp) -> Lost {
        let mut lost = Lost::new();
        let (to_queue, mut safe): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.next.is_some());
        let outgoing = to_queue.iter().filter_map(|entry| {
            entry.next.as_ref().map(|next| (entry.index, hop::outgoing(next, now)))
        });
        let queued = self.queue(outgoing.collect()).await;
        for (entry, queued) in to_queue.into_iter().zip(queued) {
            match queued {
                Ok(()) => safe.push(entry),
                Err(index) => {
                    lost.insert(index);
                }
            }
        }
        lost.extend(self.log(safe, now).await);
        lost
    }

    /// Logs entries. What was delivered is not sent again because the log failed, and what is
    /// queued is safe without it; an end comes back on its own, without the rest of its record.
    async fn log(&self, entries: Vec<Entry>, now: Timestamp) -> Lost {
        let mut ends = HashMap::new();
        let mut records = Vec::with_capacity(entries.len());
        for Entry { index, record, again, .. } in entries {
            if let Some(record) = record {
                ends.extend(again.map(|again| (record.key, (index, again))));
                records.push(record);
            }
        }
        if records.is_empty() {
            return Lost::new();
        }
        let mut come_back = Vec::new();
        for (key, error) in self.log.record(&records).await {
            let DeliveryKey { webhook_id, report_id } = key;
            tracing::error!(%webhook_id, %report_id, error = %Causes(&error),
                "a delivery was not logged");
            come_back.extend(ends.remove(&key));
        }
        self.send_on(come_back, now).await
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

/// What follows from an attempt.
fn conclude(job: &Job, attempt: Attempt, now: Timestamp) -> Entry {
    let settings = &job.target.webhook.settings;
    let taken = attempt.result.is_ok_and(|code| settings.success_codes.contain(code));
    let wait =
        if taken { None } else { settings.retry.wait_after(job.attempt, attempt.retry_after) };
    let message = |attempt, due_at| job.parcel.message(job.target.webhook.id, attempt, due_at);
    let (state, next, again) = match wait {
        _ if taken => (DeliveryState::Delivered, None, None),
        None => {
            let again = message(job.attempt, later(now, NOT_LOGGED_DELAY));
            (DeliveryState::Failed { reason: "no attempt is left".to_owned() }, None, Some(again))
        }
        Some(wait) => {
            let next_attempt_at = later(now, wait);
            let next = message(job.attempt + 1, next_attempt_at);
            (DeliveryState::Retrying { next_attempt_at }, Some(next), None)
        }
    };
    if !taken {
        tracing::info!(webhook_id = %job.target.webhook.id, report_id = %job.parcel.accepted.id,
            attempt = job.attempt, result = ?attempt.result, final_attempt = next.is_none(),
            "an attempt failed");
    }
    let record = DeliveryRecord {
        key: job.key(),
        state,
        attempts: job.attempt,
        last_attempt: Some(attempt),
        at: now,
    };
    Entry { index: job.record, next, record: Some(record), again }
}

/// The end of a delivery that cannot be rendered: no half of a request, and no retry.
fn give_up(job: &Job, reason: String, now: Timestamp) -> Entry {
    tracing::info!(webhook_id = %job.target.webhook.id, report_id = %job.parcel.accepted.id,
        reason, "a request was not rendered");
    let again =
        job.parcel.message(job.target.webhook.id, job.attempt, later(now, NOT_LOGGED_DELAY));
    let record = DeliveryRecord {
        key: job.key(),
        state: DeliveryState::Failed { reason },
        attempts: job.attempt - 1,
        last_attempt: None,
        at: now,
    };
    Entry { index: job.record, next: None, record: Some(record), again: Some(again) }
}

/// The same attempt in a later invocation.
fn put_off(job: &Job, now: Timestamp) -> Entry {
    let next = job.parcel.message(job.target.webhook.id, job.attempt, later(now, NO_TIME_DELAY));
    Entry { index: job.record, next: Some(next), record: None, again: None }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    // At most 7 days and a fifth after now; the end of time is far.
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
