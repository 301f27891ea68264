use std::time::Duration;

use callhook::domain::stats::{Hour, HourlyCounts};
use callhook::ports::store::StatsWriter;
use callhook::testing::noted;
use jiff::Timestamp;

use super::*;

#[tokio::test]
async fn every_hour_of_the_range_has_figures() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let time: Timestamp = "2026-11-22T22:10:00Z".parse().unwrap();
    let mut counts = HourlyCounts::default();
    for millis in [40, 90, 95, 31_000] {
        counts.add_attempt(Duration::from_millis(millis), millis == 40);
    }
    counts.add_end(&failed());
    let table = world.tables.deliveries();
    table.add_webhook_counts(webhook, Hour::of(time), &[noted(1, counts)]).await.unwrap();
    let range = "from=2026-11-22%2021:00:00&to=2026-11-23T00:00:00Z";
    let reply = world.api.get(&format!("/v1/webhooks/{webhook}/stats?{range}")).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    insta::assert_snapshot!(reply.body);
}

#[tokio::test]
async fn the_default_range_is_the_last_day() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let reply = world.api.get(&format!("/v1/webhooks/{webhook}/stats")).await.json();
    let hours = reply["data"].as_array().unwrap();
    // 24 hours span 25 clock hours, unless the hour begins just now.
    assert!((24..=25).contains(&hours.len()), "{}", hours.len());
    assert!(hours.iter().all(|hour| hour["attempts"] == 0 && hour["latency_ms"]["p50"].is_null()));
}

#[tokio::test]
async fn an_account_has_its_own_figures() {
    let world = World::start().await;
    let table = world.tables.deliveries();
    let time: Timestamp = "2026-11-22T22:10:00Z".parse().unwrap();
    let (shard, counts) = ("shardId-1".parse().unwrap(), HourlyCounts::default());
    for (id, delivered) in [("acme", 7), ("other", 1)] {
        let counted = [noted(1, HourlyCounts { delivered, ..counts })];
        let account = id.parse().unwrap();
        table.add_account_counts(&account, Hour::of(time), &shard, &counted).await.unwrap();
    }
    let path = "/v1/stats?from=2026-11-22%2021:00:00&to=2026-11-23T00:00:00Z";
    for (caller, delivered) in [("acme", 7), ("other", 1), ("third", 0)] {
        let reply = world.api.with_caller(account(caller)).get(path).await.json();
        let hours = reply["data"].as_array().unwrap();
        let shown: Vec<_> = hours.iter().map(|hour| hour["delivered"].clone()).collect();
        assert_eq!(shown, [json!(0), json!(delivered), json!(0)], "{caller}");
    }
    // The format is that of a webhook's figures.
    let of_webhook = format!("/v1/webhooks/{}/stats", world.webhook().await);
    let mut shapes = Vec::new();
    for path in ["/v1/stats", &of_webhook] {
        let reply = world.api.get(path).await.json();
        let mut hour = reply["data"][0].clone();
        hour.as_object_mut().unwrap().remove("hour").unwrap();
        shapes.push(hour);
    }
    assert_eq!(shapes[0], shapes[1]);
    let long = world.api.get("/v1/stats?from=2026-10-01&to=2026-11-22").await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST, "{long:?}");
}
