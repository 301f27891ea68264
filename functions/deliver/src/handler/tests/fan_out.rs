//! Accounts with a quota of deliveries, whose reports are deferred whole until they may fan out.

use std::collections::HashMap;

use callhook::domain::account::AccountId;
use callhook::domain::erasure::Tombstone;
use callhook::domain::message::{FanOut, Message, ReportsMessage};
use callhook::domain::report::ReportKey;
use callhook::ports::queue::Outgoing;
use callhook::ports::store::{ErasureMarker, ReportEraser, ReportQuota, WebhookAdmin};
use callhook::testing::NewWebhook;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::testing::{Harness, accepted, account, id_of, message_at};

const WEBHOOKS: usize = 10;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_764_205_483 + seconds).unwrap()
}

/// An account with a quota of deliveries and ten webhooks that subscribe to everything.
async fn limited(per_second: u32) -> Harness {
    let harness = Harness::new().await;
    harness.clock.set(at(0));
    harness.account(json!({"quotas": {"deliveries_per_second": per_second}})).await;
    for _ in 0..WEBHOOKS {
        let webhook = harness.webhook("200").await;
        harness.subscribe(webhook, "all").await;
    }
    harness
}

fn reports(count: usize) -> Vec<Value> {
    (0..count).map(|id| json!({"id": id})).collect()
}

fn waiting(queued: &[Outgoing]) -> Vec<ReportsMessage> {
    let read = |outgoing: &Outgoing| match Message::parse(&outgoing.body).unwrap() {
        Message::Reports(message) => message,
        other => panic!("a whole report waits, not {other:?}"),
    };
    queued.iter().map(read).collect()
}

/// Delays in whole seconds, as SQS counts them.
fn delays(queued: &[Outgoing]) -> Vec<u128> {
    queued.iter().map(|outgoing| outgoing.delay.as_millis().div_ceil(1_000)).collect()
}

/// Handles the queued messages one by one, each when it is visible; gives the requests of each second.
async fn drain(harness: &Harness) -> Vec<(i64, usize)> {
    let (start, mut sent, mut queued) = (harness.clock.now(), Vec::new(), Vec::new());
    loop {
        let now = harness.clock.now();
        queued.extend(harness.take_queued().into_iter().map(|outgoing| {
            let seconds = outgoing.delay.as_millis().div_ceil(1_000);
            (now + SignedDuration::from_secs(i64::try_from(seconds).unwrap()), outgoing)
        }));
        queued.sort_by_key(|(at, _)| *at);
        let Some((visible_at, _)) = queued.first() else { return sent };
        harness.clock.set(now.max(*visible_at));
        let (_, outgoing) = queued.remove(0);
        let before = harness.requests().len();
        assert_eq!(harness.handle(&[outgoing.body]).await, [0; 0]);
        let requests = harness.requests().len() - before;
        let second = harness.clock.now().duration_since(start).as_secs();
        match sent.last_mut() {
            Some((last, count)) if *last == second => *count += requests,
            _ => sent.push((second, requests)),
        }
    }
}

fn assert_each_once(harness: &Harness, reports: usize) {
    let mut copies: HashMap<_, usize> = HashMap::new();
    for request in harness.receivers.sent.lock().unwrap().iter() {
        // Each webhook signs with a secret of its own; the clock stands still within a batch.
        let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
        *copies.entry((header("webhook-id"), header("webhook-signature"))).or_default() += 1;
    }
    assert_eq!(copies.len(), reports * WEBHOOKS);
    assert!(copies.values().all(|count| *count == 1), "{copies:?}");
}

async fn line_end(harness: &Harness) -> Timestamp {
    harness.table.report_terms(&account()).await.unwrap().backlog.unwrap().end
}

#[tokio::test]
async fn reports_beyond_the_quota_wait_whole_and_fan_out_at_their_turn() {
    let harness = limited(20).await;
    assert_eq!(harness.handle(&[message_at(at(0), &reports(7))]).await, [0; 0]);
    assert_eq!(harness.requests().len(), 20, "the permits of a second");
    let queued = harness.take_queued();
    assert_eq!(delays(&queued), [1, 2, 3]);
    let messages = waiting(&queued);
    let counts: Vec<_> = messages.iter().map(|message| message.reports.len()).collect();
    assert_eq!(counts, [2, 2, 1], "five reports wait in three messages");
    let permits: Vec<_> = messages.iter().map(|message| message.fan_out.unwrap().due_at).collect();
    assert_eq!(permits, [at(1), at(2), at(3)]);

    harness.deliver.writer.retries.sent.lock().unwrap().extend(queued);
    let end = line_end(&harness).await;
    assert_eq!(drain(&harness).await, [(1, 20), (2, 20), (3, 10)]);
    assert_each_once(&harness, 7);
    assert_eq!(line_end(&harness).await, end, "the report takes no permits again");
}

#[tokio::test]
async fn a_redelivered_message_sends_nothing_twice() {
    let harness = limited(20).await;
    let batch = [message_at(at(0), &reports(4))];
    // As if the instance was killed before it answered.
    for _ in 0..2 {
        assert_eq!(harness.handle(&batch).await, [0; 0]);
    }
    let seconds = drain(&harness).await;
    assert_each_once(&harness, 4);
    assert!(seconds.iter().all(|(_, requests)| *requests <= 20), "{seconds:?}");
}

#[tokio::test]
async fn deliveries_made_before_take_no_permits_again() {
    let harness = limited(20).await;
    let batch = [message_at(at(0), &reports(2))];
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    let end = line_end(&harness).await;
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    assert_eq!(line_end(&harness).await, end);
    assert!(harness.take_queued().is_empty());
}

#[tokio::test]
async fn the_record_of_a_report_that_cannot_be_deferred_fails() {
    let harness = Harness::with(|deliver| deliver.writer.retries.fails = true).await;
    harness.clock.set(at(0));
    harness.account(json!({"quotas": {"deliveries_per_second": 1}})).await;
    let webhook = harness.webhook("200").await;
    harness.subscribe(webhook, "all").await;
    let batch = [message_at(at(0), &[json!({"id": 1}), json!({"id": 2})])];
    assert_eq!(harness.handle(&batch).await, [0]);
    assert_eq!(harness.requests().len(), 1);
}

#[tokio::test]
async fn reports_of_other_accounts_in_the_batch_go_now() {
    let harness = limited(20).await;
    let other: AccountId = "other".parse().unwrap();
    let webhook = NewWebhook::new("http://receiver.example/202").build(at(0));
    harness.table.create_webhook(&other, &webhook).await.unwrap();
    let report = accepted(&json!({"id": 1, "webhook_id": webhook.id}));
    let message = ReportsMessage {
        account_id: other,
        received_at: at(0),
        reports: vec![report],
        fan_out: None,
    };
    let batch = [message_at(at(0), &reports(20)), message.to_json().unwrap()];
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    assert_eq!(harness.requests().iter().filter(|path| *path == "202").count(), 1);
    assert_eq!(harness.requests().len(), 21);
}

#[tokio::test]
async fn a_report_with_more_deliveries_than_a_second_has_goes_whole_and_others_wait_for_it() {
    let harness = limited(2).await;
    assert_eq!(harness.handle(&[message_at(at(0), &reports(2))]).await, [0; 0]);
    assert_eq!(harness.requests().len(), WEBHOOKS);
    assert_eq!(drain(&harness).await, [(5, WEBHOOKS)]);
    assert_each_once(&harness, 2);
}

#[tokio::test]
async fn a_report_deferred_for_hours_is_requeued_every_quarter_of_an_hour() {
    let harness = limited(1).await;
    // 360 reports of ten deliveries are an hour.
    for first in (0..360).step_by(20) {
        let some: Vec<_> = (first..first + 20).map(|id| json!({"id": id})).collect();
        assert_eq!(harness.handle(&[message_at(at(0), &some)]).await, [0; 0]);
    }
    let queued = harness.take_queued();
    assert!(queued.iter().all(|outgoing| outgoing.delay <= Outgoing::MAX_DELAY));
    let last = queued.into_iter().next_back().unwrap();
    assert_eq!(waiting(std::slice::from_ref(&last))[0].fan_out.unwrap().due_at, at(3_590));
    harness.receivers.sent.lock().unwrap().clear();
    harness.deliver.writer.retries.sent.lock().unwrap().push(last);
    assert_eq!(drain(&harness).await, [(900, 0), (1_800, 0), (2_700, 0), (3_590, WEBHOOKS)]);
    assert_each_once(&harness, 1);
}

#[tokio::test]
async fn a_deferred_report_that_is_erased_is_dropped_when_it_is_requeued() {
    let harness = limited(20).await;
    let (gone, stays) = (json!({"id": 1}), json!({"id": 2}));
    let reports = vec![accepted(&gone), accepted(&stays)];
    let report = ReportKey { account_id: account(), report_id: id_of(&gone) };
    harness.table.mark_erasures(&account(), at(0)).await.unwrap();
    harness.log.put_tombstone(&Tombstone { report, asked_at: at(0) }).await.unwrap();
    let message = |reports| ReportsMessage {
        account_id: account(),
        received_at: at(0),
        reports,
        fan_out: Some(FanOut { due_at: at(2_000), deliveries: 10 }),
    };
    let both = message(reports.clone()).to_json().unwrap();
    let only_gone = message(reports[..1].to_vec()).to_json().unwrap();
    assert_eq!(harness.handle(&[both, only_gone]).await, [0; 0]);
    let queued = waiting(&harness.take_queued());
    assert_eq!(queued, [message(reports[1..].to_vec())]);
    assert!(harness.requests().is_empty());
}

#[tokio::test]
async fn webhooks_that_subscribe_while_a_report_waits_need_permits() {
    let harness = limited(20).await;
    assert_eq!(harness.handle(&[message_at(at(0), &reports(3))]).await, [0; 0]);
    assert_eq!(harness.requests().len(), 20);
    for _ in 0..40 {
        let webhook = harness.webhook("200").await;
        harness.subscribe(webhook, "all").await;
    }
    // The next report has fifty permits from 1.5 s on, so the forty missing ones begin at 4 s.
    assert_eq!(harness.handle(&[message_at(at(0), &[json!({"id": "next"})])]).await, [0; 0]);
    let seconds = drain(&harness).await;
    assert_eq!(seconds, [(1, 0), (2, 50), (4, 50)]);
    assert_eq!(line_end(&harness).await, at(6), "each delivery has a permit");
}

#[tokio::test]
async fn a_report_that_has_waited_does_not_wait_for_a_few_more_webhooks() {
    let harness = limited(20).await;
    assert_eq!(harness.handle(&[message_at(at(0), &reports(3))]).await, [0; 0]);
    assert_eq!(harness.requests().len(), 20);
    for _ in 0..5 {
        let webhook = harness.webhook("200").await;
        harness.subscribe(webhook, "all").await;
    }
    assert_eq!(drain(&harness).await, [(1, 15)]);
}

#[tokio::test]
async fn retries_take_no_permits() {
    let harness = Harness::new().await;
    harness.clock.set(at(0));
    harness.account(json!({"quotas": {"deliveries_per_second": 1}})).await;
    let webhook = harness.webhook("500").await;
    harness.subscribe(webhook, "all").await;
    assert_eq!(harness.handle(&[message_at(at(0), &[json!({"id": 1})])]).await, [0; 0]);
    let end = line_end(&harness).await;
    harness.run_queue(std::time::Duration::from_mins(1)).await;
    assert_eq!(harness.requests().len(), 2);
    assert_eq!(line_end(&harness).await, end);
}
