//! Items: from and to the domain's types, and the errors of doing so.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::page::{Listed, Page};
use crate::store::{StoreError, WriteError};
use crate::telemetry::ErrorChain;

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

/// The value of an item; its key and index attributes are ignored.
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

/// What `read` makes of `item`. If it cannot be read, the log names its key, and nothing of its
/// values: they may be secrets.
pub(super) fn or_note<T>(
    item: Item,
    read: impl FnOnce(Item) -> Result<T, StoreError>,
) -> Option<T> {
    let kept = ["pk", "sk"].map(|name| (name, item.get(name).cloned()));
    let read = read(item).inspect_err(|error| {
        let key = kept.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        note_unreadable(&key.collect(), error);
    });
    read.ok()
}

/// Notes that `item` cannot be read.
pub(super) fn note_unreadable(item: &Item, error: &StoreError) {
    let key = |name: &str| item.get(name).and_then(|key| key.as_s().ok()).map(String::as_str);
    let error = without_values(&ErrorChain(error).to_string());
    tracing::error!(pk = key("pk"), sk = key("sk"), error, "an item is unreadable");
}

/// An error of serde without what it quotes.
fn without_values(error: &str) -> String {
    // A quote within a quoted value would end it too early.
    let error = error.replace("\\\\", "").replace("\\\"", "");
    let without_texts = without_quoted(&error, '"', |_| false);
    // Numbers and names of variants stand in backticks, as do our own fields.
    without_quoted(&without_texts, '`', |before| before.ends_with("missing field "))
}

/// `text` with `…` for what stands between two of `quote`, unless it is to be kept for what stands before it.
fn without_quoted(text: &str, quote: char, is_kept: impl Fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for (index, part) in text.split(quote).enumerate() {
        let is_quoted = index % 2 == 1;
        shown.push_str(if is_quoted && !is_kept(&shown) { "…" } else { part });
    }
    shown
}

/// The first `limit` of `items` as `read` reads them, whose ids are their sort keys without `prefix`;
/// the cursor names the last if there are more.
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
        or_note(item, &read).map_or(Listed::Unreadable { id }, Listed::Item)
    };
    Page { data: items.into_iter().map(listed).collect(), next_cursor }
}

/// An item that cannot be read or written.
pub(super) fn corrupt(
    action: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    StoreError::Corrupt { action, source: Box::new(source) }
}

/// A call that failed.
pub(super) fn unavailable<E>(action: &'static str) -> impl Fn(SdkError<E>) -> StoreError
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |error| StoreError::Unavailable { action, source: Box::new(error) }
}

/// An error of a conditional write: the condition's, or the store's.
pub(super) trait ConditionFailure: std::error::Error + Send + Sync + 'static {
    /// Whether the condition did not hold.
    fn is_condition(&self) -> bool;
}

impl ConditionFailure for PutItemError {
    fn is_condition(&self) -> bool {
        self.is_conditional_check_failed_exception()
    }
}

impl ConditionFailure for DeleteItemError {
    fn is_condition(&self) -> bool {
        self.is_conditional_check_failed_exception()
    }
}

impl ConditionFailure for TransactWriteItemsError {
    fn is_condition(&self) -> bool {
        failed_condition(self).is_some()
    }
}

/// Which item's condition made DynamoDB cancel a transaction.
pub(super) fn failed_condition(error: &TransactWriteItemsError) -> Option<usize> {
    cancelled_by(error, "ConditionalCheckFailed")
}

/// Whether DynamoDB cancelled a transaction because of others at the same time.
pub(super) fn is_conflict(error: &TransactWriteItemsError) -> bool {
    cancelled_by(error, "TransactionConflict").is_some()
}

/// The first item for which DynamoDB gives this reason.
fn cancelled_by(error: &TransactWriteItemsError, code: &str) -> Option<usize> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return None;
    };
    cancelled.cancellation_reasons().iter().position(|reason| reason.code() == Some(code))
}

/// Tells a failed condition from a failed store.
pub(super) fn write_error<E: ConditionFailure>(
    action: &'static str,
) -> impl Fn(SdkError<E>) -> WriteError {
    move |error| match &error {
        SdkError::ServiceError(service) if service.err().is_condition() => WriteError::Condition,
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
    fn a_cancelled_transaction_tells_whose_fault_it_was() {
        let condition = cancelled(&["None", "ConditionalCheckFailed", "ConditionalCheckFailed"]);
        assert_eq!((failed_condition(&condition), is_conflict(&condition)), (Some(1), false));
        let conflict = cancelled(&["None", "TransactionConflict"]);
        assert_eq!((failed_condition(&conflict), is_conflict(&conflict)), (None, true));
        let throttled = cancelled(&["ThrottlingError", "None"]);
        assert_eq!((failed_condition(&throttled), is_conflict(&throttled)), (None, false));
    }
}
