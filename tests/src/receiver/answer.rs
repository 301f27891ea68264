//! Answers of a receiver.

use std::time::Duration;

use super::Fault;

/// An answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// This status.
    Status(u16),
    /// 200 after a delay.
    Slow(Duration),
    /// 429 with this many seconds as `Retry-After`.
    Throttle(u64),
    /// 500, 200, 500, 200 … for each `webhook-id`.
    Flip,
    /// 500 to this many requests for each `webhook-id`, then 200.
    FailFirst(u32),
    /// 200 with the request's body.
    Echo,
    /// No answer.
    Hang,
    /// Misbehaviour on the connection.
    Fault(Fault),
}

impl Answer {
    /// The answer for a path without its query:
    ///
    /// | path | answer |
    /// |---|---|
    /// | `/status/<code>` | that code; a 3xx leads to `/redirected` |
    /// | `/gone` | 410 |
    /// | `/throttle/<seconds>` | 429 with that `Retry-After` |
    /// | `/flip` | 500, 200, 500, 200 … for each `webhook-id` |
    /// | `/flip/<n>` | n times 500 for each `webhook-id`, then 200 |
    /// | `/slow/<seconds>` | 200 after that time |
    /// | `/echo` | 200 with the request's body |
    /// | `/hang` | none |
    /// | `/reset`, `/reset-before-head` | a reset of the connection |
    /// | `/broken` | bytes that are not HTTP |
    /// | `/close` | 200, then closes the connection unannounced |
    /// | `/half` | 200, part of the body, a reset |
    /// | `/trickle` | 200, then a byte a second without end |
    /// | `/endless` | 200, then 1 GiB as fast as the other side reads |
    /// | any other | 200 |
    pub fn for_path(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').splitn(2, '/');
        let name = parts.next().unwrap_or_default();
        let number = parts.next().and_then(|number| number.parse::<u32>().ok());
        match (name, number) {
            ("status", Some(code)) => Self::Status(u16::try_from(code).unwrap_or(200)),
            ("gone", None) => Self::Status(410),
            ("throttle", Some(seconds)) => Self::Throttle(seconds.into()),
            ("flip", None) => Self::Flip,
            ("flip", Some(failures)) => Self::FailFirst(failures),
            ("slow", Some(seconds)) => Self::Slow(Duration::from_secs(seconds.into())),
            ("echo", None) => Self::Echo,
            ("hang", None) => Self::Hang,
            ("reset" | "reset-before-head", None) => Self::Fault(Fault::Reset),
            ("broken", None) => Self::Fault(Fault::NotHttp),
            ("close", None) => Self::Fault(Fault::Close),
            ("half", None) => Self::Fault(Fault::Half),
            ("trickle", None) => Self::Fault(Fault::Trickle),
            ("endless", None) => Self::Fault(Fault::Endless),
            _ => Self::Status(200),
        }
    }
}
