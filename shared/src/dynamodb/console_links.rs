//! The console links of an account that count towards [`ConsoleLink::MAX_LIVE`]: one item that is written in the same
//! transaction as a link's key, so that the bound holds however many ask at the same time.
//!
//! The item has an entry per link with the time from which on it no longer counts. A new link drops the entries whose
//! time is over, and a revoked link its own.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ConfigTable;
use super::accounts::partition;
use super::calls::IS_NEW;
use super::counts::pause;
use super::item::{corrupt, failed_condition, from_item, n, to_item, unavailable, write_error};
use super::reservation::others_came_before;
use crate::account::AccountId;
use crate::api_key::{ConsoleLink, KeyHash, KeyId, StoredKey};
use crate::store::{NewLinkError, StoreError};

/// The sort key of the item.
const LINKS: &str = "LINKS";
/// How often the item is written that others write at the same time.
const MAX_TRIES: u32 = 6;

/// The links of an account that count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counting {
    /// How often the item was written; 0 if there is none.
    revision: u64,
    /// Until when each link counts, in seconds since the epoch, by the id of its key.
    until: BTreeMap<String, i64>,
    /// When the last of them ends; DynamoDB deletes the item then.
    forget_at: i64,
}

impl Counting {
    /// With the link of `record` as well; the time at which the next one ends if there are too many at `now`.
    fn with(mut self, record: &StoredKey, now: Timestamp) -> Result<Self, Timestamp> {
        self.until.retain(|_, until| *until > now.as_second());
        if self.until.len() >= ConsoleLink::MAX_LIVE {
            let first = self.until.values().min();
            let first = first.and_then(|until| Timestamp::from_second(*until).ok());
            return Err(first.unwrap_or(now));
        }
        let least = record.created_at + ConsoleLink::COUNTS_FOR;
        let until = record.expires_at.map_or(least, |expires_at| expires_at.max(least));
        // A part of a second counts whole.
        self.until.insert(record.id.to_string(), until.as_second().saturating_add(1));
        Ok(self)
    }

    /// The item's next version.
    fn next(mut self) -> Self {
        self.revision += 1;
        self.forget_at = self.until.values().max().copied().unwrap_or(self.forget_at);
        self
    }
}

impl ConfigTable {
    /// Stores the key of a new link that `record` describes, if the account has room for it.
    pub(super) async fn create_counted_link(
        &self,
        account: &AccountId,
        hash: &KeyHash,
        record: &StoredKey,
        now: Timestamp,
    ) -> Result<(), NewLinkError> {
        const ACTION: &str = "storing a console link";
        let parts = self.key_parts(ACTION, hash, record)?;
        for tried in 1..=MAX_TRIES {
            let counting = self.counting(ACTION, account).await?;
            let revision = counting.revision;
            let counting = counting.with(record, now).map_err(NewLinkError::TooManyUntil)?;
            let mut all = parts.clone();
            all.push(self.count_links(ACTION, account, counting, revision)?);
            let Err(error) = self.transact(all).await else { return Ok(()) };
            match &error {
                SdkError::ServiceError(service)
                    if failed_condition(service.err()) == Some(parts.len()) => {}
                _ => return Err(write_error(ACTION)(error).into()),
            }
            pause(tried).await;
        }
        Err(others_came_before(ACTION, MAX_TRIES as usize).into())
    }

    /// Makes room for another link in place of this one.
    pub(super) async fn forget_link(
        &self,
        account: &AccountId,
        id: &KeyId,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "making room for a console link";
        for tried in 1..=MAX_TRIES {
            let mut counting = self.counting(ACTION, account).await?;
            if counting.until.remove(&id.to_string()).is_none() {
                return Ok(());
            }
            let revision = counting.revision;
            let part = self.count_links(ACTION, account, counting, revision)?;
            let Err(error) = self.transact(vec![part]).await else { return Ok(()) };
            match &error {
                SdkError::ServiceError(service) if failed_condition(service.err()).is_some() => {}
                _ => return Err(unavailable(ACTION)(error)),
            }
            pause(tried).await;
        }
        Err(others_came_before(ACTION, MAX_TRIES as usize))
    }

    async fn counting(
        &self,
        action: &'static str,
        account: &AccountId,
    ) -> Result<Counting, StoreError> {
        let item = self.get(action, partition(account), LINKS.to_owned()).await?;
        item.map_or_else(|| Ok(Counting::default()), |item| from_item(action, item))
    }

    /// A part of a transaction: writes the item if it was not written since `revision`.
    fn count_links(
        &self,
        action: &'static str,
        account: &AccountId,
        counting: Counting,
        revision: u64,
    ) -> Result<TransactWriteItem, StoreError> {
        let item = to_item(action, partition(account), LINKS.to_owned(), &counting.next())?;
        if revision == 0 {
            return self.put(action, item, IS_NEW);
        }
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", n(revision))
            .build()
            .map_err(|error| corrupt(action, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
