//! Signing secrets: shown once, rotated, unchanged by other updates.

use callhook::domain::signing::{SigningSecret, SigningSecrets};
use callhook::testing::api::{Api, Reply, account, scoped};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{api, path_of};

const OWN: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn settings() -> Value {
    json!({"name": "CRM", "url": "https://crm.example/hook"})
}

async fn made(api: &Api, more: Value) -> (String, Value) {
    let mut settings = settings();
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = api.post("/v1/webhooks", settings).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    (path_of(&made.json()), made.json())
}

async fn rotate(api: &Api, path: &str, request: Value) -> Reply {
    api.post(&format!("{path}/rotate-secret"), request).await
}

fn secret(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()["secret"].as_str().unwrap().to_owned()
}

/// Those of `secrets` that sign a trial request.
async fn signing<'s>(api: &Api, path: &str, secrets: &[&'s str]) -> Vec<&'s str> {
    let sent = api.post(&format!("{path}/test"), json!({})).await.json();
    let echo = sent["response"]["text"].as_str().unwrap();
    let header = |name: &str| {
        let (_, rest) = echo.split_once(&format!("\"{name}\": \"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (_, body) = echo.rsplit_once("Some(").unwrap();
    let body: String = serde_json::from_str(body.strip_suffix(')').unwrap()).unwrap();
    let sent_at = Timestamp::from_second(header("webhook-timestamp").parse().unwrap()).unwrap();
    let signatures = header("webhook-signature");
    let signs = |secret: &&&str| {
        let secret = SigningSecret::parse(secret).unwrap();
        let expected = SigningSecrets::new(secret, sent_at);
        let expected = expected.sign(&header("webhook-id"), sent_at, body.as_bytes());
        signatures.split(' ').any(|signature| signature == expected)
    };
    secrets.iter().filter(signs).copied().collect()
}

#[tokio::test]
async fn a_secret_is_shown_when_it_is_set_and_never_read() {
    let api = api().await;
    let (path, webhook) = made(&api, json!({"secret": OWN, "bearer_secret": "hush"})).await;
    assert_eq!(webhook["secret"], OWN);
    let patch = json!({"description": "d", "mask": ["to"]});
    let mut replies = vec![
        api.get(&path).await,
        api.get("/v1/webhooks").await,
        api.patch(&path, patch).await,
        api.put(&path, webhook).await,
        api.post(&format!("{path}/test"), json!({})).await,
        api.post("/v1/webhooks/preview", json!({"webhook_id": &path["/v1/webhooks/".len()..]}))
            .await,
    ];
    let rotated = rotate(&api, &path, json!({"secret": OTHER})).await;
    assert_eq!(secret(&rotated), OTHER);
    assert!(!rotated.body.contains(OWN) && !rotated.body.contains("hush"), "{rotated:?}");
    replies.push(api.get(&path).await);
    for reply in replies {
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        for hidden in ["whsec_", &OWN[6..], &OTHER[6..], "hush"] {
            assert!(!reply.body.contains(hidden), "{reply:?}");
        }
    }
}

#[tokio::test]
async fn no_change_of_a_webhook_changes_its_secret() {
    let api = api().await;
    let (path, _) = made(&api, json!({"secret": OWN, "bearer_secret": "hush"})).await;
    api.put(&path, settings()).await;
    api.patch(&path, json!({"status": "inactive"})).await;
    assert_eq!(signing(&api, &path, &[OWN]).await, [OWN]);
    assert!(api.get(&path).await.json()["bearer_secret"]["set_at"].is_string());
    for refused in [
        api.patch(&path, json!({"secret": OTHER})).await,
        api.patch(&path, json!({"secret": null})).await,
    ] {
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    }
    assert_eq!(signing(&api, &path, &[OWN]).await, [OWN]);
}

#[tokio::test]
async fn a_rotation_returns_the_new_secret_and_the_end_of_the_old_one() {
    let api = api().await;
    let (path, webhook) = made(&api, json!({"secret": OWN})).await;
    let first = webhook["signing"].clone();
    // As `curl -X POST` does, without a body.
    let reply = api.send_text("POST", &format!("{path}/rotate-secret"), "").await;
    let new = secret(&reply);
    assert_eq!(reply.header("etag"), "\"2\"");
    assert_eq!(signing(&api, &path, &[OWN, &new]).await, [OWN, &new]);
    let shown = reply.json();
    let time = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    let (set_at, until) =
        (time(&shown["signing"]["set_at"]), time(&shown["signing"]["earlier"][0]["until"]));
    assert!(set_at > time(&first["set_at"]), "{shown}");
    assert_eq!(until.duration_since(set_at), jiff::SignedDuration::from_hours(24));
    assert_eq!(api.get(&path).await.json(), super::as_read(shown));

    let mut shown =
        rotate(&api, &path, json!({"secret": OTHER, "overlap_seconds": 0})).await.json();
    assert_eq!(signing(&api, &path, &[OWN, &new, OTHER]).await, [OTHER]);
    for set_by_server in ["id", "created_at", "updated_at"] {
        assert!(shown[set_by_server].take().is_string());
    }
    assert!(shown["signing"]["set_at"].take().is_string());
    insta::assert_snapshot!(shown.to_string());
}

#[tokio::test]
async fn five_secrets_sign_at_a_time() {
    let api = api().await;
    let (path, _) = made(&api, json!({"secret": OWN})).await;
    for _ in 0..4 {
        secret(&rotate(&api, &path, json!({"overlap_seconds": 600})).await);
    }
    let refused = rotate(&api, &path, json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let problem = refused.json();
    assert_eq!(problem["type"], "urn:callhook:problem:conflict");
    let read = api.get(&path).await.json();
    let first_end = read["signing"]["earlier"][3]["until"].as_str().unwrap();
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(first_end) && detail.contains("`overlap_seconds` 0"), "{detail}");
    assert_eq!(read["version"], 5);
    secret(&rotate(&api, &path, json!({"overlap_seconds": 0})).await);
    assert_eq!(api.get(&path).await.json()["signing"]["earlier"], json!([]));
}

#[tokio::test]
async fn a_repeated_rotation_changes_nothing_whatever_if_match_says() {
    let api = api().await;
    let (path, _) = made(&api, json!({})).await;
    let fresh = api.with_header("If-Match", "\"1\"");
    let request = json!({"secret": OWN, "overlap_seconds": 600});
    let first = rotate(&fresh, &path, request.clone()).await;
    assert_eq!(secret(&first), OWN);
    // The client repeats the request because the response was lost.
    let again = rotate(&fresh, &path, request).await;
    assert_eq!(again.json(), first.json());
    assert_eq!(again.header("etag"), "\"2\"");
    let stale = rotate(&fresh, &path, json!({"secret": OTHER})).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(signing(&api, &path, &[OWN, OTHER]).await, [OWN]);
}

#[tokio::test]
async fn every_secret_of_concurrent_rotations_signs() {
    let api = api().await;
    let (path, _) = made(&api, json!({"secret": OWN})).await;
    let (one, other, patched) = tokio::join!(
        rotate(&api, &path, json!({})),
        rotate(&api, &path, json!({})),
        api.patch(&path, json!({"description": "d"})),
    );
    assert_eq!(patched.status, StatusCode::OK);
    let (one, other) = (secret(&one), secret(&other));
    let all = [OWN, &one, &other];
    assert_eq!(signing(&api, &path, &all).await, all);
    let read = api.get(&path).await.json();
    assert_eq!((&read["version"], &read["description"]), (&json!(4), &json!("d")));
}

#[tokio::test]
async fn wrong_secrets_and_rotations_are_refused() {
    let api = api().await;
    let (path, _) = made(&api, json!({})).await;
    let mut short = settings();
    short["secret"] = json!("whsec_aHVzaC1odXNo");
    let mut both = settings();
    both["bearer_secret"] = json!("hush hush");
    both["headers"] = json!({"authorization": "Bearer x"});
    both["mask"] = json!(["status"]);
    let mut twice = settings();
    twice["bearer_secret"] = json!("hush");
    twice["headers"] = json!({"Authorization": "Bearer x", "Webhook-Signature": "v1,x"});
    let problems = [
        api.post("/v1/webhooks", short).await,
        api.post("/v1/webhooks", both).await,
        api.post("/v1/webhooks", twice.clone()).await,
        {
            twice["headers"] = json!({"Authorization": "Bearer x"});
            api.post("/v1/webhooks", twice).await
        },
        rotate(&api, &path, json!({"secret": "hush", "overlap_seconds": 604_801, "overlap": 1}))
            .await,
        api.send_text("POST", &format!("{path}/rotate-secret"), "[]").await,
        rotate(&api, "/v1/webhooks/nonsense", json!({})).await,
    ];
    let problems: Vec<_> = problems.iter().map(|reply| reply.body.as_str()).collect();
    assert!(!problems.concat().contains("hush"), "{problems:?}");
    insta::assert_snapshot!(problems.join("\n"));
}

#[tokio::test]
async fn a_rotation_needs_the_account_and_the_scope() {
    let api = api().await;
    let (path, _) = made(&api, json!({"secret": OWN})).await;
    let other = api.with_caller(account("other"));
    assert_eq!(rotate(&other, &path, json!({})).await.status, StatusCode::NOT_FOUND);
    let reader = api.with_caller(scoped("acme", "webhooks:read"));
    assert_eq!(rotate(&reader, &path, json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(signing(&api, &path, &[OWN]).await, [OWN]);
}

#[tokio::test]
async fn masked_numbers_are_masked_in_previews_and_trials() {
    let api = api().await;
    let (path, webhook) = made(&api, json!({"mask": ["from", "to"]})).await;
    let trial = api.post(&format!("{path}/test"), json!({})).await;
    assert!(
        trial.body.contains("XXXXXXXX0000") && !trial.body.contains("918919520000"),
        "{trial:?}"
    );
    let preview = |webhook: Value| api.post("/v1/webhooks/preview", webhook);
    let saved = preview(json!({"webhook_id": webhook["id"]})).await.json();
    let body = saved["body"].as_str().unwrap();
    assert!(body.starts_with(r#"{"bridge":918068280000,"from":"XXXXXXXX0000","to":"#), "{body}");
    let changed = json!({"webhook_id": webhook["id"], "webhook": {"mask": ["bridge"]}});
    let body = preview(changed).await.json()["body"].as_str().unwrap().to_owned();
    assert!(body.starts_with(r#"{"bridge":"XXXXXXXX0000","from":918919520000,"to":"#), "{body}");
    let composed = json!({"webhook": {"url": "https://a.example/{{from}}", "mask": ["from"]}});
    assert_eq!(preview(composed).await.json()["url"], "https://a.example/XXXXXXXX0000");
    let none = api.patch(&path, json!({"mask": null})).await.json();
    assert_eq!(none.get("mask"), None);
}
