//! API keys: stored twice, once for the authorizer under the key's hash and once for lists
//! under its owner.

use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem};

use super::ConfigTable;
use super::accounts::{ACCOUNT, partition};
use super::item::{corrupt, from_item, key, s, to_item, to_page, unavailable, write_error};
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

const LISTED: &str = "KEY#";

fn listed_key(id: &KeyId) -> String {
    format!("{LISTED}{id}")
}

fn lookup_partition(hash: &KeyHash) -> String {
    format!("KEY#{hash}")
}

const LOOKUP: &str = "KEY";

impl KeyLookup for ConfigTable {
    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRecord>, StoreError> {
        const ACTION: &str = "looking up a key";
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(lookup_partition(hash), LOOKUP.to_owned())))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(ACTION))?;
        answer.item.map(|item| from_item(ACTION, item)).transpose()
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
            let put = Put::builder()
                .table_name(&self.table)
                .set_item(Some(item))
                .condition_expression("attribute_not_exists(pk)")
                .build()
                .map_err(|error| corrupt(ACTION, error))?;
            transaction = transaction.transact_items(TransactWriteItem::builder().put(put).build());
        }
        if let KeyOwner::Account(account) = &owner {
            let check = ConditionCheck::builder()
                .table_name(&self.table)
                .set_key(Some(key(partition(account), ACCOUNT.to_owned())))
                .condition_expression("attribute_exists(pk)")
                .build()
                .map_err(|error| corrupt(ACTION, error))?;
            transaction = transaction
                .transact_items(TransactWriteItem::builder().condition_check(check).build());
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
        let listed = key(owner_partition(owner), listed_key(id));
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(listed.clone()))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(ACTION))?;
        let Some(hash) = answer.item.and_then(|mut item| item.remove("hash")) else {
            return Ok(false);
        };
        let hash: KeyHash =
            serde_dynamo::from_attribute_value(hash).map_err(|error| corrupt(ACTION, error))?;
        let mut transaction = self.client.transact_write_items();
        for key in [key(lookup_partition(&hash), LOOKUP.to_owned()), listed] {
            let delete = Delete::builder()
                .table_name(&self.table)
                .set_key(Some(key))
                .build()
                .map_err(|error| corrupt(ACTION, error))?;
            transaction =
                transaction.transact_items(TransactWriteItem::builder().delete(delete).build());
        }
        transaction.send().await.map_err(unavailable(ACTION))?;
        Ok(true)
    }
}
