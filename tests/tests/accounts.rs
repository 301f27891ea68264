//! Isolation of accounts, and keys.

use callhook::testing::NewWebhook;
use callhook_tests::cloud::{new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use serde_json::json;

#[tokio::test]
async fn accounts_are_isolated() {
    let (one, two) = (new_account().await, new_account().await);
    let receiver = Receiver::start().await;
    let of_one = one.webhook(&receiver.url("/one")).await;
    let of_two = two.webhook(&receiver.url("/two")).await;
    for (account, webhook) in [(&one, &of_one), (&two, &of_two)] {
        let request = json!({"webhook_id": webhook});
        account.api.post("/v1/subscriptions", &request).await.expect(201);
    }
    let path = format!("/v1/webhooks/{of_one}");
    two.api.get(&path).await.expect(404);
    two.api.patch(&path, &json!({"name": "changed"})).await.expect(404);
    two.api.delete(&path).await.expect(404);
    let list = two.api.get("/v1/webhooks").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "{list}");
    two.api.post("/v1/reports", &json!({"id": 1, "webhook_id": of_one})).await.expect(422);
    two.api.post("/v1/subscriptions", &json!({"webhook_id": of_one})).await.expect(422);
    two.api.get("/v1/accounts").await.expect(403);
    let for_one = two.api.and_header("x-account-id", &one.id);
    for_one.get("/v1/webhooks").await.expect(403);

    let report = json!({"id": unique_id(), "source": "OBD"});
    let (id_one, id_two) = (one.report(&report).await, two.report(&report).await);
    assert_ne!(id_one, id_two, "ids of reports differ between accounts");
    let received = receiver.wait_for(2, SOON).await;
    let mut got: Vec<_> =
        received.iter().map(|r| (r.path.clone(), r.header("webhook-id").to_owned())).collect();
    got.sort_unstable();
    assert_eq!(got, [("/one".to_owned(), id_one), ("/two".to_owned(), id_two)]);
}

#[tokio::test]
async fn the_platform_acts_for_an_account() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let acting = platform().and_header("x-account-id", &account.id);
    let webhook = NewWebhook::new(&receiver.url("/")).json();
    let created = acting.post("/v1/webhooks", &webhook).await.expect(201);
    account.api.get(&format!("/v1/webhooks/{}", created["id"].as_str().unwrap())).await.expect(200);
    acting.post("/v1/reports", &json!({"id": 1, "webhook_id": created["id"]})).await.expect(202);
    receiver.wait_for(1, SOON).await;

    platform().get("/v1/webhooks").await.expect(400);
    let unknown = platform().and_header("x-account-id", "unknown");
    unknown.get("/v1/webhooks").await.expect(404);
    unknown.post("/v1/reports", &json!({"id": 1})).await.expect(404);
}

#[tokio::test]
async fn requests_without_a_valid_key_are_refused() {
    let account = new_account().await;
    let keys = format!("/v1/accounts/{}/keys", account.id);
    let revoked = platform().post(&keys, &json!({"name": "revoked"})).await.expect(201);
    let revocation = format!("{keys}/{}", revoked["id"].as_str().unwrap());
    platform().delete(&revocation).await.expect(204);
    let unknown = format!("chk_0123456789ab_{}", "A".repeat(43));
    let own = setting("CALLHOOK_PLATFORM_KEY");
    let bearer = |key: &str| format!("Bearer {key}");
    for (headers, status) in [
        (vec![], 401),
        (vec![bearer("nonsense")], 403),
        (vec![bearer(&unknown)], 403),
        (vec![bearer(revoked["key"].as_str().unwrap())], 403),
        (vec![own.clone()], 403),
        (vec![bearer(&own[..own.len() - 1])], 403),
    ] {
        let headers: Vec<_> = headers.iter().map(|h| ("authorization", h.as_str())).collect();
        let api = account.api.with_headers(&headers);
        for path in ["/v1/webhooks", "/v1/subscriptions", "/v1/accounts", "/v1/platform-keys"] {
            assert_eq!(api.get(path).await.status, status, "{path} {headers:?}");
        }
        let report = api.post("/v1/reports", &json!({})).await;
        assert_eq!(report.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn a_key_is_refused_outside_its_scopes() {
    let account = new_account().await;
    let keys = format!("/v1/accounts/{}/keys", account.id);
    let request = json!({"name": "engine", "scopes": ["reports:write"]});
    let engine = platform().post(&keys, &request).await.expect(201);
    let header = format!("Bearer {}", engine["key"].as_str().unwrap());
    let api = account.api.with_headers(&[("authorization", &header)]);
    api.post("/v1/reports", &json!({"id": unique_id()})).await.expect(202);
    api.get("/v1/webhooks").await.expect(403);
    let webhook = NewWebhook::new("https://a.example/").json();
    api.post("/v1/webhooks", &webhook).await.expect(403);
}
