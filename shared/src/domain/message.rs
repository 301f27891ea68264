//! Queue messages: JSON with a version and a kind.
//!
//! A message that this build does not know becomes a dead letter and is never dropped: an older
//! function may receive a newer message during a deployment.

mod erasure;
mod error;
mod incoming;
mod replay;
mod submitted;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::erasure::{AccountErasure, ErasureMessage, ReportErasure};
pub use self::error::MessageError;
pub use self::incoming::Incoming;
pub use self::replay::ReplayMessage;
pub use self::submitted::{SubmissionError, SubmittedReports};
use crate::domain::account::AccountId;
use crate::domain::delivery::{LoggedAttempt, Trigger};
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::journal::JournalRow;
use crate::domain::report::Report;
use crate::domain::retry::RetrySchedule;
use crate::input::json;

/// The version that this build writes and reads.
pub const VERSION: u32 = 1;

/// A message of the queues Reports and Retries.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Accepted reports whose webhooks are not determined yet.
    Reports(ReportsMessage),
    /// One delivery to be attempted at a given time.
    Delivery(DeliveryMessage),
    /// A successful delivery that has to be logged.
    Delivered(Box<DeliveredMessage>),
    /// Rows of the journal that could not be written.
    Journal(JournalMessage),
}

/// Accepted reports of one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportsMessage {
    /// The account they belong to.
    pub account_id: AccountId,
    /// When ingest accepted them.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub received_at: Timestamp,
    /// At most [`ReportsMessage::MAX_REPORTS`].
    pub reports: Vec<AcceptedReport>,
    /// Their permits under the account's quota of deliveries; `None` before the report has permits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_out: Option<FanOut>,
}

/// Permits of reports under their account's quota of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FanOut {
    /// The earliest time of delivery.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub due_at: Timestamp,
    /// How many deliveries of each report have permits. Those of webhooks that subscribe meanwhile have none.
    pub deliveries: u32,
}

/// A report with its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AcceptedReport {
    /// Its id.
    pub id: ReportId,
    /// The report.
    pub report: Arc<Report>,
}

/// One delivery to be attempted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryMessage {
    /// The account it belongs to.
    pub account_id: AccountId,
    /// When ingest accepted the report.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub received_at: Timestamp,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The report's id.
    pub report_id: ReportId,
    /// The report, shared by deliveries of it that fail at the same time.
    pub report: Arc<Report>,
    /// What triggers it.
    #[serde(default, skip_serializing_if = "Trigger::is_automatic")]
    pub trigger: Trigger,
    /// The number of the next attempt among those with the same trigger, from 1.
    pub attempt: u32,
    /// The earliest time of the attempt.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub due_at: Timestamp,
    /// Why it waits.
    #[serde(default, skip_serializing_if = "Wait::is_schedule")]
    pub wait: Wait,
    /// How often it was queued before, for any reason: a retry, a deferral, or to requeue it with the rest of its delay.
    #[serde(default)]
    #[serde(rename = "rounds")]
    pub times_queued: u32,
}

/// A delivery that the receiver accepted while the log could not be written: it is logged, not sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveredMessage {
    /// The delivery and its attempt.
    pub delivery: DeliveryMessage,
    /// The outcome of the attempt.
    pub attempt: LoggedAttempt,
}

/// Rows of an account's journal that have to be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalMessage {
    /// The account they belong to.
    pub account_id: AccountId,
    /// The rows of a page.
    pub rows: Vec<JournalRow>,
    /// How often they were queued before.
    #[serde(rename = "rounds")]
    pub times_queued: u32,
}

/// Why a delivery waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// It waits for its retry schedule, or for its first attempt.
    #[default]
    Schedule,
    /// It was deferred without a request, which is logged.
    Deferred,
    /// It was deferred to its turn under the webhook's rate limit, and takes a send slot before new
    /// deliveries do.
    Slot,
}

impl Wait {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    fn is_schedule(&self) -> bool {
        *self == Self::Schedule
    }
}

impl ReportsMessage {
    /// The most reports in a message. It bounds the work that a crash repeats.
    pub const MAX_REPORTS: usize = 25;
    /// The largest message, in bytes. SQS allows 1 MiB for a message and for a batch of ten; a quarter
    /// of that keeps an event of ten messages below Lambda's 6 MB, including JSON escapes.
    pub const MAX_BYTES: usize = 256 * 1024;
    /// The most JSON values in a message: those of its reports, the webhooks that they name, and the envelope.
    const MAX_VALUES: usize = Self::MAX_REPORTS * (Report::MAX_VALUES + Report::MAX_WEBHOOKS + 16);
    /// Messages up to this length are not counted: they cannot hold many more values.
    const ALWAYS_READ: usize = 2 * Self::MAX_VALUES;
}

#[derive(Deserialize)]
struct Head<'a> {
    v: u32,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
}

impl<'a> Head<'a> {
    /// The kind of a message of this version. The head is read first, as the rest of another version may have any shape.
    fn kind_of(body: &'a str) -> Result<Option<Cow<'a, str>>, MessageError> {
        let head: Self = serde_json::from_str(body)?;
        if head.v == VERSION { Ok(head.kind) } else { Err(MessageError::UnknownVersion(head.v)) }
    }
}

const REPORTS: &str = "reports";
const DELIVERY: &str = "delivery";
const DELIVERED: &str = "taken";
const JOURNAL: &str = "journal";

#[derive(Serialize)]
struct Envelope<'a, T> {
    v: u32,
    kind: &'static str,
    #[serde(flatten)]
    content: &'a T,
}

impl ReportsMessage {
    /// Reads a message of reports. A producer may have sent it, so its values are counted before they are parsed into
    /// memory.
    fn parse(body: &str) -> Result<Self, MessageError> {
        // Reserved names begin with `$`, which may be escaped.
        if body.len() > Self::ALWAYS_READ || body.contains("\"$") || body.contains("\"\\") {
            json::check(body, Self::MAX_VALUES)?;
        }
        Ok(serde_json::from_str(body)?)
    }

    /// The message as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json(REPORTS, self)
    }
}

impl DeliveryMessage {
    /// More than any delivery needs: 169 days of 15-minute delays are 16,224.
    const MAX_TIMES_QUEUED: u32 = 100_000;

    /// Whether it is older, was attempted more often, or was queued more often than any retry schedule
    /// needs. Lambda does not stop deliver from sending to itself (`RecursiveLoop`), so this limit does,
    /// even if clocks are wrong.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.trigger.began_at(self.received_at));
        self.attempt > RetrySchedule::MAX_ATTEMPTS
            || self.times_queued > Self::MAX_TIMES_QUEUED
            || age.is_positive() && age.unsigned_abs() > RetrySchedule::MAX_AGE
    }

    /// The message as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json(DELIVERY, self)
    }
}

impl DeliveredMessage {
    /// The message as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json(DELIVERED, self)
    }
}

impl JournalMessage {
    /// More than any page needs: at a minute each, a week.
    pub const MAX_TIMES_QUEUED: u32 = 10_000;

    /// The message as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json(JOURNAL, self)
    }
}

fn to_json<T: Serialize>(kind: &'static str, content: &T) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(&Envelope { v: VERSION, kind, content })?;
    // SQS accepts XML characters only, which exclude these two. In JSON they can only be in strings, where an
    // escape is equivalent.
    Ok(if json.contains(['\u{FFFE}', '\u{FFFF}']) {
        json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff")
    } else {
        json
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use bytes::Bytes;

    use crate::domain::delivery::{Attempt, ReplayScope};
    use crate::domain::report::id::IdempotencyKey;

    fn accepted(json: &str) -> AcceptedReport {
        let report = Report::parse(json).unwrap();
        let key = Some(IdempotencyKey::OfReport("k"));
        let account = "acme".parse().unwrap();
        AcceptedReport {
            id: ReportId::derive(&account, &report, key, Timestamp::UNIX_EPOCH),
            report: Arc::new(report),
        }
    }

    #[test]
    fn messages_read_back_what_they_write() {
        let accepted = accepted(r#"{"from":12345678901234567890123,"x":1.50,"status":"ANSWER"}"#);
        let reports = ReportsMessage {
            account_id: "acme".parse().unwrap(),
            received_at: Timestamp::from_millisecond(1_700_000_000_123).unwrap(),
            reports: vec![accepted.clone()],
            fan_out: None,
        };
        let json = reports.to_json().unwrap();
        insta::assert_snapshot!(json);
        assert_eq!(Message::parse(&json).unwrap(), Message::Reports(reports.clone()));
        let due_at = Timestamp::from_millisecond(1_700_000_005_678).unwrap();
        let deferred =
            ReportsMessage { fan_out: Some(FanOut { due_at, deliveries: 7 }), ..reports };
        let json = deferred.to_json().unwrap();
        assert!(json.ends_with(r#","fan_out":{"due_at":1700000005678,"deliveries":7}}"#), "{json}");
        assert_eq!(Message::parse(&json).unwrap(), Message::Reports(deferred));

        let delivery = DeliveryMessage {
            account_id: "acme".parse().unwrap(),
            received_at: Timestamp::from_millisecond(1_700_000_000_123).unwrap(),
            webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            report_id: accepted.id,
            report: accepted.report,
            trigger: Trigger::Automatic,
            attempt: 2,
            due_at: Timestamp::from_millisecond(1_700_000_005_000).unwrap(),
            wait: Wait::Schedule,
            times_queued: 0,
        };
        let json = delivery.to_json().unwrap();
        insta::assert_snapshot!(json);
        assert_eq!(Message::parse(&json).unwrap(), Message::Delivery(delivery.clone()));

        let id = "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap();
        let trigger = Trigger::Replay { id, only: ReplayScope::All };
        let replayed = DeliveryMessage { trigger, wait: Wait::Slot, ..delivery };
        let json = replayed.to_json().unwrap();
        insta::assert_snapshot!(json);
        assert_eq!(Message::parse(&json).unwrap(), Message::Delivery(replayed.clone()));

        let made = Attempt {
            result: Ok(200),
            latency: Duration::from_millis(7),
            body: Bytes::from_static(b"\xff"),
            is_cut: false,
            retry_after: None,
            evidence: None,
        };
        let attempt = LoggedAttempt::new(&made, trigger, 2, Timestamp::UNIX_EPOCH, true);
        assert_eq!(attempt.attempt(), made);
        let delivered = DeliveredMessage { delivery: replayed, attempt };
        let json = delivered.to_json().unwrap();
        insta::assert_snapshot!(json);
        assert_eq!(Message::parse(&json).unwrap(), Message::Delivered(delivered.into()));
    }

    #[test]
    fn characters_that_sqs_refuses_are_escaped() {
        let message = ReportsMessage {
            account_id: "acme".parse().unwrap(),
            received_at: Timestamp::UNIX_EPOCH,
            reports: vec![accepted("{\"status\":\"a\u{FFFE}b\u{FFFF}\\u0000\"}")],
            fan_out: None,
        };
        let json = message.to_json().unwrap();
        let accepted = |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
        assert!(json.chars().all(accepted), "{json}");
        assert_eq!(Message::parse(&json).unwrap(), Message::Reports(message));
    }

    #[test]
    fn unknown_messages_are_errors() {
        for (body, why) in [
            ("", "cannot be read"),
            ("{}", "cannot be read"),
            (r#"{"v":2,"kind":"reports","whatever":[]}"#, "version 2"),
            (r#"{"v":1,"kind":"parcel"}"#, "unknown kind"),
            (r#"{"v":1}"#, "unknown kind"),
            (r#"{"v":1,"kind":"reports","account_id":"a#b"}"#, "cannot be read"),
        ] {
            let error = Message::parse(body).unwrap_err().to_string();
            assert!(error.contains(why), "{body}: {error}");
        }
    }
}
