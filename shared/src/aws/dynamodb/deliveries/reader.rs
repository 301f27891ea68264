//! Reads single deliveries and reports.

use std::collections::{HashMap, HashSet};

use futures_util::future::try_join;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::super::batch::{BatchRead, batch_get};
use super::super::item::{Item, from_item, key};
use super::erasure::{is_tombstone, tombstone_key};
use super::item::{
    REPORT, SUMMARY, delivery_of, item_key, readable, report_of, summary_of, unwanted_key,
};
use super::{DeliveriesTable, UNWANTED, unwanted_pk};
use crate::domain::account::AccountId;
use crate::domain::delivery::{
    DeliveryFilter, DeliveryKey, DeliverySummary, LoggedDelivery, LoggedReport, UndeliveredFilter,
};
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::report::ReportKey;
use crate::input::page::{Page, PageRequest};
use crate::ports::store::{DeliveryReader, ReportQuery, ReportState, StoreError};

const READING: &str = "reading a delivery";
/// The attributes of a report, and those that tell a tombstone.
const REPORT_OR_TOMBSTONE: &[&str] = &["pk", "report", "received_at"];
const REPORT_READING: &str = "reading the deliveries of a report";

impl DeliveryReader for DeliveriesTable {
    async fn delivery(
        &self,
        account: &AccountId,
        key: DeliveryKey,
    ) -> Result<Option<LoggedDelivery>, StoreError> {
        let report = ReportKey { account_id: account.clone(), report_id: key.report_id };
        let keys = vec![item_key(key), tombstone_key(&report)];
        let items = self.items(READING, keys, None).await?;
        if items.iter().any(is_tombstone) {
            return Ok(None);
        }
        let found = items.into_iter().next().map(|item| delivery_of(READING, item)).transpose()?;
        Ok(found.filter(|found| found.entry.account_id == *account))
    }

    async fn report(
        &self,
        account: &AccountId,
        id: ReportId,
        webhooks: &[WebhookId],
    ) -> Result<Option<LoggedReport>, StoreError> {
        let delivery =
            |webhook_id: &WebhookId| DeliveryKey { webhook_id: *webhook_id, report_id: id };
        let keys = webhooks.iter().map(delivery).map(item_key).collect();
        let report = ReportKey { account_id: account.clone(), report_id: id };
        let unwanted = vec![unwanted_key(&report), tombstone_key(&report)];
        let (deliveries, unwanted) = try_join(
            self.items(REPORT_READING, keys, Some(SUMMARY)),
            self.items(REPORT_READING, unwanted, Some(REPORT_OR_TOMBSTONE)),
        )
        .await?;
        // An attempt that was in flight may have logged the report again; the eraser deletes it
        // later.
        if unwanted.iter().any(is_tombstone) {
            return Ok(None);
        }
        let mut deliveries = summaries(REPORT_READING, account, deliveries);
        deliveries.sort_unstable_by_key(|delivery| delivery.key.webhook_id);
        // Every delivery has the report; one is enough.
        let with_report = match deliveries.first() {
            Some(first) => {
                let keys = vec![item_key(first.key)];
                self.items(REPORT_READING, keys, Some(REPORT)).await?
            }
            None => unwanted,
        };
        let Some(item) = with_report.into_iter().next() else { return Ok(None) };
        let (report, received_at) = report_of(REPORT_READING, &item)?;
        Ok(Some(LoggedReport { report, received_at, deliveries }))
    }

    async fn report_states(
        &self,
        account: &AccountId,
        reports: Vec<ReportQuery>,
    ) -> Result<HashMap<ReportId, ReportState>, StoreError> {
        // A call may not name an item twice, but a report may be asked for twice.
        let (mut deliveries, mut unwanted) = (HashSet::new(), HashSet::new());
        for ReportQuery { report_id, webhook_ids } in &reports {
            let delivery =
                |webhook: &WebhookId| DeliveryKey { webhook_id: *webhook, report_id: *report_id };
            deliveries.extend(webhook_ids.iter().map(delivery));
            if webhook_ids.is_empty() {
                unwanted.insert(*report_id);
            }
        }
        let unwanted = unwanted.into_iter().map(|id| key(unwanted_pk(account, id), id.to_string()));
        let keys = deliveries.into_iter().map(item_key).chain(unwanted).collect();
        let read = BatchRead { keys, projection: Some(SUMMARY), consistent: false };
        let items = batch_get(&self.client, &self.table, REPORT_READING, read).await?;
        let (unwanted, deliveries): (Vec<_>, Vec<_>) = items.into_iter().partition(is_unwanted);
        let mut report_states: HashMap<ReportId, ReportState> = HashMap::new();
        for delivery in summaries(REPORT_READING, account, deliveries) {
            let standing = report_states.entry(delivery.key.report_id).or_default();
            let first = standing.received_at.unwrap_or(delivery.received_at);
            standing.received_at = Some(first.min(delivery.received_at));
            standing.deliveries.push(delivery);
        }
        let unwanted =
            readable(unwanted, |item| from_item::<UnwantedReceipt>(REPORT_READING, item));
        for UnwantedReceipt { sk, received_at } in unwanted {
            let standing = report_states.entry(sk).or_default();
            // A report that was delivered since has the receipt of its deliveries.
            if standing.deliveries.is_empty() {
                standing.received_at = Some(received_at);
            }
        }
        // A report that is not in the log is in flight, or erased. An attempt that was in flight
        // during the erasure is logged all the same, until the eraser looks a second time.
        let lately = Timestamp::now() - ERASED_LATELY;
        let may_be_erased = |asked: &&ReportQuery| {
            report_states.get(&asked.report_id).is_none_or(|standing| {
                standing.deliveries.iter().any(|delivery| delivery.updated_at > lately)
            })
        };
        let keys = reports.iter().filter(may_be_erased);
        let keys =
            keys.map(|asked| ReportKey { account_id: account.clone(), report_id: asked.report_id });
        for erased in self.tombstones(&keys.collect(), false).await? {
            report_states.entry(erased.report_id).or_default().is_erased = true;
        }
        Ok(report_states)
    }

    async fn deliveries(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        filter: &DeliveryFilter,
        page: &PageRequest<ReportId>,
    ) -> Result<Page<DeliverySummary>, StoreError> {
        self.page(account, webhook, filter, page).await
    }

    async fn undelivered(
        &self,
        account: &AccountId,
        filter: &UndeliveredFilter,
        page: &PageRequest<DeliveryKey>,
    ) -> Result<Page<DeliverySummary>, StoreError> {
        self.account_page(account, filter, page).await
    }
}

impl DeliveriesTable {
    /// Reads the items under `keys`, consistently.
    async fn items(
        &self,
        action: &'static str,
        keys: Vec<Item>,
        projection: Option<&'static [&'static str]>,
    ) -> Result<Vec<Item>, StoreError> {
        let read = BatchRead { keys, projection, consistent: true };
        batch_get(&self.client, &self.table, action, read).await
    }
}

/// The time after an erasure in which an attempt may be logged: longer than the eraser needs for
/// its second look.
const ERASED_LATELY: SignedDuration = SignedDuration::from_mins(15);

/// The receipt of a report that no webhook wanted.
#[derive(Deserialize)]
struct UnwantedReceipt {
    sk: ReportId,
    received_at: Timestamp,
}

fn is_unwanted(item: &Item) -> bool {
    let pk = item.get("pk").and_then(|pk| pk.as_s().ok());
    pk.is_some_and(|pk| pk.starts_with(UNWANTED))
}

/// The deliveries of `items` that belong to the account. Another account's may be among them: a
/// report that names a foreign webhook ends there as skipped.
pub(super) fn summaries(
    action: &'static str,
    account: &AccountId,
    items: impl IntoIterator<Item = Item>,
) -> Vec<DeliverySummary> {
    let mut all = readable(items, |item| summary_of(action, item));
    all.retain(|delivery| delivery.account_id == *account);
    all
}

#[cfg(test)]
mod tests;
