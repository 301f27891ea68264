//! Webhooks.

use aws_sdk_dynamodb::types::AttributeValue;

use super::ConfigTable;
use super::accounts::partition;
use super::item::{Item, from_item, key, s, to_item, to_page, unavailable, write_error};
use super::query::ListQuery;
use crate::account::AccountId;
use crate::ids::WebhookId;
use crate::page::{Page, PageRequest};
use crate::store::{StoreError, WebhookAdmin, WriteError};
use crate::webhook::Webhook;

const PREFIX: &str = "WEBHOOK#";

pub(super) fn webhook_key(id: WebhookId) -> String {
    format!("{PREFIX}{id}")
}

/// The inverse of [`webhook_key`].
pub(super) fn webhook_of_key(sk: &str) -> Option<WebhookId> {
    sk.strip_prefix(PREFIX)?.parse().ok()
}

/// The name in lower case, for the filter of lists.
const SEARCH_NAME: &str = "search_name";

fn webhook_item(
    action: &'static str,
    account: &AccountId,
    webhook: &Webhook,
) -> Result<Item, StoreError> {
    let mut item = to_item(action, partition(account), webhook_key(webhook.id), webhook)?;
    item.insert(SEARCH_NAME.to_owned(), s(webhook.settings.name.to_lowercase()));
    Ok(item)
}

fn version(version: u64) -> AttributeValue {
    AttributeValue::N(version.to_string())
}

impl WebhookAdmin for ConfigTable {
    async fn create_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> Result<(), WriteError> {
        const ACTION: &str = "storing a webhook";
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(webhook_item(ACTION, account, webhook)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await
            .map_err(write_error(ACTION))?;
        Ok(())
    }

    async fn webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> Result<Option<Webhook>, StoreError> {
        const ACTION: &str = "reading a webhook";
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), webhook_key(id))))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(ACTION))?;
        answer.item.map(|item| from_item(ACTION, item)).transpose()
    }

    async fn webhooks(
        &self,
        account: &AccountId,
        page: &PageRequest<WebhookId>,
        name: Option<&str>,
    ) -> Result<Page<Webhook>, StoreError> {
        const ACTION: &str = "listing webhooks";
        let query = ListQuery {
            pk: partition(account),
            prefix: PREFIX.to_owned(),
            after: page.after.map(webhook_key),
            newest_first: true,
            containing: name.map(|name| (SEARCH_NAME, name.to_lowercase())),
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        to_page(ACTION, items, page.limit, |webhook: &Webhook| webhook.id.to_string())
    }

    async fn replace_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> Result<(), WriteError> {
        const ACTION: &str = "changing a webhook";
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(webhook_item(ACTION, account, webhook)?))
            .condition_expression("#version = :before")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":before", version(webhook.version.saturating_sub(1)))
            .send()
            .await
            .map_err(write_error(ACTION))?;
        Ok(())
    }

    async fn delete_webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
        at_version: u64,
    ) -> Result<(), WriteError> {
        const ACTION: &str = "deleting a webhook";
        self.client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), webhook_key(id))))
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":version", version(at_version))
            .send()
            .await
            .map_err(write_error(ACTION))?;
        Ok(())
    }
}
