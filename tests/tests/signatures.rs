//! Signatures of captured requests, verified with the public packages and the code of `docs/verifying.md`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "the helpers of a test fail it, and it prints what was verified"
)]

use std::time::Duration;

use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, new_account, unique_id};
use callhook_tests::receiver::{Received, Receiver};
use callhook_tests::verify::{Signed, Verifier};
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};

/// How long the former secret still signs. Long enough to be observed on a busy machine.
const OVERLAP: Duration = Duration::from_secs(15);

/// Webhooks of every body format, and their secrets.
struct Webhooks {
    account: Account,
    receiver: Receiver,
    /// The id, the path, and the secrets, oldest first.
    all: Vec<(String, &'static str, Vec<String>)>,
}

impl Webhooks {
    async fn new() -> Self {
        let (account, receiver) = (new_account().await, Receiver::start().await);
        let template = json!({"to": "{{to}}", "note": "ü & \"{{variables.note}}\""});
        let mut all = Vec::new();
        for (path, more) in [
            ("/default", json!({})),
            ("/get", json!({"method": "GET", "url": receiver.url("/get?to={{to}}")})),
            ("/json", json!({"method": "PUT", "body": {"format": "json", "template": template}})),
            ("/form", json!({"body": {"format": "form", "template": template}})),
            ("/multipart", json!({"body": {"format": "multipart", "template": template}})),
        ] {
            let webhook = NewWebhook::new(&receiver.url(path)).with_all(&more).json();
            let created = account.api.post("/v1/webhooks", &webhook).await.expect(201);
            all.push((text(&created["id"]), path, vec![text(&created["secret"])]));
        }
        Self { account, receiver, all }
    }

    /// Sends one report to all webhooks; returns the requests in the order of the webhooks.
    async fn send(&self) -> Vec<Received> {
        let ids: Vec<_> = self.all.iter().map(|(id, ..)| id).collect();
        let report = json!({
            "id": unique_id(), "webhook_ids": ids, "source": "OBD", "to": 918_867_130_000_u64,
            "variables": {"note": "a=b&c\r\n--d"},
        });
        let report = self.account.report(&report).await;
        let mut requests = until(SOON, "request to each webhook", async || {
            let mut requests = self.receiver.received();
            requests.retain(|request| request.header("webhook-id") == report);
            (requests.len() == self.all.len()).then_some(requests)
        })
        .await;
        let path = |request: &Received| request.path.split('?').next().unwrap().to_owned();
        let position =
            |request: &Received| self.all.iter().position(|(_, at, _)| path(request) == *at);
        requests.sort_by_key(position);
        requests
    }

    async fn rotate(&mut self) {
        let request = json!({"overlap_seconds": OVERLAP.as_secs()});
        for (id, _, secrets) in &mut self.all {
            let path = format!("/v1/webhooks/{id}/rotate-secret");
            let rotated = self.account.api.post(&path, &request).await.expect(200);
            secrets.push(text(&rotated["secret"]));
        }
    }

    /// Sends reports until each request has `count` signatures; returns these requests.
    async fn send_until_signed(&self, count: usize) -> Vec<Received> {
        let what = format!("{count} signatures in each request");
        until(SOON, &what, async || {
            let requests = self.send().await;
            requests.iter().all(|request| signatures(request) == count).then_some(requests)
        })
        .await
    }

    /// The requests with the `nth` secret of each webhook.
    fn with(&self, nth: usize, requests: &[Received]) -> Vec<Signed> {
        let secrets = self.all.iter().map(|(_, _, secrets)| &secrets[nth]);
        secrets.zip(requests).map(|(secret, request)| Signed::new(secret, request)).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn signatures(request: &Received) -> usize {
    request.header("webhook-signature").split(' ').count()
}

#[track_caller]
fn assert_verdicts(is_valid: bool, requests: &[Signed], when: &str) {
    for verifier in Verifier::ALL.iter().copied() {
        let verdicts = verifier.accepts(requests);
        assert_eq!(verdicts, vec![is_valid; requests.len()], "{verifier:?} {when}: {requests:?}");
        let verdict = if is_valid { "verified" } else { "refused" };
        println!("{verdict} by {verifier:?} {when}: {} requests", requests.len());
    }
}

#[tokio::test]
async fn requests_verify_before_during_and_after_a_rotation() {
    let mut webhooks = Webhooks::new().await;
    let before = webhooks.send_until_signed(1).await;
    let bodies: Vec<_> = before.iter().map(|request| request.body.is_empty()).collect();
    assert_eq!(bodies, [false, true, false, false, false], "only GET has no body");
    let good = webhooks.with(0, &before);
    assert_verdicts(true, &good, "before");
    let flipped: Vec<_> = good.iter().flat_map(Signed::flipped).collect();
    assert_eq!(flipped.len(), 4 * 5 - 1);
    assert_verdicts(false, &flipped, "with a flipped bit");
    let url = |path: &str| [before[1].method.clone(), webhooks.receiver.url(path)];
    let of_url = |path: &str| Signed { line: Some(url(path)), ..good[1].clone() };
    for verifier in [Verifier::DocumentedPython, Verifier::DocumentedJavaScript] {
        let verdicts = verifier.accepts(&[of_url(&before[1].path), of_url("/get?to=918867130001")]);
        assert_eq!(verdicts, [true, false], "{verifier:?} of {}", before[1].path);
    }

    webhooks.rotate().await;
    let during = webhooks.send_until_signed(2).await;
    assert_verdicts(true, &webhooks.with(0, &during), "during, with the former secret");
    assert_verdicts(true, &webhooks.with(1, &during), "during, with the new secret");
    let both = [webhooks.with(0, &during), webhooks.with(1, &during)].concat();
    let flipped: Vec<_> = both.iter().flat_map(Signed::flipped).collect();
    assert_verdicts(false, &flipped, "with a flipped bit in each signature");

    let after = webhooks.send_until_signed(1).await;
    assert_verdicts(true, &webhooks.with(1, &after), "after, with the new secret");
    assert_verdicts(false, &webhooks.with(0, &after), "after, with the former secret");
}

#[tokio::test]
async fn attempts_trials_and_resends_are_each_signed_anew() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let webhook = NewWebhook::new(&receiver.url("/flip"))
        .with_all(&json!({"secret": own, "bearer_secret": "hush-hush", "mask": ["to"]}))
        .retrying_after(&[2]);
    let created = account.api.post("/v1/webhooks", &webhook.json()).await.expect(201);
    assert_eq!(created["secret"], own);
    let webhook = text(&created["id"]);
    let report = json!({"id": unique_id(), "webhook_id": webhook, "to": 918_867_130_000_u64});
    let id = account.report(&report).await;
    receiver.wait_for_accepted(1, SOON).await;
    account
        .api
        .post(&format!("/v1/deliveries/{webhook}.{id}/resend"), &json!({}))
        .await
        .expect(202);
    receiver.wait_for(3, SOON).await;
    account.api.post(&format!("/v1/webhooks/{webhook}/test"), &json!({})).await.expect(200);
    let requests = receiver.wait_for(4, SOON).await;
    let signed: Vec<_> = requests.iter().map(|request| Signed::new(own, request)).collect();
    assert_verdicts(true, &signed, "first attempt, resend, retry, trial");
    for request in &requests {
        assert_eq!(request.header("authorization"), "Bearer hush-hush");
        assert!(request.body.contains(r#""to":"XXXXXXXX0000""#), "{request:?}");
    }
    let second = |request: &Received| request.header("webhook-timestamp").parse::<u64>().unwrap();
    assert!(second(&requests[1]) > second(&requests[0]), "each has its own time");
    assert_eq!(requests[1].header("webhook-id"), requests[0].header("webhook-id"));
    let tests: Vec<_> = requests.iter().map(|request| request.header("webhook-test")).collect();
    assert_eq!(tests, ["", "", "", "true"], "only the trial has the header");
    assert!(requests[3].header("webhook-id").starts_with("test_"), "{requests:?}");
    let read = account.api.get(&format!("/v1/webhooks/{webhook}")).await;
    assert!(!read.body.contains("whsec_") && !read.body.contains("hush"), "{read:?}");
}

#[tokio::test]
async fn a_receiver_is_verified_before_its_webhook_is_created() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let settings = |path: &str| {
        let verification = json!({"token": "let me in"});
        let webhook = NewWebhook::new(&receiver.url(path)).with("secret", own);
        webhook.with("verification", verification).json()
    };
    let refused = account.api.post("/v1/webhooks", &settings("/mute")).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "verification", "{refused}");
    account.api.post("/v1/webhooks", &settings("/echo")).await.expect(201);
    let requests = receiver.received();
    let paths: Vec<_> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, ["/mute?token=let+me+in", "/echo?token=let+me+in"]);
    let signed: Vec<_> = requests.iter().map(|request| Signed::new(own, request)).collect();
    assert_verdicts(true, &signed, "verification requests");
    assert!(requests.iter().all(|request| request.header("webhook-id").starts_with("test_")));
    let list = account.api.get("/v1/webhooks").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}
