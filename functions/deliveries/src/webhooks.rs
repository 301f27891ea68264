//! The webhook that a path names.

use callhook::domain::ids::WebhookId;
use callhook::http_api::{PermittedWebhook, Problem};

use crate::state::Config;

/// The id of the webhook, or 404 if the account has no such webhook.
pub(crate) async fn existing<C: Config>(
    config: &C,
    webhook: PermittedWebhook<'_>,
) -> Result<WebhookId, Problem> {
    let status = config.webhook_status(webhook.account(), webhook.id()).await?;
    status.map(|_| webhook.id()).ok_or_else(|| Problem::no_such("webhook"))
}
