//! Rare operations of people: lists of accounts and keys, whole logs, replays of all deliveries, and
//! alerts of deactivated webhooks.

use callhook_tests::cloud::{logged, new_account, platform, unique_id};
use callhook_tests::operator::subscribe_to_alerts;
use callhook_tests::receiver::Receiver;
use callhook_tests::replay::replayed;
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<&str> {
    let entries = list["data"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["id"].as_str()).collect()
}

#[tokio::test]
async fn accounts_and_their_keys_are_listed() {
    let account = new_account().await;
    // Sorted by id, so the newest is last. Other tests create accounts meanwhile.
    let all = until(SOON, "account in the list", async || {
        let mut path = "/v1/accounts?limit=100".to_owned();
        loop {
            let page = platform().get(&path).await.expect(200);
            if ids(&page).contains(&account.id.as_str()) {
                return Some(page);
            }
            let cursor = page["next_cursor"].as_str()?;
            path = format!("/v1/accounts?limit=100&cursor={cursor}");
        }
    })
    .await;
    assert!(!all["data"].as_array().unwrap().is_empty());

    let keys = platform().get(&format!("/v1/accounts/{}/keys", account.id)).await.expect(200);
    assert_eq!(ids(&keys).len(), 1, "{keys}");
    assert_eq!(keys["data"][0].get("key"), None, "a key is shown once: {keys}");
}

#[tokio::test]
async fn a_platform_key_is_listed_until_it_is_revoked() {
    let created =
        platform().post("/v1/platform-keys", &json!({"name": "revoked"})).await.expect(201);
    let id = created["id"].as_str().unwrap();
    let listed = async || platform().get("/v1/platform-keys?limit=100").await.expect(200);
    assert!(ids(&listed().await).contains(&id));
    platform().delete(&format!("/v1/platform-keys/{id}")).await.expect(204);
    assert!(!ids(&listed().await).contains(&id));
}

#[tokio::test]
async fn delivered_reports_are_listed_and_replayed_on_request() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let report = json!({"id": unique_id(), "end_at": "2021-04-09 16:27:55", "webhook_id": webhook});
    let id = account.report(&report).await;
    logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;

    let list = account.api.get(&format!("/v1/webhooks/{webhook}/deliveries")).await.expect(200);
    assert_eq!(ids(&list), [format!("{webhook}.{id}")]);
    assert_eq!(list["data"][0]["status"], "delivered");

    let request = json!({
        "from": "2021-04-09T00:00:00Z", "to": "2021-04-10T00:00:00Z", "deliveries": "all",
    });
    let job = replayed(&account, &webhook, &request, SOON).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("completed"), &json!(1)), "{job}");
    let received = receiver.wait_for(2, SOON).await;
    assert!(received.iter().all(|request| request.header("webhook-id") == id));
}

#[tokio::test]
async fn the_operator_is_alerted_when_a_receiver_answers_410() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    subscribe_to_alerts(&receiver, "/alerts").await;
    let webhook = account.webhook(&receiver.url("/gone")).await;
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    let alert = until(SOON, "alert", async || {
        // Other tests cause alerts as well.
        let posted = receiver.received_at("/alerts").into_iter();
        let mut messages = posted.filter_map(|request| {
            let posted: Value = serde_json::from_str(&request.body).ok()?;
            serde_json::from_str::<Value>(posted["Message"].as_str()?).ok()
        });
        messages.find(|message| message["data"]["webhook_id"] == webhook.as_str())
    })
    .await;
    assert_eq!(alert["type"], "webhook.disabled", "{alert}");
    assert_eq!(alert["account_id"], account.id.as_str(), "{alert}");
    let shown = account.api.get(&format!("/v1/webhooks/{webhook}")).await.expect(200);
    assert_eq!((&shown["status"], &shown["disabled_reason"]), (&json!("disabled"), &json!("gone")));
}
