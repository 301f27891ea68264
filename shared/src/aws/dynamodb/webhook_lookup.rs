//! Reads of webhooks without their secrets.

use super::ConfigTable;
use super::item::{from_item, key, unavailable};
use super::keys::{WEBHOOK, partition, webhook_key, webhook_of_key};
use super::query::ListQuery;
use super::webhook_history::deleted_key;
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;
use crate::domain::webhook::WebhookStatus;
use crate::ports::store::{StoreError, WebhookLookup, WebhookStatusLookup};

impl WebhookStatusLookup for ConfigTable {
    async fn webhook_status(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> Result<Option<WebhookStatus>, StoreError> {
        const ACTION: &str = "reading the status of a webhook";
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), webhook_key(id))))
            .projection_expression("#status, disabled_reason, disabled_at")
            .expression_attribute_names("#status", "status")
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(ACTION))?;
        answer.item.map(|item| from_item(ACTION, item)).transpose()
    }
}

impl WebhookLookup for ConfigTable {
    async fn webhook_ids(&self, account: &AccountId) -> Result<Vec<WebhookId>, StoreError> {
        const ACTION: &str = "listing the ids of webhooks";
        let query = ListQuery {
            pk: partition(account),
            prefix: WEBHOOK.to_owned(),
            after: None,
            newest_first: false,
            containing: None,
            only: Some(&["sk"]),
        };
        let items = self.list(ACTION, query, usize::MAX).await?;
        let sort_keys = items.iter().filter_map(|item| item.get("sk")?.as_s().ok());
        Ok(sort_keys.filter_map(|sk| webhook_of_key(sk)).collect())
    }

    async fn has_had_webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> Result<bool, StoreError> {
        // In this order: a deletion is recorded before the webhook is deleted.
        for sk in [webhook_key(id), deleted_key(id)] {
            if self.has_item(account, sk).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl ConfigTable {
    /// Whether the account has an item under this sort key.
    async fn has_item(&self, account: &AccountId, sk: String) -> Result<bool, StoreError> {
        const ACTION: &str = "looking up a webhook that may be deleted";
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), sk)))
            .projection_expression("sk")
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(ACTION))?;
        Ok(answer.item.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::{DisabledReason, Webhook};
    use crate::ports::store::WebhookAdmin;
    use crate::testing::{NewWebhook, TestTables};
    use jiff::Timestamp;

    fn webhook() -> Webhook {
        NewWebhook::new("https://a.example/").build(Timestamp::UNIX_EPOCH)
    }

    #[tokio::test]
    async fn ids_are_found_beyond_a_page_of_the_table() {
        let table = TestTables::start().await.unwrap().config();
        let account = "acme".parse().unwrap();
        // 30 items of 50 KB: a page of DynamoDB ends at 1 MB.
        let mut made = Vec::new();
        for _ in 0..30 {
            let mut webhook = webhook();
            webhook.settings.description = Some("x".repeat(50_000));
            table.create_webhook(&account, &webhook).await.unwrap();
            made.push(webhook.id);
        }
        assert_eq!(table.webhook_ids(&account).await.unwrap(), made);
        assert_eq!(table.webhook_ids(&"other".parse().unwrap()).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_deleted_webhook_is_known_to_its_account() {
        let table = TestTables::start().await.unwrap().config();
        let (account, other) = ("acme".parse().unwrap(), "other".parse().unwrap());
        let webhook = webhook();
        assert!(!table.has_had_webhook(&account, webhook.id).await.unwrap());
        table.create_webhook(&account, &webhook).await.unwrap();
        assert!(table.has_had_webhook(&account, webhook.id).await.unwrap());
        table.delete_webhook(&account, webhook.id, 1).await.unwrap();
        assert!(table.has_had_webhook(&account, webhook.id).await.unwrap());
        assert!(!table.has_had_webhook(&other, webhook.id).await.unwrap());
    }

    #[tokio::test]
    async fn only_an_account_reads_the_status_of_its_webhook() {
        let table = TestTables::start().await.unwrap().config();
        let account = "acme".parse().unwrap();
        let mut webhook = webhook();
        for status in [
            WebhookStatus::Active,
            WebhookStatus::Inactive,
            WebhookStatus::Disabled {
                disabled_reason: DisabledReason::Gone,
                disabled_at: Timestamp::UNIX_EPOCH,
            },
        ] {
            webhook.id = WebhookId::generate();
            webhook.settings.status = status;
            table.create_webhook(&account, &webhook).await.unwrap();
            let read = table.webhook_status(&account, webhook.id).await.unwrap();
            assert_eq!(read, Some(status));
        }
        let other = "other".parse().unwrap();
        assert_eq!(table.webhook_status(&other, webhook.id).await.unwrap(), None);
        let none = table.webhook_status(&account, WebhookId::generate()).await.unwrap();
        assert_eq!(none, None);
    }
}
