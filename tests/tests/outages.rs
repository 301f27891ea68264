//! Operational events of an outage. The tests' cloud has `WebhookFailingAfterMinutes=0.1`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of a test fail it")]

use std::time::Duration;

use callhook_tests::cloud::{Account, new_account, platform, unique_id};
use callhook_tests::operator::subscribe_to_alerts;
use callhook_tests::receiver::{Answer, Receiver};
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};

/// Covers two probes: the first after 30 s, the second a minute later.
const PROBES: Duration = Duration::from_mins(3);

#[tokio::test]
async fn the_account_and_the_operator_are_notified_of_an_outage_and_its_end() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    subscribe_to_alerts(&receiver, "/alerts").await;
    let operational = account.webhook(&receiver.url("/operational")).await;
    let patch = json!({"operational_webhook_id": operational});
    platform().patch(&format!("/v1/accounts/{}", account.id), &patch).await.expect(200);
    let webhook = account.webhook(&receiver.url("/down")).await;
    receiver.set_answer("/down", Answer::Status(503));
    for _ in 0..12 {
        report(&account, &webhook).await;
    }
    let failing = event(&receiver, "webhook.failing", PROBES).await;
    assert_eq!(failing["data"]["webhook_id"], webhook.as_str(), "{failing}");
    let alerted = alert(&receiver, &webhook, "webhook.failing").await;
    assert_eq!(alerted["account_id"], account.id.as_str(), "{alerted}");
    assert_eq!(alerted["data"], failing["data"]);

    receiver.reset_answer("/down");
    let changed = json!({"name": "Recovered"});
    account.api.patch(&format!("/v1/webhooks/{webhook}"), &changed).await.expect(200);
    report(&account, &webhook).await;
    let recovered = event(&receiver, "webhook.recovered", PROBES).await;
    assert_eq!(recovered["data"]["failing_since"], failing["data"]["failing_since"]);
    alert(&receiver, &webhook, "webhook.recovered").await;
    let events = events(&receiver);
    assert_eq!(events.len(), 2, "one event each: {events:?}");
}

async fn report(account: &Account, webhook: &str) {
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
}

fn events(receiver: &Receiver) -> Vec<Value> {
    let received = receiver.received_at("/operational").into_iter();
    received.map(|request| serde_json::from_str(&request.body).unwrap()).collect()
}

async fn event(receiver: &Receiver, name: &str, timeout: Duration) -> Value {
    until(timeout, name, async || events(receiver).into_iter().find(|event| event["type"] == name))
        .await
}

/// The alert of this type about `webhook`. Other tests cause alerts as well.
async fn alert(receiver: &Receiver, webhook: &str, name: &str) -> Value {
    until(SOON, "alert", async || {
        receiver.received_at("/alerts").into_iter().find_map(|request| {
            let posted: Value = serde_json::from_str(&request.body).ok()?;
            let alert: Value = serde_json::from_str(posted["Message"].as_str()?).ok()?;
            if alert["data"]["webhook_id"] != webhook || alert["type"] != name {
                return None;
            }
            // Filter policies of subscriptions use these attributes.
            assert_eq!(posted["MessageAttributes"]["type"]["Value"], name, "{posted}");
            assert_eq!(posted["MessageAttributes"]["account_id"]["Value"], alert["account_id"]);
            Some(alert)
        })
    })
    .await
}
