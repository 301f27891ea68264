//! The deliveries that a replay is for, shard by shard, in the order of their reports' ids.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::Select;

use super::super::batch::{BatchRead, batch_get};
use super::super::item::{Item, corrupt, s, unavailable};
use super::item::{UNDELIVERED, delivery_of, readable};
use super::reader::item_key;
use super::{DeliveriesTable, SHARDS, shard_pk};
use crate::delivery::{DeliveryKey, LoggedDelivery, ReplayScope};
use crate::ids::{InvalidId, ReportId};
use crate::replay::{Place, Selection};
use crate::store::{ReplaySource, StoreError};

const ACTION: &str = "finding the deliveries of a replay";
const READING: &str = "reading the deliveries of a replay";
/// The most calls for one wave. Where little matches, it is cut short, so that the place it has
/// reached can be noted.
const MAX_CALLS: usize = 20;

impl ReplaySource for DeliveriesTable {
    async fn count(
        &self,
        selection: &Selection,
        place: Place,
    ) -> Result<(u64, Option<Place>), StoreError> {
        let page = self.page_of(selection, place, Select::Count, None).await?;
        let counted = u64::try_from(page.count).unwrap_or(0);
        Ok((counted, place_after(place, &page)?))
    }

    async fn select(
        &self,
        selection: &Selection,
        place: Place,
        most: usize,
    ) -> Result<(Vec<ReportId>, Option<Place>), StoreError> {
        let mut found = Vec::new();
        let mut next = Some(place);
        for _ in 0..MAX_CALLS {
            let Some(place) = next.filter(|_| found.len() < most) else { break };
            let page = self
                .page_of(selection, place, Select::SpecificAttributes, i32::try_from(most).ok())
                .await?;
            next = place_after(place, &page)?;
            for item in page.items() {
                if found.len() == most {
                    // The rest of the page is for the next wave.
                    next = Some(Place { after: found.last().copied(), ..place });
                    break;
                }
                found.push(report_of(item)?);
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
    /// One page of a shard, looking at no more than `limit` items.
    async fn page_of(
        &self,
        selection: &Selection,
        place: Place,
        select: Select,
        limit: Option<i32>,
    ) -> Result<QueryOutput, StoreError> {
        let (lowest, end) = selection.range.ids();
        // A text is followed by itself with more behind it.
        let from = place.after.map_or_else(|| lowest.to_string(), |after| format!("{after}~"));
        let projection = (select == Select::SpecificAttributes).then_some("sk");
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .select(select)
            .set_projection_expression(projection.map(str::to_owned))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":pk", s(shard_pk(selection.webhook_id, place.shard)))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":end", s(end.to_string()))
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

/// Where to go on after `page`, which began at `place`.
fn place_after(place: Place, page: &QueryOutput) -> Result<Option<Place>, StoreError> {
    if let Some(key) = page.last_evaluated_key().filter(|key| !key.is_empty()) {
        return Ok(Some(Place { after: Some(report_of(key)?), ..place }));
    }
    let shard = place.shard + 1;
    Ok((shard < SHARDS).then_some(Place { shard, after: None }))
}

fn report_of(item: &Item) -> Result<ReportId, StoreError> {
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).ok_or(InvalidId);
    sk.and_then(|sk| sk.parse()).map_err(|error| corrupt(ACTION, error))
}
