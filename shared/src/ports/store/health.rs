//! Reading the health of webhooks.

use std::collections::HashMap;
use std::future::Future;

use super::StoreError;
use crate::domain::account::AccountId;
use crate::domain::health::Health;
use crate::domain::ids::WebhookId;
use crate::domain::webhook::Webhook;

/// Reads the health of webhooks for their owners. The health may be that of an earlier version of a webhook. For
/// webhooks.
pub trait HealthReader: Send + Sync + 'static {
    /// A webhook and its health, in one read.
    fn webhook_and_health(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> impl Future<Output = Result<Option<(Webhook, Option<Health>)>, StoreError>> + Send;

    /// The health of those of `webhooks` that have failed; one read per 100 webhooks.
    fn health_of(
        &self,
        account: &AccountId,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<HashMap<WebhookId, Health>, StoreError>> + Send;
}
