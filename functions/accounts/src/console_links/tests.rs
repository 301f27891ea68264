//! Tests of creating, listing and revoking console links.

use callhook::aws::dynamodb::ConfigTable;
use callhook::domain::api_key::{ConsoleLink, KeyId};
use callhook::domain::scope::Scopes;
use callhook::ports::store::{KeyAdmin as _, KeyLookup as _, WebhookAdmin as _};
use callhook::testing::api::{Api, Reply, account, platform, platform_key};
use callhook::testing::{NewWebhook, RecordingQueue, TestTables};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::app::router;
use crate::app::tests::public_url;

const LINKS: &str = "/v1/accounts/acme/console-links";
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
    api.post("/v1/accounts", json!({"name": "Acme", "id": "acme"})).await;
    (api, table)
}

async fn webhook(table: &ConfigTable, account: &str) -> Value {
    let webhook = NewWebhook::new("https://a.example/").build(Timestamp::UNIX_EPOCH);
    table.create_webhook(&account.parse().unwrap(), &webhook).await.unwrap();
    json!(webhook.id)
}

fn key_of(made: &Reply) -> ApiKey {
    made.json()["key"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_link_opens_the_console_with_a_key_in_its_fragment() {
    let (api, table) = world().await;
    let made = api.with_header("host", "evil.example").post(LINKS, json!({})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let (key, shown) = (key_of(&made), made.json());
    let url = format!("https://hooks.example/callhook/console/#key={}", key.reveal());
    assert_eq!(shown["url"], url);
    assert_eq!(made.header("location"), format!("{KEYS}/{}", key.id()));
    assert_eq!(shown["kind"], "console_link");
    assert_eq!(shown["scopes"], json!(["webhooks:read", "deliveries:read"]));
    let time = |name: &str| shown[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    let lasts = time("expires_at").duration_since(time("created_at"));
    assert_eq!(lasts, SignedDuration::from_hours(1));
    let stored = table.key(&key.hash()).await.unwrap().unwrap();
    assert_eq!(json!(stored.account_id), "acme");
}

#[tokio::test]
async fn a_link_is_listed_and_revoked_like_other_keys() {
    let (api, table) = world().await;
    api.post(KEYS, json!({"name": "program"})).await;
    let made = api.post(LINKS, json!({"name": "Ann"})).await;
    let listed = api.get(KEYS).await;
    assert!(!listed.body.contains(key_of(&made).reveal()));
    let kinds = |listed: &Reply| -> Vec<_> {
        let data = listed.json()["data"].as_array().unwrap().clone();
        data.iter().map(|key| (key["name"].clone(), key.get("kind").cloned())).collect()
    };
    let (link, program) = ((json!("Ann"), Some(json!("console_link"))), (json!("program"), None));
    let shown = kinds(&listed);
    assert!(shown.len() == 2 && shown.contains(&link) && shown.contains(&program), "{shown:?}");
    assert_eq!(api.delete(made.header("location")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(table.key(&key_of(&made).hash()).await.unwrap(), None);
    assert_eq!(kinds(&api.get(KEYS).await), [program]);
}

#[tokio::test]
async fn an_expired_link_is_not_listed() {
    let (api, table) = world().await;
    let acme: callhook::domain::account::AccountId = "acme".parse().unwrap();
    let past = Timestamp::now() - SignedDuration::from_secs(61);
    let grant = callhook::domain::api_key::Grant::of_operator(Scopes::all());
    for seconds in [60, 600] {
        let request = json!({"expires_in_seconds": seconds, "name": seconds.to_string()});
        let request = ConsoleLink::parse(request.as_object().unwrap(), &acme, &grant, past);
        let key = ApiKey::generate().unwrap();
        let record = request.unwrap().into_stored_key(&key, &acme.clone().into(), past);
        table.create_link(&acme, &key.hash(), &record, past).await.unwrap();
    }
    let listed = api.get(KEYS).await.json();
    let names: Vec<_> = listed["data"].as_array().unwrap().iter().map(|key| &key["name"]).collect();
    assert_eq!(names, ["600"]);
}

#[tokio::test]
async fn a_key_can_be_limited_only_to_a_webhook_of_its_account() {
    let (api, table) = world().await;
    api.post("/v1/accounts", json!({"name": "Other", "id": "other"})).await;
    let (own, foreign) = (webhook(&table, "acme").await, webhook(&table, "other").await);
    for path in [LINKS, KEYS] {
        let made = api.post(path, json!({"name": "n", "webhook_id": own})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        assert_eq!(made.json()["webhook_id"], own);
        let stored = table.key(&key_of(&made).hash()).await.unwrap().unwrap();
        assert_eq!(json!(stored.webhook_id), own);
        let unknown = json!("01890a5d-ac96-774b-bcce-b302099a8057");
        for (id, says) in [
            (&foreign, "names no webhook of this account"),
            (&unknown, "names no webhook of this account"),
            (&json!("x"), "must be a UUID"),
        ] {
            let refused = api.post(path, json!({"name": "n", "webhook_id": id})).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {id}");
            assert_eq!(refused.json()["errors"][0]["field"], "webhook_id");
            assert!(refused.body.contains(says), "{refused:?}");
        }
    }
    let platform = json!({"name": "n", "webhook_id": own});
    let refused = api.post("/v1/platform-keys", platform).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
}

#[tokio::test]
async fn a_link_is_bounded_by_its_maker_and_revoked_with_it() {
    let (operator, table) = world().await;
    let maker = json!({"name": "panel", "scopes": ["platform", "webhooks:read"]});
    let maker = operator.post("/v1/platform-keys", maker).await.json();
    let id = maker["id"].as_str().unwrap();
    let api = operator.with_caller(platform_key(id, &Scopes::from_words("platform webhooks:read")));
    let made = api.post(LINKS, json!({})).await;
    assert_eq!(made.json()["scopes"], json!(["webhooks:read"]), "{made:?}");
    assert_eq!((&made.json()["created_by"], &made.json()["generation"]), (&json!(id), &json!(1)));
    for scopes in [["deliveries:read"], ["platform"]] {
        let refused = api.post(LINKS, json!({"scopes": scopes})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    }
    let path = format!("/v1/platform-keys/{id}?cascade=true");
    let revoked = operator.delete(&path).await.json();
    assert_eq!(revoked, json!({"revoked": 2, "is_complete": true}));
    assert_eq!(table.key(&key_of(&made).hash()).await.unwrap(), None);
    let late = api.post(LINKS, json!({})).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "{late:?}");
}

#[tokio::test]
async fn the_last_key_of_a_chain_creates_no_link() {
    let (operator, _) = world().await;
    let mut last = String::new();
    let mut api = operator.with_caller(platform());
    for _ in 0..=10 {
        let made = api.post("/v1/platform-keys", json!({"name": "next"})).await.json();
        last = made["id"].as_str().unwrap().to_owned();
        api = operator.with_caller(platform_key(&last, &Scopes::all()));
    }
    assert!(last.parse::<KeyId>().is_ok());
    assert_eq!(api.post(LINKS, json!({})).await.status, StatusCode::FORBIDDEN);
}

#[test]
fn the_answer_to_one_link_too_many_says_when_one_expires() {
    let problem = too_many_links("2026-11-27T01:04:43Z".parse().unwrap()).to_value();
    assert_eq!(problem["type"], "urn:callhook:problem:quota-exceeded");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("200 console links") && detail.contains("2026-11-27T01:04:43Z"));
}

#[tokio::test]
async fn only_the_platform_creates_links() {
    let (api, _) = world().await;
    let refused = api.with_caller(account("acme")).post(LINKS, json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let unknown = api.post("/v1/accounts/no/console-links", json!({})).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_public_url_is_https_without_userinfo_query_and_fragment() {
    for (text, base) in [
        ("https://hooks.example", "https://hooks.example"),
        ("https://hooks.example/", "https://hooks.example"),
        ("https://hooks.example:8443/call/hook/", "https://hooks.example:8443/call/hook"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://a1b2.execute-api.localhost:4566", "http://a1b2.execute-api.localhost:4566"),
    ] {
        assert_eq!(text.parse::<PublicUrl>().unwrap().to_string(), base, "{text}");
    }
    for wrong in [
        "",
        "hooks.example",
        "/console",
        "http://hooks.example",
        "http://localhost.example",
        "ftp://hooks.example",
        "https://user@hooks.example",
        "https://hooks.example/?a=b",
        "https://hooks.example/#a",
        "https://hooks example/",
    ] {
        assert_eq!(wrong.parse::<PublicUrl>(), Err(InvalidPublicUrl), "{wrong}");
    }
}
