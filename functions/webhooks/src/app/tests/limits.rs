//! Limits of input size, count and depth, and quotas.

use callhook::domain::account::Account;
use callhook::domain::webhook::WebhookSettings;
use callhook::http_api::JsonObject;
use callhook::ports::store::AccountAdmin;
use callhook::testing::CONFIG;
use callhook::testing::api::Reply;
use jiff::Timestamp;

use super::*;
use crate::etag::IfMatch;

async fn api_with_quotas(quotas: Value) -> Api {
    let table = TestTables::start().await.unwrap().config();
    let request = json!({"id": "acme", "name": "Acme", "quotas": quotas});
    let acme = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH);
    table.create_account(&acme.unwrap()).await.unwrap();
    Api::new(
        router(
            Arc::new(table),
            Arc::new(Echo),
            AddressPolicy::PUBLIC,
            TrialTimeout::DEFAULT,
            no_figures(),
        ),
        account("acme"),
    )
}

fn assert_problem(reply: &Reply, status: u16, slug: &str, says: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.header("content-type"), "application/problem+json", "{reply:?}");
    assert_eq!(reply.json()["type"], format!("urn:callhook:problem:{slug}"));
    let detail = reply.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(says), "{detail}");
}

#[tokio::test]
async fn one_unreadable_webhook_does_not_hide_the_others() {
    let tables = TestTables::start().await.unwrap();
    let table = Arc::new(tables.config());
    let api = Api::new(
        router(table, Arc::new(Echo), AddressPolicy::PUBLIC, TrialTimeout::DEFAULT, no_figures()),
        account("acme"),
    );
    let (first, spoilt, last) =
        (webhook(&api, "1").await, webhook(&api, "2").await, webhook(&api, "3").await);
    let sk = format!("WEBHOOK#{}", spoilt["id"].as_str().unwrap());
    tables.remove_attribute(CONFIG, "ACCT#acme", &sk, "signing").await.unwrap();
    let listed = api.get("/v1/webhooks").await;
    assert_eq!(listed.status, StatusCode::OK);
    let data = &listed.json()["data"];
    assert_eq!((&data[0], &data[2]), (&last, &first));
    let message =
        "The item stored under this id cannot be read. Ask the operator of Callhook to repair it.";
    let shown = json!({"id": spoilt["id"], "unreadable": true, "message": message});
    assert_eq!(data[1], shown);
    let page = api.get("/v1/webhooks?limit=2").await.json();
    let next = format!("/v1/webhooks?cursor={}", page["next_cursor"].as_str().unwrap());
    let next = api.get(&next).await;
    assert_eq!(next.json()["data"], json!([first]), "the list continues after it");
}

#[tokio::test]
async fn the_quota_limits_the_webhooks_of_an_account() {
    let api = api_with_quotas(json!({"webhooks": 1})).await;
    let first = webhook(&api, "one").await;
    let another = json!({"name": "two", "url": "https://a.example/"});
    let refused = api.post("/v1/webhooks", another.clone()).await;
    let says = "has reached its quota of 1 webhooks. Delete some";
    assert_problem(&refused, 429, "quota-exceeded", says);
    assert_eq!(refused.header("retry-after"), "60");
    let changed = api.patch(&path_of(&first), json!({"name": "still mine"})).await;
    assert_eq!(changed.status, StatusCode::OK, "existing webhooks can be changed");
    assert_eq!(api.delete(&path_of(&first)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api.post("/v1/webhooks", another).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_quota_limits_the_subscriptions_of_an_account() {
    let api = api_with_quotas(json!({"subscriptions": 2})).await;
    let made = webhook(&api, "one").await;
    let subscribe = async |number: u32| {
        let identity = format!("number:{number}");
        let request = json!({"identity": identity, "webhook_id": made["id"]});
        api.post("/v1/subscriptions", request).await
    };
    for number in 0..2 {
        assert_eq!(subscribe(number).await.status, StatusCode::CREATED);
    }
    let refused = subscribe(2).await;
    assert_problem(&refused, 429, "quota-exceeded", "its quota of 2 subscriptions");
    assert_eq!(subscribe(1).await.status, StatusCode::CONFLICT, "it is there already");
    assert_eq!(api.delete(&path_of(&made)).await.status, StatusCode::NO_CONTENT);
    let made = webhook(&api, "two").await;
    let request = json!({"webhook_id": made["id"]});
    assert_eq!(api.post("/v1/subscriptions", request).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn input_that_is_too_long_or_unreadable_is_named() {
    let api = api().await;
    let made = webhook(&api, "one").await;
    let long = |length: usize| "x".repeat(length);
    let name = |name: &str| format!("/v1/webhooks?name={name}");
    let fits = api.get(&name(&long(WebhookSettings::MAX_NAME))).await;
    assert_eq!(fits.status, StatusCode::OK);
    let too_long = api.get(&name(&long(WebhookSettings::MAX_NAME + 1))).await;
    assert_problem(&too_long, 400, "invalid-request", "`name` must be at most 100 characters");

    let tags = |length: usize| format!("\"1\"{}", ",".repeat(length - 3));
    let with = |tags: &str| api.with_header("if-match", tags);
    let change = json!({"name": "two"});
    let fits = with(&tags(IfMatch::MAX_LEN)).patch(&path_of(&made), change.clone()).await;
    assert_eq!(fits.status, StatusCode::OK);
    let too_long = with(&tags(IfMatch::MAX_LEN + 1)).patch(&path_of(&made), change).await;
    assert_problem(&too_long, 400, "invalid-request", "more than 1024 bytes");

    let account = api.with_header("x-account-id", &long(65)).get("/v1/webhooks").await;
    assert_problem(&account, 400, "invalid-request", "`X-Account-Id` must be 1 to 64 letters");
    let path = api.get("/v1/webhooks/%FF").await;
    assert_problem(&path, 404, "not-found", "no such webhook");
    for query in ["limit=101", "limit=1e2", "cursor=%00", &format!("cursor={}", long(5_000))] {
        let reply = api.get(&format!("/v1/webhooks?{query}")).await;
        assert_problem(&reply, 400, "invalid-request", "must be");
    }
    let nowhere = api.get(&format!("/v1/webhooks/{}", long(5_000))).await;
    assert_problem(&nowhere, 404, "not-found", "no such webhook");
}

#[tokio::test]
async fn a_body_is_bounded_before_it_is_read() {
    let api = api().await;
    let post = async |body: &str| api.send_text("POST", "/v1/webhooks", body).await;
    let large = post(&format!(r#"{{"name":"{}"}}"#, "x".repeat(JsonObject::MAX_BYTES))).await;
    assert_problem(&large, 413, "too-large", "at most 1048576 are accepted");
    let larger = post(&format!(r#"{{"name":"{}"}}"#, "x".repeat(3 << 20))).await;
    assert_problem(&larger, 413, "too-large", "The body cannot be read");
    let many = post(&format!(r#"{{"name":[{}1]}}"#, "1,".repeat(JsonObject::MAX_VALUES))).await;
    assert_problem(&many, 413, "too-large", "more than 10000 values");
    let deep = post(&format!(r#"{{"name":{}"#, "[".repeat(10_000 - 10))).await;
    assert_problem(&deep, 400, "malformed-json", "recursion limit");
    let nul = post(r#"{"name":"a\u0000b","url":"https://a.example/"}"#).await;
    assert_problem(&nul, 422, "invalid-fields", "`name` must not contain control characters");
    let huge = post(&format!(
        r#"{{"name":"n","url":"https://a.example/","timeout_seconds":1{}e99999999999}}"#,
        "0".repeat(10_000)
    ))
    .await;
    assert_problem(&huge, 422, "invalid-fields", "`timeout_seconds`");
    let twice = post(r#"{"name":"a","name":"b","url":"https://a.example/"}"#).await;
    assert_eq!(twice.json()["name"], "b", "of a name that stands there twice the last counts");
}

#[tokio::test]
async fn no_query_crashes_the_function() {
    let api = api().await;
    for text in ["<>", "\"", "\\", "^|{}`", "ü", "a b", "%", "%zz", "%FF", "#x", "&&==", "[]"] {
        let reply = api.get(&format!("/v1/webhooks?name={text}")).await;
        assert!([200, 400].contains(&reply.status.as_u16()), "{text}: {reply:?}");
    }
}

#[tokio::test]
async fn concurrent_patches_all_take_effect() {
    let api = api().await;
    let path = path_of(&webhook(&api, "CRM").await);
    let (one, two) = tokio::join!(
        api.patch(&path, json!({"description": "d"})),
        api.patch(&path, json!({"timeout_seconds": 4})),
    );
    assert_eq!((one.status, two.status), (StatusCode::OK, StatusCode::OK));
    let read = api.get(&path).await.json();
    assert_eq!((&read["description"], &read["timeout_seconds"]), (&json!("d"), &json!(4)));
    assert_eq!(read["version"], 3);
}
