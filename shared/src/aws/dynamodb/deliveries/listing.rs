//! Lists the deliveries of a webhook.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::super::batch::{BatchRead, batch_get, projection};
use super::super::item::{Item, corrupt, s, unavailable};
use super::item::{SUMMARY, SUMMARY_AND_REPORT, UNDELIVERED, is_within, item_key};
use super::merge::{Extent, Merged, Portion, latest};
use super::reader::summaries;
use super::{DeliveriesTable, SHARDS, shard_pk};
use crate::domain::account::AccountId;
use crate::domain::delivery::{DeliveryFilter, DeliveryKey, DeliverySummary, StatusFilter};
use crate::domain::ids::{ReportId, WebhookId};
use crate::input::page::{Page, PageRequest};
use crate::ports::store::StoreError;

const LISTING: &str = "listing deliveries";
/// The most entries of the sparse index of one read whose reports are read as well: reports of up
/// to 64 KiB each are in memory at the same time for all shards.
const MAX_REPORTS: usize = 50;

/// Where a list is read, and with which status.
#[derive(Clone, Copy)]
enum Source {
    /// All deliveries, or those with this status.
    Table(Option<&'static str>),
    /// The sparse index of undelivered deliveries, or of those with this status. It has only keys
    /// and statuses, and is eventually consistent.
    Undelivered(Option<&'static str>),
}

impl Source {
    fn of(filter: StatusFilter) -> Self {
        match filter {
            StatusFilter::Any => Self::Table(None),
            StatusFilter::Delivered => Self::Table(Some("delivered")),
            StatusFilter::Failing => Self::Undelivered(None),
            StatusFilter::Only(status) => Self::Undelivered(Some(status)),
        }
    }
}

impl DeliveriesTable {
    /// A page of the deliveries to a webhook, latest report first.
    pub(super) async fn page(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        filter: &DeliveryFilter,
        page: &PageRequest<ReportId>,
    ) -> Result<Page<DeliverySummary>, StoreError> {
        let spans = filter.times.spans_below(page.after).into_iter();
        let extents: Vec<_> = spans.map(Extent::from).collect();
        let source = Source::of(filter.status);
        let Merged { found, next } =
            latest(SHARDS, &extents, page.limit, |shard, extent, count| {
                self.portion(source, webhook, shard, extent, count, filter)
            })
            .await?;
        let mut items = Vec::with_capacity(found.len());
        let mut unread = Vec::new();
        for (report_id, item) in found {
            match item {
                Some(item) => items.push(item),
                None => unread.push(DeliveryKey { webhook_id: webhook, report_id }),
            }
        }
        items.extend(self.summaries_of(unread, SUMMARY).await?);
        let mut data = summaries(LISTING, account, items);
        // The index is eventually consistent.
        data.retain(|delivery| filter.status.matches(&delivery.state));
        data.sort_unstable_by_key(|delivery| std::cmp::Reverse(delivery.key.report_id));
        Ok(Page { data, next_cursor: next.map(|id| id.to_string()) })
    }

    /// Reads the latest `count` entries of an extent in a shard: ids, and items where the table or
    /// the reports had to be read.
    async fn portion(
        &self,
        source: Source,
        webhook: WebhookId,
        shard: u8,
        extent: Extent<ReportId>,
        count: usize,
        filter: &DeliveryFilter,
    ) -> Result<Portion<ReportId, Option<Item>>, StoreError> {
        let Extent { from, before, is_certain } = extent;
        let Some(highest) = before.predecessor().filter(|highest| *highest >= from) else {
            return Ok(Portion { found: Vec::new(), read_to: None });
        };
        let reads_reports = matches!(source, Source::Undelivered(_)) && !is_certain;
        let count = if reads_reports { count.min(MAX_REPORTS) } else { count };
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#shard = :shard AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":shard", s(shard_pk(webhook, shard)))
            .expression_attribute_values(":from", s(from.to_string()))
            .expression_attribute_values(":to", s(highest.to_string()))
            .scan_index_forward(false)
            .set_limit(i32::try_from(count).ok());
        let (query, status) = match source {
            Source::Table(status) => {
                let attributes = if is_certain { SUMMARY } else { SUMMARY_AND_REPORT };
                let (expression, names) = projection(Some(attributes));
                let query = query
                    .set_projection_expression(expression)
                    .set_expression_attribute_names(names)
                    .expression_attribute_names("#shard", "pk");
                (query, status)
            }
            Source::Undelivered(status) => {
                let query =
                    query.index_name(UNDELIVERED).expression_attribute_names("#shard", UNDELIVERED);
                (query, status)
            }
        };
        let answer = with_status(query, status).send().await.map_err(unavailable(LISTING))?;
        let read_to = answer.last_evaluated_key.as_ref().map(report_id).transpose()?;
        let items = answer.items.unwrap_or_default();
        let found: Vec<_> = match source {
            Source::Undelivered(_) if is_certain => {
                let keys = items.iter().map(|item| Ok((report_id(item)?, None)));
                keys.collect::<Result<_, StoreError>>()?
            }
            Source::Undelivered(_) => {
                let keys = items.iter().map(|item| {
                    Ok(DeliveryKey { webhook_id: webhook, report_id: report_id(item)? })
                });
                let keys = keys.collect::<Result<_, StoreError>>()?;
                let items = self.summaries_of(keys, SUMMARY_AND_REPORT).await?;
                let mut found = within_times(items, filter)?;
                found.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
                found
            }
            Source::Table(_) if is_certain => {
                let with_id = |item| Ok((report_id(&item)?, Some(item)));
                items.into_iter().map(with_id).collect::<Result<_, StoreError>>()?
            }
            Source::Table(_) => within_times(items, filter)?,
        };
        Ok(Portion { found, read_to })
    }

    /// Reads `attributes` of the items of `deliveries`.
    pub(super) async fn summaries_of(
        &self,
        deliveries: Vec<DeliveryKey>,
        attributes: &'static [&'static str],
    ) -> Result<Vec<Item>, StoreError> {
        let keys = deliveries.into_iter().map(item_key).collect();
        let read = BatchRead { keys, projection: Some(attributes), consistent: false };
        batch_get(&self.client, &self.table, LISTING, read).await
    }
}

/// `query`, limited to deliveries with `status` if there is one.
pub(super) fn with_status(query: QueryFluentBuilder, status: Option<&str>) -> QueryFluentBuilder {
    let Some(status) = status else { return query };
    query
        .filter_expression("#status = :status")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":status", s(status))
}

/// The `items` whose reports are within the times of `filter`.
fn within_times(
    items: Vec<Item>,
    filter: &DeliveryFilter,
) -> Result<Vec<(ReportId, Option<Item>)>, StoreError> {
    let within_times = items.into_iter().filter(|item| is_within(LISTING, item, &filter.times));
    within_times.map(|item| Ok((report_id(&item)?, Some(item)))).collect()
}

fn report_id(item: &Item) -> Result<ReportId, StoreError> {
    let sk = item.get("sk").map(AttributeValue::as_s).and_then(Result::ok);
    sk.map_or("", String::as_str).parse().map_err(|error| corrupt(LISTING, error))
}

#[cfg(test)]
mod tests;
