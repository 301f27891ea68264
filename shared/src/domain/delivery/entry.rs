//! Log entries of deliveries, and how updates change them.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Attempt, DeliveryKey, DeliveryState, Evidence, NoResponse, Trigger, evidence};
use crate::domain::account::{AccountId, Retention};
use crate::domain::ids::ReplayId;
use crate::domain::report::Report;
use crate::domain::report::ReportKey;

/// A delivery in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedDelivery {
    /// Its log entry.
    pub entry: LogEntry,
    /// The report, for resends and replays.
    pub report: Arc<Report>,
}

/// A log entry of a delivery, without its report: deliver holds thousands in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// The delivery.
    pub key: DeliveryKey,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// When ingest accepted the report.
    pub received_at: Timestamp,
    /// Its state.
    pub state: DeliveryState,
    /// The number of requests by the retry schedule, without resends and replays.
    pub scheduled_attempts: u32,
    /// The last attempts, oldest first; at most [`LogEntry::MAX_ATTEMPTS`].
    pub attempts: Vec<LoggedAttempt>,
    /// Whether it has ever ended as failed.
    pub has_failed: bool,
    /// The last replay that included it.
    pub replay: Option<ReplayId>,
    /// Until when deliver has deferred the delivery for that replay. The state does not show it: a
    /// delivered one stays `delivered` while a replay of all deliveries waits for its turn.
    pub replay_waits_until: Option<Timestamp>,
    /// When the entry was last changed.
    pub updated_at: Timestamp,
    /// When the entry expires, in seconds since the epoch.
    pub expires_at: i64,
    /// Incremented by every write, from a random first number.
    pub revision: u64,
    /// Whether the responses and the evidence of its attempts were left out, to save memory. An abridged entry is read
    /// again before it is written.
    pub is_abridged: bool,
}

/// One request of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedAttempt {
    /// When its outcome was known.
    pub at: Timestamp,
    /// Its number among the attempts with the same trigger, from 1.
    pub number: u32,
    /// Why it was sent.
    #[serde(default, skip_serializing_if = "Trigger::is_automatic")]
    pub trigger: Trigger,
    /// The response's status code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// Why there was no response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<NoResponse>,
    /// From the start of the request to the response or the error.
    pub latency_ms: u64,
    /// Whether the receiver accepted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[serde(rename = "taken")]
    pub delivered: bool,
    /// The first bytes of the response's body, if it had any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseBody>,
    /// Details of the request; `None` if the version that logged it kept none.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "evidence::as_text")]
    pub evidence: Option<Evidence>,
}

/// The first bytes of a response's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseBody {
    /// UTF-8, without a character that was cut off at the end.
    Text(String),
    /// Other bytes.
    Base64(String),
}

/// An update of a delivery: the outcome of an attempt, a deferral, or an end without a request.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryUpdate {
    /// The delivery.
    pub key: DeliveryKey,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// When ingest accepted the report.
    pub received_at: Timestamp,
    /// The report.
    pub report: Arc<Report>,
    /// The trigger of the attempt, or of the attempt that was not made.
    pub trigger: Trigger,
    /// The number of the attempt among those with the same trigger, from 1.
    pub number: u32,
    /// The outcome of the request, if one was sent.
    pub attempt: Option<Attempt>,
    /// The state that follows from this update alone.
    pub state: DeliveryState,
    /// When it happened.
    pub at: Timestamp,
    /// How long the log keeps the entry.
    pub retention: Retention,
}

impl DeliveryUpdate {
    /// The key of its report.
    pub fn report_key(&self) -> ReportKey {
        ReportKey { account_id: self.account_id.clone(), report_id: self.key.report_id }
    }
}

impl LogEntry {
    /// The most attempts that are kept; the oldest are dropped. A schedule has 13.
    pub const MAX_ATTEMPTS: usize = 40;
    /// The number of last attempts whose requests and headers are kept: each adds up to 3 KiB to the item.
    pub const DETAILED_ATTEMPTS: usize = 5;
    /// The least time for which the entry of a delivery that has not ended is kept after its next attempt, in
    /// seconds: 15 days, longer than SQS keeps its message.
    const KEPT_WHILE_WAITING: i64 = 15 * 24 * 60 * 60;

    /// The entry `before` with `update` applied; a new one if `before` is `None`.
    pub fn after(before: Option<Self>, update: &DeliveryUpdate) -> Self {
        let is_known = before.is_some();
        let mut entry = before.unwrap_or_else(|| Self {
            key: update.key,
            account_id: update.account_id.clone(),
            received_at: update.received_at,
            state: update.state.clone(),
            scheduled_attempts: 0,
            attempts: Vec::new(),
            has_failed: false,
            replay: None,
            replay_waits_until: None,
            updated_at: update.at,
            expires_at: 0,
            revision: first_revision(),
            is_abridged: false,
        });
        if is_known {
            entry.revision += 1;
        }
        if is_known && entry.is_changed_by(update) {
            entry.state = update.state.clone();
        }
        entry.has_failed |= matches!(entry.state, DeliveryState::Failed { .. });
        if let Some(replay) = update.trigger.replay().filter(|_| !entry.is_ahead_of(update)) {
            let is_deferral = update.attempt.is_none();
            entry.replay = Some(replay);
            entry.replay_waits_until = update.state.next_attempt_at().filter(|_| is_deferral);
        }
        if let Some(attempt) = &update.attempt {
            let DeliveryUpdate { trigger, number, at, .. } = *update;
            let delivered = update.state == DeliveryState::Delivered;
            entry.push_attempt(LoggedAttempt::new(attempt, trigger, number, at, delivered));
            if update.trigger.is_automatic() {
                entry.scheduled_attempts = entry.scheduled_attempts.max(update.number);
            }
        }
        entry.updated_at = entry.updated_at.max(update.at);
        entry.expires_at = entry.expiry(update.retention);
        entry
    }

    /// The memory of its attempts' responses and evidence, in bytes.
    pub fn response_bytes(&self) -> usize {
        let bytes = |made: &LoggedAttempt| {
            let evidence = made.evidence.as_ref().map_or(0, Evidence::detail_bytes);
            evidence + made.response.as_ref().map_or(0, ResponseBody::len)
        };
        self.attempts.iter().map(bytes).sum()
    }

    /// Drops the responses and the evidence of its attempts.
    pub fn abridge(&mut self) {
        self.attempts.iter_mut().for_each(|made| (made.response, made.evidence) = (None, None));
        self.is_abridged = true;
    }

    /// Whether attempt `number` of `trigger` was made already or is no longer wanted, so that a
    /// redelivered message causes no repeated request.
    pub fn covers(&self, trigger: &Trigger, number: u32) -> bool {
        match trigger {
            Trigger::Automatic => self.state.has_ended() || self.scheduled_attempts >= number,
            Trigger::Resend { .. } => self.has_made(trigger, number),
            Trigger::Replay { only, .. } => {
                let delivered = self.state == DeliveryState::Delivered;
                self.has_made(trigger, number) || delivered && *only == super::ReplayScope::Failed
            }
        }
    }

    fn has_made(&self, trigger: &Trigger, number: u32) -> bool {
        let same = |made: &LoggedAttempt| made.trigger == *trigger && made.number >= number;
        self.attempts.iter().any(same)
    }

    /// Whether the attempt of `update` is in the entry already. Two attempts with the same number,
    /// made by two copies of a message, differ in their times.
    pub fn contains_attempt(&self, update: &DeliveryUpdate) -> bool {
        let DeliveryUpdate { at, number, trigger, .. } = *update;
        let is_it = |made: &LoggedAttempt| made.is_of(at, number, trigger);
        update.attempt.is_some() && self.attempts.iter().any(is_it)
    }

    /// Whether `update` is stale: its schedule or replay has made a later attempt since, or the one that it defers.
    fn is_ahead_of(&self, update: &DeliveryUpdate) -> bool {
        let number = update.number.saturating_add(u32::from(update.attempt.is_some()));
        match update.trigger {
            Trigger::Automatic => self.scheduled_attempts >= number,
            // Each resend is one request.
            Trigger::Resend { .. } => false,
            Trigger::Replay { .. } => self.has_made(&update.trigger, number),
        }
    }

    /// Whether `update` changes the state. Updates of concurrent attempts may be applied in any
    /// order.
    fn is_changed_by(&self, update: &DeliveryUpdate) -> bool {
        match (&self.state, &update.state) {
            // A delivered one stays delivered.
            (DeliveryState::Delivered, _) => false,
            (_, DeliveryState::Delivered) => true,
            // A stale update.
            _ if self.is_ahead_of(update) => false,
            // A failed resend neither stops a scheduled retry nor reopens a failed delivery.
            _ if !update.trigger.follows_schedule() => false,
            // The first update of a replay reopens a delivery that had ended.
            _ if update.trigger.replay().is_some_and(|id| self.replay != Some(id)) => true,
            // A deferral by a copy of a message does not reopen a delivery that has ended.
            (known, new) => update.attempt.is_some() || new.has_ended() || !known.has_ended(),
        }
    }

    /// When the entry expires. The entry of a delivery that waits is kept for some time after its next
    /// attempt, however short the account's retention is: without it, deliver would take the delivery for a
    /// new one, and the API could not show it.
    fn expiry(&self, retention: Retention) -> i64 {
        let Some(turn) = self.state.next_attempt_at().max(self.replay_waits_until) else {
            return retention.expiry(self.updated_at);
        };
        let turn = self.updated_at.max(turn);
        retention.expiry(turn).max(turn.as_second() + Self::KEPT_WHILE_WAITING)
    }

    fn push_attempt(&mut self, attempt: LoggedAttempt) {
        if self.attempts.len() >= Self::MAX_ATTEMPTS {
            self.attempts.remove(0);
        }
        self.attempts.push(attempt);
        let outgrown = self.attempts.iter_mut().rev().nth(Self::DETAILED_ATTEMPTS);
        if let Some(evidence) = outgrown.and_then(|made| made.evidence.as_mut()) {
            evidence.abridge();
        }
    }
}

/// A first entry may overwrite another without reading it. A writer that read the other one must
/// notice that, so two entries begin with the same number only by a chance of one in 2^53.
fn first_revision() -> u64 {
    fastrand::u64(1..1 << 53)
}

impl LoggedAttempt {
    /// The log's form of attempt `number` of `trigger`, whose outcome was known at `at`.
    pub fn new(
        attempt: &Attempt,
        trigger: Trigger,
        number: u32,
        at: Timestamp,
        delivered: bool,
    ) -> Self {
        Self {
            at,
            number,
            trigger,
            status_code: attempt.result.ok(),
            error: attempt.result.err(),
            latency_ms: u64::try_from(attempt.latency.as_millis()).unwrap_or(u64::MAX),
            delivered,
            response: ResponseBody::of(&attempt.body),
            evidence: attempt.evidence.clone(),
        }
    }

    /// Whether it is attempt `number` of `trigger` whose outcome was known at `at`. These three identify an attempt.
    pub fn is_of(&self, at: Timestamp, number: u32, trigger: Trigger) -> bool {
        (self.at, self.number, self.trigger) == (at, number, trigger)
    }

    /// The outcome of the request, as far as it is kept.
    pub fn attempt(&self) -> Attempt {
        let no_response = self.error.unwrap_or(NoResponse::Broken);
        Attempt {
            result: self.status_code.ok_or(no_response),
            latency: Duration::from_millis(self.latency_ms),
            body: self.response.as_ref().map(ResponseBody::to_bytes).unwrap_or_default(),
            is_cut: false,
            retry_after: None,
            evidence: self.evidence.clone(),
        }
    }
}

impl ResponseBody {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) | Self::Base64(text) => text.len(),
        }
    }

    /// The first bytes of a body; `None` if there are none.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(Self::Text(text.to_owned())),
            // The last character is cut off.
            Err(error) if error.error_len().is_none() => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                Some(Self::Text(String::from_utf8_lossy(whole).into_owned()))
            }
            Err(_) => Some(Self::Base64(STANDARD.encode(bytes))),
        }
    }

    /// The bytes; empty if the Base64 is invalid.
    fn to_bytes(&self) -> Bytes {
        match self {
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
        }
    }
}

#[cfg(test)]
mod tests;
