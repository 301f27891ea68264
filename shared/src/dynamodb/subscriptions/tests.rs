use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::account::Account;
use crate::store::{AccountAdmin, WebhookAdmin};
use crate::testing::TestTables;
use crate::webhook::{Webhook, WebhookDraft};

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

struct Sut {
    table: ConfigTable,
    webhook: WebhookId,
}

impl Sut {
    async fn new(quota: u32) -> Self {
        let table = TestTables::start().await.unwrap().config();
        let request = json!({"id": "acme", "name": "Acme", "quotas": {"subscriptions": quota}});
        let account = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH);
        table.create_account(&account.unwrap()).await.unwrap();
        let draft = json!({"name": "CRM", "url": "https://crm.example/"});
        let draft = WebhookDraft::of_new(draft.as_object().unwrap(), Timestamp::UNIX_EPOCH);
        let webhook = Webhook::new(draft.unwrap(), Timestamp::UNIX_EPOCH);
        table.create_webhook(&acme(), &webhook).await.unwrap();
        Self { table, webhook: webhook.id }
    }

    async fn subscribe(&self, number: u32) -> Result<SubscriptionId, NewSubscriptionError> {
        let identity = format!("number:{number}");
        let request = json!({"identity": identity, "webhook_id": self.webhook});
        let request = request.as_object().unwrap();
        let made = Subscription::from_request(request, Timestamp::UNIX_EPOCH).unwrap();
        self.table.create_subscription(&acme(), &made).await.map(|()| made.id)
    }
}

#[tokio::test]
async fn a_quota_holds_and_a_deletion_makes_room() {
    let sut = Sut::new(2).await;
    let one = sut.subscribe(1).await.unwrap();
    assert!(matches!(sut.subscribe(1).await, Err(NewSubscriptionError::Exists)), "not counted");
    sut.subscribe(2).await.unwrap();
    assert!(matches!(sut.subscribe(3).await, Err(NewSubscriptionError::TooMany(2))));
    assert!(sut.table.delete_subscription(&acme(), one).await.unwrap());
    assert!(!sut.table.delete_subscription(&acme(), one).await.unwrap());
    sut.subscribe(3).await.unwrap();
    assert!(matches!(sut.subscribe(4).await, Err(NewSubscriptionError::TooMany(2))));
}

#[tokio::test]
async fn all_subscriptions_of_a_webhook_go_and_make_room() {
    let sut = Sut::new(90).await;
    for number in 0..90 {
        sut.subscribe(number).await.unwrap();
    }
    assert!(matches!(sut.subscribe(90).await, Err(NewSubscriptionError::TooMany(90))));
    // Two at the same time: what one deletes the other must not count again.
    let delete = async || sut.table.delete_subscriptions_of(&acme(), sut.webhook).await;
    let (one, other) = tokio::join!(delete(), delete());
    one.unwrap();
    other.unwrap();
    let page = PageRequest { limit: 10, after: None };
    assert_eq!(sut.table.subscriptions(&acme(), &page).await.unwrap().data, []);
    for number in 0..90 {
        sut.subscribe(number).await.unwrap();
    }
    assert!(matches!(sut.subscribe(90).await, Err(NewSubscriptionError::TooMany(90))));
}
