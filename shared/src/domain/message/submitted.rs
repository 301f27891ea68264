//! The message that a producer sends directly to the queue of reports: a public contract, described in
//! `docs/direct-to-queue.md`. It is validated like a request with reports.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{AcceptedReport, ReportsMessage};
use crate::domain::account::AccountId;
use crate::domain::ids::ReportId;
use crate::domain::report::id::IdempotencyKey;
use crate::domain::report::{Report, ReportRejection};

/// Reports that a producer submits for one account.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmittedReports {
    account_id: AccountId,
    idempotency_key: Option<String>,
    reports: Vec<Report>,
}

/// Why a submission is refused. The error repeats no text of it, which may be a phone number.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// Longer than [`ReportsMessage::MAX_BYTES`].
    #[error(
        "the message has {0} bytes; at most {max} are accepted",
        max = ReportsMessage::MAX_BYTES
    )]
    TooLarge(usize),
    /// An unknown field.
    #[error(
        "a field is none of `v`, `kind`, `account_id`, `idempotency_key` and `reports`: \
         fields of a report belong in `reports`"
    )]
    UnknownField,
    /// The account is missing or not an id.
    #[error("`account_id` must be 1 to 64 letters, digits, `_` or `-`")]
    AccountId,
    /// The key is invalid.
    #[error(
        "`idempotency_key` must be 1 to {max} visible ASCII characters",
        max = IdempotencyKey::MAX_LEN
    )]
    IdempotencyKey,
    /// The reports are missing, not an array, empty or too many.
    #[error(
        "`reports` must be an array of 1 to {max} reports",
        max = ReportsMessage::MAX_REPORTS
    )]
    Reports,
    /// A report is invalid.
    #[error("`reports[{index}]`")]
    Report {
        /// The report's index, from 0.
        index: usize,
        /// The error.
        source: ReportRejection,
    },
}

impl SubmittedReports {
    /// Reads a submission. One invalid report refuses all of it.
    pub(super) fn parse(body: &str) -> Result<Self, SubmissionError> {
        if body.len() > ReportsMessage::MAX_BYTES {
            return Err(SubmissionError::TooLarge(body.len()));
        }
        // The caller has parsed it as an object with a version and a kind.
        let mut fields: BTreeMap<String, &RawValue> =
            serde_json::from_str(body).map_err(|_| SubmissionError::UnknownField)?;
        let account_id = text(fields.remove("account_id")).and_then(|id| id.parse().ok());
        let account_id = account_id.ok_or(SubmissionError::AccountId)?;
        let idempotency_key = match fields.remove("idempotency_key") {
            None => None,
            Some(key) => Some(
                text(Some(key))
                    .filter(|key| IdempotencyKey::is_valid(key))
                    .ok_or(SubmissionError::IdempotencyKey)?,
            ),
        };
        let reports = fields.remove("reports").ok_or(SubmissionError::Reports)?;
        if fields.keys().any(|name| name != "v" && name != "kind") {
            return Err(SubmissionError::UnknownField);
        }
        let reports: Vec<&RawValue> =
            serde_json::from_str(reports.get()).map_err(|_| SubmissionError::Reports)?;
        if !(1..=ReportsMessage::MAX_REPORTS).contains(&reports.len()) {
            return Err(SubmissionError::Reports);
        }
        let reports = reports.into_iter().enumerate().map(|(index, json)| {
            Report::parse_submitted(json.get())
                .map_err(|source| SubmissionError::Report { index, source })
        });
        let reports = reports.collect::<Result<_, _>>()?;
        Ok(Self { account_id, idempotency_key, reports })
    }

    /// Gives the reports the ids that they would get in a request with an array at `received_at`.
    #[must_use]
    pub fn accept(self, received_at: Timestamp) -> ReportsMessage {
        let Self { account_id, idempotency_key, reports } = self;
        let key = idempotency_key.as_deref().map(IdempotencyKey::OfArray);
        let accepted = |report| AcceptedReport {
            id: ReportId::derive(&account_id, &report, key, received_at),
            report: report.into(),
        };
        let reports = reports.into_iter().map(accepted).collect();
        ReportsMessage { account_id, received_at, reports, fan_out: None }
    }
}

/// The text of a JSON string.
fn text(json: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(json?.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{Incoming, Message};
    use crate::runtime::telemetry::ErrorChain;
    use serde_json::{Value, json};

    fn submission(more: &Value) -> Value {
        let mut message = json!({"v": 1, "kind": "submitted_reports", "account_id": "acme",
            "reports": [{"to": 918_867_130_000_u64}]});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        message
    }

    fn read(body: &str) -> Result<ReportsMessage, String> {
        match Incoming::parse(body) {
            Ok(Incoming::Submitted(submitted)) => Ok(submitted.accept(Timestamp::UNIX_EPOCH)),
            Ok(Incoming::Own(message)) => panic!("{message:?}"),
            Err(error) => Err(ErrorChain(&error).to_string()),
        }
    }

    #[test]
    fn a_submission_gets_the_ids_of_a_request_and_keeps_every_digit() {
        let json = r#"{"from":12345678901234567890123,"x":1.50,"end_at":"2021-04-09 16:27:55"}"#;
        let body = format!(
            r#" {{"reports": [{json}], "account_id": "acme", "kind": "submitted_reports", "v": 1}}"#
        );
        let message = read(&body).unwrap();
        assert_eq!(message.received_at, Timestamp::UNIX_EPOCH);
        assert_eq!(message.fan_out, None);
        let (account, report) = ("acme".parse().unwrap(), Report::parse(json).unwrap());
        let id = ReportId::derive(&account, &report, None, Timestamp::UNIX_EPOCH);
        let [accepted] = message.reports.as_slice() else { panic!("one report") };
        assert_eq!(
            (accepted.id, serde_json::to_string(&*accepted.report).unwrap()),
            (id, json.into())
        );

        let key = Some(IdempotencyKey::OfArray("k"));
        let keyed = submission(&json!({"idempotency_key": "k"})).to_string();
        let report = Report::parse(r#"{"to": 918867130000}"#).unwrap();
        let id = ReportId::derive(&account, &report, key, Timestamp::UNIX_EPOCH);
        assert_eq!(read(&keyed).unwrap().reports.first().unwrap().id, id);
    }

    #[test]
    fn a_submission_is_not_a_functions_message() {
        let error = Message::parse(&submission(&json!({})).to_string()).unwrap_err();
        assert_eq!(error.to_string(), "the message is of an unknown kind");
    }

    #[test]
    fn an_invalid_submission_is_refused_with_the_reason_and_without_values() {
        const PHONE: u64 = 918_867_130_000;
        let many = vec![json!({"to": 1}); ReportsMessage::MAX_REPORTS + 1];
        let huge = vec![json!({"to": 1, "x": "y".repeat(60_000)}); 5];
        let (named, dotted) = (PHONE.to_string(), json!({"x": "y".repeat(66_000), "to": 1}));
        for (more, why) in [
            (json!({"account_id": PHONE}), "`account_id` must be 1 to 64"),
            (json!({"account_id": "a#b"}), "`account_id` must be 1 to 64"),
            (json!({"account_id": null}), "`account_id` must be 1 to 64"),
            (json!({"idempotency_key": PHONE}), "`idempotency_key` must be 1 to 255"),
            (json!({"idempotency_key": "a b"}), "`idempotency_key` must be 1 to 255"),
            (json!({"reports": null}), "`reports` must be an array of 1 to 25"),
            (json!({"reports": {"to": PHONE}}), "`reports` must be an array of 1 to 25"),
            (json!({"reports": []}), "`reports` must be an array of 1 to 25"),
            (json!({"reports": many}), "`reports` must be an array of 1 to 25"),
            (json!({"reports": huge}), "bytes; at most 262144 are accepted"),
            (json!({"received_at": 1}), "a field is none of `v`, `kind`, "),
            (json!({named: 1}), "a field is none of `v`, `kind`, "),
            (
                json!({"reports": [{"to": 1}, {"to": [PHONE]}]}),
                "`reports[1]`: the report has wrong",
            ),
            (json!({"reports": [PHONE]}), "`reports[0]`: a report must be a JSON object"),
            (json!({"reports": [{"x": PHONE}]}), "`reports[0]`: the report has none of the"),
            (json!({"reports": [dotted]}), "at most 65536 are accepted"),
            (
                json!({"reports": [{"to": 1, "event": "callhook:webhook:failing"}]}),
                "`reports[0]`: `event` must not begin with `callhook:`",
            ),
            (json!({"reports": [{"to": 1, "a": vec![1; 300]}]}), "more than 256 values"),
            (json!({"reports": [{"to": 1, "$serde_json::private::Number": "1"}]}), "a name in it"),
        ] {
            let error = read(&submission(&more).to_string()).unwrap_err();
            assert!(error.contains(why), "{why}: {error}");
            assert!(!error.contains(&PHONE.to_string()), "{error}");
            let (rest, last) = error.rsplit_once(": ").unwrap_or(("", &error));
            assert!(!rest.ends_with(last), "twice: {error}");
        }
    }
}
