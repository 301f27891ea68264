use std::collections::BTreeSet;
use std::sync::Mutex;

use proptest::prelude::*;
use uuid::Uuid;

use super::super::{SHARDS, shard_of};
use super::*;
use crate::domain::delivery::ReportIds;

/// Shards in memory, which count the positions that are read.
struct Log {
    ids: BTreeSet<ReportId>,
    read: Mutex<usize>,
}

impl Log {
    fn new(ids: impl IntoIterator<Item = u128>) -> Self {
        let ids = ids.into_iter().map(|id| Uuid::from_u128(id).to_string().parse().unwrap());
        Self { ids: ids.collect(), read: Mutex::default() }
    }

    /// A page of the ids that `wants` accepts.
    async fn page(
        &self,
        ids: ReportIds,
        limit: usize,
        wants: impl Fn(&ReportId) -> bool,
    ) -> Merged<ReportId, ()> {
        self.page_of(&[Span { ids, is_certain: true }], limit, wants).await
    }

    /// A page of the ids of some spans.
    async fn page_of(
        &self,
        spans: &[Span],
        limit: usize,
        wants: impl Fn(&ReportId) -> bool,
    ) -> Merged<ReportId, ()> {
        let read = |shard: u8, extent: Extent<ReportId>, count: usize| {
            let below = self.ids.range(extent.from..extent.before).rev();
            let latest_ids: Vec<_> =
                below.filter(|id| shard_of(**id) == shard).take(count).copied().collect();
            *self.read.lock().unwrap() += latest_ids.len();
            // Like DynamoDB: after a full portion, more may follow.
            let read_to = if latest_ids.len() == count { latest_ids.last().copied() } else { None };
            let found = latest_ids.into_iter().filter(&wants).map(|id| (id, ())).collect();
            async move { Ok(Portion { found, read_to }) }
        };
        let extents: Vec<_> = spans.iter().copied().map(Extent::from).collect();
        latest(SHARDS, &extents, limit, read).await.unwrap()
    }

    /// The ids of all pages, and the number of pages.
    async fn all(&self, limit: usize, wants: impl Fn(&ReportId) -> bool) -> (Vec<ReportId>, usize) {
        let (mut all, mut pages, mut before) = (Vec::new(), 0, ReportId::upper_bound());
        loop {
            let ids = ReportIds { from: ReportId::lowest_at(0), before };
            let page = self.page(ids, limit, &wants).await;
            assert!(page.found.len() <= limit);
            all.extend(page.found.into_iter().map(|(id, ())| id));
            pages += 1;
            let Some(next) = page.next else { return (all, pages) };
            assert!(next < before, "the cursor does not advance");
            before = next;
        }
    }

    fn latest_first(&self, wants: impl Fn(&ReportId) -> bool) -> Vec<ReportId> {
        self.ids.iter().rev().filter(|id| wants(id)).copied().collect()
    }
}

/// Ids like those of reports: a hash spreads them over the shards.
fn spread(count: u128) -> impl Iterator<Item = u128> {
    (0..count).map(|n| {
        let hash = n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        (n << 80) | (hash >> 64)
    })
}

#[tokio::test]
async fn a_page_reads_little_more_than_it_holds() {
    let log = Log::new(spread(10_000));
    for (limit, most) in [(1, 24), (10, 40), (50, 100), (100, 170)] {
        *log.read.lock().unwrap() = 0;
        let ids = ReportIds { from: ReportId::lowest_at(0), before: ReportId::upper_bound() };
        let page = log.page(ids, limit, |_| true).await;
        assert_eq!(page.found.len(), limit);
        let read = *log.read.lock().unwrap();
        assert!(read <= most, "{read} were read for {limit}");
    }
}

#[tokio::test]
async fn rare_ids_are_found_without_reading_all_for_one_page() {
    let log = Log::new(spread(20_000));
    let rare = |id: &ReportId| id.as_bytes()[5] == 7 && id.as_bytes()[4].is_multiple_of(16);
    let ids = ReportIds { from: ReportId::lowest_at(0), before: ReportId::upper_bound() };
    log.page(ids, 50, rare).await;
    let read = *log.read.lock().unwrap();
    assert!(read < 6_000, "{read} were read");
    let (all, pages) = log.all(50, rare).await;
    assert_eq!(all, log.latest_first(rare));
    assert!((2..40).contains(&pages), "{pages}");
}

#[tokio::test]
async fn an_empty_log_has_one_empty_page() {
    assert_eq!(Log::new([]).all(10, |_| true).await, (vec![], 1));
}

#[tokio::test]
async fn a_page_stays_within_its_range() {
    let log = Log::new((0..100).map(|n| n << 80));
    let (from, before) = (ReportId::lowest_at(10), ReportId::lowest_at(20));
    let page = log.page(ReportIds { from, before }, 50, |_| true).await;
    let found: Vec<_> = page.found.into_iter().map(|(id, ())| id).collect();
    assert_eq!(found, (10..20).rev().map(ReportId::lowest_at).collect::<Vec<_>>());
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn an_empty_set_of_spans_is_an_empty_page() {
    let log = Log::new(spread(10));
    assert_eq!(log.page_of(&[], 10, |_| true).await, Merged { found: vec![], next: None });
}

proptest! {
    #[test]
    fn pages_hold_everything_once_and_in_order(
        ids in proptest::collection::vec(any::<u128>(), 0..200),
        // All in one shard, which a hash never does.
        single in any::<bool>(),
        limit in 1_usize..60,
        modulus in 1_u8..5,
    ) {
        let ids = ids.into_iter().map(|id| if single { id & !7 } else { id });
        let log = Log::new(ids.filter(|id| *id < u128::MAX));
        let wants = |id: &ReportId| id.as_bytes()[14].is_multiple_of(modulus);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (all, _) = runtime.block_on(log.all(limit, wants));
        prop_assert_eq!(all, log.latest_first(wants));
    }

    #[test]
    fn pages_of_spans_hold_their_ids_and_read_nothing_between(
        seconds in proptest::collection::vec(0_u64..400, 0..200),
        bounds in proptest::collection::btree_set(0_u64..400, 0..9),
        limit in 1_usize..60,
        modulus in 1_u8..5,
    ) {
        let ids = seconds.iter().zip(0_u128..);
        let log = Log::new(ids.map(|(second, n)| (u128::from(*second) << 80) | n));
        let bounds: Vec<_> = bounds.into_iter().map(ReportId::lowest_at).collect();
        let spans: Vec<_> = bounds
            .chunks_exact(2)
            .map(|pair| ReportIds { from: pair[0], before: pair[1] })
            .rev()
            .map(|ids| Span { ids, is_certain: false })
            .collect();
        let is_in = |id: &ReportId| spans.iter().any(|span| (span.ids.from..span.ids.before).contains(id));
        let wants = |id: &ReportId| {
            assert!(is_in(id), "read between the spans");
            id.as_bytes()[14].is_multiple_of(modulus)
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (mut all, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let below = spans.iter().filter_map(|span| {
                let before = cursor.map_or(span.ids.before, |cursor| span.ids.before.min(cursor));
                let ids = ReportIds { before, ..span.ids };
                (ids.from < ids.before).then_some(Span { ids, ..*span })
            });
            let below: Vec<_> = below.collect();
            let page = runtime.block_on(log.page_of(&below, limit, wants));
            prop_assert!(page.found.len() <= limit);
            all.extend(page.found.into_iter().map(|(id, ())| id));
            pages += 1;
            prop_assert!(pages < 400, "the cursor does not advance");
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        let expected: Vec<_> = log.latest_first(is_in).into_iter().filter(|id| wants(id)).collect();
        prop_assert_eq!(all, expected);
    }
}
