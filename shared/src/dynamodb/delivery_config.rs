//! What deliver reads of an account.

use std::collections::HashMap;

use super::ConfigTable;
use super::accounts::{ACCOUNT, partition};
use super::batch::{BatchRead, batch_get};
use super::erasure::{ERASED, is_tombstone};
use super::erasure_notes::{is_note, note_key};
use super::health::{health_key, stored_health, webhook_of_health_key};
use super::item::{from_item, key};
use super::webhooks::{stored_webhook, webhook_key, webhook_of_key};
use crate::account::{Account, AccountId};
use crate::health::Health;
use crate::ids::WebhookId;
use crate::store::{AccountTerms, DeliveryConfig, StoreError, StoredWebhooks};
use crate::subscription::{Event, RuleRange, Subscriber, Subscription};
use crate::telemetry::Causes;

impl DeliveryConfig for ConfigTable {
    async fn subscribers(
        &self,
        account: &AccountId,
        event: &Event,
        range: &RuleRange,
    ) -> Result<Vec<Subscriber>, StoreError> {
        const ACTION: &str = "reading the subscriptions of an event";
        let items = self.rules(ACTION, account, event, range).await?;
        let subscriber = |item| {
            let Subscription { identity, webhook_id, .. } = from_item(ACTION, item)?;
            Ok(Subscriber { identity, webhook_id })
        };
        items.into_iter().map(subscriber).collect()
    }

    async fn account_terms(&self, account: &AccountId) -> Result<AccountTerms, StoreError> {
        const ACTION: &str = "reading an account for its deliveries";
        let of_account = [ACCOUNT, ERASED].map(|sk| key(partition(account), sk.to_owned()));
        let keys = of_account.into_iter().chain([note_key(account)]).collect();
        let read = BatchRead { keys, projection: None, consistent: true };
        let mut items = batch_get(&self.client, &self.table, ACTION, read).await?;
        if items.iter().any(is_tombstone) {
            return Ok(AccountTerms { is_erased: true, ..AccountTerms::default() });
        }
        let notes = items.extract_if(.., |item| is_note(item)).count();
        let terms = AccountTerms { has_erased_reports: notes > 0, ..AccountTerms::default() };
        let Some(item) = items.into_iter().next() else { return Ok(terms) };
        let account: Account = from_item(ACTION, item)?;
        Ok(AccountTerms {
            zone: account.time_zone.zone().clone(),
            retention: account.retention_days,
            operational_webhook: account.operational_webhook_id,
            ..terms
        })
    }

    async fn webhooks_by_id(
        &self,
        account: &AccountId,
        ids: &[WebhookId],
    ) -> Result<StoredWebhooks, StoreError> {
        const ACTION: &str = "reading the webhooks of a report";
        let sort_keys = ids.iter().flat_map(|id| [webhook_key(*id), health_key(*id)]);
        let keys = sort_keys.map(|sk| key(partition(account), sk)).collect();
        // Consistently: a webhook that was just made must not be taken for a deleted one.
        let read = BatchRead { keys, projection: None, consistent: true };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let mut found: StoredWebhooks = ids.iter().map(|id| (*id, None)).collect();
        let mut healths: HashMap<WebhookId, Health> = HashMap::new();
        for item in items {
            let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default();
            if let Some(id) = webhook_of_health_key(&sk) {
                healths.extend(stored_health(ACTION, item).map(|health| (id, health)));
            } else if let Some(id) = webhook_of_key(&sk) {
                match stored_webhook(ACTION, item) {
                    Ok(webhook) => {
                        found.insert(id, Some((webhook, None)));
                    }
                    Err(error) => {
                        tracing::error!(webhook_id = %id, error = %Causes(&error), "a webhook is unreadable");
                        found.remove(&id);
                    }
                }
            }
        }
        for (id, health) in healths {
            if let Some(Some((webhook, place))) = found.get_mut(&id)
                && webhook.version == health.version
            {
                *place = Some(health);
            }
        }
        Ok(found)
    }
}
