//! Erasure of accounts: their tombstones, and the deletion of their configuration.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ConfigTable;
use super::accounts::LIST;
use super::api_keys::{
    CREATED_BY, ERASING, HASH, LISTED, LOOKUP, is_marked_erasing, lookup_partition, made_partition,
};
use super::batch::{BatchRead, MAX_WRITES, batch_delete, batch_get, owned_chunks};
use super::calls::{EXISTS, put_part};
use super::erasure_notes::note_key;
use super::item::{Item, corrupt, from_item, key, sort_key, to_item, write_error};
use super::keys::{ACCOUNT, WEBHOOK, partition};
use super::query::ListQuery;
use super::reservation::limits_partition;
use super::webhook_history::DELETED;
use crate::domain::account::{Account, AccountId};
use crate::domain::api_key::KeyHash;
use crate::domain::erasure::Tombstone;
use crate::ports::store::{
    AccountEraser, AccountErasureState, AccountPurge, ConfigPart, Purged, StoreError, WriteError,
};

/// The sort key of an account's tombstone.
pub(super) const ERASED: &str = "ERASED";
const PURGING: &str = "deleting the configuration of an account";
/// The most listed items that one call deletes.
const MAX_DELETED: usize = 200;
/// Attributes that tell the state of an erasure.
const STATE: &[&str] = &["sk", "asked_at", "forget_at"];
/// Attributes that are needed to delete an item, and the other items of a key.
const DELETABLE: &[&str] = &["pk", "sk", HASH, ERASING, CREATED_BY];

/// An account's tombstone as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    asked_at: Timestamp,
    /// Seconds since the epoch; DynamoDB deletes the item then.
    forget_at: i64,
}

impl AccountEraser for ConfigTable {
    async fn begin_erasure(
        &self,
        account: &Account,
        asked_at: Timestamp,
    ) -> Result<(), WriteError> {
        const ACTION: &str = "beginning the erasure of an account";
        let stored = Stored { asked_at, forget_at: Tombstone::expires_at(asked_at) };
        let of_account = partition(&account.id);
        let tombstone = to_item(ACTION, of_account.clone(), ERASED.to_owned(), &stored)?;
        let put = |pk, sk| self.put(ACTION, to_item(ACTION, pk, sk, account)?, EXISTS);
        self.client
            .transact_write_items()
            .transact_items(put(of_account, ACCOUNT.to_owned())?)
            .transact_items(put(LIST.to_owned(), account.id.to_string())?)
            .transact_items(put_part(ACTION, self.new_put(tombstone))?)
            .send()
            .await
            .map_err(write_error(ACTION))?;
        Ok(())
    }
}

impl AccountPurge for ConfigTable {
    async fn erasure_state(&self, account: &AccountId) -> Result<AccountErasureState, StoreError> {
        const ACTION: &str = "reading the state of an account's erasure";
        let keys = [ACCOUNT, ERASED].map(|sk| key(partition(account), sk.to_owned())).into();
        let read = BatchRead { keys, projection: Some(STATE), consistent: true };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let account_exists = items.iter().any(|item| has_sort_key(item, ACCOUNT));
        let Some(tombstone) = items.into_iter().find(|item| has_sort_key(item, ERASED)) else {
            return Ok(AccountErasureState::NotBegun);
        };
        let stored: Stored = from_item(ACTION, tombstone)?;
        Ok(if account_exists {
            AccountErasureState::InProgress(stored.asked_at)
        } else {
            AccountErasureState::Done
        })
    }

    async fn purge_config(
        &self,
        account: &AccountId,
        part: ConfigPart,
    ) -> Result<Purged, StoreError> {
        // Unmarked keys go first, as they still work. Marked keys tell their owners about the
        // erasure until the end.
        let (own, limits) = (partition(account), limits_partition(account));
        for (pk, prefix) in [(&own, LISTED), (&own, ""), (&limits, "")] {
            let purged = self.purge_prefix(pk, prefix, part).await?;
            if purged.deleted > 0 || !purged.is_complete {
                return Ok(Purged { is_complete: false, ..purged });
            }
        }
        Ok(Purged { deleted: 0, is_complete: true })
    }

    async fn delete_account(&self, account: &AccountId) -> Result<(), StoreError> {
        const ACTION: &str = "deleting an account";
        let listed = key(LIST.to_owned(), account.to_string());
        self.delete_in_batches(ACTION, vec![listed, note_key(account)]).await?;
        // Last: until then the erasure is not over, and a crash repeats it.
        let own = key(partition(account), ACCOUNT.to_owned());
        self.delete_in_batches(ACTION, vec![own]).await
    }
}

impl ConfigTable {
    /// Deletes items of a partition whose sort keys begin with `prefix`, at most [`MAX_DELETED`].
    async fn purge_prefix(
        &self,
        pk: &str,
        prefix: &str,
        part: ConfigPart,
    ) -> Result<Purged, StoreError> {
        let query = ListQuery {
            pk: pk.to_owned(),
            prefix: prefix.to_owned(),
            after: None,
            newest_first: false,
            containing: None,
            only: Some(DELETABLE),
        };
        // Retained items may fill a whole page, so all are listed.
        let items = self.list(PURGING, query, usize::MAX).await?;
        let mut deletable: Vec<_> =
            items.into_iter().filter(|item| !is_retained(item, part)).collect();
        let is_complete = deletable.len() <= MAX_DELETED;
        deletable.truncate(MAX_DELETED);
        let deleted = deletable.len() as u64;
        // The items for the authorizer and for the creators of keys go first: after a crash, the
        // listed key still says that there is something to delete.
        let lookups = deletable.iter().filter_map(lookup_key);
        let creations = deletable.iter().filter_map(creation_key).map(Ok);
        let first = lookups.chain(creations).collect::<Result<_, _>>()?;
        self.delete_in_batches(PURGING, first).await?;
        self.delete_in_batches(PURGING, deletable.into_iter().map(key_of).collect()).await?;
        Ok(Purged { deleted, is_complete })
    }

    /// Deletes items in batches: unlike `DeleteItem`, `BatchWriteItem` has no way to return what an item
    /// held, so the role of eraser cannot read secrets by deleting.
    async fn delete_in_batches(
        &self,
        action: &'static str,
        keys: Vec<Item>,
    ) -> Result<(), StoreError> {
        for keys in owned_chunks(keys, MAX_WRITES) {
            batch_delete(&self.client, &self.table, action, keys).await?;
        }
        Ok(())
    }

    /// A transaction part that fails if the account has a tombstone.
    pub(super) fn check_not_erased(
        &self,
        action: &'static str,
        account: &AccountId,
    ) -> Result<TransactWriteItem, StoreError> {
        self.check_is_new(action, partition(account), ERASED.to_owned())
    }
}

/// The key of a listed API key's item for the authorizer; `None` for other items.
fn lookup_key(item: &Item) -> Option<Result<Item, StoreError>> {
    let hash = item.get(HASH).filter(|_| sort_key(item).starts_with(LISTED))?;
    let hash = serde_dynamo::from_attribute_value::<_, KeyHash>(hash.clone());
    let hash = hash.map_err(|error| corrupt(PURGING, error));
    Some(hash.map(|hash| key(lookup_partition(&hash), LOOKUP.to_owned())))
}

/// The key of a listed API key's item under its creator; `None` if there is none.
fn creation_key(item: &Item) -> Option<Item> {
    let (maker, sk) = (text(item, CREATED_BY), sort_key(item));
    (!maker.is_empty() && sk.starts_with(LISTED)).then(|| key(made_partition(maker), sk.to_owned()))
}

fn key_of(mut item: Item) -> Item {
    item.retain(|name, _| name == "pk" || name == "sk");
    item
}

fn is_retained(item: &Item, part: ConfigPart) -> bool {
    let sk = sort_key(item);
    let goes_last = sk.starts_with(WEBHOOK) || sk.starts_with(DELETED) || is_marked_erasing(item);
    sk == ACCOUNT || sk == ERASED || (part == ConfigPart::AllButWebhooks && goes_last)
}

/// Whether an item of an account is its tombstone.
pub(super) fn is_tombstone(item: &Item) -> bool {
    has_sort_key(item, ERASED)
}

fn has_sort_key(item: &Item, sk: &str) -> bool {
    sort_key(item) == sk
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).map(AttributeValue::as_s).and_then(Result::ok).map_or("", String::as_str)
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
