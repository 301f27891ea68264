use callhook::aws::dynamodb::ConfigTable;
use callhook::domain::health::{DisableAfter, Health, LastFailure, OpenCircuit};
use callhook::ports::store::{WebhookHealth as _, WebhookVersion};
use callhook::testing::api::Api;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    AddressPolicy, Arc, Echo, TestTables, TrialTimeout, account, no_figures, path_of, router,
    webhook,
};

const WELL: fn() -> Value = || json!({"circuit": "closed", "consecutive_failures": 0});

fn api_of(table: &ConfigTable) -> Api {
    let routes = router(
        Arc::new(table.clone()),
        Arc::new(Echo),
        AddressPolicy::PUBLIC,
        TrialTimeout::DEFAULT,
        no_figures(),
    );
    let days: DisableAfter = "2".parse().unwrap();
    Api::new(routes.layer(axum::Extension(days)), account("acme"))
}

/// Opens the circuit of version 1 of a webhook and returns the time.
async fn fails(table: &ConfigTable, made: &Value) -> Timestamp {
    let version = WebhookVersion {
        account_id: "acme".parse().unwrap(),
        webhook_id: made["id"].as_str().unwrap().parse().unwrap(),
        version: 1,
    };
    let now = Timestamp::now();
    let last = LastFailure::new(now, Ok(503));
    table.add_failures(&version, Health::MAX_FAILURES, last).await.unwrap();
    table.open_circuit(&version, OpenCircuit::opening(now, None)).await.unwrap();
    now
}

#[tokio::test]
async fn reads_and_lists_show_the_health_of_each_webhook() {
    let table = TestTables::start().await.unwrap().config();
    let api = api_of(&table);
    let (first, failing, last) =
        (webhook(&api, "first").await, webhook(&api, "failing").await, webhook(&api, "last").await);
    let since = fails(&table, &failing).await;
    let read = api.get(&path_of(&failing)).await.json();
    let health = &read["health"];
    assert_eq!((&health["circuit"], &health["open_since"]), (&json!("open"), &json!(since)));
    assert_eq!(
        (&health["consecutive_failures"], &health["failing_since"]),
        (&json!(10), &json!(since))
    );
    assert_eq!(health["disable_at"], json!(since + jiff::SignedDuration::from_hours(48)));
    assert_eq!(health["last_failure"]["status_code"], 503);

    let list = api.get("/v1/webhooks").await.json();
    let of_list: Vec<_> =
        list["data"].as_array().unwrap().iter().map(|each| &each["health"]).collect();
    assert_eq!(of_list, [&WELL(), health, &WELL()]);
    for well in [&first, &last] {
        assert_eq!(api.get(&path_of(well)).await.json()["health"], WELL());
    }
}

#[tokio::test]
async fn a_change_resets_the_health_and_ignores_health_in_the_body() {
    let table = TestTables::start().await.unwrap().config();
    let api = api_of(&table);
    let made = webhook(&api, "CRM").await;
    fails(&table, &made).await;
    let mut read = api.get(&path_of(&made)).await.json();
    assert_eq!(read["health"]["circuit"], "open");
    read["timeout_seconds"] = json!(7);
    let replaced = api.put(&path_of(&made), read).await;
    assert_eq!(replaced.status, StatusCode::OK, "{replaced:?}");
    assert_eq!(replaced.json().get("health"), None, "reads only");
    assert_eq!(api.get(&path_of(&made)).await.json()["health"], WELL());
}
