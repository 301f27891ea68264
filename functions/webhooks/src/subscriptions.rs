//! `/v1/subscriptions`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use callhook::fields::FieldErrors;
use callhook::http_api::{
    ActingAccount, JsonObject, Problem, ProblemKind, WebhooksRead, WebhooksWrite, created,
    json_reply, no_content,
};
use callhook::ids::SubscriptionId;
use callhook::page::PageRequest;
use callhook::store::NewSubscriptionError;
use callhook::subscription::Subscription;
use http::StatusCode;
use jiff::Timestamp;

use crate::app::Store;

pub(crate) async fn create<D: Store>(
    account: ActingAccount<WebhooksWrite>,
    State(store): State<Arc<D>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let subscription =
        Subscription::from_request(&body, Timestamp::now()).map_err(Problem::invalid_fields)?;
    match store.create_subscription(&account.id, &subscription).await {
        Ok(()) => Ok(created(&format!("/v1/subscriptions/{}", subscription.id), &subscription)),
        Err(NewSubscriptionError::NoWebhook) => Err(Problem::invalid_fields(FieldErrors::of(
            "webhook_id",
            "names no webhook of this account",
        ))),
        Err(error @ NewSubscriptionError::Exists) => {
            Err(Problem::new(ProblemKind::Conflict, format!("{error}.")))
        }
        Err(NewSubscriptionError::TooMany(most)) => {
            Err(Problem::quota_exceeded(most, "subscriptions"))
        }
        Err(NewSubscriptionError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn read<D: Store>(
    account: ActingAccount<WebhooksRead>,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let found = store.subscription(&account.id, named(&id)?).await?;
    let subscription = found.ok_or_else(none)?;
    Ok(json_reply(StatusCode::OK, &subscription))
}

pub(crate) async fn list<D: Store>(
    account: ActingAccount<WebhooksRead>,
    State(store): State<Arc<D>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let page = PageRequest::from_query(&query).map_err(Problem::invalid_parameters)?;
    Ok(json_reply(StatusCode::OK, &store.subscriptions(&account.id, &page).await?))
}

pub(crate) async fn delete<D: Store>(
    account: ActingAccount<WebhooksWrite>,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let deleted = store.delete_subscription(&account.id, named(&id)?).await?;
    if deleted { Ok(no_content()) } else { Err(none()) }
}

fn named(id: &str) -> Result<SubscriptionId, Problem> {
    id.parse().map_err(|_| none())
}

fn none() -> Problem {
    Problem::no_such("subscription")
}
