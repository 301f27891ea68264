//! Accounts.

use super::ConfigTable;
use super::calls::{EXISTS, IS_NEW};
use super::item::{from_item, to_item, to_page, write_error};
use super::query::ListQuery;
use crate::account::{Account, AccountId};
use crate::page::{Listed, Page, PageRequest};
use crate::quota::Quotas;
use crate::store::{AccountAdmin, AccountLookup, StoreError, WriteError};

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
