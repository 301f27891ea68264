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
mod tests {
    use super::*;
    use http::HeaderValue;

    /// The delay that `value` asks for in a response a minute before 1994-11-06 08:49:37 GMT,
    /// the time of the examples in RFC 9110.
    fn delay(value: &str) -> Option<u64> {
        let received_at = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 60);
        RetryAfter::parse(value.as_bytes()).map(|value| value.since(received_at).as_secs())
    }

    #[test]
    fn seconds_and_the_three_forms_of_a_date_are_read() {
        assert_eq!(delay("0"), Some(0));
        assert_eq!(delay("120"), Some(120));
        assert_eq!(delay(" 0120\t"), Some(120));
        assert_eq!(delay("Sun, 06 Nov 1994 08:49:37 GMT"), Some(60));
        assert_eq!(delay("Sunday, 06-Nov-94 08:49:37 GMT"), Some(60));
        assert_eq!(delay("Sun Nov  6 08:49:37 1994"), Some(60));
    }

    #[test]
    fn a_time_in_the_past_is_no_delay() {
        assert_eq!(delay("Sun, 06 Nov 1994 08:48:36 GMT"), Some(0));
        assert_eq!(delay("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn very_long_delays_are_capped() {
        let longest = Some(RetryAfter::MAX.as_secs());
        assert_eq!(delay("1209601"), longest);
        assert_eq!(delay(&u64::MAX.to_string()), longest);
        assert_eq!(delay(&"9".repeat(8_000)), longest);
        assert_eq!(delay("Fri, 31 Dec 9999 23:59:59 GMT"), longest);
    }

    #[test]
    fn invalid_values_are_ignored() {
        for value in [
            "",
            " ",
            "-1",
            "+5",
            "1.5",
            "1e3",
            "0x10",
            "5 s",
            "5, 10",
            "5;q=1",
            "soon",
            "٣",
            "①",
            "Mon, 06 Nov 1994 08:49:37 GMT", // a Sunday
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:60 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "sun, 06 nov 1994 08:49:37 gmt",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(delay(value), None, "{value:?}");
        }
        assert_eq!(RetryAfter::parse(b"12\xFF"), None);
    }

    #[test]
    fn only_a_single_header_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(RetryAfter::of(&headers), None);
        headers.append(RETRY_AFTER, HeaderValue::from_static("7"));
        assert_eq!(RetryAfter::of(&headers), Some(RetryAfter::Delay(Duration::from_secs(7))));
        headers.append(RETRY_AFTER, HeaderValue::from_static("7"));
        assert_eq!(RetryAfter::of(&headers), None);
        let bytes = HeaderValue::from_bytes(b"7\xE9").unwrap();
        assert_eq!(RetryAfter::of(&HeaderMap::from_iter([(RETRY_AFTER, bytes)])), None);
    }
}
