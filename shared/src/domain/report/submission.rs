//! Reports that callers and producers submit: reports of calls, never operational events.

use super::{Report, ReportError};
use crate::domain::event::Event;

/// Why a submitted report is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReportRejection {
    /// The text is not a report.
    #[error(transparent)]
    Unreadable(#[from] ReportError),
    /// The report's `event` is reserved for operational events.
    #[error("`event` must not begin with `{prefix}`, which is reserved for Callhook", prefix = Event::OPERATIONAL_PREFIX)]
    OperationalEvent,
    /// The report has none of the documented fields.
    #[error("the report has none of the documented fields")]
    NoCallFields(Box<Report>),
}

impl Report {
    /// Reads a report that was submitted by `POST /v1/reports` or directly to the queue.
    pub fn parse_submitted(text: &str) -> Result<Self, ReportRejection> {
        let report = Self::parse(text)?;
        if report.event().is_operational() {
            return Err(ReportRejection::OperationalEvent);
        }
        if !report.has_call_fields() {
            return Err(ReportRejection::NoCallFields(Box::new(report)));
        }
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_a_call_is_accepted_and_others_are_refused_with_the_reason() {
        assert!(Report::parse_submitted(r#"{"to": 1, "event": "voice:message:out"}"#).is_ok());
        for (json, why) in [
            ("[]", "a report must be a JSON object, not an array"),
            (
                r#"{"to": 1, "event": "callhook:webhook:failing"}"#,
                "must not begin with `callhook:`",
            ),
            (r#"{"event": "voice:message:out"}"#, "none of the documented fields"),
            (r#"{"to": {}}"#, "`to` must be a number or a string, not an object"),
        ] {
            let error = Report::parse_submitted(json).unwrap_err().to_string();
            assert!(error.contains(why), "{json}: {error}");
        }
    }
}
