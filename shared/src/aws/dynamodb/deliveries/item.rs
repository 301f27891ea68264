//! Deliveries as items.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::item::{
    Item, corrupt, from_item, key, log_unreadable, n, read_or_log, s, to_item,
};
use super::super::size::{item_bytes, list_bytes, write_units};
use super::account_index::{Position, UNDELIVERED_ID, UNDELIVERED_OF, account_shard};
use super::{delivery_pk, unwanted_pk};
use crate::domain::account::AccountId;
use crate::domain::compose::SentRequest;
use crate::domain::delivery::{
    DeliveryKey, DeliveryState, DeliverySummary, Evidence, LogEntry, LoggedAttempt, LoggedDelivery,
    ReportTimes, SkipReason,
};
use crate::domain::ids::{ReplayId, ReportId, WebhookId};
use crate::domain::report::{Report, ReportKey};
use crate::ports::store::{StoreError, UnwantedReport};

/// The partition key of the sparse index of a webhook's deliveries, which has the same name.
pub(super) const UNDELIVERED: &str = "undelivered";

/// The attribute of the report, as JSON text: a number of DynamoDB has 38 digits at most, a
/// report's may have more.
const REPORT_TEXT: &str = "report";
const RECEIVED_AT: &str = "received_at";
const ATTEMPTS: &str = "attempts";

/// A stored delivery without its key and report. See `delivery_item`.
#[derive(Deserialize)]
#[cfg_attr(test, derive(Serialize))]
struct Stored {
    account_id: AccountId,
    received_at: Timestamp,
    #[serde(flatten)]
    state: DeliveryState,
    scheduled_attempts: u32,
    attempts: Vec<LoggedAttempt>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_failed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replay: Option<ReplayId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replay_waits_until: Option<Timestamp>,
    updated_at: Timestamp,
    /// Seconds since the epoch; DynamoDB deletes the item then.
    expires_at: i64,
    revision: u64,
}

#[derive(Deserialize)]
struct Key {
    pk: String,
    sk: ReportId,
}

/// The item of `entry` about `report`.
///
/// Attribute by attribute: serde took twice as long, and every delivery has an item.
pub(super) fn delivery_item(
    action: &'static str,
    entry: &LogEntry,
    report: &Report,
) -> Result<Item, StoreError> {
    let pk = delivery_pk(entry.key);
    let mut item = Item::with_capacity(18);
    let mut set = |name: &str, value: AttributeValue| {
        item.insert(name.to_owned(), value);
    };
    set("status", s(entry.state.name()));
    match &entry.state {
        DeliveryState::Delivered => {}
        DeliveryState::Pending { next_attempt_at }
        | DeliveryState::Retrying { next_attempt_at } => {
            set("next_attempt_at", s(next_attempt_at.to_string()));
        }
        DeliveryState::Failed { reason } => set("reason", s(reason.as_str())),
        DeliveryState::Skipped { reason } => set("reason", attribute(action, reason)?),
    }
    if entry.state != DeliveryState::Delivered {
        set(UNDELIVERED, s(pk.as_str()));
        set(UNDELIVERED_OF, s(account_shard(&entry.account_id, entry.key)));
        set(UNDELIVERED_ID, s(Position::of(entry.key).to_string()));
    }
    set("scheduled_attempts", n(entry.scheduled_attempts));
    if entry.has_failed {
        set("has_failed", AttributeValue::Bool(true));
    }
    if let Some(replay) = &entry.replay {
        set("replay", attribute(action, replay)?);
    }
    if let Some(until) = &entry.replay_waits_until {
        set("replay_waits_until", s(until.to_string()));
    }
    set("pk", s(pk));
    set("sk", s(entry.key.report_id.to_string()));
    set("account_id", s(entry.account_id.as_str()));
    set(RECEIVED_AT, s(entry.received_at.to_string()));
    set("updated_at", s(entry.updated_at.to_string()));
    set("expires_at", n(entry.expires_at));
    set("revision", n(entry.revision));
    set(REPORT_TEXT, s(json_of(action, report)?));
    let other_bytes = item_bytes(&item) + ATTEMPTS.len();
    let attempts = attempts_attribute(action, &entry.attempts, other_bytes)?;
    item.insert(ATTEMPTS.to_owned(), attempts);
    Ok(item)
}

/// The attempts of an item with `other_bytes` beside them. The request of the last one, if it was
/// delivered, is left out where it would cost another write unit: nearly every delivery needs one
/// attempt, and its item costs one unit.
fn attempts_attribute(
    action: &'static str,
    attempts: &[LoggedAttempt],
    other_bytes: usize,
) -> Result<AttributeValue, StoreError> {
    let mut list = attempts
        .iter()
        .map(|attempt| attempt_attribute(action, attempt, attempt.evidence.as_ref()))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(attempt) = attempts.last().filter(|attempt| attempt.delivered)
        && let Some(evidence) = &attempt.evidence
        && let Some(request) = &evidence.request
    {
        let bytes = other_bytes + list_bytes(&list);
        if write_units(bytes) > write_units(bytes.saturating_sub(request_bytes(request))) {
            let evidence = Evidence { request: None, ..evidence.clone() };
            list.pop();
            list.push(attempt_attribute(action, attempt, Some(&evidence))?);
        }
    }
    Ok(AttributeValue::L(list))
}

/// The bytes that a request adds to the JSON text of its evidence.
fn request_bytes(request: &SentRequest) -> usize {
    const AROUND: usize = r#","request":{"method":"","url":""}"#.len();
    let escapes = request.url.matches(['"', '\\']).count();
    AROUND + request.method.as_str().len() + request.url.len() + escapes
}

fn attempt_attribute(
    action: &'static str,
    attempt: &LoggedAttempt,
    evidence: Option<&Evidence>,
) -> Result<AttributeValue, StoreError> {
    let mut map = Item::with_capacity(8);
    let mut set = |name: &str, value: AttributeValue| {
        map.insert(name.to_owned(), value);
    };
    set("at", s(attempt.at.to_string()));
    set("number", n(attempt.number));
    if !attempt.trigger.is_automatic() {
        set("trigger", attribute(action, &attempt.trigger)?);
    }
    if let Some(status_code) = attempt.status_code {
        set("status_code", n(status_code));
    }
    if let Some(error) = &attempt.error {
        set("error", attribute(action, error)?);
    }
    set("latency_ms", n(attempt.latency_ms));
    if attempt.delivered {
        set("taken", AttributeValue::Bool(true));
    }
    if let Some(response) = &attempt.response {
        set("response", attribute(action, response)?);
    }
    if let Some(evidence) = evidence {
        set("evidence", s(json_of(action, evidence)?));
    }
    Ok(AttributeValue::M(map))
}

/// An attribute that most entries do not have.
fn attribute(action: &'static str, part: &impl Serialize) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(part).map_err(|error| corrupt(action, error))
}

/// The delivery of `item`.
pub(super) fn delivery_of(
    action: &'static str,
    mut item: Item,
) -> Result<LoggedDelivery, StoreError> {
    let report = item.remove(REPORT_TEXT).unwrap_or(AttributeValue::Null(true));
    let report: String =
        serde_dynamo::from_attribute_value(report).map_err(|error| corrupt(action, error))?;
    let report = parse_report(action, &report)?;
    Ok(LoggedDelivery { entry: entry_of(action, item)?, report })
}

/// The attributes that [`entry_of`] reads: all but the report.
pub(super) const ENTRY: &[&str] = &[
    "pk",
    "sk",
    "account_id",
    "received_at",
    "status",
    "reason",
    "next_attempt_at",
    "scheduled_attempts",
    ATTEMPTS,
    "has_failed",
    "replay",
    "replay_waits_until",
    "updated_at",
    "expires_at",
    "revision",
];

/// The delivery of `item` without its report; the attributes [`ENTRY`] suffice.
pub(super) fn entry_of(action: &'static str, item: Item) -> Result<LogEntry, StoreError> {
    let key = delivery_key(action, &item)?;
    let stored: Stored = from_item(action, item)?;
    Ok(LogEntry {
        key,
        account_id: stored.account_id,
        received_at: stored.received_at,
        state: stored.state,
        scheduled_attempts: stored.scheduled_attempts,
        attempts: stored.attempts,
        has_failed: stored.has_failed,
        replay: stored.replay,
        replay_waits_until: stored.replay_waits_until,
        updated_at: stored.updated_at,
        expires_at: stored.expires_at,
        revision: stored.revision,
        is_abridged: false,
    })
}

/// The attributes that [`summary_of`] reads.
pub(super) const SUMMARY: &[&str] = &[
    "pk",
    "sk",
    "account_id",
    "received_at",
    "status",
    "reason",
    "next_attempt_at",
    ATTEMPTS,
    "updated_at",
];

/// The attributes of [`SUMMARY`], and the report, whose times decide whether it is listed.
pub(super) const SUMMARY_AND_REPORT: &[&str] = &[
    "pk",
    "sk",
    "account_id",
    RECEIVED_AT,
    "status",
    "reason",
    "next_attempt_at",
    ATTEMPTS,
    "updated_at",
    REPORT_TEXT,
];

#[derive(Deserialize)]
struct StoredSummary {
    account_id: AccountId,
    received_at: Timestamp,
    #[serde(flatten)]
    state: DeliveryState,
    attempts: Vec<LoggedAttempt>,
    updated_at: Timestamp,
}

/// The delivery of `item`, of which the attributes [`SUMMARY`] suffice.
pub(super) fn summary_of(action: &'static str, item: Item) -> Result<DeliverySummary, StoreError> {
    let key = delivery_key(action, &item)?;
    let mut stored: StoredSummary = from_item(action, item)?;
    Ok(DeliverySummary {
        key,
        account_id: stored.account_id,
        received_at: stored.received_at,
        state: stored.state,
        attempts: stored.attempts.len(),
        last_attempt: stored.attempts.pop(),
        updated_at: stored.updated_at,
    })
}

/// The attributes that [`report_of`] reads.
pub(super) const REPORT: &[&str] = &[REPORT_TEXT, RECEIVED_AT];
/// The attributes of [`REPORT`], and the report's id.
pub(super) const SK_AND_REPORT: &[&str] = &["sk", REPORT_TEXT, RECEIVED_AT];

/// The report of `item`, and when ingest received it; the attributes [`REPORT`] suffice.
pub(super) fn report_of(
    action: &'static str,
    item: &Item,
) -> Result<(Arc<Report>, Timestamp), StoreError> {
    let report = parse_report(action, text_in(item, REPORT_TEXT))?;
    let received_at = text_in(item, RECEIVED_AT).parse().map_err(|error| corrupt(action, error))?;
    Ok((report, received_at))
}

/// Whether the report of `item` is within `times`. An unreadable one is logged, and is not.
pub(super) fn is_within(action: &'static str, item: &Item, times: &ReportTimes) -> bool {
    let report = report_of(action, item).inspect_err(|error| log_unreadable(item, error));
    report.is_ok_and(|(report, received_at)| times.contains(&report, received_at))
}

fn text_in<'i>(item: &'i Item, attribute: &str) -> &'i str {
    let text = item.get(attribute).and_then(|value| value.as_s().ok());
    text.map_or("", String::as_str)
}

/// Reads `items` with `read`. Unreadable ones are logged and left out.
pub(super) fn readable<T>(
    items: impl IntoIterator<Item = Item>,
    read: impl Fn(Item) -> Result<T, StoreError>,
) -> Vec<T> {
    items.into_iter().filter_map(|item| read_or_log(item, &read)).collect()
}

fn parse_report(action: &'static str, report: &str) -> Result<Arc<Report>, StoreError> {
    serde_json::from_str(report).map(Arc::new).map_err(|error| corrupt(action, error))
}

/// The key of the item of a report that no webhook wanted.
pub(super) fn unwanted_key(report: &ReportKey) -> Item {
    key(unwanted_pk(&report.account_id, report.report_id), report.report_id.to_string())
}

/// The key of a delivery's item.
pub(super) fn item_key(delivery: DeliveryKey) -> Item {
    key(delivery_pk(delivery), delivery.report_id.to_string())
}

/// The delivery that `pk` and `sk` of `item` name.
pub(super) fn delivery_key(action: &'static str, item: &Item) -> Result<DeliveryKey, StoreError> {
    let key: Key = from_item(action, key_attributes(item))?;
    let webhook = key.pk.split('#').next().unwrap_or_default();
    let webhook_id: WebhookId = webhook.parse().map_err(|error| corrupt(action, error))?;
    Ok(DeliveryKey { webhook_id, report_id: key.sk })
}

fn key_attributes(item: &Item) -> Item {
    let attribute = |name: &str| {
        let value = item.get(name).cloned().unwrap_or(AttributeValue::Null(true));
        (name.to_owned(), value)
    };
    Item::from([attribute("pk"), attribute("sk")])
}

#[derive(Serialize)]
struct StoredUnwanted {
    account_id: AccountId,
    received_at: Timestamp,
    report: String,
    #[serde(flatten)]
    state: DeliveryState,
    updated_at: Timestamp,
    expires_at: i64,
}

/// The item of a report that no webhook wants.
pub(super) fn unwanted_item(
    action: &'static str,
    unwanted: &UnwantedReport,
) -> Result<Item, StoreError> {
    let stored = StoredUnwanted {
        account_id: unwanted.account_id.clone(),
        received_at: unwanted.received_at,
        report: json_of(action, &unwanted.report)?,
        state: DeliveryState::Skipped { reason: SkipReason::NoWebhook },
        updated_at: unwanted.at,
        expires_at: unwanted.retention.expiry(unwanted.at),
    };
    let pk = unwanted_pk(&unwanted.account_id, unwanted.report_id);
    to_item(action, pk, unwanted.report_id.to_string(), &stored)
}

fn json_of(action: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| corrupt(action, error))
}

#[cfg(test)]
mod tests;
