//! The shards of a list in one order, latest first, read in portions: little more than what is asked
//! for, and not the whole page from each.
//!
//! `P` is a place in that order: a report in the list of a webhook, a delivery in that of an account.

use std::collections::VecDeque;

use futures_util::future::try_join_all;

use crate::delivery::Span;
use crate::ids::ReportId;
use crate::store::StoreError;

/// How often shards are read on for one page. Each time takes twice as many, so this is enough
/// unless nearly all that is read is not asked for; the next page then goes on from there.
const MAX_ROUNDS: u32 = 6;

/// A part of the order, from the first place (included) to the second (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent<P> {
    /// The lowest.
    pub from: P,
    /// Above the highest.
    pub before: P,
    /// Whether all that is there is of the times asked for; see [`Span::is_certain`].
    pub is_certain: bool,
}

impl From<Span> for Extent<ReportId> {
    fn from(span: Span) -> Self {
        let Span { ids, is_certain } = span;
        Self { from: ids.from, before: ids.before, is_certain }
    }
}

/// What one read of a shard gave.
pub(super) struct Portion<P, T> {
    /// What is asked for of that, latest first.
    pub found: Vec<(P, T)>,
    /// The last that was looked at; `None` if nothing is left below.
    pub read_to: Option<P>,
}

/// What the shards hold together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged<P, T> {
    /// Latest first.
    pub found: Vec<(P, T)>,
    /// Where more may follow: below this. `None` at the end.
    pub next: Option<P>,
}

struct Shard<P, T> {
    number: u8,
    /// What was read and is not in the answer so far.
    waiting: VecDeque<(P, T)>,
    /// What was not read is below this; `None` if all was.
    unread_below: Option<P>,
}

/// The latest `limit` of the places in `extents`, which come highest first.
/// `read(shard, extent, count)` looks at no more than the latest `count` of an extent in a shard;
/// what it leaves out is not asked for.
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
    let shares = usize::from(shards);
    let highest = extents.first().map(|extent| extent.before);
    let mut shards: Vec<_> = (0..shards)
        .map(|number| Shard { number, waiting: VecDeque::new(), unread_below: highest })
        .collect();
    let mut found = Vec::with_capacity(limit + 1);
    for round in 0..MAX_ROUNDS {
        // One more than asked for tells whether there are more.
        let portion = portion_of(limit + 1 - found.len(), shares) << round;
        let reads = shards.iter().filter(|shard| shard.waiting.is_empty()).filter_map(|shard| {
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
            shard.waiting.extend(portion.found);
            let next = || highest_below(extents, extent.from).map(|next| next.before);
            shard.unread_below = portion.read_to.or_else(next);
        }
        take(&mut shards, limit + 1, &mut found);
        if found.len() > limit {
            found.truncate(limit);
            let next = found.last().map(|(place, _)| *place);
            return Ok(Merged { found, next });
        }
    }
    Ok(Merged { found, next: unread(&shards) })
}

/// The highest extent that has places below `place`, without those at and above it.
fn highest_below<P: Copy + Ord>(extents: &[Extent<P>], place: P) -> Option<Extent<P>> {
    let extent = extents.iter().find(|extent| extent.from < place)?;
    Some(Extent { before: extent.before.min(place), ..*extent })
}

/// A shard's share of what is wanted, and a quarter more: reports are spread by a hash, evenly but
/// not exactly.
fn portion_of(wanted: usize, shards: usize) -> usize {
    let share = wanted.div_ceil(shards.max(1));
    share + share / 4 + 1
}

/// Moves the latest of what waits into `found`, up to where a shard holds something unknown.
fn take<P: Copy + Ord, T>(shards: &mut [Shard<P, T>], most: usize, found: &mut Vec<(P, T)>) {
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
fn unread<P: Copy + Ord, T>(shards: &[Shard<P, T>]) -> Option<P> {
    let empty = shards.iter().filter(|shard| shard.waiting.is_empty());
    empty.filter_map(|shard| shard.unread_below).max()
}

impl<P: Copy, T> Shard<P, T> {
    fn latest(&self) -> Option<P> {
        self.waiting.front().map(|(place, _)| *place)
    }
}

#[cfg(test)]
mod tests;
