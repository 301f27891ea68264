//! Subscriptions, each stored twice: under its id for the API, and under its event and identity for
//! deliver, which also keeps subscriptions unique.

use super::ConfigTable;
use super::calls::{EXISTS, IS_NEW};
use super::counts::{CountChange, Counted, CountedWriteError};
use super::item::{
    Item, corrupt, from_item, read_or_log, s, to_item, to_page, too_many_conflicts, unavailable,
};
use super::keys::{SUBSCRIPTION, partition, subscription_key, webhook_key};
use super::query::ListQuery;
use crate::domain::account::AccountId;
use crate::domain::event::Event;
use crate::domain::ids::{SubscriptionId, WebhookId};
use crate::domain::subscription::{RuleRange, Subscription};
use crate::input::page::{Listed, Page, PageRequest};
use crate::ports::store::{NewSubscriptionError, StoreError, SubscriptionAdmin};

/// The most subscriptions that one transaction deletes: each is two items, and the limit of
/// DynamoDB is 100.
const DELETED_TOGETHER: usize = 40;
/// The most tries to create or delete subscriptions while others do.
const MAX_TRIES: usize = 5;

/// The sort key of a subscription's item for deliver.
fn rule_key(event: &str, identity: &str, webhook: &str) -> String {
    format!("SUB#{event}#{identity}#{webhook}")
}

/// The sort keys of a subscription's two items.
struct StoredKeys {
    listed: String,
    rule: String,
}

impl StoredKeys {
    /// The keys of a listed item, whose identity may have another spelling than the normal one.
    fn of(action: &'static str, item: &Item) -> Result<Self, StoreError> {
        let text = |name: &'static str| {
            let value = item.get(name).and_then(|value| value.as_s().ok());
            value.map(String::as_str).ok_or_else(|| corrupt(action, NotAString(name)))
        };
        let rule = rule_key(text("event")?, text("identity")?, text("webhook_id")?);
        Ok(Self { listed: text("sk")?.to_owned(), rule })
    }
}

/// An attribute of a subscription is missing or not a string.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is missing or not a string")]
struct NotAString(&'static str);

impl SubscriptionAdmin for ConfigTable {
    async fn create_subscription(
        &self,
        account: &AccountId,
        subscription: &Subscription,
    ) -> Result<(), NewSubscriptionError> {
        const ACTION: &str = "storing a subscription";
        let webhook = webhook_key(subscription.webhook_id);
        let quota = self.quotas(account).await?.subscriptions;
        let rule = rule_key(
            subscription.event.as_str(),
            &subscription.identity.to_string(),
            &subscription.webhook_id.to_string(),
        );
        let mut parts = vec![self.check_exists(ACTION, partition(account), webhook)?];
        for sk in [rule.clone(), subscription_key(subscription.id)] {
            let item = to_item(ACTION, partition(account), sk, subscription)?;
            parts.push(self.put(ACTION, item, IS_NEW)?);
        }
        for _ in 0..MAX_TRIES {
            if let Some(existing) = self.existing_id(ACTION, account, &rule, subscription).await? {
                // The SDK sent the same write again, without an answer to the first.
                let is_own = existing == subscription.id;
                return if is_own { Ok(()) } else { Err(NewSubscriptionError::Exists(existing)) };
            }
            let increment = CountChange::increment(Counted::Subscriptions, quota);
            match self.write_and_count(ACTION, account, parts.clone(), increment).await {
                Ok(()) => return Ok(()),
                Err(CountedWriteError::Condition(0)) => {
                    return Err(NewSubscriptionError::NoWebhook);
                }
                // Another request created it first, and may have deleted it since.
                Err(CountedWriteError::Condition(_)) => {}
                Err(CountedWriteError::QuotaExhausted) => {
                    return Err(NewSubscriptionError::TooMany(quota));
                }
                Err(CountedWriteError::Store(error)) => return Err(error.into()),
            }
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES).into())
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
        only: Option<WebhookId>,
        page: &PageRequest<SubscriptionId>,
    ) -> Result<Page<Listed<Subscription>>, StoreError> {
        const ACTION: &str = "listing subscriptions";
        let query = ListQuery {
            pk: partition(account),
            prefix: SUBSCRIPTION.to_owned(),
            after: page.after.map(subscription_key),
            newest_first: true,
            containing: only.map(|webhook| ("webhook_id", webhook.to_string())),
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        Ok(to_page(items, page.limit, SUBSCRIPTION, |item| from_item(ACTION, item)))
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
            for chunk in found.chunks(DELETED_TOGETHER) {
                all_deleted &= self.delete_together(ACTION, account, chunk).await?;
            }
            if all_deleted {
                return Ok(());
            }
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES))
    }

    async fn delete_subscription(
        &self,
        account: &AccountId,
        id: SubscriptionId,
    ) -> Result<bool, StoreError> {
        const ACTION: &str = "deleting a subscription";
        let item = self.get(ACTION, partition(account), subscription_key(id)).await?;
        let Some(keys) = item.map(|item| StoredKeys::of(ACTION, &item)).transpose()? else {
            return Ok(false);
        };
        self.delete_together(ACTION, account, &[keys]).await
    }
}

impl ConfigTable {
    async fn subscriptions_of(
        &self,
        action: &'static str,
        account: &AccountId,
        webhook: WebhookId,
    ) -> Result<Vec<StoredKeys>, StoreError> {
        let query = ListQuery {
            pk: partition(account),
            prefix: SUBSCRIPTION.to_owned(),
            after: None,
            newest_first: false,
            containing: Some(("webhook_id", webhook.to_string())),
            only: None,
        };
        let items = self.list(action, query, usize::MAX).await?;
        // Skip unreadable ones: the webhook is deleted with the others.
        let keys = |item| read_or_log(item, |item| StoredKeys::of(action, &item));
        Ok(items.into_iter().filter_map(keys).collect())
    }

    /// The items of the subscriptions to an event in a range of identities.
    pub(super) async fn rules(
        &self,
        action: &'static str,
        account: &AccountId,
        event: &Event,
        range: &RuleRange,
    ) -> Result<Vec<Item>, StoreError> {
        let (from, to) = range.bounds();
        let bound = |identity| s(format!("SUB#{}#{identity}", event.as_str()));
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":pk", s(partition(account)))
                .expression_attribute_values(":from", bound(&from))
                .expression_attribute_values(":to", bound(&to))
                // Consistent: a report right after the first subscription must find it.
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable(action))?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// The id of the subscription with the same event, identity and webhook, in any stored
    /// spelling.
    async fn existing_id(
        &self,
        action: &'static str,
        account: &AccountId,
        rule: &str,
        wanted: &Subscription,
    ) -> Result<Option<SubscriptionId>, StoreError> {
        if let Some(item) = self.get(action, partition(account), rule.to_owned()).await? {
            return from_item(action, item).map(|stored: Subscription| Some(stored.id));
        }
        // `all` has one spelling, and may have many subscriptions.
        let ranges = RuleRange::of(&wanted.identity).into_iter();
        for range in ranges.filter(|range| *range != RuleRange::All) {
            for item in self.rules(action, account, &wanted.event, &range).await? {
                let stored: Subscription = from_item(action, item)?;
                if (&stored.identity, stored.webhook_id) == (&wanted.identity, wanted.webhook_id) {
                    return Ok(Some(stored.id));
                }
            }
        }
        Ok(None)
    }

    /// Deletes both items of each subscription. If one is already gone, deletes none and returns
    /// `false`.
    async fn delete_together(
        &self,
        action: &'static str,
        account: &AccountId,
        subscriptions: &[StoredKeys],
    ) -> Result<bool, StoreError> {
        let mut parts = Vec::with_capacity(2 * subscriptions.len());
        for StoredKeys { listed, rule } in subscriptions {
            parts.push(self.delete_if(action, partition(account), listed.clone(), EXISTS)?);
            parts.push(self.delete(action, partition(account), rule.clone())?);
        }
        let count = u32::try_from(subscriptions.len()).unwrap_or(u32::MAX);
        let decrement = CountChange::decrement(Counted::Subscriptions, count);
        match self.write_and_count(action, account, parts, decrement).await {
            Ok(()) => Ok(true),
            Err(CountedWriteError::Condition(_) | CountedWriteError::QuotaExhausted) => Ok(false),
            Err(CountedWriteError::Store(error)) => Err(error),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
