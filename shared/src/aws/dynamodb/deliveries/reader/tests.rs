use crate::domain::delivery::{DeliveryKey, DeliveryState, SkipReason};
use crate::domain::ids::WebhookId;
use crate::ports::store::DeliveryReader;
use crate::testing::TestTables;
use crate::testing::log::{
    CALL_END, attempt, key, report, report_id, update, write, write_unwanted,
};

const DELIVERED: DeliveryState = DeliveryState::Delivered;
const SKIPPED: DeliveryState = DeliveryState::Skipped { reason: SkipReason::WebhookDeleted };

#[tokio::test]
async fn a_delivery_is_found_by_its_own_account() {
    let table = TestTables::start().await.unwrap().deliveries();
    let key = key(WebhookId::generate(), report_id(CALL_END, 3));
    let mut made = update("acme", key, DELIVERED);
    made.attempt = Some(attempt(Ok(200), b"ok"));
    write(&table, made).await;
    let found = table.delivery(&"acme".parse().unwrap(), key).await.unwrap().unwrap();
    let entry = found.entry;
    assert_eq!((entry.key, &found.report, entry.attempts.len()), (key, &report(), 1));
    assert_eq!(table.delivery(&"other".parse().unwrap(), key).await.unwrap(), None);
    let elsewhere = DeliveryKey { webhook_id: WebhookId::generate(), ..key };
    assert_eq!(table.delivery(&"acme".parse().unwrap(), elsewhere).await.unwrap(), None);
}

#[tokio::test]
async fn a_report_is_found_with_its_deliveries_among_many_webhooks() {
    let table = TestTables::start().await.unwrap().deliveries();
    let account = "acme".parse().unwrap();
    // More than the limit of BatchGetItem.
    let webhooks: Vec<_> = (0..250).map(|_| WebhookId::generate()).collect();
    let id = report_id(CALL_END, 5);
    for n in [7, 120, 249] {
        write(&table, update("acme", key(webhooks[n], id), DELIVERED)).await;
    }
    // Another account's report that named a webhook of this one.
    write(&table, update("other", key(webhooks[8], id), SKIPPED)).await;
    let found = table.report(&account, id, &webhooks).await.unwrap().unwrap();
    let to: Vec<_> = found.deliveries.iter().map(|delivery| delivery.key.webhook_id).collect();
    assert_eq!(to, [webhooks[7], webhooks[120], webhooks[249]]);
    assert_eq!((found.report.clone(), found.status()), (report(), "delivered"));

    assert_eq!(table.report(&account, id, &[]).await.unwrap(), None);
    let another = report_id(CALL_END, 6);
    assert_eq!(table.report(&account, another, &webhooks).await.unwrap(), None);
}

#[tokio::test]
async fn an_unwanted_report_is_found_by_its_own_account() {
    let table = TestTables::start().await.unwrap().deliveries();
    let id = report_id(CALL_END, 9);
    write_unwanted(&table, "acme", id).await;
    let found = table.report(&"acme".parse().unwrap(), id, &[]).await.unwrap().unwrap();
    assert_eq!((&found.report, found.status()), (&report(), "skipped"));
    assert_eq!(found.deliveries, []);
    assert_eq!(table.report(&"other".parse().unwrap(), id, &[]).await.unwrap(), None);
}
