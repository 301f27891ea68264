//! Keys of an account's items.

use crate::domain::account::AccountId;
use crate::domain::ids::{SubscriptionId, WebhookId};

/// The partition of an account.
pub(super) fn partition(id: &AccountId) -> String {
    format!("ACCT#{id}")
}

/// The sort key of the account itself.
pub(super) const ACCOUNT: &str = "ACCOUNT";

/// Sort key prefix of webhooks.
pub(super) const WEBHOOK: &str = "WEBHOOK#";

/// The sort key of a webhook.
pub(super) fn webhook_key(id: WebhookId) -> String {
    format!("{WEBHOOK}{id}")
}

/// The inverse of [`webhook_key`].
pub(super) fn webhook_of_key(sk: &str) -> Option<WebhookId> {
    sk.strip_prefix(WEBHOOK)?.parse().ok()
}

/// Sort key prefix of subscriptions.
pub(super) const SUBSCRIPTION: &str = "SUBSCRIPTION#";

/// The sort key of a subscription.
pub(super) fn subscription_key(id: SubscriptionId) -> String {
    format!("{SUBSCRIPTION}{id}")
}
