//! API for the platform: accounts and API keys. Every route needs the scope `platform`, except `GET /v1/key`, which
//! describes the calling key.

mod accounts;
mod app;
mod calling_key;
mod console_links;
mod erasure;
mod keys;
mod revocation;
mod state;

use std::sync::Arc;

use callhook::aws::dynamodb::ConfigTable;
use callhook::aws::sqs::{self, SqsQueue};
use callhook::aws::{client, dynamodb};
use callhook::domain::api_key::KeyLifetime;
use callhook::http_api::serve;
use callhook::runtime::{config, telemetry};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = client::from_env()?;
    let client = dynamodb::client(&aws);
    let table = ConfigTable::new(client, config::required("CONFIG_TABLE")?);
    let erasures = SqsQueue::new(sqs::client(&aws), config::required("ERASURES_QUEUE_URL")?);
    let lifetime = config::parsed_or("MAX_KEY_DAYS", KeyLifetime::default())?;
    let public_url = config::parsed("PUBLIC_URL")?;
    serve(app::router(Arc::new(table), Arc::new(erasures), lifetime, public_url)).await
}
