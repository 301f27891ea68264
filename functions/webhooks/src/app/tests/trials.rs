//! Trials: their ids, the scopes that they need, and how many may be in progress.

use std::io;
use std::sync::Mutex;

use callhook::aws::dynamodb::ConfigTable;
use callhook::domain::delivery::{Evidence, HttpVersion, ResponseHeaders};
use callhook::domain::request::HeaderCapture;
use callhook::domain::signing::{SigningSecret, SigningSecrets};
use http::header::SERVER;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::*;

/// The echo, with the requests and timeouts that it was called with.
#[derive(Default)]
pub(super) struct Listening(pub(super) Mutex<Vec<(WebhookRequest, Duration)>>);

impl Outbound for Listening {
    async fn send(
        &self,
        account: &AccountId,
        request: WebhookRequest,
        timeout: Duration,
    ) -> Result<Attempt, Congested> {
        self.0.lock().unwrap().push((request.clone(), timeout));
        Echo.send(account, request, timeout).await
    }
}

/// The API and its recording client.
pub(super) async fn listening() -> (Api, Arc<Listening>) {
    listening_on(TestTables::start().await.unwrap().config())
}

pub(super) fn listening_on(table: ConfigTable) -> (Api, Arc<Listening>) {
    let client = Arc::new(Listening::default());
    let (table, outbound) = (Arc::new(table), Arc::clone(&client));
    let routes =
        router(table, outbound, AddressPolicy::PUBLIC, TrialTimeout::DEFAULT, no_figures());
    (Api::new(routes, account("acme")), client)
}

/// Creates a webhook with these settings and returns the path of its trials.
async fn trials_of(api: &Api, more: Value) -> String {
    let mut settings = json!({"name": "n", "url": "https://a.example/"});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = api.post("/v1/webhooks", settings).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    format!("{}/test", path_of(&made.json()))
}

/// The id of a delivery of the report, as a preview shows it.
async fn id_of_report(api: &Api, report: &Value) -> Value {
    let preview = json!({"webhook": {"url": "https://a.example/"}, "report": report});
    api.post("/v1/webhooks/preview", preview).await.json()["headers"]["webhook-id"].clone()
}

#[tokio::test]
async fn a_trial_never_has_the_id_of_a_report() {
    let (api, client) = listening().await;
    let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let path =
        trials_of(&api, json!({"url": "https://a.example/?id={{id}}", "secret": secret})).await;
    let report = json!({"end_at": "2021-04-09 16:27:55", "to": 918_867_130_000_u64});
    let of_report = id_of_report(&api, &report).await;
    assert!(of_report.as_str().unwrap().starts_with("0178b776-"), "{of_report}");
    let mut seen = vec![of_report];
    for body in [json!({"report": report}), json!({"report": report}), json!({"sample": "C2C"})] {
        let shown = api.post(&path, body).await.json()["id"].clone();
        let sent = client.0.lock().unwrap();
        let (request, _) = sent.last().unwrap();
        let header = |name: &str| request.headers[name].to_str().unwrap();
        let id = header("webhook-id");
        assert!(id.starts_with("test_"), "{id}");
        assert_eq!((&shown, header("webhook-test")), (&json!(id), "true"));
        assert_eq!(request.url.query(), Some(&*format!("id={id}")), "the variable too");
        // The signature covers the prefix.
        let sent_at: i64 = header("webhook-timestamp").parse().unwrap();
        let sent_at = Timestamp::from_second(sent_at).unwrap();
        let signing = SigningSecrets::new(SigningSecret::parse(secret).unwrap(), sent_at);
        let expected = signing.sign(id, sent_at, request.body.as_deref().unwrap());
        assert_eq!(header("webhook-signature"), expected);
        assert!(!seen.contains(&shown), "{shown} is repeated");
        seen.push(shown);
    }
}

#[tokio::test]
async fn a_trial_with_an_own_report_needs_the_scope_to_write_reports() {
    let (api, client) = listening().await;
    let path = trials_of(&api, json!({})).await;
    let own = json!({"report": {"to": 1}});
    for (scopes, body, status) in [
        ("webhooks:write", json!({}), StatusCode::OK),
        ("webhooks:write", json!({"sample": "C2C", "report": null}), StatusCode::OK),
        ("webhooks:write", own.clone(), StatusCode::FORBIDDEN),
        ("webhooks:write", json!({"report": "no report"}), StatusCode::FORBIDDEN),
        ("webhooks:write webhooks:read deliveries:write", own.clone(), StatusCode::FORBIDDEN),
        ("webhooks:write reports:write", own.clone(), StatusCode::OK),
        ("reports:write", own.clone(), StatusCode::FORBIDDEN),
        ("reports:write", json!({}), StatusCode::FORBIDDEN),
    ] {
        client.0.lock().unwrap().clear();
        let reply = api.with_caller(scoped("acme", scopes)).post(&path, body.clone()).await;
        assert_eq!(reply.status, status, "{scopes} {body}: {reply:?}");
        let sent = client.0.lock().unwrap().len();
        assert_eq!(sent, usize::from(status == StatusCode::OK), "{scopes} {body}");
    }
    let refused = api.with_caller(scoped("acme", "webhooks:write")).post(&path, own.clone()).await;
    let says = "needs the scope `reports:write` as well, which the key lacks. A `sample` does not.";
    assert!(refused.body.contains(says), "{refused:?}");
    // A preview sends nothing.
    let preview = json!({"webhook": {"url": "https://a.example/"}, "report": {"to": 1}});
    let reader = api.with_caller(scoped("acme", "webhooks:read"));
    let preview = reader.post("/v1/webhooks/preview", preview).await;
    assert_eq!(preview.status, StatusCode::OK, "{preview:?}");
}

/// A receiver that repeats the request in response headers.
struct Echoing;

impl Outbound for Echoing {
    async fn send(
        &self,
        _: &AccountId,
        request: WebhookRequest,
        _: Duration,
    ) -> Result<Attempt, Congested> {
        assert_eq!(request.header_capture, HeaderCapture::All);
        let echo = HeaderValue::from_str(request.url.query().unwrap()).unwrap();
        let headers = HeaderMap::from_iter([(SERVER, echo)]);
        let evidence = Evidence {
            sent_at: Timestamp::from_second(1_617_985_676).unwrap(),
            address: Some(([203, 0, 113, 7], 443).into()),
            http: HttpVersion::Http10,
            received: 0,
            request: None,
            headers: Some(ResponseHeaders::of(&headers)),
        };
        let (result, latency, evidence) = (Ok(200), Duration::from_millis(7), Some(evidence));
        let body = Vec::new().into();
        Ok(Attempt { result, latency, body, is_cut: false, retry_after: None, evidence })
    }
}

#[tokio::test]
async fn a_trial_shows_its_evidence_without_secrets() {
    let table = TestTables::start().await.unwrap().config();
    let client = Arc::new(Echoing);
    let table = Arc::new(table);
    let routes = router(table, client, AddressPolicy::PUBLIC, TrialTimeout::DEFAULT, no_figures());
    let api = Api::new(routes, account("acme"));
    let url = "https://a.example/?key=%k%&to={{to}}";
    let path = trials_of(&api, json!({"url": url, "secrets": {"k": "s3cret-key"}})).await;
    let shown = api.post(&path, json!({"report": {"to": 42}})).await.json();
    for (name, expected) in [
        ("sent_at", json!("2021-04-09T16:27:56Z")),
        ("ended_at", json!("2021-04-09T16:27:56.007Z")),
        ("request", json!({"method": "POST", "url": "https://a.example/?key=•••&to=42"})),
        ("address", json!("203.0.113.7:443")),
        ("http_version", json!("1.0")),
        ("response_bytes", json!(0)),
        ("response_headers", json!({"server": "key=•••&to=42"})),
        ("omitted", Value::Null),
    ] {
        assert_eq!(shown[name], expected, "{name}: {shown}");
    }
}

#[tokio::test]
async fn a_trial_waits_at_most_ten_seconds() {
    let (api, client) = listening().await;
    for (timeout, waited) in [(3, 3), (10, 10), (30, 10)] {
        let path = trials_of(&api, json!({"timeout_seconds": timeout})).await;
        api.post(&path, json!({})).await;
        let (_, last) = client.0.lock().unwrap().pop().unwrap();
        assert_eq!(last.as_millis().div_ceil(1_000), waited, "{timeout}");
        let hang = json!({"timeout_seconds": timeout, "url": "https://a.example/hang"});
        let said = api.post(&trials_of(&api, hang).await, json!({})).await.json();
        let says = if timeout == waited {
            "the webhook's timeout"
        } else {
            "within 10 s, the limit of a trial"
        };
        assert!(said["meaning"].as_str().unwrap().contains(says), "{timeout}: {said}");
        assert_eq!(said["meaning"], said["error"]["detail"]);
    }
}

/// A receiver that answers when the test lets it, and counts the waiting requests.
struct Stuck {
    go: Semaphore,
    waiting: Semaphore,
}

impl Outbound for Stuck {
    async fn send(
        &self,
        account: &AccountId,
        request: WebhookRequest,
        timeout: Duration,
    ) -> Result<Attempt, Congested> {
        self.waiting.add_permits(1);
        self.go.acquire().await.unwrap().forget();
        Echo.send(account, request, timeout).await
    }
}

#[tokio::test]
async fn an_account_has_at_most_three_trials_and_verifications_in_progress() {
    let table = TestTables::start().await.unwrap().config();
    let client = Arc::new(Stuck { go: Semaphore::new(0), waiting: Semaphore::new(0) });
    // Instances share only the table.
    let instance = || {
        let (table, client) = (Arc::new(table.clone()), Arc::clone(&client));
        let routes =
            router(table, client, AddressPolicy::PUBLIC, TrialTimeout::DEFAULT, no_figures());
        Api::new(routes, account("acme"))
    };
    let path = trials_of(&instance(), json!({})).await;
    let verified =
        json!({"name": "n", "url": "https://a.example/verify", "verification": {"token": "t"}});
    let send = |path: &str, body: Value| {
        let (api, path) = (instance(), path.to_owned());
        tokio::spawn(async move { api.post(&path, body).await })
    };
    let mut in_flight = vec![send(&path, json!({})), send(&path, json!({}))];
    in_flight.push(send("/v1/webhooks", verified.clone()));
    client.waiting.acquire_many(3).await.unwrap().forget();

    for refused in
        [instance().post(&path, json!({})).await, instance().post("/v1/webhooks", verified).await]
    {
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
        assert_eq!(refused.json()["type"], "urn:callhook:problem:rate-limited");
        let says = "has 3 trial requests and verifications in progress";
        assert!(refused.body.contains(says), "{refused:?}");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=13).contains(&wait), "{refused:?}");
    }
    assert_eq!(client.waiting.available_permits(), 0, "nothing was sent");
    // Another account has its own slots, and requests that send nothing need none.
    let echo = Arc::new(Echo);
    let routes = router(
        Arc::new(table.clone()),
        echo,
        AddressPolicy::PUBLIC,
        TrialTimeout::DEFAULT,
        no_figures(),
    );
    let other = Api::new(routes, account("other"));
    let of_other = trials_of(&other, json!({})).await;
    assert_eq!(other.post(&of_other, json!({})).await.status, StatusCode::OK);
    assert_eq!(instance().get("/v1/webhooks").await.status, StatusCode::OK);

    client.go.add_permits(3);
    for reply in in_flight {
        let status = reply.await.unwrap().status;
        assert!(matches!(status, StatusCode::OK | StatusCode::CREATED), "{status}");
    }
    // A slot is free when its request ends, before its lease does.
    client.go.add_permits(1);
    assert_eq!(instance().post(&path, json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_trial_that_this_instance_cannot_send_releases_its_slot() {
    let (api, _) = listening().await;
    let path = trials_of(&api, json!({"url": "https://a.example/congested"})).await;
    for _ in 0..4 {
        let reply = api.post(&path, json!({})).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{reply:?}");
        assert!(
            reply.body.contains("Nothing was sent: the instance has no DNS lookup"),
            "{reply:?}"
        );
    }
}

/// The log output.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_the_key_the_host_and_the_outcome_of_a_trial() {
    let (api, _) = listening().await;
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).without_time();
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);

    let url = "https://user:hush-hush@crm.example/status/404?to={{to}}&k=%key%";
    let secrets = json!({"url": url, "secrets": {"key": "hush-too"}});
    let path = trials_of(&api, secrets).await;
    let sent = api.post(&path, json!({"sample": "OBD"})).await.json();
    let verified = json!({
        "name": "n", "url": "https://other.example/hang", "verification": {"token": "hush-token"},
    });
    api.post("/v1/webhooks", verified).await;

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("hush") && !text.contains("918867130000"), "{text}");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    // The embedded DynamoDB logs as well.
    let own = |line: &Value| line["target"].as_str().unwrap().starts_with("callhook");
    let logged: Vec<_> = lines.filter(own).collect();
    let [trial, verification] = logged.as_slice() else { panic!("{text}") };
    let webhook = path.split('/').nth(3).unwrap();
    for (name, value) in [
        ("level", json!("INFO")),
        ("message", json!("test request sent")),
        ("key_id", json!("test")),
        ("account_id", json!("acme")),
        ("webhook_id", json!(webhook)),
        ("host", json!("crm.example")),
        ("trial_id", sent["id"].clone()),
        ("purpose", json!("trial")),
        ("status_code", json!(404)),
    ] {
        assert_eq!(trial[name], value, "{name}: {trial}");
    }
    assert_eq!(verification["purpose"], "verification");
    assert_eq!(verification["host"], "other.example");
    assert_eq!(verification["error"], "timeout_response");
}
