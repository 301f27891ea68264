//! The steps of "A missing report" in docs/operations.md, from a phone number to the reason.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test fail it"
)]

use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, logged, new_account, setting, unique_id};
use callhook_tests::receiver::{Answer, Receiver};
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};
use tokio::process::Command;

/// The commands of the section, in order.
fn commands() -> Vec<String> {
    let page = include_str!("../../docs/operations.md");
    let section = page.split("\n## ").find(|section| section.starts_with("A missing report\n"));
    let lines = section.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("       "));
    let mut commands: Vec<String> = Vec::new();
    for line in lines {
        match commands.last_mut() {
            Some(command) if command.ends_with('\\') => {
                *command = format!("{}{line}", command.trim_end_matches('\\'));
            }
            _ => commands.push(line.to_owned()),
        }
    }
    commands
}

async fn run(account: &Account, command: &str, variables: &[(&str, &str)]) -> Value {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", command])
        .env("URL", setting("CALLHOOK_URL"))
        .env("KEY", account.api.key())
        .env("ACCOUNT", &account.id)
        .envs(variables.iter().copied())
        .output()
        .await
        .expect("bash runs");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command}: {answer} {output:?}");
    serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{command}: {answer}"))
}

#[tokio::test]
async fn a_phone_number_and_a_time_lead_to_the_reason_in_two_requests() {
    let [search, read, failing, stats] = &*commands() else { panic!("{:?}", commands()) };
    let (account, receiver) = (new_account().await, Receiver::start().await);
    receiver.set_answer("/down", Answer::Status(500));
    let webhook = NewWebhook::new(&receiver.url("/down")).without_retries();
    let webhook = account.create_webhook(webhook).await;
    let report = json!({
        "id": unique_id(), "to": 918_867_130_000_u64, "status": "ANSWER", "webhook_id": webhook,
    });
    let id = account.report(&report).await;
    account
        .report(&json!({"id": unique_id(), "to": 918_867_130_001_u64, "webhook_id": webhook}))
        .await;
    logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;

    let now = jiff::Timestamp::now();
    let hour = jiff::SignedDuration::from_hours(1);
    // Without a zone: in the account's time zone, which is UTC.
    let plain = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let (from, to) = (plain(now - hour), plain(now + hour));
    let variables = [("NUMBER", "+91 88671 30000"), ("FROM", &*from), ("TO", &*to)];
    let found = until(SOON, "row", async || {
        let found = run(&account, search, &variables).await;
        (!found["data"].as_array().expect("rows").is_empty()).then_some(found)
    })
    .await;
    let [row] = found["data"].as_array().map(Vec::as_slice).unwrap_or_default() else {
        panic!("one row: {found}")
    };
    assert_eq!((&row["id"], &row["status"]), (&json!(id), &json!("failed")));
    let webhook_id = row["deliveries"][0]["webhook_id"].as_str().expect("a webhook");
    let report = run(&account, read, &[("REPORT", &id)]).await;
    let reason = report["deliveries"][0]["detail"].as_str().expect("a reason");
    assert!(reason.contains("500"), "{reason}");
    println!("reason for +91 88671 30000 in two requests: {reason}");

    let failing = run(&account, failing, &[("WEBHOOK", webhook_id)]).await;
    assert!(failing["data"].as_array().is_some_and(|all| !all.is_empty()), "{failing}");
    let stats = run(&account, stats, &[("WEBHOOK", webhook_id)]).await;
    assert_eq!(stats["data"].as_array().map(Vec::len), Some(25), "{stats}");
}
