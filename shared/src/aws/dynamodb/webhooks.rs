//! Webhooks.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ConfigTable;
use super::calls::IS_NEW;
use super::counts::{CountChange, Counted, CountedWriteError};
use super::item::{Item, corrupt, from_item, key, s, to_item, to_page, write_error};
use super::keys::{WEBHOOK, partition, webhook_key};
use super::query::ListQuery;
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;
use crate::domain::signing::{EarlierSecret, SigningSecret, SigningSecrets};
use crate::domain::webhook::{BearerSecret, Secret, Webhook, WebhookSecrets, WebhookSettings};
use crate::input::page::{Listed, Page, PageRequest};
use crate::ports::store::{NewWebhookError, StoreError, WebhookAdmin, WriteError};

/// The attribute with the name in lower case, for the filter of lists.
const SEARCH_NAME: &str = "search_name";

/// A webhook as it is stored, with the values of its secrets, which the API does not show.
#[derive(Serialize, Deserialize)]
struct Stored {
    id: WebhookId,
    #[serde(flatten)]
    settings: WebhookSettings,
    #[serde(default)]
    secrets: BTreeMap<String, StoredSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bearer_secret: Option<StoredSecret>,
    /// Required: every request is signed.
    signing: StoredSigning,
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct StoredSecret {
    value: String,
    set_at: Timestamp,
}

/// The signing secrets, in the form that their owner uses.
#[derive(Serialize, Deserialize)]
struct StoredSigning {
    secret: String,
    set_at: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<StoredEarlier>,
}

#[derive(Serialize, Deserialize)]
struct StoredEarlier {
    secret: String,
    until: Timestamp,
}

impl From<&Secret> for StoredSecret {
    fn from(secret: &Secret) -> Self {
        Self { value: secret.reveal().to_owned(), set_at: secret.set_at() }
    }
}

impl From<&SigningSecrets> for StoredSigning {
    fn from(signing: &SigningSecrets) -> Self {
        let earlier = signing.earlier().iter();
        let stored = |earlier: &EarlierSecret| StoredEarlier {
            secret: earlier.secret.reveal(),
            until: earlier.until,
        };
        Self {
            secret: signing.current().reveal(),
            set_at: signing.set_at(),
            earlier: earlier.map(stored).collect(),
        }
    }
}

impl StoredSigning {
    fn read(self, action: &'static str) -> Result<SigningSecrets, StoreError> {
        let secret =
            |text: &str| SigningSecret::parse(text).map_err(|error| corrupt(action, error));
        let earlier = self.earlier.iter().map(|earlier| {
            Ok(EarlierSecret { secret: secret(&earlier.secret)?, until: earlier.until })
        });
        let earlier = earlier.collect::<Result<_, StoreError>>()?;
        Ok(SigningSecrets::stored(secret(&self.secret)?, self.set_at, earlier))
    }
}

fn webhook_item(
    action: &'static str,
    account: &AccountId,
    webhook: &Webhook,
) -> Result<Item, StoreError> {
    let secrets = &webhook.secrets;
    let stored = Stored {
        id: webhook.id,
        settings: webhook.settings.clone(),
        secrets: secrets.named().map(|(name, secret)| (name.clone(), secret.into())).collect(),
        bearer_secret: secrets.bearer().map(|bearer| bearer.secret().into()),
        signing: (&webhook.signing).into(),
        version: webhook.version,
        created_at: webhook.created_at,
        updated_at: webhook.updated_at,
    };
    let mut item = to_item(action, partition(account), webhook_key(webhook.id), &stored)?;
    item.insert(SEARCH_NAME.to_owned(), s(webhook.settings.name.to_lowercase()));
    Ok(item)
}

/// The webhook of an item.
pub(super) fn stored_webhook(action: &'static str, item: Item) -> Result<Webhook, StoreError> {
    let stored: Stored = from_item(action, item)?;
    let secret =
        |(name, stored): (String, StoredSecret)| (name, Secret::new(stored.value, stored.set_at));
    let bearer = |bearer: StoredSecret| {
        BearerSecret::new(bearer.value, bearer.set_at).map_err(|error| corrupt(action, error))
    };
    let bearer = stored.bearer_secret.map(bearer).transpose()?;
    let named = stored.secrets.into_iter().map(secret).collect();
    Ok(Webhook {
        id: stored.id,
        settings: stored.settings,
        secrets: WebhookSecrets::stored(named, bearer),
        signing: stored.signing.read(action)?,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    })
}

fn version(version: u64) -> AttributeValue {
    AttributeValue::N(version.to_string())
}

impl WebhookAdmin for ConfigTable {
    async fn exhausted_webhook_quota(
        &self,
        account: &AccountId,
    ) -> Result<Option<u32>, StoreError> {
        const ACTION: &str = "comparing webhooks with their quota";
        let quota = self.quotas(account).await?.webhooks;
        let increment = CountChange::increment(Counted::Webhooks, quota);
        Ok((!self.is_within_quota(ACTION, account, increment).await?).then_some(quota))
    }

    async fn create_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> Result<(), NewWebhookError> {
        const ACTION: &str = "storing a webhook";
        let quota = self.quotas(account).await?.webhooks;
        let put = self.put(ACTION, webhook_item(ACTION, account, webhook)?, IS_NEW)?;
        let increment = CountChange::increment(Counted::Webhooks, quota);
        self.write_and_count(ACTION, account, vec![put], increment).await.map_err(|error| {
            match error {
                CountedWriteError::Condition(_) => NewWebhookError::Exists,
                CountedWriteError::QuotaExhausted => NewWebhookError::TooMany(quota),
                CountedWriteError::Store(error) => error.into(),
            }
        })
    }

    async fn webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> Result<Option<Webhook>, StoreError> {
        const ACTION: &str = "reading a webhook";
        let item = self.get(ACTION, partition(account), webhook_key(id)).await?;
        item.map(|item| stored_webhook(ACTION, item)).transpose()
    }

    async fn webhooks(
        &self,
        account: &AccountId,
        page: &PageRequest<WebhookId>,
        name: Option<&str>,
    ) -> Result<Page<Listed<Webhook>>, StoreError> {
        const ACTION: &str = "listing webhooks";
        let query = ListQuery {
            pk: partition(account),
            prefix: WEBHOOK.to_owned(),
            after: page.after.map(webhook_key),
            newest_first: true,
            containing: name.map(|name| (SEARCH_NAME, name.to_lowercase())),
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        let read = |item| stored_webhook(ACTION, item);
        Ok(to_page(items, page.limit, WEBHOOK, read))
    }

    async fn replace_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> Result<(), WriteError> {
        const ACTION: &str = "changing a webhook";
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(webhook_item(ACTION, account, webhook)?))
            .condition_expression("#version = :before")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":before", version(webhook.version.saturating_sub(1)))
            .send()
            .await
            .map_err(write_error(ACTION))?;
        Ok(())
    }

    async fn delete_webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
        at_version: u64,
    ) -> Result<(), WriteError> {
        const ACTION: &str = "deleting a webhook";
        // Without its id, its deliveries in the log could not be found.
        self.record_deletion(account, id).await?;
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), webhook_key(id))))
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":version", version(at_version))
            .build()
            .map_err(|error| corrupt(ACTION, error))?;
        let delete = TransactWriteItem::builder().delete(delete).build();
        let decrement = CountChange::decrement(Counted::Webhooks, 1);
        self.write_and_count(ACTION, account, vec![delete], decrement).await.map_err(|error| {
            match error {
                CountedWriteError::Condition(_) | CountedWriteError::QuotaExhausted => {
                    WriteError::Condition
                }
                CountedWriteError::Store(error) => error.into(),
            }
        })
    }
}

#[cfg(test)]
mod tests;
