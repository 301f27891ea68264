//! The evidence of requests in deliveries.

use callhook::domain::compose::Method;
use callhook::domain::compose::SentRequest;
use callhook::domain::delivery::{
    Attempt, DeliveryUpdate, Evidence, HttpVersion, NoResponse, ResponseHeaders,
};
use callhook::testing::log::attempt;
use http::HeaderMap;
use http::header::{SERVER, SET_COOKIE};
use serde_json::Value;

use super::*;

fn evidence() -> Evidence {
    let headers = [(SERVER, "nginx"), (SET_COOKIE, "sid=1")];
    let headers = headers.map(|(name, value)| (name, value.parse().unwrap()));
    let url = "https://crm.example/hook?key=•••&to=918867130000".into();
    Evidence {
        sent_at: "2021-04-09T16:27:55.959Z".parse().unwrap(),
        address: Some(([203, 0, 113, 7], 443).into()),
        http: HttpVersion::Http11,
        received: 13,
        request: Some(SentRequest { method: Method::Post, url }),
        headers: Some(ResponseHeaders::of(&HeaderMap::from_iter(headers))),
    }
}

/// Logs a delivery with one attempt and returns its path.
async fn logged(world: &World, n: u16, made: Attempt, state: DeliveryState) -> String {
    let key = key(world.webhook().await, report_id(CALL_END, n));
    let update = DeliveryUpdate { attempt: Some(made), ..update("acme", key, state) };
    write(&world.tables.deliveries(), update).await;
    format!("/v1/deliveries/{key}")
}

#[tokio::test]
async fn an_attempt_shows_its_evidence() {
    let world = World::start().await;
    let answered = Attempt { evidence: Some(evidence()), ..attempt(Ok(500), b"<h1>Oops</h1>") };
    let times = json!({
        "at": "2021-04-09T16:27:56Z", "number": 1, "trigger": "automatic", "latency_ms": 41,
        "sent_at": "2021-04-09T16:27:55.959Z", "ended_at": "2021-04-09T16:27:56Z",
    });
    let with = |more: Value| {
        let mut attempt = times.clone();
        attempt.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attempt
    };
    let request =
        json!({"method": "POST", "url": "https://crm.example/hook?key=•••&to=918867130000"});
    let failed_at = logged(&world, 1, answered, failed()).await;
    let shown = world.api.get(&failed_at).await.json();
    let expected = with(json!({
        "status_code": 500, "request": request, "address": "203.0.113.7:443", "http_version": "1.1",
        "response_bytes": 13, "response_headers": {"server": "nginx", "set-cookie": "•••"},
        "response": {"text": "<h1>Oops</h1>"},
    }));
    assert_eq!(shown["attempts"], json!([expected]));

    let success = Evidence { received: 0, request: None, headers: None, ..evidence() };
    let accepted = Attempt { evidence: Some(success), ..attempt(Ok(200), b"") };
    let accepted_path = logged(&world, 2, accepted, DeliveryState::Delivered).await;
    let shown = world.api.get(&accepted_path).await.json();
    let expected = with(json!({
        "status_code": 200, "address": "203.0.113.7:443", "http_version": "1.1", "response_bytes": 0,
        "omitted": ["request", "response_headers"],
    }));
    assert_eq!(shown["attempts"], json!([expected]));

    let silent = Evidence { received: 0, address: None, headers: None, ..evidence() };
    let silent = Attempt { evidence: Some(silent), ..attempt(Err(NoResponse::Refused), b"") };
    let shown = world.api.get(&logged(&world, 3, silent, failed()).await).await.json();
    let mut made = shown["attempts"][0].clone();
    assert!(made.as_object_mut().unwrap().remove("error").is_some());
    assert_eq!(made, with(json!({"request": request})));
}

#[tokio::test]
async fn lists_show_no_requests_and_no_responses() {
    let world = World::start().await;
    let made = Attempt { evidence: Some(evidence()), ..attempt(Ok(500), b"no") };
    let path = logged(&world, 1, made, failed()).await;
    let report = path.split_once('.').unwrap().1;
    let listed = world.api.get(&format!("/v1/reports/{report}")).await.json();
    let last = &listed["deliveries"][0]["last_attempt"];
    assert_eq!(
        (&last["sent_at"], &last["address"]),
        (&json!("2021-04-09T16:27:55.959Z"), &json!("203.0.113.7:443"))
    );
    for name in ["request", "response", "response_headers", "omitted", "omitted_headers"] {
        assert_eq!(last.get(name), None, "{name}");
    }
}

#[tokio::test]
async fn the_path_of_a_url_needs_the_scope_to_read_webhooks() {
    let world = World::start().await;
    let made = Attempt { evidence: Some(evidence()), ..attempt(Ok(500), b"no") };
    let path = logged(&world, 1, made, failed()).await;
    for (scopes, url) in [
        ("deliveries:read webhooks:read", "https://crm.example/hook?key=•••&to=918867130000"),
        ("deliveries:read", "https://crm.example/•••"),
        ("deliveries:read webhooks:write", "https://crm.example/•••"),
    ] {
        let shown = world.api.with_caller(scoped("acme", scopes)).get(&path).await.json();
        assert_eq!(
            shown["attempts"][0]["request"],
            json!({"method": "POST", "url": url}),
            "{scopes}"
        );
    }
}
