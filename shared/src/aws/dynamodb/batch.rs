//! Batch reads and writes.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::item::{Item, corrupt, unavailable};
use crate::ports::store::StoreError;

/// The limit of `BatchGetItem`.
const MAX_KEYS: usize = 100;
/// Concurrent calls of one read.
const CONCURRENT_CALLS: usize = 8;
/// The limit of `BatchWriteItem`.
pub(super) const MAX_WRITES: usize = 25;
/// The most calls for one batch, if DynamoDB throttles parts of it.
const MAX_TRIES: u32 = 5;

/// A batch read.
pub(super) struct BatchRead {
    /// Any number of distinct keys.
    pub keys: Vec<Item>,
    /// Attributes to read; `None` for all.
    pub projection: Option<&'static [&'static str]>,
    /// Whether the latest writes must be seen, at twice the price.
    pub consistent: bool,
}

/// Reads the items that exist.
pub(super) async fn batch_get(
    client: &Client,
    table: &str,
    action: &'static str,
    read: BatchRead,
) -> Result<Vec<Item>, StoreError> {
    let (projection, names) = projection(read.projection);
    let mut calls = Vec::new();
    for keys in owned_chunks(read.keys, MAX_KEYS) {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(read.consistent)
            .set_projection_expression(projection.clone())
            .set_expression_attribute_names(names.clone())
            .build()
            .map_err(|error| corrupt(action, error))?;
        calls.push(get_all(client, table, action, request));
    }
    let items: Vec<Vec<Item>> =
        stream::iter(calls).buffer_unordered(CONCURRENT_CALLS).try_collect().await?;
    Ok(items.into_iter().flatten().collect())
}

/// Splits `items` into chunks of at most `size`.
pub(super) fn owned_chunks<T>(items: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<_> = items.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// A projection expression and its `#` names: some attribute names are reserved words.
pub(super) fn projection(
    attributes: Option<&[&'static str]>,
) -> (Option<String>, Option<HashMap<String, String>>) {
    let Some(attributes) = attributes else {
        return (None, None);
    };
    let names: HashMap<_, _> = attributes
        .iter()
        .enumerate()
        .map(|(i, attribute)| (format!("#a{i}"), (*attribute).to_owned()))
        .collect();
    let mut expression: Vec<_> = names.keys().cloned().collect();
    expression.sort_unstable();
    (Some(expression.join(", ")), Some(names))
}

async fn get_all(
    client: &Client,
    table: &str,
    action: &'static str,
    request: KeysAndAttributes,
) -> Result<Vec<Item>, StoreError> {
    let mut found = Vec::new();
    let mut pending = Some(request);
    for tried in 0..MAX_TRIES {
        let Some(request) = pending else {
            return Ok(found);
        };
        back_off(tried).await;
        let answer = client
            .batch_get_item()
            .request_items(table, request)
            .send()
            .await
            .map_err(unavailable(action))?;
        found.extend(answer.responses.unwrap_or_default().remove(table).unwrap_or_default());
        pending = answer.unprocessed_keys.unwrap_or_default().remove(table);
    }
    pending.map_or(Ok(found), |_| Err(throttled(action)))
}

/// Writes at most [`MAX_WRITES`] items.
pub(super) async fn batch_put(
    client: &Client,
    table: &str,
    action: &'static str,
    items: Vec<Item>,
) -> Result<(), StoreError> {
    let puts = items
        .into_iter()
        .map(|item| {
            let put = PutRequest::builder().set_item(Some(item)).build();
            let put = put.map_err(|error| corrupt(action, error))?;
            Ok(WriteRequest::builder().put_request(put).build())
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    write_all(client, table, action, puts).await
}

/// Deletes the items under at most [`MAX_WRITES`] distinct keys.
pub(super) async fn batch_delete(
    client: &Client,
    table: &str,
    action: &'static str,
    keys: Vec<Item>,
) -> Result<(), StoreError> {
    let deletions = keys
        .into_iter()
        .map(|key| {
            let delete = DeleteRequest::builder().set_key(Some(key)).build();
            let delete = delete.map_err(|error| corrupt(action, error))?;
            Ok(WriteRequest::builder().delete_request(delete).build())
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    write_all(client, table, action, deletions).await
}

async fn write_all(
    client: &Client,
    table: &str,
    action: &'static str,
    mut rest: Vec<WriteRequest>,
) -> Result<(), StoreError> {
    for tried in 0..MAX_TRIES {
        if rest.is_empty() {
            return Ok(());
        }
        back_off(tried).await;
        let answer = client
            .batch_write_item()
            .request_items(table, rest)
            .send()
            .await
            .map_err(unavailable(action))?;
        rest = answer.unprocessed_items.unwrap_or_default().remove(table).unwrap_or_default();
    }
    if rest.is_empty() { Ok(()) } else { Err(throttled(action)) }
}

async fn back_off(tried: u32) {
    if tried > 0 {
        tokio::time::sleep(Duration::from_millis(25 << tried)).await;
    }
}

fn throttled(action: &'static str) -> StoreError {
    let source = format!("throttled {MAX_TRIES} times in a row");
    StoreError::Unavailable { action, source: source.into() }
}
