//! Calls and transaction parts for single items.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem};

use super::ConfigTable;
use super::item::{Item, corrupt, is_conflict, key, unavailable};
use crate::ports::store::StoreError;

/// Condition of a write that creates an item.
pub(super) const IS_NEW: &str = "attribute_not_exists(pk)";
/// Condition of a write that changes an item.
pub(super) const EXISTS: &str = "attribute_exists(pk)";
/// The most tries of a transaction that conflicts with others of the account; they last 0.6 s at
/// most.
pub(super) const MAX_TRIES: u32 = 7;

/// Reads the item under `key`, consistently.
pub(super) async fn get(
    client: &Client,
    table: &str,
    action: &'static str,
    key: Item,
) -> Result<Option<Item>, StoreError> {
    let answer = client
        .get_item()
        .table_name(table)
        .set_key(Some(key))
        .consistent_read(true)
        .send()
        .await
        .map_err(unavailable(action))?;
    Ok(answer.item)
}

impl ConfigTable {
    /// Reads the item under a key, consistently.
    pub(super) async fn get(
        &self,
        action: &'static str,
        pk: String,
        sk: String,
    ) -> Result<Option<Item>, StoreError> {
        get(&self.client, &self.table, action, key(pk, sk)).await
    }

    /// Writes all parts or none. Retries conflicts with other transactions.
    pub(super) async fn transact(
        &self,
        parts: Vec<TransactWriteItem>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let mut tried = 0;
        loop {
            tried += 1;
            let transaction = self.client.transact_write_items();
            let Err(error) = transaction.set_transact_items(Some(parts.clone())).send().await
            else {
                return Ok(());
            };
            if tried == MAX_TRIES || !error.as_service_error().is_some_and(is_conflict) {
                return Err(error);
            }
            back_off(tried).await;
        }
    }

    /// A transaction part that writes `item` if `condition` holds.
    pub(super) fn put(
        &self,
        action: &'static str,
        item: Item,
        condition: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        put_part(action, self.new_put(item).condition_expression(condition))
    }

    /// A write of `item` without a condition, for [`put_part`].
    pub(super) fn new_put(&self, item: Item) -> PutBuilder {
        Put::builder().table_name(&self.table).set_item(Some(item))
    }

    /// A transaction part that deletes the item under a key.
    pub(super) fn delete(
        &self,
        action: &'static str,
        pk: String,
        sk: String,
    ) -> Result<TransactWriteItem, StoreError> {
        self.delete_part(action, key(pk, sk), None)
    }

    /// A transaction part that deletes the item under a key if `condition` holds.
    pub(super) fn delete_if(
        &self,
        action: &'static str,
        pk: String,
        sk: String,
        condition: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        self.delete_part(action, key(pk, sk), Some(condition.to_owned()))
    }

    fn delete_part(
        &self,
        action: &'static str,
        key: Item,
        condition: Option<String>,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key))
            .set_condition_expression(condition)
            .build()
            .map_err(|error| corrupt(action, error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// A transaction part that fails unless there is an item under a key.
    pub(super) fn check_exists(
        &self,
        action: &'static str,
        pk: String,
        sk: String,
    ) -> Result<TransactWriteItem, StoreError> {
        self.check(action, pk, sk, EXISTS)
    }

    /// A transaction part that fails if there is an item under a key.
    pub(super) fn check_is_new(
        &self,
        action: &'static str,
        pk: String,
        sk: String,
    ) -> Result<TransactWriteItem, StoreError> {
        self.check(action, pk, sk, IS_NEW)
    }

    fn check(
        &self,
        action: &'static str,
        pk: String,
        sk: String,
        condition: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)))
            .condition_expression(condition)
            .build()
            .map_err(|error| corrupt(action, error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

/// The transaction part of `put`.
pub(super) fn put_part(
    action: &'static str,
    put: PutBuilder,
) -> Result<TransactWriteItem, StoreError> {
    let put = put.build().map_err(|error| corrupt(action, error))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Waits 5 to 10 ms, and twice as long after each try. Random, so that colliding writers separate.
pub(super) async fn back_off(tried: u32) {
    let longest = 5 << tried;
    tokio::time::sleep(Duration::from_millis(fastrand::u64(longest / 2..=longest))).await;
}
