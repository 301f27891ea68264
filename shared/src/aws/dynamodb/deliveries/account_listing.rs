//! Lists the deliveries of an account that are not delivered, over all of its webhooks.

use std::cmp::Reverse;

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::item::{Item, corrupt, s, unavailable};
use super::DeliveriesTable;
use super::account_index::{ACCOUNT_SHARDS, Position, UNDELIVERED_ID, UNDELIVERED_OF, shard_name};
use super::item::{SUMMARY, SUMMARY_AND_REPORT, delivery_key, is_within};
use super::listing::with_status;
use super::merge::{Extent, Merged, Portion, latest};
use super::reader::summaries;
use crate::domain::account::AccountId;
use crate::domain::delivery::{DeliveryKey, DeliverySummary, Span, UndeliveredFilter};
use crate::input::page::{Page, PageRequest};
use crate::ports::store::StoreError;

const LISTING: &str = "listing the undelivered deliveries of an account";
/// The most entries of one read whose reports are read as well: reports of up to 64 KiB each are in
/// memory at the same time for all shards.
const MAX_REPORTS: usize = 25;

/// The extents of the reports in `spans`, below `after`, highest first.
fn extents(spans: Vec<Span>, after: Option<Position>) -> Vec<Extent<Position>> {
    let below = |Span { ids, is_certain }| {
        let (from, before) = (Position::below(ids.from), Position::below(ids.before));
        let before = after.map_or(before, |after| after.min(before));
        (from < before).then_some(Extent { from, before, is_certain })
    };
    spans.into_iter().rev().filter_map(below).collect()
}

impl DeliveriesTable {
    /// A page of the deliveries of `account` that are not delivered, latest report first.
    pub(super) async fn account_page(
        &self,
        account: &AccountId,
        filter: &UndeliveredFilter,
        page: &PageRequest<DeliveryKey>,
    ) -> Result<Page<DeliverySummary>, StoreError> {
        let extents = extents(filter.times.spans(), page.after.map(Position::of));
        let read = |shard, extent, count| self.read_entries(account, shard, extent, count, filter);
        let Merged { found, next } = latest(ACCOUNT_SHARDS, &extents, page.limit, read).await?;
        let mut items = Vec::with_capacity(found.len());
        let mut unread = Vec::new();
        for (position, item) in found {
            match item {
                Some(item) => items.push(item),
                None => unread.push(position.delivery()),
            }
        }
        items.extend(self.summaries_of(unread, SUMMARY).await?);
        let mut data = summaries(LISTING, account, items);
        // The index is eventually consistent.
        data.retain(|delivery| filter.matches(&delivery.state));
        data.sort_unstable_by_key(|delivery| Reverse(Position::of(delivery.key)));
        let next_cursor = next.map(|position| position.delivery().to_string());
        Ok(Page { data, next_cursor })
    }

    /// Reads the latest `count` entries of an extent in a shard: positions, and items where the
    /// reports had to be read.
    async fn read_entries(
        &self,
        account: &AccountId,
        shard: u8,
        extent: Extent<Position>,
        count: usize,
        filter: &UndeliveredFilter,
    ) -> Result<Portion<Position, Option<Item>>, StoreError> {
        let Extent { from, before, is_certain } = extent;
        let count = if is_certain { count } else { count.min(MAX_REPORTS) };
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(UNDELIVERED_OF)
            .key_condition_expression("#shard = :shard AND #id BETWEEN :from AND :to")
            .expression_attribute_names("#shard", UNDELIVERED_OF)
            .expression_attribute_names("#id", UNDELIVERED_ID)
            .expression_attribute_values(":shard", s(shard_name(account, shard)))
            .expression_attribute_values(":from", s(from.to_string()))
            .expression_attribute_values(":to", s(before.predecessor().to_string()))
            .scan_index_forward(false)
            .set_limit(i32::try_from(count).ok());
        let answer =
            with_status(query, filter.status()).send().await.map_err(unavailable(LISTING))?;
        let read_to = answer.last_evaluated_key.as_ref().map(position).transpose()?;
        let entries = answer.items.unwrap_or_default();
        let positions = entries.iter().map(position).collect::<Result<Vec<_>, _>>()?;
        if is_certain {
            let found = positions.into_iter().map(|position| (position, None)).collect();
            return Ok(Portion { found, read_to });
        }
        let deliveries = positions.into_iter().map(Position::delivery).collect();
        let items = self.summaries_of(deliveries, SUMMARY_AND_REPORT).await?;
        let of_times = items.into_iter().filter(|item| is_within(LISTING, item, &filter.times));
        let with_position = |item| Ok((Position::of(delivery_key(LISTING, &item)?), Some(item)));
        let mut found = of_times.map(with_position).collect::<Result<Vec<_>, StoreError>>()?;
        found.sort_unstable_by_key(|(position, _)| Reverse(*position));
        Ok(Portion { found, read_to })
    }
}

/// The position of an entry of the index.
fn position(entry: &Item) -> Result<Position, StoreError> {
    let id = entry.get(UNDELIVERED_ID).map(AttributeValue::as_s).and_then(Result::ok);
    id.map_or("", String::as_str).parse().map_err(|error| corrupt(LISTING, error))
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
