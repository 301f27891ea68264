use std::collections::HashMap;

use super::*;
use crate::domain::signing::Overlap;
use crate::testing::{NewWebhook, TestTables};
use serde_json::json;

const ACTION: &str = "test";

fn account() -> AccountId {
    "acme".parse().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// A webhook with every kind of secret, and the most signing secrets.
fn webhook() -> Webhook {
    let settings = json!({
        "secrets": {"key": "hush"}, "bearer_secret": "hush-hush", "mask": ["from", "to"],
    });
    let webhook = NewWebhook::new("https://a.example/?k=%key%").with_all(&settings);
    let mut webhook = webhook.build(at(0));
    for second in 1..5 {
        let secret = SigningSecret::generate().unwrap();
        webhook.signing = webhook.signing.rotated(secret, Overlap::default(), at(second)).unwrap();
    }
    webhook
}

#[tokio::test]
async fn a_webhook_is_read_as_it_was_written() {
    let table = TestTables::start().await.unwrap().config();
    let webhook = webhook();
    table.create_webhook(&account(), &webhook).await.unwrap();
    let read = table.webhook(&account(), webhook.id).await.unwrap().unwrap();
    assert_eq!(read, webhook);
    assert_eq!(read.signing.earlier().len(), 4);
    assert_eq!(read.signing.sign("id", at(5), b"body"), webhook.signing.sign("id", at(5), b"body"));
}

#[test]
fn a_webhook_without_valid_secrets_is_unreadable() {
    let item = || webhook_item(ACTION, &account(), &webhook()).unwrap();
    assert!(stored_webhook(ACTION, item()).is_ok());
    let mut without = item();
    without.remove("signing");
    let mut short = item();
    let signing = HashMap::from([
        ("secret".to_owned(), s("whsec_aHVzaA==")),
        ("set_at".to_owned(), s("1970-01-01T00:00:00Z")),
    ]);
    short.insert("signing".to_owned(), AttributeValue::M(signing));
    let mut forged = item();
    let bearer = HashMap::from([
        ("value".to_owned(), s("a\r\nX-Admin: 1")),
        ("set_at".to_owned(), s("1970-01-01T00:00:00Z")),
    ]);
    forged.insert("bearer_secret".to_owned(), AttributeValue::M(bearer));
    for item in [without, short, forged] {
        let error = stored_webhook(ACTION, item).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
        let causes = crate::runtime::telemetry::ErrorChain(&error).to_string();
        assert!(!causes.contains("aHVzaA") && !causes.contains("X-Admin"), "{causes}");
    }
}
