//! How many webhooks and subscriptions an account has: an item that is written in the same
//! transaction as what it counts, so that a quota holds however many ask at the same time.
//!
//! An account that has no such item yet is counted first. Nobody adds or deletes anything
//! meanwhile, because whoever does needs the item as well.

use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{Select, TransactWriteItem, Update};

use super::accounts::partition;
use super::item::{corrupt, failed_condition, is_conflict, key, n, s, unavailable};
use super::{ConfigTable, subscriptions, webhooks};
use crate::account::AccountId;
use crate::store::StoreError;

const COUNTS: &str = "COUNTS";
/// How often a transaction is tried that conflicts with others of the account: for 0.6 s at most.
pub(super) const MAX_TRIES: u32 = 7;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Webhooks,
    Subscriptions,
}

impl Counted {
    /// The attribute that holds the number.
    fn attribute(self) -> &'static str {
        match self {
            Self::Webhooks => "webhooks",
            Self::Subscriptions => "subscriptions",
        }
    }

    /// How the sort keys of what is counted begin.
    fn prefix(self) -> &'static str {
        match self {
            Self::Webhooks => webhooks::PREFIX,
            Self::Subscriptions => subscriptions::PREFIX,
        }
    }
}

/// How a number changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountChange {
    counted: Counted,
    by: i64,
    /// The number before it must be smaller.
    below: Option<u32>,
}

impl CountChange {
    /// One more, if there are fewer than `most`.
    pub(super) fn one_more(counted: Counted, most: u32) -> Self {
        Self { counted, by: 1, below: Some(most) }
    }

    /// So many less.
    pub(super) fn less(counted: Counted, by: u32) -> Self {
        Self { counted, by: -i64::from(by), below: None }
    }

    fn has_no_room(self, noted: i64) -> bool {
        self.below.is_some_and(|below| noted >= i64::from(below))
    }
}

/// Why nothing was written and counted.
#[derive(Debug)]
pub(super) enum CountedWriteError {
    /// The condition of this part does not hold.
    Condition(usize),
    /// There are as many as there may be.
    NoRoom,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for CountedWriteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl ConfigTable {
    /// Writes `parts` and counts them, all or nothing.
    pub(super) async fn write_and_count(
        &self,
        action: &'static str,
        account: &AccountId,
        parts: Vec<TransactWriteItem>,
        change: CountChange,
    ) -> Result<(), CountedWriteError> {
        let place_of_count = parts.len();
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
                Some(part) if part < place_of_count => {
                    return Err(CountedWriteError::Condition(part));
                }
                Some(_) if tried < MAX_TRIES => {
                    match self.noted_count(action, account, change.counted).await? {
                        Some(noted) if change.has_no_room(noted) => {
                            return Err(CountedWriteError::NoRoom);
                        }
                        // Others changed it since.
                        Some(_) => {}
                        None => self.count_all(action, account).await?,
                    }
                }
                None if conflict && tried < MAX_TRIES => pause(tried).await,
                _ => return Err(unavailable(action)(error).into()),
            }
        }
    }

    /// Whether a change is within its bound now.
    pub(super) async fn has_room(
        &self,
        action: &'static str,
        account: &AccountId,
        change: CountChange,
    ) -> Result<bool, StoreError> {
        let mut noted = self.noted_count(action, account, change.counted).await?;
        if noted.is_none() {
            self.count_all(action, account).await?;
            noted = self.noted_count(action, account, change.counted).await?;
        }
        Ok(!noted.is_some_and(|noted| change.has_no_room(noted)))
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

    /// The number that the item holds; `None` if the account was not counted yet.
    async fn noted_count(
        &self,
        action: &'static str,
        account: &AccountId,
        counted: Counted,
    ) -> Result<Option<i64>, StoreError> {
        let item = self.get(action, partition(account), COUNTS.to_owned()).await?;
        let noted = item.and_then(|item| item.get(counted.attribute())?.as_n().ok()?.parse().ok());
        Ok(noted)
    }

    /// Counts what an account has and notes it, unless another was quicker.
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
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(unavailable(action)(error)),
            },
        }
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

/// 5 to 10 ms, then twice as long each time: those who met once should not meet again.
pub(super) async fn pause(tried: u32) {
    let most = 5 << tried;
    tokio::time::sleep(Duration::from_millis(fastrand::u64(most / 2..=most))).await;
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
