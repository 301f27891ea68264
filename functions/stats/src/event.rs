//! The event of a DynamoDB stream, as far as it is read.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>

use callhook::dynamodb::deliveries::{ToldItem, log_change};
use callhook::stats::LogChange;
use callhook::store::StoreError;
use serde::Deserialize;

/// Changes of the table of deliveries, those of a partition key in their order.
#[derive(Debug, Deserialize)]
pub(crate) struct StreamEvent {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Debug, Deserialize)]
struct Record {
    dynamodb: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    old_image: Option<ToldItem>,
    /// There is none of an item that was deleted.
    new_image: Option<ToldItem>,
    sequence_number: String,
}

impl StreamEvent {
    /// What became of deliveries. The template's filter lets nothing else pass.
    pub(crate) fn changes(self) -> impl Iterator<Item = Result<LogChange, StoreError>> {
        let changes = self.records.into_iter().map(|record| record.dynamodb);
        changes.filter_map(|change| {
            let after = change.new_image?;
            Some(log_change(change.old_image, after, &change.sequence_number))
        })
    }
}
