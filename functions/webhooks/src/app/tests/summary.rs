//! `GET /v1/webhooks?include=summary`.

use std::time::Duration;

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::domain::stats::{Hour, HourlyCounts};
use callhook::ports::store::StatsWriter;
use callhook::testing::noted;
use jiff::Timestamp;

use super::*;

const LIST: &str = "/v1/webhooks?include=summary";

fn api_of(tables: &TestTables, figures: DeliveriesTable) -> Api {
    let (config, figures) = (Arc::new(tables.config()), Arc::new(figures));
    let (echo, policy) = (Arc::new(Echo), AddressPolicy::PUBLIC);
    Api::new(router(config, echo, policy, TrialTimeout::DEFAULT, figures), account("acme"))
}

/// Counts figures of a webhook, `ago` before `now`.
async fn count(
    table: &DeliveriesTable,
    webhook: &Value,
    now: Timestamp,
    ago: u64,
    counts: HourlyCounts,
) {
    let hour = Hour::of(now - Duration::from_hours(ago));
    let webhook = webhook["id"].as_str().unwrap().parse().unwrap();
    table.add_webhook_counts(webhook, hour, &[noted(1, counts)]).await.unwrap();
}

/// A time at which the hour does not end soon.
async fn amid_an_hour() -> Timestamp {
    let now = Timestamp::now();
    if Hour::of(now) == Hour::of(now + Duration::from_secs(30)) {
        return now;
    }
    tokio::time::sleep(Duration::from_secs(31)).await;
    Timestamp::now()
}

#[tokio::test]
async fn include_summary_adds_the_last_24_hours_of_each_webhook() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    let api = api_of(&tables, tables.deliveries());
    let (quiet, busy) = (webhook(&api, "quiet").await, webhook(&api, "busy").await);
    let now = amid_an_hour().await;
    let mut counts =
        HourlyCounts { delivered: 3, failed: 1, skipped: 9, ..HourlyCounts::default() };
    counts.latency.add(Duration::from_millis(40));
    for ago in [0, 23, 24] {
        count(&table, &busy, now, ago, counts).await;
    }
    let list = api.get(LIST).await.json();
    let [first, second] = [&list["data"][0], &list["data"][1]];
    assert_eq!([&first["id"], &second["id"]], [&busy["id"], &quiet["id"]]);
    let summary = &first["summary"];
    let first_hour = Hour::of(now - Duration::from_hours(23)).start().to_string();
    assert_eq!(summary["first_hour"], json!(first_hour));
    let totals = ["delivered", "failed", "success_rate"].map(|name| summary[name].clone());
    assert_eq!(totals, [json!(6), json!(2), json!(0.75)]);
    let mut rates = vec![Value::Null; 24];
    (rates[0], rates[23]) = (json!(0.75), json!(0.75));
    assert_eq!(summary["hourly"]["success_rate"], json!(rates));
    let none = &second["summary"];
    assert_eq!((&none["delivered"], &none["success_rate"]), (&json!(0), &Value::Null));
    assert_eq!(none["hourly"]["success_rate"], json!(vec![Value::Null; 24]));

    let mut without = list;
    for webhook in without["data"].as_array_mut().unwrap() {
        webhook.as_object_mut().unwrap().remove("summary").unwrap();
    }
    assert_eq!(api.get("/v1/webhooks").await.json(), without);
}

#[tokio::test]
async fn every_webhook_of_a_page_has_its_own_summary() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    let api = api_of(&tables, tables.deliveries());
    let now = amid_an_hour().await;
    for delivered in 1..=40 {
        let webhook = webhook(&api, &delivered.to_string()).await;
        let counts = HourlyCounts { delivered, ..HourlyCounts::default() };
        count(&table, &webhook, now, 1, counts).await;
    }
    let page = api.get(&format!("{LIST}&limit=30")).await.json();
    assert_eq!(page["data"].as_array().unwrap().len(), 30);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = api.get(&format!("{LIST}&cursor={cursor}")).await.json();
    assert_eq!(rest["data"].as_array().unwrap().len(), 10);
    for webhook in page["data"].as_array().unwrap().iter().chain(rest["data"].as_array().unwrap()) {
        assert_eq!(webhook["name"], json!(webhook["summary"]["delivered"].to_string()));
    }
}

#[tokio::test]
async fn summaries_need_the_scope_to_read_deliveries() {
    let tables = TestTables::start().await.unwrap();
    let api = api_of(&tables, tables.deliveries());
    for (scopes, status) in [
        ("webhooks:read deliveries:read", StatusCode::OK),
        ("webhooks:read", StatusCode::FORBIDDEN),
        ("deliveries:read", StatusCode::FORBIDDEN),
    ] {
        let reply = api.with_caller(scoped("acme", scopes)).get(LIST).await;
        assert_eq!(reply.status, status, "{scopes}: {reply:?}");
    }
    let reader = api.with_caller(scoped("acme", "webhooks:read"));
    assert_eq!(reader.get("/v1/webhooks").await.status, StatusCode::OK);
}

#[tokio::test]
async fn webhooks_are_listed_without_summaries_while_figures_are_unavailable() {
    let tables = TestTables::start().await.unwrap();
    let nowhere = DeliveriesTable::new(tables.client.clone(), "Nowhere".to_owned());
    let api = api_of(&tables, nowhere);
    webhook(&api, "CRM").await;
    assert_eq!(api.get("/v1/webhooks").await.status, StatusCode::OK);
    assert_eq!(api.get(LIST).await.status, StatusCode::SERVICE_UNAVAILABLE);
}
