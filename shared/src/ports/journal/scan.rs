//! Reads the journal in the order of receipt, over all partitions, each row once.

use std::collections::btree_map::OccupiedEntry;
use std::collections::{BTreeMap, VecDeque};

use futures_util::future::try_join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::account::AccountId;
use crate::domain::journal::{JournalRow, PAGE_SPAN_MS, RowPosition, SHARDS};
use crate::ports::store::{JournalReader, PageQuery, StoreError, StoredPage};

/// The range and the order of a scan.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// Whether to read from the newest row to the oldest.
    pub newest_first: bool,
    /// The first millisecond of receipt, inclusive.
    pub from: i64,
    /// The last millisecond of receipt, inclusive.
    pub to: i64,
    /// Whether to read consistently.
    pub consistent: bool,
    /// Whether to include late pages.
    pub with_late: bool,
}

/// One step of a scan.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The next row.
    Row(Box<JournalRow>),
    /// A read was done; the scan is not finished.
    Read,
    /// The scan is finished.
    End,
}

/// A scan in progress.
pub struct Scan<'r, R> {
    reader: &'r R,
    account: &'r AccountId,
    request: ScanRequest,
    /// The days whose partitions are read concurrently, in the requested order; empty after the last.
    days: Vec<Date>,
    shards: Vec<Shard>,
    /// Whether a page of these days was found.
    has_pages: bool,
    rows: BTreeMap<RowPosition, JournalRow>,
    /// The bytes read from the table.
    bytes: usize,
    /// All rows before this position, in the requested order, were returned.
    complete: RowPosition,
}

/// The most days that are read concurrently. Days without reports double the number, so that a search gets past them.
const MAX_DAYS: usize = 8;

/// A partition of a day.
struct Shard {
    day: Date,
    number: u8,
    pages: VecDeque<StoredPage>,
    after: Option<String>,
    reads: u32,
    is_over: bool,
}

impl<'r, R: JournalReader> Scan<'r, R> {
    /// A scan of the rows of `account`.
    pub fn new(reader: &'r R, account: &'r AccountId, request: ScanRequest) -> Self {
        let ScanRequest { newest_first, from, to, .. } = request;
        let (first, complete) = if newest_first {
            (Self::last_page_time(to), RowPosition::after(to))
        } else {
            (from, RowPosition::before(from))
        };
        let mut scan = Self {
            reader,
            account,
            request,
            days: (from <= to).then(|| day_of(first)).flatten().into_iter().collect(),
            shards: Vec::new(),
            has_pages: false,
            rows: BTreeMap::new(),
            bytes: 0,
            complete,
        };
        scan.begin_days();
        scan
    }

    /// Skips the rows up to and including `position`, in the requested order.
    pub fn skip_to(&mut self, position: RowPosition) {
        self.complete = position;
    }

    /// The bytes read from the table so far.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The position up to which all rows, in the requested order, were returned.
    pub fn complete(&self) -> RowPosition {
        self.complete
    }

    /// Returns the next row or does one read.
    pub async fn step(&mut self) -> Result<Step, StoreError> {
        if self.shards.iter().any(Shard::needs_read) {
            self.read().await?;
            return Ok(Step::Read);
        }
        let next = self.next_page();
        if let Some(row) = self.ready_row(next.map(|(_, newest)| newest)) {
            self.complete = row.position();
            return Ok(Step::Row(Box::new(row)));
        }
        match next {
            Some((shard, _)) => self.merge_page(shard),
            None if self.days.is_empty() => return Ok(Step::End),
            None => self.end_days(),
        }
        Ok(Step::Read)
    }

    /// Calls `take` for all pages in the range, in no particular order, with few in memory at a time.
    pub async fn each_page(mut self, mut take: impl FnMut(StoredPage)) -> Result<(), StoreError> {
        while !self.days.is_empty() {
            while self.shards.iter().any(Shard::needs_read) {
                self.read().await?;
                self.shards.iter_mut().flat_map(|shard| shard.pages.drain(..)).for_each(&mut take);
            }
            self.end_days();
        }
        Ok(())
    }

    /// The partition that has the next page in the order, and the time of receipt of that page's newest report.
    fn next_page(&self) -> Option<(usize, i64)> {
        let heads = self.shards.iter().enumerate();
        let heads = heads.filter_map(|(i, shard)| Some((i, shard.pages.front()?.newest)));
        if self.request.newest_first {
            heads.max_by_key(|(_, newest)| *newest)
        } else {
            heads.min_by_key(|(_, newest)| *newest)
        }
    }

    /// The next row, unless a page that is not merged yet may hold an earlier one. `next` is the time of the next such
    /// page.
    fn ready_row(&mut self, next: Option<i64>) -> Option<JournalRow> {
        // Without such a page, the rows of the next day are the limit.
        let next = next.or_else(|| self.next_day_begins());
        let entry = if self.request.newest_first {
            let entry = self.rows.last_entry()?;
            next.is_none_or(|next| entry.key().received_at > next).then_some(entry)
        } else {
            let entry = self.rows.first_entry()?;
            next.is_none_or(|next| entry.key().received_at < next - PAGE_SPAN_MS).then_some(entry)
        };
        entry.map(OccupiedEntry::remove)
    }

    /// The first millisecond, in the requested order, of the next day to read.
    fn next_day_begins(&self) -> Option<i64> {
        let day = self.next_day()?;
        let begins = if self.request.newest_first { day.tomorrow().ok()? } else { day };
        let millis = start_of(begins)?;
        Some(if self.request.newest_first { millis - 1 } else { millis })
    }

    fn merge_page(&mut self, shard: usize) {
        let Some(page) = self.shards.get_mut(shard).and_then(|shard| shard.pages.pop_front())
        else {
            return;
        };
        if page.is_late && !self.request.with_late {
            return;
        }
        let ScanRequest { from, to, newest_first, .. } = self.request;
        for row in page.rows {
            let position = row.position();
            let is_returned =
                if newest_first { position >= self.complete } else { position <= self.complete };
            if is_returned || !(from..=to).contains(&position.received_at) {
                continue;
            }
            match self.rows.get_mut(&position) {
                Some(known) => known.merge(row),
                None => {
                    self.rows.insert(position, row);
                }
            }
        }
    }

    fn begin_days(&mut self) {
        let shard = |day: &Date| {
            let day = *day;
            (0..SHARDS).map(move |number| Shard::new(day, number))
        };
        self.shards = self.days.iter().flat_map(shard).collect();
        self.has_pages = false;
    }

    /// Moves on to the next days. Days without reports advance the position as well.
    fn end_days(&mut self) {
        if let Some(begins) = self.next_day_begins().filter(|_| self.rows.is_empty()) {
            self.complete = if self.request.newest_first {
                self.complete.min(RowPosition::after(begins))
            } else {
                self.complete.max(RowPosition::before(begins - PAGE_SPAN_MS))
            };
        }
        let count = if self.has_pages { 1 } else { (self.days.len() * 2).min(MAX_DAYS) };
        let next = std::iter::successors(self.next_day(), |day| self.day_after(*day));
        self.days = next.take(count).collect();
        self.begin_days();
    }

    fn next_day(&self) -> Option<Date> {
        self.day_after(*self.days.last()?)
    }

    fn day_after(&self, day: Date) -> Option<Date> {
        let ScanRequest { newest_first, from, to, .. } = self.request;
        if newest_first {
            day.yesterday().ok().filter(|day| Some(*day) >= day_of(from))
        } else {
            day.tomorrow().ok().filter(|day| Some(*day) <= day_of(Self::last_page_time(to)))
        }
    }

    /// The latest time of a page that may hold a row of `millis`.
    fn last_page_time(millis: i64) -> i64 {
        millis.saturating_add(PAGE_SPAN_MS)
    }

    /// Reads the next pages of all partitions whose pages were merged.
    async fn read(&mut self) -> Result<(), StoreError> {
        let ScanRequest { newest_first, from, to, consistent, .. } = self.request;
        let (reader, account) = (self.reader, self.account);
        let reads = self.shards.iter_mut().filter(|shard| shard.needs_read());
        let reads = reads.map(|shard| async move {
            let read = PageQuery {
                day: shard.day,
                shard: shard.number,
                newest: (from, Self::last_page_time(to)),
                newest_first,
                after: shard.after.take(),
                limit: Shard::limit(shard.reads),
                consistent,
            };
            let found = reader.pages(account, &read).await?;
            shard.reads += 1;
            shard.is_over = found.next.is_none();
            shard.after = found.next;
            let bytes = found.pages.iter().map(|page| page.size).sum::<usize>();
            shard.pages.extend(found.pages);
            Ok::<_, StoreError>(bytes)
        });
        let bytes = try_join_all(reads).await?.into_iter().sum::<usize>();
        self.has_pages |= bytes > 0;
        self.bytes += bytes;
        Ok(())
    }
}

impl Shard {
    fn new(day: Date, number: u8) -> Self {
        Self { day, number, pages: VecDeque::new(), after: None, reads: 0, is_over: false }
    }

    fn needs_read(&self) -> bool {
        self.pages.is_empty() && !self.is_over
    }

    /// How many pages to read: few at first, as lists end soon; many later, as searches go on.
    fn limit(reads: u32) -> i32 {
        match reads {
            0 => 25,
            _ => 250,
        }
    }
}

/// The day of a time, in UTC, clamped to the range of [`Timestamp`].
fn day_of(millis: i64) -> Option<Date> {
    let min = Timestamp::MIN.as_millisecond() + 86_400_000;
    let max = Timestamp::MAX.as_millisecond() - 86_400_000;
    let time = Timestamp::from_millisecond(millis.clamp(min, max)).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date())
}

/// The first millisecond of a day.
fn start_of(day: Date) -> Option<i64> {
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}
