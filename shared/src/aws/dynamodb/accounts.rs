//! Accounts.

use serde::Deserialize;

use super::ConfigTable;
use super::calls::{EXISTS, IS_NEW};
use super::item::{from_item, key, to_item, to_page, unavailable, write_error};
use super::keys::{ACCOUNT, partition};
use super::query::ListQuery;
use crate::domain::account::{Account, AccountId, AccountStatus, AccountZone, Retention};
use crate::domain::quota::Quotas;
use crate::input::page::{Listed, Page, PageRequest};
use crate::ports::store::{
    AccountAdmin, AccountLookup, AccountStatusLookup, AccountZoneLookup, StoreError, WriteError,
};

/// The partition of the list of accounts.
pub(super) const LIST: &str = "ACCOUNTS";

impl AccountLookup for ConfigTable {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        const ACTION: &str = "reading an account";
        let item = self.get(ACTION, partition(id), ACCOUNT.to_owned()).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }
}

/// Account attributes that are read alone.
#[derive(Deserialize)]
struct AccountPart {
    #[serde(default)]
    status: AccountStatus,
    #[serde(default)]
    time_zone: AccountZone,
    #[serde(default)]
    retention_days: Retention,
}

impl AccountStatusLookup for ConfigTable {
    async fn account_status(&self, id: &AccountId) -> Result<Option<AccountStatus>, StoreError> {
        let found = self.read_attribute("reading the status of an account", id, "status").await?;
        Ok(found.map(|found| found.status))
    }
}

impl AccountZoneLookup for ConfigTable {
    async fn account_zone(&self, id: &AccountId) -> Result<Option<AccountZone>, StoreError> {
        let found = self.read_attribute("reading the zone of an account", id, "time_zone").await?;
        Ok(found.map(|found| found.time_zone))
    }

    async fn account_retention(&self, id: &AccountId) -> Result<Option<Retention>, StoreError> {
        let action = "reading the retention of an account";
        let found = self.read_attribute(action, id, "retention_days").await?;
        Ok(found.map(|found| found.retention_days))
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
    /// Reads one attribute of an account, as the role of deliveries may; `None` if there is no such
    /// account.
    async fn read_attribute(
        &self,
        action: &'static str,
        id: &AccountId,
        attribute: &str,
    ) -> Result<Option<AccountPart>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(id), ACCOUNT.to_owned())))
            // `sk` tells an account without the attribute from a missing account.
            .projection_expression("sk, #attribute")
            .expression_attribute_names("#attribute", attribute)
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable(action))?;
        answer.item.map(|item| from_item(action, item)).transpose()
    }

    /// The quotas of an account; the defaults if there is no such account.
    pub(super) async fn quotas(&self, id: &AccountId) -> Result<Quotas, StoreError> {
        Ok(self.account(id).await?.map(|account| account.quotas).unwrap_or_default())
    }

    /// Writes an account and its entry in the list of accounts in one transaction, which fails if
    /// the account is being erased, or was.
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
    async fn single_attributes_of_an_account_have_defaults() {
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
