//! API of the clients: webhooks and subscriptions, previews and trial requests.

mod app;
mod etag;
mod preview;
mod rotation;
mod sample;
mod subscriptions;
mod trial;
mod verification;
mod webhooks;

use std::sync::Arc;

use callhook::dynamodb::ConfigTable;
use callhook::outbound::HttpClient;
use callhook::{aws, config, dynamodb, telemetry};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let client = dynamodb::client(&aws::from_env()?);
    let table = ConfigTable::new(client, config::required("CONFIG_TABLE")?);
    lambda_http::run(app::router(Arc::new(table), Arc::new(HttpClient::new()?))).await
}
