//! Deliveries: one report on its way to one webhook.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{ReportId, WebhookId};

/// Names a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryKey {
    /// Where to.
    pub webhook_id: WebhookId,
    /// What.
    pub report_id: ReportId,
}

/// What came of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The answer, or why there was none.
    pub result: Result<u16, NoResponse>,
    /// From the start of the request to the response or the error.
    pub latency: Duration,
    /// The beginning of the response's body, at most [`Attempt::MAX_BODY`] bytes.
    pub body: Bytes,
    /// How long after the response the client asks to be left alone, at most
    /// [`RetryAfter::MAX`](crate::retry_after::RetryAfter::MAX); of a 429 or 503 only.
    pub retry_after: Option<Duration>,
}

impl Attempt {
    /// How much of a response's body is kept.
    pub const MAX_BODY: usize = 1024;
}

/// Why an attempt got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoResponse {
    /// The attempt's time was over.
    #[error("no response within the timeout")]
    Timeout,
    /// No connection: refused, unreachable, an unknown host, or TLS failed.
    #[error("no connection could be made")]
    Connect,
    /// The connection broke, or what came was not HTTP.
    #[error("the connection broke or the answer was not HTTP")]
    Broken,
}

/// Where a delivery stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum DeliveryState {
    /// The client took it.
    Delivered,
    /// An attempt failed; another follows.
    Retrying {
        /// When, at the earliest.
        next_attempt_at: Timestamp,
    },
    /// No attempt is left, or none can be made.
    Failed {
        /// Why: a sentence without values of the report or secrets.
        reason: String,
    },
    /// It was not tried, or not again.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
}

/// Why a delivery was not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Its owner paused the webhook.
    #[error("the webhook is inactive")]
    WebhookInactive,
    /// There is no such webhook, or no longer.
    #[error("the webhook does not exist")]
    WebhookDeleted,
    /// It is older, or was tried more often, than any retry schedule allows.
    #[error("the delivery is older than any retry schedule allows")]
    Expired,
}

/// What the log keeps of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Which delivery.
    pub key: DeliveryKey,
    /// Where it stands.
    pub state: DeliveryState,
    /// How many requests were sent.
    pub attempts: u32,
    /// What came of the last one, if one was sent now.
    pub last_attempt: Option<Attempt>,
    /// When this was so.
    pub at: Timestamp,
}

/// What the log knew of a delivery before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedDelivery {
    /// How many requests were sent.
    pub attempts: u32,
    /// Whether it has ended: delivered, failed or skipped.
    pub ended: bool,
}

impl LoggedDelivery {
    /// Whether attempt number `attempt` (from 1) was already made or is no longer wanted, so
    /// that a repeated message causes no repeated request.
    pub fn covers(&self, attempt: u32) -> bool {
        self.ended || self.attempts >= attempt
    }
}
