//! `/v1/accounts`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::account::{Account, AccountId};
use callhook::domain::erasure::Tombstone;
use callhook::domain::webhook::WebhookStatus;
use callhook::http_api::{
    JsonObject, Paging, PlatformCaller, Problem, ProblemKind, created, json_reply,
};
use callhook::input::fields::FieldErrors;
use callhook::input::page::{ListTag, PageRequest};
use callhook::ports::store::WriteError;
use http::StatusCode;
use jiff::Timestamp;

use crate::state::Store;

pub(crate) async fn create<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let account =
        Account::from_request(&body, Timestamp::now()).map_err(Problem::invalid_fields)?;
    if account.operational_webhook_id.is_some() {
        return Err(invalid_operational(
            "must be absent: a new account has no webhooks; set it by PATCH",
        ));
    }
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
    if body.contains_key(OPERATIONAL) {
        check_operational(&*store, &account).await?;
    }
    match store.replace_account(&account).await {
        Ok(()) => Ok(json_reply(StatusCode::OK, &account)),
        Err(WriteError::Condition) => Err(no_such_account()),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn list<D: Store>(
    PlatformCaller { query, .. }: PlatformCaller<Paging>,
    State(store): State<Arc<D>>,
) -> Result<Response, Problem> {
    let list = ListTag::new("accounts", "", &query);
    let page = PageRequest::from_query(&query, &list).map_err(Problem::invalid_parameters)?;
    Ok(json_reply(StatusCode::OK, &store.accounts(&page).await?.shown(&list)))
}

const OPERATIONAL: &str = "operational_webhook_id";

/// 422 unless the operational webhook belongs to the account and is active.
async fn check_operational<D: Store>(store: &D, account: &Account) -> Result<(), Problem> {
    let Some(webhook) = account.operational_webhook_id else { return Ok(()) };
    match store.webhook_status(&account.id, webhook).await? {
        Some(WebhookStatus::Active) => Ok(()),
        Some(WebhookStatus::Inactive | WebhookStatus::Disabled { .. }) => {
            Err(invalid_operational("names a webhook that is not active; make it active first"))
        }
        None => Err(invalid_operational("names no webhook of this account")),
    }
}

fn invalid_operational(message: &str) -> Problem {
    Problem::invalid_fields(FieldErrors::of(OPERATIONAL, message))
}

/// The account that a path names.
pub(crate) async fn existing<D: Store>(store: &D, id: &str) -> Result<Account, Problem> {
    let id: AccountId = id.parse().map_err(|_| no_such_account())?;
    store.account(&id).await?.ok_or_else(no_such_account)
}

fn no_such_account() -> Problem {
    Problem::new(ProblemKind::NotFound, "There is no such account.")
}
