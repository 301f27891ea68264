//! A webhook is disabled when its receiver is gone (410), or after five days of failures only.

use std::sync::Arc;

use callhook::domain::health::Health;
use callhook::domain::webhook::DisabledReason;
use callhook::ports::store::{StoreError, WebhookHealth};
use jiff::Timestamp;

use super::{Breaker, Change, ChangeKind};
use crate::target::Target;

impl<H: WebhookHealth> Breaker<H> {
    /// Whether a webhook whose attempts have all failed since `since` is to be disabled. Ten failures are needed:
    /// two, days apart, say little of a webhook with few reports.
    pub(super) fn has_failed_for_long(
        &self,
        health: &Health,
        since: Timestamp,
        now: Timestamp,
    ) -> bool {
        let is_long = now.duration_since(since).unsigned_abs() >= self.periods.disable_after;
        now > since && is_long && health.failures >= Health::MAX_FAILURES
    }

    pub(super) async fn disable(
        &self,
        target: &Arc<Target>,
        reason: DisabledReason,
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        if !self.store.disable(&target.version(), reason, now).await? {
            return Ok(None);
        }
        tracing::warn!(webhook_id = %target.webhook.id, %reason, "webhook disabled");
        let kind = ChangeKind::Disabled(reason);
        Ok(Some(Change { target: Arc::clone(target), kind }))
    }
}
