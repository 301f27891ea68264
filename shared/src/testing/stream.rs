//! The stream of the table of deliveries, as Lambda passes it to a function.

use std::collections::VecDeque;

use dynoxide::Database;
use dynoxide::actions::create_table::StreamSpecification;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::{GetRecordsRequest, Record};
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::update_table::UpdateTableRequest;
use serde_json::{Value, json};

use super::tables::{DELIVERIES, SetupError};

/// Reads the changes of a table from the first on.
pub struct LogStream {
    database: Database,
    iterator: Option<String>,
    shard_id: String,
    /// Records that were read and not returned yet.
    buffered: VecDeque<Record>,
}

/// Whether Lambda passes the change on: the filter of the template.
fn passes_filter(change: &Record) -> bool {
    let image = change.dynamodb.new_image.as_ref();
    image.is_some_and(|image| image.contains_key("scheduled_attempts"))
}

impl LogStream {
    /// Enables the stream of the deliveries in `database`: not all tests need it, and it costs them
    /// time.
    pub(super) fn start(database: &Database) -> Result<Self, SetupError> {
        let images = StreamSpecification {
            stream_enabled: true,
            stream_view_type: Some("NEW_AND_OLD_IMAGES".to_owned()),
        };
        let updated = database.update_table(UpdateTableRequest {
            table_name: DELIVERIES.to_owned(),
            stream_specification: Some(images),
            ..Default::default()
        })?;
        let stream_arn = updated.table_description.latest_stream_arn.ok_or("there is no stream")?;
        let request =
            DescribeStreamRequest { stream_arn: stream_arn.clone(), ..Default::default() };
        let shards = database.describe_stream(request)?.stream_description.shards;
        let shard_id = shards.into_iter().next().ok_or("the stream has no shard")?.shard_id;
        let request = GetShardIteratorRequest {
            stream_arn,
            shard_id: shard_id.clone(),
            shard_iterator_type: "TRIM_HORIZON".to_owned(),
            ..Default::default()
        };
        let iterator = database.get_shard_iterator(request)?.shard_iterator;
        Ok(Self { database: database.clone(), iterator, shard_id, buffered: VecDeque::new() })
    }

    /// The next changes of deliveries, up to `limit` of them, as an event; `None` if there are none
    /// now.
    pub fn next(&mut self, limit: usize) -> Result<Option<Value>, SetupError> {
        while self.buffered.len() < limit {
            let Some(shard_iterator) = self.iterator.clone() else { break };
            let request = GetRecordsRequest { shard_iterator, limit: None };
            let answer = self.database.get_records(request)?;
            if answer.records.is_empty() {
                break;
            }
            self.iterator = answer.next_shard_iterator;
            self.buffered.extend(answer.records.into_iter().filter(passes_filter));
        }
        let records: Vec<_> = self.buffered.drain(..limit.min(self.buffered.len())).collect();
        if records.is_empty() {
            return Ok(None);
        }
        let records = serde_json::to_value(records)?;
        Ok(Some(json!({"Records": records, "shardId": self.shard_id})))
    }
}
