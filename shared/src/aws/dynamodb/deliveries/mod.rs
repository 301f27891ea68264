//! The table of deliveries.
//!
//! | `pk` | `sk` | item |
//! |---|---|---|
//! | `<webhook>#<shard>` | `<report>` | a delivery |
//! | `UNWANTED#<account>#<shard>` | `<report>` | a report that no webhook wants |
//! | `ERASED#<account>#<shard>` | `<report>` | a tombstone: the report was erased |
//! | `REPLAYS#<webhook>` | `<replay>` | a replay and its progress |
//! | `STATS#<webhook>` | `2026-11-22T23` | the figures of an hour |
//! | `STATS#ACCOUNTS#<account>` | `2026-11-22T23` | the figures of all webhooks of the account |
//! | `JOURNAL#<account>#<day>#<shard>` | `<newest>.<written>.<key>` | a page of the journal (`journal.rs`) |
//! | `JOURNAL_LATE#<account>#<day>` | `<written>.<key>` | an entry of a page that was written late |
//!
//! The shard (of 8, from the report's id) keeps a busy webhook off a single partition, which
//! accepts 1,000 writes a second. An undelivered delivery has three more attributes, for two sparse
//! indexes that are named after their partition keys:
//!
//! | index | partition key | sort key | lists |
//! |---|---|---|---|
//! | `undelivered` | `undelivered`: the value of `pk` | `sk` | the deliveries of a webhook |
//! | `undelivered_of` | `undelivered_of`: `ACCT#<account>#<shard>` | `undelivered_id`: `<report>#<webhook>` | those of an account |
//!
//! An account has 16 shards, by both ids of a delivery: a throttled index throttles the log, so the
//! index accepts 16,000 deliveries a second of one account that become or cease to be undelivered.

mod account_index;
mod account_listing;
mod changes;
mod erasure;
mod item;
mod journal;
mod listing;
mod log;
mod merge;
mod purge;
mod reader;
mod replay_source;
mod replays;
mod stats;

use aws_sdk_dynamodb::Client;

pub use self::changes::{StreamImage, log_change};

use crate::domain::account::AccountId;
use crate::domain::delivery::DeliveryKey;
use crate::domain::ids::{ReportId, WebhookId};

/// Partitions of a webhook's deliveries.
pub(super) const SHARDS: u8 = 8;

/// Partition prefix of reports that no webhook wants.
const UNWANTED: &str = "UNWANTED#";
/// Partition prefix of tombstones.
const ERASED: &str = "ERASED#";

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

fn shard_of(report: ReportId) -> u8 {
    // The last bytes of a report's id come from a hash.
    report.as_bytes().last().map_or(0, |byte| byte % SHARDS)
}

fn shard_pk(webhook: WebhookId, shard: u8) -> String {
    format!("{webhook}#{shard}")
}

fn delivery_pk(delivery: DeliveryKey) -> String {
    shard_pk(delivery.webhook_id, shard_of(delivery.report_id))
}

fn unwanted_pk(account: &AccountId, report: ReportId) -> String {
    format!("{UNWANTED}{account}#{}", shard_of(report))
}

fn erased_pk(account: &AccountId, report: ReportId) -> String {
    format!("{ERASED}{account}#{}", shard_of(report))
}
