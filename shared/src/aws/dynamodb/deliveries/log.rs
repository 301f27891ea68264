//! Reads and writes the log of deliveries.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure as OnFailure;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use serde::Deserialize;

use super::super::batch::{BatchRead, MAX_WRITES, batch_get, batch_put, owned_chunks};
use super::super::calls::IS_NEW;
use super::super::item::{Item, from_item, n, too_many_conflicts, unavailable};
use super::DeliveriesTable;
use super::erasure::{is_tombstone, key_of, tombstone_key};
use super::item::{
    ENTRY, delivery_item, entry_of, item_key, readable, unwanted_item, unwanted_key,
};
use crate::domain::account::AccountId;
use crate::domain::delivery::{DeliveryKey, DeliveryState, DeliveryUpdate, LogEntry};
use crate::domain::ids::ReportId;
use crate::domain::report::Report;
use crate::domain::report::ReportKey;
use crate::ports::store::{
    DeliveryLog, LogLookup, LogWrite, PriorEntry, StoreError, UnwantedReport,
};
use crate::runtime::telemetry::ErrorChain;

const WRITING: &str = "writing the delivery log";
const READING: &str = "reading the delivery log";
/// Concurrent writes of single items.
const CONCURRENT_WRITES: usize = 16;
/// The most tries of a write while others change the entry.
const MAX_CONFLICTS: u32 = 5;
/// Entries that are read together: all of them, up to 75 KB each on the wire, are in memory.
const READ_BATCH: usize = 200;
/// The most bytes of responses of attempts that a look-up returns. Of thousands of entries some
/// have less than a kilobyte of them, so this is enough unless they failed very often.
const MAX_RESPONSE_BYTES: usize = 4 * 1024 * 1024;

/// The attributes of a [`Receipt`].
const RECEIPT: &[&str] = &["sk", "account_id", "received_at"];

/// The receipt of a report that no webhook wanted.
#[derive(Deserialize)]
struct Receipt {
    sk: ReportId,
    account_id: AccountId,
    received_at: Timestamp,
}

impl DeliveryLog for DeliveriesTable {
    async fn look_up(
        &self,
        keys: &[DeliveryKey],
        reports: &HashSet<ReportKey>,
    ) -> Result<LogLookup, StoreError> {
        let tombstones = reports.iter().map(tombstone_key);
        let items: Vec<_> = tombstones.chain(keys.iter().copied().map(item_key)).collect();
        let (mut seen, mut budget) = (LogLookup::default(), MAX_RESPONSE_BYTES);
        for keys in owned_chunks(items, READ_BATCH) {
            // A redelivered message arrives seconds later, not milliseconds.
            let read = BatchRead { keys, projection: Some(ENTRY), consistent: false };
            let items = batch_get(&self.client, &self.table, READING, read).await?;
            let (tombstones, items): (Vec<_>, Vec<_>) = items.into_iter().partition(is_tombstone);
            // Hardly any report is erased.
            let erased: Vec<_> = tombstones.into_iter().map(key_of).collect();
            let is_erased = |report: &&ReportKey| erased.contains(&tombstone_key(report));
            if !erased.is_empty() {
                seen.erased.extend(reports.iter().filter(is_erased).cloned());
            }
            for mut entry in readable(items, |item| entry_of(READING, item)) {
                let size = entry.response_bytes();
                if size > budget {
                    entry.abridge();
                } else {
                    budget -= size;
                }
                seen.logged.insert(entry.key, entry);
            }
        }
        Ok(seen)
    }

    async fn unwanted_received_at(
        &self,
        reports: &HashSet<ReportKey>,
    ) -> Result<HashMap<ReportKey, Timestamp>, StoreError> {
        let keys = reports.iter().map(unwanted_key).collect();
        let read = BatchRead { keys, projection: Some(RECEIPT), consistent: false };
        let items = batch_get(&self.client, &self.table, READING, read).await?;
        let receipts = readable(items, |item| from_item::<Receipt>(READING, item));
        let receipts = receipts.into_iter().map(|Receipt { sk, account_id, received_at }| {
            (ReportKey { account_id, report_id: sk }, received_at)
        });
        Ok(receipts.collect())
    }

    async fn write_updates(&self, writes: Vec<LogWrite>) -> Vec<(DeliveryKey, StoreError)> {
        // Batches have no conditions, so they write new entries of delivered reports only: no
        // concurrent write of the same delivery counts for more. A batch may not name an item
        // twice.
        let mut records_of: HashMap<DeliveryKey, u32> = HashMap::with_capacity(writes.len());
        for write in &writes {
            *records_of.entry(write.update.key).or_default() += 1;
        }
        let (fresh, others): (Vec<_>, Vec<_>) = writes.into_iter().partition(|write| {
            write.prior == PriorEntry::Absent
                && write.update.state == DeliveryState::Delivered
                && records_of.get(&write.update.key) == Some(&1)
        });
        let fresh: Vec<_> = fresh.into_iter().map(|write| write.update).collect();
        let batches = fresh.chunks(MAX_WRITES).map(|records| self.put_batch(records));
        let one_by_one = stream::iter(others.into_iter().map(|write| async move {
            let key = write.update.key;
            let written = self.put(write.update, write.prior).await;
            written.err().map(|error| (key, error))
        }));
        let one_by_one = one_by_one.buffer_unordered(CONCURRENT_WRITES).collect::<Vec<_>>();
        let (batches, one_by_one) = futures_util::future::join(join_all(batches), one_by_one).await;
        batches.into_iter().flatten().chain(one_by_one.into_iter().flatten()).collect()
    }

    async fn write_unwanted_reports(
        &self,
        reports: Vec<UnwantedReport>,
    ) -> Vec<(ReportId, StoreError)> {
        // DynamoDB rejects a batch that names an item twice.
        let each_once: HashMap<_, _> = reports
            .iter()
            .map(|unwanted| ((&unwanted.account_id, unwanted.report_id), unwanted))
            .collect();
        // Right before the writes, which have no condition.
        let keys = each_once.keys().map(|(account, report_id)| ReportKey {
            account_id: (*account).clone(),
            report_id: *report_id,
        });
        let erased = match self.tombstones(&keys.collect(), true).await {
            Ok(erased) => erased,
            Err(error) => return failed(Err(error), each_once.into_keys().map(|(_, id)| id)),
        };
        let is_erased = |unwanted: &&UnwantedReport| {
            let account_id = unwanted.account_id.clone();
            erased.contains(&ReportKey { account_id, report_id: unwanted.report_id })
        };
        let reports = each_once.into_values().filter(|unwanted| !is_erased(unwanted));
        let reports: Vec<_> = reports.collect();
        let writes = reports.chunks(MAX_WRITES).map(|chunk| async move {
            let items = chunk.iter().map(|unwanted| unwanted_item(WRITING, unwanted)).collect();
            let ids = chunk.iter().map(|unwanted| unwanted.report_id);
            failed(self.put_items(items).await, ids)
        });
        join_all(writes).await.into_iter().flatten().collect()
    }
}

impl DeliveriesTable {
    async fn put_batch(&self, records: &[DeliveryUpdate]) -> Vec<(DeliveryKey, StoreError)> {
        let item = |update: &DeliveryUpdate| {
            delivery_item(WRITING, &LogEntry::after(None, update), &update.report)
        };
        let items = records.iter().map(item).collect();
        failed(self.put_items(items).await, records.iter().map(|update| update.key))
    }

    async fn put_items(&self, items: Result<Vec<Item>, StoreError>) -> Result<(), StoreError> {
        batch_put(&self.client, &self.table, WRITING, items?).await
    }

    /// Updates the stored entry with `update`, and reads it again if it was changed meanwhile.
    async fn put(&self, update: DeliveryUpdate, before: PriorEntry) -> Result<(), StoreError> {
        let mut before = match before {
            PriorEntry::Absent => None,
            PriorEntry::Known(entry) if !entry.is_abridged => Some(*entry),
            PriorEntry::Known(_) | PriorEntry::Unknown => match self.current(update.key).await? {
                None if self.is_erased(update.report_key()).await? => return Ok(()),
                current => current,
            },
        };
        for _ in 0..MAX_CONFLICTS {
            if before.as_ref().is_some_and(|entry| entry.contains_attempt(&update)) {
                // The SDK sent the same write again, without an answer to the first.
                return Ok(());
            }
            let seen = before.as_ref().map(|entry| entry.revision);
            let entry = LogEntry::after(before, &update);
            before = match self.put_if_unchanged(&entry, &update.report, seen).await? {
                Put::Done => return Ok(()),
                Put::Refused(Some(item)) => Some(entry_of(WRITING, item)?),
                // The entry was deleted meanwhile. An erased one is not written again.
                Put::Refused(None) if self.is_erased(update.report_key()).await? => return Ok(()),
                Put::Refused(None) => self.current(update.key).await?,
            };
        }
        Err(too_many_conflicts(WRITING, MAX_CONFLICTS))
    }

    async fn current(&self, key: DeliveryKey) -> Result<Option<LogEntry>, StoreError> {
        let keys = vec![item_key(key)];
        let read = BatchRead { keys, projection: Some(ENTRY), consistent: true };
        let items = batch_get(&self.client, &self.table, READING, read).await?;
        Ok(readable(items, |item| entry_of(READING, item)).pop())
    }

    /// Writes `entry` if the stored revision is still `seen`.
    async fn put_if_unchanged(
        &self,
        entry: &LogEntry,
        report: &Report,
        seen: Option<u64>,
    ) -> Result<Put, StoreError> {
        let item = delivery_item(WRITING, entry, report)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let put = match seen {
            None => put.condition_expression(IS_NEW),
            Some(revision) => put
                .condition_expression("revision = :seen")
                .expression_attribute_values(":seen", n(revision)),
        };
        let put = put.return_values_on_condition_check_failure(OnFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(Put::Done),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Put::Refused(refused.item().cloned()))
                }
                _ => Err(unavailable(WRITING)(error)),
            },
        }
    }
}

/// The result of a conditional write.
enum Put {
    Done,
    /// The condition failed for this item; `None` if it was deleted meanwhile.
    Refused(Option<Item>),
}

/// The error of a whole call, for each of its items.
fn failed<K>(
    written: Result<(), StoreError>,
    keys: impl Iterator<Item = K>,
) -> Vec<(K, StoreError)> {
    let Err(error) = written else { return Vec::new() };
    let reason = ErrorChain(&error).to_string();
    let failed =
        |key| (key, StoreError::Unavailable { action: WRITING, source: reason.clone().into() });
    keys.map(failed).collect()
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
