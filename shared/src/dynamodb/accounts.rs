//! Accounts.

use serde::Deserialize;

use super::ConfigTable;
use super::calls::{EXISTS, IS_NEW};
use super::item::{from_item, key, to_item, to_page, unavailable, write_error};
use super::query::ListQuery;
use crate::account::{Account, AccountId, AccountStatus, AccountZone, Retention};
use crate::page::{Listed, Page, PageRequest};
use crate::quota::Quotas;
use crate::store::{
    AccountAdmin, AccountLookup, AccountStatusLookup, AccountZoneLookup, StoreError, WriteError,
};

/// The partition of the list of accounts.
pub(super) const LIST: &str = "ACCOUNTS";

/// The partition of an account.
pub(super) fn partition(id: &AccountId) -> String {
    format!("ACCT#{id}")
}

/// The sort key of the account itself.
pub(super) const ACCOUNT: &str = "ACCOUNT";

impl AccountLookup for ConfigTable {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        const ACTION: &str = "reading an account";
        let item = self.get(ACTION, partition(id), ACCOUNT.to_owned()).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }
}

/// Parts of an account that are read alone.
#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    status: AccountStatus,
    #[serde(default)]
    time_zone: AccountZone,
    #[serde(default)]
    retention_days: Retention,
}

impl AccountStatusLookup for ConfigTable {
    async fn account_status(&self, id: &AccountId) -> Result<Option<AccountStatus>, StoreError> {
        let part = self.account_part("reading the status of an account", id, "status").await?;
        Ok(part.map(|part| part.status))
    }
}

impl AccountZoneLookup for ConfigTable {
    async fn account_zone(&self, id: &AccountId) -> Result<Option<AccountZone>, StoreError> {
        let part = self.account_part("reading the zone of an account", id, "time_zone").await?;
        Ok(part.map(|part| part.time_zone))
    }

    async fn account_retention(&self, id: &AccountId) -> Result<Option<Retention>, StoreError> {
        let action = "reading how long an account keeps its reports";
        let part = self.account_part(action, id, "retention_days").await?;
        Ok(part.map(|part| part.retention_days))
    }
}

impl AccountAdmin for ConfigTable {
    async fn create_account(&self, account: &Account) -> Result<(), WriteError> {
        self.put_account("storing an account", account, IS_NEW).await
    }

    async fn replace_account(&self, account: &Account) -> Result<(), WriteError> {
        self.put_account("changing an account", account, EXISTS).await
    }

    async fn accounts(
        &self,
        page: &PageRequest<AccountId>,
    ) -> Result<Page<Listed<Account>>, StoreError> {
        const ACTION: &str = "listing accounts";
        let query = ListQuery {
            pk: LIST.to_owned(),
            prefix: String::new(),
            after: page.after.as_ref().map(ToString::to_string),
            newest_first: false,
            containing: None,
            only: None,
        };
        let items = self.list(ACTION, query, page.limit + 1).await?;
        Ok(to_page(items, page.limit, "", |item| from_item(ACTION, item)))
    }
}

impl ConfigTable {
    /// An attribute of an account, read with the right of deliveries; `None` if there is no such account.
    async fn account_part(
        &self,
        action: &'static str,
        id: &AccountId,
        attribute: &str,
    ) -> Result<Option<Part>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(id), ACCOUNT.to_owned())))
            // Without the attribute, the item is there all the same.
            .projection_expression("sk, #attribute")
            .expression_attribute_names("#attribute", attribute)
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(action))?;
        answer.item.map(|item| from_item(action, item)).transpose()
    }

    /// How much an account may have; the defaults if there is no such account.
    pub(super) async fn quotas(&self, id: &AccountId) -> Result<Quotas, StoreError> {
        Ok(self.account(id).await?.map(|account| account.quotas).unwrap_or_default())
    }

    /// Writes an account and its entry in the list of accounts, both or none; neither if the account
    /// is being erased, or was.
    async fn put_account(
        &self,
        action: &'static str,
        account: &Account,
        condition: &str,
    ) -> Result<(), WriteError> {
        let put = |pk, sk| self.put(action, to_item(action, pk, sk, account)?, condition);
        self.client
            .transact_write_items()
            .transact_items(put(partition(&account.id), ACCOUNT.to_owned())?)
            .transact_items(put(LIST.to_owned(), account.id.to_string())?)
            .transact_items(self.check_not_erased(action, &account.id)?)
            .send()
            .await
            .map_err(write_error(action))?;
        Ok(())
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::testing::TestTables;
    use aws_sdk_dynamodb::types::AttributeValue;
    use serde_json::json;

    #[tokio::test]
    async fn parts_of_an_account_are_read_alone_and_have_defaults() {
        let tables = TestTables::start().await.unwrap();
        let (table, acme): (_, AccountId) = (tables.config(), "acme".parse().unwrap());
        assert_eq!(table.account_status(&acme).await.unwrap(), None);
        assert_eq!(table.account_zone(&acme).await.unwrap(), None);
        assert_eq!(table.account_retention(&acme).await.unwrap(), None);
        let request = json!({"id": "acme", "name": "Acme", "time_zone": "Asia/Kolkata"});
        let account =
            Account::from_request(request.as_object().unwrap(), jiff::Timestamp::UNIX_EPOCH);
        let account = Account { status: AccountStatus::Erasing, ..account.unwrap() };
        table.create_account(&account).await.unwrap();
        assert_eq!(table.account_status(&acme).await.unwrap(), Some(AccountStatus::Erasing));
        assert_eq!(table.account_zone(&acme).await.unwrap(), Some(account.time_zone));
        // As earlier versions stored it.
        let put = tables.client.put_item().table_name(&table.table);
        let put = put.set_item(Some(key(partition(&acme), ACCOUNT.to_owned())));
        put.item("id", AttributeValue::S("acme".to_owned())).send().await.unwrap();
        assert_eq!(table.account_status(&acme).await.unwrap(), Some(AccountStatus::Active));
        assert_eq!(table.account_zone(&acme).await.unwrap(), Some(AccountZone::default()));
        assert_eq!(table.account_retention(&acme).await.unwrap(), Some(Retention::default()));
    }
}
