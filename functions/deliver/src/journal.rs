//! Making outcomes durable: retries into the queue first, then the log.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use callhook::delivery::{Attempt, DeliveryKey, DeliveryRecord, DeliveryState};
use callhook::message::DeliveryMessage;
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
    /// There was no time left to send one.
    NoTime,
    /// The code failed.
    Panicked,
}

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
}

impl<Q: MessageQueue, L: DeliveryLog> Journal<Q, L> {
    /// Keeps the outcomes of jobs; the answer holds the records that must come back because
    /// something of them could not be kept.
    pub(crate) async fn keep(
        &self,
        outcomes: Vec<(Job, Outcome)>,
        now: Timestamp,
    ) -> HashSet<RecordIndex> {
        let mut lost = HashSet::new();
        let mut entries = Vec::with_capacity(outcomes.len());
        for (job, outcome) in outcomes {
            match outcome {
                Outcome::Attempted(attempt) => entries.push(conclude(&job, attempt, now)),
                Outcome::NoTime => entries.push(postpone(&job, now)),
                Outcome::Panicked => {
                    tracing::error!(webhook_id = %job.webhook.id,
                        report_id = %job.parcel.accepted.id, "an attempt panicked");
                    lost.insert(job.record);
                }
            }
        }
        lost.extend(self.keep_entries(entries, now).await);
        lost
    }

    /// Keeps what is not attempted.
    pub(crate) async fn keep_skips(
        &self,
        skips: Vec<Skip>,
        now: Timestamp,
    ) -> HashSet<RecordIndex> {
        let entry = |skip: Skip| Entry {
            index: skip.record,
            next: None,
            record: Some(DeliveryRecord {
                key: skip.key,
                state: DeliveryState::Skipped {
                    reason: skip.reason,
                },
                attempts: skip.attempts,
                last_attempt: None,
                at: now,
            }),
        };
        self.keep_entries(skips.into_iter().map(entry).collect(), now)
            .await
    }

    /// Sends messages on that are not due yet.
    pub(crate) async fn send_on(
        &self,
        early: Vec<(RecordIndex, DeliveryMessage)>,
        now: Timestamp,
    ) -> HashSet<RecordIndex> {
        let entry = |(index, message)| Entry {
            index,
            next: Some(message),
            record: None,
        };
        self.keep_entries(early.into_iter().map(entry).collect(), now)
            .await
    }

    async fn keep_entries(&self, entries: Vec<Entry>, now: Timestamp) -> HashSet<RecordIndex> {
        let (mut lost, entries) = self.queue(entries, now).await;
        let mut must_be_logged = HashMap::new();
        let mut records = Vec::with_capacity(entries.len());
        for (index, record) in entries {
            // What was delivered must not be sent again because the log failed, and what is
            // queued is safe without it. An end that nobody can look up is not.
            let is_end = matches!(
                record.state,
                DeliveryState::Failed | DeliveryState::Skipped { .. }
            );
            must_be_logged.insert(record.key, is_end.then_some(index));
            records.push(record);
        }
        if records.is_empty() {
            return lost;
        }
        for (key, error) in self.log.record(&records).await {
            let DeliveryKey {
                webhook_id,
                report_id,
            } = key;
            tracing::error!(%webhook_id, %report_id, error = %Causes(&error),
                "a delivery was not logged");
            lost.extend(must_be_logged.get(&key).copied().flatten());
        }
        lost
    }

    /// Queues what follows; gives the records that are lost and those that may be logged.
    async fn queue(
        &self,
        entries: Vec<Entry>,
        now: Timestamp,
    ) -> (HashSet<RecordIndex>, Vec<(RecordIndex, DeliveryRecord)>) {
        let mut lost = HashSet::new();
        let mut messages: Vec<Outgoing> = Vec::new();
        let mut waiting = Vec::new();
        let mut safe = Vec::new();
        for Entry {
            index,
            next,
            record,
        } in entries
        {
            let outgoing = next.map(|next| hop::outgoing(&next, now)).transpose();
            match outgoing {
                Ok(Some(outgoing)) => {
                    messages.push(outgoing);
                    waiting.push((index, record));
                }
                Ok(None) => safe.extend(record.map(|record| (index, record))),
                Err(error) => {
                    tracing::error!(%error, "a retry could not be written as a message");
                    lost.insert(index);
                }
            }
        }
        if !messages.is_empty() {
            let sent = self.retries.send(messages).await;
            for ((index, record), result) in waiting.into_iter().zip(sent) {
                match result {
                    Ok(()) => safe.extend(record.map(|record| (index, record))),
                    Err(error) => {
                        tracing::error!(%error, "a retry was not queued");
                        lost.insert(index);
                    }
                }
            }
        }
        (lost, safe)
    }
}

/// What follows from an attempt.
fn conclude(job: &Job, attempt: Attempt, now: Timestamp) -> Entry {
    let settings = &job.webhook.settings;
    let taken = attempt
        .result
        .is_ok_and(|code| settings.success_codes.contain(code));
    let wait = if taken {
        None
    } else {
        settings.retry.wait_after(job.attempt)
    };
    let (state, next) = match wait {
        _ if taken => (DeliveryState::Delivered, None),
        None => (DeliveryState::Failed, None),
        Some(wait) => {
            let due_at = later(now, wait);
            let next = message(job, job.attempt + 1, due_at);
            (
                DeliveryState::Retrying {
                    next_attempt_at: due_at,
                },
                Some(next),
            )
        }
    };
    if !taken {
        tracing::info!(webhook_id = %job.webhook.id, report_id = %job.parcel.accepted.id,
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
    Entry {
        index: job.record,
        next,
        record: Some(record),
    }
}

/// The same attempt in a later invocation.
fn postpone(job: &Job, now: Timestamp) -> Entry {
    Entry {
        index: job.record,
        next: Some(message(job, job.attempt, now)),
        record: None,
    }
}

fn message(job: &Job, attempt: u32, due_at: Timestamp) -> DeliveryMessage {
    DeliveryMessage {
        account_id: job.parcel.account_id.clone(),
        received_at: job.parcel.received_at,
        webhook_id: job.webhook.id,
        report_id: job.parcel.accepted.id,
        report: job.parcel.accepted.report.clone(),
        attempt,
        due_at,
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    // At most 7 days and a fifth after now; the end of time is far.
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
