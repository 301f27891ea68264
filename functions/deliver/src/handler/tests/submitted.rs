//! Reports that producers send straight to the queue.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use callhook::domain::account::{Account, AccountStatus};
use callhook::domain::ids::WebhookId;
use callhook::ports::store::{AccountEraser, AccountLookup};
use callhook::testing::unreachable_config_table;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cache::ConfigCache;
use crate::testing::{Harness, account, id_of, message};

const REPORTS: &str = "arn:aws:sqs:eu-central-1:123456789012:callhook-Reports";
const SENT_AT: u64 = 1_700_000_000_123;

fn submission(reports: &[Value]) -> Value {
    json!({"v": 1, "kind": "submitted_reports", "account_id": "acme", "reports": reports})
}

/// Handles messages that were sent to the Reports queue at these times; gives the ids of those that fail.
async fn handle(harness: &Harness, messages: &[(u64, String)]) -> Vec<String> {
    let records: Vec<Value> = (0..)
        .zip(messages)
        .map(|(i, (sent_at, body)): (usize, _)| {
            json!({"messageId": i.to_string(), "body": body, "eventSourceARN": REPORTS,
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": sent_at.to_string()}})
        })
        .collect();
    let event = serde_json::from_value(json!({ "Records": records })).unwrap();
    let deadline = SystemTime::now() + Duration::from_mins(1);
    let answer = Arc::clone(&harness.deliver).handle(event, deadline).await.unwrap();
    let failed = answer.batch_item_failures.into_iter();
    let mut failed: Vec<_> = failed.map(|failure| failure.item_identifier).collect();
    failed.sort_unstable();
    failed
}

async fn with_account() -> (Harness, WebhookId) {
    let harness = Harness::new().await;
    harness.account(json!({})).await;
    let webhook = harness.webhook("200").await;
    (harness, webhook)
}

#[tokio::test]
async fn a_submitted_report_is_delivered_once_under_the_id_that_a_request_gives_it() {
    let (harness, webhook) = with_account().await;
    let report = json!({"id": "c:1", "end_at": "2021-04-09 16:27:55", "webhook_id": webhook});
    let sent = submission(std::slice::from_ref(&report)).to_string();
    assert_eq!(handle(&harness, &[(SENT_AT, sent.clone())]).await, [""; 0]);
    assert_eq!(harness.requests(), ["200"]);
    assert_eq!(harness.logged(webhook, id_of(&report)).await, Some((1, true)));
    // The producer sends it again, and the platform sends it by the API as well.
    let again = [(SENT_AT + 9_000, sent), (SENT_AT, message(std::slice::from_ref(&report)))];
    assert_eq!(handle(&harness, &again).await, [""; 0]);
    assert_eq!(harness.requests(), ["200"], "one request");
}

#[tokio::test]
async fn a_report_without_time_and_id_is_deduped_when_sqs_redelivers_it() {
    let (harness, webhook) = with_account().await;
    let sent = submission(&[json!({"status": "BUSY", "webhook_id": webhook})]).to_string();
    for _ in 0..2 {
        assert_eq!(handle(&harness, &[(SENT_AT, sent.clone())]).await, [""; 0]);
    }
    assert_eq!(harness.requests().len(), 1, "the same message");
    handle(&harness, &[(SENT_AT + 1, sent)]).await;
    assert_eq!(harness.requests().len(), 2, "another call may leave an equal report");
    let mut keyed = submission(&[json!({"status": "BUSY", "webhook_id": webhook})]);
    keyed["idempotency_key"] = json!("call-7");
    for millis in [0, 1] {
        handle(&harness, &[(SENT_AT + millis, keyed.to_string())]).await;
    }
    assert_eq!(harness.requests().len(), 3, "the key says that it is the same");
}

#[tokio::test]
async fn a_message_with_one_bad_report_fails_whole_and_fails_no_other() {
    let (harness, webhook) = with_account().await;
    let good = json!({"id": 1, "webhook_id": webhook});
    let in_bad_company = json!({"id": 2, "webhook_id": webhook});
    let bad = [in_bad_company, json!({"to": [918_867_130_000_u64]})];
    let values = "1,".repeat(120_000);
    let own = |kind: &str, rest: &str| format!(r#"{{"v":1,"kind":"{kind}",{rest}}}"#);
    let batch = [
        submission(&bad).to_string(),
        submission(&[json!({"id": 3, "event": "callhook:webhook:failing"})]).to_string(),
        "918867130000".to_owned(),
        own("reports", &format!(r#""account_id":"acme","reports":[{{"report":[{values}1]}}]"#)),
        submission(&[good]).to_string(),
    ];
    let batch: Vec<_> = batch.into_iter().map(|body| (SENT_AT, body)).collect();
    assert_eq!(handle(&harness, &batch).await, ["0", "1", "2", "3"]);
    assert_eq!(harness.requests(), ["200"], "the good one");
}

#[tokio::test]
async fn an_account_that_does_not_exist_gets_nothing_until_it_does() {
    let harness = Harness::with(|deliver| {
        let table = deliver.limits.clone();
        deliver.config = ConfigCache::new(table, Duration::from_mins(1));
    })
    .await;
    let webhook = harness.webhook("200").await;
    let sent = submission(&[json!({"id": 1, "webhook_id": webhook})]).to_string();
    assert_eq!(handle(&harness, &[(SENT_AT, sent.clone())]).await, ["0"]);
    assert!(harness.requests().is_empty());
    harness.account(json!({})).await;
    assert_eq!(handle(&harness, &[(SENT_AT, sent)]).await, [""; 0]);
    assert_eq!(harness.requests(), ["200"]);
}

#[tokio::test]
async fn submissions_for_an_erased_account_are_dropped() {
    let (harness, webhook) = with_account().await;
    let stored = harness.table.account(&account()).await.unwrap().unwrap();
    let erasing = Account { status: AccountStatus::Erasing, ..stored };
    harness.table.begin_erasure(&erasing, Timestamp::now()).await.unwrap();
    let sent = submission(&[json!({"id": 1, "webhook_id": webhook})]).to_string();
    assert_eq!(handle(&harness, &[(SENT_AT, sent)]).await, [""; 0]);
    assert!(harness.requests().is_empty());
}

#[tokio::test]
async fn submissions_fail_while_the_table_does_not_answer() {
    let harness = Harness::with(|deliver| {
        deliver.config = ConfigCache::new(unreachable_config_table(), Duration::ZERO);
    })
    .await;
    let sent = submission(&[json!({"id": 1})]).to_string();
    assert_eq!(handle(&harness, &[(SENT_AT, sent)]).await, ["0"]);
}

#[tokio::test]
async fn messages_of_functions_other_than_reports_are_refused_from_the_reports_queue() {
    let (harness, webhook) = with_account().await;
    let failing = harness.webhook("500").await;
    let report = json!({"id": 1, "webhook_id": failing});
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    let retry = harness.take_queued().remove(0).body;
    assert_eq!(handle(&harness, &[(SENT_AT, retry)]).await, ["0"]);
    assert_eq!(harness.requests(), ["500"], "the first attempt");
    let reports = message(&[json!({"id": 2, "webhook_id": webhook})]);
    assert_eq!(handle(&harness, &[(SENT_AT, reports)]).await, [""; 0]);
    assert_eq!(harness.requests(), ["200", "500"]);
}

#[tokio::test]
async fn reports_that_imitate_those_of_ingest_are_not_requeued_for_years() {
    let (harness, webhook) = with_account().await;
    let id = id_of(&json!({"id": 1}));
    let far = json!({"v": 1, "kind": "reports", "account_id": "acme", "received_at": SENT_AT,
        "reports": [{"id": id, "report": {"id": 1, "webhook_id": webhook}}],
        "fan_out": {"due_at": 95_617_584_000_000_u64, "deliveries": 1}});
    assert_eq!(handle(&harness, &[(SENT_AT, far.to_string())]).await, [""; 0]);
    assert_eq!(harness.requests(), ["200"]);
    assert_eq!(harness.take_queued().len(), 0);
}

/// JSON texts within JSON texts, by a name that `serde_json` takes for its own: nested deeper than it lets JSON be.
fn nested(most_bytes: usize) -> String {
    let (open, close) = ("[".repeat(100), "]".repeat(100));
    let mut text = format!("{open}1{close}");
    loop {
        let quoted = serde_json::to_string(&text).unwrap();
        let next = format!(r#"{open}{{"$serde_json::private::RawValue":{quoted}}}{close}"#);
        if next.len() > most_bytes {
            return text;
        }
        text = next;
    }
}

#[tokio::test]
async fn json_within_json_does_not_overflow_the_stack() {
    let (harness, webhook) = with_account().await;
    let report_id = id_of(&json!({"id": 1}));
    let reports = format!(
        r#"{{"v":1,"kind":"reports","account_id":"acme","received_at":1,"reports":[{{"id":"{report_id}","report":{{"to":1,"x":{}}}}}]}}"#,
        nested(60_000)
    );
    let delivery = format!(
        r#"{{"v":1,"kind":"delivery","account_id":"acme","received_at":1,"webhook_id":"{webhook}","report_id":"{report_id}","attempt":1,"due_at":1,"report":{{"to":1,"x":{}}}}}"#,
        nested(1_000_000)
    );
    let good = submission(&[json!({"id": 1, "webhook_id": webhook})]).to_string();
    let batch = [reports, delivery, good].map(|body| (SENT_AT, body));
    assert_eq!(handle(&harness, &batch).await, ["0", "1"]);
    assert_eq!(harness.requests(), ["200"], "the good one");
}
