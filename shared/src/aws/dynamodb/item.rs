//! Conversion between items and domain types, and the errors of items.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::input::page::{Listed, Page};
use crate::ports::store::{StoreError, WriteError};
use crate::runtime::telemetry::ErrorChain;

/// A DynamoDB item.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A string attribute.
pub(super) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number attribute.
pub(super) fn n(number: impl Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The key of an item.
pub(super) fn key(pk: String, sk: String) -> Item {
    HashMap::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s(sk))])
}

/// `value` as an item under this key.
pub(super) fn to_item<T: Serialize>(
    action: &'static str,
    pk: String,
    sk: String,
    value: &T,
) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(|error| corrupt(action, error))?;
    item.extend(key(pk, sk));
    Ok(item)
}

/// The value of an item. Key and index attributes are ignored.
pub(super) fn from_item<T: DeserializeOwned>(
    action: &'static str,
    item: Item,
) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| corrupt(action, error))
}

/// The sort key of an item.
pub(super) fn sort_key(item: &Item) -> &str {
    item.get("sk").and_then(|sk| sk.as_s().ok()).map_or("", String::as_str)
}

/// Reads `item` with `read`. Logs the key of an unreadable item, and none of its values: they may
/// be secrets.
pub(super) fn read_or_log<T>(
    item: Item,
    read: impl FnOnce(Item) -> Result<T, StoreError>,
) -> Option<T> {
    let key = ["pk", "sk"].map(|name| (name, item.get(name).cloned()));
    let read = read(item).inspect_err(|error| {
        let key = key.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        log_unreadable(&key.collect(), error);
    });
    read.ok()
}

/// Logs that `item` is unreadable.
pub(super) fn log_unreadable(item: &Item, error: &StoreError) {
    let key = |name: &str| item.get(name).and_then(|key| key.as_s().ok()).map(String::as_str);
    let error = without_values(&ErrorChain(error).to_string());
    tracing::error!(pk = key("pk"), sk = key("sk"), error, "item is unreadable");
}

/// Removes quoted values from the text of a serde error.
fn without_values(error: &str) -> String {
    // An escaped quote would end a quoted value too early.
    let error = error.replace("\\\\", "").replace("\\\"", "");
    let without_texts = without_quoted(&error, '"', |_| false);
    // Serde quotes numbers, variants and field names in backticks.
    without_quoted(&without_texts, '`', |before| before.ends_with("missing field "))
}

/// Replaces each text between two of `quote` with `…`, unless `is_kept` accepts the text before it.
fn without_quoted(text: &str, quote: char, is_kept: impl Fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for (index, part) in text.split(quote).enumerate() {
        let is_quoted = index % 2 == 1;
        shown.push_str(if is_quoted && !is_kept(&shown) { "…" } else { part });
    }
    shown
}

/// The first `limit` of `items`, read by `read`. Their ids are their sort keys without `prefix`;
/// the cursor is the last id if there are more items.
pub(super) fn to_page<T>(
    mut items: Vec<Item>,
    limit: usize,
    prefix: &str,
    read: impl Fn(Item) -> Result<T, StoreError>,
) -> Page<Listed<T>> {
    let more = items.len() > limit;
    items.truncate(limit);
    let id = |item: &Item| sort_key(item).strip_prefix(prefix).unwrap_or_default().to_owned();
    let next_cursor = items.last().filter(|_| more).map(id);
    let listed = |item: Item| {
        let id = id(&item);
        read_or_log(item, &read).map_or(Listed::Unreadable { id }, Listed::Item)
    };
    Page { data: items.into_iter().map(listed).collect(), next_cursor }
}

/// The error of an item that cannot be read or written.
pub(super) fn corrupt(
    action: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    StoreError::Corrupt { action, source: Box::new(source) }
}

/// The error of a failed call.
pub(super) fn unavailable<E>(action: &'static str) -> impl Fn(SdkError<E>) -> StoreError
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |error| StoreError::Unavailable { action, source: Box::new(error) }
}

/// The error of a write that gave up after `tries` conflicts with other writes.
pub(super) fn too_many_conflicts(action: &'static str, tries: impl Display) -> StoreError {
    let source = format!("conflicting writes {tries} times in a row").into();
    StoreError::Unavailable { action, source }
}

/// An error of a conditional write, which may be that of its condition.
pub(super) trait ConditionFailure: std::error::Error + Send + Sync + 'static {
    /// Whether the condition failed.
    fn is_condition_failure(&self) -> bool;
}

impl ConditionFailure for PutItemError {
    fn is_condition_failure(&self) -> bool {
        self.is_conditional_check_failed_exception()
    }
}

impl ConditionFailure for DeleteItemError {
    fn is_condition_failure(&self) -> bool {
        self.is_conditional_check_failed_exception()
    }
}

impl ConditionFailure for UpdateItemError {
    fn is_condition_failure(&self) -> bool {
        self.is_conditional_check_failed_exception()
    }
}

impl ConditionFailure for TransactWriteItemsError {
    fn is_condition_failure(&self) -> bool {
        failed_condition(self).is_some()
    }
}

/// Whether a conditional write was made; `false` if its condition failed.
pub(super) fn is_written<T, E: ConditionFailure>(
    action: &'static str,
    result: Result<T, SdkError<E>>,
) -> Result<bool, StoreError> {
    match result.map_err(write_error(action)) {
        Ok(_) => Ok(true),
        Err(WriteError::Condition) => Ok(false),
        Err(WriteError::Store(error)) => Err(error),
    }
}

/// The index of the item whose condition cancelled a transaction.
pub(super) fn failed_condition(error: &TransactWriteItemsError) -> Option<usize> {
    cancellation_index(error, "ConditionalCheckFailed")
}

/// Whether DynamoDB cancelled a transaction because of a concurrent one.
pub(super) fn is_conflict(error: &TransactWriteItemsError) -> bool {
    cancellation_index(error, "TransactionConflict").is_some()
}

/// The index of the first item with this cancellation reason.
fn cancellation_index(error: &TransactWriteItemsError, code: &str) -> Option<usize> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return None;
    };
    cancelled.cancellation_reasons().iter().position(|reason| reason.code() == Some(code))
}

/// Separates a failed condition from a failed call.
pub(super) fn write_error<E: ConditionFailure>(
    action: &'static str,
) -> impl Fn(SdkError<E>) -> WriteError {
    move |error| match &error {
        SdkError::ServiceError(service) if service.err().is_condition_failure() => {
            WriteError::Condition
        }
        _ => WriteError::Store(unavailable(action)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::CancellationReason;
    use aws_sdk_dynamodb::types::error::TransactionCanceledException;

    fn cancelled(codes: &[&str]) -> TransactWriteItemsError {
        let reasons = codes.iter().map(|code| CancellationReason::builder().code(*code).build());
        let cancelled = TransactionCanceledException::builder()
            .set_cancellation_reasons(Some(reasons.collect()))
            .build();
        TransactWriteItemsError::TransactionCanceledException(cancelled)
    }

    #[test]
    fn the_log_of_an_unreadable_item_quotes_no_value() {
        for (error, shown) in [
            ("missing field `name`", "missing field name"),
            (
                "invalid type: string \"whsec_1\", expected a map",
                "invalid type: string …, expected a map",
            ),
            ("unclosed \"whsec_1", "unclosed …"),
            (
                r#"invalid type: string "pa\"ss\\", expected a map at line 1"#,
                "invalid type: string …, expected a map at line 1",
            ),
            (
                "invalid type: integer `918919520000`, expected a string",
                "invalid type: integer …, expected a string",
            ),
            ("unknown variant `whsec_1`, expected `a`", "unknown variant …, expected …"),
        ] {
            assert_eq!(without_values(error), shown);
        }
    }

    #[test]
    fn a_cancelled_transaction_names_a_failed_condition_or_a_conflict() {
        let condition = cancelled(&["None", "ConditionalCheckFailed", "ConditionalCheckFailed"]);
        assert_eq!((failed_condition(&condition), is_conflict(&condition)), (Some(1), false));
        let conflict = cancelled(&["None", "TransactionConflict"]);
        assert_eq!((failed_condition(&conflict), is_conflict(&conflict)), (None, true));
        let throttled = cancelled(&["ThrottlingError", "None"]);
        assert_eq!((failed_condition(&throttled), is_conflict(&throttled)), (None, false));
    }
}
