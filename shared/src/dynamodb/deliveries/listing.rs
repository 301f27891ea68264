//! Listing the deliveries of a webhook.

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::batch::{BatchRead, batch_get, projection};
use super::super::item::{Item, corrupt, s, unavailable};
use super::item::{SUMMARY, UNDELIVERED};
use super::merge::{Merged, Portion, latest};
use super::reader::{item_key, summaries};
use super::{DeliveriesTable, shard_pk};
use crate::account::AccountId;
use crate::delivery::{DeliveryFilter, DeliveryKey, DeliverySummary, ReportIds, StatusFilter};
use crate::ids::{ReportId, WebhookId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;

const LISTING: &str = "listing deliveries";

/// Where a list is read, and which items of that are wanted.
#[derive(Clone, Copy)]
enum Source {
    /// All deliveries, or those with a status.
    Table(Option<&'static str>),
    /// The sparse index of what was not taken, or of that what has a status. It knows keys and
    /// statuses only, and learns of changes a moment later.
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
        let Some(ids) = filter.ids(page.after) else {
            return Ok(Page { data: Vec::new(), next_cursor: None });
        };
        let source = Source::of(filter.status);
        let Merged { found, next } = latest(ids, page.limit, |shard, ids, count| {
            self.portion(source, shard_pk(webhook, shard), ids, count)
        })
        .await?;
        let items = match source {
            Source::Table(_) => found.into_iter().map(|(_, item)| item).collect(),
            Source::Undelivered(_) => {
                let delivery = |(report_id, _)| DeliveryKey { webhook_id: webhook, report_id };
                let keys = found.into_iter().map(delivery).map(item_key).collect();
                let read = BatchRead { keys, projection: Some(SUMMARY), consistent: false };
                batch_get(&self.client, &self.table, LISTING, read).await?
            }
        };
        let mut data = summaries(LISTING, account, items);
        // The index may be behind.
        data.retain(|delivery| filter.status.matches(&delivery.state));
        data.sort_unstable_by_key(|delivery| std::cmp::Reverse(delivery.key.report_id));
        Ok(Page { data, next_cursor: next.map(|id| id.to_string()) })
    }

    /// Looks at the latest `count` of `ids` in a shard.
    async fn portion(
        &self,
        source: Source,
        shard: String,
        ids: ReportIds,
        count: usize,
    ) -> Result<Portion<Item>, StoreError> {
        let Some(highest) = ids.before.predecessor().filter(|highest| *highest >= ids.from) else {
            return Ok(Portion { found: Vec::new(), read_to: None });
        };
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#shard = :shard AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":shard", s(shard))
            .expression_attribute_values(":from", s(ids.from.to_string()))
            .expression_attribute_values(":to", s(highest.to_string()))
            .scan_index_forward(false)
            .set_limit(i32::try_from(count).ok());
        let (query, status) = match source {
            Source::Table(status) => {
                let (expression, names) = projection(Some(SUMMARY));
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
        let query = match status {
            None => query,
            Some(status) => query
                .filter_expression("#status = :status")
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(":status", s(status)),
        };
        let answer = query.send().await.map_err(unavailable(LISTING))?;
        let read_to = answer.last_evaluated_key.as_ref().map(report_id).transpose()?;
        let found = answer.items.unwrap_or_default().into_iter();
        let found = found.map(|item| report_id(&item).map(|id| (id, item)));
        Ok(Portion { found: found.collect::<Result<_, _>>()?, read_to })
    }
}

fn report_id(item: &Item) -> Result<ReportId, StoreError> {
    let sk = item.get("sk").map(AttributeValue::as_s).and_then(Result::ok);
    sk.map_or("", String::as_str).parse().map_err(|error| corrupt(LISTING, error))
}

#[cfg(test)]
mod tests;
