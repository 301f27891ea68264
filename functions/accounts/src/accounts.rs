//! `/v1/accounts`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use callhook::account::{Account, AccountId};
use callhook::erasure::Tombstone;
use callhook::http_api::{JsonObject, PlatformCaller, Problem, ProblemKind, created, json_reply};
use callhook::page::PageRequest;
use callhook::store::WriteError;
use http::StatusCode;
use jiff::Timestamp;

use crate::app::Store;

pub(crate) async fn create<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let account =
        Account::from_request(&body, Timestamp::now()).map_err(Problem::invalid_fields)?;
    match store.create_account(&account).await {
        Ok(()) => Ok(created(&format!("/v1/accounts/{}", account.id), &account)),
        Err(WriteError::Condition) => {
            let detail = format!(
                "There is an account `{}` already, or there was one that was erased within the \
                 last {} days.",
                account.id,
                Tombstone::LIFETIME.as_secs() / (24 * 60 * 60)
            );
            Err(Problem::new(ProblemKind::Conflict, detail))
        }
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn read<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?;
    Ok(json_reply(StatusCode::OK, &account))
}

pub(crate) async fn patch<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?.patched(&body).map_err(Problem::invalid_fields)?;
    match store.replace_account(&account).await {
        Ok(()) => Ok(json_reply(StatusCode::OK, &account)),
        Err(WriteError::Condition) => Err(no_such_account()),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn list<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let page = PageRequest::from_query(&query).map_err(Problem::invalid_parameters)?;
    Ok(json_reply(StatusCode::OK, &store.accounts(&page).await?))
}

/// The account that a path names.
pub(crate) async fn existing<D: Store>(store: &D, id: &str) -> Result<Account, Problem> {
    let id: AccountId = id.parse().map_err(|_| no_such_account())?;
    store.account(&id).await?.ok_or_else(no_such_account)
}

fn no_such_account() -> Problem {
    Problem::new(ProblemKind::NotFound, "There is no such account.")
}
