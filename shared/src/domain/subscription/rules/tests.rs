use super::*;

const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn ranges(report: &str) -> (Vec<Identity>, Vec<RuleRange>) {
    let report = Report::parse(report).unwrap();
    let identities = Identity::matching(&report);
    let ranges = RuleRange::of_report(&report, &identities);
    (identities, ranges)
}

/// Whether a report finds a subscription that is stored under this identity.
fn finds(report: &str, stored: &str) -> bool {
    let (identities, ranges) = ranges(report);
    let key = format!("{stored}#{WEBHOOK}");
    ranges.iter().any(|range| range.contains(&key)) && identities.contains(&stored.parse().unwrap())
}

#[test]
fn subscriptions_stored_in_another_spelling_are_found() {
    for (field, sent, stored) in [
        ("bridge", "918068280000", "number:918068280000"),
        ("bridge", "918068280000", "number:+918068280000"),
        ("bridge", "918068280000", "number:00918068280000"),
        ("bridge", "918068280000", "number:(91)80682-80000"),
        ("bridge", "918068280000", "number:+91-80682-80000"),
        ("bridge", "918068280000", "number:918068280000.0"),
        ("bridge", "918068280000.0", "number:918068280000"),
        ("bridge", "918068280000.0", "number:918068280000.0"),
        ("bridge", "\"+918068280000\"", "number:918068280000"),
        ("bridge", "\"080-68280000\"", "number:080-68280000"),
        ("bridge", "\"91806828XXXX\"", "number:91806828XXXX"),
        ("bridge", "\"+91806828XXXX\"", "number:+91806828XXXX"),
        ("flow_id", "123", "flow:123"),
        ("flow_id", "123", "flow:123.0"),
        ("flow_id", "123.0", "flow:123"),
        ("source", "\"OBD\"", "source:obd"),
        ("source", "\"Obd\"", "source:OBD"),
        ("source", "\"obd\"", "source:oBd"),
        ("status", "\"BUSY\"", "all"),
    ] {
        let report = format!("{{\"{field}\": {sent}}}");
        assert!(finds(&report, stored), "{report} {stored}");
    }
}

#[test]
fn subscriptions_to_another_identity_are_not_found() {
    for (field, sent, stored) in [
        ("bridge", "918068280000", "number:9180682800001"),
        ("bridge", "918068280000", "number:91806828000"),
        ("bridge", "918068280000", "number:0918068280000"),
        ("bridge", "918068280000", "flow:918068280000"),
        ("flow_id", "123", "flow:1234"),
        ("flow_id", "123", "flow:0123"),
        ("source", "\"OBD\"", "source:C2C"),
        ("source", "\"OBD\"", "source:OBD2"),
    ] {
        let report = format!("{{\"{field}\": {sent}}}");
        assert!(!finds(&report, stored), "{report} {stored}");
    }
}

#[test]
fn a_report_needs_five_queries_one_of_them_for_its_number() {
    let (_, ranges) = ranges(r#"{"bridge": 918068280000, "flow_id": 1, "source": "OBD"}"#);
    assert_eq!(ranges.len(), 5, "{ranges:?}");
    let own: Vec<_> = ranges.iter().filter(|range| matches!(range, RuleRange::Number(_))).collect();
    assert_eq!(own.len(), 1);
    let (_, spaced) = super::tests::ranges(r#"{"bridge": "080-68280000"}"#);
    assert_eq!(spaced.iter().filter(|range| !range.accepts_new()).count(), 2, "{spaced:?}");
}
