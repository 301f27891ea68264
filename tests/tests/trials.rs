//! Trial requests: deduplication, scopes, and concurrency.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of a test fail it")]

use callhook::testing::NewWebhook;
use callhook_tests::api::{Api, Reply};
use callhook_tests::cloud::{new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::json;

#[tokio::test]
async fn a_trial_does_not_suppress_its_report() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let report = json!({"id": unique_id(), "end_at": "2021-04-09 16:27:55", "source": "OBD"});
    let path = format!("/v1/webhooks/{webhook}/test");
    account.api.post(&path, &json!({"report": report})).await.expect(200);

    let mut real = report;
    real["webhook_id"] = json!(webhook);
    let id = account.report(&real).await;
    let requests = receiver.wait_for(2, SOON).await;
    let ids: Vec<_> = requests.iter().map(|request| request.header("webhook-id")).collect();
    assert!(ids[0].starts_with("test_"), "{ids:?}");
    assert_eq!(ids[1], id);
}

#[tokio::test]
async fn a_key_without_reports_write_sends_only_samples() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let request = json!({"name": "integrator", "scopes": ["webhooks:read", "webhooks:write"]});
    let created = platform().post(&format!("/v1/accounts/{}/keys", account.id), &request).await;
    let created = created.expect(201);
    let key = created["key"].as_str().unwrap();
    let integrator = Api::new(&setting("CALLHOOK_URL"), key);
    let path = format!("/v1/webhooks/{webhook}/test");
    let refused = integrator.post(&path, &json!({"report": {"status": "ANSWER"}})).await;
    let problem = refused.expect(403);
    assert!(problem["detail"].as_str().unwrap().contains("`reports:write`"), "{problem}");
    assert!(receiver.received().is_empty());
    integrator.post(&path, &json!({"sample": "OBD"})).await.expect(200);
}

/// The instances of the function share the limit through the table.
#[tokio::test]
async fn an_account_runs_at_most_three_trials_at_a_time() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = NewWebhook::new(&receiver.url("/slow/6")).with("timeout_seconds", 9);
    let webhook = account.create_webhook(webhook).await;
    let path = format!("/v1/webhooks/{webhook}/test");
    let send = async || account.api.post(&path, &json!({})).await;
    let replies = tokio::join!(send(), send(), send(), send(), send());
    let replies = [replies.0, replies.1, replies.2, replies.3, replies.4];
    let (sent, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    assert_eq!((sent.len(), refused.len()), (3, 2), "{replies:?}");
    for reply in refused {
        assert_eq!(reply.expect(429)["type"], "urn:callhook:problem:rate-limited");
        assert!(retry_after(reply) > 0, "{reply:?}");
    }
    assert_eq!(receiver.received().len(), 3, "refused trials send no request");
    until(SOON, "free slot", async || (send().await.status == 200).then_some(())).await;
}

fn retry_after(reply: &Reply) -> u64 {
    reply.headers["retry-after"].to_str().unwrap().parse().unwrap()
}
