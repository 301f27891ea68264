//! Report ids: time-ordered and derived from content, so that the same report sent twice has
//! the same id and ingest needs no store to be idempotent.
//!
//! RFC 9562 UUIDv8: 48 bits of milliseconds (`end_at`, else `start_at`, else the time of
//! receipt), the rest from SHA-256 over the account and what identifies the report: the
//! caller's `Idempotency-Key`, else the report's own `id`, else its canonical JSON.
//! A report with neither time differs in its first bits when it is sent again later.

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Report, time};
use crate::account::AccountId;
use crate::ids::ReportId;

/// What the caller said a report is to be recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey<'a> {
    /// The `Idempotency-Key` of the request.
    pub key: &'a str,
    /// Which report of the request it is, from 0.
    pub index: usize,
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
        // The length keeps the account apart from what follows it.
        hash.update([u8::try_from(account.as_str().len()).unwrap_or(u8::MAX)]);
        hash.update(account.as_str());
        if let Some(IdempotencyKey { key, index }) = key {
            hash.update(b"key");
            hash.update(index.to_be_bytes());
            hash.update(key);
        } else if let Some(id) = report.text("id") {
            hash.update(b"id");
            hash.update(id.as_bytes());
        } else {
            hash.update(b"report");
            hash_object(&mut hash, report.fields());
        }
        let mut bytes = [0u8; 16];
        let millis = millis_of(report, received_at).to_be_bytes();
        bytes
            .iter_mut()
            .zip(millis.iter().skip(2).chain(hash.finalize().iter()))
            .for_each(|(byte, source)| *byte = *source);
        Self::from_uuid(Uuid::new_v8(bytes))
    }
}

fn millis_of(report: &Report, received_at: Timestamp) -> u64 {
    let field = |name| report.text(name).and_then(|text| time::parse_millis(&text));
    field("end_at")
        .or_else(|| field("start_at"))
        .unwrap_or_else(|| u64::try_from(received_at.as_millisecond()).unwrap_or(0))
}

/// Hashes JSON so that white space and the order of fields make no difference. Every value is
/// tagged and every text has its length before it, so no two values hash the same input.
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
        ReportId::derive(
            &account.parse().unwrap(),
            &Report::parse(json).unwrap(),
            key,
            received,
        )
    }

    #[test]
    fn it_is_a_uuid_v8_that_begins_with_the_end_of_the_call() {
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
        let same = r#"{"v":{"b":[2],"a":1},"to":1,"start_at":"2021-04-09 16:27:39"}"#;
        assert_eq!(id(one, "acme", None, 1), id(same, "acme", None, 2));
        assert_ne!(id_of(one), id(one, "other", None, 1_700_000_000_000));
        for different in [
            r#"{"start_at": "2021-04-09 16:27:39", "to": 2, "v": {"a": 1, "b": [2]}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": "1", "v": {"a": 1, "b": [2]}}"#,
            r#"{"start_at": "2021-04-09 16:27:39", "to": 1, "v": {"a": 1, "b": 2}}"#,
        ] {
            assert_ne!(id_of(one), id_of(different), "{different}");
        }
    }

    #[test]
    fn the_callers_own_id_decides() {
        let first = r#"{"id": "c:1", "start_at": "2021-04-09 16:27:39", "status": "BUSY"}"#;
        let again = r#"{"id": "c:1", "start_at": "2021-04-09 16:27:39", "status": "ANSWER"}"#;
        assert_eq!(id_of(first), id_of(again));
        let key = |key, index| Some(IdempotencyKey { key, index });
        assert_eq!(
            id(first, "a", key("k", 0), 1),
            id(again, "a", key("k", 0), 1)
        );
        assert_ne!(
            id(first, "a", key("k", 0), 1),
            id(first, "a", key("k", 1), 1)
        );
        assert_ne!(id(first, "a", key("c:1", 0), 1), id(first, "a", None, 1));
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
