//! The log of deliveries: `pk = <webhook>#<shard>`, `sk = <report>`, one item a delivery.
//!
//! The shard (of 8, from the report's id) keeps a busy webhook off a single partition, which
//! takes 1,000 writes a second.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use futures_util::future::join_all;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::batch::{BatchRead, MAX_WRITES, batch_get, batch_put};
use super::item::{Item, from_item, key, to_item};
use crate::delivery::{
    Attempt, DeliveryKey, DeliveryRecord, DeliveryState, LoggedDelivery, NoResponse,
};
use crate::ids::ReportId;
use crate::store::{DeliveryLog, StoreError};

const SHARDS: u8 = 8;
/// How long a delivery is kept after its last change.
const RETENTION: Duration = Duration::from_hours(30 * 24);

/// The table of deliveries.
#[derive(Clone)]
pub struct DeliveriesTable {
    client: Client,
    table: String,
}

impl DeliveriesTable {
    /// The table named `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }
}

/// A delivery as it is stored, beside its key.
#[derive(Serialize)]
struct Stored<'a> {
    #[serde(flatten)]
    state: &'a DeliveryState,
    attempts: u32,
    #[serde(flatten)]
    last_attempt: Option<LastAttempt>,
    updated_at: Timestamp,
    /// Seconds since the epoch; DynamoDB deletes the item then.
    expires_at: i64,
}

#[derive(Serialize)]
struct LastAttempt {
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<NoResponse>,
    latency_ms: u64,
}

impl From<&Attempt> for LastAttempt {
    fn from(attempt: &Attempt) -> Self {
        Self {
            status_code: attempt.result.ok(),
            error: attempt.result.err(),
            latency_ms: u64::try_from(attempt.latency.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// What is read back before an attempt.
#[derive(Deserialize)]
struct Known {
    pk: String,
    sk: ReportId,
    status: String,
    attempts: u32,
}

fn shard(report: ReportId) -> u8 {
    // The last bytes of a report's id come from a hash.
    report.as_bytes().last().map_or(0, |byte| byte % SHARDS)
}

fn pk(delivery: DeliveryKey) -> String {
    format!("{}#{}", delivery.webhook_id, shard(delivery.report_id))
}

impl DeliveryLog for DeliveriesTable {
    async fn logged(
        &self,
        keys: &[DeliveryKey],
    ) -> Result<HashMap<DeliveryKey, LoggedDelivery>, StoreError> {
        const ACTION: &str = "reading the delivery log";
        let read = BatchRead {
            keys: keys.iter().map(|k| key(pk(*k), k.report_id.to_string())).collect(),
            projection: Some(&["pk", "sk", "status", "attempts"]),
            // A repeated message comes seconds later, not milliseconds.
            consistent: false,
        };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let mut logged = HashMap::with_capacity(items.len());
        for item in items {
            let known: Known = from_item(ACTION, item)?;
            let webhook_id = known.pk.split('#').next().and_then(|id| id.parse().ok());
            if let Some(webhook_id) = webhook_id {
                let delivery =
                    LoggedDelivery { attempts: known.attempts, ended: known.status != "retrying" };
                logged.insert(DeliveryKey { webhook_id, report_id: known.sk }, delivery);
            }
        }
        Ok(logged)
    }

    async fn record(&self, records: &[DeliveryRecord]) -> Vec<(DeliveryKey, StoreError)> {
        const ACTION: &str = "writing the delivery log";
        let writes = records.chunks(MAX_WRITES).map(|chunk| async move {
            let items = chunk.iter().map(|record| stored_item(ACTION, record)).collect();
            let written = match items {
                Ok(items) => batch_put(&self.client, &self.table, ACTION, items).await,
                Err(error) => Err(error),
            };
            (chunk, written)
        });
        let mut failed = Vec::new();
        for (chunk, written) in join_all(writes).await {
            if let Err(error) = written {
                // One error for the whole call: each record of it gets the same.
                let reason = crate::telemetry::Causes(&error).to_string();
                failed.extend(chunk.iter().map(|record| {
                    let source = reason.clone().into();
                    (record.key, StoreError::Unavailable { action: ACTION, source })
                }));
            }
        }
        failed
    }
}

fn stored_item(action: &'static str, record: &DeliveryRecord) -> Result<Item, StoreError> {
    let expires_at = record.at.as_second() + i64::try_from(RETENTION.as_secs()).unwrap_or(0);
    let stored = Stored {
        state: &record.state,
        attempts: record.attempts,
        last_attempt: record.last_attempt.as_ref().map(LastAttempt::from),
        updated_at: record.at,
        expires_at,
    };
    to_item(action, pk(record.key), record.key.report_id.to_string(), &stored)
}
