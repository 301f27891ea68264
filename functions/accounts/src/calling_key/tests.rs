//! Tests of `GET /v1/key`.

use callhook::aws::dynamodb::ConfigTable;
use callhook::domain::account::AccountStatus;
use callhook::domain::api_key::{ApiKey, KeyLifetime};
use callhook::ports::store::{
    AccountAdmin as _, AccountLookup as _, KeyAdmin as _, WebhookAdmin as _,
};
use callhook::testing::api::{Api, Reply, holder, platform};
use callhook::testing::{NewWebhook, RecordingQueue, TestTables};
use serde_json::{Value, json};

use super::*;
use crate::app::router;
use crate::app::tests::public_url;

const KEY: &str = "/v1/key";
const KEYS: &str = "/v1/accounts/acme/keys";

/// The function as the operator calls it, and its table, with the account `acme`.
async fn world() -> (Api, Arc<ConfigTable>) {
    let table = Arc::new(TestTables::start().await.unwrap().config());
    let routes = router(
        Arc::clone(&table),
        Arc::new(RecordingQueue::default()),
        KeyLifetime::default(),
        public_url(),
    );
    let api = Api::new(routes, platform());
    let account = json!({"name": "Acme", "id": "acme", "time_zone": "Asia/Kolkata"});
    api.post("/v1/accounts", account).await;
    (api, table)
}

async fn webhook(table: &ConfigTable) -> String {
    let webhook = NewWebhook::new("https://a.example/").build(Timestamp::UNIX_EPOCH);
    table.create_webhook(&"acme".parse().unwrap(), &webhook).await.unwrap();
    webhook.id.to_string()
}

/// A key created by `request` to `path`, and the function as called with that key.
async fn made(api: &Api, path: &str, request: Value) -> (Value, Api) {
    let made = api.post(path, request).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    (made.json(), api.with_caller(holder(&made.json())))
}

fn problem(reply: &Reply) -> (u16, String) {
    let kind = reply.json()["type"].as_str().unwrap().to_owned();
    (reply.status.as_u16(), kind.trim_start_matches("urn:callhook:problem:").to_owned())
}

#[tokio::test]
async fn a_key_of_an_account_sees_itself_and_its_account_whatever_its_scopes() {
    let (api, _) = world().await;
    let request = json!({"name": "engine", "scopes": ["reports:write"], "expires_in_days": 1});
    let (key, holder) = made(&api, KEYS, request).await;
    let account = api.get("/v1/accounts/acme").await.json();
    let expected = json!({
        "id": key["id"], "prefix": key["prefix"], "name": "engine", "scopes": ["reports:write"],
        "created_at": key["created_at"], "expires_at": key["expires_at"], "account": account,
    });
    let read = holder.get(KEY).await;
    assert_eq!(read.status, StatusCode::OK, "{read:?}");
    assert_eq!(read.json(), expected);
    assert_eq!(holder.with_header("x-account-id", "acme").get(KEY).await.json(), expected);
    let other = holder.with_header("x-account-id", "other").get(KEY).await;
    assert_eq!(problem(&other), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn a_console_link_shows_its_kind() {
    let (api, _) = world().await;
    let path = "/v1/accounts/acme/console-links";
    let (link, holder) = made(&api, path, json!({"name": "Ann"})).await;
    let read = holder.get(KEY).await.json();
    assert_eq!((&read["kind"], &read["name"]), (&json!("console_link"), &json!("Ann")));
    assert_eq!(read["expires_at"], link["expires_at"]);
    assert_eq!(read["account"]["id"], "acme");
    assert_eq!((read.get("url"), read.get("key")), (None, None), "{read}");
}

#[tokio::test]
async fn a_narrowed_key_sees_the_account_fields_that_apply_to_its_webhook() {
    let (api, table) = world().await;
    let (own, other) = (webhook(&table).await, webhook(&table).await);
    let change = json!({"operational_webhook_id": other, "quotas": {"webhooks": 7}});
    api.patch("/v1/accounts/acme", change).await;
    for path in [KEYS, "/v1/accounts/acme/console-links"] {
        let (_, holder) = made(&api, path, json!({"name": "one", "webhook_id": own})).await;
        let read = holder.get(KEY).await;
        assert_eq!(read.json()["webhook_id"], own, "{read:?}");
        let account = json!({
            "id": "acme", "name": "Acme", "time_zone": "Asia/Kolkata", "retention_days": 30,
        });
        assert_eq!(read.json()["account"], account);
        assert!(!read.body.contains(&other), "{read:?}");
    }
}

#[tokio::test]
async fn a_platform_key_sees_the_account_that_it_names() {
    let (api, _) = world().await;
    let path = "/v1/platform-keys";
    let request = json!({"name": "panel", "scopes": ["platform", "webhooks:read"]});
    let (key, holder) = made(&api, path, request).await;
    let alone = holder.get(KEY).await;
    assert_eq!(alone.status, StatusCode::OK, "{alone:?}");
    let expected = json!({
        "id": key["id"], "prefix": key["prefix"], "name": "panel",
        "scopes": ["webhooks:read", "platform"], "created_at": key["created_at"], "account": null,
    });
    assert_eq!(alone.json(), expected);
    let named = holder.with_header("x-account-id", "acme").get(KEY).await.json();
    assert_eq!(named["account"], api.get("/v1/accounts/acme").await.json());
    let unknown = holder.with_header("x-account-id", "unknown").get(KEY).await;
    assert_eq!(problem(&unknown), (404, "not-found".to_owned()));
    let malformed = holder.with_header("x-account-id", "a b").get(KEY).await;
    assert_eq!(problem(&malformed), (400, "invalid-request".to_owned()));

    let request = json!({"name": "reader", "scopes": ["webhooks:read"]});
    let (_, reader) = made(&api, path, request).await;
    assert_eq!(reader.get(KEY).await.json()["account"], Value::Null);
    let refused = reader.with_header("x-account-id", "acme").get(KEY).await;
    assert_eq!(problem(&refused), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn a_revoked_or_expired_key_is_unauthorized() {
    let (api, table) = world().await;
    for path in [KEYS, "/v1/platform-keys"] {
        let (key, holder) = made(&api, path, json!({"name": "k"})).await;
        let path = format!("{path}/{}", key["id"].as_str().unwrap());
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(problem(&holder.get(KEY).await), (401, "unauthorized".to_owned()), "{path}");
    }
    let key = ApiKey::generate().unwrap();
    let record = json!({
        "id": key.id(), "account_id": "acme", "name": "old", "scopes": ["webhooks:read"],
        "created_at": "2020-01-01T00:00:00Z", "expires_at": "2020-01-02T00:00:00Z",
    });
    let stored: StoredKey = serde_json::from_value(record.clone()).unwrap();
    table.create_key(&key.hash(), &stored).await.unwrap();
    let expired = api.with_caller(holder(&record)).get(KEY).await;
    assert_eq!(problem(&expired), (401, "unauthorized".to_owned()));
    // The operator calls without a key.
    assert_eq!(problem(&api.get(KEY).await), (401, "unauthorized".to_owned()));
}

/// API Gateway caches the authorization from before the erasure for a minute.
#[tokio::test]
async fn a_key_of_an_account_that_is_being_erased_is_refused_with_that_reason() {
    let (api, table) = world().await;
    let (_, own) = made(&api, KEYS, json!({"name": "own"})).await;
    let (_, panel) = made(&api, "/v1/platform-keys", json!({"name": "panel"})).await;
    let account = table.account(&"acme".parse().unwrap()).await.unwrap().unwrap();
    let erasing = Account { status: AccountStatus::Erasing, ..account };
    table.replace_account(&erasing).await.unwrap();
    let acting = panel.with_header("x-account-id", "acme");
    for holder in [&own, &acting] {
        assert_eq!(problem(&holder.get(KEY).await), (403, "account-erasing".to_owned()));
    }
    let begun = api.delete("/v1/accounts/acme?confirm=acme").await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
    for holder in [&own, &acting] {
        assert_eq!(problem(&holder.get(KEY).await), (403, "account-erasing".to_owned()));
    }
    assert_eq!(panel.get(KEY).await.status, StatusCode::OK, "the platform's own key stays");
}
