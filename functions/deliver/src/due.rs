//! What an event brings: reports on their way, and deliveries whose turn it is.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use callhook::account::AccountId;
use callhook::delivery::{
    Attempt, DeliveryKey, DeliveryState, DeliveryUpdate, LogEntry, LoggedAttempt, SkipReason,
    Trigger,
};
use callhook::ids::WebhookId;
use callhook::message::{
    AcceptedReport, DeliveredMessage, DeliveryMessage, FanOut, ReportsMessage, Wait,
};
use callhook::report::DefaultPayload;
use callhook::request::ReportView;
use callhook::store::{AccountTerms, PriorEntry};
use callhook::webhook::MaxPerSecond;
use jiff::Timestamp;

use crate::target::Target;

/// Which record of the event something belongs to.
pub(crate) type RecordIndex = usize;

/// A report on its way, shared by its deliveries.
pub(crate) struct InFlightReport {
    pub(crate) account_id: AccountId,
    pub(crate) received_at: Timestamp,
    pub(crate) accepted: AcceptedReport,
    pub(crate) terms: AccountTerms,
    /// Its places under the account's quota of deliveries, if it has some.
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

    /// The same with its places under the account's quota of deliveries.
    pub(crate) fn with_places(mut self, fan_out: Option<FanOut>) -> Self {
        self.fan_out = fan_out;
        self
    }

    /// The message that has it delivered later, by itself.
    pub(crate) fn message(&self) -> ReportsMessage {
        ReportsMessage {
            account_id: self.account_id.clone(),
            received_at: self.received_at,
            reports: vec![self.accepted.clone()],
            fan_out: self.fan_out,
        }
    }

    /// The default payload, rendered by the first delivery that needs it: in that delivery's
    /// task, where a panic harms nobody else.
    pub(crate) fn payload(&self) -> &DefaultPayload {
        let render = || DefaultPayload::new(&self.accepted.report, self.received_at);
        self.payload.get_or_init(render)
    }

    /// The report as requests for it need it.
    pub(crate) fn view(&self) -> ReportView<'_> {
        let AcceptedReport { id, report } = &self.accepted;
        ReportView { id: (*id).into(), report, zone: &self.terms.zone }
    }
}

/// A delivery whose turn it is.
pub(crate) struct PendingDelivery {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<InFlightReport>,
    pub(crate) webhook_id: WebhookId,
    pub(crate) trigger: Trigger,
    /// The number of the attempt among those with the same trigger, from 1.
    pub(crate) attempt: u32,
    /// When its time came.
    pub(crate) at: Timestamp,
    /// Why it waited until now.
    pub(crate) wait: Wait,
    pub(crate) source: SourceQueue,
    /// How often its message was queued before.
    pub(crate) times_queued: u32,
    /// What the log held of it.
    pub(crate) before: PriorEntry,
}

/// Which queue a delivery came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceQueue {
    /// With others, straight from ingest: who is slow here delays new reports.
    Reports,
    /// On its own, from the Retries queue.
    Retries,
}

impl PendingDelivery {
    pub(crate) fn key(&self) -> DeliveryKey {
        DeliveryKey { webhook_id: self.webhook_id, report_id: self.parcel.accepted.id }
    }

    /// The message that has attempt number `attempt` made at `due_at`.
    pub(crate) fn message(&self, attempt: u32, due_at: Timestamp, wait: Wait) -> DeliveryMessage {
        DeliveryMessage {
            account_id: self.parcel.account_id.clone(),
            received_at: self.parcel.received_at,
            webhook_id: self.webhook_id,
            report_id: self.parcel.accepted.id,
            report: Arc::clone(&self.parcel.accepted.report),
            trigger: self.trigger,
            attempt,
            due_at,
            wait,
            times_queued: self.times_queued.saturating_add(1),
        }
    }

    /// What the log is told.
    pub(crate) fn record(
        &self,
        attempt: Option<Attempt>,
        state: DeliveryState,
        at: Timestamp,
    ) -> DeliveryUpdate {
        DeliveryUpdate {
            key: self.key(),
            account_id: self.parcel.account_id.clone(),
            received_at: self.parcel.received_at,
            report: Arc::clone(&self.parcel.accepted.report),
            trigger: self.trigger,
            number: self.attempt,
            attempt,
            state,
            at,
            retention: self.parcel.terms.retention,
        }
    }
}

/// One delivery to be attempted now.
pub(crate) struct Job {
    pub(crate) due: PendingDelivery,
    pub(crate) target: Arc<Target>,
    /// It tries whether an open circuit may be closed, and has until then to tell.
    pub(crate) probe_until: Option<Timestamp>,
    /// Under a rate limit: not before then, and not much later; a few seconds away at most.
    pub(crate) start_at: Option<Timestamp>,
    /// Its webhook has changed since: what the settings say ends nothing.
    pub(crate) is_outdated: bool,
}

impl Job {
    pub(crate) fn is_probe(&self) -> bool {
        self.probe_until.is_some()
    }

    /// Whether what comes of a request that begins at `now` may be told too late: by then another
    /// instance has claimed the probe, and sends its own.
    pub(crate) fn is_late_probe(&self, now: Timestamp) -> bool {
        let timeout = self.target.webhook.settings.timeout_seconds.duration();
        self.probe_until.is_some_and(|until| later(now, timeout) > until)
    }

    /// Whether a request that begins at `now` is too late for its send time: others have those
    /// that follow.
    pub(crate) fn has_missed_slot(&self, now: Timestamp) -> bool {
        self.start_at.is_some_and(|at| now > later(at, MaxPerSecond::MAX_LATENESS))
    }
}

/// A delivery that the client took.
pub(crate) struct Taken {
    pub(crate) due: PendingDelivery,
    pub(crate) attempt: Attempt,
    /// When.
    pub(crate) at: Timestamp,
}

impl Taken {
    /// The message that has it logged at `due_at`.
    pub(crate) fn message(&self, due_at: Timestamp) -> DeliveredMessage {
        let Self { due, attempt, at } = self;
        DeliveredMessage {
            delivery: due.message(due.attempt, due_at, due.wait),
            attempt: LoggedAttempt::new(attempt, due.trigger, due.attempt, *at, true),
        }
    }

    /// Whether the log knows of it.
    pub(crate) fn is_in(&self, entry: &LogEntry) -> bool {
        let same = |made: &LoggedAttempt| made.is_of(self.at, self.due.attempt, self.due.trigger);
        entry.state == DeliveryState::Delivered && entry.attempts.iter().any(same)
    }
}

/// A delivery that is not attempted, and never will be by itself.
pub(crate) struct Skip {
    pub(crate) due: PendingDelivery,
    pub(crate) reason: SkipReason,
}

/// A delivery that is deferred without a request and without using an attempt.
pub(crate) struct Deferral {
    pub(crate) due: PendingDelivery,
    /// When its message comes back.
    pub(crate) until: Timestamp,
    /// When it is sent at the earliest, as far as is known.
    pub(crate) next_attempt_at: Timestamp,
    pub(crate) wait: Wait,
    /// Whether those who look the delivery up should know.
    pub(crate) is_logged: bool,
}

impl Deferral {
    /// Until a circuit is half-open, or until it is worth while to look at it again (`look_at`).
    /// Those that wait for the same moment are spread over the seconds after it.
    pub(crate) fn until_circuit(
        due: PendingDelivery,
        half_open: Timestamp,
        look_at: Timestamp,
    ) -> Self {
        const SPREAD: Duration = Duration::from_secs(10);
        let until = later(half_open, SPREAD.mul_f64(fastrand::f64())).min(look_at);
        let is_logged = due.wait == Wait::Schedule;
        Self { due, until, next_attempt_at: half_open, wait: Wait::Deferred, is_logged }
    }

    /// To its turn under a rate limit.
    pub(crate) fn to_turn(due: PendingDelivery, turn: Timestamp) -> Self {
        let is_logged = due.wait == Wait::Schedule;
        Self { due, until: turn, next_attempt_at: turn, wait: Wait::Slot, is_logged }
    }

    /// Until its webhook's rate limit can likely be read. A turn that came is not lost by that.
    pub(crate) fn unpaced(due: PendingDelivery, until: Timestamp) -> Self {
        let is_logged = due.wait == Wait::Schedule;
        let wait = if due.wait == Wait::Slot { Wait::Slot } else { Wait::Deferred };
        Self { due, until, next_attempt_at: until, wait, is_logged }
    }

    /// Out of the way of new reports.
    pub(crate) fn to_back_lane(due: PendingDelivery, now: Timestamp) -> Self {
        let wait = due.wait;
        Self { due, until: now, next_attempt_at: now, wait, is_logged: false }
    }
}

/// `wait` after `now`.
pub(crate) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    // Days at most; the end of time is far.
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
