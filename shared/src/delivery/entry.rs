//! What the log keeps of a delivery, and how it grows.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Attempt, DeliveryKey, DeliveryState, Evidence, NoResponse, Trigger, evidence};
use crate::account::{AccountId, Retention};
use crate::erasure::ReportKey;
use crate::ids::ReplayId;
use crate::report::Report;

/// One delivery as the log holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedDelivery {
    /// What became of it so far.
    pub entry: LogEntry,
    /// The report, for sending it again.
    pub report: Arc<Report>,
}

/// What the log holds of a delivery beside its report: deliver looks at thousands at once.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// Which delivery.
    pub key: DeliveryKey,
    /// Whose it is.
    pub account_id: AccountId,
    /// When ingest took the report.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// How many requests the retry schedule has made; those that somebody asked for not counted.
    pub scheduled_attempts: u32,
    /// What came of the requests, oldest first; at most [`LogEntry::MAX_ATTEMPTS`].
    pub attempts: Vec<LoggedAttempt>,
    /// Whether it has ever ended as failed.
    pub has_failed: bool,
    /// The replay that last came by.
    pub replay: Option<ReplayId>,
    /// Until when deliver has deferred the delivery for that replay. The state does not tell: a
    /// delivery that was accepted stays `delivered` while a replay of everything waits for its turn.
    pub replay_waits_until: Option<Timestamp>,
    /// When this was last changed.
    pub updated_at: Timestamp,
    /// Seconds since the epoch; it may be forgotten then.
    pub expires_at: i64,
    /// Changes with every write: by one, from a number that no other entry begins with.
    pub revision: u64,
    /// The responses and the evidence of its attempts were left out, to save memory. It does for deciding what is
    /// to be done; whoever writes it reads it again.
    pub is_abridged: bool,
}

/// One request of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedAttempt {
    /// When its outcome was known.
    pub at: Timestamp,
    /// Its number among those with the same trigger, from 1.
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
    /// Whether the client took it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[serde(rename = "taken")]
    pub delivered: bool,
    /// The beginning of the response's body, if it had any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseBody>,
    /// What else is known of the request; `None` of attempts that were logged before the log kept it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "evidence::as_text")]
    pub evidence: Option<Evidence>,
}

/// The beginning of a response's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseBody {
    /// It is UTF-8, but for a character cut off at its end.
    Text(String),
    /// It is not.
    Base64(String),
}

/// What happened to a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryUpdate {
    /// Which delivery.
    pub key: DeliveryKey,
    /// Whose it is.
    pub account_id: AccountId,
    /// When ingest took the report.
    pub received_at: Timestamp,
    /// The report.
    pub report: Arc<Report>,
    /// What made the attempt, or would have.
    pub trigger: Trigger,
    /// The number of the attempt among those with the same trigger, from 1.
    pub number: u32,
    /// What came of the request, if one was sent.
    pub attempt: Option<Attempt>,
    /// Where the delivery stands now, as far as this attempt goes.
    pub state: DeliveryState,
    /// When this was so.
    pub at: Timestamp,
    /// How long the log keeps it.
    pub retention: Retention,
}

impl DeliveryUpdate {
    /// Names its report.
    pub fn report_key(&self) -> ReportKey {
        ReportKey { account_id: self.account_id.clone(), report_id: self.key.report_id }
    }
}

impl LogEntry {
    /// The most attempts that are kept; of more, the oldest go. A schedule has 13.
    pub const MAX_ATTEMPTS: usize = 40;
    /// The last attempts of which requests and headers are kept: an item grows by up to 3 KiB for each.
    pub const DETAILED_ATTEMPTS: usize = 5;
    /// How long an entry that has not ended is kept after its turn, at the least, in seconds:
    /// 15 days, longer than SQS keeps the message of it.
    const KEPT_WHILE_WAITING: i64 = 15 * 24 * 60 * 60;

    /// The entry after `update`; `before` is what the log held until now.
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
        if let Some(replay) = update.trigger.replay().filter(|_| !entry.has_gone_beyond(update)) {
            let is_deferral = update.attempt.is_none();
            entry.replay = Some(replay);
            entry.replay_waits_until = update.state.next_attempt_at().filter(|_| is_deferral);
        }
        if let Some(attempt) = &update.attempt {
            let DeliveryUpdate { trigger, number, at, .. } = *update;
            let taken = update.state == DeliveryState::Delivered;
            entry.keep_attempt(LoggedAttempt::new(attempt, trigger, number, at, taken));
            if update.trigger.is_automatic() {
                entry.scheduled_attempts = entry.scheduled_attempts.max(update.number);
            }
        }
        entry.updated_at = entry.updated_at.max(update.at);
        entry.expires_at = entry.expiry(update.retention);
        entry
    }

    /// How much memory the responses of its attempts and their evidence take, in bytes.
    pub fn response_bytes(&self) -> usize {
        let bytes = |made: &LoggedAttempt| {
            let evidence = made.evidence.as_ref().map_or(0, Evidence::detail_bytes);
            evidence + made.response.as_ref().map_or(0, ResponseBody::len)
        };
        self.attempts.iter().map(bytes).sum()
    }

    /// Leaves the responses and the evidence of its attempts out.
    pub fn abridge(&mut self) {
        self.attempts.iter_mut().for_each(|made| (made.response, made.evidence) = (None, None));
        self.is_abridged = true;
    }

    /// Whether attempt `number` of `trigger` was made already or is no longer wanted, so that a
    /// repeated message causes no repeated request.
    pub fn covers(&self, trigger: &Trigger, number: u32) -> bool {
        match trigger {
            Trigger::Automatic => self.state.has_ended() || self.scheduled_attempts >= number,
            Trigger::Resend { .. } => self.has_made(trigger, number),
            Trigger::Replay { only, .. } => {
                let taken = self.state == DeliveryState::Delivered;
                self.has_made(trigger, number) || taken && *only == super::ReplayScope::Failed
            }
        }
    }

    fn has_made(&self, trigger: &Trigger, number: u32) -> bool {
        let same = |made: &LoggedAttempt| made.trigger == *trigger && made.number >= number;
        self.attempts.iter().any(same)
    }

    /// Whether the attempt of `update` is in the list already. Two attempts of the same number,
    /// made by two copies of a message, differ in their times.
    pub fn contains_attempt(&self, update: &DeliveryUpdate) -> bool {
        let DeliveryUpdate { at, number, trigger, .. } = *update;
        let is_it = |made: &LoggedAttempt| made.is_of(at, number, trigger);
        update.attempt.is_some() && self.attempts.iter().any(is_it)
    }

    /// Whether `update` is of a time before what is known: the schedule, or the replay that made
    /// it, has gone on since, or it knows nothing of an attempt that was made.
    fn has_gone_beyond(&self, update: &DeliveryUpdate) -> bool {
        let number = update.number.saturating_add(u32::from(update.attempt.is_some()));
        match update.trigger {
            Trigger::Automatic => self.scheduled_attempts >= number,
            // Each resend is one request.
            Trigger::Resend { .. } => false,
            Trigger::Replay { .. } => self.has_made(&update.trigger, number),
        }
    }

    /// Whether `update` says more of where the delivery stands than what is known. Outcomes of
    /// concurrent attempts may come in any order.
    fn is_changed_by(&self, update: &DeliveryUpdate) -> bool {
        match (&self.state, &update.state) {
            // What was taken stays taken.
            (DeliveryState::Delivered, _) => false,
            (_, DeliveryState::Delivered) => true,
            // What it led to is known already, be it the end.
            _ if self.has_gone_beyond(update) => false,
            // A scheduled retry goes on; a delivery that ended as failed stays so.
            _ if matches!(update.trigger, Trigger::Resend { .. }) => false,
            // The first word of a replay: the delivery is under way again, though it had ended.
            _ if update.trigger.replay().is_some_and(|id| self.replay != Some(id)) => true,
            // A copy of a message that was put off, after the delivery ended.
            (known, new) => update.attempt.is_some() || new.has_ended() || !known.has_ended(),
        }
    }

    /// When it may be forgotten. What still waits is kept for some time beyond its turn, however
    /// short its account keeps what has ended: it could not be told from a new one, nor shown.
    fn expiry(&self, retention: Retention) -> i64 {
        let Some(turn) = self.state.next_attempt_at().max(self.replay_waits_until) else {
            return retention.expiry(self.updated_at);
        };
        let turn = self.updated_at.max(turn);
        retention.expiry(turn).max(turn.as_second() + Self::KEPT_WHILE_WAITING)
    }

    fn keep_attempt(&mut self, attempt: LoggedAttempt) {
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

/// A first entry may take the place of another without a look at it. Whoever read that one must
/// not take this one for it, so two entries begin with the same number only by a chance of one
/// in 2^53.
fn first_revision() -> u64 {
    fastrand::u64(1..1 << 53)
}

impl LoggedAttempt {
    /// What is kept of attempt `number` of `trigger`, whose outcome was known at `at`.
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

    /// Whether it is attempt `number` of `trigger` whose outcome was known at `at`: only one is.
    pub fn is_of(&self, at: Timestamp, number: u32, trigger: Trigger) -> bool {
        (self.at, self.number, self.trigger) == (at, number, trigger)
    }

    /// What came of the request, as far as it is kept.
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

    /// The beginning of a body; `None` if there is nothing.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(Self::Text(text.to_owned())),
            // Cut off within a character.
            Err(error) if error.error_len().is_none() => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                Some(Self::Text(String::from_utf8_lossy(whole).into_owned()))
            }
            Err(_) => Some(Self::Base64(STANDARD.encode(bytes))),
        }
    }

    /// The bytes; nothing if they are not what [`ResponseBody::of`] makes.
    fn to_bytes(&self) -> Bytes {
        match self {
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
        }
    }
}

#[cfg(test)]
mod tests;
