//! The numbers of an account's webhooks and subscriptions: one item, written in the same
//! transaction as what it counts, so that concurrent requests cannot exceed a quota.
//!
//! If an account has no such item yet, its webhooks and subscriptions are counted first. None is
//! added or deleted meanwhile, because each such transaction needs the item.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{Select, TransactWriteItem, Update};

use super::ConfigTable;
use super::calls::{MAX_TRIES, back_off};
use super::item::{corrupt, failed_condition, is_conflict, is_written, key, n, s, unavailable};
use super::keys::{SUBSCRIPTION, WEBHOOK, partition};
use crate::domain::account::AccountId;
use crate::ports::store::StoreError;

const COUNTS: &str = "COUNTS";

/// A kind of counted items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Webhooks,
    Subscriptions,
}

impl Counted {
    /// The attribute with the number.
    fn attribute(self) -> &'static str {
        match self {
            Self::Webhooks => "webhooks",
            Self::Subscriptions => "subscriptions",
        }
    }

    /// Sort key prefix of the counted items.
    fn prefix(self) -> &'static str {
        match self {
            Self::Webhooks => WEBHOOK,
            Self::Subscriptions => SUBSCRIPTION,
        }
    }
}

/// A change of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountChange {
    counted: Counted,
    by: i64,
    /// Condition: the number before the change is smaller.
    below: Option<u32>,
}

impl CountChange {
    /// Adds one, if there are fewer than `quota`.
    pub(super) fn increment(counted: Counted, quota: u32) -> Self {
        Self { counted, by: 1, below: Some(quota) }
    }

    /// Subtracts `by`.
    pub(super) fn decrement(counted: Counted, by: u32) -> Self {
        Self { counted, by: -i64::from(by), below: None }
    }

    fn exceeds_quota(self, stored: i64) -> bool {
        self.below.is_some_and(|below| stored >= i64::from(below))
    }
}

/// The reason why nothing was written and counted.
#[derive(Debug)]
pub(super) enum CountedWriteError {
    /// The condition of this part failed.
    Condition(usize),
    /// The quota is exhausted.
    QuotaExhausted,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for CountedWriteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl ConfigTable {
    /// Writes `parts` and the changed count, all or nothing.
    pub(super) async fn write_and_count(
        &self,
        action: &'static str,
        account: &AccountId,
        parts: Vec<TransactWriteItem>,
        change: CountChange,
    ) -> Result<(), CountedWriteError> {
        let count_index = parts.len();
        let mut all = parts;
        all.push(self.count_part(action, account, change)?);
        let mut tried = 0;
        loop {
            tried += 1;
            let transaction = self.client.transact_write_items();
            let Err(error) = transaction.set_transact_items(Some(all.clone())).send().await else {
                return Ok(());
            };
            let (failed, conflict) = match &error {
                SdkError::ServiceError(service) => {
                    (failed_condition(service.err()), is_conflict(service.err()))
                }
                _ => (None, false),
            };
            match failed {
                Some(part) if part < count_index => {
                    return Err(CountedWriteError::Condition(part));
                }
                Some(_) if tried < MAX_TRIES => {
                    match self.stored_count(action, account, change.counted).await? {
                        Some(stored) if change.exceeds_quota(stored) => {
                            return Err(CountedWriteError::QuotaExhausted);
                        }
                        // The number has changed since.
                        Some(_) => {}
                        None => self.count_all(action, account).await?,
                    }
                }
                None if conflict && tried < MAX_TRIES => back_off(tried).await,
                _ => return Err(unavailable(action)(error).into()),
            }
        }
    }

    /// Whether a change is within its quota now.
    pub(super) async fn is_within_quota(
        &self,
        action: &'static str,
        account: &AccountId,
        change: CountChange,
    ) -> Result<bool, StoreError> {
        let mut stored = self.stored_count(action, account, change.counted).await?;
        if stored.is_none() {
            self.count_all(action, account).await?;
            stored = self.stored_count(action, account, change.counted).await?;
        }
        Ok(!stored.is_some_and(|stored| change.exceeds_quota(stored)))
    }

    fn count_part(
        &self,
        action: &'static str,
        account: &AccountId,
        change: CountChange,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), COUNTS.to_owned())))
            .update_expression("ADD #count :by")
            .expression_attribute_names("#count", change.counted.attribute())
            .expression_attribute_values(":by", n(change.by));
        let update = match change.below {
            Some(below) => update
                .condition_expression("#count < :below")
                .expression_attribute_values(":below", n(below)),
            None => update.condition_expression("attribute_exists(#count)"),
        };
        let update = update.build().map_err(|error| corrupt(action, error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The number in the item; `None` if the account was not counted yet.
    async fn stored_count(
        &self,
        action: &'static str,
        account: &AccountId,
        counted: Counted,
    ) -> Result<Option<i64>, StoreError> {
        let item = self.get(action, partition(account), COUNTS.to_owned()).await?;
        let stored = item.and_then(|item| item.get(counted.attribute())?.as_n().ok()?.parse().ok());
        Ok(stored)
    }

    /// Counts an account's items and stores the numbers, unless another instance did.
    async fn count_all(&self, action: &'static str, account: &AccountId) -> Result<(), StoreError> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), COUNTS.to_owned())))
            .update_expression("SET webhooks = :webhooks, subscriptions = :subscriptions")
            .condition_expression("attribute_not_exists(webhooks)");
        for counted in [Counted::Webhooks, Counted::Subscriptions] {
            let found = self.count(action, account, counted).await?;
            let value = format!(":{}", counted.attribute());
            update = update.expression_attribute_values(value, n(found));
        }
        is_written(action, update.send().await).map(drop)
    }

    async fn count(
        &self,
        action: &'static str,
        account: &AccountId,
        counted: Counted,
    ) -> Result<i64, StoreError> {
        let mut found = 0;
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .select(Select::Count)
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":pk", s(partition(account)))
                .expression_attribute_values(":prefix", s(counted.prefix()))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable(action))?;
            found += i64::from(page.count);
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(found);
            }
        }
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
