//! The event of a DynamoDB stream, as far as the function reads it.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>

use callhook::aws::dynamodb::deliveries::{StreamImage, log_change};
use callhook::domain::stats::{InvalidShard, LogChange, StreamShard};
use callhook::ports::store::StoreError;
use serde::{Deserialize, Serialize};

/// Changes of the deliveries table from one shard of its stream, in their order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StreamEvent {
    /// Empty in the event that ends a window (`TumblingWindowInSeconds`).
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
    /// Present only if the event source mapping has a window.
    shard_id: Option<String>,
}

/// The answer to an event of a window. Without `state`, Lambda treats it as a failure; the function
/// keeps no state.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html>
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct StreamAnswer {
    state: State,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct State {}

/// The event names no valid shard.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum UnknownShard {
    #[error("the event has no `shardId`; the event source mapping needs `TumblingWindowInSeconds`")]
    Missing,
    #[error("`shardId` {0}")]
    Invalid(#[from] InvalidShard),
}

#[derive(Debug, Deserialize)]
struct Record {
    dynamodb: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    old_image: Option<StreamImage>,
    /// Absent if the item was deleted.
    new_image: Option<StreamImage>,
    sequence_number: String,
}

impl StreamEvent {
    /// The shard that the changes come from.
    pub(crate) fn shard(&self) -> Result<StreamShard, UnknownShard> {
        let id = self.shard_id.as_deref().ok_or(UnknownShard::Missing)?;
        Ok(id.parse::<StreamShard>()?)
    }

    /// The changes of deliveries. The filter of the event source mapping drops all others.
    pub(crate) fn changes(self) -> impl Iterator<Item = Result<LogChange, StoreError>> {
        let changes = self.records.into_iter().map(|record| record.dynamodb);
        changes.filter_map(|change| {
            let after = change.new_image?;
            Some(log_change(change.old_image, after, &change.sequence_number))
        })
    }
}
