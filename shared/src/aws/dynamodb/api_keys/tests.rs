use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::domain::api_key::{ApiKey, Grant, KeyRequest};
use crate::domain::scope::Scopes;
use crate::testing::TestTables;

const NOW: Timestamp = Timestamp::constant(1_764_205_483, 123_000_000);

async fn stored(table: &ConfigTable) -> (KeyHash, StoredKey) {
    let request = json!({"name": "n", "expires_in_days": 1});
    let owner = KeyOwner::Platform;
    let request = KeyRequest::parse(
        request.as_object().unwrap(),
        &owner,
        &Grant::of_operator(Scopes::all()),
        NOW,
    )
    .unwrap();
    let key = ApiKey::generate().unwrap();
    let record = request.into_stored_key(&key, &owner, NOW);
    table.create_key(&key.hash(), &record).await.unwrap();
    (key.hash(), record)
}

async fn listed(table: &ConfigTable) -> Vec<StoredKey> {
    let page = PageRequest { limit: 10, after: None };
    let page = table.keys(&KeyOwner::Platform, &page).await.unwrap();
    page.data.into_iter().filter_map(Listed::item).collect()
}

#[tokio::test]
async fn a_use_is_seen_in_the_list_and_by_the_authorizer() {
    let table = TestTables::start().await.unwrap().config();
    let (hash, record) = stored(&table).await;
    let (_, unused) = stored(&table).await;
    table.mark_used(&hash, NOW).await.unwrap();
    let used = StoredKey { last_used_at: Some("2025-11-27T01:04:43Z".parse().unwrap()), ..record };
    assert_eq!(table.key(&hash).await.unwrap(), Some(used.clone()));
    let listed = listed(&table).await;
    assert_eq!(listed.len(), 2);
    assert!(listed.contains(&used) && listed.contains(&unused), "{listed:?}");
}

#[tokio::test]
async fn a_use_is_recorded_once_an_hour() {
    let table = TestTables::start().await.unwrap().config();
    let (hash, _) = stored(&table).await;
    let last_use = async || table.key(&hash).await.unwrap().unwrap().last_used_at.unwrap();
    table.mark_used(&hash, NOW).await.unwrap();
    let first = last_use().await;
    let hour = StoredKey::USE_UPDATE_INTERVAL;
    table.mark_used(&hash, NOW + hour - SignedDuration::from_secs(1)).await.unwrap();
    assert_eq!(last_use().await, first);
    table.mark_used(&hash, NOW + hour).await.unwrap();
    assert_eq!(last_use().await, first + hour);
    table.mark_used(&hash, NOW).await.unwrap();
    assert_eq!(last_use().await, first + hour, "a late write does not move the time back");
}

#[tokio::test]
async fn recording_a_use_does_not_recreate_a_revoked_key() {
    let table = TestTables::start().await.unwrap().config();
    let (hash, record) = stored(&table).await;
    assert!(table.revoke_key(&KeyOwner::Platform, &record.id).await.unwrap().is_some());
    table.mark_used(&hash, NOW).await.unwrap();
    assert_eq!(table.key(&hash).await.unwrap(), None);
    assert_eq!(listed(&table).await, []);
}
