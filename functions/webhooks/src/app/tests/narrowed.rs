//! Keys that are limited to one webhook.

use callhook::testing::api::narrowed;

use super::trials::listening;
use super::*;

/// The function as called with a key that is limited to `webhook`.
fn limited_to(api: &Api, webhook: &Value) -> Api {
    let id = webhook["id"].as_str().unwrap();
    api.with_caller(narrowed("acme", id, "webhooks:read webhooks:write reports:write"))
}

#[tokio::test]
async fn a_narrowed_key_lists_its_webhook_only() {
    let api = api().await;
    webhook(&api, "older").await;
    let own = webhook(&api, "Own").await;
    webhook(&api, "newer").await;
    let of_one = limited_to(&api, &own);
    let none = json!({"data": [], "next_cursor": null});
    let only = json!({"data": [own], "next_cursor": null});
    for (query, expected) in [
        ("", &only),
        ("?limit=1", &only),
        ("?name=oWn", &only),
        ("?name=new", &none),
        ("?name=older", &none),
    ] {
        let list = of_one.get(&format!("/v1/webhooks{query}")).await;
        assert_eq!(list.json(), *expected, "{query}");
    }
    api.delete(&path_of(&own)).await;
    assert_eq!(of_one.get("/v1/webhooks").await.json(), none);
}

#[tokio::test]
async fn a_narrowed_key_reads_and_changes_its_webhook_only() {
    let (api, client) = listening().await;
    let (own, other) = (webhook(&api, "own").await, webhook(&api, "other").await);
    let of_one = limited_to(&api, &own);
    let unknown = json!({"id": "01890a5d-ac96-774b-bcce-b302099a8057"});
    let settings = json!({"name": "own", "url": "https://a.example/"});
    for (webhook, is_own) in [(&other, false), (&unknown, false), (&own, true)] {
        let path = path_of(webhook);
        let preview = json!({"webhook_id": webhook["id"], "sample": "OBD"});
        for reply in [
            of_one.get(&path).await,
            of_one.patch(&path, json!({"name": "own"})).await,
            of_one.put(&path, settings.clone()).await,
            of_one.post(&format!("{path}/rotate-secret"), json!({})).await,
            of_one.post(&format!("{path}/test"), json!({"sample": "OBD"})).await,
            of_one.post("/v1/webhooks/preview", preview).await,
            of_one.delete(&path).await,
        ] {
            let is_done = reply.status.is_success();
            assert_eq!(is_done, is_own, "{path}: {reply:?}");
            if !is_own {
                let none = json!(reply.json()["detail"]);
                assert_eq!(
                    (reply.status.as_u16(), none),
                    (404, json!("There is no such webhook in this account."))
                );
            }
        }
    }
    assert_eq!(client.0.lock().unwrap().len(), 1, "the trial of its own");
    assert_eq!(api.get("/v1/webhooks").await.json()["data"], json!([other]));
}

#[tokio::test]
async fn a_narrowed_key_creates_no_webhook_and_no_subscription() {
    let api = api().await;
    let own = webhook(&api, "own").await;
    let of_one = limited_to(&api, &own);
    let new = json!({"name": "new", "url": "https://a.example/"});
    let subscription = json!({"identity": "all", "webhook_id": own["id"]});
    for (path, body) in [("/v1/webhooks", new), ("/v1/subscriptions", subscription)] {
        let refused = of_one.post(path, body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {refused:?}");
        assert!(refused.body.contains("limited to one webhook"), "{refused:?}");
    }
    let unsaved = json!({"webhook": {"url": "https://a.example/?to={{to}}"}, "sample": "OBD"});
    let rendered = of_one.post("/v1/webhooks/preview", unsaved).await;
    assert_eq!(rendered.status, StatusCode::OK, "it shows nothing of the account: {rendered:?}");
}

#[tokio::test]
async fn a_narrowed_key_reads_and_deletes_its_subscriptions() {
    let api = api().await;
    let (own, other) = (webhook(&api, "own").await, webhook(&api, "other").await);
    let of_one = limited_to(&api, &own);
    let mut made = Vec::new();
    for (webhook, identity) in
        [(&own, "flow:1"), (&other, "flow:1"), (&own, "flow:2"), (&other, "all")]
    {
        let request = json!({"identity": identity, "webhook_id": webhook["id"]});
        made.push(api.post("/v1/subscriptions", request).await.json());
    }
    let path = |n: usize| format!("/v1/subscriptions/{}", made[n]["id"].as_str().unwrap());
    let first = of_one.get("/v1/subscriptions?limit=1").await.json();
    assert_eq!(first["data"], json!([made[2]]));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = of_one.get(&format!("/v1/subscriptions?limit=1&cursor={cursor}")).await.json();
    assert_eq!(second, json!({"data": [made[0]], "next_cursor": null}));
    for (n, is_own) in [(0, true), (1, false), (3, false)] {
        let (read, deleted) = (of_one.get(&path(n)).await, of_one.delete(&path(n)).await);
        let statuses = (read.status.as_u16(), deleted.status.as_u16());
        assert_eq!(statuses, if is_own { (200, 204) } else { (404, 404) }, "{n}");
    }
    let left = api.get("/v1/subscriptions").await.json();
    assert_eq!(left["data"], json!([made[3], made[2], made[1]]));
}
