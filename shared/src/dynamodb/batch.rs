//! Reading and writing many items in few calls.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::item::{Item, corrupt, unavailable};
use crate::store::StoreError;

/// `BatchGetItem` takes 100 keys.
const MAX_KEYS: usize = 100;
/// Calls under way at the same time for one read.
const CONCURRENT_CALLS: usize = 8;
/// `BatchWriteItem` takes 25 items.
pub(super) const MAX_WRITES: usize = 25;
/// How often the rest of a batch is tried again when DynamoDB throttles a part of it.
const MAX_ROUNDS: u32 = 5;

/// What to read.
pub(super) struct BatchRead {
    /// Keys, each once; any number.
    pub keys: Vec<Item>,
    /// Only these attributes.
    pub projection: Option<&'static [&'static str]>,
    /// Read what was just written, at twice the price.
    pub consistent: bool,
}

/// The items that exist.
pub(super) async fn batch_get(
    client: &Client,
    table: &str,
    action: &'static str,
    read: BatchRead,
) -> Result<Vec<Item>, StoreError> {
    let (projection, names) = projection(read.projection);
    let mut calls = Vec::new();
    for keys in portions(read.keys, MAX_KEYS) {
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

/// `items` in portions of at most `size`.
pub(super) fn portions<T>(items: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let portion: Vec<_> = items.by_ref().take(size).collect();
        (!portion.is_empty()).then_some(portion)
    })
}

/// Attribute names behind `#` names: some are reserved words.
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
    let mut wanted = Some(request);
    for round in 0..MAX_ROUNDS {
        let Some(request) = wanted else {
            return Ok(found);
        };
        pause(round).await;
        let answer = client
            .batch_get_item()
            .request_items(table, request)
            .send()
            .await
            .map_err(unavailable(action))?;
        found.extend(answer.responses.unwrap_or_default().remove(table).unwrap_or_default());
        wanted = answer.unprocessed_keys.unwrap_or_default().remove(table);
    }
    wanted.map_or(Ok(found), |_| Err(throttled(action)))
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

/// Deletes the items under at most [`MAX_WRITES`] keys, each once.
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
    for round in 0..MAX_ROUNDS {
        if rest.is_empty() {
            return Ok(());
        }
        pause(round).await;
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

async fn pause(round: u32) {
    if round > 0 {
        tokio::time::sleep(Duration::from_millis(25 << round)).await;
    }
}

fn throttled(action: &'static str) -> StoreError {
    let source = format!("throttled {MAX_ROUNDS} times in a row");
    StoreError::Unavailable { action, source: source.into() }
}
