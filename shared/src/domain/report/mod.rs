//! Call reports, one per finished call.

pub mod id;
mod key;
mod mask;
mod payload;
mod submission;
mod time;

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

pub use self::key::ReportKey;
pub use self::mask::{InvalidMask, Mask};
pub use self::payload::DefaultPayload;
pub use self::submission::ReportRejection;
use crate::domain::event::Event;
use crate::domain::ids::WebhookId;
use crate::domain::ids::parse_webhook_id;
use crate::input::fields::{FieldErrors, kind_of};
use crate::input::json::{self, JsonError};

/// A report as the engine sent it: a JSON object whose documented fields have valid types. Unknown
/// fields are kept, and so is the order.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Report {
    fields: Map<String, Value>,
    route: Route,
}

/// The event and the webhooks that a report names.
#[derive(Clone, Default, PartialEq, Eq)]
struct Route {
    event: Event,
    webhook_ids: Vec<WebhookId>,
}

/// Why a text is not a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Longer than [`Report::MAX_BYTES`].
    #[error("the report has {0} bytes; at most {max} are accepted", max = Report::MAX_BYTES)]
    TooLarge(usize),
    /// Not valid JSON.
    #[error("the report is not valid JSON: {0}")]
    Malformed(JsonError),
    /// JSON, but not an object.
    #[error("a report must be a JSON object, not {0}")]
    NotAnObject(&'static str),
    /// Too many values, or nested too deep.
    #[error(
        "the report has more than {values} values or is nested deeper than {depth} levels",
        values = Report::MAX_VALUES, depth = Report::MAX_DEPTH
    )]
    TooComplex,
    /// Fields have wrong types or values.
    #[error("the report has wrong fields: {0}")]
    Invalid(FieldErrors),
}

// Not by `#[from]`: it would make the inner error a source, and a log line would repeat its text.
impl From<JsonError> for ReportError {
    fn from(error: JsonError) -> Self {
        Self::Malformed(error)
    }
}

impl From<FieldErrors> for ReportError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// Documented fields that hold a number or a string, as engines differ (`PLATFORM.md`).
pub const NUMBER_OR_TEXT: [&str; 9] =
    ["bridge", "from", "to", "flow_id", "mid", "duration", "billing", "unixtime", "id"];
/// Documented fields that hold a string.
pub const TEXT: [&str; 9] = [
    "source",
    "status",
    "status1",
    "status2",
    "start_at",
    "end_at",
    "date",
    "recording_url",
    "hangup_by",
];

impl Report {
    /// The largest report, in bytes as sent.
    pub const MAX_BYTES: usize = 64 * 1024;
    /// The most reports in a request.
    pub const MAX_IN_REQUEST: usize = 1_000;
    /// The largest request with reports, in bytes. API Gateway allows 10 MB, and Lambda 6 MB for the
    /// event around the body.
    pub const MAX_REQUEST_BYTES: usize = 5 * 1024 * 1024;
    /// The longest `id` of a report, in bytes.
    pub const MAX_ID_BYTES: usize = 255;
    /// The most webhooks that a report may name.
    pub const MAX_WEBHOOKS: usize = 1_000;
    /// The most values in a report, not counting `webhook_ids`. A usual report has some thirty; each
    /// takes a hundred bytes in memory, however short it is on the wire.
    pub const MAX_VALUES: usize = 256;
    /// The deepest nesting of a report. A message nests the report deeper and must still be parsed.
    pub const MAX_DEPTH: usize = 16;

    /// Reads a report.
    pub fn parse(text: &str) -> Result<Self, ReportError> {
        if text.len() > Self::MAX_BYTES {
            return Err(ReportError::TooLarge(text.len()));
        }
        match json::read(text, usize::MAX)? {
            Value::Object(fields) => {
                let mut budget = Self::MAX_VALUES;
                let others = fields.iter().filter(|(name, _)| *name != "webhook_ids");
                if others
                    .map(|(_, value)| value)
                    .all(|value| fits(value, Self::MAX_DEPTH, &mut budget))
                {
                    Ok(Self::try_from(fields)?)
                } else {
                    Err(ReportError::TooComplex)
                }
            }
            other => Err(ReportError::NotAnObject(kind_of(&other))),
        }
    }

    /// A field's value; `None` for `null`.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    /// A field's string, or its number with all digits as written.
    pub fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        text_of(self.value(field)?)
    }

    /// The report's event.
    pub fn event(&self) -> &Event {
        &self.route.event
    }

    /// The webhooks it names, in `webhook_id` and `webhook_ids`, each once.
    pub fn webhook_ids(&self) -> &[WebhookId] {
        &self.route.webhook_ids
    }

    /// The report without the other webhooks that it names: `webhook_id` and `webhook_ids` keep only `webhook`, and are
    /// removed if they do not hold it.
    #[must_use]
    pub fn naming_only(mut self, webhook: WebhookId) -> Self {
        let is_it = |value: &Value| parse_webhook_id(value).is_ok_and(|id| id == webhook);
        self.fields = std::mem::take(&mut self.fields)
            .into_iter()
            .filter_map(|(name, value)| match (name.as_str(), value) {
                ("webhook_id", value) => is_it(&value).then_some((name, value)),
                ("webhook_ids", Value::Array(mut ids)) => {
                    ids.retain(is_it);
                    (!ids.is_empty()).then_some((name, Value::Array(ids)))
                }
                ("webhook_ids", _) => None,
                (_, value) => Some((name, value)),
            })
            .collect();
        self.route.webhook_ids.retain(|id| *id == webhook);
        self
    }

    /// All fields, in their order.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Whether it has at least one of the documented fields of a call. The event and the webhooks do not
    /// count.
    pub fn has_call_fields(&self) -> bool {
        NUMBER_OR_TEXT.into_iter().chain(TEXT).any(|field| self.value(field).is_some())
    }
}

/// Prints field names only: values hold phone numbers.
impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.fields.keys()).finish()
    }
}

impl TryFrom<Map<String, Value>> for Report {
    type Error = FieldErrors;

    fn try_from(fields: Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let number = value.is_number();
            let name = name.as_str();
            if NUMBER_OR_TEXT.contains(&name) && !number && !value.is_string() {
                errors.add(
                    name,
                    format_args!("must be a number or a string, not {}", kind_of(value)),
                );
            } else if Self::CALL_TIMES.contains(&name) && (number || value.is_boolean()) {
                // Engines write `0` or `false` for a call that was never answered. That is not a time,
                // and the report is accepted without it.
            } else if TEXT.contains(&name) && !value.is_string() {
                errors.add(name, format_args!("must be a string, not {}", kind_of(value)));
            }
        }
        let id = fields.get("id").and_then(text_of);
        if id.is_some_and(|id| !(1..=Self::MAX_ID_BYTES).contains(&id.len())) {
            errors.add("id", format_args!("must have 1 to {} bytes", Self::MAX_ID_BYTES));
        }
        let route = Route::of(&fields, &mut errors);
        errors.into_result(Self { fields, route })
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

impl Route {
    fn of(fields: &Map<String, Value>, errors: &mut FieldErrors) -> Self {
        let present = |name| fields.get(name).filter(|value: &&Value| !value.is_null());
        let mut route = Self::default();
        if let Some(value) = present("event") {
            match value.as_str().unwrap_or_default().parse() {
                Ok(event) => route.event = event,
                Err(error) => errors.add("event", error),
            }
        }
        if let Some(value) = present("webhook_id") {
            route.add_webhook("webhook_id", value, errors);
        }
        match present("webhook_ids") {
            None => {}
            Some(Value::Array(ids)) if (1..=Report::MAX_WEBHOOKS).contains(&ids.len()) => {
                for (i, value) in ids.iter().enumerate() {
                    route.add_webhook(&format!("webhook_ids[{i}]"), value, errors);
                }
            }
            Some(Value::Array(ids)) => {
                let message =
                    format!("must hold 1 to {} ids, not {}", Report::MAX_WEBHOOKS, ids.len());
                errors.add("webhook_ids", message);
            }
            Some(other) => errors.add(
                "webhook_ids",
                format_args!("must be an array of ids, not {}", kind_of(other)),
            ),
        }
        route.webhook_ids.sort_unstable();
        route.webhook_ids.dedup();
        route
    }

    fn add_webhook(&mut self, field: &str, value: &Value, errors: &mut FieldErrors) {
        match parse_webhook_id(value) {
            Ok(id) => self.webhook_ids.push(id),
            Err(error) => errors.add(field, error),
        }
    }
}

/// Whether a value nests at most `depth` levels and holds at most `budget` values, which are deducted.
fn fits(value: &Value, depth: usize, budget: &mut usize) -> bool {
    if depth == 0 || *budget == 0 {
        return false;
    }
    *budget -= 1;
    match value {
        Value::Array(items) => items.iter().all(|item| fits(item, depth - 1, budget)),
        Value::Object(object) => object.values().all(|item| fits(item, depth - 1, budget)),
        _ => true,
    }
}

fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        // With arbitrary precision a number keeps its digits; only `1e3` prints as `1e+3`.
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    const B: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

    #[test]
    fn a_report_for_one_webhook_names_no_other() {
        let only = |json: &str| {
            let report = Report::parse(json).unwrap().naming_only(A.parse().unwrap());
            let named: Vec<_> = report.webhook_ids().iter().map(ToString::to_string).collect();
            (serde_json::to_string(&report).unwrap(), named)
        };
        let own = vec![A.to_owned()];
        for (json, shown, named) in [
            (
                format!(r#"{{"id":1,"webhook_id":"{A}","webhook_ids":["{B}","{A}"],"to":2}}"#),
                format!(r#"{{"id":1,"webhook_id":"{A}","webhook_ids":["{A}"],"to":2}}"#),
                own,
            ),
            (
                format!(r#"{{"id":1,"webhook_id":"{B}","webhook_ids":["{B}"],"to":2}}"#),
                r#"{"id":1,"to":2}"#.to_owned(),
                vec![],
            ),
            (
                r#"{"to":2,"webhook_id":null,"webhook_ids":null,"id":1}"#.to_owned(),
                r#"{"to":2,"id":1}"#.to_owned(),
                vec![],
            ),
        ] {
            assert_eq!(only(&json), (shown, named), "{json}");
        }
    }

    #[test]
    fn a_report_names_webhooks_once_each() {
        let json = format!(r#"{{"webhook_ids": ["{B}", "{A}", "{B}"], "webhook_id": "{A}"}}"#);
        let report = Report::parse(&json).unwrap();
        assert_eq!(report.webhook_ids(), [A.parse().unwrap(), B.parse().unwrap()]);
        assert_eq!(report.event().as_str(), Event::VOICE_OUT);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let error = Report::parse(
            r#"{"bridge": [], "source": 1, "status": {}, "id": "", "event": "V", "duration": true,
                "webhook_id": "x", "webhook_ids": ["y", 3], "custom": [1], "to": null}"#,
        )
        .unwrap_err();
        let ReportError::Invalid(errors) = error else { panic!("{error}") };
        insta::assert_snapshot!(errors.to_string().replace("; ", "\n"));
    }

    #[test]
    fn invalid_reports_are_refused_with_the_reason() {
        for (json, why) in [
            ("[]", "must be a JSON object, not an array"),
            ("7", "must be a JSON object, not a number"),
            (r#"{"a": }"#, "line 1 column 7"),
            (r#"{"webhook_ids": []}"#, "1 to 1000 ids, not 0"),
            (r#"{"webhook_ids": "x"}"#, "must be an array of ids, not a string"),
            (&format!(r#"{{"a": {}1{}}}"#, "[".repeat(200), "]".repeat(200)), "recursion limit"),
            (r#"{"a": {"$serde_json::private::RawValue": "[[[[]]]]"}}"#, "is reserved"),
        ] {
            let error = Report::parse(json).unwrap_err().to_string();
            assert!(error.contains(why), "{json}: {error}");
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        let nested =
            |depth: usize| format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(Report::parse(&nested(Report::MAX_DEPTH - 1)).is_ok());
        let too_deep = Report::parse(&nested(Report::MAX_DEPTH)).unwrap_err().to_string();
        assert!(too_deep.contains("deeper than 16 levels"), "{too_deep}");
        let flat = |count: usize| format!(r#"{{"a":[{}1]}}"#, "1,".repeat(count - 2));
        assert!(Report::parse(&flat(Report::MAX_VALUES)).is_ok());
        assert!(Report::parse(&flat(Report::MAX_VALUES + 1)).is_err());
        let webhooks = vec![A; Report::MAX_WEBHOOKS];
        let json = serde_json::json!({ "webhook_ids": webhooks }).to_string();
        assert!(Report::parse(&json).is_ok(), "named webhooks are counted on their own");
    }

    #[test]
    fn the_size_limit_is_exact() {
        let of_size = |size: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(size - 8));
        assert!(Report::parse(&of_size(Report::MAX_BYTES)).is_ok());
        let error = Report::parse(&of_size(Report::MAX_BYTES + 1)).unwrap_err();
        assert_eq!(error.to_string(), "the report has 65537 bytes; at most 65536 are accepted");
    }

    #[test]
    fn numbers_keep_every_digit_in_queue_messages() {
        let json = r#"{"from":12345678901234567890123456789,"x":1.10,"y":{"b":1,"a":2}}"#;
        let report = Report::parse(json).unwrap();
        assert_eq!(serde_json::to_string(&report).unwrap(), json);
    }

    #[test]
    fn debug_output_holds_no_phone_number() {
        let report = Report::parse(r#"{"from": 918919520000}"#).unwrap();
        assert_eq!(format!("{report:?}"), r#"{"from"}"#);
    }
}
