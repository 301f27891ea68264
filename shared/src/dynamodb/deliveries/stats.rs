//! Hourly figures.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_dynamo::from_attribute_value;

use super::super::item::{Item, corrupt, key, s, unavailable};
use super::DeliveriesTable;
use crate::ids::WebhookId;
use crate::stats::{Hour, HourlyCounts, Hours, LatencyCounts};
use crate::store::{StatsLog, StatsReader, StoreError};

const COUNTING: &str = "counting what happened to deliveries";
const READING: &str = "reading what was counted";

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
        counts: &HourlyCounts,
    ) -> Result<(), StoreError> {
        let day = 24 * 60 * 60;
        let expires_at = hour.start().as_second() + HourlyCounts::RETENTION_DAYS * day;
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(stats_pk(webhook), hour.to_string())))
            .expression_attribute_values(":expires_at", number(expires_at));
        let mut additions = Vec::new();
        for (name, count) in named(counts).filter(|(_, count)| *count > 0) {
            additions.push(format!("#{name} :{name}"));
            update = update
                .expression_attribute_values(format!(":{name}"), number(count))
                .expression_attribute_names(format!("#{name}"), name);
        }
        if additions.is_empty() {
            return Ok(());
        }
        let expression = format!("SET expires_at = :expires_at ADD {}", additions.join(", "));
        update.update_expression(expression).send().await.map_err(unavailable(COUNTING))?;
        Ok(())
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
                let (hour, counts) = hour_of(&item)?;
                counted.insert(hour, counts);
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

fn number(number: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{DeliveryState, SkipReason};
    use crate::stats::StatsTally;
    use crate::testing::TestTables;
    use jiff::Timestamp;
    use std::collections::HashMap;
    use std::time::Duration;

    fn hours(from: &str, to: &str) -> Hours {
        let query = [("from", from), ("to", to)].map(|(k, v)| (k.to_owned(), v.to_owned()));
        Hours::from_query(&HashMap::from(query), Timestamp::UNIX_EPOCH).unwrap()
    }

    #[tokio::test]
    async fn what_is_counted_adds_up_by_hour() {
        let tables = TestTables::start().await.unwrap();
        let table = tables.deliveries();
        let webhook = WebhookId::generate();
        let at: Timestamp = "2026-11-22T23:10:00Z".parse().unwrap();
        let mut tally = StatsTally::default();
        for (millis, taken) in [(40, true), (90, false), (31_000, false)] {
            tally.attempt(webhook, at, Duration::from_millis(millis), taken);
        }
        tally.ended(webhook, at, &DeliveryState::Delivered);
        tally.ended(webhook, at, &DeliveryState::Failed { reason: String::new() });
        tally.ended(webhook, at, &DeliveryState::Skipped { reason: SkipReason::Expired });
        let (_, hour, counts) = tally.drain().next().unwrap();
        for _ in 0..2 {
            table.count(webhook, hour, &counts).await.unwrap();
        }
        let mut twice = counts;
        twice.merge(&counts);
        let read = table.counts(webhook, hours("2026-11-22", "2026-11-23")).await.unwrap();
        assert_eq!(read, BTreeMap::from([(hour, twice)]));

        let before = table.counts(webhook, hours("2026-11-22", "2026-11-22T23:00:00Z")).await;
        assert_eq!(before.unwrap(), BTreeMap::new());
        let other = table.counts(WebhookId::generate(), hours("2026-11-22", "2026-11-23")).await;
        assert_eq!(other.unwrap(), BTreeMap::new());
    }

    #[tokio::test]
    async fn counts_are_kept_for_400_days_and_nothing_is_not_written() {
        let tables = TestTables::start().await.unwrap();
        let (table, webhook) = (tables.deliveries(), WebhookId::generate());
        let hour = Hour::of(Timestamp::UNIX_EPOCH);
        table.count(webhook, hour, &HourlyCounts::default()).await.unwrap();
        let stored = async || {
            let key = key(stats_pk(webhook), "1970-01-01T00".to_owned());
            let get = tables.client.get_item().table_name(&table.table).set_key(Some(key));
            get.send().await.unwrap().item
        };
        assert_eq!(stored().await, None);
        let counts = HourlyCounts { delivered: 1, ..HourlyCounts::default() };
        table.count(webhook, hour, &counts).await.unwrap();
        let item = stored().await.unwrap();
        assert_eq!(item["expires_at"], number(400 * 24 * 60 * 60));
        // pk, sk, expires_at and the one count.
        assert_eq!(item.len(), 4, "{item:?}");
    }
}
