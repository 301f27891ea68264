//! The write of an outcome: the messages that follow from it, and its log entry.

use std::time::Duration;

use bytes::Bytes;
use callhook::domain::delivery::{
    Attempt, DeliveryState, DeliveryUpdate, NoResponse, OutcomeExplanation, SkipReason,
};
use callhook::domain::message::{DeliveryMessage, Wait};
use callhook::domain::operational::OperationalEvent;
use callhook::ports::store::{LogWrite, PriorEntry};
use callhook::runtime::telemetry::metrics::Counter;
use jiff::Timestamp;

use crate::attempt::AttemptOutcome;
use crate::pending::{AcceptedDelivery, Deferral, Job, PendingDelivery, RecordIndex, Skip, later};
use crate::verdict::Verdict;

/// The write of one delivery's outcome.
#[derive(Default)]
pub(crate) struct OutcomeWrite {
    pub(crate) record: RecordIndex,
    pub(crate) counters: &'static [Counter],
    /// Messages to be queued before anything is logged: the log keeps a redelivered message from
    /// repeating an attempt that it knows.
    pub(crate) first: Vec<DeliveryMessage>,
    pub(crate) log_write: Option<LogWrite>,
    /// Of a delivery that ended.
    pub(crate) log_fallback: Option<LogFallback>,
    /// An operational event for the account. It is queued before the log is written, so that no crash
    /// loses it; but a failure to queue it is no reason to send a report twice.
    pub(crate) operational_event: Option<DeliveryMessage>,
}

/// The message to queue if the end of a delivery cannot be logged.
pub(crate) enum LogFallback {
    /// The delivery failed or was skipped: it ends again later, because an end that cannot be looked up is
    /// a loss.
    EndAgain(DeliveryMessage),
    /// The receiver accepted the report: it is logged later, and not sent again.
    LogLater(AcceptedDelivery),
}

/// Delay of an attempt that had no time: long enough that the messages of a congested webhook do not
/// circulate.
const NO_TIME_DELAY: Duration = Duration::from_secs(15);
/// Delay of an attempt that missed its send slot: the shortest of SQS.
const MISSED_SLOT_DELAY: Duration = Duration::from_secs(1);
/// Delay of the next attempt if the webhook has changed during the failed one.
const STALE_SETTINGS_DELAY: Duration = Duration::from_secs(1);
/// Delay of an end that could not be logged.
pub(crate) const NOT_LOGGED_DELAY: Duration = Duration::from_mins(1);

impl OutcomeWrite {
    fn new(record: RecordIndex, counters: &'static [Counter]) -> Self {
        Self { record, counters, ..Self::default() }
    }

    /// The outcome of a job; `None` if it panicked.
    pub(crate) fn of(job: Job, outcome: AttemptOutcome, now: Timestamp) -> Option<Self> {
        Some(match outcome {
            AttemptOutcome::Sent(attempt, Verdict::Delivered) => {
                Self::accepted(AcceptedDelivery { delivery: job.delivery, attempt, at: now }, now)
            }
            AttemptOutcome::Sent(attempt, verdict) => Self::failed(job, attempt, verdict, now),
            AttemptOutcome::NotRendered(reason) if !job.has_stale_settings => {
                Self::not_rendered(job, reason, now)
            }
            AttemptOutcome::NotRendered(_) | AttemptOutcome::NoTime => {
                let wait = job.delivery.wait;
                Self::attempt_later(&job.delivery, later(now, NO_TIME_DELAY), wait)
            }
            // Its turn came, so it precedes new deliveries.
            AttemptOutcome::MissedSlot => {
                Self::attempt_later(&job.delivery, later(now, MISSED_SLOT_DELAY), Wait::Slot)
            }
            AttemptOutcome::Panicked => return None,
        })
    }

    /// A failed attempt: a retry follows, or the delivery ends as failed.
    fn failed(job: Job, attempt: Attempt, verdict: Verdict, now: Timestamp) -> Self {
        let result = attempt.result;
        // Settings that have changed since do not end a delivery.
        let stale_settings = job.has_stale_settings.then_some(STALE_SETTINGS_DELAY);
        let retry_in = verdict.retry_in().or(stale_settings);
        let Job { delivery, target, .. } = job;
        let mut write = Self::new(delivery.record, &[Counter::DeliveriesFailed]);
        let state = if let Some(wait) = retry_in {
            let next_attempt_at = later(now, wait);
            write.counters = &[Counter::DeliveriesRetried];
            write.first.push(delivery.message(
                delivery.attempt + 1,
                next_attempt_at,
                Wait::Schedule,
            ));
            DeliveryState::Retrying { next_attempt_at }
        } else {
            let meaning = OutcomeExplanation::new(result, &target.webhook.settings.success_codes);
            write.end(&delivery, meaning.to_string(), now)
        };
        tracing::info!(webhook_id = %delivery.webhook_id, report_id = %delivery.report.accepted.id,
            attempt = delivery.attempt, trigger = delivery.trigger.name(), status_code = result.ok(),
            error = result.err().map(NoResponse::name), final_attempt = retry_in.is_none(), "attempt failed");
        let update = delivery.log_update(Some(attempt), state, now);
        write.logging(delivery, update)
    }

    /// A delivery that the receiver accepted, now or in an earlier invocation.
    pub(crate) fn accepted(accepted: AcceptedDelivery, now: Timestamp) -> Self {
        let AcceptedDelivery { delivery, attempt, at } = &accepted;
        let mut write = Self::new(delivery.record, &[Counter::DeliveriesDelivered]);
        write.operational_event = recovered_event(delivery, now);
        let update = delivery.log_update(Some(attempt.clone()), DeliveryState::Delivered, *at);
        write.log_write = Some(LogWrite { update, prior: delivery.prior.clone() });
        write.log_fallback = Some(LogFallback::LogLater(accepted));
        write
    }

    /// A delivery whose request cannot be rendered: it ends as failed, since a retry would fail as well.
    fn not_rendered(job: Job, reason: String, now: Timestamp) -> Self {
        let delivery = job.delivery;
        tracing::info!(webhook_id = %delivery.webhook_id, report_id = %delivery.report.accepted.id,
            reason, "failed to render a request");
        let mut write = Self::new(delivery.record, &[Counter::DeliveriesFailed]);
        let state = write.end(&delivery, reason, now);
        // The caller of a resend looks for its attempt.
        let is_resend = !delivery.trigger.follows_schedule();
        let update = delivery.log_update(is_resend.then(not_sent), state, now);
        write.logging(delivery, update)
    }

    /// The same attempt at `due_at`.
    fn attempt_later(delivery: &PendingDelivery, due_at: Timestamp, wait: Wait) -> Self {
        let mut write = Self::new(delivery.record, &[Counter::DeliveriesDeferred]);
        write.first.push(delivery.message(delivery.attempt, due_at, wait));
        write
    }

    pub(crate) fn deferred(deferral: Deferral, now: Timestamp) -> Self {
        let Deferral { delivery, due_at, next_attempt_at, wait, is_logged } = deferral;
        let write = Self::attempt_later(&delivery, due_at, wait);
        // A replay waits for the log to show its deliveries.
        if !is_logged || !delivery.trigger.follows_schedule() {
            return write;
        }
        let state = if delivery.attempt == 1 {
            DeliveryState::Pending { next_attempt_at }
        } else {
            DeliveryState::Retrying { next_attempt_at }
        };
        let update = delivery.log_update(None, state, now);
        write.logging(delivery, update)
    }

    /// A delivery that ends without an attempt.
    pub(crate) fn skipped(skip: Skip, now: Timestamp) -> Self {
        let Skip { delivery, reason } = skip;
        let counters: &[_] = if reason == SkipReason::Expired {
            &[Counter::DeliveriesSkipped, Counter::DeliveriesExpired]
        } else {
            &[Counter::DeliveriesSkipped]
        };
        let mut write = Self::new(delivery.record, counters);
        write.log_fallback = Some(end_again(&delivery, now));
        let update = delivery.log_update(None, DeliveryState::Skipped { reason }, now);
        write.logging(delivery, update)
    }

    fn logging(mut self, delivery: PendingDelivery, update: DeliveryUpdate) -> Self {
        self.log_write = Some(LogWrite { update, prior: delivery.prior });
        self
    }

    /// Ends a delivery as failed.
    fn end(&mut self, delivery: &PendingDelivery, reason: String, now: Timestamp) -> DeliveryState {
        self.log_fallback = Some(end_again(delivery, now));
        // A delivery that the receiver accepted before has not failed.
        if delivery.trigger.follows_schedule() && !was_accepted(delivery) {
            let event = OperationalEvent::DeliveryFailed {
                key: delivery.key(),
                attempts: delivery.attempt,
                reason: reason.clone(),
                at: delivery.due_at,
            };
            self.operational_event = operational_event(delivery, &event, now);
        }
        DeliveryState::Failed { reason }
    }
}

/// The event `delivery.recovered`, of an accepted delivery that had ended as failed.
fn recovered_event(delivery: &PendingDelivery, now: Timestamp) -> Option<DeliveryMessage> {
    let PriorEntry::Known(entry) = &delivery.prior else { return None };
    if !entry.has_failed || was_accepted(delivery) {
        return None;
    }
    let at = delivery.trigger.began_at(delivery.report.received_at);
    let event = OperationalEvent::DeliveryRecovered { key: delivery.key(), at };
    operational_event(delivery, &event, now)
}

/// Whether the receiver accepted the delivery before.
fn was_accepted(delivery: &PendingDelivery) -> bool {
    matches!(&delivery.prior, PriorEntry::Known(entry) if entry.state == DeliveryState::Delivered)
}

/// The attempt that the log shows if no request could be rendered.
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

/// The message to the account's operational webhook, if it has one. Deliveries of operational events
/// make no events, which would never end.
fn operational_event(
    delivery: &PendingDelivery,
    event: &OperationalEvent,
    now: Timestamp,
) -> Option<DeliveryMessage> {
    let report = &delivery.report;
    if report.accepted.report.event().is_operational() {
        return None;
    }
    let to = report.terms.operational_webhook?;
    event
        .delivery(&report.account_id, to, now)
        .inspect_err(|error| tracing::error!(%error, "failed to serialize an operational event"))
        .ok()
}

fn end_again(delivery: &PendingDelivery, now: Timestamp) -> LogFallback {
    let due_at = later(now, NOT_LOGGED_DELAY);
    LogFallback::EndAgain(delivery.message(delivery.attempt, due_at, delivery.wait))
}
