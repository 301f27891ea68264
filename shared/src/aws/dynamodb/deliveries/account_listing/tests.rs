use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::*;
use crate::domain::delivery::{DeliveryState, SkipReason};
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::report::ReportKey;
use crate::ports::store::{DeliveryReader as _, ReportEraser as _};
use crate::testing::TestTables;
use crate::testing::log::{CALL_END, at, key, report_id, update, update_of, write};

fn failed() -> DeliveryState {
    DeliveryState::Failed { reason: "no attempt is left".to_owned() }
}

/// The state of the report number `n`; each third is delivered.
fn state(n: u16) -> DeliveryState {
    let next_attempt_at = at();
    match n % 6 {
        0 => failed(),
        1 => DeliveryState::Retrying { next_attempt_at },
        2 => DeliveryState::Pending { next_attempt_at },
        3 => DeliveryState::Skipped { reason: SkipReason::WebhookInactive },
        _ => DeliveryState::Delivered,
    }
}

fn second(n: u16) -> ReportId {
    report_id(CALL_END + u64::from(n) * 1_000, n)
}

fn filter(pairs: &[(&str, &str)]) -> UndeliveredFilter {
    let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    UndeliveredFilter::from_query(&query.collect::<HashMap<_, _>>(), TimeZone::UTC).unwrap()
}

/// All pages of a list as `account` sees it.
async fn all(
    table: &DeliveriesTable,
    account: &str,
    filter: &UndeliveredFilter,
    limit: usize,
) -> Vec<DeliveryKey> {
    let account = account.parse().unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { limit, after };
        let page = table.undelivered(&account, filter, &request).await.unwrap();
        assert!(page.data.len() <= limit);
        all.extend(page.data.into_iter().map(|delivery| delivery.key));
        let Some(next) = page.next_cursor else { return all };
        after = Some(next.parse().unwrap());
    }
}

/// `keys` in the order of the list.
fn in_order(mut keys: Vec<DeliveryKey>) -> Vec<DeliveryKey> {
    keys.sort_by_key(|key| Reverse(Position::of(*key)));
    keys
}

#[tokio::test]
async fn every_status_is_listed_latest_first_over_all_webhooks() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhooks: Vec<_> = (0..5).map(|_| WebhookId::generate()).collect();
    let mut written = Vec::new();
    for n in 0..48 {
        let key = key(webhooks[usize::from(n) % 5], second(n));
        write(&table, update("acme", key, state(n))).await;
        written.push((key, state(n)));
    }
    for asked in ["pending", "retrying", "failed", "skipped", "failing"] {
        let filter = filter(&[("status", asked)]);
        let wanted = written.iter().filter(|(_, state)| filter.matches(state));
        let wanted = in_order(wanted.map(|(key, _)| *key).collect());
        assert!(!wanted.is_empty());
        assert_eq!(all(&table, "acme", &filter, 7).await, wanted, "{asked}");
    }
    let none = UndeliveredFilter::default();
    assert_eq!(all(&table, "acme", &none, 100).await.len(), 32);
    assert_eq!(all(&table, "other", &none, 7).await, []);
}

#[tokio::test]
async fn pages_end_within_the_deliveries_of_one_report() {
    let table = TestTables::start().await.unwrap().deliveries();
    let mut keys = Vec::new();
    for n in 0..3 {
        for _ in 0..20 {
            let key = key(WebhookId::generate(), second(n));
            write(&table, update("acme", key, failed())).await;
            keys.push(key);
        }
    }
    let none = UndeliveredFilter::default();
    let wanted = in_order(keys);
    for limit in [3, 7, 100] {
        assert_eq!(all(&table, "acme", &none, limit).await, wanted, "{limit}");
    }
}

#[tokio::test]
async fn a_range_selects_by_report_time_in_the_accounts_zone() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = WebhookId::generate();
    for n in 0..40 {
        write(&table, update("acme", key(webhook, second(n)), failed())).await;
    }
    let range = [("from", "2021-04-09 16:28:05"), ("to", "2021-04-09T16:28:20Z")];
    let wanted: Vec<_> = (10..25).rev().map(|n| key(webhook, second(n))).collect();
    assert_eq!(all(&table, "acme", &filter(&range), 4).await, wanted);

    // The id of a report without a time does not tell whether the report is in the range.
    let received_at = "2021-04-09T16:28:10Z".parse().unwrap();
    let timeless = update_of("acme", webhook, r#"{"id": "1"}"#, received_at, failed());
    let timeless_key = timeless.key;
    write(&table, timeless).await;
    let found = all(&table, "acme", &filter(&range), 4).await;
    assert_eq!(found.last(), Some(&timeless_key));
    assert_eq!(found.len(), wanted.len() + 1);
    let later = filter(&[("from", "2021-04-09T16:28:11Z"), ("to", "2021-04-09T16:28:20Z")]);
    assert!(!all(&table, "acme", &later, 4).await.contains(&timeless_key));
}

#[tokio::test]
async fn a_delivery_leaves_the_list_when_it_is_delivered_or_erased() {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = WebhookId::generate();
    let keys: Vec<_> = (0..3).map(|n| key(webhook, second(n))).collect();
    for key in &keys {
        write(&table, update("acme", *key, failed())).await;
    }
    let mut delivered = update("acme", keys[0], DeliveryState::Delivered);
    delivered.number = 2;
    write(&table, delivered).await;
    let none = UndeliveredFilter::default();
    assert_eq!(all(&table, "acme", &none, 7).await, [keys[2], keys[1]]);

    let report = ReportKey { account_id: "acme".parse().unwrap(), report_id: keys[2].report_id };
    assert!(table.erase(&report, &[webhook], None).await.unwrap());
    assert_eq!(all(&table, "acme", &none, 7).await, [keys[1]]);
}

#[tokio::test]
async fn an_entry_of_an_earlier_version_is_listed_by_its_webhook_only() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    let key = key(WebhookId::generate(), second(0));
    write(&table, update("acme", key, failed())).await;
    let (pk, sk) = (super::super::delivery_pk(key), key.report_id.to_string());
    for attribute in [UNDELIVERED_OF, UNDELIVERED_ID] {
        tables.remove_attribute(crate::testing::DELIVERIES, &pk, &sk, attribute).await.unwrap();
    }
    let none = UndeliveredFilter::default();
    assert_eq!(all(&table, "acme", &none, 7).await, []);
    let account = "acme".parse().unwrap();
    let page = PageRequest { limit: 7, after: None };
    let found = table.deliveries(&account, key.webhook_id, &none.of_webhook(), &page).await;
    assert_eq!(found.unwrap().data.len(), 1);
    // Its next write puts it into the list.
    let mut again = update("acme", key, failed());
    again.number = 2;
    write(&table, again).await;
    assert_eq!(all(&table, "acme", &none, 7).await, [key]);
}

#[tokio::test]
async fn unreadable_or_stale_entries_do_not_hide_the_others() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    let webhook = WebhookId::generate();
    for n in 0..3 {
        write(&table, update("acme", key(webhook, second(n)), failed())).await;
    }
    for (n, status) in [(0, "lost"), (1, "delivered")] {
        // Both stay in the index.
        let update = tables.client.update_item().table_name(&table.table);
        let update = update
            .key("pk", s(super::super::delivery_pk(key(webhook, second(n)))))
            .key("sk", s(second(n).to_string()))
            .update_expression("SET #status = :status")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", s(status));
        update.send().await.unwrap();
    }
    let found = all(&table, "acme", &UndeliveredFilter::default(), 7).await;
    assert_eq!(found, [key(webhook, second(2))]);
}
