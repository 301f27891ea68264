//! Reads the journal in the order of arrival: each report once, without missing any.
//!
//! Reports received up to [`FEED_DELAY`] ago are read by time of receipt, from pages that were written in time. A page
//! that was written late may belong before the reader's position, so late pages are read separately, by when they were
//! written. A row of a late page counts if neither a page that was written in time nor an earlier late page has it.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use jiff::Timestamp;

use super::scan::{Scan, ScanRequest, Step};
use crate::domain::account::AccountId;
use crate::domain::journal::{FEED_DELAY, FeedPosition, JournalRow, PAGE_SPAN_MS, RowPosition};
use crate::ports::store::{JournalReader, LateEntry, PageKey, StoreError, StoredPage};

/// A page of the feed: rows in the order of arrival.
#[derive(Debug, PartialEq, Eq)]
pub struct FeedPage {
    /// The rows.
    pub rows: Vec<JournalRow>,
    /// The position to continue from.
    pub next: FeedPosition,
    /// Whether the reader has caught up.
    pub is_up_to_date: bool,
}

/// Limits of a page of the feed.
#[derive(Debug, Clone, Copy)]
pub struct FeedLimits {
    /// The most rows.
    pub rows: usize,
    /// A page is full when its rows have this many deliveries, each of which is looked up.
    pub deliveries: usize,
    /// The most bytes read from the table; the last read may exceed it.
    pub bytes: usize,
    /// The time at which a page ends; the last read may exceed it.
    pub end_by: Instant,
}

/// Reads the rows after `after` that satisfy `is_wanted`, as of `now`.
pub async fn read<R: JournalReader>(
    reader: &R,
    account: &AccountId,
    after: FeedPosition,
    limits: FeedLimits,
    now: Timestamp,
    is_wanted: impl Fn(&JournalRow) -> bool,
) -> Result<FeedPage, StoreError> {
    let until = now.checked_sub(FEED_DELAY).unwrap_or(Timestamp::MIN);
    let rows = Vec::new();
    let mut feed = Feed { reader, account, limits, until, next: after, rows, deliveries: 0 };
    let is_up_to_date = feed.read_late(&is_wanted).await? && feed.read_in_time(&is_wanted).await?;
    Ok(FeedPage { rows: feed.rows, next: feed.next, is_up_to_date })
}

struct Feed<'r, R> {
    reader: &'r R,
    account: &'r AccountId,
    limits: FeedLimits,
    /// Reports received later are not read yet.
    until: Timestamp,
    next: FeedPosition,
    rows: Vec<JournalRow>,
    /// The number of deliveries of `rows`.
    deliveries: usize,
}

impl<R> Feed<'_, R> {
    fn is_late(&self) -> bool {
        Instant::now() > self.limits.end_by
    }

    fn has_capacity(&self) -> bool {
        self.rows.len() < self.limits.rows && self.deliveries < self.limits.deliveries
    }

    fn push(&mut self, row: JournalRow) {
        self.deliveries += row.webhook_ids.len();
        self.rows.push(row);
    }
}

impl<R: JournalReader> Feed<'_, R> {
    /// Reads the index of late pages; returns whether all of them were read.
    async fn read_late(
        &mut self,
        is_wanted: impl Fn(&JournalRow) -> bool,
    ) -> Result<bool, StoreError> {
        let mut bytes = 0;
        loop {
            let late = &self.next.late;
            let entries = self.reader.late_entries(self.account, late, self.until).await?;
            if entries.is_empty() {
                match next_day(late.written_at).filter(|day| *day <= self.until.as_millisecond()) {
                    Some(day) => self.next.late = FeedPosition::beginning(day).late,
                    None => return Ok(true),
                }
                if self.is_late() {
                    return Ok(false);
                }
                continue;
            }
            let keys: Vec<_> = entries.iter().map(|entry| entry.page.clone()).collect();
            let pages = self.reader.pages_by_key(self.account, keys).await?;
            let pages: HashMap<_, _> =
                pages.into_iter().map(|page| (page.key.clone(), page)).collect();
            let (first, read) = self.first_pages(&pages).await?;
            for entry in entries {
                let page = pages.get(&entry.page);
                if !self.add_late_rows(entry, page, &first, &is_wanted) {
                    return Ok(false);
                }
            }
            bytes += read;
            if bytes > self.limits.bytes || self.is_late() {
                return Ok(false);
            }
        }
    }

    /// Adds the rows of a late page that count; returns whether all of them fit.
    fn add_late_rows(
        &mut self,
        entry: LateEntry,
        page: Option<&StoredPage>,
        first: &HashMap<RowPosition, PageKey>,
        is_wanted: &impl Fn(&JournalRow) -> bool,
    ) -> bool {
        let is_same = entry.position.key == self.next.late.key;
        let within = self.next.late.within.filter(|_| is_same);
        let mut rows: Vec<_> = page.iter().flat_map(|page| &page.rows).collect();
        rows.sort_unstable_by_key(|row| row.position());
        let counts =
            |position: &RowPosition| first.get(position).is_none_or(|key| *key == entry.page);
        for row in rows {
            let position = row.position();
            if within.is_some_and(|within| position <= within)
                || !counts(&position)
                || !is_wanted(row)
            {
                continue;
            }
            if !self.has_capacity() {
                return false;
            }
            self.push(row.clone());
            self.next.late = entry.position.clone();
            self.next.late.within = Some(position);
        }
        self.next.late = entry.position;
        true
    }

    /// The page that counts for each row of `late`: one that was written in time, else the earliest late one. Returns the
    /// bytes read as well.
    async fn first_pages(
        &self,
        late: &HashMap<PageKey, StoredPage>,
    ) -> Result<(HashMap<RowPosition, PageKey>, usize), StoreError> {
        let late_places: HashSet<_> =
            late.values().flat_map(|page| &page.rows).map(JournalRow::position).collect();
        let mut first: HashMap<RowPosition, (bool, i64, PageKey)> = HashMap::new();
        let mut bytes = 0;
        for (from, to) in spans(late.values().filter_map(times_of)) {
            let request =
                ScanRequest { newest_first: false, from, to, consistent: true, with_late: true };
            let scan = Scan::new(self.reader, self.account, request);
            let note = |page: StoredPage| {
                bytes += page.size;
                let positions = page.rows.iter().map(JournalRow::position);
                for position in positions.filter(|position| late_places.contains(position)) {
                    let this = (page.is_late, page.written_at, page.key.clone());
                    let known = first.entry(position).or_insert_with(|| this.clone());
                    if this < *known {
                        *known = this;
                    }
                }
            };
            scan.each_page(note).await?;
        }
        let first = first.into_iter().map(|(position, (_, _, key))| (position, key));
        Ok((first.collect(), bytes))
    }

    /// Reads the pages that were written in time; returns whether all of them were read.
    async fn read_in_time(
        &mut self,
        is_wanted: impl Fn(&JournalRow) -> bool,
    ) -> Result<bool, StoreError> {
        let after = self.next.in_time;
        let until = self.until.as_millisecond();
        let request = ScanRequest {
            newest_first: false,
            from: after.received_at,
            to: until,
            consistent: true,
            with_late: false,
        };
        let mut scan = Scan::new(self.reader, self.account, request);
        while self.has_capacity() {
            match scan.step().await? {
                Step::Row(row) if row.position() <= after => {}
                Step::Row(row) => {
                    self.next.in_time = row.position();
                    if is_wanted(&row) {
                        self.push(*row);
                    }
                }
                Step::Read if scan.bytes() < self.limits.bytes && !self.is_late() => {}
                Step::Read => {
                    // Rows that are read but not returned yet may exceed the limit: never go back, and always make progress.
                    if scan.complete() > after {
                        self.next.in_time = self.next.in_time.max(scan.complete());
                        return Ok(false);
                    }
                }
                Step::End => {
                    self.next.in_time = after.max(RowPosition::after(until));
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The times of receipt of a page's first and last report.
fn times_of(page: &StoredPage) -> Option<(i64, i64)> {
    let times = page.rows.iter().map(|row| row.position().received_at);
    Some((times.clone().min()?, times.max()?))
}

/// Joins the time ranges of pages that one scan reads together. Pages that are hours apart stay separate, so that
/// the pages between them are not read.
pub(crate) fn spans(times: impl Iterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    let mut all: Vec<_> = times.collect();
    all.sort_unstable();
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for (from, to) in all {
        match spans.last_mut() {
            Some((_, end)) if from <= end.saturating_add(PAGE_SPAN_MS) => *end = (*end).max(to),
            _ => spans.push((from, to)),
        }
    }
    spans
}

/// The first millisecond of the day after a time, in UTC.
fn next_day(millis: i64) -> Option<i64> {
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    millis.div_euclid(DAY).checked_add(1)?.checked_mul(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_ranges_within_a_page_span_are_joined() {
        const HOUR: i64 = 3_600_000;
        for (times, expected) in [
            (&[][..], &[][..]),
            (&[(5, 9)], &[(5, 9)]),
            (&[(HOUR, HOUR + 9), (0, 5)], &[(0, 5), (HOUR, HOUR + 9)]),
            (&[(0, 5), (10_005, 10_006)], &[(0, 10_006)]),
            (&[(0, 5), (10_006, 10_007)], &[(0, 5), (10_006, 10_007)]),
            (&[(0, 9_000), (1, 2), (7, 8)], &[(0, 9_000)]),
        ] {
            assert_eq!(spans(times.iter().copied()), expected, "{times:?}");
        }
    }

    #[test]
    fn the_next_day_begins_at_midnight() {
        const DAY: i64 = 86_400_000;
        for (millis, next) in [(0, DAY), (DAY - 1, DAY), (DAY, 2 * DAY), (-1, 0), (-DAY, 0)] {
            assert_eq!(next_day(millis), Some(next), "{millis}");
        }
        assert_eq!(next_day(i64::MAX), None);
    }
}
