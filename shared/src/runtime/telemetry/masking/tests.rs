use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

#[test]
fn a_phone_number_keeps_its_last_four_digits() {
    for (text, expected) in [
        ("918867130000", "********0000"),
        ("+91 88671-30000", "+** *****-*0000"),
        ("(022) 2345-6789", "(***) ****-6789"),
        (
            "invalid type: string \"+918867130000\", expected",
            "invalid type: string \"+********0000\", expected",
        ),
        ("1234567", "***4567"),
        ("to=886713000012345678901x", "to=*****************8901x"),
        ("٩١٨٨٦٧١٣٠٠٠٠", "********٠٠٠٠"),
        ("2026-11-27 918867130000", "2026-11-27 ********0000"),
        ("88671 30000 2026-11-27", "***** *0000 2026-11-27"),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn other_text_stays() {
    for text in [
        "",
        "123456",
        "attempt 13 of 1000",
        "127.0.0.1:43210",
        "01890123-4567-7890-8123-123456789012",
        "01890a5d-ac96-774b-bcce-b302099a8057.01890123-4567-8890-8123-123456789012",
        "2026-11-27T01:05:11.123456789Z",
        "until 2021-04-09 16:27:39",
        "from 2026-11-27 to 2026-11-28",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn invalid_uuids_and_times_are_masked() {
    for text in [
        "a01890123-4567-7890-8123-123456789012",
        "01890123-4567-7890-8123-1234567890123",
        "2026-13-27 8867130000",
        "2026-11-278867130000",
        "2026-11-27T01:05:11.1234567890123",
    ] {
        assert_ne!(masked(text), text);
    }
}

#[test]
fn a_masked_line_is_json_and_shows_the_account() {
    let line = json!({
        "account_id": "9188671300", "message": "x 918867130000", "count": 123_456_789,
        "total": 12_345_678_901_u64, "below": -12_345_678_901_i64, "error": "{\"to\":918867130000}\u{1}234567",
    });
    let masked: Value = serde_json::from_str(&masked_line(&line.to_string())).unwrap();
    assert_eq!(
        masked,
        json!({
            "account_id": "9188671300", "message": "x ********0000", "count": 123_456_789,
            "total": "*******8901", "below": "-*******8901", "error": "{\"to\":********0000}\u{1}234567",
        })
    );
}

#[test]
fn a_value_equal_to_an_exempt_name_exempts_nothing() {
    let line = json!({"message": "account_id", "to": "918867130000"}).to_string();
    assert!(!masked_line(&line).contains("918867130000"));
    let line = r#"{"message":"\"account_id\":\"918867130000\""}"#;
    assert!(!masked_line(line).contains("918867130000"));
}

#[test]
fn a_line_that_is_not_json_is_masked() {
    for line in
        ["918867130000", "\"918867130000", "{\"a\":\"\\", "{\"a\":\"\\u12", "\\\"918867130000\\ué"]
    {
        assert!(!masked_line(line).contains("918867130000"), "{line}");
    }
}

#[test]
fn the_writer_masks_lines() {
    let mut written = Vec::new();
    Masking(&mut written).write_all(b"{\"to\":\"918867130000\"}\n").unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), "{\"to\":\"********0000\"}\n");
}

/// A phone number as in reports.
fn number() -> impl Strategy<Value = String> {
    "\\+?[1-9][0-9]{6,14}"
}

proptest! {
    #[test]
    fn a_number_is_masked_in_any_surroundings(
        before in "\\PC{0,20}", number in number(), after in "\\PC{0,20}"
    ) {
        let digits = number.trim_start_matches('+');
        // The letters keep it from being part of a UUID or a time.
        let text = format!("{before} x{digits}x {after}");
        prop_assert!(!masked(&text).contains(digits), "{}", masked(&text));
        let line = json!({"error": text, "n": 1}).to_string();
        prop_assert!(!masked_line(&line).contains(digits));
    }

    #[test]
    fn masking_is_idempotent(text in "[0-9 ()a-f:.T-]{0,60}") {
        let once = masked(&text).into_owned();
        prop_assert_eq!(masked(&once), once.as_str());
    }

    #[test]
    fn uuids_and_times_stay(id in any::<u128>(), seconds in 0..4_102_444_800_i64, nanos in 0..1_000_000_000_i32) {
        let uuid = uuid::Uuid::from_u128(id).to_string();
        prop_assert_eq!(masked(&uuid), uuid.as_str());
        let time = jiff::Timestamp::new(seconds, nanos).unwrap().to_string();
        prop_assert_eq!(masked(&time), time.as_str());
        let both = format!("{uuid}.{uuid} at {time}");
        prop_assert_eq!(masked(&both), both.as_str());
    }

    #[test]
    fn a_masked_line_has_the_same_shape(text in "\\PC{0,40}|[0-9\"\\\\\u{1}{}:,]{0,40}", n in any::<i64>()) {
        let line = json!({"a": text, "n": n, "list": [text, n]}).to_string();
        let masked: Value = serde_json::from_str(&masked_line(&line)).unwrap();
        prop_assert_eq!(masked.as_object().unwrap().len(), 3);
        prop_assert_eq!(masked["a"].as_str().unwrap().chars().count(), text.chars().count());
    }

    #[test]
    fn any_text_can_be_masked(line in "\\PC{0,80}") {
        let _ = masked_line(&line);
        prop_assert_eq!(masked(&line).chars().count(), line.chars().count());
    }
}
