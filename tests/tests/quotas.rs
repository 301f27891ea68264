//! Quotas of accounts, and the expiry of keys.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of a test fail it")]

use std::collections::HashSet;
use std::time::{Duration, Instant as StdInstant};

use callhook::testing::NewWebhook;
use callhook_tests::api::{Api, Reply};
use callhook_tests::cloud::{Account, new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How long API Gateway caches the authorizer's answer, with a margin.
const AUTHORIZER_TTL: Duration = Duration::from_secs(75);

async fn account_with(quotas: Value) -> Account {
    let account = new_account().await;
    let change = json!({"quotas": quotas});
    platform().patch(&format!("/v1/accounts/{}", account.id), &change).await.expect(200);
    account
}

fn assert_problem(reply: &Reply, slug: &str) {
    let problem = reply.expect(429);
    assert_eq!(problem["type"], format!("urn:callhook:problem:{slug}"));
    assert_eq!(reply.headers["content-type"], "application/problem+json");
}

fn retry_after(reply: &Reply) -> u64 {
    reply.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_account_creates_no_more_webhooks_than_its_quota() {
    let account = account_with(json!({"webhooks": 3, "subscriptions": 1})).await;
    let settings = NewWebhook::new("https://a.example/").json();
    let create = async || account.api.post("/v1/webhooks", &settings).await;
    // Concurrent requests must not exceed the quota together.
    let replies = tokio::join!(create(), create(), create(), create(), create(), create());
    let replies = [replies.0, replies.1, replies.2, replies.3, replies.4, replies.5];
    let (created, refused): (Vec<_>, Vec<_>) =
        replies.iter().partition(|reply| reply.status == 201);
    assert_eq!((created.len(), refused.len()), (3, 3), "{replies:?}");
    for reply in refused {
        assert_problem(reply, "quota-exceeded");
        assert!(retry_after(reply) > 0);
    }
    let list = account.api.get("/v1/webhooks").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 3);

    let first = created[0].expect(201)["id"].as_str().unwrap().to_owned();
    account.api.post("/v1/subscriptions", &json!({"webhook_id": first})).await.expect(201);
    let other = json!({"webhook_id": first, "identity": "source:OBD"});
    assert_problem(&account.api.post("/v1/subscriptions", &other).await, "quota-exceeded");
    // Deleting the webhook deletes its subscription, and both count no longer.
    account.api.delete(&format!("/v1/webhooks/{first}")).await.expect(204);
    let next = create().await.expect(201)["id"].as_str().unwrap().to_owned();
    account.api.post("/v1/subscriptions", &json!({"webhook_id": next})).await.expect(201);
    assert_problem(&create().await, "quota-exceeded");
}

#[tokio::test]
async fn an_account_submits_no_more_reports_than_its_quota() {
    let account = account_with(json!({"reports_per_second": 2})).await;
    let send = async |count: usize| {
        let reports: Vec<_> = (0..count).map(|_| json!({"id": unique_id()})).collect();
        account.api.post("/v1/reports", &Value::from(reports)).await
    };
    // Uses the quota of the next four seconds.
    send(8).await.expect(202);
    let refused = send(1).await;
    assert_problem(&refused, "rate-limited");
    assert!((1..=4).contains(&retry_after(&refused)), "{refused:?}");
    let refused = send(500).await;
    assert_problem(&refused, "rate-limited");
    until(SOON, "acceptance of one more report", async || {
        let reply = account.api.post("/v1/reports", &json!({"id": unique_id()})).await;
        (reply.status == 202).then_some(())
    })
    .await;
}

#[tokio::test]
async fn reports_beyond_the_delivery_quota_wait_and_other_accounts_do_not() {
    const PER_SECOND: usize = 20;
    const WEBHOOKS: usize = 10;
    const REPORTS: usize = 20;
    let account = account_with(json!({"deliveries_per_second": PER_SECOND})).await;
    let receiver = Receiver::start().await;
    for i in 0..WEBHOOKS {
        let webhook = account.webhook(&receiver.url(&format!("/{i}"))).await;
        let request = json!({"webhook_id": webhook});
        account.api.post("/v1/subscriptions", &request).await.expect(201);
    }
    let (neighbour, their_receiver) = (new_account().await, Receiver::start().await);
    let theirs = neighbour.webhook(&their_receiver.url("/")).await;
    // Fills the caches, and starts an instance.
    neighbour.report(&json!({"id": unique_id(), "webhook_id": theirs})).await;
    their_receiver.wait_for_accepted(1, SOON).await;

    let started = Instant::now();
    for _ in 0..REPORTS {
        account.report(&json!({"id": unique_id()})).await;
    }
    for count in 2..=6 {
        let submitted = Instant::now();
        neighbour.report(&json!({"id": unique_id(), "webhook_id": theirs})).await;
        their_receiver.wait_for_accepted(count, SOON).await;
        let waited = submitted.elapsed();
        assert!(waited < Duration::from_secs(2), "the neighbour waited {waited:?}");
    }
    let all = receiver.wait_for_accepted(REPORTS * WEBHOOKS, Duration::from_mins(1)).await;
    // The last report has permits for 9.5 s after those of the first; a second's worth may be used at once.
    let took = started.elapsed();
    assert!(took > Duration::from_secs(8), "the last report waited {took:?}");
    let each: HashSet<_> =
        all.iter().map(|one| (one.path.clone(), one.header("webhook-id").to_owned())).collect();
    assert_eq!((each.len(), receiver.count()), (REPORTS * WEBHOOKS, REPORTS * WEBHOOKS));
    // SQS delays messages by whole seconds, so the deliveries of two seconds may arrive together, and of three on a
    // busy machine.
    let (of_one, of_five) = (most_within(&receiver, 1), most_within(&receiver, 5));
    assert!(of_one <= 3 * PER_SECOND + WEBHOOKS, "{of_one} within a second");
    assert!(of_five <= 5 * PER_SECOND * 3 / 2, "{of_five} within five seconds");
    println!("the most within a second: {of_one}, within five: {of_five}");
}

/// The most requests that arrived within so many seconds.
fn most_within(receiver: &Receiver, seconds: u64) -> usize {
    let times: Vec<_> = receiver.received().iter().map(|one| one.arrived).collect();
    let within = |start: &StdInstant| {
        let end = *start + Duration::from_secs(seconds);
        times.iter().filter(|time| (*start..end).contains(*time)).count()
    };
    times.iter().map(within).max().unwrap_or_default()
}

#[tokio::test]
async fn a_key_expires_is_revoked_and_shows_its_last_use() {
    let account = new_account().await;
    let path = format!("/v1/accounts/{}/keys", account.id);
    let create = async |request: Value| {
        let created = platform().post(&path, &request).await.expect(201);
        let key = created["key"].as_str().unwrap();
        (created["id"].as_str().unwrap().to_owned(), Api::new(&setting("CALLHOOK_URL"), key))
    };
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(15);
    let (expiring_id, expiring) = create(json!({"name": "expires", "expires_at": soon})).await;
    let (revoked_id, revoked) = create(json!({"name": "revoked"})).await;
    let started = Instant::now();
    expiring.get("/v1/webhooks").await.expect(200);
    revoked.get("/v1/webhooks").await.expect(200);

    until(SOON, "last uses of both keys", async || {
        let list = platform().get(&path).await.expect(200);
        let used = |id: &str| {
            let keys = list["data"].as_array().unwrap();
            let key = keys.iter().find(|key| key["id"] == id).unwrap();
            assert_eq!(key["prefix"], format!("chk_{id}"));
            key["last_used_at"].is_string()
        };
        (used(&expiring_id) && used(&revoked_id)).then_some(())
    })
    .await;
    platform().delete(&format!("{path}/{revoked_id}")).await.expect(204);

    for (api, what) in [(&revoked, "a revoked key"), (&expiring, "an expired key")] {
        let timeout = AUTHORIZER_TTL.saturating_sub(started.elapsed());
        until(timeout, &format!("refusal of {what}"), async || {
            (api.get("/v1/webhooks").await.status == 403).then_some(())
        })
        .await;
    }
}
