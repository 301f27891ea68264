//! Tests of the limit of links, and of the expiry of their items.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::aws::dynamodb::api_keys::{LOOKUP, lookup_partition};
use crate::domain::account::Account;
use crate::domain::api_key::{ApiKey, Grant, KeyKind, KeyOwner};
use crate::domain::scope::Scopes;
use crate::ports::store::{AccountAdmin, KeyAdmin, KeyLookup, WriteError};
use crate::testing::TestTables;

const NOW: Timestamp = Timestamp::constant(1_764_205_483, 0);

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

fn owner() -> KeyOwner {
    KeyOwner::Account(acme())
}

fn after(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

async fn table() -> ConfigTable {
    let table = TestTables::start().await.unwrap().config();
    let acme = json!({"id": "acme", "name": "Acme"});
    let account = Account::from_request(acme.as_object().unwrap(), NOW).unwrap();
    table.create_account(&account).await.unwrap();
    table
}

/// A link that was requested at `now`.
fn link(request: &Value, now: Timestamp) -> (KeyHash, StoredKey) {
    let grant = Grant::of_operator(Scopes::all());
    let request = ConsoleLink::parse(request.as_object().unwrap(), &acme(), &grant, now).unwrap();
    let key = ApiKey::generate().unwrap();
    (key.hash(), request.into_stored_key(&key, &owner(), now))
}

async fn made(
    table: &ConfigTable,
    seconds: u32,
    now: Timestamp,
) -> Result<StoredKey, NewLinkError> {
    let (hash, record) = link(&json!({"expires_in_seconds": seconds}), now);
    table.create_link(&acme(), &hash, &record, now).await?;
    Ok(record)
}

/// Stores as many links as an account may have, without their keys: the first ends after `first`
/// seconds, the others later.
async fn fill(table: &ConfigTable, first: i64) {
    let until = (0..ConsoleLink::MAX_LIVE).map(|n| {
        let until = if n == 0 { first } else { 80_000 };
        (format!("{n:012x}"), after(until).as_second())
    });
    let live_links = LiveLinks { revision: 0, until: until.collect(), forget_at: 0 };
    let part = table.links_part("test", &acme(), live_links, 0).unwrap();
    table.transact(vec![part]).await.unwrap();
}

#[tokio::test]
async fn live_links_of_an_account_are_limited() {
    let table = table().await;
    fill(&table, 5_000).await;
    for second in [0, 4_999] {
        match made(&table, 60, after(second)).await {
            Err(NewLinkError::TooManyUntil(until)) => assert_eq!(until, after(5_000)),
            other => panic!("{other:?}"),
        }
    }
    let (hash, program) = link(&json!({}), NOW);
    let program = StoredKey { kind: KeyKind::Program, ..program };
    table.create_key(&hash, &program).await.unwrap();
    let last = made(&table, 60, after(5_000)).await.unwrap();
    assert!(matches!(made(&table, 60, after(5_001)).await, Err(NewLinkError::TooManyUntil(_))));
    // A short link counts for an hour, unless it is revoked.
    let hour = SignedDuration::from_secs(5_000) + ConsoleLink::COUNTS_FOR;
    match made(&table, 60, after(5_100)).await {
        Err(NewLinkError::TooManyUntil(until)) => {
            assert_eq!(until, NOW + hour + SignedDuration::from_secs(1));
        }
        other => panic!("{other:?}"),
    }
    assert!(table.revoke_key(&owner(), &last.id).await.unwrap().is_some());
    made(&table, 60, after(5_100)).await.unwrap();
}

#[tokio::test]
async fn links_created_concurrently_are_all_counted() {
    let table = table().await;
    fill(&table, 0).await;
    let made = join_all((0..4).map(|_| made(&table, 600, after(1)))).await;
    let (good, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), refused.len()), (1, 3), "{refused:?}");
    let live_links = table.live_links("test", &acme()).await.unwrap();
    assert_eq!(live_links.until.len(), ConsoleLink::MAX_LIVE);
}

#[tokio::test]
async fn a_links_items_expire_with_it() {
    let table = table().await;
    let (hash, record) = link(&json!({"expires_in_seconds": 90}), NOW);
    table.create_link(&acme(), &hash, &record, NOW).await.unwrap();
    assert_eq!(table.key(&hash).await.unwrap(), Some(record.clone()));
    let end = AttributeValue::N(after(90).as_second().to_string());
    for (pk, sk) in [
        (lookup_partition(&hash), LOOKUP.to_owned()),
        (partition(&acme()), format!("KEY#{}", record.id)),
    ] {
        let item = table.get("test", pk.clone(), sk).await.unwrap().unwrap();
        assert_eq!(item.get("forget_at"), Some(&end), "{pk}");
    }
    let item = table.get("test", partition(&acme()), LINKS.to_owned()).await.unwrap().unwrap();
    let counts_until = (NOW + ConsoleLink::COUNTS_FOR).as_second() + 1;
    assert_eq!(item.get("forget_at"), Some(&AttributeValue::N(counts_until.to_string())));
}

#[tokio::test]
async fn a_link_of_a_missing_account_is_not_stored() {
    let table = TestTables::start().await.unwrap().config();
    let refused = made(&table, 60, NOW).await;
    assert!(matches!(refused, Err(NewLinkError::Write(WriteError::Condition))), "{refused:?}");
}
