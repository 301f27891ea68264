//! Time ranges in accounts with a time zone.

use callhook::domain::account::Account;
use callhook::ports::store::AccountAdmin;
use callhook::testing::log::update_of;
use jiff::Timestamp;
use serde_json::Value;

use super::*;

/// A world in which `acme` has the time zone.
async fn world_in(zone: &str) -> World {
    let world = World::start().await;
    let account = json!({"id": "acme", "name": "Acme", "time_zone": zone});
    let account = Account::from_request(account.as_object().unwrap(), at()).unwrap();
    world.tables.config().create_account(&account).await.unwrap();
    world
}

/// Logs a delivery of a report with this `end_at`, `received_at` and number `to`.
async fn call(world: &World, webhook: WebhookId, to: u64, end_at: &str, received_at: &str) {
    let report = json!({"id": to, "to": to, "end_at": end_at}).to_string();
    let received_at: Timestamp = received_at.parse().unwrap();
    let update = update_of("acme", webhook, &report, received_at, failed());
    write(&world.tables.deliveries(), update).await;
}

/// The calls of a list in pages of two, latest first.
async fn listed(world: &World, webhook: WebhookId, query: &str) -> Vec<u64> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    for _ in 0..50 {
        let path = format!("/v1/webhooks/{webhook}/deliveries?limit=2&{query}{cursor}");
        let page = world.api.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let page = page.json();
        assert!(page["data"].as_array().unwrap().len() <= 2);
        for delivery in page["data"].as_array().unwrap() {
            let id = delivery["id"].as_str().unwrap();
            let delivery = world.api.get(&format!("/v1/deliveries/{id}")).await.json();
            found.push(delivery["report"]["to"].as_u64().unwrap());
        }
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
    panic!("the list does not end");
}

#[tokio::test]
async fn a_list_reads_ranges_in_the_accounts_time_zone() {
    for (zone, calls) in [
        (
            "Asia/Kolkata",
            [
                "2026-11-28 19:58:59",
                "2026-11-28 19:59:00",
                "2026-11-28 20:29:59",
                "2026-11-28 20:30:00",
            ],
        ),
        (
            "America/New_York",
            [
                "2026-11-28 09:28:59",
                "2026-11-28 09:29:00",
                "2026-11-28 09:59:59",
                "2026-11-28 10:00:00",
            ],
        ),
        (
            "UTC",
            [
                "2026-11-28 14:28:59",
                "2026-11-28 14:29:00",
                "2026-11-28 14:59:59",
                "2026-11-28 15:00:00",
            ],
        ),
    ] {
        let world = world_in(zone).await;
        let webhook = world.webhook().await;
        let other_day = "2026-11-30T00:00:00Z";
        for (to, end_at) in (1..).zip(calls) {
            call(&world, webhook, to, end_at, other_day).await;
        }
        call(&world, webhook, 5, "2026-11-28T20:15:00+05:30", other_day).await;
        call(&world, webhook, 6, "2026-11-28T20:15:00Z", other_day).await;
        // Reports without `end_at` count by their receipt.
        call(&world, webhook, 7, "0000-00-00 00:00:00", "2026-11-28T14:30:00Z").await;
        call(&world, webhook, 8, "", other_day).await;
        let instants = "from=2026-11-28T19:59:00%2B05:30&to=2026-11-28T20:30:00%2B05:30";
        let plain = format!("from={}&to={}", calls[1], calls[3]).replace(' ', "%20");
        for range in [instants, &plain] {
            for status in ["", "&status=failing", "&status=failed"] {
                let mut found = listed(&world, webhook, &format!("{range}{status}")).await;
                found.sort_unstable();
                assert_eq!(found, [2, 3, 5, 7], "{zone} {range} {status}");
            }
            let none = listed(&world, webhook, &format!("{range}&status=delivered")).await;
            assert_eq!(none, [] as [u64; 0]);
        }
        assert_eq!(listed(&world, webhook, "").await.len(), 8, "without a range all are listed");
        assert_eq!(listed(&world, webhook, "from=2026-11-30T00:00:00Z").await, [8], "{zone}");
    }
}

#[tokio::test]
async fn a_list_spans_midnight_and_clock_changes() {
    for (zone, from, to, calls) in [
        (
            "Asia/Kolkata",
            "2026-11-28%2023:30:00",
            "2026-11-29%2000:30:00",
            [
                "2026-11-28 23:29:59",
                "2026-11-28 23:30:00",
                "2026-11-29 00:29:59",
                "2026-11-29 00:30:00",
            ],
        ),
        (
            "America/New_York",
            "2026-11-01T05:30:00Z",
            "2026-11-01T07:30:00Z",
            [
                "2026-11-01 01:29:00",
                "2026-11-01 01:30:00",
                "2026-11-01 02:29:00",
                "2026-11-01 02:30:00",
            ],
        ),
        (
            "America/New_York",
            "2026-03-08%2001:30:00",
            "2026-03-08%2003:30:00",
            [
                "2026-03-08 01:29:00",
                "2026-03-08 01:30:00",
                "2026-03-08 03:29:00",
                "2026-03-08 03:30:00",
            ],
        ),
    ] {
        let world = world_in(zone).await;
        let webhook = world.webhook().await;
        for (to, end_at) in (1..).zip(calls) {
            call(&world, webhook, to, end_at, "2026-12-24T00:00:00Z").await;
        }
        let found = listed(&world, webhook, &format!("from={from}&to={to}")).await;
        assert_eq!(found, [3, 2], "the first is before the range, the last behind it: {zone}");
    }
}

#[tokio::test]
async fn replays_and_figures_read_plain_times_in_the_accounts_time_zone() {
    let world = world_in("Asia/Kolkata").await;
    let webhook = world.webhook().await;
    let range = json!({"from": "2026-11-28 20:00:00", "to": "2026-11-28T15:30:00Z"});
    let made = world.api.post(&format!("/v1/webhooks/{webhook}/replays"), range).await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{made:?}");
    assert_eq!(made.json()["from"], "2026-11-28T14:30:00Z");

    let range = "from=2026-11-28%2020:00:00&to=2026-11-28%2021:00:00";
    let figures = world.api.get(&format!("/v1/webhooks/{webhook}/stats?{range}")).await.json();
    let hours: Vec<&Value> =
        figures["data"].as_array().unwrap().iter().map(|hour| &hour["hour"]).collect();
    assert_eq!(hours, ["2026-11-28T14:00:00Z", "2026-11-28T15:00:00Z"]);
}
