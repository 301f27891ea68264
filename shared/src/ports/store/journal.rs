//! Storage of the journal.

use std::future::Future;

use jiff::Timestamp;
use jiff::civil::Date;

use super::StoreError;
use crate::domain::account::{AccountId, Retention};
use crate::domain::journal::{JournalRow, LatePosition, PackedPage};

/// Writes the journal. For deliver.
pub trait JournalWriter: Send + Sync + 'static {
    /// Writes pages; returns one result for each, in their order.
    fn write_pages(
        &self,
        pages: &[NewPage],
    ) -> impl Future<Output = Vec<Result<(), StoreError>>> + Send;
}

/// A page to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPage {
    /// The account it belongs to.
    pub account_id: AccountId,
    /// The rows.
    pub page: PackedPage,
    /// When its writing begins.
    pub written_at: Timestamp,
    /// How long it is kept after the receipt of its newest report.
    pub retention: Retention,
}

/// Reads the journal. For deliveries.
pub trait JournalReader: Send + Sync + 'static {
    /// A batch of pages of one partition of a day, in the requested order.
    fn pages(
        &self,
        account: &AccountId,
        query: &PageQuery,
    ) -> impl Future<Output = Result<PageBatch, StoreError>> + Send;

    /// Entries of the account's index of late pages, oldest first: those of the day of `after`, after it and up to `until`.
    fn late_entries(
        &self,
        account: &AccountId,
        after: &LatePosition,
        until: Timestamp,
    ) -> impl Future<Output = Result<Vec<LateEntry>, StoreError>> + Send;

    /// The pages with these keys, as far as they exist.
    fn pages_by_key(
        &self,
        account: &AccountId,
        keys: Vec<PageKey>,
    ) -> impl Future<Output = Result<Vec<StoredPage>, StoreError>> + Send;
}

/// Which pages to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageQuery {
    /// The day on which the newest report of each was received (UTC).
    pub day: Date,
    /// The partition of that day.
    pub shard: u8,
    /// Bounds of the receipt of a page's newest report, in milliseconds since the epoch, both inclusive.
    pub newest: (i64, i64),
    /// Whether to read from the newest to the oldest.
    pub newest_first: bool,
    /// The key of the last page of the previous batch.
    pub after: Option<String>,
    /// The most pages; fewer if they exceed 1 MB.
    pub limit: i32,
    /// Whether to read consistently, at twice the price.
    pub consistent: bool,
}

/// Pages found by one query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageBatch {
    /// The pages.
    pub pages: Vec<StoredPage>,
    /// The key after which more pages may follow.
    pub next: Option<String>,
}

/// A stored page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPage {
    /// Its key.
    pub key: PageKey,
    /// When the newest of its reports was received, in milliseconds since the epoch.
    pub newest: i64,
    /// When its writing began, in milliseconds since the epoch.
    pub written_at: i64,
    /// Whether it is in the index of late pages.
    pub is_late: bool,
    /// Its rows.
    pub rows: Vec<JournalRow>,
    /// Its size in the table, in bytes.
    pub size: usize,
}

/// Identifies a page of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageKey {
    /// The day on which the newest of its reports was received (UTC).
    pub day: Date,
    /// The partition of that day.
    pub shard: u8,
    /// Its sort key.
    pub sk: String,
}

/// An entry of the index of late pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateEntry {
    /// Its position in the index.
    pub position: LatePosition,
    /// The page. It may be missing: the entry is written before it.
    pub page: PageKey,
}
