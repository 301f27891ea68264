//! Erasure of reports and accounts: nothing of them remains, is sent, or is stored again.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use callhook::aws::dynamodb::DeliveriesTable;
use callhook::aws::{client, dynamodb};
use callhook::domain::account::{AccountId, Retention};
use callhook::domain::erasure::UNKNOWN_PER_HOUR;
use callhook::domain::ids::ReportId;
use callhook::domain::journal::{JournalRow, PackedRows, pack};
use callhook::domain::report::Report;
use callhook::ports::store::{JournalWriter as _, NewPage};
use callhook::testing::NewWebhook;
use callhook_tests::api::Api;
use callhook_tests::cloud::{Account, logged, new_account, platform, setting, unique_id};
use callhook_tests::receiver::{Answer, Receiver};
use callhook_tests::replay::{day_of_reports, replayed};
use callhook_tests::wait::{SOON, until};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Longer than deliver caches an account (`ConfigCacheSeconds`): whether it erases reports is part of that.
const ACCOUNT_CACHED: Duration = Duration::from_millis(1_200);
/// Longer than the time until the second pass over a report: 51 s after the first on this cloud.
const SECOND_PASS: Duration = Duration::from_mins(2);
/// Longer than the erasure of an account: at least two minutes, until no request can be in flight.
const WHOLE_ACCOUNT: Duration = Duration::from_mins(5);

/// The keys of the items of both tables that contain `text`.
async fn mentions(text: &str) -> Vec<String> {
    let client = dynamodb::client(&client::from_env().unwrap());
    let mut found = Vec::new();
    for table in ["CALLHOOK_CONFIG_TABLE", "CALLHOOK_DELIVERIES_TABLE"] {
        let mut pages = client.scan().table_name(setting(table)).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            let item = item.unwrap();
            let key = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
            if item.values().any(|value| contains(value, text)) {
                found.push(format!("{:?} {:?}", key("pk"), key("sk")));
            }
        }
    }
    found
}

/// Stores a key as a crash of the accounts function leaves it: not revoked. Returns its hash.
async fn write_unrevoked_key(account: &str) -> String {
    let client = dynamodb::client(&client::from_env().unwrap());
    let hash = unique_id().replace('-', "").repeat(2);
    for (pk, sk) in [
        (format!("ACCT#{account}"), "KEY#0123456789ab".to_owned()),
        (format!("KEY#{hash}"), "KEY".to_owned()),
    ] {
        let put = client.put_item().table_name(setting("CALLHOOK_CONFIG_TABLE"));
        let put = put.item("pk", AttributeValue::S(pk)).item("sk", AttributeValue::S(sk));
        put.item("hash", AttributeValue::S(hash.clone())).send().await.unwrap();
    }
    hash
}

/// Writes a page of the journal as deliver does a minute after the receipt of its reports.
async fn write_late_page(account: &Account) {
    let client = dynamodb::client(&client::from_env().unwrap());
    let table = DeliveriesTable::new(client, setting("CALLHOOK_DELIVERIES_TABLE"));
    let written_at = Timestamp::now();
    let received_at = written_at - SignedDuration::from_mins(1);
    let report = Report::parse("{}").unwrap();
    let account_id: AccountId = account.id.parse().unwrap();
    let id = ReportId::derive(&account_id, &report, None, received_at);
    let page = pack(vec![JournalRow::new(id, received_at, &report, Vec::new())]).remove(0);
    let page = NewPage { account_id, page, written_at, retention: Retention::default() };
    for written in table.write_pages(&[page]).await {
        written.unwrap();
    }
}

fn contains(value: &AttributeValue, text: &str) -> bool {
    if let AttributeValue::B(bytes) = value {
        // A page of the journal.
        let rows = PackedRows::Deflated(bytes.as_ref().to_vec()).unpack().unwrap();
        return format!("{rows:?}").contains(text);
    }
    format!("{value:?}").contains(text)
}

/// Erases a report that may not be logged yet.
async fn erase(account: &Account, report: &str) {
    let reply = account.api.delete(&format!("/v1/reports/{report}")).await;
    assert!(matches!(reply.status, 204 | 404), "{reply:?}");
}

/// A unique phone number.
fn number() -> String {
    let digits = unique_id().bytes().filter(u8::is_ascii_digit).map(char::from).collect::<String>();
    format!("91{:0>10}", digits.chars().rev().take(10).collect::<String>())
}

async fn report_to(account: &Account, webhook: &str, number: &str) -> String {
    account.report(&json!({"id": unique_id(), "to": number, "webhook_id": webhook})).await
}

#[tokio::test]
async fn an_erased_report_is_deleted_everywhere() {
    let (account, receiver, number) = (new_account().await, Receiver::start().await, number());
    let webhook = account.webhook(&receiver.url("/hook")).await;
    let report = report_to(&account, &webhook, &number).await;
    logged(&webhook, &report, SOON, |entry| entry.state.has_ended()).await;
    let skipped = account.report(&json!({"id": unique_id(), "to": number})).await;
    let path = format!("/v1/reports/{skipped}");
    until(SOON, "report without webhooks", async || {
        (account.api.get(&path).await.status == 200).then_some(())
    })
    .await;
    // Each is in the log and in the journal.
    assert_eq!(mentions(&number).await.len(), 4);

    for report in [&report, &skipped] {
        let path = format!("/v1/reports/{report}");
        account.api.delete(&path).await.expect(204);
        account.api.delete(&path).await.expect(404);
        let gone = account.api.get(&path).await.expect(404);
        assert!(gone["detail"].as_str().unwrap().contains("erased"), "{gone}");
    }
    assert_eq!(mentions(&number).await, Vec::<String>::new());
    let delivery = format!("/v1/deliveries/{webhook}.{report}");
    account.api.get(&delivery).await.expect(404);
    account.api.post(&format!("{delivery}/resend"), &json!({})).await.expect(404);

    let requests = |report: &str| {
        let received = receiver.received().into_iter();
        received.filter(|request| request.header("webhook-id") == report).count()
    };
    let erased_at = Instant::now();
    until(SOON, "repetition after the cache expired", async || {
        let new = || json!({"id": unique_id(), "to": number, "webhook_id": webhook});
        let (again, other) = (new(), new());
        let id = account.report(&again).await;
        until(SOON, "request", async || (requests(&id) == 1).then_some(())).await;
        erase(&account, &id).await;
        let is_cached = erased_at.elapsed() < ACCOUNT_CACHED;
        // Both are in one message: once the other is logged, the erased one was processed as well.
        let answer = account.api.post("/v1/reports", &json!([again, other])).await.expect(202);
        let ids = [0, 1].map(|i| answer["reports"][i]["id"].as_str().unwrap());
        assert_eq!(ids[0], id, "the same report has the same id");
        logged(&webhook, ids[1], SOON, |entry| entry.state.has_ended()).await;
        if is_cached {
            // An instance of deliver may not know yet that the account erases reports.
            return None;
        }
        assert_eq!(ids.map(requests), [1, 1], "the erased one is not sent again");
        Some(())
    })
    .await;
    assert_eq!(requests(&report), 1);
}

#[tokio::test]
async fn a_report_erased_while_it_waits_or_is_in_flight_stays_erased() {
    let (account, receiver, number) = (new_account().await, Receiver::start().await, number());
    // Waits 5 s for its retry.
    receiver.set_answer("/down", Answer::Status(500));
    let down = account.webhook(&receiver.url("/down")).await;
    let waiting = report_to(&account, &down, &number).await;
    logged(&down, &waiting, SOON, |entry| entry.scheduled_attempts == 1).await;
    account.api.delete(&format!("/v1/reports/{waiting}")).await.expect(204);
    // The retry of this one is due later, with any jitter: 8 s and 5 s, ±20 %.
    let path = "/down/later";
    receiver.set_answer(path, Answer::Status(500));
    let later = NewWebhook::new(&receiver.url(path)).retrying_after(&[8]);
    let later = account.create_webhook(later).await;
    account.report(&json!({"id": unique_id(), "webhook_id": later})).await;

    // In flight, with another report in its page of the journal: the receiver answers seconds later.
    let slow = account.webhook(&receiver.url("/slow/3")).await;
    let both = [number.as_str(), "another"]
        .map(|to| json!({"id": unique_id(), "to": to, "webhook_id": slow}));
    let accepted = account.api.post("/v1/reports", &json!(both)).await.expect(202);
    let sending = accepted["reports"][0]["id"].as_str().unwrap().to_owned();
    until(SOON, "request", async || (!receiver.received_at("/slow/3").is_empty()).then_some(()))
        .await;
    erase(&account, &sending).await;
    until(SOON, "answer", async || receiver.received_at("/slow/3")[0].answered).await;

    until(SOON, "retry of the other report", async || {
        (receiver.received_at(path).len() > 1).then_some(())
    })
    .await;
    until(SECOND_PASS, "second pass", async || mentions(&number).await.is_empty().then_some(()))
        .await;
    assert_eq!(receiver.received_at("/down").len(), 1, "the erased report is not retried");
    for report in [waiting, sending] {
        account.api.get(&format!("/v1/reports/{report}")).await.expect(404);
    }
}

#[tokio::test]
async fn erasures_of_unknown_reports_are_limited_to_a_hundred_an_hour() {
    let account = new_account().await;
    let path = |n: u32| format!("/v1/reports/0178b776-1ef8-8b84-b3cc-{n:012x}");
    for n in 0..UNKNOWN_PER_HOUR {
        account.api.delete(&path(n)).await.expect(404);
    }
    // One more erasure is allowed every 36 s, so some may be by now.
    let mut refused = account.api.delete(&path(UNKNOWN_PER_HOUR)).await;
    for n in 1..=5 {
        if refused.status != 429 {
            refused = account.api.delete(&path(UNKNOWN_PER_HOUR + n)).await;
        }
    }
    assert_eq!(refused.expect(429)["type"], "urn:callhook:problem:rate-limited");
    assert!(refused.headers.contains_key("retry-after"));
    // The limit does not apply to stored reports.
    let report = account.report(&json!({"id": unique_id(), "to": number()})).await;
    until(SOON, "report", async || {
        (account.api.get(&format!("/v1/reports/{report}")).await.status == 200).then_some(())
    })
    .await;
    account.api.delete(&format!("/v1/reports/{report}")).await.expect(204);
}

#[tokio::test]
async fn an_erased_account_leaves_only_its_tombstone() {
    let (account, receiver, number) = (new_account().await, Receiver::start().await, number());
    receiver.set_answer("/down", Answer::Status(500));
    let (good, down, deleted) = (
        account.webhook(&receiver.url("/hook")).await,
        account.webhook(&receiver.url("/down")).await,
        account.webhook(&receiver.url("/hook")).await,
    );
    // Before a webhook subscribes.
    for is_erased in [false, true] {
        let skipped = account.report(&json!({"id": unique_id(), "to": number})).await;
        let path = format!("/v1/reports/{skipped}");
        until(SOON, "report without webhooks", async || {
            (account.api.get(&path).await.status == 200).then_some(())
        })
        .await;
        if is_erased {
            account.api.delete(&path).await.expect(204);
        }
    }
    // Stores only a tombstone and the use of the limit.
    account.api.delete("/v1/reports/0178b776-1ef8-8b84-b3cc-9e478dccfe28").await.expect(404);
    let rule = json!({"identity": "all", "webhook_id": good});
    account.api.post("/v1/subscriptions", &rule).await.expect(201);
    for webhook in [&good, &down, &deleted] {
        let report = report_to(&account, webhook, &number).await;
        logged(webhook, &report, SOON, |entry| entry.scheduled_attempts == 1).await;
    }
    account.api.delete(&format!("/v1/webhooks/{deleted}")).await.expect(204);
    replayed(&account, &good, &day_of_reports(), SOON).await;
    until(SOON, "figures of the account", async || {
        let stats = account.api.get("/v1/stats").await.expect(200);
        stats["data"].as_array().unwrap().iter().any(|hour| hour["attempts"] != 0).then_some(())
    })
    .await;
    let figures = format!("STATS#ACCOUNTS#{}", account.id);
    assert!(mentions(&account.id).await.iter().any(|key| key.contains(&figures)));
    write_late_page(&account).await;

    let (platform, path) = (platform(), format!("/v1/accounts/{}", account.id));
    platform.delete(&path).await.expect(400);
    account.api.delete(&format!("{path}?confirm={}", account.id)).await.expect(403);
    let unused =
        platform.post(&format!("{path}/keys"), &json!({"name": "unused"})).await.expect(201);
    let erasing = platform.delete(&format!("{path}?confirm={}", account.id)).await.expect(202);
    assert_eq!(erasing["status"], "erasing");
    let hash = write_unrevoked_key(&account.id).await;
    let acting = platform.and_header("x-account-id", &account.id);
    // The gateway has no cached answer for this key.
    let unused = Api::new(&setting("CALLHOOK_URL"), unused["key"].as_str().unwrap());
    for api in [&acting, &unused] {
        for reply in
            [api.post("/v1/reports", &json!({"to": number})).await, api.get("/v1/webhooks").await]
        {
            assert_eq!(reply.expect(403)["type"], "urn:callhook:problem:account-erasing");
        }
    }
    until(SOON, "deletion of the stored reports", async || {
        mentions(&number).await.is_empty().then_some(())
    })
    .await;
    until(WHOLE_ACCOUNT, "deletion of the account", async || {
        let reply = platform.get(&path).await;
        assert!([200, 404].contains(&reply.status), "{reply:?}");
        (reply.status == 404).then_some(())
    })
    .await;
    let refused = account.api.get("/v1/webhooks").await.status;
    assert!([401, 403].contains(&refused), "its key is revoked: {refused}");
    let left = mentions(&account.id).await;
    assert!(matches!(&*left, [tombstone] if tombstone.contains("ERASED")), "{left:?}");
    assert_eq!(mentions(&hash).await, Vec::<String>::new());
    assert_eq!(mentions(&number).await, Vec::<String>::new());
    let reused: Value = json!({"id": account.id, "name": "Another"});
    platform.post("/v1/accounts", &reused).await.expect(409);
}
