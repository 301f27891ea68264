//! Poison messages and dead letters.

#![allow(clippy::expect_used, reason = "the helpers of a test fail it")]

use std::time::Duration;

use aws_sdk_sqs::types::Message;
use callhook::aws::{client, sqs};
use callhook_tests::cloud::{new_account, setting, unique_id};
use callhook_tests::python::python;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::json;

#[tokio::test]
async fn a_poison_message_becomes_a_dead_letter_and_stops_no_other() {
    let client = sqs::client(&client::from_env().expect("the environment of the cloud"));
    let poison = json!({"v": 2, "kind": "reports", "marker": unique_id()}).to_string();
    let reports = setting("CALLHOOK_REPORTS_QUEUE_URL");
    client.send_message().queue_url(reports).message_body(&poison).send().await.unwrap();

    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/")).await;
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    receiver.wait_for(1, SOON).await;

    let dead_letters = setting("CALLHOOK_DEAD_LETTERS_QUEUE_URL");
    until(Duration::from_mins(2), "dead letter", async || {
        let answer = client
            .receive_message()
            .queue_url(&dead_letters)
            .max_number_of_messages(10)
            .visibility_timeout(1)
            .send()
            .await
            .unwrap();
        let messages = answer.messages.unwrap_or_default();
        messages.iter().filter_map(Message::body).any(|body| body == poison).then_some(())
    })
    .await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_report_is_found_among_the_dead_letters() {
    let client = sqs::client(&client::from_env().expect("the environment of the cloud"));
    let (account, report) = (new_account().await, unique_id());
    let letter = json!({
        "v": 1, "kind": "reports", "account_id": account.id, "received_at": 1_700_000_000_123_u64,
        "reports": [{"id": report, "report": {"to": 918_867_130_000_u64}}],
    });
    let dead_letters = setting("CALLHOOK_DEAD_LETTERS_QUEUE_URL");
    let sent = client.send_message().queue_url(dead_letters).message_body(letter.to_string());
    sent.send().await.unwrap();

    // Another test may hide the dead letter for a moment.
    let found = until(SOON, "dead letter in the output", async || {
        let output = find_dead_letter(&report);
        output.contains(" hold the report ").then_some(())?;
        output.contains("reports v1").then_some(output)
    })
    .await;
    assert!(found.contains(&format!("account {}", account.id)), "{found}");
    assert!(found.contains("accepted 2023-11-14T22:13:20Z"), "{found}");
    assert!(!found.contains("918867130000"), "{found}");
    assert!(find_dead_letter(&unique_id()).starts_with("0 of "));
}

/// The output of `make find-dead-letter` for a report.
fn find_dead_letter(report: &str) -> String {
    python(&["infra/dead_letters.py", "find", "--stack", "callhook", "--report", report])
}
