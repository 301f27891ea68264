//! Who calls, and for which account. A handler gets an account only through
//! [`ActingAccount`] or [`Caller::acting_for`], which check the key's scopes.

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
use crate::account::{AccountId, AccountStatus};
use crate::api_key::{KeyOwner, KeyRecord};
use crate::scope::{Scope, Scopes};
use crate::store::AccountStatusLookup;

/// The header in which a key of the platform names the account it acts for.
const ACCOUNT_HEADER: &str = "x-account-id";

/// A caller whose key the authorizer has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key's id, for logs: what the authorizer said.
    key_id: Option<String>,
    owner: KeyOwner,
    scopes: Scopes,
}

/// The account that a request acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActingFor {
    /// The account that the key belongs to: it exists.
    Own(AccountId),
    /// An account that a key of the platform names: whether it exists is still to be seen.
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
    /// What stands for the id of a key where the operator calls (`infra/platform_key.py`). No key has it.
    pub const OPERATOR: &str = "operator";

    /// The caller that the authorizer passed on with the request.
    pub fn from_extensions(extensions: &Extensions) -> Result<Self, Problem> {
        let unauthorized = || {
            Problem::new(
                ProblemKind::Unauthorized,
                "Send an API key: `Authorization: Bearer chk_…`.",
            )
        };
        let Some(RequestContext::ApiGatewayV2(context)) = extensions.get() else {
            return Err(unauthorized());
        };
        let authorizer = context.authorizer.as_ref().ok_or_else(unauthorized)?;
        let text = |name: &str| authorizer.fields.get(name).and_then(Value::as_str);
        let scopes = Scopes::from_words(text("scopes").ok_or_else(unauthorized)?);
        let is_erasing = text("account_status") == Some(KeyRecord::ERASING);
        let owner = match authorizer.fields.get("account_id") {
            Some(Value::String(id)) => {
                let id = id.parse().map_err(|_| unauthorized())?;
                if is_erasing {
                    return Err(Problem::account_erasing(&id));
                }
                KeyOwner::Account(id)
            }
            // Only what names no account at all is the platform's.
            Some(_) => return Err(unauthorized()),
            None => KeyOwner::Platform,
        };
        Ok(Self { key_id: text("key_id").map(str::to_owned), owner, scopes })
    }

    /// The id of the caller's key, for log lines.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The key's scopes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Whether the operator calls, without a key: by invoking the function, which takes rights in the AWS account.
    pub fn is_operator(&self) -> bool {
        self.key_id() == Some(Self::OPERATOR)
    }

    /// Whether the key has `scope`.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(scope)
    }

    /// Checks that the key has `scope`.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.has(scope) {
            return Ok(());
        }
        let needed = scope.as_str();
        Err(Problem::new(ProblemKind::Forbidden, format!("The key lacks the scope `{needed}`.")))
    }

    /// Checks that the key is one of the platform, and has the scope `platform`.
    fn require_platform(&self) -> Result<(), Problem> {
        self.require(Scope::Platform)?;
        match self.owner {
            KeyOwner::Platform => Ok(()),
            KeyOwner::Account(_) => {
                let detail = "The key belongs to an account; this takes a key of the platform.";
                Err(Problem::new(ProblemKind::Forbidden, detail))
            }
        }
    }

    /// The account that this request acts for, if the key has `scope` and may act for it.
    pub fn acting_for(&self, headers: &HeaderMap, scope: Scope) -> Result<ActingFor, Problem> {
        self.require(scope)?;
        let named = match headers.get(ACCOUNT_HEADER) {
            None => None,
            Some(value) => {
                Some(value.to_str().ok().and_then(|id| id.parse().ok()).ok_or_else(|| {
                    let rule = crate::account::InvalidAccountId;
                    Problem::new(ProblemKind::InvalidRequest, format!("`X-Account-Id` {rule}."))
                })?)
            }
        };
        match (&self.owner, named) {
            (KeyOwner::Account(own), None) => Ok(ActingFor::Own(own.clone())),
            (KeyOwner::Account(own), Some(named)) if *own == named => Ok(ActingFor::Own(named)),
            (KeyOwner::Account(_), Some(_)) => Err(Problem::new(
                ProblemKind::Forbidden,
                "The key belongs to another account than `X-Account-Id` names.",
            )),
            (KeyOwner::Platform, Some(named)) => {
                self.require_platform()?;
                Ok(ActingFor::Named(named))
            }
            (KeyOwner::Platform, None) => Err(Problem::new(
                ProblemKind::InvalidRequest,
                "A key of the platform must name the account it acts for in `X-Account-Id`.",
            )),
        }
    }
}

/// No account of the id that a key of the platform named.
pub(super) fn unknown_account(id: &AccountId) -> Problem {
    Problem::new(ProblemKind::NotFound, format!("There is no account `{id}`."))
}

/// A scope as a type, so that a handler's signature names the right it needs.
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

/// Having deliveries sent again.
pub struct DeliveriesWrite;
impl RequiredScope for DeliveriesWrite {
    const SCOPE: Scope = Scope::DeliveriesWrite;
}

/// Erasing reports.
pub struct ReportsErase;
impl RequiredScope for ReportsErase {
    const SCOPE: Scope = Scope::ReportsErase;
}

/// The existing account that a request acts for, with the right `S`, and the request's query, whose
/// parameters are among `P`'s.
pub struct ActingAccount<S, P = NoParameters> {
    /// The account.
    pub id: AccountId,
    /// Who calls, for rights that depend on the body, and for logs.
    pub caller: Caller,
    /// The parameters of the query.
    pub query: HashMap<String, String>,
    right: PhantomData<(S, P)>,
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
        let id = match caller.acting_for(&parts.headers, S::SCOPE)? {
            ActingFor::Own(id) => id,
            ActingFor::Named(id) => match store.account_status(&id).await? {
                Some(AccountStatus::Active) => id,
                // Nothing is added to what is being erased, nor read from it.
                Some(AccountStatus::Erasing) => return Err(Problem::account_erasing(&id)),
                None => return Err(unknown_account(&id)),
            },
        };
        let query = read_query::<P>(parts.uri.query())?;
        Ok(Self { id, caller, query, right: PhantomData })
    }
}

/// The platform itself: a key of its own with the scope `platform`. With the request's query, whose
/// parameters are among `P`'s.
pub struct PlatformCaller<P = NoParameters> {
    /// Who calls, for what depends on the key.
    pub caller: Caller,
    /// The parameters of the query.
    pub query: HashMap<String, String>,
    takes: PhantomData<P>,
}

impl<S: Send + Sync, P: Parameters> FromRequestParts<S> for PlatformCaller<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = Caller::from_extensions(&parts.extensions)?;
        caller.require_platform()?;
        Ok(Self { caller, query: read_query::<P>(parts.uri.query())?, takes: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(owner: KeyOwner, scopes: &[Scope]) -> Caller {
        Caller { key_id: None, owner, scopes: Scopes::new(scopes.iter().copied()) }
    }

    fn headers(account: Option<&str>) -> HeaderMap {
        account
            .map(|id| (http::HeaderName::from_static(ACCOUNT_HEADER), id.parse().unwrap()))
            .into_iter()
            .collect()
    }

    fn acme() -> AccountId {
        "acme".parse().unwrap()
    }

    #[test]
    fn an_account_key_acts_for_its_own_account_only() {
        let caller = caller(KeyOwner::Account(acme()), &[Scope::WebhooksRead]);
        let acting = |named| caller.acting_for(&headers(named), Scope::WebhooksRead);
        assert_eq!(acting(None).unwrap(), ActingFor::Own(acme()));
        assert_eq!(acting(Some("acme")).unwrap(), ActingFor::Own(acme()));
        assert_eq!(acting(Some("other")).unwrap_err().to_value()["status"], 403);
    }

    #[test]
    fn a_platform_key_must_name_an_account() {
        let caller = caller(KeyOwner::Platform, &[Scope::Platform, Scope::WebhooksRead]);
        let acting = |named| caller.acting_for(&headers(named), Scope::WebhooksRead);
        assert_eq!(acting(Some("acme")).unwrap(), ActingFor::Named(acme()));
        assert_eq!(acting(None).unwrap_err().to_value()["status"], 400);
        assert_eq!(acting(Some("a b")).unwrap_err().to_value()["status"], 400);
    }

    #[test]
    fn without_the_scope_there_is_no_account() {
        for (owner, has) in [
            (KeyOwner::Account(acme()), vec![Scope::WebhooksRead, Scope::ReportsWrite]),
            (KeyOwner::Platform, vec![Scope::Platform]),
            // A key of the platform that was made without the scope `platform`.
            (KeyOwner::Platform, vec![Scope::WebhooksWrite]),
        ] {
            let caller = caller(owner, &has);
            let error = caller.acting_for(&headers(Some("acme")), Scope::WebhooksWrite);
            assert_eq!(error.unwrap_err().to_value()["status"], 403, "{has:?}");
        }
    }

    #[test]
    fn a_key_of_an_account_is_not_the_platform_whatever_its_scopes_say() {
        let status = |owner, scopes: &[Scope]| {
            let refused = caller(owner, scopes).require_platform().err();
            refused.map(|problem| problem.to_value()["status"].clone())
        };
        assert_eq!(status(KeyOwner::Platform, &[Scope::Platform]), None);
        assert_eq!(status(KeyOwner::Platform, &[Scope::WebhooksRead]), Some(403.into()));
        assert_eq!(status(KeyOwner::Account(acme()), Scope::ALL), Some(403.into()));
    }

    #[test]
    fn an_account_that_cannot_be_read_is_not_the_platform() {
        for account in [Value::Null, 5.into(), "a b".into(), "".into()] {
            let authorizer = serde_json::json!({"account_id": account, "scopes": "platform"});
            let context = serde_json::json!({
                "http": {"method": "GET"}, "timeEpoch": 0, "authorizer": {"lambda": authorizer},
            });
            let context = serde_json::from_value(context).unwrap();
            let mut extensions = Extensions::new();
            extensions.insert(RequestContext::ApiGatewayV2(context));
            let error = Caller::from_extensions(&extensions).unwrap_err();
            assert_eq!(error.to_value()["status"], 401, "{account}");
        }
    }

    #[test]
    fn a_key_of_an_account_that_is_being_erased_says_so() {
        let context = serde_json::json!({
            "http": {"method": "GET"}, "timeEpoch": 0, "authorizer": {"lambda": {
                "account_id": "acme", "scopes": "webhooks:read", "account_status": "erasing",
            }},
        });
        let mut extensions = Extensions::new();
        let context = serde_json::from_value(context).unwrap();
        extensions.insert(RequestContext::ApiGatewayV2(context));
        let problem = Caller::from_extensions(&extensions).unwrap_err().to_value();
        assert_eq!(problem["type"], "urn:callhook:problem:account-erasing");
        assert_eq!(problem["status"], 403);
        assert!(
            problem["detail"].as_str().unwrap().starts_with("The account `acme` is being erased")
        );
    }

    #[test]
    fn a_request_without_an_authorizer_has_no_caller() {
        let error = Caller::from_extensions(&Extensions::new()).unwrap_err();
        assert_eq!(error.to_value()["status"], 401);
    }
}
