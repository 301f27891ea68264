//! Deliveries: one report on its way to one webhook.

mod entry;
mod filter;
mod state;
mod summary;
mod times;
mod trigger;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub use self::entry::{DeliveryRecord, LogEntry, LoggedAttempt, LoggedDelivery, ResponseBody};
pub use self::filter::{DeliveryFilter, StatusFilter};
pub use self::state::{DeliveryState, SkipReason};
pub use self::summary::{DeliverySummary, LoggedReport};
pub use self::times::{ReportIds, ReportTimes, Span};
pub use self::trigger::{ReplayScope, Trigger};
use crate::ids::{InvalidId, ReportId, WebhookId};

/// Names a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// Where to.
    pub webhook_id: WebhookId,
    /// What.
    pub report_id: ReportId,
}

/// A delivery's id as clients see it: `<webhook id>.<report id>`.
impl fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.webhook_id, self.report_id)
    }
}

impl FromStr for DeliveryKey {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (webhook_id, report_id) = text.split_once('.').ok_or(InvalidId)?;
        Ok(Self { webhook_id: webhook_id.parse()?, report_id: report_id.parse()? })
    }
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
    /// No request was sent: the webhook's templates make none of the report.
    #[error("the webhook's templates could not be rendered for this report")]
    NotSent,
    /// No request was sent: the text of the webhook's URL shows that it may not go there.
    #[error("no request may go to the webhook's URL; a preview of the webhook says why")]
    RefusedUrl,
    /// No request was sent: the host of the webhook's URL has an address that is not public.
    #[error("the host of the webhook's URL has an address that is not on the public internet")]
    RefusedAddress,
}

impl NoResponse {
    /// Whether the rules for addresses forbade the request: trying again would not help.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::RefusedUrl | Self::RefusedAddress)
    }
}

impl NoResponse {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Timeout, Self::Connect, Self::Broken, Self::NotSent];
}
