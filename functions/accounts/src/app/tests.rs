use super::*;
use callhook::ports::store::{KeyUseMarker as _, WebhookAdmin as _};
use callhook::testing::routes::routes_of;
use callhook::testing::{NewWebhook, RecordingQueue, TestTables};
use http::StatusCode;
use serde_json::{Value, json};

use callhook::domain::scope::Scopes;
use callhook::testing::api::{Api, Reply, platform, platform_key};

/// The public URL of the tests.
pub(crate) fn public_url() -> PublicUrl {
    "https://hooks.example/callhook/".parse().unwrap()
}

async fn api() -> Api {
    let table = Arc::new(TestTables::start().await.unwrap().config());
    Api::new(
        router(table, Arc::new(RecordingQueue::default()), KeyLifetime::default(), public_url()),
        platform(),
    )
}

#[tokio::test]
async fn an_account_is_created_read_and_listed() {
    let api = api().await;
    let made = api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.header("location"), "/v1/accounts/acme");
    assert_eq!(made.header("x-request-id"), "test-request");
    let read = api.get("/v1/accounts/acme").await;
    assert_eq!(read.json(), made.json());
    let generated = api.post("/v1/accounts", json!({"name": "Other"})).await;
    assert!(generated.json()["id"].as_str().unwrap().len() == 36);

    let again = api.post("/v1/accounts", json!({"name": "Acme 2", "id": "acme"})).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let first = api.get("/v1/accounts?limit=1").await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = api.get(&format!("/v1/accounts?limit=1&cursor={cursor}")).await.json();
    assert_eq!(second["next_cursor"], Value::Null);
    let ids = [&first["data"][0]["id"], &second["data"][0]["id"]];
    assert!(ids.contains(&&json!("acme")), "{ids:?}");
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_changed_account_is_changed_in_the_list() {
    let api = api().await;
    api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    let zone = json!({"time_zone": "Asia/Kolkata"});
    let changed = api.patch("/v1/accounts/acme", zone).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    assert_eq!(changed.json()["time_zone"], "Asia/Kolkata");
    assert_eq!(api.get("/v1/accounts/acme").await.json(), changed.json());
    assert_eq!(api.get("/v1/accounts").await.json()["data"], json!([changed.json()]));
    let wrong = api.patch("/v1/accounts/acme", json!({"time_zone": "Mars/Base"})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(api.patch("/v1/accounts/no", json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_route_of_the_template_is_served() {
    api().await.serves(&routes_of("accounts")).await;
}

#[tokio::test]
async fn a_parameter_that_a_route_does_not_have_is_refused() {
    let api = api().await;
    api.refuses_unknown_parameters(&routes_of("accounts")).await;
    let twice = api.delete("/v1/accounts/acme?confirm=acme&confirm=acme").await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert!(twice.body.contains("`confirm` is repeated"), "{twice:?}");
}

#[tokio::test]
async fn the_operational_webhook_must_be_an_active_one_of_the_account() {
    let tables = TestTables::start().await.unwrap();
    let table = Arc::new(tables.config());
    let routes = router(
        Arc::clone(&table),
        Arc::new(RecordingQueue::default()),
        KeyLifetime::default(),
        public_url(),
    );
    let api = Api::new(routes, platform());
    let webhook = async |account: &str, status: &str| {
        let webhook = NewWebhook::new("https://a.example/").with("status", status);
        let webhook = webhook.build(jiff::Timestamp::UNIX_EPOCH);
        table.create_webhook(&account.parse().unwrap(), &webhook).await.unwrap();
        webhook.id
    };
    for id in ["acme", "other"] {
        api.post("/v1/accounts", json!({"name": id, "id": id})).await;
    }
    let (active, inactive) = (webhook("acme", "active").await, webhook("acme", "inactive").await);
    let (foreign, deleted) = (webhook("other", "active").await, webhook("acme", "active").await);
    table.delete_webhook(&"acme".parse().unwrap(), deleted, 1).await.unwrap();
    let name = async |id: Value| {
        api.patch("/v1/accounts/acme", json!({"operational_webhook_id": id})).await
    };
    for (id, says) in [
        (json!(foreign), "names no webhook of this account"),
        (json!(deleted), "names no webhook of this account"),
        (json!(inactive), "names a webhook that is not active; make it active first"),
        (json!("x"), "must be a UUID"),
    ] {
        let refused = name(id.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}: {refused:?}");
        assert_eq!(refused.json()["errors"][0]["field"], "operational_webhook_id");
        assert!(refused.body.contains(says), "{id}: {refused:?}");
    }
    assert_eq!(name(json!(active)).await.json()["operational_webhook_id"], json!(active));
    assert_eq!(name(Value::Null).await.json().get("operational_webhook_id"), None);
    // An operational webhook that was paused later does not block other changes.
    name(json!(active)).await;
    let other = api.patch("/v1/accounts/acme", json!({"name": "New"})).await;
    assert_eq!(other.status, StatusCode::OK);

    let new = json!({"name": "N", "operational_webhook_id": active});
    let refused = api.post("/v1/accounts", new).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    assert!(refused.body.contains("a new account has no webhooks"), "{refused:?}");
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let event = include_str!("../../../../infra/events/accounts-create.json");
    assert_eq!(api().await.send_event(event).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_key_is_shown_once_and_can_be_revoked() {
    let api = api().await;
    api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    for path in ["/v1/accounts/acme/keys", "/v1/platform-keys"] {
        let made = api.post(path, json!({"name": "ci"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let made = made.json();
        let key: callhook::domain::api_key::ApiKey = made["key"].as_str().unwrap().parse().unwrap();
        assert_eq!(made["id"], key.id().to_string());

        let listed = api.get(path).await;
        assert_eq!(listed.json()["data"][0]["id"], made["id"]);
        assert_eq!(listed.json()["data"][0]["prefix"], format!("chk_{}", key.id()));
        assert!(!listed.body.contains(key.reveal()), "{path}");

        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!(api.delete(&one).await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.delete(&one).await.status, StatusCode::NOT_FOUND);
        assert_eq!(api.get(path).await.json()["data"], json!([]));
    }
}

#[tokio::test]
async fn a_key_creates_keys_within_its_scopes_and_a_cascade_revokes_them() {
    let operator = api().await;
    operator.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    let narrowed = json!({"name": "narrow", "scopes": ["platform", "webhooks:read"]});
    let narrowed = operator.post("/v1/platform-keys", narrowed).await.json();
    let id = narrowed["id"].as_str().unwrap();
    let scopes = "platform webhooks:read";
    let api = operator.with_caller(platform_key(id, &Scopes::from_words(scopes)));
    let all = api.post("/v1/accounts/acme/keys", json!({"name": "k"})).await;
    assert_eq!(all.json()["scopes"], json!(["webhooks:read"]), "{all:?}");
    assert_eq!(all.json()["created_by"], id);
    for path in ["/v1/accounts/acme/keys", "/v1/platform-keys"] {
        let more = json!({"name": "k", "scopes": ["webhooks:read", "reports:erase"]});
        let refused = api.post(path, more).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(refused.json()["errors"][0]["field"], "scopes");
    }
    api.post("/v1/platform-keys", json!({"name": "child"})).await;
    let path = format!("/v1/platform-keys/{id}");
    let wrong = operator.delete(&format!("{path}?cascade=yes")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{wrong:?}");
    let revoked = operator.delete(&format!("{path}?cascade=true")).await;
    assert_eq!(revoked.status, StatusCode::OK, "{revoked:?}");
    assert_eq!(revoked.json(), json!({"revoked": 3, "is_complete": true}));
    assert_eq!(operator.get("/v1/platform-keys").await.json()["data"], json!([]));
    assert_eq!(operator.get("/v1/accounts/acme/keys").await.json()["data"], json!([]));
    let again = operator.delete(&format!("{path}?cascade=true")).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    // API Gateway caches the authorization for a minute.
    let late = api.post("/v1/platform-keys", json!({"name": "late"})).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "{late:?}");
}

#[tokio::test]
async fn a_chain_of_keys_is_bounded() {
    let operator = api().await;
    let first = operator.post("/v1/platform-keys", json!({"name": "0"})).await.json();
    let mut last = first["id"].as_str().unwrap().to_owned();
    for generation in 1..=11 {
        let api = operator.with_caller(platform_key(&last, &Scopes::all()));
        let made = api.post("/v1/platform-keys", json!({"name": "next"})).await;
        if generation == 11 {
            assert_eq!(made.status, StatusCode::FORBIDDEN, "{made:?}");
            return;
        }
        assert_eq!(made.status, StatusCode::CREATED, "{generation}: {made:?}");
        last = made.json()["id"].as_str().unwrap().to_owned();
    }
}

#[tokio::test]
async fn the_operator_bounds_the_lifetime_of_keys() {
    let table = Arc::new(TestTables::start().await.unwrap().config());
    let routes =
        router(table, Arc::new(RecordingQueue::default()), "7".parse().unwrap(), public_url());
    let api = Api::new(routes, platform());
    let made = api.post("/v1/platform-keys", json!({"name": "k"})).await.json();
    assert!(made["expires_at"].is_string(), "{made}");
    let long = api.post("/v1/platform-keys", json!({"name": "k", "expires_in_days": 8})).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY, "{long:?}");
    assert_eq!(long.json()["errors"][0]["field"], "expires_in_days");
}

#[tokio::test]
async fn a_key_shows_its_expiry_and_its_last_use() {
    let tables = TestTables::start().await.unwrap();
    let api = Api::new(
        router(
            Arc::new(tables.config()),
            Arc::new(RecordingQueue::default()),
            KeyLifetime::default(),
            public_url(),
        ),
        platform(),
    );
    let request = json!({"name": "ci", "expires_at": "2999-01-01T00:00:00Z"});
    let made = api.post("/v1/platform-keys", request).await.json();
    assert_eq!(made["expires_at"], "2999-01-01T00:00:00Z");
    let listed = api.get("/v1/platform-keys").await.json()["data"][0].clone();
    assert_eq!((&listed["expires_at"], listed.get("last_used_at")), (&made["expires_at"], None));

    let key: callhook::domain::api_key::ApiKey = made["key"].as_str().unwrap().parse().unwrap();
    let at = "2026-11-27T01:04:43Z";
    tables.config().mark_used(&key.hash(), at.parse().unwrap()).await.unwrap();
    let listed = api.get("/v1/platform-keys").await.json()["data"][0].clone();
    assert_eq!(listed["last_used_at"], at);

    let past = json!({"name": "ci", "expires_at": "2020-01-01T00:00:00Z"});
    let past = api.post("/v1/platform-keys", past).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(past.json()["detail"], "`expires_at` must be in the future");
}

#[tokio::test]
async fn quotas_are_shown_and_the_platform_changes_them() {
    let api = api().await;
    let made = api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await.json();
    assert_eq!(made["quotas"], json!({"webhooks": 1_000, "subscriptions": 5_000}));
    let quotas = json!({"webhooks": 3, "reports_per_second": 20, "deliveries_per_second": 50});
    let changed = api.patch("/v1/accounts/acme", json!({"quotas": quotas})).await.json();
    let expected = json!({
        "webhooks": 3, "subscriptions": 5_000, "reports_per_second": 20,
        "deliveries_per_second": 50,
    });
    assert_eq!(changed["quotas"], expected);
    assert_eq!(api.get("/v1/accounts/acme").await.json()["quotas"], expected);
    let wrong = api.patch("/v1/accounts/acme", json!({"quotas": {"webhooks": "many"}})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.json()["errors"][0]["field"], "quotas.webhooks");
    let other = json!({"name": "B", "id": "b", "quotas": {"subscriptions": 7}});
    assert_eq!(api.post("/v1/accounts", other).await.json()["quotas"]["subscriptions"], 7);
}

#[tokio::test]
async fn keys_of_another_account_are_not_found() {
    let api = api().await;
    api.post("/v1/accounts", json!({"name": "A", "id": "a"})).await;
    api.post("/v1/accounts", json!({"name": "B", "id": "b"})).await;
    let made = api.post("/v1/accounts/a/keys", json!({"name": "k"})).await.json();
    let id = made["id"].as_str().unwrap();
    assert_eq!(api.get("/v1/accounts/b/keys").await.json()["data"], json!([]));
    let elsewhere = api.delete(&format!("/v1/accounts/b/keys/{id}")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn invalid_requests_name_their_errors() {
    let api = api().await;
    api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    let problems: Vec<Reply> = vec![
        api.post("/v1/accounts", json!({"id": "a b", "nme": 1})).await,
        api.post("/v1/accounts/acme/keys", json!({"name": "k", "scopes": ["platform"]})).await,
        api.post("/v1/accounts/unknown/keys", json!({"name": "k"})).await,
        api.get("/v1/accounts/unknown").await,
        api.get("/v1/accounts/unknown/keys").await,
        api.get("/v1/accounts?limit=0").await,
        api.get("/v1/nothing").await,
        api.delete("/v1/accounts").await,
        api.post("/v1/accounts", json!([])).await,
        api.send_text("POST", "/v1/accounts", "{\"name\": ").await,
    ];
    let problems: Vec<_> = problems.iter().map(|reply| reply.body.as_str()).collect();
    insta::assert_snapshot!(problems.join("\n"));
}

#[tokio::test]
async fn only_the_platform_may_call() {
    let api = api().await;
    let account = callhook::testing::api::account("acme");
    let api = api.with_caller(account);
    for (method, path) in [
        ("GET", "/v1/accounts"),
        ("POST", "/v1/accounts"),
        ("GET", "/v1/accounts/acme"),
        ("PATCH", "/v1/accounts/acme"),
        ("DELETE", "/v1/accounts/acme?confirm=acme"),
        ("GET", "/v1/accounts/acme/keys"),
        ("POST", "/v1/accounts/acme/keys"),
        ("DELETE", "/v1/accounts/acme/keys/0123456789ab"),
        ("GET", "/v1/platform-keys"),
        ("POST", "/v1/platform-keys"),
        ("DELETE", "/v1/platform-keys/0123456789ab"),
    ] {
        let reply = api.send_text(method, path, "{\"name\": \"x\"}").await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
}
