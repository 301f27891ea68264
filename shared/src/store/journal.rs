//! The journal of accounts.

use std::future::Future;

use jiff::Timestamp;
use jiff::civil::Date;

use super::StoreError;
use crate::account::{AccountId, Retention};
use crate::journal::{JournalRow, LatePosition, PackedPage};

/// Writing the journal. For deliver.
pub trait JournalWriter: Send + Sync + 'static {
    /// Writes pages; the answer says of each, in their order, whether it is stored.
    fn write_pages(
        &self,
        pages: &[NewPage],
    ) -> impl Future<Output = Vec<Result<(), StoreError>>> + Send;
}

/// A page to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPage {
    /// Whose it is.
    pub account_id: AccountId,
    /// The rows.
    pub page: PackedPage,
    /// When its writing begins.
    pub written_at: Timestamp,
    /// How long the journal keeps it after the receipt of its newest report.
    pub retention: Retention,
}

/// Reading the journal. For deliveries.
pub trait JournalReader: Send + Sync + 'static {
    /// Some pages of a part of a day, in the order asked for.
    fn pages(
        &self,
        account: &AccountId,
        read: &PageQuery,
    ) -> impl Future<Output = Result<PageBatch, StoreError>> + Send;

    /// Entries of the account's line of late pages, oldest first: of the day of `after`, behind it, and up to `until`.
    fn late_entries(
        &self,
        account: &AccountId,
        after: &LatePosition,
        until: Timestamp,
    ) -> impl Future<Output = Result<Vec<LateEntry>, StoreError>> + Send;

    /// The pages with these keys, as far as they are there.
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
    /// Which partition of that day.
    pub shard: u8,
    /// When the newest report was received: the first and the last millisecond since the epoch.
    pub newest: (i64, i64),
    /// From the newest to the oldest.
    pub newest_first: bool,
    /// The key of the last page before.
    pub after: Option<String>,
    /// The most pages; fewer if they have 1 MB.
    pub limit: i32,
    /// See what was just written, at twice the price.
    pub consistent: bool,
}

/// What a read has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageBatch {
    /// The pages.
    pub pages: Vec<StoredPage>,
    /// The key behind which there may be more.
    pub next: Option<String>,
}

/// A page as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPage {
    /// Where.
    pub key: PageKey,
    /// When the newest of its reports was received, in milliseconds since the epoch.
    pub newest: i64,
    /// When its writing began, in milliseconds since the epoch.
    pub written_at: i64,
    /// Whether it is in the line of late pages.
    pub is_late: bool,
    /// Its rows.
    pub rows: Vec<JournalRow>,
    /// What it takes in the table, in bytes.
    pub size: usize,
}

/// Names a page of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageKey {
    /// The day on which the newest of its reports was received (UTC).
    pub day: Date,
    /// Which partition of that day.
    pub shard: u8,
    /// Its key there.
    pub sk: String,
}

/// An entry of the line of late pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateEntry {
    /// Its position in the line.
    pub position: LatePosition,
    /// The page. It may never have been written.
    pub page: PageKey,
}
