//! Subscriptions: stored twice, once under their id for the API and once under event and
//! identity for deliver, which also keeps them unique.

use aws_sdk_dynamodb::error::SdkError;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::ConfigTable;
use super::accounts::partition;
use super::calls::IS_NEW;
use super::item::{failed_condition, from_item, to_item, to_page, unavailable};
use super::query::ListQuery;
use super::webhooks::webhook_key;
use crate::account::AccountId;
use crate::ids::{SubscriptionId, WebhookId};
use crate::page::{Page, PageRequest};
use crate::store::{NewSubscriptionError, StoreError, SubscriptionAdmin};
use crate::subscription::{Event, Identity, Subscription};

const PREFIX: &str = "SUBSCRIPTION#";
/// Deletions under way at the same time when a webhook goes.
const CONCURRENT_DELETIONS: usize = 8;

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
        let check = self.check_exists(ACTION, partition(account), webhook)?;
        let mut transaction = self.client.transact_write_items().transact_items(check);
        for sk in [rule_key(subscription), subscription_key(subscription.id)] {
            let item = to_item(ACTION, partition(account), sk, subscription)?;
            transaction = transaction.transact_items(self.put(ACTION, item, IS_NEW)?);
        }
        transaction.send().await.map(drop).map_err(|error| {
            let failed = match &error {
                SdkError::ServiceError(service) => failed_condition(service.err()),
                _ => None,
            };
            match failed {
                Some(0) => NewSubscriptionError::NoWebhook,
                Some(_) => NewSubscriptionError::Exists,
                None => unavailable(ACTION)(error).into(),
            }
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
        const ACTION: &str = "listing the subscriptions of a webhook";
        let query = ListQuery {
            pk: partition(account),
            prefix: PREFIX.to_owned(),
            after: None,
            newest_first: false,
            containing: Some(("webhook_id", webhook.to_string())),
            only: None,
        };
        let mut subscriptions = Vec::new();
        for item in self.list(ACTION, query, usize::MAX).await? {
            subscriptions.push(from_item::<Subscription>(ACTION, item)?);
        }
        let deletions: Vec<_> =
            subscriptions.iter().map(|found| self.delete_both(account, found)).collect();
        stream::iter(deletions).buffer_unordered(CONCURRENT_DELETIONS).try_collect().await
    }

    async fn delete_subscription(
        &self,
        account: &AccountId,
        id: SubscriptionId,
    ) -> Result<bool, StoreError> {
        match self.subscription(account, id).await? {
            Some(subscription) => self.delete_both(account, &subscription).await.map(|()| true),
            None => Ok(false),
        }
    }
}

impl ConfigTable {
    async fn delete_both(
        &self,
        account: &AccountId,
        subscription: &Subscription,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "deleting a subscription";
        let mut transaction = self.client.transact_write_items();
        for sk in [rule_key(subscription), subscription_key(subscription.id)] {
            transaction =
                transaction.transact_items(self.delete(ACTION, partition(account), sk)?);
        }
        transaction.send().await.map_err(unavailable(ACTION))?;
        Ok(())
    }
}
