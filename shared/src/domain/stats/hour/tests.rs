use super::*;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(pairs: &[(&str, &str)]) -> Result<Hours, FieldErrors> {
    let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Hours::from_query(&query, &TimeZone::UTC, time("2026-11-22T23:30:00Z"))
}

#[test]
fn an_hour_reads_back_what_it_writes_and_sorts_as_text() {
    let hour = Hour::of(time("2026-11-22T23:59:59.999Z"));
    assert_eq!(hour.to_string(), "2026-11-22T23");
    assert_eq!(hour.start(), time("2026-11-22T23:00:00Z"));
    assert_eq!("2026-11-22T23".parse(), Ok(hour));
    let next = Hour::of(time("2026-11-23T00:00:00Z"));
    assert!(hour < next && hour.to_string() < next.to_string());
    for bad in ["", "2026-11-22", "2026-11-22T24", "2026-11-22T23:00"] {
        assert_eq!(bad.parse::<Hour>(), Err(InvalidHour), "{bad}");
    }
}

#[test]
fn a_range_has_the_hours_that_it_overlaps() {
    let hours = |from, to| -> Vec<String> {
        let hours = read(&[("from", from), ("to", to)]).unwrap();
        hours.iter().map(|hour| hour.to_string()).collect()
    };
    assert_eq!(hours("2026-11-22 22:00:00", "2026-11-22 23:00:00"), ["2026-11-22T22"]);
    let overlapped = hours("2026-11-22 22:59:59", "2026-11-22 23:00:01");
    assert_eq!(overlapped, ["2026-11-22T22", "2026-11-22T23"]);
    let day = read(&[]).unwrap();
    let (first, last) = (day.first().to_string(), day.last().to_string());
    assert_eq!((first.as_str(), last.as_str()), ("2026-11-21T23", "2026-11-22T23"));
    let month = read(&[("from", "2026-10-01"), ("to", "2026-11-01")]).unwrap();
    assert_eq!(month.iter().count(), 744);
}

#[test]
fn times_without_offset_are_local_to_the_account() {
    let kolkata = crate::domain::time_zone::time_zone("Asia/Kolkata").unwrap();
    let range = [("from", "2026-11-23 00:00:00"), ("to", "2026-11-22T20:30:00Z")];
    let query = range.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let hours = Hours::from_query(&query, &kolkata, time("2026-11-23T00:00:00Z")).unwrap();
    let hours: Vec<_> = hours.iter().map(|hour| hour.to_string()).collect();
    assert_eq!(hours, ["2026-11-22T18", "2026-11-22T19", "2026-11-22T20"]);
}

#[test]
fn a_range_is_bounded() {
    let wrong = |pairs: &[_]| read(pairs).unwrap_err().to_string();
    assert_eq!(
        wrong(&[("from", "2026-10-01"), ("to", "2026-11-01 00:00:01")]),
        "`from` must be at most 31 days before `to`"
    );
    assert!(wrong(&[("from", "2026-11-23")]).contains("must not be in the future"));
    assert!(wrong(&[("from", "x")]).contains("must be a time"));
}
