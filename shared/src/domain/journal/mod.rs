//! The journal of an account: a compact row for each report that deliver has processed. It finds reports by
//! phone number or time, without a webhook or an id.
//!
//! Deliver packs the rows of a batch into *pages* ([`pack()`]), usually one per account, and writes them during
//! first attempts. A row is identified by its report's time of receipt and id, so a page that is written twice,
//! after a crash, changes nothing for readers ([`scan`](crate::ports::journal::scan)).
//!
//! A page whose writing begins later than [`LATE_AFTER`] after the receipt of its oldest report is *late* and has an
//! entry in the account's index of late pages. So a reader in the order of arrival ([`feed`](crate::ports::journal::feed)) reads pages by receipt
//! up to [`FEED_DELAY`] ago, and late ones by when they were written, and misses none.

mod filter;
mod number;
mod pack;
mod position;
mod row;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

pub use self::filter::{JournalFilter, StatusWanted};
pub use self::number::{InvalidNumber, NumberPattern};
pub use self::pack::{PackedPage, PackedRows, UnpackError, pack};
pub use self::position::{FeedPosition, LatePosition, RowPosition};
pub use self::row::{CallFacts, JournalRow};
use crate::domain::account::Retention;

/// The longest time between the receipts of a page's reports; it tells a reader which pages may hold a row.
pub const PAGE_SPAN: SignedDuration = SignedDuration::from_millis(PAGE_SPAN_MS);
/// The same in milliseconds.
pub const PAGE_SPAN_MS: i64 = 10_000;
/// A page whose writing begins later than this after the receipt of its oldest report is late.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// The timeout of writing a page.
pub const WRITTEN_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
/// How far a reader in the order of arrival stays behind: [`LATE_AFTER`], [`WRITTEN_WITHIN`], and 5 s for clock skew.
pub const FEED_DELAY: SignedDuration = SignedDuration::from_secs(15);
/// The partitions of a day: DynamoDB allows 1,000 write units a second for each.
pub const SHARDS: u8 = 4;

/// The days (UTC) that a journal may hold at `now`, newest first: [`Retention::MAX_DAYS`], and a day on both ends for
/// clock skew.
pub fn days_kept(now: Timestamp) -> impl Iterator<Item = Date> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let days = -1..=i64::from(Retention::MAX_DAYS) + 1;
    days.filter_map(move |ago| today.checked_sub(ago.days()).ok())
}

/// Whether a page whose oldest report was received at `oldest`, and whose writing begins at `now`, is late.
pub fn is_late(oldest: Timestamp, now: Timestamp) -> bool {
    now.duration_since(oldest) > LATE_AFTER
}
