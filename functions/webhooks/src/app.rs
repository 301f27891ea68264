//! The routes.

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use callhook::domain::address::AddressPolicy;
use callhook::http_api::{method_not_allowed, not_found, with_request_id};
use callhook::outbound::Outbound;
use callhook::ports::store::OutcomesReader;

use crate::outgoing::TrialTimeout;
use crate::state::Store;
use crate::{preview, rotation, subscriptions, trial, webhooks};

/// All routes of the function.
pub(crate) fn router<D: Store, O: Outbound, F: OutcomesReader>(
    store: Arc<D>,
    client: Arc<O>,
    policy: AddressPolicy,
    max_trial_timeout: TrialTimeout,
    figures: Arc<F>,
) -> Router {
    Router::new()
        .route("/v1/webhooks", get(webhooks::list::<D, F>).post(webhooks::create::<D, O>))
        .route(
            "/v1/webhooks/{id}",
            get(webhooks::read::<D>)
                .put(webhooks::replace::<D>)
                .patch(webhooks::patch::<D>)
                .delete(webhooks::delete::<D>),
        )
        .route("/v1/webhooks/preview", post(preview::preview::<D>))
        .route("/v1/webhooks/{id}/test", post(trial::send::<D, O>))
        .route("/v1/webhooks/{id}/rotate-secret", post(rotation::rotate::<D>))
        .route("/v1/subscriptions", get(subscriptions::list::<D>).post(subscriptions::create::<D>))
        .route(
            "/v1/subscriptions/{id}",
            get(subscriptions::read::<D>).delete(subscriptions::delete::<D>),
        )
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(Extension(figures))
        .layer(Extension(client))
        .layer(Extension(policy))
        .layer(Extension(max_trial_timeout))
        .layer(middleware::from_fn(with_request_id))
        .with_state(store)
}

#[cfg(test)]
mod tests;
