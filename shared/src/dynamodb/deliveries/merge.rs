//! The shards of a webhook in one order, latest report first, read in portions: little more than
//! what is asked for, and not the whole page from each.

use std::collections::VecDeque;

use futures_util::future::try_join_all;

use super::SHARDS;
use crate::delivery::{ReportIds, Span};
use crate::ids::ReportId;
use crate::store::StoreError;

/// How often shards are read on for one page. Each time takes twice as many, so this is enough
/// unless nearly all that is read is not asked for; the next page then goes on from there.
const MAX_ROUNDS: u32 = 6;

/// What one read of a shard gave.
pub(super) struct Portion<T> {
    /// What is asked for of that, latest first.
    pub found: Vec<(ReportId, T)>,
    /// The last that was looked at; `None` if nothing is left below.
    pub read_to: Option<ReportId>,
}

/// What the shards hold together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged<T> {
    /// Latest first.
    pub found: Vec<(ReportId, T)>,
    /// Where more may follow: below this. `None` at the end.
    pub next: Option<ReportId>,
}

struct Shard<T> {
    number: u8,
    /// What was read and is not in the answer so far.
    waiting: VecDeque<(ReportId, T)>,
    /// What was not read is below this; `None` if all was.
    unread_below: Option<ReportId>,
}

/// The latest `limit` of the ids in `spans`, which come highest first. `read(shard, span, count)`
/// looks at no more than the latest `count` of a span in a shard; what it leaves out is not asked
/// for.
pub(super) async fn latest<T, F>(
    spans: &[Span],
    limit: usize,
    read: impl Fn(u8, Span, usize) -> F,
) -> Result<Merged<T>, StoreError>
where
    F: Future<Output = Result<Portion<T>, StoreError>>,
{
    let highest = spans.first().map(|span| span.ids.before);
    let mut shards: Vec<_> = (0..SHARDS)
        .map(|number| Shard { number, waiting: VecDeque::new(), unread_below: highest })
        .collect();
    let mut found = Vec::with_capacity(limit + 1);
    for round in 0..MAX_ROUNDS {
        // One more than asked for tells whether there are more.
        let portion = portion_of(limit + 1 - found.len()) << round;
        let reads = shards.iter().filter(|shard| shard.waiting.is_empty()).filter_map(|shard| {
            let number = shard.number;
            let span = highest_below(spans, shard.unread_below?)?;
            let part = read(number, span, portion);
            Some(async move { part.await.map(|portion| (number, span, portion)) })
        });
        let reads: Vec<_> = reads.collect();
        if reads.is_empty() {
            break;
        }
        for (number, span, portion) in try_join_all(reads).await? {
            let Some(shard) = shards.iter_mut().find(|shard| shard.number == number) else {
                continue;
            };
            shard.waiting.extend(portion.found);
            let next = || highest_below(spans, span.ids.from).map(|next| next.ids.before);
            shard.unread_below = portion.read_to.or_else(next);
        }
        take(&mut shards, limit + 1, &mut found);
        if found.len() > limit {
            found.truncate(limit);
            let next = found.last().map(|(id, _)| *id);
            return Ok(Merged { found, next });
        }
    }
    Ok(Merged { found, next: unread(&shards) })
}

/// The highest span that has ids below `id`, without those at and above it.
fn highest_below(spans: &[Span], id: ReportId) -> Option<Span> {
    let span = spans.iter().find(|span| span.ids.from < id)?;
    let before = span.ids.before.min(id);
    Some(Span { ids: ReportIds { before, ..span.ids }, ..*span })
}

/// A shard's share of what is wanted, and a quarter more: reports are spread by a hash, evenly but
/// not exactly.
fn portion_of(wanted: usize) -> usize {
    let share = wanted.div_ceil(usize::from(SHARDS));
    share + share / 4 + 1
}

/// Moves the latest of what waits into `found`, up to where a shard holds something unknown.
fn take<T>(shards: &mut [Shard<T>], most: usize, found: &mut Vec<(ReportId, T)>) {
    while found.len() < most {
        let unread = unread(shards);
        let known = shards.iter_mut().filter(|shard| shard.latest().is_some());
        let latest = known.max_by_key(|shard| shard.latest());
        let latest = latest.filter(|shard| shard.latest() >= unread);
        let Some(delivery) = latest.and_then(|shard| shard.waiting.pop_front()) else { return };
        found.push(delivery);
    }
}

/// All at or above this is known; `None` if everything is.
fn unread<T>(shards: &[Shard<T>]) -> Option<ReportId> {
    let empty = shards.iter().filter(|shard| shard.waiting.is_empty());
    empty.filter_map(|shard| shard.unread_below).max()
}

impl<T> Shard<T> {
    fn latest(&self) -> Option<ReportId> {
        self.waiting.front().map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests;
