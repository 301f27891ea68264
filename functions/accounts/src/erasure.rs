//! `DELETE /v1/accounts/{id}?confirm={id}`: begins the erasure of an account and its data.
//!
//! From then on every request with its keys is refused as `erasing`; the function eraser deletes the data.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::delete;
use axum::{Extension, Router};
use callhook::domain::account::{Account, AccountId, AccountStatus};
use callhook::domain::api_key::{KeyId, KeyOwner};
use callhook::domain::message::{AccountErasure, ErasureMessage};
use callhook::http_api::{Parameters, PlatformCaller, Problem, ProblemKind, accepted};
use callhook::input::page::{Listed, PageRequest};
use callhook::ports::queue::{MessageQueue, Outgoing};
use callhook::ports::store::WriteError;
use jiff::Timestamp;

use crate::accounts::existing;
use crate::state::Store;

/// Delay of the message: the tombstone is stored before eraser receives it.
const MESSAGE_DELAY: Duration = Duration::from_secs(1);

pub(crate) fn routes<D: Store, Q: MessageQueue>(erasures: Arc<Q>) -> Router<Arc<D>> {
    Router::new().route("/v1/accounts/{id}", delete(erase::<D, Q>)).layer(Extension(erasures))
}

/// The parameters of the route.
struct Confirmation;

impl Parameters for Confirmation {
    const NAMES: &'static [&'static str] = &["confirm"];
}

/// A repeated request continues the erasure: it queues the message again, in case the first was lost.
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
    // The message first: eraser drops a message without a tombstone, while a tombstone without a
    // message would never be acted on.
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

/// 400: an accidental request must not erase an account.
fn not_confirmed() -> Problem {
    Problem::new(
        ProblemKind::InvalidRequest,
        "This deletes the account with its keys, webhooks, subscriptions and reports, for good. \
         Repeat its id to confirm: `DELETE /v1/accounts/{id}?confirm={id}`.",
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
    let unavailable = || {
        Problem::new(
            ProblemKind::Unavailable,
            "The queue did not accept the message. Try again shortly.",
        )
    };
    let body = message.to_json().map_err(|_| unavailable())?;
    let outgoing = Outgoing { body, account_id, delay: MESSAGE_DELAY };
    match queue.send(vec![outgoing]).await.pop() {
        Some(Ok(())) => Ok(()),
        sent => {
            tracing::error!(error = ?sent, "failed to queue an erasure");
            Err(unavailable())
        }
    }
}

/// Marks the keys of an account as those of an erased one. Eraser deletes the keys that a crash leaves
/// unmarked.
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
