//! Report ids: time-ordered and derived from content, so that a report sent twice gets the same id
//! and ingest is idempotent without a store.
//!
//! RFC 9562 UUIDv8: 48 bits of milliseconds, then SHA-256 over the account and what identifies the
//! report: the caller's `Idempotency-Key`, else its content.
//!
//! **The content** is every field but `date` and `unixtime`, the time of sending, and `webhook_id`
//! and `webhook_ids`, the destinations. The order of fields, white space and `null` fields make no
//! difference, nor whether a documented field that may be a number or a string is a number or a string.
//! So a report that corrects another of the same call is another report.
//!
//! **The milliseconds** are those of `end_at`, else `start_at`: the instant if the text has an offset,
//! else the local time read as UTC. An account's zone may change, but a report's id must not; a look-up
//! by a range of time translates it ([`crate::domain::delivery::ReportTimes`]). Times before 1970 become zero.
//!
//! Without a time the milliseconds are zero if the caller gave a key or an `id`, and the time of receipt
//! otherwise: two calls may leave equal reports without a time, and neither may be lost. Only such a
//! report is not recognised when it is sent again later.

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{NUMBER_OR_TEXT, Report, text_of};
use crate::domain::account::AccountId;
use crate::domain::ids::ReportId;

/// The caller's idempotency key of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdempotencyKey<'a> {
    /// The key of a request with one report: the key alone identifies the report.
    OfReport(&'a str),
    /// The key of a request with an array: the key and the content identify a report. Its index
    /// does not count, as it changes when the caller sends a part of the array again.
    OfArray(&'a str),
}

impl IdempotencyKey<'_> {
    /// The longest key, in characters.
    pub const MAX_LEN: usize = 255;

    /// Whether a text is a valid key: 1 to [`IdempotencyKey::MAX_LEN`] visible ASCII characters.
    pub fn is_valid(text: &str) -> bool {
        (1..=Self::MAX_LEN).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl ReportId {
    /// The id of `report` in `account`.
    pub fn derive(
        account: &AccountId,
        report: &Report,
        key: Option<IdempotencyKey<'_>>,
        received_at: Timestamp,
    ) -> Self {
        let mut hash = Sha256::new();
        hash_text(&mut hash, b'A', account.as_str());
        match key {
            Some(IdempotencyKey::OfReport(key)) => hash_text(&mut hash, b'K', key),
            Some(IdempotencyKey::OfArray(key)) => {
                hash_text(&mut hash, b'L', key);
                hash_content(&mut hash, report);
            }
            None => hash_content(&mut hash, report),
        }
        let millis = match report.call_time() {
            Some(time) => time.millis_as_utc(),
            None if key.is_some() || report.value("id").is_some() => 0,
            None => received_at.as_millisecond(),
        };
        Self::new_at(millis, hash)
    }

    /// The id of the report of an operational event that `key` and `at` identify.
    pub fn of_operational_event(account: &AccountId, key: &str, at: Timestamp) -> Self {
        let mut hash = Sha256::new();
        hash_text(&mut hash, b'A', account.as_str());
        hash_text(&mut hash, b'O', key);
        Self::new_at(at.as_millisecond(), hash)
    }

    fn new_at(millis: i64, hash: Sha256) -> Self {
        let mut bytes = [0u8; 16];
        // The last year that a text can name is 9999, which fits into 48 bits.
        let millis = u64::try_from(millis).unwrap_or(0);
        let source = millis.to_be_bytes().into_iter().skip(2).chain(hash.finalize());
        for (byte, source) in bytes.iter_mut().zip(source) {
            *byte = source;
        }
        Self::from_uuid(Uuid::new_v8(bytes))
    }
}

/// Fields that do not count as content.
const NOT_CONTENT: [&str; 4] = ["date", "unixtime", "webhook_id", "webhook_ids"];

fn hash_content(hash: &mut Sha256, report: &Report) {
    let is_content = |name: &str, value: &Value| !value.is_null() && !NOT_CONTENT.contains(&name);
    let mut fields: Vec<_> =
        report.fields().iter().filter(|(name, value)| is_content(name, value)).collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    hash.update(b"o");
    hash.update(fields.len().to_be_bytes());
    for (name, value) in fields {
        hash_text(hash, b'k', name);
        match text_of(value).filter(|_| NUMBER_OR_TEXT.contains(&name.as_str())) {
            Some(text) => hash_text(hash, b's', &text),
            None => hash_value(hash, value),
        }
    }
}

/// Hashes JSON independently of white space and the order of fields. Every value is tagged and every
/// text has its length before it, so no two values have the same hash input.
fn hash_value(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null => hash.update(b"n"),
        Value::Bool(true) => hash.update(b"t"),
        Value::Bool(false) => hash.update(b"f"),
        Value::Number(number) => hash_text(hash, b'd', &number.to_string()),
        Value::String(text) => hash_text(hash, b's', text),
        Value::Array(items) => {
            hash.update(b"a");
            hash.update(items.len().to_be_bytes());
            for item in items {
                hash_value(hash, item);
            }
        }
        Value::Object(object) => hash_object(hash, object),
    }
}

fn hash_object(hash: &mut Sha256, object: &serde_json::Map<String, Value>) {
    hash.update(b"o");
    hash.update(object.len().to_be_bytes());
    let mut entries: Vec<_> = object.iter().collect();
    entries.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in entries {
        hash_text(hash, b'k', name);
        hash_value(hash, value);
    }
}

fn hash_text(hash: &mut Sha256, tag: u8, text: &str) {
    hash.update([tag]);
    hash.update(text.len().to_be_bytes());
    hash.update(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id_of(json: &str) -> ReportId {
        id(json, "acme", None, 1_700_000_000_000)
    }

    fn id(json: &str, account: &str, key: Option<IdempotencyKey<'_>>, received: i64) -> ReportId {
        let received = Timestamp::from_millisecond(received).unwrap();
        ReportId::derive(&account.parse().unwrap(), &Report::parse(json).unwrap(), key, received)
    }

    #[test]
    fn an_id_is_a_uuid_v8_that_begins_with_the_end_of_the_call() {
        let id = id_of(r#"{"start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55"}"#);
        let uuid = Uuid::parse_str(&id.to_string()).unwrap();
        assert_eq!(uuid.get_version_num(), 8);
        assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
        let millis = uuid.as_u128() >> 80;
        assert_eq!(millis, 1_617_985_675_000);
        let start_only = id_of(r#"{"start_at": "2021-04-09 16:27:39", "end_at": ""}"#);
        let millis = Uuid::parse_str(&start_only.to_string()).unwrap().as_u128() >> 80;
        assert_eq!(millis, 1_617_985_659_000);
        let neither = Uuid::parse_str(&id_of("{}").to_string()).unwrap().as_u128() >> 80;
        assert_eq!(neither, 1_700_000_000_000);
    }

    #[test]
    fn the_same_report_has_the_same_id() {
        let one = r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": [2]}}"#;
        assert_ne!(id_of(one), id(one, "other", None, 1_700_000_000_000));
        for same in [
            r#"{"v":{"b":[2],"a":1},"to":1,"start_at":"2021-04-09 16:27:39"}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": "1", "v": {"a": 1, "b": [2]}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": [2]}, "mid": null}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": [2]},
                "date": "2021-04-09 16:27:41", "unixtime": 1617985661}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": [2]},
                "webhook_id": "01890a5d-ac96-774b-bcce-b302099a8057"}"#,
        ] {
            assert_eq!(id(one, "acme", None, 1), id(same, "acme", None, 2), "{same}");
        }
        for different in [
            r#"{"start_at": "2021-04-09 16:27:39", "to": 2, "v": {"a": 1, "b": [2]}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": "01", "v": {"a": 1, "b": [2]}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": "1", "b": [2]}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": 2}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": [2], "date": 1}}"#,
            r#"{"start_at": "2021-04-09T16:27:39", "to": 1, "v": {"a": 1, "b": [2]}}"#,
        ] {
            assert_ne!(id_of(one), id_of(different), "{different}");
        }
    }

    #[test]
    fn a_correction_of_a_call_is_another_report() {
        let first = r#"{"id": "c:1", "start_at": "2021-04-09 16:27:39", "status": "BUSY"}"#;
        let later = [
            r#"{"id": "c:1", "start_at": "2021-04-09 16:27:39", "status": "ANSWER"}"#,
            r#"{"id": "c:1", "start_at": "2021-04-09 16:27:39", "status": "BUSY",
                "recording_url": "https://recordings.example.com/a.mp3"}"#,
            r#"{"id": "c:2", "start_at": "2021-04-09 16:27:39", "status": "BUSY"}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "status": "BUSY"}"#,
        ];
        for other in later {
            assert_ne!(id_of(first), id_of(other), "{other}");
            let of_array = |json| id(json, "a", Some(IdempotencyKey::OfArray("k")), 1);
            assert_ne!(of_array(first), of_array(other), "{other}");
            let key = Some(IdempotencyKey::OfReport("k"));
            assert_eq!(id(first, "a", key, 1), id(other, "a", key, 2), "{other}");
        }
        let same_text = Some(IdempotencyKey::OfReport("c:1"));
        assert_ne!(id(first, "a", same_text, 1), id(first, "a", None, 1));
    }

    #[test]
    fn an_id_does_not_depend_on_receipt_however_early_or_late_the_call() {
        for (time, millis) in [
            ("9999-12-31 23:59:59", 253_402_300_799_000),
            ("9999-12-31T23:59:59-23:00", 253_402_300_799_000 + 23 * 3_600_000),
            ("1969-12-31 23:59:59", 0),
            ("0001-01-01T00:00:00Z", 0),
            ("1970-01-01T01:00:00+02:00", 0),
        ] {
            let json = serde_json::json!({"end_at": time, "to": 1}).to_string();
            let first = id(&json, "acme", None, 1_700_000_000_000);
            assert_eq!(first, id(&json, "acme", None, 1_700_000_009_000), "{time}");
            let uuid = Uuid::parse_str(&first.to_string()).unwrap();
            assert_eq!(uuid.as_u128() >> 80, millis, "{time}");
        }
    }

    #[test]
    fn with_a_key_or_an_id_the_time_of_receipt_makes_no_difference() {
        let key = Some(IdempotencyKey::OfReport("k"));
        assert_eq!(id("{}", "a", key, 1), id("{}", "a", key, 2));
        assert_eq!(id(r#"{"id": 7}"#, "a", None, 1), id(r#"{"id": 7}"#, "a", None, 2));
        // Two calls between the same numbers, both busy, from an engine that sends no time.
        let busy = r#"{"from": 1, "to": 2, "status": "BUSY"}"#;
        assert_ne!(id(busy, "a", None, 1), id(busy, "a", None, 2));
    }

    #[test]
    fn in_an_array_the_key_and_the_content_count_but_not_the_index() {
        let of_array = |json, text| id(json, "a", Some(IdempotencyKey::OfArray(text)), 1);
        assert_eq!(of_array(r#"{"to": 1}"#, "k"), of_array(r#"{"to": 1}"#, "k"));
        assert_ne!(of_array(r#"{"to": 1}"#, "k"), of_array(r#"{"to": 2}"#, "k"));
        assert_ne!(of_array(r#"{"to": 1}"#, "k"), of_array(r#"{"to": 1}"#, "l"));
    }

    proptest! {
        #[test]
        fn any_object_has_an_id_that_ignores_order(
            entries in proptest::collection::btree_map("[a-z]{1,6}x", ".{0,20}", 0..8)
        ) {
            let object = |entries: Vec<(&String, &String)>| {
                let map: serde_json::Map<String, Value> = entries
                    .into_iter()
                    .map(|(name, value)| (name.clone(), Value::from(value.clone())))
                    .collect();
                id_of(&Value::Object(map).to_string())
            };
            let forward = object(entries.iter().collect());
            let backward = object(entries.iter().rev().collect());
            prop_assert_eq!(forward, backward);
        }
    }
}
