//! Subscriptions: stored twice, once under their id for the API and once under event and
//! identity for deliver, which also keeps them unique.

use super::ConfigTable;
use super::accounts::partition;
use super::calls::{EXISTS, IS_NEW};
use super::counts::{CountChange, Counted, CountedWriteError};
use super::item::{from_item, to_item, to_page};
use super::query::ListQuery;
use super::webhooks::webhook_key;
use crate::account::AccountId;
use crate::ids::{SubscriptionId, WebhookId};
use crate::page::{Page, PageRequest};
use crate::store::{NewSubscriptionError, StoreError, SubscriptionAdmin};
use crate::subscription::{Event, Identity, Subscription};

/// How the sort keys of subscriptions begin.
pub(super) const PREFIX: &str = "SUBSCRIPTION#";
/// Subscriptions that one transaction deletes: each is two items, and DynamoDB takes 100.
const DELETED_AT_ONCE: usize = 40;
/// How often the subscriptions of a webhook are looked for when others delete them as well.
const MAX_TRIES: usize = 5;

fn subscription_key(id: SubscriptionId) -> String {
    format!("{PREFIX}{id}")
}

/// How the sort keys of the subscriptions to an event and identity begin; the webhook's id
/// follows.
pub(super) fn rule_prefix(event: &Event, identity: &Identity) -> String {
    format!("SUB#{}#{identity}#", event.as_str())
}

fn rule_key(subscription: &Subscription) -> String {
    let prefix = rule_prefix(&subscription.event, &subscription.identity);
    format!("{prefix}{}", subscription.webhook_id)
}

impl SubscriptionAdmin for ConfigTable {
    async fn create_subscription(
        &self,
        account: &AccountId,
        subscription: &Subscription,
    ) -> Result<(), NewSubscriptionError> {
        const ACTION: &str = "storing a subscription";
        let webhook = webhook_key(subscription.webhook_id);
        let most = self.quotas(account).await?.subscriptions;
        let mut parts = vec![self.check_exists(ACTION, partition(account), webhook)?];
        for sk in [rule_key(subscription), subscription_key(subscription.id)] {
            let item = to_item(ACTION, partition(account), sk, subscription)?;
            parts.push(self.put(ACTION, item, IS_NEW)?);
        }
        let one_more = CountChange::one_more(Counted::Subscriptions, most);
        self.write_and_count(ACTION, account, parts, one_more).await.map_err(|error| match error {
            CountedWriteError::Condition(0) => NewSubscriptionError::NoWebhook,
            CountedWriteError::Condition(_) => NewSubscriptionError::Exists,
            CountedWriteError::NoRoom => NewSubscriptionError::TooMany(most),
            CountedWriteError::Store(error) => error.into(),
        })
    }

    async fn subscription(
        &self,
        account: &AccountId,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>, StoreError> {
        const ACTION: &str = "reading a subscription";
        let item = self.get(ACTION, partition(account), subscription_key(id)).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }

    async fn subscriptions(
        &self,
        account: &AccountId,
        page: &PageRequest<SubscriptionId>,
    ) -> Result<Page<Subscription>, StoreError> {
        const ACTION: &str = "listing subscriptions";
        let query = ListQuery {
            pk: partition(account),
            prefix: PREFIX.to_owned(),
            after: page.after.map(subscription_key),
            newest_first: true,
            containing: None,
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        to_page(
            items,
            page.limit,
            |item| from_item(ACTION, item),
            |subscription: &Subscription| subscription.id.to_string(),
        )
    }

    async fn delete_subscriptions_of(
        &self,
        account: &AccountId,
        webhook: WebhookId,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "deleting the subscriptions of a webhook";
        for _ in 0..MAX_TRIES {
            let found = self.subscriptions_of(ACTION, account, webhook).await?;
            let mut all_deleted = true;
            for chunk in found.chunks(DELETED_AT_ONCE) {
                all_deleted &= self.delete_together(ACTION, account, chunk).await?;
            }
            if all_deleted {
                return Ok(());
            }
        }
        let source = format!("others deleted some of them {MAX_TRIES} times in a row").into();
        Err(StoreError::Unavailable { action: ACTION, source })
    }

    async fn delete_subscription(
        &self,
        account: &AccountId,
        id: SubscriptionId,
    ) -> Result<bool, StoreError> {
        const ACTION: &str = "deleting a subscription";
        match self.subscription(account, id).await? {
            Some(subscription) => self.delete_together(ACTION, account, &[subscription]).await,
            None => Ok(false),
        }
    }
}

impl ConfigTable {
    async fn subscriptions_of(
        &self,
        action: &'static str,
        account: &AccountId,
        webhook: WebhookId,
    ) -> Result<Vec<Subscription>, StoreError> {
        let query = ListQuery {
            pk: partition(account),
            prefix: PREFIX.to_owned(),
            after: None,
            newest_first: false,
            containing: Some(("webhook_id", webhook.to_string())),
            only: None,
        };
        let items = self.list(action, query, usize::MAX).await?;
        items.into_iter().map(|item| from_item(action, item)).collect()
    }

    /// Deletes both items of each subscription; `false`, and none of them, if one is gone already.
    async fn delete_together(
        &self,
        action: &'static str,
        account: &AccountId,
        subscriptions: &[Subscription],
    ) -> Result<bool, StoreError> {
        let mut parts = Vec::with_capacity(2 * subscriptions.len());
        for subscription in subscriptions {
            let listed = subscription_key(subscription.id);
            parts.push(self.delete_if(action, partition(account), listed, EXISTS)?);
            parts.push(self.delete(action, partition(account), rule_key(subscription))?);
        }
        let count = u32::try_from(subscriptions.len()).unwrap_or(u32::MAX);
        let less = CountChange::less(Counted::Subscriptions, count);
        match self.write_and_count(action, account, parts, less).await {
            Ok(()) => Ok(true),
            Err(CountedWriteError::Condition(_) | CountedWriteError::NoRoom) => Ok(false),
            Err(CountedWriteError::Store(error)) => Err(error),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
