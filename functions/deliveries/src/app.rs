//! The routes.

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use callhook::domain::erasure::QuiescePeriod;
use callhook::http_api::{method_not_allowed, not_found, with_request_id};
use callhook::ports::queue::MessageQueue;

use crate::erasure::{self, Erasures};
use crate::replays::{self, Replays};
use crate::state::{Config, Log};
use crate::{deliveries, reports, resend, search, stats};

/// The queues of the work that other functions do.
pub(crate) struct Queues<Q> {
    /// Resends, for deliver.
    pub(crate) retries: Arc<Q>,
    /// Jobs, for replay.
    pub(crate) replays: Arc<Q>,
    /// Erasures of reports, for eraser.
    pub(crate) erasures: Arc<Q>,
}

/// All routes of the function.
pub(crate) fn router<C: Config, L: Log, Q: MessageQueue>(
    config: Arc<C>,
    log: Arc<L>,
    queues: Queues<Q>,
    quiesce_period: QuiescePeriod,
) -> Router {
    let erasures = Erasures {
        log: Arc::clone(&log),
        queue: queues.erasures,
        quiesced_after: quiesce_period.of_reports(),
    };
    let replays = Replays { jobs: Arc::clone(&log), queue: queues.replays };
    Router::new()
        .route("/v1/reports", get(search::list::<C, L>))
        .route("/v1/reports/{id}", get(reports::read::<C, L>))
        .route("/v1/deliveries", get(deliveries::undelivered::<C, L>))
        .route("/v1/deliveries/{id}", get(deliveries::read::<L>))
        .route("/v1/deliveries/{id}/resend", post(resend::resend::<C, L, Q>))
        .route("/v1/webhooks/{id}/deliveries", get(deliveries::list::<C, L>))
        .route("/v1/webhooks/{id}/stats", get(stats::read::<C, L>))
        .route("/v1/stats", get(stats::read_of_account::<C, L>))
        .merge(erasure::routes(erasures))
        .merge(replays::routes(replays))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(Extension(log))
        .layer(Extension(queues.retries))
        .layer(middleware::from_fn(with_request_id))
        .with_state(config)
}

#[cfg(test)]
mod tests;
