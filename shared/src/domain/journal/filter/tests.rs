use super::*;
use crate::domain::report::Report;
use jiff::Timestamp;

fn row(webhooks: &[WebhookId]) -> JournalRow {
    let report = serde_json::json!({
        "id": "3f2b8a1c:1", "from": 918_068_280_000_u64, "to": "918867130000", "bridge": "91806828XXXX",
        "mid": "1234-1333", "flow_id": 123, "source": "OBD", "status": "NOANSWER",
    });
    let report = Report::parse(&report.to_string()).unwrap();
    let id = "01890a5d-ac96-874b-bcce-b302099a8057".parse().unwrap();
    JournalRow::new(id, Timestamp::from_second(1_764_205_483).unwrap(), &report, webhooks.to_vec())
}

fn filter(pairs: &[(&str, &str)]) -> Result<JournalFilter, FieldErrors> {
    let query = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    JournalFilter::from_query(&query.collect(), &jiff::tz::TimeZone::UTC)
}

#[test]
fn filters_combine() {
    let webhook = WebhookId::generate();
    let (row, unwanted) = (row(&[webhook]), row(&[]));
    let id = webhook.to_string();
    for (pairs, matches) in [
        (&[][..], true),
        (&[("number", "+91 8867 130000")], true),
        (&[("number", "0000"), ("source", "obd")], true),
        (&[("number", "8280000")], true),
        (&[("number", "918867130001")], false),
        (&[("number", "8280000"), ("source", "C2C")], false),
        (&[("mid", "1234-1333")], true),
        (&[("mid", "1234")], false),
        (&[("call_id", "3f2b8a1c:1")], true),
        (&[("flow_id", "123"), ("call_status", "noanswer")], true),
        (&[("flow_id", "12")], false),
        (&[("call_status", "ANSWER")], false),
        (&[("webhook_id", &id)], true),
        (&[("webhook_id", "01890a5d-ac96-774b-bcce-b302099a8057")], false),
        (&[("status", "failed")], true),
        (&[("status", "no_webhook")], false),
        (&[("from", "2025-11-27 01:04:43"), ("to", "2025-11-27 01:04:44")], true),
        (&[("from", "2025-11-27 01:04:44")], false),
        (&[("to", "2025-11-27 01:04:43")], false),
    ] {
        assert_eq!(filter(pairs).unwrap().matches(&row), matches, "{pairs:?}");
    }
    assert!(filter(&[("status", "no_webhook")]).unwrap().matches(&unwanted));
    assert!(!filter(&[("webhook_id", &id)]).unwrap().matches(&unwanted));
}

#[test]
fn each_mistake_is_named() {
    let wrong = filter(&[("number", "12"), ("webhook_id", "x"), ("status", "lost"), ("from", "y")]);
    let wrong = wrong.unwrap_err();
    let fields: Vec<_> = wrong.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["from", "number", "webhook_id", "status"]);
    let empty =
        [("mid", ""), ("call_id", ""), ("flow_id", ""), ("source", ""), ("call_status", "")];
    let empty = filter(&empty).unwrap_err();
    assert_eq!(empty.iter().count(), 5, "{empty}");
}

#[test]
fn a_status_matches_the_worst_delivery_or_the_lack_of_a_webhook() {
    let wanted = |text| filter(&[("status", text)]).unwrap().status.unwrap();
    let matches = |wanted_status, status, has| wanted(wanted_status).matches(status, has);
    assert!(matches("failed", "failed", true) && !matches("failed", "delivered", true));
    assert!(matches("skipped", "skipped", false) && matches("no_webhook", "skipped", false));
    assert!(!matches("no_webhook", "skipped", true));
}
