//! A password in a webhook's URL: written, used, and never read back.

use http::StatusCode;
use serde_json::{Value, json};

use super::{api, path_of};

const URL: &str = "https://user:hush-hush@crm.example/calls?to={{to}}";
const SHOWN: &str = "https://user:•••@crm.example/calls?to={{to}}";

fn settings(url: &str) -> Value {
    json!({"name": "CRM", "url": url})
}

#[tokio::test]
async fn no_answer_shows_the_password_of_a_url() {
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
        assert!(!reply.body.contains("hush"), "{reply:?}");
    }
    for reply in &replies[..9] {
        assert!(reply.status.is_success() && reply.body.contains("user:•••@"), "{reply:?}");
    }
    for reply in &replies[9..] {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
    }
}

#[tokio::test]
async fn a_mistake_beside_a_password_does_not_quote_it() {
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
async fn a_password_that_is_sent_back_hidden_stays() {
    let api = api().await;
    let path = path_of(&api.post("/v1/webhooks", settings(URL)).await.json());
    let id = path.rsplit('/').next().unwrap().to_owned();
    let other_path = "https://user:•••@crm.example/other";
    let normalised = "https://user:%E2%80%A2%E2%80%A2%E2%80%A2@CRM.example:443/calls";
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
        // Only the saved password is hidden in what the receiver repeats.
        let expected = format!("POST https://user:•••@crm.example{sent_to}");
        assert!(echo.starts_with(&expected), "{echo}");
    }
    let unsaved = json!({"webhook_id": id, "webhook": {"url": other_path}});
    let preview = api.post("/v1/webhooks/preview", unsaved).await.json();
    assert_eq!(preview["url"], other_path);

    let removed = api.patch(&path, json!({"url": "https://user@crm.example/"})).await.json();
    assert_eq!(removed["url"], "https://user@crm.example/");
    let kept = api.patch(&path, json!({"url": "https://user:•••@crm.example/"})).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "it is gone: {kept:?}");
}

#[tokio::test]
async fn a_hidden_password_is_sent_to_no_other_receiver() {
    let api = api().await;
    let path = path_of(&api.post("/v1/webhooks", settings(URL)).await.json());
    let id = path.rsplit('/').next().unwrap().to_owned();
    for url in [
        "https://user:•••@evil.example/calls",
        "https://user:•••@crm.example:8443/calls",
        "https://other:•••@crm.example/calls",
    ] {
        for reply in [
            api.patch(&path, json!({"url": url})).await,
            api.put(&path, settings(url)).await,
            api.post("/v1/webhooks/preview", json!({"webhook_id": id, "webhook": {"url": url}}))
                .await,
        ] {
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {reply:?}");
            let said = "has `•••` for the saved password, which is kept only while scheme, user, \
                        host and port stay as they are: write the password again";
            let error = json!({"field": "url", "message": said});
            assert_eq!(reply.json()["errors"], json!([error]), "{url}");
        }
    }
    let said = "has `•••` for a password, but no password is saved: write the password";
    for reply in [
        api.post("/v1/webhooks", settings(SHOWN)).await,
        api.post("/v1/webhooks/preview", json!({"webhook": {"url": SHOWN}})).await,
    ] {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
        assert_eq!(reply.json()["errors"], json!([{"field": "url", "message": said}]));
    }
    assert_eq!(api.get(&path).await.json()["version"], 1);
}
