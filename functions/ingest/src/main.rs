//! `POST /v1/reports`: checks reports, derives their ids, and answers once SQS has stored them.
//! Depends only on SQS; in DynamoDB it looks up named webhooks and takes permits for accounts with
//! a quota, and goes on if these calls fail.

mod answer;
mod handler;
mod hint;
mod pack;
mod quota;
mod request;

use std::sync::Arc;

use callhook::aws::dynamodb::ConfigTable;
use callhook::aws::sqs::SqsQueue;
use callhook::aws::{client, dynamodb, sqs};
use callhook::domain::quota::{DeliveriesPerSecond, ReportsPerSecond};
use callhook::http_api::serve_with_metrics;
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::runtime::ttl_cache::TtlCache;
use callhook::runtime::{config, telemetry};
use lambda_http::{Error, Request, service_fn};

use crate::handler::Ingest;
use crate::quota::{DefaultQuotas, ReportGate};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = client::from_env()?;
    let table =
        ConfigTable::new(dynamodb::no_retry_client(&aws), config::required("CONFIG_TABLE")?);
    let rate = |name| config::parsed_or(name, 0);
    let default_quotas = DefaultQuotas {
        reports: ReportsPerSecond::default_of(rate("DEFAULT_REPORTS_PER_SECOND")?)?,
        deliveries: DeliveriesPerSecond::default_of(rate("DEFAULT_DELIVERIES_PER_SECOND")?)?,
    };
    let metrics = Metrics::from_env()?;
    let ingest = Arc::new(Ingest {
        targets: table.clone(),
        gate: ReportGate::new(table, default_quotas),
        queue: SqsQueue::new(sqs::client(&aws), config::required("REPORTS_QUEUE_URL")?),
        existing_webhooks: TtlCache::default(),
        metrics: metrics.clone(),
    });
    let handler = service_fn(move |request: Request| {
        let ingest = Arc::clone(&ingest);
        async move { Ok::<_, Error>(ingest.handle(request).await) }
    });
    serve_with_metrics(handler, metrics).await
}
