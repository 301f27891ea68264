use serde_json::json;

use super::*;
use crate::domain::account::AccountStatus;
use crate::domain::api_key::{ApiKey, Grant, KeyOwner, KeyRequest};
use crate::domain::ids::WebhookId;
use crate::domain::scope::Scopes;
use crate::domain::subscription::Subscription;
use crate::ports::store::{
    AccountAdmin, AccountLookup, DeliveryConfig, KeyAdmin, KeyLookup, MissingTargets, NamedTargets,
    SubscriptionAdmin, TrialSlot, TrialSlots, WebhookAdmin, WebhookHistory,
};
use crate::testing::{NewWebhook, TestTables};

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

fn account(id: &str) -> Account {
    let request = json!({"id": id, "name": "Acme"});
    Account::from_request(request.as_object().unwrap(), now()).unwrap()
}

fn erasing(id: &str) -> Account {
    Account { status: AccountStatus::Erasing, ..account(id) }
}

async fn key(table: &ConfigTable, account: &str) -> Result<KeyHash, WriteError> {
    let owner = KeyOwner::Account(account.parse().unwrap());
    let request = json!({"name": "k"});
    let request = KeyRequest::parse(
        request.as_object().unwrap(),
        &owner,
        &Grant::of_operator(Scopes::all()),
        now(),
    )
    .unwrap();
    let key = ApiKey::generate().unwrap();
    table.create_key(&key.hash(), &request.into_stored_key(&key, &owner, now())).await?;
    Ok(key.hash())
}

async fn webhook(table: &ConfigTable, account: &AccountId) -> WebhookId {
    let webhook = NewWebhook::new("https://a.example/").build(now());
    table.create_webhook(account, &webhook).await.unwrap();
    webhook.id
}

async fn purge(table: &ConfigTable, part: ConfigPart) -> u64 {
    let mut deleted = 0;
    loop {
        let purged = table.purge_config(&acme(), part).await.unwrap();
        deleted += purged.deleted;
        if purged.is_complete {
            return deleted;
        }
    }
}

#[tokio::test]
async fn an_account_being_erased_accepts_nothing_new() {
    let table = TestTables::start().await.unwrap().config();
    table.create_account(&account("acme")).await.unwrap();
    assert_eq!(table.erasure_state(&acme()).await.unwrap(), AccountErasureState::NotBegun);
    for _ in 0..2 {
        table.begin_erasure(&erasing("acme"), now()).await.unwrap();
        let state = table.erasure_state(&acme()).await.unwrap();
        assert_eq!(state, AccountErasureState::InProgress(now()));
    }
    assert_eq!(table.account(&acme()).await.unwrap(), Some(erasing("acme")));
    let refused = [
        table.replace_account(&account("acme")).await,
        table.create_account(&account("acme")).await,
        key(&table, "acme").await.map(drop),
    ];
    assert!(refused.iter().all(|write| matches!(write, Err(WriteError::Condition))), "{refused:?}");
    assert!(table.account_terms(&acme()).await.unwrap().is_erased);
    let missing = MissingTargets { account: true, is_being_erased: true, webhooks: Vec::new() };
    assert_eq!(table.missing_targets(&acme(), &[]).await.unwrap(), missing);
    let unknown = table.begin_erasure(&erasing("unknown"), now()).await;
    assert!(matches!(unknown, Err(WriteError::Condition)), "{unknown:?}");
}

#[tokio::test]
async fn the_whole_configuration_of_one_account_is_deleted() {
    let table = TestTables::start().await.unwrap().config();
    let other: AccountId = "acme2".parse().unwrap();
    let mut hashes = Vec::new();
    for account_id in ["acme", "acme2"] {
        table.create_account(&account(account_id)).await.unwrap();
        hashes.push(key(&table, account_id).await.unwrap());
    }
    let (existing, deleted) = (webhook(&table, &acme()).await, webhook(&table, &acme()).await);
    let theirs = webhook(&table, &other).await;
    let rule = json!({"identity": "all", "webhook_id": existing});
    let rule = Subscription::from_request(rule.as_object().unwrap(), now()).unwrap();
    table.create_subscription(&acme(), &rule).await.unwrap();
    table.delete_webhook(&acme(), deleted, 1).await.unwrap();
    let lease = std::time::Duration::from_secs(10);
    let slot = table.take_trial_slot(&acme(), lease, now()).await.unwrap();
    let TrialSlot::Leased(slot) = slot else { panic!("{slot:?}") };
    table.begin_erasure(&erasing("acme"), now()).await.unwrap();

    // A key, the two items of a subscription, the counts, and the slots of trials.
    assert_eq!(purge(&table, ConfigPart::AllButWebhooks).await, 5);
    // A trial that ends now recreates no item.
    table.release_trial_slot(&acme(), slot).await.unwrap();
    assert_eq!(table.key(&hashes[0]).await.unwrap(), None, "the key no longer works");
    assert!(table.key(&hashes[1]).await.unwrap().is_some());
    assert_eq!(table.current_and_deleted_webhooks(&acme()).await.unwrap(), [existing, deleted]);
    assert_eq!(purge(&table, ConfigPart::AllButWebhooks).await, 0);
    assert_eq!(purge(&table, ConfigPart::All).await, 2);
    assert_eq!(table.current_and_deleted_webhooks(&acme()).await.unwrap(), []);

    table.delete_account(&acme()).await.unwrap();
    table.delete_account(&acme()).await.unwrap();
    assert_eq!(table.account(&acme()).await.unwrap(), None);
    assert_eq!(table.erasure_state(&acme()).await.unwrap(), AccountErasureState::Done);
    assert!(table.account_terms(&acme()).await.unwrap().is_erased, "messages may be on their way");
    let reused = table.create_account(&account("acme")).await;
    assert!(matches!(reused, Err(WriteError::Condition)), "{reused:?}");
    assert_eq!(table.current_and_deleted_webhooks(&other).await.unwrap(), [theirs]);
    let page = crate::input::page::PageRequest { limit: 10, after: None };
    let listed = table.accounts(&page).await.unwrap().data;
    assert_eq!(listed, [crate::input::page::Listed::Item(account("acme2"))]);
}

#[tokio::test]
async fn a_large_configuration_is_deleted_in_several_calls() {
    let table = TestTables::start().await.unwrap().config();
    table.create_account(&account("acme")).await.unwrap();
    for _ in 0..MAX_DELETED + 5 {
        webhook(&table, &acme()).await;
    }
    let first = table.purge_config(&acme(), ConfigPart::All).await.unwrap();
    assert_eq!(first, Purged { deleted: MAX_DELETED as u64, is_complete: false });
    // The rest, and the counts.
    assert_eq!(purge(&table, ConfigPart::All).await, 5 + 1);
}

#[tokio::test]
async fn a_marked_key_tells_of_the_erasure_until_its_end() {
    let table = TestTables::start().await.unwrap().config();
    let owner = KeyOwner::Account(acme());
    table.create_account(&account("acme")).await.unwrap();
    let (marked, unmarked) =
        (key(&table, "acme").await.unwrap(), key(&table, "acme").await.unwrap());
    table.begin_erasure(&erasing("acme"), now()).await.unwrap();
    let record = table.key(&marked).await.unwrap().unwrap();
    assert!(table.mark_erasing(&acme(), &record.id).await.unwrap());
    assert!(table.mark_erasing(&acme(), &record.id).await.unwrap(), "marking it again succeeds");
    assert!(!table.mark_erasing(&"acme2".parse().unwrap(), &record.id).await.unwrap());
    let marked_record = crate::domain::api_key::StoredKey { erasing: true, ..record.clone() };
    assert_eq!(table.key(&marked).await.unwrap(), Some(marked_record.clone()));

    // A key that a crash left unmarked still works, so it is deleted first.
    purge(&table, ConfigPart::AllButWebhooks).await;
    assert_eq!(table.key(&unmarked).await.unwrap(), None);
    let page = crate::input::page::PageRequest { limit: 10, after: None };
    assert_eq!(
        table.keys(&owner, &page).await.unwrap().data,
        [crate::input::page::Listed::Item(marked_record)]
    );
    purge(&table, ConfigPart::All).await;
    assert_eq!(table.key(&marked).await.unwrap(), None);
    assert!(!table.mark_erasing(&acme(), &record.id).await.unwrap(), "it is not recreated");
}
