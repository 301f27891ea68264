//! The console links of an account that count towards [`ConsoleLink::MAX_LIVE`]: one item, written
//! in the same transaction as a link's key, so that concurrent requests cannot exceed the limit.
//!
//! The item maps each link to the time until which it counts. A new link drops the entries whose
//! time is over, and a revoked link its own.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ConfigTable;
use super::calls::{IS_NEW, back_off, put_part};
use super::item::{
    failed_condition, from_item, n, to_item, too_many_conflicts, unavailable, write_error,
};
use super::keys::partition;
use crate::domain::account::AccountId;
use crate::domain::api_key::{ConsoleLink, KeyHash, KeyId, StoredKey};
use crate::ports::store::{NewLinkError, StoreError};

/// The sort key of the item.
const LINKS: &str = "LINKS";
/// The most tries to write the item while others write it.
const MAX_TRIES: u32 = 6;

/// The links of an account that count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LiveLinks {
    /// Number of writes; 0 if there is no item.
    revision: u64,
    /// The time until which each link counts, in seconds since the epoch, by the id of its key.
    until: BTreeMap<String, i64>,
    /// The last of these times; DynamoDB deletes the item then.
    forget_at: i64,
}

impl LiveLinks {
    /// Adds the link of `record`. If there are too many at `now`, the error is the time at which
    /// the next one stops counting.
    fn with_link(mut self, record: &StoredKey, now: Timestamp) -> Result<Self, Timestamp> {
        self.until.retain(|_, until| *until > now.as_second());
        if self.until.len() >= ConsoleLink::MAX_LIVE {
            let first = self.until.values().min();
            let first = first.and_then(|until| Timestamp::from_second(*until).ok());
            return Err(first.unwrap_or(now));
        }
        let least = record.created_at + ConsoleLink::COUNTS_FOR;
        let until = record.expires_at.map_or(least, |expires_at| expires_at.max(least));
        // Round up to a whole second.
        self.until.insert(record.id.to_string(), until.as_second().saturating_add(1));
        Ok(self)
    }

    /// The next revision of the item.
    fn next_revision(mut self) -> Self {
        self.revision += 1;
        self.forget_at = self.until.values().max().copied().unwrap_or(self.forget_at);
        self
    }
}

impl ConfigTable {
    /// Stores the key of a new link that `record` describes, if the account may have another link.
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
            let live_links = self.live_links(ACTION, account).await?;
            let revision = live_links.revision;
            let live_links =
                live_links.with_link(record, now).map_err(NewLinkError::TooManyUntil)?;
            let mut all = parts.clone();
            all.push(self.links_part(ACTION, account, live_links, revision)?);
            let Err(error) = self.transact(all).await else { return Ok(()) };
            match &error {
                SdkError::ServiceError(service)
                    if failed_condition(service.err()) == Some(parts.len()) => {}
                _ => return Err(write_error(ACTION)(error).into()),
            }
            back_off(tried).await;
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES).into())
    }

    /// Stops counting a link.
    pub(super) async fn release_link(
        &self,
        account: &AccountId,
        id: &KeyId,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "releasing a console link";
        for tried in 1..=MAX_TRIES {
            let mut live_links = self.live_links(ACTION, account).await?;
            if live_links.until.remove(&id.to_string()).is_none() {
                return Ok(());
            }
            let revision = live_links.revision;
            let part = self.links_part(ACTION, account, live_links, revision)?;
            let Err(error) = self.transact(vec![part]).await else { return Ok(()) };
            match &error {
                SdkError::ServiceError(service) if failed_condition(service.err()).is_some() => {}
                _ => return Err(unavailable(ACTION)(error)),
            }
            back_off(tried).await;
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES))
    }

    async fn live_links(
        &self,
        action: &'static str,
        account: &AccountId,
    ) -> Result<LiveLinks, StoreError> {
        let item = self.get(action, partition(account), LINKS.to_owned()).await?;
        item.map_or_else(|| Ok(LiveLinks::default()), |item| from_item(action, item))
    }

    /// A transaction part that writes the item if it is still of `revision`.
    fn links_part(
        &self,
        action: &'static str,
        account: &AccountId,
        live_links: LiveLinks,
        revision: u64,
    ) -> Result<TransactWriteItem, StoreError> {
        let item =
            to_item(action, partition(account), LINKS.to_owned(), &live_links.next_revision())?;
        if revision == 0 {
            return self.put(action, item, IS_NEW);
        }
        let put = self.new_put(item).condition_expression("revision = :revision");
        put_part(action, put.expression_attribute_values(":revision", n(revision)))
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
