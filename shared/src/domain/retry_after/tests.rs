use super::*;
use http::HeaderValue;

/// The delay that `value` asks for in a response a minute before 1994-11-06 08:49:37 GMT,
/// the time of the examples in RFC 9110.
fn delay(value: &str) -> Option<u64> {
    let received_at = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 60);
    RetryAfter::parse(value.as_bytes()).map(|value| value.since(received_at).as_secs())
}

#[test]
fn seconds_and_the_three_forms_of_a_date_are_read() {
    assert_eq!(delay("0"), Some(0));
    assert_eq!(delay("120"), Some(120));
    assert_eq!(delay(" 0120\t"), Some(120));
    assert_eq!(delay("Sun, 06 Nov 1994 08:49:37 GMT"), Some(60));
    assert_eq!(delay("Sunday, 06-Nov-94 08:49:37 GMT"), Some(60));
    assert_eq!(delay("Sun Nov  6 08:49:37 1994"), Some(60));
}

#[test]
fn a_time_in_the_past_is_no_delay() {
    assert_eq!(delay("Sun, 06 Nov 1994 08:48:36 GMT"), Some(0));
    assert_eq!(delay("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
}

#[test]
fn very_long_delays_are_capped() {
    let longest = Some(RetryAfter::MAX.as_secs());
    assert_eq!(delay("1209601"), longest);
    assert_eq!(delay(&u64::MAX.to_string()), longest);
    assert_eq!(delay(&"9".repeat(8_000)), longest);
    assert_eq!(delay("Fri, 31 Dec 9999 23:59:59 GMT"), longest);
}

#[test]
fn invalid_values_are_ignored() {
    for value in [
        "",
        " ",
        "-1",
        "+5",
        "1.5",
        "1e3",
        "0x10",
        "5 s",
        "5, 10",
        "5;q=1",
        "soon",
        "٣",
        "①",
        "Mon, 06 Nov 1994 08:49:37 GMT", // a Sunday
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "1994-11-06T08:49:37Z",
    ] {
        assert_eq!(delay(value), None, "{value:?}");
    }
    assert_eq!(RetryAfter::parse(b"12\xFF"), None);
}

#[test]
fn only_a_single_header_counts() {
    let mut headers = HeaderMap::new();
    assert_eq!(RetryAfter::of(&headers), None);
    headers.append(RETRY_AFTER, HeaderValue::from_static("7"));
    assert_eq!(RetryAfter::of(&headers), Some(RetryAfter::Delay(Duration::from_secs(7))));
    headers.append(RETRY_AFTER, HeaderValue::from_static("7"));
    assert_eq!(RetryAfter::of(&headers), None);
    let bytes = HeaderValue::from_bytes(b"7\xE9").unwrap();
    assert_eq!(RetryAfter::of(&HeaderMap::from_iter([(RETRY_AFTER, bytes)])), None);
}
