use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::domain::account::Account;
use crate::domain::report::Report;
use crate::domain::subscription::Identity;
use crate::ports::store::{AccountAdmin, DeliveryConfig as _, WebhookAdmin};
use crate::testing::{NewWebhook, TestTables};

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

struct Harness {
    table: ConfigTable,
    webhook: WebhookId,
}

impl Harness {
    async fn new(quota: u32) -> Self {
        let table = TestTables::start().await.unwrap().config();
        let request = json!({"id": "acme", "name": "Acme", "quotas": {"subscriptions": quota}});
        let account = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH);
        table.create_account(&account.unwrap()).await.unwrap();
        let webhook = NewWebhook::new("https://crm.example/").build(Timestamp::UNIX_EPOCH);
        table.create_webhook(&acme(), &webhook).await.unwrap();
        Self { table, webhook: webhook.id }
    }

    async fn subscribe(&self, number: u32) -> Result<SubscriptionId, NewSubscriptionError> {
        self.subscribe_to(&format!("number:{number}")).await
    }

    async fn subscribe_to(&self, identity: &str) -> Result<SubscriptionId, NewSubscriptionError> {
        let request = json!({"identity": identity, "webhook_id": self.webhook});
        let request = request.as_object().unwrap();
        let made = Subscription::from_request(request, Timestamp::UNIX_EPOCH).unwrap();
        self.table.create_subscription(&acme(), &made).await.map(|()| made.id)
    }
}

#[tokio::test]
async fn a_quota_is_enforced_and_a_deletion_frees_it() {
    let harness = Harness::new(2).await;
    let one = harness.subscribe(1).await.unwrap();
    assert!(
        matches!(harness.subscribe(1).await, Err(NewSubscriptionError::Exists(same)) if same == one),
        "not counted"
    );
    harness.subscribe(2).await.unwrap();
    assert!(matches!(harness.subscribe(3).await, Err(NewSubscriptionError::TooMany(2))));
    assert!(harness.table.delete_subscription(&acme(), one).await.unwrap());
    assert!(!harness.table.delete_subscription(&acme(), one).await.unwrap());
    harness.subscribe(3).await.unwrap();
    assert!(matches!(harness.subscribe(4).await, Err(NewSubscriptionError::TooMany(2))));
}

#[tokio::test]
async fn deleting_all_subscriptions_of_a_webhook_frees_their_quota() {
    let harness = Harness::new(90).await;
    for number in 0..90 {
        harness.subscribe(number).await.unwrap();
    }
    assert!(matches!(harness.subscribe(90).await, Err(NewSubscriptionError::TooMany(90))));
    // Two at the same time: each subscription is subtracted once.
    let delete = async || harness.table.delete_subscriptions_of(&acme(), harness.webhook).await;
    let (one, other) = tokio::join!(delete(), delete());
    one.unwrap();
    other.unwrap();
    let page = PageRequest { limit: 10, after: None };
    assert_eq!(harness.table.subscriptions(&acme(), None, &page).await.unwrap().data, []);
    for number in 0..90 {
        harness.subscribe(number).await.unwrap();
    }
    assert!(matches!(harness.subscribe(90).await, Err(NewSubscriptionError::TooMany(90))));
}

/// Stores a subscription as builds did that stored an identity as its owner wrote it.
async fn store_as_written(harness: &Harness, identity: &str) -> SubscriptionId {
    let id = SubscriptionId::generate();
    let stored = json!({
        "id": id, "event": Event::VOICE_OUT, "identity": identity, "webhook_id": harness.webhook,
        "created_at": Timestamp::UNIX_EPOCH,
    });
    let webhook = harness.webhook.to_string();
    for sk in [rule_key(Event::VOICE_OUT, identity, &webhook), subscription_key(id)] {
        let item = to_item("test", partition(&acme()), sk, &stored).unwrap();
        let put = harness.table.client.put_item().table_name(&harness.table.table);
        put.set_item(Some(item)).send().await.unwrap();
    }
    id
}

/// The number of webhooks that get a report.
async fn subscribers(harness: &Harness, report: &str) -> usize {
    let report = Report::parse(report).unwrap();
    let identities = Identity::matching(&report);
    let mut found = 0;
    for range in RuleRange::of_report(&report, &identities) {
        let read = harness.table.subscribers(&acme(), report.event(), &range).await.unwrap();
        found += read.iter().filter(|found| identities.contains(&found.identity)).count();
    }
    found
}

#[tokio::test]
async fn a_subscription_stored_as_written_works_until_it_is_deleted() {
    for (written, report, other) in [
        ("number:+918068280000", r#"{"bridge": 918068280000}"#, r#"{"bridge": 91806828000}"#),
        ("number:00918068280000", r#"{"bridge": 918068280000.0}"#, r#"{"bridge": 91}"#),
        ("number:080-68280000", r#"{"bridge": "080-68280000"}"#, r#"{"bridge": "080"}"#),
        ("flow:12.0", r#"{"flow_id": 12}"#, r#"{"flow_id": 120}"#),
        ("source:obd", r#"{"source": "OBD"}"#, r#"{"source": "C2C"}"#),
        ("all", "{}", r#"{"event": "sms"}"#),
    ] {
        let harness = Harness::new(9).await;
        let id = store_as_written(&harness, written).await;
        assert_eq!(
            (subscribers(&harness, report).await, subscribers(&harness, other).await),
            (1, 0)
        );
        let again = harness.subscribe_to(written).await;
        let is_known = matches!(again, Err(NewSubscriptionError::Exists(same)) if same == id);
        // A number with spacing between its digits is found by the same spelling only.
        assert!(is_known || written.contains('-'), "{written}: {again:?}");
        assert!(harness.table.delete_subscription(&acme(), id).await.unwrap(), "{written}");
        if let Ok(normal) = again {
            assert!(harness.table.delete_subscription(&acme(), normal).await.unwrap(), "{written}");
        }
        assert_eq!(subscribers(&harness, report).await, 0, "{written}");
    }
}

#[tokio::test]
async fn a_number_is_subscribed_to_once_in_any_spelling() {
    let harness = Harness::new(9).await;
    let id = harness.subscribe_to("number:+91 80682 80000").await.unwrap();
    let listed = harness.table.subscription(&acme(), id).await.unwrap().unwrap();
    assert_eq!(listed.identity.to_string(), "number:918068280000");
    for same in ["number:918068280000", "number:0091-8068280000", "number:918068280000.0"] {
        let again = harness.subscribe_to(same).await;
        let is_known = matches!(again, Err(NewSubscriptionError::Exists(known)) if known == id);
        assert!(is_known, "{same}: {again:?}");
    }
    assert_eq!(subscribers(&harness, r#"{"bridge": "+918068280000"}"#).await, 1);
    assert!(harness.table.delete_subscription(&acme(), id).await.unwrap());
    assert_eq!(subscribers(&harness, r#"{"bridge": 918068280000}"#).await, 0);
}
