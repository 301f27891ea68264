//! Changes of the table, from its stream.

use std::collections::HashMap;

use serde_dynamo::AttributeValue as StreamValue;

use super::super::item::{Item, corrupt};
use super::item::entry_of;
use super::shard_of;
use crate::domain::stats::{ChangePosition, LogChange};
use crate::ports::store::StoreError;

const READING: &str = "reading a change of the delivery log";

/// An image of an item in a stream record.
pub type StreamImage = HashMap<String, StreamValue>;

/// The change of a delivery from `before` to `after`, the stream's change number `sequence`.
pub fn log_change(
    before: Option<StreamImage>,
    after: StreamImage,
    sequence: &str,
) -> Result<LogChange, StoreError> {
    let entry = |item| entry_of(READING, item_of(item));
    let (before, after) = (before.map(entry).transpose()?, entry(after)?);
    let sequence = sequence.parse().map_err(|error| corrupt(READING, error))?;
    // A stream has the changes of a partition key in their order.
    let position = ChangePosition { part: shard_of(after.key.report_id), sequence };
    Ok(LogChange { position, before, after })
}

fn item_of(image: StreamImage) -> Item {
    image.into_iter().map(|(name, value)| (name, value.into())).collect()
}
