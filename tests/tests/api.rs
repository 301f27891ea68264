//! The API through the gateway.

use callhook::testing::NewWebhook;
use callhook_tests::api::Api;
use callhook_tests::cloud::{new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_webhook_is_created_read_changed_and_deleted() {
    let account = new_account().await;
    let settings = NewWebhook::new("https://crm.example/hook").with("name", "CRM Ü");
    let created = account.api.post("/v1/webhooks", &settings.json()).await;
    let mut webhook = created.expect(201);
    let secret = webhook.as_object_mut().unwrap().remove("secret").unwrap();
    assert!(secret.as_str().unwrap().starts_with("whsec_"), "{created:?}");
    assert_eq!(created.headers["etag"], "\"1\"");
    assert!(created.headers.contains_key("x-request-id"), "{created:?}");
    let path = created.headers["location"].to_str().unwrap();
    webhook["health"] = json!({"circuit": "closed", "consecutive_failures": 0});
    assert_eq!(account.api.get(path).await.expect(200), webhook);
    let found = account.api.get("/v1/webhooks?name=%C3%BC&limit=1").await.expect(200);
    assert_eq!(found["data"], json!([webhook]));

    let stale = account.api.and_header("if-match", "\"9\"");
    stale.patch(path, &json!({"name": "x"})).await.expect(412);
    let fresh = account.api.and_header("if-match", "\"1\"");
    let changed = fresh.put(path, &NewWebhook::new("https://b.example/").json()).await;
    assert_eq!(changed.expect(200)["version"], 2);
    account.api.delete(path).await.expect(204);
    account.api.get(path).await.expect(404);
}

#[tokio::test]
async fn a_key_reads_its_own_settings() {
    let account = new_account().await;
    let webhook = account.webhook("https://a.example/").await;
    let path = format!("/v1/accounts/{}", account.id);
    let shown = platform().get(&path).await.expect(200);
    let own = account.api.get("/v1/key").await.expect(200);
    assert_eq!((&own["name"], &own["account"]), (&json!("test"), &shown));

    let links = format!("{path}/console-links");
    for request in [json!({}), json!({"webhook_id": webhook})] {
        let link = platform().post(&links, &request).await.expect(201);
        let api = Api::new(&setting("CALLHOOK_URL"), link["key"].as_str().unwrap());
        let key = api.get("/v1/key").await.expect(200);
        for field in ["id", "prefix", "name", "kind", "scopes", "created_at", "expires_at"] {
            assert_eq!(key[field], link[field], "{field}");
        }
        assert_eq!(key.get("webhook_id"), request.get("webhook_id"));
        let is_limited = request.get("webhook_id").is_some();
        assert_eq!(key["account"].get("quotas").is_none(), is_limited, "{key}");
        assert_eq!(key["account"]["id"], account.id);
    }

    let alone = platform().get("/v1/key").await.expect(200);
    assert_eq!(alone["account"], Value::Null, "{alone}");
    let acting = platform().and_header("x-account-id", &account.id);
    assert_eq!(acting.get("/v1/key").await.expect(200)["account"], shown);
}

#[tokio::test]
async fn lists_are_paged_through_the_gateway() {
    let account = new_account().await;
    for i in 0..5 {
        account.webhook(&format!("https://a.example/{i}")).await;
    }
    let mut urls = Vec::new();
    let mut path = "/v1/webhooks?limit=2".to_owned();
    loop {
        let page = account.api.get(&path).await.expect(200);
        let data = page["data"].as_array().unwrap();
        urls.extend(data.iter().map(|webhook| webhook["url"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/webhooks?limit=2&cursor={cursor}");
    }
    let expected: Vec<_> = (0..5).rev().map(|i| format!("https://a.example/{i}")).collect();
    assert_eq!(urls, expected);
}

#[tokio::test]
async fn invalid_reports_get_precise_problems() {
    let account = new_account().await;
    let too_large = json!({"filler": "x".repeat(64 * 1024)}).to_string();
    let too_many = Value::from(vec![json!({}); 1_001]).to_string();
    for (body, status, slug, detail) in [
        ("{\"a\": 1,}", 400, "malformed-json", "line 1 column 9"),
        ("{\"status\": 7}", 422, "invalid-fields", "`status` must be a string, not a number"),
        (
            "{\"data\": []}",
            422,
            "invalid-fields",
            "did you mean to send the list in `data` itself?",
        ),
        ("[]", 400, "invalid-request", "The array holds 0 reports"),
        (&*too_many, 400, "invalid-request", "The array holds 1001 reports"),
        (&*too_large, 413, "too-large", "at most 65536 are accepted"),
        (
            "{\"id\": 1, \"webhook_id\": \"01890a5d-ac96-774b-bcce-b302099a8057\"}",
            422,
            "invalid-fields",
            "names no webhook of this account",
        ),
    ] {
        let reply = account.api.send(Method::POST, "/v1/reports", body.to_owned()).await;
        let problem = reply.expect(status);
        assert_eq!(problem["type"], format!("urn:callhook:problem:{slug}"));
        assert!(problem["detail"].as_str().unwrap().contains(detail), "{problem}");
        assert_eq!(reply.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn an_idempotency_key_gives_the_same_id() {
    let account = new_account().await;
    let api = account.api.and_header("idempotency-key", &unique_id());
    let time = "2021-04-09 16:27:55";
    let first = api.post("/v1/reports", &json!({"end_at": time, "status": "BUSY"})).await;
    let again = api.post("/v1/reports", &json!({"end_at": time, "status": "ANSWER"})).await;
    assert_eq!(first.expect(202), again.expect(202));
}

/// The gateway sends these requests to a function. Handler tests check its answers.
#[tokio::test]
async fn unknown_paths_and_methods_get_problems() {
    let account = new_account().await;
    for (method, path, status, allow) in [
        (Method::DELETE, "/v1/webhooks", 405, "GET, POST"),
        (Method::PUT, "/v1/reports", 405, "GET, POST"),
        (Method::POST, "/healthz", 405, "GET"),
        (Method::GET, "/v1/nothing", 404, ""),
        (Method::POST, "/", 404, ""),
        (Method::GET, "/v1/webhooks/", 404, ""),
    ] {
        for api in [&account.api, &account.api.with_headers(&[])] {
            let reply = api.send(method.clone(), path, String::new()).await;
            let problem = reply.expect(status);
            assert_eq!(problem["status"], status, "{method} {path}: {reply:?}");
            assert_eq!(reply.headers["content-type"], "application/problem+json");
            assert!(reply.headers.contains_key("x-request-id"), "{reply:?}");
            let allowed = reply.headers.get("allow").map_or("", |allow| allow.to_str().unwrap());
            assert_eq!(allowed, allow, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_by_every_function() {
    let account = new_account().await;
    for (method, path) in [
        (Method::GET, "/v1/webhooks?number=91"),
        (Method::GET, "/v1/reports/01890a5d-ac96-774b-bcce-b302099a8057?include=attempts"),
        (Method::POST, "/v1/reports?access_token=x"),
    ] {
        let reply = account.api.send(method, path, "{}".to_owned()).await;
        let problem = reply.expect(400);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("is not a parameter of this route, which accepts"), "{detail}");
    }
}

#[tokio::test]
async fn a_subscription_matches_a_number_however_it_is_written() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let request = json!({"identity": "number:+91 80682-80000", "webhook_id": webhook});
    let created = account.api.post("/v1/subscriptions", &request).await.expect(201);
    assert_eq!(created["identity"], "number:918068280000");
    let same = json!({"identity": "number:00918068280000", "webhook_id": webhook});
    let conflict = account.api.post("/v1/subscriptions", &same).await.expect(409);
    assert_eq!(conflict["existing_id"], created["id"]);
    for bridge in ["918068280000.0", "\"+918068280000\"", "918068280000"] {
        let report = format!("{{\"id\": \"{}\", \"bridge\": {bridge}}}", unique_id());
        account.api.send(Method::POST, "/v1/reports", report).await.expect(202);
    }
    receiver.wait_for(3, SOON).await;
}
