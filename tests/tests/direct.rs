//! Reports that a producer sends to the queue or to an event bus.

#![allow(clippy::expect_used, reason = "the helpers of a test fail it")]

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::Message;
use callhook::aws::{client, sqs};
use callhook_tests::cloud::{Account, logged, new_account, setting, unique_id};
use callhook_tests::operator::put_event;
use callhook_tests::python::python;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};

fn client() -> Client {
    sqs::client(&client::from_env().expect("the environment of the cloud"))
}

fn submission(account: &Account, reports: &[Value]) -> Value {
    json!({"v": 1, "kind": "submitted_reports", "account_id": account.id, "reports": reports})
}

async fn submit(account: &Account, message: &Value) {
    let queue = setting("CALLHOOK_REPORTS_QUEUE_URL");
    let sent = client().send_message().queue_url(queue).message_group_id(&account.id);
    sent.message_body(message.to_string()).send().await.expect("the queue");
}

#[tokio::test]
async fn a_report_is_delivered_once_by_the_queue_and_the_api_together() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let report = json!({"id": unique_id(), "webhook_id": webhook, "from": 918_919_520_000_u64,
        "end_at": "2021-04-09 16:27:55"});
    let message = submission(&account, std::slice::from_ref(&report));
    submit(&account, &message).await;
    receiver.wait_for(1, SOON).await;

    // The request has the content of the message, so its report has the same id and is not delivered again.
    let id = account.report(&report).await;
    logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    submit(&account, &message).await;
    let last = json!({"id": unique_id(), "webhook_id": webhook, "to": 1});
    submit(&account, &submission(&account, &[last])).await;
    receiver.wait_for(2, SOON).await;
    let received = receiver.received();
    let ids: Vec<_> = received.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids.iter().filter(|one| **one == id).count(), 1, "{ids:?}");
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn an_invalid_submission_becomes_a_dead_letter_and_stops_no_other() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let valid = json!({"id": unique_id(), "webhook_id": webhook});
    let bad = submission(&account, &[valid, json!({"id": unique_id(), "to": ["no number"]})]);
    let unknown = Account { id: unique_id(), api: account.api.clone() };
    let of_unknown = submission(&unknown, &[json!({"id": unique_id()})]);
    for message in [&bad, &of_unknown] {
        submit(&account, message).await;
    }
    submit(&account, &submission(&account, &[json!({"id": unique_id(), "webhook_id": webhook})]))
        .await;
    receiver.wait_for(1, SOON).await;

    let dead_letters = setting("CALLHOOK_DEAD_LETTERS_QUEUE_URL");
    for message in [bad.to_string(), of_unknown.to_string()] {
        until(Duration::from_mins(2), "dead letter", async || {
            let answer = client()
                .receive_message()
                .queue_url(&dead_letters)
                .max_number_of_messages(10)
                .visibility_timeout(1)
                .send()
                .await
                .expect("the dead letters");
            let letters = answer.messages.unwrap_or_default();
            letters.iter().filter_map(Message::body).any(|body| body == message).then_some(())
        })
        .await;
    }
    let listed = python(&["infra/dead_letters.py", "list", "--stack", "callhook"]);
    let about = format!("submitted_reports v1  account {}  2 reports", account.id);
    assert!(listed.contains(&about), "{listed}");
    assert_eq!(
        receiver.received().len(),
        1,
        "the valid report of the invalid message is not delivered"
    );
}

#[tokio::test]
async fn an_event_on_the_bus_is_delivered() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let of = |id: &str| json!({"id": id, "webhook_id": webhook, "from": 918_919_520_000_u64});
    let (other, report) = (of("other"), of(&unique_id()));
    for (kind, report) in [("SomethingElse", &other), ("CallhookReports", &report)] {
        put_event("default", kind, &submission(&account, std::slice::from_ref(report))).await;
    }
    receiver.wait_for(1, SOON).await;
    let id = account.report(&report).await;
    let received = receiver.received();
    let ids: Vec<_> = received.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids, [id.as_str()], "only the event of the rule's type");
}
