//! What of an account a key may reach: the whole account, or one webhook of it.
//!
//! A handler chooses by its argument. [`ActingAccount`](super::ActingAccount) refuses a key that is limited to one
//! webhook, so a route is closed to such keys unless its handler asks for [`NarrowableAccount`], which gives the
//! account's id only together with a webhook that the key may reach, or with the [`Reach`] of the key.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::caller::{Caller, RequiredScope, existing_account};
use super::problem::{Problem, ProblemKind};
use super::query::{NoParameters, Parameters, read_query};
use crate::account::AccountId;
use crate::delivery::DeliveryKey;
use crate::ids::WebhookId;
use crate::report::Report;
use crate::store::AccountStatusLookup;

/// The existing account that a request acts for, or one webhook of it if the key is limited to that, with the right
/// `S`, and the request's query, whose parameters are among `P`'s.
///
/// A route about one webhook asks for [`webhook`](Self::webhook), one about a delivery for
/// [`delivery`](Self::delivery), and a list narrows itself by [`reach`](Self::reach).
pub struct NarrowableAccount<S, P = NoParameters> {
    /// Who calls, for rights that depend on the body, and for logs.
    pub caller: Caller,
    /// The parameters of the query.
    pub query: HashMap<String, String>,
    id: AccountId,
    only: Option<WebhookId>,
    right: PhantomData<(S, P)>,
}

/// What of an account a key may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// All of the account.
    Whole(&'a AccountId),
    /// One webhook of it, which may have been deleted since.
    Only(PermittedWebhook<'a>),
}

/// The id of a webhook that the calling key may reach, and the account that it belongs to if it exists.
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
    /// The account, and the only webhook of it that may be shown; none if all may.
    pub fn parts(self) -> (&'a AccountId, Option<WebhookId>) {
        match self {
            Self::Whole(account) => (account, None),
            Self::Only(webhook) => (webhook.account, Some(webhook.id)),
        }
    }

    /// A report as it may be shown: to a key of one webhook it names no other.
    pub fn shown(self, report: Arc<Report>) -> Arc<Report> {
        match self {
            Self::Whole(_) => report,
            Self::Only(webhook) => Arc::new(Arc::unwrap_or_clone(report).naming_only(webhook.id)),
        }
    }

    /// Whether `webhook` may be shown.
    pub fn permits(self, webhook: WebhookId) -> bool {
        self.parts().1.is_none_or(|only| only == webhook)
    }
}

impl<S, P> NarrowableAccount<S, P> {
    /// What the key may reach.
    pub fn reach(&self) -> Reach<'_> {
        match self.only {
            None => Reach::Whole(&self.id),
            Some(id) => Reach::Only(PermittedWebhook { account: &self.id, id }),
        }
    }

    /// The webhook that a path names; 404, as for an unknown one, if `id` is no id or the key may not reach it.
    pub fn webhook(&self, id: &str) -> Result<PermittedWebhook<'_>, Problem> {
        let permitted = id.parse().ok().and_then(|id| self.permitted(id));
        permitted.ok_or_else(|| Problem::no_such("webhook"))
    }

    /// The delivery that a path names, and its webhook; 404, as for an unknown one, if `id` is no id or the key may
    /// not reach the webhook.
    pub fn delivery(&self, id: &str) -> Result<(PermittedWebhook<'_>, DeliveryKey), Problem> {
        let key: Option<DeliveryKey> = id.parse().ok();
        let permitted = key.and_then(|key| Some((self.permitted(key.webhook_id)?, key)));
        permitted.ok_or_else(|| Problem::no_such("delivery"))
    }

    /// The webhook `id`, if the key may reach it. For an id that does not come from a path.
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
        Ok(Self { caller, query, id, only, right: PhantomData })
    }
}

/// The answer of a route of the whole account to a key that is limited to one webhook.
pub(super) fn takes_whole_account() -> Problem {
    let detail = "The key is limited to one webhook; this takes a key of the whole account.";
    Problem::new(ProblemKind::Forbidden, detail)
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
