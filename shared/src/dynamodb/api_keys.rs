//! API keys: stored twice, once for the authorizer under the key's hash and once for lists
//! under its owner.

use super::ConfigTable;
use super::accounts::{ACCOUNT, partition};
use super::calls::IS_NEW;
use super::item::{corrupt, from_item, s, to_item, to_page, unavailable, write_error};
use super::query::ListQuery;
use crate::api_key::{KeyHash, KeyId, KeyOwner, KeyRecord};
use crate::page::{Page, PageRequest};
use crate::store::{KeyAdmin, KeyLookup, StoreError, WriteError};

fn owner_partition(owner: &KeyOwner) -> String {
    match owner {
        KeyOwner::Account(id) => partition(id),
        KeyOwner::Platform => "PLATFORM".to_owned(),
    }
}

/// How the sort keys of listed keys begin.
pub(super) const LISTED: &str = "KEY#";

fn listed_key(id: &KeyId) -> String {
    format!("{LISTED}{id}")
}

/// The partition of a key as the authorizer looks it up.
pub(super) fn lookup_partition(hash: &KeyHash) -> String {
    format!("KEY#{hash}")
}

/// Its sort key.
pub(super) const LOOKUP: &str = "KEY";

impl KeyLookup for ConfigTable {
    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRecord>, StoreError> {
        const ACTION: &str = "looking up a key";
        let item = self.get(ACTION, lookup_partition(hash), LOOKUP.to_owned()).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }
}

impl KeyAdmin for ConfigTable {
    async fn create_key(&self, hash: &KeyHash, record: &KeyRecord) -> Result<(), WriteError> {
        const ACTION: &str = "storing a key";
        let owner = record.owner();
        let lookup = to_item(ACTION, lookup_partition(hash), LOOKUP.to_owned(), record)?;
        let mut listed = to_item(ACTION, owner_partition(&owner), listed_key(&record.id), record)?;
        listed.insert("hash".to_owned(), s(hash.to_string()));
        let mut transaction = self.client.transact_write_items();
        for item in [lookup, listed] {
            transaction = transaction.transact_items(self.put(ACTION, item, IS_NEW)?);
        }
        if let KeyOwner::Account(account) = &owner {
            let check = self.check_exists(ACTION, partition(account), ACCOUNT.to_owned())?;
            transaction = transaction
                .transact_items(check)
                .transact_items(self.check_not_erased(ACTION, account)?);
        }
        transaction.send().await.map_err(write_error(ACTION))?;
        Ok(())
    }

    async fn keys(
        &self,
        owner: &KeyOwner,
        page: &PageRequest<KeyId>,
    ) -> Result<Page<KeyRecord>, StoreError> {
        const ACTION: &str = "listing keys";
        let query = ListQuery {
            pk: owner_partition(owner),
            prefix: LISTED.to_owned(),
            after: page.after.as_ref().map(listed_key),
            newest_first: false,
            containing: None,
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        to_page(
            items,
            page.limit,
            |item| from_item(ACTION, item),
            |record: &KeyRecord| record.id.to_string(),
        )
    }

    async fn revoke_key(&self, owner: &KeyOwner, id: &KeyId) -> Result<bool, StoreError> {
        const ACTION: &str = "revoking a key";
        let item = self.get(ACTION, owner_partition(owner), listed_key(id)).await?;
        let Some(hash) = item.and_then(|mut item| item.remove("hash")) else {
            return Ok(false);
        };
        let hash: KeyHash =
            serde_dynamo::from_attribute_value(hash).map_err(|error| corrupt(ACTION, error))?;
        self.client
            .transact_write_items()
            .transact_items(self.delete(ACTION, lookup_partition(&hash), LOOKUP.to_owned())?)
            .transact_items(self.delete(ACTION, owner_partition(owner), listed_key(id))?)
            .send()
            .await
            .map_err(unavailable(ACTION))?;
        Ok(true)
    }
}
