use std::sync::Mutex;

use callhook::aws::dynamodb::ConfigTable;
use callhook::domain::account::Account;
use callhook::domain::message::{Message, ReportsMessage};
use callhook::ports::queue::QueueError;
use callhook::ports::store::{AccountAdmin, WebhookAdmin};
use callhook::testing::api::{TestCaller, account, platform, request, scoped};
use callhook::testing::routes::routes_of;
use callhook::testing::{NewWebhook, TestTables, unreachable_config_table};
use http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::quota::DefaultQuotas;

mod content;
mod edge;
mod metrics;

/// Records the messages sent; refuses those whose body contains `refuse`.
#[derive(Default)]
struct TestQueue {
    sent: Mutex<Vec<Outgoing>>,
    refuse: Option<&'static str>,
}

impl MessageQueue for TestQueue {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let send = |message: Outgoing| match self.refuse {
            Some(refuse) if message.body.contains(refuse) => Err(QueueError("full".to_owned())),
            _ => {
                self.sent.lock().unwrap().push(message);
                Ok(())
            }
        };
        messages.into_iter().map(send).collect()
    }
}

struct Harness(Ingest<ConfigTable, ConfigTable, TestQueue>);

struct Answer {
    status: StatusCode,
    retry_after: Option<String>,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Harness {
    fn new(targets: ConfigTable) -> Self {
        let gate = ReportGate::new(targets.clone(), DefaultQuotas::default());
        let (queue, existing_webhooks, metrics) = Default::default();
        Self(Ingest { targets, gate, queue, existing_webhooks, metrics })
    }

    async fn with_table() -> Self {
        Self::new(TestTables::start().await.unwrap().config())
    }

    async fn call(&self, caller: &TestCaller, headers: &[(&str, &str)], body: &str) -> Answer {
        let request = request(caller, "POST", "/v1/reports", headers, body);
        let response = self.0.handle(request).await;
        assert_eq!(response.headers()[REQUEST_ID], "test-request");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        let retry_after = response.headers().get("retry-after");
        let retry_after = retry_after.map(|seconds| seconds.to_str().unwrap().to_owned());
        Answer { status: response.status(), retry_after, body }
    }

    async fn post(&self, body: &str) -> Answer {
        self.call(&account("acme"), &[], body).await
    }

    /// The messages in the queue, and their reports by id.
    fn queued(&self) -> (Vec<ReportsMessage>, Vec<String>) {
        let sent = self.0.queue.sent.lock().unwrap();
        let messages: Vec<_> = sent
            .iter()
            .map(|message| match Message::parse(&message.body).unwrap() {
                Message::Reports(message) => message,
                Message::Delivery(_) | Message::Delivered(_) | Message::Journal(_) => {
                    panic!("ingest sends reports")
                }
            })
            .collect();
        let ids = messages.iter().flat_map(|m| &m.reports).map(|r| r.id.to_string()).collect();
        (messages, ids)
    }

    async fn webhook(&self) -> String {
        let webhook = NewWebhook::new("https://crm.example/").build(Timestamp::UNIX_EPOCH);
        let account = "acme".parse().unwrap();
        self.0.targets.create_webhook(&account, &webhook).await.unwrap();
        webhook.id.to_string()
    }
}

#[tokio::test]
async fn a_report_is_accepted_once_it_is_queued() {
    let harness = Harness::with_table().await;
    let body = r#"{"from":12345678901234567890123,"end_at":"2021-04-09 16:27:55","x":[1.50]}"#;
    let answer = harness.post(body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let (messages, ids) = harness.queued();
    assert_eq!(answer.json(), json!({"id": ids[0]}));
    assert_eq!(serde_json::to_string(&messages[0].reports[0].report).unwrap(), body);
    assert_eq!(messages[0].account_id.as_str(), "acme");

    let again = harness.post(body).await;
    assert_eq!(again.json(), answer.json(), "the same report has the same id");
}

#[tokio::test]
async fn an_existing_webhook_is_cached_for_its_account() {
    let harness = Harness::with_table().await;
    let webhook = harness.webhook().await;
    let body = json!({"id": 1, "webhook_id": webhook}).to_string();
    assert_eq!(harness.post(&body).await.status, StatusCode::ACCEPTED);
    let id = webhook.parse().unwrap();
    harness.0.targets.delete_webhook(&"acme".parse().unwrap(), id, 1).await.unwrap();
    assert_eq!(harness.post(&body).await.status, StatusCode::ACCEPTED, "from the cache");
    let other = harness.call(&account("other"), &[], &body).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "another account");
}

#[test]
fn the_function_has_one_route() {
    let routes = routes_of("ingest");
    let keys: Vec<_> = routes.iter().map(|route| (&*route.method, &*route.path)).collect();
    assert_eq!(keys, [("POST", "/v1/reports")]);
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let harness = Harness::new(unreachable_config_table());
    let event = include_str!("../../../../infra/events/ingest-report.json");
    let answer = harness.0.handle(lambda_http::request::from_str(event).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn an_array_is_packed_in_order_and_answered_item_by_item() {
    let harness = Harness::with_table().await;
    let mut reports: Vec<Value> = (0..60).map(|i| json!({"id": i, "source": "OBD"})).collect();
    reports[7] = json!({"source": 5});
    reports[8] = json!("not a report");
    reports[9] = json!({"filler": "x".repeat(Report::MAX_BYTES)});
    reports[11] = reports[10].clone();
    let answer = harness.post(&Value::from(reports).to_string()).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let json = answer.json();
    assert_eq!((&json["accepted"], &json["refused"]), (&json!(57), &json!(3)));
    let items = json["reports"].as_array().unwrap();
    assert_eq!(items.len(), 60);
    for (index, item) in items.iter().enumerate() {
        assert_eq!(item["index"], index);
        assert_eq!(item["id"].is_string(), !(7..=9).contains(&index), "{item}");
    }
    assert_eq!(items[7]["error"]["errors"][0]["field"], "source");
    assert_eq!(items[8]["error"]["detail"], "A report must be a JSON object, not a string.");
    assert_eq!(items[9]["error"]["type"], "urn:callhook:problem:too-large");
    assert_eq!(items[11]["id"], items[10]["id"], "the same report twice");

    let (messages, ids) = harness.queued();
    assert_eq!(messages.iter().map(|m| m.reports.len()).collect::<Vec<_>>(), [25, 25, 7]);
    let expected: Vec<_> = items.iter().filter_map(|item| item["id"].as_str()).collect();
    assert_eq!(ids, expected, "in order");
}

#[tokio::test]
async fn an_invalid_request_is_refused_with_the_reason() {
    let harness = Harness::with_table().await;
    let too_many = Value::from(vec![json!({}); 1_001]).to_string();
    let too_large = format!(r#"{{"a":"{}"}}"#, "x".repeat(Report::MAX_BYTES));
    let too_long = format!("[\"{}\"]", "x".repeat(5 * 1024 * 1024));
    let mut problems = Vec::new();
    for body in [
        "",
        "{",
        "{\"a\": 1,}",
        "[{}, {]",
        "[]",
        "7",
        "{\"status\": 7, \"bridge\": {}}",
        "[{\"webhook_id\": 7}]",
        &too_many,
        &too_large,
        &too_long,
    ] {
        let answer = harness.post(body).await;
        problems.push(format!("{} {}", answer.status.as_u16(), answer.body));
    }
    for key in ["", "a b", "ü", &"x".repeat(256)] {
        let headers = [("idempotency-key", key)];
        let answer = harness.call(&account("acme"), &headers, "{}").await;
        problems.push(format!("{} {}", answer.status.as_u16(), answer.body));
    }
    insta::assert_snapshot!(problems.join("\n"));
    assert!(harness.queued().1.is_empty(), "no refused report is queued");
}

#[tokio::test]
async fn items_beyond_the_limit_are_counted_and_not_stored() {
    let harness = Harness::with_table().await;
    let answer = harness.post(&format!("[{}1]", "1,".repeat(2_500_000 - 1))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("The array holds 2500000 reports"), "{}", answer.body);
    let answer = harness.post(&format!("[{}x]", "1,".repeat(2_500_000 - 1))).await;
    assert!(answer.body.contains("malformed-json"), "{}", answer.body);
}

#[tokio::test]
async fn field_names_reserved_by_serde_json_are_refused() {
    let harness = Harness::with_table().await;
    let number = r#"{"from": {"$serde_json::private::Number": "918919520000"}}"#;
    let alone = harness.post(number).await;
    assert_eq!(alone.status, StatusCode::BAD_REQUEST, "{}", alone.body);
    let beside = harness.post(&format!("[{number}, {{\"id\": 1}}]")).await;
    assert_eq!(beside.status, StatusCode::MULTI_STATUS);
    assert_eq!(beside.json()["reports"][0]["error"]["type"], "urn:callhook:problem:malformed-json");
    assert_eq!(harness.queued().1.len(), 1);
}

#[tokio::test]
async fn the_idempotency_key_takes_precedence_over_the_id() {
    let harness = Harness::with_table().await;
    let headers = [("idempotency-key", "job-42")];
    let acme = account("acme");
    let one = r#"{"end_at": "2021-04-09 16:27:55", "status": "BUSY"}"#;
    let other = r#"{"end_at": "2021-04-09 16:27:55", "status": "ANSWER"}"#;
    let first = harness.call(&acme, &headers, one).await.json();
    assert_eq!(harness.call(&acme, &headers, other).await.json(), first);
    let elsewhere = harness.call(&account("other"), &headers, one).await.json();
    assert_ne!(elsewhere, first, "each account has its own keys");
    let all = format!("[{one},{other}]");
    let all = harness.call(&acme, &headers, &all).await.json();
    let rest = harness.call(&acme, &headers, &format!("[{other}]")).await.json();
    assert_eq!(rest["reports"][0]["id"], all["reports"][1]["id"], "part sent again");
    assert_ne!(all["reports"][0]["id"], all["reports"][1]["id"]);
}

#[tokio::test]
async fn a_webhook_that_does_not_exist_is_refused() {
    let harness = Harness::with_table().await;
    let id = harness.webhook().await;
    let missing = "01890a5d-ac96-774b-bcce-b302099a8057";
    let existing = json!({"id": 1, "webhook_id": id});
    assert_eq!(harness.post(&existing.to_string()).await.status, StatusCode::ACCEPTED);

    for (field, report) in [
        ("webhook_id", json!({"id": 2, "webhook_id": missing})),
        ("webhook_ids", json!({"id": 3, "webhook_ids": [id, missing]})),
    ] {
        let answer = harness.post(&report.to_string()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{report}");
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let foreign = harness.call(&account("other"), &[], &existing.to_string()).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "another account's webhook");

    let mixed = json!([{"id": 4, "webhook_id": missing}, {"id": 5, "webhook_id": id}]);
    let answer = harness.post(&mixed.to_string()).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    assert_eq!(answer.json()["reports"][0]["error"]["status"], 422);
    assert_eq!(harness.queued().1.len(), 2);
}

#[tokio::test]
async fn many_named_webhooks_are_looked_up_for_one_request() {
    let harness = Harness::with_table().await;
    let mut ids = Vec::new();
    for _ in 0..150 {
        ids.push(harness.webhook().await);
    }
    let answer = harness.post(&json!({"id": 1, "webhook_ids": ids}).to_string()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
}

#[tokio::test]
async fn a_report_repeated_for_another_webhook_is_queued_twice() {
    let harness = Harness::with_table().await;
    let (one, other) = (harness.webhook().await, harness.webhook().await);
    let body = json!([{"id": 1, "webhook_id": one}, {"id": 1, "webhook_id": other}]);
    assert_eq!(harness.post(&body.to_string()).await.status, StatusCode::ACCEPTED);
    let (messages, _) = harness.queued();
    let named: Vec<_> = messages[0]
        .reports
        .iter()
        .map(|accepted| accepted.report.webhook_ids()[0].to_string())
        .collect();
    assert_eq!(named, [one, other]);
}

#[tokio::test]
async fn the_size_of_an_answer_is_bounded() {
    let harness = Harness::with_table().await;
    let report = json!({"webhook_ids": vec![0; 1_000]});
    let answer = harness.post(&Value::from(vec![report; 1_000]).to_string()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.len() < 5 << 20, "Lambda answers with 6 MB: {}", answer.body.len());

    let names = |from: u128| {
        let ids = (from..from + 600).map(|i| format!("00000000-0000-7000-8000-{i:012x}"));
        json!({"id": 1, "webhook_ids": ids.collect::<Vec<_>>()})
    };
    let answer = harness.post(&json!([names(0), names(600)]).to_string()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("name 1200 different webhooks"), "{}", answer.body);
}

#[tokio::test]
async fn reports_are_accepted_while_the_table_is_down() {
    let harness = Harness::new(unreachable_config_table());
    let webhook = "01890a5d-ac96-774b-bcce-b302099a8057";
    let report = json!({"id": 1, "webhook_id": webhook}).to_string();
    assert_eq!(harness.post(&report).await.status, StatusCode::ACCEPTED);
    let headers = [("x-account-id", "acme")];
    let by_platform = harness.call(&platform(), &headers, &report).await;
    assert_eq!(by_platform.status, StatusCode::ACCEPTED);
    assert_eq!(harness.queued().1.len(), 2);
}

#[tokio::test]
async fn reports_that_sqs_refuses_are_answered_as_unavailable() {
    let mut harness = Harness::with_table().await;
    harness.0.queue.refuse = Some("poison");
    let poison = json!({"status": "poison"}).to_string();
    let single = harness.post(&poison).await;
    assert_eq!(single.status, StatusCode::SERVICE_UNAVAILABLE);
    let all = harness.post(&format!("[{poison}, {{\"status\": 1}}]")).await;
    assert_eq!(all.status, StatusCode::SERVICE_UNAVAILABLE);
    // The 26th report is in a message of its own, and the request contains it twice.
    let mut reports: Vec<Value> = (0..25).map(|i| json!({"id": i})).collect();
    reports.push(json!({"status": "poison"}));
    reports.push(json!({"status": "poison"}));
    let answer = harness.post(&Value::from(reports).to_string()).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let json = answer.json();
    assert_eq!(json["accepted"], 25);
    for index in [25, 26] {
        assert_eq!(json["reports"][index]["error"]["type"], "urn:callhook:problem:unavailable");
    }
}

#[tokio::test]
async fn a_quota_refuses_the_whole_request_and_says_when_to_send_it_again() {
    let harness = Harness::with_table().await;
    let acme = json!({"id": "acme", "name": "Acme", "quotas": {"reports_per_second": 1}});
    let acme = Account::from_request(acme.as_object().unwrap(), Timestamp::UNIX_EPOCH).unwrap();
    harness.0.targets.create_account(&acme).await.unwrap();
    // The five valid reports take the permits of the next five seconds.
    let all: Vec<Value> = (0..5).map(|id| json!({"id": id})).collect();
    let with_invalid: Vec<Value> = all.iter().cloned().chain(vec![json!(7); 90]).collect();
    let accepted = harness.post(&Value::from(with_invalid).to_string()).await;
    assert_eq!(accepted.status, StatusCode::MULTI_STATUS, "{}", accepted.body);

    for body in [json!({"id": 6}), json!([{"id": 6}, {"id": 7}])] {
        let refused = harness.post(&body.to_string()).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.body);
        assert_eq!(refused.json()["type"], "urn:callhook:problem:rate-limited");
        let seconds: u64 = refused.retry_after.unwrap().parse().unwrap();
        assert!((1..=5).contains(&seconds), "invalid reports take no permits: {seconds}");
    }
    assert_eq!(harness.queued().1.len(), 5, "no refused report is queued");
    let invalid = harness.post("{\"source\": 1}").await;
    assert_eq!(invalid.status, StatusCode::UNPROCESSABLE_ENTITY, "validation precedes the quota");
    let other = harness.call(&account("other"), &[], "{\"id\": 1}").await;
    assert_eq!(other.status, StatusCode::ACCEPTED, "another account");
}

#[tokio::test]
async fn only_callers_with_the_scope_may_submit_reports() {
    let tables = TestTables::start().await.unwrap();
    let harness = Harness::new(tables.config());
    let reader = harness.call(&scoped("acme", "webhooks:read webhooks:write"), &[], "{}").await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    let other = harness.call(&account("acme"), &[("x-account-id", "other")], "{}").await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);

    assert_eq!(harness.call(&platform(), &[], "{}").await.status, StatusCode::BAD_REQUEST);
    let headers = [("x-account-id", "acme")];
    let report = "{\"id\": 1}";
    let unknown = harness.call(&platform(), &headers, report).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let acme = json!({"id": "acme", "name": "Acme"});
    let acme = Account::from_request(acme.as_object().unwrap(), Timestamp::UNIX_EPOCH).unwrap();
    tables.config().create_account(&acme).await.unwrap();
    assert_eq!(harness.call(&platform(), &headers, report).await.status, StatusCode::ACCEPTED);
    assert_eq!(harness.queued().0[0].account_id, acme.id);
}
