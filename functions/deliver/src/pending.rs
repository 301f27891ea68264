//! The work of a batch: reports in flight, and deliveries that are due.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::delivery::{
    Attempt, DeliveryKey, DeliveryState, DeliveryUpdate, LogEntry, LoggedAttempt, SkipReason,
    Trigger,
};
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::message::{
    AcceptedReport, DeliveredMessage, DeliveryMessage, FanOut, ReportsMessage, Wait,
};
use callhook::domain::report::DefaultPayload;
use callhook::domain::report::ReportKey;
use callhook::domain::request::ReportView;
use callhook::domain::webhook::MaxPerSecond;
use callhook::ports::store::{AccountTerms, PriorEntry};
use jiff::Timestamp;

use crate::target::Target;

/// The index of an SQS record in its batch.
pub(crate) type RecordIndex = usize;

/// Records that SQS must redeliver, because part of their outcome is not durable.
pub(crate) type FailedRecords = HashSet<RecordIndex>;

/// A report in flight, shared by its deliveries.
pub(crate) struct InFlightReport {
    pub(crate) account_id: AccountId,
    pub(crate) received_at: Timestamp,
    pub(crate) accepted: AcceptedReport,
    pub(crate) terms: AccountTerms,
    /// Its permits under the account's quota of deliveries, if it was deferred for them.
    pub(crate) fan_out: Option<FanOut>,
    payload: OnceLock<DefaultPayload>,
}

impl InFlightReport {
    pub(crate) fn new(
        account_id: AccountId,
        received_at: Timestamp,
        accepted: AcceptedReport,
        terms: AccountTerms,
    ) -> Self {
        Self { account_id, received_at, accepted, terms, fan_out: None, payload: OnceLock::new() }
    }

    /// The same report with its permits under the account's quota of deliveries.
    pub(crate) fn with_fan_out(mut self, fan_out: Option<FanOut>) -> Self {
        self.fan_out = fan_out;
        self
    }

    pub(crate) fn report_key(&self) -> ReportKey {
        report_key(&self.account_id, self.accepted.id)
    }

    /// The message that delivers this report alone in a later batch.
    pub(crate) fn message(&self) -> ReportsMessage {
        ReportsMessage {
            account_id: self.account_id.clone(),
            received_at: self.received_at,
            reports: vec![self.accepted.clone()],
            fan_out: self.fan_out,
        }
    }

    /// The default payload. The first delivery that needs it renders it, in its own task, so that a
    /// panic fails no other delivery.
    pub(crate) fn payload(&self) -> &DefaultPayload {
        let render = || DefaultPayload::new(&self.accepted.report, self.received_at);
        self.payload.get_or_init(render)
    }

    /// The report as requests render it.
    pub(crate) fn view(&self) -> ReportView<'_> {
        let AcceptedReport { id, report } = &self.accepted;
        ReportView { id: (*id).into(), report, zone: &self.terms.zone }
    }
}

/// A delivery that is due.
pub(crate) struct PendingDelivery {
    pub(crate) record: RecordIndex,
    pub(crate) report: Arc<InFlightReport>,
    pub(crate) webhook_id: WebhookId,
    pub(crate) trigger: Trigger,
    /// The number of the attempt among those with the same trigger, from 1.
    pub(crate) attempt: u32,
    pub(crate) due_at: Timestamp,
    /// Why it waited until now.
    pub(crate) wait: Wait,
    pub(crate) source: SourceMessage,
    /// How often its message was queued before.
    pub(crate) times_queued: u32,
    /// The log entry that it had when the batch began.
    pub(crate) prior: PriorEntry,
}

/// The kind of message that a delivery came in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceMessage {
    /// A message of reports: a first attempt, in a batch whose other reports wait for it. Nearly all
    /// such messages come from the Reports queue.
    Reports,
    /// A message of its own, from the Retries queue.
    Delivery,
}

impl PendingDelivery {
    pub(crate) fn key(&self) -> DeliveryKey {
        DeliveryKey { webhook_id: self.webhook_id, report_id: self.report.accepted.id }
    }

    /// The message that makes attempt number `attempt` at `due_at`.
    pub(crate) fn message(&self, attempt: u32, due_at: Timestamp, wait: Wait) -> DeliveryMessage {
        DeliveryMessage {
            account_id: self.report.account_id.clone(),
            received_at: self.report.received_at,
            webhook_id: self.webhook_id,
            report_id: self.report.accepted.id,
            report: Arc::clone(&self.report.accepted.report),
            trigger: self.trigger,
            attempt,
            due_at,
            wait,
            times_queued: self.times_queued.saturating_add(1),
        }
    }

    /// The change of its log entry.
    pub(crate) fn log_update(
        &self,
        attempt: Option<Attempt>,
        state: DeliveryState,
        at: Timestamp,
    ) -> DeliveryUpdate {
        DeliveryUpdate {
            key: self.key(),
            account_id: self.report.account_id.clone(),
            received_at: self.report.received_at,
            report: Arc::clone(&self.report.accepted.report),
            trigger: self.trigger,
            number: self.attempt,
            attempt,
            state,
            at,
            retention: self.report.terms.retention,
        }
    }
}

/// A delivery to be attempted now.
pub(crate) struct Job {
    pub(crate) delivery: PendingDelivery,
    pub(crate) target: Arc<Target>,
    /// When its claim to probe a half-open circuit ends; `None` if it is no probe.
    pub(crate) probe_until: Option<Timestamp>,
    /// Its send slot under a rate limit, a few seconds away at most.
    pub(crate) start_at: Option<Timestamp>,
    /// Whether its webhook has changed since it was cached: these settings end no delivery.
    pub(crate) has_stale_settings: bool,
}

impl Job {
    pub(crate) fn new(delivery: PendingDelivery, target: Arc<Target>) -> Self {
        Self { delivery, target, probe_until: None, start_at: None, has_stale_settings: false }
    }

    pub(crate) fn is_probe(&self) -> bool {
        self.probe_until.is_some()
    }

    /// Whether a probe that begins at `now` may end after its claim: by then another instance has
    /// claimed the probe, and sends its own.
    pub(crate) fn is_late_probe(&self, now: Timestamp) -> bool {
        let timeout = self.target.webhook.settings.timeout_seconds.duration();
        self.probe_until.is_some_and(|until| later(now, timeout) > until)
    }

    /// Whether a request that begins at `now` is too late for its send slot: other requests have the
    /// next ones.
    pub(crate) fn has_missed_slot(&self, now: Timestamp) -> bool {
        self.start_at.is_some_and(|at| now > later(at, MaxPerSecond::MAX_LATENESS))
    }
}

/// A delivery that the receiver accepted.
pub(crate) struct AcceptedDelivery {
    pub(crate) delivery: PendingDelivery,
    pub(crate) attempt: Attempt,
    /// When the receiver accepted it.
    pub(crate) at: Timestamp,
}

impl AcceptedDelivery {
    /// The message that logs it at `due_at`.
    pub(crate) fn message(&self, due_at: Timestamp) -> DeliveredMessage {
        let Self { delivery, attempt, at } = self;
        DeliveredMessage {
            delivery: delivery.message(delivery.attempt, due_at, delivery.wait),
            attempt: LoggedAttempt::new(attempt, delivery.trigger, delivery.attempt, *at, true),
        }
    }

    /// Whether the log has it.
    pub(crate) fn is_in(&self, entry: &LogEntry) -> bool {
        let Self { delivery, at, .. } = self;
        let same = |made: &LoggedAttempt| made.is_of(*at, delivery.attempt, delivery.trigger);
        entry.state == DeliveryState::Delivered && entry.attempts.iter().any(same)
    }
}

/// A delivery that ends without an attempt.
pub(crate) struct Skip {
    pub(crate) delivery: PendingDelivery,
    pub(crate) reason: SkipReason,
}

/// A delivery that is deferred: put back without an attempt.
pub(crate) struct Deferral {
    pub(crate) delivery: PendingDelivery,
    /// When its message is due.
    pub(crate) due_at: Timestamp,
    /// When it is sent at the earliest, as far as is known.
    pub(crate) next_attempt_at: Timestamp,
    pub(crate) wait: Wait,
    /// Whether the log shows that it waits.
    pub(crate) is_logged: bool,
}

impl Deferral {
    fn new(delivery: PendingDelivery, due_at: Timestamp, wait: Wait) -> Self {
        let is_logged = delivery.wait == Wait::Schedule;
        Self { delivery, due_at, next_attempt_at: due_at, wait, is_logged }
    }

    /// Until the circuit is half-open, but no later than `look_at`, when the delivery looks at the
    /// circuit again. Deliveries that wait for the same time are spread over the seconds after it.
    pub(crate) fn for_open_circuit(
        delivery: PendingDelivery,
        half_open: Timestamp,
        look_at: Timestamp,
    ) -> Self {
        const SPREAD: Duration = Duration::from_secs(10);
        let due_at = later(half_open, SPREAD.mul_f64(fastrand::f64())).min(look_at);
        Self { next_attempt_at: half_open, ..Self::new(delivery, due_at, Wait::Deferred) }
    }

    /// To its turn under a rate limit.
    pub(crate) fn to_turn(delivery: PendingDelivery, turn: Timestamp) -> Self {
        Self::new(delivery, turn, Wait::Slot)
    }

    /// Until the webhook's send slots can likely be read. A delivery whose turn came keeps its
    /// precedence.
    pub(crate) fn without_send_slot(delivery: PendingDelivery, until: Timestamp) -> Self {
        let wait = if delivery.wait == Wait::Slot { Wait::Slot } else { Wait::Deferred };
        Self::new(delivery, until, wait)
    }

    /// To the Retries queue, where it delays no new report.
    pub(crate) fn to_retries_queue(delivery: PendingDelivery, now: Timestamp) -> Self {
        let wait = delivery.wait;
        Self { is_logged: false, ..Self::new(delivery, now, wait) }
    }
}

pub(crate) fn report_key(account_id: &AccountId, report_id: ReportId) -> ReportKey {
    ReportKey { account_id: account_id.clone(), report_id }
}

/// `wait` after `now`.
pub(crate) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    // Waits are days at most; only a clock near the end of time overflows.
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
