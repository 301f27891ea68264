//! Erasure of reports: tombstones, and the deletion of stored items.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::batch::{BatchRead, batch_get};
use super::super::item::{Item, from_item, is_written, key, s, to_item, unavailable};
use super::item::{REPORT, item_key, report_of, unwanted_key};
use super::{DeliveriesTable, erased_pk};
use crate::domain::account::AccountId;
use crate::domain::delivery::DeliveryKey;
use crate::domain::erasure::Tombstone;
use crate::domain::ids::WebhookId;
use crate::domain::report::ReportKey;
use crate::ports::store::{ReportEraser, ReportTrace, StoreError};

const LOOKING_UP: &str = "looking up erased reports";
const WRITING_TOMBSTONE: &str = "writing a tombstone";
const ERASING: &str = "erasing a report";
/// Concurrent deletions of single items.
pub(super) const CONCURRENT_DELETIONS: usize = 16;
/// The attributes that are needed to delete an item of an account.
const OWNED: &[&str] = &["pk", "sk", "account_id", RECEIVED_AT];
/// The attribute with the time at which ingest accepted the report.
const RECEIVED_AT: &str = "received_at";

/// The attributes of [`OWNED`], and those of a tombstone.
const OWNED_OR_TOMBSTONE: &[&str] =
    &["pk", "sk", "account_id", RECEIVED_AT, "asked_at", "expires_at"];

/// A tombstone as it is stored. Its key names the report.
#[derive(Serialize, Deserialize)]
struct Stored {
    account_id: AccountId,
    asked_at: Timestamp,
    /// Seconds since the epoch; DynamoDB deletes the item then.
    expires_at: i64,
}

/// The key of a report's tombstone.
pub(super) fn tombstone_key(report: &ReportKey) -> Item {
    key(erased_pk(&report.account_id, report.report_id), report.report_id.to_string())
}

/// Whether `item` is a tombstone.
pub(super) fn is_tombstone(item: &Item) -> bool {
    let pk = item.get("pk").and_then(|pk| pk.as_s().ok());
    pk.is_some_and(|pk| pk.starts_with(super::ERASED))
}

impl ReportEraser for DeliveriesTable {
    async fn put_tombstone(&self, tombstone: &Tombstone) -> Result<(), StoreError> {
        let Tombstone { report, asked_at } = tombstone;
        let stored = Stored {
            account_id: report.account_id.clone(),
            asked_at: *asked_at,
            expires_at: Tombstone::expires_at(*asked_at),
        };
        let pk = erased_pk(&report.account_id, report.report_id);
        let item = to_item(WRITING_TOMBSTONE, pk, report.report_id.to_string(), &stored)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(unavailable(WRITING_TOMBSTONE))?;
        Ok(())
    }

    async fn tombstone(&self, report: &ReportKey) -> Result<Option<Tombstone>, StoreError> {
        let keys = vec![tombstone_key(report)];
        let read = BatchRead { keys, projection: None, consistent: true };
        let items = batch_get(&self.client, &self.table, LOOKING_UP, read).await?;
        let Some(item) = items.into_iter().next() else { return Ok(None) };
        let stored: Stored = from_item(LOOKING_UP, item)?;
        Ok(Some(Tombstone { report: report.clone(), asked_at: stored.asked_at }))
    }

    async fn trace(
        &self,
        report: &ReportKey,
        webhooks: &[WebhookId],
    ) -> Result<ReportTrace, StoreError> {
        let mut keys = stored_keys(report, webhooks);
        keys.push(tombstone_key(report));
        let read = BatchRead { keys, projection: Some(OWNED_OR_TOMBSTONE), consistent: true };
        let mut items = batch_get(&self.client, &self.table, LOOKING_UP, read).await?;
        let tombstone = items.extract_if(.., |item| is_tombstone(item)).next();
        let mut owned = items.iter().filter(|item| is_owned(item, &report.account_id)).peekable();
        if owned.peek().is_some() {
            return Ok(ReportTrace::Stored(owned.filter_map(received_at).min()));
        }
        let Some(tombstone) = tombstone else { return Ok(ReportTrace::None) };
        let stored: Stored = from_item(LOOKING_UP, tombstone)?;
        Ok(ReportTrace::Erased(stored.asked_at))
    }

    async fn erase(
        &self,
        report: &ReportKey,
        webhooks: &[WebhookId],
        received_at_known: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let keys = stored_keys(report, webhooks);
        let mut found = self.owned(&report.account_id, keys).await?;
        // Webhooks that the report names: deleted before their ids were recorded, or never the
        // account's.
        let named = self.named_by(found.first().cloned().map(key_of)).await;
        let others = named.into_iter().filter(|named| !webhooks.contains(named));
        let others: Vec<_> = others.map(|webhook| delivery(webhook, report)).collect();
        found.extend(self.owned(&report.account_id, others).await?);
        let is_stored = !found.is_empty();
        // The journal first: the log says when the report was received.
        let receipts = found.iter().filter_map(received_at).chain(received_at_known);
        self.erase_rows(report, receipts.collect()).await?;
        let found = found.into_iter().map(key_of).collect();
        self.delete_all(ERASING, &report.account_id, found).await?;
        Ok(is_stored)
    }
}

/// The keys under which a report may be stored.
fn stored_keys(report: &ReportKey, webhooks: &[WebhookId]) -> Vec<Item> {
    let mut keys = vec![unwanted_key(report)];
    keys.extend(webhooks.iter().map(|webhook| delivery(*webhook, report)));
    keys
}

fn delivery(webhook_id: WebhookId, report: &ReportKey) -> Item {
    item_key(DeliveryKey { webhook_id, report_id: report.report_id })
}

impl DeliveriesTable {
    /// Whether a report was erased, read consistently.
    pub(super) async fn is_erased(&self, report: ReportKey) -> Result<bool, StoreError> {
        Ok(!self.tombstones(&HashSet::from([report]), true).await?.is_empty())
    }

    /// The `reports` that have a tombstone.
    pub(super) async fn tombstones(
        &self,
        reports: &HashSet<ReportKey>,
        consistent: bool,
    ) -> Result<HashSet<ReportKey>, StoreError> {
        if reports.is_empty() {
            return Ok(HashSet::new());
        }
        let keys = reports.iter().map(tombstone_key).collect();
        let read = BatchRead { keys, projection: Some(OWNED), consistent };
        let items = batch_get(&self.client, &self.table, LOOKING_UP, read).await?;
        let keys: Vec<Item> = items.into_iter().map(key_of).collect();
        // Hardly any report is erased.
        let is_found = |report: &&ReportKey| keys.contains(&tombstone_key(report));
        Ok(reports.iter().filter(is_found).cloned().collect())
    }

    /// The items under `keys` that belong to the account: their keys, and when their report was
    /// received.
    async fn owned(&self, account: &AccountId, keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let read = BatchRead { keys, projection: Some(OWNED), consistent: true };
        let items = batch_get(&self.client, &self.table, ERASING, read).await?;
        Ok(items.into_iter().filter(|item| is_owned(item, account)).collect())
    }

    /// The webhooks that the report under `key` names; none if it is unreadable.
    async fn named_by(&self, key: Option<Item>) -> Vec<WebhookId> {
        let Some(key) = key else { return Vec::new() };
        let read = BatchRead { keys: vec![key], projection: Some(REPORT), consistent: true };
        let items = batch_get(&self.client, &self.table, ERASING, read).await;
        let item = items.ok().and_then(|items| items.into_iter().next());
        let report = item.and_then(|item| report_of(ERASING, &item).ok());
        report.map_or_else(Vec::new, |(report, _)| report.webhook_ids().to_vec())
    }

    /// Deletes the items under `keys` that still belong to the account.
    pub(super) async fn delete_all(
        &self,
        action: &'static str,
        account: &AccountId,
        keys: Vec<Item>,
    ) -> Result<(), StoreError> {
        let deletions = keys.into_iter().map(|key| async move {
            let delete = self
                .client
                .delete_item()
                .table_name(&self.table)
                .set_key(Some(key))
                .condition_expression("attribute_not_exists(account_id) OR account_id = :account")
                .expression_attribute_values(":account", s(account.as_str()));
            is_written(action, delete.send().await).map(drop)
        });
        stream::iter(deletions).buffer_unordered(CONCURRENT_DELETIONS).try_collect().await
    }
}

fn received_at(item: &Item) -> Option<Timestamp> {
    item.get(RECEIVED_AT)?.as_s().ok()?.parse().ok()
}

/// Reduces an item to its key.
pub(super) fn key_of(mut item: Item) -> Item {
    item.retain(|name, _| name == "pk" || name == "sk");
    item
}

/// Whether `item` names the account as its owner.
pub(super) fn is_owned(item: &Item, account: &AccountId) -> bool {
    let owner = item.get("account_id").map(AttributeValue::as_s).and_then(Result::ok);
    owner.is_some_and(|owner| owner == account.as_str())
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
