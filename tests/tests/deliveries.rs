//! Deliveries in the API, and resending them.

use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, new_account, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};

/// Polls `path` until it exists and its body meets the condition `wanted`.
async fn answer(account: &Account, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    until(SOON, path, async || {
        let reply = account.api.get(path).await;
        assert!([200, 404].contains(&reply.status), "{reply:?}");
        let body = if reply.status == 200 { reply.expect(200) } else { return None };
        wanted(&body).then_some(body)
    })
    .await
}

fn has_status(status: &str) -> impl Fn(&Value) -> bool {
    move |body| body["status"] == status
}

/// Creates a webhook with a single attempt; returns its id.
async fn webhook_without_retries(account: &Account, url: &str) -> String {
    account.create_webhook(NewWebhook::new(url).without_retries()).await
}

#[tokio::test]
async fn a_report_is_looked_up_with_its_deliveries() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let (good, bad) = (receiver.url("/"), receiver.url("/status/500"));
    let (good, bad) = (account.webhook(&good).await, webhook_without_retries(&account, &bad).await);
    let report = json!({"id": unique_id(), "to": 918_867_130_000_u64, "webhook_ids": [good, bad]});
    let id = account.report(&report).await;
    let both = |body: &Value| body["deliveries"].as_array().unwrap().len() == 2;
    let path = format!("/v1/reports/{id}");
    let found = answer(&account, &path, |body| both(body) && body["status"] == "failed").await;
    assert_eq!(found["report"], report, "unchanged");
    let of = |webhook: &str| {
        let mut deliveries = found["deliveries"].as_array().unwrap().iter();
        deliveries.find(|delivery| delivery["webhook_id"] == webhook).unwrap().clone()
    };
    assert_eq!(of(&good)["status"], "delivered");
    assert_eq!(of(&bad)["last_attempt"]["status_code"], 500);

    let path = format!("/v1/deliveries/{good}.{id}");
    let delivery = account.api.get(&path).await.expect(200);
    assert_eq!(delivery["attempts"].as_array().unwrap().len(), 1, "{delivery}");
    assert_eq!(delivery["attempts"][0]["trigger"], "automatic");

    let other = new_account().await;
    for path in [
        format!("/v1/reports/{id}"),
        path,
        format!("/v1/webhooks/{good}/deliveries"),
        format!("/v1/webhooks/{good}/stats"),
    ] {
        other.api.get(&path).await.expect(404);
    }
    other.api.post(&format!("/v1/deliveries/{bad}.{id}/resend"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn an_attempt_shows_its_request_address_and_response() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let url = receiver.url("/status/500?key=%key%&to={{to}}");
    let bad = NewWebhook::new(&url).with("secrets", json!({"key": "s3cret-key"})).without_retries();
    let bad = account.create_webhook(bad).await;
    let good = account.webhook(&receiver.url("/")).await;
    let report = json!({"id": unique_id(), "to": 918_867_130_000_u64, "webhook_ids": [bad, good]});
    let id = account.report(&report).await;

    let path = format!("/v1/deliveries/{bad}.{id}");
    let failed = answer(&account, &path, has_status("failed")).await["attempts"][0].clone();
    let shown = receiver.url("/status/500?key=•••&to=918867130000");
    assert_eq!(failed["request"], json!({"method": "POST", "url": shown}), "{failed}");
    let address = receiver.url("");
    assert_eq!(failed["address"], address.trim_start_matches("http://"), "{failed}");
    assert_eq!(failed["http_version"], "1.1", "{failed}");
    assert!(failed["response_headers"]["content-length"].is_string(), "{failed}");
    let times = ["sent_at", "ended_at", "at"].map(|name| failed[name].as_str().unwrap());
    let times = times.map(|time| time.parse::<jiff::Timestamp>().unwrap());
    assert!(times[0] <= times[1] && times[1] <= times[2], "{failed}");

    let path = format!("/v1/deliveries/{good}.{id}");
    let attempt = answer(&account, &path, has_status("delivered")).await["attempts"][0].clone();
    assert_eq!(attempt["request"]["url"], receiver.url("/"), "{attempt}");
    assert_eq!(attempt["omitted"], json!(["response_headers"]), "{attempt}");
}

#[tokio::test]
async fn a_failed_delivery_is_listed_and_resent() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = webhook_without_retries(&account, &receiver.url("/flip/1")).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    let delivery = format!("/v1/deliveries/{webhook}.{id}");
    answer(&account, &delivery, has_status("failed")).await;
    let list = format!("/v1/webhooks/{webhook}/deliveries?status=failing");
    let listed = account.api.get(&list).await.expect(200);
    assert_eq!(listed["data"][0]["report_id"], id, "{listed}");
    assert_eq!(listed["next_cursor"], Value::Null);

    let resend = account.api.post(&format!("{delivery}/resend"), &json!({})).await.expect(202);
    assert_eq!(resend["delivery_id"], format!("{webhook}.{id}"));
    let received = receiver.wait_for(2, SOON).await;
    assert!(received.iter().all(|request| request.header("webhook-id") == id), "{received:?}");
    assert_eq!(received[0].body, received[1].body);
    let delivered = answer(&account, &delivery, has_status("delivered")).await;
    let last = delivered["attempts"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["trigger"], &last["resend_id"]), (&json!("manual"), &resend["id"]));
    let listed = answer(&account, &list, |body| body["data"] == json!([])).await;
    assert_eq!(listed["next_cursor"], Value::Null);
}

#[tokio::test]
async fn a_failing_webhook_shows_its_health_and_its_missed_deliveries_outlive_it() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let good = account.webhook(&receiver.url("/")).await;
    let bad = webhook_without_retries(&account, &receiver.url("/status/503")).await;
    let well = json!({"circuit": "closed", "consecutive_failures": 0});
    let path = format!("/v1/webhooks/{bad}");
    assert_eq!(account.api.get(&path).await.expect(200)["health"], well);

    let mut missed = Vec::new();
    for _ in 0..12 {
        let report = json!({"id": unique_id(), "webhook_ids": [good, bad]});
        missed.push(format!("{bad}.{}", account.report(&report).await));
    }
    let read = answer(&account, &path, |body| body["health"]["circuit"] == "open").await;
    let health = &read["health"];
    assert_eq!(health["last_failure"]["status_code"], 503, "{health}");
    assert!(health["consecutive_failures"].as_u64().unwrap() >= 10, "{health}");
    for time in ["open_since", "next_probe_at", "failing_since", "disable_at"] {
        assert!(health[time].is_string(), "{time}: {health}");
    }
    let list = account.api.get("/v1/webhooks").await.expect(200);
    let in_list = |id: &str| {
        let mut webhooks = list["data"].as_array().unwrap().iter();
        webhooks.find(|webhook| webhook["id"] == id).unwrap()["health"].clone()
    };
    assert_eq!(in_list(&bad)["failing_since"], health["failing_since"]);
    assert_eq!(in_list(&good), well);

    missed.sort_unstable();
    let has_all = |body: &Value| {
        let listed = body["data"].as_array().unwrap().iter();
        let mut ids: Vec<_> = listed.map(|delivery| delivery["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids == missed
    };
    answer(&account, "/v1/deliveries", has_all).await;
    account.api.delete(&path).await.expect(204);
    for query in ["", "?status=failing", &format!("?webhook_id={bad}")] {
        answer(&account, &format!("/v1/deliveries{query}"), has_all).await;
    }
    let of_good = account.api.get(&format!("/v1/deliveries?webhook_id={good}")).await.expect(200);
    assert_eq!(of_good["data"], json!([]));
    let other = new_account().await;
    assert_eq!(other.api.get("/v1/deliveries").await.expect(200)["data"], json!([]));
    other.api.get(&format!("/v1/deliveries?webhook_id={bad}")).await.expect(400);
}

#[tokio::test]
async fn a_delivery_to_an_inactive_or_deleted_webhook_is_not_resent() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    let delivery = format!("/v1/deliveries/{webhook}.{id}");
    answer(&account, &delivery, has_status("delivered")).await;

    let (path, resend) = (format!("/v1/webhooks/{webhook}"), format!("{delivery}/resend"));
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);
    account.api.post(&resend, &json!({})).await.expect(409);
    account.api.delete(&path).await.expect(204);
    account.api.post(&resend, &json!({})).await.expect(409);
    account.api.get(&delivery).await.expect(200);
    account.api.get(&format!("/v1/reports/{id}")).await.expect(404);
}

#[tokio::test]
async fn a_report_without_webhooks_is_skipped() {
    let account = new_account().await;
    let id = account.report(&json!({"id": unique_id()})).await;
    let found = answer(&account, &format!("/v1/reports/{id}"), has_status("skipped")).await;
    assert_eq!((&found["reason"], &found["deliveries"]), (&json!("no_webhook"), &json!([])));
}

#[tokio::test]
async fn stats_count_attempts_and_deliveries() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    let path = format!("/v1/webhooks/{webhook}/stats");
    let sum = |body: &Value, name: &str| -> u64 {
        body["data"].as_array().unwrap().iter().filter_map(|hour| hour[name].as_u64()).sum()
    };
    let found = answer(&account, &path, |body| sum(body, "delivered") == 1).await;
    assert_eq!((sum(&found, "attempts"), sum(&found, "failed_attempts")), (1, 0));
}
