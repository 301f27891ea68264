//! Trials and verifications: what they may pretend, and how many hold a function at a time.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of a test fail it")]

use callhook::testing::NewWebhook;
use callhook_tests::api::{Api, Reply};
use callhook_tests::cloud::{new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::json;

#[tokio::test]
async fn a_report_is_no_repetition_of_its_trial() {
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
async fn a_key_that_hands_over_no_reports_tries_samples_only() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let request = json!({"name": "integrator", "scopes": ["webhooks:read", "webhooks:write"]});
    let made = platform().post(&format!("/v1/accounts/{}/keys", account.id), &request).await;
    let made = made.expect(201);
    let key = made["key"].as_str().unwrap();
    let integrator = Api::new(&setting("CALLHOOK_URL"), key);
    let path = format!("/v1/webhooks/{webhook}/test");
    let refused = integrator.post(&path, &json!({"report": {"status": "ANSWER"}})).await;
    let problem = refused.expect(403);
    assert!(problem["detail"].as_str().unwrap().contains("`reports:write`"), "{problem}");
    assert!(receiver.received().is_empty());
    integrator.post(&path, &json!({"sample": "OBD"})).await.expect(200);
}

/// The instances of the function that is asked share the table alone.
#[tokio::test]
async fn an_account_holds_three_functions_at_a_time() {
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
    assert_eq!(receiver.received().len(), 3, "those that were refused sent nothing");
    until(SOON, "a free slot", async || (send().await.status == 200).then_some(())).await;
}

fn retry_after(reply: &Reply) -> u64 {
    reply.headers["retry-after"].to_str().unwrap().parse().unwrap()
}
