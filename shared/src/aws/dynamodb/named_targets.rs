//! Checks that the account and the webhooks that a caller of ingest names exist.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;

use super::ConfigTable;
use super::batch::{BatchRead, batch_get};
use super::item::{Item, key, s};
use super::keys::{ACCOUNT, partition, webhook_key};
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;
use crate::ports::store::{MissingTargets, NamedTargets, StoreError};

fn is_being_erased(item: &Item) -> bool {
    item.get("sk") == Some(&s(ACCOUNT)) && item.get("status") == Some(&s("erasing"))
}

impl NamedTargets for ConfigTable {
    async fn missing_targets(
        &self,
        account: &AccountId,
        webhooks: &[WebhookId],
    ) -> Result<MissingTargets, StoreError> {
        const ACTION: &str = "checking the webhooks that reports name";
        let mut keys = vec![key(partition(account), ACCOUNT.to_owned())];
        keys.extend(webhooks.iter().map(|id| key(partition(account), webhook_key(*id))));
        let read = BatchRead { keys, projection: Some(&["sk", "status"]), consistent: true };
        let mut items = batch_get(&self.client, &self.table, ACTION, read).await?;
        // An account that is being erased accepts no reports.
        let stored = items.len();
        items.retain(|item| !is_being_erased(item));
        let is_being_erased = items.len() < stored;
        let found: HashSet<&str> = items
            .iter()
            .filter_map(|item| item.get("sk").and_then(|sk| AttributeValue::as_s(sk).ok()))
            .map(String::as_str)
            .collect();
        Ok(MissingTargets {
            account: !found.contains(ACCOUNT),
            is_being_erased,
            webhooks: webhooks
                .iter()
                .filter(|id| !found.contains(webhook_key(**id).as_str()))
                .copied()
                .collect(),
        })
    }
}
