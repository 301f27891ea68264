//! Subscriptions: stored twice, once under their id for the API and once under event and
//! identity for deliver, which also keeps them unique.

use super::ConfigTable;
use super::accounts::partition;
use super::calls::{EXISTS, IS_NEW};
use super::counts::{CountChange, Counted, CountedWriteError};
use super::item::{Item, corrupt, from_item, or_note, s, to_item, to_page, unavailable};
use super::query::ListQuery;
use super::webhooks::webhook_key;
use crate::account::AccountId;
use crate::ids::{SubscriptionId, WebhookId};
use crate::page::{Listed, Page, PageRequest};
use crate::store::{NewSubscriptionError, StoreError, SubscriptionAdmin};
use crate::subscription::{Event, RuleRange, Subscription};

/// How the sort keys of subscriptions begin.
pub(super) const PREFIX: &str = "SUBSCRIPTION#";
/// Subscriptions that one transaction deletes: each is two items, and DynamoDB takes 100.
const DELETED_AT_ONCE: usize = 40;
/// How often the subscriptions of a webhook are looked for when others delete them as well.
const MAX_TRIES: usize = 5;

fn subscription_key(id: SubscriptionId) -> String {
    format!("{PREFIX}{id}")
}

/// The sort key of a subscription as deliver looks it up.
fn rule_key(event: &str, identity: &str, webhook: &str) -> String {
    format!("SUB#{event}#{identity}#{webhook}")
}

/// The sort keys of a subscription's two items.
struct StoredKeys {
    listed: String,
    rule: String,
}

impl StoredKeys {
    /// Those of a listed item, whose identity may be in another spelling than the normal one.
    fn of(action: &'static str, item: &Item) -> Result<Self, StoreError> {
        let text = |name: &'static str| {
            let value = item.get(name).and_then(|value| value.as_s().ok());
            value.map(String::as_str).ok_or_else(|| corrupt(action, NoText(name)))
        };
        let rule = rule_key(text("event")?, text("identity")?, text("webhook_id")?);
        Ok(Self { listed: text("sk")?.to_owned(), rule })
    }
}

/// An attribute of a subscription is missing, or no text.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a text")]
struct NoText(&'static str);

impl SubscriptionAdmin for ConfigTable {
    async fn create_subscription(
        &self,
        account: &AccountId,
        subscription: &Subscription,
    ) -> Result<(), NewSubscriptionError> {
        const ACTION: &str = "storing a subscription";
        let webhook = webhook_key(subscription.webhook_id);
        let most = self.quotas(account).await?.subscriptions;
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
            if let Some(same) = self.same_as(ACTION, account, &rule, subscription).await? {
                // The client of the store wrote twice, because it lost the first answer.
                let is_own = same == subscription.id;
                return if is_own { Ok(()) } else { Err(NewSubscriptionError::Exists(same)) };
            }
            let one_more = CountChange::one_more(Counted::Subscriptions, most);
            match self.write_and_count(ACTION, account, parts.clone(), one_more).await {
                Ok(()) => return Ok(()),
                Err(CountedWriteError::Condition(0)) => {
                    return Err(NewSubscriptionError::NoWebhook);
                }
                // Another was quicker. It may be gone already.
                Err(CountedWriteError::Condition(_)) => {}
                Err(CountedWriteError::NoRoom) => return Err(NewSubscriptionError::TooMany(most)),
                Err(CountedWriteError::Store(error)) => return Err(error.into()),
            }
        }
        let source = format!("others made and deleted it {MAX_TRIES} times in a row").into();
        Err(StoreError::Unavailable { action: ACTION, source }.into())
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
            prefix: PREFIX.to_owned(),
            after: page.after.map(subscription_key),
            newest_first: true,
            containing: only.map(|webhook| ("webhook_id", webhook.to_string())),
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        Ok(to_page(items, page.limit, PREFIX, |item| from_item(ACTION, item)))
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
            prefix: PREFIX.to_owned(),
            after: None,
            newest_first: false,
            containing: Some(("webhook_id", webhook.to_string())),
            only: None,
        };
        let items = self.list(action, query, usize::MAX).await?;
        // The others must be found all the same: a webhook is deleted with them.
        let keys = |item| or_note(item, |item| StoredKeys::of(action, &item));
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
                // What was just written counts: a first subscription must not lose a report.
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

    /// The subscription with the same event, identity and webhook, in whatever spelling it is stored.
    async fn same_as(
        &self,
        action: &'static str,
        account: &AccountId,
        rule: &str,
        wanted: &Subscription,
    ) -> Result<Option<SubscriptionId>, StoreError> {
        if let Some(item) = self.get(action, partition(account), rule.to_owned()).await? {
            return from_item(action, item).map(|stored: Subscription| Some(stored.id));
        }
        // There is one spelling of `all`, and many may subscribe to it.
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

    /// Deletes both items of each subscription; `false`, and none of them, if one is gone already.
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
