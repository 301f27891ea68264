//! `/v1/subscriptions`. A key that is limited to one webhook reads and deletes the subscriptions of that webhook. It
//! creates none: a subscription chooses which reports of the account a webhook gets.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::ids::SubscriptionId;
use callhook::domain::subscription::Subscription;
use callhook::http_api::{
    ActingAccount, JsonObject, NarrowableAccount, Paging, Problem, Reach, WebhooksRead,
    WebhooksWrite, created, json_reply, no_content,
};
use callhook::input::fields::FieldErrors;
use callhook::input::page::{ListTag, PageRequest};
use callhook::ports::store::NewSubscriptionError;
use http::StatusCode;
use jiff::Timestamp;

use crate::state::Store;

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
        Err(NewSubscriptionError::Exists(id)) => Err(exists(id)),
        Err(NewSubscriptionError::TooMany(most)) => {
            Err(Problem::quota_exceeded(most, "subscriptions"))
        }
        Err(NewSubscriptionError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn read<D: Store>(
    account: NarrowableAccount<WebhooksRead>,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let subscription = existing(&*store, account.reach(), parsed_id(&id)?).await?;
    Ok(json_reply(StatusCode::OK, &subscription))
}

pub(crate) async fn list<D: Store>(
    account: NarrowableAccount<WebhooksRead, Paging>,
    State(store): State<Arc<D>>,
) -> Result<Response, Problem> {
    let (account_id, only) = account.reach().parts();
    let list = ListTag::new("subscriptions", account_id.as_str(), &account.query);
    let page = PageRequest::from_query(&account.query, &list);
    let page = page.map_err(Problem::invalid_parameters)?;
    let page = store.subscriptions(account_id, only, &page).await?;
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

pub(crate) async fn delete<D: Store>(
    account: NarrowableAccount<WebhooksWrite>,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let account_id = match account.reach() {
        Reach::Whole(account_id) => account_id,
        Reach::Only(webhook) => {
            existing(&*store, account.reach(), id).await?;
            webhook.account()
        }
    };
    let deleted = store.delete_subscription(account_id, id).await?;
    if deleted { Ok(no_content()) } else { Err(no_such_subscription()) }
}

/// The subscription, if the key may use its webhook.
async fn existing<D: Store>(
    store: &D,
    reach: Reach<'_>,
    id: SubscriptionId,
) -> Result<Subscription, Problem> {
    let (account_id, _) = reach.parts();
    let found = store.subscription(account_id, id).await?;
    found.filter(|found| reach.permits(found.webhook_id)).ok_or_else(no_such_subscription)
}

fn parsed_id(id: &str) -> Result<SubscriptionId, Problem> {
    id.parse().map_err(|_| no_such_subscription())
}

/// 409, with the id of the existing subscription.
fn exists(id: SubscriptionId) -> Problem {
    let detail = format!(
        "The webhook subscribes to this event and identity already: `/v1/subscriptions/{id}`."
    );
    Problem::exists(detail, id)
}

fn no_such_subscription() -> Problem {
    Problem::no_such("subscription")
}
