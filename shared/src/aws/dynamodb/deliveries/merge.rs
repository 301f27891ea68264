//! Merges the shards of a list into one order, latest first. Reads shards in portions, so it reads
//! little more than one page, instead of a whole page from each shard.
//!
//! `P` is a position in that order: a report in the list of a webhook, a delivery in the list of
//! an account.

use std::collections::VecDeque;

use futures_util::future::try_join_all;

use crate::domain::delivery::Span;
use crate::domain::ids::ReportId;
use crate::ports::store::StoreError;

/// The most reads of a shard for one page. Portions double in size, so a page is short only if
/// almost nothing matches; the next page continues there.
const MAX_ROUNDS: u32 = 6;

/// A range of the order, from the first position (inclusive) to the second (exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent<P> {
    /// The lowest position.
    pub from: P,
    /// The exclusive upper bound.
    pub before: P,
    /// Whether everything in it is of the requested times; see [`Span::is_certain`].
    pub is_certain: bool,
}

impl From<Span> for Extent<ReportId> {
    fn from(span: Span) -> Self {
        let Span { ids, is_certain } = span;
        Self { from: ids.from, before: ids.before, is_certain }
    }
}

/// The result of one read of a shard.
pub(super) struct Portion<P, T> {
    /// The matching items, latest first.
    pub found: Vec<(P, T)>,
    /// The last position that was read; `None` if nothing remains below.
    pub read_to: Option<P>,
}

/// A page of the merged shards.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged<P, T> {
    /// The items of the page, latest first.
    pub found: Vec<(P, T)>,
    /// The position below which more may follow; `None` at the end.
    pub next: Option<P>,
}

struct Shard<P, T> {
    number: u8,
    /// Items that were read but are not on the page yet.
    buffered: VecDeque<(P, T)>,
    /// The position below which nothing was read yet; `None` if everything was read.
    unread_below: Option<P>,
}

/// Returns the latest `limit` items in `extents`, which are in descending order. `read(shard,
/// extent, count)` reads at most the latest `count` positions of an extent in a shard, and returns
/// those that match.
pub(super) async fn latest<P, T, F>(
    shards: u8,
    extents: &[Extent<P>],
    limit: usize,
    read: impl Fn(u8, Extent<P>, usize) -> F,
) -> Result<Merged<P, T>, StoreError>
where
    P: Copy + Ord,
    F: Future<Output = Result<Portion<P, T>, StoreError>>,
{
    let shard_count = usize::from(shards);
    let highest = extents.first().map(|extent| extent.before);
    let mut shards: Vec<_> = (0..shards)
        .map(|number| Shard { number, buffered: VecDeque::new(), unread_below: highest })
        .collect();
    let mut found = Vec::with_capacity(limit + 1);
    for round in 0..MAX_ROUNDS {
        // One item more than the limit shows whether more follow.
        let portion = portion_of(limit + 1 - found.len(), shard_count) << round;
        let reads = shards.iter().filter(|shard| shard.buffered.is_empty()).filter_map(|shard| {
            let number = shard.number;
            let extent = highest_below(extents, shard.unread_below?)?;
            let part = read(number, extent, portion);
            Some(async move { part.await.map(|portion| (number, extent, portion)) })
        });
        let reads: Vec<_> = reads.collect();
        if reads.is_empty() {
            break;
        }
        for (number, extent, portion) in try_join_all(reads).await? {
            let Some(shard) = shards.iter_mut().find(|shard| shard.number == number) else {
                continue;
            };
            shard.buffered.extend(portion.found);
            let next = || highest_below(extents, extent.from).map(|next| next.before);
            shard.unread_below = portion.read_to.or_else(next);
        }
        move_latest(&mut shards, limit + 1, &mut found);
        if found.len() > limit {
            found.truncate(limit);
            let next = found.last().map(|(position, _)| *position);
            return Ok(Merged { found, next });
        }
    }
    Ok(Merged { found, next: unread_bound(&shards) })
}

/// The highest extent with positions below `position`, which becomes its upper bound.
fn highest_below<P: Copy + Ord>(extents: &[Extent<P>], position: P) -> Option<Extent<P>> {
    let extent = extents.iter().find(|extent| extent.from < position)?;
    Some(Extent { before: extent.before.min(position), ..*extent })
}

/// A shard's share of `wanted` and a quarter more, because the hash spreads reports only roughly
/// evenly.
fn portion_of(wanted: usize, shards: usize) -> usize {
    let share = wanted.div_ceil(shards.max(1));
    share + share / 4 + 1
}

/// Moves the latest buffered items into `found`, down to the first position that another shard may
/// not have read yet.
fn move_latest<P: Copy + Ord, T>(shards: &mut [Shard<P, T>], most: usize, found: &mut Vec<(P, T)>) {
    while found.len() < most {
        let unread_bound = unread_bound(shards);
        let known = shards.iter_mut().filter(|shard| shard.latest().is_some());
        let latest = known.max_by_key(|shard| shard.latest());
        let latest = latest.filter(|shard| shard.latest() >= unread_bound);
        let Some(delivery) = latest.and_then(|shard| shard.buffered.pop_front()) else { return };
        found.push(delivery);
    }
}

/// The position at and above which every shard was read; `None` if everything was read.
fn unread_bound<P: Copy + Ord, T>(shards: &[Shard<P, T>]) -> Option<P> {
    let empty = shards.iter().filter(|shard| shard.buffered.is_empty());
    empty.filter_map(|shard| shard.unread_below).max()
}

impl<P: Copy, T> Shard<P, T> {
    fn latest(&self) -> Option<P> {
        self.buffered.front().map(|(position, _)| *position)
    }
}

#[cfg(test)]
mod tests;
