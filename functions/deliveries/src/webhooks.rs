//! The webhook that a path names.

use callhook::account::AccountId;
use callhook::http_api::Problem;
use callhook::ids::WebhookId;

use crate::app::Config;

/// The id of a webhook of the account.
pub(crate) async fn existing<C: Config>(
    config: &C,
    account: &AccountId,
    id: &str,
) -> Result<WebhookId, Problem> {
    let none = || Problem::no_such("webhook");
    let id = id.parse().map_err(|_| none())?;
    config.webhook_status(account, id).await?.map(|_| id).ok_or_else(none)
}
