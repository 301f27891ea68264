//! The event of a report.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The event of a report: lowercase words separated by `:`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Event(String);

/// Completes "`event` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "must be an event such as {}: words of `a–z 0–9 _ . -` separated by `:`, at most 64 characters",
    Event::VOICE_OUT
)]
pub struct InvalidEvent;

impl Event {
    /// The default event: a finished outgoing call.
    pub const VOICE_OUT: &str = "voice:message:out";

    /// The prefix of operational events; a platform's own events may not have it.
    pub const OPERATIONAL_PREFIX: &str = "callhook:";

    /// The event as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an operational event, which a platform may not use.
    pub fn is_operational(&self) -> bool {
        self.0.starts_with(Self::OPERATIONAL_PREFIX)
    }
}

impl Default for Event {
    fn default() -> Self {
        Self(Self::VOICE_OUT.to_owned())
    }
}

impl FromStr for Event {
    type Err = InvalidEvent;

    fn from_str(text: &str) -> Result<Self, InvalidEvent> {
        let allowed = |b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
        let word = |part: &str| !part.is_empty() && part.bytes().all(allowed);
        if text.len() <= 64 && text.split(':').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEvent)
        }
    }
}

impl TryFrom<String> for Event {
    type Error = InvalidEvent;

    fn try_from(text: String) -> Result<Self, InvalidEvent> {
        text.parse()
    }
}

impl From<Event> for String {
    fn from(event: Event) -> Self {
        event.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_words_with_colons() {
        assert_eq!(Event::default().as_str().parse(), Ok(Event::default()));
        for bad in ["", ":", "voice:", "Voice", "a#b", "a b", &"x".repeat(65)] {
            assert_eq!(bad.parse::<Event>(), Err(InvalidEvent), "{bad}");
        }
    }
}
