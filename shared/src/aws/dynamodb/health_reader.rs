//! Reads the health of webhooks, for their owners.

use std::collections::HashMap;

use super::ConfigTable;
use super::batch::{BatchRead, batch_get};
use super::health::{health_key, stored_health, webhook_of_health_key};
use super::item::{key, sort_key};
use super::keys::{partition, webhook_key};
use super::webhooks::stored_webhook;
use crate::domain::account::AccountId;
use crate::domain::health::Health;
use crate::domain::ids::WebhookId;
use crate::domain::webhook::Webhook;
use crate::ports::store::{HealthReader, StoreError};

impl HealthReader for ConfigTable {
    async fn webhook_and_health(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> Result<Option<(Webhook, Option<Health>)>, StoreError> {
        const ACTION: &str = "reading a webhook with its health";
        let sort_keys = [webhook_key(id), health_key(id)];
        let keys = sort_keys.map(|sk| key(partition(account), sk)).into();
        let read = BatchRead { keys, projection: None, consistent: true };
        let mut items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let is_health = |item: &mut _| webhook_of_health_key(sort_key(item)).is_some();
        let health = items.extract_if(.., is_health).next();
        let health = health.and_then(|item| stored_health(ACTION, item));
        let webhook = items.into_iter().next().map(|item| stored_webhook(ACTION, item));
        Ok(webhook.transpose()?.map(|webhook| (webhook, health)))
    }

    async fn health_of(
        &self,
        account: &AccountId,
        webhooks: &[WebhookId],
    ) -> Result<HashMap<WebhookId, Health>, StoreError> {
        const ACTION: &str = "reading the health of webhooks";
        if webhooks.is_empty() {
            return Ok(HashMap::new());
        }
        let keys = webhooks.iter().map(|id| key(partition(account), health_key(*id))).collect();
        let read = BatchRead { keys, projection: None, consistent: false };
        let items = batch_get(&self.client, &self.table, ACTION, read).await?;
        let with_id = items.into_iter().filter_map(|item| {
            let id = webhook_of_health_key(sort_key(&item))?;
            Some((id, stored_health(ACTION, item)?))
        });
        Ok(with_id.collect())
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::domain::health::LastFailure;
    use crate::ports::store::{WebhookAdmin as _, WebhookHealth as _, WebhookVersion};
    use crate::testing::{CONFIG, NewWebhook, TestTables};
    use jiff::Timestamp;

    #[tokio::test]
    async fn health_is_read_with_its_webhook() {
        let tables = TestTables::start().await.unwrap();
        let table = tables.config();
        let account: AccountId = "acme".parse().unwrap();
        let mut webhooks = Vec::new();
        for _ in 0..3 {
            let webhook = NewWebhook::new("https://crm.example/").build(Timestamp::UNIX_EPOCH);
            table.create_webhook(&account, &webhook).await.unwrap();
            webhooks.push(webhook);
        }
        let ids: Vec<_> = webhooks.iter().map(|webhook| webhook.id).collect();
        let mut known = HashMap::new();
        for webhook_id in ids.iter().take(2).copied() {
            let version = WebhookVersion { account_id: account.clone(), webhook_id, version: 1 };
            let last = LastFailure::new(Timestamp::UNIX_EPOCH, Ok(503));
            known.insert(webhook_id, table.add_failures(&version, 1, last).await.unwrap());
        }
        assert_eq!(table.health_of(&account, &ids).await.unwrap(), known);
        assert!(table.health_of(&account, &[]).await.unwrap().is_empty());
        for webhook in webhooks {
            let expected = Some((webhook.clone(), known.get(&webhook.id).cloned()));
            assert_eq!(table.webhook_and_health(&account, webhook.id).await.unwrap(), expected);
            let other = "other".parse().unwrap();
            assert_eq!(table.webhook_and_health(&other, webhook.id).await.unwrap(), None);
        }
        // Unreadable health does not hide its webhook.
        let health = health_key(ids[0]);
        tables.remove_attribute(CONFIG, &partition(&account), &health, "version").await.unwrap();
        let read = table.webhook_and_health(&account, ids[0]).await.unwrap();
        assert_eq!(read.map(|(_, health)| health), Some(None));
    }
}
