//! The journal: searches by number and in order of arrival, and erasure.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test fail it"
)]

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use callhook::aws::dynamodb::DeliveriesTable;
use callhook::aws::{client, dynamodb};
use callhook::domain::account::Retention;
use callhook::domain::ids::ReportId;
use callhook::domain::journal::{JournalRow, PackedRows, pack};
use callhook::domain::report::Report;
use callhook::ports::store::{JournalWriter as _, NewPage};
use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, new_account, setting, unique_id};
use callhook_tests::process::Instance;
use callhook_tests::receiver::{Answer, Receiver};
use callhook_tests::wait::{SOON, until};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

const REPORTS: usize = 5_000;
const WEBHOOKS: usize = 40;
/// SQS redelivers the messages of a killed instance after a visibility timeout of 20 s, and the feed is 15 s behind.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Forty webhooks: five inactive, five deleted later, ten whose receiver answers 500.
struct World {
    account: Account,
    /// Runs until this value is dropped.
    _receiver: Receiver,
    webhooks: Vec<String>,
}

impl World {
    async fn new() -> Self {
        let (account, receiver) = (new_account().await, Receiver::start().await);
        receiver.set_answer("/failing", Answer::Status(500));
        let mut webhooks = Vec::new();
        for i in 0..WEBHOOKS {
            let path = if (10..20).contains(&i) { "/failing" } else { "/ok" };
            let status = if i < 5 { "inactive" } else { "active" };
            let webhook = NewWebhook::new(&receiver.url(&format!("{path}?{i}")));
            let webhook = webhook.with("status", status).without_retries();
            webhooks.push(account.create_webhook(webhook).await);
        }
        Self { account, _receiver: receiver, webhooks }
    }

    /// Report number `i`. Every 25th names no webhook.
    fn report(&self, i: usize) -> Value {
        let mut report = json!({
            "id": unique_id(), "to": 918_860_000_000_usize + i, "from": 918_068_280_000_u64, "source": "OBD",
            "status": "ANSWER", "start_at": "2021-04-09 16:27:39",
        });
        if i % 25 != 24 {
            report["webhook_ids"] = json!([self.webhooks[i % WEBHOOKS]]);
        }
        report
    }

    async fn submit(&self, from: usize, to: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for first in (from..to).step_by(100) {
            let reports: Vec<_> = (first..to.min(first + 100)).map(|i| self.report(i)).collect();
            let answer = until(SOON, "acceptance of reports", async || {
                let reply = self.account.api.post("/v1/reports", &json!(reports)).await;
                (reply.status == 202).then(|| reply.expect(202))
            })
            .await;
            let accepted = answer["reports"].as_array().expect("reports").iter();
            ids.extend(accepted.map(|report| report["id"].as_str().expect("an id").to_owned()));
        }
        ids
    }

    async fn search(&self, query: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/reports?{query}{cursor}");
            let page = self.account.api.get(&path).await.expect(200);
            rows.extend(page["data"].as_array().cloned().unwrap_or_default());
            let Some(next) = page["next_cursor"].as_str() else { return rows };
            cursor = format!("&cursor={next}");
        }
    }
}

/// Reads the feed in order of arrival until it has `count` reports, or none arrives for `TIMEOUT`.
async fn follow(account: &Account, count: usize) -> Vec<String> {
    let (mut ids, mut after, mut last) = (Vec::new(), String::new(), Instant::now());
    while ids.len() < count && last.elapsed() < TIMEOUT {
        let path = format!("/v1/reports?order=arrival&limit=100{after}");
        let reply = account.api.get(&path).await;
        if reply.status != 200 {
            // The cloud does not answer for a moment after deliver was killed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        }
        let page = reply.expect(200);
        let rows = page["data"].as_array().cloned().unwrap_or_default();
        if !rows.is_empty() {
            last = Instant::now();
        } else if page["is_up_to_date"] == true {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        ids.extend(rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        after = format!("&after={}", page["next_cursor"].as_str().expect("a cursor"));
    }
    ids
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["id"].as_str()).collect()
}

/// How many items of the table Deliveries contain one of these reports.
async fn mentions(reports: &HashSet<&str>) -> usize {
    let client = dynamodb::client(&client::from_env().expect("the environment of the cloud"));
    let table = setting("CALLHOOK_DELIVERIES_TABLE");
    let mut items = client.scan().table_name(table).into_paginator().items().send();
    let mut found = 0;
    while let Some(item) = items.next().await {
        let item = item.expect("a scan");
        let is_tombstone = item["pk"].as_s().is_ok_and(|pk| pk.starts_with("ERASED#"));
        let rows = match item.get("rows") {
            Some(AttributeValue::S(json)) => PackedRows::Plain(json.clone()),
            Some(AttributeValue::B(bytes)) => PackedRows::Deflated(bytes.as_ref().to_vec()),
            _ => PackedRows::Plain("[]".to_owned()),
        };
        let rows = rows.unpack().expect("rows");
        let is_named = item["sk"].as_s().is_ok_and(|sk| reports.contains(sk.as_str()));
        let has_row = rows.iter().any(|row| reports.contains(row.report_id.to_string().as_str()));
        found += usize::from((is_named && !is_tombstone) || has_row);
    }
    found
}

#[tokio::test]
async fn every_report_is_found_by_its_number_and_listed_once() {
    let world = World::new().await;
    let follower = follow(&world.account, REPORTS);
    let submissions = async {
        let mut all = world.submit(0, REPORTS / 3).await;
        kill_deliver().await;
        all.extend(world.submit(REPORTS / 3, REPORTS * 2 / 3).await);
        kill_deliver().await;
        for webhook in &world.webhooks[5..10] {
            let deleted = world.account.api.delete(&format!("/v1/webhooks/{webhook}")).await;
            assert_eq!(deleted.status, 204);
        }
        all.extend(world.submit(REPORTS * 2 / 3, REPORTS).await);
        all
    };
    let began = Instant::now();
    let (arrived, accepted) = tokio::join!(follower, submissions);
    println!("{REPORTS} reports arrived in the feed within {:.1} s", began.elapsed().as_secs_f64());
    let mut times: HashMap<&str, usize> = HashMap::new();
    for id in &arrived {
        *times.entry(id).or_default() += 1;
    }
    let wrong: Vec<_> = accepted.iter().filter(|id| times.get(id.as_str()) != Some(&1)).collect();
    assert!(wrong.is_empty(), "{} reports are not in the feed once: {wrong:?}", wrong.len());
    assert_eq!(arrived.len(), REPORTS);

    for _ in 0..10 {
        let i = usize::try_from(Uuid::now_v7().as_u128() % 5_000).unwrap_or(0);
        let webhook = i % WEBHOOKS;
        let expected: &[&str] = match webhook {
            _ if i % 25 == 24 => &["skipped"],
            0..5 => &["skipped"],
            // Depends on when the webhook was deleted.
            5..10 => &["delivered", "skipped"],
            // The circuit is open, so later deliveries wait.
            10..20 => &["failed", "pending"],
            _ => &["delivered"],
        };
        let number = format!("number=%2B91%20886%20{i:07}");
        let found = until(TIMEOUT, &format!("status {expected:?} of report {i}"), async || {
            let began = Instant::now();
            let found = world.search(&number).await;
            let (took, status) = (began.elapsed().as_millis(), found[0]["status"].clone());
            let is_done = status.as_str().is_some_and(|status| expected.contains(&status));
            is_done.then(|| {
                println!("number …{i:04}: {} row in {took} ms: {status}", found.len());
                found
            })
        })
        .await;
        assert_eq!(ids(&found), [accepted[i].as_str()]);
        let deliveries = &found[0]["deliveries"];
        let webhooks: Vec<_> =
            deliveries.as_array().into_iter().flatten().map(|one| &one["webhook_id"]).collect();
        if i % 25 == 24 {
            assert!(webhooks.is_empty() && found[0]["reason"] == "no_webhook", "{found:?}");
        } else {
            assert_eq!(webhooks, [&json!(world.webhooks[webhook])]);
        }
    }

    let erased: HashSet<&str> = [7, 24, 1_003, 2_012, 4_999].map(|i| accepted[i].as_str()).into();
    for id in &erased {
        let gone = world.account.api.delete(&format!("/v1/reports/{id}")).await;
        assert_eq!(gone.status, 204, "{id}");
    }
    let left: HashSet<String> = world
        .search("limit=100")
        .await
        .iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(left.len(), REPORTS - erased.len());
    assert!(erased.iter().all(|id| !left.contains(*id)));
    assert_eq!(mentions(&erased).await, 0, "items with erased reports");
}

/// A day with 100,000 reports in pages of 25 rows, as deliver packs arrays.
#[tokio::test]
async fn a_number_is_found_among_a_hundred_thousand_reports() {
    const DAY: usize = 100_000;
    let account = new_account().await;
    let client = dynamodb::client(&client::from_env().expect("the environment of the cloud"));
    let table = DeliveriesTable::new(client, setting("CALLHOOK_DELIVERIES_TABLE"));
    let now = Timestamp::now();
    let row = |i: usize| {
        let report = json!({
            "id": Uuid::now_v7(), "to": 918_860_000_000_usize + i, "from": 918_068_280_000_u64, "bridge": 918_068_289_999_u64,
            "source": "OBD", "status": "ANSWER", "mid": format!("1234-1333-{i}"), "flow_id": 123,
            "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55",
        });
        let report = Report::parse(&report.to_string()).expect("a report");
        let age = SignedDuration::from_millis(i64::try_from(i).expect("a number") * 860);
        let received_at = now - age;
        let id = ReportId::derive(&account.id.parse().expect("an id"), &report, None, received_at);
        JournalRow::new(id, received_at, &report, Vec::new())
    };
    for rows in (0..DAY).collect::<Vec<_>>().chunks(1_000) {
        let pages = rows.chunks(25).map(|rows| {
            // Reports of a page have the same time of receipt.
            let rows: Vec<_> = rows.iter().map(|i| row(*i)).collect();
            let received_at = rows[0].received_at;
            let rows = rows.into_iter().map(|row| JournalRow { received_at, ..row }).collect();
            let page = pack(rows).remove(0);
            let account_id = account.id.parse().expect("an id");
            NewPage { account_id, page, written_at: received_at, retention: Retention::default() }
        });
        for written in table.write_pages(&pages.collect::<Vec<_>>()).await {
            written.expect("a page is written");
        }
    }
    let number = 918_860_000_000_usize + DAY - 7;
    let (began, mut requests, mut cursor, mut found) =
        (Instant::now(), 0, String::new(), Vec::new());
    loop {
        let page =
            account.api.get(&format!("/v1/reports?number={number}{cursor}")).await.expect(200);
        requests += 1;
        found.extend(page["data"].as_array().cloned().unwrap_or_default());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let took = began.elapsed();
    println!(
        "searched {DAY} reports for a number in {:.2} s, {requests} requests",
        took.as_secs_f64()
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["to"], number.to_string());
}

/// Kills all instances of deliver.
async fn kill_deliver() {
    let processes = until(SOON, "instance of deliver", async || {
        let processes = Instance::all_of("deliver");
        (!processes.is_empty()).then_some(processes)
    })
    .await;
    processes.iter().for_each(Instance::kill);
}
