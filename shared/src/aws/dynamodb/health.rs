//! The health of webhooks. Many instances change an item concurrently, so every change is a
//! conditional update.

mod outages;

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure,
};
use jiff::Timestamp;

use super::ConfigTable;
use super::item::{Item, corrupt, from_item, is_written, key, n, read_or_log, s, unavailable};
use super::keys::{ACCOUNT, partition, webhook_key};
use super::webhooks::stored_webhook;
use crate::domain::account::AccountId;
use crate::domain::health::{Health, LastFailure, OpenCircuit, OutageNotice};
use crate::domain::ids::WebhookId;
use crate::domain::webhook::{DisabledReason, WebhookStatus};
use crate::ports::store::{ProbeClaim, StoreError, WebhookHealth, WebhookVersion};

const PREFIX: &str = "HEALTH#";
/// The item is of the caller's version of the webhook, or of none yet.
const SAME_VERSION: &str = "(attribute_not_exists(version) OR version = :version)";

pub(super) fn health_key(webhook: WebhookId) -> String {
    format!("{PREFIX}{webhook}")
}

/// The inverse of [`health_key`].
pub(super) fn webhook_of_health_key(sk: &str) -> Option<WebhookId> {
    sk.strip_prefix(PREFIX)?.parse().ok()
}

/// The health of an item; `None` if it is unreadable: the webhook is then tried.
pub(super) fn stored_health(action: &'static str, item: Item) -> Option<Health> {
    read_or_log(item, |item| from_item(action, item))
}

fn time(at: Timestamp) -> AttributeValue {
    s(at.to_string())
}

/// The result of a conditional update.
enum Updated {
    /// The new item.
    Done(Item),
    /// The condition failed for this item.
    Refused(Option<Item>),
}

/// An update, without its key.
struct Update {
    expression: &'static str,
    condition: String,
    values: Vec<(&'static str, AttributeValue)>,
}

impl ConfigTable {
    fn update_request(&self, pk: String, sk: String) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).set_key(Some(key(pk, sk)))
    }

    async fn update_health(
        &self,
        action: &'static str,
        webhook: &WebhookVersion,
        update: Update,
    ) -> Result<Updated, StoreError> {
        let pk = partition(&webhook.account_id);
        let mut values: HashMap<_, _> =
            update.values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        values.insert(":version".to_owned(), n(webhook.version));
        let request = self
            .update_request(pk, health_key(webhook.webhook_id))
            .update_expression(update.expression)
            .condition_expression(update.condition)
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        match request.send().await {
            Ok(answer) => Ok(Updated::Done(answer.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Updated::Refused(refused.item().cloned()))
                }
                _ => Err(unavailable(action)(error)),
            },
        }
    }

    /// Replaces the health of an older version, by an `expression` that sets or removes every
    /// attribute but those of [`outages`].
    async fn reset_health(
        &self,
        action: &'static str,
        webhook: &WebhookVersion,
        expression: &'static str,
        values: Vec<(&'static str, AttributeValue)>,
    ) -> Result<(), StoreError> {
        let condition = "version < :version".to_owned();
        // Refused: the item is of a newer version, so this observation is stale.
        self.update_health(action, webhook, Update { expression, condition, values })
            .await
            .map(|_| ())
    }
}

impl WebhookHealth for ConfigTable {
    async fn add_failures(
        &self,
        webhook: &WebhookVersion,
        failures: u32,
        last: LastFailure,
    ) -> Result<Health, StoreError> {
        const ACTION: &str = "recording failures of a webhook";
        let now = last.at;
        let stored =
            serde_dynamo::to_attribute_value(last).map_err(|error| corrupt(ACTION, error))?;
        let values = vec![(":now", time(now)), (":failures", n(failures)), (":last", stored)];
        let update = Update {
            expression: "SET version = :version, failing_since = if_not_exists(failing_since, :now), \
                         last_failure = :last ADD failures :failures",
            condition: SAME_VERSION.to_owned(),
            values: values.clone(),
        };
        if let Updated::Done(item) = self.update_health(ACTION, webhook, update).await? {
            return from_item(ACTION, item);
        }
        let expression = "SET version = :version, failing_since = :now, failures = :failures, \
                          last_failure = :last \
                          REMOVE slow_until, open_until, open_level, probe_until, open_since, \
                          last_success_at";
        self.reset_health(ACTION, webhook, expression, values).await?;
        let (version, failing_since, last_failure) = (webhook.version, Some(now), Some(last));
        Ok(Health { version, failing_since, failures, last_failure, ..Health::default() })
    }

    async fn mark_slow(
        &self,
        webhook: &WebhookVersion,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "marking a webhook slow";
        let update = Update {
            expression: "SET version = :version, slow_until = :until",
            condition: SAME_VERSION.to_owned(),
            values: vec![(":until", time(until))],
        };
        if let Updated::Refused(_) = self.update_health(ACTION, webhook, update).await? {
            let expression = "SET version = :version, slow_until = :until \
                              REMOVE failing_since, failures, open_until, open_level, probe_until, \
                              open_since, last_failure, last_success_at";
            self.reset_health(ACTION, webhook, expression, vec![(":until", time(until))]).await?;
        }
        Ok(())
    }

    async fn mark_account_slow(
        &self,
        account: &AccountId,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "marking an account slow";
        let sent = self
            .update_request(partition(account), ACCOUNT.to_owned())
            .update_expression("SET slow_until = :until")
            // Do not recreate the item of an erased account.
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":until", time(until))
            .send()
            .await;
        is_written(ACTION, sent).map(drop)
    }

    async fn clear_failures(
        &self,
        webhook: &WebhookVersion,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "recording the recovery of a webhook";
        let update = Update {
            expression: "SET last_success_at = :now REMOVE failing_since, failures",
            condition: "version = :version".to_owned(),
            values: vec![(":now", time(now))],
        };
        // Refused: the item is of another version, or gone.
        self.update_health(ACTION, webhook, update).await.map(|_| ())
    }

    async fn close_circuit(
        &self,
        webhook: &WebhookVersion,
        level: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const ACTION: &str = "closing the circuit of a webhook";
        let update = Update {
            expression: "SET last_success_at = :now \
                         REMOVE failing_since, failures, open_until, open_level, probe_until, \
                         open_since",
            condition: "version = :version AND open_level = :level".to_owned(),
            values: vec![(":level", n(level)), (":now", time(now))],
        };
        // Refused: another circuit is open, or none.
        Ok(matches!(self.update_health(ACTION, webhook, update).await?, Updated::Done(_)))
    }

    async fn open_circuit(
        &self,
        webhook: &WebhookVersion,
        circuit: OpenCircuit,
    ) -> Result<bool, StoreError> {
        const ACTION: &str = "opening the circuit of a webhook";
        let update = Update {
            expression: "SET version = :version, open_until = :until, open_level = :level, \
                         open_since = :since REMOVE probe_until",
            condition: format!(
                "{SAME_VERSION} AND (attribute_not_exists(open_level) OR open_level < :level)"
            ),
            values: vec![
                (":until", time(circuit.until)),
                (":level", n(circuit.level)),
                (":since", circuit.since.map_or(AttributeValue::Null(true), time)),
            ],
        };
        // Refused: it is open already.
        Ok(matches!(self.update_health(ACTION, webhook, update).await?, Updated::Done(_)))
    }

    async fn claim_probe(
        &self,
        webhook: &WebhookVersion,
        seen: &OpenCircuit,
        probe_until: Timestamp,
    ) -> Result<ProbeClaim, StoreError> {
        const ACTION: &str = "claiming a probe of a webhook";
        let mut values = vec![
            (":until", time(seen.until)),
            (":level", n(seen.level)),
            (":probe", time(probe_until)),
        ];
        let mut condition =
            "version = :version AND open_until = :until AND open_level = :level AND ".to_owned();
        match seen.probe_until {
            None => condition.push_str("attribute_not_exists(probe_until)"),
            // A probe whose result was never recorded.
            Some(stale) => {
                condition.push_str("probe_until = :stale");
                values.push((":stale", time(stale)));
            }
        }
        let update = Update { expression: "SET probe_until = :probe", condition, values };
        Ok(match self.update_health(ACTION, webhook, update).await? {
            Updated::Done(_) => ProbeClaim::Granted,
            Updated::Refused(item) => {
                let known = item.and_then(|item| stored_health(ACTION, item));
                let known = known.filter(|health| health.version == webhook.version);
                let ours = OpenCircuit { probe_until: Some(probe_until), ..*seen };
                // The SDK sent the same write again, without an answer to the first.
                if known.as_ref().is_some_and(|health| health.circuit == Some(ours)) {
                    return Ok(ProbeClaim::Granted);
                }
                ProbeClaim::Denied(known)
            }
        })
    }

    async fn claim_notice(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.claim_outage_notice(webhook, notice, outage, now).await
    }

    async fn mark_notice_sent(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
    ) -> Result<(), StoreError> {
        self.outage_notice_sent(webhook, notice, outage).await
    }

    async fn disable(
        &self,
        webhook: &WebhookVersion,
        reason: DisabledReason,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const ACTION: &str = "disabling a webhook";
        let status = WebhookStatus::Disabled { disabled_reason: reason, disabled_at: now };
        let reason =
            serde_dynamo::to_attribute_value(reason).map_err(|error| corrupt(ACTION, error))?;
        let sent = self
            .update_request(partition(&webhook.account_id), webhook_key(webhook.webhook_id))
            .update_expression(
                "SET #status = :disabled, disabled_reason = :reason, disabled_at = :now, \
                 updated_at = :now, version = :next",
            )
            .condition_expression("version = :version AND #status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":disabled", s("disabled"))
            .expression_attribute_values(":active", s("active"))
            .expression_attribute_values(":reason", reason)
            .expression_attribute_values(":now", time(now))
            .expression_attribute_values(":version", n(webhook.version))
            .expression_attribute_values(":next", n(webhook.version + 1))
            .return_values_on_condition_check_failure(OnFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    let stored = refused.item().cloned();
                    Ok(stored.is_some_and(|item| is_disabled(ACTION, item, webhook, status)))
                }
                _ => Err(unavailable(ACTION)(error)),
            },
        }
    }
}

/// Whether the stored webhook has this change already: the SDK sent the same write again, without
/// an answer to the first.
fn is_disabled(
    action: &'static str,
    item: Item,
    webhook: &WebhookVersion,
    status: WebhookStatus,
) -> bool {
    stored_webhook(action, item).is_ok_and(|stored| {
        stored.version == webhook.version + 1 && stored.settings.status == status
    })
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
