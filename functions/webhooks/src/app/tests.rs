use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::address::AddressPolicy;
use callhook::domain::delivery::{Attempt, NoResponse};
use callhook::domain::ids::WebhookId;
use callhook::domain::request::WebhookRequest;
use callhook::domain::stats::{Hour, Hours, Outcomes};
use callhook::outbound::{Congested, Outbound};
use callhook::ports::store::{OutcomesReader, StoreError};
use callhook::testing::TestTables;
use callhook::testing::api::{Api, Mount, account, platform, scoped};
use callhook::testing::routes::routes_of;
use http::StatusCode;
use serde_json::{Value, json};

use super::router;
use crate::outgoing::TrialTimeout;

mod composing;
mod guard;
mod health;
mod limits;
mod narrowed;
mod passwords;
mod signing;
mod subscriptions;
mod summary;
mod trials;
mod verification;

/// An HTTP client whose receiver answers 200 and repeats the request. `/status/<code>`, `/hang` and
/// `/refused` answer otherwise; `/verify` repeats only the body.
#[derive(Default)]
struct Echo;

impl Outbound for Echo {
    async fn send(
        &self,
        _: &AccountId,
        request: WebhookRequest,
        timeout: Duration,
    ) -> Result<Attempt, Congested> {
        let body = request.body.as_deref().map(String::from_utf8_lossy);
        let echo = format!("{} {} {:?} {body:?}", request.method, request.url, request.headers);
        let result = match request.url.path().strip_prefix("/status/") {
            Some(code) => Ok(code.parse().unwrap()),
            None if request.url.path() == "/congested" => return Err(Congested),
            None if request.url.path() == "/hang" => Err(NoResponse::TimeoutResponse),
            None if request.url.path() == "/refused" => Err(NoResponse::RefusedAddress),
            None => Ok(200),
        };
        let echo =
            if request.url.path() == "/verify" { body.unwrap_or_default().into() } else { echo };
        let (body, latency) = (echo.into(), timeout);
        Ok(Attempt { result, latency, body, is_cut: false, retry_after: None, evidence: None })
    }
}

/// The figures of webhooks without deliveries.
struct NoFigures;

impl OutcomesReader for NoFigures {
    async fn outcomes(
        &self,
        _: WebhookId,
        _: Hours,
    ) -> Result<BTreeMap<Hour, Outcomes>, StoreError> {
        Ok(BTreeMap::new())
    }
}

fn no_figures() -> Arc<NoFigures> {
    Arc::new(NoFigures)
}

async fn api() -> Api {
    let table = TestTables::start().await.unwrap().config();
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

/// Creates a webhook and returns it as reads show it.
async fn webhook(api: &Api, name: &str) -> Value {
    let made = api.post("/v1/webhooks", json!({"name": name, "url": "https://a.example/"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    as_read(made.json())
}

/// The response that shows a new secret, without the secret.
fn as_read(mut made: Value) -> Value {
    let secret = made.as_object_mut().unwrap().remove("secret").unwrap();
    assert!(secret.as_str().unwrap().starts_with("whsec_"));
    made["health"] = json!({"circuit": "closed", "consecutive_failures": 0});
    made
}

fn path_of(webhook: &Value) -> String {
    format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap())
}

#[tokio::test]
async fn every_route_of_the_template_is_served() {
    api().await.serves(&routes_of("webhooks")).await;
}

#[tokio::test]
async fn a_parameter_that_a_route_does_not_have_is_refused() {
    let api = api().await;
    api.refuses_unknown_parameters(&routes_of("webhooks")).await;
    webhook(&api, "CRM").await;
    for (query, says) in [
        ("number=91", "which accepts `limit`, `cursor`, `name`"),
        ("name=a&name=b", "`name` is repeated; send it once"),
        ("access_token=chk_x", "send a key in the header `Authorization: Bearer chk_…`"),
        ("include=secrets", "`include` must be `summary`"),
    ] {
        let reply = api.get(&format!("/v1/webhooks?{query}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}: {reply:?}");
        assert!(reply.body.contains(says), "{query}: {reply:?}");
    }
}

#[tokio::test]
async fn a_body_is_read_as_json_whatever_its_content_type() {
    let api = api().await;
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "APPLICATION/JSON; charset=x", ""]
    {
        let made = webhook(&api.with_header("content-type", kind), "CRM").await;
        assert_eq!(made["name"], "CRM", "{kind}");
    }
}

#[tokio::test]
async fn a_webhook_is_found_behind_a_base_path_and_a_stage() {
    let api = api().await;
    for mount in Mount::ALL {
        let api = api.at(mount);
        let made = webhook(&api, "CRM").await;
        let path = path_of(&made);
        assert_eq!(api.get(&path).await.json(), made, "{mount:?}");
        let upper = path_of(&json!({"id": made["id"].as_str().unwrap().to_uppercase()}));
        assert_eq!(api.get(&upper).await.json(), made, "an id may be in upper case");
        assert_eq!(api.delete(&path).await.status, StatusCode::NO_CONTENT, "{mount:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let api = api().await;
    for name in ["CRM 1", "CRM 2"] {
        let made = webhook(&api, name).await;
        api.post("/v1/subscriptions", json!({"webhook_id": made["id"]})).await;
    }
    let cursor_of = async |api: &Api, path: &str| {
        let page = api.get(path).await.json();
        page["next_cursor"].as_str().unwrap().to_owned()
    };
    let webhooks = cursor_of(&api, "/v1/webhooks?limit=1").await;
    let named = cursor_of(&api, "/v1/webhooks?limit=1&name=CRM").await;
    let subscriptions = cursor_of(&api, "/v1/subscriptions?limit=1").await;
    for (path, cursor, is_own) in [
        ("/v1/webhooks?limit=2", &webhooks, true),
        ("/v1/webhooks?name=CRM", &named, true),
        ("/v1/subscriptions?limit=1", &subscriptions, true),
        ("/v1/webhooks?limit=1", &subscriptions, false),
        ("/v1/webhooks?limit=1", &named, false),
        ("/v1/webhooks?name=crm", &named, false),
        ("/v1/subscriptions?limit=1", &webhooks, false),
    ] {
        let reply = api.get(&format!("{path}&cursor={cursor}")).await;
        if is_own {
            assert_eq!(reply.json()["data"].as_array().unwrap().len(), 1, "{path}: {reply:?}");
        } else {
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}: {reply:?}");
            assert!(reply.body.contains("`cursor` is of another list"), "{reply:?}");
        }
    }
    let other = api.with_caller(account("other"));
    let foreign = other.get(&format!("/v1/webhooks?cursor={webhooks}")).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST, "{foreign:?}");
}

#[tokio::test]
async fn a_webhook_is_created_read_changed_and_deleted() {
    let api = api().await;
    let made = api
        .post("/v1/webhooks", json!({"name": "CRM", "url": "https://crm.example/hook?a=1"}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.header("x-request-id"), "test-request");
    let path = made.header("location");
    let mut shown = made.json();
    let secret = shown["secret"].take();
    assert_eq!(secret.as_str().unwrap().len(), "whsec_".len() + 44, "32 bytes in base64");
    assert!(shown["signing"]["set_at"].take().is_string());
    for set_by_server in ["id", "created_at", "updated_at"] {
        assert!(shown[set_by_server].take().is_string(), "{set_by_server}: {made:?}");
    }
    insta::assert_snapshot!(shown.to_string());

    assert_eq!(api.get(path).await.json(), as_read(made.json()));

    let patched = api.patch(path, json!({"status": "inactive", "timeout_seconds": 3})).await;
    assert_eq!(patched.status, StatusCode::OK);
    assert_eq!(patched.header("etag"), "\"2\"");
    assert_eq!(patched.json()["status"], "inactive");
    assert_eq!(patched.json()["name"], "CRM");
    assert_eq!(patched.json()["created_at"], made.json()["created_at"]);

    let replaced = api.put(path, json!({"name": "New", "url": "https://b.example/"})).await;
    assert_eq!(replaced.json()["status"], "active", "absent fields take their defaults");
    assert_eq!(replaced.json()["timeout_seconds"], 15);
    assert_eq!(replaced.json()["version"], 3);

    assert_eq!(api.delete(path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api.get(path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(api.delete(path).await.status, StatusCode::NOT_FOUND);
    let put = api.put(path, json!({"name": "New", "url": "https://b.example/"})).await;
    assert_eq!(put.status, StatusCode::NOT_FOUND, "PUT does not create");
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let event = include_str!("../../../../infra/events/webhooks-create.json");
    assert_eq!(api().await.send_event(event).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn if_match_guards_every_change() {
    let api = api().await;
    let path = path_of(&webhook(&api, "CRM").await);
    let stale = api.with_header("If-Match", "\"7\"");
    let change = json!({"name": "X", "url": "https://x.example/"});
    for reply in [
        stale.put(&path, change.clone()).await,
        stale.patch(&path, change.clone()).await,
        stale.delete(&path).await,
    ] {
        assert_eq!(reply.status, StatusCode::PRECONDITION_FAILED, "{reply:?}");
    }
    assert_eq!(api.get(&path).await.json()["name"], "CRM");
    let fresh = api.with_header("If-Match", "\"1\"");
    assert_eq!(fresh.patch(&path, change.clone()).await.status, StatusCode::OK);
    assert_eq!(fresh.patch(&path, change.clone()).await.status, StatusCode::PRECONDITION_FAILED);
    for (current, stale) in [("2", "1"), ("W/\"3\"", "W/\"2\""), ("9, 4", "1, 2")] {
        let is_stale = api.with_header("If-Match", stale).patch(&path, change.clone()).await;
        assert_eq!(is_stale.status, StatusCode::PRECONDITION_FAILED, "{stale}");
        let is_current = api.with_header("If-Match", current).patch(&path, change.clone()).await;
        assert_eq!(is_current.status, StatusCode::OK, "{current}");
    }
    let any = api.with_header("If-Match", "*");
    assert_eq!(any.delete(&path).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn lists_come_in_pages_newest_first_and_filter_by_name() {
    let api = api().await;
    for name in ["CRM north", "Billing", "crm south", "Wallboard", "CRM ÜBER"] {
        webhook(&api, name).await;
    }
    let mut all = Vec::new();
    let mut path = "/v1/webhooks?limit=2".to_owned();
    loop {
        let page = api.get(&path).await.json();
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= 2);
        all.extend(data.iter().map(|w| w["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/webhooks?limit=2&cursor={cursor}");
    }
    assert_eq!(all, ["CRM ÜBER", "Wallboard", "crm south", "Billing", "CRM north"]);

    let named = |page: Value| -> Vec<String> {
        let data = page["data"].as_array().unwrap();
        data.iter().map(|w| w["name"].as_str().unwrap().to_owned()).collect()
    };
    let crm = api.get("/v1/webhooks?name=Crm&limit=2").await.json();
    let cursor = crm["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(named(crm), ["CRM ÜBER", "crm south"]);
    let rest = api.get(&format!("/v1/webhooks?name=Crm&limit=2&cursor={cursor}")).await.json();
    assert_eq!(rest["next_cursor"], Value::Null);
    assert_eq!(named(rest), ["CRM north"]);
    assert_eq!(named(api.get("/v1/webhooks?name=%C3%BCber").await.json()), ["CRM ÜBER"]);
    assert_eq!(named(api.get("/v1/webhooks?name=nothing").await.json()), [""; 0]);
}

#[tokio::test]
async fn invalid_requests_name_their_errors() {
    let api = api().await;
    let path = path_of(&webhook(&api, "CRM").await);
    let nowhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    let problems = [
        api.post("/v1/webhooks", json!({})).await,
        api.post("/v1/webhooks", json!({"name": 1, "url": "x", "uri": "y", "status": "on"})).await,
        api.post("/v1/webhooks", json!("x")).await,
        api.send_text("POST", "/v1/webhooks", "{\"name\": \"CRM\",}").await,
        api.send_text("POST", "/v1/webhooks", "").await,
        api.patch(&path, json!({"url": null, "retry": {"schedule": [5, 0]}})).await,
        api.get("/v1/webhooks/nonsense").await,
        api.get(&format!("/v1/webhooks/{nowhere}")).await,
        api.get("/v1/webhooks?limit=1000&cursor=x").await,
        api.post("/v1/subscriptions", json!({"webhook_id": nowhere})).await,
        api.post("/v1/subscriptions", json!({"event": "", "identity": "some"})).await,
        api.delete("/v1/subscriptions/nonsense").await,
        api.delete("/v1/webhooks").await,
    ];
    let problems: Vec<_> = problems.iter().map(|reply| reply.body.as_str()).collect();
    insta::assert_snapshot!(problems.join("\n"));
}

#[tokio::test]
async fn an_account_sees_only_its_own_webhooks() {
    let acme = api().await;
    let other = acme.with_caller(account("other"));
    let made = webhook(&acme, "CRM").await;
    let path = path_of(&made);
    assert_eq!(other.get("/v1/webhooks").await.json()["data"], json!([]));
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    let change = json!({"name": "X", "url": "https://x.example/"});
    assert_eq!(other.put(&path, change.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.patch(&path, change).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.delete(&path).await.status, StatusCode::NOT_FOUND);
    let subscribe = json!({"webhook_id": made["id"]});
    let foreign = other.post("/v1/subscriptions", subscribe.clone()).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    let own = acme.post("/v1/subscriptions", subscribe).await;
    assert_eq!(other.get(own.header("location")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.delete(own.header("location")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(acme.get(&path).await.json(), made);
}

#[tokio::test]
async fn scopes_are_required() {
    let api = api().await;
    let path = path_of(&webhook(&api, "CRM").await);
    let reader = api.with_caller(scoped("acme", "webhooks:read"));
    assert_eq!(reader.get(&path).await.status, StatusCode::OK);
    let change = json!({"name": "X", "url": "https://x.example/"});
    for reply in [
        reader.post("/v1/webhooks", change.clone()).await,
        reader.put(&path, change.clone()).await,
        reader.patch(&path, change.clone()).await,
        reader.delete(&path).await,
        reader.post("/v1/subscriptions", json!({})).await,
        reader.delete("/v1/subscriptions/x").await,
    ] {
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
    }
    let engine = api.with_caller(scoped("acme", "reports:write"));
    for path in ["/v1/webhooks", &path, "/v1/subscriptions", "/v1/subscriptions/x"] {
        assert_eq!(engine.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_platform_acts_for_an_account_that_exists() {
    let tables = TestTables::start().await.unwrap();
    let routes = router(
        Arc::new(tables.config()),
        Arc::new(Echo),
        AddressPolicy::PUBLIC,
        TrialTimeout::DEFAULT,
        no_figures(),
    );
    let api = Api::new(routes, platform());
    assert_eq!(api.get("/v1/webhooks").await.status, StatusCode::BAD_REQUEST);
    let unknown = api.with_header("X-Account-Id", "unknown");
    assert_eq!(unknown.get("/v1/webhooks").await.status, StatusCode::NOT_FOUND);

    let request = json!({"id": "acme", "name": "Acme"});
    let account = callhook::domain::account::Account::from_request(
        request.as_object().unwrap(),
        jiff::Timestamp::UNIX_EPOCH,
    );
    callhook::ports::store::AccountAdmin::create_account(&tables.config(), &account.unwrap())
        .await
        .unwrap();
    let for_acme = api.with_header("X-Account-Id", "acme");
    let made = webhook(&for_acme, "CRM").await;
    let own = api.with_caller(super::tests::account("acme"));
    assert_eq!(own.get(&path_of(&made)).await.json(), made);
}
