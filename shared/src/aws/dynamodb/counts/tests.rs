use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::aws::dynamodb::item::to_item;
use crate::aws::dynamodb::keys::webhook_key;
use crate::domain::account::Account;
use crate::domain::ids::WebhookId;
use crate::domain::webhook::Webhook;
use crate::ports::store::{AccountAdmin, NewWebhookError, WebhookAdmin, WriteError};
use crate::testing::{NewWebhook, TestTables};

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

fn new_webhook() -> Webhook {
    NewWebhook::new("https://crm.example/").build(Timestamp::UNIX_EPOCH)
}

async fn table_with_quota(webhooks: u32) -> ConfigTable {
    let table = TestTables::start().await.unwrap().config();
    let request = json!({"id": "acme", "name": "Acme", "quotas": {"webhooks": webhooks}});
    let account = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH);
    table.create_account(&account.unwrap()).await.unwrap();
    table
}

async fn stored_number(table: &ConfigTable, attribute: &str) -> Option<String> {
    let item = table.get("test", partition(&acme()), COUNTS.to_owned()).await.unwrap()?;
    item.get(attribute)?.as_n().ok().cloned()
}

#[tokio::test]
async fn concurrent_requests_do_not_exceed_a_quota() {
    let table = table_with_quota(5).await;
    let create = || {
        let table = table.clone();
        tokio::spawn(async move { table.create_webhook(&acme(), &new_webhook()).await })
    };
    let mut made = 0;
    for asked in (0..20).map(|_| create()).collect::<Vec<_>>() {
        match asked.await.unwrap() {
            Ok(()) => made += 1,
            Err(NewWebhookError::TooMany(5)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(made, 5);
    assert_eq!(table.count("test", &acme(), Counted::Webhooks).await.unwrap(), 5);
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "5");
}

#[tokio::test]
async fn an_exhausted_quota_is_found_before_a_write() {
    for (quota, is_within_quota) in [(2, true), (1, false), (0, false)] {
        let table = table_with_quota(1).await;
        table.create_webhook(&acme(), &new_webhook()).await.unwrap();
        let request = json!({"id": "acme", "name": "Acme", "quotas": {"webhooks": quota}});
        let account = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH);
        table.replace_account(&account.unwrap()).await.unwrap();
        let exhausted = table.exhausted_webhook_quota(&acme()).await.unwrap();
        assert_eq!(exhausted, (!is_within_quota).then_some(quota));
        assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "1");
    }
    let new = table_with_quota(1).await;
    assert_eq!(new.exhausted_webhook_quota(&acme()).await.unwrap(), None, "not counted yet");
}

#[tokio::test]
async fn a_deletion_frees_quota_and_is_counted_once() {
    let table = table_with_quota(1).await;
    let webhook = new_webhook();
    table.create_webhook(&acme(), &webhook).await.unwrap();
    assert!(matches!(
        table.create_webhook(&acme(), &new_webhook()).await,
        Err(NewWebhookError::TooMany(1))
    ));
    let delete = async || table.delete_webhook(&acme(), webhook.id, webhook.version).await;
    delete().await.unwrap();
    assert!(matches!(delete().await, Err(WriteError::Condition)), "a second time");
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "0");
    table.create_webhook(&acme(), &new_webhook()).await.unwrap();
    assert!(table.create_webhook(&acme(), &new_webhook()).await.is_err());
}

#[tokio::test]
async fn a_webhook_created_twice_is_counted_once() {
    let table = table_with_quota(5).await;
    let webhook = new_webhook();
    table.create_webhook(&acme(), &webhook).await.unwrap();
    let again = table.create_webhook(&acme(), &webhook).await;
    assert!(matches!(again, Err(NewWebhookError::Exists)), "{again:?}");
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "1");
}

#[derive(serde::Serialize)]
struct Uncounted {
    version: u64,
}

/// Stores a webhook's item as builds before quotas wrote it, without counting it.
async fn put_uncounted(table: &ConfigTable, id: WebhookId) {
    let item = to_item("test", partition(&acme()), webhook_key(id), &Uncounted { version: 1 });
    let put = table.client.put_item().table_name(&table.table);
    put.set_item(Some(item.unwrap())).send().await.unwrap();
}

#[tokio::test]
async fn the_first_creation_counts_existing_webhooks() {
    let table = table_with_quota(4).await;
    let ids: Vec<_> = (0..3).map(|_| WebhookId::generate()).collect();
    for id in &ids {
        put_uncounted(&table, *id).await;
    }
    assert_eq!(stored_number(&table, "webhooks").await, None);
    table.create_webhook(&acme(), &new_webhook()).await.unwrap();
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "4");
    assert_eq!(stored_number(&table, "subscriptions").await.unwrap(), "0");
    let full = table.create_webhook(&acme(), &new_webhook()).await;
    assert!(matches!(full, Err(NewWebhookError::TooMany(4))));
}

#[tokio::test]
async fn the_first_deletion_counts_existing_webhooks() {
    let table = table_with_quota(4).await;
    let ids: Vec<_> = (0..3).map(|_| WebhookId::generate()).collect();
    for id in &ids {
        put_uncounted(&table, *id).await;
    }
    table.delete_webhook(&acme(), ids[0], 1).await.unwrap();
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "2");
}

#[tokio::test]
async fn a_lowered_quota_stops_new_webhooks_only() {
    let table = table_with_quota(0).await;
    let ids: Vec<_> = (0..2).map(|_| WebhookId::generate()).collect();
    for id in &ids {
        put_uncounted(&table, *id).await;
    }
    let refused = table.create_webhook(&acme(), &new_webhook()).await;
    assert!(matches!(refused, Err(NewWebhookError::TooMany(0))), "{refused:?}");
    for id in ids {
        table.delete_webhook(&acme(), id, 1).await.unwrap();
    }
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "0");
}

#[tokio::test]
async fn an_account_without_an_item_has_the_default_quota() {
    let table = TestTables::start().await.unwrap().config();
    table.create_webhook(&acme(), &new_webhook()).await.unwrap();
    assert_eq!(stored_number(&table, "webhooks").await.unwrap(), "1");
}
