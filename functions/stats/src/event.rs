//! The event of a DynamoDB stream, as far as it is read.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>

use callhook::dynamodb::deliveries::{StreamImage, log_change};
use callhook::stats::{InvalidShard, LogChange, StreamShard};
use callhook::store::StoreError;
use serde::{Deserialize, Serialize};

/// Changes of the table of deliveries, those of a shard of the stream in their order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StreamEvent {
    /// None at the end of a window (`TumblingWindowInSeconds`), which Lambda has an event of its own for.
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
    /// Only events of windows name it.
    shard_id: Option<String>,
}

/// The answer to an event of a window. Lambda takes an answer without `state` for a failure; the
/// function keeps no state.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html>
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct StreamAnswer {
    state: State,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct State {}

/// An event that does not say which shard its changes are of.
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
    /// There is none of an item that was deleted.
    new_image: Option<StreamImage>,
    sequence_number: String,
}

impl StreamEvent {
    /// The shard that all changes are of.
    pub(crate) fn shard(&self) -> Result<StreamShard, UnknownShard> {
        let id = self.shard_id.as_deref().ok_or(UnknownShard::Missing)?;
        Ok(id.parse::<StreamShard>()?)
    }

    /// What became of deliveries. The template's filter lets nothing else pass.
    pub(crate) fn changes(self) -> impl Iterator<Item = Result<LogChange, StoreError>> {
        let changes = self.records.into_iter().map(|record| record.dynamodb);
        changes.filter_map(|change| {
            let after = change.new_image?;
            Some(log_change(change.old_image, after, &change.sequence_number))
        })
    }
}
