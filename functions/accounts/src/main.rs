//! API of the platform: accounts and API keys. Every route needs the scope `platform`.

mod accounts;
mod app;
mod keys;

use std::sync::Arc;

use callhook::dynamodb::ConfigTable;
use callhook::http_api::serve;
use callhook::{aws, config, dynamodb, telemetry};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let client = dynamodb::client(&aws::from_env()?);
    let table = ConfigTable::new(client, config::required("CONFIG_TABLE")?);
    serve(app::router(Arc::new(table))).await
}
