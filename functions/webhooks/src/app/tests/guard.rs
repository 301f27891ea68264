//! URLs that the address policy refuses.

use callhook::testing::api::Api;
use http::StatusCode;
use serde_json::{Value, json};

use super::{AddressPolicy, Arc, Echo, TestTables};
use super::{TrialTimeout, account, api, no_figures, path_of, router, webhook};

/// The messages about the field `url`.
fn url_errors(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap().iter();
    let of_url = errors.filter(|error| error["field"] == "url");
    of_url.map(|error| error["message"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_url_of_the_vectors_is_refused_on_save() {
    let api = api().await;
    let path = path_of(&webhook(&api, "CRM").await);
    let before = api.get(&path).await.json();
    let vectors = include_str!("../../../../../tests/vectors/addresses.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let urls = vectors["refuse_urls"].as_array().unwrap();
    assert_eq!(urls.len(), 53);
    for url in urls {
        // The vectors test hosts; `http` would be refused for its scheme.
        let url = url.as_str().unwrap().replace("http://", "https://");
        let settings = json!({"name": "n", "url": url});
        for reply in [
            api.post("/v1/webhooks", settings.clone()).await,
            api.put(&path, settings.clone()).await,
            api.patch(&path, json!({"url": url})).await,
            api.post("/v1/webhooks/preview", json!({"webhook": settings})).await,
        ] {
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {reply:?}");
            assert_eq!(url_errors(&reply.json()).len(), 1, "{url}: {reply:?}");
        }
    }
    assert_eq!(api.get("/v1/webhooks").await.json()["data"], json!([before]), "nothing was stored");
}

#[tokio::test]
async fn the_refusal_of_a_url_says_why() {
    let api = api().await;
    for (url, why) in [
        ("http://crm.example/", "must begin with https://"),
        ("https://crm.example:25/", "must not have port 25"),
        ("https://0x7f.1/{{id}}", "127.0.0.1 is reserved for loopback (RFC 1122)"),
        ("https://[fd00:ec2::254]/?k=%k%", "fd00:ec2::254 is reserved for cloud services"),
        ("https://u:p@db.internal/", "must name a host on the public internet"),
    ] {
        let settings = json!({"name": "n", "url": url, "secrets": {"k": "v"}});
        let reply = api.post("/v1/webhooks", settings).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(url_errors(&reply.json())[0].contains(why), "{url}: {reply:?}");
    }
}

#[tokio::test]
async fn the_refusal_of_a_url_is_listed_with_the_other_errors() {
    let api = api().await;
    let settings = json!({"name": "", "url": "https://10.0.0.1/{{ id | upcase }}"});
    let problem = api.post("/v1/webhooks", settings).await.json();
    let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().collect();
    assert_eq!(fields.len(), 2, "{problem}");
    assert!(url_errors(&problem)[0].contains("10.0.0.1"), "{problem}");
    // A text that is not a URL has one error.
    let problem = api.post("/v1/webhooks", json!({"name": "", "url": "ftp://10.0.0.1/"})).await;
    assert_eq!(url_errors(&problem.json()).len(), 1, "{problem:?}");
}

#[tokio::test]
async fn a_webhook_that_newer_rules_refuse_can_be_paused_and_moved() {
    let table = TestTables::start().await.unwrap().config();
    let open = router(
        Arc::new(table.clone()),
        Arc::new(Echo),
        AddressPolicy::LOCAL,
        TrialTimeout::DEFAULT,
        no_figures(),
    );
    let strict = router(
        Arc::new(table),
        Arc::new(Echo),
        AddressPolicy::PUBLIC,
        TrialTimeout::DEFAULT,
        no_figures(),
    );
    let (open, strict) = (Api::new(open, account("acme")), Api::new(strict, account("acme")));
    let settings = json!({"name": "n", "url": "http://127.0.0.1:9000/hook"});
    let made = open.post("/v1/webhooks", settings.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let path = path_of(&made.json());

    let paused = strict.patch(&path, json!({"status": "inactive"})).await;
    assert_eq!(paused.status, StatusCode::OK, "{paused:?}");
    assert_eq!(strict.put(&path, settings).await.status, StatusCode::OK);
    let preview = json!({"webhook_id": made.json()["id"]});
    let preview = strict.post("/v1/webhooks/preview", preview).await;
    assert_eq!(
        url_errors(&preview.json()),
        ["must begin with https://"],
        "the preview names the error"
    );
    let moved = strict.patch(&path, json!({"url": "http://127.0.0.1:9001/hook"})).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    let moved = strict.patch(&path, json!({"url": "https://crm.example/hook"})).await;
    assert_eq!(moved.status, StatusCode::OK, "{moved:?}");
}

#[tokio::test]
async fn a_trial_shows_that_its_address_was_refused() {
    let api = api().await;
    let settings = json!({"name": "n", "url": "https://crm.example/refused"});
    let path = path_of(&api.post("/v1/webhooks", settings).await.json());
    let trial = api.post(&format!("{path}/test"), json!({})).await.json();
    assert_eq!(
        (&trial["taken"], &trial["error"]["type"]),
        (&json!(false), &json!("refused_address"))
    );
    let detail = trial["error"]["detail"].as_str().unwrap();
    assert!(detail.contains("not on the public internet"), "{trial}");
}
