//! Lists the deliveries of an account that are not delivered, over all of its webhooks.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::item::{Item, corrupt, s, unavailable};
use super::DeliveriesTable;
use super::item::{
    SUMMARY, SUMMARY_AND_REPORT, UNDELIVERED_ID, UNDELIVERED_OF, delivery_key, is_within,
};
use super::merge::{Extent, Merged, Portion, latest};
use super::reader::summaries;
use crate::domain::account::AccountId;
use crate::domain::delivery::{DeliveryKey, DeliverySummary, Span, UndeliveredFilter};
use crate::domain::ids::{InvalidId, ReportId, WebhookId};
use crate::input::page::{Page, PageRequest};
use crate::ports::store::StoreError;

const LISTING: &str = "listing the undelivered deliveries of an account";
/// Partitions of the index for an account's deliveries.
const ACCOUNT_SHARDS: u8 = 16;
/// The most entries of one read whose reports are read as well: reports of up to 64 KiB each are in
/// memory at the same time for all shards.
const MAX_REPORTS: usize = 25;

/// The partition of the index that lists a delivery.
pub(super) fn account_shard(account: &AccountId, delivery: DeliveryKey) -> String {
    let last = |bytes: &[u8; 16]| bytes.last().copied().unwrap_or_default();
    // The last bytes are random: of a report's id a hash's, of a webhook's a UUIDv7's.
    let (webhook, report) =
        (last(delivery.webhook_id.as_bytes()), last(delivery.report_id.as_bytes()));
    shard_name(account, webhook.wrapping_add(report) % ACCOUNT_SHARDS)
}

fn shard_name(account: &AccountId, shard: u8) -> String {
    format!("ACCT#{account}#{shard}")
}

/// A position in the list: by report, then by webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    report_id: ReportId,
    webhook_id: WebhookId,
}

impl Position {
    /// The position of a delivery.
    pub(super) fn of(delivery: DeliveryKey) -> Self {
        let DeliveryKey { webhook_id, report_id } = delivery;
        Self { report_id, webhook_id }
    }

    /// The position below all deliveries of a report.
    fn below(report_id: ReportId) -> Self {
        Self { report_id, webhook_id: WebhookId::lowest() }
    }

    /// The delivery that would be at this position.
    fn delivery(self) -> DeliveryKey {
        DeliveryKey { webhook_id: self.webhook_id, report_id: self.report_id }
    }

    /// The highest position below this one at which a delivery of the same report may be.
    fn predecessor(self) -> Self {
        let webhook_id = self.webhook_id.predecessor().unwrap_or(self.webhook_id);
        Self { webhook_id, ..self }
    }
}

/// The sort key of the index.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.report_id, self.webhook_id)
    }
}

impl FromStr for Position {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (report, webhook) = text.split_once('#').ok_or(InvalidId)?;
        Ok(Self { report_id: report.parse()?, webhook_id: webhook.parse()? })
    }
}

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
        let query = match filter.status() {
            None => query,
            Some(status) => query
                .filter_expression("#status = :status")
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(":status", s(status)),
        };
        let answer = query.send().await.map_err(unavailable(LISTING))?;
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
