//! The names of webhooks that were deleted: the log holds more of them for a while.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::ConfigTable;
use super::accounts::partition;
use super::item::{to_item, unavailable};
use super::query::ListQuery;
use super::webhooks::PREFIX;
use crate::account::{AccountId, Retention};
use crate::ids::WebhookId;
use crate::retry::RetrySchedule;
use crate::store::{StoreError, WebhookHistory};

/// How the sort keys of deleted webhooks begin.
pub(super) const DELETED: &str = "DELETED#";

/// The longest that the log holds anything of a webhook that was deleted: a delivery may wait for
/// its turn, to end as skipped, and is then kept as long as any is.
const KEPT: Duration = RetrySchedule::MAX_AGE.saturating_add(Retention::MAX);

/// The sort key under which the name of a deleted webhook is kept.
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
        const ACTION: &str = "listing the webhooks that an account ever had";
        let mut found = BTreeSet::new();
        // In this order: one that is deleted in between is in both lists, not in none.
        for prefix in [PREFIX, DELETED] {
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
    /// Keeps the name of a webhook that is about to be deleted. If it is not in the end, the name
    /// harms nobody.
    pub(super) async fn keep_name(
        &self,
        account: &AccountId,
        webhook: WebhookId,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "keeping the name of a webhook";
        let deleted_at = Timestamp::now();
        let kept = i64::try_from(KEPT.as_secs()).unwrap_or(i64::MAX);
        let stored = Stored { deleted_at, forget_at: deleted_at.as_second().saturating_add(kept) };
        let item = to_item(ACTION, partition(account), deleted_key(webhook), &stored)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(unavailable(ACTION))?;
        Ok(())
    }
}
