//! Deliveries: one report on its way to one webhook.

mod entry;
mod evidence;
mod explanation;
mod filter;
mod no_response;
mod state;
mod success_codes;
mod summary;
mod times;
mod trigger;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;

pub use self::entry::{DeliveryUpdate, LogEntry, LoggedAttempt, LoggedDelivery, ResponseBody};
pub use self::evidence::{Evidence, HttpVersion, ResponseHeaders};
pub use self::explanation::OutcomeExplanation;
pub use self::filter::{DeliveryFilter, StatusFilter, UndeliveredFilter};
pub use self::no_response::NoResponse;
pub use self::state::{DeliveryState, SkipReason};
pub use self::success_codes::SuccessCodes;
pub use self::summary::{DeliverySummary, LoggedReport};
pub use self::times::{ReportIds, ReportTimes, Span};
pub use self::trigger::{ReplayScope, Trigger};
use crate::domain::ids::{InvalidId, ReportId, WebhookId};

/// Identifies a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The report.
    pub report_id: ReportId,
}

/// A delivery's id in the API: `<webhook id>.<report id>`.
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

/// The outcome of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The response's status code, or why there was no response.
    pub result: Result<u16, NoResponse>,
    /// From the start of the request to the response or the error.
    pub latency: Duration,
    /// The first bytes of the response's body, at most [`Attempt::MAX_BODY`].
    pub body: Bytes,
    /// Whether the body is longer than `body`, or was interrupted.
    pub is_cut: bool,
    /// The `Retry-After` of a 429 or 503, counted from the response, at most
    /// [`RetryAfter::MAX`](crate::domain::retry_after::RetryAfter::MAX).
    pub retry_after: Option<Duration>,
    /// Details of the request; `None` if no request was sent, or if the version that logged it kept none.
    pub evidence: Option<Evidence>,
}

impl Attempt {
    /// How much of a response's body is kept, in bytes.
    pub const MAX_BODY: usize = 1024;
}
