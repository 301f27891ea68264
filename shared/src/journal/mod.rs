//! The journal of an account: a compact row for each report that deliver has worked on. It answers which reports there
//! were, for a phone number or a time, without knowing a webhook or an id.
//!
//! Deliver packs the rows of an event into *pages* ([`pack()`]), one per account as a rule, and writes them while it makes
//! first attempts. A row is known by when ingest received its report and by the report's id, so a page that is written
//! twice, after a crash, changes nothing for readers ([`scan`]).
//!
//! A page is written within [`LATE_AFTER`] of the receipt of its oldest report, or it is *late* and has an entry in the
//! account's line of late pages. So a reader in the order of arrival ([`feed`]) takes the pages by
//! receipt up to [`FEED_DELAY`] ago, and the late ones by when they were written: none appears behind it.

pub mod feed;
mod filter;
mod number;
mod pack;
mod position;
mod row;
pub mod scan;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

pub use self::filter::{JournalFilter, StatusWanted};
pub use self::number::{InvalidNumber, NumberPattern};
pub use self::pack::{PackedPage, PackedRows, UnpackError, pack};
pub use self::position::{FeedPosition, LatePosition, RowPosition};
pub use self::row::{CallFacts, JournalRow};
use crate::account::Retention;

/// The receipts of a page's reports lie within this time, so that a reader knows which pages may hold a row.
pub const PAGE_SPAN: SignedDuration = SignedDuration::from_millis(PAGE_SPAN_MS);
/// The same in milliseconds.
const PAGE_SPAN_MS: i64 = 10_000;
/// A page whose writing begins later than this after the receipt of its oldest report is late.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How long the writing of a page may take; then it counts as failed.
pub const WRITTEN_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
/// How far a reader in the order of arrival stays behind now: [`LATE_AFTER`], [`WRITTEN_WITHIN`], and 5 s for clocks that
/// differ.
pub const FEED_DELAY: SignedDuration = SignedDuration::from_secs(15);
/// The partitions of a day: one takes 1,000 write units a second.
pub const SHARDS: u8 = 4;

/// The days (UTC) of which a journal may hold anything at `now`, the newest first: clocks differ, and no account keeps
/// more than [`Retention::MAX_DAYS`].
pub fn days_kept(now: Timestamp) -> impl Iterator<Item = Date> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let days = -1..=i64::from(Retention::MAX_DAYS) + 1;
    days.filter_map(move |ago| today.checked_sub(ago.days()).ok())
}

/// Whether a page whose oldest report was received at `oldest`, and whose writing begins at `now`, is late.
pub fn is_late(oldest: Timestamp, now: Timestamp) -> bool {
    now.duration_since(oldest) > LATE_AFTER
}
