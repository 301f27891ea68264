//! Host names whose DNS servers never answer (`infra/local/names/resolver.c`).

use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, logged, new_account, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use futures_util::{StreamExt as _, stream};
use serde_json::json;

/// Webhooks of the attacker with hosts that resolve, and with hosts that do not. Each has its own host.
const HEALTHY: usize = 480;
const SILENT: usize = 400;
/// Reports to all webhooks of the attacker.
const ATTACKS: usize = 2;
/// Webhooks of the neighbour, and reports to each.
const NEIGHBOURS: usize = 14;
const REPORTS: usize = 10;

/// Creates webhooks for `count` hosts; returns their ids.
async fn webhooks(account: &Account, count: usize, url: impl Fn(usize) -> String) -> Vec<String> {
    let made = stream::iter(0..count)
        .map(|i| account.create_webhook(NewWebhook::new(&url(i)).retrying_after(&[1])));
    made.buffered(8).collect().await
}

/// Functions have 1,024 file descriptors, as on Lambda. An instance that uses them for the hosts of one account has none
/// for others. With only two instances of deliver, both accounts share them.
#[tokio::test]
#[ignore = "needs a cloud of its own, with two instances of deliver"]
async fn names_that_never_resolve_cost_another_account_no_attempt() {
    let receiver = Receiver::start().await;
    let port = receiver.url("").rsplit_once(':').unwrap().1.to_owned();
    let (attacker, neighbour) = (new_account().await, new_account().await);
    let healthy =
        webhooks(&attacker, HEALTHY, |i| format!("http://h{i}.up.test:{port}/attacker")).await;
    let silent = webhooks(&attacker, SILENT, |i| format!("http://s{i}.silent.test/")).await;
    let neighbours =
        webhooks(&neighbour, NEIGHBOURS, |i| format!("http://n{i}.up.test:{port}/neighbour")).await;

    let all: Vec<_> = silent.iter().chain(&healthy).collect();
    for _ in 0..ATTACKS {
        attacker.report(&json!({"id": unique_id(), "webhook_ids": all})).await;
    }
    let mut sent = Vec::new();
    for _ in 0..REPORTS {
        for webhook in &neighbours {
            let report = json!({"id": unique_id(), "webhook_id": webhook});
            sent.push((webhook, neighbour.report(&report).await));
        }
    }
    for (webhook, report) in &sent {
        let entry = logged(webhook, report, SOON, |entry| entry.state.has_ended()).await;
        let codes: Vec<_> = entry.attempts.iter().map(|attempt| attempt.status_code).collect();
        assert_eq!(codes, [Some(200)], "the neighbour's receiver is healthy");
    }
    assert_eq!(receiver.received_at("/neighbour").len(), NEIGHBOURS * REPORTS);
    // Deliveries to the attacker's healthy hosts may be deferred, as its silent hosts use up its look-ups, but none may fail.
    for webhook in &healthy {
        let path = format!("/v1/webhooks/{webhook}/deliveries");
        for delivery in attacker.api.get(&path).await.expect(200)["data"].as_array().unwrap() {
            let is_expected = match delivery["status"].as_str().unwrap() {
                "delivered" => delivery["attempt_count"] == 1,
                status => status == "pending",
            };
            assert!(is_expected, "{delivery}");
        }
    }
    // Drops the deliveries that are queued for the silent hosts.
    let path = format!("/v1/accounts/{0}?confirm={0}", attacker.id);
    callhook_tests::cloud::platform().delete(&path).await.expect(202);
}
