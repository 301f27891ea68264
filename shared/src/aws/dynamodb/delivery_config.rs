//! The configuration that deliver reads.

use std::collections::HashMap;

use jiff::Timestamp;

use super::ConfigTable;
use super::batch::{BatchRead, batch_get};
use super::erasure::{ERASED, is_tombstone};
use super::erasure_notes::{is_note, note_key};
use super::health::{health_key, stored_health, webhook_of_health_key};
use super::item::{Item, from_item, key, read_or_log, sort_key};
use super::keys::{ACCOUNT, partition, webhook_key, webhook_of_key};
use super::webhooks::stored_webhook;
use crate::domain::account::{Account, AccountId};
use crate::domain::event::Event;
use crate::domain::health::Health;
use crate::domain::ids::WebhookId;
use crate::domain::subscription::{RuleRange, Subscriber};
use crate::ports::store::{
    AccountTerms, DeliveryConfig, StoreError, StoredWebhook, StoredWebhooks,
};

/// The end of an account's slow period, which deliver writes into the account's item.
fn slow_until(account: &Item) -> Option<Timestamp> {
    account.get("slow_until")?.as_s().ok()?.parse().ok()
}

impl DeliveryConfig for ConfigTable {
    async fn subscribers(
        &self,
        account: &AccountId,
        event: &Event,
        range: &RuleRange,
    ) -> Result<Vec<Subscriber>, StoreError> {
        const ACTION: &str = "reading the subscriptions of an event";
        let items = self.rules(ACTION, account, event, range).await?;
        let prefix = format!("SUB#{}#", event.as_str());
        // Read the key only: no other attribute can then hide a subscription.
        let subscriber = |item: &Item| {
            let (identity, webhook) = sort_key(item).strip_prefix(&prefix)?.rsplit_once('#')?;
            Some(Subscriber { identity: identity.parse().ok()?, webhook_id: webhook.parse().ok()? })
        };
        let or_log = |item| {
            let found = subscriber(&item);
            if found.is_none() {
                // The key holds a phone number.
                tracing::error!(account_id = %account, "subscription key is unreadable");
            }
            found
        };
        Ok(items.into_iter().filter_map(or_log).collect())
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
        let Some(item) = items.into_iter().next() else {
            return Ok(AccountTerms { exists: false, ..terms });
        };
        let slow_until = slow_until(&item);
        let Some(account) = read_or_log(item, |item| from_item::<Account>(ACTION, item)) else {
            let source = "the account's item is unreadable".into();
            return Err(StoreError::Corrupt { action: ACTION, source });
        };
        Ok(AccountTerms {
            zone: account.time_zone.zone().clone(),
            retention: account.retention_days,
            operational_webhook: account.operational_webhook_id,
            slow_until,
            deliveries_per_second: account.quotas.deliveries_per_second,
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
        // Consistent: a new webhook must not look like a deleted one.
        let read = BatchRead { keys, projection: None, consistent: true };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let mut found: StoredWebhooks =
            ids.iter().map(|id| (*id, StoredWebhook::Missing)).collect();
        let mut healths: HashMap<WebhookId, Health> = HashMap::new();
        for item in items {
            if let Some(id) = webhook_of_health_key(sort_key(&item)) {
                healths.extend(stored_health(ACTION, item).map(|health| (id, health)));
            } else if let Some(id) = webhook_of_key(sort_key(&item)) {
                let read = read_or_log(item, |item| stored_webhook(ACTION, item));
                let stored = read.map_or(StoredWebhook::Unreadable, |webhook| {
                    StoredWebhook::Readable(Box::new(webhook), None)
                });
                found.insert(id, stored);
            }
        }
        for (id, health) in healths {
            if let Some(StoredWebhook::Readable(webhook, stored)) = found.get_mut(&id) {
                *stored = health.of_version(webhook.version);
            }
        }
        Ok(found)
    }
}
