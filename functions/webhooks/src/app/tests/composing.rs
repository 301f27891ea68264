//! Composed webhooks: secrets, previews, trial requests.

use callhook::testing::api::{account, scoped};
use http::StatusCode;
use serde_json::{Value, json};

use super::{api, path_of};

fn composed() -> Value {
    json!({
        "name": "CRM", "method": "PUT", "url": "https://crm.example/calls/{{id}}?k=%key%",
        "headers": {"Authorization": "Bearer %key%"}, "secrets": {"key": "hush-hush"},
        "body": {"format": "json", "template": {"to": "{{to}}", "own": "{{my_field}}"}},
    })
}

#[tokio::test]
async fn secrets_are_written_and_never_read() {
    let api = api().await;
    let made = api.post("/v1/webhooks", composed()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json()["warnings"][0]["field"], "body.template.own");
    let path = path_of(&made.json());
    let patch = json!({"secrets": {"key": "hush-again", "other": "hush-too"}});
    let replies = [
        made,
        api.get(&path).await,
        api.get("/v1/webhooks").await,
        api.patch(&path, patch).await,
        api.put(&path, composed()).await,
        api.post("/v1/webhooks/preview", json!({"webhook": composed()})).await,
        api.patch(&path, json!({"secrets": {"key": null}})).await,
        api.patch(&path, json!({"secrets": {"bad name": "hush"}})).await,
    ];
    for reply in &replies {
        assert!(!reply.body.contains("hush"), "{reply:?}");
    }
    assert!(replies[1].json()["secrets"]["key"]["set_at"].is_string());
    assert_eq!(replies[3].json()["secrets"].as_object().unwrap().len(), 2);
    assert_eq!(replies[6].status, StatusCode::UNPROCESSABLE_ENTITY, "a template needs it");
}

#[tokio::test]
async fn every_answer_to_a_change_or_a_preview_has_the_warnings() {
    let api = api().await;
    let doubtful = json!({
        "name": "n", "url": "https://a.example/?to={to}",
        "body": {"format": "json", "template": "{\"to\": \"{{To}}\"}"},
    });
    let made = api.post("/v1/webhooks", doubtful.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let path = path_of(&made.json());
    let id = made.json()["id"].clone();
    for answer in [
        made,
        api.put(&path, doubtful.clone()).await,
        api.patch(&path, json!({"description": "d"})).await,
        api.post("/v1/webhooks/preview", json!({"webhook": doubtful})).await,
        api.post("/v1/webhooks/preview", json!({"webhook_id": id})).await,
    ] {
        let warnings = answer.json()["warnings"].to_string();
        let expected =
            ["`{to}`, which is sent as it is", "did you mean an object?", "did you mean `to`?"];
        for message in expected {
            assert!(warnings.contains(message), "{message}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn an_error_that_would_fail_every_delivery_is_refused_on_save() {
    let api = api().await;
    for (field, value, place) in [
        (
            "url",
            json!("https://a.example/?k=%access_token%"),
            "line 1, column 22: the webhook has no secret",
        ),
        ("url", json!("https://a.example/?to={{to}"), "line 1, column 23: `{{` has no matching"),
        (
            "url",
            json!("https://a.example/{{start_at | date: '%Y-%Q'}}"),
            "line 1, column 42: `date` knows no `%Q`",
        ),
        ("headers", json!({"X-A": "{{a | default: 1, allow: 1}}"}), "has no argument `allow:`"),
    ] {
        let mut webhook = json!({"name": "n", "url": "https://a.example/"});
        webhook[field] = value;
        let refused = api.post("/v1/webhooks", webhook).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert!(refused.body.contains(place), "{place}: {refused:?}");
    }
}

#[tokio::test]
async fn a_preview_says_that_a_filter_needs_a_number() {
    let api = api().await;
    let webhook = json!({
        "url": "https://a.example/",
        "body": {"format": "json", "template": {"n": "{{duration | plus: 1}}"}},
    });
    let preview = json!({"webhook": webhook, "report": {"duration": "abc"}});
    let answer = api.post("/v1/webhooks/preview", preview).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:?}");
    assert!(answer.body.contains("the filter `plus` needs a number"), "{answer:?}");
    assert!(!answer.body.contains("abc"), "{answer:?}");
}

#[tokio::test]
async fn a_composed_webhook_is_read_as_it_was_written() {
    let api = api().await;
    let composed = json!({
        "name": "n", "url": "https://a.example/", "headers": {"X-B": "1", "X-A": "2", "X-C": "3"},
        "body": {"format": "json", "template": {"z": 123_456_789_012_345_678_901_234_567_890_u128, "a": [1.50, null]}},
    });
    let made = api.post("/v1/webhooks", composed.clone()).await.json();
    let read = api.get(&path_of(&made)).await;
    for part in ["headers", "body"] {
        assert_eq!(read.json()[part].to_string(), composed[part].to_string(), "order and digits");
    }
}

#[tokio::test]
async fn a_list_of_large_webhooks_is_split_by_size() {
    let api = api().await;
    let large = |i: usize| {
        json!({"name": format!("w{i}"), "url": "https://a.example/", "body":
            {"format": "json", "template": {"filler": "x".repeat(60_000)}}})
    };
    for i in 0..80 {
        assert_eq!(api.post("/v1/webhooks", large(i)).await.status, StatusCode::CREATED);
    }
    let mut seen = 0;
    let mut path = "/v1/webhooks?limit=100".to_owned();
    loop {
        let page = api.get(&path).await;
        assert!(page.body.len() < 5 << 20, "Lambda answers with 6 MB: {}", page.body.len());
        let page = page.json();
        seen += page["data"].as_array().unwrap().len();
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/webhooks?limit=100&cursor={cursor}");
    }
    assert_eq!(seen, 80);
}

#[tokio::test]
async fn a_preview_renders_saved_and_unsaved_settings() {
    let api = api().await;
    let path = path_of(&api.post("/v1/webhooks", composed()).await.json());
    let id = path.rsplit('/').next().unwrap();
    let report = json!({"id": "c/1", "to": 918_867_130_000_u64, "my_field": "\"x\""});
    let saved = json!({"webhook_id": id, "report": report});
    let preview = api.post("/v1/webhooks/preview", saved.clone()).await;
    assert_eq!(preview.status, StatusCode::OK, "{preview:?}");
    let mut shown = preview.json();
    let timestamp = shown["headers"]["webhook-timestamp"].take();
    assert!(timestamp.as_str().unwrap().parse::<u64>().is_ok(), "{timestamp}");
    insta::assert_snapshot!(shown.to_string());

    let mut changed = saved;
    changed["webhook"] = json!({"method": "GET", "body": null, "headers": null});
    let preview = api.post("/v1/webhooks/preview", changed).await.json();
    assert_eq!((&preview["method"], &preview["body"]), (&json!("GET"), &Value::Null));
    assert_eq!(preview["url"], "https://crm.example/calls/c%2F1?k=•••");

    let unsaved = json!({"webhook": {"url": "https://a.example/"}, "sample": "C2C"});
    let preview = api.post("/v1/webhooks/preview", unsaved).await.json();
    let body = preview["body"].as_str().unwrap();
    assert!(body.starts_with(r#"{"bridge":918068280000,"from":"#), "{body}");
    assert!(body.contains(r#""hangup_by":"caller","webhook_id":""#), "{body}");
}

#[tokio::test]
async fn a_preview_names_its_errors() {
    let api = api().await;
    let nowhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    let url = "https://a.example/";
    let problems = [
        json!({}),
        json!({"webhook": 7, "report": [], "colour": "red"}),
        json!({"webhook_id": nowhere}),
        json!({"webhook": {"url": "https://a.example/{{to | shell}}"}}),
        json!({"webhook": {"url": url}, "report": {"status": 7}}),
        json!({"webhook": {"url": url}, "sample": "SMS"}),
        json!({"webhook": {"url": url, "headers": {"X-A": "{{dtmf}}"}}, "report": {"dtmf": "a\nb"}}),
    ];
    let mut replies = Vec::new();
    for request in problems {
        replies.push(api.post("/v1/webhooks/preview", request).await.body);
    }
    insta::assert_snapshot!(replies.join("\n"));
}

#[tokio::test]
async fn a_trial_sends_immediately_and_returns_the_outcome() {
    let api = api().await;
    let path = format!("{}/test", path_of(&api.post("/v1/webhooks", composed()).await.json()));
    let sent = api.post(&path, json!({"report": {"id": 7, "to": 1, "my_field": "m"}})).await;
    assert_eq!(sent.status, StatusCode::OK, "{sent:?}");
    let attempt = sent.json();
    assert_eq!((&attempt["taken"], &attempt["status_code"]), (&json!(true), &json!(200)));
    let echo = attempt["response"]["text"].as_str().unwrap();
    assert!(echo.starts_with("PUT https://crm.example/calls/7?k=•••"), "{echo}");
    assert!(echo.contains(r#"{\"to\":\"1\",\"own\":\"m\"}"#), "{echo}");
    assert!(!sent.body.contains("hush"), "{sent:?}");

    for (url, accepted, what, meaning) in [
        ("status/200", true, "status_code", "200, which is among success_codes (200, 202)"),
        ("status/204", false, "status_code", "204, which is not among success_codes (200, 202)"),
        ("status/302", false, "status_code", "redirects are not followed"),
        ("hang", false, "error", "did not answer within 10 s, the limit of a trial"),
    ] {
        let settings = json!({"name": "n", "url": format!("https://a.example/{url}")});
        let path = path_of(&api.post("/v1/webhooks", settings).await.json());
        let attempt = api.post(&format!("{path}/test"), json!({})).await.json();
        assert_eq!(attempt["taken"], accepted, "{attempt}");
        assert!(attempt.get(what).is_some(), "{attempt}");
        assert!(attempt["meaning"].as_str().unwrap().contains(meaning), "{attempt}");
    }
    let reader = api.with_caller(scoped("acme", "webhooks:read"));
    assert_eq!(reader.post(&path, json!({})).await.status, StatusCode::FORBIDDEN);
    let other = api.with_caller(account("other"));
    assert_eq!(other.post(&path, json!({})).await.status, StatusCode::NOT_FOUND);
}
