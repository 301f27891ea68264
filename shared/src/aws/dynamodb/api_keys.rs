//! API keys, each stored twice: under its hash for the authorizer, and under its owner for lists.
//! Both items are written and deleted together and never change, except for the time of the last
//! use, which only the item under the hash has.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use jiff::Timestamp;

use super::ConfigTable;
use super::batch::{BatchRead, batch_get};
use super::calls::{EXISTS, IS_NEW};
use super::item::{
    Item, corrupt, from_item, is_written, key, n, s, to_item, to_page, unavailable, write_error,
};
use super::keys::{ACCOUNT, partition};
use super::query::ListQuery;
use crate::domain::account::AccountId;
use crate::domain::api_key::{KeyHash, KeyId, KeyKind, KeyOwner, StoredKey};
use crate::input::page::{Listed, Page, PageRequest};
use crate::ports::store::{
    KeyAdmin, KeyLookup, KeyUseMarker, MadeKey, NewLinkError, RevokedKey, StoreError, WriteError,
};

fn owner_partition(owner: &KeyOwner) -> String {
    match owner {
        KeyOwner::Account(id) => partition(id),
        KeyOwner::Platform => platform_partition(),
    }
}

fn platform_partition() -> String {
    "PLATFORM".to_owned()
}

/// Sort key prefix of listed keys.
pub(super) const LISTED: &str = "KEY#";

fn listed_key(id: &KeyId) -> String {
    format!("{LISTED}{id}")
}

/// The partition of a key's item for the authorizer.
pub(super) fn lookup_partition(hash: &KeyHash) -> String {
    format!("KEY#{hash}")
}

/// The sort key of a key's item for the authorizer.
pub(super) const LOOKUP: &str = "KEY";

/// The attribute of a listed key with its hash.
pub(super) const HASH: &str = "hash";

fn hash_of(listed: &Item) -> Option<KeyHash> {
    serde_dynamo::from_attribute_value(listed.get(HASH)?.clone()).ok()
}

impl KeyLookup for ConfigTable {
    async fn key(&self, hash: &KeyHash) -> Result<Option<StoredKey>, StoreError> {
        const ACTION: &str = "looking up a key";
        let item = self.get(ACTION, lookup_partition(hash), LOOKUP.to_owned()).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }
}

/// A listed key has no hash.
#[derive(Debug, thiserror::Error)]
#[error("`{HASH}` is missing")]
struct NoHash;

/// An item of [`made_partition`] names no key.
#[derive(Debug, thiserror::Error)]
#[error("the item names no key")]
struct NoMadeKey;

/// The attribute that marks a key whose account is being erased.
pub(super) const ERASING: &str = "erasing";

/// Whether `item` is a listed key with the mark [`ERASING`].
pub(super) fn is_marked_erasing(item: &Item) -> bool {
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok());
    sk.is_some_and(|sk| sk.starts_with(LISTED))
        && item.get(ERASING) == Some(&AttributeValue::Bool(true))
}

/// The attribute by which DynamoDB deletes an item, in seconds since the epoch.
const FORGET_AT: &str = "forget_at";
const LAST_USED: &str = "last_used_at";

impl KeyUseMarker for ConfigTable {
    async fn mark_used(&self, hash: &KeyHash, at: Timestamp) -> Result<(), StoreError> {
        const ACTION: &str = "recording the use of a key";
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(lookup_partition(hash), LOOKUP.to_owned())))
            .update_expression(format!("SET {LAST_USED} = :at"))
            // The update must not recreate the item of a revoked key. Times of whole seconds have
            // one length, so they sort as texts.
            .condition_expression(format!(
                "attribute_exists(pk) AND (attribute_not_exists({LAST_USED}) OR \
                 {LAST_USED} <= :before)"
            ))
            .expression_attribute_values(":at", seconds(at))
            .expression_attribute_values(":before", seconds(at - StoredKey::USE_UPDATE_INTERVAL))
            .send()
            .await;
        is_written(ACTION, sent).map(drop)
    }
}

fn seconds(time: Timestamp) -> AttributeValue {
    s(Timestamp::from_second(time.as_second()).unwrap_or(time).to_string())
}

impl KeyAdmin for ConfigTable {
    async fn create_key(&self, hash: &KeyHash, record: &StoredKey) -> Result<(), WriteError> {
        const ACTION: &str = "storing a key";
        let parts = self.key_parts(ACTION, hash, record)?;
        self.transact(parts).await.map_err(write_error(ACTION))
    }

    async fn create_link(
        &self,
        account: &AccountId,
        hash: &KeyHash,
        record: &StoredKey,
        now: Timestamp,
    ) -> Result<(), NewLinkError> {
        self.create_counted_link(account, hash, record, now).await
    }

    async fn keys(
        &self,
        owner: &KeyOwner,
        page: &PageRequest<KeyId>,
    ) -> Result<Page<Listed<StoredKey>>, StoreError> {
        const ACTION: &str = "listing keys";
        let query = ListQuery {
            pk: owner_partition(owner),
            prefix: LISTED.to_owned(),
            after: page.after.as_ref().map(listed_key),
            newest_first: false,
            containing: None,
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        let last_uses = self.last_uses(ACTION, &items).await?;
        Ok(to_page(items, page.limit, LISTED, |item| {
            let used = hash_of(&item).and_then(|hash| last_uses.get(&lookup_partition(&hash)));
            let record: StoredKey = from_item(ACTION, item)?;
            Ok(StoredKey { last_used_at: used.copied(), ..record })
        }))
    }

    async fn mark_erasing(&self, account: &AccountId, id: &KeyId) -> Result<bool, StoreError> {
        const ACTION: &str = "marking a key of an account that is being erased";
        let found = self.get(ACTION, partition(account), listed_key(id)).await?;
        let Some(mut listed) = found else { return Ok(false) };
        let hash = hash_of(&listed).ok_or_else(|| corrupt(ACTION, NoHash))?;
        listed.insert(ERASING.to_owned(), AttributeValue::Bool(true));
        let mut lookup = listed.clone();
        lookup.remove(HASH);
        lookup.extend(key(lookup_partition(&hash), LOOKUP.to_owned()));
        let marked = self
            .client
            .transact_write_items()
            .transact_items(self.put(ACTION, lookup, EXISTS)?)
            .transact_items(self.put(ACTION, listed, EXISTS)?)
            .send()
            .await;
        is_written(ACTION, marked)
    }

    async fn stored_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> Result<Option<StoredKey>, StoreError> {
        const ACTION: &str = "reading a key";
        let item = self.get(ACTION, owner_partition(owner), listed_key(id)).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }

    async fn revoke_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> Result<Option<RevokedKey>, StoreError> {
        const ACTION: &str = "revoking a key";
        let item = self.get(ACTION, owner_partition(owner), listed_key(id)).await?;
        let Some(mut item) = item.filter(|item| item.contains_key(HASH)) else { return Ok(None) };
        let hash = hash_of(&item).ok_or_else(|| corrupt(ACTION, NoHash))?;
        if let (KeyOwner::Account(account), true) = (owner, is_link(&item)) {
            self.release_link(account, id).await?;
        }
        let created_by = item.remove(CREATED_BY).and_then(|by| by.as_s().ok()?.parse().ok());
        let mut parts = vec![
            self.delete(ACTION, lookup_partition(&hash), LOOKUP.to_owned())?,
            self.delete(ACTION, owner_partition(owner), listed_key(id))?,
        ];
        // An account's key creates no keys, so no revocation has to follow it.
        if let (KeyOwner::Account(_), Some(maker)) = (owner, &created_by) {
            parts.push(self.delete(ACTION, made_partition(maker), listed_key(id))?);
        }
        self.transact(parts).await.map_err(unavailable(ACTION))?;
        Ok(Some(RevokedKey { created_by }))
    }

    async fn made_keys(&self, maker: &KeyId, most: usize) -> Result<Vec<MadeKey>, StoreError> {
        const ACTION: &str = "listing the keys that a key created";
        let query = ListQuery {
            pk: made_partition(maker),
            prefix: LISTED.to_owned(),
            after: None,
            newest_first: false,
            containing: None,
            only: None,
        };
        let items = self.list(ACTION, query, most).await?;
        items.iter().map(|item| made_key(item).ok_or_else(|| corrupt(ACTION, NoMadeKey))).collect()
    }

    async fn remove_made_key(&self, maker: &KeyId, id: &KeyId) -> Result<(), StoreError> {
        const ACTION: &str = "removing a key from those that a key created";
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.set_key(Some(key(made_partition(maker), listed_key(id))));
        delete.send().await.map_err(unavailable(ACTION))?;
        Ok(())
    }
}

/// The attribute of a key with the id of the key that created it.
pub(super) const CREATED_BY: &str = "created_by";
/// The attribute of a created key with its account; absent for a platform key.
const ACCOUNT_ID: &str = "account_id";

/// The partition of the keys that a platform key created.
pub(super) fn made_partition(maker: impl Display) -> String {
    format!("MADE#{maker}")
}

/// The item that names a created key under its creator, and outlives both.
fn creation_item(maker: &KeyId, made: &StoredKey) -> Item {
    let mut item = key(made_partition(maker), listed_key(&made.id));
    item.extend(made.account_id.as_ref().map(|id| (ACCOUNT_ID.to_owned(), s(id.to_string()))));
    item
}

/// Whether a listed key belongs to a console link.
fn is_link(listed: &Item) -> bool {
    let kind = listed.get("kind").cloned();
    let kind = kind.and_then(|kind| serde_dynamo::from_attribute_value(kind).ok());
    kind == Some(KeyKind::ConsoleLink)
}

fn made_key(item: &Item) -> Option<MadeKey> {
    let id = item.get("sk")?.as_s().ok()?.strip_prefix(LISTED)?.parse().ok()?;
    let owner = match item.get(ACCOUNT_ID) {
        Some(account) => KeyOwner::Account(account.as_s().ok()?.parse().ok()?),
        None => KeyOwner::Platform,
    };
    Some(MadeKey { id, owner })
}

impl ConfigTable {
    /// The parts of the transaction that stores a key. DynamoDB deletes the items of a console link
    /// after it has expired.
    pub(super) fn key_parts(
        &self,
        action: &'static str,
        hash: &KeyHash,
        record: &StoredKey,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let owner = record.owner();
        let forget_at = record.expires_at.filter(|_| record.kind == KeyKind::ConsoleLink);
        let put = |mut item: Item| {
            item.extend(forget_at.map(|at| (FORGET_AT.to_owned(), n(at.as_second()))));
            self.put(action, item, IS_NEW)
        };
        let lookup = to_item(action, lookup_partition(hash), LOOKUP.to_owned(), record)?;
        let mut listed = to_item(action, owner_partition(&owner), listed_key(&record.id), record)?;
        listed.insert(HASH.to_owned(), s(hash.to_string()));
        let mut parts = vec![put(lookup)?, put(listed)?];
        if let Some(maker) = &record.created_by {
            parts.push(self.check_exists(action, platform_partition(), listed_key(maker))?);
            parts.push(put(creation_item(maker, record))?);
        }
        if let KeyOwner::Account(account) = &owner {
            parts.push(self.check_exists(action, partition(account), ACCOUNT.to_owned())?);
            parts.push(self.check_not_erased(action, account)?);
        }
        Ok(parts)
    }

    /// The last uses of listed keys, by the partitions of their items for the authorizer.
    async fn last_uses(
        &self,
        action: &'static str,
        listed: &[Item],
    ) -> Result<HashMap<String, Timestamp>, StoreError> {
        let keys: Vec<_> = listed
            .iter()
            .filter_map(hash_of)
            .map(|hash| key(lookup_partition(&hash), LOOKUP.to_owned()))
            .collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let read = BatchRead { keys, projection: Some(&["pk", LAST_USED]), consistent: false };
        let items = batch_get(&self.client, &self.table, action, read).await?;
        let text = |item: &Item, name: &str| item.get(name)?.as_s().ok().cloned();
        let used = |item: &Item| Some((text(item, "pk")?, text(item, LAST_USED)?.parse().ok()?));
        Ok(items.iter().filter_map(used).collect())
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
