//! The deliveries that a replay is for, shard by shard, in the order of their reports' ids.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::Select;

use super::super::batch::{BatchRead, batch_get, projection};
use super::super::item::{Item, corrupt, s, unavailable};
use super::item::{SK_AND_REPORT, UNDELIVERED, delivery_of, is_of, readable};
use super::reader::item_key;
use super::{DeliveriesTable, SHARDS, shard_pk};
use crate::delivery::{DeliveryKey, LoggedDelivery, ReplayScope, Span};
use crate::ids::{InvalidId, ReportId};
use crate::replay::{LogPosition, Selection};
use crate::store::{ReplaySource, StoreError};

const ACTION: &str = "finding the deliveries of a replay";
const READING: &str = "reading the deliveries of a replay";
/// The most calls for one wave, or for counting on. Where little matches, it is cut short, so that
/// the position it has reached can be noted.
const MAX_CALLS: usize = 20;
/// The most reports that are looked at together: they are in memory at the same time, of up to
/// 64 KiB each.
const MAX_LOOKED_AT: usize = 100;

impl ReplaySource for DeliveriesTable {
    async fn count(
        &self,
        selection: &Selection,
        position: LogPosition,
    ) -> Result<(u64, Option<LogPosition>), StoreError> {
        let (mut counted, mut next) = (0, Some(position));
        for _ in 0..MAX_CALLS {
            let Some(here) = next.filter(|next| next.shard == position.shard) else { break };
            let Some(stretch) = Stretch::behind(here, selection) else {
                next = next_shard(here);
                break;
            };
            let found;
            (found, next) = self.count_in(selection, &stretch).await?;
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
            let Some(stretch) = Stretch::behind(position, selection) else {
                next = next_shard(position);
                continue;
            };
            let (ids, after) = self.found_in(selection, &stretch, most).await?;
            next = after;
            for id in ids {
                if found.len() == most {
                    // The rest of the page is for the next wave.
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
    /// How many deliveries one page of a stretch holds, and where to go on.
    async fn count_in(
        &self,
        selection: &Selection,
        stretch: &Stretch,
    ) -> Result<(u64, Option<LogPosition>), StoreError> {
        if stretch.span.is_certain {
            let page = self.page_of(selection, stretch, Select::Count, None).await?;
            return Ok((u64::try_from(page.count).unwrap_or(0), stretch.position_after(&page)?));
        }
        let (found, next) = self.found_in(selection, stretch, MAX_LOOKED_AT).await?;
        Ok((found.len() as u64, next))
    }

    /// The deliveries of one page of a stretch, of which no more than `limit` are looked at, and
    /// where to go on.
    async fn found_in(
        &self,
        selection: &Selection,
        stretch: &Stretch,
        limit: usize,
    ) -> Result<(Vec<ReportId>, Option<LogPosition>), StoreError> {
        let is_certain = stretch.span.is_certain;
        let limit = if is_certain { limit } else { limit.min(MAX_LOOKED_AT) };
        let limit = i32::try_from(limit).ok();
        let page = self.page_of(selection, stretch, Select::SpecificAttributes, limit).await?;
        let next = stretch.position_after(&page)?;
        let items = page.items.unwrap_or_default();
        let mut ids = items.iter().map(report_of).collect::<Result<Vec<_>, _>>()?;
        if is_certain {
            return Ok((ids, next));
        }
        let items = match selection.scope {
            ReplayScope::All => items,
            // The sparse index has keys only.
            ReplayScope::Failed => {
                let key = |report_id| DeliveryKey { webhook_id: selection.webhook_id, report_id };
                let keys = ids.iter().copied().map(key).map(item_key).collect();
                let read = BatchRead { keys, projection: Some(SK_AND_REPORT), consistent: false };
                batch_get(&self.client, &self.table, ACTION, read).await?
            }
        };
        let of_times = items.iter().filter(|item| is_of(ACTION, item, &selection.times));
        ids = of_times.map(report_of).collect::<Result<_, _>>()?;
        ids.sort_unstable();
        Ok((ids, next))
    }

    /// One page of a stretch, looking at no more than `limit` items.
    async fn page_of(
        &self,
        selection: &Selection,
        stretch: &Stretch,
        select: Select,
        limit: Option<i32>,
    ) -> Result<QueryOutput, StoreError> {
        let attributes: &[_] = match selection.scope {
            ReplayScope::All if !stretch.span.is_certain => SK_AND_REPORT,
            ReplayScope::All | ReplayScope::Failed => &["sk"],
        };
        let (attributes, names) =
            projection((select == Select::SpecificAttributes).then_some(attributes));
        let pk = shard_pk(selection.webhook_id, stretch.position.shard);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .select(select)
            .set_projection_expression(attributes)
            .set_expression_attribute_names(names)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":from", s(stretch.from()))
            .expression_attribute_values(":end", s(stretch.last.to_string()))
            .expression_attribute_values(":failed", s("failed"))
            .expression_attribute_values(":skipped", s("skipped"))
            .set_limit(limit);
        // What is pending or retrying is under way anyway.
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

/// The ids of a shard that are read next: the lowest span that has some behind a position.
struct Stretch {
    position: LogPosition,
    span: Span,
    /// The highest id of the span.
    last: ReportId,
    /// Whether spans follow in the shard.
    has_more: bool,
}

impl Stretch {
    fn behind(position: LogPosition, selection: &Selection) -> Option<Self> {
        let mut spans = selection.times.spans().into_iter().peekable();
        while let Some(span) = spans.next() {
            let last = span.ids.before.predecessor()?;
            if position.after.is_none_or(|after| after < last) {
                return Some(Self { position, span, last, has_more: spans.peek().is_some() });
            }
        }
        None
    }

    /// Where the sort keys begin.
    fn from(&self) -> String {
        match self.position.after.filter(|after| *after >= self.span.ids.from) {
            // A text is followed by itself with more behind it.
            Some(after) => format!("{after}~"),
            None => self.span.ids.from.to_string(),
        }
    }

    /// Where to go on after `page`.
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
