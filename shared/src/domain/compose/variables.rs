//! The variables of templates: the fields of the report, and values that Callhook adds.
//!
//! In: a variable's name. Out: its value for one delivery, phone numbers masked.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use super::times;
use crate::domain::ids::{RequestId, WebhookId};
use crate::domain::report::{Mask, Report};

/// The variables of one delivery.
#[derive(Debug, Clone)]
pub struct Variables<'a> {
    /// The report. Its fields take precedence over values that Callhook adds.
    pub report: &'a Report,
    /// `{{id}}` if the report has no `id` of its own.
    pub report_id: RequestId,
    /// `{{webhook_id}}`: the webhook that gets the request.
    pub webhook_id: WebhookId,
    /// `{{date}}` and `{{unixtime}}`: the time of the attempt; or the time of receipt, for requests
    /// that are the same on every attempt.
    pub now: Timestamp,
    /// The account's time zone: times in reports have none.
    pub zone: TimeZone,
    /// The phone numbers of which only the last digits are shown.
    pub mask: Mask,
}

/// The value of a variable.
#[derive(Debug, PartialEq)]
pub(super) enum Variable<'a> {
    /// A field of the report.
    Field(&'a Value),
    /// A text that Callhook adds.
    Text(Cow<'a, str>),
}

const ISO8601: &str = "_iso8601";
const UNIX: &str = "_unix";

impl<'a> Variables<'a> {
    /// The value of the variable `name`; a path such as `variables.otp` is resolved by the scope.
    pub(super) fn find(&self, name: &str) -> Option<Variable<'a>> {
        let report = self.report;
        match name {
            // The report's own `webhook_id` is what the caller sent; this is the webhook of the delivery.
            "webhook_id" => return Some(text(self.webhook_id.to_string())),
            "event" => return Some(Variable::Text(Cow::Borrowed(report.event().as_str()))),
            _ => {}
        }
        if self.mask.hides(name) {
            return report.text(name).map(|number| text(Mask::masked(&number)));
        }
        if let Some(value) = report.value(name) {
            return Some(Variable::Field(value));
        }
        match name {
            "id" => return Some(text(self.report_id.to_string())),
            "date" => return Some(text(times::to_platform(&self.zoned_now()))),
            "unixtime" => return Some(text(self.now.as_second().to_string())),
            _ => {}
        }
        if let Some(field) = name.strip_suffix(ISO8601) {
            return Some(text(times::to_iso8601(&self.time(field)?)));
        }
        let field = name.strip_suffix(UNIX)?;
        Some(text(self.time(field)?.timestamp().as_second().to_string()))
    }

    /// The time in the report's `field`.
    fn time(&self, field: &str) -> Option<Zoned> {
        if self.mask.hides(field) {
            return None;
        }
        match self.report.text(field) {
            Some(text) => times::parse_date_time(&text, self.zone.clone()),
            None if field == "date" => Some(self.zoned_now()),
            None => None,
        }
    }

    fn zoned_now(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }
}

fn text<'a>(text: String) -> Variable<'a> {
    Variable::Text(Cow::Owned(text))
}

/// Names of the platform's fields and of values that Callhook adds; other names cause a warning.
const KNOWN: [&str; 36] = [
    "bridge",
    "from",
    "to",
    "source",
    "mid",
    "flow_id",
    "start_at",
    "end_at",
    "date",
    "unixtime",
    "duration",
    "billing",
    "status",
    "status1",
    "status2",
    "recording_url",
    "hangup_by",
    "id",
    "webhook_id",
    "webhook_ids",
    "event",
    "variables",
    "dtmf",
    "charges",
    "pulsing",
    "location",
    "region",
    "provider",
    "foreign_id",
    "cid",
    "start_at_iso8601",
    "end_at_iso8601",
    "date_iso8601",
    "start_at_unix",
    "end_at_unix",
    "date_unix",
];

/// Whether `name` is a known variable.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Whether operational events have this variable. These names are not in [`KNOWN`]: they are not
/// suggested for a misspelt name, and `<type>` in a text is no placeholder.
pub(super) fn is_operational(name: &str) -> bool {
    matches!(name, "type" | "timestamp" | "data")
}

/// The known variables.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    const REPORT: &str = "01890a5d-ac96-874b-bcce-b302099a8058";

    fn find(report: &str, name: &str) -> Option<String> {
        find_masked(report, name, Mask::default())
    }

    fn find_masked(report: &str, name: &str, mask: Mask) -> Option<String> {
        let report = Report::parse(report).unwrap();
        let variables = Variables {
            report: &report,
            report_id: REPORT.parse().unwrap(),
            webhook_id: WEBHOOK.parse().unwrap(),
            now: Timestamp::from_second(1_617_965_859).unwrap(),
            zone: crate::domain::time_zone::time_zone("Asia/Kolkata").unwrap(),
            mask,
        };
        Some(match variables.find(name)? {
            Variable::Field(value) => format!("report {value}"),
            Variable::Text(text) => text.into_owned(),
        })
    }

    #[test]
    fn fields_of_the_report_take_precedence() {
        let own = r#"{"id": 7, "date": "d", "unixtime": "u", "start_at_unix": 1, "webhook_id":
            "01890a5d-ac96-774b-bcce-b302099a8059", "start_at": "2021-04-09 16:27:39"}"#;
        assert_eq!(find(own, "id").unwrap(), "report 7");
        assert_eq!(find(own, "date").unwrap(), "report \"d\"");
        assert_eq!(find(own, "unixtime").unwrap(), "report \"u\"");
        assert_eq!(find(own, "start_at_unix").unwrap(), "report 1");
        assert_eq!(find(own, "webhook_id").unwrap(), WEBHOOK);
        assert_eq!(find("{}", "id").unwrap(), REPORT);
        assert_eq!(find("{}", "date").unwrap(), "2021-04-09 16:27:39");
        assert_eq!(find("{}", "unixtime").unwrap(), "1617965859");
        assert_eq!(find("{}", "event").unwrap(), "voice:message:out");
    }

    #[test]
    fn masked_numbers_are_masked_under_every_name() {
        let mask = Mask::from_json(&serde_json::json!(["from", "to"])).unwrap();
        let report =
            r#"{"from": 918919520000, "to": "2021-04-09 16:27:39", "bridge": 918068280000}"#;
        let masked = |name| find_masked(report, name, mask);
        assert_eq!(masked("from").unwrap(), "XXXXXXXX0000");
        assert_eq!(masked("to").unwrap(), "XXXX-XX-XX XX:27:39");
        assert_eq!(masked("bridge").unwrap(), "report 918068280000");
        assert_eq!(masked("to_unix"), None);
        assert_eq!(find_masked("{}", "from", mask), None);
    }

    #[test]
    fn times_are_computed_in_the_accounts_zone() {
        let report = r#"{"start_at": "2021-04-09 16:27:39", "answered": "2021-04-09 16:27:40",
            "end_at": "0000-00-00 00:00:00", "mid": "x", "flow_id": 1617965859}"#;
        for (name, expected) in [
            ("start_at_iso8601", Some("2021-04-09T16:27:39+05:30")),
            ("start_at_unix", Some("1617965859")),
            ("answered_unix", Some("1617965860")),
            ("date_iso8601", Some("2021-04-09T16:27:39+05:30")),
            ("end_at_unix", None),
            ("mid_iso8601", None),
            ("flow_id_iso8601", None),
            ("nothing_unix", None),
            ("nothing", None),
        ] {
            assert_eq!(find(report, name).as_deref(), expected, "{name}");
        }
    }
}
