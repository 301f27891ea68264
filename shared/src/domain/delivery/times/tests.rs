use super::*;
use crate::domain::time_zone::time_zone;

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn times(zone: &str, from: Option<&str>, to: Option<&str>) -> ReportTimes {
    let zone = time_zone(zone).unwrap();
    ReportTimes::new(TimeRange::read(from, to, &zone).unwrap(), zone)
}

/// A report with `fields`, and its id.
fn report(fields: &str, received_at: Timestamp) -> (ReportId, Report) {
    let report = Report::parse(fields).unwrap();
    (ReportId::derive(&"acme".parse().unwrap(), &report, None, received_at), report)
}

/// Whether a span of `times` contains the id, and whether that span is certain.
fn span_of(times: &ReportTimes, id: ReportId) -> Option<bool> {
    let holds = |span: &&Span| (span.ids.from..span.ids.before).contains(&id);
    let spans = times.spans();
    assert!(spans.iter().filter(holds).count() <= 1, "{spans:?}");
    spans.iter().find(holds).map(|span| span.is_certain)
}

fn found(times: &ReportTimes, fields: &str, received_at: Timestamp) -> bool {
    let (id, report) = report(fields, received_at);
    match span_of(times, id) {
        Some(true) => true,
        Some(false) => times.contains(&report, received_at),
        None => false,
    }
}

#[test]
fn a_range_finds_calls_by_local_times_of_the_accounts_zone() {
    let received_at = instant("2026-11-28T14:45:00Z");
    let half_an_hour = |zone| {
        let range = [Some("2026-11-28T14:29:00Z"), Some("2026-11-28T15:00:00Z")];
        times(zone, range[0], range[1])
    };
    for (zone, end_at, expected) in [
        ("Asia/Kolkata", "2026-11-28 19:58:59", false),
        ("Asia/Kolkata", "2026-11-28 19:59:00", true),
        ("Asia/Kolkata", "2026-11-28 20:29:59", true),
        ("Asia/Kolkata", "2026-11-28 20:30:00", false),
        ("Asia/Kolkata", "2026-11-28 14:45:00", false),
        ("Asia/Kolkata", "2026-11-28T14:45:00Z", true),
        ("Asia/Kolkata", "2026-11-28T20:15:00+05:30", true),
        ("Asia/Kolkata", "2026-11-28T20:15:00Z", false),
        ("America/New_York", "2026-11-28 09:28:59", false),
        ("America/New_York", "2026-11-28 09:29:00", true),
        ("America/New_York", "2026-11-28 09:59:59", true),
        ("America/New_York", "2026-11-28 10:00:00", false),
        ("America/New_York", "2026-11-28 14:45:00", false),
        ("UTC", "2026-11-28 14:45:00", true),
        ("UTC", "2026-11-28 20:15:00", false),
        // Without a time of the call, the time of receipt counts.
        ("Asia/Kolkata", "0000-00-00 00:00:00", true),
        ("America/New_York", "", true),
    ] {
        let times = half_an_hour(zone);
        for own_id in ["", r#", "id": 7"#] {
            let fields = format!(r#"{{"end_at": "{end_at}"{own_id}}}"#);
            assert_eq!(found(&times, &fields, received_at), expected, "{zone} {fields}");
        }
    }
    let earlier = instant("2026-11-28T14:28:59Z");
    for fields in [r#"{"id": 7}"#, r#"{"to": 1}"#, r#"{"end_at": "1969-12-31 23:59:59"}"#] {
        assert!(!found(&half_an_hour("Asia/Kolkata"), fields, earlier), "{fields}");
    }
}

#[test]
fn spans_contain_every_report_of_a_range_around_changes_of_clocks() {
    for (zone, around) in [
        ("UTC", "2026-11-01T00:00:00Z"),
        ("Asia/Kolkata", "2026-11-28T18:30:00Z"),
        // Summer time begins and ends, on both sides of UTC.
        ("America/New_York", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T06:00:00Z"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        // A whole day was skipped.
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ] {
        let clocks = time_zone(zone).unwrap();
        let around = instant(around).as_millisecond();
        let at = |minutes: i64| Timestamp::from_millisecond(around + minutes * 60_000).unwrap();
        let mut reports = Vec::new();
        for minutes in (-60 * 60..60 * 60).step_by(10) {
            let clock = at(minutes).to_zoned(TimeZone::UTC).datetime();
            for end_at in [clock.to_string(), format!("{clock}Z"), "never".to_owned()] {
                let fields = format!(r#"{{"end_at": "{end_at}"}}"#);
                reports.push((report(&fields, at(minutes)), at(minutes)));
            }
        }
        for (from, minutes) in [(-90, 30), (-30, 60), (0, 10), (0, 60), (30, 90), (60, 24 * 60)] {
            let range = TimeRange::new(
                Some(at(from).as_millisecond()),
                Some(at(from + minutes).as_millisecond()),
            );
            let times = ReportTimes::new(range, clocks.clone());
            let mut count = 0;
            for ((id, report), received_at) in &reports {
                let holds = times.contains(report, *received_at);
                count += usize::from(holds);
                match span_of(&times, *id) {
                    Some(true) => assert!(holds, "{zone} {from} {id}"),
                    None => assert!(!holds, "{zone} {from} {id}"),
                    Some(false) => {}
                }
            }
            assert!(count > 0, "{zone} {from}");
        }
    }
}

#[test]
fn a_long_range_is_certain_except_at_its_edges() {
    let of_days = |zone| times(zone, Some("2026-11-01T12:00:00Z"), Some("2026-11-28T12:00:00Z"));
    let hours = |span: &Span| {
        let millis = |id: ReportId| {
            let bytes = id.as_bytes().iter().take(6);
            bytes.fold(0_u64, |millis, byte| millis << 8 | u64::from(*byte))
        };
        (millis(span.ids.before) - millis(span.ids.from)) / 3_600_000
    };
    let spans = of_days("UTC").spans();
    assert_eq!(spans.iter().map(hours).collect::<Vec<_>>(), [0, 27 * 24]);
    assert_eq!(spans.iter().map(|span| span.is_certain).collect::<Vec<_>>(), [false, true]);
    let spans = of_days("Asia/Kolkata").spans();
    assert_eq!(spans.iter().map(hours).collect::<Vec<_>>(), [0, 5, 27 * 24 - 6, 5]);
    let certain: Vec<_> = spans.iter().map(|span| span.is_certain).collect();
    assert_eq!(certain, [false, false, true, false]);
    let short = times("Asia/Kolkata", Some("2026-11-28 12:00:00"), Some("2026-11-28 12:30:00"));
    assert_eq!(short.spans().len(), 3, "apart from each other, so little is read between them");
}

#[test]
fn open_ends_reach_to_the_first_and_the_last_report() {
    let received_at = instant("2026-11-28T14:45:00Z");
    let all = ReportTimes::default();
    let since = times("Asia/Kolkata", Some("2026-11-28"), None);
    let until = times("Asia/Kolkata", None, Some("2026-11-28"));
    for (fields, is_since) in [
        (r#"{"end_at": "9999-12-31 23:59:59"}"#, true),
        (r#"{"end_at": "2026-11-28 00:00:00"}"#, true),
        (r#"{"end_at": "2026-11-27 23:59:59"}"#, false),
        (r#"{"end_at": "1970-01-01 00:00:00"}"#, false),
        (r#"{"end_at": "1950-01-01 00:00:00"}"#, false),
        (r#"{"id": 1}"#, true),
    ] {
        assert!(found(&all, fields, received_at), "{fields}");
        assert_eq!(found(&since, fields, received_at), is_since, "{fields}");
        assert_eq!(found(&until, fields, received_at), !is_since, "{fields}");
    }
    let fifties = times("Asia/Kolkata", Some("1950-01-01"), Some("1960-01-01"));
    assert!(found(&fifties, r#"{"end_at": "1950-01-01 00:00:00"}"#, received_at));
    assert!(!found(&fifties, r#"{"id": 1}"#, received_at));
}

#[test]
fn a_cursor_cuts_the_spans_and_the_highest_comes_first() {
    let times = times("Asia/Kolkata", Some("2026-11-28 12:00:00"), Some("2026-11-28 12:30:00"));
    let [clocks, instants, without] = times.spans_below(None)[..] else { panic!() };
    assert!(clocks.ids.from > instants.ids.before && instants.ids.from > without.ids.before);
    let cursor = ReportId::lowest_at(1_795_867_200_000 + 60_000);
    let cut = times.spans_below(Some(cursor));
    assert_eq!(
        cut,
        [Span { ids: ReportIds { before: cursor, ..clocks.ids }, ..clocks }, instants, without]
    );
    assert_eq!(times.spans_below(Some(clocks.ids.from)), [instants, without]);
    assert_eq!(times.spans_below(Some(ReportId::lowest_at(0))), []);
}
