//! `/v1/subscriptions`.

use http::StatusCode;
use serde_json::json;

use super::{api, path_of, webhook};

#[tokio::test]
async fn a_subscription_is_created_once_and_deleted() {
    let api = api().await;
    let id = webhook(&api, "CRM").await["id"].clone();
    let request = json!({"identity": "number:918068280000", "webhook_id": id});
    let made = api.post("/v1/subscriptions", request.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json()["event"], "voice:message:out");
    let path = made.header("location");
    assert_eq!(api.get(path).await.json(), made.json());
    let spaced = json!({"identity": "number:+91 80682 80000", "webhook_id": id});
    for same in [request, spaced] {
        let again = api.post("/v1/subscriptions", same).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{again:?}");
        assert_eq!(again.json()["existing_id"], made.json()["id"]);
        assert!(again.body.contains(path), "{again:?}");
    }
    let list = api.get("/v1/subscriptions").await.json();
    assert_eq!(list, json!({"data": [made.json()], "next_cursor": null}));

    assert_eq!(api.delete(path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api.delete(path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(api.get("/v1/subscriptions").await.json()["data"], json!([]));
}

#[tokio::test]
async fn deleting_a_webhook_deletes_its_subscriptions() {
    let api = api().await;
    let (gone, stays) = (webhook(&api, "gone").await, webhook(&api, "stays").await);
    for webhook in [&gone, &stays] {
        for identity in ["all", "flow:1"] {
            let request = json!({"identity": identity, "webhook_id": webhook["id"]});
            let made = api.post("/v1/subscriptions", request).await;
            assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        }
    }
    assert_eq!(api.delete(&path_of(&gone)).await.status, StatusCode::NO_CONTENT);
    let list = api.get("/v1/subscriptions").await.json();
    let left: Vec<_> = list["data"].as_array().unwrap().iter().map(|s| &s["webhook_id"]).collect();
    assert_eq!(left, [&stays["id"], &stays["id"]]);
}
