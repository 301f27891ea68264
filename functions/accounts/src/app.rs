//! The routes.

use std::sync::Arc;

use axum::routing::{delete, get, post};
use axum::{Extension, Router, middleware};
use callhook::domain::api_key::KeyLifetime;
use callhook::http_api::{method_not_allowed, not_found, with_request_id};
use callhook::ports::queue::MessageQueue;

use crate::console_links::PublicUrl;
use crate::state::Store;
use crate::{accounts, calling_key, console_links, erasure, keys};

/// All routes of the function. `lifetime` is the longest of a new key; console links begin with `public_url`.
pub(crate) fn router<D: Store, Q: MessageQueue>(
    store: Arc<D>,
    erasures: Arc<Q>,
    lifetime: KeyLifetime,
    public_url: PublicUrl,
) -> Router {
    Router::new()
        .route("/v1/key", get(calling_key::read::<D>))
        .route("/v1/accounts", get(accounts::list::<D>).post(accounts::create::<D>))
        .route("/v1/accounts/{id}", get(accounts::read::<D>).patch(accounts::patch::<D>))
        .route(
            "/v1/accounts/{id}/keys",
            get(keys::list_of_account::<D>).post(keys::create_for_account::<D>),
        )
        .route("/v1/accounts/{id}/keys/{key_id}", delete(keys::revoke_of_account::<D>))
        .route("/v1/accounts/{id}/console-links", post(console_links::create::<D>))
        .route(
            "/v1/platform-keys",
            get(keys::list_of_platform::<D>).post(keys::create_for_platform::<D>),
        )
        .route("/v1/platform-keys/{key_id}", delete(keys::revoke_of_platform::<D>))
        .merge(erasure::routes(erasures))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(Extension(lifetime))
        .layer(Extension(public_url))
        .layer(middleware::from_fn(with_request_id))
        .with_state(store)
}

#[cfg(test)]
pub(crate) mod tests;
