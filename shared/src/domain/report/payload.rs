//! The default payload: names, order and wire types that the platform's customers rely on,
//! whatever types the engine sent (`docs/delivery.md`).

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Mask, Report, time};
use crate::domain::ids::WebhookId;

/// The JSON type of a field on the wire.
#[derive(Clone, Copy)]
enum JsonType {
    /// A JSON number when it is digits without a leading zero, of any length; else a string.
    Number,
    /// A string.
    Text,
}
use JsonType::{Number, Text};

/// The payloads that have a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Both,
    Obd,
    C2c,
}
use In::{Both, C2c, Obd};

/// The documented fields in their order on the wire, which outbound dialer campaigns (OBD) and click to
/// call (C2C) share. A report of another source keeps all documented fields that it has.
const FIELDS: [(&str, JsonType, In); 17] = [
    ("bridge", Number, Both),
    ("from", Number, Both),
    ("to", Number, Both),
    ("source", Text, Both),
    ("mid", Text, Obd),
    ("flow_id", Number, Obd),
    ("start_at", Text, Both),
    ("end_at", Text, Both),
    ("date", Text, C2c),
    ("unixtime", Text, C2c),
    ("duration", Text, Both),
    ("billing", Text, C2c),
    ("status", Text, Both),
    ("status1", Text, C2c),
    ("status2", Text, C2c),
    ("recording_url", Text, Both),
    ("hangup_by", Text, C2c),
];

/// The default payload of one report without the webhook's id at its end: rendered once for all
/// webhooks.
pub struct DefaultPayload(Shape);

enum Shape {
    /// The object of a call, open at its end; every field is followed by a comma.
    Call { open: Vec<u8>, phones: Phones },
    /// The whole object of an operational event.
    Operational(Vec<u8>),
}

/// The byte ranges of the phone numbers, in the order of [`Mask::FIELDS`], which is that of the wire; an
/// empty range for a missing number.
type Phones = [Range<usize>; Mask::FIELDS.len()];

/// The fields of an operational event, as Standard Webhooks names them.
const OPERATIONAL_FIELDS: [&str; 3] = ["type", "timestamp", "data"];

impl DefaultPayload {
    /// Renders `report`. `received_at` stands in for the `date` and `unixtime` of a
    /// click-to-call report without them: unlike "now", it is the same on every attempt.
    pub fn new(report: &Report, received_at: Timestamp) -> Self {
        if report.event().is_operational() {
            return Self(Shape::Operational(operational(report)));
        }
        let source = match report.text("source").as_deref() {
            Some("OBD") => Some(Obd),
            Some("C2C") => Some(C2c),
            _ => None,
        };
        let mut open = Vec::with_capacity(512);
        let mut phones = Phones::default();
        open.push(b'{');
        for (name, json_type, stands_in) in FIELDS {
            if source.is_some_and(|source| stands_in != Both && stands_in != source) {
                continue;
            }
            let value = report.text(name).or_else(|| match name {
                "date" if source == Some(C2c) => Some(Cow::Owned(time::format(received_at))),
                "unixtime" if source == Some(C2c) => {
                    Some(Cow::Owned(received_at.as_second().to_string()))
                }
                _ => None,
            });
            if let Some(value) = value {
                write_name(&mut open, name);
                let start = open.len();
                write_value(&mut open, json_type, &value);
                let phone = Mask::FIELDS.iter().position(|phone| *phone == name);
                if let Some(range) = phone.and_then(|phone| phones.get_mut(phone)) {
                    *range = start..open.len();
                }
                open.push(b',');
            }
        }
        Self(Shape::Call { open, phones })
    }

    /// The body for the webhook `id`, with numbers masked by `mask`. Masked numbers are strings,
    /// however few digits they have. Operational events hold no numbers.
    pub fn for_webhook(&self, id: WebhookId, mask: Mask) -> Vec<u8> {
        let (open, phones) = match &self.0 {
            Shape::Call { open, phones } => (open, phones),
            Shape::Operational(whole) => return whole.clone(),
        };
        // Quotes around three numbers, and the webhook's id.
        let mut body = Vec::with_capacity(open.len() + 6 + 54);
        let mut copied = 0;
        for (name, range) in Mask::FIELDS.into_iter().zip(phones) {
            if mask.hides(name) && !range.is_empty() {
                body.extend_from_slice(open.get(copied..range.start).unwrap_or_default());
                write_string(&mut body, &Mask::masked(&written(open, range)));
                copied = range.end;
            }
        }
        body.extend_from_slice(open.get(copied..).unwrap_or_default());
        body.extend_from_slice(b"\"webhook_id\":\"");
        body.extend_from_slice(id.to_string().as_bytes());
        body.extend_from_slice(b"\"}");
        body
    }
}

fn operational(report: &Report) -> Vec<u8> {
    let field = |name: &str| Some((name.to_owned(), report.value(name)?.clone()));
    let fields: Map<_, _> = OPERATIONAL_FIELDS.into_iter().filter_map(field).collect();
    Value::Object(fields).to_string().into_bytes()
}

/// The text of the number or string in `range`.
fn written<'o>(open: &'o [u8], range: &Range<usize>) -> Cow<'o, str> {
    let value = open.get(range.clone()).unwrap_or_default();
    serde_json::from_slice(value).map_or_else(|_| String::from_utf8_lossy(value), Cow::Owned)
}

fn write_name(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn write_value(out: &mut Vec<u8>, json_type: JsonType, value: &str) {
    if matches!(json_type, Number) && is_plain_number(value) {
        out.extend_from_slice(value.as_bytes());
    } else {
        write_string(out, value);
    }
}

fn is_plain_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

fn write_string(out: &mut Vec<u8>, text: &str) {
    // Writing a string to a `Vec` cannot fail.
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn payload(json: &str) -> String {
        masked(json, &[])
    }

    fn masked(json: &str, mask: &[&str]) -> String {
        let received_at = Timestamp::from_second(1_653_455_555).unwrap();
        let payload = DefaultPayload::new(&Report::parse(json).unwrap(), received_at);
        let mask = Mask::from_json(&Value::from(mask)).unwrap();
        String::from_utf8(payload.for_webhook(WEBHOOK.parse().unwrap(), mask)).unwrap()
    }

    /// The platform's vectors, byte for byte: key order and wire types count.
    #[test]
    fn every_vector_renders_to_its_payload() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../../tests/vectors/reports.json")).unwrap();
        let cases = vectors["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 5);
        for case in cases {
            let expected = case["payload"].to_string().replace("<webhook id>", WEBHOOK);
            assert_eq!(payload(&case["report"].to_string()), expected, "{}", case["name"]);
        }
    }

    #[test]
    fn numbers_of_any_length_keep_every_digit() {
        let digits = "1234567890".repeat(5);
        for json in [format!(r#"{{"to":{digits}}}"#), format!(r#"{{"to":"{digits}"}}"#)] {
            assert_eq!(payload(&json), format!(r#"{{"to":{digits},"webhook_id":"{WEBHOOK}"}}"#));
        }
    }

    #[test]
    fn values_other_than_plain_digits_stay_strings() {
        for value in ["+91", "007", "91XX", "-5", "1.5", "1e3", "", "٣"] {
            let json = serde_json::json!({ "to": value }).to_string();
            let body: Value = serde_json::from_str(&payload(&json)).unwrap();
            assert_eq!(body["to"], Value::from(value));
        }
        assert!(payload(r#"{"to": 1.5e3}"#).contains(r#""to":"1.5e+3""#));
        assert!(payload(r#"{"flow_id": "0"}"#).contains(r#""flow_id":0,"#));
    }

    #[test]
    fn click_to_call_reports_get_missing_times_from_receipt() {
        assert_eq!(
            payload(r#"{"source": "C2C", "billing": 7}"#),
            format!(
                r#"{{"source":"C2C","date":"2022-05-25 05:12:35","unixtime":"1653455555","billing":"7","webhook_id":"{WEBHOOK}"}}"#
            )
        );
    }

    #[test]
    fn null_counts_as_absent() {
        assert_eq!(
            payload(r#"{"source": "OBD", "recording_url": null}"#),
            format!(r#"{{"source":"OBD","webhook_id":"{WEBHOOK}"}}"#)
        );
    }

    #[test]
    fn masked_numbers_are_strings_and_the_rest_stays() {
        let json = r#"{"from": 918919520000, "to": "+\u0001\"918867130000", "source": "OBD",
            "bridge": 1001, "mid": "918919520000"}"#;
        assert_eq!(
            masked(json, &["bridge", "from", "to"]),
            format!(
                r#"{{"bridge":"1001","from":"XXXXXXXX0000","to":"+\u0001\"XXXXXXXX0000","source":"OBD","mid":"918919520000","webhook_id":"{WEBHOOK}"}}"#
            )
        );
        assert_eq!(masked(json, &["to"]).replace("XXXXXXXX0000", "918867130000"), payload(json));
        assert_eq!(masked(r#"{"to": null}"#, &["to"]), payload("{}"));
    }

    proptest! {
        #[test]
        fn a_mask_leaves_four_digits_and_every_other_field(
            from in "[0-9]{0,30}|\\PC{0,20}|.{0,20}", status in ".{0,20}",
        ) {
            let json = serde_json::json!({"from": from, "to": 1, "status": status}).to_string();
            let body: Value = serde_json::from_str(&masked(&json, &["from"])).unwrap();
            let whole: Value = serde_json::from_str(&payload(&json)).unwrap();
            prop_assert_eq!(&body["from"], &Value::from(Mask::masked(&from)));
            prop_assert_eq!((&body["to"], &body["status"]), (&whole["to"], &whole["status"]));
        }

        #[test]
        fn any_text_stays_one_json_string(to in ".{0,40}", status in ".{0,40}") {
            let json = serde_json::json!({"to": to, "status": status, "source": "OBD"});
            let body: Value = serde_json::from_str(&payload(&json.to_string())).unwrap();
            let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
            prop_assert_eq!(names, ["to", "source", "status", "webhook_id"]);
            prop_assert_eq!(&body["status"], &Value::from(status));
            let to_on_wire = match &body["to"] {
                Value::Number(number) => number.to_string(),
                other => other.as_str().unwrap().to_owned(),
            };
            prop_assert_eq!(to_on_wire, to);
        }
    }
}
