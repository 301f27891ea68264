//! `DELETE /v1/accounts/{id}?confirm={id}`: the account and all that is stored of it.
//!
//! Its keys can do nothing from then on but say so; the function eraser does the rest.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::delete;
use axum::{Extension, Router};
use callhook::account::{Account, AccountId, AccountStatus};
use callhook::api_key::{KeyId, KeyOwner};
use callhook::http_api::{Parameters, PlatformCaller, Problem, ProblemKind, accepted};
use callhook::message::{AccountErasure, ErasureMessage};
use callhook::page::{Listed, PageRequest};
use callhook::queue::{MessageQueue, Outgoing};
use callhook::store::WriteError;
use jiff::Timestamp;

use crate::accounts::existing;
use crate::app::Store;

/// How long the message waits for the account's tombstone: workers are not sent out in vain.
const HEAD_START: Duration = Duration::from_secs(1);

/// The route.
pub(crate) fn routes<D: Store, Q: MessageQueue>(erasures: Arc<Q>) -> Router<Arc<D>> {
    Router::new().route("/v1/accounts/{id}", delete(erase::<D, Q>)).layer(Extension(erasures))
}

/// The parameters of the route.
struct Confirmation;

impl Parameters for Confirmation {
    const NAMES: &'static [&'static str] = &["confirm"];
}

/// Asked for again, it goes on with what is under way: should its message be lost, this brings
/// another.
async fn erase<D: Store, Q: MessageQueue>(
    PlatformCaller { query, .. }: PlatformCaller<Confirmation>,
    State(store): State<Arc<D>>,
    Extension(erasures): Extension<Arc<Q>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?;
    if query.get("confirm").map(String::as_str) != Some(account.id.as_str()) {
        return Err(not_confirmed());
    }
    let asked_at = Timestamp::now();
    let erasing = Account { status: AccountStatus::Erasing, ..account };
    // The message first: one without a tombstone is dropped by its worker, while a tombstone
    // without a message would look as if somebody was at work.
    send(&*erasures, &erasing.id, asked_at).await?;
    match store.begin_erasure(&erasing, asked_at).await {
        Ok(()) => {}
        Err(WriteError::Condition) => {
            return Err(Problem::new(ProblemKind::NotFound, "There is no such account."));
        }
        Err(WriteError::Store(error)) => return Err(error.into()),
    }
    mark_keys(&*store, &erasing.id, asked_at).await?;
    Ok(accepted(&format!("/v1/accounts/{}", erasing.id), &erasing))
}

/// 400: a slip of the hand must not cost a client all it has.
fn not_confirmed() -> Problem {
    Problem::new(
        ProblemKind::InvalidRequest,
        "This deletes the account with its keys, webhooks, subscriptions and reports, for good. \
         Name it once more to confirm that: `DELETE /v1/accounts/{id}?confirm={id}`.",
    )
}

async fn send<Q: MessageQueue>(
    queue: &Q,
    account: &AccountId,
    asked_at: Timestamp,
) -> Result<(), Problem> {
    let account_id = account.clone();
    let message =
        ErasureMessage::Account(AccountErasure { account_id: account_id.clone(), asked_at });
    let unavailable =
        || Problem::new(ProblemKind::Unavailable, "The queue did not take it. Try again shortly.");
    let body = message.to_json().map_err(|_| unavailable())?;
    let outgoing = Outgoing { body, account_id, delay: HEAD_START };
    match queue.send(vec![outgoing]).await.pop() {
        Some(Ok(())) => Ok(()),
        sent => {
            tracing::error!(error = ?sent, "an erasure was not queued");
            Err(unavailable())
        }
    }
}

/// Has the keys of an account say that it is being erased. Eraser deletes those that this leaves
/// out, should it break off.
async fn mark_keys<D: Store>(
    store: &D,
    account: &AccountId,
    asked_at: Timestamp,
) -> Result<(), Problem> {
    let owner = KeyOwner::Account(account.clone());
    let mut after = None;
    loop {
        let page = PageRequest { limit: PageRequest::<KeyId>::MAX_LIMIT, after };
        let page = store.keys(&owner, &page).await?;
        for key in page.data {
            // A key whose list item is unreadable may still work.
            let id = match key {
                Listed::Item(key) if key.is_expired_link(asked_at) => None,
                Listed::Item(key) => Some(key.id),
                Listed::Unreadable { id } => id.parse().ok(),
            };
            if let Some(id) = id {
                store.mark_erasing(account, &id).await?;
            }
        }
        after = page.next_cursor.and_then(|cursor| cursor.parse().ok());
        if after.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
