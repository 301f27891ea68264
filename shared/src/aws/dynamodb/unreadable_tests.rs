//! Tests that an unreadable item affects only itself.

use jiff::Timestamp;
use serde_json::json;

use crate::domain::account::{Account, AccountId, AccountZone};
use crate::domain::api_key::{ApiKey, Grant, KeyId, KeyOwner, KeyRequest};
use crate::domain::event::Event;
use crate::domain::ids::{SubscriptionId, WebhookId};
use crate::domain::replay::{ReplayJob, ReplayRequest};
use crate::domain::scope::Scopes;
use crate::domain::subscription::{RuleRange, Subscription};
use crate::input::page::{Listed, Page, PageRequest};
use crate::ports::store::{
    AccountAdmin, DeliveryConfig, KeyAdmin, ReplayAdmin, StoredWebhook, SubscriptionAdmin,
    WebhookAdmin,
};
use crate::testing::{CONFIG, DELIVERIES, NewWebhook, TestTables};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

async fn webhook(tables: &TestTables) -> WebhookId {
    let webhook = NewWebhook::new("https://crm.example/").build(NOW);
    tables.config().create_webhook(&acme(), &webhook).await.unwrap();
    webhook.id
}

async fn subscribe(tables: &TestTables, webhook: WebhookId) -> SubscriptionId {
    let request = json!({"identity": "all", "webhook_id": webhook});
    let subscription = Subscription::from_request(request.as_object().unwrap(), NOW).unwrap();
    tables.config().create_subscription(&acme(), &subscription).await.unwrap();
    subscription.id
}

/// The id of each listed item, in order, and whether the item is readable.
fn shown<T>(
    page: Page<Listed<T>>,
    id: impl Fn(&T) -> String,
) -> (Vec<(String, bool)>, Option<String>) {
    let one = |listed| match listed {
        Listed::Item(item) => (id(&item), true),
        Listed::Unreadable { id } => (id, false),
    };
    let mut shown: Vec<_> = page.data.into_iter().map(one).collect();
    shown.sort_unstable();
    (shown, page.next_cursor)
}

fn expected(ids: &[String], unreadable: &str) -> (Vec<(String, bool)>, Option<String>) {
    let mut expected: Vec<_> = ids.iter().map(|id| (id.clone(), id != unreadable)).collect();
    expected.sort_unstable();
    (expected, None)
}

#[tokio::test]
async fn a_list_of_webhooks_shows_the_others() {
    let tables = TestTables::start().await.unwrap();
    let ids = [webhook(&tables).await, webhook(&tables).await, webhook(&tables).await];
    let ids = ids.map(|id| id.to_string());
    let sk = format!("WEBHOOK#{}", ids[1]);
    tables.remove_attribute(CONFIG, "ACCT#acme", &sk, "signing").await.unwrap();
    let table = tables.config();
    let all = PageRequest { limit: 9, after: None };
    let page = table.webhooks(&acme(), &all, None).await.unwrap();
    assert_eq!(shown(page, |webhook| webhook.id.to_string()), expected(&ids, &ids[1]));
    let two = PageRequest { limit: 2, after: None };
    let page = table.webhooks(&acme(), &two, None).await.unwrap();
    assert_eq!(
        page.next_cursor.as_ref(),
        Some(&ids[1]),
        "newest first, the list continues after it"
    );
}

#[tokio::test]
async fn a_list_of_subscriptions_shows_the_others_which_are_deleted_with_their_webhook() {
    let tables = TestTables::start().await.unwrap();
    let (one, other) = (webhook(&tables).await, webhook(&tables).await);
    let ids = [subscribe(&tables, one).await, subscribe(&tables, other).await];
    let ids = ids.map(|id| id.to_string());
    let sk = format!("SUBSCRIPTION#{}", ids[0]);
    tables.remove_attribute(CONFIG, "ACCT#acme", &sk, "identity").await.unwrap();
    let table = tables.config();
    let all = PageRequest { limit: 9, after: None };
    let page = table.subscriptions(&acme(), None, &all).await.unwrap();
    let id = |subscription: &Subscription| subscription.id.to_string();
    assert_eq!(shown(page, id), expected(&ids, &ids[0]));
    for webhook in [one, other] {
        table.delete_subscriptions_of(&acme(), webhook).await.unwrap();
    }
    let page = table.subscriptions(&acme(), None, &all).await.unwrap();
    assert_eq!(shown(page, id), expected(&ids[..1], &ids[0]));
}

#[tokio::test]
async fn lists_of_accounts_keys_and_replays_show_the_others() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.config();
    for id in ["acme", "beta"] {
        let request = json!({"id": id, "name": id});
        let account = Account::from_request(request.as_object().unwrap(), NOW).unwrap();
        table.create_account(&account).await.unwrap();
    }
    tables.remove_attribute(CONFIG, "ACCOUNTS", "acme", "name").await.unwrap();
    let page = table.accounts(&PageRequest { limit: 9, after: None }).await.unwrap();
    let names = ["acme", "beta"].map(str::to_owned);
    assert_eq!(shown(page, |account| account.id.to_string()), expected(&names, "acme"));

    let mut ids: Vec<KeyId> = Vec::new();
    for _ in 0..3 {
        let request = json!({"name": "n"});
        let request = KeyRequest::parse(
            request.as_object().unwrap(),
            &KeyOwner::Platform,
            &Grant::of_operator(Scopes::all()),
            NOW,
        );
        let key = ApiKey::generate().unwrap();
        let record = request.unwrap().into_stored_key(&key, &KeyOwner::Platform, NOW);
        table.create_key(&key.hash(), &record).await.unwrap();
        ids.push(record.id);
    }
    tables.remove_attribute(CONFIG, "PLATFORM", &format!("KEY#{}", ids[1]), "name").await.unwrap();
    let page = table.keys(&KeyOwner::Platform, &PageRequest { limit: 9, after: None }).await;
    let names: Vec<_> = ids.iter().map(ToString::to_string).collect();
    assert_eq!(shown(page.unwrap(), |key| key.id.to_string()), expected(&names, &names[1]));
    assert!(
        table.revoke_key(&KeyOwner::Platform, &ids[1]).await.unwrap().is_some(),
        "an unreadable key can be revoked"
    );

    let (log, webhook) = (tables.deliveries(), WebhookId::generate());
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request = json!({"from": "2021-04-09 00:00:00", "to": "2021-04-10 00:00:00"});
        let request =
            ReplayRequest::from_json(request.as_object().unwrap(), AccountZone::default());
        let request = request.unwrap();
        let job = ReplayJob::new(acme(), webhook, request, Timestamp::now());
        log.create_replay(&job).await.unwrap();
        ids.push(job.id.to_string());
    }
    let pk = format!("REPLAYS#{webhook}");
    tables.remove_attribute(DELIVERIES, &pk, &ids[0], "scope").await.unwrap();
    let page = log.replays(webhook, &PageRequest { limit: 9, after: None }).await.unwrap();
    assert_eq!(shown(page, |job| job.id.to_string()), expected(&ids, &ids[0]));
    assert_eq!(log.live_replays(webhook).await.unwrap().len(), 1, "the unreadable one is not live");
}

#[tokio::test]
async fn deliver_finds_the_other_webhooks_and_every_subscriber() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.config();
    let (one, other) = (webhook(&tables).await, webhook(&tables).await);
    for webhook in [one, other] {
        subscribe(&tables, webhook).await;
    }
    tables
        .remove_attribute(CONFIG, "ACCT#acme", &format!("WEBHOOK#{one}"), "signing")
        .await
        .unwrap();
    let missing = WebhookId::generate();
    let found = table.webhooks_by_id(&acme(), &[one, other, missing]).await.unwrap();
    assert_eq!(found[&one], StoredWebhook::Unreadable);
    assert!(
        matches!(&found[&other], StoredWebhook::Readable(webhook, None) if webhook.id == other)
    );
    assert_eq!(found[&missing], StoredWebhook::Missing);

    let event = Event::default();
    let sk = format!("SUB#{}#all#{one}", event.as_str());
    tables.remove_attribute(CONFIG, "ACCT#acme", &sk, "webhook_id").await.unwrap();
    let subscribers = table.subscribers(&acme(), &event, &RuleRange::All).await.unwrap();
    let mut subscribers: Vec<_> = subscribers.iter().map(|found| found.webhook_id).collect();
    subscribers.sort_unstable();
    let mut both = [one, other];
    both.sort_unstable();
    assert_eq!(subscribers, both);
}
