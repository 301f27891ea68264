//! The caller, and the account that it acts for. A handler gets an account only through [`ActingAccount`],
//! [`NarrowableAccount`](super::NarrowableAccount) or [`Caller::acting_for`], which check the key's scopes. The one
//! route without a scope takes a [`CallingKey`](super::CallingKey).

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Extensions, HeaderMap};
use lambda_http::request::RequestContext;
use serde_json::Value;

use super::problem::{Problem, ProblemKind};
use super::query::{NoParameters, Parameters, read_query};
use crate::domain::account::{AccountId, AccountStatus};
use crate::domain::api_key::{KeyOwner, StoredKey};
use crate::domain::ids::WebhookId;
use crate::domain::scope::{Scope, Scopes};
use crate::ports::store::AccountStatusLookup;

/// The header in which a platform key names the account it acts for.
const ACCOUNT_HEADER: &str = "x-account-id";

/// A caller that the authorizer has authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key's id as the authorizer passed it on, for logs.
    key_id: Option<String>,
    owner: KeyOwner,
    scopes: Scopes,
    /// The only webhook that the key may access; all of the account's if `None`.
    only: Option<WebhookId>,
}

/// The account that a request acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActingFor {
    /// The key's own account, which exists.
    Own(AccountId),
    /// An account that a platform key names. It may not exist.
    Named(AccountId),
}

impl ActingFor {
    /// The account's id.
    pub fn account(&self) -> &AccountId {
        match self {
            Self::Own(id) | Self::Named(id) => id,
        }
    }
}

impl Caller {
    /// The key id of calls by the operator (`infra/platform_key.py`). No key has it.
    pub const OPERATOR: &str = "operator";

    /// Reads the caller that the authorizer passed on with the request; 401 if there is none.
    pub fn from_extensions(extensions: &Extensions) -> Result<Self, Problem> {
        let unauthorized = Problem::no_key;
        let Some(RequestContext::ApiGatewayV2(context)) = extensions.get() else {
            return Err(unauthorized());
        };
        let authorizer = context.authorizer.as_ref().ok_or_else(unauthorized)?;
        let text = |name: &str| authorizer.fields.get(name).and_then(Value::as_str);
        let scopes = Scopes::from_words(text("scopes").ok_or_else(unauthorized)?);
        let is_erasing = text("account_status") == Some(StoredKey::ERASING);
        let owner = match authorizer.fields.get("account_id") {
            Some(Value::String(id)) => {
                let id = id.parse().map_err(|_| unauthorized())?;
                if is_erasing {
                    return Err(Problem::account_erasing(&id));
                }
                KeyOwner::Account(id)
            }
            // An invalid account id must not count as the platform, which has none.
            Some(_) => return Err(unauthorized()),
            None => KeyOwner::Platform,
        };
        let only = match (authorizer.fields.get("webhook_id"), &owner) {
            (None, _) => None,
            (Some(Value::String(id)), KeyOwner::Account(_)) => {
                Some(id.parse().map_err(|_| unauthorized())?)
            }
            // An invalid limit must not count as no limit.
            (Some(_), _) => return Err(unauthorized()),
        };
        Ok(Self { key_id: text("key_id").map(str::to_owned), owner, scopes, only })
    }

    /// The id of the caller's key, for log lines.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The key's owner.
    pub(super) fn owner(&self) -> &KeyOwner {
        &self.owner
    }

    /// The key's scopes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Whether the operator calls: without a key, by invoking the function, which needs IAM permissions.
    pub fn is_operator(&self) -> bool {
        self.key_id() == Some(Self::OPERATOR)
    }

    /// Whether the key has `scope`.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(scope)
    }

    /// Checks that the key has `scope`; 403 otherwise.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.has(scope) {
            return Ok(());
        }
        let needed = scope.as_str();
        Err(Problem::new(ProblemKind::Forbidden, format!("The key lacks the scope `{needed}`.")))
    }

    /// Checks that the key is a platform key with the scope `platform`; 403 otherwise.
    fn require_platform(&self) -> Result<(), Problem> {
        self.require(Scope::Platform)?;
        match self.owner {
            KeyOwner::Platform => Ok(()),
            KeyOwner::Account(_) => {
                let detail = "The key belongs to an account; this route requires a platform key.";
                Err(Problem::new(ProblemKind::Forbidden, detail))
            }
        }
    }

    /// The account that this request acts for. Refuses a key without `scope`, or limited to one webhook.
    pub fn acting_for(&self, headers: &HeaderMap, scope: Scope) -> Result<ActingFor, Problem> {
        let (acting, only) = self.acting_within(headers, scope)?;
        if only.is_some() { Err(whole_account_required()) } else { Ok(acting) }
    }

    /// The account that this request acts for, and the only webhook that the key may access, if it is limited to one.
    /// Refuses a key without `scope`.
    pub(super) fn acting_within(
        &self,
        headers: &HeaderMap,
        scope: Scope,
    ) -> Result<(ActingFor, Option<WebhookId>), Problem> {
        Ok((self.account_for(headers, scope)?, self.only))
    }

    fn account_for(&self, headers: &HeaderMap, scope: Scope) -> Result<ActingFor, Problem> {
        self.require(scope)?;
        self.account_of(headers)?.ok_or_else(|| {
            let detail = "Name the account that the platform key acts for in `X-Account-Id`.";
            Problem::new(ProblemKind::InvalidRequest, detail)
        })
    }

    /// The key's own account, or the one that a platform key names, if any. Checks no scope but `platform`.
    pub(super) fn account_of(&self, headers: &HeaderMap) -> Result<Option<ActingFor>, Problem> {
        let named = match headers.get(ACCOUNT_HEADER) {
            None => None,
            Some(value) => {
                Some(value.to_str().ok().and_then(|id| id.parse().ok()).ok_or_else(|| {
                    let rule = crate::domain::account::InvalidAccountId;
                    Problem::new(ProblemKind::InvalidRequest, format!("`X-Account-Id` {rule}."))
                })?)
            }
        };
        match (&self.owner, named) {
            (KeyOwner::Account(own), None) => Ok(Some(ActingFor::Own(own.clone()))),
            (KeyOwner::Account(own), Some(named)) if *own == named => {
                Ok(Some(ActingFor::Own(named)))
            }
            (KeyOwner::Account(_), Some(_)) => Err(Problem::new(
                ProblemKind::Forbidden,
                "The key does not belong to the account in `X-Account-Id`.",
            )),
            (KeyOwner::Platform, Some(named)) => {
                self.require_platform()?;
                Ok(Some(ActingFor::Named(named)))
            }
            (KeyOwner::Platform, None) => Ok(None),
        }
    }
}

/// 403: the route needs the whole account, but the key is limited to one webhook.
fn whole_account_required() -> Problem {
    let detail =
        "The key is limited to one webhook; this route requires a key of the whole account.";
    Problem::new(ProblemKind::Forbidden, detail)
}

/// 404: the account that a platform key names does not exist.
pub(super) fn unknown_account(id: &AccountId) -> Problem {
    Problem::new(ProblemKind::NotFound, format!("There is no account `{id}`."))
}

/// A scope as a type, so that a handler's signature names the scope it needs.
pub trait RequiredScope: Send {
    /// The scope.
    const SCOPE: Scope;
}

/// Reading webhooks and subscriptions.
pub struct WebhooksRead;
impl RequiredScope for WebhooksRead {
    const SCOPE: Scope = Scope::WebhooksRead;
}

/// Changing webhooks and subscriptions.
pub struct WebhooksWrite;
impl RequiredScope for WebhooksWrite {
    const SCOPE: Scope = Scope::WebhooksWrite;
}

/// Reading the log of deliveries.
pub struct DeliveriesRead;
impl RequiredScope for DeliveriesRead {
    const SCOPE: Scope = Scope::DeliveriesRead;
}

/// Sending deliveries again.
pub struct DeliveriesWrite;
impl RequiredScope for DeliveriesWrite {
    const SCOPE: Scope = Scope::DeliveriesWrite;
}

/// Erasing reports.
pub struct ReportsErase;
impl RequiredScope for ReportsErase {
    const SCOPE: Scope = Scope::ReportsErase;
}

/// Checks that the account exists and is not being erased; 404 or 403 otherwise.
pub(super) async fn existing_account<D: AccountStatusLookup>(
    acting: ActingFor,
    store: &D,
) -> Result<AccountId, Problem> {
    match acting {
        ActingFor::Own(id) => Ok(id),
        ActingFor::Named(id) => match store.account_status(&id).await? {
            Some(AccountStatus::Active) => Ok(id),
            Some(AccountStatus::Erasing) => Err(Problem::account_erasing(&id)),
            None => Err(unknown_account(&id)),
        },
    }
}

/// The account that a request acts for with the scope `S`, and its query with the parameters `P`. Refuses a key that is
/// limited to one webhook with 403; a route for such keys takes a [`NarrowableAccount`](super::NarrowableAccount).
pub struct ActingAccount<S, P = NoParameters> {
    /// The account.
    pub id: AccountId,
    /// The caller, for scopes that depend on the body, and for logs.
    pub caller: Caller,
    /// The query parameters.
    pub query: HashMap<String, String>,
    types: PhantomData<(S, P)>,
}

impl<D, S, P> FromRequestParts<Arc<D>> for ActingAccount<S, P>
where
    D: AccountStatusLookup + 'static,
    S: RequiredScope,
    P: Parameters,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, store: &Arc<D>) -> Result<Self, Problem> {
        let caller = Caller::from_extensions(&parts.extensions)?;
        let acting = caller.acting_for(&parts.headers, S::SCOPE)?;
        let id = existing_account(acting, &**store).await?;
        let query = read_query::<P>(parts.uri.query())?;
        Ok(Self { id, caller, query, types: PhantomData })
    }
}

/// A platform key with the scope `platform`, and the request's query with the parameters `P`.
pub struct PlatformCaller<P = NoParameters> {
    /// The caller, for checks that depend on the key.
    pub caller: Caller,
    /// The query parameters.
    pub query: HashMap<String, String>,
    types: PhantomData<P>,
}

impl<S: Send + Sync, P: Parameters> FromRequestParts<S> for PlatformCaller<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = Caller::from_extensions(&parts.extensions)?;
        caller.require_platform()?;
        Ok(Self { caller, query: read_query::<P>(parts.uri.query())?, types: PhantomData })
    }
}

#[cfg(test)]
mod tests;
