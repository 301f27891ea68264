//! Access to a whole account, or to one webhook of it.
//!
//! A handler chooses by its argument. [`ActingAccount`](super::ActingAccount) refuses a key that is limited to one
//! webhook. [`NarrowableAccount`] accepts it, and gives the account's id only together with a webhook that the key may
//! access, or with the key's [`Reach`].

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::caller::{Caller, RequiredScope, existing_account};
use super::problem::Problem;
use super::query::{NoParameters, Parameters, read_query};
use crate::domain::account::AccountId;
use crate::domain::delivery::DeliveryKey;
use crate::domain::ids::WebhookId;
use crate::domain::report::Report;
use crate::ports::store::AccountStatusLookup;

/// The account that a request acts for with the scope `S`, or one webhook of it if the key is limited to that, and the
/// request's query with the parameters `P`.
///
/// A route for one webhook uses [`webhook`](Self::webhook), one for a delivery [`delivery`](Self::delivery), and a list
/// filters by [`reach`](Self::reach).
pub struct NarrowableAccount<S, P = NoParameters> {
    /// The caller, for scopes that depend on the body, and for logs.
    pub caller: Caller,
    /// The query parameters.
    pub query: HashMap<String, String>,
    id: AccountId,
    only: Option<WebhookId>,
    types: PhantomData<(S, P)>,
}

/// The part of an account that a key may access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// All of the account.
    Whole(&'a AccountId),
    /// One webhook of it, which may have been deleted since.
    Only(PermittedWebhook<'a>),
}

/// The id of a webhook that the calling key may access, and its account. The webhook may not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermittedWebhook<'a> {
    account: &'a AccountId,
    id: WebhookId,
}

impl<'a> PermittedWebhook<'a> {
    /// The account.
    pub fn account(self) -> &'a AccountId {
        self.account
    }

    /// The webhook's id. The account may have no such webhook.
    pub fn id(self) -> WebhookId {
        self.id
    }
}

impl<'a> Reach<'a> {
    /// The account, and the only webhook that the key may access; `None` for all.
    pub fn parts(self) -> (&'a AccountId, Option<WebhookId>) {
        match self {
            Self::Whole(account) => (account, None),
            Self::Only(webhook) => (webhook.account, Some(webhook.id)),
        }
    }

    /// The report for this key: for a key of one webhook, it names no other webhook.
    pub fn shown(self, report: Arc<Report>) -> Arc<Report> {
        match self {
            Self::Whole(_) => report,
            Self::Only(webhook) => Arc::new(Arc::unwrap_or_clone(report).naming_only(webhook.id)),
        }
    }

    /// Whether the key may access `webhook`.
    pub fn permits(self, webhook: WebhookId) -> bool {
        self.parts().1.is_none_or(|only| only == webhook)
    }
}

impl<S, P> NarrowableAccount<S, P> {
    /// The part of the account that the key may access.
    pub fn reach(&self) -> Reach<'_> {
        match self.only {
            None => Reach::Whole(&self.id),
            Some(id) => Reach::Only(PermittedWebhook { account: &self.id, id }),
        }
    }

    /// The webhook in a path; 404, as for an unknown one, if `id` is invalid or the key may not access it.
    pub fn webhook(&self, id: &str) -> Result<PermittedWebhook<'_>, Problem> {
        let permitted = id.parse().ok().and_then(|id| self.permitted(id));
        permitted.ok_or_else(|| Problem::no_such("webhook"))
    }

    /// The delivery in a path, and its webhook; 404, as for an unknown one, if `id` is invalid or the key may not
    /// access the webhook.
    pub fn delivery(&self, id: &str) -> Result<(PermittedWebhook<'_>, DeliveryKey), Problem> {
        let key: Option<DeliveryKey> = id.parse().ok();
        let permitted = key.and_then(|key| Some((self.permitted(key.webhook_id)?, key)));
        permitted.ok_or_else(|| Problem::no_such("delivery"))
    }

    /// The webhook `id`, if the key may access it. For an id that does not come from a path.
    pub fn permitted(&self, id: WebhookId) -> Option<PermittedWebhook<'_>> {
        self.reach().permits(id).then_some(PermittedWebhook { account: &self.id, id })
    }
}

impl<D, S, P> FromRequestParts<Arc<D>> for NarrowableAccount<S, P>
where
    D: AccountStatusLookup + 'static,
    S: RequiredScope,
    P: Parameters,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, store: &Arc<D>) -> Result<Self, Problem> {
        let caller = Caller::from_extensions(&parts.extensions)?;
        let (acting, only) = caller.acting_within(&parts.headers, S::SCOPE)?;
        let id = existing_account(acting, &**store).await?;
        let query = read_query::<P>(parts.uri.query())?;
        Ok(Self { caller, query, id, only, types: PhantomData })
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
