//! The ids of deleted webhooks, kept while the log may have deliveries of them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::ConfigTable;
use super::item::{to_item, unavailable};
use super::keys::{WEBHOOK, partition};
use super::query::ListQuery;
use crate::domain::account::{AccountId, Retention};
use crate::domain::ids::WebhookId;
use crate::domain::retry::RetrySchedule;
use crate::ports::store::{StoreError, WebhookHistory};

/// Sort key prefix of deleted webhooks.
pub(super) const DELETED: &str = "DELETED#";

/// The longest time that the log has deliveries of a deleted webhook: a delivery may be deferred
/// until it ends as skipped, and is then kept for the retention.
const RETENTION: Duration = RetrySchedule::MAX_AGE.saturating_add(Retention::MAX);

/// The sort key of a deleted webhook.
pub(super) fn deleted_key(webhook: WebhookId) -> String {
    format!("{DELETED}{webhook}")
}

#[derive(Serialize)]
struct Stored {
    deleted_at: Timestamp,
    /// Seconds since the epoch; DynamoDB deletes the item then.
    forget_at: i64,
}

impl WebhookHistory for ConfigTable {
    async fn current_and_deleted_webhooks(
        &self,
        account: &AccountId,
    ) -> Result<Vec<WebhookId>, StoreError> {
        const ACTION: &str = "listing the current and deleted webhooks of an account";
        let mut found = BTreeSet::new();
        // In this order: a webhook that is deleted in between is in both lists, not in none.
        for prefix in [WEBHOOK, DELETED] {
            let query = ListQuery {
                pk: partition(account),
                prefix: prefix.to_owned(),
                after: None,
                newest_first: false,
                containing: None,
                only: Some(&["sk"]),
            };
            for item in self.list(ACTION, query, usize::MAX).await? {
                let sk = item.get("sk").and_then(|sk| sk.as_s().ok());
                let id = sk.and_then(|sk| sk.strip_prefix(prefix)?.parse::<WebhookId>().ok());
                found.extend(id);
            }
        }
        Ok(found.into_iter().collect())
    }
}

impl ConfigTable {
    /// Records that a webhook is about to be deleted. The record is harmless if the deletion fails.
    pub(super) async fn record_deletion(
        &self,
        account: &AccountId,
        webhook: WebhookId,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "recording the deletion of a webhook";
        let deleted_at = Timestamp::now();
        let seconds = i64::try_from(RETENTION.as_secs()).unwrap_or(i64::MAX);
        let stored =
            Stored { deleted_at, forget_at: deleted_at.as_second().saturating_add(seconds) };
        let item = to_item(ACTION, partition(account), deleted_key(webhook), &stored)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(unavailable(ACTION))?;
        Ok(())
    }
}
