//! API of the clients: what became of their reports, sending them again, figures.

mod app;
mod deliveries;
mod reports;
mod resend;
mod stats;
mod view;
mod webhooks;

use std::sync::Arc;

use callhook::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::sqs::{self, SqsQueue};
use callhook::{aws, config, dynamodb, telemetry};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = aws::from_env()?;
    let client = dynamodb::client(&aws);
    let log = DeliveriesTable::new(client.clone(), config::required("DELIVERIES_TABLE")?);
    let config_table = ConfigTable::new(client, config::required("CONFIG_TABLE")?);
    let retries = SqsQueue::new(sqs::client(&aws), config::required("RETRIES_QUEUE_URL")?);
    let router = app::router(Arc::new(config_table), Arc::new(log), Arc::new(retries));
    lambda_http::run(router).await
}
