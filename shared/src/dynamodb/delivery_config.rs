//! What deliver reads of an account.

use std::collections::HashMap;

use super::ConfigTable;
use super::accounts::{ACCOUNT, partition};
use super::batch::{BatchRead, batch_get};
use super::item::{from_item, key};
use super::query::ListQuery;
use super::subscriptions::rule_prefix;
use super::webhooks::{stored_webhook, webhook_key, webhook_of_key};
use crate::account::{Account, AccountId};
use crate::ids::WebhookId;
use crate::store::{AccountTerms, DeliveryConfig, StoreError};
use crate::subscription::{Event, Identity, Subscription};
use crate::telemetry::Causes;
use crate::webhook::Webhook;

impl DeliveryConfig for ConfigTable {
    async fn subscribers(
        &self,
        account: &AccountId,
        event: &Event,
        identity: &Identity,
    ) -> Result<Vec<WebhookId>, StoreError> {
        const ACTION: &str = "reading the subscriptions of an event";
        let query = ListQuery {
            pk: partition(account),
            prefix: rule_prefix(event, identity),
            after: None,
            newest_first: false,
            containing: None,
            only: None,
        };
        let items = self.list(ACTION, query, usize::MAX).await?;
        items
            .into_iter()
            .map(|item| from_item(ACTION, item).map(|rule: Subscription| rule.webhook_id))
            .collect()
    }

    async fn account_terms(&self, account: &AccountId) -> Result<AccountTerms, StoreError> {
        const ACTION: &str = "reading an account for its deliveries";
        let keys = vec![key(partition(account), ACCOUNT.to_owned())];
        let read = BatchRead { keys, projection: None, consistent: true };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let Some(item) = items.into_iter().next() else { return Ok(AccountTerms::default()) };
        let account: Account = from_item(ACTION, item)?;
        Ok(AccountTerms {
            zone: account.time_zone.zone().clone(),
            retention: account.retention_days,
            operational_webhook: account.operational_webhook_id,
        })
    }

    async fn webhooks_by_id(
        &self,
        account: &AccountId,
        ids: &[WebhookId],
    ) -> Result<HashMap<WebhookId, Option<Webhook>>, StoreError> {
        const ACTION: &str = "reading the webhooks of a report";
        let keys = ids.iter().map(|id| key(partition(account), webhook_key(*id))).collect();
        // Consistently: a webhook that was just made must not be taken for a deleted one.
        let read = BatchRead { keys, projection: None, consistent: true };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let mut found: HashMap<_, _> = ids.iter().map(|id| (*id, None)).collect();
        for item in items {
            let id = item.get("sk").and_then(|sk| sk.as_s().ok()).and_then(|sk| webhook_of_key(sk));
            let Some(id) = id else { continue };
            match stored_webhook(ACTION, item) {
                Ok(webhook) => {
                    found.insert(id, Some(webhook));
                }
                Err(error) => {
                    tracing::error!(webhook_id = %id, error = %Causes(&error), "a webhook is unreadable");
                    found.remove(&id);
                }
            }
        }
        Ok(found)
    }
}
