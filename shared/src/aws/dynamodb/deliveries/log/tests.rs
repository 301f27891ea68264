use super::*;
use crate::domain::delivery::{ReplayScope, Trigger};
use crate::domain::ids::{ReplayId, WebhookId};
use crate::ports::store::DeliveryReader;
use crate::testing::TestTables;
use crate::testing::log::{CALL_END, at, attempt, key, report, report_id, update};

const DELIVERED: DeliveryState = DeliveryState::Delivered;

async fn table() -> DeliveriesTable {
    TestTables::start().await.unwrap().deliveries()
}

fn a_key() -> DeliveryKey {
    key(WebhookId::generate(), report_id(CALL_END, 3))
}

/// A record of an attempt with this status code.
fn attempted(key: DeliveryKey, code: u16, state: DeliveryState) -> DeliveryUpdate {
    DeliveryUpdate { attempt: Some(attempt(Ok(code), b"")), ..update("acme", key, state) }
}

async fn write_all(table: &DeliveriesTable, records: Vec<(DeliveryUpdate, PriorEntry)>) {
    let writes = records.into_iter().map(|(update, before)| LogWrite { update, prior: before });
    let failed = table.write_updates(writes.collect()).await;
    assert!(failed.is_empty(), "{failed:?}");
}

async fn stored(table: &DeliveriesTable, key: DeliveryKey) -> Option<LogEntry> {
    table.look_up(&[key], &HashSet::new()).await.unwrap().logged.remove(&key)
}

#[tokio::test]
async fn an_unwanted_report_that_is_twice_in_a_batch_is_logged() {
    let table = table().await;
    let unwanted = |n| UnwantedReport {
        account_id: "acme".parse().unwrap(),
        report_id: report_id(CALL_END, n),
        report: report(),
        received_at: at(),
        at: at(),
        retention: crate::domain::account::Retention::default(),
    };
    let failed = table.write_unwanted_reports(vec![unwanted(1), unwanted(2), unwanted(1)]).await;
    assert!(failed.is_empty(), "{failed:?}");
    for n in [1, 2] {
        let id = report_id(CALL_END, n);
        let found = table.report(&"acme".parse().unwrap(), id, &[]).await.unwrap();
        assert_eq!(found.unwrap().status(), "skipped");
    }
}

#[tokio::test]
async fn two_outcomes_of_one_delivery_in_a_batch_are_both_logged() {
    let table = table().await;
    let key = a_key();
    let trigger = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::All };
    let replayed = DeliveryUpdate { trigger, ..attempted(key, 202, DELIVERED) };
    let first = attempted(key, 200, DELIVERED);
    write_all(&table, vec![(first, PriorEntry::Absent), (replayed, PriorEntry::Absent)]).await;
    let mut codes: Vec<_> = stored(&table, key)
        .await
        .unwrap()
        .attempts
        .iter()
        .map(|attempt| attempt.status_code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [Some(200), Some(202)]);
}

#[tokio::test]
async fn a_replaced_entry_is_not_mistaken_for_the_one_read_before() {
    let table = table().await;
    let key = a_key();
    let next_attempt_at = at();
    let retrying = DeliveryState::Retrying { next_attempt_at };
    write_all(&table, vec![(attempted(key, 500, retrying.clone()), PriorEntry::Absent)]).await;
    let seen = stored(&table, key).await.unwrap();
    // Another instance writes a success without reading the entry.
    write_all(&table, vec![(attempted(key, 200, DELIVERED), PriorEntry::Absent)]).await;
    let retry = DeliveryUpdate { number: 2, ..attempted(key, 500, retrying) };
    write_all(&table, vec![(retry, PriorEntry::Known(Box::new(seen)))]).await;
    let entry = stored(&table, key).await.unwrap();
    assert_eq!(entry.state, DELIVERED, "a delivered entry stays delivered");
}

#[tokio::test]
async fn a_repeated_write_adds_no_second_attempt() {
    let table = table().await;
    let key = a_key();
    let state = DeliveryState::Retrying { next_attempt_at: at() };
    let first = attempted(key, 500, state.clone());
    // The SDK sends the same write again: its condition fails, as the first write succeeded.
    for _ in 0..2 {
        write_all(&table, vec![(first.clone(), PriorEntry::Absent)]).await;
    }
    let seen = stored(&table, key).await.unwrap();
    assert_eq!(seen.attempts.len(), 1);
    let second = DeliveryUpdate { number: 2, ..attempted(key, 503, state.clone()) };
    for _ in 0..2 {
        let before = PriorEntry::Known(Box::new(seen.clone()));
        write_all(&table, vec![(second.clone(), before)]).await;
    }
    assert_eq!(stored(&table, key).await.unwrap().attempts.len(), 2);
    // A copy of the message made the attempt at another time.
    let copy = DeliveryUpdate { at: at() + std::time::Duration::from_millis(1), ..second };
    write_all(&table, vec![(copy, PriorEntry::Known(Box::new(seen)))]).await;
    assert_eq!(stored(&table, key).await.unwrap().attempts.len(), 3);
}

#[tokio::test]
async fn a_look_up_of_many_entries_abridges_responses_and_no_write_drops_them() {
    const BODY: &[u8] = &[b'x'; crate::domain::delivery::Attempt::MAX_BODY];
    let table = table().await;
    let webhook = WebhookId::generate();
    let keys: Vec<_> = (0..150).map(|n| key(webhook, report_id(CALL_END, n))).collect();
    let state = DeliveryState::Failed { reason: "no attempt is left".to_owned() };
    let failed = |key: DeliveryKey, number| DeliveryUpdate {
        number,
        attempt: Some(attempt(Ok(500), BODY)),
        ..update("acme", key, state.clone())
    };
    let item = |key: &DeliveryKey| {
        let records = (1..LogEntry::MAX_ATTEMPTS).map(|n| failed(*key, n.try_into().unwrap()));
        let entry = records.fold(None, |entry, update| Some(LogEntry::after(entry, &update)));
        delivery_item(WRITING, &entry.unwrap(), &report())
    };
    for part in keys.chunks(MAX_WRITES) {
        table.put_items(part.iter().map(item).collect()).await.unwrap();
    }

    let found = table.look_up(&keys, &HashSet::new()).await.unwrap().logged;
    assert_eq!(found.len(), keys.len());
    let bytes: usize = found.values().map(LogEntry::response_bytes).sum();
    assert!((1..=MAX_RESPONSE_BYTES).contains(&bytes), "{bytes}");
    let abridged = found.values().find(|entry| entry.is_abridged).unwrap();
    assert_eq!((abridged.scheduled_attempts, abridged.response_bytes()), (39, 0));

    let last = failed(abridged.key, 40);
    write_all(&table, vec![(last, PriorEntry::Known(Box::new(abridged.clone())))]).await;
    let written = table.delivery(&"acme".parse().unwrap(), abridged.key).await.unwrap().unwrap();
    assert_eq!(written.entry.response_bytes(), LogEntry::MAX_ATTEMPTS * BODY.len());
    assert_eq!(written.report, report());
}
