use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::*;
use crate::domain::account::Retention;
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::journal::{
    CallFacts, FEED_DELAY, FeedPosition, JournalRow, RowPosition, days_kept, pack,
};
use crate::domain::report::ReportKey;
use crate::ports::journal::feed::{self, FeedLimits};
use crate::ports::journal::scan::{Scan, ScanRequest, Step};
use crate::ports::store::{LogPart, LogPurge};
use crate::testing::TestTables;

/// Limits that no test reaches.
fn no_limits() -> FeedLimits {
    let end_by = Instant::now() + Duration::from_mins(5);
    FeedLimits { rows: usize::MAX, deliveries: usize::MAX, bytes: usize::MAX, end_by }
}

async fn all_pages(table: &DeliveriesTable) -> Vec<StoredPage> {
    let mut pages = Vec::new();
    let account = acme();
    let scan = Scan::new(table, &account, both_days(false));
    scan.each_page(|page| pages.push(page)).await.unwrap();
    pages
}

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

/// Near a midnight, so that rows are of two days.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(midnight() + millis).unwrap()
}

fn midnight() -> i64 {
    // Today's beginning: written pages stay for thirty days.
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    today.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond()
}

fn row(millis: i64) -> JournalRow {
    let nth = u64::try_from(millis + 1_000_000).unwrap();
    JournalRow {
        report_id: ReportId::lowest_at(nth),
        received_at: at(millis),
        call: CallFacts { to: Some(format!("91886713{nth}")), ..CallFacts::default() },
        event: "voice:message:out".to_owned(),
        webhook_ids: vec![WebhookId::generate()],
    }
}

async fn table() -> DeliveriesTable {
    TestTables::start().await.unwrap().deliveries()
}

/// Writes rows; returns the number of pages.
async fn write(table: &DeliveriesTable, rows: Vec<JournalRow>, written_at: Timestamp) -> usize {
    let pages: Vec<_> = pack(rows)
        .into_iter()
        .map(|page| NewPage {
            account_id: acme(),
            page,
            written_at,
            retention: Retention::default(),
        })
        .collect();
    let written = table.write_pages(&pages).await;
    written.into_iter().collect::<Result<Vec<_>, _>>().unwrap().len()
}

fn both_days(newest_first: bool) -> ScanRequest {
    let (from, to) = (midnight() - 86_400_000, midnight() + 86_400_000);
    ScanRequest { newest_first, from, to, consistent: true, with_late: true }
}

async fn scanned(mut scan: Scan<'_, DeliveriesTable>, most: usize) -> Vec<RowPosition> {
    let mut positions = Vec::new();
    while positions.len() < most {
        match scan.step().await.unwrap() {
            Step::Row(row) => positions.push(row.position()),
            Step::Read => {}
            Step::End => break,
        }
    }
    positions
}

#[tokio::test]
async fn rows_are_read_once_in_the_order_of_receipt() {
    let (table, account) = (table().await, acme());
    let times: Vec<i64> = (0..400).map(|i| i * 173 - 30_000).collect();
    let mut rows: Vec<_> = times.iter().map(|millis| row(*millis)).collect();
    let positions: Vec<_> = rows.iter().map(JournalRow::position).collect();
    fastrand::shuffle(&mut rows);
    for chunk in rows.chunks(7) {
        write(&table, chunk.to_vec(), at(90_000)).await;
        if fastrand::bool() {
            write(&table, chunk.to_vec(), at(95_000)).await;
        }
    }
    let upwards = Scan::new(&table, &account, both_days(false));
    assert_eq!(scanned(upwards, usize::MAX).await, positions);
    let downwards: Vec<_> = positions.iter().rev().copied().collect();
    let mut found: Vec<RowPosition> = Vec::new();
    loop {
        let mut request = both_days(true);
        request.to = found.last().map_or(request.to, |last| last.received_at);
        let mut scan = Scan::new(&table, &account, request);
        if let Some(last) = found.last() {
            scan.skip_to(*last);
        }
        let page = scanned(scan, 37).await;
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    assert_eq!(found, downwards);
}

#[tokio::test]
async fn rows_of_one_report_on_several_pages_are_merged() {
    let (table, account) = (table().await, acme());
    let first = row(0);
    let second = JournalRow { webhook_ids: vec![WebhookId::generate()], ..first.clone() };
    write(&table, vec![first.clone()], at(1)).await;
    write(&table, vec![second.clone()], at(9_000)).await;
    let mut scan = Scan::new(&table, &account, both_days(true));
    let found = loop {
        if let Step::Row(row) = scan.step().await.unwrap() {
            break row;
        }
    };
    let both: BTreeSet<_> =
        [&first, &second].iter().map(|row| row.webhook_ids[0].to_string()).collect();
    assert_eq!(found.webhook_ids.iter().map(ToString::to_string).collect::<BTreeSet<_>>(), both);
}

/// Reads a feed from `place` until it is up to date at `now`, `rows` at a time.
async fn follow(
    table: &DeliveriesTable,
    mut position: FeedPosition,
    rows: usize,
    now: Timestamp,
) -> (Vec<ReportId>, FeedPosition) {
    let mut found = Vec::new();
    loop {
        let limits = FeedLimits { rows, ..no_limits() };
        // Through the text of a cursor.
        position = position.to_string().parse().unwrap();
        let page = feed::read(table, &acme(), position, limits, now, |_| true).await.unwrap();
        assert!(page.rows.len() <= rows);
        found.extend(page.rows.iter().map(|row| row.report_id));
        position = page.next;
        if page.is_up_to_date {
            return (found, position);
        }
    }
}

#[tokio::test]
async fn a_feed_has_each_report_once_in_any_order_of_page_writes() {
    let table = table().await;
    // The receipts of each page's reports, and the times at which it is written: the third twice,
    // after a crash, and the fifth three times.
    let pages: [(&[i64], &[i64]); 6] = [
        (&[0, 10, 4_000], &[4_500]),
        (&[20, 2_000], &[60_000]),
        (&[30, 31], &[1_000, 200_000]),
        (&[3_000, 9_000], &[3_600_000]),
        (&[40, 5_000], &[100_000, 150_000, 4_000_000]),
        (&[100_000], &[100_500]),
    ];
    let mut writes: Vec<_> = pages
        .iter()
        .flat_map(|(rows, times)| times.iter().map(move |time| (*time, rows)))
        .collect();
    writes.sort_unstable();
    for rows in [1, 2, 100] {
        let clean = TestTables::start().await.unwrap().deliveries();
        let (mut position, mut found) = (FeedPosition::beginning(midnight() - 1), Vec::new());
        for (time, receipts) in &writes {
            let rows_of = receipts.iter().map(|millis| row(*millis)).collect();
            write(&clean, rows_of, at(*time)).await;
            // A program reads the feed after every write.
            let (more, next) = follow(&clean, position, rows, at(*time)).await;
            (position, found) = (next, [found, more].concat());
        }
        let (more, _) = follow(&clean, position, rows, at(5_000_000)).await;
        found.extend(more);
        let mut each: Vec<_> =
            pages.iter().flat_map(|(rows, _)| *rows).map(|millis| row(*millis).report_id).collect();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        each.sort_unstable();
        assert_eq!(sorted, each, "{rows} at a time");
    }
    let (nothing, _) = follow(&table, FeedPosition::beginning(midnight()), 9, at(0)).await;
    assert!(nothing.is_empty());
}

#[tokio::test]
async fn a_feed_waits_for_pages_that_may_still_be_written() {
    let table = table().await;
    write(&table, vec![row(0), row(1_000)], at(1_500)).await;
    let beginning = || FeedPosition::beginning(midnight());
    let almost = at(0) + FEED_DELAY - SignedDuration::from_millis(1);
    assert_eq!(follow(&table, beginning(), 9, almost).await.0, []);
    let (found, position) = follow(&table, beginning(), 9, at(0) + FEED_DELAY).await;
    assert_eq!(found, [row(0).report_id]);
    let (found, _) = follow(&table, position, 9, at(1_000) + FEED_DELAY).await;
    assert_eq!(found, [row(1_000).report_id]);
}

#[tokio::test]
async fn a_page_of_the_feed_ends_with_its_deliveries() {
    let table = table().await;
    let wide = |millis| {
        let webhook_ids = (0..10).map(|_| WebhookId::generate()).collect();
        JournalRow { webhook_ids, ..row(millis) }
    };
    // Two in time, two late.
    write(&table, vec![wide(0), wide(1)], at(10)).await;
    write(&table, vec![wide(2), wide(3)], at(50_000)).await;
    let (mut position, mut pages) = (FeedPosition::beginning(midnight()), Vec::new());
    for _ in 0..3 {
        let limits = FeedLimits { deliveries: 15, ..no_limits() };
        let page =
            feed::read(&table, &acme(), position, limits, at(90_000), |_| true).await.unwrap();
        pages.push(page.rows.len());
        position = page.next;
    }
    assert_eq!(pages, [2, 2, 0]);
}

#[tokio::test]
async fn a_page_of_the_feed_ends_in_time_and_the_next_continues() {
    let table = table().await;
    for day in 0..20 {
        let at = at(-day * 86_400_000);
        write(&table, vec![JournalRow { received_at: at, ..row(day) }], at).await;
    }
    let (mut position, mut found, mut pages) =
        (FeedPosition::beginning(midnight() - 25 * 86_400_000), 0, 0);
    loop {
        let limits = FeedLimits { end_by: Instant::now(), ..no_limits() };
        let page =
            feed::read(&table, &acme(), position, limits, at(90_000), |_| true).await.unwrap();
        (position, found, pages) = (page.next, found + page.rows.len(), pages + 1);
        if page.is_up_to_date {
            break;
        }
    }
    assert_eq!(found, 20);
    assert!(pages > 10, "{pages}");
}

#[test]
fn a_cursor_with_an_invalid_key_is_refused() {
    let mut position = FeedPosition::beginning(5);
    for (key, is_read) in [
        ("", true),
        ("0123456789abcdef", true),
        ("0123456789abcdef0", false),
        ("é", false),
        ("!~", false),
    ] {
        position.late.key = key.to_owned();
        assert_eq!(position.to_string().parse::<FeedPosition>().is_ok(), is_read, "{key}");
    }
}

#[test]
fn a_cursor_before_the_retention_begins_at_the_oldest_day() {
    let kept = FeedPosition::beginning(1_000);
    for wild in [i64::MIN, -1, 0, 999] {
        assert_eq!(FeedPosition::beginning(wild).no_earlier_than(1_000), kept, "{wild}");
    }
    for later in [1_000, 1_001, i64::MAX] {
        let position = FeedPosition::beginning(later);
        assert_eq!(position.clone().no_earlier_than(1_000), position, "{later}");
    }
}

#[tokio::test]
async fn a_late_entry_without_its_page_does_not_block_the_feed() {
    let table = table().await;
    let late = NewPage {
        account_id: acme(),
        page: pack(vec![row(0)]).remove(0),
        written_at: at(50_000),
        retention: Retention::default(),
    };
    for written in table.write_pages(std::slice::from_ref(&late)).await {
        written.unwrap();
    }
    let pages = all_pages(&table).await;
    let key = page_key(&acme(), &pages[0].key);
    table.client.delete_item().table_name(&table.table).set_key(Some(key)).send().await.unwrap();
    write(&table, vec![row(7)], at(60_000)).await;
    let (found, _) = follow(&table, FeedPosition::beginning(midnight()), 9, at(90_000)).await;
    assert_eq!(found, [row(7).report_id]);
}

#[tokio::test]
async fn the_rows_of_an_erased_report_are_removed_from_every_page() {
    let (table, account) = (table().await, acme());
    write(&table, vec![row(0), row(5), row(9)], at(100)).await;
    write(&table, vec![row(5)], at(200_000)).await;
    write(&table, vec![row(5), row(7)], at(300_000)).await;
    let report = ReportKey { account_id: acme(), report_id: row(5).report_id };
    table.erase_rows(&report, BTreeSet::from([at(200)])).await.unwrap();
    let left = scanned(Scan::new(&table, &account, both_days(false)), usize::MAX).await;
    assert_eq!(left, [row(0), row(7), row(9)].map(|row| row.position()));
    table.erase_rows(&report, BTreeSet::new()).await.unwrap();
}

#[tokio::test]
async fn the_journal_of_an_account_is_deleted() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    for millis in [-86_400_000, -40 * 86_400_000, 0] {
        let row = JournalRow { received_at: at(millis), ..row(0) };
        write(&table, vec![row], at(500_000)).await;
    }
    let mut deleted = 0;
    for day in days_kept(Timestamp::now()) {
        let purged = table.purge_log(&acme(), LogPart::Journal(day)).await.unwrap();
        assert!(purged.is_complete);
        deleted += purged.deleted;
    }
    assert_eq!(deleted, 6, "a page and its entry each");
    let left = tables.client.scan().table_name(&table.table).send().await.unwrap();
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn an_expired_page_is_not_found() {
    let (table, account) = (table().await, acme());
    let old = JournalRow { received_at: at(-31 * 86_400_000), ..row(0) };
    write(&table, vec![old.clone()], old.received_at).await;
    let request = ScanRequest { from: midnight() - 40 * 86_400_000, ..both_days(true) };
    assert_eq!(scanned(Scan::new(&table, &account, request), 9).await, []);
}
