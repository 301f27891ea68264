use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::super::delivery_pk;
use super::*;
use crate::domain::delivery::{DeliveryState, SkipReason};
use crate::ports::store::DeliveryReader as _;
use crate::testing::TestTables;
use crate::testing::log::{CALL_END, at, key, report_id, update, write};

/// The state of the report number `n`; each third is delivered.
fn state(n: u16) -> DeliveryState {
    let next_attempt_at = at();
    match n % 6 {
        0 => DeliveryState::Failed { reason: "no attempt is left".to_owned() },
        1 => DeliveryState::Retrying { next_attempt_at },
        2 => DeliveryState::Pending { next_attempt_at },
        3 => DeliveryState::Skipped { reason: SkipReason::Expired },
        _ => DeliveryState::Delivered,
    }
}

/// A webhook with 48 reports, one a second.
async fn webhook(table: &DeliveriesTable) -> WebhookId {
    let webhook = WebhookId::generate();
    for n in 0..48 {
        write(table, update("acme", key(webhook, second(n)), state(n))).await;
    }
    webhook
}

fn second(n: u16) -> ReportId {
    report_id(CALL_END + u64::from(n) * 1_000, n)
}

fn filter(pairs: &[(&str, &str)]) -> DeliveryFilter {
    let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    DeliveryFilter::from_query(&query.collect::<HashMap<_, _>>(), TimeZone::UTC).unwrap()
}

/// All pages of a list as `account` sees it.
async fn all(
    table: &DeliveriesTable,
    account: &str,
    webhook: WebhookId,
    filter: &DeliveryFilter,
) -> Vec<DeliverySummary> {
    let account = account.parse().unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { limit: 7, after };
        let page = table.deliveries(&account, webhook, filter, &request).await.unwrap();
        assert!(page.data.len() <= 7);
        all.extend(page.data);
        let Some(next) = page.next_cursor else { return all };
        after = Some(next.parse().unwrap());
    }
}

fn ids(deliveries: &[DeliverySummary]) -> Vec<ReportId> {
    deliveries.iter().map(|delivery| delivery.key.report_id).collect()
}

#[tokio::test]
async fn every_status_is_listed_latest_first_across_the_shards() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = webhook(&table).await;
    for asked in ["pending", "retrying", "delivered", "failed", "skipped", "failing"] {
        let filter = filter(&[("status", asked)]);
        let wanted = (0..48).rev().filter(|n| filter.status.matches(&state(*n)));
        let wanted: Vec<_> = wanted.map(second).collect();
        let found = all(&table, "acme", webhook, &filter).await;
        assert_eq!(ids(&found), wanted, "{asked}");
        assert!(found.iter().all(|each| filter.status.matches(&each.state)), "{asked}");
    }
    let found = all(&table, "acme", webhook, &DeliveryFilter::default()).await;
    assert_eq!(ids(&found), (0..48).rev().map(second).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_range_selects_by_report_time() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = webhook(&table).await;
    let range = [("from", "2021-04-09 16:28:05"), ("to", "2021-04-09T16:28:20Z")];
    let found = all(&table, "acme", webhook, &filter(&range)).await;
    assert_eq!(ids(&found), (10..25).rev().map(second).collect::<Vec<_>>());
    let failing = [("status", "failing"), range[0], range[1]];
    let found = all(&table, "acme", webhook, &filter(&failing)).await;
    assert_eq!(found.len(), 9);
}

#[tokio::test]
async fn new_deliveries_do_not_move_the_pages() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = webhook(&table).await;
    let account = "acme".parse().unwrap();
    let first = PageRequest { limit: 5, after: None };
    let none = DeliveryFilter::default();
    let first = table.deliveries(&account, webhook, &none, &first).await.unwrap();
    for n in 48..60 {
        write(&table, update("acme", key(webhook, second(n)), state(n))).await;
    }
    let after = first.next_cursor.map(|cursor| cursor.parse().unwrap());
    let second_page = PageRequest { limit: 5, after };
    let page = table.deliveries(&account, webhook, &none, &second_page).await.unwrap();
    assert_eq!(ids(&page.data), (38..43).rev().map(second).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_report_of_another_account_is_not_listed() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = WebhookId::generate();
    let skipped = DeliveryState::Skipped { reason: SkipReason::WebhookDeleted };
    write(&table, update("other", key(webhook, second(1)), skipped)).await;
    write(&table, update("acme", key(webhook, second(2)), state(0))).await;
    for filter in [DeliveryFilter::default(), filter(&[("status", "failing")])] {
        assert_eq!(ids(&all(&table, "acme", webhook, &filter).await), [second(2)]);
    }
}

#[tokio::test]
async fn unreadable_or_stale_entries_do_not_hide_the_others() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    let webhook = WebhookId::generate();
    for n in 0..3 {
        write(&table, update("acme", key(webhook, second(n)), state(0))).await;
    }
    for (n, status) in [(0, "lost"), (1, "delivered")] {
        // Both stay in the index.
        let update = tables.client.update_item().table_name(&table.table);
        let update = update
            .key("pk", s(delivery_pk(key(webhook, second(n)))))
            .key("sk", s(second(n).to_string()))
            .update_expression("SET #status = :status")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", s(status));
        update.send().await.unwrap();
    }
    let failing = all(&table, "acme", webhook, &filter(&[("status", "failing")])).await;
    assert_eq!(ids(&failing), [second(2)]);
    let found = all(&table, "acme", webhook, &DeliveryFilter::default()).await;
    assert_eq!(ids(&found), [second(2), second(1)]);
}
