//! Selects the deliveries of a replay, shard by shard, in the order of their reports' ids.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::Select;

use super::super::batch::{BatchRead, batch_get, projection};
use super::super::item::{Item, corrupt, s, unavailable};
use super::item::{SK_AND_REPORT, UNDELIVERED, delivery_of, is_within, item_key, readable};
use super::{DeliveriesTable, SHARDS, shard_pk};
use crate::domain::delivery::{DeliveryKey, LoggedDelivery, ReplayScope, Span};
use crate::domain::ids::{InvalidId, ReportId};
use crate::domain::replay::{LogPosition, Selection};
use crate::ports::store::{ReplaySource, StoreError};

const ACTION: &str = "finding the deliveries of a replay";
const READING: &str = "reading the deliveries of a replay";
/// The most queries for one wave or count. Where few deliveries match, it ends early, so that its
/// progress can be stored.
const MAX_CALLS: usize = 20;
/// The most reports that are read together: they are in memory at the same time, of up to 64 KiB
/// each.
const MAX_REPORTS: usize = 100;

impl ReplaySource for DeliveriesTable {
    async fn count(
        &self,
        selection: &Selection,
        position: LogPosition,
    ) -> Result<(u64, Option<LogPosition>), StoreError> {
        let (mut counted, mut next) = (0, Some(position));
        for _ in 0..MAX_CALLS {
            let Some(current) = next.filter(|next| next.shard == position.shard) else { break };
            let Some(range) = IdRange::after(current, selection) else {
                next = next_shard(current);
                break;
            };
            let found;
            (found, next) = self.count_page(selection, &range).await?;
            counted += found;
        }
        Ok((counted, next))
    }

    async fn select(
        &self,
        selection: &Selection,
        position: LogPosition,
        most: usize,
    ) -> Result<(Vec<ReportId>, Option<LogPosition>), StoreError> {
        let mut found = Vec::new();
        let mut next = Some(position);
        for _ in 0..MAX_CALLS {
            let Some(position) = next.filter(|_| found.len() < most) else { break };
            let Some(range) = IdRange::after(position, selection) else {
                next = next_shard(position);
                continue;
            };
            let (ids, after) = self.select_page(selection, &range, most).await?;
            next = after;
            for id in ids {
                if found.len() == most {
                    // The next wave selects the rest of the page.
                    next = Some(LogPosition { after: found.last().copied(), ..position });
                    break;
                }
                found.push(id);
            }
        }
        Ok((found, next))
    }

    async fn current(
        &self,
        keys: &[DeliveryKey],
    ) -> Result<HashMap<DeliveryKey, LoggedDelivery>, StoreError> {
        let keys = keys.iter().copied().map(item_key).collect();
        let read = BatchRead { keys, projection: None, consistent: true };
        let items = batch_get(&self.client, &self.table, READING, read).await?;
        let found = readable(items, |item| delivery_of(READING, item)).into_iter();
        Ok(found.map(|found| (found.entry.key, found)).collect())
    }
}

impl DeliveriesTable {
    /// Counts the deliveries on one page of a range; returns where to continue.
    async fn count_page(
        &self,
        selection: &Selection,
        range: &IdRange,
    ) -> Result<(u64, Option<LogPosition>), StoreError> {
        if range.span.is_certain {
            let page = self.query_page(selection, range, Select::Count, None).await?;
            return Ok((u64::try_from(page.count).unwrap_or(0), range.position_after(&page)?));
        }
        let (found, next) = self.select_page(selection, range, MAX_REPORTS).await?;
        Ok((found.len() as u64, next))
    }

    /// Selects the deliveries on one page of a range, from up to `limit` items; returns where to
    /// continue.
    async fn select_page(
        &self,
        selection: &Selection,
        range: &IdRange,
        limit: usize,
    ) -> Result<(Vec<ReportId>, Option<LogPosition>), StoreError> {
        let is_certain = range.span.is_certain;
        let limit = if is_certain { limit } else { limit.min(MAX_REPORTS) };
        let limit = i32::try_from(limit).ok();
        let page = self.query_page(selection, range, Select::SpecificAttributes, limit).await?;
        let next = range.position_after(&page)?;
        let items = page.items.unwrap_or_default();
        let mut ids = items.iter().map(report_of).collect::<Result<Vec<_>, _>>()?;
        if is_certain {
            return Ok((ids, next));
        }
        let items = match selection.scope {
            ReplayScope::All => items,
            // The sparse index has no reports.
            ReplayScope::Failed => {
                let key = |report_id| DeliveryKey { webhook_id: selection.webhook_id, report_id };
                let keys = ids.iter().copied().map(key).map(item_key).collect();
                let read = BatchRead { keys, projection: Some(SK_AND_REPORT), consistent: false };
                batch_get(&self.client, &self.table, ACTION, read).await?
            }
        };
        let within_times = items.iter().filter(|item| is_within(ACTION, item, &selection.times));
        ids = within_times.map(report_of).collect::<Result<_, _>>()?;
        ids.sort_unstable();
        Ok((ids, next))
    }

    /// Queries one page of a range, of up to `limit` items.
    async fn query_page(
        &self,
        selection: &Selection,
        range: &IdRange,
        select: Select,
        limit: Option<i32>,
    ) -> Result<QueryOutput, StoreError> {
        let attributes: &[_] = match selection.scope {
            ReplayScope::All if !range.span.is_certain => SK_AND_REPORT,
            ReplayScope::All | ReplayScope::Failed => &["sk"],
        };
        let (attributes, names) =
            projection((select == Select::SpecificAttributes).then_some(attributes));
        let pk = shard_pk(selection.webhook_id, range.position.shard);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .select(select)
            .set_projection_expression(attributes)
            .set_expression_attribute_names(names)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":from", s(range.from()))
            .expression_attribute_values(":end", s(range.last.to_string()))
            .expression_attribute_values(":failed", s("failed"))
            .expression_attribute_values(":skipped", s("skipped"))
            .set_limit(limit);
        // Pending and retrying deliveries are sent anyway.
        let query = match selection.scope {
            ReplayScope::Failed => query
                .index_name(UNDELIVERED)
                .key_condition_expression(format!(
                    "{UNDELIVERED} = :pk AND sk BETWEEN :from AND :end"
                ))
                .filter_expression("#status IN (:failed, :skipped)"),
            ReplayScope::All => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :end")
                .filter_expression("#status IN (:failed, :skipped, :delivered)")
                .expression_attribute_values(":delivered", s("delivered")),
        };
        query.send().await.map_err(unavailable(ACTION))
    }
}

/// The ids of a shard that are read next: the lowest span with ids after a position.
struct IdRange {
    position: LogPosition,
    span: Span,
    /// The highest id of the span.
    last: ReportId,
    /// Whether the shard has further spans.
    has_more: bool,
}

impl IdRange {
    fn after(position: LogPosition, selection: &Selection) -> Option<Self> {
        let mut spans = selection.times.spans().into_iter().peekable();
        while let Some(span) = spans.next() {
            let last = span.ids.before.predecessor()?;
            if position.after.is_none_or(|after| after < last) {
                return Some(Self { position, span, last, has_more: spans.peek().is_some() });
            }
        }
        None
    }

    /// The lower bound of the sort keys.
    fn from(&self) -> String {
        match self.position.after.filter(|after| *after >= self.span.ids.from) {
            // `~` makes the bound exclusive.
            Some(after) => format!("{after}~"),
            None => self.span.ids.from.to_string(),
        }
    }

    /// The place to continue after `page`.
    fn position_after(&self, page: &QueryOutput) -> Result<Option<LogPosition>, StoreError> {
        if let Some(key) = page.last_evaluated_key().filter(|key| !key.is_empty()) {
            return Ok(Some(LogPosition { after: Some(report_of(key)?), ..self.position }));
        }
        if self.has_more {
            return Ok(Some(LogPosition { after: Some(self.last), ..self.position }));
        }
        Ok(next_shard(self.position))
    }
}

fn next_shard(position: LogPosition) -> Option<LogPosition> {
    let shard = position.shard + 1;
    (shard < SHARDS).then_some(LogPosition { shard, after: None })
}

fn report_of(item: &Item) -> Result<ReportId, StoreError> {
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).ok_or(InvalidId);
    sk.and_then(|sk| sk.parse()).map_err(|error| corrupt(ACTION, error))
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
