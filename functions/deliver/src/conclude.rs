//! What follows from an attempt.

use std::time::Duration;

use bytes::Bytes;
use callhook::delivery::{
    Attempt, DeliveryState, DeliveryUpdate, NoResponse, OutcomeExplanation, SkipReason, Trigger,
};
use callhook::message::{DeliveryMessage, Wait};
use callhook::operational::OperationalEvent;
use callhook::store::{LogWrite, PriorEntry};
use callhook::telemetry::metrics::Counter;
use jiff::Timestamp;

use crate::breaker::Signal;
use crate::due::{Deferral, Job, PendingDelivery, RecordIndex, Skip, Taken, later};

/// What is to be kept of one delivery.
pub(crate) struct OutcomeWrite {
    pub(crate) index: RecordIndex,
    /// What becomes of the delivery, as the metrics count it.
    pub(crate) outcome: &'static [Counter],
    /// To be queued before anything is logged: a log that knows of an attempt keeps a repeated
    /// message from making it again.
    pub(crate) first: Vec<DeliveryMessage>,
    pub(crate) write: Option<LogWrite>,
    /// Of a delivery that ended: what is to be done if its end cannot be logged.
    pub(crate) log_fallback: Option<LogFallback>,
    /// What the account is told. It goes into the queue with what must be there first, so that no
    /// crash keeps it from being told; but its failure is no reason to send a report twice.
    pub(crate) told: Option<DeliveryMessage>,
}

/// What is to be done about an end that could not be logged.
pub(crate) enum LogFallback {
    /// It was not taken: it comes back to end again. An end that nobody can look up is a loss.
    Again(DeliveryMessage),
    /// It was taken: the log is told later. Nothing is sent a second time for that.
    Taken(Taken),
}

/// How long an attempt that there was no time for is put off: long enough that a congested
/// webhook does not keep messages going round.
const NO_TIME_DELAY: Duration = Duration::from_secs(15);
/// How long an attempt that missed its send time is deferred: the shortest that SQS knows.
const MISSED_SLOT_DELAY: Duration = Duration::from_secs(1);
/// How long after a failed attempt the next one follows whose webhook has changed meanwhile.
const OUTDATED_DELAY: Duration = Duration::from_secs(1);
/// How long an end that could not be logged is put off.
pub(crate) const NOT_LOGGED_DELAY: Duration = Duration::from_mins(1);

impl OutcomeWrite {
    fn new(index: RecordIndex, outcome: &'static [Counter]) -> Self {
        Self { index, outcome, first: Vec::new(), write: None, log_fallback: None, told: None }
    }

    /// After a request was sent.
    pub(crate) fn attempted(job: Job, attempt: Attempt, now: Timestamp) -> Self {
        let signal = Signal::of(&job, &attempt);
        let result = attempt.result;
        if signal.taken {
            return Self::taken(Taken { due: job.due, attempt, at: now }, now);
        }
        // Settings that have changed since do not end a delivery.
        let wait = wait_after(&job, &attempt).or(job.is_outdated.then_some(OUTDATED_DELAY));
        let Job { due, target, .. } = job;
        let outcome: &[_] = if wait.is_some() {
            &[Counter::DeliveriesRetried]
        } else {
            &[Counter::DeliveriesFailed]
        };
        let mut entry = Self::new(due.record, outcome);
        let state = if let Some(wait) = wait {
            let next_attempt_at = later(now, wait);
            entry.first.push(due.message(due.attempt + 1, next_attempt_at, Wait::Schedule));
            DeliveryState::Retrying { next_attempt_at }
        } else {
            let meaning = OutcomeExplanation::new(result, &target.webhook.settings.success_codes);
            entry.end(&due, meaning.to_string(), now)
        };
        tracing::info!(webhook_id = %due.webhook_id, report_id = %due.parcel.accepted.id,
            attempt = due.attempt, trigger = due.trigger.name(), status_code = result.ok(),
            error = result.err().map(NoResponse::name), final_attempt = wait.is_none(), "an attempt failed");
        let record = due.record(Some(attempt), state, now);
        entry.writing(due, record)
    }

    /// After the client took it, now or in an earlier invocation.
    pub(crate) fn taken(taken: Taken, now: Timestamp) -> Self {
        let Taken { due, attempt, at } = &taken;
        let mut entry = Self::new(due.record, &[Counter::DeliveriesDelivered]);
        entry.told = recovery(due, now);
        let record = due.record(Some(attempt.clone()), DeliveryState::Delivered, *at);
        entry.write = Some(LogWrite { update: record, prior: due.before.clone() });
        entry.log_fallback = Some(LogFallback::Taken(taken));
        entry
    }

    /// The end of a delivery that cannot be rendered: no half of a request, and no retry.
    pub(crate) fn not_rendered(job: Job, reason: &str, now: Timestamp) -> Self {
        let due = job.due;
        tracing::info!(webhook_id = %due.webhook_id, report_id = %due.parcel.accepted.id,
            reason, "a request was not rendered");
        let mut entry = Self::new(due.record, &[Counter::DeliveriesFailed]);
        let state = entry.end(&due, reason.to_owned(), now);
        // Whoever asked for it looks for an attempt of theirs.
        let asked_for = matches!(due.trigger, Trigger::Resend { .. });
        let record = due.record(asked_for.then(not_sent), state, now);
        entry.writing(due, record)
    }

    /// The same attempt in a later invocation.
    pub(crate) fn put_off(job: &Job, now: Timestamp) -> Self {
        let due = &job.due;
        let mut entry = Self::new(due.record, &[Counter::DeliveriesDeferred]);
        entry.first.push(due.message(due.attempt, later(now, NO_TIME_DELAY), due.wait));
        entry
    }

    /// The same attempt at another send time. Its turn came, so it goes before what is new.
    pub(crate) fn for_another_slot(job: &Job, now: Timestamp) -> Self {
        let due = &job.due;
        let mut entry = Self::new(due.record, &[Counter::DeliveriesDeferred]);
        entry.first.push(due.message(due.attempt, later(now, MISSED_SLOT_DELAY), Wait::Slot));
        entry
    }

    /// The same attempt when its time has come.
    pub(crate) fn deferred(deferral: Deferral, now: Timestamp) -> Self {
        let Deferral { due, until, next_attempt_at, wait, is_logged } = deferral;
        let mut entry = Self::new(due.record, &[Counter::DeliveriesDeferred]);
        entry.first.push(due.message(due.attempt, until, wait));
        // A resend leaves the schedule's state alone; a replay waits for the log to show it.
        if !is_logged || matches!(due.trigger, Trigger::Resend { .. }) {
            return entry;
        }
        let state = if due.attempt == 1 {
            DeliveryState::Pending { next_attempt_at }
        } else {
            DeliveryState::Retrying { next_attempt_at }
        };
        let record = due.record(None, state, now);
        entry.writing(due, record)
    }

    /// A delivery that is not attempted.
    pub(crate) fn skipped(skip: Skip, now: Timestamp) -> Self {
        let Skip { due, reason } = skip;
        let outcome: &[_] = if reason == SkipReason::Expired {
            &[Counter::DeliveriesSkipped, Counter::DeliveriesExpired]
        } else {
            &[Counter::DeliveriesSkipped]
        };
        let mut entry = Self::new(due.record, outcome);
        entry.log_fallback = Some(come_back(&due, now));
        let record = due.record(None, DeliveryState::Skipped { reason }, now);
        entry.writing(due, record)
    }

    fn writing(mut self, due: PendingDelivery, record: DeliveryUpdate) -> Self {
        self.write = Some(LogWrite { update: record, prior: due.before });
        self
    }

    /// A delivery that ends without being taken.
    fn end(&mut self, due: &PendingDelivery, reason: String, now: Timestamp) -> DeliveryState {
        self.log_fallback = Some(come_back(due, now));
        // Whoever sent it again sees what came of it, and what was taken has not failed.
        if !matches!(due.trigger, Trigger::Resend { .. }) && !was_taken(due) {
            let event = OperationalEvent::DeliveryFailed {
                key: due.key(),
                attempts: due.attempt,
                reason: reason.clone(),
                at: due.at,
            };
            self.told = told(due, &event, now);
        }
        DeliveryState::Failed { reason }
    }
}

/// How long to wait after a failed attempt; `None` if none follows.
pub(crate) fn wait_after(job: &Job, attempt: &Attempt) -> Option<Duration> {
    let Job { due, target, .. } = job;
    let is_refusal = attempt.result.is_err_and(NoResponse::is_refusal);
    match due.trigger {
        _ if is_refusal || Signal::of(job, attempt).is_gone => None,
        // The caller who asked for the resend sees its outcome.
        Trigger::Resend { .. } => None,
        Trigger::Automatic | Trigger::Replay { .. } => {
            target.webhook.settings.retry.wait_after(due.attempt, attempt.retry_after)
        }
    }
}

/// What tells that a delivery was taken after it had ended as failed.
fn recovery(due: &PendingDelivery, now: Timestamp) -> Option<DeliveryMessage> {
    let PriorEntry::Known(entry) = &due.before else { return None };
    if !entry.has_failed || was_taken(due) {
        return None;
    }
    let at = due.trigger.began_at(due.parcel.received_at);
    told(due, &OperationalEvent::DeliveryRecovered { key: due.key(), at }, now)
}

/// Whether the client took it before.
fn was_taken(due: &PendingDelivery) -> bool {
    matches!(&due.before, PriorEntry::Known(entry) if entry.state == DeliveryState::Delivered)
}

/// What the log shows of an attempt for which no request could be made.
fn not_sent() -> Attempt {
    let result = Err(NoResponse::NotSent);
    Attempt {
        result,
        latency: Duration::ZERO,
        body: Bytes::new(),
        is_cut: false,
        retry_after: None,
        evidence: None,
    }
}

/// The message to the account's operational webhook, if it has one. What becomes of that message
/// itself is not told: it would never end.
fn told(
    due: &PendingDelivery,
    event: &OperationalEvent,
    now: Timestamp,
) -> Option<DeliveryMessage> {
    let parcel = &due.parcel;
    if parcel.accepted.report.event().is_operational() {
        return None;
    }
    let to = parcel.terms.operational_webhook?;
    event
        .delivery(&parcel.account_id, to, now)
        .inspect_err(|error| tracing::error!(%error, "an operational event could not be written"))
        .ok()
}

fn come_back(due: &PendingDelivery, now: Timestamp) -> LogFallback {
    LogFallback::Again(due.message(due.attempt, later(now, NOT_LOGGED_DELAY), due.wait))
}
