//! The response header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::domain::retry::RetrySchedule;

/// The value of a response's `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// A delay after the response.
    Delay(Duration),
    /// A time, by the receiver's clock.
    At(SystemTime),
}

impl RetryAfter {
    /// The longest delay of any schedule with `Retry-After`: twice its longest delay.
    pub const MAX: Duration = Duration::from_secs(2 * RetrySchedule::MAX_SECONDS as u64);

    /// Reads the header if there is exactly one. Two contradict each other, and it is unknown which one a
    /// proxy has added.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(RETRY_AFTER).iter();
        let value = values.next()?;
        if values.next().is_some() {
            return None;
        }
        Self::parse(value.as_bytes())
    }

    /// Reads seconds (digits only, without sign and fraction) or one of the three forms of an HTTP date
    /// (section 5.6.7); `None` for anything else.
    pub fn parse(value: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(value.trim_ascii()).ok()?;
        if text.is_empty() {
            return None;
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            // Digits that overflow the integer are a very long time.
            let seconds = text.parse().unwrap_or(u64::MAX);
            return Some(Self::Delay(Duration::from_secs(seconds)));
        }
        httpdate::parse_http_date(text).ok().map(Self::At)
    }

    /// The delay from `received_at`, the time of the response: zero if the time has passed, at most
    /// [`RetryAfter::MAX`].
    pub fn since(self, received_at: SystemTime) -> Duration {
        let delay = match self {
            Self::Delay(delay) => delay,
            Self::At(time) => time.duration_since(received_at).unwrap_or_default(),
        };
        delay.min(Self::MAX)
    }
}

#[cfg(test)]
mod tests;
