//! Hourly figures.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure};
use serde_dynamo::from_attribute_value;

use super::super::item::{Item, corrupt, key, n, or_note, s, unavailable};
use super::{DeliveriesTable, SHARDS};
use crate::ids::WebhookId;
use crate::stats::{Hour, HourlyCounts, Hours, LatencyCounts, Noted, Place, Sequence};
use crate::store::{StatsLog, StatsReader, StoreError};

const COUNTING: &str = "counting what happened to deliveries";
const READING: &str = "reading what was counted";
/// How often figures are added again that were refused because some of them were there already.
const MAX_CONFLICTS: u32 = 5;

/// The partition of a webhook's figures.
pub(super) fn stats_pk(webhook: WebhookId) -> String {
    format!("STATS#{webhook}")
}

/// The attribute of a class of latencies.
fn class_name(limit: Option<u64>) -> String {
    limit.map_or_else(|| "slower".to_owned(), |limit| format!("within_{limit}"))
}

/// The counts under the names of their attributes.
fn named(counts: &HourlyCounts) -> impl Iterator<Item = (String, u64)> + use<> {
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

impl StatsLog for DeliveriesTable {
    async fn count(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[Noted],
    ) -> Result<(), StoreError> {
        let mut counted = Counted::default();
        for _ in 0..MAX_CONFLICTS {
            let new: Vec<_> = noted.iter().filter(|noted| !counted.holds(&noted.place)).collect();
            if new.is_empty() {
                return Ok(());
            }
            match self.add(webhook, hour, &new).await? {
                None => return Ok(()),
                Some(item) => counted = Counted::of(&item)?,
            }
        }
        let source = format!("changed {MAX_CONFLICTS} times in a row by others").into();
        Err(StoreError::Unavailable { action: COUNTING, source })
    }
}

impl DeliveriesTable {
    /// Adds what all of `noted` say, if none of it was counted before; gives the item otherwise.
    async fn add(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[&Noted],
    ) -> Result<Option<Item>, StoreError> {
        let mut counts = HourlyCounts::default();
        let mut spans = BTreeMap::<u8, (&Sequence, &Sequence)>::new();
        for Noted { place: Place { part, sequence }, counts: of_one } in noted {
            counts.merge(of_one);
            let (first, last) = spans.entry(*part).or_insert((sequence, sequence));
            (*first, *last) = (sequence.min(first), sequence.max(last));
        }
        let day = 24 * 60 * 60;
        let expires_at = hour.start().as_second() + HourlyCounts::RETENTION_DAYS * day;
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(stats_pk(webhook), hour.to_string())))
            .expression_attribute_values(":expires_at", n(expires_at));
        let mut settings = vec!["expires_at = :expires_at".to_owned()];
        let mut conditions = Vec::new();
        for (part, (first, last)) in spans {
            let name = counted_name(part);
            settings.push(format!("{name} = :last_{part}"));
            conditions.push(format!("(attribute_not_exists({name}) OR {name} < :first_{part})"));
            update = update
                .expression_attribute_values(format!(":first_{part}"), s(first.to_string()))
                .expression_attribute_values(format!(":last_{part}"), s(last.to_string()));
        }
        let mut additions = Vec::new();
        for (name, count) in named(&counts).filter(|(_, count)| *count > 0) {
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
}

/// The attribute of the last change of a part of the log that was counted.
fn counted_name(part: u8) -> String {
    format!("counted_{part}")
}

/// Up to where the changes of each part of the log were counted.
#[derive(Default)]
struct Counted(BTreeMap<u8, Sequence>);

impl Counted {
    fn of(item: &Item) -> Result<Self, StoreError> {
        let mut counted = BTreeMap::new();
        for part in 0..SHARDS {
            if let Some(AttributeValue::S(text)) = item.get(&counted_name(part)) {
                counted.insert(part, text.parse().map_err(|error| corrupt(COUNTING, error))?);
            }
        }
        Ok(Self(counted))
    }

    fn holds(&self, place: &Place) -> bool {
        self.0.get(&place.part).is_some_and(|last| place.sequence <= *last)
    }
}

impl StatsReader for DeliveriesTable {
    async fn counts(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> Result<BTreeMap<Hour, HourlyCounts>, StoreError> {
        let mut counted = BTreeMap::new();
        let mut start = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":pk", s(stats_pk(webhook)))
                .expression_attribute_values(":first", s(hours.first().to_string()))
                .expression_attribute_values(":last", s(hours.last().to_string()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable(READING))?;
            for item in answer.items.unwrap_or_default() {
                counted.extend(or_note(item, |item| hour_of(&item)));
            }
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(counted);
            }
        }
    }
}

fn hour_of(item: &Item) -> Result<(Hour, HourlyCounts), StoreError> {
    let sk = item.get("sk").map(AttributeValue::as_s).and_then(Result::ok);
    let hour = sk.map_or("", String::as_str).parse().map_err(|error| corrupt(READING, error))?;
    let count = |name: &str| -> Result<u64, StoreError> {
        let Some(value) = item.get(name) else { return Ok(0) };
        from_attribute_value(value.clone()).map_err(|error| corrupt(READING, error))
    };
    let mut latency = LatencyCounts::default();
    for (limit, _) in LatencyCounts::default().classes() {
        *latency.count_of(limit) = count(&class_name(limit))?;
    }
    let counts = HourlyCounts {
        delivered: count("delivered")?,
        failed: count("failed")?,
        skipped: count("skipped")?,
        attempts: count("attempts")?,
        failed_attempts: count("failed_attempts")?,
        latency,
    };
    Ok((hour, counts))
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
