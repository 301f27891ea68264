//! The calling key, for the route that describes it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::caller::{ActingFor, Caller, unknown_account};
use super::problem::Problem;
use super::query::{NoParameters, read_query};
use crate::domain::account::{Account, AccountStatus};
use crate::domain::api_key::{KeyId, KeyOwner};
use crate::ports::store::AccountLookup;

/// The calling key, with any scopes. The query has no parameters.
///
/// Its account is available only through [`account`](Self::account). For a key that is limited to one webhook, the
/// response leaves out the rest of the account.
pub struct CallingKey {
    /// The key's id.
    pub id: KeyId,
    /// The key's owner.
    pub owner: KeyOwner,
    account: Option<ActingFor>,
}

impl CallingKey {
    /// The key's account, or the account that a platform key names, if any. 403 if the account is being erased, and
    /// 404 if it does not exist.
    pub async fn account<D: AccountLookup>(&self, store: &D) -> Result<Option<Account>, Problem> {
        let Some(id) = self.account.as_ref().map(ActingFor::account) else { return Ok(None) };
        match store.account(id).await? {
            Some(account) if account.status == AccountStatus::Active => Ok(Some(account)),
            Some(_) => Err(Problem::account_erasing(id)),
            None => Err(unknown_account(id)),
        }
    }
}

impl<D: Send + Sync> FromRequestParts<Arc<D>> for CallingKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<D>) -> Result<Self, Problem> {
        let caller = Caller::from_extensions(&parts.extensions)?;
        let account = caller.account_of(&parts.headers)?;
        read_query::<NoParameters>(parts.uri.query())?;
        let id = caller.key_id().and_then(|id| id.parse().ok());
        // A call of the operator has no key.
        let id = id.ok_or_else(Problem::no_key)?;
        Ok(Self { id, owner: caller.owner().clone(), account })
    }
}
