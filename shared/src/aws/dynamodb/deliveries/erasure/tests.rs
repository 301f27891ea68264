use super::*;
use crate::domain::delivery::{DeliveryState, DeliveryUpdate};
use crate::domain::ids::ReportId;
use crate::domain::report::Report;
use crate::ports::store::{DeliveryLog, DeliveryReader, LogWrite, PriorEntry, UnwantedReport};
use crate::testing::TestTables;
use crate::testing::log::{self, CALL_END, at, key as delivery_key, report_id, update, write};

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

fn report(n: u16) -> ReportKey {
    ReportKey { account_id: acme(), report_id: report_id(CALL_END, n) }
}

fn tombstone(report: &ReportKey) -> Tombstone {
    Tombstone { report: report.clone(), asked_at: at() }
}

async fn table() -> DeliveriesTable {
    TestTables::start().await.unwrap().deliveries()
}

async fn is_logged(table: &DeliveriesTable, webhook: WebhookId, id: ReportId) -> bool {
    let key = delivery_key(webhook, id);
    table.look_up(&[key], &HashSet::new()).await.unwrap().logged.contains_key(&key)
}

#[tokio::test]
async fn all_deliveries_of_a_report_are_deleted_and_no_others() {
    let table = table().await;
    let webhooks = [WebhookId::generate(), WebhookId::generate()];
    let [erased, other] = [report(1), report(9)];
    for webhook in webhooks {
        for report in [&erased, &other] {
            let key = delivery_key(webhook, report.report_id);
            write(&table, update("acme", key, DeliveryState::Delivered)).await;
        }
    }
    log::write_unwanted(&table, "acme", erased.report_id).await;
    table.erase(&erased, &webhooks, None).await.unwrap();
    assert_eq!(table.report(&acme(), erased.report_id, &webhooks).await.unwrap(), None);
    for webhook in webhooks {
        assert!(!is_logged(&table, webhook, erased.report_id).await);
        assert!(is_logged(&table, webhook, other.report_id).await);
    }
    table.erase(&erased, &webhooks, None).await.unwrap();
}

#[tokio::test]
async fn deliveries_to_webhooks_that_only_the_report_names_are_deleted() {
    let table = table().await;
    let [known, gone] = [WebhookId::generate(), WebhookId::generate()];
    let erased = report(1);
    for webhook in [known, gone] {
        let key = delivery_key(webhook, erased.report_id);
        let json = serde_json::json!({"webhook_ids": [known, gone]}).to_string();
        let report = Report::parse(&json).unwrap().into();
        let update = DeliveryUpdate { report, ..update("acme", key, DeliveryState::Delivered) };
        write(&table, update).await;
    }
    table.erase(&erased, &[known], None).await.unwrap();
    assert!(!is_logged(&table, gone, erased.report_id).await);
}

#[tokio::test]
async fn a_delivery_of_another_account_is_not_deleted() {
    let table = table().await;
    let webhook = WebhookId::generate();
    let key = delivery_key(webhook, report(1).report_id);
    write(&table, update("other", key, DeliveryState::Delivered)).await;
    table.erase(&report(1), &[webhook], None).await.unwrap();
    assert!(is_logged(&table, webhook, key.report_id).await);
    table.delete_all("test", &acme(), vec![item_key(key)]).await.unwrap();
    assert!(is_logged(&table, webhook, key.report_id).await, "it is another account's");
}

#[tokio::test]
async fn tombstones_are_found_by_account_and_report() {
    let table = table().await;
    table.put_tombstone(&tombstone(&report(1))).await.unwrap();
    table.put_tombstone(&tombstone(&report(1))).await.unwrap();
    let foreign = ReportKey { account_id: "other".parse().unwrap(), ..report(1) };
    let asked: HashSet<_> = (0..250).map(report).chain([foreign.clone()]).collect();
    assert_eq!(table.look_up(&[], &asked).await.unwrap().erased, HashSet::from([report(1)]));
    assert_eq!(table.look_up(&[], &HashSet::new()).await.unwrap().erased, HashSet::new());
    assert_eq!(table.tombstone(&report(1)).await.unwrap(), Some(tombstone(&report(1))));
    assert_eq!(table.tombstone(&foreign).await.unwrap(), None);
}

#[tokio::test]
async fn an_erased_report_is_not_written_again() {
    let table = table().await;
    let webhook = WebhookId::generate();
    let retrying = DeliveryState::Retrying { next_attempt_at: at() };
    let erased = report(1);
    let key = delivery_key(webhook, erased.report_id);
    write(&table, update("acme", key, retrying.clone())).await;
    let known = table.look_up(&[key], &HashSet::new()).await.unwrap().logged.remove(&key).unwrap();
    table.put_tombstone(&tombstone(&erased)).await.unwrap();
    table.erase(&erased, &[webhook], None).await.unwrap();

    let attempt = Some(log::attempt(Ok(200), b"+918867130000"));
    for before in [PriorEntry::Known(Box::new(known)), PriorEntry::Unknown] {
        let state = DeliveryState::Delivered;
        let update = DeliveryUpdate { attempt: attempt.clone(), ..update("acme", key, state) };
        let failed = table.write_updates(vec![LogWrite { update, prior: before }]).await;
        assert!(failed.is_empty(), "{failed:?}");
        assert!(!is_logged(&table, webhook, erased.report_id).await);
    }
    let unwanted = |n| UnwantedReport {
        account_id: acme(),
        report_id: report(n).report_id,
        report: log::report(),
        received_at: at(),
        at: at(),
        retention: crate::domain::account::Retention::default(),
    };
    assert!(table.write_unwanted_reports(vec![unwanted(1), unwanted(2)]).await.is_empty());
    assert!(table.report(&acme(), report(2).report_id, &[]).await.unwrap().is_some());
    let keys = vec![unwanted_key(&report(1))];
    let read = BatchRead { keys, projection: None, consistent: true };
    assert!(batch_get(&table.client, &table.table, "test", read).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_erased_report_that_an_attempt_in_flight_logs_is_not_shown() {
    let table = table().await;
    let webhook = WebhookId::generate();
    let erased = report(1);
    table.put_tombstone(&tombstone(&erased)).await.unwrap();
    let key = delivery_key(webhook, erased.report_id);
    let update = update("acme", key, DeliveryState::Delivered);
    let failed = table.write_updates(vec![LogWrite { update, prior: PriorEntry::Absent }]).await;
    assert!(failed.is_empty(), "{failed:?}");
    assert!(is_logged(&table, webhook, key.report_id).await, "batches have no conditions");
    assert_eq!(table.report(&acme(), key.report_id, &[webhook]).await.unwrap(), None);
    assert_eq!(table.delivery(&acme(), key).await.unwrap(), None);
    table.erase(&erased, &[webhook], None).await.unwrap();
    assert!(!is_logged(&table, webhook, key.report_id).await);
}
