//! Hourly figures.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure};
use serde_dynamo::from_attribute_value;

use super::super::batch::projection;
use super::super::item::{Item, corrupt, key, n, s, sort_key, too_many_conflicts, unavailable};
use super::DeliveriesTable;
use super::item::readable;
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;
use crate::domain::stats::{
    ChangePosition, CountedChange, Hour, HourlyCounts, Hours, LatencyCounts, Outcomes, Sequence,
    StreamShard,
};
use crate::ports::store::{OutcomesReader, StatsReader, StatsWriter, StoreError};

const COUNTING: &str = "counting deliveries";
const READING: &str = "reading the figures of deliveries";
/// The most tries to add figures, if some were added already.
const MAX_CONFLICTS: u32 = 5;

/// The attributes that [`outcomes_of`] reads.
const OUTCOMES: &[&str] = &["pk", "sk", "delivered", "failed"];

/// The partition of a webhook's figures.
pub(super) fn stats_pk(webhook: WebhookId) -> String {
    format!("STATS#{webhook}")
}

/// The partition of an account's figures. Its form differs from that of a webhook's partition, so
/// that the role of the webhooks function can be limited to one of them.
pub(super) fn account_stats_pk(account: &AccountId) -> String {
    format!("STATS#ACCOUNTS#{account}")
}

/// The attribute with the last counted change of a part of a webhook's log.
fn last_counted_of_part(part: u8) -> String {
    format!("counted_{part}")
}

/// The attribute with the last counted change of a shard of the stream.
fn last_counted_of_shard(shard: &StreamShard) -> String {
    format!("counted_{shard}")
}

/// The attribute of a class of latencies.
fn class_name(limit: Option<u64>) -> String {
    limit.map_or_else(|| "slower".to_owned(), |limit| format!("within_{limit}"))
}

/// The counts, by the names of their attributes.
fn named_counts(counts: &HourlyCounts) -> impl Iterator<Item = (String, u64)> + use<> {
    let others = [
        ("delivered", counts.delivered),
        ("failed", counts.failed),
        ("skipped", counts.skipped),
        ("attempts", counts.attempts),
        ("failed_attempts", counts.failed_attempts),
    ];
    let others = others.into_iter().map(|(name, count)| (name.to_owned(), count));
    others.chain(counts.latency.classes().map(|(limit, count)| (class_name(limit), count)))
}

impl StatsWriter for DeliveriesTable {
    async fn add_webhook_counts(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[CountedChange],
    ) -> Result<(), StoreError> {
        let attribute_of = |position: &ChangePosition| last_counted_of_part(position.part);
        self.add_once(&stats_pk(webhook), hour, noted, attribute_of).await
    }

    async fn add_account_counts(
        &self,
        account: &AccountId,
        hour: Hour,
        shard: &StreamShard,
        noted: &[CountedChange],
    ) -> Result<(), StoreError> {
        let attribute_of = |_: &ChangePosition| last_counted_of_shard(shard);
        self.add_once(&account_stats_pk(account), hour, noted, attribute_of).await
    }
}

impl DeliveriesTable {
    /// Adds `noted` to the figures of a partition and hour, each change once. `attribute_of` gives
    /// the attribute with the last counted change of the sequence that a change belongs to.
    async fn add_once(
        &self,
        pk: &str,
        hour: Hour,
        noted: &[CountedChange],
        attribute_of: impl Fn(&ChangePosition) -> String,
    ) -> Result<(), StoreError> {
        let mut new: Vec<_> = noted.iter().map(|one| (attribute_of(&one.position), one)).collect();
        for _ in 0..MAX_CONFLICTS {
            if new.is_empty() {
                return Ok(());
            }
            let Some(item) = self.add(pk, hour, &new).await? else { return Ok(()) };
            let mut uncounted = Vec::new();
            for (counted, noted) in new {
                if last_counted(&item, &counted)?.is_none_or(|last| noted.position.sequence > last)
                {
                    uncounted.push((counted, noted));
                }
            }
            new = uncounted;
        }
        if new.is_empty() {
            return Ok(());
        }
        Err(too_many_conflicts(COUNTING, MAX_CONFLICTS))
    }

    /// Adds all of `noted` if none was counted before; returns the item otherwise.
    async fn add(
        &self,
        pk: &str,
        hour: Hour,
        noted: &[(String, &CountedChange)],
    ) -> Result<Option<Item>, StoreError> {
        let mut counts = HourlyCounts::default();
        let mut spans = BTreeMap::<&str, (&Sequence, &Sequence)>::new();
        for (
            counted,
            CountedChange { position: ChangePosition { sequence, .. }, counts: of_one },
        ) in noted
        {
            counts.merge(of_one);
            let (first, last) = spans.entry(counted).or_insert((sequence, sequence));
            (*first, *last) = (sequence.min(first), sequence.max(last));
        }
        let day = 24 * 60 * 60;
        let expires_at = hour.start().as_second() + HourlyCounts::RETENTION_DAYS * day;
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(pk.to_owned(), hour.to_string())))
            .expression_attribute_values(":expires_at", n(expires_at));
        let mut settings = vec!["expires_at = :expires_at".to_owned()];
        let mut conditions = Vec::new();
        for (index, (counted, (first, last))) in spans.into_iter().enumerate() {
            let name = format!("#counted_{index}");
            settings.push(format!("{name} = :last_{index}"));
            conditions.push(format!("(attribute_not_exists({name}) OR {name} < :first_{index})"));
            update = update
                .expression_attribute_names(name, counted)
                .expression_attribute_values(format!(":first_{index}"), s(first.to_string()))
                .expression_attribute_values(format!(":last_{index}"), s(last.to_string()));
        }
        let mut additions = Vec::new();
        for (name, count) in named_counts(&counts).filter(|(_, count)| *count > 0) {
            additions.push(format!("#{name} :{name}"));
            update = update
                .expression_attribute_values(format!(":{name}"), n(count))
                .expression_attribute_names(format!("#{name}"), name);
        }
        let (settings, additions) = (settings.join(", "), additions.join(", "));
        let update = update
            .update_expression(format!("SET {settings} ADD {additions}"))
            .condition_expression(conditions.join(" AND "))
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        match update.send().await {
            Ok(_) => Ok(None),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Some(refused.item().cloned().unwrap_or_default()))
                }
                _ => Err(unavailable(COUNTING)(error)),
            },
        }
    }

    /// Reads the items of `hours` of a partition, or `only` these attributes of them.
    async fn hours(
        &self,
        pk: String,
        hours: Hours,
        only: Option<&[&'static str]>,
    ) -> Result<Vec<Item>, StoreError> {
        let (projection, names) = projection(only);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":first", s(hours.first().to_string()))
            .expression_attribute_values(":last", s(hours.last().to_string()))
            .set_projection_expression(projection)
            .set_expression_attribute_names(names);
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page = page.map_err(unavailable(READING))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

/// The last counted change, from the attribute `counted` of `item`.
fn last_counted(item: &Item, counted: &str) -> Result<Option<Sequence>, StoreError> {
    let Some(AttributeValue::S(text)) = item.get(counted) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| corrupt(COUNTING, error))
}

impl StatsReader for DeliveriesTable {
    async fn webhook_counts(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> Result<BTreeMap<Hour, HourlyCounts>, StoreError> {
        let items = self.hours(stats_pk(webhook), hours, None).await?;
        Ok(readable(items, |item| counts_of(&item)).into_iter().collect())
    }

    async fn account_counts(
        &self,
        account: &AccountId,
        hours: Hours,
    ) -> Result<BTreeMap<Hour, HourlyCounts>, StoreError> {
        let items = self.hours(account_stats_pk(account), hours, None).await?;
        Ok(readable(items, |item| counts_of(&item)).into_iter().collect())
    }
}

impl OutcomesReader for DeliveriesTable {
    async fn outcomes(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> Result<BTreeMap<Hour, Outcomes>, StoreError> {
        let items = self.hours(stats_pk(webhook), hours, Some(OUTCOMES)).await?;
        Ok(readable(items, |item| outcomes_of(&item)).into_iter().collect())
    }
}

fn hour_of(item: &Item) -> Result<Hour, StoreError> {
    sort_key(item).parse().map_err(|error| corrupt(READING, error))
}

/// The count in the attribute `name`; 0 without it.
fn count_of(item: &Item, name: &str) -> Result<u64, StoreError> {
    let Some(value) = item.get(name) else { return Ok(0) };
    from_attribute_value(value.clone()).map_err(|error| corrupt(READING, error))
}

fn outcomes_of(item: &Item) -> Result<(Hour, Outcomes), StoreError> {
    let outcomes =
        Outcomes { delivered: count_of(item, "delivered")?, failed: count_of(item, "failed")? };
    Ok((hour_of(item)?, outcomes))
}

fn counts_of(item: &Item) -> Result<(Hour, HourlyCounts), StoreError> {
    let mut latency = LatencyCounts::default();
    for (limit, _) in LatencyCounts::default().classes() {
        *latency.count_of(limit) = count_of(item, &class_name(limit))?;
    }
    let counts = HourlyCounts {
        delivered: count_of(item, "delivered")?,
        failed: count_of(item, "failed")?,
        skipped: count_of(item, "skipped")?,
        attempts: count_of(item, "attempts")?,
        failed_attempts: count_of(item, "failed_attempts")?,
        latency,
    };
    Ok((hour_of(item)?, counts))
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
