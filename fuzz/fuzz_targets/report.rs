//! Parses arbitrary reports. No input panics. Serialization keeps the id and, if the report has a time, so does any time
//! of receipt; a log search by that time finds the report in any zone; its default payload has unchanged fields.

#![no_main]

use callhook::domain::account::AccountId;
use callhook::domain::delivery::{ReportTimes, Span};
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::report::{DefaultPayload, Mask, Report};
use callhook::input::time_range::TimeRange;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(report) = Report::parse(text) else { return };
    let stored = serde_json::to_string(&report).expect("a report is JSON");
    let read = Report::parse(&stored).expect("a stored report can be parsed");
    assert!(read == report, "{stored}");
    let received_at = Timestamp::UNIX_EPOCH;
    let id = id(&report, received_at);
    assert_eq!(self::id(&read, received_at), id);
    if report.call_time().is_some() {
        assert_eq!(self::id(&report, Timestamp::MAX), id);
    }
    assert!(report.time_warnings().len() <= 2);
    for zone in ["UTC", "Asia/Kolkata", "America/New_York"] {
        let zone = callhook::domain::time_zone::time_zone(zone).expect("a zone");
        let millis = report.millis_in(&zone, received_at);
        let range = TimeRange::new(Some(millis), Some(millis + 1));
        let times = ReportTimes::new(range, zone);
        assert!(times.contains(&report, received_at));
        let found = |span: &Span| (span.ids.from..span.ids.before).contains(&id);
        assert!(times.spans().iter().any(found), "{stored}");
    }

    let webhook: WebhookId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("an id");
    let payload =
        DefaultPayload::new(&report, Timestamp::UNIX_EPOCH).for_webhook(webhook, Mask::default());
    let payload: Map<String, Value> = serde_json::from_slice(&payload).expect("a JSON object");
    if report.event().is_operational() {
        for (name, value) in &payload {
            assert_eq!(report.value(name), Some(value));
        }
        return;
    }
    for (name, value) in &payload {
        let sent = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => panic!("{name} is {other}"),
        };
        match name.as_str() {
            "webhook_id" => assert_eq!(sent, webhook.to_string()),
            // Default times of a report without times.
            "date" | "unixtime" if report.text(name).is_none() => {}
            _ => assert_eq!(report.text(name).as_deref(), Some(sent.as_str()), "{name}"),
        }
    }
    for name in ["bridge", "from", "to", "status", "duration", "recording_url"] {
        assert_eq!(payload.contains_key(name), report.text(name).is_some(), "{name}");
    }
});

fn id(report: &Report, received_at: Timestamp) -> ReportId {
    let account: AccountId = "acme".parse().expect("an id");
    ReportId::derive(&account, report, None, received_at)
}
