//! API for customers: reports and their deliveries, resends, replays, erasures and figures.

mod app;
mod deliveries;
mod erasure;
mod queueing;
mod replays;
mod reports;
mod resend;
mod search;
mod state;
mod stats;
mod view;
mod webhooks;
mod zone;

use std::sync::Arc;
use std::time::Duration;

use callhook::aws::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::aws::sqs::{self, SqsQueue};
use callhook::aws::{client, dynamodb};
use callhook::domain::erasure::QuiescePeriod;
use callhook::http_api::serve;
use callhook::runtime::{config, telemetry};
use lambda_http::Error;

use crate::app::Queues;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = client::from_env()?;
    let client = dynamodb::client(&aws);
    let log = DeliveriesTable::new(client.clone(), config::required("DELIVERIES_TABLE")?);
    let config_table = ConfigTable::new(client, config::required("CONFIG_TABLE")?);
    let sqs = sqs::client(&aws);
    let queue =
        |url| Ok::<_, config::ConfigError>(SqsQueue::new(sqs.clone(), config::required(url)?));
    let queues = Queues {
        retries: Arc::new(queue("RETRIES_QUEUE_URL")?),
        replays: Arc::new(queue("REPLAYS_QUEUE_URL")?),
        erasures: Arc::new(queue("ERASURES_QUEUE_URL")?),
    };
    let seconds = |name| Ok::<_, Error>(Duration::from_secs(config::parsed_or(name, 900)?));
    let quiesce_period = QuiescePeriod {
        deliver_timeout: seconds("DELIVER_TIMEOUT_SECONDS")?,
        config_cache: seconds("CONFIG_CACHE_SECONDS")?,
    };
    serve(app::router(Arc::new(config_table), Arc::new(log), queues, quiesce_period)).await
}
