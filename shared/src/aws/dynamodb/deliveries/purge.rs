//! Deletes an account's log, part by part.

use futures_util::future::try_join_all;

use super::super::batch::projection;
use super::super::item::{Item, s, unavailable};
use super::erasure::{is_owned, key_of};
use super::replays::replays_pk;
use super::stats::{account_stats_pk, stats_pk};
use super::{DeliveriesTable, ERASED, SHARDS, UNWANTED, journal, shard_pk};
use crate::domain::account::AccountId;
use crate::ports::store::{LogPart, LogPurge, Purged, StoreError};

const PURGING: &str = "deleting the log of an account";
/// The most items that one call deletes: a second or two of work.
const MAX_DELETED: usize = 500;

/// The owners of the items of a partition.
#[derive(Clone, Copy)]
enum Tenancy {
    /// The account alone.
    Sole,
    /// Maybe other accounts as well: a report that names a foreign webhook ends there as skipped.
    Shared,
}

impl LogPurge for DeliveriesTable {
    async fn purge_log(&self, account: &AccountId, part: LogPart) -> Result<Purged, StoreError> {
        let partitions = partitions(account, part);
        let limit = MAX_DELETED / partitions.len().max(1);
        // Concurrently: most days of a journal are empty.
        let purged = partitions
            .into_iter()
            .map(|(pk, tenancy)| self.purge_partition(account, pk, tenancy, limit));
        let none = Purged { deleted: 0, is_complete: true };
        Ok(try_join_all(purged).await?.into_iter().fold(none, |all, one| Purged {
            deleted: all.deleted + one.deleted,
            is_complete: all.is_complete && one.is_complete,
        }))
    }
}

fn partitions(account: &AccountId, part: LogPart) -> Vec<(String, Tenancy)> {
    let shards = 0..SHARDS;
    match part {
        LogPart::Webhook(webhook) => {
            let own = [replays_pk(webhook), stats_pk(webhook)].map(|pk| (pk, Tenancy::Sole));
            shards.map(|shard| (shard_pk(webhook, shard), Tenancy::Shared)).chain(own).collect()
        }
        LogPart::Rest => {
            let of_shard = |shard| {
                [UNWANTED, ERASED].map(|kind| (format!("{kind}{account}#{shard}"), Tenancy::Sole))
            };
            let figures = (account_stats_pk(account), Tenancy::Sole);
            shards.flat_map(of_shard).chain([figures]).collect()
        }
        LogPart::Journal(day) => {
            journal::partitions(account, day).map(|pk| (pk, Tenancy::Sole)).collect()
        }
    }
}

impl DeliveriesTable {
    /// Deletes up to `limit` items of a partition.
    async fn purge_partition(
        &self,
        account: &AccountId,
        pk: String,
        tenancy: Tenancy,
        limit: usize,
    ) -> Result<Purged, StoreError> {
        let mut deleted = 0;
        let mut start: Option<Item> = None;
        let (expression, names) = projection(Some(&["pk", "sk", "account_id"]));
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#partition = :pk")
                .set_projection_expression(expression.clone())
                .set_expression_attribute_names(names.clone())
                .expression_attribute_names("#partition", "pk")
                .expression_attribute_values(":pk", s(pk.as_str()))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .set_limit(i32::try_from(limit).ok())
                .send()
                .await
                .map_err(unavailable(PURGING))?;
            let own = answer.items.unwrap_or_default().into_iter().filter(|item| match tenancy {
                Tenancy::Sole => true,
                Tenancy::Shared => is_owned(item, account),
            });
            let keys: Vec<_> = own.map(key_of).collect();
            deleted += keys.len();
            self.delete_all(PURGING, account, keys).await?;
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            let deleted = deleted as u64;
            if start.is_none() {
                return Ok(Purged { deleted, is_complete: true });
            }
            if deleted >= limit as u64 {
                return Ok(Purged { deleted, is_complete: false });
            }
        }
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
