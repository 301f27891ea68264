//! `GET /v1/webhooks/{id}/stats` and `GET /v1/stats`: hourly figures for charts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::stats::{Hour, HourlyCounts, Hours};
use callhook::http_api::{
    ActingAccount, DeliveriesRead, NarrowableAccount, Parameters, Problem, json_reply,
};
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::state::{Config, Log};
use crate::{webhooks, zone};

/// The query parameters of the routes.
pub(crate) struct StatsParameters;

impl Parameters for StatsParameters {
    const NAMES: &'static [&'static str] = &["from", "to"];
}

pub(crate) async fn read<C: Config, L: Log>(
    account: NarrowableAccount<DeliveriesRead, StatsParameters>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let permitted = account.webhook(&id)?;
    let hours = requested_hours(&*config, permitted.account(), &account.query).await?;
    let webhook = webhooks::existing(&*config, permitted).await?;
    Ok(shown(hours, &log.webhook_counts(webhook, hours).await?))
}

/// The figures of all webhooks of the account, deleted ones as well.
pub(crate) async fn read_of_account<C: Config, L: Log>(
    account: ActingAccount<DeliveriesRead, StatsParameters>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
) -> Result<Response, Problem> {
    let hours = requested_hours(&*config, &account.id, &account.query).await?;
    Ok(shown(hours, &log.account_counts(&account.id, hours).await?))
}

async fn requested_hours<C: Config>(
    config: &C,
    account: &AccountId,
    query: &HashMap<String, String>,
) -> Result<Hours, Problem> {
    let zone = zone::for_query(config, account, query).await?;
    let hours = Hours::from_query(query, zone.zone(), Timestamp::now());
    hours.map_err(Problem::invalid_parameters)
}

fn shown(hours: Hours, counted: &BTreeMap<Hour, HourlyCounts>) -> Response {
    // A chart needs the hours without deliveries as well.
    let counts = |hour| counted.get(&hour).copied().unwrap_or_default();
    let data: Vec<_> = hours.iter().map(|hour| HourView::new(hour, &counts(hour))).collect();
    json_reply(StatusCode::OK, &json!({ "data": data }))
}

#[derive(Serialize)]
struct HourView {
    hour: Timestamp,
    delivered: u64,
    failed: u64,
    skipped: u64,
    attempts: u64,
    failed_attempts: u64,
    latency_ms: LatencyView,
}

#[derive(Serialize)]
struct LatencyView {
    buckets: Vec<BucketView>,
    p50: Option<u64>,
    p95: Option<u64>,
}

#[derive(Serialize)]
struct BucketView {
    le: Option<u64>,
    count: u64,
}

impl HourView {
    fn new(hour: Hour, counts: &HourlyCounts) -> Self {
        let buckets = counts.latency.classes().map(|(le, count)| BucketView { le, count });
        Self {
            hour: hour.start(),
            delivered: counts.delivered,
            failed: counts.failed,
            skipped: counts.skipped,
            attempts: counts.attempts,
            failed_attempts: counts.failed_attempts,
            latency_ms: LatencyView {
                buckets: buckets.collect(),
                p50: counts.latency.percentile(0.5),
                p95: counts.latency.percentile(0.95),
            },
        }
    }
}
