//! Secrets in literal text of a webhook: they can be written and used, and no response shows them.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Api, api, path_of};

const URL: &str = "https://asha:hush-hush@crm.example/calls?to={{to}}";
const SHOWN: &str = "https://•••:•••@crm.example/calls?to={{to}}";

fn settings(url: &str) -> Value {
    json!({"name": "CRM", "url": url})
}

#[tokio::test]
async fn no_response_shows_the_user_or_the_password_of_a_url() {
    let api = api().await;
    let made = api.post("/v1/webhooks", settings(URL)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json()["url"], SHOWN);
    let path = path_of(&made.json());
    let id = path.rsplit('/').next().unwrap();
    let replies = [
        made,
        api.get(&path).await,
        api.get("/v1/webhooks").await,
        api.patch(&path, json!({"description": "d"})).await,
        api.put(&path, settings(SHOWN)).await,
        api.post(&format!("{path}/rotate-secret"), json!({})).await,
        api.post("/v1/webhooks/preview", json!({"webhook_id": id})).await,
        api.post("/v1/webhooks/preview", json!({"webhook": {"url": URL}})).await,
        // The receiver repeats the request.
        api.post(&format!("{path}/test"), json!({})).await,
        api.patch(&path, json!({"url": format!("{URL}{{{{to")})).await,
        api.post("/v1/webhooks", settings("http://user:hush-hush@10.0.0.1/")).await,
    ];
    for reply in &replies {
        assert!(!reply.body.contains("hush") && !reply.body.contains("asha"), "{reply:?}");
    }
    for reply in &replies[..9] {
        assert!(reply.status.is_success() && reply.body.contains("•••:•••@"), "{reply:?}");
    }
    for reply in &replies[9..] {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
    }
}

#[tokio::test]
async fn an_error_next_to_a_password_does_not_quote_it() {
    let api = api().await;
    for host in ["crm.io", "10.12.example", "a.example:8443"] {
        let saved = format!("https://user:hush-hush@{host}/hook");
        let path = path_of(&api.post("/v1/webhooks", settings(&saved)).await.json());
        let id = path.rsplit('/').next().unwrap();
        for behind in ["?{{", "?%nothere%", "{{to | shell}}", "?{{to | date: '%!'}}"] {
            let url = format!("https://user:•••@{host}{behind}");
            for reply in [
                api.post(
                    "/v1/webhooks/preview",
                    json!({"webhook_id": id, "webhook": {"url": url}}),
                )
                .await,
                api.patch(&path, json!({ "url": url })).await,
                api.put(&path, settings(&url)).await,
            ] {
                assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {reply:?}");
                assert!(
                    !reply.body.contains("sh@") && !reply.body.contains("hus"),
                    "{url}: {reply:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_hidden_password_in_an_update_keeps_the_stored_one() {
    let api = api().await;
    let path = path_of(&api.post("/v1/webhooks", settings(URL)).await.json());
    let id = path.rsplit('/').next().unwrap().to_owned();
    let other_path = "https://•••:•••@crm.example/other";
    let normalised = "https://asha:%E2%80%A2%E2%80%A2%E2%80%A2@CRM.example:443/calls";
    let shown = api.get(&path).await.json();
    let put = api.put(&path, shown).await;
    assert_eq!((put.status, &put.json()["url"]), (StatusCode::OK, &json!(SHOWN)), "{put:?}");
    for (change, sent_to) in [
        (json!({"url": SHOWN, "timeout_seconds": 3}), "/calls"),
        (json!({ "url": normalised }), "/calls"),
        (json!({ "url": other_path }), "/other"),
    ] {
        let patched = api.patch(&path, change).await;
        assert_eq!(patched.status, StatusCode::OK, "{patched:?}");
        let sent = api.post(&format!("{path}/test"), json!({})).await;
        let echo = sent.json()["response"]["text"].as_str().unwrap().to_owned();
        // Only stored secrets are hidden in the response body.
        let expected = format!("POST https://•••:•••@crm.example{sent_to}");
        assert!(echo.starts_with(&expected), "{echo}");
    }
    let unsaved = json!({"webhook_id": id, "webhook": {"url": other_path}});
    let preview = api.post("/v1/webhooks/preview", unsaved).await.json();
    assert_eq!(preview["url"], other_path);

    let removed = api.patch(&path, json!({"url": "https://•••@crm.example/"})).await.json();
    assert_eq!(removed["url"], "https://•••@crm.example/");
    let kept = api.patch(&path, json!({"url": "https://•••:•••@crm.example/"})).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "it is gone: {kept:?}");
}

#[tokio::test]
async fn a_hidden_password_is_sent_to_no_other_receiver() {
    let api = api().await;
    let path = path_of(&api.post("/v1/webhooks", settings(URL)).await.json());
    let id = path.rsplit('/').next().unwrap().to_owned();
    for url in [
        "https://•••:•••@evil.example/calls",
        "https://asha:•••@evil.example/calls",
        "https://•••:•••@crm.example:8443/calls",
        "https://other:•••@crm.example/calls",
    ] {
        for reply in [
            api.patch(&path, json!({"url": url})).await,
            api.put(&path, settings(url)).await,
            api.post("/v1/webhooks/preview", json!({"webhook_id": id, "webhook": {"url": url}}))
                .await,
        ] {
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {reply:?}");
            let said = "has `•••` for the saved user or password, which is kept only while scheme, \
                        host, port and user stay as they are: write it out again";
            let error = json!({"field": "url", "message": said});
            assert_eq!(reply.json()["errors"], json!([error]), "{url}");
        }
    }
    let said = "has `•••` for a user or password that is not saved: write it out";
    for reply in [
        api.post("/v1/webhooks", settings(SHOWN)).await,
        api.post("/v1/webhooks/preview", json!({"webhook": {"url": SHOWN}})).await,
    ] {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
        assert_eq!(reply.json()["errors"], json!([{"field": "url", "message": said}]));
    }
    assert_eq!(api.get(&path).await.json()["version"], 1);
}

/// The request that a trial sends to `evil.example`; empty if none.
async fn sent_elsewhere(api: &Api, path: &str, change: Value) -> String {
    let changed = api.patch(path, change).await;
    let sent = api.post(&format!("{path}/test"), json!({})).await;
    if changed.status.is_success() { sent.body } else { String::new() }
}

#[tokio::test]
async fn a_change_of_the_receiver_needs_the_secrets_again() {
    let api = api().await;
    let bearer = json!({"name": "n", "url": "https://crm.example/", "bearer_secret": "hush-hush"});
    let named = json!({
        "name": "n", "url": "https://crm.example/?k=%token%", "secrets": {"token": "hush-hush"},
    });
    let literal = json!({
        "name": "n", "url": "https://crm.example/", "headers": {"X-Api-Key": "hush-hush"},
    });
    for (settings, field) in
        [(&bearer, "bearer_secret"), (&named, "secrets.token"), (&literal, "headers.X-Api-Key")]
    {
        let path = path_of(&api.post("/v1/webhooks", settings.clone()).await.json());
        for url in [
            "https://evil.example/",
            "https://crm.example:8443/",
            "https://crm.example@evil.example/",
        ] {
            let patched = api.patch(&path, json!({ "url": url })).await;
            let mut shown = api.get(&path).await.json();
            shown["url"] = json!(url);
            let put = api.put(&path, shown).await;
            let id = path.rsplit('/').next().unwrap();
            let unsaved = json!({"webhook_id": id, "webhook": {"url": url}});
            let preview = api.post("/v1/webhooks/preview", unsaved).await;
            for reply in [patched, put, preview] {
                assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {reply:?}");
                let errors = reply.json()["errors"].as_array().unwrap().clone();
                assert!(errors.iter().any(|error| error["field"] == field), "{url}: {reply:?}");
            }
        }
        assert_eq!(sent_elsewhere(&api, &path, json!({"url": "https://evil.example/"})).await, "");
        assert_eq!(api.get(&path).await.json()["version"], 1);
    }
}

#[tokio::test]
async fn a_change_of_the_receiver_can_send_or_remove_the_secrets() {
    let api = api().await;
    let settings = json!({
        "name": "n", "url": "https://crm.example/", "bearer_secret": "hush-hush", "secrets": {"a": "hush-hush", "b": "x"},
    });
    let path = path_of(&api.post("/v1/webhooks", settings).await.json());
    let change = json!({
        "url": "https://new.example/", "bearer_secret": "hush-hush", "secrets": {"a": "new", "b": null},
    });
    let changed = api.patch(&path, change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    assert_eq!(changed.json()["secrets"].as_object().unwrap().keys().collect::<Vec<_>>(), ["a"]);
}

#[tokio::test]
async fn no_response_shows_a_literal_secret_of_a_header() {
    let api = api().await;
    let settings = json!({
        "name": "n", "url": "https://crm.example/",
        "headers": {"Authorization": "Bearer hush-hush", "X-Plain": "plain"},
    });
    let made = api.post("/v1/webhooks", settings.clone()).await;
    let path = path_of(&made.json());
    let shown = made.json();
    assert_eq!(shown["headers"], json!({"Authorization": "Bearer •••", "X-Plain": "plain"}));
    assert_eq!(shown["warnings"][0]["field"], "headers.Authorization");
    let id = path.rsplit('/').next().unwrap();
    let replies = [
        made,
        api.get(&path).await,
        api.get("/v1/webhooks").await,
        api.patch(&path, json!({"description": "d"})).await,
        api.put(&path, shown).await,
        api.patch(&path, json!({"headers": {"authorization": "Bearer •••"}})).await,
        api.post("/v1/webhooks/preview", json!({"webhook_id": id})).await,
        api.post("/v1/webhooks/preview", json!({"webhook": settings})).await,
        api.post(
            "/v1/webhooks",
            json!({"name": "n", "url": "https://a.example/", "headers": {"Authorization": "•••"}}),
        )
        .await,
    ];
    for reply in &replies[..8] {
        assert!(reply.status.is_success() && reply.body.contains("•••"), "{reply:?}");
    }
    assert_eq!(
        replies[8].status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "nothing is saved: {:?}",
        replies[8]
    );
    for reply in &replies {
        assert!(!reply.body.contains("hush"), "{reply:?}");
    }
    let echoing =
        json!({"headers": {"X-Api-Key": "hush-hush"}, "url": "https://crm.example/?q=hush-hush"});
    api.patch(&path, echoing).await;
    let sent = api.post(&format!("{path}/test"), json!({})).await;
    assert!(sent.body.contains("?q=•••") && !sent.body.contains("hush"), "{sent:?}");
}
